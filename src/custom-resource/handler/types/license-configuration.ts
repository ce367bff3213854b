import type { GetLicenseConfigurationResponse, ProductInformationFilter, UpdateLicenseConfigurationRequest } from '@aws-sdk/client-license-manager';
import { parseArn, SELF_MANAGED_LICENSE } from '../../contract/arn';
import type { PropertiesOf } from '../../contract/definition';
import { Refusal } from '../../contract/refusal';
import { licenseConfiguration as definition } from '../../contract/types/license-configuration';
import { OperationFailed } from '../errors';
import { owned, sameMembers } from '../kinds/owned';
import {
  createLicenseConfiguration, deleteLicenseConfiguration, getLicenseConfiguration, listLicenseConfigurations, listTagsForResource,
  updateLicenseConfiguration,
} from '../operations/license-manager';

type Properties = PropertiesOf<typeof definition>;

/**
 * A self-managed license, for Regions that do not have its CloudFormation type.
 */
export const licenseConfiguration = owned<typeof definition, GetLicenseConfigurationResponse>(definition, {
  kind: SELF_MANAGED_LICENSE,
  takesClientToken: false,
  readsBack: false,

  get: ({ aws }, LicenseConfigurationArn) => aws.call(getLicenseConfiguration, { LicenseConfigurationArn }),

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
      // The license exists, as it was read, so that it is in use.
      throw error instanceof OperationFailed && error.code === 'InvalidParameterValueException'
        ? error.withHint('License Manager deletes no self-managed license that is still associated with a resource: remove the associations, or set'
          + ' disassociateResourcesOnDelete: true and deploy once before the delete')
        : error;
    }
  },

  attributes(arn, found) {
    const { id, account } = parseArn(SELF_MANAGED_LICENSE, arn)!;
    // A new license is available; a license that this create has left behind is one, too.
    return { LicenseConfigurationArn: arn, LicenseConfigurationId: id, OwnerAccountId: account, Status: found?.Status || 'AVAILABLE' };
  },
});

function differenceOf(properties: Properties, found: GetLicenseConfigurationResponse): Partial<UpdateLicenseConfigurationRequest> | undefined {
  for (const name of ['LicenseCount', 'LicenseExpiry'] as const) {
    if (found[name] !== undefined && properties[name] === undefined) {
      throw new Refusal(`the license has a ${name} of ${found[name]}, which License Manager cannot remove. Set ${name === 'LicenseCount'
        ? 'licenseCount' : 'licenseExpiry'} to the value that is to hold, or give the construct another id, so that CloudFormation creates a new license`);
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
