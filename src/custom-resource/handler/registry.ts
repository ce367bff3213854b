import type { Registry } from './life-cycle';
import type { ManagedType } from './managed-type';
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
import type { DEFINITIONS } from '../contract/definitions';

/** A handler for each definition: the compiler sees to it. */
const HANDLERS: { readonly [N in keyof typeof DEFINITIONS]: ManagedType<typeof DEFINITIONS[N]> } = {
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

/**
 * The resource types, each with what it does at the steps of the life cycle.
 */
export const REGISTRY: Registry = registryOf(Object.values(HANDLERS));

/** The handlers by the names of their types. */
export function registryOf(handlers: readonly ManagedType<any>[]): Registry {
  return new Map(handlers.map(handler => [handler.definition.type, handler]));
}
