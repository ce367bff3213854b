/*
 * Settings of an account and a Region: they belong to nobody, are there without anybody's doing, and stay.
 */
import type { Definition, PropertiesOf } from '../../contract/definition';
import { Refusal } from '../../contract/refusal';
import { Secret } from '../../contract/secret';
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
  /** What there is one of in an account and a Region, with its article. */
  readonly what: string;
  /** The settings, of all that a template may say. */
  readonly settings: readonly SettingsOf<D>[];
  /** What turns a setting off, of those that can be. */
  readonly off?: Values<D>;
  /** What there is; a setting that nobody has made is missing. */
  read(subject: Subject<D>): Promise<Values<D>>;
  /** Writes these settings and no others. */
  write(subject: Subject<D>, values: Values<D>): Promise<unknown>;
  /** What the service is still doing; nothing when it has settled. */
  settling?(subject: Subject<D>, values: Values<D>): string | undefined;
  attributes?(values: Values<D>): Record<string, string>;
}

/**
 * The handler of a type of which there is one in an account and a Region.
 *
 * It compares what is declared, writes what differs of it, and nothing else.
 */
export function singleton<D extends Definition<any, any>>(
  definition: D, type: SingletonSpecification<D>,
): ManagedType<D, Values<D>, Values<D>> {
  const { as } = definition.identity!;
  const entriesOf = (values: Values<D> = {}) => type.settings
    .filter(name => values[name] !== undefined)
    .map((name): Entry<D> => [name, values[name]]);
  return {
    definition,

    identify: (_declared, _state, { account, region }) => `${as}:${account}:${region}`,

    recognizes: (physicalId, { account, region }) => physicalId === `${as}:${account}:${region}`,

    // A delete that changes nothing need not look.
    read: async subject => subject.declared || subject.former?.TurnOffOnDelete ? type.read(subject) : undefined,

    compare(subject, present) {
      const { declared, former, requestType } = subject;
      if (!declared) {
        return present && former && changed<D>(entriesOf(type.off)
          .filter(([name, off]) => name in former && same(present[name], former[name]) && !same(present[name], off)));
      }
      const different = entriesOf(declared).filter(([name, value]) => !same(present?.[name], value));
      // A repetition finds done what it did, and what the template has set before it may change.
      const foreign = different.filter(([name]) => isSet(type, name, present?.[name]) && !(requestType === 'Update' && former && name in former));
      if (foreign.length > 0 && !declared.OverwriteExistingSettings) {
        throw new Refusal(`somebody else has set ${foreign.map(([name, value]) => `${name} to ${shown(present?.[name])}, and the template sets it to ${shown(value)}`).join('; ')}. `
          + `There is one of ${type.what} in an account and a Region. Leave it out of the template, or set overwriteExistingSettings to true`);
      }
      return changed<D>(different);
    },

    write: async (subject, values) => {
      await type.write(subject, values);
    },

    readBack: subject => type.read(subject),

    settling: type.settling && ((subject, values) => values && type.settling!(subject, values)),

    attributes: (_physicalId, _subject, values) => type.attributes?.(values ?? {}) ?? {},
  };
}

type Entry<D extends Definition> = [SettingsOf<D>, unknown];

function changed<D extends Definition>(entries: Entry<D>[]): Values<D> | undefined {
  return entries.length > 0 ? Object.fromEntries(entries) as Values<D> : undefined;
}

/** Whether somebody has made a setting: what is off, or empty, is as it has always been. */
function isSet<D extends Definition<any, any>>(type: SingletonSpecification<D>, name: SettingsOf<D>, value: unknown): boolean {
  const off = type.off?.[name];
  return value !== undefined && !(Array.isArray(value) && value.length === 0) && !(off !== undefined && same(value, off));
}

/** Services do not keep the order of lists. A secret cannot be compared: it is the same only if `read` knows it for the one that is declared. */
function same(one: unknown, other: unknown): boolean {
  const comparable = (value: unknown) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
  return one instanceof Secret || other instanceof Secret ? one === other : comparable(one) === comparable(other);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
