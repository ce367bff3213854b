import { define, ON_ANYTHING } from '../definition';
import type { Place } from '../place';
import { object, oneOf } from '../shape';

/**
 * The service-linked roles of License Manager, by the service that assumes them.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/using-service-linked-roles.html
 * @see https://docs.aws.amazon.com/marketplace/latest/userguide/buyer-using-service-linked-roles.html
 */
export const SERVICE_LINKED_ROLES = {
  'license-manager.amazonaws.com': 'AWSServiceRoleForAWSLicenseManagerRole',
  'license-manager.master-account.amazonaws.com': 'AWSServiceRoleForAWSLicenseManagerMasterAccountRole',
  'license-manager.member-account.amazonaws.com': 'AWSServiceRoleForAWSLicenseManagerMemberAccountRole',
  'license-manager-user-subscriptions.amazonaws.com': 'AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService',
  'license-manager-linux-subscriptions.amazonaws.com': 'AWSServiceRoleForAWSLicenseManagerLinuxSubscriptionsService',
  'license-management.marketplace.amazonaws.com': 'AWSServiceRoleForMarketplaceLicenseManagement',
} as const;

export type ServiceOfRole = keyof typeof SERVICE_LINKED_ROLES;

/**
 * To read a service-linked role, whether it is there or not: of one that is not, IAM knows no path, and asks for the permission on its name alone.
 *
 * @param service  the service that assumes it
 * @param roleName its name
 */
export function readingRole(service: string, roleName: string, { partition, account }: Place): string[] {
  return [`arn:${partition}:iam::${account}:role/aws-service-role/${service}/*`, `arn:${partition}:iam::${account}:role/${roleName}`];
}

/**
 * A service-linked role: made if it is not there. A delete leaves it, as it is of the account and not of a stack.
 */
export const serviceLinkedRole = define({
  type: 'Custom::LicenseManagerServiceLinkedRole',
  properties: object({ AWSServiceName: oneOf(...Object.keys(SERVICE_LINKED_ROLES) as ServiceOfRole[]) }),
  identity: { by: ['AWSServiceName'], as: 'service-linked-role' },
  actions: {
    'iam:GetRole': {
      arns: ({ AWSServiceName }, place) => readingRole(AWSServiceName, SERVICE_LINKED_ROLES[AWSServiceName as ServiceOfRole], place),
    },
    // The service is in the ARN already, which is all that a create can be for.
    'iam:CreateServiceLinkedRole': {
      arns: ({ AWSServiceName }, { partition, account }) => `arn:${partition}:iam::${account}:role/aws-service-role/${AWSServiceName}/*`,
    },
    // The first call that needs the role is made here, where it can be waited for.
    'license-manager:GetServiceSettings': ON_ANYTHING,
    'license-manager-linux-subscriptions:GetServiceSettings': ON_ANYTHING,
  },
});
