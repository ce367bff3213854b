import type { LicenseSpecification } from '@aws-sdk/client-license-manager';
import type { LicenseConfigurationAssociationProperties } from '../../contract/properties';
import { checkLicenseConfigurationArn, checkLicensedResourceArn, isImageArn, isLicenseConfigurationArn, isLicensedResourceArn } from '../arn';
import { OperationFailed, Refusal } from '../errors';
import type { ManagedType, Subject } from '../managed-type';
import { object, optional, text } from '../shape';
import { sleep } from '../sleep';

const SEPARATOR = '|';
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

type Properties = LicenseConfigurationAssociationProperties;

/**
 * A self-managed license on an AMI, an instance or a Dedicated Host. Other licenses of the resource stay as they are.
 */
export const licenseConfigurationAssociation: ManagedType<Properties, LicenseSpecification, Change> = {
  properties: object<Properties>({
    LicenseConfigurationArn: text(),
    ResourceArn: text(),
    AmiAssociationScope: optional(text([CROSS_ACCOUNT])),
  }),

  check(properties, environment) {
    checkLicenseConfigurationArn('LicenseConfigurationArn', properties.LicenseConfigurationArn, environment);
    checkLicensedResourceArn('ResourceArn', properties.ResourceArn, environment);
    if (properties.AmiAssociationScope && !isImageArn(properties.ResourceArn)) {
      throw new Refusal(`AmiAssociationScope is for AMIs, and ResourceArn '${properties.ResourceArn}' is none. Leave AmiAssociationScope out`);
    }
  },

  identify: (properties) => `${properties.ResourceArn}${SEPARATOR}${properties.LicenseConfigurationArn}`,

  recognizes(physicalId) {
    const [resourceArn, licenseArn, ...more] = physicalId.split(SEPARATOR);
    return more.length === 0 && isLicensedResourceArn(resourceArn) && isLicenseConfigurationArn(licenseArn ?? '');
  },

  async read(subject) {
    const { resourceArn, licenseArn } = pairOf(subject);
    try {
      for await (const specification of subject.licenseManager.specifications(resourceArn)) {
        if (specification.LicenseConfigurationArn === licenseArn) {
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
    const { resourceArn, licenseArn } = pairOf(subject);
    if (!subject.properties) {
      return found && { resourceArn, remove: found };
    }
    const { AmiAssociationScope } = subject.properties;
    if (found && (found.AmiAssociationScope || undefined) === AmiAssociationScope) {
      return undefined;
    }
    return { resourceArn, add: { LicenseConfigurationArn: licenseArn, AmiAssociationScope }, otherScope: found !== undefined };
  },

  async write(subject, { resourceArn, add, remove }) {
    try {
      await subject.licenseManager.updateSpecifications(resourceArn, { add, remove });
    } catch (error) {
      if (!isGone(subject, error)) {
        throw error;
      }
    }
  },

  async confirm(subject, { add, otherScope }) {
    if (add?.AmiAssociationScope === CROSS_ACCOUNT) {
      await findLateFailure(subject);
    }
    if (otherScope && this.compare(subject, await this.read(subject))) {
      throw new Refusal('License Manager has kept the scope in which the license and the AMI were associated before. '
        + 'Deploy the stack without this association first, and then with it');
    }
  },
};

function pairOf({ properties, physicalId }: Subject<Properties>): { resourceArn: string; licenseArn: string } {
  // A delete goes by the id alone, so that the delete of a replaced association is not about what replaced it.
  const [resourceArn, licenseArn] = properties
    ? [properties.ResourceArn, properties.LicenseConfigurationArn]
    : physicalId!.split(SEPARATOR);
  return { resourceArn, licenseArn };
}

/**
 * Whether a delete failed because the resource or the license does not exist any more.
 *
 * License Manager releases licenses of terminated instances itself, and those of deregistered AMIs within hours; until then it refuses to.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
 */
function isGone({ requestType, log }: Subject<Properties>, error: unknown): boolean {
  const gone = requestType === 'Delete'
    && error instanceof OperationFailed
    && ['InvalidParameterValueException', 'InvalidResourceStateException', 'ResourceNotFoundException'].includes(error.code)
    && !/automated discovery/i.test(error.text);
  if (gone) {
    log.warn('The resource is gone, and License Manager releases its licenses itself', { error: error.message });
  }
  return gone;
}

/** What License Manager does in other accounts fails, if it does, after its answer. */
async function findLateFailure({ properties, licenseManager, started }: Subject<Properties>): Promise<void> {
  const { ResourceArn, LicenseConfigurationArn } = properties!;
  // License Manager's clock and that of the function differ a little, and its times have no fractions.
  const since = started.getTime() - 2_000;
  for (const delay of QUESTIONS) {
    await sleep(delay);
    for await (const failure of licenseManager.failures(LicenseConfigurationArn)) {
      if (failure.ResourceArn === ResourceArn && (failure.FailureTime?.getTime() ?? 0) >= since) {
        throw new OperationFailed(failure.OperationName ?? 'UpdateLicenseSpecificationsForResource', ResourceArn, 'ReportedFailure',
          failure.ErrorMessage ?? '', undefined, true, 'License Manager accepted the association and reported this afterwards: '
          + 'AmiAssociationScope cross-account works for AMIs that your account owns; leave it out for an AMI that is shared with your account');
      }
    }
  }
}
