import { Token } from 'aws-cdk-lib';
import type { Expiration } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { expiryOfLicense } from './described-license';
import { dateInSeconds } from '../validation/dates';
import { lit, refuse } from '../validation/validation';

/**
 * When something expires, in seconds since 1970: as it was given, else as the license has it. Refuses what is not known at synthesis.
 *
 * @param license  the license
 * @param property what it was given as, in messages
 * @param given    what was given
 * @param scope    who was given it
 */
export function givenExpiry(license: ILicenseConfigurationRef, property: string, given: Expiration | undefined, scope: IConstruct = license): number {
  if (given !== undefined) {
    return Date.parse(dateInSeconds(scope, property, given.date, 'Use Expiration.atDate() with a valid date.')) / 1000;
  }
  const expiry = expiryOfLicense(license);
  if (expiry === undefined) {
    refuse(scope, lit`LicenseExpiryUnknown`,
      `it is not known when the licenses of '${license.node.path}' expire. Set licenseExpiry of the license, or, if somebody else makes it, ${property}.`);
  }
  if (Token.isUnresolved(expiry)) {
    refuse(scope, lit`LicenseExpiryUnknown`,
      `the expiry of '${license.node.path}' is a token, which is known at the deployment only, and the days are counted at synthesis. Write the date out, or set `
      + `${property}.`);
  }
  return Number(expiry);
}
