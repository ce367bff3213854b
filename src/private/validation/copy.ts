import { Tokenization } from 'aws-cdk-lib';

/**
 * What was given, as it is now: what its owner does to it later changes nothing. For what is read later, such as what a factory takes.
 *
 * Lists, dates and objects that only name values are copied, at all depths. What is of a class stays what it is, unless it was given as a whole: it may have
 * its properties by its class.
 */
export function copied<T>(given: T): T {
  return isObject(given) && !Array.isArray(given) && !isDate(given) ? copyOfObject(given) : copyOfPart(given);
}

function copyOfPart<T>(part: T): T {
  if (Array.isArray(part)) {
    return part.map(copyOfPart) as T;
  }
  if (isDate(part)) {
    return new Date(part.getTime()) as T;
  }
  return isObject(part) && [Object.prototype, null].includes(Object.getPrototypeOf(part)) ? copyOfObject(part) : part;
}

function copyOfObject<T extends object>(object: T): T {
  if (Tokenization.isResolvable(object)) {
    return object;
  }
  const copy = Object.create(Object.getPrototypeOf(object));
  for (const [name, value] of Object.entries(object)) {
    copy[name] = copyOfPart(value);
  }
  return copy;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]';
}
