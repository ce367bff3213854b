import { App, CfnResource, Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import {
  ConsumptionConfiguration, Entitlement, EntitlementUnit, HostLicenses, HostResourceGroup, InstanceMatch, License, LicenseAssetGroup,
  LicenseAssetRule, LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, LicenseTenancy, LicenseValidity,
  mixins, ProductInformation, RdsDb2EngineEdition, RdsOracleEngineEdition, RdsOracleLicensePack, RenewType, ReportFrequency, ReportGenerator,
  UsageReport,
} from '../../../src';
import { copied } from '../../../src/private/validation/copy';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

test('lists, dates and objects that name values are copied, at all depths', () => {
  const date = new Date('2026-01-01T00:00:00Z');
  const given = { list: [{ key: 'a' }], date, nothing: undefined, text: 'x' };
  const copy = copied(given);
  given.list[0].key = 'b';
  given.list.push({ key: 'c' });
  date.setFullYear(2030);
  expect(copy).toEqual({ list: [{ key: 'a' }], date: new Date('2026-01-01T00:00:00Z'), nothing: undefined, text: 'x' });
  expect(copied([date])[0]).not.toBe(date);
  expect(copied(date)).toEqual(date);
  expect(copied(date)).not.toBe(date);
});

test('what is of a class, a token, and what is no object stay what they are', () => {
  const resource = new CfnResource(stack, 'It', { type: 'A::B::C' });
  const resolvable = { creationStack: [], resolve: () => 'x' };
  const duration = Duration.days(1);
  expect(copied({ resource, list: [resource], duration, resolvable })).toEqual({ resource, list: [resource], duration, resolvable });
  expect(copied({ resource }).resource).toBe(resource);
  expect(copied({ resolvable }).resolvable).toBe(resolvable);
  expect(copied(resolvable)).toBe(resolvable);
  for (const value of [undefined, null, 'x', 1, true]) {
    expect(copied(value)).toBe(value);
  }
  expect(Token.isUnresolved(copied({ list: Fn.split(',', Fn.ref('List')) }).list)).toBe(true);
});

test('of an object of a class, the properties that it has by its class are there', () => {
  class Rules {
    public minimumVcpus = 2;
    public get maximumVcpus() {
      return this.minimumVcpus * 2;
    }
  }
  const given = new Rules();
  const copy = copied(given);
  given.minimumVcpus = 99;
  expect([copy.minimumVcpus, copy.maximumVcpus]).toEqual([2, 4]);
});

const license = (id: string) => LicenseConfiguration.fromLicenseConfigurationArn(stack, id, `arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-${id}`);
const issued = (more: object) => new License(stack, 'It', {
  productName: 'a',
  productSku: 'a',
  issuerName: 'a',
  beneficiary: 'a',
  validity: LicenseValidity.iso8601('2026-01-01T00:00:00Z', '2036-01-01T00:00:00Z'),
  entitlements: [Entitlement.unlimited('a')],
  consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
  ...more,
});
const counting = (licenseCounting: LicenseCounting) => new LicenseConfiguration(stack, 'It', { licenseCounting });
const tracking = (product: ProductInformation) => new LicenseConfiguration(stack, 'It', { licenseCounting: LicenseCounting.vcpus(), productInformation: [product] });
const reporting = (report: UsageReport) => new ReportGenerator(stack, 'It', { report });
const asset = () => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'Assets', 'arn:aws:license-manager:us-east-1:111122223333:license-asset-group:lag-1');

/** A factory: what it is given, how it is called, what is done to that afterwards, and who takes what it makes. */
type Factory = [name: string, given: () => any, make: (given: any) => any, change: (given: any) => void, take: (made: any) => unknown];

