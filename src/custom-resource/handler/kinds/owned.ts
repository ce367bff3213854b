/*
 * What the types have in common whose resources License Manager gives an id, and which belong to a stack by their tags.
 */
import type { Tag } from '@aws-sdk/client-license-manager';
import { type ArnKind, isArn } from '../../contract/arn';
import type { Definition, PropertiesOf } from '../../contract/definition';
import { CREATE_TOKEN, REPLACES, STACK_ID, type Tags, UNANSWERED } from '../../contract/tags';
import type { Caller } from '../clients/caller';
import { MISSING_ROLE, OperationFailed } from '../errors';
import type { ManagedType, Subject } from '../managed-type';
import { tagResource, untagResource } from '../operations/license-manager';
import { checkTags, OWN_TAGS } from '../own-tags';
import { sleep } from '../sleep';

/** How often a create is tried that may have had an effect, and a look at what was made. */
const ATTEMPTS = 3;
/** Before License Manager is asked what it has made, in milliseconds. */
const SETTLING = 2_000;
/** Before it is asked, again and again, what a create without an answer has left: it may take effect after the function has given it up. */
const LOOKS = [2_000, 4_000, 8_000];

/** Definitions with tags, whose handlers may write them. */
type OwnedDefinition = Definition<{ readonly Tags?: Tags }, any>;

/**
 * What is different about a type.
 */
export interface OwnedSpecification<D extends OwnedDefinition, Found extends { readonly Tags?: Tag[] }> {
  readonly kind: ArnKind;

  /** Whether creating it twice with one token creates it once. Else what the first try has left is looked for before the second. */
  readonly takesClientToken: boolean;

  /** Whether License Manager chooses attributes, so that it is read after a write. */
  readonly readsBack: boolean;

  /** What there is under an ARN. Fails with License Manager's error if there is nothing. */
  get(subject: Subject<D>, arn: string): Promise<Found>;

  /** The ARNs of the resources of the account that may be what a create has left, as far as it is known what it was to create. */
  candidates(subject: Subject<D>, wanted: PropertiesOf<D> | undefined): AsyncIterable<string>;

  /** The tags of a candidate. */
  tagsOf(subject: Subject<D>, arn: string): Promise<Tag[] | undefined>;

  /** Creates it with tags, and returns its ARN. */
  create(subject: Subject<D>, declared: PropertiesOf<D>, tags: Tag[]): Promise<string>;

  /** Whether something has changed that License Manager cannot change, so that the resource is created anew. */
  isReplaced?(declared: PropertiesOf<D>, found: Found): boolean;

  /** What to change; nothing if everything but the tags is as declared. */
  difference(declared: PropertiesOf<D>, found: Found): object | undefined;

  update(subject: Subject<D>, arn: string, difference: object): Promise<unknown>;

  delete(subject: Subject<D>, arn: string): Promise<unknown>;

  /** The attributes; `found` is missing of what this request has created, unless `readsBack`. */
  attributes(arn: string, found: Found | undefined): Record<string, string>;
}

interface State<Found> {
  readonly arn: string;
  readonly found?: Found;
  /** What the replacement has left that was to be undone, and that was never answered. */
  readonly leftOver?: readonly string[];
}

type Change =
  | { readonly kind: 'create'; readonly replaced?: string }
  | { readonly kind: 'delete'; readonly arn: string }
  | { readonly kind: 'update'; readonly arn: string; readonly difference?: object; readonly tags?: TagDifference; readonly leftOver: readonly string[] };

/**
 * The handler of a type whose resources License Manager gives an id.
 *
 * They have tags that say which stack they belong to, which request has created them, and, until CloudFormation has been told of them, for which
 * resource of the stack: under that mark is found what was never answered, and not what somebody has chosen to keep.
 */
