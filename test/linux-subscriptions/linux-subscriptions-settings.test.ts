import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LicenseManagerTopic, LinuxSubscription, LinuxSubscriptionsSettings, RhsmSecret, ServiceSettings, SubscriptionProvider } from '../../src';
import { permissionsOf, propertiesOf, stackIn } from '../settings/settings';

const TYPE = 'Custom::LicenseManagerLinuxSubscriptionsSettings';

let stack: Stack;
beforeEach(() => {
  stack = stackIn();
});

const settings = (more: object = {}) => new LinuxSubscriptionsSettings(stack, 'Linux', { sourceRegions: ['us-east-1', 'eu-west-1'], ...more });

test.each([
  [{}, { Discovery: 'Enabled' }],
  [{ discovery: false }, { Discovery: 'Disabled' }],
  [{ organizationIntegration: true }, { Discovery: 'Enabled', OrganizationIntegration: 'Enabled' }],
  [{ organizationIntegration: false }, { Discovery: 'Enabled', OrganizationIntegration: 'Disabled' }],
  [{ allowUpdate: true, overwriteExistingSettings: true, removalPolicy: RemovalPolicy.DESTROY },
    { Discovery: 'Enabled', AllowUpdate: true, OverwriteExistingSettings: true, TurnOffOnDelete: true }],
])('say in the words of the API what is declared: %j', (props, expected) => {
  settings(props);
  expect(propertiesOf(stack, TYPE)).toEqual({ SourceRegions: ['us-east-1', 'eu-west-1'], ...expected });
});

test('permit the function to read and write them, and what the organization takes where it is asked for', () => {
  settings();
  const own = ['GetServiceSettings', 'UpdateServiceSettings'].map(name => [`license-manager-linux-subscriptions:${name}`, [{ Resource: '*' }]]);
  const waiting = { 'lambda:InvokeFunction': [expect.anything()] };
  expect(permissionsOf(stack)).toEqual({ ...Object.fromEntries(own), ...waiting });
  stack = stackIn();
  settings({ organizationIntegration: true });
  expect(permissionsOf(stack)).toEqual({
    ...Object.fromEntries(own),
    ...waiting,
    'organizations:DescribeOrganization': [{ Resource: '*' }],
    'organizations:EnableAWSServiceAccess': [{
      Resource: '*', Condition: { StringEquals: { 'organizations:ServicePrincipal': 'license-manager-linux-subscriptions.amazonaws.com' } },
    }],
  });
});

test('come before the subscription provider of their stack', () => {
  new SubscriptionProvider(stack, 'RedHat', { secret: new RhsmSecret(stack, 'Secret') });
  settings();
  const template = Template.fromStack(stack);
  template.hasResource('AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider', { DependsOn: Object.keys(template.findResources(TYPE)) });
});

test.each([0, 101])('with %s Regions are refused', (count) => {
  expect(() => settings({ sourceRegions: Array.from({ length: count }, (_, i) => `xx-east-${i}`) })).toThrow(
    `Stack/Linux: sourceRegions has ${count} members: it has to have 1 to 100. Correct it.`);
});

test.each([1, 100])('with %s Regions are taken', (count) => {
  settings({ sourceRegions: Array.from({ length: count }, (_, i) => `xx-east-${i}`) });
  expect(propertiesOf(stack, TYPE).SourceRegions).toHaveLength(count);
});

test('are there once in an account, whatever the Region', () => {
  const app = stack.node.root as App;
  settings();
  new LinuxSubscriptionsSettings(stackIn(app, 'Other', { account: '444455556666' }), 'Linux', { sourceRegions: ['us-east-1'] });
  expect(() => new LinuxSubscriptionsSettings(stackIn(app, 'There', { region: 'eu-west-1' }), 'Linux', { sourceRegions: ['us-east-1'] })).toThrow(
    "There/Linux: 'Stack/Linux' declares the settings of Linux subscriptions of account '111122223333' already, and an account has one for all its Regions: "
    + 'the two would overwrite each other. Declare them once, with all sourceRegions.');
});

test('warn of what turns discovery off', () => {
  settings({ discovery: false });
  Annotations.fromStack(stack).hasWarning('/Stack/Linux', Match.stringLikeRegexp('deletes all data.*linuxDiscoveryTurnedOff'));
});

