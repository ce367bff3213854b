import { brand } from '../private/identity/copies';

/**
 * A license type of an EC2 instance, as License Manager tells them apart: by the usage operation, and by the product codes of AWS Marketplace that the
 * instance has.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-types.html
 */
export class LicenseType {
  /** Windows Server with a license of your own, without SQL Server or with one of your own. */
  public static readonly WINDOWS_BYOL = new LicenseType('Windows Server BYOL', 'RunInstances:0800');

  /** Windows Server, included in the price of the instance, without SQL Server or with one of your own. */
  public static readonly WINDOWS_INCLUDED = new LicenseType('Windows Server included', 'RunInstances:0002');

  /** Windows Server and SQL Server Web, both included in the price of the instance. */
  public static readonly WINDOWS_WITH_SQL_SERVER_WEB = new LicenseType('Windows Server and SQL Server Web included', 'RunInstances:0202');

  /** Windows Server and SQL Server Standard, both included in the price of the instance. */
  public static readonly WINDOWS_WITH_SQL_SERVER_STANDARD = new LicenseType('Windows Server and SQL Server Standard included', 'RunInstances:0006');

  /** Windows Server and SQL Server Enterprise, both included in the price of the instance. */
  public static readonly WINDOWS_WITH_SQL_SERVER_ENTERPRISE = new LicenseType('Windows Server and SQL Server Enterprise included', 'RunInstances:0102');

  /** Ubuntu with long-term support. Other Linux without a subscription has the same usage operation. */
  public static readonly UBUNTU_LTS = new LicenseType('Ubuntu LTS', 'RunInstances');

  /** Ubuntu Pro. */
  public static readonly UBUNTU_PRO = new LicenseType('Ubuntu Pro', 'RunInstances:0g00');

  /** Red Hat Enterprise Linux, included in the price of the instance. */
  public static readonly RHEL_INCLUDED = new LicenseType('RHEL included', 'RunInstances:0010');

  /** Red Hat Enterprise Linux, sold by Red Hat in AWS Marketplace (North America and global), after a conversion. */
  public static readonly RHEL_MARKETPLACE = new LicenseType('RHEL sold by Red Hat', 'RunInstances:00g0', ['6cd5fxzrad0cu2j23p692xytz']);

  /** Red Hat Enterprise Linux, sold by Red Hat in AWS Marketplace (Europe, Middle East and Africa), after a conversion. */
  public static readonly RHEL_MARKETPLACE_EMEA = new LicenseType('RHEL sold by Red Hat (EMEA)', 'RunInstances:00g0', ['6t1yup6mik9ng3ge36n33xqhw']);

  /** Red Hat Enterprise Linux, sold by Red Hat in AWS Marketplace (North America and global), of an instance that was launched from its AMI. */
  public static readonly RHEL_MARKETPLACE_AMI = new LicenseType('RHEL sold by Red Hat, from its AMI', 'RunInstances', ['6cd5fxzrad0cu2j23p692xytz']);

  /** Red Hat Enterprise Linux, sold by Red Hat in AWS Marketplace (Europe, Middle East and Africa), of an instance that was launched from its AMI. */
  public static readonly RHEL_MARKETPLACE_AMI_EMEA = new LicenseType('RHEL sold by Red Hat, from its AMI (EMEA)', 'RunInstances', ['6t1yup6mik9ng3ge36n33xqhw']);

  /** Red Hat Enterprise Linux with Red Hat Subscriptions, the SaaS of AWS Marketplace, which puts no product code on instances. */
  public static readonly RED_HAT_SUBSCRIPTIONS = new LicenseType('Red Hat Subscriptions', 'RunInstances:00g0');

  /** Red Hat Enterprise Linux for SAP with High Availability and Update Services, sold by Red Hat in AWS Marketplace (North America and global). */
  public static readonly RHEL_FOR_SAP_MARKETPLACE = new LicenseType('RHEL for SAP sold by Red Hat', 'RunInstances:00g0', ['du6111oq9lwrc996awt04qyql']);

  /** Red Hat Enterprise Linux for SAP with High Availability and Update Services, sold by Red Hat in AWS Marketplace (Europe, Middle East and Africa). */
  public static readonly RHEL_FOR_SAP_MARKETPLACE_EMEA = new LicenseType(
    'RHEL for SAP sold by Red Hat (EMEA)', 'RunInstances:00g0', ['952qwcsxkm430zxhpy32i7w8g']);

  /**
   * Red Hat Enterprise Linux for SAP with High Availability and Update Services, sold by AWS in AWS Marketplace, with one of many product codes: from it there
   * are paths, to it there is none.
   *
   * @internal
   */
  public static _rhelForSapSoldByAws(productCodeId: string): LicenseType {
    return new LicenseType('RHEL for SAP sold by AWS', 'RunInstances:0010', [productCodeId]);
  }

  private constructor(
    private readonly _displayName: string,
    private readonly _usageOperation: string,
    private readonly _productCodeIds: string[] = [],
  ) {
    brand(this, 'LicenseType');
  }

  /**
   * What it is, for people.
   */
  public get displayName(): string {
    return this._displayName;
  }

  /**
   * What EC2 bills the instance by.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html
   */
  public get usageOperation(): string {
    return this._usageOperation;
  }

  /**
   * The product codes of AWS Marketplace that the instance has. None of a license type that is not sold there by instance.
   */
  public get productCodeIds(): string[] {
    return [...this._productCodeIds];
  }
}
