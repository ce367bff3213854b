import { App, Fn, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
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

const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
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
  settings({ organizationIntegration: false });
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
    + 'the two would overwrite each other. Declare them once, with all sourceRegions, or set allowUpdate to true if this is to be one more home Region.');
});

test('are there once in a Region, and once in a stack whose account nobody knows, whatever may be updated', () => {
  for (const make of [() => stackIn(), () => new Stack(new App(), 'Stack')]) {
    stack = make();
    settings();
    expect(() => new LinuxSubscriptionsSettings(stack, 'Again', { sourceRegions: ['us-east-1'], allowUpdate: true })).toThrow(
      "Stack/Again: 'Stack/Linux' declares the settings of Linux subscriptions already, and an account has one for all its Regions: the two would overwrite each "
      + 'other. Declare them once, with all sourceRegions.');
  }
});

test('of one more home Region are taken, in whichever order', () => {
  for (const [first, second] of [[undefined, true], [true, undefined]]) {
    stack = stackIn();
    settings({ allowUpdate: first });
    const there = stackIn(stack.node.root as App, 'There', { region: 'eu-west-1' });
    new LinuxSubscriptionsSettings(there, 'Linux', { sourceRegions: ['us-east-1'], allowUpdate: second });
    Template.fromStack(there).resourceCountIs(TYPE, 1);
  }
});

test.each<[string[], string]>([
  [[''], "sourceRegions[0] '' has 0 characters: it has to have 1 to 100. Correct it."],
  [['x'.repeat(101)], `sourceRegions[0] '${'x'.repeat(60)}…' has 101 characters: it has to have 1 to 100. Correct it.`],
])('with the Regions %j are refused', (sourceRegions, text) => {
  expect(() => settings({ sourceRegions })).toThrow(`Stack/Linux: ${text}`);
});

test('warn of a text that is no name of a Region, and take a list that nobody knows', () => {
  settings({ sourceRegions: ['eu-west-1', 'Ireland'] });
  expect(warnings()).toEqual([
    "sourceRegions[1] is 'Ireland', which has not the form of the name of a Region: nothing is found there. Write it as 'aws ec2 describe-regions' shows it. "
    + '[ack: cdk-license-manager:noNameOfRegion]',
  ]);
  stack = stackIn();
  settings({ sourceRegions: Fn.split(',', Fn.importValue('Regions')) }).addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1, usageRegion: 'us-east-1' });
  expect(warnings()).toEqual([]);
});

test('warn of a subscription provider of their stack that takes discovery, whichever comes first', () => {
  for (const order of [0, 1]) {
    stack = stackIn();
    const steps = [() => settings({ discovery: false }), () => new SubscriptionProvider(stack, 'RedHat', { secret: new RhsmSecret(stack, 'Secret') })];
    (order ? steps.reverse() : steps).forEach(step => step());
    expect(warnings()).toContain("discovery is false, and 'Stack/RedHat' registers a subscription provider, which takes discovery. Leave discovery out, or take "
      + 'the provider out. [ack: cdk-license-manager:linuxProviderWithoutDiscovery]');
  }
});

test.each([[{ discovery: false }, 1], [{}, 0], [{ discovery: false, organizationIntegration: true }, 0]])('say of %j how much a removal turns off', (more, count) => {
  settings({ ...more, removalPolicy: RemovalPolicy.DESTROY });
  expect(Annotations.fromStack(stack).findInfo('/Stack/Linux', Match.stringLikeRegexp('nothingToTurnOff'))).toHaveLength(count);
});

