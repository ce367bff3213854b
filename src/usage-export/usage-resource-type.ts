import { brand } from '../private/identity/copies';

/**
 * A type of resource, as records of usage have it.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_LicenseConfigurationUsage.html
 */
export class UsageResourceType {
  /** EC2 instances. */
  public static readonly EC2_INSTANCE = new UsageResourceType('EC2_INSTANCE');

  /** Dedicated Hosts. */
  public static readonly EC2_HOST = new UsageResourceType('EC2_HOST');

  /** AMIs, which use nothing themselves. */
  public static readonly EC2_AMI = new UsageResourceType('EC2_AMI');

  /** Databases of Amazon RDS. */
  public static readonly RDS = new UsageResourceType('RDS');

  /** Managed nodes of AWS Systems Manager, also those outside of AWS. */
  public static readonly SYSTEMS_MANAGER_MANAGED_INSTANCE = new UsageResourceType('SYSTEMS_MANAGER_MANAGED_INSTANCE');

  /**
   * A type that License Manager knows and this library doesn't.
   *
   * @param value as the API takes it
   */
  public static of(value: string): UsageResourceType {
    return new UsageResourceType(value);
  }

  private constructor(private readonly _value: string) {
    brand(this, 'UsageResourceType');
  }

  /**
   * The value, as the API takes it.
   */
  public get value(): string {
    return this._value;
  }
}
