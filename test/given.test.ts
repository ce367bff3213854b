/*
 * What refusals of missing and wrong values say, one of each kind. That there is one for each place, `wrong-values.test.ts` sees to.
 */
import { App, CfnParameter, Duration, Fn, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { AccountRootPrincipal } from 'aws-cdk-lib/aws-iam';
import * as library from '../src';

const {
  ConsumptionConfiguration, Ec2BillingProduct, Entitlement, GrantedLicenseStatus, Grant, GrantPrincipal, HostLicenses, HostResourceGroup,
  IncludedLicense, InstanceMatch, InstancePlatform, License, LicenseAssetGroup, LicenseAssetRule, LicenseAssetRuleSet, LicenseConfiguration,
  LicenseConfigurationAssociation, LicenseConfigurationMatch, LicenseCounting, LicensedResource, LicenseMatch, LicenseServerCredentials,
  LicenseShare, LicenseValidity, LicensingModel, mixins, ProductInformation, RdsDb2EngineEdition, RdsOracleEngineEdition, RdsOracleLicensePack,
  ReportGenerator, RhsmSecret, SharePrincipal, UsageDimension,
} = library;

const LICENSE = `arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-${'0'.repeat(32)}`;

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const imported = () => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', LICENSE);
const license = (props: any) => new LicenseConfiguration(stack, 'It', { licenseCounting: LicenseCounting.vcpus(), ...props });
const product = (...productInformation: any[]) => license({ productInformation });
const issue = (more: any) => new License(stack, 'It', {
  productName: 'a',
  productSku: 'a',
  issuerName: 'a',
  beneficiary: 'a',
  validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
  entitlements: [Entitlement.unlimited('a')],
  consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
  ...more,
});
const share = (props: any) => new LicenseShare(stack, 'It', props);
const grant = (principal: any) => new Grant(stack, 'It', { license: License.fromLicenseArn(stack, 'License', 'arn:aws:license-manager::1:license:l-1'), principal });
const rules = (...list: any[]) => new LicenseAssetRuleSet(stack, 'It', { rules: list });
const counted = (licenseCounting: any) => license({ licenseCounting });

describe('a number', () => {
  const MESSAGE = 'it has to be a number. Write it as a number.';

  test.each<[string, () => unknown]>([
    ['licenseCount', () => license({ licenseCount: '64' })],
    ['minimumVcpus', () => counted(LicenseCounting.vcpus({ minimumVcpus: '64' as any }))],
    ['maximumVcpus', () => counted(LicenseCounting.vcpus({ maximumVcpus: '64' as any }))],
    ['minimumCores', () => counted(LicenseCounting.cores({ minimumCores: '64' as any }))],
    ['maximumCores', () => counted(LicenseCounting.cores({ maximumCores: '64' as any }))],
    ['minimumSockets', () => counted(LicenseCounting.sockets({ minimumSockets: '64' as any }))],
    ['maximumSockets', () => counted(LicenseCounting.sockets({ maximumSockets: '64' as any }))],
    ['maxCount of entitlement \'Seats\'', () => issue({ entitlements: [Entitlement.counted('Seats', { maxCount: '64' as any })] })],
    ['thresholdPercent of alarm \'Alarm\'', () => license({ licenseCount: 9 }).addUsageAlarm('Alarm', { thresholdPercent: '64' as any })],
    ['evaluationPeriods of alarm \'Alarm\'', () => license({ licenseCount: 9 }).addUsageAlarm('Alarm', { thresholdPercent: 9, evaluationPeriods: '64' as any })],
  ])('that is a text, as files and contexts have it, is called one: %s', (property, make) => {
    expect(make).toThrow(`Stack/It: ${property} is the text '64': ${MESSAGE}`);
  });

  test('that is a token is taken', () => {
    expect(() => license({ licenseCount: Token.asNumber({ Ref: 'Count' }) })).not.toThrow();
  });
});

test.each<[string, any, string]>([
  ['Fraction', 64.5, '64.5'], ['Negative', -1, '-1'],
])('a number that is none of its range is no text: %s', (id, licenseCount, shown) => {
  expect(() => new LicenseConfiguration(stack, id, { licenseCounting: LicenseCounting.vcpus(), licenseCount })).toThrow(`licenseCount is ${shown}: it has to be a whole`);
});

describe('a time', () => {
  test.each<[string, () => unknown]>([
    ['licenseAffinityToHost', () => counted(LicenseCounting.cores({ licenseAffinityToHost: 90 as any }))],
    ['maxTimeToLive', () => issue({ consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: 90 as any }) })],
    ['maxTimeToLive', () => issue({ consumptionConfiguration: ConsumptionConfiguration.borrow({ maxTimeToLive: 90 as any }) })],
    ['borrowMaxTimeToLive', () => issue({
      consumptionConfiguration: ConsumptionConfiguration.provisionalAndBorrow({
        provisionalMaxTimeToLive: Duration.hours(1), borrowMaxTimeToLive: 90 as any,
      }),
    })],
  ])('is no number: %s', (property, make) => {
    expect(make).toThrow(`Stack/It: ${property} is 90: it has to be of the class Duration. Use what Duration has.`);
  });

  test('of a metric is none either', () => {
    expect(() => license({}).metrics.usageCount({ period: 300 as any }))
      .toThrow('Stack/It: period of the metric is 300: it has to be of the class Duration. Use what Duration has.');
  });
});

