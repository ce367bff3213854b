import { App, Stack, Validations } from 'aws-cdk-lib';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { LicenseConfiguration, LicenseCounting, Provisioning } from '../../../src';
import { brief, reportOf } from '../report';

const RULE = 'TypeNotInRegion';

/** What the rule says of a license in a Region. */
function inRegion(region: string | undefined, define: (stack: Stack) => void = stack => new CfnLicenseConfiguration(stack, 'License', { name: 'it', licenseCountingType: 'vCPU' })) {
  const app = new App({ analyticsReporting: false });
  define(new Stack(app, 'Stack', { env: { region } }));
  return reportOf(app).filter(({ rule }) => rule === RULE);
}

test('a type in a Region that has not got it is found', () => {
  const findings = inRegion('eu-west-1');

  expect(brief(findings)).toEqual(['error Stack/License']);
  expect(findings[0].message).toBe("CloudFormation has no AWS::LicenseManager::LicenseConfiguration in 'eu-west-1'.");
  expect(findings[0].fix).toContain('ProvisioningInjector.addTo');
});

test.each(['us-east-1', undefined, 'xx-new-1', 'eusc-de-east-1'])('a type in %s, which has it, or of which nobody knows, is right', region => {
  expect(inRegion(region)).toEqual([]);
});

test('a license through the API is right everywhere', () => {
  expect(inRegion('eu-west-1', stack => new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.vcpus(), provisioning: Provisioning.CUSTOM_RESOURCE,
  }))).toEqual([]);
});

test('who has told the CDK that the Region has it by now, need not say it twice', () => {
  expect(inRegion('eu-west-1', stack => {
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
    Validations.of(license).acknowledge({ id: 'CloudFormation-Validate::F3006', reason: 'It has been there since May.' });
  })).toEqual([]);
});
