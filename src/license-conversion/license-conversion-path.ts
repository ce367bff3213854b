import { LicenseType } from './license-type';
import { brand, isBranded } from '../private/identity/copies';

/** What License Manager makes of an instance of a path, and what it asks for. */
interface Rules {
  readonly prerequisites?: readonly string[];
  readonly effects?: readonly string[];
  /** Of the instance; below it License Manager refuses. */
  readonly minimumVcpus?: number;
  /** Those, as EC2 names them, on which License Manager does not let an instance have the license type. */
  readonly refusedTenancies?: readonly string[];
  /** Whether an instance that was launched from an image of Amazon's is refused. */
  readonly refusesAmazonImages?: boolean;
}

const OWN_MEDIA = 'Windows Server was installed from your own media: the instance was launched from an image that you have imported.';
const SQL_SERVER_INSTALLED = 'SQL Server of the edition is installed.';
const OWN_SQL_SERVER_MEDIA = 'SQL Server was installed from your own media.';
const RESERVED = 'Ubuntu Pro is not sold as Reserved Instance: those that covered the instance no longer do.';
const SUBSCRIBED = 'The account is subscribed to the product in AWS Marketplace: License Manager does not subscribe it.';
const NO_REFUND = 'An annual contract with Red Hat in AWS Marketplace is not refunded for unused months.';
const PURCHASED = 'The account that converts has itself subscribed to Red Hat Subscriptions in AWS Marketplace, and bought them from Red Hat: those of another '
  + 'account of the organization do not count.';
const AWS_KMS = 'License Manager points Windows to the KMS server of AWS. It may fail in this after the billing has changed: see that Windows is activated.';

const TO_BYOL: Rules = {
  prerequisites: [OWN_MEDIA, 'Dedicated Hosts or Dedicated Instances: Windows Server BYOL is not permitted on shared tenancy.'],
  effects: ['License Manager does not activate Windows: point it to a KMS server of your own.'],
  refusedTenancies: ['default'],
  refusesAmazonImages: true,
};

/** SQL Server that is included is bound to a size, and to what is no Dedicated Host. */
const SQL_SERVER_INCLUDED: Rules = { minimumVcpus: 4, refusedTenancies: ['host'] };

const FROM_BYOL_TO_SQL_SERVER: Rules = { ...SQL_SERVER_INCLUDED, prerequisites: [OWN_MEDIA, SQL_SERVER_INSTALLED], effects: [AWS_KMS] };
const TO_SQL_SERVER: Rules = { ...SQL_SERVER_INCLUDED, prerequisites: [SQL_SERVER_INSTALLED] };
const FROM_SQL_SERVER: Rules = {
  prerequisites: [
    `${OWN_SQL_SERVER_MEDIA} That of an image of AWS cannot be converted: launch another instance.`,
    'SQL Server is uninstalled, unless you bring a license of your own for it.',
  ],
};
const FROM_SQL_SERVER_TO_BYOL: Rules = {
  ...TO_BYOL,
  prerequisites: [
    ...TO_BYOL.prerequisites!, OWN_SQL_SERVER_MEDIA,
    'SQL Server stays, with a license of your own. To get rid of it, convert to Windows Server included first, and from there to BYOL.',
  ],
};
const TO_UBUNTU_PRO: Rules = {
  prerequisites: [
    'Ubuntu LTS with the Ubuntu Pro Client (pro --version).',
    'Outbound TCP 443 to contracts.canonical.com, esm.ubuntu.com, api.snapcraft.io, dashboard.snapcraft.io, login.ubuntu.com, '
    + 'cloudfront.cdn.snapcraftcontent.com and livepatch.canonical.com.',
  ],
  effects: [RESERVED],
};
const FOR_EVER = 'There is no way back but by a request to AWS Support.';

/**
 * A way from one license type to another that License Manager has. There are no others: a pair that it does not convert cannot be written.
 *
 * A way that License Manager does not lead back on is made by a method whose name ends in `Forever`.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-types.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-prerequisites.html
 */
export class LicenseConversionPath {
  /** From Windows Server with a license of your own to one that is included. */
  public static readonly WINDOWS_BYOL_TO_INCLUDED = new LicenseConversionPath(
    LicenseType.WINDOWS_BYOL, LicenseType.WINDOWS_INCLUDED, { prerequisites: [OWN_MEDIA], effects: [AWS_KMS] });

