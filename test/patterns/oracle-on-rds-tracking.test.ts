import { App, CfnParameter, Expiration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  LicenseManagerTopic, patterns, RdsOracleEngineEdition, RdsOracleLicensePack, ReportFrequency, ServiceLinkedRole, ServiceSettings,
} from '../../src';

const LICENSE = 'AWS::LicenseManager::LicenseConfiguration';
const ALARM = 'AWS::CloudWatch::Alarm';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const track = (licenses: { [id: string]: patterns.OracleOnRdsLicense }, more: object = {}) => new patterns.OracleOnRdsTracking(stack, 'Oracle', { licenses, ...more });
const counts = () => Object.values<any>(Template.fromStack(stack).findResources(LICENSE)).map(({ Properties }) => Properties.LicenseCount);
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

test('each product has a license that is counted by vCPU, without rules and a hard limit, and finds its databases', () => {
  const { licenses } = track({
    Enterprise: { engineEdition: RdsOracleEngineEdition.EE },
    Packs: { licensePacks: [RdsOracleLicensePack.DIAGNOSTIC_PACK_SQLT, RdsOracleLicensePack.TUNING_PACK_SQLT] },
  });
  const template = Template.fromStack(stack);
  const product = (name: string, values: string[]) => ({
    LicenseCountingType: 'vCPU',
    LicenseCount: Match.absent(),
    LicenseCountHardLimit: false,
    LicenseRules: Match.absent(),
    ProductInformationList: [{
      ResourceType: 'RDS',
      ProductInformationFilterList: [{
        ProductInformationFilterName: name, ProductInformationFilterComparator: 'EQUALS', ProductInformationFilterValue: values,
      }],
    }],
  });

  expect(Object.keys(licenses)).toEqual(['Enterprise', 'Packs']);
  template.resourceCountIs(LICENSE, 2);
  template.hasResourceProperties(LICENSE, product('Engine Edition', ['oracle-ee']));
  template.hasResourceProperties(LICENSE, product('License Pack', ['diagnostic pack sqlt', 'tuning pack sqlt']));
  template.resourceCountIs('Custom::LicenseManagerServiceLinkedRole', 1);
  template.resourceCountIs(ALARM, 0);
});

test.each<[string, patterns.OracleOnRdsLicense, number]>([
  ['Enterprise Edition', { engineEdition: RdsOracleEngineEdition.EE }, 20],
  ['Enterprise Edition, on cores with one thread', { engineEdition: RdsOracleEngineEdition.EE, threadsPerCore: 1 }, 10],
  ['Standard Edition 2', { engineEdition: RdsOracleEngineEdition.SE2 }, 40],
  ['Standard Edition 2, on cores with one thread', { engineEdition: RdsOracleEngineEdition.SE2, threadsPerCore: 1 }, 40],
  ['Standard Edition One', { engineEdition: RdsOracleEngineEdition.SE1 }, 40],
  ['Standard Edition', { engineEdition: RdsOracleEngineEdition.SE }, 40],
  ['one that somebody has written', { engineEdition: RdsOracleEngineEdition.of('oracle-se2') }, 40],
  ['one that is not known', { engineEdition: RdsOracleEngineEdition.of('oracle-new') }, 20],
  ['a pack', { licensePacks: [RdsOracleLicensePack.OLAP] }, 20],
])('ten processor licenses cover as many vCPUs as Oracle says: %s', (_, license, licenseCount) => {
  track({ It: { ...license, processorLicenses: 10 } });

  expect(counts()).toEqual([licenseCount]);
});

test('there is an alarm for each license with a number, which tells the topic', () => {
  const notificationTopic = new LicenseManagerTopic(stack, 'Topic');
  const { alarms } = track({
    Enterprise: { engineEdition: RdsOracleEngineEdition.EE, processorLicenses: 10 },
    Standard: { engineEdition: RdsOracleEngineEdition.SE2 },
    Unused: { licensePacks: [RdsOracleLicensePack.OLAP], processorLicenses: 0 },
  }, { notificationTopic });

  expect(Object.keys(alarms)).toEqual(['Enterprise']);
  Template.fromStack(stack).resourceCountIs(ALARM, 1);
  Template.fromStack(stack).hasResourceProperties(ALARM, { Threshold: 90, AlarmActions: [stack.resolve(notificationTopic.topicArn)] });
});

test('it goes off when somebody says, and tells the topic of the settings if none is named', () => {
  const { topic } = new ServiceSettings(stack, 'Settings', { topic: new LicenseManagerTopic(stack, 'Topic') });
  track({ Enterprise: { engineEdition: RdsOracleEngineEdition.EE, processorLicenses: 10 } }, { alarmThresholdPercent: 50 });

  Template.fromStack(stack).hasResourceProperties(ALARM, { Threshold: 50, AlarmActions: [stack.resolve(topic!.topicRef.topicArn)] });
});

