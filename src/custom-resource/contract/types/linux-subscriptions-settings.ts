import { define, ON_ANYTHING } from '../definition';
import { flag, list, object, oneOf, optional, text } from '../shape';

/** Only for whoever links the organization: to end the link takes nothing of it. */
function linking({ OrganizationIntegration }: { readonly OrganizationIntegration?: unknown }): string | undefined {
  return OrganizationIntegration === 'Enabled' ? '*' : undefined;
}

/**
 * The settings of Linux subscriptions: one for an account, whichever Regions show its data. A write sends all of them.
 */
export const linuxSubscriptionsSettings = define({
  type: 'Custom::LicenseManagerLinuxSubscriptionsSettings',
  properties: object({
    Discovery: optional(oneOf('Enabled', 'Disabled')),
    OrganizationIntegration: optional(oneOf('Enabled', 'Disabled')),
    SourceRegions: optional(list(text)),
    AllowUpdate: optional(flag),
    OverwriteExistingSettings: optional(flag),
    TurnOffOnDelete: optional(flag),
  }),
  identity: { by: [], as: 'linux-settings' },
  takesAway: true,
  waits: true,
  timeoutInMinutes: 60,
  actions: {
    'license-manager-linux-subscriptions:GetServiceSettings': ON_ANYTHING,
    'license-manager-linux-subscriptions:UpdateServiceSettings': ON_ANYTHING,
    'organizations:EnableAWSServiceAccess': {
      arns: linking,
      conditions: () => ({ StringEquals: { 'organizations:ServicePrincipal': 'license-manager-linux-subscriptions.amazonaws.com' } }),
    },
  },
  dependentActions: {
    'organizations:DescribeOrganization': { arns: linking },
  },
});
