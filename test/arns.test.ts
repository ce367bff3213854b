/*
 * Names of AWS as its documentation and its API models have them: each is taken at both ends of what a model says, and not beyond. What no model says
 * anything of is taken in every form that a sample has.
 */
import { App, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import {
  Grant, HostResourceGroup, IdentityProvider, License, LicenseAssetGroup, LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationAssociation,
  LicensedResource, LicenseServerEndpoint, LicenseShare, ReportGenerator, SubscriptionProvider,
} from '../src';
import { isArn, SELF_MANAGED_LICENSE } from '../src/custom-resource/contract/arn';

let stack: Stack;
const renew = () => {
  stack = new Stack(new App(), 'Stack');
};
beforeEach(renew);

const SELF_MANAGED = 'arn:aws:license-manager:us-east-1:123456789012:license-configuration:';
const letters = (count: number) => 'a'.repeat(count);

test.each([
  ['the log of the user guide', `${SELF_MANAGED}lic-9ab477f4bEXAMPLE55f3ec08a5423f77`],
  ['the command line reference', 'arn:aws:license-manager:us-west-2:123456789012:license-configuration:lic-6eb6586f508a786a2ba41EXAMPLE1111'],
  ['a short id', `${SELF_MANAGED}lic-abc123`],
  ['the shortest id', `${SELF_MANAGED}lic-0`],
  ['the pattern of Amazon Bedrock AgentCore', `${SELF_MANAGED}lic-A_z-9`],
  ['China', `${SELF_MANAGED}lic-1`.replace('arn:aws:license-manager:us-east-1', 'arn:aws-cn:license-manager:cn-northwest-1')],
  ['GovCloud', `${SELF_MANAGED}lic-1`.replace('arn:aws:license-manager:us-east-1', 'arn:aws-us-gov:license-manager:us-gov-east-1')],
  ['the European Sovereign Cloud', `${SELF_MANAGED}lic-1`.replace('arn:aws:license-manager:us-east-1', 'arn:aws-eusc:license-manager:eusc-de-east-1')],
  ['a partition of its own kind', `${SELF_MANAGED}lic-1`.replace('arn:aws:license-manager:us-east-1', 'arn:aws-iso-b:license-manager:us-isob-east-1')],
])('a self-managed license as in %s is taken by the import and by the function', (_, arn) => {
  expect(LicenseConfiguration.fromLicenseConfigurationArn(stack, 'It', arn).licenseConfigurationArn).toBe(arn);
  expect(isArn(SELF_MANAGED_LICENSE, arn)).toBe(true);
});

test('a self-managed license with a slash, as one sample has it, is refused: models and the authorization reference have a colon', () => {
  const arn = `${SELF_MANAGED.slice(0, -1)}/lic-1`;
  expect(() => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'It', arn)).toThrow(`The id follows a colon, not a slash: '${SELF_MANAGED}lic-1'.`);
  expect(isArn(SELF_MANAGED_LICENSE, arn)).toBe(false);
});

const LINUX = 'arn:aws:license-manager-linux-subscriptions:us-east-1:123456789012:subscription-provider/';
const PROVIDER = 'arn:aws:license-manager-user-subscriptions:us-east-1:123456789012:identity-provider/';
const ENDPOINT = 'arn:aws:license-manager-user-subscriptions:us-east-1:123456789012:license-server-endpoint/';

