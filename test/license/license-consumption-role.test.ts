import { Aws, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { LICENSE_ARN } from './licenses';
import { License, LicenseConsumptionRole } from '../../src';
import { permissionsOf, stackIn } from '../settings/settings';

let stack: Stack;
beforeEach(() => {
  stack = stackIn();
});

const license = (id = 'License', arn = LICENSE_ARN) => License.fromLicenseArn(stack, id, arn);
const role = () => (Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))[0] as any).Properties;

test('trusts the tokens that its account makes, for an hour, and lets check licenses out', () => {
  new LicenseConsumptionRole(stack, 'Role');
  expect(role()).toEqual({
    Description: 'Software without an AWS account checks licenses of AWS License Manager out',
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: 'openid-license-manager.amazonaws.com' },
        Condition: {
          'ForAnyValue:StringLike': { 'openid-license-manager.amazonaws.com:amr': 'aws:license-manager:token-issuer-account-id:111122223333' },
        },
      }],
    },
    ManagedPolicyArns: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AWSLicenseManagerConsumptionPolicy']] }],
    MaxSessionDuration: 3600,
  });
  expect(permissionsOf(stack)).toEqual({});
});

test('may read and borrow the licenses that are named, and has no policy of AWS then', () => {
  const other = LICENSE_ARN.replace('l-0', 'l-1');
  new LicenseConsumptionRole(stack, 'Role', { licenses: [license(), license('Other', other)] });
  expect(role().ManagedPolicyArns).toBeUndefined();
  const each = [{ Resource: LICENSE_ARN }, { Resource: other }];
  expect(permissionsOf(stack)).toEqual({
    'license-manager:GetLicense': each,
    'license-manager:CheckoutBorrowLicense': each,
    'license-manager:CheckInLicense': [{ Resource: '*' }],
    'license-manager:CheckoutLicense': [{ Resource: '*' }],
    'license-manager:ExtendLicenseConsumption': [{ Resource: '*' }],
  });
});

test('is what its properties say', () => {
  new LicenseConsumptionRole(stack, 'Role', {
    roleName: 'AWSLicenseManagerConsumptionRole',
    tokenIssuerAccountId: '444455556666',
    permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::111122223333:policy/boundary'),
  });
  expect(role()).toMatchObject({ RoleName: 'AWSLicenseManagerConsumptionRole', PermissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary' });
  expect(JSON.stringify(role().AssumeRolePolicyDocument)).toContain('token-issuer-account-id:444455556666"');
});

test('of the console is imported by its name', () => {
  expect(LicenseConsumptionRole.fromRoleName(stack, 'Role', 'AWSLicenseManagerConsumptionRole').roleName).toBe('AWSLicenseManagerConsumptionRole');
});

test.each(['11112222333', '1111222233334', 'account'])("refuses the account id '%s'", (tokenIssuerAccountId) => {
  expect(() => new LicenseConsumptionRole(stack, 'Role', { tokenIssuerAccountId })).toThrow(
    `Stack/Role: tokenIssuerAccountId is '${tokenIssuerAccountId}': it has to have 12 digits. Correct it.`);
});

test('takes an account id that is known at the deployment only', () => {
  stack = new Stack();
  new LicenseConsumptionRole(stack, 'Role', { tokenIssuerAccountId: Aws.ACCOUNT_ID });
  expect(role().AssumeRolePolicyDocument.Statement[0].Condition['ForAnyValue:StringLike']).toEqual({
    'openid-license-manager.amazonaws.com:amr': { 'Fn::Join': ['', ['aws:license-manager:token-issuer-account-id:', { Ref: 'AWS::AccountId' }]] },
  });
});

test('is known as one', () => {
  expect(LicenseConsumptionRole.isLicenseConsumptionRole(new LicenseConsumptionRole(stack, 'Role'))).toBe(true);
  expect(LicenseConsumptionRole.isLicenseConsumptionRole(LicenseConsumptionRole.fromRoleName(stack, 'Imported', 'x'))).toBe(false);
});
