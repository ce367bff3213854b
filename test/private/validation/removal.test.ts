import { App, CfnParameter, CfnResource, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { applyRemovalPolicy, checkNoSnapshot } from '../../../src/private/validation/removal';

let stack: Stack;
let resource: CfnResource;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
  resource = new CfnResource(stack, 'Resource', { type: 'AWS::CloudFormation::WaitConditionHandle' });
});

const MESSAGE = 'Stack: removalPolicy is \'snapshot\': there are no snapshots of a host. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.';

test.each([
  [undefined, undefined], [RemovalPolicy.DESTROY, 'Delete'], [RemovalPolicy.RETAIN, 'Retain'], [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate'],
])('%s is written as %s', (policy, expected) => {
  applyRemovalPolicy(stack, resource, policy, 'host');

  expect(Template.fromStack(stack).toJSON().Resources.Resource.DeletionPolicy).toBe(expected);
});

test('snapshots are refused, and nothing is written', () => {
  expect(() => applyRemovalPolicy(stack, resource, RemovalPolicy.SNAPSHOT, 'host')).toThrow(MESSAGE);
  expect(resource.cfnOptions.deletionPolicy).toBeUndefined();
});

test('a token is refused, which aws-cdk-lib would refuse without naming anything', () => {
  const message = 'Stack: removalPolicy is a token, such as a parameter: CloudFormation takes it only as it is written in the template. Use RemovalPolicy.DESTROY or ' +
    'RemovalPolicy.RETAIN, by a context value if it is not always the same.';
  const policy = new CfnParameter(stack, 'Policy').valueAsString as RemovalPolicy;
  expect(() => applyRemovalPolicy(stack, resource, policy, 'host')).toThrow(message);
  expect(() => checkNoSnapshot(stack, Fn.importValue('Policy') as RemovalPolicy, 'host')).toThrow(message);
});

test('snapshots are refused where something else writes the policy, and nothing else is', () => {
  expect(() => checkNoSnapshot(stack, RemovalPolicy.SNAPSHOT, 'host')).toThrow(MESSAGE);
  for (const policy of [undefined, RemovalPolicy.DESTROY, RemovalPolicy.RETAIN]) {
    expect(() => checkNoSnapshot(stack, policy, 'host')).not.toThrow();
  }
});
