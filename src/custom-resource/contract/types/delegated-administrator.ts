import { define, ON_ANYTHING } from '../definition';
import { object, text } from '../shape';

/** Of one of the organization's accounts. Which organization that is, the app does not know. */
const registered = {
  arns: ({ AccountId }: { readonly AccountId: string }, { partition, account }: { readonly partition: string; readonly account: string }) =>
    `arn:${partition}:organizations::${account}:account/*/${AccountId}`,
};

/** The services of License Manager for which an account can be a delegated administrator. */
const conditions = () => ({
  StringEquals: { 'organizations:ServicePrincipal': ['license-manager.amazonaws.com', 'license-manager-linux-subscriptions.amazonaws.com'] },
});

/** What needs no more than trusted access. License Manager itself is trusted by linking the organization, which does more than that. */
export const TRUSTED_BY_ITSELF = 'license-manager-linux-subscriptions.amazonaws.com';

/**
 * The delegated administrator of a service in an organization. Another account takes its place.
 */
export const delegatedAdministrator = define({
  type: 'Custom::LicenseManagerDelegatedAdministrator',
  properties: object({ ServicePrincipal: text, AccountId: text }),
  identity: { by: ['ServicePrincipal'], as: 'delegated-administrator' },
  singleton: 'account',
  takesAway: true,
  actions: {
    'organizations:ListDelegatedAdministrators': ON_ANYTHING,
    'organizations:RegisterDelegatedAdministrator': { ...registered, conditions },
    'organizations:EnableAWSServiceAccess': {
      arns: ({ ServicePrincipal }) => ServicePrincipal === TRUSTED_BY_ITSELF ? '*' : undefined,
      conditions: () => ({ StringEquals: { 'organizations:ServicePrincipal': TRUSTED_BY_ITSELF } }),
    },
    // Of an account that takes the place of another the former is known to CloudFormation only.
    'organizations:DeregisterDelegatedAdministrator': {
      arns: (_declared, { partition, account }) => `arn:${partition}:organizations::${account}:account/*`, conditions,
    },
  },
  hints: [
    {
      codes: ['ConstraintViolationException'],
      about: /SERVICE_ACCESS_NOT_ENABLED|trusted access|service access/i,
      hint: 'Link the organization first: ServiceSettings with organizationIntegration',
    },
    {
      codes: ['ConstraintViolationException'],
      about: /MASTER|management account/i,
      hint: 'The management account cannot be its own delegated administrator: name a member account',
    },
    {
      codes: ['ConstraintViolationException'],
      about: /^RegisterDelegatedAdministrator/,
      hint: 'The organization has a delegated administrator for it already: deregister that account first',
    },
    { codes: ['AccountNotFoundException'], about: /^/, hint: 'Name an account of the organization' },
    {
      codes: ['AWSOrganizationsNotInUseException'],
      about: /^/,
      hint: 'The account is in no organization: deploy the stack to the management account of one',
    },
    {
      codes: ['AccessDeniedException', 'UnsupportedAPIEndpointException'],
      about: /^(Register|Deregister|List)DelegatedAdministrator/,
      hint: 'Delegated administrators are registered by the management account of the organization only: deploy the stack to that account',
    },
  ],
});
