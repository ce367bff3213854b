import { Annotations, Stack } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { regionOfLicense } from './license-reference';
import { checkRegion } from '../validation/place';
import { lit } from '../validation/validation';

/**
 * Refuses a license that is known to be in another Region than the stack of what uses it.
 */
export function checkLicenseRegions(scope: IConstruct, licenses: readonly ILicenseConfigurationRef[]): void {
  const { region: own } = Stack.of(scope);
  for (const license of licenses) {
    const region = regionOfLicense(license);
    checkRegion(scope, lit`LicenseInAnotherRegion`, {
      what: `license '${license.node.path}'`,
      value: region,
      reason: `License Manager tracks nothing across Regions. Use a license of '${own}'.`,
    });
  }
}

/**
 * What is known of a license that the app makes by the L2; of any other, nothing of it is there.
 */
export interface OwnLicense {
  /** What releases the resources of the license before it is deleted. */
  readonly _releaser?: IConstruct;
  /** The status that the app sets, and what sets it. */
  readonly _status?: { readonly value: string; readonly writer: IConstruct };
}

/**
 * Whether the app deactivates a license.
 */
export function isDeactivated(license: ILicenseConfigurationRef): boolean {
  return (license as OwnLicense)._status?.value === 'DISABLED';
}

/**
 * Warns of licenses that the app deactivates and gives to instances. AMIs may have them.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-configurations.html
 */
export function warnOfDeactivated(scope: IConstruct, licenses: readonly ILicenseConfigurationRef[]): void {
  const license = licenses.find(isDeactivated);
  if (license) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:licenseDeactivated',
      `The status of license '${license.node.path}' is 'DISABLED': nothing can be launched with it, and License Manager refuses to deactivate it while ` +
      'a running instance has it. Make it available, or take it away here first.');
  }
}
