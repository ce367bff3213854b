import type { Expiration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { LicenseWatchOptions } from './license-watch-options';
import { serviceLinkedRoleOf } from './private/roles';
import { WATCH, watchedLicenses } from './private/watch';
import type { LicenseConfiguration, LicenseConfigurationProps } from '../license-configuration/license-configuration';
import { LicenseCounting } from '../license-configuration/license-counting';
import type { LicenseExpiryReminder } from '../license-configuration/license-expiry-reminder';
import { ProductInformation, RdsOracleEngineEdition } from '../license-configuration/product-information';
import type { RdsOracleLicensePack } from '../license-configuration/product-information';
import { threadsOf, wholeFigure } from '../license-terms/figures';
import { LicenseTerms } from '../license-terms/license-terms';
import { brand, isBranded } from '../private/identity/copies';
import { givenProps, listOf, mapOf, needed, NUMBER, OBJECT, ofClass } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import type { ReportGenerator } from '../report-generator/report-generator';
import type { ServiceLinkedRole } from '../settings/service-linked-role';

/**
 * Licenses for one product of Oracle on Amazon RDS: an edition, or an option or pack.
 */
export interface OracleOnRdsLicense {
  /**
   * The edition: `RdsOracleEngineEdition.EE` or `.SE2`, which are those that Amazon RDS takes with licenses of one's own.
   *
   * @default - whatever edition the packs are for; one of the two is needed, or nothing is found, with a warning
   */
  readonly engineEdition?: RdsOracleEngineEdition;

  /**
   * The options and packs. Each is licensed by itself: databases have to have all that are named here.
   *
   * @default - databases with and without them
   */
  readonly licensePacks?: RdsOracleLicensePack[];

  /**
   * The number of processor licenses that there are. License Manager counts vCPUs: `LicenseTerms` tells how many of them the licenses cover, for each edition as Oracle
   * counts it.
   *
   * Throws a `ValidationError` unless it is a whole number from 0 to 1,000,000, and for a token.
   *
   * @default - the vCPUs are counted without a limit
   */
  readonly processorLicenses?: number;

  /**
   * How many threads a core runs on the databases: 1 where their processor features turn hyperthreading off. See `LicenseTerms`.
   *
   * Throws a `ValidationError` for another number than 1 and 2.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ConfigureProcessor.html
   * @default 2
   */
  readonly threadsPerCore?: number;

  /**
   * When the licenses expire. Somebody is reminded 90, 30 and 7 days before.
   *
   * @default - they do not expire
   */
  readonly licenseExpiry?: Expiration;
}

/**
 * Properties of the tracking of Oracle on Amazon RDS.
 */
export interface OracleOnRdsTrackingProps extends LicenseWatchOptions {
  /**
   * The licenses, by construct ids: one for each product, as License Manager tracks one product of Amazon RDS by one license.
   *
   * Throws a `ValidationError` for none.
   */
  readonly licenses: { [id: string]: OracleOnRdsLicense };
}

/**
 * Tracks databases of Amazon RDS for Oracle that use licenses of your own: how many vCPUs use each edition, and each option or pack, of those that the licenses cover.
 *
 * | part | what it is for |
 * | --- | --- |
 * | `role` | the service-linked role by which License Manager discovers databases |
 * | `licenses` | for each product: a license that is counted by vCPU, and finds its databases by itself |
 * | `alarms`, `reminders`, `report` | who hears of it when licenses run out, or expire |
 *
 * License Manager finds the databases within a day, those with the license model *bring your own license*, in the Region of the stack, and of the accounts of the organization with
 * cross-account discovery. It refuses none of them: there is no hard limit for Amazon RDS, and there are no rules. Nothing has to be set up in the databases.
 *
 * **Your contract decides** how many licenses a database needs. Oracle's policy, by which `processorLicenses` is turned into vCPUs, is not part of it. A standby in another
 * Availability Zone needs licenses, too. A Standard Edition 2 that is smaller than 4 vCPUs needs a license of 4, which License Manager does not know: `LicenseTerms` tells what each database
 * needs.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { patterns, RdsOracleEngineEdition, RdsOracleLicensePack } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Oracle');
 * new patterns.OracleOnRdsTracking(stack, 'Oracle', {
 *   licenses: {
 *     EnterpriseEdition: { engineEdition: RdsOracleEngineEdition.EE, processorLicenses: 16 },
 *     DiagnosticPack: { licensePacks: [RdsOracleLicensePack.DIAGNOSTIC_PACK_SQLT], processorLicenses: 8 },
 *   },
 * });
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Oracle.Concepts.Licensing.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/automated-discovery.html
 * @see https://www.oracle.com/us/corporate/pricing/cloud-licensing-070579.pdf
 */
@propertyInjectable
export class OracleOnRdsTracking extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.OracleOnRdsTracking';

  /**
   * Whether the given object is an `OracleOnRdsTracking`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isOracleOnRdsTracking(x: any): x is OracleOnRdsTracking {
    return isBranded(x, 'OracleOnRdsTracking');
  }

  /**
   * The service-linked role of License Manager.
   */
  public readonly role: ServiceLinkedRole;

  /**
   * The self-managed licenses, by the ids that they were given.
   */
  public readonly licenses: { [id: string]: LicenseConfiguration };

  /**
   * The alarms before the licenses are used up, by the ids of those that have a number.
   */
  public readonly alarms: { [id: string]: Alarm };

  /**
   * The reminders before the licenses expire, by the ids of those that do.
   */
  public readonly reminders: { [id: string]: LicenseExpiryReminder };

  /**
   * The reports on all of the licenses, if there are some.
   */
  public readonly report?: ReportGenerator;

  /**
   * Declares the tracking.
   *
   * Throws a `ValidationError` for what the properties, `LicenseConfiguration` and `LicenseTerms` say.
   */
  constructor(scope: Construct, id: string, props: OracleOnRdsTrackingProps) {
    super(scope, id);
    brand(this, 'OracleOnRdsTracking');
    props = givenProps(this, props, PROPS);
    this.role = serviceLinkedRoleOf(this);
    const watched = watchedLicenses(this, props, props.licenses, LICENSE, (said, name) => this.licenseOf(said, name));
    this.licenses = watched.licenses;
    this.alarms = watched.alarms;
    this.reminders = watched.reminders;
    this.report = watched.report;
  }

  private licenseOf({ engineEdition, licensePacks, processorLicenses, threadsPerCore }: OracleOnRdsLicense, id: string): LicenseConfigurationProps {
    const licenses = processorLicenses === undefined ? undefined : wholeFigure(this, `processorLicenses of licenses['${id}']`, processorLicenses, 0);
    const options = { threadsPerCore: threadsOf(this, threadsPerCore) };
    return {
      description: 'Oracle on Amazon RDS, processor licenses by the vCPUs that they cover',
      licenseCounting: LicenseCounting.vcpus(),
      licenseCount: licenses === undefined ? undefined : termsOf(engineEdition).licenseCount(licenses, options),
      productInformation: [ProductInformation.rdsOracle({ engineEdition, licensePacks })],
    };
  }
}

/** By its value, as somebody may have made one of it. */
function termsOf(edition: RdsOracleEngineEdition | undefined): LicenseTerms {
  const standard = [
    [RdsOracleEngineEdition.SE2, LicenseTerms.ORACLE_STANDARD_EDITION_2],
    [RdsOracleEngineEdition.SE1, LicenseTerms.ORACLE_STANDARD_EDITION_ONE],
    [RdsOracleEngineEdition.SE, LicenseTerms.ORACLE_STANDARD_EDITION],
  ] as const;
  return standard.find(([{ value }]) => value === edition?.value)?.[1] ?? LicenseTerms.ORACLE_PROCESSOR;
}

const PROPS: Shape<OracleOnRdsTrackingProps> = { ...WATCH, licenses: needed(mapOf(OBJECT)) };

const LICENSE: Shape<OracleOnRdsLicense> = {
  engineEdition: ofClass('RdsOracleEngineEdition'),
  licensePacks: listOf(ofClass('RdsOracleLicensePack')),
  processorLicenses: NUMBER,
  threadsPerCore: NUMBER,
  licenseExpiry: ofClass('Expiration', 'toEpoch'),
};
