import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { Expiration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnAssociation } from 'aws-cdk-lib/aws-ssm';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { LicenseWatchOptions } from './license-watch-options';
import { OrganizationMember } from './organization-member';
import { serviceLinkedRoleOf } from './private/roles';
import { WATCH, watchedLicenses } from './private/watch';
import type { LicenseConfiguration } from '../license-configuration/license-configuration';
import { LicenseCounting } from '../license-configuration/license-counting';
import type { LicenseExpiryReminder } from '../license-configuration/license-expiry-reminder';
import { type ExcludedTag, IncludedLicense, ProductInformation } from '../license-configuration/product-information';
import { wholeFigure } from '../license-terms/figures';
import { LicenseTerms } from '../license-terms/license-terms';
import { brand, isBranded } from '../private/identity/copies';
import { entriesByKey } from '../private/identity/entries';
import { FLAG, givenProps, listOf, mapOf, needed, NUMBER, OBJECT, objectWith, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { lit, valueOf } from '../private/validation/validation';
import type { ReportGenerator } from '../report-generator/report-generator';
import type { ServiceLinkedRole } from '../settings/service-linked-role';

/**
 * An edition of Microsoft SQL Server that is used with licenses of one's own.
 */
export class SqlServerEdition {
  /**
   * Enterprise.
   */
  public static readonly ENTERPRISE = new SqlServerEdition('Enterprise');

  /**
   * Standard.
   */
  public static readonly STANDARD = new SqlServerEdition('Standard');

  /**
   * Another edition.
   *
   * @param value its name, which is the value of the tag `editionTagKey`
   */
  public static of(value: string): SqlServerEdition {
    return new SqlServerEdition(value);
  }

  private constructor(private readonly _value: string) {
    brand(this, 'SqlServerEdition');
  }

  /**
   * Its name, which is the value of the tag `editionTagKey`.
   */
  public get value(): string {
    return this._value;
  }
}

/**
 * Core licenses for an edition of Microsoft SQL Server.
 */
export interface SqlServerLicense {
  /**
   * The edition.
   */
  readonly edition: SqlServerEdition;

  /**
   * The number of core licenses that there are, of which each covers a vCPU: `CorePack.TWO.licenses()` tells it from what was bought.
   *
   * Throws a `ValidationError` unless it is a whole number from 0 to 1,000,000, or a token.
   *
   * @default - the vCPUs are counted without a limit
   */
  readonly coreLicenses?: number;

  /**
   * When the licenses expire. Somebody is reminded 90, 30 and 7 days before.
   *
   * @default - they do not expire
   */
  readonly licenseExpiry?: Expiration;

  /**
   * The names of the application, where the edition has names of its own in the inventory.
   *
   * @default - those of all editions
   */
  readonly applicationNames?: string[];
}

/**
 * Properties of the tracking of Microsoft SQL Server.
 */
export interface SqlServerTrackingProps extends LicenseWatchOptions {
  /**
   * The licenses, by construct ids: one for each edition.
   *
   * Throws a `ValidationError` for none.
   */
  readonly licenses: { [id: string]: SqlServerLicense };

  /**
   * The names of the application in the inventory of AWS Systems Manager, exactly.
   *
   * @default - those under which the setup of SQL Server 2008 to 2025 registers its database engine: `Microsoft SQL Server 2022 (64-bit)` and the like
   */
  readonly applicationNames?: string[];

  /**
   * The key of a tag of instances that names the edition: `Enterprise`, `Standard`, or one that is free, `Developer`, `Express`, `Evaluation`. The names of applications do not tell
   * it. An instance without the tag counts for every edition, so that it is not overlooked.
   *
   * It needs cross-account discovery, and works in the management account of an organization: elsewhere License Manager excludes nothing by tags.
   *
   * @default - editions are told apart by the names of applications alone; two of one name cause a warning
   */
  readonly editionTagKey?: string;

  /**
   * The tag of passive secondaries: servers that take over, for which Software Assurance asks for no licenses. They are not counted.
   *
   * It needs cross-account discovery, as `editionTagKey` does.
   *
   * @see https://www.microsoft.com/licensing/terms/productoffering/SQLServer
   * @default - all servers are counted
   */
  readonly passiveSecondaryTag?: ExcludedTag;

  /**
   * The accounts that are left out: ids of 12 digits. It needs cross-account discovery, as `editionTagKey` does.
   *
   * @default - no account is left out
   */
  readonly excludedAccounts?: string[];

  /**
   * Whether AWS Systems Manager gathers the inventory of all managed nodes of the account and the Region, without which nothing is found, see `OrganizationMember`. That of the
   * app in the same account and Region, as with `OrganizationHub`, is taken if it is declared before.
   *
   * A node takes part in one association for inventory. Turn it off where there is one already, such as that of the host management of Quick Setup.
   *
   * @default true
   */
  readonly inventory?: boolean;
}

/**
 * Tracks Microsoft SQL Server on instances, and on servers of one's own that AWS Systems Manager manages: how many vCPUs use the licenses of each edition.
 *
 * | part | what it is for |
 * | --- | --- |
 * | `role` | the service-linked role by which License Manager discovers software |
 * | `licenses` | for each edition: a license that is counted by vCPU, and finds its servers by itself |
 * | `inventory` | by which License Manager finds them |
 * | `alarms`, `reminders`, `report` | who hears of it when licenses run out, or expire |
 *
 * Instances whose price includes SQL Server, of whatever edition, are not counted. A server that SQL Server is uninstalled from, is not counted any more. Nothing is refused: what is
 * discovered runs already. For launches, attach the licenses by `mixins.LaunchTemplateLicenses`.
 *
 * **The contract asks for at least 4 core licenses for each virtual machine**, which License Manager does not know: an instance with 2 vCPUs counts as 2. On Dedicated Hosts licenses may
 * cover the physical cores instead. `LicenseTerms.SQL_SERVER_CORE` tells what each needs. Your contract decides.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { CorePack, patterns } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'SqlServer');
 * new patterns.SqlServerTracking(stack, 'Tracking', {
 *   licenses: {
 *     Enterprise: { edition: patterns.SqlServerEdition.ENTERPRISE, coreLicenses: CorePack.TWO.licenses(48) },
 *     Standard: { edition: patterns.SqlServerEdition.STANDARD, coreLicenses: CorePack.TWO.licenses(20) },
 *   },
 *   editionTagKey: 'sql-server-edition',
 *   passiveSecondaryTag: { key: 'sql-server-role', value: 'passive' },
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/automated-discovery.html
 * @see https://www.microsoft.com/licensing/terms/productoffering/SQLServer
 */
@propertyInjectable
export class SqlServerTracking extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.SqlServerTracking';

  /**
   * Whether the given object is a `SqlServerTracking`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isSqlServerTracking(x: any): x is SqlServerTracking {
    return isBranded(x, 'SqlServerTracking');
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
   * The association by which the inventory is gathered, unless there is none: one of its own, or that of the app.
   */
  public readonly inventory?: CfnAssociation;

  /**
   * Declares the tracking.
   *
   * Throws a `ValidationError` for what the properties, `LicenseConfiguration` and `LicenseTerms` say.
   */
  constructor(scope: Construct, id: string, props: SqlServerTrackingProps) {
    super(scope, id);
    brand(this, 'SqlServerTracking');
    props = givenProps(this, props, PROPS);
    this.role = serviceLinkedRoleOf(this);
    const named = new Map<string, string>();
    const watched = watchedLicenses(this, props, props.licenses, LICENSE, (said, name) => {
      const applicationNames = said.applicationNames ?? props.applicationNames ?? APPLICATION_NAMES;
      this.warnOfAlike(props, name, applicationNames, named);
      return {
        description: `SQL Server ${this.nameOf(said)}, core licenses by the vCPUs that they cover`,
        // As the contract does, where somebody turns threads off.
        licenseCounting: LicenseCounting.vcpus({ honorVcpuOptimization: true }),
        licenseCount: this.countOf(said, name),
        productInformation: applicationNames.map(applicationName => ProductInformation.ssmManaged({
          applicationName,
          licensesNotIncluded: [IncludedLicense.SQL_SERVER_ENTERPRISE, IncludedLicense.SQL_SERVER_STANDARD, IncludedLicense.SQL_SERVER_WEB],
          excludedAccounts: props.excludedAccounts,
          excludedTags: this.excludedTags(props, said),
        })),
        disassociateWhenNotFound: true,
      };
    });
    this.licenses = watched.licenses;
    this.alarms = watched.alarms;
    this.reminders = watched.reminders;
    this.report = watched.report;
    this.inventory = props.inventory ?? true ? this.gathered() : undefined;
  }

  private countOf({ coreLicenses }: SqlServerLicense, id: string): number | undefined {
    return coreLicenses === undefined || Token.isUnresolved(coreLicenses) ? coreLicenses
      : LicenseTerms.SQL_SERVER_CORE.licenseCount(wholeFigure(this, `coreLicenses of licenses['${id}']`, coreLicenses, 0));
  }

  /** Those that are tagged with another edition, and passive secondaries. */
  private excludedTags({ licenses, editionTagKey, passiveSecondaryTag }: SqlServerTrackingProps, said: SqlServerLicense): ExcludedTag[] {
    const own = this.nameOf(said);
    const others = [...new Set([...entriesByKey(licenses).map(([, it]) => this.nameOf(it)), ...FREE])].filter(it => it !== own);
    return [
      ...editionTagKey === undefined ? [] : others.map(value => ({ key: editionTagKey, value })),
      ...passiveSecondaryTag ? [givenProps(this, passiveSecondaryTag, TAG, { all: 'passiveSecondaryTag', of: ' of passiveSecondaryTag' })] : [],
    ];
  }

  private nameOf({ edition }: SqlServerLicense): string {
    return valueOf(this, lit`SqlServerEditionClass`, { property: 'edition', value: edition, type: 'SqlServerEdition' })!;
  }

  private warnOfAlike({ editionTagKey }: SqlServerTrackingProps, id: string, applicationNames: string[], named: Map<string, string>): void {
    const double = editionTagKey === undefined ? applicationNames.find(it => named.has(it)) : undefined;
    if (double !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:sqlServerEditionsAlike',
        `licenses '${named.get(double)}' and '${id}' both find '${double}': each server is counted twice. Set editionTagKey, by which they are told apart in an organization, or give them `
        + 'applicationNames of their own.');
    }
    applicationNames.forEach(it => named.set(it, id));
  }

  private gathered(): CfnAssociation | undefined {
    const members = this.node.root.node.findAll().filter((it): it is OrganizationMember => OrganizationMember.isOrganizationMember(it));
    const found = members.find(it => it.inventory && isOneEnvironment(Stack.of(it), Stack.of(this)));
    return (found ?? new OrganizationMember(this, 'Inventory')).inventory;
  }
}

