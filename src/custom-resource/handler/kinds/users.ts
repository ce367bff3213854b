/*
 * Lists of users of a directory: who is subscribed to a product, who is associated with an instance.
 *
 * A list is one resource, however long: it is read as a whole, and written user by user. A user who cannot be added does not keep the others from being
 * added, and each is told of. What it has added carries the tag of the stack: others may add users, too, and those stay.
 */
import { known, type Known, subjectOf } from './known';
import type { Definition, PropertiesOf } from '../../contract/definition';
import { physicalIdOf } from '../../contract/definition';
import { Refusal } from '../../contract/refusal';
import { isOfStack, STACK_ID, type Tags } from '../../contract/tags';
import { OperationFailed, withoutStop } from '../errors';
import type { ManagedType, Subject } from '../managed-type';
import { listUserSubscriptionTags } from '../operations/user-subscriptions';
import { checkTags, mapOf } from '../own-tags';
import { PartlyDone, TimeIsUp } from '../partly';
import { hasFailed, Phase, phaseOf } from '../phase';
import { sleep } from '../sleep';

/** A user of a directory. */
export interface User {
  readonly Username: string;
  /** That of a trusted domain; none for the directory's own. */
  readonly Domain?: string;
}

/** A user as the service has it. */
export interface Entry extends Partial<User> {
  readonly arn: string;
  readonly status?: string;
  readonly message?: string;
}

export interface State {
  readonly entries: readonly Entry[];
  /** Those of others who could not be removed by them, which is nothing of this list. */
  readonly others?: ReadonlySet<string>;
  /** Why users cannot be added yet, and what is waited for. */
  readonly notReady?: string;
  /** Why users cannot be added at all. */
  readonly impossible?: string;
}

interface Change {
  /** Those who are there without having been declared before: whose are they? */
  readonly claimed: readonly Entry[];
  readonly missing: readonly User[];
  readonly surplus: readonly Entry[];
}

interface Declared {
  readonly Users: readonly User[];
  readonly Tags?: Tags;
}

type ListDefinition = Definition<Declared, typeof listUserSubscriptionTags.action>;

/**
 * What is different about a list.
 */
export interface UserList<D extends ListDefinition> {
  readonly definition: D;
  /** What becomes of users: `subscribed`. */
  readonly added: string;
  /** And at the end: `unsubscribed`. */
  readonly removed: string;
  /** The users as the service has them. */
  read(subject: Subject<D>, about: Known): Promise<State>;
  add(subject: Subject<D>, about: Known, user: User, tags: { readonly [key: string]: string }): Promise<unknown>;
  remove(subject: Subject<D>, about: Known, entry: Entry): Promise<unknown>;
  /** Whether a user who could not be added may be a moment later: something else has to come about first. */
  passes?(error: OperationFailed): boolean;
  /** What to do about users who could not be removed, if more is known than the error tells. */
  explain?(subject: Subject<D>, about: Known, entries: readonly Entry[]): Promise<string | undefined>;
}

/** A user takes two calls, each of which may be tried again, in milliseconds. */
const ONE_USER = 60_000;

/** After so many refusals, all with the same words and none of them without, the others would get the same. */
const ENOUGH = 10;

/** How long is waited for what has to come about first, and between two looks at it, in milliseconds. */
const A_MOMENT = 120_000;
const POLL = 5_000;

/** How long the service may take to list whom it has added, in milliseconds. */
const PATIENCE = 600_000;

/**
 * A list of users.
 */
