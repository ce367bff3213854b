import type { IConstruct } from 'constructs';
import { warnOfBlank } from '../private/finding/blank';
import { nameOrGenerated } from '../private/identity/names';
import { arnParts, colonNotSlash } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { checkLength, lit } from '../private/validation/validation';

/*
 * Groups and rulesets have the same limits, in the model of the API and in the schemas of CloudFormation: neither has a lower one.
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
  warnOfBlank(construct, property, found, wayOut);
  checkLength(construct, lit`LicenseAssetNameLength`, { property, value: found, minimum: 0, maximum: MAXIMUM_NAME, wayOut });
  return found;
}

/**
 * The description that the user gives, if it is allowed. None is written as an empty one: in an update of the API, what is missing stays as it is.
 *
 * https://docs.aws.amazon.com/license-manager/latest/APIReference/API_UpdateLicenseAssetGroup.html
 * https://docs.aws.amazon.com/license-manager/latest/APIReference/API_UpdateLicenseAssetRuleset.html
 */
export function descriptionOf(construct: IConstruct, description: string = ''): string {
  checkLength(construct, lit`LicenseAssetDescriptionLength`, {
    property: 'description', value: description, minimum: 0, maximum: MAXIMUM_DESCRIPTION,
  });
  return description;
}

/**
 * The form of the ARNs of a group or a ruleset: those of the type that the API's pattern of ARNs has room for. Rulesets that AWS manages need not be of
 * an account and Region.
 *
 * https://docs.aws.amazon.com/license-manager/latest/APIReference/API_GetLicenseAssetGroup.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 *
 * @param name  what it is, with its article
 * @param type  as in the ARN
 * @param lists by which command they are found
 */
export function assetArn(name: string, type: string, lists: string): Format {
  return {
    name: `the ARN of ${name}`,
    parts: [
      ...arnParts('license-manager').slice(0, 3), PLACE, PLACE, new RegExp(`^${type}$`),
      new RegExp(`^[A-Za-z0-9:_/+=,@.-]{1,${MAXIMUM_RESOURCE - type.length - 1}}$`),
    ],
    expected: `'arn:<partition>:license-manager:<region>:<account>:${type}:<id>'`,
    wayOut: colonNotSlash(type, `Take the ARN from 'aws license-manager ${lists}'.`),
  };
}

/** A Region or an account. */
const PLACE = /^[A-Za-z0-9_/.-]{0,63}$/;
const MAXIMUM_RESOURCE = 1024;
