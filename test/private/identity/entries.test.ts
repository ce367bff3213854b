import { entriesByKey } from '../../../src/private/identity/entries';

test.each([
  [{ a: 1, b: 2, C: 3 }, [['C', 3], ['a', 1], ['b', 2]]],
  [{ b: 2, C: 3, a: 1 }, [['C', 3], ['a', 1], ['b', 2]]],
  [{}, []],
  [undefined, []],
])('the entries of %j come in the order of their keys', (map, entries) => {
  expect(entriesByKey<number>(map)).toEqual(entries);
});
