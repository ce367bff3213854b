import { type LicenseConfigurationAssociation, ResourceType as Kind } from '@aws-sdk/client-license-manager';
import { isOfGoneResource } from './license-configuration-association';
import { Refusal } from '../../contract/refusal';
import { DISASSOCIATE_ON_DELETE } from '../../contract/tags';
import { licenseConfigurationDisassociation as definition } from '../../contract/types/license-configuration-disassociation';
import { OperationFailed } from '../errors';
import { known, subjectOf } from '../kinds/known';
import { ifThere } from '../kinds/owned';
import type { ManagedType, Subject } from '../managed-type';
import { listAssociationsForLicenseConfiguration, listTagsForResource, updateLicenseSpecificationsForResource } from '../operations/license-manager';

/** How many of the associations that are left are named; CloudFormation takes no long reasons. */
const NAMED = 10;

/** What is gone when License Manager refuses to release it. What else it associates, automated discovery has found. */
const EC2_RESOURCES: readonly string[] = [Kind.EC2_AMI, Kind.EC2_HOST, Kind.EC2_INSTANCE];

type This = Subject<typeof definition>;
type Associations = LicenseConfigurationAssociation[];

/**
 * Releases at its delete what a self-managed license is still associated with, so that the license can be deleted after it.
 *
 * A delete may also mean that the license lives on and is no longer to be released at its end. The tag of the license tells the two apart.
 */
export const licenseConfigurationDisassociation: ManagedType<typeof definition, Associations, Associations> = {
  ...known(definition),

  async read(subject) {
    if (subject.requestType !== 'Delete') {
      return undefined;
    }
    const { LicenseConfigurationArn: licenseArn } = subjectOf(subject, definition);
    const reason = await whatForbids(subject, licenseArn);
    if (reason !== undefined) {
      subject.log.info('Nothing is released', { licenseConfigurationArn: licenseArn, reason });
      return undefined;
    }
    return associationsOf(subject, licenseArn);
  },

  compare(_subject, associations) {
    return associations?.length ? associations : undefined;
  },

  async write(subject, associations) {
    const { LicenseConfigurationArn: licenseArn } = subjectOf(subject, definition);
    const failures = new Map<string, OperationFailed>();
    let untouched = 0;
    for (const { ResourceArn, ResourceType: type, AmiAssociationScope } of associations) {
      if (subject.remaining() <= 0) {
        untouched++;
        continue;
      }
      try {
        await subject.aws.call(updateLicenseSpecificationsForResource, {
          ResourceArn, RemoveLicenseSpecifications: [{ LicenseConfigurationArn: licenseArn, AmiAssociationScope }],
        });
        subject.log.info('Released', { licenseConfigurationArn: licenseArn, resourceArn: ResourceArn });
      } catch (error) {
        if (!(error instanceof OperationFailed)) {
          throw error;
        }
        if (EC2_RESOURCES.includes(type!) && isOfGoneResource(error)) {
          // CloudFormation may have terminated an instance of the stack before, whose licenses License Manager takes back itself.
          subject.log.warn('The resource is gone, and License Manager releases its licenses itself', { resourceArn: ResourceArn, error: error.message });
        } else {
          failures.set(ResourceArn!, error);
        }
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

/** Why nothing may be released, if so. */
async function whatForbids({ aws }: This, licenseArn: string): Promise<string | undefined> {
  const { Key, Value } = DISASSOCIATE_ON_DELETE;
  const found = await ifThere(() => aws.call(listTagsForResource, { ResourceArn: licenseArn }));
  if (!found) {
    return 'it is gone';
  }
  return found.Tags?.some((tag) => tag.Key === Key && tag.Value === Value) ? undefined
    : `it does not have the tag '${Key}' = '${Value}': disassociateResourcesOnDelete was turned off, or somebody removed the tag`;
}

async function associationsOf({ aws }: This, licenseArn: string): Promise<Associations> {
  return await ifThere(async () => {
    const found: Associations = [];
    // All pages before the first release, as the tokens of a list do not survive that it gets shorter.
    for await (const association of aws.list(listAssociationsForLicenseConfiguration, { LicenseConfigurationArn: licenseArn })) {
      found.push(association);
    }
    return found;
  }) ?? [];
}

/** Fails if something is left: a release may have come about although the call failed. */
async function explain(subject: This, licenseArn: string, failures: Map<string, OperationFailed>): Promise<void> {
  const left = await associationsOf(subject, licenseArn);
  const kept = left.filter(({ ResourceArn }) => failures.has(ResourceArn!));
  for (const { ResourceArn } of kept) {
    subject.log.error('Not released', { licenseConfigurationArn: licenseArn, resourceArn: ResourceArn, error: failures.get(ResourceArn!)!.message });
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