  /** From Windows Server that is included to one with a license of your own. Not for instances that were launched from an image of Amazon's. */
  public static readonly WINDOWS_INCLUDED_TO_BYOL = new LicenseConversionPath(LicenseType.WINDOWS_INCLUDED, LicenseType.WINDOWS_BYOL, TO_BYOL);

  /** From licenses of your own to Windows Server and SQL Server Web that are included. */
  public static readonly WINDOWS_BYOL_TO_SQL_SERVER_WEB = new LicenseConversionPath(
    LicenseType.WINDOWS_BYOL, LicenseType.WINDOWS_WITH_SQL_SERVER_WEB, FROM_BYOL_TO_SQL_SERVER);

  /** From licenses of your own to Windows Server and SQL Server Standard that are included. */
  public static readonly WINDOWS_BYOL_TO_SQL_SERVER_STANDARD = new LicenseConversionPath(
    LicenseType.WINDOWS_BYOL, LicenseType.WINDOWS_WITH_SQL_SERVER_STANDARD, FROM_BYOL_TO_SQL_SERVER);

  /** From licenses of your own to Windows Server and SQL Server Enterprise that are included. */
  public static readonly WINDOWS_BYOL_TO_SQL_SERVER_ENTERPRISE = new LicenseConversionPath(
    LicenseType.WINDOWS_BYOL, LicenseType.WINDOWS_WITH_SQL_SERVER_ENTERPRISE, FROM_BYOL_TO_SQL_SERVER);

  /** From Windows Server that is included to SQL Server Web that is included, too. */
  public static readonly WINDOWS_INCLUDED_TO_SQL_SERVER_WEB = new LicenseConversionPath(
    LicenseType.WINDOWS_INCLUDED, LicenseType.WINDOWS_WITH_SQL_SERVER_WEB, TO_SQL_SERVER);

  /** From Windows Server that is included to SQL Server Standard that is included, too. */
  public static readonly WINDOWS_INCLUDED_TO_SQL_SERVER_STANDARD = new LicenseConversionPath(
    LicenseType.WINDOWS_INCLUDED, LicenseType.WINDOWS_WITH_SQL_SERVER_STANDARD, TO_SQL_SERVER);

  /** From Windows Server that is included to SQL Server Enterprise that is included, too. */
  public static readonly WINDOWS_INCLUDED_TO_SQL_SERVER_ENTERPRISE = new LicenseConversionPath(
    LicenseType.WINDOWS_INCLUDED, LicenseType.WINDOWS_WITH_SQL_SERVER_ENTERPRISE, TO_SQL_SERVER);

  /** From SQL Server Web that is included to Windows Server that is included, without SQL Server or with one of your own. */
  public static readonly SQL_SERVER_WEB_TO_WINDOWS_INCLUDED = new LicenseConversionPath(
    LicenseType.WINDOWS_WITH_SQL_SERVER_WEB, LicenseType.WINDOWS_INCLUDED, FROM_SQL_SERVER);

  /** From SQL Server Standard that is included to Windows Server that is included, without SQL Server or with one of your own. */
  public static readonly SQL_SERVER_STANDARD_TO_WINDOWS_INCLUDED = new LicenseConversionPath(
    LicenseType.WINDOWS_WITH_SQL_SERVER_STANDARD, LicenseType.WINDOWS_INCLUDED, FROM_SQL_SERVER);

  /** From SQL Server Enterprise that is included to Windows Server that is included, without SQL Server or with one of your own. */
  public static readonly SQL_SERVER_ENTERPRISE_TO_WINDOWS_INCLUDED = new LicenseConversionPath(
    LicenseType.WINDOWS_WITH_SQL_SERVER_ENTERPRISE, LicenseType.WINDOWS_INCLUDED, FROM_SQL_SERVER);

  /** From Windows Server and SQL Server Web that are included to licenses of your own for both. */
  public static readonly SQL_SERVER_WEB_TO_WINDOWS_BYOL = new LicenseConversionPath(
    LicenseType.WINDOWS_WITH_SQL_SERVER_WEB, LicenseType.WINDOWS_BYOL, FROM_SQL_SERVER_TO_BYOL);

