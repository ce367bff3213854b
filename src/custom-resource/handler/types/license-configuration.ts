import type { GetLicenseConfigurationResponse, LicenseCountingType, UpdateLicenseConfigurationRequest } from '@aws-sdk/client-license-manager';
import type { LicenseConfigurationProperties, ProductInformationFilterProperties, ProductInformationProperties } from '../../contract/properties';
import { isLicenseConfigurationArn, licenseConfigurationIdOf, ownerOf } from '../arn';
import { OperationFailed, Refusal } from '../errors';
import type { ManagedType, Subject } from '../managed-type';
import {
  checkTags, differenceOfTags, isCreatedWith, isMissing, ownTags, remainsOf, sameMembers, TAGS, type TagDifference, tokenOfRemains, writeTags,
} from '../owned';
import { flag, integer, list, object, optional, text } from '../shape';
import { sleep } from '../sleep';

const CREATE_ATTEMPTS = 3;
/** Before License Manager is asked what a create without an answer has left, in milliseconds. */
const SETTLING = 2_000;

type Properties = LicenseConfigurationProperties;

interface State {
  readonly arn: string;
  /** The properties and tags; nothing for what this very request has created. */
  readonly found?: GetLicenseConfigurationResponse;
}

type Change =
  | { readonly kind: 'create' }
  | { readonly kind: 'delete'; readonly arn: string }
  | { readonly kind: 'update'; readonly arn: string; readonly update?: Partial<UpdateLicenseConfigurationRequest>; readonly tags?: TagDifference };

/**
 * A self-managed license, for Regions that do not have its CloudFormation type.
 */
export const licenseConfiguration: ManagedType<Properties, State, Change> = {
  properties: object<Properties>({
    Name: text(),
    Description: optional(text()),
    LicenseCountingType: text(['vCPU', 'Instance', 'Core', 'Socket']),
    LicenseCount: optional(integer),
    LicenseCountHardLimit: optional(flag),
    LicenseRules: optional(list(text())),
    LicenseExpiry: optional(integer),
    DisassociateWhenNotFound: optional(flag),
    ProductInformationList: optional(list(object<ProductInformationProperties>({
      ResourceType: text(['SSM_MANAGED', 'RDS']),
      ProductInformationFilterList: list(object<ProductInformationFilterProperties>({
        ProductInformationFilterName: text(),
        ProductInformationFilterComparator: text(),
        ProductInformationFilterValue: optional(list(text())),
      })),
    }))),
    Tags: optional(TAGS),
  }),

  check: ({ Tags }) => checkTags(Tags),

  identify: (_properties, state) => state?.arn,

  identifyRemains: ({ token }) => remainsOf(token),

  recognizes: (physicalId) => isLicenseConfigurationArn(physicalId) || tokenOfRemains(physicalId) !== undefined,

  async read(subject) {
    const { physicalId, properties, token, licenseManager } = subject;
    const remains = tokenOfRemains(physicalId);
    if (remains !== undefined) {
      return findCreated(subject, remains);
    }
    let state: State | undefined;
    if (physicalId) {
      try {
        state = { arn: physicalId, found: await licenseManager.get(physicalId) };
      } catch (error) {
        if (!isMissing(error)) {
          throw error;
        }
      }
    }
    // What has to be created may have been created already, by this request when it came before.
    return properties && (!state || isReplaced(properties, state)) ? await findCreated(subject, token) ?? state : state;
  },

  compare({ properties, oldProperties }, state) {
    if (!properties) {
      return state && { kind: 'delete', arn: state.arn };
    }
    if (!state || isReplaced(properties, state)) {
      return { kind: 'create' };
    }
    const { arn, found } = state;
    if (!found) {
      return undefined;
    }
    const update = differenceOf(properties, found);
    const tags = differenceOfTags(properties.Tags, found.Tags, oldProperties);
    return update || tags ? { kind: 'update', arn, update, tags } : undefined;
  },

  async write(subject, change) {
    const { licenseManager } = subject;
    switch (change.kind) {
      case 'create':
        return create(subject);
      case 'delete':
        try {
          return await licenseManager.delete(change.arn);
        } catch (error) {
          // The license exists, as it was read, so that it is in use.
          throw error instanceof OperationFailed && error.code === 'InvalidParameterValueException'
            ? error.withHint('License Manager deletes no self-managed license that is still associated with a resource: remove the associations, or set'
              + ' disassociateResourcesOnDelete: true and deploy once before the delete')
            : error;
        }
      case 'update':
        if (change.update) {
          await licenseManager.update({ LicenseConfigurationArn: change.arn, ...change.update });
        }
        await writeTags(licenseManager, change.arn, change.tags);
    }
    return undefined;
  },

  attributes: (arn, _subject, state) => ({
    LicenseConfigurationArn: arn,
    LicenseConfigurationId: licenseConfigurationIdOf(arn),
    OwnerAccountId: ownerOf(arn),
    // A new license is available; a license that this create has left behind is one, too.
    Status: (state?.arn === arn && state.found?.Status) || 'AVAILABLE',
  }),
};

/** What License Manager cannot change: the license is created anew. */
function isReplaced(properties: Properties, { found }: State): boolean {
  return found !== undefined && (found.LicenseCountingType !== properties.LicenseCountingType
    || !sameMembers(found.LicenseRules, properties.LicenseRules));
}

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

/** License Manager does not keep the order of filters and members. */
function canonical(product: Partial<ProductInformationProperties> | NonNullable<GetLicenseConfigurationResponse['ProductInformationList']>[number]): string {
  const filters = product.ProductInformationFilterList?.map(({
    ProductInformationFilterName: name, ProductInformationFilterComparator: comparator, ProductInformationFilterValue: values = [],
  }) => JSON.stringify({ name, comparator, values }));
  return JSON.stringify({ type: product.ResourceType, filters: filters?.sort() });
}

/**
 * Creates the license. A create whose answer is lost may have created it, and the operation takes no client token: the token is a tag.
 */
async function create(subject: Subject<Properties>): Promise<string> {
  const { Tags = [], LicenseCountingType, ...properties } = subject.properties!;
  for (let attempt = 1; ; attempt++) {
    try {
      return await subject.licenseManager.create({
        ...properties, LicenseCountingType: LicenseCountingType as LicenseCountingType, Tags: [...Tags, ...ownTags(subject)],
      });
    } catch (error) {
      if (!(error instanceof OperationFailed) || !error.uncertain || attempt === CREATE_ATTEMPTS || subject.remaining() <= 0) {
        // The life cycle reads once more, if that is uncertain.
        throw error;
      }
      await sleep(SETTLING);
      const created = await findCreated(subject, subject.token);
      if (created) {
        return created.arn;
      }
    }
  }
}

/** The license that a create with this token has left. */
async function findCreated({ properties, licenseManager, environment }: Subject<Properties>, token: string): Promise<State | undefined> {
  for await (const { LicenseConfigurationArn: arn, Name } of licenseManager.licenseConfigurations()) {
    // Licenses of other accounts are listed, too, and the tags of those cannot be read.
    if (ownerOf(arn!) === environment.account && (!properties || properties.Name === Name)) {
      if (isCreatedWith(token, await licenseManager.tags(arn!))) {
        return { arn: arn! };
      }
    }
  }
  return undefined;
}
