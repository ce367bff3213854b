import type { LicenseConfigurationAssociation } from '@aws-sdk/client-license-manager';
import type { LicenseConfigurationDisassociationProperties } from '../../properties';
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

  async read({ requestType, physicalId, licenseManager }) {
    return requestType === 'Delete' ? associationsOf(licenseManager, licenseOf(physicalId!)) : undefined;
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

async function associationsOf(licenseManager: Subject<Properties>['licenseManager'], licenseArn: string): Promise<LicenseConfigurationAssociation[]> {
  const found: LicenseConfigurationAssociation[] = [];
  try {
    // All pages before the first release, as the tokens of a list do not survive that it gets shorter.
    for await (const association of licenseManager.associations(licenseArn)) {
      found.push(association);
    }
  } catch (error) {
    // License Manager has no error of its own for a license that does not exist.
    if (error instanceof OperationFailed && ['InvalidParameterValueException', 'ResourceNotFoundException'].includes(error.code)) {
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
