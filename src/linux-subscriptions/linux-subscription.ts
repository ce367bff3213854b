import { brand } from '../private/identity/copies';

/**
 * A commercial Linux subscription, by the name that License Manager gives it.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/linux-subscriptions-usage.html
 */
export class LinuxSubscription {
  /** Red Hat Enterprise Linux Server, included in the price of the instance. */
  public static readonly RHEL = new LinuxSubscription('Red Hat Enterprise Linux Server');

  /** Red Hat Enterprise Linux Server with a subscription of one's own. */
  public static readonly RHEL_BYOS = new LinuxSubscription('Red Hat Enterprise Linux Server BYOS');

  /** Red Hat Enterprise Linux with the High Availability Add-on. */
  public static readonly RHEL_HA = new LinuxSubscription('Red Hat Enterprise Linux with High Availability Add-on');

  /** Red Hat Enterprise Linux with SQL Server Standard. */
  public static readonly RHEL_SQL_SERVER_STANDARD = new LinuxSubscription('Red Hat Enterprise Linux with SQL Server Standard');

  /** Red Hat Enterprise Linux with SQL Server Standard and High Availability. */
  public static readonly RHEL_SQL_SERVER_STANDARD_HA = new LinuxSubscription('Red Hat Enterprise Linux with SQL Server Standard and High Availability');

  /** Red Hat Enterprise Linux with SQL Server Enterprise. */
  public static readonly RHEL_SQL_SERVER_ENTERPRISE = new LinuxSubscription('Red Hat Enterprise Linux with SQL Server Enterprise');

  /** Red Hat Enterprise Linux with SQL Server Enterprise and High Availability. */
  public static readonly RHEL_SQL_SERVER_ENTERPRISE_HA = new LinuxSubscription('Red Hat Enterprise Linux with SQL Server Enterprise and High Availability');

  /** Red Hat Enterprise Linux with SQL Server Web. */
  public static readonly RHEL_SQL_SERVER_WEB = new LinuxSubscription('Red Hat Enterprise Linux with SQL Server Web');

  /** Red Hat Enterprise Linux for SAP with High Availability and Update Services. */
  public static readonly RHEL_SAP = new LinuxSubscription('Red Hat Enterprise Linux for SAP with High Availability and Update Services');

  /** Red Hat Enterprise Linux Workstation. */
  public static readonly RHEL_WORKSTATION = new LinuxSubscription('Red Hat Enterprise Linux Workstation');

  /** SUSE Linux Enterprise Server. */
  public static readonly SLES = new LinuxSubscription('SUSE Linux Enterprise Server');

  /** SUSE Linux Enterprise Server with SAP. */
  public static readonly SLES_SAP = new LinuxSubscription('SUSE Linux Enterprise Server with SAP');

  /** Ubuntu Pro. */
  public static readonly UBUNTU_PRO = new LinuxSubscription('Ubuntu Pro');

  /**
   * One that has no constant here. Who is given it throws a `ValidationError` for another number of characters than 1 to 255, as CloudWatch has it of a
   * dimension.
   *
   * @param name the name, as License Manager shows it
   */
  public static of(name: string): LinuxSubscription {
    return new LinuxSubscription(name);
  }

  private constructor(private readonly _value: string) {
    brand(this, 'LinuxSubscription');
  }

  /**
   * The name of the subscription.
   */
  public get value(): string {
    return this._value;
  }
}