test.each<Factory>([
  ['LicenseCounting.vcpus', () => ({ minimumVcpus: 2, allowedTenancy: [LicenseTenancy.DEFAULT] }), LicenseCounting.vcpus, it => {
    it.minimumVcpus = 99;
    it.allowedTenancy.push(LicenseTenancy.DEDICATED_HOST);
  }, counting],
  ['LicenseCounting.cores', () => ({ minimumCores: 2 }), LicenseCounting.cores, it => { it.minimumCores = 99; }, counting],
  ['LicenseCounting.sockets', () => ({ minimumSockets: 2 }), LicenseCounting.sockets, it => { it.minimumSockets = 99; }, counting],
  ['LicenseCounting.instances', () => ({ minimumVcpus: 2 }), LicenseCounting.instances, it => { it.minimumVcpus = 99; }, counting],
  ['ProductInformation.ssmManaged', () => ({ platformType: 'Linux', excludedAccounts: ['111122223333'], excludedTags: [{ key: 'a' }] }), ProductInformation.ssmManaged, it => {
    it.platformType = 'Windows';
    it.excludedAccounts.push('444455556666');
    it.excludedTags[0].key = 'b';
  }, tracking],
  ['ProductInformation.rdsOracle', () => ({ engineEdition: RdsOracleEngineEdition.EE, licensePacks: [RdsOracleLicensePack.OLAP] }), ProductInformation.rdsOracle, it => {
    it.engineEdition = RdsOracleEngineEdition.SE;
    it.licensePacks.push(RdsOracleLicensePack.LABEL_SECURITY);
  }, tracking],
  ['ProductInformation.rdsDb2', () => ({ engineEdition: RdsDb2EngineEdition.of('db2-se') }), ProductInformation.rdsDb2, it => {
    it.engineEdition = RdsDb2EngineEdition.of('db2-ae');
  }, tracking],
  ['Entitlement.counted', () => ({ maxCount: 1, unit: EntitlementUnit.COUNT }), it => Entitlement.counted('a', it), it => { it.maxCount = 99; },
    made => issued({ entitlements: [made] })],
  ['Entitlement.unlimited', () => ({ value: 'a' }), it => Entitlement.unlimited('a', it), it => { it.value = 'b'; }, made => issued({ entitlements: [made] })],
  ['ConsumptionConfiguration.borrow', () => ({ maxTimeToLive: Duration.hours(1), renewType: RenewType.NONE, allowEarlyCheckIn: true }), ConsumptionConfiguration.borrow, it => {
    it.maxTimeToLive = Duration.hours(2);
    it.allowEarlyCheckIn = false;
  }, made => issued({ consumptionConfiguration: made })],
  ['LicenseValidity.between', () => [new Date('2026-01-01T00:00:00Z'), new Date('2036-01-01T00:00:00Z')], ([begin, end]) => LicenseValidity.between(begin, end),
    ([begin, end]) => [begin, end].forEach(date => date.setFullYear(2099)), made => issued({ validity: made })],
  ['LicenseValidity.perpetual', () => new Date('2026-01-01T00:00:00Z'), LicenseValidity.perpetual, date => date.setFullYear(2099), made => issued({ validity: made })],
  ['UsageReport.licenseConfigurations', () => ({
    licenseConfigurations: [license('a')], types: [LicenseConfigurationReportType.SUMMARY], frequency: ReportFrequency.DAILY,
  }), UsageReport.licenseConfigurations, it => {
    it.licenseConfigurations.push(license('b'));
    it.types.push(LicenseConfigurationReportType.USAGE);
    it.frequency = ReportFrequency.WEEKLY;
  }, reporting],
  ['UsageReport.licenseAssetGroups', () => ({ licenseAssetGroups: [asset()], start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-02-01T00:00:00Z') }),
    UsageReport.licenseAssetGroups, it => {
      it.licenseAssetGroups.pop();
      it.start.setFullYear(2025);
    }, reporting],
  ['HostLicenses.only', () => [license('a')], HostLicenses.only, it => it.push(license('b')), licenses => new HostResourceGroup(stack, 'It', { licenses })],
  ['LicenseAssetRule.instancesMatchingAll', () => [InstanceMatch.amiId(['ami-01234567'])], LicenseAssetRule.instancesMatchingAll,
    it => it.push(InstanceMatch.hostId(['h-01234567'])), rule => new LicenseAssetRuleSet(stack, 'It', { rules: [rule] })],
  ['InstanceMatch.amiId', () => ['ami-01234567'], InstanceMatch.amiId, it => it.push('ami-89abcdef'),
    match => new LicenseAssetRuleSet(stack, 'It', { rules: [LicenseAssetRule.instances(match)] })],
  ['mixins.InstanceLicenses', () => [license('a')], it => new mixins.InstanceLicenses(it), it => it.push(license('b')), mixin =>
    new CfnResource(stack, 'Any', { type: 'A::B::C' }) && mixin],
])('%s: what is done afterwards to what was given changes nothing', (_, given, make, change, take) => {
  const rendered = (isChanged: boolean) => {
    stack = new Stack(new App(), 'Stack');
    const it = given();
    const made = make(it);
    if (isChanged) {
      change(it);
    }
    take(made);
    const resource = stack.node.tryFindChild('It')?.node.defaultChild as CfnResource | undefined;
    return resource ? stack.resolve(resource._toCloudFormation()) : (made as { licenses: unknown[] }).licenses.length;
  };
  expect(rendered(true)).toEqual(rendered(false));
});