test.each(['discovery', 'organizationIntegration'])('with a token for %s are refused', (property) => {
  expect(() => settings({ [property]: Lazy.any({ produce: () => false }) })).toThrow(
    `Stack/Linux: ${property} is a token, which is known at the deployment only: it decides what is in the template. Write its value.`);
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

  test.each([undefined, null])('of no subscription are refused: %s', (subscription) => {
    expect(() => settings().metrics.runningInstances(subscription as any)).toThrow('Stack/Linux: subscription is missing: there is no default for it. Set it.');
  });

  test.each([['', '\'\' has 0 characters'], ['x'.repeat(256), `'${'x'.repeat(60)}…' has 256 characters`]])(
    'of a subscription with the name %j are refused', (name, shown) => {
      expect(() => settings().metrics.runningInstances(LinuxSubscription.of(name))).toThrow(
        `Stack/Linux: the name in LinuxSubscription.of() ${shown}: it has to have 1 to 255. Correct it, or use one of the constants.`);
    });

  test('of a subscription with a name of 255 characters are taken', () => {
    expect(settings().metrics.runningInstances(LinuxSubscription.of('x'.repeat(255))).dimensions).toEqual({ SubscriptionName: 'x'.repeat(255) });
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

  test.each([[-5, 1], [0, 1], [1, 0]])('over a threshold of %s, warns as often: %s', (threshold, count) => {
    settings().addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold });
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('it always goes off.*linuxAlarmThreshold'))).toHaveLength(count);
  });

  test('does what it is told twice once, and says so', () => {
    const action = new SnsAction(new Topic(stack, 'Topic'));
    settings().addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1, actions: [action, action], okActions: [action] });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [Match.anyValue()], OKActions: [Match.anyValue()] });
    Annotations.fromStack(stack).hasWarning('/Stack/Linux', Match.stringLikeRegexp("'actions\\[0\\]' is in actions of alarm 'Alarm' twice"));
  });

  test.each([Infinity, -Infinity])('of %s instances is refused', (threshold) => {
    expect(() => settings().addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold })).toThrow(
      `Stack/Linux: threshold of alarm 'Alarm' is ${threshold}: it has to be a number of instances. Correct it.`);
  });

  test.each([['', "alarmName of alarm 'Alarm' '' has 0 characters: it has to have 1 to 255."], ['x'.repeat(256), "alarmName of alarm 'Alarm' 'xxx"]])(
    'with the name %j is refused', (alarmName, text) => {
      expect(() => settings().addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1, alarmName })).toThrow(`Stack/Linux: ${text}`);
    });

  test('with a description of more than 1024 characters, or more than 5 actions, is refused', () => {
    const add = (more: object) => () => settings().addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1, ...more });
    expect(add({ alarmDescription: 'x'.repeat(1025) })).toThrow(/^Stack\/Linux: alarmDescription of alarm 'Alarm' .* has 1025 characters: it has to have at most 1024\./);
    stack = stackIn();
    const actions = Array.from({ length: 6 }, (_, i) => ({ bind: () => ({ alarmActionArn: `arn:aws:sns:us-east-1:111122223333:${i}` }) }));
    expect(add({ actions })).toThrow("Stack/Linux: actions of alarm 'Alarm' has 6 members: it has to have at most 5.");
    stack = stackIn();
    expect(add({ actions: [...actions.slice(1), actions[1]] })).not.toThrow();
  });

  test('with something else for an action is refused, by its place', () => {
    const add = (actions: any) => () => settings().addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1, actions });
    expect(add([{}])).toThrow("Stack/Linux: actions[0] of alarm 'Alarm' is an object: it has to be an object that implements IAlarmAction. Use one of "
      + 'aws-cdk-lib/aws-cloudwatch-actions.');
    stack = stackIn();
    expect(add([null])).toThrow("Stack/Linux: actions[0] of alarm 'Alarm' is missing: a list has no gaps.");
  });

  test('that tells nobody says so', () => {
    settings().addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1 });
    Annotations.fromStack(stack).hasInfo('/Stack/Linux/Alarm', Match.stringLikeRegexp('it tells nobody.*alarmTellsNobody'));
  });

  test.each<[object, object, string]>([
    [{ organizationIntegration: false }, { ofOrganization: true }, 'counts the instances of the organization, and has no data, for organizationIntegration is '
      + 'false. Set it to true, or leave ofOrganization out. [ack: cdk-license-manager:linuxAlarmWithoutOrganization]'],
    [{}, { usageRegion: 'ap-south-1' }, "counts the instances in 'ap-south-1', which is not among sourceRegions, and has no data. Add it to sourceRegions, or "
      + 'correct usageRegion. [ack: cdk-license-manager:linuxAlarmOfOtherRegion]'],
    [{ discovery: false }, {}, 'has no data, for discovery is false. Leave discovery out, or take the alarm out. '
      + '[ack: cdk-license-manager:linuxAlarmWithoutDiscovery]'],
  ])('without data is warned of: %j, %j', (more, options, text) => {
    settings(more).addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1, ...options });
    expect(warnings()).toContain(`Alarm 'Alarm' ${text}`);
  });

  test.each([[{}, { ofOrganization: true }], [{ organizationIntegration: true }, { ofOrganization: true }], [{}, { usageRegion: 'eu-west-1' }],
    [{}, { usageRegion: Fn.importValue('Region') }]])('that may have data is not: %j, %j', (more, options) => {
    settings(more).addAlarm('Alarm', { subscription: LinuxSubscription.SLES, threshold: 1, ...options });
    expect(warnings()).toEqual([]);
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
