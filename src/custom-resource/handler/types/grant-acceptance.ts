import type { Grant, GrantStatus } from '@aws-sdk/client-license-manager';
import { arnExample, isArn, LICENSE_GRANT } from '../../contract/arn';
import { Refusal } from '../../contract/refusal';
import { grantAcceptance as definition, parseGrantByName } from '../../contract/types/grant-acceptance';
import { OperationFailed } from '../errors';
import { unmarked } from '../kinds/known';
import type { ManagedType, Subject } from '../managed-type';
import { acceptGrant, createGrantVersion, listReceivedGrants, rejectGrant } from '../operations/license-manager';
import { waitFor } from '../patience';

type Acceptance = Subject<typeof definition>;

/** A grant, as the account has received it. */
interface State extends Grant {
  /** Whether it is what was there before a deployment that is rolled back, and nothing can be done for it any more. */
  readonly isPast?: boolean;
}

/** What is to become of the grant: each step is taken if the one before has come about. */
interface Change {
  readonly accept?: boolean;
  readonly status?: 'ACTIVE' | 'DISABLED';
  /** Unless CloudFormation takes back what it has done: that a deployment has failed is no reason to reject anything for ever. */
  readonly reject?: boolean;
  readonly grant: Grant;
}

/** How often a version is made anew of what somebody else has changed in the meantime. */
const ATTEMPTS = 3;

/** At the end of the physical id of a grant that this resource has activated. */
const ACTIVATED = '|activated';
const ACCEPTANCE = '|acceptance';
const withoutMark = unmarked(ACTIVATED);

/** What a grant does not get out of, and what that means. */
const FINAL: { readonly [S in GrantStatus]?: string } = {
  REJECTED: 'it has been rejected, which is for ever. Have the license granted again',
  FAILED_WORKFLOW: 'it could not be distributed. Have the license granted again',
  PENDING_DELETE: 'it is being deleted by who has granted it. Have the license granted again',
  DELETED: 'it has been deleted by who has granted it. Have the license granted again',
  WORKFLOW_COMPLETED: 'it is a grant to an organization, of which each account has one of its own: set throughOrganization to true',
};

/**
 * The acceptance of a grant: the grant is there without it, and stays.
 *
 * A grant is changed in its home Region, which its ARN does not tell. It is replicated to all Regions, so that the Region of the stack knows.
 *
 * What it has activated itself, the physical id says, and so does the reason that the grant gives for its status: a delete must not deactivate what was active
 * before. The id of a grant does not change, or CloudFormation would delete the former one, as if the grant was to be given back.
 */
