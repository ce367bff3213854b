import { SELF_MANAGED_LICENSE } from '../arn';
import { define } from '../definition';
import { object, oneOf } from '../shape';
import { OWN_LICENSE } from './licenses';

/**
 * The status of a self-managed license. A delete leaves the license as it is.
 */
export const licenseConfigurationStatus = define({
  type: 'Custom::LicenseManagerLicenseConfigurationStatus',
  properties: object({ LicenseConfigurationArn: OWN_LICENSE, Status: oneOf('AVAILABLE', 'DISABLED') }),
  identity: { by: ['LicenseConfigurationArn'], as: 'status' },
  // A license that an instance has been launched with cannot be deactivated again.
  oneWay: true,
  actions: {
    'license-manager:GetLicenseConfiguration': { of: SELF_MANAGED_LICENSE, arns: ({ LicenseConfigurationArn }) => LicenseConfigurationArn },
    'license-manager:UpdateLicenseConfiguration': { of: SELF_MANAGED_LICENSE, arns: ({ LicenseConfigurationArn }) => LicenseConfigurationArn },
  },
  hints: [{
    codes: ['InvalidParameterValueException'],
    // License Manager has no other code for what does not exist, and for a count.
    about: /^UpdateLicenseConfiguration (?!.*(not found|does not exist|invalid license configuration arn|license ?count|hard ?limit))/i,
    hint: 'A license can be deactivated only while no running instance has it: stop those instances or remove the license from them, and deploy'
      + ' again',
  }],
});
