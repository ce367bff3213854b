import type { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import { warnOfBlank } from '../private/finding/blank';
import { brand } from '../private/identity/copies';
import { shown } from '../private/identity/reference';
import { copied } from '../private/validation/copy';
import { ANYTHING, FLAG, givenAs, givenProps, needed, NUMBER, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkOneOf, checkWholeNumber, lit } from '../private/validation/validation';

/**
 * What a counted entitlement is measured in.
 *
 * The API has one more, `None`: it stands for entitlements without a count, which `Entitlement.unlimited()` makes.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_Entitlement.html
 */
export enum EntitlementUnit {
  /** A number of things: users, seats, installations. */
  COUNT = 'Count',

  /** Percent. */
  PERCENT = 'Percent',

  /** Seconds. */
  SECONDS = 'Seconds',

  /** Milliseconds. */
  MILLISECONDS = 'Milliseconds',

  /** Microseconds. */
  MICROSECONDS = 'Microseconds',

  /** Bytes. */
  BYTES = 'Bytes',

  /** Kilobytes. */
  KILOBYTES = 'Kilobytes',

  /** Megabytes. */
  MEGABYTES = 'Megabytes',

  /** Gigabytes. */
  GIGABYTES = 'Gigabytes',

  /** Terabytes. */
  TERABYTES = 'Terabytes',

  /** Bits. */
  BITS = 'Bits',

  /** Kilobits. */
  KILOBITS = 'Kilobits',

  /** Megabits. */
  MEGABITS = 'Megabits',

  /** Gigabits. */
  GIGABITS = 'Gigabits',

  /** Terabits. */
  TERABITS = 'Terabits',

  /** Things a second. */
  COUNT_PER_SECOND = 'Count/Second',

  /** Bytes a second. */
  BYTES_PER_SECOND = 'Bytes/Second',

  /** Kilobytes a second. */
  KILOBYTES_PER_SECOND = 'Kilobytes/Second',

  /** Megabytes a second. */
  MEGABYTES_PER_SECOND = 'Megabytes/Second',

  /** Gigabytes a second. */
  GIGABYTES_PER_SECOND = 'Gigabytes/Second',

  /** Terabytes a second. */
  TERABYTES_PER_SECOND = 'Terabytes/Second',

  /** Bits a second. */
  BITS_PER_SECOND = 'Bits/Second',

  /** Kilobits a second. */
  KILOBITS_PER_SECOND = 'Kilobits/Second',

  /** Megabits a second. */
  MEGABITS_PER_SECOND = 'Megabits/Second',

  /** Gigabits a second. */
  GIGABITS_PER_SECOND = 'Gigabits/Second',

  /** Terabits a second. */
  TERABITS_PER_SECOND = 'Terabits/Second',
}

/**
 * What all entitlements have.
 */
export interface EntitlementOptions {
  /**
   * Whether what is checked out may be checked in again before its time is over.
   *
   * @default false - it counts as used until its time is over
   */
  readonly allowCheckIn?: boolean;
}

/**
 * Options of an entitlement with a maximum.
 */
export interface CountedEntitlementOptions extends EntitlementOptions {
  /**
   * How much there is of it: a whole number from 0 to 9007199254740991 (`Number.MAX_SAFE_INTEGER`).
   *
   * Throws a `ValidationError` for anything else than a whole number in that range.
   */
  readonly maxCount: number;

  /**
   * What it is measured in.
   *
   * Throws a `ValidationError` for a value that is not one of `EntitlementUnit`.
   *
   * @default EntitlementUnit.COUNT
   */
  readonly unit?: EntitlementUnit;

  /**
   * Whether more than the maximum may be checked out. License Manager tells the issuer of it.
   *
   * @default false - a check-out over the maximum is refused
   */
  readonly overage?: boolean;
}

/**
 * Options of an entitlement without a maximum.
 */
export interface UnlimitedEntitlementOptions extends EntitlementOptions {
  /**
   * What the entitlement is to, if its name does not say it.
   *
   * A blank value causes a warning.
   *
   * @default - the entitlement is its name only
   */
  readonly value?: string;
}

/**
 * What a seller-issued license entitles to.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/seller-issued-license-entitlements.html
 */
export class Entitlement {
  /**
   * An entitlement with a maximum, such as 40 gigabytes of data transfer. Who checks it out says how much of it.
   *
   * The name and the options are checked when a license takes it: a `ValidationError` is thrown for what the options say. A blank name causes a
   * warning.
   *
   * @param name    the name that software checks it out by
   * @param options how much, and more
   */
  public static counted(name: string, options: CountedEntitlementOptions): Entitlement {
    return new Entitlement(name, options?.unit ?? EntitlementUnit.COUNT, copied(options ?? {}));
  }

  /**
   * An entitlement without a maximum, such as a platinum tier. Who checks it out names it only.
   *
   * The name and the value are checked when a license takes it: each causes a warning if it is blank.
   *
   * @param name    the name that software checks it out by
   * @param options the value, and more
   */
  public static unlimited(name: string, options: UnlimitedEntitlementOptions = {}): Entitlement {
    return new Entitlement(name, NO_UNIT, undefined, copied(options));
  }

  private constructor(
    private readonly name: string,
    private readonly unit: EntitlementUnit | typeof NO_UNIT,
    private readonly counted?: CountedEntitlementOptions,
    private readonly unlimited?: UnlimitedEntitlementOptions | null,
  ) {
    brand(this, 'Entitlement');
  }

  /**
   * What software checks it out by, for messages.
   *
   * @internal
   */
  public get _name(): string {
    return this.name;
  }

  /**
   * What software checks it out by: the same for two that could not be told apart.
   *
   * @internal
   */
  public get _identity(): string {
    return `${this.name}\0${this.unit}`;
  }

  /**
   * For messages.
   *
   * @internal
   */
  public _describe(scope: Construct): string {
    return `'${shown(scope, this.name)}' with the unit '${shown(scope, this.unit)}'`;
  }

  /**
   * @internal
   */
  public _render(scope: Construct): CfnLicense.EntitlementProperty {
    givenAs(scope, 'the name of an entitlement', this.name, TEXT);
    warnOfBlank(scope, 'the name of an entitlement', this.name, 'Name it.');
    const entitlement = `entitlement '${shown(scope, this.name)}'`;
    const names = { all: `options of ${entitlement}`, of: ` of ${entitlement}` };
    const counted = this.counted === undefined ? undefined : givenProps(scope, this.counted, COUNTED, names);
    const unlimited = givenProps(scope, this.unlimited ?? undefined, UNLIMITED, names);
    if (counted) {
      checkOneOf(scope, lit`EntitlementUnitUnknown`, {
        property: `unit of ${entitlement}`, value: this.unit, allowed: Object.values(EntitlementUnit), wayOut: WAY_OUT,
      });
    }
    checkWholeNumber(scope, lit`EntitlementMaxCount`, {
      property: `maxCount of ${entitlement}`,
      value: counted?.maxCount,
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      wayOut: WAY_OUT,
    });
    warnOfBlank(scope, `value of ${entitlement}`, unlimited.value, 'Set it, or leave it out.');
    return {
      name: this.name,
      unit: this.unit,
      maxCount: counted?.maxCount,
      overage: counted && (counted.overage ?? false),
      value: unlimited.value,
      allowCheckIn: (counted ?? unlimited).allowCheckIn ?? false,
    };
  }
}

const WAY_OUT = 'Correct it, or use Entitlement.unlimited().';

const NO_UNIT = 'None';

const COUNTED: Shape<CountedEntitlementOptions> = { maxCount: needed(NUMBER), unit: ANYTHING, overage: FLAG, allowCheckIn: FLAG };

const UNLIMITED: Shape<UnlimitedEntitlementOptions> = { value: TEXT, allowCheckIn: FLAG };
