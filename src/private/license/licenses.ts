import { Annotations, Stack } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { accountOfLicense, isOfRds, regionOfLicense } from './license-reference';
import { isBranded } from '../identity/copies';
import { knownToDiffer } from '../identity/reference';
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

/**
 * Warns of licenses that something is given, and that are not for it: those of another account, and those for databases.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-configurations-share.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/create-license-configuration.html
 */
export function warnOfForeign(scope: IConstruct, licenses: readonly ILicenseConfigurationRef[]): void {
  const { account: own } = Stack.of(scope);
  for (const license of licenses) {
    const account = accountOfLicense(license);
    const named = `License '${license.node.path}'`;
    if (knownToDiffer(account, own)) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:licenseOfAnotherAccount',
        `${named} belongs to account '${account}' and the stack to '${own}': AWS refuses its use unless it is shared with the stack's account ` +
        '(LicenseShare).' + (isBranded(license, 'LicenseConfiguration')
          ? ' When it is replaced by other rules, this stack does not hear of it: make a second license instead.' : ''));
    }
    if (isOfRds(license)) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:licenseOfDatabases',
        `${named} tracks a product of Amazon RDS, whose databases get it by automated discovery: here it would count something else, and a license that ` +
        'tracks Amazon RDS tracks nothing besides. Leave it out, and make another license for what runs here.');
    }
  }
}