export function owned<D extends OwnedDefinition, Found extends { readonly Tags?: Tag[] }>(
  definition: D, type: OwnedSpecification<D, Found>,
): ManagedType<D> {
  const handler: ManagedType<D, State<Found>, Change> = {
    definition,

    check: ({ Tags }) => checkTags(Tags),

    identify: (_declared, state) => state?.arn,

    recognizes: physicalId => isArn(type.kind, physicalId),

    async read(subject) {
      const { physicalId, declared, former } = subject;
      const found = physicalId === undefined ? undefined : await ifThere(() => type.get(subject, physicalId));
      const state = found && { arn: physicalId!, found };
      if (!declared) {
        return state;
      }
      if (!state || type.isReplaced?.(declared, state.found)) {
        // What has to be created may have been created already, by this request when it came before.
        const [arn] = type.takesClientToken ? [] : await findTagged(subject, type, declared, CREATE_TOKEN, subject.token);
        return arn === undefined ? await replacedBefore(subject, type, declared, state) ?? state : { arn };
      }
      return former && type.isReplaced?.(former, state.found)
        ? { ...state, leftOver: (await findTagged(subject, type, former, UNANSWERED, subject.resource)).filter(arn => arn !== state.arn) }
        : state;
    },

    compare({ declared, formerly }, state) {
      if (!declared) {
        return state && { kind: 'delete', arn: state.arn };
      }
      if (!state || (state.found && type.isReplaced?.(declared, state.found))) {
        return { kind: 'create', replaced: state?.arn };
      }
      if (!state.found) {
        return undefined;
      }
      const difference = type.difference(declared, state.found);
      const tags = differenceOfTags(declared.Tags, state.found.Tags, formerly);
      const { arn, leftOver = [] } = state;
      return difference || tags || leftOver.length > 0 ? { kind: 'update', arn, difference, tags, leftOver } : undefined;
    },

    async write(subject, change) {
      switch (change.kind) {
        case 'create':
          return create(subject, type, change.replaced);
        case 'delete':
          await type.delete(subject, change.arn);
          return undefined;
        case 'update':
          for (const arn of change.leftOver) {
            await deleteIfThere(subject, type, arn);
          }
          if (change.difference) {
            await type.update(subject, change.arn, change.difference);
          }
          await writeTags(subject.aws as Tagger, change.arn, change.tags);
          return undefined;
      }
    },

    // License Manager may need a moment until it finds what it has just made.
    readBack: type.readsBack ? async (subject, arn) => {
      for (let attempt = 1; ; attempt++) {
        const found = await ifThere(() => type.get(subject, arn));
        if (found || attempt === ATTEMPTS || subject.remaining() <= 0) {
          return found && { arn, found };
        }
        await sleep(SETTLING);
      }
    } : undefined,

    findUnanswered: subject => findTagged(subject, type, subject.former, UNANSWERED, subject.resource),

    async answered({ requestType, aws }, arn, state) {
      const marked = state?.found?.Tags?.some(({ Key }) => Key === UNANSWERED);
      if (requestType === 'Create' || marked || state?.arn !== arn) {
        await (aws as Tagger).call(untagResource, { ResourceArn: arn, TagKeys: [UNANSWERED] });
      }
    },

    attributes: (arn, _subject, state) => type.attributes(arn, state?.arn === arn ? state.found : undefined),
  };
  return handler;
}

/**
 * Creates it. A create whose answer is lost may have created it: without a client token it is looked for by the tag before it is created again.
 */
async function create<D extends OwnedDefinition, Found extends { readonly Tags?: Tag[] }>(
  subject: Subject<D>, type: OwnedSpecification<D, Found>, replaced: string | undefined,
): Promise<string> {
  const declared = subject.declared!;
  const tags = [
    ...declared.Tags ?? [],
    { Key: CREATE_TOKEN, Value: subject.token },
    { Key: STACK_ID, Value: subject.place.stackId },
    { Key: UNANSWERED, Value: subject.resource },
    ...replaced === undefined ? [] : [{ Key: REPLACES, Value: replaced }],
  ];
  for (let attempt = 1; ; attempt++) {
    try {
      const created = await type.create(subject, declared, tags);
      if (attempt > 1) {
        await deleteOthers(subject, type, created);
      }
      return created;
    } catch (error) {
      const last = type.takesClientToken || attempt === ATTEMPTS || subject.remaining() <= 0;
      if (!(error instanceof OperationFailed) || !error.uncertain || last) {
        // The life cycle reads once more, if that is uncertain.
        throw error;
      }
      // Who cannot look knows no more than before: that something may have been created.
      const created = await lookFor(subject, type, declared).catch(() => {
        throw error;
      });
      if (created !== undefined) {
        return created;
      }
    }
  }
}

/** What a create without an answer has left. */
async function lookFor<D extends OwnedDefinition>(
  subject: Subject<D>, type: OwnedSpecification<D, any>, declared: PropertiesOf<D>,
): Promise<string | undefined> {
  for (const wait of LOOKS) {
    await sleep(wait);
    const [created] = await findTagged(subject, type, declared, CREATE_TOKEN, subject.token);
    if (created !== undefined) {
      return created;
    }
  }
  return undefined;
}

