import { App, Stack } from 'aws-cdk-lib';
import { CfnInstance, CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { brief, check, ENV, reportOf } from '../report';

const RULE = 'LicenseInAnotherRegion';
const arn = (region: string) => `arn:aws:license-manager:${region}:111122223333:license-configuration:lic-${'1'.repeat(32)}`;
const specified = (licenseConfigurationArn: string) => ({ licenseSpecifications: [{ licenseConfigurationArn }] });

test.each<[string, (stack: Stack, licenseArn: string) => void]>([
  ['an instance', (stack, it) => new CfnInstance(stack, 'It', { imageId: 'ami-0123456789abcdef0', ...specified(it) })],
  ['a launch template', (stack, it) => new CfnLaunchTemplate(stack, 'It', { launchTemplateData: specified(it) })],
])('%s with a license of another Region, by its ARN, is found', (_, define) => {
  const [finding, ...others] = check(RULE, stack => define(stack, arn('eu-west-1')));

  expect(others).toEqual([]);
  expect(finding).toMatchObject({ path: 'Stack/It', severity: 'error' });
  expect(finding.message).toBe(`License '${arn('eu-west-1')}' is in 'eu-west-1', and it launches in 'us-east-1'.`);
  expect(check(RULE, stack => define(stack, arn('us-east-1')))).toEqual([]);
});

test.each<[string, string | undefined, string[]]>([
  ['another Region', 'eu-west-1', ['error Servers/It']], ['its own Region', 'us-east-1', []],
])('a license of a stack in %s is followed', (_, region, expected) => {
  const app = new App({ analyticsReporting: false });
  const license = new CfnLicenseConfiguration(new Stack(app, 'Licenses', { env: { ...ENV, region }, crossRegionReferences: true }), 'License', {
    name: 'it', licenseCountingType: 'vCPU',
  });
  new CfnInstance(new Stack(app, 'Servers', { env: ENV, crossRegionReferences: true }), 'It', {
    imageId: 'ami-0123456789abcdef0', ...specified(license.attrLicenseConfigurationArn),
  });

  expect(brief(reportOf(app).filter(({ rule }) => rule === RULE))).toEqual(expected);
});

test('a stack whose Region is open is not judged', () => {
  const app = new App({ analyticsReporting: false });
  new CfnInstance(new Stack(app, 'Stack'), 'It', { imageId: 'ami-0123456789abcdef0', ...specified(arn('eu-west-1')) });

  expect(reportOf(app).filter(({ rule }) => rule === RULE)).toEqual([]);
});
