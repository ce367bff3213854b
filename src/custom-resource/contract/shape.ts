import { type ArnRule, checkArn } from './arn';
import type { Place } from './place';
import { Refusal } from './refusal';
import { MASK, Secret } from './secret';

/**
 * The form of a value in a template, from which its TypeScript type is derived.
 *
 * CloudFormation turns every scalar into a string on its way to the function; the type is that after parsing.
 */
export interface Shape<T> {
  /** Reads a value as CloudFormation sends it, or refuses it with a text that names it by its path. */
  parse(value: unknown, path: string, place: Place): T;
  /** The value with a mask in the place of its secrets, whatever form it has. */
  mask(value: unknown): unknown;
}

/** The form of a member that may be left out. */
export interface OptionalShape<T> extends Shape<T> {
  readonly optional: true;
}

/** The type of a shape's values. */
export type ValueOf<S> = S extends Shape<infer T> ? T : never;

/**
 * What a construct writes for a value: any text where only certain ones are taken, since it may be a token.
 */
export type Declared<T> = T extends string ? string : T extends Secret ? string : T extends object ? { readonly [N in keyof T]: Declared<T[N]> } : T;

type Members = { readonly [name: string]: Shape<any> };
type OptionalNames<M> = { [N in keyof M]: M[N] extends OptionalShape<any> ? N : never }[keyof M];
type Flat<T> = { [N in keyof T]: T[N] };

/** The type of an object with these members. */
export type ObjectOf<M extends Members> = Flat<
  { readonly [N in Exclude<keyof M, OptionalNames<M>>]: ValueOf<M[N]> } & { readonly [N in OptionalNames<M>]?: ValueOf<M[N]> }
>;

function shape<T>(parse: Shape<T>['parse'], mask: Shape<T>['mask'] = value => value): Shape<T> {
  return { parse, mask };
}

/** A text, as it stands. */
export const text: Shape<string> = shape((value, path) => {
  if (typeof value !== 'string') {
    throw unexpected(path, 'a text', value);
  }
  return value;
});

/** One of some texts. */
export function oneOf<const T extends string>(...allowed: readonly T[]): Shape<T> {
  return shape((value, path, place) => {
    const found = text.parse(value, path, place);
    if (!(allowed as readonly string[]).includes(found)) {
      throw new Refusal(`${path} is ${show(found)}. Expected: ${allowed.map(each => `'${each}'`).join(', ')}`);
    }
    return found as T;
  });
}

/** An ARN. */
export function arn(rule: ArnRule): Shape<string> {
  return shape((value, path, place) => checkArn(text.parse(value, path, place), path, place, rule));
}

/** A time in ISO 8601, which stays a text. */
export const date: Shape<string> = shape((value, path, place) => {
  const found = text.parse(value, path, place);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(found) || Number.isNaN(Date.parse(found))) {
    throw unexpected(path, 'a time such as 2026-01-31T00:00:00Z', value);
  }
  return found;
});

export const integer: Shape<number> = shape((value, path) => {
  const found = typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.0)?$/.test(value)) ? Number(value) : NaN;
  if (!Number.isSafeInteger(found)) {
    throw unexpected(path, 'a whole number', value);
  }
  return found;
});

export const flag: Shape<boolean> = shape((value, path) => {
  if (value === true || value === 'true') {
    return true;
  }
  if (value === false || value === 'false') {
    return false;
  }
  throw unexpected(path, "'true' or 'false'", value);
});

/** A text that must not be shown. What is refused of it is not shown either. */
export const secret: Shape<Secret> = shape((value, path) => {
  if (typeof value !== 'string' || value === '') {
    throw new Refusal(`${path}, which is not shown, is not a text with at least 1 character. Correct what it refers to`);
  }
  return new Secret(value);
}, () => MASK);

export function list<T>(member: Shape<T>): Shape<T[]> {
  return shape((value, path, place) => {
    if (!Array.isArray(value)) {
      // What should have been a list may be the secret itself.
      throw unexpected(path, 'a list', member.mask(value));
    }
    return value.map((each, index) => member.parse(each, `${path}[${index}]`, place));
  }, value => Array.isArray(value) ? value.map(each => member.mask(each)) : member.mask(value));
}

/** Marks a member of an object that may be left out. */
export function optional<T>(member: Shape<T>): OptionalShape<T> {
  return { ...member, optional: true };
}

/** An object with these members and no other. */
export function object<M extends Members>(members: M): Shape<ObjectOf<M>> {
  const names = Object.keys(members);
  return shape((value, path, place) => {
    if (!isObject(value)) {
      throw unexpected(path, 'an object', holdsSecret(members) ? MASK : value);
    }
    const prefix = path === '' ? '' : `${path}.`;
    for (const name of Object.keys(value)) {
      if (!names.includes(name)) {
        throw new Refusal(`unknown property ${prefix}${name}. Known: ${names.join(', ')}. `
          + 'If the version of cdk-license-manager that wrote the template knows the property, deploy the stack again with that version');
      }
    }
    const found: { [name: string]: unknown } = {};
    for (const name of names) {
      if (value[name] !== undefined) {
        found[name] = members[name].parse(value[name], `${prefix}${name}`, place);
      } else if (!('optional' in members[name])) {
        throw new Refusal(`${prefix}${name} is missing`);
      }
    }
    return found as ObjectOf<M>;
  }, value => isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, names.includes(name) ? members[name].mask(member) : member]))
    : holdsSecret(members) ? MASK : value);
}

function holdsSecret(members: Members): boolean {
  return Object.values(members).some(member => member.mask('') === MASK);
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unexpected(path: string, expected: string, value: unknown): Refusal {
  return new Refusal(`${path} is ${show(value)}. Expected: ${expected}`);
}

function show(value: unknown): string {
  const shown = typeof value === 'string' ? `'${value}'` : JSON.stringify(value) ?? String(value);
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
}
