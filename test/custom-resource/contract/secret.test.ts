import { inspect } from 'node:util';
import { MASK, Secret, secretsIn } from '../../../src/custom-resource/contract/secret';

test('whatever writes a secret writes a mask, and only revealing it tells it', () => {
  const secret = new Secret('s3cret');
  expect([String(secret), `${secret}`, secret + '', JSON.stringify(secret), JSON.stringify({ a: [secret] })]).toEqual(
    [MASK, MASK, MASK, `"${MASK}"`, `{"a":["${MASK}"]}`]);
  expect(inspect({ secret }, { depth: 9, showHidden: true })).not.toContain('s3cret');
  expect(Object.values(secret)).toEqual([]);
  expect(secret.reveal()).toBe('s3cret');
});

test.each<[unknown, string[]]>([
  [new Secret('a'), ['a']],
  [{ one: new Secret('a'), list: ['x', new Secret('b'), { deep: { three: new Secret('c') } }] }, ['a', 'b', 'c']],
  ['text', []], [1, []], [null, []], [undefined, []], [{ a: null, b: undefined, c: ['x'] }, []],
])('the secrets in %o are found', (value, secrets) => {
  expect(secretsIn(value)).toEqual(secrets);
});
