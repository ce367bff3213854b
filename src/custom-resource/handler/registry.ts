import type { ManagedType } from './managed-type';
import { type ResourceType, ResourceTypes } from '../contract/properties';
import { awsManagedLicenseAssetRuleSet } from './types/aws-managed-license-asset-rule-set';
import { licenseConfiguration } from './types/license-configuration';
import { licenseConfigurationAssociation } from './types/license-configuration-association';
import { licenseConfigurationDisassociation } from './types/license-configuration-disassociation';
import { licenseConfigurationStatus } from './types/license-configuration-status';
import { reportGenerator } from './types/report-generator';
import { reportGeneratorLocation } from './types/report-generator-location';

/**
 * The resource types, each with what it does at the steps of the life cycle.
 */
export const REGISTRY: Record<ResourceType, ManagedType<any, any, any>> = {
  [ResourceTypes.AWS_MANAGED_LICENSE_ASSET_RULE_SET]: awsManagedLicenseAssetRuleSet,
  [ResourceTypes.LICENSE_CONFIGURATION]: licenseConfiguration,
  [ResourceTypes.LICENSE_CONFIGURATION_ASSOCIATION]: licenseConfigurationAssociation,
  [ResourceTypes.LICENSE_CONFIGURATION_DISASSOCIATION]: licenseConfigurationDisassociation,
  [ResourceTypes.LICENSE_CONFIGURATION_STATUS]: licenseConfigurationStatus,
  [ResourceTypes.REPORT_GENERATOR]: reportGenerator,
  [ResourceTypes.REPORT_GENERATOR_LOCATION]: reportGeneratorLocation,
};
