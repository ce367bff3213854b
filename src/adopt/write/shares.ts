import type { Writer } from './writer';
import { inexpressible, named } from './writer';
import { factory, flag, list, text } from '../code/expressions';
import type { Expression } from '../code/language';
import type { ShareData } from '../estate';

/*
 * Shares of AWS RAM that have licenses or host resource groups.
 */

/** Writes the shares of the account; those of other things are nothing to License Manager. */
export function writeShares(writer: Writer): void {
  writer.section('Shares');
  const hostGroups = new Set(writer.estate.hostGroups.map(({ arn }) => arn));
  for (const share of writer.estate.shares) {
    if (share.resources.some(arn => isLicense(arn) || hostGroups.has(arn))) {
      writeShare(writer, share, hostGroups);
    }
  }
}

function isLicense(arn: string): boolean {
  return /^arn:[^:]*:license-manager:[^:]*:[^:]*:license-configuration:/.test(arn);
}

function writeShare(writer: Writer, share: ShareData, hostGroups: ReadonlySet<string>): void {
  const { arn, name, allowExternalPrincipals, resources, principals, permissions, tags } = share;
  const what = named('Share', name);
  if (name === `licenseManagerResourceShare-${writer.estate.account}` || tags?.some(({ key, value }) => key === 'Service' && value === 'LicenseManager')) {
    writer.leave(`${what} is License Manager's own, made when it was linked with AWS Organizations: it is nobody's to manage.`);
    return;
  }
  const licenses = resources.filter(isLicense);
  const groups = resources.filter(it => hostGroups.has(it));
  writer.declare({
    arn,
    what,
    resourceType: 'AWS::RAM::ResourceShare',
    identifier: { Arn: arn },
    arnAttribute: 'Arn',
    tags,
    construct: () => {
      inexpressible(licenses.length + groups.length < resources.length, 'it shares other things, too, and LicenseShare shares licenses and host resource groups');
      inexpressible(permissions.length > 0, 'it has permissions of its own, and LicenseShare has those of AWS RAM');
      inexpressible(name.trim() === '', 'LicenseShare does not take a blank name');
      return {
        type: 'LicenseShare',
        properties: {
          licenseShareName: text(name),
          licenseConfigurations: licenses.length === 0 ? undefined : list(licenses.map(it => writer.of(it))),
          hostResourceGroups: groups.length === 0 ? undefined : list(groups.map(it => writer.of(it))),
          principals: principals.length === 0 ? undefined : list(principals.map(principalOf)),
          allowExternalPrincipals: allowExternalPrincipals ? flag(true) : undefined,
        },
      };
    },
    properties: () => ({
      Name: name,
      AllowExternalPrincipals: allowExternalPrincipals,
      ResourceArns: resources,
      Principals: principals,
      PermissionArns: permissions.length > 0 ? permissions : undefined,
    }),
  });
}

function principalOf(principal: string): Expression {
  if (/^\d{12}$/.test(principal)) {
    return factory('SharePrincipal', 'fromAccountId', [text(principal)]);
  }
  const kind = /^arn:aws[a-z-]*:organizations::\d{12}:(organization\/o-[a-z0-9]{10,32}|ou\/o-[a-z0-9]{10,32}\/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/.exec(principal)?.[1];
  inexpressible(kind === undefined, 'it is shared with somebody else than accounts, organizational units and organizations');
  return factory('SharePrincipal', kind!.startsWith('ou/') ? 'fromOrganizationalUnitArn' : 'fromOrganizationArn', [text(principal)]);
}
