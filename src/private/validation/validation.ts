import { Token, Tokenization, UnscopedValidationError, ValidationError } from 'aws-cdk-lib';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import type { LiteralString } from 'aws-cdk-lib/core/lib/helpers-internal';
import type { IConstruct } from 'constructs';
import { isBranded } from '../identity/copies';
import { isLookUpDummy } from '../identity/look-up-dummy';

// What the constructor of ValidationError takes as a name, can be made by this only.
export { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
export type { LiteralString } from 'aws-cdk-lib/core/lib/helpers-internal';

/** Who was given something: a construct or, where there is none yet, what messages call it: its path to be, or the name of a method. */
export type Who = IConstruct | string;

/**
 * Refuses an input.
 *
 * The message starts with the construct's path, because the languages other than TypeScript show nothing of an error but its message.
 *
 * @param who     who was given the input
 * @param name    the error's name, in upper camel case; a stable id, never interpolated
 * @param message the value, the limit and the way out
 */
export function refuse(who: Who, name: LiteralString, message: string): never {
  if (typeof who === 'string') {
    throw new UnscopedValidationError(name, `${who}: ${message}`);
  }
  throw new ValidationError(name, `${who.node.path || 'App'}: ${message}`, who);
}

/**
 * How much of something is allowed.
 */
export interface Limit<T> {
  /** The property, as the user writes it. */
  readonly property: string;
  /** What the user has set; nothing is refused where nothing is set, and no token is looked into. */
  readonly value: T | undefined;
  readonly minimum: number;
  /** `Infinity` where there is none. */
  readonly maximum: number;
  /** @default 'Correct it, or leave it out.' */
  readonly wayOut?: string;
}

const WAY_OUT = 'Correct it, or leave it out.';

/**
 * Why a value is nothing but a sign that something is not known: a placeholder of a list that was taken apart, or what is left of a text that was to be a number.
 * Nothing of any other value.
 */
export function strayOf(value: unknown): string | undefined {
  // aws-cdk-lib knows it as a list of one only.
  if (typeof value === 'string' && value.startsWith('#{') && Token.isUnresolved([value])) {
    return 'is the placeholder of a list that is not known at synthesis, such as a parameter, and none of its members. Take a member by Fn.select(), or pass the ' +
      'list as it is where a list is taken.';
  }
  return Number.isNaN(value)
    ? 'is NaN, which is not a number: it was made from something that is none, such as a text that has still to be looked up. Write the number out, take it from ' +
      'the context (node.tryGetContext()), or from a token by Token.asNumber().'
    : undefined;
}

/** Refuses a value that is nothing but a sign that something is not known. */
export function refuseStray(who: Who, property: string, value: unknown): void {
  const stray = strayOf(value);
  if (stray !== undefined) {
    refuse(who, lit`ValueNotKnown`, `${property} ${stray}`);
  }
}

/**
 * Refuses what is not a whole number of a range.
 */
export function checkWholeNumber(
  scope: Who, name: LiteralString, { property, value, minimum, maximum, wayOut = WAY_OUT }: Limit<number>,
): void {
  refuseStray(scope, property, value);
  if (value !== undefined && !Token.isUnresolved(value) && !(Number.isSafeInteger(value) && value >= minimum && value <= maximum)) {
    refuse(scope, name, `${property} is ${described(value)}: it has to be a whole number from ${minimum} to ${maximum}. ${wayOut}`);
  }
}

/**
 * Refuses a text that is too short or too long.
 */
export function checkLength(scope: Who, name: LiteralString, { property, value, minimum, maximum, wayOut = WAY_OUT }: Limit<string>): void {
  refuseStray(scope, property, value);
  // AWS counts characters of Unicode, of which JavaScript has some as two: https://smithy.io/2.0/spec/constraint-traits.html#length-trait
  const length = typeof value === 'string' && isKnown(value) ? [...value].length : minimum;
  if (length < minimum || length > maximum) {
    refuse(scope, name, `${property} '${shortened(value!)}' has ${counted(length, 'character')}: it has to have ${rangeOf(minimum, maximum)}. ${wayOut}`);
  }
}

/**
 * Refuses a list with too few or too many members.
 */
export function checkSize(
  scope: Who, name: LiteralString, { property, value, minimum, maximum, wayOut = WAY_OUT }: Limit<readonly unknown[]>,
): void {
  if (value !== undefined && !Token.isUnresolved(value) && (value.length < minimum || value.length > maximum)) {
    refuse(scope, name, `${property} has ${counted(value.length, 'member')}: it has to have ${rangeOf(minimum, maximum)}. ${wayOut}`);
  }
}

/**
 * Refuses a text that has not the form it should have.
 */
export function checkPattern(
  scope: Who, name: LiteralString,
  { property, value, pattern, expected, wayOut = WAY_OUT }: {
    readonly property: string;
    readonly value: string | undefined;
    readonly pattern: RegExp;
    /** What the pattern says, in words that follow "it has to". */
    readonly expected: string;
    readonly wayOut?: string;
  },
): void {
  refuseStray(scope, property, value);
  if (isKnown(value) && !pattern.test(value)) {
    refuse(scope, name, `${property} is '${shortened(value)}': it has to ${expected}. ${wayOut}`);
  }
}

/**
 * Refuses a value that is none of a closed set: compilers let nobody write one, and JavaScript and values out of a file get here all the same.
 *
 * Only for sets that AWS does not extend, or that say all that the construct can do.
 */
export function checkOneOf(
  scope: Who, name: LiteralString,
  { property, value, allowed, wayOut = WAY_OUT, decides }: {
    readonly property: string;
    readonly value: string | undefined;
    /** All values of the set: `Object.values(LicenseStatus)`. */
    readonly allowed: readonly string[];
    readonly wayOut?: string;
    /** What the value decides at synthesis, so that it has to be known by then, as a message says it: 'what is in the template'. */
    readonly decides?: string;
  },
): void {
  if (decides !== undefined) {
    checkKnown(scope, name, { property, value, decides });
  }
  refuseStray(scope, property, value);
  if (isKnown(value) && !allowed.includes(value)) {
    const shown = typeof value === 'string' ? `'${shortened(value)}'` : described(value);
    refuse(scope, name, `${property} is ${shown}: it has to be ${alternatives(allowed)}. ${wayOut}`);
  }
}

/**
 * Refuses what is known at the deployment only, and decides something at synthesis.
 */
export function checkKnown(
  scope: Who, name: LiteralString, { property, value, decides }: { readonly property: string; readonly value: unknown; readonly decides: string },
): void {
  if (Token.isUnresolved(value)) {
    refuse(scope, name, `${property} is a token, which is known at the deployment only: it decides ${decides}. Write its value.`);
  }
}

/**
 * The text of a value for which there is a class, with a constant for each that is known. Refuses what is not one: JavaScript and values out of a
 * file get here as plain texts, whose value would be missing, and nobody would notice.
 */
export function valueOf(
  scope: Who, name: LiteralString,
  { property, value, type }: {
    readonly property: string;
    readonly value: { readonly value: string } | undefined;
    /** The name of the class; it has a method `of`. */
    readonly type: string;
  },
): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!isBranded(value, type)) {
    refuse(scope, name, `${property} is ${described(value)}: it has to be of the class ${type}. Use one of its constants, or ${type}.of().`);
  }
  refuseStray(scope, property, value.value);
  if (typeof value.value !== 'string') {
    refuse(scope, name,
      `${property} is what ${type}.of() makes of ${described(value.value ?? undefined)}: it takes a text. Write it as a text, or use one of its constants.`);
  }
  return value.value;
}

