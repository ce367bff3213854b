import { App, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Grant, IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
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
  'license-manager:CreateLicense': false,
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
  'license-manager:ListReceivedLicenses': false,
  'license-manager:ListReceivedLicensesForOrganization': false,
  'license-manager:ListTagsForResource': true,
  'license-manager:ListTokens': false,
  'license-manager:TagResource': true,
  'license-manager:UntagResource': true,
};

const ANY_GRANT = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':license-manager::111122223333:grant:*']] };

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

function statements(): any[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policy.Properties.PolicyDocument.Statement;
}

describe.each(GRANTS)('%s', (_, grant, actions) => {
  test('allows its actions, on the license where they take one', () => {
    grant(License.fromLicenseArn(stack, 'Imported', LICENSE_ARN).grants, role).assertSuccess();

    const allowed: [string, unknown][] = statements()
      .filter(({ Resource }: any) => JSON.stringify(Resource) !== JSON.stringify(ANY_GRANT))
      .flatMap(({ Action, Resource }: any) => [Action].flat().map((action: string): [string, unknown] => [action, Resource]));
    expect(Object.fromEntries(allowed)).toEqual(Object.fromEntries(actions
      .map(action => `license-manager:${action}`).map(action => [action, TAKES_LICENSE[action] ? LICENSE_ARN : '*'])));
    expect(allowed).toHaveLength(actions.length);
  });

  test('allows to tag grants where it allows to make them', () => {
    grant(License.fromLicenseArn(stack, 'Imported', LICENSE_ARN).grants, role);
    expect(statements().filter(({ Resource }: any) => JSON.stringify(Resource) === JSON.stringify(ANY_GRANT))).toEqual(
      actions.includes('CreateGrant') ? [{ Effect: 'Allow', Action: 'license-manager:TagResource', Resource: ANY_GRANT }] : []);
  });
});

describe('a license that somebody else may have issued', () => {
  const RECEIVED = ['license-manager:ListReceivedLicenses', 'license-manager:ListReceivedLicensesForOrganization'];
  const listed = (grants: LicenseGrants) => {
    grants.read(role);
    return statements().flatMap(({ Action, Resource }: any) => Resource === '*' ? Action : []).filter((action: string) => RECEIVED.includes(action));
  };

  test.each<[string, () => LicenseGrants, boolean]>([
    ['of another account', () => License.fromLicenseArn(stack, 'License', LICENSE_ARN.replace('111122223333', '444455556666')).grants, true],
    ['whose ARN is a token', () => License.fromLicenseArn(stack, 'License', Fn.importValue('arn')).grants, true],
    ['of the own account', () => License.fromLicenseArn(stack, 'License', LICENSE_ARN).grants, false],
    ['of the app', () => issue(stack).grants, false],
    ['of the app, an L1', () => LicenseGrants.fromLicense(issue(stack).node.defaultChild as CfnLicense), false],
  ])('is found among those that were received: %s', (_, make, received) => {
    expect(listed(make())).toEqual(received ? RECEIVED : []);
  });
});

describe('the key of a license', () => {
  const key = () => new Key(stack, 'Key', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.SIGN_VERIFY });
  const ofKey = () => statements().filter(({ Resource }: any) => Resource['Fn::GetAtt']?.[0].startsWith('Key'))
    .map(({ Action, Condition }: any) => [Action, Condition]);
  const VIA = { StringEquals: { 'kms:ViaService': 'license-manager.us-east-1.amazonaws.com' } };

  test('may be used by who issues more, through License Manager, and read directly', () => {
    issue(stack, { signKey: key() }).grants.issue(role).assertSuccess();
    expect(statements()[0]).toEqual({ Effect: 'Allow', Action: 'license-manager:CreateLicense', Resource: '*' });
    expect(ofKey()).toEqual([['kms:GetPublicKey', undefined], [['kms:Sign', 'kms:Verify', 'kms:CreateGrant', 'kms:DescribeKey'], VIA]]);
  });

  test('may be used by who makes new versions', () => {
    issue(stack, { signKey: key() }).grants.manage(role).assertSuccess();
    expect(ofKey()).toEqual([['kms:GetPublicKey', undefined], [['kms:Sign', 'kms:Verify'], VIA]]);
  });

  test.each(['read', 'checkOut'] as const)('is not given with %s', (name) => {
    issue(stack, { signKey: key() }).grants[name](role);
    expect(ofKey()).toEqual([]);
  });
});

test('who issues more licenses without a key is allowed to create them, and no more', () => {
  issue(stack).grants.issue(role).assertSuccess();
  expect(statements()).toEqual([{ Effect: 'Allow', Action: 'license-manager:CreateLicense', Resource: '*' }]);
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
