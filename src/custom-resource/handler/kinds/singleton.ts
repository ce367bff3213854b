/*
 * Settings of an account and a Region: they belong to nobody, are there without anybody's doing, and stay.
 */
import { unmarked } from './known';
import type { Definition, PropertiesOf } from '../../contract/definition';
import type { Place } from '../../contract/place';
import { Refusal } from '../../contract/refusal';
import { Secret } from '../../contract/secret';
import { OperationFailed } from '../errors';
import type { ManagedType, Subject } from '../managed-type';

/** What every singleton can be told besides its settings. */
interface SingletonProperties {
  /** Whether a create may change what somebody else has set. */
  readonly OverwriteExistingSettings?: boolean;
  /** Whether a delete turns off what is still as this resource has left it. */
  readonly TurnOffOnDelete?: boolean;
}

/** The names of the settings. */
type SettingsOf<D extends Definition> = Exclude<keyof PropertiesOf<D> & string, keyof SingletonProperties>;

type Values<D extends Definition> = { readonly [N in SettingsOf<D>]?: PropertiesOf<D>[N] };

/**
 * What is different about a type.
 */
export interface SingletonSpecification<D extends Definition<any, any>> {
  /** What there is one of, with its article. */
  readonly what: string;
  /** Whether there is one in an account, and not one in each of its Regions. */
  readonly ofAccount?: true;
  /** The settings, of all that a template may say. */
  readonly settings: readonly SettingsOf<D>[];
  /** What turns a setting off, of those that can be. */
  readonly off?: Values<D>;
  /** What there is; a setting that nobody has made is missing. */
  read(subject: Subject<D>): Promise<Values<D>>;
  /** Refuses a change for what there is. */
  check?(subject: Subject<D>, present: Values<D>): void;
  /** Writes these settings and no others; where the service takes all or nothing, the others as they are. */
  write(subject: Subject<D>, values: Values<D>, present: Values<D> | undefined): Promise<unknown>;
  /** Makes sure of a write that the service may refuse after its answer. */
  confirm?(subject: Subject<D>, values: Values<D>, present: Values<D> | undefined): Promise<void>;
  /** Whether the service could not bring about what it was told last, so that it has to be told again although it says so. */
  hasFailed?(present: Values<D>): boolean;
  /** What the service is still doing; nothing when it has settled. */
  settling?(subject: Subject<D>, values: Values<D>): string | undefined;
  attributes?(values: Values<D>): Record<string, string>;
}

/** What is to be written, and what was there. */
export interface Change<D extends Definition> {
  readonly values: Values<D>;
  readonly present?: Values<D>;
}

/**
 * The handler of a type of which there is one in an account and a Region.
 *
 * It compares what is declared, writes what differs of it, and nothing else. What it has turned on itself, the physical id says: a delete, which is told
 * nothing else, must not turn off what was on before.
 */
export function singleton<D extends Definition<any, any>>(
  definition: D, type: SingletonSpecification<D>,
): ManagedType<D, Values<D>, Change<D>> {
  const { as } = definition.identity!;
  const idOf = ({ account, region }: Place) => [as, account, ...type.ofAccount ? [] : [region]].join(':');
  const entriesOf = (values: Values<D> = {}) => type.settings
    .filter(name => values[name] !== undefined)
    .map((name): Entry<D> => [name, values[name]]);
  /** Whether it is on then, and was not before. */
  const turnsOn = (declared: Values<D>, present: Values<D>) => entriesOf(type.off)
    .some(([name, off]) => name in declared && !same(declared[name], off) && same(present[name] ?? off, off));
  return {
    definition,

    identify: (declared, present, place, physicalId) => {
      const id = idOf(place);
      return physicalId === id + TURNED_ON || present && turnsOn(declared as Values<D>, present) ? id + TURNED_ON : id;
    },

    withoutMark: unmarked(TURNED_ON),

    recognizes: (physicalId, place) => [idOf(place), idOf(place) + TURNED_ON].includes(physicalId),

    // A delete that changes nothing need not look.
    read: async subject => {
      const { declared, former, physicalId } = subject;
      return declared || former?.TurnOffOnDelete && physicalId?.endsWith(TURNED_ON) ? type.read(subject) : undefined;
    },

    compare(subject, present) {
      const { declared, former, requestType } = subject;
      if (!declared) {
        return present && former && changed<D>(entriesOf(type.off)
          .filter(([name, off]) => name in former && same(present[name], former[name]) && !same(present[name], off)), present);
      }
      const hasFailed = present && type.hasFailed?.(present);
      const different = entriesOf(declared).filter(([name, value]) => !same(present?.[name], value));
      // A repetition finds done what it did, and what the template has set before it may change.
      const foreign = different.filter(([name]) => isSet(type, name, present?.[name]) && !(requestType === 'Update' && former && name in former));
      if (foreign.length > 0 && !declared.OverwriteExistingSettings) {
        throw new Refusal(`somebody else has set ${foreign.map(([name, value]) => `${name} to ${shown(present?.[name])}, and the template sets it to ${shown(value)}`).join('; ')}. `
          + `There is one of ${type.what} in an account${type.ofAccount ? '' : ' and a Region'}. Leave it out of the template, or set overwriteExistingSettings to true`);
      }
      if (present && (different.length > 0 || hasFailed)) {
        type.check?.(subject, present);
      }
      return changed<D>(hasFailed ? entriesOf(declared) : different, present);
    },

    async write(subject, { values, present }) {
      try {
        await type.write(subject, values, present);
      } catch (error) {
        // What is uncertain is read again, and may be done.
        if (present && error instanceof OperationFailed && !error.uncertain) {
          await putBack(subject, values, present);
        }
        throw error;
      }
    },

    confirm: type.confirm && ((subject, { values, present }) => type.confirm!(subject, values, present)),

    readBack: subject => type.read(subject),

    settling: type.settling && ((subject, values) => values && type.settling!(subject, values)),

    attributes: (_physicalId, _subject, values) => type.attributes?.(values ?? {}) ?? {},
  };

  /** A write that was refused may have done a part of it. */
  async function putBack(subject: Subject<D>, values: Values<D>, before: Values<D>): Promise<void> {
    try {
      const now = await type.read(subject);
      const touched = entriesOf(values)
        .map(([name]): Entry<D> => [name, before[name] ?? type.off?.[name]])
        .filter(([name, value]) => value !== undefined && !same(now[name], value));
      if (touched.length > 0) {
        await type.write(subject, Object.fromEntries(touched) as Values<D>, now);
      }
    } catch (error) {
      subject.log.warn('What was there before the change was not put back', { error: (error as Error).message });
    }
  }
}

/** At the end of the physical id of what this resource has turned on. */
const TURNED_ON = ':turned-on';

type Entry<D extends Definition> = [SettingsOf<D>, unknown];

function changed<D extends Definition>(entries: Entry<D>[], present: Values<D> | undefined): Change<D> | undefined {
  return entries.length > 0 ? { values: Object.fromEntries(entries) as Values<D>, present } : undefined;
}

/** Whether somebody has made a setting: what is off, or empty, is as it has always been. */
function isSet<D extends Definition<any, any>>(type: SingletonSpecification<D>, name: SettingsOf<D>, value: unknown): boolean {
  const off = type.off?.[name];
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0) && !(off !== undefined && same(value, off));
}

/** Services do not keep the order of lists. A secret cannot be compared: it is the same only if `read` knows it for the one that is declared. */
function same(one: unknown, other: unknown): boolean {
  const comparable = (value: unknown) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
  return one instanceof Secret || other instanceof Secret ? one === other : comparable(one) === comparable(other);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