  /** From Windows Server and SQL Server Standard that are included to licenses of your own for both. */
  public static readonly SQL_SERVER_STANDARD_TO_WINDOWS_BYOL = new LicenseConversionPath(
    LicenseType.WINDOWS_WITH_SQL_SERVER_STANDARD, LicenseType.WINDOWS_BYOL, FROM_SQL_SERVER_TO_BYOL);

  /** From Windows Server and SQL Server Enterprise that are included to licenses of your own for both. */
  public static readonly SQL_SERVER_ENTERPRISE_TO_WINDOWS_BYOL = new LicenseConversionPath(
    LicenseType.WINDOWS_WITH_SQL_SERVER_ENTERPRISE, LicenseType.WINDOWS_BYOL, FROM_SQL_SERVER_TO_BYOL);

  /** From RHEL that is included to RHEL sold by Red Hat in AWS Marketplace (North America and global). */
  public static readonly RHEL_INCLUDED_TO_MARKETPLACE = new LicenseConversionPath(
    LicenseType.RHEL_INCLUDED, LicenseType.RHEL_MARKETPLACE, { prerequisites: [SUBSCRIBED] });

  /** From RHEL that is included to RHEL sold by Red Hat in AWS Marketplace (Europe, Middle East and Africa). */
  public static readonly RHEL_INCLUDED_TO_MARKETPLACE_EMEA = new LicenseConversionPath(
    LicenseType.RHEL_INCLUDED, LicenseType.RHEL_MARKETPLACE_EMEA, { prerequisites: [SUBSCRIBED] });

  /** Back from RHEL sold by Red Hat in AWS Marketplace (North America and global) to RHEL that is included. */
  public static readonly RHEL_MARKETPLACE_TO_INCLUDED = new LicenseConversionPath(
    LicenseType.RHEL_MARKETPLACE, LicenseType.RHEL_INCLUDED, { effects: [NO_REFUND] });

  /** Back from RHEL sold by Red Hat in AWS Marketplace (Europe, Middle East and Africa) to RHEL that is included. */
  public static readonly RHEL_MARKETPLACE_EMEA_TO_INCLUDED = new LicenseConversionPath(
    LicenseType.RHEL_MARKETPLACE_EMEA, LicenseType.RHEL_INCLUDED, { effects: [NO_REFUND] });

  /** From RHEL sold by Red Hat in AWS Marketplace (North America and global) to RHEL that is included, for instances that were launched from its AMI. */
  public static readonly RHEL_MARKETPLACE_AMI_TO_INCLUDED = new LicenseConversionPath(
    LicenseType.RHEL_MARKETPLACE_AMI, LicenseType.RHEL_INCLUDED, { effects: [NO_REFUND] });

  /** From RHEL sold by Red Hat in AWS Marketplace (Europe, Middle East and Africa) to RHEL that is included, for instances that were launched from its AMI. */
  public static readonly RHEL_MARKETPLACE_AMI_EMEA_TO_INCLUDED = new LicenseConversionPath(
    LicenseType.RHEL_MARKETPLACE_AMI_EMEA, LicenseType.RHEL_INCLUDED, { effects: [NO_REFUND] });

  /** From RHEL that is included to Red Hat Subscriptions, the SaaS of AWS Marketplace. */
  public static readonly RHEL_INCLUDED_TO_RED_HAT_SUBSCRIPTIONS = new LicenseConversionPath(
    LicenseType.RHEL_INCLUDED, LicenseType.RED_HAT_SUBSCRIPTIONS, { prerequisites: [PURCHASED] });

  /** Back from Red Hat Subscriptions, the SaaS of AWS Marketplace, to RHEL that is included. */
  public static readonly RED_HAT_SUBSCRIPTIONS_TO_RHEL_INCLUDED = new LicenseConversionPath(
    LicenseType.RED_HAT_SUBSCRIPTIONS, LicenseType.RHEL_INCLUDED, { effects: [NO_REFUND] });

