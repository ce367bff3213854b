import type { LicenseConfigurationStatus } from '@aws-sdk/client-license-manager';
import { licenseConfigurationStatus as definition } from '../../contract/types/license-configuration-status';
import { OperationFailed } from '../errors';
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

  async write({ requestType, declared, aws, log, rollsBack }, status) {
    const { LicenseConfigurationArn } = declared!;
    try {
      await aws.call(updateLicenseConfiguration, { LicenseConfigurationArn, LicenseConfigurationStatus: status });
    } catch (error) {
      // What was launched while the license was active keeps it from being deactivated again, and a roll-back that fails leaves a stack that
      // nobody can update.
      const stays = requestType === 'Update' && status === 'DISABLED' && error instanceof OperationFailed
        && error.code === 'InvalidParameterValueException' && await rollsBack();
      if (!stays) {
        throw error;
      }
      log.warn('It is rolled back, and stays active', { licenseConfigurationArn: LicenseConfigurationArn, error: error.message });
    }
  },
};