test('who is told when licenses expire, is reminded before', () => {
  const notificationTopic = new LicenseManagerTopic(stack, 'Topic');
  const licenseExpiry = Expiration.atDate(new Date('2099-01-01T00:00:00Z'));
  const { reminders } = track({
    Enterprise: { engineEdition: RdsOracleEngineEdition.EE, licenseExpiry }, Standard: { engineEdition: RdsOracleEngineEdition.SE2 },
  }, { notificationTopic });

  expect(Object.keys(reminders)).toEqual(['Enterprise']);
  Template.fromStack(stack).resourceCountIs('AWS::Scheduler::Schedule', 3);
  Template.fromStack(stack).hasResourceProperties(LICENSE, { LicenseExpiry: licenseExpiry.toEpoch() });
});

test('reports are about all licenses, if somebody wants them', () => {
  const { report, licenses } = track({
    Enterprise: { engineEdition: RdsOracleEngineEdition.EE }, Standard: { engineEdition: RdsOracleEngineEdition.SE2 },
  }, { reportFrequency: ReportFrequency.MONTHLY });

  expect(report).toBeDefined();
  Template.fromStack(stack).hasResourceProperties('AWS::LicenseManager::ReportGenerator', {
    ReportContext: { LicenseConfigurationArns: Object.values(licenses).map(it => stack.resolve(it.licenseConfigurationArn)) },
    ReportFrequency: { Period: 'MONTH', Value: 1 },
    ReportType: ['LicenseConfigurationSummaryReport', 'LicenseConfigurationUsageReport'],
  });
});

test('there are none otherwise', () => {
  expect(track({ Enterprise: { engineEdition: RdsOracleEngineEdition.EE } }).report).toBeUndefined();
});

test.each<[string, () => unknown, string]>([
  ['nothing to track', () => track({}), 'Stack/Oracle: licenses is empty: there is nothing to track. Name at least one.'],
  ['fewer than no licenses', () => track({ It: { processorLicenses: -1 } }),
    "Stack/Oracle: processorLicenses of licenses['It'] is -1: it has to be a whole number from 0 to 1000000."],
  ['a number that is not known', () => track({ It: { processorLicenses: new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber } }),
    "Stack/Oracle: processorLicenses of licenses['It'] is a token"],
  ['three threads', () => track({ It: { threadsPerCore: 3 } }), 'Stack/Oracle: threadsPerCore is 3: it has to be a whole number from 1 to 2.'],
  ['an alarm at nothing', () => track({ It: { engineEdition: RdsOracleEngineEdition.EE } }, { alarmThresholdPercent: 0 }),
    'Stack/Oracle: alarmThresholdPercent is 0: it has to be over 0.'],
  ['reports that are never made', () => track({ It: { engineEdition: RdsOracleEngineEdition.EE } }, { reportFrequency: 'NEVER' }),
    "Stack/Oracle: reportFrequency is 'NEVER': it has to be 'DAY', 'WEEK' or 'MONTH'. Correct it."],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(message);
});

test('what License Manager says of products of Amazon RDS is found: each has one license', () => {
  track({ One: { engineEdition: RdsOracleEngineEdition.EE }, Two: { engineEdition: RdsOracleEngineEdition.EE } });

  expect(warnings()).toEqual([expect.stringContaining('cdk-license-manager:rdsProductTrackedTwice')]);
});

test('the role of the stack is taken, if it has one, and no finding is left', () => {
  const role = new ServiceLinkedRole(stack, 'Role');

  expect(track({ It: { engineEdition: RdsOracleEngineEdition.EE, processorLicenses: 4 } }, { notificationTopic: new LicenseManagerTopic(stack, 'Topic') }).role).toBe(role);
  expect([...warnings(), ...Annotations.fromStack(stack).findInfo('*', Match.anyValue())]).toEqual([]);
});

test('the template is the same in whichever order a language hands the licenses over', () => {
  const enterprise = { engineEdition: RdsOracleEngineEdition.EE, processorLicenses: 16 };
  const standard = { engineEdition: RdsOracleEngineEdition.SE2, processorLicenses: 2 };
  const [one, other] = [{ Enterprise: enterprise, Standard: standard }, { Standard: standard, Enterprise: enterprise }].map(licenses => {
    stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
    track(licenses, { reportFrequency: ReportFrequency.MONTHLY });
    return JSON.stringify(Template.fromStack(stack).toJSON());
  });
  expect(other).toBe(one);
});
