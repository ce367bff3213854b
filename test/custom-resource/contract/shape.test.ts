import { inspect } from 'node:util';
import { SELF_MANAGED_LICENSE } from '../../../src/custom-resource/contract/arn';
import { Refusal } from '../../../src/custom-resource/contract/refusal';
import { MASK, Secret } from '../../../src/custom-resource/contract/secret';
import { arn, date, flag, integer, list, object, oneOf, optional, secret, type Shape, text } from '../../../src/custom-resource/contract/shape';

const PLACE = { partition: 'aws', region: 'us-east-1', account: '111122223333', stackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/name/uuid', stackName: 'name' };
const LICENSE = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-1';

function parse<T>(shape: Shape<T>, value: unknown, path = 'Property'): T {
  return shape.parse(value, path, PLACE);
}

/** The text with which a value is refused. */
function refusalOf(shape: Shape<any>, value: unknown, path = 'Property'): string {
  try {
    parse(shape, value, path);
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return (error as Error).message;
  }
  throw new Error(`taken: ${inspect(value)}`);
}

describe('a text', () => {
  test.each(['', ' ', 'a', 'true', '1', '{}', 'x'.repeat(10_000)])('may be %j', (value) => {
    expect(parse(text, value)).toBe(value);
  });

  test.each<[unknown, string]>([
    [1, '1'], [true, 'true'], [null, 'null'], [undefined, 'undefined'], [['a'], '["a"]'], [{ a: 'b' }, '{"a":"b"}'],
  ])('is not %j', (value, shown) => {
    expect(refusalOf(text, value)).toBe(`Property is ${shown}. Expected: a text`);
  });

  test.each([[198, ''], [199, '…']])('of which %i characters are shown with their quotes is shown up to the 200th', (length, end) => {
    const value = ['x'.repeat(length - 2)];
    const shown = JSON.stringify(value);
    expect(refusalOf(text, value)).toBe(`Property is ${shown.slice(0, 200)}${end}. Expected: a text`);
  });
});

describe('one of some texts', () => {
  const shape = oneOf('AVAILABLE', 'DISABLED');

  test.each(['AVAILABLE', 'DISABLED'])('may be %s', (value) => {
    expect(parse(shape, value)).toBe(value);
  });

  test.each(['', 'available', 'AVAILABLE ', 'DISABLED,AVAILABLE'])('is not %j', (value) => {
    expect(refusalOf(shape, value)).toBe(`Property is '${value}'. Expected: 'AVAILABLE', 'DISABLED'`);
  });

  test('is a text', () => {
    expect(refusalOf(shape, 1)).toBe('Property is 1. Expected: a text');
  });
});

describe('a whole number', () => {
  test.each<[unknown, number]>([
    [0, 0], [-1, -1], ['0', 0], ['1', 1], ['-1', -1], ['1.0', 1], ['007', 7],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], [String(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER],
    [Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER], [String(Number.MIN_SAFE_INTEGER), Number.MIN_SAFE_INTEGER],
  ])('may be written %j', (value, number) => {
    expect(parse(integer, value)).toBe(number);
  });

  test.each<[unknown, string]>([
    ['', "''"], [' 1', "' 1'"], ['1 ', "'1 '"], ['+1', "'+1'"], ['1.5', "'1.5'"], ['1.00', "'1.00'"], ['1e3', "'1e3'"], ['0x10', "'0x10'"], ['one', "'one'"],
    [1.5, '1.5'], [NaN, 'null'], [Infinity, 'null'], [Number.MAX_SAFE_INTEGER + 1, '9007199254740992'], ['9007199254740992', "'9007199254740992'"],
    [Number.MIN_SAFE_INTEGER - 1, '-9007199254740992'], [true, 'true'], [null, 'null'], [['1'], '["1"]'],
  ])('is not written %j', (value, shown) => {
    expect(refusalOf(integer, value)).toBe(`Property is ${shown}. Expected: a whole number`);
  });
});

describe('a flag', () => {
  test.each<[unknown, boolean]>([['true', true], [true, true], ['false', false], [false, false]])('may be written %j', (value, found) => {
    expect(parse(flag, value)).toBe(found);
  });

  test.each<[unknown, string]>([['', "''"], ['True', "'True'"], ['yes', "'yes'"], ['0', "'0'"], [0, '0'], [1, '1'], [null, 'null']])('is not written %j', (value, shown) => {
    expect(refusalOf(flag, value)).toBe(`Property is ${shown}. Expected: 'true' or 'false'`);
  });
});

describe('a time', () => {
  test.each(['2026-01-31T00:00:00Z', '2026-01-31T23:59:59Z', '2026-01-31T00:00:00.000Z', '2026-01-31T00:00:00.1Z', '2028-02-29T00:00:00Z'])('may be %s, and stays a text', (value) => {
    expect(parse(date, value)).toBe(value);
  });

  test.each([
    '', '2026-01-31', '2026-01-31T00:00Z', '2026-01-31T00:00:00', '2026-01-31T00:00:00+01:00', '2026-01-31 00:00:00Z', '2026-01-31T00:00:00.Z',
    '26-01-31T00:00:00Z', '2026-00-31T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-00T00:00:00Z', '2026-01-32T00:00:00Z', '2026-01-31T25:00:00Z',
    '2026-01-31T00:60:00Z', '2026-01-31T00:00:60Z', '1767225600', '+012026-01-31T00:00:00Z',
  ])('is not %j', (value) => {
    expect(refusalOf(date, value)).toBe(`Property is '${value}'. Expected: a time such as 2026-01-31T00:00:00Z`);
  });

  test('is a text', () => {
    expect(refusalOf(date, 1767225600)).toBe('Property is 1767225600. Expected: a text');
  });
});

describe('an ARN', () => {
  const shape = arn({ kinds: [SELF_MANAGED_LICENSE] });

  test('may be one of the kind', () => {
    expect(parse(shape, LICENSE)).toBe(LICENSE);
  });

  test('is no other', () => {
    expect(refusalOf(shape, 'lic-1', 'LicenseConfigurationArn')).toBe("LicenseConfigurationArn 'lic-1' is not the ARN of a self-managed license. "
      + 'Expected: arn:aws:license-manager:us-east-1:<account>:license-configuration:lic-<id>');
  });

  test('is a text', () => {
    expect(refusalOf(shape, [LICENSE])).toBe(`Property is ["${LICENSE}"]. Expected: a text`);
  });
});

describe('a list', () => {
  test.each<[unknown[], number[]]>([[[], []], [['1'], [1]], [['1', '2'], [1, 2]]])('may be %j', (value, found) => {
    expect(parse(list(integer), value)).toEqual(found);
  });

  test.each<[unknown, string]>([['1', "'1'"], [{ 0: '1' }, '{"0":"1"}'], [null, 'null'], [undefined, 'undefined']])('is not %j', (value, shown) => {
    expect(refusalOf(list(integer), value)).toBe(`Property is ${shown}. Expected: a list`);
  });

  test('names the member that is wrong by its place', () => {
    expect(refusalOf(list(integer), ['1', 'two', 'three'])).toBe("Property[1] is 'two'. Expected: a whole number");
    expect(refusalOf(list(list(integer)), [['1'], ['2', '']])).toBe("Property[1][1] is ''. Expected: a whole number");
  });
});

describe('an object', () => {
  const shape = object({ Name: text, Count: optional(integer), Filters: optional(list(object({ Key: text }))) });

  test('has its members, and only those optional ones that are set', () => {
    expect(parse(shape, { Name: 'a' })).toEqual({ Name: 'a' });
    expect(Object.keys(parse(shape, { Name: 'a', Count: undefined }))).toEqual(['Name']);
    expect(parse(shape, { Count: '1', Name: 'a', Filters: [{ Key: 'k' }] })).toEqual({ Name: 'a', Count: 1, Filters: [{ Key: 'k' }] });
  });

  test('lacks no other', () => {
    expect(refusalOf(shape, {}, '')).toBe('Name is missing');
    expect(refusalOf(shape, { Name: undefined }, '')).toBe('Name is missing');
    expect(refusalOf(shape, { Name: 'a', Filters: [{}] }, '')).toBe('Filters[0].Key is missing');
  });

  test('has null for no member', () => {
    expect(refusalOf(shape, { Name: 'a', Count: null }, '')).toBe('Count is null. Expected: a whole number');
  });

  test('has no other members', () => {
    expect(refusalOf(shape, { Name: 'a', Size: '1' }, '')).toBe('unknown property Size. Known: Name, Count, Filters. '
      + 'If the version of cdk-license-manager that wrote the template knows the property, deploy the stack again with that version');
    expect(refusalOf(shape, { Name: 'a', Filters: [{ Key: 'k', Value: 'v' }] }, '')).toMatch(/^unknown property Filters\[0\]\.Value\. Known: Key\. /);
    expect(refusalOf(shape, { Name: 'a', constructor: 'b' }, '')).toMatch(/^unknown property constructor\. /);
  });

  test('names what is wrong in it by its path', () => {
    expect(refusalOf(shape, { Name: 'a', Count: 'b' }, 'Outer')).toBe("Outer.Count is 'b'. Expected: a whole number");
  });

  test.each<[unknown, string]>([['a', "'a'"], [['a'], '["a"]'], [null, 'null'], [1, '1']])('is not %j', (value, shown) => {
    expect(refusalOf(shape, value, 'Outer')).toBe(`Outer is ${shown}. Expected: an object`);
  });
});

describe('a secret', () => {
  const SECRET = 'pässword "1"';
  const deep = object({ Name: text, Login: object({ User: text, Passwords: list(object({ Value: secret })), Other: optional(secret) }) });

  test('may be any text, and is shown as a mask', () => {
    for (const value of ['x', SECRET, ' ', '***']) {
      const found = parse(secret, value);
      expect(found).toBeInstanceOf(Secret);
      expect(found.reveal()).toBe(value);
      expect([String(found), `${found}`, JSON.stringify({ found }), inspect(found, { depth: 9 })].join()).not.toContain(SECRET);
    }
  });

  test.each([['nothing', ''], ['a list', [SECRET]], ['an object', { SECRET }], ['a number', 4711_0815], ['null', null]])('is not %s, and what is refused is not shown', (_what, value) => {
    expect(refusalOf(secret, value, 'Password')).toBe('Password, which is not shown, is not a text with at least 1 character. Correct what it refers to');
  });

  test('that stands where a list of secrets should is not shown', () => {
    expect(refusalOf(list(secret), SECRET, 'Passwords')).toBe(`Passwords is '${MASK}'. Expected: a list`);
    expect(refusalOf(list(secret), { Value: SECRET }, 'Passwords')).toBe(`Passwords is '${MASK}'. Expected: a list`);
    expect(refusalOf(list(secret), [SECRET, ''], 'Passwords')).toBe('Passwords[1], which is not shown, is not a text with at least 1 character. Correct what it refers to');
  });

  test('that stands where an object with secrets should is not shown', () => {
    expect(refusalOf(object({ Value: secret }), SECRET, 'Login')).toBe(`Login is '${MASK}'. Expected: an object`);
    expect(refusalOf(object({ Value: secret }), [SECRET], 'Login')).toBe(`Login is '${MASK}'. Expected: an object`);
    expect(refusalOf(deep, { Name: 'a', Login: SECRET }, '')).toBe(`Login is '${MASK}'. Expected: an object`);
    expect(refusalOf(deep, { Name: 'a', Login: { User: 'u', Passwords: SECRET } }, '')).toBe(`Login.Passwords is '${MASK}'. Expected: a list`);
    expect(refusalOf(deep, { Name: 'a', Login: { User: 'u', Passwords: [SECRET] } }, '')).toBe(`Login.Passwords[0] is '${MASK}'. Expected: an object`);
    expect(refusalOf(deep, SECRET, 'All')).toBe(`All is '${MASK}'. Expected: an object`);
  });

  test('beside what is refused, or under another name, is not shown', () => {
    expect(refusalOf(deep, { Name: 1, Login: { User: 'u', Passwords: [{ Value: SECRET }] } }, '')).toBe('Name is 1. Expected: a text');
    expect(refusalOf(deep, { Name: 'a', Login: { User: 'u', Passwords: [{ Value: SECRET, Value2: SECRET }] } }, '')).not.toContain(SECRET);
  });

  test('is masked wherever it is, in whatever form, and nothing else is', () => {
    const value = { Name: 'a', Login: { User: 'u', Passwords: [{ Value: SECRET }, { Value: [SECRET] }, { Value: '' }], Other: { SECRET } } };
    const masked = { Name: 'a', Login: { User: 'u', Passwords: [{ Value: MASK }, { Value: MASK }, { Value: MASK }], Other: MASK } };
    expect(deep.mask(value)).toEqual(masked);
    expect(deep.mask(masked)).toEqual(masked);
    expect(deep.mask({ Name: 'a', Login: SECRET })).toEqual({ Name: 'a', Login: MASK });
    expect(deep.mask({ Name: 'a', Login: { Passwords: SECRET } })).toEqual({ Name: 'a', Login: { Passwords: MASK } });
    expect(deep.mask(SECRET)).toBe(MASK);
    expect(list(secret).mask([SECRET, SECRET])).toEqual([MASK, MASK]);
    expect(optional(secret).mask(SECRET)).toBe(MASK);
  });

  test.each<[string, Shape<any>, unknown]>([
    ['a text', text, 'a'], ['one of some texts', oneOf('a', 'b'), 'c'], ['an ARN', arn({ kinds: [SELF_MANAGED_LICENSE] }), LICENSE], ['a time', date, '2026'],
    ['a whole number', integer, '1'], ['a flag', flag, 'true'], ['a list', list(text), ['a', 1]], ['what should be a list', list(text), 'a'],
    ['an object', object({ Name: text }), { Name: 'a', Other: ['b'] }], ['what should be an object', object({ Name: text }), 'a'],
  ])('is not %s, which is left as it is', (_what, shape, value) => {
    expect(shape.mask(value)).toEqual(value);
  });
});
