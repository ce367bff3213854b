import { Annotations } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import { brand } from '../private/identity/copies';
import { checkKind, DURATION, FLAG, givenAs } from '../private/validation/given';
import { checkOneOf, checkWholeNumber, lit, refuse } from '../private/validation/validation';
import type { LiteralString } from '../private/validation/validation';

/**
 * How often a license is renewed.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/create-seller-issued-license.html
 */
export enum RenewType {
  /** It is not renewed. */
  NONE = 'None',

  /** Every week. */
  WEEKLY = 'Weekly',

  /** Every month. */
  MONTHLY = 'Monthly',
}

/**
 * What all ways of consumption have.
 */
export interface ConsumptionOptions {
  /**
   * How long what is checked out may be used before it has to be extended or checked out again: up to 2147483647 whole minutes. A time of 0
   * causes a warning.
   *
   * Throws a `ValidationError` for anything else, and for a token that is not in minutes.
   */
  readonly maxTimeToLive: Duration;

  /**
   * How often the license is renewed.
   *
   * Throws a `ValidationError` for a value that is not one of `RenewType`.
   *
   * @default RenewType.NONE
   */
  readonly renewType?: RenewType;
}

/**
 * Options of consumption without a connection.
 */
export interface BorrowConsumptionOptions extends ConsumptionOptions {
  /**
   * Whether what is borrowed may be checked in before its time is over.
   *
   * @default false - it counts as used until its time is over
   */
  readonly allowEarlyCheckIn?: boolean;
}

/**
 * Options of consumption with and without a connection.
 */
export interface ProvisionalAndBorrowConsumptionOptions {
  /**
   * How long what is checked out with a connection may be used before it has to be extended or checked out again: up to 2147483647
   * whole minutes. A time of 0 causes a warning.
   *
   * Throws a `ValidationError` for anything else, and for a token that is not in minutes.
   */
  readonly provisionalMaxTimeToLive: Duration;

  /**
   * How long what is borrowed may be used without a connection: up to 2147483647 whole minutes. A time of 0 causes a warning.
   *
   * Throws a `ValidationError` for anything else, and for a token that is not in minutes.
   */
  readonly borrowMaxTimeToLive: Duration;

  /**
   * Whether what is borrowed may be checked in before its time is over.
   *
   * @default false - it counts as used until its time is over
   */
  readonly allowEarlyCheckIn?: boolean;

  /**
   * How often the license is renewed.
   *
   * Throws a `ValidationError` for a value that is not one of `RenewType`.
   *
   * @default RenewType.NONE
   */
  readonly renewType?: RenewType;
}

/**
 * How a seller-issued license is checked out.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_ConsumptionConfiguration.html
 */
export class ConsumptionConfiguration {
  /**
   * For software that is connected all the time: it calls `CheckoutLicense`, and extends in time.
   *
   * @param options for how long, and more
   */
  public static provisional(options: ConsumptionOptions): ConsumptionConfiguration {
    return new ConsumptionConfiguration(options?.renewType, { maxTimeToLive: options?.maxTimeToLive });
  }

  /**
   * For software that is used offline: it calls `CheckoutBorrowLicense` and gets a signed token, so that the license needs a `signKey`.
   *
   * @param options for how long, and more
   */
  public static borrow(options: BorrowConsumptionOptions): ConsumptionConfiguration {
    return new ConsumptionConfiguration(options?.renewType, undefined, { maxTimeToLive: options?.maxTimeToLive }, options?.allowEarlyCheckIn);
  }

  /**
   * For software that is used both connected and offline.
   *
   * @param options for how long, and more
   */
  public static provisionalAndBorrow(options: ProvisionalAndBorrowConsumptionOptions): ConsumptionConfiguration {
    return new ConsumptionConfiguration(
      options?.renewType,
      { provisionalMaxTimeToLive: options?.provisionalMaxTimeToLive },
      { borrowMaxTimeToLive: options?.borrowMaxTimeToLive },
      options?.allowEarlyCheckIn,
    );
  }

  private constructor(
    private readonly renewType?: RenewType,
    private readonly provisional?: TimeToLive,
    private readonly borrow?: TimeToLive,
    private readonly allowEarlyCheckIn?: boolean,
  ) {
    brand(this, 'ConsumptionConfiguration');
  }

  /**
   * Whether the license can be borrowed.
   *
   * @internal
   */
  public get _allowsBorrow(): boolean {
    return this.borrow !== undefined;
  }

  /**
   * @internal
   */
  public _render(scope: Construct): CfnLicense.ConsumptionConfigurationProperty {
    checkOneOf(scope, lit`RenewTypeUnknown`, { property: 'renewType', value: this.renewType ?? undefined, allowed: Object.values(RenewType) });
    checkKind(scope, 'allowEarlyCheckIn', this.allowEarlyCheckIn, FLAG);
    return {
      renewType: this.renewType ?? RenewType.NONE,
      provisionalConfiguration: this.provisional && {
        maxTimeToLiveInMinutes: minutes(scope, lit`ProvisionalMaxTimeToLive`, this.provisional),
      },
      borrowConfiguration: this.borrow && {
        allowEarlyCheckIn: this.allowEarlyCheckIn ?? false,
        maxTimeToLiveInMinutes: minutes(scope, lit`BorrowMaxTimeToLive`, this.borrow),
      },
    };
  }
}

/** A time, by the name of its property. */
interface TimeToLive {
  readonly [property: string]: Duration;
}

function minutes(scope: Construct, errorName: LiteralString, timeToLive: TimeToLive): number {
  const [[property, duration]] = Object.entries(timeToLive);
  givenAs(scope, property, duration, DURATION);
  if (duration.isUnresolved() && duration.unitLabel() !== 'minutes') {
    refuse(scope, errorName,
      `${property} is a token in ${duration.unitLabel()}: License Manager counts it in minutes, and a token cannot be converted at synthesis. Use ` +
      'Duration.minutes().');
  }
  const value = duration.toMinutes({ integral: false });
  checkWholeNumber(scope, errorName, {
    property: `${property}, in minutes,`, value, minimum: 0, maximum: MAXIMUM_MINUTES, wayOut: 'Correct it.',
  });
  if (value === 0) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:noTimeToLive',
      `${property} is 0: what is checked out may be used for no time. Say for how long it may.`);
  }
  return value;
}

/** The API's type is an integer of 32 bits. */
const MAXIMUM_MINUTES = 2147483647;
