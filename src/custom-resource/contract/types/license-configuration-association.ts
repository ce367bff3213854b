import { SELF_MANAGED_LICENSE } from '../arn';
import { define, ON_ANYTHING } from '../definition';
import { object, oneOf, optional } from '../shape';
import { LICENSE, LICENSED_RESOURCE } from './licenses';

/**
 * A self-managed license on an AMI, an EC2 instance or a Dedicated Host.
 */
export const licenseConfigurationAssociation = define({
  type: 'Custom::LicenseManagerLicenseConfigurationAssociation',
  properties: object({
    LicenseConfigurationArn: LICENSE,
    ResourceArn: LICENSED_RESOURCE,
    /** Only for AMIs. */
    AmiAssociationScope: optional(oneOf('cross-account')),
  }),
  identity: { by: ['ResourceArn', 'LicenseConfigurationArn'] },
  takesAway: true,
  actions: {
    'license-manager:ListLicenseSpecificationsForResource': ON_ANYTHING,
    'license-manager:UpdateLicenseSpecificationsForResource': { of: SELF_MANAGED_LICENSE, arns: ({ LicenseConfigurationArn }) => LicenseConfigurationArn },
    // To tell how many licenses are in use when there are not enough.
    'license-manager:GetLicenseConfiguration': { of: SELF_MANAGED_LICENSE, arns: ({ LicenseConfigurationArn }) => LicenseConfigurationArn },
    // License Manager reports only what it does in other accounts after the call.
    'license-manager:ListFailuresForLicenseConfigurationOperations': { of: SELF_MANAGED_LICENSE, arns: ({ LicenseConfigurationArn, AmiAssociationScope }) => AmiAssociationScope === undefined ? undefined : LicenseConfigurationArn },
  },
});
