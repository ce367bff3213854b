import type { LicenseConfigurationAssociation } from '@aws-sdk/client-license-manager';
import { DISASSOCIATE_ON_DELETE } from '../../contract/properties';
import type { LicenseConfigurationDisassociationProperties } from '../../contract/properties';
import { checkOwnLicenseConfigurationArn, isLicenseConfigurationArn } from '../arn';
import { OperationFailed, Refusal } from '../errors';
import type { ManagedType, Subject } from '../managed-type';
import { object, text } from '../shape';

const SUFFIX = '|disassociation';

/** How many of the associations that are left are named; CloudFormation takes no long reasons. */
const NAMED = 10;

type Properties = LicenseConfigurationDisassociationProperties;

/**
 * Releases at its delete what a self-managed license is still associated with, so that the license can be deleted after it.
 *
 * A delete may also mean that the license lives on and is no longer to be released at its end. The tag of the license tells the two apart.
 */
export const licenseConfigurationDisassociation: ManagedType<Properties, LicenseConfigurationAssociation[], LicenseConfigurationAssociation[]> = {
  properties: object<Properties>({
    LicenseConfigurationArn: text(),
  }),

  check(properties, environment) {
    checkOwnLicenseConfigurationArn('LicenseConfigurationArn', properties.LicenseConfigurationArn, environment);
  },

  identify: (properties) => `${properties.LicenseConfigurationArn}${SUFFIX}`,

  recognizes: (physicalId) => physicalId.endsWith(SUFFIX) && isLicenseConfigurationArn(physicalId.slice(0, -SUFFIX.length)),

  async read(subject) {
    if (subject.requestType !== 'Delete') {
      return undefined;
    }
    const licenseArn = licenseOf(subject.physicalId!);
    const reason = await whatForbids(subject.licenseManager, licenseArn);
    if (reason !== undefined) {
      subject.log.info('Nothing is released', { licenseConfigurationArn: licenseArn, reason });
      return undefined;
    }
    return associationsOf(subject.licenseManager, licenseArn);
  },

  compare(_subject, associations) {
    return associations?.length ? associations : undefined;
  },

  async write(subject, associations) {
    const licenseArn = licenseOf(subject.physicalId!);
    const failures = new Map<string, OperationFailed>();
    let untouched = 0;
    for (const { ResourceArn, AmiAssociationScope } of associations) {
      if (subject.remaining() <= 0) {
        untouched++;
        continue;
      }
      try {
        await subject.licenseManager.updateSpecifications(ResourceArn!, { remove: { LicenseConfigurationArn: licenseArn, AmiAssociationScope } });
        subject.log.info('Released', { licenseConfigurationArn: licenseArn, resourceArn: ResourceArn });
      } catch (error) {
        if (!(error instanceof OperationFailed)) {
          throw error;
        }
        failures.set(ResourceArn!, error);
      }
    }
    if (untouched > 0) {
      throw new Refusal(`${associations.length - untouched} of ${associations.length} associations of ${licenseArn} were released before the function's`
        + ' time was up. Delete the stack, or deploy it, again to release the rest');
    }
    if (failures.size > 0) {
      await explain(subject, licenseArn, failures);
    }
  },
};

function licenseOf(physicalId: string): string {
  return physicalId.slice(0, -SUFFIX.length);
}

/** Why nothing may be released, if so. */
async function whatForbids(licenseManager: Subject<Properties>['licenseManager'], licenseArn: string): Promise<string | undefined> {
  const { Key, Value } = DISASSOCIATE_ON_DELETE;
  try {
    const tags = await licenseManager.tags(licenseArn);
    return tags.some((tag) => tag.Key === Key && tag.Value === Value) ? undefined
      : `it does not have the tag '${Key}' = '${Value}': disassociateResourcesOnDelete was turned off, or somebody removed the tag`;
  } catch (error) {
    if (isMissing(error)) {
      return 'it is gone';
    }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  // License Manager has no error of its own for a license that does not exist.
  return error instanceof OperationFailed && ['InvalidParameterValueException', 'ResourceNotFoundException'].includes(error.code);
}

async function associationsOf(licenseManager: Subject<Properties>['licenseManager'], licenseArn: string): Promise<LicenseConfigurationAssociation[]> {
  const found: LicenseConfigurationAssociation[] = [];
  try {
    // All pages before the first release, as the tokens of a list do not survive that it gets shorter.
    for await (const association of licenseManager.associations(licenseArn)) {
      found.push(association);
    }
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
  return found;
}

/** Fails if something is left: a release may have come about although the call failed. */
async function explain({ licenseManager, log }: Subject<Properties>, licenseArn: string, failures: Map<string, OperationFailed>): Promise<void> {
  const left = await associationsOf(licenseManager, licenseArn);
  const kept = left.filter(({ ResourceArn }) => failures.has(ResourceArn!));
  for (const { ResourceArn } of kept) {
    log.error('Not released', { licenseConfigurationArn: licenseArn, resourceArn: ResourceArn, error: failures.get(ResourceArn!)!.message });
  }
  if (kept.length > 0) {
    const named = kept.slice(0, NAMED).map(({ ResourceArn, ResourceType }) => {
      const { code, text: reason, requestId } = failures.get(ResourceArn!)!;
      return `${ResourceArn} (${ResourceType}): ${code}: ${reason}${requestId ? ` (request id ${requestId})` : ''}`;
    });
    throw new Refusal(`UpdateLicenseSpecificationsForResource could not release ${kept.length} of the associations of ${licenseArn}: ${named.join('; ')}`
      + `${kept.length > NAMED ? ` and ${kept.length - NAMED} more` : ''}. License Manager itself releases deregistered AMIs within 8 hours and what`
      + ' automated discovery has found when the product information no longer matches. Then delete the stack again');
  }
}
