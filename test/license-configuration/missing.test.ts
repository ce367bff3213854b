/*
 * What JavaScript leaves out although it is needed: each is refused by the path of who was given it.
 */
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import {
  LicenseConfiguration, LicenseConfigurationAssociation, LicenseCounting, LicensedResource, LicenseShare, ProductInformation, SharePrincipal,
} from '../../src';
import type { LicenseConfigurationProps } from '../../src';

const ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef';
const NOTHING = undefined as any;

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const license = (props: Partial<LicenseConfigurationProps> = {}) =>
  new LicenseConfiguration(stack, 'It', { licenseCounting: LicenseCounting.vcpus(), ...props });
const imported = () => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', ARN);
const associate = (resource: LicensedResource) => new LicenseConfigurationAssociation(stack, 'It', { licenseConfiguration: imported(), resource });
const share = (props: object) => new LicenseShare(stack, 'It', props);

test.each<[what: string, make: () => unknown, message: string]>([
  ['how a license counts', () => license({ licenseCounting: NOTHING }),
    'Stack/It: licenseCounting is missing: there is no default for it. Set it.'],
  ['a product', () => license({ productInformation: [NOTHING] }),
    'Stack/It: productInformation[0] is missing: a list has no gaps. Set it, or take it out of the list.'],
  ['the edition of Db2', () => license({ productInformation: [ProductInformation.rdsDb2({ engineEdition: NOTHING })] }),
    'Stack/It: engineEdition is missing: there is no default for it. Set it.'],
  ['the key of a tag', () => license({ productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux', excludedTags: [{ key: NOTHING }] })] }),
    'Stack/It: the key of a tag in excludedTags is missing: there is no default for it. Set it.'],
  ['the threshold of an alarm', () => license({ licenseCount: 1 }).addUsageAlarm('Alarm', { thresholdPercent: NOTHING }),
    'Stack/It: thresholdPercent of alarm \'Alarm\' is undefined: it has to be over 0.'],
  ['the license of an association', () => new LicenseConfigurationAssociation(stack, 'It', {
    licenseConfiguration: NOTHING, resource: LicensedResource.fromInstanceId('i-0123456789abcdef0'),
  }), 'Stack/It: licenseConfiguration is missing: there is no default for it. Set it.'],
  ['the resource of an association', () => associate(NOTHING),
    'Stack/It: resource is missing: there is no default for it. Set it.'],
  ['the resource of an association that a license adds', () => imported().addAssociation('It', { resource: NOTHING }),
    'Stack/Imported/It: resource is missing: there is no default for it.'],
  ...([
    ['fromMachineImageId', 'AMI'], ['fromMachineImageArn', 'AMI'], ['fromMachineImage', 'AMI'], ['fromInstanceId', 'EC2 instance'],
    ['fromInstanceArn', 'EC2 instance'], ['fromInstance', 'EC2 instance'], ['fromHostId', 'EC2 Dedicated Host'],
    ['fromHostArn', 'EC2 Dedicated Host'], ['fromHost', 'EC2 Dedicated Host'],
  ] as const).map(([method, what]): [string, () => unknown, string] => [`what LicensedResource.${method}() takes`,
    () => associate(LicensedResource[method](NOTHING)),
    `Stack/It: the ${what} of a LicensedResource is missing: there is no default for it. Set it.`]),
  ['the ARN of an imported license', () => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'It', NOTHING),
    'Stack: the ARN of a self-managed license, for \'It\', is missing: there is no default for it.'],
  ['the name of a license to look up', () => LicenseConfiguration.fromLookup(stack, 'It', { licenseConfigurationName: NOTHING }),
    'Stack: the look-up \'It\' has \'undefined\' as licenseConfigurationName.'],
  ['a license to share', () => share({ licenseConfigurations: [NOTHING] }), 'Stack/It: licenseConfigurations[0] is missing: a list has no gaps.'],
  ['a group to share', () => share({ hostResourceGroups: [NOTHING] }), 'Stack/It: hostResourceGroups[0] is missing: a list has no gaps.'],
  ['a principal', () => share({ principals: [NOTHING] }), 'Stack/It: principals[0] is missing: a list has no gaps.'],
  ...([
    ['fromAccountId', 'an account id'], ['fromOrganizationalUnitArn', 'the ARN of an organizational unit'], ['fromOrganizationArn', 'the ARN of an organization'],
  ] as const).map(([method, what]): [string, () => unknown, string] => [`what SharePrincipal.${method}() takes`,
    () => share({ principals: [SharePrincipal[method](NOTHING)] }), `Stack/It: ${what} is missing: there is no default for it.`]),
])('%s', (_, make, message) => {
  expect(make).toThrow(message);
});

describe('a message shows no token as it is in the program', () => {
  const parameter = () => new CfnParameter(stack, 'Parameter').valueAsString;

  test.each<[what: string, props: (token: any) => Partial<LicenseConfigurationProps>, message: string]>([
    ['a tenancy that is named twice', token => ({ licenseCounting: LicenseCounting.vcpus({ allowedTenancy: [token, token] }) }),
      'Stack/It: allowedTenancy names \'Stack/Parameter\' more than once.'],
  ])('that is thrown: %s', (_, props, message) => {
    const token = parameter();
    expect(() => license(props(token))).toThrow(message);
  });

  test.each<[what: string, props: (token: any) => Partial<LicenseConfigurationProps>, message: string]>([
    ['an account that is named twice', token => ({
      productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux', excludedAccounts: [token, token] })],
    }), 'excludedAccounts names \'Stack/Parameter\' more than once.'],
    ['a tag that is named twice', token => ({
      productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux', excludedTags: [{ key: token }, { key: token, value: '1' }] })],
    }), 'excludedTags names \'Stack/Parameter\' both for every value and again.'],
  ])('that is a warning: %s', (_, props, message) => {
    license(props(parameter()));
    Annotations.fromStack(stack).hasWarning('/Stack/It', Match.stringLikeRegexp(message));
  });
});

describe('what is of another kind than it has to be is refused by its name', () => {
  test.each<[what: string, make: () => unknown, message: string]>([
    ['how a license counts', () => license({ licenseCounting: 'vCPU' as any }), 'Stack/It: licenseCounting has to be of the class LicenseCounting, and is not.'],
    ['tenancies', () => license({ licenseCounting: LicenseCounting.vcpus({ allowedTenancy: 'EC2-DedicatedHost' as any }) }),
      'Stack/It: allowedTenancy has to be a list, and is none. Write a list, also of one.'],
    ['a product', () => license({ productInformation: ['SQL' as any] }),
      'Stack/It: productInformation[0] has to be of the class ProductInformation, and is not.'],
    ['an expiry', () => license({ licenseExpiry: new Date() as any }), 'Stack/It: licenseExpiry has to be of the class Expiration, and is not.'],
    ['a resource', () => associate('ami-12345678' as any), 'Stack/It: resource has to be of the class LicensedResource, and is not.'],
    ['a principal', () => share({ principals: ['444455556666'] }), 'Stack/It: principal has to be of the class SharePrincipal, and is not.'],
    ...(['licenseCountHardLimit', 'disassociateWhenNotFound', 'disassociateResourcesOnDelete', 'protectFromReplacement'] as const)
      .map((flag): [string, () => unknown, string] => [flag, () => license({ [flag]: 'false' }), `Stack/It: ${flag} is "false": it has to be true or false.`]),
    ['allowExternalPrincipals', () => share({ allowExternalPrincipals: 'no' }), 'Stack/It: allowExternalPrincipals is "no": it has to be true or false.'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
