import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IdentityProvider, IdentityProviderGrants, UserDirectory, UserSubscriptionProduct } from '../../src';
import { stackIn } from '../settings/settings';

const ARN = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-0123456789abcdef0';

let stack: Stack;
let role: Role;
beforeEach(() => {
  stack = stackIn();
  role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
});

const imported = (arn = ARN) => IdentityProvider.fromIdentityProviderArn(stack, 'Directory', arn);
const actions = (...names: string[]) => names.map(name => `license-manager-user-subscriptions:${name}`);
const statements = () => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
  .filter(({ Properties }) => Properties.Roles.some((it: { Ref?: string }) => it.Ref?.startsWith('Role')))
  .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
  .map(({ Action, Resource }) => [Action, Resource]);

const READ = (arn: unknown = ARN) => [
  [actions('ListProductSubscriptions', 'ListTagsForResource', 'ListUserAssociations'), arn],
  [actions('ListIdentityProviders', 'ListInstances'), '*'],
];
const anyOf = (type: string, place = 'us-east-1:111122223333') => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:license-manager-user-subscriptions:${place}:${type}/*`]],
});
const sorted = (list: any[]) => list.map(([action, resource]) => [[action].flat().sort(), resource]);

test('reading is looking at the registration, its users and the users of instances, and at the lists of the account', () => {
  imported().grants.read(role);
  expect(sorted(statements())).toEqual(READ());
});

test('subscribing users is reading, starting and stopping their subscriptions, and no association', () => {
  imported().grants.subscribeUsers(role);
  expect(sorted(statements())).toEqual([
    ...READ(),
    [actions('StartProductSubscription', 'StopProductSubscription'), ARN],
    [actions('StopProductSubscription'), anyOf('product-subscription')],
  ]);
});

test('associating users is reading, associating and disassociating them, and no subscription', () => {
  imported().grants.associateUsers(role);
  expect(sorted(statements())).toEqual([
    ...READ(),
    [actions('AssociateUser', 'DisassociateUser'), ARN],
    [actions('DisassociateUser'), anyOf('instance-user')],
  ]);
});

test('of one that this app registers are on that, and are made once', () => {
  const provider = new IdentityProvider(stack, 'Directory', {
    product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory: UserDirectory.awsManaged('d-0123456789'),
  });
  expect(provider.grants).toBeInstanceOf(IdentityProviderGrants);
  expect(provider.grants).toBe(provider.grants);
  provider.grants.read(role);
  expect(sorted(statements())).toEqual(READ(stack.resolve(provider.identityProviderArn)));
});

test('of one of another Region are on what is there', () => {
  imported(ARN.replace('us-east-1', 'us-west-2')).grants.subscribeUsers(role);
  expect(statements()).toContainEqual([actions('StopProductSubscription')[0], anyOf('product-subscription', 'us-west-2:111122223333')]);
});

test('tell whether anything was granted', () => {
  expect([imported().grants.read(role), IdentityProviderGrants.fromIdentityProvider(stack.node.findChild('Directory') as any).associateUsers(role)]
    .map(({ success }) => success)).toEqual([true, true]);
});

test('to a principal of another account cause a warning', () => {
  imported().grants.read(new AccountPrincipal('999988887777'));
  Annotations.fromStack(stack).hasWarning('/Stack/Directory',
    "A grant on the identity provider 'Stack/Directory' is to a principal of account '999988887777', and the stack is in account '111122223333': an identity provider has no "
    + "policy that could let another account in. Grant to a role of account '111122223333' that the principal may assume. [ack: cdk-license-manager:granteeOfAnotherAccount]");
});

test('to a principal without a policy cause a warning', () => {
  imported().grants.read(new ServicePrincipal('lambda.amazonaws.com'));
  Annotations.fromStack(stack).hasWarning('/Stack/Directory', Match.stringLikeRegexp('and an identity provider has none that could let it in: nothing is granted'));
});

test('on one of another account cause a warning', () => {
  imported(ARN.replace('111122223333', '444455556666')).grants.read(role);
  Annotations.fromStack(stack).hasWarning('/Stack/Directory',
    "A grant is on the identity provider 'Stack/Directory', which belongs to account '444455556666', and the stack is in account '111122223333': an identity provider cannot be "
    + "shared, so that it has no effect. Let '444455556666' grant to a role of its own that the principal may assume. [ack: cdk-license-manager:grantOnAnotherAccount]");
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'IdentityProviderGrants.fromIdentityProvider(): identityProvider is missing: there is no default for it. Set it.'],
  ['an ARN', ARN, "IdentityProviderGrants.fromIdentityProvider(): identityProvider is the text 'arn:aws:license-manager-user-subscriptions:us-east-1:1111222…': it has to be an "
    + 'identity provider. Use a construct, or import one.'],
])('are refused of %s', (_, it, text) => {
  expect(() => IdentityProviderGrants.fromIdentityProvider(it as any)).toThrow(text);
});

test('are refused to what is no principal', () => {
  expect(() => imported().grants.read('role' as any)).toThrow(
    "Stack/Directory: the grantee of a grant on the identity provider is the text 'role': it has to be a principal. Use a construct, or import one.");
});