describe('a secret is no text, and is shown to nobody', () => {
  test.each<[string, (value: any) => unknown]>([
    ['offlineToken', offlineToken => new RhsmSecret(stack, 'It', { offlineToken })],
    ['password', password => new LicenseServerCredentials(stack, 'It', { password })],
  ])('%s', (property, make) => {
    for (const value of ['hunter2', { toString: () => 'hunter2' }]) {
      let message = '';
      try {
        make(value);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toBe(`Stack/It: ${property} is ${typeof value === 'string' ? 'a text' : 'an object'}, which is not shown: it has to be a SecretValue. Use a secret ` +
        '(SecretValue.secretsManager) or a parameter of the stack with NoEcho (SecretValue.cfnParameter), or leave it out.');
    }
    expect(() => make(SecretValue.secretsManager('token'))).not.toThrow();
  });
});

test.each<[string, string, () => unknown]>([
  ['Stack/It: licenseConfigurations[0]', 'a self-managed license', () => share({ licenseConfigurations: [LICENSE] })],
  ['Stack/It: licenseConfiguration', 'a self-managed license', () => share({}).addLicenseConfiguration(LICENSE as any)],
  ['Stack/It: rules[0]: the list of LicenseConfigurationMatch.licenseConfiguration()[0]', 'a self-managed license',
    () => rules(LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([LICENSE as any])))],
  ['LicenseConfigurationGrants.fromLicenseConfiguration(): licenseConfiguration', 'a self-managed license',
    () => library.LicenseConfigurationGrants.fromLicenseConfiguration(LICENSE as any)],
])('%s is no ARN', (who, what, make) => {
  expect(make).toThrow(`${who} is the text 'arn:aws:license-manager:us-east-1:111122223333:license-confi…': it has to be ${what}. Use a construct, or import one.`);
});

test.each<[string, string, () => unknown]>([
  ['SharePrincipal', 'an account id', () => share({ principals: [SharePrincipal.fromAccountId(12345 as any)] })],
  ['GrantPrincipal', 'an account id', () => grant(GrantPrincipal.fromAccountId(12345 as any))],
  ['InstanceMatch', 'rules[0]: the list of InstanceMatch.accountId()[0]', () => rules(LicenseAssetRule.instances(InstanceMatch.accountId([12345 as any])))],
  ['ProductInformation', 'excludedAccounts[0]', () => product(ProductInformation.ssmManaged({ platformType: 'Linux', excludedAccounts: [12345 as any] }))],
])('the account id that %s is given is no number, which has no zeros before it', (_, what, make) => {
  expect(make).toThrow(`Stack/It: ${what} is 12345: it has to be a text. Write it as a text.`);
});

