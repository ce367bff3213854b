/*
 * What the types have in common whose resources License Manager gives an id, and which belong to a stack by their tags.
 */
import type { Tag } from '@aws-sdk/client-license-manager';
import { OperationFailed, Refusal } from './errors';
import type { LicenseManager } from './license-manager';
import type { Subject } from './managed-type';
import { list, object, text } from './shape';
import type { TagProperties } from '../contract/properties';

/** Carries what tells a create that is repeated from another one. */
const CREATE_TOKEN = 'cdk-license-manager:create-token';
/** Carries the stack that a resource belongs to: the condition under which the function may change it. */
const STACK_ID = 'cdk-license-manager:stack-id';
const OWN_TAGS = [CREATE_TOKEN, STACK_ID];

const REMAINS = 'cdk-license-manager:remains-of:';

/** The shape of the property `Tags`. */
export const TAGS = list(object<TagProperties>({ Key: text(), Value: text() }));

/** What differs between the tags that a template declares and those that are there. */
export interface TagDifference {
  readonly tag: Tag[];
  readonly untag: string[];
}

/** Refuses declared tags that are ours. */
export function checkTags(tags: TagProperties[] = []): void {
  const reserved = tags.find(({ Key }) => OWN_TAGS.includes(Key));
  if (reserved) {
    throw new Refusal(`the tag '${reserved.Key}' is one that cdk-license-manager itself sets. Use another key`);
  }
}

/** The tags that a resource is created with besides the declared ones. */
export function ownTags({ token, stackId }: Subject<unknown>): Tag[] {
  return [{ Key: CREATE_TOKEN, Value: token }, { Key: STACK_ID, Value: stackId }];
}

/** Whether tags are those of what a create with a token has made. */
export function isCreatedWith(token: string, tags: Tag[] = []): boolean {
  return tags.some(({ Key, Value }) => Key === CREATE_TOKEN && Value === token);
}

export function differenceOfTags(declaredTags: TagProperties[] = [], presentTags: Tag[] = [], oldProperties: unknown): TagDifference | undefined {
  const present = new Map(presentTags.map(({ Key, Value }) => [Key!, Value]));
  const declared = new Map(declaredTags.map(({ Key, Value }) => [Key, Value]));
  const tag = [...declared].filter(([Key, Value]) => present.get(Key) !== Value).map(([Key, Value]) => ({ Key, Value }));
  // Tags that the template never set belong to somebody else.
  const untag = tagKeysOf(oldProperties).filter((key) => present.has(key) && !declared.has(key) && !OWN_TAGS.includes(key));
  return tag.length > 0 || untag.length > 0 ? { tag, untag } : undefined;
}

/** The old properties come from an older template, whose form may be another. */
function tagKeysOf(oldProperties: unknown): string[] {
  const tags = (oldProperties as { Tags?: unknown } | undefined)?.Tags;
  return Array.isArray(tags) ? tags.map((tag) => tag?.Key).filter((key) => typeof key === 'string') : [];
}

export async function writeTags(licenseManager: LicenseManager, arn: string, { tag, untag }: TagDifference = { tag: [], untag: [] }): Promise<void> {
  if (tag.length > 0) {
    await licenseManager.tag(arn, tag);
  }
  if (untag.length > 0) {
    await licenseManager.untag(arn, untag);
  }
}

/** The physical id of a create that failed and may have left something. */
export function remainsOf(token: string): string {
  return `${REMAINS}${token}`;
}

/** The token of the create that such a physical id stands for. */
export function tokenOfRemains(physicalId: string | undefined): string | undefined {
  return physicalId?.startsWith(REMAINS) ? physicalId.slice(REMAINS.length) : undefined;
}

export function isMissing(error: unknown): boolean {
  // License Manager has no error of its own for a license that does not exist.
  return error instanceof OperationFailed && ['InvalidParameterValueException', 'ResourceNotFoundException'].includes(error.code);
}

/** License Manager does not keep the order of lists. */
export function sameMembers(some: readonly string[] = [], others: readonly string[] = []): boolean {
  return some.length === others.length && JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
}
