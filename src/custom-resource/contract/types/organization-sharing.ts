import { define, ON_ANYTHING } from '../definition';
import { object } from '../shape';
import { readingRole } from './service-linked-role';

/** The service-linked role of AWS RAM, by the service that assumes it. */
export const RAM_SERVICE = 'ram.amazonaws.com';
export const RAM_ROLE = 'AWSServiceRoleForResourceAccessManager';

/**
 * Sharing by AWS RAM within the organization, which is turned on for all that AWS RAM shares. A delete leaves it: AWS RAM has no operation for that.
 */
export const organizationSharing = define({
  type: 'Custom::LicenseManagerOrganizationSharing',
  properties: object({}),
  identity: { by: [], as: 'organization-sharing' },
  singleton: 'region',
  actions: {
    'organizations:ListAWSServiceAccessForOrganization': ON_ANYTHING,
    'iam:GetRole': { arns: (_declared, place) => readingRole(RAM_SERVICE, RAM_ROLE, place) },
    'ram:EnableSharingWithAwsOrganization': ON_ANYTHING,
  },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsresourceaccessmanagerram.html
  dependentActions: {
    'organizations:DescribeOrganization': ON_ANYTHING,
    'organizations:EnableAWSServiceAccess': { arns: () => '*', conditions: () => ({ StringEquals: { 'organizations:ServicePrincipal': RAM_SERVICE } }) },
    'iam:CreateServiceLinkedRole': {
      arns: (_declared, { partition, account }) => `arn:${partition}:iam::${account}:role/aws-service-role/${RAM_SERVICE}/*`,
      conditions: () => ({ StringEquals: { 'iam:AWSServiceName': RAM_SERVICE } }),
    },
  },
  hints: [{
    // Other accounts may not even ask what is trusted.
    codes: ['OperationNotPermittedException', 'AccessDeniedException', 'AWSOrganizationsNotInUseException'],
    about: /^(EnableSharing|ListAWSServiceAccess)(?!.*is not authorized to perform)/,
    hint: 'Only the management account of an organization with all features can turn it on: deploy the stack to that account',
  }],
});
