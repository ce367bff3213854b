import { brand } from '../private/identity/copies';

/**
 * What the use of a license asset group is counted by.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/working-with-license-asset-groups.html
 */
export class UsageDimension {
  /**
   * Physical cores.
   */
  public static readonly CORE = new UsageDimension('Core');

  /**
   * Instances.
   */
  public static readonly INSTANCE = new UsageDimension('Instance');

  /**
   * Physical sockets.
   */
  // The console's text is 'Sockets'. The metrics of groups and the counting types of the API say 'Socket'.
  public static readonly SOCKET = new UsageDimension('Socket');

  /**
   * Virtual CPUs.
   */
  public static readonly VCPU = new UsageDimension('vCPU');

  /**
   * A dimension that License Manager knows and this library doesn't.
   *
   * @param value as the API takes it
   */
  public static of(value: string): UsageDimension {
    return new UsageDimension(value);
  }

  private constructor(private readonly _value: string) {
    brand(this, 'UsageDimension');
  }

  /**
   * The value, as the API takes it.
   */
  public get value(): string {
    return this._value;
  }
}
