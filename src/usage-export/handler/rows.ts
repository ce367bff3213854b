import type {
  Asset, GetLicenseConfigurationResponse, LicenseConfigurationAssociation, LicenseConfigurationUsage, LicenseOperationFailure, ResourceInventory,
} from '@aws-sdk/client-license-manager';
import type { ExportSettings } from '../contract/request';
import type { Row } from '../contract/tables';

/*
 * What License Manager answers, as lines: every member that its answers have, under the names of the tables.
 */

const time = (date: Date | undefined) => date?.toISOString();

/** The id of a license or of a license asset group, by which its objects are named. */
export function idOf(arn: string): string {
  return /[^:/]+$/.exec(arn)![0];
}

const ofLicense = (arn: string) => ({ license_configuration_arn: arn, license_configuration_id: idOf(arn) });

const ofResource = ({ ResourceArn, ResourceType, ResourceOwnerId }: LicenseConfigurationUsage) => ({
  resource_arn: ResourceArn, resource_type: ResourceType, resource_owner_id: ResourceOwnerId,
});

export const usageRow = (arn: string) => (usage: LicenseConfigurationUsage): Row<'usage'> => ({
  ...ofLicense(arn),
  ...ofResource(usage),
  resource_status: usage.ResourceStatus,
  association_time: time(usage.AssociationTime),
  consumed_licenses: usage.ConsumedLicenses,
});

export const associationRow = (arn: string) => (association: LicenseConfigurationAssociation): Row<'associations'> => ({
  ...ofLicense(arn),
  ...ofResource(association),
  association_time: time(association.AssociationTime),
  ami_association_scope: association.AmiAssociationScope,
});

export const failureRow = (arn: string) => (failure: LicenseOperationFailure): Row<'failures'> => ({
  ...ofLicense(arn),
  ...ofResource(failure),
  error_message: failure.ErrorMessage,
  failure_time: time(failure.FailureTime),
  operation_name: failure.OperationName,
  operation_requested_by: failure.OperationRequestedBy,
  metadata: failure.MetadataList?.map(({ Name, Value }) => ({ name: Name, value: Value })),
});

/** What of a license is told by other rows. */
interface Told {
  readonly records: { readonly [table in ExportSettings['tables'][number]]?: number };
  readonly run: string;
}

export const licenseRow = (arn: string, { records, run }: Told) => (license: GetLicenseConfigurationResponse): Row<'licenses'> => ({
  ...ofLicense(arn),
  name: license.Name,
  description: license.Description,
  license_counting_type: license.LicenseCountingType,
  license_rules: license.LicenseRules,
  license_count: license.LicenseCount,
  license_count_hard_limit: license.LicenseCountHardLimit,
  consumed_licenses: license.ConsumedLicenses,
  consumed_license_summary: license.ConsumedLicenseSummaryList?.map(
    ({ ResourceType, ConsumedLicenses }) => ({ resource_type: ResourceType, consumed_licenses: ConsumedLicenses })),
  managed_resource_summary: license.ManagedResourceSummaryList?.map(
    ({ ResourceType, AssociationCount }) => ({ resource_type: ResourceType, association_count: AssociationCount })),
  status: license.Status,
  owner_account_id: license.OwnerAccountId,
  product_information: license.ProductInformationList && JSON.stringify(license.ProductInformationList),
  disassociate_when_not_found: license.DisassociateWhenNotFound,
  license_expiry: license.LicenseExpiry,
  automated_discovery_last_run_time: time(license.AutomatedDiscoveryInformation?.LastRunTime),
  tags: license.Tags?.map(({ Key, Value }) => ({ name: Key, value: Value })),
  usage_records: records.usage,
  association_records: records.associations,
  failure_records: records.failures,
  run,
});

export const assetRow = (arn: string, type: string) => ({ AssetArn, LatestAssetDiscoveryTime }: Asset): Row<'assets'> => ({
  license_asset_group_arn: arn,
  asset_type: type,
  asset_arn: AssetArn,
  latest_asset_discovery_time: time(LatestAssetDiscoveryTime),
});

export const inventoryRow = (resource: ResourceInventory): Row<'inventory'> => ({
  resource_id: resource.ResourceId,
  resource_type: resource.ResourceType,
  resource_arn: resource.ResourceArn,
  platform: resource.Platform,
  platform_version: resource.PlatformVersion,
  resource_owning_account_id: resource.ResourceOwningAccountId,
  marketplace_product_codes: resource.MarketplaceProductCodes,
  usage_operation: resource.UsageOperation,
  ami_id: resource.AmiId,
  host_id: resource.HostId,
  resource_region: resource.Region,
  instance_type: resource.InstanceType,
});
