import type { LicenseSpecification } from '@aws-sdk/client-license-manager';
import { AMI, isArn } from '../../contract/arn';
import { Refusal } from '../../contract/refusal';
import { licenseConfigurationAssociation as definition } from '../../contract/types/license-configuration-association';
import { OperationFailed } from '../errors';
import { known, subjectOf } from '../kinds/known';
import { isMissing } from '../kinds/owned';
import type { ManagedType, Subject } from '../managed-type';
import { getLicenseConfiguration, listFailures, listLicenseSpecificationsForResource, updateLicenseSpecificationsForResource } from '../operations/license-manager';
import { sleep } from '../sleep';

const CROSS_ACCOUNT = 'cross-account';

/** When License Manager is asked for failures that it reports after its answer, in milliseconds after the question before. */
const QUESTIONS = [1_000, 2_000, 4_000];

interface Change {
  readonly resourceArn: string;
  readonly add?: LicenseSpecification;
  readonly remove?: LicenseSpecification;
  /** Whether the license is there already, in another scope. */
  readonly otherScope?: boolean;
}

/**
 * A self-managed license on an AMI, an instance or a Dedicated Host. Other licenses of the resource stay as they are.
 */
export const licenseConfigurationAssociation: ManagedType<typeof definition, LicenseSpecification, Change> = {
  ...known(definition),

  check({ ResourceArn, AmiAssociationScope }) {
    if (AmiAssociationScope && !isArn(AMI, ResourceArn)) {
      throw new Refusal(`AmiAssociationScope is for AMIs, and ResourceArn '${ResourceArn}' is not one. Leave AmiAssociationScope out`);
    }
  },

  async read(subject) {
    const { ResourceArn, LicenseConfigurationArn } = subjectOf(subject, definition);
    try {
      for await (const specification of subject.aws.list(listLicenseSpecificationsForResource, { ResourceArn })) {
        if (specification.LicenseConfigurationArn === LicenseConfigurationArn) {
          return specification;
        }
      }
    } catch (error) {
      if (isGone(subject, error)) {
        return undefined;
      }
      throw error;
    }
    return undefined;
  },

  compare(subject, found) {
    const { ResourceArn: resourceArn, LicenseConfigurationArn } = subjectOf(subject, definition);
    if (!subject.declared) {
      return found && { resourceArn, remove: found };
    }
    const { AmiAssociationScope } = subject.declared;
    if (found && (found.AmiAssociationScope || undefined) === AmiAssociationScope) {
      return undefined;
    }
    return { resourceArn, add: { LicenseConfigurationArn, AmiAssociationScope }, otherScope: found !== undefined };
  },

  async write(subject, { resourceArn, add, remove }) {
    try {
      await subject.aws.call(updateLicenseSpecificationsForResource, {
        ResourceArn: resourceArn, AddLicenseSpecifications: add && [add], RemoveLicenseSpecifications: remove && [remove],
      });
    } catch (error) {
      if (!isGone(subject, error)) {
        throw add && error instanceof OperationFailed && error.code === 'LicenseUsageException' ? await withUse(subject, add, error) : error;
      }
    }
  },

  async confirm(subject, { resourceArn, add, otherScope }) {
    if (add?.AmiAssociationScope === CROSS_ACCOUNT) {
      await findLateFailure(subject);
    }
    if (otherScope && this.compare(subject, await this.read(subject))) {
      if (subject.requestType === 'Update' && await subject.rollsBack()) {
        // A roll-back that fails leaves a stack that nobody can update.
        subject.log.warn('It is rolled back, and stays: License Manager has kept the scope', { resourceArn, scope: CROSS_ACCOUNT });
        return;
      }
      throw new Refusal('License Manager has kept the scope in which the license and the AMI were associated before. '
        + 'Deploy the stack without this association first, and then with it');
    }
  },
};

/**
 * Whether a delete failed because the resource or the license does not exist any more.
 *
 * License Manager releases licenses of terminated instances itself, and those of deregistered AMIs within hours; until then it refuses to.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
 */
function isGone({ requestType, log }: Subject<typeof definition>, error: unknown): boolean {
  if (requestType !== 'Delete' || !isOfGoneResource(error)) {
    return false;
  }
  log.warn('The resource is gone, and License Manager releases its licenses itself', { error: error.message });
  return true;
}

/** Whether License Manager takes no license from a resource because that does not exist any more, right after it has listed the two. */
export function isOfGoneResource(error: unknown): error is OperationFailed {
  return error instanceof OperationFailed
    && (isMissing(error) || error.code === 'InvalidResourceStateException')
    && !/automated discovery/i.test(error.text);
}

/** The same failure with how many licenses are in use, if License Manager tells it. */
async function withUse(
  { aws }: Subject<typeof definition>, { LicenseConfigurationArn }: LicenseSpecification, failure: OperationFailed,
): Promise<Error> {
  try {
    const { Name, ConsumedLicenses, LicenseCount } = await aws.call(getLicenseConfiguration, { LicenseConfigurationArn });
    return LicenseCount === undefined ? failure : failure.withHint(`${ConsumedLicenses ?? 0} of ${LicenseCount} licenses of '${Name}' are in use, and the`
      + ' resource needs more than are left, or the rules of the license do not allow it: raise licenseCount, set licenseCountHardLimit to false,'
      + ' release what no longer needs the license, or use a resource that the rules allow');
  } catch {
    return failure;
  }
}

/** What License Manager does in other accounts fails, if it does, after its answer. */
async function findLateFailure({ declared, aws, started }: Subject<typeof definition>): Promise<void> {
  const { ResourceArn, LicenseConfigurationArn } = declared!;
  // License Manager's clock and that of the function differ a little, and its times have no fractions.
  const since = started.getTime() - 2_000;
  for (const delay of QUESTIONS) {
    await sleep(delay);
    for await (const failure of aws.list(listFailures, { LicenseConfigurationArn })) {
      if (failure.ResourceArn === ResourceArn && (failure.FailureTime?.getTime() ?? 0) >= since) {
        throw new OperationFailed({
          service: 'License Manager',
          operation: failure.OperationName ?? 'UpdateLicenseSpecificationsForResource',
          resource: ResourceArn,
          code: 'ReportedFailure',
          text: failure.ErrorMessage ?? '',
          uncertain: true,
        }).withHint('License Manager accepted the association and reported this afterwards: AmiAssociationScope cross-account works for AMIs that your'
          + ' account owns; leave it out for an AMI that is shared with your account');
      }
    }
  }
}
