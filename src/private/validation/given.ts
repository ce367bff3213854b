import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { described, lit, refuse, strayOf } from './validation';
import type { LiteralString, Who } from './validation';
import { warnOfMisspelled } from '../finding/unknown';
import { isBranded } from '../identity/copies';

/*
 * What compilers ask for, and languages without types, and values out of a file, leave out or write otherwise all the same. Without these refusals it ends
 * in an error of JavaScript, which names neither the construct nor the property.
 *
 * There is one rule for `null`, which other languages and files have for what they do not say: where something may be left out, it is left out, and where
 * something is needed, it is missing. So nothing behind `givenProps` meets it.
 */

/**
 * What a value has to be.
 */
export interface Kind {
  /** In words that follow "it has to be". */
  readonly what: string;
  /** Whether a value is that; of a token nobody knows it, and nobody asks. */
  readonly fits: (value: any) => boolean;
  readonly wayOut: string;
  /** What each member has to be, of a list or a map. */
  readonly members?: Kind;
  /** Whether no message shows it. */
  readonly isSecret?: boolean;
  /** Whether it is an object, which no token in a text or a number stands for. */
  readonly isObject?: boolean;
  /** Whether it has no default. */
  readonly isNeeded?: false;
}

/** What has no default. */
export interface NeededKind extends Omit<Kind, 'isNeeded'> {
  readonly isNeeded: true;
}

/** What each property of a struct has to be: the compiler asks for all of them, and for whether they are needed. */
export type Shape<P> = { readonly [K in keyof P]-?: {} extends Pick<P, K> ? Kind : NeededKind };

/** The same of a struct of aws-cdk-lib, which may get more of them. */
export interface Foreign<P> {
  readonly foreign: { readonly [K in keyof P]?: Kind };
}

export const TEXT: Kind = { what: 'a text', fits: value => typeof value === 'string', wayOut: 'Write it as a text.' };
export const NUMBER: Kind = { what: 'a number', fits: value => typeof value === 'number', wayOut: 'Write it as a number.' };
export const FLAG: Kind = { what: 'true or false', fits: value => typeof value === 'boolean', wayOut: 'Correct it, or leave it out.' };
/** One of somebody else's, who checks it: a value of an enum, for which there is `checkOneOf`, or what aws-cdk-lib takes as it is. */
export const ANYTHING: Kind = { what: '', fits: () => true, wayOut: '' };
export const OBJECT: Kind = { what: 'an object with properties', fits: isPlain, wayOut: 'Name each value.' };
export const DURATION = ofClass('Duration', 'toMilliseconds');

/** The properties of something that is made of them, which checks the rest. */
export function objectWith(...names: readonly string[]): Kind {
  return { ...OBJECT, what: `an object with ${names.join(' and ')}`, fits: value => isPlain(value) && names.every(name => has(value, name)) };
}

