import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Grant, IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { issue, LICENSE_ARN } from './licenses';
import { License, LicenseGrants } from '../../src';

/**
 * Which of the actions take a license, as the service authorization reference has it. The others take no resource type at all.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
const TAKES_LICENSE: Record<string, boolean> = {
  'license-manager:CheckInLicense': false,
  'license-manager:CheckoutBorrowLicense': true,
  'license-manager:CheckoutLicense': false,
  'license-manager:CreateGrant': true,
  'license-manager:CreateLicenseVersion': true,
  'license-manager:CreateToken': true,
  'license-manager:DeleteLicense': true,
  'license-manager:DeleteToken': false,
  'license-manager:ExtendLicenseConsumption': false,
  'license-manager:GetLicense': true,
  'license-manager:GetLicenseUsage': true,
  'license-manager:ListDistributedGrants': false,
  'license-manager:ListLicenses': false,
  'license-manager:ListLicenseVersions': true,
  'license-manager:ListTagsForResource': true,
  'license-manager:ListTokens': false,
  'license-manager:TagResource': true,
  'license-manager:UntagResource': true,
};

const READ = ['GetLicense', 'GetLicenseUsage', 'ListLicenseVersions', 'ListTagsForResource', 'ListDistributedGrants', 'ListLicenses'];

const GRANTS: [string, (grants: LicenseGrants, grantee: IGrantable) => Grant, string[]][] = [
  ['read', (grants, grantee) => grants.read(grantee), READ],
  ['checkOut', (grants, grantee) => grants.checkOut(grantee), [
    'CheckoutBorrowLicense', 'CheckInLicense', 'CheckoutLicense', 'ExtendLicenseConsumption',
  ]],
  ['manage', (grants, grantee) => grants.manage(grantee), [
    ...READ, 'CreateGrant', 'CreateLicenseVersion', 'CreateToken', 'DeleteLicense', 'TagResource', 'UntagResource', 'DeleteToken', 'ListTokens',
  ]],
];

let stack: Stack;
let role: Role;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
});

describe.each(GRANTS)('%s', (_, grant, actions) => {
  test('allows its actions, on the license where they take one', () => {
    grant(License.fromLicenseArn(stack, 'Imported', LICENSE_ARN).grants, role).assertSuccess();

    const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const allowed: [string, unknown][] = policy.Properties.PolicyDocument.Statement
      .flatMap(({ Action, Resource }: any) => [Action].flat().map(action => [action, Resource]));
    expect(Object.fromEntries(allowed)).toEqual(Object.fromEntries(actions
      .map(action => `license-manager:${action}`).map(action => [action, TAKES_LICENSE[action] ? LICENSE_ARN : '*'])));
    expect(allowed).toHaveLength(actions.length);
  });
});

test('a license of the app is named by its attribute', () => {
  const license = issue(stack);
  license.grants.checkOut(role);
  expect(license.grants).toBe(license.grants);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({
        Action: 'license-manager:CheckoutBorrowLicense', Resource: stack.resolve(license.licenseArn),
      })]),
    },
  });
});

test('a grantee of another account causes a warning', () => {
  const license = issue(stack);
  license.grants.read(new AccountPrincipal('444455556666'));
  Annotations.fromStack(stack).hasWarning('/Stack/License', Match.stringLikeRegexp(
    'A grant on the license \'Stack/License\' is to a principal of account \'444455556666\'.*' +
    'or grant the license to account \'444455556666\' \\(Grant\\) and give the permissions there'));
});
