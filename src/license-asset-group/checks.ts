import type { IConstruct } from 'constructs';
import { nameOrGenerated } from '../private/identity/names';
import { checkLength, checkNotBlank, lit } from '../private/validation/validation';

/*
 * Groups and rulesets have the same limits.
 *
 * https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateLicenseAssetGroup.html
 * https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateLicenseAssetRuleset.html
 */
const MAXIMUM_NAME = 128;
const MAXIMUM_DESCRIPTION = 1024;

/** The name that the user gives, if it is allowed, or a generated one. */
export function nameOf(construct: IConstruct, property: string, name: string | undefined): string {
  const wayOut = 'Correct it, or leave it out to have a name generated.';
  const found = nameOrGenerated(construct, name);
  checkNotBlank(construct, lit`LicenseAssetNameEmpty`, { property, value: found, wayOut });
  checkLength(construct, lit`LicenseAssetNameLength`, { property, value: found, minimum: 1, maximum: MAXIMUM_NAME, wayOut });
  return found;
}

/** The description that the user gives, if it is allowed. */
export function descriptionOf(construct: IConstruct, description: string | undefined): string {
  checkLength(construct, lit`LicenseAssetDescriptionLength`, {
    property: 'description', value: description, minimum: 0, maximum: MAXIMUM_DESCRIPTION,
  });
  // Left out of an update it would stay.
  return description ?? '';
}