test.each<[string, (value: any) => unknown]>([
  ['licenseCountHardLimit', licenseCountHardLimit => license({ licenseCountHardLimit })],
  ['disassociateWhenNotFound', disassociateWhenNotFound => license({ disassociateWhenNotFound })],
  ['disassociateResourcesOnDelete', disassociateResourcesOnDelete => license({ disassociateResourcesOnDelete })],
  ['protectFromReplacement', protectFromReplacement => license({ protectFromReplacement })],
  ['allowExternalPrincipals', allowExternalPrincipals => share({ allowExternalPrincipals })],
  ['honorVcpuOptimization', honorVcpuOptimization => counted(LicenseCounting.vcpus({ honorVcpuOptimization }))],
  ['withoutTenancyRule', withoutTenancyRule => counted(LicenseCounting.cores({ withoutTenancyRule }))],
  ['allowCheckIn of entitlement \'a\'', allowCheckIn => issue({ entitlements: [Entitlement.unlimited('a', { allowCheckIn })] })],
  ['overage of entitlement \'a\'', overage => issue({ entitlements: [Entitlement.counted('a', { maxCount: 1, overage })] })],
  ['allowEarlyCheckIn', allowEarlyCheckIn => issue({
    consumptionConfiguration: ConsumptionConfiguration.borrow({ maxTimeToLive: Duration.hours(1), allowEarlyCheckIn }),
  })],
  ['autoAllocateHosts', autoAllocateHosts => new HostResourceGroup(stack, 'It', { licenses: HostLicenses.any(), autoAllocateHosts })],
])('%s is no text, which would be true', (property, make) => {
  expect(() => make('false')).toThrow(`Stack/It: ${property} is the text 'false': it has to be true or false. Correct it, or leave it out.`);
});

describe('an object of one class where there has to be one of another', () => {
  const VALUES: { readonly [type: string]: any } = {
    InstancePlatform: InstancePlatform.LINUX,
    Ec2BillingProduct: Ec2BillingProduct.RHEL,
    GrantedLicenseStatus: GrantedLicenseStatus.EXPIRED,
    IncludedLicense: IncludedLicense.SQL_SERVER_WEB,
    RdsOracleEngineEdition: RdsOracleEngineEdition.EE,
    RdsOracleLicensePack: RdsOracleLicensePack.OLAP,
    RdsDb2EngineEdition: RdsDb2EngineEdition.SE,
    UsageDimension: UsageDimension.VCPU,
    LicensingModel: LicensingModel.LICENSE_INCLUDED,
    AwsManagedRuleSet: library.AwsManagedRuleSet.UBUNTU_PRO,
    LicenseConfigurationMatch: LicenseConfigurationMatch.accountId(['111122223333']),
    LicenseMatch: LicenseMatch.issuer(['a']),
    InstanceMatch: InstanceMatch.accountId(['111122223333']),
    LicenseAssetRule: LicenseAssetRule.licenses(LicenseMatch.issuer(['a'])),
    LicenseCounting: LicenseCounting.vcpus(),
    ProductInformation: ProductInformation.ssmManaged({ platformType: 'Linux' }),
    SharePrincipal: SharePrincipal.fromAccountId('444455556666'),
    GrantPrincipal: GrantPrincipal.fromAccountId('444455556666'),
    LicenseValidity: LicenseValidity.perpetual(new Date(0)),
    Entitlement: Entitlement.unlimited('a'),
    ConsumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
    HostLicenses: HostLicenses.any(),
    UserSubscriptionProduct: library.UserSubscriptionProduct.OFFICE_STANDARD,
    UserDirectory: library.UserDirectory.awsManaged('d-0123456789'),
    DirectoryUser: library.DirectoryUser.of('jane'),
    UsageReport: library.UsageReport.licenseAssetGroups({ licenseAssetGroups: [], start: new Date(0), end: new Date(1e9) }),
  };
  const ruleSet = () => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'RuleSet', 'arn:aws:license-manager:us-east-1:111122223333:license-asset-ruleset:l-1');
  const assets = () => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'It', 'arn:aws:license-manager:us-east-1:111122223333:license-asset-group:l-1');
  const registering = (more: object, id = 'It') => new library.IdentityProvider(stack, id, {
    product: VALUES.UserSubscriptionProduct, directory: VALUES.UserDirectory, ...more,
  });
  const TAKERS: { readonly [type: string]: (value: any) => unknown } = {
    InstancePlatform: value => rules(LicenseAssetRule.instances(InstanceMatch.platform([value]))),
    Ec2BillingProduct: value => rules(LicenseAssetRule.instances(InstanceMatch.ec2BillingProduct([value]))),
    GrantedLicenseStatus: value => rules(LicenseAssetRule.licenses(LicenseMatch.licenseStatus([value]))),
    IncludedLicense: value => product(ProductInformation.ssmManaged({ licenseIncluded: value })),
    RdsOracleEngineEdition: value => product(ProductInformation.rdsOracle({ engineEdition: value })),
    RdsOracleLicensePack: value => product(ProductInformation.rdsOracle({ licensePacks: [value] })),
    RdsDb2EngineEdition: value => product(ProductInformation.rdsDb2({ engineEdition: value })),
    UsageDimension: value => new LicenseAssetGroup(stack, 'It', { ruleSets: [ruleSet()], usageDimension: value }),
    LicensingModel: value => assets().metrics.instanceCount({ licensingModel: value }),
    AwsManagedRuleSet: value => LicenseAssetRuleSet.fromAwsManaged(stack, 'It', value),
    LicenseConfigurationMatch: value => rules(LicenseAssetRule.licenseConfigurations(value)),
    LicenseMatch: value => rules(LicenseAssetRule.licensesMatchingAny([value])),
    InstanceMatch: value => rules(LicenseAssetRule.instancesMatchingAll([value])),
    LicenseAssetRule: value => rules(value),
    LicenseCounting: value => counted(value),
    ProductInformation: value => product(value),
    SharePrincipal: value => share({ principals: [value] }),
    GrantPrincipal: value => grant(value),
    LicenseValidity: validity => issue({ validity }),
    Entitlement: value => issue({ entitlements: [value] }),
    ConsumptionConfiguration: consumptionConfiguration => issue({ consumptionConfiguration }),
    HostLicenses: licenses => new HostResourceGroup(stack, 'It', { licenses }),
    UserSubscriptionProduct: value => registering({ product: value }),
    UserDirectory: value => registering({ directory: value }),
    DirectoryUser: value => new library.ProductSubscription(stack, 'It', { identityProvider: registering({}, 'Directory'), users: [value] }),
    UsageReport: report => new ReportGenerator(stack, 'It', { report }),
  };

  test('is refused by all that take one, whatever it is, and one of their own is taken', () => {
    expect(Object.keys(TAKERS)).toEqual(Object.keys(VALUES));
    for (const [type, make] of Object.entries(TAKERS)) {
      for (const [other, value] of [...Object.entries(VALUES), ['AccountRootPrincipal', new AccountRootPrincipal()]]) {
        stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
        if (other === type) {
          expect(() => make(value)).not.toThrow();
        } else {
          expect(() => make(value)).toThrow(new RegExp(`^Stack(/It)?: .* is an object of the class ${other}: it has to be of the class ${type}\\. Use `));
        }
      }
    }
  });
});

