import type { LicenseConfigurationStatus } from '@aws-sdk/client-license-manager';
import type { LicenseConfigurationStatusProperties } from '../../contract/properties';
import { checkOwnLicenseConfigurationArn, isLicenseConfigurationArn } from '../arn';
import { OperationFailed } from '../errors';
import type { ManagedType } from '../managed-type';
import { object, text } from '../shape';

const SUFFIX = '|status';

/**
 * The status of a self-managed license. A delete leaves it as it is.
 */
export const licenseConfigurationStatus: ManagedType<LicenseConfigurationStatusProperties, string, LicenseConfigurationStatus> = {
  properties: object<LicenseConfigurationStatusProperties>({
    LicenseConfigurationArn: text(),
    Status: text(['AVAILABLE', 'DISABLED']),
  }),

  check(properties, environment) {
    checkOwnLicenseConfigurationArn('LicenseConfigurationArn', properties.LicenseConfigurationArn, environment);
  },

  identify: (properties) => `${properties.LicenseConfigurationArn}${SUFFIX}`,

  recognizes: (physicalId) => physicalId.endsWith(SUFFIX) && isLicenseConfigurationArn(physicalId.slice(0, -SUFFIX.length)),

  async read({ properties, licenseManager }) {
    return properties && (await licenseManager.get(properties.LicenseConfigurationArn)).Status;
  },

  compare({ properties }, status) {
    return properties && properties.Status !== status ? properties.Status as LicenseConfigurationStatus : undefined;
  },

  async write({ properties, licenseManager }, status) {
    try {
      await licenseManager.update({ LicenseConfigurationArn: properties!.LicenseConfigurationArn, LicenseConfigurationStatus: status });
    } catch (error) {
      if (status === 'DISABLED' && error instanceof OperationFailed && error.code === 'InvalidParameterValueException') {
        throw error.withHint('A license can be deactivated only while no running instance has it: stop those instances or remove the license'
          + ' from them, and deploy again');
      }
      throw error;
    }
  },
};