export function userList<D extends ListDefinition>(list: UserList<D>): ManagedType<D, State, Change> {
  const { definition, added, removed } = list;

  /** Who was declared before, of the same thing. */
  const formerUsers = ({ former, declared, physicalId }: Subject<D>): readonly User[] | undefined => {
    const properties = former as (PropertiesOf<D> & Declared) | undefined;
    const id = declared ? physicalIdOf(definition, declared) : physicalId;
    return properties && physicalIdOf(definition, properties) === id ? properties.Users : undefined;
  };
  const wantedUsers = ({ declared }: Subject<D>): readonly User[] => (declared as Declared | undefined)?.Users ?? [];

  /** Whoever is there and is not to be: who was declared before or, where that is not known any more, everybody, of whom those go that are the stack's. */
  const surplusOf = (subject: Subject<D>, { entries, others: ofOthers }: State): Entry[] => {
    const wanted = new Set(assign(wantedUsers(subject), entries, subject.started).values());
    const others = entries.filter(entry => !wanted.has(entry) && !ofOthers?.has(entry.arn));
    const former = formerUsers(subject);
    if (former === undefined) {
      return subject.declared ? [] : others;
    }
    const isWanted = new Set(wantedUsers(subject).map(keyOf));
    return [...assign(former.filter(user => !isWanted.has(keyOf(user))), others, subject.started).values()];
  };
  const isThere = (subject: Subject<D>, entry: Entry | undefined) => {
    const phase = entry && phaseOf(entry.status, subject.started);
    return phase === Phase.THERE || phase === Phase.UNDER_WAY;
  };

  return {
    ...known(definition),

    check: ({ Tags }: Declared) => checkTags(Tags),

    async read(subject) {
      const state = await list.read(subject, subjectOf(subject, definition));
      const others = new Set<string>();
      for (const entry of surplusOf(subject, state).filter(({ status }) => hasFailed(status))) {
        if (isThere(subject, entry) && !await isOurs(subject, entry)) {
          others.add(entry.arn);
        }
      }
      return { ...state, others };
    },

    compare(subject, state) {
      const { entries, impossible } = state!;
      const wanted = wantedUsers(subject);
      const found = assign(wanted, entries, subject.started);
      const before = new Set(formerUsers(subject)?.map(keyOf));
      const change = {
        claimed: wanted.filter(user => isThere(subject, found.get(user)) && !before.has(keyOf(user))).map(user => found.get(user)!),
        missing: wanted.filter(user => !isThere(subject, found.get(user))),
        surplus: surplusOf(subject, state!).filter(entry => isThere(subject, entry)),
      };
      if (change.missing.length > 0 && impossible !== undefined) {
        throw new Refusal(impossible);
      }
      return Object.values(change).some(users => users.length > 0) ? change : undefined;
    },

    async write(subject, { claimed, missing, surplus }) {
      const about = subjectOf(subject, definition);
      await refuseForeign(subject, claimed, added);
      const tags = { ...mapOf((subject.declared as Declared | undefined)?.Tags), [STACK_ID]: subject.place.stackId };
      await each(subject, missing, added, async (user) => {
        for (let attempt = 1; ; attempt++) {
          try {
            await list.add(subject, about, user, tags);
            return;
          } catch (error) {
            // What has come of it, is known by reading.
            if (!perhapsDone(error)) {
              throw error;
            }
            const { entries } = await list.read(subject, about);
            const present = assign([user], entries, subject.started).get(user);
            if (isThere(subject, present)) {
              refuseSame(user, present!, wantedUsers(subject), entries, subject.started);
              return;
            }
            if (!error.uncertain || attempt === ATTEMPTS) {
              throw error;
            }
          }
        }
      }, { passes: list.passes });
      await each(subject, surplus, removed, async (entry) => {
        try {
          if (!await isOurs(subject, entry)) {
            subject.log.info(`Not ${added} by this stack, so that the user stays ${added}`, { user: nameOf(entry) });
            return;
          }
          await list.remove(subject, about, entry);
        } catch (error) {
          if (!perhapsDone(error)) {
            throw error;
          }
          const present = (await list.read(subject, about)).entries.find(({ arn }) => arn === entry.arn);
          if (present && ![Phase.ENDED, Phase.UNDER_WAY].includes(phaseOf(present.status, subject.started))) {
            throw error;
          }
        }
      }, { explain: entries => list.explain?.(subject, about, entries) });
    },

    settling(subject, state, changed) {
      const { entries, notReady } = state!;
      const wanted = wantedUsers(subject);
      const found = assign(wanted, entries, subject.started);
      const surplus = surplusOf(subject, state!);
      const underWay = (entry: Entry) => phaseOf(entry.status, subject.started) === Phase.UNDER_WAY;
      const busy = [...found.values(), ...surplus].filter(underWay);
      if (!changed && notReady !== undefined && wanted.some(user => !isThere(subject, found.get(user)))) {
        return notReady;
      }
      if (busy.length > 0) {
        return `License Manager is at work on ${counted(busy.length)}: ${inShort(busy.map(({ status, ...user }) => `${nameOf(user)} is ${status}`))}`;
      }
      if (!changed) {
        return undefined;
      }
      const unlisted = wanted.filter(user => !found.has(user));
      if (unlisted.length > 0 && Date.now() - subject.started.getTime() < PATIENCE) {
        return `${counted(unlisted.length)} ${unlisted.length === 1 ? 'is' : 'are'} not listed yet: ${inShort(unlisted.map(nameOf))}`;
      }
      const failed = [
        ...wanted.filter(user => !isThere(subject, found.get(user))).map(user => [nameOf(user), whyOf(found.get(user), `is not listed as ${added}`)] as const),
        // Whoever could not even be added, is not there.
        ...surplus.filter(entry => hasFailed(entry.status) && isThere(subject, entry)).map(entry => [nameOf(entry), whyOf(entry, '')] as const),
      ];
      if (failed.length > 0) {
        throw new Refusal(`${counted(failed.length)} of ${wanted.length + surplus.length} could not be ${wanted.length > 0 ? added : removed}: ${inGroups(failed)}`);
      }
      return undefined;
    },
  };
}