test.each<[string, string, (arn: string) => unknown, boolean]>([
  ['license', 'arn:aws:license-manager::123456789012:license:l-EXAMPLE', arn => License.fromLicenseArn(stack, 'It', arn), true],
  ['license', `arn:aws:license-manager::${letters(63)}:license:l-1`, arn => License.fromLicenseArn(stack, 'It', arn), true],
  ['license', `arn:aws:license-manager::${letters(64)}:license:l-1`, arn => License.fromLicenseArn(stack, 'It', arn), false],
  ['grant', 'arn:aws:license-manager::123456789012:grant:g-EXAMPLE', arn => Grant.fromGrantArn(stack, 'It', arn), true],
  ['grant', `arn:aws:license-manager:${letters(63)}:123456789012:grant:g-1`, arn => Grant.fromGrantArn(stack, 'It', arn), true],
  ['grant', `arn:aws:license-manager:${letters(64)}:123456789012:grant:g-1`, arn => Grant.fromGrantArn(stack, 'It', arn), false],
  ['share', 'arn:aws:ram:us-east-1:111122223333:resource-share/a1b2c3d4-5678-90ab-cdef-EXAMPLE11111', arn => LicenseShare.fromLicenseShareArn(stack, 'It', arn), true],
  ['share', 'arn:aws:ram:us-east-1:111122223333:resource-share/', arn => LicenseShare.fromLicenseShareArn(stack, 'It', arn), false],
  ...[[0, false], [1, true], [2, true], [509, true], [510, true], [511, false]].flatMap(([count, taken]): any[] => [
    [`provider with an id of ${count}`, `${LINUX}${letters(Number(count))}`, (arn: string) => SubscriptionProvider.fromSubscriptionProviderArn(stack, 'It', arn), taken],
    [`endpoint with an id of ${count}`, `${ENDPOINT}${letters(Number(count))}`,
      (arn: string) => LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'It', arn), taken],
  ]),
  ['provider with capitals', `${LINUX}A`, arn => SubscriptionProvider.fromSubscriptionProviderArn(stack, 'It', arn), false],
  ['identity provider with capitals', `${PROVIDER}idp-A.1`, arn => IdentityProvider.fromIdentityProviderArn(stack, 'It', arn), true],
  ['identity provider with an underscore', `${PROVIDER}idp_1`, arn => IdentityProvider.fromIdentityProviderArn(stack, 'It', arn), false],
  ['endpoint with capitals', `${ENDPOINT}lse-A.1`, arn => LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'It', arn), true],
])('the ARN of a %s, %#: is it taken?', (_, arn, make, taken) => {
  if (taken) {
    expect(() => make(arn)).not.toThrow();
  } else {
    expect(() => make(arn)).toThrow(`'${arn}', for 'It', is not the ARN of a`);
  }
});

test.each<[string, () => LicensedResource]>([
  ['an instance of the API reference', () => LicensedResource.fromInstanceArn('arn:aws:ec2:us-east-1:123456789012:instance/i-0598c7d356EXAMPLE')],
  ['its id', () => LicensedResource.fromInstanceId('i-0598c7d356EXAMPLE')],
  ['an image', () => LicensedResource.fromMachineImageId('ami-0abcdef1234567890')],
  ['a host with a short id', () => LicensedResource.fromHostId('h-EXAMPLE1')],
])('what uses a license: %s', (_, make) => {
  new LicenseConfigurationAssociation(stack, 'It', {
    licenseConfiguration: LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', `${SELF_MANAGED}lic-1`), resource: make(),
  });
  Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
});

const PLACE = 'us-east-1:111122223333';
const ID = '0123456789abcdef0123456789abcdef';

