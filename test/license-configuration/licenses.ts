import { App, Resource, Stack } from 'aws-cdk-lib';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';

export const LICENSE_ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef';

/**
 * A license of which only the ARN is known: what somebody else's reference to a license may look like.
 */
export class ImportedLicense extends Resource implements ILicenseConfigurationRef {
  public readonly licenseConfigurationRef;

  constructor(scope: Construct, id: string, licenseConfigurationArn: string = LICENSE_ARN) {
    super(scope, id);
    this.licenseConfigurationRef = { licenseConfigurationArn };
  }
}

/**
 * A license without an L2.
 */
export function makeLicense(scope: Construct, id: string, licenseRules?: string[], licenseCountingType = 'vCPU'): CfnLicenseConfiguration {
  return new CfnLicenseConfiguration(scope, id, { name: id, licenseCountingType, licenseRules });
}

/**
 * An app with a stack of one environment, and two licenses in it, as the tests of the mixins have them.
 */
export function makeStackWithLicenses(licenseCountingType?: string) {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  return {
    app, stack, windows: makeLicense(stack, 'Windows', undefined, licenseCountingType), sql: makeLicense(stack, 'Sql', undefined, licenseCountingType),
  };
}

export function makeLicenses(scope: Construct, count: number): CfnLicenseConfiguration[] {
  return Array.from({ length: count }, (_, index) => makeLicense(scope, `License${index}`));
}

/** License specifications as they are in a template. */
export function specified(...licenses: unknown[]) {
  return licenses.map(LicenseConfigurationArn => ({ LicenseConfigurationArn }));
}