/** Whether two stacks are known to be in one account and Region. */
function isOneEnvironment(a: Stack, b: Stack): boolean {
  return a === b || [[a.account, b.account], [a.region, b.region]].every(([one, other]) => one === other && !Token.isUnresolved(one));
}

/** Under which the setups register the database engine. */
const APPLICATION_NAMES = ['2008', '2008 R2', '2012', '2014', '2016', '2017', '2019', '2022', '2025'].map(version => `Microsoft SQL Server ${version} (64-bit)`);

/** Editions that need no licenses. */
const FREE = ['Developer', 'Express', 'Evaluation'];

const PROPS: Shape<SqlServerTrackingProps> = {
  ...WATCH,
  licenses: needed(mapOf(objectWith('edition'))),
  applicationNames: listOf(TEXT),
  editionTagKey: TEXT,
  passiveSecondaryTag: OBJECT,
  excludedAccounts: listOf(TEXT),
  inventory: FLAG,
};

const TAG: Shape<ExcludedTag> = { key: needed(TEXT), value: TEXT };

const LICENSE: Shape<SqlServerLicense> = {
  edition: needed(ofClass('SqlServerEdition')),
  coreLicenses: NUMBER,
  licenseExpiry: ofClass('Expiration', 'toEpoch'),
  applicationNames: listOf(TEXT),
};
