import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Grant as IamGrant, IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnGrant } from 'aws-cdk-lib/aws-licensemanager';
import { Grant, GrantGrants } from '../../src';

const GRANT_ARN = 'arn:aws:license-manager::111122223333:grant:g-0123456789abcdef0123456789abcdef';

/**
 * Which of the actions take a grant, as the service authorization reference has it. The others take no resource type at all.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
const TAKES_GRANT: Record<string, boolean> = {
  AcceptGrant: true,
  CreateGrantVersion: true,
  DeleteGrant: true,
  GetGrant: true,
  ListDistributedGrants: false,
  ListReceivedGrants: false,
  ListReceivedGrantsForOrganization: false,
  ListTagsForResource: true,
  RejectGrant: true,
  TagResource: true,
  UntagResource: true,
};

const READ = ['GetGrant', 'ListTagsForResource', 'ListDistributedGrants', 'ListReceivedGrants', 'ListReceivedGrantsForOrganization'];

const GRANTS: [string, (grants: GrantGrants, grantee: IGrantable) => IamGrant, string[]][] = [
  ['read', (grants, grantee) => grants.read(grantee), READ],
  ['accept', (grants, grantee) => grants.accept(grantee), ['AcceptGrant', 'CreateGrantVersion', 'RejectGrant']],
  ['manage', (grants, grantee) => grants.manage(grantee), [...READ, 'CreateGrantVersion', 'DeleteGrant', 'TagResource', 'UntagResource']],
];

let stack: Stack;
let role: Role;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '444455556666', region: 'us-east-1' } });
  role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
});

test.each(GRANTS)('%s allows its actions, on the grant where they take one', (_, grant, actions) => {
  grant(Grant.fromGrantArn(stack, 'Received', GRANT_ARN).grants, role).assertSuccess();

  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const allowed: [string, unknown][] = policy.Properties.PolicyDocument.Statement
    .flatMap(({ Action, Resource }: any) => [Action].flat().map(action => [action, Resource]));
  expect(Object.fromEntries(allowed)).toEqual(Object.fromEntries(actions
    .map(action => [`license-manager:${action}`, TAKES_GRANT[action] ? GRANT_ARN : '*'])));
  expect(allowed).toHaveLength(actions.length);
});

test('an L1 has permissions too', () => {
  const grant = new CfnGrant(stack, 'Grant', { licenseArn: 'arn:aws:license-manager::444455556666:license:l-0123456789abcdef0123456789abcdef' });
  GrantGrants.fromGrant(grant).accept(role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [Match.objectLike({ Resource: { Ref: 'Grant' } })] },
  });
});

test('a grantee of another account causes a warning', () => {
  Grant.fromGrantArn(stack, 'Received', GRANT_ARN).grants.accept(new AccountPrincipal('777788889999'));
  Annotations.fromStack(stack).hasWarning('/Stack/Received', Match.stringLikeRegexp(
    'A grant on the grant \'Stack/Received\' is to a principal of account \'777788889999\', and the stack is in account \'444455556666\''));
});
