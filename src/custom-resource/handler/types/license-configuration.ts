import type { GetLicenseConfigurationResponse, LicenseCountingType, Tag, UpdateLicenseConfigurationRequest } from '@aws-sdk/client-license-manager';
import type { LicenseConfigurationProperties, ProductInformationFilterProperties, ProductInformationProperties, TagProperties } from '../../properties';
import { isLicenseConfigurationArn, licenseConfigurationIdOf, ownerOf } from '../arn';
import { OperationFailed, Refusal } from '../errors';
import type { ManagedType, Subject } from '../managed-type';
import { flag, integer, list, object, optional, text } from '../shape';
import { sleep } from '../sleep';

/** Carries what tells a create that is repeated from another one. */
const CREATE_TOKEN = 'cdk-license-manager:create-token';
/** Carries the stack that a license belongs to: the condition under which the function may change it. */
const STACK_ID = 'cdk-license-manager:stack-id';
const OWN_TAGS = [CREATE_TOKEN, STACK_ID];

const REMAINS = 'cdk-license-manager:remains-of:';
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
  | { readonly kind: 'update'; readonly arn: string; readonly update?: Partial<UpdateLicenseConfigurationRequest>; readonly tag: Tag[]; readonly untag: string[] };

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
    Tags: optional(list(object<TagProperties>({ Key: text(), Value: text() }))),
  }),

  check({ Tags = [] }) {
    const reserved = Tags.find(({ Key }) => OWN_TAGS.includes(Key));
    if (reserved) {
      throw new Refusal(`the tag '${reserved.Key}' is one that cdk-license-manager itself sets. Use another key`);
    }
  },

  identify: (_properties, state) => state?.arn,

  identifyRemains: ({ token }) => `${REMAINS}${token}`,

  recognizes: (physicalId) => isLicenseConfigurationArn(physicalId) || physicalId.startsWith(REMAINS),

  async read(subject) {
    const { physicalId, properties, token, licenseManager } = subject;
    if (physicalId?.startsWith(REMAINS)) {
      return findCreated(subject, physicalId.slice(REMAINS.length));
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
    const present = new Map(found.Tags?.map(({ Key, Value }) => [Key!, Value]));
    const declared = new Map(properties.Tags?.map(({ Key, Value }) => [Key, Value]));
    const tag = [...declared].filter(([Key, Value]) => present.get(Key) !== Value).map(([Key, Value]) => ({ Key, Value }));
    // Tags that the template never set belong to somebody else.
    const untag = tagKeysOf(oldProperties).filter((key) => present.has(key) && !declared.has(key) && !OWN_TAGS.includes(key));
    return update || tag.length > 0 || untag.length > 0 ? { kind: 'update', arn, update, tag, untag } : undefined;
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
        if (change.tag.length > 0) {
          await licenseManager.tag(change.arn, change.tag);
        }
        if (change.untag.length > 0) {
          await licenseManager.untag(change.arn, change.untag);
        }
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

function sameMembers(some: string[] = [], others: string[] = []): boolean {
  return some.length === others.length && JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
}

/** The old properties come from an older template, whose form may be another. */
function tagKeysOf(oldProperties: unknown): string[] {
  const tags = (oldProperties as { Tags?: unknown } | undefined)?.Tags;
  return Array.isArray(tags) ? tags.map((tag) => tag?.Key).filter((key) => typeof key === 'string') : [];
}

function isMissing(error: unknown): boolean {
  // License Manager has no error of its own for a license that does not exist.
  return error instanceof OperationFailed && ['InvalidParameterValueException', 'ResourceNotFoundException'].includes(error.code);
}

/**
 * Creates the license. A create whose answer is lost may have created it, and the operation takes no client token: the token is a tag.
 */
async function create(subject: Subject<Properties>): Promise<string> {
  const { Tags = [], LicenseCountingType, ...properties } = subject.properties!;
  const own = [{ Key: CREATE_TOKEN, Value: subject.token }, { Key: STACK_ID, Value: subject.stackId }];
  for (let attempt = 1; ; attempt++) {
    try {
      return await subject.licenseManager.create({
        ...properties, LicenseCountingType: LicenseCountingType as LicenseCountingType, Tags: [...Tags, ...own],
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
      const tags = await licenseManager.tags(arn!);
      if (tags.some(({ Key, Value }) => Key === CREATE_TOKEN && Value === token)) {
        return { arn: arn! };
      }
    }
  }
  return undefined;
}