/** Who is declared twice, once with the domain of the directory and once without, is one user to the service. */
function refuseSame(user: User, present: Entry, wanted: readonly User[], entries: readonly Entry[], started: Date): void {
  const found = assign(wanted, entries, started);
  const same = wanted.find(other => other !== user && assign([other], entries, started).get(other)?.arn === present.arn);
  if (same !== undefined && !(found.has(user) && found.has(same))) {
    throw new PartlyDone(`${nameOf(user)} and ${nameOf(same)} are the same user, ${nameOf(present)}. Leave one of the two out`);
  }
}

/** Whether what was asked for may have come about although it was refused: the answer was lost, or somebody else was faster. */
function perhapsDone(error: unknown): error is OperationFailed {
  return error instanceof OperationFailed && (error.uncertain || ['ConflictException', 'ResourceNotFoundException'].includes(error.code));
}

/** How often a user is added of whom nobody knows whether the service has heard. */
const ATTEMPTS = 3;

/** What is refused for everybody. */
const FOR_ALL = ['AccessDeniedException', 'UnrecognizedClientException', 'OutOfTime'];

interface Failed<T> {
  readonly user: T;
  readonly error: OperationFailed;
  readonly reason: string;
}

/** What is different about taking users in turn. */
interface Turns<T> {
  /** Whether somebody may be through a moment later. */
  readonly passes?: (error: OperationFailed) => boolean;
  readonly explain?: (failed: readonly T[]) => Promise<string | undefined> | undefined;
}

/** Takes each user in turn. Whom it cannot be done for is told of at the end. */
async function each<T extends Partial<User>>(
  subject: Subject<any>, users: readonly T[], done: string, work: (user: T) => Promise<void>, { passes = () => false, explain }: Turns<T> = {},
): Promise<void> {
  const waiting = [...users];
  const failed: Failed<T>[] = [];
  const later: Failed<T>[] = [];
  const until = Date.now() + A_MOMENT;
  let through = 0;
  while (waiting.length > 0) {
    if (subject.remaining() < ONE_USER) {
      throw new TimeIsUp(`${through} of ${counted(users.length)} were ${done}`);
    }
    const user = waiting.shift()!;
    try {
      await work(user);
      through++;
    } catch (error) {
      if (!(error instanceof OperationFailed)) {
        // Those before are done, which the delete after a create has to know.
        throw error instanceof Refusal ? new PartlyDone(error.message) : error;
      }
      const failure = { user, error, reason: reasonOf(user, error) };
      if (passes(error) && Date.now() < until) {
        later.push(failure);
      } else {
        failed.push(failure);
        subject.log.warn(`Could not be ${done}`, { user: nameOf(user), error: error.message });
        const isForAll = FOR_ALL.includes(error.code) || error.passing || error.uncertain;
        if (isForAll || (through === 0 && failed.length === ENOUGH && new Set(failed.map(({ reason }) => reason)).size === 1)) {
          break;
        }
      }
    }
    if (later.length > 0 && (waiting.length === 0 || (through === 0 && later.length === ENOUGH))) {
      subject.log.info('Waiting', { waitingFor: `${counted(later.length)} could not be ${done} yet: ${later[0].reason}` });
      await sleep(POLL);
      waiting.unshift(...later.splice(0).map(one => one.user));
    }
  }
  if (failed.length === 0) {
    return;
  }
  const hint = await explain?.(failed.map(({ user }) => user)) ?? failed[0].error.hint;
  const untried = waiting.length + later.length;
  throw new PartlyDone([
    `${failed.length} of ${counted(users.length)} could not be ${done}: ${inGroups(failed.map(({ user, reason }) => [nameOf(user), reason]))}`,
    ...untried > 0 ? [`${counted(untried)} ${untried === 1 ? 'was' : 'were'} not tried`] : [],
    ...hint === undefined ? [] : [hint],
  ].join('. '));
}

