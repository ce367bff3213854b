import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnLicenseAssetGroup, CfnLicenseAssetRuleSet } from 'aws-cdk-lib/aws-licensemanager';
import { AwsManagedRuleSet, LicenseAssetGroup, LicenseAssetGroupGrants, LicenseAssetRuleSet, LicenseAssetRuleSetGrants } from '../../src';

const GROUP = 'arn:aws:license-manager:us-east-1:111122223333:license-asset-group:lag-0123456789abcdef0123456789abcdef';
const RULE_SET = 'arn:aws:license-manager:us-east-1:111122223333:license-asset-ruleset:lars-0123456789abcdef0123456789abcdef';

/**
 * The resource types of the actions, as the service authorization reference has them. That of a list is optional: no ruleset or group is named.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
const RESOURCE_TYPES: Record<string, string[]> = {
  CreateLicenseAssetGroup: ['license-asset-ruleset'],
  DeleteLicenseAssetGroup: ['license-asset-group'],
  DeleteLicenseAssetRuleset: ['license-asset-ruleset'],
  GetLicenseAssetGroup: ['license-asset-group'],
  GetLicenseAssetRuleset: ['license-asset-ruleset'],
  ListAssetsForLicenseAssetGroup: ['license-asset-group'],
  ListTagsForResource: ['license-asset-group', 'license-asset-ruleset'],
  TagResource: ['license-asset-group', 'license-asset-ruleset'],
  UntagResource: ['license-asset-group', 'license-asset-ruleset'],
  UpdateLicenseAssetGroup: ['license-asset-group', 'license-asset-ruleset'],
  UpdateLicenseAssetRuleset: ['license-asset-ruleset'],
};

let stack: Stack;
let role: Role;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
});

const group = () => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'Group', GROUP);
const ruleSet = () => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'RuleSet', RULE_SET);

const READ_GROUP = ['GetLicenseAssetGroup', 'ListAssetsForLicenseAssetGroup', 'ListTagsForResource'];
const READ_RULE_SET = ['GetLicenseAssetRuleset', 'ListTagsForResource'];

const GRANTS: [string, (grantee: IGrantable) => Grant, string, string[], string, string][] = [
  ['a group, read', (grantee) => group().grants.read(grantee), GROUP, READ_GROUP, 'ListLicenseAssetGroups', 'license-asset-group'],
  ['a group, manage', (grantee) => group().grants.manage(grantee), GROUP, [
    ...READ_GROUP, 'DeleteLicenseAssetGroup', 'TagResource', 'UntagResource', 'UpdateLicenseAssetGroup',
  ], 'ListLicenseAssetGroups', 'license-asset-group'],
  ['a ruleset, read', (grantee) => ruleSet().grants.read(grantee), RULE_SET, READ_RULE_SET, 'ListLicenseAssetRulesets', 'license-asset-ruleset'],
  ['a ruleset, manage', (grantee) => ruleSet().grants.manage(grantee), RULE_SET, [
    ...READ_RULE_SET, 'CreateLicenseAssetGroup', 'DeleteLicenseAssetRuleset', 'TagResource', 'UntagResource', 'UpdateLicenseAssetGroup', 'UpdateLicenseAssetRuleset',
  ], 'ListLicenseAssetRulesets', 'license-asset-ruleset'],
];

test('a ruleset that AWS manages, manage: put it into groups, and change nothing of it', () => {
  const managed = LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.UBUNTU_PRO);
  managed.grants.manage(role).assertSuccess();

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
    PolicyDocument: {
      Statement: Match.arrayWith([{
        Effect: 'Allow',
        Action: [...READ_RULE_SET, 'CreateLicenseAssetGroup', 'UpdateLicenseAssetGroup'].map((action) => `license-manager:${action}`),
        Resource: stack.resolve(managed.licenseAssetRuleSetArn),
      }]),
    },
  });
});

test.each(GRANTS)('%s', (_what, grant, arn, actions, list, type) => {
  grant(role).assertSuccess();

  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(policy.Properties.PolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Action: actions.map((action) => `license-manager:${action}`), Resource: arn },
    {
      Effect: 'Allow',
      Action: `license-manager:${list}`,
      Resource: '*',
    },
  ]);
  expect(actions.filter((action) => !RESOURCE_TYPES[action].includes(type))).toEqual([]);
});

test('of an L1', () => {
  const l1 = new CfnLicenseAssetGroup(stack, 'L1', { name: 'l1', associatedLicenseAssetRulesetArns: [RULE_SET], licenseAssetGroupConfigurations: [{}] });
  const l1RuleSet = new CfnLicenseAssetRuleSet(stack, 'L1RuleSet', { name: 'l1', rules: [] });
  LicenseAssetGroupGrants.fromLicenseAssetGroup(l1).read(role);
  LicenseAssetRuleSetGrants.fromLicenseAssetRuleSet(l1RuleSet).read(role);

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Resource: { Ref: 'L1' } }), Match.objectLike({ Resource: { Ref: 'L1RuleSet' } })]) },
  });
});

test.each([
  ['license asset group', () => group().grants],
  ['license asset ruleset', () => ruleSet().grants],
])('to a principal of another account, which no policy on a %s could let in, causes a warning', (what, grants) => {
  const found = grants();
  found.read(Role.fromRoleArn(stack, 'Other', 'arn:aws:iam::444455556666:role/other'));

  Annotations.fromStack(stack).hasWarning('*',
    `A grant on the ${what} '${what.endsWith('group') ? 'Stack/Group' : 'Stack/RuleSet'}' is to a principal of account '444455556666', and the stack is in ` +
    `account '111122223333': a ${what} has no policy that could let another account in. Grant to a role of account '111122223333' that the principal may ` +
    'assume. [ack: cdk-license-manager:granteeOfAnotherAccount]');
});
