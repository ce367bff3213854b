/*
 * An app may have loaded this library several times, and in several versions: a construct library that it uses may bring a copy of its own. What
 * a module keeps, and what `instanceof` tells, is true of one copy only. So what decides something is kept on the objects, under symbols that all
 * copies have in common.
 */

/**
 * Marks an object as what it is.
 *
 * @param object the object
 * @param type   the name of its class
 */
export function brand(object: object, type: string): void {
  Object.defineProperty(object, symbolOf(type), { value: true });
}

/**
 * Whether something was marked so, by whichever copy of the library.
 *
 * @param x    anything
 * @param type the name of the class
 */
export function isBranded(x: unknown, type: string): boolean {
  return typeof x === 'object' && x !== null && symbolOf(type) in x;
}

/**
 * What the copies of the library keep of something, if any of them does.
 *
 * @param object whose it is: a construct, mostly
 * @param key    what it is
 */
export function keptOn<T extends object>(object: object, key: string): T | undefined {
  return Object.getOwnPropertyDescriptor(object, symbolOf(key))?.value;
}

/**
 * Keeps something of an object, for all copies of the library, unless one of them does already; tells what is kept.
 *
 * It must not be of a class of this library. Who changes its form gives it another key, for another version may be there, too.
 *
 * @param object whose it is: a construct, mostly
 * @param key    what it is
 * @param make   makes it
 */
export function keepOn<T extends object>(object: object, key: string, make: () => T): T {
  const kept = keptOn<T>(object, key);
  if (kept !== undefined) {
    return kept;
  }
  const made = make();
  Object.defineProperty(object, symbolOf(key), { value: made });
  return made;
}

function symbolOf(name: string): symbol {
  return Symbol.for(`cdk-license-manager.${name}`);
}
