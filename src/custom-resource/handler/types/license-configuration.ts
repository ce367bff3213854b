import type { GetLicenseConfigurationResponse, ProductInformationFilter, UpdateLicenseConfigurationRequest } from '@aws-sdk/client-license-manager';
import { parseArn, SELF_MANAGED_LICENSE } from '../../contract/arn';
import type { PropertiesOf } from '../../contract/definition';
import { Refusal } from '../../contract/refusal';
import { licenseConfiguration as definition } from '../../contract/types/license-configuration';
import { OperationFailed } from '../errors';
import { owned, sameMembers } from '../kinds/owned';
import type { Subject } from '../managed-type';
import {
  createLicenseConfiguration, deleteLicenseConfiguration, getLicenseConfiguration, listAssociationsForLicenseConfiguration,
  listLicenseConfigurations, listTagsForResource, updateLicenseConfiguration,
} from '../operations/license-manager';

type Properties = PropertiesOf<typeof definition>;

/**
 * A self-managed license, for Regions that do not have its CloudFormation type.
 */
export const licenseConfiguration = owned<typeof definition, GetLicenseConfigurationResponse>(definition, {
  kind: SELF_MANAGED_LICENSE,
  takesClientToken: false,
  readsBack: false,

  get: async (subject, LicenseConfigurationArn) =>
    withoutWhatStays(subject, await subject.aws.call(getLicenseConfiguration, { LicenseConfigurationArn })),

  async *candidates({ aws, place }, wanted) {
    for await (const { LicenseConfigurationArn: arn, Name } of aws.list(listLicenseConfigurations, {})) {
      // Licenses of other accounts are listed, too, and the tags of those cannot be read.
      if (parseArn(SELF_MANAGED_LICENSE, arn!)?.account === place.account && (!wanted || wanted.Name === Name)) {
        yield arn!;
      }
    }
  },

  tagsOf: async ({ aws }, ResourceArn) => (await aws.call(listTagsForResource, { ResourceArn })).Tags,

  create: async ({ aws }, declared, Tags) => (await aws.call(createLicenseConfiguration, { ...declared, Tags })).LicenseConfigurationArn!,

  isReplaced: (declared, found) =>
    found.LicenseCountingType !== declared.LicenseCountingType || !sameMembers(found.LicenseRules, declared.LicenseRules),

  difference: differenceOf,

  update: ({ aws }, LicenseConfigurationArn, difference) => aws.call(updateLicenseConfiguration, { LicenseConfigurationArn, ...difference }),

  async delete({ aws }, LicenseConfigurationArn) {
    try {
      await aws.call(deleteLicenseConfiguration, { LicenseConfigurationArn });
    } catch (error) {
      throw error instanceof OperationFailed && error.code === 'InvalidParameterValueException'
        ? await withAssociations(aws, LicenseConfigurationArn, error) : error;
    }
  },

  attributes(arn, found) {
    const { id, account } = parseArn(SELF_MANAGED_LICENSE, arn)!;
    // A new license is available; a license that this create has left behind is one, too.
    return { LicenseConfigurationArn: arn, LicenseConfigurationId: id, OwnerAccountId: account, Status: found?.Status || 'AVAILABLE' };
  },
});

/** Of the associations that keep a license from being deleted, how many are named; CloudFormation takes no long reasons. */
const NAMED = 10;

/** The same failure with what the license is associated with, if it is: License Manager has no error of its own for that. */
async function withAssociations(
  aws: Subject<typeof definition>['aws'], LicenseConfigurationArn: string, failure: OperationFailed,
): Promise<OperationFailed> {
  const found: string[] = [];
  try {
    for await (const { ResourceArn } of aws.list(listAssociationsForLicenseConfiguration, { LicenseConfigurationArn })) {
      found.push(ResourceArn!);
    }
  } catch {
    return failure;
  }
  if (found.length === 0) {
    return failure;
  }
  const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
  return failure.withHint(`License Manager deletes no self-managed license that is still associated with a resource: remove the associations with ${
    found.slice(0, NAMED).join(', ')}${more}, or set disassociateResourcesOnDelete: true and deploy once before the delete. What is terminated or`
    + ' deregistered is removed by License Manager itself, within hours');
}

/** What License Manager cannot take away from a license, and by what the user sets it. */
const ONE_WAY = { LicenseCount: 'licenseCount', LicenseExpiry: 'licenseExpiry' } as const;

/**
 * The license without what an update has set for the first time that is rolled back: License Manager cannot take it away, and a roll-back that
 * fails leaves a stack that nobody can update.
 */
async function withoutWhatStays(
  { declared, log, rollsBack }: Subject<typeof definition>, found: GetLicenseConfigurationResponse,
): Promise<GetLicenseConfigurationResponse> {
  const names = Object.keys(ONE_WAY) as (keyof typeof ONE_WAY)[];
  const staying = declared ? names.filter(name => found[name] !== undefined && declared[name] === undefined) : [];
  if (staying.length === 0 || !await rollsBack()) {
    return found;
  }
  for (const name of staying) {
    log.warn('It is rolled back, and stays: License Manager cannot remove it', {
      licenseConfigurationArn: found.LicenseConfigurationArn, [name]: found[name],
    });
  }
  return { ...found, ...Object.fromEntries(staying.map(name => [name, undefined])) };
}

function differenceOf(properties: Properties, found: GetLicenseConfigurationResponse): Partial<UpdateLicenseConfigurationRequest> | undefined {
  for (const [name, property] of Object.entries(ONE_WAY) as [keyof typeof ONE_WAY, string][]) {
    if (found[name] !== undefined && properties[name] === undefined) {
      throw new Refusal(`the license has a ${name} of ${found[name]}, which License Manager cannot remove. Set ${property} to the value that is to hold, or give the construct another id, so that CloudFormation creates a new license`);
    }
  }
  const update: Partial<UpdateLicenseConfigurationRequest> = {};
  if (properties.Name !== found.Name) {
    update.Name = properties.Name;
  }
  if ((properties.Description ?? '') !== (found.Description ?? '')) {
    update.Description = properties.Description ?? '';
  }
  if (properties.LicenseCount !== found.LicenseCount) {
    update.LicenseCount = properties.LicenseCount;
  }
  if ((properties.LicenseCountHardLimit ?? false) !== (found.LicenseCountHardLimit ?? false)) {
    update.LicenseCountHardLimit = properties.LicenseCountHardLimit ?? false;
  }
  if (properties.LicenseExpiry !== found.LicenseExpiry) {
    update.LicenseExpiry = properties.LicenseExpiry;
  }
  if ((properties.DisassociateWhenNotFound ?? false) !== (found.DisassociateWhenNotFound ?? false)) {
    update.DisassociateWhenNotFound = properties.DisassociateWhenNotFound ?? false;
  }
  if (!sameMembers(properties.ProductInformationList?.map(canonical), found.ProductInformationList?.map(canonical))) {
    update.ProductInformationList = properties.ProductInformationList ?? [];
  }
  return Object.keys(update).length > 0 ? update : undefined;
}

/** As it is declared, and as License Manager has it. */
interface Product {
  readonly ResourceType?: string;
  readonly ProductInformationFilterList?: readonly Partial<ProductInformationFilter>[];
}

/** License Manager does not keep the order of filters and members. */
function canonical({ ResourceType: type, ProductInformationFilterList: list }: Product): string {
  const filters = list?.map(({
    ProductInformationFilterName: name, ProductInformationFilterComparator: comparator, ProductInformationFilterValue: values = [],
  }) => JSON.stringify({ name, comparator, values }));
  return JSON.stringify({ type, filters: filters?.sort() });
}
