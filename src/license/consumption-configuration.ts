import type { Duration } from 'aws-cdk-lib';
import type { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import { checkOneOf, checkWholeNumber, lit } from '../private/validation/validation';
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
   * How long what is checked out may be used before it has to be extended or checked out again: 1 to 2147483647 whole minutes.
   *
   * Throws a `ValidationError` for anything else.
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
   * How long what is checked out with a connection may be used before it has to be extended or checked out again: 1 to 2147483647
   * whole minutes.
   *
   * Throws a `ValidationError` for anything else.
   */
  readonly provisionalMaxTimeToLive: Duration;

  /**
   * How long what is borrowed may be used without a connection: 1 to 2147483647 whole minutes.
   *
   * Throws a `ValidationError` for anything else.
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
    return new ConsumptionConfiguration(options.renewType, options.maxTimeToLive);
  }

  /**
   * For software that is used offline: it calls `CheckoutBorrowLicense` and gets a signed token, so that the license needs a `signKey`.
   *
   * @param options for how long, and more
   */
  public static borrow(options: BorrowConsumptionOptions): ConsumptionConfiguration {
    return new ConsumptionConfiguration(options.renewType, undefined, options.maxTimeToLive, options.allowEarlyCheckIn);
  }

  /**
   * For software that is used both connected and offline.
   *
   * @param options for how long, and more
   */
  public static provisionalAndBorrow(options: ProvisionalAndBorrowConsumptionOptions): ConsumptionConfiguration {
    return new ConsumptionConfiguration(
      options.renewType, options.provisionalMaxTimeToLive, options.borrowMaxTimeToLive, options.allowEarlyCheckIn);
  }

  private constructor(
    private readonly renewType?: RenewType,
    private readonly provisional?: Duration,
    private readonly borrow?: Duration,
    private readonly allowEarlyCheckIn?: boolean,
  ) {}

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
    checkOneOf(scope, lit`RenewTypeUnknown`, { property: 'renewType', value: this.renewType, allowed: Object.values(RenewType) });
    const both = this.provisional !== undefined && this.borrow !== undefined;
    return {
      renewType: this.renewType ?? RenewType.NONE,
      provisionalConfiguration: this.provisional && {
        maxTimeToLiveInMinutes: minutes(
          scope, lit`ProvisionalMaxTimeToLive`, both ? 'provisionalMaxTimeToLive' : 'maxTimeToLive', this.provisional),
      },
      borrowConfiguration: this.borrow && {
        allowEarlyCheckIn: this.allowEarlyCheckIn ?? false,
        maxTimeToLiveInMinutes: minutes(scope, lit`BorrowMaxTimeToLive`, both ? 'borrowMaxTimeToLive' : 'maxTimeToLive', this.borrow),
      },
    };
  }
}

function minutes(scope: Construct, errorName: LiteralString, property: string, duration: Duration): number {
  const value = duration.toMinutes({ integral: false });
  checkWholeNumber(scope, errorName, {
    property: `${property}, in minutes,`, value, minimum: 1, maximum: MAXIMUM_MINUTES, wayOut: 'Correct it.',
  });
  return value;
}

/** The API's type is an integer of 32 bits. */
const MAXIMUM_MINUTES = 2147483647;
