import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Warns of properties that a struct does not have, and that look like one that it has and that was not given: compilers let nobody write them, and JavaScript
 * and values out of a file lose them without a word.
 *
 * Of others nothing is said. Who hands on a struct of his own that extends this one has more in it, and an injector of properties may be made for a newer
 * version of the library: so it is no error either.
 *
 * @param scope who was given them
 * @param given the properties
 * @param known the names of those that there are
 * @param of    what follows the name of each in messages
 */
export function warnOfMisspelled(scope: IConstruct, given: { readonly [name: string]: unknown }, known: ReadonlySet<string>, of: string): void {
  for (const name of Object.keys(given)) {
    const meant = known.has(name) ? undefined : [...known].find(it => given[it] === undefined && isNear(name, it));
    if (meant !== undefined) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:unknownProperty',
        `${name}${of} is no property of it, and nothing becomes of it. Write ${meant} if that is what was meant.`);
    }
  }
}

/** How many letters may be too many, too few or others. Short names are near to too much. */
function isNear(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase() || (Math.abs(name.length - other.length) <= FEW && Math.min(name.length, other.length) > 3 * FEW
    && distance(name, other) <= FEW);
}

const FEW = 2;

/** The distance of Levenshtein. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (letter === other[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length];
}
