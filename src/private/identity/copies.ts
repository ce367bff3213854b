import type { IConstruct } from 'constructs';

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
 * What the copies of the library keep of a construct, if any of them does.
 *
 * @param construct whose it is
 * @param key       what it is
 */
export function keptOn<T extends object>(construct: IConstruct, key: string): T | undefined {
  return Object.getOwnPropertyDescriptor(construct, symbolOf(key))?.value;
}

/**
 * Keeps something of a construct, for all copies of the library, unless one of them does already; tells what is kept.
 *
 * It must not be of a class of this library. Who changes its form gives it another key, for another version may be there, too.
 *
 * @param construct whose it is
 * @param key       what it is
 * @param make      makes it
 */
export function keepOn<T extends object>(construct: IConstruct, key: string, make: () => T): T {
  const kept = keptOn<T>(construct, key);
  if (kept !== undefined) {
    return kept;
  }
  const made = make();
  Object.defineProperty(construct, symbolOf(key), { value: made });
  return made;
}

function symbolOf(name: string): symbol {
  return Symbol.for(`cdk-license-manager.${name}`);
}
