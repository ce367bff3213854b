import { awsManagedLicenseAssetRuleSet } from './types/aws-managed-license-asset-rule-set';
import { delegatedAdministrator } from './types/delegated-administrator';
import { grantAcceptance } from './types/grant-acceptance';
import { identityProvider } from './types/identity-provider';
import { licenseConfiguration } from './types/license-configuration';
import { licenseConfigurationAssociation } from './types/license-configuration-association';
import { licenseConfigurationDisassociation } from './types/license-configuration-disassociation';
import { licenseConfigurationProtection } from './types/license-configuration-protection';
import { licenseConfigurationStatus } from './types/license-configuration-status';
import { licenseToken } from './types/license-token';
import { linuxSubscriptionsSettings } from './types/linux-subscriptions-settings';
import { organizationSharing } from './types/organization-sharing';
import { productSubscription } from './types/product-subscription';
import { reportGenerator } from './types/report-generator';
import { reportGeneratorLocation } from './types/report-generator-location';
import { serviceLinkedRole } from './types/service-linked-role';
import { serviceSettings } from './types/service-settings';
import { userAssociation } from './types/user-association';

/**
 * The types of custom resources. Each has a handler, or the Lambda side does not compile.
 */
export const DEFINITIONS = {
  awsManagedLicenseAssetRuleSet,
  delegatedAdministrator,
  grantAcceptance,
  identityProvider,
  licenseConfiguration,
  licenseConfigurationAssociation,
  licenseConfigurationDisassociation,
  licenseConfigurationProtection,
  licenseConfigurationStatus,
  licenseToken,
  linuxSubscriptionsSettings,
  organizationSharing,
  productSubscription,
  reportGenerator,
  reportGeneratorLocation,
  serviceLinkedRole,
  serviceSettings,
  userAssociation,
};
