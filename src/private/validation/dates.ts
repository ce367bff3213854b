import { Annotations, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { givenAs } from './given';
import { checkPattern, lit, refuse } from './validation';
import type { LiteralString } from './validation';

/**
 * A point in time as License Manager and CloudFormation read it, to the second: `2030-12-31T23:59:59Z`.
 *
 * Refuses what is not a date, and a year that has not four digits: ISO 8601 writes such a year with a sign, which is not read. Warns of a date that
 * was taken from a clock, as its fractions of a second tell: it is another one with every synthesis, and what it is of changes with it.
 *
 * @param scope    who was given the date
 * @param property what the date is, in messages
 * @param date     the date
 * @param wayOut   what to do about one that is not a date
 */
export function dateInSeconds(scope: IConstruct, property: string, date: Date, wayOut: string = 'Use a valid date.'): string {
  // JavaScript, and values out of a file, get here as texts.
  givenAs(scope, property, date, { what: 'a date', fits: value => typeof value.getTime === 'function' && typeof value.toISOString === 'function', wayOut });
  if (Token.isUnresolved(date) || Number.isNaN(date.getTime())) {
    refuse(scope, lit`DateInvalid`, `${property} is not a date: it was made from something that cannot be read as one. ${wayOut}`);
  }
  const value = date.toISOString().replace(/\.\d+/, '');
  checkDateFormat(scope, lit`DateYear`, property, value, /^\d{4}-/);
  if (date.getMilliseconds() !== 0) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:dateFromClock',
      `${property} is '${date.toISOString()}', and '${value}' is sent. A date with fractions of a second was taken from a clock: it is another one with ` +
      'every synthesis, so that every deployment changes something. Write the date out.');
  }
  return value;
}

/**
 * Refuses a date, as text, of another form.
 */
export function checkDateFormat(scope: IConstruct, name: LiteralString, property: string, value: string, pattern: RegExp): void {
  checkPattern(scope, name, { property, value, pattern, expected: 'have the form \'2030-12-31T23:59:59Z\'', wayOut: 'Correct it.' });
}
