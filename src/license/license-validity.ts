import { Annotations, Token } from 'aws-cdk-lib';
import type { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import { checkDateFormat, dateInSeconds } from '../private/validation/dates';
import { lit, refuse } from '../private/validation/validation';

/**
 * From when until when a seller-issued license is valid.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_DatetimeRange.html
 */
export class LicenseValidity {
  /**
   * From one point in time until another, to the second.
   *
   * The dates are checked when a license takes them: a `ValidationError` is thrown for one that is not a date or has no year of four digits,
   * and if the license would end before it begins.
   *
   * @param begin when it begins; it may have begun already
   * @param end   when it ends; an end that has passed causes a warning
   */
  public static between(begin: Date, end: Date): LicenseValidity {
    return new LicenseValidity(begin, end);
  }

  /**
   * From a point in time on, to the second, without an end.
   *
   * CloudFormation cannot leave the end away, as License Manager's API can. The license ends with the year 9999.
   *
   * The date is checked when a license takes it: a `ValidationError` is thrown for one that is not a date or has no year of four digits.
   *
   * @param begin when it begins; it may have begun already
   */
  public static perpetual(begin: Date): LicenseValidity {
    return new LicenseValidity(begin, undefined, undefined, END_OF_TIME);
  }

  /**
   * From one point in time until another, as text or tokens.
   *
   * The texts are checked when a license takes them, unless they are tokens: a `ValidationError` is thrown for one of another form, for a day
   * that the month does not have, and if the license would end before it begins.
   *
   * @param begin when it begins, such as `2030-12-31T23:59:59Z`, or with fractions of a second or another offset, `+01:00`; at most 50 characters
   * @param end   when it ends, in the same form
   */
  public static iso8601(begin: string, end: string): LicenseValidity {
    return new LicenseValidity(undefined, undefined, begin, end);
  }

  private constructor(
    private readonly beginDate?: Date,
    private readonly endDate?: Date,
    private readonly beginText?: string,
    private readonly endText?: string,
  ) {}

  /**
   * @internal
   */
  public _render(scope: Construct): CfnLicense.ValidityDateFormatProperty {
    const begin = textOf(scope, 'begin', this.beginDate, this.beginText);
    const end = textOf(scope, 'end', this.endDate, this.endText);
    if (!Token.isUnresolved(begin) && !Token.isUnresolved(end) && !(Date.parse(begin) < Date.parse(end))) {
      refuse(scope, lit`LicenseValidityOrder`,
        `the validity begins at '${begin}' and ends at '${end}': it has to end after it begins. Correct the dates.`);
    }
    if (!Token.isUnresolved(end) && Date.parse(end) < Date.now()) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:validityInPast',
        `The validity ended at '${end}': nobody can check the license out. Renew it and set the new end.`);
    }
    return { begin, end };
  }
}

function textOf(scope: Construct, which: string, date: Date | undefined, text: string | undefined): string {
  const property = `the ${which} of the validity`;
  if (text === undefined) {
    return dateInSeconds(scope, property, date!, 'Use a valid date, or LicenseValidity.iso8601() for a token.');
  }
  checkDateFormat(scope, lit`LicenseValidityFormat`, property, text, ISO_8601);
  const day = text.slice(0, 10);
  // 30 February is taken for 2 March.
  if (!Token.isUnresolved(text) && new Date(day).toISOString().slice(0, 10) !== day) {
    refuse(scope, lit`LicenseValidityDay`, `${property} is '${text}': the month has no such day. Correct it.`);
  }
  return text;
}

/**
 * CloudFormation demands an end; the guide's perpetual licenses have none, and the API needs the begin only.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_DatetimeRange.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-licensemanager-license-validitydateformat.html
 */
const END_OF_TIME = '9999-12-31T23:59:59Z';

/** As the API and CloudFormation have it, with years of four digits, and at most 50 characters. */
const ISO_8601 = /^(?=.{0,50}$)[0-9]{4}-(1[0-2]|0[1-9])-(3[0-1]|0[1-9]|[1-2][0-9])T(2[0-3]|[0-1][0-9]):([0-5][0-9]):([0-5][0-9])(\.[0-9]+)?(Z|[+-](?:2[0-3]|[0-1][0-9]):[0-5][0-9])$/;
