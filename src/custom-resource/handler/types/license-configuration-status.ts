import type { LicenseConfigurationStatus } from '@aws-sdk/client-license-manager';
import { licenseConfigurationStatus as definition } from '../../contract/types/license-configuration-status';
import { known } from '../kinds/known';
import type { ManagedType } from '../managed-type';
import { getLicenseConfiguration, updateLicenseConfiguration } from '../operations/license-manager';

/**
 * The status of a self-managed license. A delete leaves it as it is.
 */
export const licenseConfigurationStatus: ManagedType<typeof definition, string, LicenseConfigurationStatus> = {
  ...known(definition),

  async read({ declared, aws }) {
    return declared && (await aws.call(getLicenseConfiguration, { LicenseConfigurationArn: declared.LicenseConfigurationArn })).Status;
  },

  compare: ({ declared }, status) => declared && declared.Status !== status ? declared.Status : undefined,

  async write({ declared, aws }, status) {
    await aws.call(updateLicenseConfiguration, { LicenseConfigurationArn: declared!.LicenseConfigurationArn, LicenseConfigurationStatus: status });
  },
};
