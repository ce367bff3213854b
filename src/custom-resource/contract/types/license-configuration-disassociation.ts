import { SELF_MANAGED_LICENSE } from '../arn';
import { define } from '../definition';
import { object } from '../shape';
import { OWN_LICENSE } from './licenses';

/**
 * Releases on delete every association that the self-managed license still has, if the license has the tag `DISASSOCIATE_ON_DELETE`; create and
 * update write nothing.
 */
export const licenseConfigurationDisassociation = define({
  type: 'Custom::LicenseManagerLicenseConfigurationDisassociation',
  properties: object({ LicenseConfigurationArn: OWN_LICENSE }),
  identity: { by: ['LicenseConfigurationArn'], as: 'disassociation' },
  // Releasing takes as long as there are many.
  timeoutInMinutes: 20,
  takesAway: true,
  actions: {
    // For the one tag: GetLicenseConfiguration would tell all of the license.
    'license-manager:ListTagsForResource': { of: SELF_MANAGED_LICENSE, arns: ({ LicenseConfigurationArn }) => LicenseConfigurationArn },
    'license-manager:ListAssociationsForLicenseConfiguration': { of: SELF_MANAGED_LICENSE, arns: ({ LicenseConfigurationArn }) => LicenseConfigurationArn },
    'license-manager:UpdateLicenseSpecificationsForResource': { of: SELF_MANAGED_LICENSE, arns: ({ LicenseConfigurationArn }) => LicenseConfigurationArn },
  },
});
