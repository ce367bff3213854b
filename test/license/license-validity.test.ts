import { App, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { LicenseValidity } from '../../src';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

const BEGIN = new Date('2026-01-01T00:00:00.123Z');
const END = new Date('2099-12-31T23:59:59Z');
const WARNING = 'cdk-license-manager:validityInPast';

describe('what is sent', () => {
  test('dates, to the second', () => {
    expect(LicenseValidity.between(BEGIN, END)._render(stack)).toEqual({ begin: '2026-01-01T00:00:00Z', end: '2099-12-31T23:59:59Z' });
  });

  test('the end of the year 9999, where there is none', () => {
    expect(LicenseValidity.perpetual(BEGIN)._render(stack)).toEqual({ begin: '2026-01-01T00:00:00Z', end: '9999-12-31T23:59:59Z' });
  });

  test.each(['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00+01:00', '2026-01-01T00:00:00-23:59', `2026-01-01T00:00:00.${'1'.repeat(29)}Z`])(
    'text as it is: %s', (begin) => {
      expect(LicenseValidity.iso8601(begin, '2099-12-31T23:59:59Z')._render(stack)).toEqual({ begin, end: '2099-12-31T23:59:59Z' });
    });

  test('tokens, of which nothing is checked', () => {
    const token = Token.asString({ Ref: 'Begin' });
    expect(stack.resolve(LicenseValidity.iso8601(token, '2020-12-31T23:59:59Z')._render(stack)).begin).toEqual({ Ref: 'Begin' });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data])).toEqual([
      ['/Stack', expect.stringMatching(/^The validity ended at '2020-12-31T23:59:59Z'/)],
    ]);
    expect(stack.resolve(LicenseValidity.iso8601('2099-01-01T00:00:00Z', token)._render(stack)).end).toEqual({ Ref: 'Begin' });
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('validityEndsBeforeItBegins'));
  });
});

describe('what is refused', () => {
  test.each([
    ['2026-01-01', '2099-12-31T23:59:59Z', 'begin', '2026-01-01'],
    ['2026-01-01T00:00:00Z', '2099-12-31T23:59:59', 'end', '2099-12-31T23:59:59'],
    ['2026-13-01T00:00:00Z', '2099-12-31T23:59:59Z', 'begin', '2026-13-01T00:00:00Z'],
    ['12026-01-01T00:00:00Z', '2099-12-31T23:59:59Z', 'begin', '12026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00Z', '2099-12-31T23:59:59Z ', 'end', '2099-12-31T23:59:59Z '],
    ['2026-01-01T00:00:00+24:00', '2099-12-31T23:59:59Z', 'begin', '2026-01-01T00:00:00+24:00'],
    [`2026-01-01T00:00:00.${'1'.repeat(30)}Z`, '2099-12-31T23:59:59Z', 'begin', `2026-01-01T00:00:00.${'1'.repeat(30)}Z`],
  ])('text of another form: %s to %s', (begin, end, which, value) => {
    expect(() => LicenseValidity.iso8601(begin, end)._render(stack)).toThrow(
      `Stack: ${which} of the validity is '${value}': it has to have the form '2030-12-31T23:59:59Z'. Correct it.`);
  });

  test.each([['2027-02-29', false], ['2028-02-29', true], ['2028-02-30', false], ['2027-04-30', true], ['2027-04-31', false]])(
    'a day that the month does not have: %s', (day, valid) => {
      const validity = () => LicenseValidity.iso8601(`${day}T00:00:00Z`, '2099-12-31T23:59:59Z')._render(stack);
      if (valid) {
        expect(validity).not.toThrow();
      } else {
        expect(validity).toThrow(`Stack: begin of the validity is '${day}T00:00:00Z': the month has no such day. Correct it.`);
      }
    });

  test('what is not a date', () => {
    expect(() => LicenseValidity.between(new Date('nonsense'), END)._render(stack)).toThrow(
      'Stack: begin of the validity is not a date: it was made from something that cannot be read as one. Use a valid date, or ' +
      'LicenseValidity.iso8601() for a token.');
    expect(() => LicenseValidity.between(BEGIN, new Date(NaN))._render(stack)).toThrow('Stack: end of the validity is not a date');
    expect(() => LicenseValidity.perpetual(new Date(NaN))._render(stack)).toThrow('Stack: begin of the validity is not a date');
  });

  test('a year of more than four digits', () => {
    expect(() => LicenseValidity.between(BEGIN, new Date(8.64e15))._render(stack)).toThrow(
      'Stack: end of the validity is \'+275760-09-13T00:00:00Z\': it has to have the form \'2030-12-31T23:59:59Z\'. Correct it.');
  });
});

