/*
 * What JavaScript leaves out although it is needed: each is refused by the path of who was given it.
 */
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
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
    'Stack/It: licenseCounting is missing: there is no default for it. Use a method of LicenseCounting, such as LicenseCounting.vcpus().'],
  ['a product', () => license({ productInformation: [NOTHING] }),
    'Stack/It: a member of productInformation is missing: there is no default for it. Use a method of ProductInformation, or take the member out.'],
  ['the edition of Db2', () => license({ productInformation: [ProductInformation.rdsDb2({ engineEdition: NOTHING })] }),
    'Stack/It: engineEdition is missing: there is no default for it. Use a constant of RdsDb2EngineEdition, such as RdsDb2EngineEdition.SE.'],
  ['the key of a tag', () => license({ productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux', excludedTags: [{ key: NOTHING }] })] }),
    'Stack/It: the key of a tag in excludedTags is \'undefined\': at least 1 visible character is needed.'],
  ['the threshold of an alarm', () => license({ licenseCount: 1 }).addUsageAlarm('Alarm', { thresholdPercent: NOTHING }),
    'Stack/It: thresholdPercent of alarm \'Alarm\' is undefined: it has to be over 0.'],
  ['the license of an association', () => new LicenseConfigurationAssociation(stack, 'It', {
    licenseConfiguration: NOTHING, resource: LicensedResource.fromInstanceId('i-0123456789abcdef0'),
  }), 'Stack/It: licenseConfiguration is missing: there is no default for it. Name a LicenseConfiguration, or an imported one.'],
  ['the resource of an association', () => associate(NOTHING),
    'Stack/It: resource is missing: there is no default for it. Use a method of LicensedResource, such as LicensedResource.fromMachineImageId().'],
  ['the resource of an association that a license adds', () => imported().addAssociation('It', { resource: NOTHING }),
    'Stack/Imported/It: resource is missing: there is no default for it.'],
  ...([
    ['fromMachineImageId', 'AMI'], ['fromMachineImageArn', 'AMI'], ['fromMachineImage', 'AMI'], ['fromInstanceId', 'EC2 instance'],
    ['fromInstanceArn', 'EC2 instance'], ['fromInstance', 'EC2 instance'], ['fromHostId', 'EC2 Dedicated Host'],
    ['fromHostArn', 'EC2 Dedicated Host'], ['fromHost', 'EC2 Dedicated Host'],
  ] as const).map(([method, what]): [string, () => unknown, string] => [`what LicensedResource.${method}() takes`,
    () => associate(LicensedResource[method](NOTHING)),
    `Stack/It: what LicensedResource was made of is missing: there is no default for it. Name the ${what}.`]),
  ['the ARN of an imported license', () => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'It', NOTHING),
    'Stack: the ARN of a self-managed license, for \'It\', is missing: there is no default for it.'],
  ['the name of a license to look up', () => LicenseConfiguration.fromLookup(stack, 'It', { licenseConfigurationName: NOTHING }),
    'Stack: the look-up \'It\' has \'undefined\' as licenseConfigurationName.'],
  ['a license to share', () => share({ licenseConfigurations: [NOTHING] }), 'Stack/It: a license to share is missing: there is no default for it.'],
  ['a group to share', () => share({ hostResourceGroups: [NOTHING] }), 'Stack/It: a host resource group to share is missing: there is no default for it.'],
  ['a principal', () => share({ principals: [NOTHING] }), 'Stack/It: a principal is missing: there is no default for it.'],
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
    ['an account that is named twice', token => ({
      productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux', excludedAccounts: [token, token] })],
    }), 'Stack/It: excludedAccounts names \'Stack/Parameter\' more than once.'],
    ['a tag that is named twice', token => ({
      productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux', excludedTags: [{ key: token }, { key: token, value: '1' }] })],
    }), 'Stack/It: excludedTags names \'Stack/Parameter\' both for every value and again.'],
  ])('%s', (_, props, message) => {
    const token = parameter();
    expect(() => license(props(token))).toThrow(message);
  });
});
