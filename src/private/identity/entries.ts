/**
 * The entries of a map in the order of their keys: in other languages the order of a map is not the order in which it was written, and the
 * template has to be the same in all of them.
 */
export function entriesByKey<T>(map: { readonly [key: string]: T } | undefined): [string, T][] {
  return Object.entries(map ?? {}).sort(([one], [other]) => one < other ? -1 : 1);
}
