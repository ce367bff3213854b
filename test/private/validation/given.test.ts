import { App, Stack, Token } from 'aws-cdk-lib';
import { checkFlags, checkMembers, checkPresent, given, givenList, givenListTo, givenOfClass, givenTo } from '../../../src/private/validation/given';

const stack = new Stack(new App(), 'Stack');

test.each([undefined, null])('what is missing is refused by its path and name: %p', value => {
  const missing = ': name is missing: there is no default for it. Set it.';
  expect(() => given(stack, 'name', value)).toThrow(`Stack${missing}`);
  expect(() => givenTo('Grants.fromLicense()', 'name', value)).toThrow(`Grants.fromLicense()${missing}`);
  expect(() => checkPresent(stack, { name: value }, 'name')).toThrow(`Stack${missing}`);
  expect(() => checkPresent<{ name: string }>(stack, undefined, 'name')).toThrow(`Stack${missing}`);
  expect(() => givenList(stack, 'name', value as any)).toThrow(`Stack${missing}`);
  expect(() => givenListTo('Grants.fromLicense()', 'name', value as any)).toThrow(`Grants.fromLicense()${missing}`);
});

test.each(['', 0, false])('what says something is not missing: %p', value => {
  expect(given(stack, 'name', value)).toBe(value);
  expect(givenTo('Grants.fromLicense()', 'name', value)).toBe(value);
  expect(() => checkPresent(stack, { name: value }, 'name')).not.toThrow();
});

test('what is no list is refused', () => {
  expect(() => givenList(stack, 'names', 'one' as any)).toThrow('Stack: names has to be a list, and is none. Write a list, also of one.');
});

test('what is of another class is refused', () => {
  const color = { _render: () => 'red' };
  expect(givenOfClass(stack, 'color', color, '_render', 'Color')).toBe(color);
  expect(() => givenOfClass(stack, 'color', 'red' as any, '_render', 'Color')).toThrow('Stack: color has to be of the class Color, and is not. Use what Color has.');
});

test('a hole in a list, which a loop passes over, is a member that is missing', () => {
  // eslint-disable-next-line no-sparse-arrays
  expect(() => checkMembers(stack, 'names', ['a', , 'b'])).toThrow('Stack: names[1] is missing: a list has no gaps. Set it, or take it out of the list.');
  expect(() => checkMembers(stack, 'names', ['a', '', 0, false])).not.toThrow();
  expect(() => checkMembers(stack, 'names', undefined)).not.toThrow();
  expect(() => checkMembers(stack, 'names', Token.asList({ Ref: 'Names' }))).not.toThrow();
});

test.each(['false', 'no', 0, {}])('what is neither true nor false is refused where only these are: %j', value => {
  expect(() => checkFlags(stack, { first: true, second: value })).toThrow(
    `Stack: second is ${JSON.stringify(value)}: it has to be true or false. Correct it, or leave it out.`);
});

test.each([true, false, undefined, Token.asAny({ Ref: 'Flag' })])('what is true or false, or not known, is taken: %p', value => {
  expect(() => checkFlags(stack, { flag: value })).not.toThrow();
});