/** Deletes what a create has made after it was given up and another one was made in its place. What fails of it is found by its mark. */
async function deleteOthers<D extends OwnedDefinition>(subject: Subject<D>, type: OwnedSpecification<D, any>, created: string): Promise<void> {
  try {
    for (const arn of await findTagged(subject, type, subject.declared, CREATE_TOKEN, subject.token)) {
      if (arn !== created) {
        await deleteIfThere(subject, type, arn);
      }
    }
  } catch (error) {
    subject.log.warn('A create that was given up may have taken effect', { created, error: (error as Error).message });
  }
}

/**
 * What the resource was before a replacement that is rolled back: CloudFormation rolls it back with an update of the new one, and deletes the new
 * one when that answers another id. It would be created a third time, and nobody would delete the first.
 *
 * In a deployment it is left alone: somebody has chosen to keep it.
 */
async function replacedBefore<D extends OwnedDefinition, Found extends { readonly Tags?: Tag[] }>(
  subject: Subject<D>, type: OwnedSpecification<D, Found>, declared: PropertiesOf<D>, state: State<Found> | undefined,
): Promise<State<Found> | undefined> {
  const arn = state?.found?.Tags?.find(({ Key }) => Key === REPLACES)?.Value;
  const found = arn && await ifThere(() => type.get(subject, arn));
  return found && !type.isReplaced?.(declared, found) && await subject.rollsBack() ? { arn: arn!, found } : undefined;
}

async function deleteIfThere<D extends OwnedDefinition>(subject: Subject<D>, type: OwnedSpecification<D, any>, arn: string): Promise<void> {
  try {
    await type.delete(subject, arn);
  } catch (error) {
    if (!(error instanceof OperationFailed) || await ifThere(() => type.get(subject, arn))) {
      throw error;
    }
  }
}

/** The ARNs of the candidates with a tag. One that somebody deletes in the meantime has none. */
async function findTagged<D extends OwnedDefinition>(
  subject: Subject<D>, type: OwnedSpecification<D, any>, wanted: PropertiesOf<D> | undefined, key: string, value: string,
): Promise<string[]> {
  const found: string[] = [];
  for await (const arn of type.candidates(subject, wanted)) {
    if (hasTag(await ifThere(async () => await type.tagsOf(subject, arn) ?? []), key, value)) {
      found.push(arn);
    }
  }
  return found;
}

function hasTag(tags: Tag[] | undefined, key: string, value: string): boolean {
  return tags?.some(({ Key, Value }) => Key === key && Value === value) ?? false;
}

/** What differs between the tags that a template declares and those that are there. */
interface TagDifference {
  readonly tag: Tag[];
  readonly untag: string[];
}

type Tagger = Caller<'license-manager:TagResource' | 'license-manager:UntagResource'>;

function differenceOfTags(declaredTags: Tags = [], presentTags: Tag[] = [], formerly: unknown): TagDifference | undefined {
  const present = new Map(presentTags.map(({ Key, Value }) => [Key!, Value]));
  const declared = new Map(declaredTags.map(({ Key, Value }) => [Key, Value]));
  const tag = [...declared].filter(([Key, Value]) => present.get(Key) !== Value).map(([Key, Value]) => ({ Key, Value }));
  // Tags that the template never set belong to somebody else.
  const untag = tagKeysOf(formerly).filter((key) => present.has(key) && !declared.has(key) && !OWN_TAGS.includes(key));
  return tag.length > 0 || untag.length > 0 ? { tag, untag } : undefined;
}

/** The old properties come from an older template, whose form may be another. */
function tagKeysOf(formerly: unknown): string[] {
  const tags = (formerly as { Tags?: unknown } | undefined)?.Tags;
  return Array.isArray(tags) ? tags.map((tag) => tag?.Key).filter((key) => typeof key === 'string') : [];
}

async function writeTags(aws: Tagger, arn: string, { tag, untag }: TagDifference = { tag: [], untag: [] }): Promise<void> {
  if (tag.length > 0) {
    await aws.call(tagResource, { ResourceArn: arn, Tags: tag });
  }
  if (untag.length > 0) {
    await aws.call(untagResource, { ResourceArn: arn, TagKeys: untag });
  }
}

/** What a call answers, or nothing if License Manager says that there is nothing. */
export async function ifThere<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  // License Manager has no error of its own for a license that does not exist. That its role does not exist says nothing of the license.
  return error instanceof OperationFailed && ['InvalidParameterValueException', 'ResourceNotFoundException'].includes(error.code)
    && !MISSING_ROLE.test(error.text);
}

/** License Manager does not keep the order of lists. */
export function sameMembers(some: readonly string[] = [], others: readonly string[] = []): boolean {
  return some.length === others.length && JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
}
