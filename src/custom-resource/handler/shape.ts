import { Refusal } from './errors';

/**
 * Reads a value as CloudFormation sends it, or refuses it with a text that names it by its path.
 */
export type Shape<T> = (value: unknown, path: string) => T;

/** CloudFormation sends numbers and booleans as strings; a text stays as it is. */
export function text(allowed?: readonly string[]): Shape<string> {
  return (value, path) => {
    if (typeof value !== 'string') {
      throw unexpected(path, 'a text', value);
    }
    if (allowed && !allowed.includes(value)) {
      throw new Refusal(`${path} is ${show(value)}. Expected: ${allowed.map((each) => `'${each}'`).join(', ')}`);
    }
    return value;
  };
}

/** A time in ISO 8601, which stays a text. */
export const date: Shape<string> = (value, path) => {
  const found = text()(value, path);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(found) || Number.isNaN(Date.parse(found))) {
    throw unexpected(path, 'a time such as 2026-01-31T00:00:00Z', value);
  }
  return found;
};

export const integer: Shape<number> = (value, path) => {
  const found = typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.0)?$/.test(value)) ? Number(value) : NaN;
  if (!Number.isSafeInteger(found)) {
    throw unexpected(path, 'a whole number', value);
  }
  return found;
};

export const flag: Shape<boolean> = (value, path) => {
  if (value === true || value === 'true') {
    return true;
  }
  if (value === false || value === 'false') {
    return false;
  }
  throw unexpected(path, "'true' or 'false'", value);
};

export function list<T>(member: Shape<T>): Shape<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) {
      throw unexpected(path, 'a list', value);
    }
    return value.map((each, index) => member(each, `${path}[${index}]`));
  };
}

/** Marks a member of an object that may be left out. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  const marked: Shape<T | undefined> & { optional?: true } = (value, path) => shape(value, path);
  marked.optional = true;
  return marked;
}

/** An object with these members and no other. */
export function object<T>(members: { [Name in keyof T]-?: Shape<T[Name]> }): Shape<T> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw unexpected(path, 'an object', value);
    }
    const prefix = path === '' ? '' : `${path}.`;
    const known = Object.keys(members);
    for (const name of Object.keys(value)) {
      if (!known.includes(name)) {
        throw new Refusal(`unknown property ${prefix}${name}. Known: ${known.join(', ')}. `
          + 'If the version of cdk-license-manager that wrote the template knows the property, deploy the stack again with that version');
      }
    }
    const found: Partial<T> = {};
    for (const name of known as (keyof T & string)[]) {
      const member = (value as Record<string, unknown>)[name];
      if (member !== undefined) {
        found[name] = members[name](member, `${prefix}${name}`);
      } else if (!('optional' in members[name])) {
        throw new Refusal(`${prefix}${name} is missing`);
      }
    }
    return found as T;
  };
}

function unexpected(path: string, expected: string, value: unknown): Refusal {
  return new Refusal(`${path} is ${show(value)}. Expected: ${expected}`);
}

function show(value: unknown): string {
  const shown = typeof value === 'string' ? `'${value}'` : JSON.stringify(value) ?? String(value);
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
}
