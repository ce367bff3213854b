import { App, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { brand } from '../../../src/private/identity/copies';
import {
  ANYTHING, checkKind, construct, DURATION, FLAG, given, givenAs, givenProps, implementing, listOf, mapOf, needed, NUMBER, ofClass, pathBelow,
  reference, TEXT,
} from '../../../src/private/validation/given';
import type { Kind, Shape } from '../../../src/private/validation/given';

const LIST = listOf(ANYTHING);
const stack = new Stack(new App(), 'Stack');

test.each([undefined, null])('what is missing is refused by its path and name: %p', value => {
  const missing = ': name is missing: there is no default for it. Set it.';
  expect(() => given(stack, 'name', value)).toThrow(`Stack${missing}`);
  expect(() => given('Grants.fromLicense()', 'name', value)).toThrow(`Grants.fromLicense()${missing}`);
  expect(() => givenAs(stack, 'name', value, ANYTHING)).toThrow(`Stack${missing}`);
  expect(() => givenProps(stack, { name: value }, { name: needed(ANYTHING) })).toThrow(`Stack${missing}`);
  expect(() => givenAs(stack, 'name', value, LIST)).toThrow(`Stack${missing}`);
  expect(() => givenAs('Grants.fromLicense()', 'name', value, LIST)).toThrow(`Grants.fromLicense()${missing}`);
});

test.each(['', 0, false])('what says something is not missing: %p', value => {
  expect(given(stack, 'name', value)).toBe(value);
  expect(given('Grants.fromLicense()', 'name', value)).toBe(value);
  expect(givenProps(stack, { name: value }, { name: needed(ANYTHING) })).toEqual({ name: value });
});

class Color {
  public constructor() {
    brand(this, 'Color');
  }
}

test.each<[string, Kind, unknown[], unknown[], string]>([
  ['a text', TEXT, ['', 'a'], [5, true, {}, []], 'a text. Write it as a text.'],
  ['a number', NUMBER, [0, Infinity], ['5', true, {}, []], 'a number. Write it as a number.'],
  ['true or false', FLAG, [true, false], ['false', 'no', 0, {}], 'true or false. Correct it, or leave it out.'],
  ['a time', DURATION, [Duration.days(1)], [5, '1d', {}], 'of the class Duration. Use what Duration has.'],
  ['an object of a class', ofClass('Color'), [new Color()], ['red', {}, { Color: true }, Duration.days(1)], 'of the class Color. Use what Color has.'],
  ['a reference', reference('a host', 'hostRef'), [{ hostRef: { hostId: 'h-1' } }, { hostRef: new Color() }, { hostRef: { get hostId() { throw new Error('not known'); } } }], ['h-1', {}, { hostRef: null }, { hostRef: {} }, { hostRef: { hostId: undefined } }], 'a host. Use a construct, or import one.'],
  ['a map', mapOf(TEXT), [{}, { key: 'value' }], ['key', []], 'a map. Write it as names with their values.'],
])('%s is told from what is none', (_, kind, right, wrong, message) => {
  for (const value of [...right, Token.asAny({ Ref: 'It' }), Lazy.any({ produce: () => 0 })]) {
    expect(givenAs(stack, 'it', value, kind)).toBe(value);
  }
  for (const value of wrong) {
    expect(() => givenAs(stack, 'it', value, kind)).toThrow(new RegExp(`^Stack: it is .*: it has to be ${message.replace(/\./g, '\\.')}$`));
  }
});

describe('a list', () => {
  test('is no single one', () => {
    expect(() => givenAs(stack, 'names', 'one', LIST)).toThrow('Stack: names is the text \'one\': it has to be a list. Write it as a list, even of one.');
  });

  test('has no gaps, which a loop passes over', () => {
    // eslint-disable-next-line no-sparse-arrays
    expect(() => givenAs(stack, 'names', ['a', , 'b'], LIST)).toThrow('Stack: names[1] is missing: a list has no gaps. Set it, or take it out of the list.');
    expect(() => givenAs(stack, 'names', ['a', null], LIST)).toThrow('Stack: names[1] is missing: a list has no gaps. Set it, or take it out of the list.');
    expect(() => givenAs(stack, 'names', ['a', '', 0, false], LIST)).not.toThrow();
    expect(() => givenAs(stack, 'names', Token.asList({ Ref: 'Names' }), LIST)).not.toThrow();
  });

  test('has members of one kind, and so has a map', () => {
    expect(() => givenAs(stack, 'names', ['a', 5], listOf(TEXT))).toThrow('Stack: names[1] is 5: it has to be a text. Write it as a text.');
    expect(() => givenAs(stack, 'names', { one: 'a', two: 5 }, mapOf(TEXT))).toThrow('Stack: names[\'two\'] is 5: it has to be a text. Write it as a text.');
    expect(() => givenAs(stack, 'names', { one: null }, mapOf(TEXT))).toThrow('Stack: names[\'one\'] is missing: there is no default for it. Set it.');
    expect(() => givenAs(stack, 'names', [Token.asString({ Ref: 'Name' })], listOf(TEXT))).not.toThrow();
  });
});

describe('properties', () => {
  interface Props {
    readonly name: string;
    readonly count?: number;
  }
  const shape: Shape<Props> = { name: needed(TEXT), count: NUMBER };
  const read = (props: any, names = {}) => givenProps<Props>(stack, props, shape, names);

  test('are given without those that are not there, and null is not there', () => {
    expect(read({ name: 'a', count: 1 })).toEqual({ name: 'a', count: 1 });
    expect(Object.keys(read({ name: 'a', count: null }))).toEqual(['name']);
    expect(Object.keys(read({ name: 'a', count: undefined, more: null }))).toEqual(['name']);
    expect(read({ name: 'a', more: 2 })).toEqual({ name: 'a', more: 2 });
  });

  test('may be those of an object of a class', () => {
    class Given {
      public get name() {
        return 'a';
      }
    }
    expect(read(new Given()).name).toBe('a');
  });

  test.each([undefined, null])('are needed if one of them is: %p', value => {
    expect(() => read(value)).toThrow('Stack: props is missing: there is no default for it. Set it.');
    expect(() => read(value, { all: 'options of the alarm' })).toThrow('Stack: options of the alarm is missing');
    expect(givenProps(stack, value as any, { count: NUMBER } as any)).toEqual({});
    expect(() => givenProps(stack, value as any, { count: NUMBER } as any, { areNeeded: true })).toThrow('Stack: props is missing');
  });

  test.each([undefined, null])('that have no default are needed: %p', value => {
    expect(() => read({ name: value })).toThrow('Stack: name is missing: there is no default for it. Set it.');
    expect(() => read({ name: value }, { of: ' of the alarm' })).toThrow('Stack: name of the alarm is missing: there is no default for it. Set it.');
  });

  test('are of their kinds', () => {
    expect(() => read({ name: 'a', count: '1' })).toThrow('Stack: count is the text \'1\': it has to be a number. Write it as a number.');
    expect(() => read('a')).toThrow('Stack: props is the text \'a\': it has to be an object with properties. Name each value.');
    expect(() => read([])).toThrow('Stack: props is a list: it has to be an object with properties.');
  });

  test('of a struct of somebody else are checked as far as is said', () => {
    expect(givenProps<Props>(stack, { name: null, count: 1 } as any, { foreign: {} })).toEqual({ count: 1 });
    expect(() => givenProps<Props>(stack, { count: '1' } as any, { foreign: { count: NUMBER } })).toThrow('Stack: count is the text \'1\'');
  });
});

test('a secret is in no message', () => {
  const kind: Kind = { what: 'hidden', fits: () => false, wayOut: 'Hide it.', isSecret: true };
  expect(() => givenAs(stack, 'password', 'hunter2', kind)).toThrow(/^Stack: password is a text, which is not shown: it has to be hidden\. Hide it\.$/);
});

test('an object of a class that brands nothing is known by what it has', () => {
  const color = { _render: () => 'red' };
  const kind = ofClass('Color', '_render');
  expect(givenAs(stack, 'color', color, kind)).toBe(color);
  expect(() => givenAs(stack, 'color', 'red', kind))
    .toThrow('Stack: color is the text \'red\': it has to be of the class Color. Use what Color has.');
});

test('what was given is refused by its name, and what was not is taken', () => {
  expect(() => checkKind(stack, 'second', 'false', FLAG)).toThrow(
    'Stack: second is the text \'false\': it has to be true or false. Correct it, or leave it out.');
  for (const value of [true, undefined, null]) {
    expect(() => checkKind(stack, 'first', value, FLAG)).not.toThrow();
  }
});

test('a construct that does not exist yet has a path', () => {
  expect(pathBelow(stack, 'a/b')).toBe('Stack/a--b');
  expect(pathBelow(stack.node.root, 'It')).toBe('It');
});

test('a construct is told from what looks like one', () => {
  const HOST = construct('a host', 'hostRef');
  expect(givenAs(stack, 'host', { hostRef: { hostId: 'h-1' }, node: {} }, HOST)).toBeDefined();
  expect(() => givenAs(stack, 'host', { hostRef: { hostId: 'h-1' } }, HOST)).toThrow('Stack: host is an object: it has to be a host. Use a construct, or import one.');
});

test('what implements an interface is of whatever class', () => {
  const ACTION = implementing('IAction', 'bind', 'Use one of actions.');
  expect(givenAs(stack, 'action', { bind: () => undefined }, ACTION)).toBeDefined();
  expect(() => givenAs(stack, 'action', new Color(), ACTION)).toThrow(
    'Stack: action is an object of the class Color: it has to be an object that implements IAction. Use one of actions.');
});

test('what follows the name of a list follows that of its members', () => {
  const names = { of: " of alarm 'A'" };
  const shape = { actions: listOf(TEXT), tags: mapOf(TEXT) };
  expect(() => givenProps(stack, { actions: ['a', undefined] }, shape as any, names)).toThrow(
    "Stack: actions[1] of alarm 'A' is missing: a list has no gaps. Set it, or take it out of the list.");
  expect(() => givenProps(stack, { actions: [5] }, shape as any, names)).toThrow("Stack: actions[0] of alarm 'A' is 5: it has to be a text.");
  expect(() => givenProps(stack, { tags: { a: null } }, shape as any, names)).toThrow("Stack: tags['a'] of alarm 'A' is missing: there is no default");
});
