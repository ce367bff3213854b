import { Stack, Token, Tokenization } from 'aws-cdk-lib';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { whereToLook } from './console';
import { accountOfLicense, countingTypeOf, regionOfLicense } from './license-reference';
import { resourceBehind, resourceInArn } from '../identity/reference';
import { overridden } from '../identity/rendered';

/**
 * The resource of a license, if this app makes it.
 */
export function resourceOfLicense(license: ILicenseConfigurationRef): CfnLicenseConfiguration | undefined {
  return resourceBehind(license, CfnLicenseConfiguration.isCfnLicenseConfiguration);
}

/**
 * What people call a license: its name, or its id if that is all that is known.
 */
export function nameOfLicense(license: ILicenseConfigurationRef): string {
  const resource = resourceOfLicense(license);
  const name = resource && overridden(resource, 'Name', resource.name);
  if (typeof name === 'string') {
    return Token.isUnresolved(name) || name.length <= 100 ? name : `${name.slice(0, 99)}…`;
  }
  const { licenseConfigurationArn } = license.licenseConfigurationRef;
  const id = resourceInArn(licenseConfigurationArn) === undefined ? undefined : licenseConfigurationArn.split(':')[6];
  return id || license.node.path;
}

/**
 * How many licenses there are, by what this app says of it: `undefined` if there is no limit, or it is not known. May be a token.
 */
export function countOfLicense(license: ILicenseConfigurationRef): number | undefined {
  const resource = resourceOfLicense(license);
  return resource && overridden(resource, 'LicenseCount', resource.licenseCount) as number | undefined;
}

/**
 * Whether this app says that a license has no limit.
 */
export function isUnlimited(license: ILicenseConfigurationRef): boolean {
  return resourceOfLicense(license) !== undefined && countOfLicense(license) === undefined;
}

/**
 * When a license expires, in seconds since 1970, by what this app says of it: `undefined` if it does not, or that is not known. May be a token.
 */
export function expiryOfLicense(license: ILicenseConfigurationRef): number | undefined {
  const resource = resourceOfLicense(license);
  return resource && overridden(resource, 'LicenseExpiry', resource.licenseExpiry) as number | undefined;
}

/**
 * What a license is and where, for people who read it in a mail: which one, whose, of how much, and where to look.
 */
export interface DescribedLicense {
  /** The license, as a sentence names it: 'windows' of account 111122223333 in us-east-1. */
  readonly license: string;
  /** Of how much: '96 cores (hard limit)'; of nothing if there is no limit that is known. */
  readonly limit?: string;
  /** A sentence. */
  readonly whereToLook: string;
}

/**
 * Describes a license for people.
 */
export function describeLicense(license: ILicenseConfigurationRef): DescribedLicense {
  const stack = Stack.of(license);
  const here = (value: string, own: string) => Token.isUnresolved(value) ? own : value;
  const region = here(regionOfLicense(license), stack.region);
  const account = here(accountOfLicense(license), stack.account);
  const resource = resourceOfLicense(license);
  const count = countOfLicense(license);
  const isHard = resource && overridden(resource, 'LicenseCountHardLimit', resource.licenseCountHardLimit) === true;
  const type = countingTypeOf(license);
  const unit = type === undefined || Token.isUnresolved(type) ? 'licenses' : UNITS[type] ?? `licenses (${type})`;
  return {
    license: `'${nameOfLicense(license)}' of account ${account} in ${region}`,
    limit: count === undefined ? undefined : `${Tokenization.stringifyNumber(count)} ${unit}, ${isHard ? 'a hard limit' : 'a soft limit'}`,
    whereToLook: whereToLook(region, 'Self-managed licenses'),
  };
}

const UNITS: { readonly [type: string]: string } = { vCPU: 'vCPUs', Core: 'cores', Socket: 'sockets', Instance: 'instances' };
