import { Token, UnscopedValidationError } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { lit, refuse } from './validation';

/*
 * What compilers ask for, and languages without types, and values out of a file, leave out all the same. Without these refusals it ends in an error of
 * JavaScript, which names neither the construct nor the property.
 */

/**
 * What was given. Refuses what is missing.
 *
 * @param scope    who was given it
 * @param property the property, as the user writes it
 * @param value    what was given
 */
export function given<T>(scope: IConstruct, property: string, value: T): NonNullable<T> {
  return value ?? refuse(scope, lit`ValueMissing`, missing(property));
}

/**
 * The list that was given. Refuses what is not a list, and a member that is missing.
 *
 * @param scope    who was given it
 * @param property the property, as the user writes it
 * @param list     what was given
 */
export function givenList<T>(scope: IConstruct, property: string, list: readonly T[]): readonly NonNullable<T>[] {
  const message = wrongWithList(property, list);
  return message === undefined ? list as readonly NonNullable<T>[] : refuse(scope, lit`ListMissing`, message);
}

/**
 * Refuses properties that are missing.
 *
 * @param scope  who was given them
 * @param props  the properties
 * @param needed the names of those that have no default
 */
export function checkPresent<P extends object>(scope: IConstruct, props: P | undefined, ...needed: (keyof P & string)[]): asserts props is P {
  for (const name of needed) {
    given(scope, name, props?.[name]);
  }
}

/**
 * Refuses a list in which members are missing, as they are where another language has `None` or `null` in it.
 *
 * @param scope    who was given it
 * @param property the property, as the user writes it
 * @param list     the list, if there is one; a token is not looked into
 */
export function checkMembers(scope: IConstruct, property: string, list: readonly unknown[] | undefined): void {
  if (list !== undefined && !Token.isUnresolved(list)) {
    givenList(scope, property, list);
  }
}

/**
 * The same as `given`, for an object of a class of static factories: what a language without types hands over may be anything.
 *
 * @param member what all objects of the class have, of whichever copy of the library
 * @param type   the name of the class
 */
export function givenOfClass<T extends object>(scope: IConstruct, property: string, value: T, member: string, type: string): T {
  if ((given(scope, property, value) as { readonly [name: string]: unknown })[member] === undefined) {
    refuse(scope, lit`ValueOfAnotherClass`, `${property} has to be of the class ${type}, and is not. Use what ${type} has.`);
  }
  return value;
}

/**
 * Refuses what is neither true nor false where only these are: a text such as `'false'`, as languages without types and files have it, would be true.
 *
 * @param scope who was given them
 * @param flags the properties, by their names; those that are not set, and tokens, are taken
 */
export function checkFlags(scope: IConstruct, flags: { readonly [property: string]: unknown }): void {
  for (const [property, value] of Object.entries(flags)) {
    if (value !== undefined && value !== null && typeof value !== 'boolean' && !Token.isUnresolved(value)) {
      refuse(scope, lit`ValueNeitherTrueNorFalse`, `${property} is ${JSON.stringify(value)}: it has to be true or false. Correct it, or leave it out.`);
    }
  }
}

/**
 * The same as `given`, where there is no construct yet.
 *
 * @param who what was given it: `LicenseAssetGroupGrants.fromLicenseAssetGroup()`
 */
export function givenTo<T>(who: string, property: string, value: T): NonNullable<T> {
  if (value === undefined || value === null) {
    throw new UnscopedValidationError(lit`ValueMissing`, `${who}: ${missing(property)}`);
  }
  return value;
}

/**
 * The same as `givenList`, where there is no construct yet.
 */
export function givenListTo<T>(who: string, property: string, list: readonly T[]): readonly NonNullable<T>[] {
  const message = wrongWithList(property, list);
  if (message !== undefined) {
    throw new UnscopedValidationError(lit`ListMissing`, `${who}: ${message}`);
  }
  return list as readonly NonNullable<T>[];
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

function wrongWithList(property: string, list: unknown): string | undefined {
  if (list === undefined || list === null) {
    return missing(property);
  }
  if (!Array.isArray(list)) {
    return `${property} has to be a list, and is none. Write a list, also of one.`;
  }
  // A gap in a list is no member to a loop.
  const index = Array.from(list).findIndex(member => member === undefined || member === null);
  return index < 0 ? undefined : `${property}[${index}] is missing: a list has no gaps. Set it, or take it out of the list.`;
}