test('a snapshot of them is refused', () => {
  expect(() => settings({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(/removalPolicy is 'snapshot'/);
});

describe('metrics', () => {
  test('are those that License Manager emits every hour, in the environment of the settings', () => {
    const metric = settings().metrics.runningInstances(LinuxSubscription.RHEL);
    expect(metric).toMatchObject({
      namespace: 'AWS/LicenseManager/LinuxSubscriptions',
      metricName: 'RunningInstancesCount',
      dimensions: { SubscriptionName: 'Red Hat Enterprise Linux Server' },
      statistic: 'Sum',
      account: '111122223333',
      region: 'us-east-1',
    });
    expect(metric.period.toHours()).toBe(1);
  });

  test('of the organization have their own name', () => {
    expect(settings().metrics.aggregateRunningInstances(LinuxSubscription.UBUNTU_PRO)).toMatchObject({
      metricName: 'AggregateRunningInstancesCount', dimensions: { SubscriptionName: 'Ubuntu Pro' },
    });
  });

  test('take another namespace, a Region of use, and another statistic', () => {
    expect(settings().metrics.runningInstances(LinuxSubscription.of('Other'), {
      metricNamespace: 'AWSLicenseManager/licenseUsage', usageRegion: 'eu-west-1', statistic: 'Maximum',
    })).toMatchObject({
      namespace: 'AWSLicenseManager/licenseUsage', dimensions: { SubscriptionName: 'Other', Region: 'eu-west-1' }, statistic: 'Maximum',
    });
  });

  test('of a text instead of a subscription are refused', () => {
    expect(() => settings().metrics.runningInstances('Ubuntu Pro' as any)).toThrow(
      "Stack/Linux: subscription is the text 'Ubuntu Pro': it has to be of the class LinuxSubscription. Use one of its constants, or LinuxSubscription.of().");
  });

  test('the names are those of the user guide', () => {
    const constants = Object.values(LinuxSubscription).filter((it): it is LinuxSubscription => it instanceof LinuxSubscription);
    expect(constants.map(({ value }) => value).sort()).toEqual([
      'Red Hat Enterprise Linux Server',
      'Red Hat Enterprise Linux Server BYOS',
      'Red Hat Enterprise Linux Workstation',
      'Red Hat Enterprise Linux for SAP with High Availability and Update Services',
      'Red Hat Enterprise Linux with High Availability Add-on',
      'Red Hat Enterprise Linux with SQL Server Enterprise',
      'Red Hat Enterprise Linux with SQL Server Enterprise and High Availability',
      'Red Hat Enterprise Linux with SQL Server Standard',
      'Red Hat Enterprise Linux with SQL Server Standard and High Availability',
      'Red Hat Enterprise Linux with SQL Server Web',
      'SUSE Linux Enterprise Server',
      'SUSE Linux Enterprise Server with SAP',
      'Ubuntu Pro',
    ]);
  });
});

describe('an alarm', () => {
  test('has a name that the console shows, and tells the topic of the settings', () => {
    const topic = new LicenseManagerTopic(stack, 'Topic');
    new ServiceSettings(stack, 'Settings', { topic });
    settings().addAlarm('ManyRhel', { subscription: LinuxSubscription.RHEL, threshold: 100, usageRegion: 'eu-west-1' });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: Match.stringLikeRegexp('^AWS-LM-LS-Stack-Linux-[0-9A-F]{8}-ManyRhel$'),
      AlarmActions: [stack.resolve(topic.topicArn)],
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Dimensions: [{ Name: 'Region', Value: 'eu-west-1' }, { Name: 'SubscriptionName', Value: 'Red Hat Enterprise Linux Server' }],
      EvaluationPeriods: 1,
      Namespace: 'AWS/LicenseManager/LinuxSubscriptions',
      Threshold: 100,
      TreatMissingData: 'ignore',
    });
  });

  test('does what it is told, of the organization, and under its own name', () => {
    const topic = new Topic(stack, 'Topic');
    settings().addAlarm('Alarm', {
      subscription: LinuxSubscription.SLES, threshold: 1, ofOrganization: true, actions: [new SnsAction(topic)], alarmName: 'sles',
    });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'sles', AlarmActions: [stack.resolve(topic.topicArn)], MetricName: 'AggregateRunningInstancesCount',
    });
  });

  test('does what it is told twice once, and says so', () => {
    const action = new SnsAction(new Topic(stack, 'Topic'));
    settings().addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1, actions: [action, action], okActions: [action] });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [Match.anyValue()], OKActions: [Match.anyValue()] });
    Annotations.fromStack(stack).hasWarning('/Stack/Linux', Match.stringLikeRegexp("'actions\\[0\\]' is in actions of alarm 'Alarm' twice"));
  });

  test.each([0, 169, 1.5])('over %s hours is refused', (evaluationPeriods) => {
    expect(() => settings().addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1, evaluationPeriods })).toThrow(
      `Stack/Linux: evaluationPeriods of alarm 'Alarm' is ${evaluationPeriods}: it has to be a whole number from 1 to 168.`);
  });

  test.each([1, 168])('over %s hours is taken', (evaluationPeriods) => {
    settings().addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1, evaluationPeriods });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { EvaluationPeriods: evaluationPeriods });
  });
});