export const grantAcceptance: ManagedType<typeof definition, State, Change> = {
  definition,

  check({ Grant: wanted }) {
    // License Manager finds no grant by it, so that the deployment would wait for one.
    if (!parseGrantByName(wanted) && !isArn(LICENSE_GRANT, wanted)) {
      throw new Refusal(`Grant '${wanted}' is not the ARN of a grant. Expected: ${arnExample(LICENSE_GRANT)}`);
    }
  },

  identify({ Activate }, grant, { stackId }, physicalId) {
    if (!grant) {
      return undefined;
    }
    const id = `${grant.GrantArn}${ACCEPTANCE}`;
    if (physicalId !== undefined && withoutMark(physicalId) === id) {
      return physicalId;
    }
    const turnsOn = Activate && (grant.GrantStatus === 'PENDING_ACCEPT' || grant.GrantStatus === 'DISABLED');
    return turnsOn || grant.StatusReason === reasonOf(stackId) ? id + ACTIVATED : id;
  },

  recognizes: physicalId => withoutMark(physicalId).endsWith(ACCEPTANCE) && isArn(LICENSE_GRANT, grantArnOf(physicalId)),

  withoutMark,

  async read(subject) {
    const { declared, physicalId, aws, place } = subject;
    const found = declared ? await find(subject, declared) : await received(subject, grantArnOf(physicalId!));
    // Elsewhere there is a copy, which may be of a moment ago.
    const grant = found && found.HomeRegion !== place.region ? await received({ aws: aws.in(found.HomeRegion!) }, found.GrantArn!) ?? found : found;
    if (grant && declared && physicalId !== undefined && FINAL[grant.GrantStatus!] !== undefined && await subject.rollsBack()) {
      // Why the update has failed, it has said. A roll-back that fails, too, would leave the stack to be mended by hand.
      subject.log.warn('The grant is as it was before the update, and cannot be used', { grantArn: grant.GrantArn, status: grant.GrantStatus });
      return { ...grant, isPast: true };
    }
    return grant;
  },

  compare({ declared, former, physicalId, place }, grant) {
    if (!grant) {
      return undefined;
    }
    const { GrantStatus: status, StatusReason, isPast } = grant;
    if (isPast) {
      return undefined;
    }
    if (!declared) {
      const isActivated = status === 'ACTIVE' && (physicalId!.endsWith(ACTIVATED) || StatusReason === reasonOf(place.stackId));
      const reject = former?.RejectOnDelete && ['PENDING_ACCEPT', 'DISABLED', 'ACTIVE'].includes(status!);
      return reject || isActivated ? { grant, reject, status: isActivated ? 'DISABLED' : undefined } : undefined;
    }
    refuseFinal(grant);
    const wanted = declared.Activate ? 'ACTIVE' : 'DISABLED';
    if (status === 'PENDING_ACCEPT') {
      return { grant, accept: true, status: wanted };
    }
    return status === wanted ? undefined : { grant, status: wanted };
  },

  async write(subject, { grant, accept, reject, status }) {
    const aws = subject.aws.in(grant.HomeRegion!);
    const GrantArn = grant.GrantArn!;
    if (reject && !await subject.rollsBack()) {
      await aws.call(rejectGrant, { GrantArn });
      return;
    }
    if (status === undefined) {
      return;
    }
    let present: Grant | undefined = grant;
    const look = async () => present = await received({ aws }, GrantArn);
    if (accept) {
      try {
        await aws.call(acceptGrant, { GrantArn });
      } catch (error) {
        // It may have been accepted by a call whose answer got lost, or by somebody else; and what the organization accepts, nobody else may.
        // https://github.com/hashicorp/terraform-provider-aws/issues/34977
        if (!(error instanceof OperationFailed && error.code === 'ValidationException')
          || (await look())?.GrantStatus === 'PENDING_ACCEPT' && !/not allowed to accept/i.test(error.text)) {
          throw error;
        }
        subject.log.info('The grant is accepted by somebody else', { grantArn: GrantArn });
      }
      await waitFor(subject, async () => ['PENDING_ACCEPT', 'PENDING_WORKFLOW'].includes((await look())?.GrantStatus ?? '') ? 'the grant is being accepted' : undefined);
    }
    for (let attempt = 1; present && present.GrantStatus !== status; attempt++) {
      refuseFinal(present);
      try {
        await aws.call(createGrantVersion, {
          ClientToken: `${subject.token}-${attempt}`,
          GrantArn,
          SourceVersion: present.Version,
          Status: status,
          StatusReason: reasonOf(subject.place.stackId),
          Options: status === 'ACTIVE' && subject.declared?.ActivationOverrideBehavior !== undefined
            ? { ActivationOverrideBehavior: subject.declared.ActivationOverrideBehavior } : undefined,
        });
        return;
      } catch (error) {
        // Who grants it may have made a version since it was read.
        const { Version } = present;
        if (attempt === ATTEMPTS || !(error instanceof OperationFailed) || error.code !== 'ValidationException' || (await look())?.Version === Version) {
          throw error;
        }
      }
    }
  },

  settling({ declared }, grant, changed) {
    if (!declared) {
      return undefined;
    }
    if (!grant) {
      return 'The grant has not arrived';
    }
    if (grant.GrantStatus === 'PENDING_WORKFLOW') {
      return 'The grant is being distributed';
    }
    if (!changed) {
      return undefined;
    }
    refuseFinal(grant);
    return grant.GrantStatus === (declared.Activate ? 'ACTIVE' : 'DISABLED') ? undefined : `The grant is ${grant.GrantStatus}`;
  },

  attributes: (_physicalId, _subject, grant) => ({
    GrantArn: grant?.GrantArn ?? '', LicenseArn: grant?.LicenseArn ?? '', HomeRegion: grant?.HomeRegion ?? '',
  }),
};

/** The grant that is declared: by its ARN, by its name, or the account's own of one to its organization. */
async function find(subject: Acceptance, { Grant: wanted, ThroughOrganization }: NonNullable<Acceptance['declared']>): Promise<Grant | undefined> {
  const named = parseGrantByName(wanted);
  if (!named && !ThroughOrganization) {
    return received(subject, wanted);
  }
  const account = named?.account ?? wanted.split(':')[4];
  const isIt = (grant: Grant) => named ? grant.GrantName === named.name : grant.ParentArn === wanted;
  const found: Grant[] = [];
  let rejected: Grant | undefined;
  for await (const grant of subject.aws.list(listReceivedGrants, { Filters: [{ Name: 'GranterAccountId', Values: [account] }] })) {
    if (isIt(grant) && grant.GrantStatus === 'REJECTED') {
      rejected = grant;
    } else if (isIt(grant) && !['DELETED', 'PENDING_DELETE'].includes(grant.GrantStatus!)) {
      found.push(grant);
    }
  }
  if (found.length > 1) {
    throw new Refusal(`account ${account} has made several grants of the name '${named?.name ?? wanted}': ${found.map(({ GrantArn }) => GrantArn).join(', ')}. `
      + 'Name the one by its ARN');
  }
  // A license that is granted again has another grant, which is there by the time that this one is looked for.
  return found[0] ?? rejected;
}

async function received({ aws }: Pick<Acceptance, 'aws'>, grantArn: string): Promise<Grant | undefined> {
  for await (const grant of aws.list(listReceivedGrants, { GrantArns: [grantArn] })) {
    return grant;
  }
  return undefined;
}

function refuseFinal({ GrantArn, GrantStatus, StatusReason }: Grant): void {
  const why = FINAL[GrantStatus!];
  if (why !== undefined) {
    throw new Refusal(`grant ${GrantArn} is ${GrantStatus}${StatusReason ? ` (${StatusReason})` : ''}: ${why}`);
  }
}

/** Why the grant has its status: who grants it can read that, too. */
function reasonOf(stackId: string): string {
  return `cdk-license-manager ${stackId.slice(stackId.lastIndexOf('/') + 1)}`;
}

function grantArnOf(physicalId: string): string {
  return withoutMark(physicalId).slice(0, -ACCEPTANCE.length);
}
