import { Stack } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import type { IConstruct } from 'constructs';
import { regionOfLicense } from './license-reference';
import { knownToDiffer } from './reference';
import { refuse } from './validation';

/**
 * Refuses a license that is known to be in another Region than the stack of what uses it.
 */
export function checkLicenseRegions(scope: IConstruct, licenses: readonly ILicenseConfigurationRef[]): void {
  const { region: own } = Stack.of(scope);
  for (const license of licenses) {
    const region = regionOfLicense(license);
    if (knownToDiffer(region, own)) {
      refuse(scope, lit`LicenseInAnotherRegion`,
        `license '${license.node.path}' is in Region '${region}' and the stack in '${own}': License Manager tracks nothing across ` +
        `Regions. Use a license of '${own}'.`);
    }
  }
}
