/*
 * What there is, as the APIs tell it. A member that is undefined was not told.
 */

/** A tag. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** A self-managed license, of this account or shared with it. */
export interface LicenseConfigurationData {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly countingType: string;
  readonly rules: readonly string[];
  readonly count?: number;
  readonly hardLimit: boolean;
  readonly expiry?: number;
  readonly disassociateWhenNotFound: boolean;
  readonly status?: string;
  readonly owner?: string;
  readonly products: readonly ProductData[];
  readonly tags?: readonly Tag[];
  readonly associations?: readonly AssociationData[];
}

/** Product information of a license. */
export interface ProductData {
  readonly resourceType: string;
  readonly filters: readonly FilterData[];
}

/** A filter of product information. */
export interface FilterData {
  readonly name: string;
  readonly comparator: string;
  readonly values?: readonly string[];
}

/** What a license is on. */
export interface AssociationData {
  readonly resourceArn: string;
  readonly resourceType?: string;
  readonly owner?: string;
  readonly scope?: string;
}

/** A license asset ruleset. */
export interface RuleSetData {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly rules: readonly RuleData[];
  readonly tags?: readonly Tag[];
}

/** A rule of a ruleset, as the API has it. */
export interface RuleData {
  readonly statement: { readonly [kind: string]: unknown };
}

/** A license asset group. */
export interface AssetGroupData {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly dimensions: readonly string[];
  readonly ruleSets: readonly string[];
  readonly properties: readonly Tag[];
  readonly status?: string;
  readonly tags?: readonly Tag[];
}

/** A report generator. */
export interface ReportData {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly types: readonly string[];
  readonly licenseConfigurations: readonly string[];
  readonly assetGroups: readonly string[];
  readonly start?: Date;
  readonly end?: Date;
  readonly period?: string;
  readonly value?: number;
  readonly tags?: readonly Tag[];
}

/** A host resource group. */
export interface HostGroupData {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  /** Type to its parameters. */
  readonly configuration: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  readonly hosts?: readonly string[];
  readonly tags?: readonly Tag[];
}

/** A share of AWS RAM that has something of License Manager. */
export interface ShareData {
  readonly arn: string;
  readonly name: string;
  readonly allowExternalPrincipals: boolean;
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  /** Those that are not the default of what is shared. */
  readonly permissions: readonly string[];
  readonly tags?: readonly Tag[];
}

/** A seller-issued license. */
export interface IssuedLicenseData {
  readonly arn: string;
  readonly name: string;
  readonly productName: string;
  readonly productSku: string;
  readonly issuerName: string;
  readonly signKey?: string;
  readonly homeRegion?: string;
  readonly status?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly beneficiary: string;
  readonly entitlements: readonly EntitlementData[];
  readonly renewType?: string;
  readonly provisionalMinutes?: number;
  readonly borrowMinutes?: number;
  readonly allowEarlyCheckIn?: boolean;
  readonly metadata: readonly Tag[];
  readonly tags?: readonly Tag[];
}

/** An entitlement. */
export interface EntitlementData {
  readonly name: string;
  readonly value?: string;
  readonly maxCount?: number;
  readonly overage?: boolean;
  readonly unit: string;
  readonly allowCheckIn?: boolean;
}

/** A grant, given or received. */
export interface GrantData {
  readonly arn: string;
  readonly name: string;
  readonly licenseArn: string;
  readonly principal: string;
  readonly homeRegion?: string;
  readonly status?: string;
  readonly operations: readonly string[];
  readonly tags?: readonly Tag[];
}

/** A token of a seller-issued license, without the token. */
export interface TokenData {
  readonly id: string;
  readonly licenseArn?: string;
  readonly status?: string;
}

/** What Amazon EC2 tells of an instance. */
export interface InstanceData {
  readonly imageId?: string;
  readonly state?: string;
  readonly autoScalingGroup?: string;
}

/** Something that Terraform manages. */
export interface TerraformResource {
  /** In the state. */
  readonly address: string;
}

/** All that there is in an account and a Region. */
export interface Estate {
  readonly account: string;
  readonly region: string;
  readonly licenseConfigurations: readonly LicenseConfigurationData[];
  readonly ruleSets: readonly RuleSetData[];
  readonly assetGroups: readonly AssetGroupData[];
  readonly reports: readonly ReportData[];
  readonly hostGroups: readonly HostGroupData[];
  readonly shares: readonly ShareData[];
  readonly issuedLicenses: readonly IssuedLicenseData[];
  readonly grants: readonly GrantData[];
  readonly receivedGrants: readonly GrantData[];
  readonly tokens: readonly TokenData[];
  /** The AMIs that are there; undefined if nobody has looked. */
  readonly images?: ReadonlySet<string>;
  readonly instances?: ReadonlyMap<string, InstanceData>;
  readonly hosts?: ReadonlySet<string>;
  readonly terraform: readonly TerraformResource[];
  /** What could not be read, in sentences. */
  readonly unread: readonly string[];
}
