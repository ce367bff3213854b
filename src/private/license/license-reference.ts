import { Token } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { ID_END_BEFORE_LOOKUP, identityOfFound } from '../identity/look-up';
import { accountOf, referredConstruct, regionOf } from '../identity/reference';

/**
 * How many self-managed licenses a resource can have: a quota, so more is a matter of a warning and not of an error.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/licensemanager.html
 */
export const LICENSES_PER_RESOURCE = 10;

/**
 * The id that a license has until it is looked up (`LicenseConfiguration.fromLookup`): the same for all.
 */
export const ID_BEFORE_LOOKUP = `lic-${ID_END_BEFORE_LOOKUP}`;

/**
 * The same as `identityOf`, for a license.
 */
export function identityOfLicense(license: ILicenseConfigurationRef): string {
  return identityOfFound(license, license.licenseConfigurationRef.licenseConfigurationArn);
}

/**
 * The Region of a license: that of its ARN where it is written there, else that of its construct. May be a token.
 */
export function regionOfLicense(license: ILicenseConfigurationRef): string {
  return regionOf(license, license.licenseConfigurationRef.licenseConfigurationArn);
}

/**
 * The account of a license: that of its ARN where it is written there, else that of its construct. May be a token.
 */
export function accountOfLicense(license: ILicenseConfigurationRef): string {
  return accountOf(license, license.licenseConfigurationRef.licenseConfigurationArn);
}

/**
 * What a license is counted by (`vCPU`, `Instance`, `Core`, `Socket`), or `undefined` if that is not known. May be a token.
 */
export function countingTypeOf(license: ILicenseConfigurationRef): string | undefined {
  if (license.licenseConfigurationRef.licenseConfigurationArn.endsWith(ID_BEFORE_LOOKUP)) {
    // Until it is looked up, it has a made-up one.
    return undefined;
  }
  return writtenCountingTypeOf(license);
}

/**
 * The same, and the made-up one of a license until it is looked up.
 */
export function writtenCountingTypeOf(license: ILicenseConfigurationRef): string | undefined {
  const { licenseCounting, licenseCountingType } = license as KnownLicense;
  return typeof licenseCounting === 'object' ? licenseCounting.licenseCountingType : licenseCountingType;
}

/**
 * What a license is counted by if that is known to be nothing that is counted on hosts (`vCPU`, `Instance`): a host resource group takes none
 * of those.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-groups.html
 */
export function notHostBased(license: ILicenseConfigurationRef): string | undefined {
  const type = countingTypeOf(license);
  return type === undefined || Token.isUnresolved(type) || HOST_BASED.includes(type) ? undefined : type;
}

/** What is counted on hosts. */
const HOST_BASED = ['Core', 'Socket'];

/**
 * The tenancies that a license allows, in License Manager's names, or `undefined` if it allows all or nothing is known.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
 */
export function tenanciesOf(license: ILicenseConfigurationRef): string[] | undefined {
  const { licenseCounting, licenseRules } = license as KnownLicense;
  const rules = Array.isArray(licenseRules) ? licenseRules.filter(r => typeof r === 'string') : [];
  return tenanciesIn(rules, countingTypeOf(license), typeof licenseCounting === 'object' ? licenseCounting.allowedTenancy : undefined);
}

/**
 * The same, of what is written: the rules, the type of counting, and the tenancies where they are known otherwise.
 */
export function tenanciesIn(rules: readonly string[], countingType: string | undefined, known?: string[]): string[] | undefined {
  const rule = rules.find(r => r.startsWith(TENANCY_RULE));
  const written = known ?? rule?.slice(TENANCY_RULE.length).split(',').map(name => name.trim());
  if (written?.length) {
    return written.every(name => TENANCIES.includes(name)) ? written : undefined;
  }
  // Cores and sockets are counted on Dedicated Hosts only.
  return countingType !== undefined && HOST_BASED.includes(countingType) ? ['EC2-DedicatedHost'] : undefined;
}

/**
 * Whether the tenancies that a license allows are a rule of it. Without one License Manager takes all, though it counts cores and sockets on Dedicated
 * Hosts only.
 */
export function isTenancyRule(license: ILicenseConfigurationRef): boolean {
  const { licenseCounting } = license as KnownLicense;
  // Of an imported one that is counted on hosts, the counting says so in any case.
  const isSaid = typeof licenseCounting === 'object' && licenseCounting.allowedTenancy !== undefined
    && !HOST_BASED.includes(licenseCounting.licenseCountingType);
  return isSaid || rulesOf(license).some(rule => rule.startsWith(TENANCY_RULE));
}

/**
 * Whether the rules of `LicenseCompliance` know which license it is: one that the app makes, or one whose ARN is written.
 */
export function isSeenByRules(license: ILicenseConfigurationRef): boolean {
  const arn = license.licenseConfigurationRef.licenseConfigurationArn;
  return !arn.endsWith(ID_BEFORE_LOOKUP) && (!Token.isUnresolved(arn) || referredConstruct(arn) !== undefined);
}

/**
 * The value of a rule of a license (`minimumVcpus`), or `undefined` if it has none or it is not known.
 */
export function ruleOf(license: ILicenseConfigurationRef, name: string): string | undefined {
  const prefix = `#${name}=`;
  const value = rulesOf(license).find(rule => rule.startsWith(prefix))?.slice(prefix.length);
  return Token.isUnresolved(value) ? undefined : value;
}

/**
 * Whether a license that this app makes is known to track a product of Amazon RDS.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/create-license-configuration.html
 */
export function isOfRds(license: ILicenseConfigurationRef): boolean {
  const { productInformationList: products } = (license.node.defaultChild ?? license) as KnownLicense;
  return Array.isArray(products) && products.some(product => product?.resourceType === 'RDS');
}

/** The rules of a license that this app makes, by the L2 or the L1. */
function rulesOf(license: ILicenseConfigurationRef): string[] {
  const resource = (license.node.defaultChild ?? license) as KnownLicense;
  return Array.isArray(resource.licenseRules) ? resource.licenseRules.filter(rule => typeof rule === 'string') : [];
}

/** What is known of a license that this app makes: by the L2 or, with rules as strings, by the L1. */
interface KnownLicense {
  readonly licenseCounting?: string | { readonly licenseCountingType: string; readonly allowedTenancy?: string[] };
  readonly licenseCountingType?: string;
  readonly licenseRules?: string[];
  /** Tokens among them, or instead of them, have no type of resource. */
  readonly productInformationList?: { readonly resourceType?: string }[];
}

const TENANCY_RULE = '#allowedTenancy=';
const TENANCIES = ['EC2-Default', 'EC2-DedicatedInstance', 'EC2-DedicatedHost'];
