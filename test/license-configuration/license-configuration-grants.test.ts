import { App, Aws, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Grant, IGrantable, IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { makeLicense } from './licenses';
import { LicenseConfiguration, LicenseConfigurationGrants, LicenseCounting } from '../../src';

const ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef';

/**
 * Which of the actions take a license, as the service authorization reference has it. The others take no resource type at all.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
const TAKES_LICENSE: Record<string, boolean> = {
  'license-manager:GetLicenseConfiguration': true,
  'license-manager:UpdateLicenseConfiguration': true,
  'license-manager:DeleteLicenseConfiguration': true,
  'license-manager:ListAssociationsForLicenseConfiguration': true,
  'license-manager:ListFailuresForLicenseConfigurationOperations': true,
  'license-manager:ListUsageForLicenseConfiguration': true,
  'license-manager:UpdateLicenseSpecificationsForResource': true,
  'license-manager:ListTagsForResource': true,
  'license-manager:TagResource': true,
  'license-manager:UntagResource': true,
  'license-manager:ListLicenseConfigurations': false,
  'license-manager:ListLicenseSpecificationsForResource': false,
  'ec2:RunInstances': true,
  'ec2:StartInstances': true,
};

const READ = [
  'license-manager:GetLicenseConfiguration',
  'license-manager:ListAssociationsForLicenseConfiguration',
  'license-manager:ListFailuresForLicenseConfigurationOperations',
  'license-manager:ListTagsForResource',
  'license-manager:ListUsageForLicenseConfiguration',
];

let stack: Stack;
let role: Role;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
  role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
});

function statements(): any[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policy.Properties.PolicyDocument.Statement;
}

const GRANTS: [string, (grants: LicenseConfigurationGrants, grantee: IGrantable) => Grant, string[], string[]][] = [
  ['read', (grants, grantee) => grants.read(grantee), READ, ['license-manager:ListLicenseConfigurations']],
  ['associate', (grants, grantee) => grants.associate(grantee), [
    'license-manager:ListAssociationsForLicenseConfiguration',
    'license-manager:ListFailuresForLicenseConfigurationOperations',
    'license-manager:UpdateLicenseSpecificationsForResource',
  ], ['license-manager:ListLicenseSpecificationsForResource']],
  ['manage', (grants, grantee) => grants.manage(grantee), [
    ...READ,
    'license-manager:UpdateLicenseSpecificationsForResource',
    'license-manager:DeleteLicenseConfiguration',
    'license-manager:TagResource',
    'license-manager:UntagResource',
    'license-manager:UpdateLicenseConfiguration',
  ], ['license-manager:ListLicenseConfigurations', 'license-manager:ListLicenseSpecificationsForResource']],
  ['launchInstances', (grants, grantee) => grants.launchInstances(grantee), ['ec2:RunInstances'], []],
  ['startInstances', (grants, grantee) => grants.startInstances(grantee), ['ec2:StartInstances'], []],
];

describe.each(GRANTS)('%s', (_, give, onLicense, onAnything) => {
  test('gives exactly its actions, and * only where there is no resource type', () => {
    const license = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', ARN);

    const grant = give(license.grants, role);

    expect(grant.success).toBe(true);
    const single = (actions: string[]) => actions.length === 1 ? actions[0] : actions;
    expect(statements()).toEqual([
      { Effect: 'Allow', Action: single(onLicense), Resource: ARN },
      ...onAnything.length ? [{ Effect: 'Allow', Action: single(onAnything), Resource: '*' }] : [],
    ]);
    expect(onLicense.filter(action => TAKES_LICENSE[action] !== true)).toEqual([]);
    expect(onAnything.filter(action => TAKES_LICENSE[action] !== false)).toEqual([]);
  });

  test.each<[string, () => ILicenseConfigurationRef]>([
    ['an L2', () => new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() })],
    ['an L1', () => makeLicense(stack, 'License')],
  ])('works on %s', (__, make) => {
    const license = make();
    give(LicenseConfigurationGrants.fromLicenseConfiguration(license), role);
    expect(statements()[0].Resource).toEqual(stack.resolve(license.licenseConfigurationRef.licenseConfigurationArn));
  });
});

describe('a grantee of another account', () => {
  beforeEach(() => {
    stack = new Stack(new App(), 'Known', { env: { account: '111122223333', region: 'us-east-1' } });
  });
  const ID = '\\[ack: cdk-license-manager:granteeOfAnotherAccount\\]';

  test.each<[string, () => IPrincipal]>([
    ['a role', () => Role.fromRoleArn(stack, 'Other', 'arn:aws:iam::444455556666:role/other')],
    ['an account', () => new AccountPrincipal('444455556666')],
  ])('causes a warning, once a grant: %s', (_, make) => {
    LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', ARN).grants.manage(make());
    expect(Annotations.fromStack(stack).findWarning('/Known/License', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      'A grant on the license \'Known/License\' is to a principal of account \'444455556666\', and the stack is in account \'111122223333\': ' +
      'a license has no policy that could let another account in. Grant to a role of account \'111122223333\' that the principal may assume, ' +
      'or share the license with account \'444455556666\' (LicenseShare) and grant to the principal there. ' +
      '[ack: cdk-license-manager:granteeOfAnotherAccount]',
    ]);
  });

  test.each<[string, () => IPrincipal]>([
    ['the account of the stack', () => new AccountPrincipal('111122223333')],
    ['an account that is a token', () => new AccountPrincipal(Aws.ACCOUNT_ID)],
    ['the role of the stack', () => new Role(stack, 'Own', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') })],
    ['a service', () => new ServicePrincipal('ec2.amazonaws.com')],
  ])('is not one of %s', (_, make) => {
    LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', ARN).grants.read(make());
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(ID))).toEqual([]);
  });

  test('is not known where the account of the stack is open', () => {
    const open = new Stack(undefined, 'Open');
    LicenseConfiguration.fromLicenseConfigurationArn(open, 'License', ARN).grants.read(new AccountPrincipal('444455556666'));
    expect(Annotations.fromStack(open).findWarning('*', Match.stringLikeRegexp(ID))).toEqual([]);
  });
});

test('a grant to somebody without a policy does nothing, and says so', () => {
  const license = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', ARN);
  expect(license.grants.read(Role.fromRoleArn(stack, 'Other', 'arn:aws:iam::111122223333:role/other', { mutable: false })).success).toBe(true);
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
});
