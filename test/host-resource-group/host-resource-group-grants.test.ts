import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups';
import { HostLicenses, HostResourceGroup, HostResourceGroupGrants } from '../../src';
import { makeLicense } from '../license-configuration/licenses';

const ARN = 'arn:aws:resource-groups:us-east-1:111122223333:group/hosts';

/**
 * Which of the actions take a group, as the service authorization reference has it. The others take no resource type at all.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_resource-groups.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
const TAKES_GROUP: Record<string, boolean> = {
  'resource-groups:DeleteGroup': true,
  'resource-groups:GetGroup': true,
  'resource-groups:GetGroupConfiguration': true,
  'resource-groups:GetTags': true,
  'resource-groups:GroupResources': true,
  'resource-groups:ListGroupingStatuses': true,
  'resource-groups:ListGroupResources': true,
  'resource-groups:ListGroups': false,
  'resource-groups:PutGroupConfiguration': true,
  'resource-groups:Tag': true,
  'resource-groups:UngroupResources': true,
  'resource-groups:Untag': true,
  'resource-groups:UpdateGroup': true,
  'ec2:DescribeHosts': false,
  'ec2:RunInstances': true,
  'ec2:StartInstances': true,
};

const READ = [
  'resource-groups:GetGroup', 'resource-groups:GetGroupConfiguration', 'resource-groups:GetTags', 'resource-groups:ListGroupingStatuses',
  'resource-groups:ListGroupResources',
];
const ON_ANYTHING = ['ec2:DescribeHosts', 'resource-groups:ListGroups'];

let stack: Stack;
let role: Role;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
});

function statements(): any[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policy.Properties.PolicyDocument.Statement;
}

const GRANTS: [string, (grants: HostResourceGroupGrants, grantee: IGrantable) => Grant, string[], string[]][] = [
  ['read', (grants, grantee) => grants.read(grantee), READ, ON_ANYTHING],
  ['manage', (grants, grantee) => grants.manage(grantee), [
    ...READ, 'resource-groups:DeleteGroup', 'resource-groups:GroupResources', 'resource-groups:PutGroupConfiguration', 'resource-groups:Tag',
    'resource-groups:UngroupResources', 'resource-groups:Untag', 'resource-groups:UpdateGroup',
  ], ON_ANYTHING],
  ['launchInstances', (grants, grantee) => grants.launchInstances(grantee), ['ec2:RunInstances'], []],
  ['startInstances', (grants, grantee) => grants.startInstances(grantee), ['ec2:StartInstances'], []],
];

test.each(GRANTS)('%s allows what it has to on the group, and the rest on anything', (_, grant, onGroup, onAnything) => {
  const given = grant(HostResourceGroup.fromHostResourceGroupArn(stack, 'Hosts', ARN).grants, role);

  given.assertSuccess();
  const plain = (actions: string[]) => actions.length === 1 ? actions[0] : actions;
  expect(statements()).toEqual([
    { Effect: 'Allow', Action: plain(onGroup), Resource: ARN },
    ...onAnything.length > 0 ? [{ Effect: 'Allow', Action: plain(onAnything), Resource: '*' }] : [],
  ]);
  expect([...onGroup.map(action => TAKES_GROUP[action]), ...onAnything.map(action => !TAKES_GROUP[action])]).not.toContain(false);
  expect([...onGroup, ...onAnything].filter(action => !(action in TAKES_GROUP))).toEqual([]);
});

test.each<[string, 'launchInstances' | 'startInstances', string]>([
  ['launches into', 'launchInstances', 'ec2:RunInstances'],
  ['starts instances of', 'startInstances', 'ec2:StartInstances'],
])('who %s a group of certain licenses needs them, too', (_, name, action) => {
  const license = makeLicense(stack, 'License', undefined, 'Core');
  const group = new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.only([license]) });
  group.grants[name](role);

  expect(statements()).toEqual([
    { Effect: 'Allow', Action: action, Resource: [stack.resolve(group.hostResourceGroupArn), { Ref: 'License' }] },
  ]);
});

test.each([
  ['any license', HostLicenses.any()],
  ['no license', HostLicenses.notRequired()],
])('who launches into a group of %s is allowed the group alone', (_, licenses) => {
  HostResourceGroup.fromHostResourceGroupAttributes(stack, 'Hosts', { hostResourceGroupArn: ARN, licenses }).grants.launchInstances(role);

  expect(statements()).toEqual([{ Effect: 'Allow', Action: 'ec2:RunInstances', Resource: ARN }]);
});

test('an L1 has the same grants', () => {
  HostResourceGroupGrants.fromHostResourceGroup(new CfnGroup(stack, 'Group', { name: 'hosts' })).launchInstances(role);

  expect(statements()).toEqual([{ Effect: 'Allow', Action: 'ec2:RunInstances', Resource: { 'Fn::GetAtt': ['Group', 'Arn'] } }]);
});

test('a grantee of another account causes a warning', () => {
  HostResourceGroup.fromHostResourceGroupArn(stack, 'Hosts', ARN).grants.read(new AccountPrincipal('444455556666'));

  Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
    'A grant on the host resource group \'Stack/Hosts\' is to a principal of account \'444455556666\', and the stack is in account ' +
    '\'111122223333\': a host resource group has no policy that could let another account in. Grant to a role of account \'111122223333\' ' +
    'that the principal may assume, or share the group with account \'444455556666\' (LicenseShare) and grant to the principal there. ' +
    '[ack: cdk-license-manager:granteeOfAnotherAccount]');
});