test.each<[string, () => unknown]>([
  ['IncludedLicense', () => product(ProductInformation.ssmManaged({ licenseIncluded: 'text' as any }))],
  ['UsageDimension', () => new LicenseAssetGroup(stack, 'It', { ruleSets: [], usageDimension: 'text' as any })],
])('the value of %s as a text is refused, with what to use', (type, make) => {
  expect(make).toThrow(`is the text 'text': it has to be of the class ${type}. Use one of its constants, or ${type}.of().`);
});

test.each<[string, (list: any) => unknown]>([
  ['Stack/It: ruleSets', list => new LicenseAssetGroup(stack, 'It', { ruleSets: list, usageDimension: UsageDimension.VCPU })],
  ['Stack/It: rules', list => new LicenseAssetRuleSet(stack, 'It', { rules: list })],
  ['Stack/It: the list of HostLicenses.only()', list => new HostResourceGroup(stack, 'It', { licenses: HostLicenses.only(list) })],
  ['Stack/It: allowedHostFamilies', list => new HostResourceGroup(stack, 'It', { licenses: HostLicenses.any(), allowedHostFamilies: list })],
  ['Stack/It: allowedTenancy', list => counted(LicenseCounting.vcpus({ allowedTenancy: list }))],
  ['mixins.InstanceLicenses: licenses', list => new mixins.InstanceLicenses(list)],
])('%s has to be a list', (name, make) => {
  for (const [single, shown] of [['m5', 'the text \'m5\''], [{}, 'an object']]) {
    expect(() => make(single)).toThrow(`${name} is ${shown}: it has to be a list. Write it as a list, even of one.`);
    stack.node.tryRemoveChild('It');
  }
});

