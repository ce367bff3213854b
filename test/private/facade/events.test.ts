import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LicenseManagerEvents, UserSubscriptionEvents } from '../../../src';

const methodsOf = (type: object) => Object.getOwnPropertyNames(type).filter(name => name.startsWith('on'));

/** As the reference of the events lists them. */
const TYPES = [
  ['aws.license-manager', LicenseManagerEvents, ['Grant Change', 'License Change', 'License Consumption Change', 'License Token Change']],
  ['aws.license-manager-user-subscriptions', UserSubscriptionEvents, [
    'Identity Provider Registered', 'Identity Provider Registration Failed', 'Identity Provider Deregistered', 'Identity Provider Deregistration Failed',
    'License Server Endpoint Healthy', 'License Server Endpoint Unhealthy', 'License Server Endpoint Provisioned', 'License Server Endpoint Provisioning Failed',
    'License Server Endpoint Updated', 'License Server Endpoint Update Failed', 'License Server Endpoint Deleted', 'License Server Endpoint Deletion Failed',
    'User Subscribed', 'User Subscription Failed', 'User Unsubscribed', 'User Unsubscription Failed', 'User Associated', 'User Association Failed',
    'User Disassociated', 'User Disassociation Failed', 'Instance Activated', 'Instance Activation Failed', 'Instance Terminated', 'Instance Unhealthy',
  ]],
] as const;

describe.each(TYPES)('the events of %s', (source, type, types) => {
  test.each(types.map(name => [name]))('%s have a rule that matches source and type, and nothing else', (name) => {
    const stack = new Stack(new App(), 'Stack');
    const topic = new Topic(stack, 'Topic');
    (type as any)[`on${name.replaceAll(' ', '')}`](stack, 'Rule', { target: new SnsTopic(topic), ruleName: 'mine' });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'source': [source], 'detail-type': [name] }, Name: 'mine', Targets: [{ Arn: stack.resolve(topic.topicArn) }],
    });
  });

  test('are all', () => {
    expect(methodsOf(type)).toHaveLength(types.length);
  });
});

test.each<[any, string]>([
  ['text', "options of rule 'Rule' is the text 'text': it has to be an object with properties."],
  [{ target: {} }, "target of rule 'Rule' is an object: it has to be an object that implements IRuleTarget. Use one of aws-cdk-lib/aws-events-targets."],
  [{ eventPattern: 'text' }, "eventPattern of rule 'Rule' is the text 'text': it has to be an object with properties."],
  [{ crossStackScope: {} }, "crossStackScope of rule 'Rule' is an object: it has to be a construct."],
])('what a rule is given is refused where it is of another kind: %j', (options, text) => {
  for (const events of [LicenseManagerEvents.onGrantChange, UserSubscriptionEvents.onUserSubscribed]) {
    expect(() => events(new Stack(new App(), 'Stack'), 'Rule', options)).toThrow(`Stack: ${text}`);
  }
});

test('a rule takes null for nothing', () => {
  const stack = new Stack(new App(), 'Stack');
  LicenseManagerEvents.onGrantChange(stack, 'Rule', null as any);
  Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 1);
});
