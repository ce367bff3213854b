import { awsManagedLicenseAssetRuleSet } from './types/aws-managed-license-asset-rule-set';
import { licenseConfiguration } from './types/license-configuration';
import { licenseConfigurationAssociation } from './types/license-configuration-association';
import { licenseConfigurationDisassociation } from './types/license-configuration-disassociation';
import { licenseConfigurationProtection } from './types/license-configuration-protection';
import { licenseConfigurationStatus } from './types/license-configuration-status';
import { reportGenerator } from './types/report-generator';
import { reportGeneratorLocation } from './types/report-generator-location';

/**
 * The types of custom resources. Each has a handler, or the Lambda side does not compile.
 */
export const DEFINITIONS = {
  awsManagedLicenseAssetRuleSet,
  licenseConfiguration,
  licenseConfigurationAssociation,
  licenseConfigurationDisassociation,
  licenseConfigurationProtection,
  licenseConfigurationStatus,
  reportGenerator,
  reportGeneratorLocation,
};