test.each<[string, string, (value: any) => unknown]>([
  ...Object.entries(mixins).filter(([name]) => name.endsWith('Licenses')).flatMap(([name, Mixin]: [string, any]): [string, string, (value: any) => unknown][] => [
    [`mixins.${name}`, 'licenses', value => new Mixin(value)],
    [`mixins.${name}`, 'licenses[1]', value => new Mixin([imported(), value])],
  ]),
  ...Object.entries(mixins).filter(([name]) => name.endsWith('HostPlacement')).map(([name, Mixin]: [string, any]): [string, string, (value: any) => unknown] =>
    [`mixins.${name}`, 'group', value => new Mixin(value)]),
  ['Stack/It', 'licenseConfiguration', value => new LicenseConfigurationAssociation(stack, 'It', {
    licenseConfiguration: value, resource: LicensedResource.fromInstanceId('i-01234567'),
  })],
  ['Stack/It', 'resource', value => new LicenseConfigurationAssociation(stack, 'It', { licenseConfiguration: imported(), resource: value })],
  ...([
    ['fromMachineImageId', 'AMI'], ['fromMachineImageArn', 'AMI'], ['fromMachineImage', 'AMI'], ['fromInstanceId', 'EC2 instance'],
    ['fromInstanceArn', 'EC2 instance'], ['fromInstance', 'EC2 instance'], ['fromHostId', 'EC2 Dedicated Host'],
    ['fromHostArn', 'EC2 Dedicated Host'], ['fromHost', 'EC2 Dedicated Host'],
  ] as const).map(([method, what]): [string, string, (value: any) => unknown] => ['Stack/It', `the ${what} of a LicensedResource`,
    value => new LicenseConfigurationAssociation(stack, 'It', { licenseConfiguration: imported(), resource: LicensedResource[method](value) })]),
])('%s needs %s', (who, property, make) => {
  for (const value of [undefined, null]) {
    const why = property.endsWith(']') ? 'a list has no gaps. Set it, or take it out of the list.' : 'there is no default for it. Set it.';
    expect(() => make(value)).toThrow(`${who}: ${property} is missing: ${why}`);
    ['It', 'Imported'].forEach(id => stack.node.tryRemoveChild(id));
  }
});

describe('what is taken out of a list that is not known yet', () => {
  const IS_LIST = 'is the placeholder of a list that is not known at synthesis, such as a parameter, and none of its members. Take a member by Fn.select(), or pass the ' +
    'list as it is where a list is taken.';
  const list = () => new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' }).valueAsList;

  test.each<[string, string, (member: any) => unknown]>([
    ['a name', 'licenseConfigurationName', licenseConfigurationName => license({ licenseConfigurationName })],
    ['a description', 'description', description => license({ description })],
    ['an account', 'an account id', member => new LicenseShare(stack, 'It', { principals: [library.SharePrincipal.fromAccountId(member)] })],
    ['an AMI', 'the AMI of a LicensedResource', member => license({}).addAssociation('Image', { resource: LicensedResource.fromMachineImageId(member) })],
    ['an ARN', 'licenseConfigurationArn of \'Imported\'', member => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', member)],
    ['a value of a set', 'status', status => license({ status })],
    ['a value of a class', 'licenseIncluded', member => license({
      productInformation: [ProductInformation.ssmManaged({ licenseIncluded: IncludedLicense.of(member) })],
    })],
    ['a removal policy', 'removalPolicy', removalPolicy => license({ removalPolicy })],
    ['a member of a list', 'excludedAccounts[1]', member => license({
      productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux', excludedAccounts: ['111122223333', member] })],
    })],
  ])('is refused as %s, and never shown', (_, property, make) => {
    for (const member of list()) {
      expect(() => make(member)).toThrow(`${property} ${IS_LIST}`);
    }
  });

  test('is taken as a whole, and by Fn.select()', () => {
    const excludedAccounts = list();
    license({
      licenseConfigurationName: Fn.select(0, excludedAccounts),
      productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux', excludedAccounts })],
    });
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });
});

test.each<[string, () => unknown]>([
  ['a license', () => new mixins.InstanceLicenses([{ licenseConfigurationRef: {} } as any])],
  ['a license of a share', () => new LicenseShare(stack, 'It', { licenseConfigurations: [{ licenseConfigurationRef: { licenseConfigurationArn: undefined } } as any] })],
])('a reference of somebody else to %s that names nothing is refused', (_, make) => {
  expect(make).toThrow('it has to be a self-managed license.');
});