/** What another stack has added is not this one's: each would take away what the other declares. */
async function refuseForeign(subject: Subject<ListDefinition>, claimed: readonly Entry[], added: string): Promise<void> {
  const foreign: (readonly [string, string])[] = [];
  for (const entry of claimed) {
    const owner = await ownerOf(subject, entry);
    if (owner === undefined) {
      subject.log.info(`Was ${added} before, and stays so when taken out of the template`, { user: nameOf(entry) });
    } else if (!isOfStack(owner, subject.place.stackId)) {
      foreign.push([nameOf(entry), `by stack ${owner}`]);
    }
  }
  if (foreign.length > 0) {
    throw new Refusal(`${counted(foreign.length)} ${foreign.length === 1 ? 'is' : 'are'} ${added} already: ${inGroups(foreign)}. A user is in the list `
      + 'of one stack: take the user out of that one and deploy it first, or leave the user out here');
  }
}

async function isOurs(subject: Subject<ListDefinition>, entry: Entry): Promise<boolean> {
  return isOfStack(await ownerOf(subject, entry), subject.place.stackId);
}

/** The stack that has added a user; nothing if it was none. */
async function ownerOf({ aws }: Subject<ListDefinition>, { arn }: Entry): Promise<string | undefined> {
  return (await aws.call(listUserSubscriptionTags, { ResourceArn: arn })).Tags?.[STACK_ID];
}

/**
 * Which user is which in the service: it need not write them as they were declared, and tells of those, too, who were there once.
 *
 * A user who is declared without a domain is of the directory's own, which the service may tell: so those with a domain are looked for first.
 */
function assign(users: readonly User[], entries: readonly Entry[], started: Date): Map<User, Entry> {
  const byName = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = lower(entry.Username);
    byName.set(name, [...byName.get(name) ?? [], entry]);
  }
  const rank = ({ status, Domain }: Entry) => 2 * RANK[phaseOf(status, started)] + (Domain === undefined ? 0 : 1);
  const found = new Map<User, Entry>();
  for (const user of [...users.filter(({ Domain }) => Domain !== undefined), ...users.filter(({ Domain }) => Domain === undefined)]) {
    const ofName = byName.get(lower(user.Username)) ?? [];
    const isOf = ({ Domain }: Entry) => user.Domain === undefined || lower(Domain) === lower(user.Domain);
    const [entry] = ofName.filter(isOf).sort((a, b) => rank(a) - rank(b));
    if (entry) {
      found.set(user, entry);
      ofName.splice(ofName.indexOf(entry), 1);
    }
  }
  return found;
}

const RANK: { readonly [P in Phase]: number } = { [Phase.THERE]: 0, [Phase.UNDER_WAY]: 0, [Phase.FAILED]: 1, [Phase.ENDED]: 2 };

/** Names of users and domains are the same in whatever case. */
function lower(name: string | undefined): string {
  return (name ?? '').toLowerCase();
}

function keyOf({ Username, Domain }: User): string {
  return JSON.stringify([lower(Username), lower(Domain)]);
}

function nameOf({ Username = '', Domain }: Partial<User>): string {
  return Domain === undefined ? Username : `${Username}@${Domain}`;
}

/** Why a user could not be added or removed, without the name, so that what is the same can be told once. */
function reasonOf({ Username }: Partial<User>, { code, text }: OperationFailed): string {
  return withoutStop(`${code}: ${Username ? text.replaceAll(Username, '…') : text}`);
}

function whyOf(entry: Entry | undefined, otherwise: string): string {
  const { status, message, Username } = entry ?? {};
  const text = Username && message ? message.replaceAll(Username, '…') : message;
  return status === undefined ? otherwise : `${status}${text ? `: ${withoutStop(text)}` : ''}`;
}

/** `anna, ben (…); carl (…)`: names by reasons, as a message has little room. */
function inGroups(failed: readonly (readonly [name: string, reason: string])[]): string {
  const groups = new Map<string, string[]>();
  for (const [name, reason] of failed) {
    groups.set(reason, [...groups.get(reason) ?? [], name]);
  }
  return [...groups].map(([reason, names]) => `${names.join(', ')} (${reason})`).join('; ');
}

/** The first of many. */
function inShort(texts: readonly string[]): string {
  return texts.length > 3 ? `${texts.slice(0, 3).join(', ')}, …` : texts.join(', ');
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'user' : 'users'}`;
}
