import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnSubscriptionProvider } from 'aws-cdk-lib/aws-licensemanagerlinuxsubscriptions';
import { SubscriptionProvider, SubscriptionProviderGrants } from '../../src';

const ARN = 'arn:aws:license-manager-linux-subscriptions:us-east-1:111122223333:subscription-provider/0a1b2c3d';
const READ = ['license-manager-linux-subscriptions:GetRegisteredSubscriptionProvider', 'license-manager-linux-subscriptions:ListTagsForResource'];
const LIST = { Action: 'license-manager-linux-subscriptions:ListRegisteredSubscriptionProviders', Effect: 'Allow', Resource: '*' };
const WRITE = [
  'license-manager-linux-subscriptions:DeregisterSubscriptionProvider',
  'license-manager-linux-subscriptions:TagResource',
  'license-manager-linux-subscriptions:UntagResource',
];

let stack: Stack;
let role: Role;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
});

test.each<[string, (grants: SubscriptionProviderGrants, grantee: IGrantable) => unknown, unknown[]]>([
  ['read', (grants, grantee) => grants.read(grantee), [{ Action: READ, Effect: 'Allow', Resource: ARN }, LIST]],
  ['manage', (grants, grantee) => grants.manage(grantee), [{ Action: [...READ, ...WRITE].sort(), Effect: 'Allow', Resource: ARN }, LIST]],
])('%s allows exactly what it says, and nothing on the secret', (_, grant, statements) => {
  grant(SubscriptionProvider.fromSubscriptionProviderArn(stack, 'Provider', ARN).grants, role);
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const found = policy.Properties.PolicyDocument.Statement.map((statement: any) => ({
    ...statement, Action: Array.isArray(statement.Action) ? [...statement.Action].sort() : statement.Action,
  }));
  const merged = (list: any[]) => Object.fromEntries(['*', ARN].map(resource =>
    [resource, list.filter(({ Resource }) => Resource === resource).flatMap(({ Action }) => Action).sort()]));
  expect(merged(found)).toEqual(merged(statements));
  expect(found.every(({ Effect }: any) => Effect === 'Allow')).toBe(true);
});

test('an L1 has grants, too', () => {
  const resource = new CfnSubscriptionProvider(stack, 'L1', {
    secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:red-hat-a1b2c3', subscriptionProviderSource: 'RedHat',
  });
  SubscriptionProviderGrants.fromSubscriptionProvider(resource).read(role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: READ, Resource: { Ref: 'L1' } })]) },
  });
});

test('a grantee of another account causes a warning', () => {
  SubscriptionProvider.fromSubscriptionProviderArn(stack, 'Provider', ARN).grants.read(new AccountPrincipal('999988887777'));
  Annotations.fromStack(stack).hasWarning('/Stack/Provider', Match.stringLikeRegexp('^A grant on the subscription provider \'Stack/Provider\' is to a'));
});
