import { arnPattern, LICENSE_GRANT, parseArn } from '../arn';
import { define, ON_ANYTHING } from '../definition';
import type { Place } from '../place';
import { flag, object, oneOf, optional, text } from '../shape';

/** Between the account that has granted and the name of a grant, which nobody knows the ARN of when the template is written. */
const BY = ':';

/**
 * What a grant is called that is looked for by its name.
 */
export function grantByName(account: string, name: string): string {
  return `${account}${BY}${name}`;
}

/** The account that has granted and the name of the grant; nothing of an ARN. */
export function parseGrantByName(grant: string): { readonly account: string; readonly name: string } | undefined {
  const [, account, name] = /^(\d{12}):(.+)$/s.exec(grant) ?? [];
  return account === undefined ? undefined : { account, name };
}

interface Named {
  readonly Grant: string;
  readonly ThroughOrganization?: boolean;
}

/** The grant where it is known; of one that is looked for, all that the account has granted. */
const byArn = { of: LICENSE_GRANT, arns: ({ Grant, ThroughOrganization }: Named) => isLookedFor(Grant, ThroughOrganization) ? undefined : Grant };
const lookedFor = {
  arns: ({ Grant, ThroughOrganization }: Named, { partition }: Place) =>
    isLookedFor(Grant, ThroughOrganization) ? arnPattern(LICENSE_GRANT, { partition, region: '', account: granterOf(Grant) }) : undefined,
  apart: ({ Grant }: Named) => `Of${granterOf(Grant).replace('*', 'Any')}`,
};

function isLookedFor(grant: string, throughOrganization: boolean | undefined): boolean {
  return throughOrganization === true || parseGrantByName(grant) !== undefined;
}

function granterOf(grant: string): string {
  return (parseGrantByName(grant) ?? parseArn(LICENSE_GRANT, grant))?.account ?? '*';
}

/**
 * The acceptance of a grant that the account has received, and its activation.
 *
 * Attributes (Fn::GetAtt): GrantArn, LicenseArn, HomeRegion.
 */
export const grantAcceptance = define({
  type: 'Custom::LicenseManagerGrantAcceptance',
  properties: object({
    /** Its ARN, or `<account that has granted>:<name>`. */
    Grant: text,
    /** Whether the grant is to an organization, of which the account has one of its own. */
    ThroughOrganization: optional(flag),
    Activate: flag,
    ActivationOverrideBehavior: optional(oneOf('DISTRIBUTED_GRANTS_ONLY', 'ALL_GRANTS_PERMITTED_BY_ISSUER')),
    RejectOnDelete: optional(flag),
    /** What is different when there is another grant under the name. */
    Revision: optional(text),
  }),
  identity: { by: ['Grant'], as: 'acceptance' },
  singleton: 'account',
  takesAway: true,
  ifTwice: 'Leave one of the two out; two grants that are looked for by their names need different ones (grantName)',
  waits: true,
  timeoutInMinutes: 30,
  actions: {
    'license-manager:ListReceivedGrants': ON_ANYTHING,
    'license-manager:AcceptGrant': [byArn, lookedFor],
    'license-manager:CreateGrantVersion': [byArn, lookedFor],
    'license-manager:RejectGrant': [
      { ...byArn, arns: declared => declared.RejectOnDelete === true ? byArn.arns(declared) : undefined },
      { ...lookedFor, arns: (declared, place) => declared.RejectOnDelete === true ? lookedFor.arns(declared, place) : undefined },
    ],
  },
  hints: [
    {
      codes: ['ValidationException', 'InvalidParameterValueException'],
      about: /^CreateGrantVersion .*(active|override|same product)/i,
      hint: 'Another grant of the same product may be active, and AWS Marketplace allows one: deactivate it, or set activationOverrideBehavior to'
        + ' ALL_GRANTS_PERMITTED_BY_ISSUER',
    },
    {
      codes: ['AccessDeniedException', 'AuthorizationException'],
      about: /^(AcceptGrant|CreateGrantVersion|RejectGrant) /,
      hint: 'A grant is accepted and activated by the account that has received it: deploy the stack to that account',
    },
  ],
});
