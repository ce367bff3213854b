import { App, Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { brand } from '../../../src/private/identity/copies';
import {
  checkLength, checkOneOf, checkPattern, checkSize, checkWholeNumber, counted, lit, strayOf, valueOf,
} from '../../../src/private/validation/validation';

const stack = new Stack(new App(), 'Stack');

describe('a whole number', () => {
  const check = (value: number | undefined) => () => checkWholeNumber(stack, lit`Days`, { property: 'days', value, minimum: 2, maximum: 4 });

  test.each([undefined, 2, 3, 4, Lazy.number({ produce: () => 9 })])('that may be %s is taken', (value) => {
    expect(check(value)).not.toThrow();
  });

  test.each([1, 5, 2.5, Infinity, -3])('that may not be %s is refused', (value) => {
    expect(check(value)).toThrow(`Stack: days is ${value}: it has to be a whole number from 2 to 4. Correct it, or leave it out.`);
  });
});

describe('a sign that something is not known is refused as that', () => {
  const LIST = 'is the placeholder of a list that is not known at synthesis, such as a parameter, and none of its members. Take a member by Fn.select(), or pass the ' +
    'list as it is where a list is taken.';
  const NAN = 'is NaN, which is not a number: it was made from something that is none, such as a text that has still to be looked up. Write the number out, take it ' +
    'from the context (node.tryGetContext()), or from a token by Token.asNumber().';
  const [member] = Token.asList({ Ref: 'List' });

  test.each<[string, string, () => void]>([
    ['NaN, as a number', NAN, () => checkWholeNumber(stack, lit`Days`, { property: 'it', value: NaN, minimum: 2, maximum: 4 })],
    ['of a list, as a text with a length', LIST, () => checkLength(stack, lit`Name`, { property: 'it', value: member, minimum: 2, maximum: 4 })],
    ['of a list, as a text with a pattern', LIST, () => checkPattern(stack, lit`Name`, { property: 'it', value: member, pattern: /a/, expected: 'be right' })],
    ['of a list, as one of a set', LIST, () => checkOneOf(stack, lit`Name`, { property: 'it', value: member, allowed: ['a'] })],
  ])('%s', (_, text, check) => {
    expect(check).toThrow(`Stack: it ${text}`);
  });

  test('a list as a whole, and a member that was taken, are none', () => {
    expect([Token.asList({ Ref: 'List' }), Fn.select(0, Token.asList({ Ref: 'List' })), 'x', 1, undefined].map(strayOf)).toEqual(Array(5).fill(undefined));
  });
});

describe('a text', () => {
  const checkIts = (value: string | undefined) => () => checkLength(stack, lit`Name`, { property: 'name', value, minimum: 2, maximum: 4, wayOut: 'Choose another one.' });

  test.each([undefined, 'ab', 'abc', 'abcd', Token.asString({ Ref: 'Name' })])('of a length that is allowed is taken: %s', (value) => {
    expect(checkIts(value)).not.toThrow();
  });

  test('that is too short or too long is refused', () => {
    expect(checkIts('a')).toThrow('Stack: name \'a\' has 1 character: it has to have 2 to 4. Choose another one.');
    expect(checkIts('abcde')).toThrow('Stack: name \'abcde\' has 5 characters: it has to have 2 to 4. Choose another one.');
  });

  test('that is very long is shown by its beginning', () => {
    expect(checkIts('x'.repeat(61))).toThrow(`Stack: name '${'x'.repeat(60)}…' has 61 characters`);
    expect(checkIts('x'.repeat(60))).toThrow(`Stack: name '${'x'.repeat(60)}' has 60 characters`);
  });

  test('of another form than it has to have is refused, and a token is not looked into', () => {
    const check = (value: string | undefined) => () => checkPattern(stack, lit`Code`, { property: 'code', value, pattern: /^\d+$/, expected: 'have digits only' });
    expect(check('12a')).toThrow('Stack: code is \'12a\': it has to have digits only. Correct it, or leave it out.');
    for (const value of [undefined, '12', Token.asString({ Ref: 'Code' })]) {
      expect(check(value)).not.toThrow();
    }
  });
});

test('a limit without an end says where it begins', () => {
  expect(() => checkSize(stack, lit`Size`, { property: 'days', value: [], minimum: 1, maximum: Infinity })).toThrow(
    'Stack: days has 0 members: it has to have at least 1. Correct it, or leave it out.');
  expect(() => checkLength(stack, lit`Length`, { property: 'name', value: '', minimum: 1, maximum: Infinity })).toThrow(
    "Stack: name '' has 0 characters: it has to have at least 1. Correct it, or leave it out.");
});

describe('a value of a closed set', () => {
  const check = (value: any, ...allowed: string[]) => () => checkOneOf(stack, lit`Color`, { property: 'color', value, allowed });

  test.each([undefined, 'red', 'green', Token.asString({ Ref: 'Color' }), Lazy.string({ produce: () => 'blue' })])('is taken: %p', value => {
    expect(check(value, 'red', 'green')).not.toThrow();
  });

  test.each([['blue', "'blue'"], ['Red', "'Red'"], ['', "''"], [' red', "' red'"], [null, 'null'], [5, '5'], [false, 'false'], [{}, 'an object']])(
    'is none: %p', (value, shown) => {
      expect(check(value, 'red', 'green')).toThrow(`Stack: color is ${shown}: it has to be 'red' or 'green'. Correct it, or leave it out.`);
    });

  test.each([Token.asString({ Ref: 'Color' }), Lazy.any({ produce: () => 'red' }), Lazy.number({ produce: () => 5 })])(
    'that decides something at synthesis is no token: %#', value => {
      expect(() => checkOneOf(stack, lit`Color`, { property: 'color', value: value as any, allowed: ['red'], decides: 'what is painted' }))
        .toThrow('Stack: color is a token, which is known at the deployment only: it decides what is painted. Write its value.');
    });

  test('is named with all others, however many there are', () => {
    expect(check('blue', 'red')).toThrow("Stack: color is 'blue': it has to be 'red'. Correct it");
    expect(check('blue', 'red', 'green', 'black')).toThrow("Stack: color is 'blue': it has to be 'red', 'green' or 'black'. Correct it");
  });

  test('that has to be there, says what to do in other words', () => {
    expect(() => checkOneOf(stack, lit`Color`, { property: 'color', value: 'blue', allowed: ['red'], wayOut: 'Use Color.RED.' }))
      .toThrow("Stack: color is 'blue': it has to be 'red'. Use Color.RED.");
  });
});

describe('a value that has a class', () => {
  const read = (value: any) => valueOf(stack, lit`Color`, { property: 'color', value, type: 'Color' });
  const colored = (value: unknown) => {
    const color = { value };
    brand(color, 'Color');
    return color;
  };

  test('is its text', () => {
    expect(read(colored('red'))).toBe('red');
    expect(read(undefined)).toBeUndefined();
    expect(read(null)).toBeUndefined();
  });

  test.each([
    ['red', 'the text \'red\''], [4, '4'], [{}, 'an object'], [{ value: 'red' }, 'an object'], [new Date(), 'an object of the class Date'],
    [Lazy.any({ produce: () => 'red' }), 'a token'], [new Topic(stack, 'Topic'), 'an object of the class Topic'],
    [new (class Mine extends Topic {})(stack, 'Mine'), 'an object of the class Mine'],
  ])(
    'is refused if it is something else: %p', (value, shown) => {
      expect(() => read(value)).toThrow(`Stack: color is ${shown}: it has to be of the class Color. Use one of its constants, or Color.of().`);
    });

  test.each([[undefined, 'nothing'], [null, 'nothing'], [4, '4']])('is refused if it was made of something else than a text: %p', (value, shown) => {
    expect(() => read(colored(value))).toThrow(
      `Stack: color is what Color.of() makes of ${shown}: it takes a text. Write it as a text, or use one of its constants.`);
  });
});

describe('a list', () => {
  const check = (value: unknown[] | undefined) => () => checkSize(stack, lit`Rules`, { property: 'rules', value, minimum: 1, maximum: 2, wayOut: 'Make two sets.' });

  test.each([[undefined], [['a']], [['a', 'b']], [Token.asList({ Ref: 'Rules' })]])('of a size that is allowed is taken: %p', (value) => {
    expect(check(value)).not.toThrow();
  });

  test('that is too short or too long is refused', () => {
    expect(check([])).toThrow('Stack: rules has 0 members: it has to have 1 to 2. Make two sets.');
    expect(check([1, 2, 3])).toThrow('Stack: rules has 3 members: it has to have 1 to 2. Make two sets.');
  });
});

test('one is counted as one, and all else as many', () => {
  expect([0, 1, 2].map((count) => counted(count, 'host'))).toEqual(['0 hosts', '1 host', '2 hosts']);
});
