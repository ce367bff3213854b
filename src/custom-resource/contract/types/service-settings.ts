import { type Conditions, define, ON_ANYTHING, type Target } from '../definition';
import { flag, list, object, optional, text } from '../shape';

/** What License Manager does in an organization, as which service: https://docs.aws.amazon.com/license-manager/latest/userguide/settings-managed-licenses.html */
const SERVICES = ['license-manager.amazonaws.com', 'license-manager.member-account.amazonaws.com'];
const ROLES = ['license-manager.amazonaws.com', 'license-manager.master-account.amazonaws.com', 'license-manager.member-account.amazonaws.com'];

/** Only for whoever links the organization; not even as a dependent action are these documented, and the guide asks for them where it shares. */
function linking<P extends { readonly OrganizationIntegration?: unknown; readonly CrossAccountsDiscovery?: unknown }>(
  arns: Target<P>['arns'], conditions?: Conditions,
): Target<P> {
  return {
    arns: (declared, place) => declared.OrganizationIntegration || declared.CrossAccountsDiscovery ? arns(declared, place) : undefined,
    ...conditions && { conditions: () => conditions },
  };
}

/**
 * The settings of License Manager in an account and a Region. What the template does not say of them, stays.
 */
export const serviceSettings = define({
  type: 'Custom::LicenseManagerServiceSettings',
  properties: object({
    S3BucketArn: optional(text),
    SnsTopicArn: optional(text),
    OrganizationIntegration: optional(flag),
    CrossAccountsDiscovery: optional(flag),
    DiscoverySourceRegions: optional(list(text)),
    OverwriteExistingSettings: optional(flag),
    TurnOffOnDelete: optional(flag),
  }),
  identity: { by: [], as: 'settings' },
  takesAway: true,
  actions: {
    'license-manager:GetServiceSettings': ON_ANYTHING,
    'license-manager:UpdateServiceSettings': ON_ANYTHING,
  },
  dependentActions: {
    'organizations:DescribeOrganization': linking(() => '*'),
    'organizations:ListAWSServiceAccessForOrganization': linking(() => '*'),
    'organizations:EnableAWSServiceAccess': linking(() => '*', { StringEquals: { 'organizations:ServicePrincipal': SERVICES } }),
    'iam:CreateServiceLinkedRole': linking(
      (_declared, { partition, account }) => ROLES.map(service => `arn:${partition}:iam::${account}:role/aws-service-role/${service}/*`),
      { StringEquals: { 'iam:AWSServiceName': ROLES } },
    ),
  },
  hints: [
    {
      codes: ['InvalidParameterValueException', 'ValidationException'],
      about: /^UpdateServiceSettings .*bucket/i,
      hint: 'License Manager takes a bucket of this Region whose name begins with \'aws-license-manager-service-\', encrypted with the keys of Amazon S3',
    },
    {
      codes: ['InvalidParameterValueException', 'ValidationException'],
      about: /^UpdateServiceSettings .*(topic|sns)/i,
      hint: 'License Manager takes a topic of this account and Region whose name begins with \'aws-license-manager-service-\'',
    },
  ],
});