  /**
   * From Ubuntu LTS to Ubuntu Pro, for ever: License Manager does not convert an instance of Ubuntu Pro, AWS Support does upon request.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-types-linux.html
   */
  public static ubuntuLtsToProForever(): LicenseConversionPath {
    return new LicenseConversionPath(LicenseType.UBUNTU_LTS, LicenseType.UBUNTU_PRO, TO_UBUNTU_PRO);
  }

  /**
   * From RHEL for SAP sold by AWS to RHEL for SAP sold by Red Hat in AWS Marketplace (North America and global), for ever: License Manager leads back those
   * accounts only that AWS Support has admitted to it.
   *
   * @param productCodeId the product code of the instances, as `aws ec2 describe-instances` shows it: 1 to 25 letters and digits. There are many, by the
   *   subscription.
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-types-linux.html
   */
  public static rhelForSapToMarketplaceForever(productCodeId: string): LicenseConversionPath {
    return new LicenseConversionPath(
      LicenseType._rhelForSapSoldByAws(productCodeId), LicenseType.RHEL_FOR_SAP_MARKETPLACE, { prerequisites: [SUBSCRIBED] });
  }

  /**
   * From RHEL for SAP sold by AWS to RHEL for SAP sold by Red Hat in AWS Marketplace (Europe, Middle East and Africa), for ever: License Manager leads back
   * those accounts only that AWS Support has admitted to it.
   *
   * @param productCodeId the product code of the instances, as `aws ec2 describe-instances` shows it: 1 to 25 letters and digits. There are many, by the
   *   subscription.
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-types-linux.html
   */
  public static rhelForSapToMarketplaceEmeaForever(productCodeId: string): LicenseConversionPath {
    return new LicenseConversionPath(
      LicenseType._rhelForSapSoldByAws(productCodeId), LicenseType.RHEL_FOR_SAP_MARKETPLACE_EMEA, { prerequisites: [SUBSCRIBED] });
  }

  /**
   * From RHEL for SAP sold by AWS to Red Hat Subscriptions, the SaaS of AWS Marketplace, for ever: License Manager leads back those accounts only that AWS
   * Support has admitted to it.
   *
   * @param productCodeId the product code of the instances, as `aws ec2 describe-instances` shows it: 1 to 25 letters and digits. There are many, by the
   *   subscription.
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-types-linux.html
   */
  public static rhelForSapToRedHatSubscriptionsForever(productCodeId: string): LicenseConversionPath {
    return new LicenseConversionPath(
      LicenseType._rhelForSapSoldByAws(productCodeId), LicenseType.RED_HAT_SUBSCRIPTIONS, { prerequisites: [PURCHASED] });
  }

  private constructor(
    private readonly _source: LicenseType,
    private readonly _destination: LicenseType,
    /**
     * What License Manager looks at.
     *
     * @internal
     */
    public readonly _rules: Rules,
  ) {
    brand(this, 'LicenseConversionPath');
  }

  /**
   * The license type that instances have before.
   */
  public get source(): LicenseType {
    return this._source;
  }

  /**
   * The license type that they have afterwards.
   */
  public get destination(): LicenseType {
    return this._destination;
  }

  /**
   * The path that leads back, if License Manager has one.
   */
  public get wayBack(): LicenseConversionPath | undefined {
    const paths = Object.values(LicenseConversionPath).filter((it): it is LicenseConversionPath => isBranded(it, 'LicenseConversionPath'));
    return paths.find(({ source, destination }) => source === this.destination && isSameProduct(destination, this.source));
  }

  /**
   * What has to be so before an instance is converted, besides what every conversion asks for: the instance is stopped, has no stop protection, and has an
   * inventory in AWS Systems Manager.
   */
  public get prerequisites(): string[] {
    return [...this._rules.prerequisites ?? []];
  }

  /**
   * What else a conversion changes, or leaves to you.
   */
  public get effects(): string[] {
    return [...this._rules.effects ?? [], ...this.wayBack ? [] : [FOR_EVER]];
  }
}

/** Whether both are the same for who pays: an instance that was launched from an AMI of a product has another usage operation than one that was converted to it. */
function isSameProduct(one: LicenseType, other: LicenseType): boolean {
  const codes = (it: LicenseType) => it.productCodeIds.join();
  return codes(one) === codes(other) && (codes(one) !== '' || one.usageOperation === other.usageOperation);
}