describe('an end that is no later than the begin', () => {
  const found = (end: Date) => {
    LicenseValidity.between(END, end)._render(stack);
    return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
  };

  test.each([0, 1000])('causes a warning: %d milliseconds before it', (milliseconds) => {
    const end = new Date(END.getTime() - milliseconds);
    expect(found(end)).toEqual([`The validity begins at '2099-12-31T23:59:59Z' and ends at '${end.toISOString().replace('.000', '')}': nobody could check the ` +
      'license out. Correct the dates. [ack: cdk-license-manager:validityEndsBeforeItBegins]']);
  });

  test('is not one a second after it', () => {
    expect(found(new Date(END.getTime() + 1000))).toEqual([]);
  });
});

describe('a date that comes from a clock', () => {
  const warned = (validity: LicenseValidity) => {
    validity._render(stack);
    return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
  };
  const warning = (which: string, date: Date) => `${which} of the validity is '${date.toISOString()}', and '${date.toISOString().slice(0, 19)}Z' is sent. A date ` +
    'with fractions of a second was taken from a clock: it is another one with every synthesis, so that every deployment changes something. Write the date out. ' +
    '[ack: cdk-license-manager:dateFromClock]';

  test.each([1, 999])('causes a warning: %d milliseconds', (milliseconds) => {
    const date = new Date(END.getTime() + milliseconds);
    expect(warned(LicenseValidity.perpetual(date))).toEqual([warning('begin', date)]);
    expect(warned(LicenseValidity.between(new Date('2026-01-01T00:00:00Z'), date))).toEqual([warning('begin', date), warning('end', date)]);
  });

  test('is none with whole seconds, nor one that is written out', () => {
    expect(warned(LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')))).toEqual([]);
    expect(warned(LicenseValidity.iso8601('2026-01-01T00:00:00.123Z', '2099-12-31T23:59:59Z'))).toEqual([]);
  });
});

test('a text that has still to be looked up is taken', () => {
  const text = StringParameter.valueFromLookup(new Stack(new App(), 'Known', { env: { account: '111122223333', region: 'us-east-1' } }), '/begin');
  expect(LicenseValidity.iso8601(text, '2020-12-31T23:59:59Z')._render(stack).begin).toBe(text);
  expect(LicenseValidity.iso8601('2099-01-01T00:00:00Z', text)._render(stack).end).toBe(text);
});

describe('an end that has passed', () => {
  test('causes a warning', () => {
    LicenseValidity.between(new Date('2019-01-01T00:00:00Z'), new Date('2020-01-01T00:00:00Z'))._render(stack);
    Annotations.fromStack(stack).hasWarning('/Stack', Match.stringLikeRegexp(
      `The validity ended at '2020-01-01T00:00:00Z': nobody can check the license out. Renew it and set the new end. \\[ack: ${WARNING}\\]`));
  });

  test('is not warned of in its last second', () => {
    jest.useFakeTimers({ now: new Date('2020-01-01T00:00:00Z') });
    try {
      LicenseValidity.between(new Date('2019-01-01T00:00:00Z'), new Date('2020-01-01T00:00:00Z'))._render(stack);
    } finally {
      jest.useRealTimers();
    }
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('is not warned of before', () => {
    LicenseValidity.between(new Date('2019-01-01T00:00:00Z'), END)._render(stack);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp(WARNING));
  });
});