/** The path that a construct will have, which does not exist yet. */
export function pathBelow(scope: IConstruct, id: string): string {
  return [scope.node.path, id.replace(/\//g, '--')].filter(part => part !== '').join('/');
}

/** The same, and there is no default for it. */
export function needed(kind: Kind): NeededKind {
  return { ...kind, isNeeded: true };
}

/**
 * An object of a class.
 *
 * @param type   the name of the class, by which its objects are branded
 * @param member of a class of somebody else, which brands nothing: what all of its objects have, in whatever copy of the library
 */
export function ofClass(type: string, member?: string): Kind {
  return {
    what: `of the class ${type}`,
    fits: value => member === undefined ? isBranded(value, type) : has(value, member),
    wayOut: `Use what ${type} has.`,
    isObject: true,
  };
}

/**
 * An object of whatever class, of this library or another, that has what an interface asks for.
 *
 * @param type   the name of the interface
 * @param member what all that implement it have
 * @param wayOut what to do about another value: where there are some
 */
export function implementing(type: string, member: string, wayOut: string): Kind {
  return { what: `an object that implements ${type}`, fits: value => has(value, member), wayOut, isObject: true };
}

/**
 * Something that others may make, too: an L1, an L2, or an object that refers to one.
 *
 * @param what   what it is, with its article
 * @param member the property by which it refers to it: `licenseConfigurationRef`
 * @param wayOut what to do about another value
 */
export function reference(what: string, member: string, wayOut = 'Use a construct, or import one.'): Kind {
  return { what, fits: value => has(value, member) && isNamed((value as { readonly [name: string]: unknown })[member]), wayOut, isObject: true };
}

/**
 * The same where it matters where it is in the app, so that no other object will do.
 */
export function construct(what: string, member: string, wayOut?: string): Kind {
  const kind = reference(what, member, wayOut);
  return { ...kind, fits: value => kind.fits(value) && has(value, 'node') };
}

/** A list of what is all of one kind. */
export function listOf(members: Kind): Kind {
  return { what: 'a list', fits: Array.isArray, wayOut: 'Write it as a list, even of one.', members };
}

/** A map, by names, of what is all of one kind. */
export function mapOf(members: Kind): Kind {
  return { what: 'a map', fits: isPlain, wayOut: 'Write it as names with their values.', members };
}

/**
 * What was given. Refuses what is missing.
 *
 * @param who      who was given it: a construct, or the name of a method where there is none yet: `LicenseAssetGroupGrants.fromLicenseAssetGroup()`
 * @param property the property, as the user writes it
 * @param value    what was given
 */
export function given<T>(who: Who, property: string, value: T): NonNullable<T> {
  return value ?? refuse(who, lit`ValueMissing`, missing(property));
}

/**
 * What was given. Refuses what is missing, and what is of another kind.
 */
export function givenAs<T>(who: Who, property: string, value: T, kind: Kind): NonNullable<T> {
  checkKind(who, property, given(who, property, value), kind);
  return value!;
}

/** How messages name properties. */
export interface Names {
  /** All of them. @default 'props' */
  readonly all?: string;
  /** What follows the name of each. */
  readonly of?: string;
  /** Whether they have to be there. @default - if one of them has to */
  readonly areNeeded?: boolean;
}

/**
 * The properties that were given, without those that are `undefined` or `null`. Refuses those that are missing, and those that are of another kind.
 *
 * @param who   who was given them
 * @param props the properties
 * @param shape what each of them has to be; of a struct of aws-cdk-lib, those that it does not check itself
 * @param names how messages name them
 */
export function givenProps<P extends object>(who: Who, props: P | undefined, shape: Shape<P> | Foreign<P>, names: Names = {}): P {
  const { all = 'props', of = '' } = names;
  const { kinds, names: known, needsSome } = prepared(shape);
  const found = names.areNeeded ?? needsSome ? given(who, all, props) : props ?? {};
  checkKind(who, all, found, OBJECT);
  const said: { [name: string]: unknown } = {};
  for (const name of Object.keys(found)) {
    const value = (found as typeof said)[name];
    if (value !== undefined && value !== null) {
      said[name] = value;
    }
  }
  for (const [name, kind] of kinds) {
    // Of an object of somebody's class, a property may be one of the class.
    const value = (found as typeof said)[name] ?? undefined;
    if (value !== undefined) {
      said[name] = value;
      if (!isRight(value, kind)) {
        checkKind(who, name, value, kind, of);
      }
    } else if (kind.isNeeded) {
      given(who, `${name}${of}`, value);
    }
  }
  if (typeof who !== 'string' && !('foreign' in shape)) {
    warnOfMisspelled(who, said, known, of);
  }
  return said as P;
}

interface Prepared {
  readonly kinds: readonly [string, Kind | NeededKind][];
  readonly names: ReadonlySet<string>;
  readonly needsSome: boolean;
}

const PREPARED = new WeakMap<object, Prepared>();

/** What `givenProps` asks of a shape, each time that something is given. */
function prepared(shape: object): Prepared {
  let known = PREPARED.get(shape);
  if (!known) {
    const kinds = Object.entries(('foreign' in shape ? shape.foreign : shape) as { readonly [name: string]: Kind | NeededKind });
    known = { kinds, names: new Set(kinds.map(([name]) => name)), needsSome: kinds.some(([, { isNeeded }]) => isNeeded) };
    PREPARED.set(shape, known);
  }
  return known;
}

/** Whether nothing is wrong with a value: asked first, for most of them. */
function isRight(value: unknown, { fits, members, isObject }: Kind | NeededKind): boolean {
  if (strayOf(value) !== undefined) {
    return false;
  }
  if (!fits(value)) {
    return Token.isUnresolved(value) && !(isObject && typeof value !== 'object');
  }
  if (members === undefined) {
    return true;
  }
  const list = Array.isArray(value) ? value : Object.values(value as object);
  for (let index = 0; index < list.length; index++) {
    if (list[index] === undefined || list[index] === null || !isRight(list[index], members)) {
      return false;
    }
  }
  return true;
}

/** How messages name what is known of something that is imported, and what it is looked up by. */
export const ofImport = (id: string) => ({ all: `attrs of '${id}'`, of: ` of '${id}'` });
export const ofLookUp = (id: string) => ({ all: `options of the look-up '${id}'`, of: ` of the look-up '${id}'` });

/**
 * Refuses what is of another kind. What was not given, is taken.
 *
 * @param of what follows the name of the property, and of its members
 */
export function checkKind(who: Who, property: string, value: unknown, kind: Kind | NeededKind, of = ''): void {
  const refusal = wrong(property, value, kind, of);
  if (refusal !== undefined) {
    refuse(who, ...refusal);
  }
}

/**
 * What was given as a list, as it is now: what its owner does to it later changes nothing. Of what is no list, itself, to be refused by who takes it.
 */
export function copyOf<T>(list: readonly T[]): readonly T[] {
  return Array.isArray(list) ? [...list] : list;
}

function missing(property: string): string {
  return `${property} is missing: there is no default for it. Set it.`;
}

/** Why a value is not what it has to be: the error's name, and its message. */
function wrong(
  property: string, value: unknown, { what, fits, wayOut, members, isSecret, isObject }: Kind | NeededKind, of: string,
): [LiteralString, string] | undefined {
  const stray = isSecret ? undefined : strayOf(value);
  if (stray !== undefined) {
    return [lit`ValueNotKnown`, `${property}${of} ${stray}`];
  }
  if (value === undefined || value === null || (Token.isUnresolved(value) && !(isObject && typeof value !== 'object'))) {
    return undefined;
  }
  if (!fits(value)) {
    const shown = isSecret ? `${typeof value === 'string' ? 'a text' : 'an object'}, which is not shown` : described(value);
    return [lit`ValueOfAnotherKind`, `${property}${of} is ${shown}: it has to be ${what}. ${wayOut}`];
  }
  // A gap in a list is no member to a loop.
  const entries = members === undefined ? [] : Array.isArray(value)
    ? Array.from(value, (member, index): [string, unknown] => [`${property}[${index}]`, member])
    : Object.entries(value).map(([key, member]): [string, unknown] => [`${property}['${key}']`, member]);
  for (const [name, member] of entries) {
    if (member === undefined || member === null) {
      return [lit`ListMissing`, Array.isArray(value) ? `${name}${of} is missing: a list has no gaps. Set it, or take it out of the list.` : missing(name + of)];
    }
    const refusal = wrong(name, member, members!, of);
    if (refusal !== undefined) {
      return refusal;
    }
  }
  return undefined;
}

function has(value: unknown, member: string): boolean {
  const found = typeof value === 'object' && value !== null ? (value as { readonly [name: string]: unknown })[member] : undefined;
  return found !== undefined && found !== null;
}

/** Whether a reference, which somebody else's object gives, names something: an empty one does not. What one asks for, it may refuse to tell. */
function isNamed(found: unknown): boolean {
  return !isPlain(found) || Object.getPrototypeOf(found) !== Object.prototype
    || Object.values(Object.getOwnPropertyDescriptors(found as object)).some(({ get, value }) => (get ?? value ?? undefined) !== undefined);
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