/** `'a'`, `'a' or 'b'`, `'a', 'b' or 'c'`. */
function alternatives(values: readonly string[]): string {
  const quoted = values.map(value => `'${value}'`);
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter(text => text !== '').join(' or ');
}

function rangeOf(minimum: number, maximum: number): string {
  if (maximum === Infinity) {
    return `at least ${minimum}`;
  }
  return minimum === 0 ? `at most ${maximum}` : `${minimum} to ${maximum}`;
}

/** `1 member`, `2 members`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `a license`, `an identity provider`. */
export function withArticle(what: string): string {
  return `${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`;
}

/** Whether there is a text, and it is known at synthesis. */
export function isKnown(value: string | undefined): value is string {
  return value !== undefined && !Token.isUnresolved(value) && !(typeof value === 'string' && isLookUpDummy(value));
}

/** A value of whatever kind, as messages show it where it may be of another one than they expect. */
export function described(value: unknown): string {
  if (Token.isUnresolved(value) && (typeof value !== 'object' || Tokenization.isResolvable(value))) {
    return 'a token';
  }
  switch (typeof value) {
    case 'string':
      return `the text '${shortened(value)}'`;
    case 'function':
      return 'a function';
    case 'object': {
      const type = classOf(value);
      return value === null ? 'null' : Array.isArray(value) ? 'a list' : !type || type === 'Object' ? 'an object' : `an object of the class ${type}`;
    }
    case 'undefined':
      return 'nothing';
    default:
      return String(value);
  }
}

/**
 * The name of an object's class, as its users know it: what a compiler makes of a class with decorators has another name, and jsii keeps the right one in it.
 * A subclass that nobody has told jsii of has its own name.
 */
function classOf(value: object | null): string | undefined {
  const name = value?.constructor?.name;
  for (let type = value?.constructor; type; type = Object.getPrototypeOf(type)) {
    const known: { readonly fqn?: unknown } | undefined = Object.getOwnPropertyDescriptor(type, RTTI)?.value;
    if (known) {
      return type.name === name && typeof known.fqn === 'string' ? known.fqn.slice(known.fqn.lastIndexOf('.') + 1) : name;
    }
  }
  return name;
}

/** Under which jsii keeps in a class what it is called. */
const RTTI = Symbol.for('jsii.rtti');

/** Long texts would hide what is wrong with them. */
function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
