import { EntitlementUnit as ApiUnit } from '@aws-sdk/client-license-manager';
import { App, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Annotations } from 'aws-cdk-lib/assertions';
import { Entitlement, EntitlementUnit } from '../../src';

const stack = new Stack(new App(), 'Stack');
const render = (entitlement: Entitlement) => stack.resolve(entitlement._render(stack));

describe('what is sent', () => {
  test.each<[string, Entitlement, object]>([
    ['a count', Entitlement.counted('Seats', { maxCount: 5 }), {
      name: 'Seats', unit: 'Count', maxCount: 5, overage: false, allowCheckIn: false,
    }],
    ['a count with everything', Entitlement.counted('Transfer', {
      maxCount: 40, unit: EntitlementUnit.GIGABYTES, overage: true, allowCheckIn: true,
    }), {
      name: 'Transfer', unit: 'Gigabytes', maxCount: 40, overage: true, allowCheckIn: true,
    }],
    ['no limit', Entitlement.unlimited('Platinum'), { name: 'Platinum', unit: 'None', allowCheckIn: false }],
    ['no limit, with a value', Entitlement.unlimited('Tier', { value: 'Platinum', allowCheckIn: true }), {
      name: 'Tier', unit: 'None', value: 'Platinum', allowCheckIn: true,
    }],
  ])('for %s', (_, entitlement, expected) => {
    expect(render(entitlement)).toEqual(expected);
  });

  test('the units are those of the API, and None is for what has no limit', () => {
    expect([...Object.values<string>(EntitlementUnit), 'None'].sort()).toEqual(Object.values<string>(ApiUnit).sort());
  });
});

describe('what is refused', () => {
  test('a maximum that is not a number', () => {
    expect(() => render(Entitlement.counted('Seats', { maxCount: NaN }))).toThrow(/^Stack: maxCount of entitlement 'Seats' is NaN, which is not a number/);
  });

  test.each([-1, 1.5, Infinity, Number.MAX_SAFE_INTEGER + 1])('a maximum of %s', (maxCount) => {
    expect(() => render(Entitlement.counted('Seats', { maxCount }))).toThrow(
      `Stack: maxCount of entitlement 'Seats' is ${maxCount}: it has to be a whole number from 0 to 9007199254740991. ` +
      'Correct it, or use Entitlement.unlimited().');
  });

  test.each([0, 1, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER, Lazy.number({ produce: () => -1 })])('not a maximum of %s', (maxCount) => {
    expect(() => render(Entitlement.counted('Seats', { maxCount }))).not.toThrow();
  });

  test.each(['None', 'count', ''])('a unit that is none, or none of a count: %p', (unit) => {
    expect(() => render(Entitlement.counted('Seats', { maxCount: 1, unit: unit as EntitlementUnit }))).toThrow(
      new RegExp(`^Stack: unit of entitlement 'Seats' is '${unit}': it has to be 'Count', 'Percent', .*, 'Gigabits/Second' or 'Terabits/Second'\\. ` +
      'Correct it, or use Entitlement\\.unlimited\\(\\)\\.$'));
  });

  test('a name with a token, without the token in the text', () => {
    const entitlement = Entitlement.counted(`${Token.asString({ Ref: 'Name' })} seats`, { maxCount: -1 });
    expect(() => render(entitlement)).toThrow('Stack: maxCount of entitlement \'{"Fn::Join":["",[{"Ref":"Name"}," seats"]]}\' is -1');
  });

  test('not a token', () => {
    const token = Token.asString({ Ref: 'Name' });
    expect(render(Entitlement.unlimited(token, { value: token }))).toMatchObject({ name: { Ref: 'Name' }, value: { Ref: 'Name' } });
  });
});

test.each([
  [Entitlement.counted(' ', { maxCount: 1 }), 'the name of an entitlement is \' \', which shows nothing. Name it.'],
  [Entitlement.unlimited(' '), 'the name of an entitlement is \' \', which shows nothing. Name it.'],
  [Entitlement.unlimited('Tier', { value: '' }), 'value of entitlement \'Tier\' is \'\', which shows nothing. Set it, or leave it out.'],
])('what shows nothing causes a warning: %#', (entitlement, warning) => {
  const own = new Stack(new App(), 'Stack');
  entitlement._render(own);
  Annotations.fromStack(own).hasWarning('/Stack', `${warning} [ack: cdk-license-manager:blankText]`);
});
