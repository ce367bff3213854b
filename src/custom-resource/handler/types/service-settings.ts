import { serviceSettings as definition } from '../../contract/types/service-settings';
import { singleton } from '../kinds/singleton';
import { getServiceSettings, updateServiceSettings } from '../operations/license-manager';

/**
 * The settings of License Manager in an account and a Region.
 *
 * Bucket, topic and Regions cannot be cleared, and discovery across accounts not be turned off: a delete leaves them.
 */
export const serviceSettings = singleton(definition, {
  what: 'the settings of License Manager',
  settings: ['S3BucketArn', 'SnsTopicArn', 'OrganizationIntegration', 'CrossAccountsDiscovery', 'DiscoverySourceRegions'],
  off: { OrganizationIntegration: false },

  async read({ aws }) {
    const found = await aws.call(getServiceSettings, {});
    return {
      S3BucketArn: found.S3BucketArn,
      SnsTopicArn: found.SnsTopicArn,
      OrganizationIntegration: found.OrganizationConfiguration?.EnableIntegration ?? false,
      CrossAccountsDiscovery: found.EnableCrossAccountsDiscovery ?? false,
      DiscoverySourceRegions: found.CrossRegionDiscoverySourceRegions,
      LicenseManagerResourceShareArn: found.LicenseManagerResourceShareArn,
    };
  },

  write: ({ aws }, { OrganizationIntegration, CrossAccountsDiscovery, DiscoverySourceRegions, ...settings }) => aws.call(updateServiceSettings, {
    ...settings,
    OrganizationConfiguration: OrganizationIntegration === undefined ? undefined : { EnableIntegration: OrganizationIntegration },
    EnableCrossAccountsDiscovery: CrossAccountsDiscovery,
    EnabledDiscoverySourceRegions: DiscoverySourceRegions,
  }),

  attributes: values => {
    const { S3BucketArn = '', SnsTopicArn = '', LicenseManagerResourceShareArn = '' } = values as { [name: string]: string | undefined };
    return { S3BucketArn, SnsTopicArn, LicenseManagerResourceShareArn };
  },
});
