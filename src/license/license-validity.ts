import { Annotations } from 'aws-cdk-lib';
import type { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import { brand } from '../private/identity/copies';
import { copied } from '../private/validation/copy';
import { checkDateFormat, dateInSeconds } from '../private/validation/dates';
import { givenAs, TEXT } from '../private/validation/given';
import { isKnown, lit, refuse } from '../private/validation/validation';

/**
 * From when until when a seller-issued license is valid.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_DatetimeRange.html
 */
export class LicenseValidity {
  /**
   * From one point in time until another, to the second.
   *
   * The dates are checked when a license takes them: a `ValidationError` is thrown for one that is not a date or has no year of four digits. A
   * license that would end before it begins causes a warning, and so does a date with fractions of a second, which is one of a clock: it would be
   * another one, and the license have a new version, with every synthesis.
   *
   * @param begin when it begins; it may have begun already
   * @param end   when it ends; an end that has passed causes a warning
   */
  public static between(begin: Date, end: Date): LicenseValidity {
    return new LicenseValidity(copied(begin), copied(end));
  }

  /**
   * From a point in time on, to the second, without an end.
   *
   * CloudFormation cannot leave the end away, as License Manager's API can. The license ends with the year 9999.
   *
   * The date is checked when a license takes it: a `ValidationError` is thrown for one that is not a date or has no year of four digits. One with
   * fractions of a second, which is one of a clock, causes a warning: it would be another one, and the license have a new version, with every
   * synthesis.
   *
   * @param begin when it begins; it may have begun already
   */
  public static perpetual(begin: Date): LicenseValidity {
    return new LicenseValidity(copied(begin), undefined, undefined, END_OF_TIME);
  }

  /**
   * From one point in time until another, as text or tokens.
   *
   * The texts are checked when a license takes them, unless they are tokens: a `ValidationError` is thrown for one of another form, and for a day
   * that the month does not have. A license that would end before it begins causes a warning.
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
  ) {
    brand(this, 'LicenseValidity');
  }

  /**
   * @internal
   */
  public _render(scope: Construct): CfnLicense.ValidityDateFormatProperty {
    const begin = textOf(scope, 'begin', this.beginDate, this.beginText);
    const end = textOf(scope, 'end', this.endDate, this.endText);
    if (isKnown(begin) && isKnown(end) && !(Date.parse(begin) < Date.parse(end))) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:validityEndsBeforeItBegins',
        `The validity begins at '${begin}' and ends at '${end}': nobody could check the license out. Correct the dates.`);
    }
    if (isKnown(end) && Date.parse(end) < Date.now()) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:validityInPast',
        `The validity ended at '${end}': nobody can check the license out. Renew it and set the new end.`);
    }
    return { begin, end };
  }
}

function textOf(scope: Construct, which: string, date: Date | undefined, text: string | undefined): string {
  const property = `${which} of the validity`;
  if (date !== undefined && date !== null) {
    return dateInSeconds(scope, property, date, 'Use a valid date, or LicenseValidity.iso8601() for a token.');
  }
  const found = givenAs(scope, property, text, TEXT)!;
  checkDateFormat(scope, lit`LicenseValidityFormat`, property, found, ISO_8601);
  const day = found.slice(0, 10);
  // 30 February is taken for 2 March.
  if (isKnown(found) && new Date(day).toISOString().slice(0, 10) !== day) {
    refuse(scope, lit`LicenseValidityDay`, `${property} is '${found}': the month has no such day. Correct it.`);
  }
  return found;
}

/**
 * CloudFormation demands an end; the guide's perpetual licenses have none, and the API needs the begin only.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_DatetimeRange.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-licensemanager-license-validitydateformat.html
 */
const END_OF_TIME = '9999-12-31T23:59:59Z';

/**
 * The pattern of the API and of CloudFormation's schema, as far as it is a date and a time of RFC 3339, which the schema demands besides (`date-time`):
 * years of four digits, one offset. At most 50 characters.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
const ISO_8601 = /^(?=.{0,50}$)[0-9]{4}-(1[0-2]|0[1-9])-(3[0-1]|0[1-9]|[1-2][0-9])T(2[0-3]|[0-1][0-9]):([0-5][0-9]):([0-5][0-9])(\.[0-9]+)?(Z|[+-](?:2[0-3]|[0-1][0-9]):[0-5][0-9])$/;
