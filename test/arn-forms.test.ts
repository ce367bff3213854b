import { App, Stack } from 'aws-cdk-lib';
import {
  Grant, HostResourceGroup, License, LicenseAssetGroup, LicenseAssetRuleSet, LicenseConfiguration, LicenseServerEndpoint, LicenseShare,
  ReportGenerator, SubscriptionProvider,
} from '../src';

const PLACE = 'us-east-1:111122223333';
const ID = '0123456789abcdef0123456789abcdef';

describe.each<[string, (stack: Stack, arn: string) => unknown, string, string]>([
  ['grant', (stack, arn) => Grant.fromGrantArn(stack, 'It', arn), `arn:aws:license-manager::111122223333:grant:g-${ID}`, 'grant'],
  ['license', (stack, arn) => License.fromLicenseArn(stack, 'It', arn), `arn:aws:license-manager::111122223333:license:l-${ID}`, 'license'],
  ['self-managed license', (stack, arn) => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'It', arn),
    `arn:aws:license-manager:${PLACE}:license-configuration:lic-${ID}`, 'license-configuration'],
  ['usage report', (stack, arn) => ReportGenerator.fromReportGeneratorArn(stack, 'It', arn),
    `arn:aws:license-manager:${PLACE}:report-generator:r-${ID}`, 'report-generator'],
  ['license asset group', (stack, arn) => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'It', arn),
    `arn:aws:license-manager:${PLACE}:license-asset-group:lag-${ID}`, 'license-asset-group'],
  ['license asset ruleset', (stack, arn) => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'It', arn),
    `arn:aws:license-manager:${PLACE}:license-asset-ruleset:lar-${ID}`, 'license-asset-ruleset'],
  ['resource share', (stack, arn) => LicenseShare.fromLicenseShareArn(stack, 'It', arn), `arn:aws:ram:${PLACE}:resource-share/${ID}`, 'resource-share'],
  ['host resource group', (stack, arn) => HostResourceGroup.fromHostResourceGroupArn(stack, 'It', arn),
    `arn:aws:resource-groups:${PLACE}:group/hosts`, 'group'],
  ['subscription provider', (stack, arn) => SubscriptionProvider.fromSubscriptionProviderArn(stack, 'It', arn),
    `arn:aws:license-manager-linux-subscriptions:${PLACE}:subscription-provider/redhat-1`, 'subscription-provider'],
  ['license server endpoint', (stack, arn) => LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'It', arn),
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