describe.each<[string, (scope: Stack, arn: string) => unknown, string, string]>([
  ['grant', (scope, arn) => Grant.fromGrantArn(scope, 'It', arn), `arn:aws:license-manager::111122223333:grant:g-${ID}`, 'grant'],
  ['license', (scope, arn) => License.fromLicenseArn(scope, 'It', arn), `arn:aws:license-manager::111122223333:license:l-${ID}`, 'license'],
  ['self-managed license', (scope, arn) => LicenseConfiguration.fromLicenseConfigurationArn(scope, 'It', arn),
    `arn:aws:license-manager:${PLACE}:license-configuration:lic-${ID}`, 'license-configuration'],
  ['usage report', (scope, arn) => ReportGenerator.fromReportGeneratorArn(scope, 'It', arn),
    `arn:aws:license-manager:${PLACE}:report-generator:r-${ID}`, 'report-generator'],
  ['license asset group', (scope, arn) => LicenseAssetGroup.fromLicenseAssetGroupArn(scope, 'It', arn),
    `arn:aws:license-manager:${PLACE}:license-asset-group:lag-${ID}`, 'license-asset-group'],
  ['license asset ruleset', (scope, arn) => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(scope, 'It', arn),
    `arn:aws:license-manager:${PLACE}:license-asset-ruleset:lar-${ID}`, 'license-asset-ruleset'],
  ['resource share', (scope, arn) => LicenseShare.fromLicenseShareArn(scope, 'It', arn), `arn:aws:ram:${PLACE}:resource-share/${ID}`, 'resource-share'],
  ['host resource group', (scope, arn) => HostResourceGroup.fromHostResourceGroupArn(scope, 'It', arn),
    `arn:aws:resource-groups:${PLACE}:group/hosts`, 'group'],
  ['subscription provider', (scope, arn) => SubscriptionProvider.fromSubscriptionProviderArn(scope, 'It', arn),
    `arn:aws:license-manager-linux-subscriptions:${PLACE}:subscription-provider/redhat-1`, 'subscription-provider'],
  ['identity provider', (scope, arn) => IdentityProvider.fromIdentityProviderArn(scope, 'It', arn),
    `arn:aws:license-manager-user-subscriptions:${PLACE}:identity-provider/idp-1`, 'identity-provider'],
  ['license server endpoint', (scope, arn) => LicenseServerEndpoint.fromLicenseServerEndpointArn(scope, 'It', arn),
    `arn:aws:license-manager-user-subscriptions:${PLACE}:license-server-endpoint/e-1`, 'license-server-endpoint'],
])('the ARN of a %s', (_name, load, arn, type) => {
  const loading = (text: string) => () => load(new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } }), text);
  const ofType = (other: string) => arn.replace(new RegExp(`:${type}([:/])`), `:${other}$1`);

  test('is taken', () => {
    expect(loading(arn)).not.toThrow();
  });

  test.each([`x${type}`, `${type}x`, '', 'instance'])('is none with the type \'%s\'', (other) => {
    expect(loading(ofType(other))).toThrow(`'${ofType(other)}'`);
  });

  test('is none without an id', () => {
    const withoutId = arn.slice(0, arn.search(/[^:/]+$/));
    expect(loading(withoutId)).toThrow(`'${withoutId}'`);
  });
});

const TOKEN = Fn.ref('Id');

test.each<[string, (arn: string) => unknown]>([
  ['license-configuration', arn => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'It', arn)],
  ['license-asset-group', arn => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'It', arn)],
  ['license-asset-ruleset', arn => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'It', arn)],
  ['report-generator', arn => ReportGenerator.fromReportGeneratorArn(stack, 'It', arn)],
  ['license', arn => License.fromLicenseArn(stack, 'It', arn)],
  ['grant', arn => Grant.fromGrantArn(stack, 'It', arn)],
])('of the ARN of a %s with a token as its id, what is written is looked at', (type, make) => {
  const place = ['license', 'grant'].includes(type) ? ':123456789012' : 'us-east-1:123456789012';
  expect(() => make(`arn:aws:license-manager:${place}:${type}:${TOKEN}`)).not.toThrow();
  renew();
  expect(() => make(TOKEN)).not.toThrow();
  for (const wrong of [`license-manager:${place}:something:`, `license-manager:${place}:${type}/`, `ec2:${place}:${type}:`]) {
    renew();
    expect(() => make(`arn:aws:${wrong}${TOKEN}`)).toThrow(`Stack: '{"Fn::Join":["",["arn:aws:${wrong}",{"Ref":"Id"}]]}', for 'It', is not the ARN of`);
  }
});

test('the literal beginning of an id is looked at, beside a token', () => {
  expect(() => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'It', `${SELF_MANAGED}lic-${TOKEN}`)).not.toThrow();
  expect(() => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Other', `${SELF_MANAGED}r-${TOKEN}`)).toThrow('is not the ARN of a self-managed license');
});

test.each<[string, () => LicensedResource, string]>([
  ['fromHostId', () => LicensedResource.fromHostId(`i-${TOKEN}`), 'EC2 Dedicated Host: it has to be \'h-\' and 8 or 17 letters and digits. It is the id of an EC2 instance: ' +
    'use LicensedResource.fromInstanceId().'],
  ['fromMachineImageId', () => LicensedResource.fromMachineImageId(`arn:aws:ec2:us-east-1::image/${TOKEN}`),
    'AMI: it has to be \'ami-\' and 8 or 17 letters and digits. It is an ARN: use LicensedResource.fromMachineImageArn().'],
])('%s of an id with a token at its end', (_, make, text) => {
  expect(() => new LicenseConfigurationAssociation(stack, 'It', {
    licenseConfiguration: LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', `${SELF_MANAGED}lic-1`), resource: make(),
  })).toThrow(`is not the id of an ${text}`);
});
