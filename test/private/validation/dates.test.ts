import { App, Stack, Token } from 'aws-cdk-lib';
import { dateInSeconds } from '../../../src/private/validation/dates';

const stack = new Stack(new App(), 'Stack');

test.each([
  ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00Z'],
  ['2026-01-01T00:00:00.999Z', '2026-01-01T00:00:00Z'],
  ['2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  ['9998-12-31T23:59:59Z', '9998-12-31T23:59:59Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59Z'],
])('%s is %s', (date, text) => {
  expect(dateInSeconds(stack, 'start', new Date(date))).toBe(text);
});

test.each([
  ['-000001-12-31T23:59:59.999Z', '-000001-12-31T23:59:59Z'],
  ['+010000-01-01T00:00:00Z', '+010000-01-01T00:00:00Z'],
])('a year that has not four digits is refused: %s', (date, text) => {
  expect(() => dateInSeconds(stack, 'start', new Date(date))).toThrow(
    `Stack: start is '${text}': it has to have the form '2030-12-31T23:59:59Z'. Correct it.`);
});

test('what is not a date is refused', () => {
  expect(() => dateInSeconds(stack, 'start', new Date('nonsense'))).toThrow(
    'Stack: start is not a date: it was made from something that cannot be read as one. Use a valid date.');
  expect(() => dateInSeconds(stack, 'start', new Date(NaN), 'Use another one.')).toThrow('cannot be read as one. Use another one.');
  expect(() => dateInSeconds(stack, 'start', '2026-01-01' as any)).toThrow('Stack: start is the text \'2026-01-01\': it has to be a date. Use a valid date.');
  expect(() => dateInSeconds(stack, 'start', Token.asAny({ Ref: 'Start' }) as any)).toThrow('Stack: start is not a date: it was made from');
});
