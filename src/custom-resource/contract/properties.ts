/*
 * What the construct side writes into a custom resource and the Lambda side reads from it: the only file that both sides import.
 *
 * CloudFormation turns every scalar into a string on its way to the function; the types below are those after parsing.
 */

/**
 * The custom resource types, by the name that they have in a template.
 */
export const ResourceTypes = {
  LICENSE_CONFIGURATION: 'Custom::LicenseManagerLicenseConfiguration',
  LICENSE_CONFIGURATION_STATUS: 'Custom::LicenseManagerLicenseConfigurationStatus',
  LICENSE_CONFIGURATION_ASSOCIATION: 'Custom::LicenseManagerLicenseConfigurationAssociation',
  LICENSE_CONFIGURATION_DISASSOCIATION: 'Custom::LicenseManagerLicenseConfigurationDisassociation',
  REPORT_GENERATOR: 'Custom::LicenseManagerReportGenerator',
  REPORT_GENERATOR_LOCATION: 'Custom::LicenseManagerReportGeneratorLocation',
  AWS_MANAGED_LICENSE_ASSET_RULE_SET: 'Custom::LicenseManagerAwsManagedLicenseAssetRuleSet',
} as const;

/**
 * The name of a custom resource type.
 */
export type ResourceType = typeof ResourceTypes[keyof typeof ResourceTypes];

/**
 * A self-managed license that is provisioned through the API: the properties of `AWS::LicenseManager::LicenseConfiguration`.
 *
 * Attributes (Fn::GetAtt): LicenseConfigurationArn, LicenseConfigurationId, OwnerAccountId, Status. Physical id (Ref): the ARN.
 */
export interface LicenseConfigurationProperties {
  readonly Name: string;
  readonly Description?: string;
  readonly LicenseCountingType: string;
  readonly LicenseCount?: number;
  readonly LicenseCountHardLimit?: boolean;
  readonly LicenseRules?: string[];
  readonly LicenseExpiry?: number;
  readonly DisassociateWhenNotFound?: boolean;
  readonly ProductInformationList?: ProductInformationProperties[];
  readonly Tags?: TagProperties[];
}

export interface ProductInformationProperties {
  readonly ResourceType: string;
  readonly ProductInformationFilterList: ProductInformationFilterProperties[];
}

export interface ProductInformationFilterProperties {
  readonly ProductInformationFilterName: string;
  readonly ProductInformationFilterComparator: string;
  readonly ProductInformationFilterValue?: string[];
}

export interface TagProperties {
  readonly Key: string;
  readonly Value: string;
}

/**
 * The status of a self-managed license: 'AVAILABLE' or 'DISABLED'. A delete leaves the license as it is.
 */
export interface LicenseConfigurationStatusProperties {
  readonly LicenseConfigurationArn: string;
  readonly Status: string;
}

/**
 * A self-managed license on an AMI, an EC2 instance or a Dedicated Host.
 */
export interface LicenseConfigurationAssociationProperties {
  readonly LicenseConfigurationArn: string;
  readonly ResourceArn: string;
  /** 'cross-account', or absent; only for AMIs. */
  readonly AmiAssociationScope?: string;
}

/**
 * The tag of a self-managed license whose associations are to be released before it is deleted.
 *
 * CloudFormation deletes the resource that releases also when only that is taken out of the template. The license, which is updated before that,
 * has lost the tag by then, and nothing is released.
 */
export const DISASSOCIATE_ON_DELETE: TagProperties = { Key: 'cdk-license-manager:disassociate-resources-on-delete', Value: 'true' };

/**
 * Releases on delete every association that the self-managed license still has, if the license has the tag `DISASSOCIATE_ON_DELETE`; create and
 * update write nothing.
 */
export interface LicenseConfigurationDisassociationProperties {
  readonly LicenseConfigurationArn: string;
}

/**
 * A usage report that is provisioned through the API: the properties of `AWS::LicenseManager::ReportGenerator`.
 *
 * Attributes (Fn::GetAtt): Arn, CreateTime, ReportCreatorAccount, and those of the place of the reports, as below.
 * Physical id (Ref): the ARN.
 */
export interface ReportGeneratorProperties {
  readonly ReportGeneratorName: string;
  readonly Description?: string;
  readonly ReportType: string[];
  readonly ReportContext: ReportContextProperties;
  readonly ReportFrequency: ReportFrequencyProperties;
  readonly Tags?: TagProperties[];
}

export interface ReportContextProperties {
  readonly LicenseConfigurationArns?: string[];
  readonly LicenseAssetGroupArns?: string[];
  /** ISO 8601, such as 2026-01-31T00:00:00Z; so is the end. */
  readonly ReportStartDate?: string;
  readonly ReportEndDate?: string;
}

export interface ReportFrequencyProperties {
  readonly Period: string;
  readonly Value: number;
}

/**
 * Where the reports of a usage report go: read only.
 *
 * Attributes (Fn::GetAtt): Bucket; KeyPrefix, which ends with a slash; and KeyPrefixInPolicy, where `*`, `?` and `$` are policy variables.
 */
export interface ReportGeneratorLocationProperties {
  readonly ReportGeneratorArn: string;
  /** The place follows from the name: another one makes CloudFormation ask again. */
  readonly ReportGeneratorName?: string;
}

/**
 * A license asset ruleset that AWS manages, by its name. Nothing is ever written.
 *
 * Attribute (Fn::GetAtt): LicenseAssetRulesetArn.
 */
export interface AwsManagedLicenseAssetRuleSetProperties {
  readonly Name: string;
}

/**
 * What the name of a ruleset that AWS manages is compared by. The user guide writes the names, and AWS may write them a little differently;
 * no two rulesets would differ in upper and lower case, spaces and punctuation only.
 */
export function comparableRuleSetName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
