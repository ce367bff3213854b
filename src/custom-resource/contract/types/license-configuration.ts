import { SELF_MANAGED_LICENSE } from '../arn';
import { changingOwn, define, ON_ANYTHING, readingAny, taggingOwn } from '../definition';
import { flag, integer, list, object, oneOf, optional, text } from '../shape';
import { TAGS } from '../tags';

/**
 * A self-managed license that is provisioned through the API: the properties of `AWS::LicenseManager::LicenseConfiguration`.
 *
 * Attributes (Fn::GetAtt): LicenseConfigurationArn, LicenseConfigurationId, OwnerAccountId, Status. Physical id (Ref): the ARN.
 */
export const licenseConfiguration = define({
  type: 'Custom::LicenseManagerLicenseConfiguration',
  properties: object({
    Name: text,
    Description: optional(text),
    LicenseCountingType: oneOf('vCPU', 'Instance', 'Core', 'Socket'),
    LicenseCount: optional(integer),
    LicenseCountHardLimit: optional(flag),
    LicenseRules: optional(list(text)),
    LicenseExpiry: optional(integer),
    DisassociateWhenNotFound: optional(flag),
    ProductInformationList: optional(list(object({
      ResourceType: oneOf('SSM_MANAGED', 'RDS'),
      ProductInformationFilterList: list(object({
        ProductInformationFilterName: text,
        ProductInformationFilterComparator: text,
        ProductInformationFilterValue: optional(list(text)),
      })),
    }))),
    Tags: optional(TAGS),
  }),
  // License Manager takes no count and no expiry away.
  oneWay: true,
  actions: {
    'license-manager:CreateLicenseConfiguration': ON_ANYTHING,
    'license-manager:ListLicenseConfigurations': ON_ANYTHING,
    'license-manager:GetLicenseConfiguration': readingAny(SELF_MANAGED_LICENSE),
    'license-manager:ListTagsForResource': readingAny(SELF_MANAGED_LICENSE),
    // To name what keeps a license from being deleted.
    'license-manager:ListAssociationsForLicenseConfiguration': readingAny(SELF_MANAGED_LICENSE),
    'license-manager:DeleteLicenseConfiguration': changingOwn(SELF_MANAGED_LICENSE),
    'license-manager:UpdateLicenseConfiguration': changingOwn(SELF_MANAGED_LICENSE),
    'license-manager:TagResource': taggingOwn(SELF_MANAGED_LICENSE),
    'license-manager:UntagResource': changingOwn(SELF_MANAGED_LICENSE),
  },
});
