import { App, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LicenseManagerFeature, LicenseManagerTopic, LinuxSubscription, patterns, ServiceLinkedRole, ServiceSettings } from '../../src';

const SETTINGS = 'Custom::LicenseManagerLinuxSubscriptionsSettings';
const PROVIDER = 'AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider';
const ALARM = 'AWS::CloudWatch::Alarm';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const track = (props?: patterns.LinuxSubscriptionTrackingProps, id = 'Tracking') => new patterns.LinuxSubscriptionTracking(stack, id, props);

test('without anything said, the Region of the stack is looked at, and nobody is asked', () => {
  const { secret, provider, alarms } = track();
  const template = Template.fromStack(stack);

  expect([secret, provider, alarms]).toEqual([undefined, undefined, {}]);
  template.hasResourceProperties(SETTINGS, { Discovery: 'Enabled', SourceRegions: ['us-east-1'], OrganizationIntegration: Match.absent() });
  template.hasResourceProperties('Custom::LicenseManagerServiceLinkedRole', { AWSServiceName: 'license-manager-linux-subscriptions.amazonaws.com' });
  template.resourceCountIs(PROVIDER, 0);
});

test('what is said reaches the settings', () => {
  track({
    sourceRegions: ['eu-west-1'], organizationIntegration: true, allowUpdate: true, overwriteExistingSettings: true, removalPolicy: RemovalPolicy.DESTROY,
  });

  Template.fromStack(stack).hasResourceProperties(SETTINGS, {
    SourceRegions: ['eu-west-1'], OrganizationIntegration: 'Enabled', AllowUpdate: true, OverwriteExistingSettings: true, TurnOffOnDelete: true,
  });
});

test('Red Hat is asked with a secret, when discovery is set up', () => {
  const { secret, provider } = track({ redHat: { secretName: 'rhsm', offlineToken: SecretValue.secretsManager('vault') } });
  const template = Template.fromStack(stack);
  const [settings] = Object.keys(template.findResources(SETTINGS));

  expect([secret, provider]).not.toContain(undefined);
  template.hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'rhsm', SecretString: '{{resolve:secretsmanager:vault:SecretString:::}}' });
  template.hasResource(PROVIDER, { DependsOn: Match.arrayWith([settings]) });
});

describe('an alarm', () => {
  const alarm = { subscription: LinuxSubscription.RHEL_BYOS, threshold: 100 };

  test('tells the topic that is named', () => {
    const topic = new LicenseManagerTopic(stack, 'Topic');
    const { alarms } = track({ alarms: { Many: alarm }, notificationTopic: topic });

    expect(Object.keys(alarms)).toEqual(['Many']);
    Template.fromStack(stack).hasResourceProperties(ALARM, { Threshold: 100, AlarmActions: [stack.resolve(topic.topicArn)] });
  });

  test('tells its own instead, if it has some', () => {
    const own = new Topic(stack, 'Own', { enforceSSL: true });
    track({ alarms: { Many: { ...alarm, actions: [new SnsAction(own)] }, Silent: { ...alarm, actions: [] } }, notificationTopic: new LicenseManagerTopic(stack, 'Topic') });
    const actions = Object.values<any>(Template.fromStack(stack).findResources(ALARM)).map(({ Properties }) => Properties.AlarmActions);

    expect(actions).toEqual(expect.arrayContaining([[stack.resolve(own.topicArn)], undefined]));
  });

  test('tells the topic of the settings of License Manager where none is named', () => {
    const { topic } = new ServiceSettings(stack, 'Settings', { topic: new LicenseManagerTopic(stack, 'Topic') });
    track({ alarms: { Many: alarm } });

    Template.fromStack(stack).hasResourceProperties(ALARM, { AlarmActions: [stack.resolve(topic!.topicRef.topicArn)] });
  });

  test('that lacks its subscription is refused by its id', () => {
    expect(() => track({ alarms: { Many: { threshold: 1 } as any } })).toThrow(
      "Stack/Tracking: alarms['Many'] is an object: it has to be an object with subscription and threshold.");
  });
});

test('the role of the stack is taken, if it has one', () => {
  const role = new ServiceLinkedRole(stack, 'Role', { feature: LicenseManagerFeature.LINUX_SUBSCRIPTIONS });
  new ServiceLinkedRole(stack, 'Core');

  expect(track().role).toBe(role);
});

test('no finding is left', () => {
  track({ redHat: {}, alarms: { Many: { subscription: LinuxSubscription.RHEL, threshold: 1, actions: [] } } });

  expect([...Annotations.fromStack(stack).findWarning('*', Match.anyValue()), ...Annotations.fromStack(stack).findInfo('*', Match.anyValue())]).toEqual([]);
});
