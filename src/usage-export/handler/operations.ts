import {
  GetLicenseConfigurationCommand, ListAssetsForLicenseAssetGroupCommand, ListAssociationsForLicenseConfigurationCommand,
  ListFailuresForLicenseConfigurationOperationsCommand, ListResourceInventoryCommand, ListUsageForLicenseConfigurationCommand,
} from '@aws-sdk/client-license-manager';
import { command, listing } from '../../custom-resource/handler/clients/operation';

/*
 * What is read of License Manager. How many records a page may have is not documented, so that it says so itself.
 */

const ofLicense = ({ LicenseConfigurationArn }: { readonly LicenseConfigurationArn?: string | undefined }) => LicenseConfigurationArn!;

export const getLicenseConfiguration = command('GetLicenseConfiguration', GetLicenseConfigurationCommand, { about: ofLicense });

export const listUsage = listing('ListUsageForLicenseConfiguration', ListUsageForLicenseConfigurationCommand,
  ({ LicenseConfigurationUsageList }) => LicenseConfigurationUsageList, ofLicense);

export const listAssociations = listing('ListAssociationsForLicenseConfiguration', ListAssociationsForLicenseConfigurationCommand,
  ({ LicenseConfigurationAssociations }) => LicenseConfigurationAssociations, ofLicense);

export const listFailures = listing('ListFailuresForLicenseConfigurationOperations', ListFailuresForLicenseConfigurationOperationsCommand,
  ({ LicenseOperationFailureList }) => LicenseOperationFailureList, ofLicense);

export const listAssets = listing('ListAssetsForLicenseAssetGroup', ListAssetsForLicenseAssetGroupCommand,
  ({ Assets }) => Assets, ({ LicenseAssetGroupArn }) => LicenseAssetGroupArn!);

export const listInventory = listing('ListResourceInventory', ListResourceInventoryCommand, ({ ResourceInventoryList }) => ResourceInventoryList);
