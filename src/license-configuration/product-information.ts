import { Annotations, Token } from 'aws-cdk-lib';
import type { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { warnOfBlank } from '../private/finding/blank';
import { onceEach } from '../private/finding/doubles';
import { brand } from '../private/identity/copies';
import { shown } from '../private/identity/reference';
import { copied } from '../private/validation/copy';
import { ANYTHING, givenProps, listOf, needed, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { isKnown, lit, valueOf } from '../private/validation/validation';

/**
 * A license that AWS includes in the price of an instance.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_ProductInformation.html
 */
export class IncludedLicense {
  /**
   * SQL Server Enterprise.
   */
  public static readonly SQL_SERVER_ENTERPRISE = new IncludedLicense('sql-server-enterprise');

  /**
   * SQL Server Standard.
   */
  public static readonly SQL_SERVER_STANDARD = new IncludedLicense('sql-server-standard');

  /**
   * SQL Server Web.
   */
  public static readonly SQL_SERVER_WEB = new IncludedLicense('sql-server-web');

  /**
   * Windows Server Datacenter.
   */
  public static readonly WINDOWS_SERVER_DATACENTER = new IncludedLicense('windows-server-datacenter');

  /**
   * A value that License Manager knows and this library doesn't.
   *
   * @param value the value of the filter 'License Included'
   */
  public static of(value: string): IncludedLicense {
    return new IncludedLicense(value);
  }

  private constructor(private readonly _value: string) {
    brand(this, 'IncludedLicense');
  }

  /**
   * The value, as the API takes it.
   */
  public get value(): string {
    return this._value;
  }
}

/**
 * An edition of Amazon RDS for Oracle.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Oracle.Concepts.Licensing.html
 */
export class RdsOracleEngineEdition {
  /**
   * Enterprise Edition.
   */
  public static readonly EE = new RdsOracleEngineEdition('oracle-ee');

  /**
   * Standard Edition.
   */
  public static readonly SE = new RdsOracleEngineEdition('oracle-se');

  /**
   * Standard Edition One.
   */
  public static readonly SE1 = new RdsOracleEngineEdition('oracle-se1');

  /**
   * Standard Edition Two.
   */
  public static readonly SE2 = new RdsOracleEngineEdition('oracle-se2');

  /**
   * An edition that License Manager knows and this library doesn't.
   *
   * @param value the value of the filter 'Engine Edition'
   */
  public static of(value: string): RdsOracleEngineEdition {
    return new RdsOracleEngineEdition(value);
  }

  private constructor(private readonly _value: string) {
    brand(this, 'RdsOracleEngineEdition');
  }

  /**
   * The value, as the API takes it.
   */
  public get value(): string {
    return this._value;
  }
}

/**
 * A management pack or option of Amazon RDS for Oracle that is licensed by itself.
 *
 * The user guide lists Spatial and Graph too, for which the API has no value.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_ProductInformation.html
 */
export class RdsOracleLicensePack {
  /**
   * Active Data Guard.
   */
  public static readonly ACTIVE_DATA_GUARD = new RdsOracleLicensePack('data guard');

  /**
   * Diagnostic Pack, with SQLT.
   */
  public static readonly DIAGNOSTIC_PACK_SQLT = new RdsOracleLicensePack('diagnostic pack sqlt');

  /**
   * Tuning Pack, with SQLT.
   */
  public static readonly TUNING_PACK_SQLT = new RdsOracleLicensePack('tuning pack sqlt');

  /**
   * Label Security.
   */
  public static readonly LABEL_SECURITY = new RdsOracleLicensePack('ols');

  /**
   * On-Line Analytical Processing.
   */
  public static readonly OLAP = new RdsOracleLicensePack('olap');

  /**
   * A pack that License Manager knows and this library doesn't.
   *
   * @param value the value of the filter 'License Pack'
   */
  public static of(value: string): RdsOracleLicensePack {
    return new RdsOracleLicensePack(value);
  }

  private constructor(private readonly _value: string) {
    brand(this, 'RdsOracleLicensePack');
  }

  /**
   * The value, as the API takes it.
   */
  public get value(): string {
    return this._value;
  }
}

/**
 * An edition of Amazon RDS for Db2.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/db2-licensing.html
 */
export class RdsDb2EngineEdition {
  /**
   * Standard Edition.
   */
  public static readonly SE = new RdsDb2EngineEdition('db2-se');

  /**
   * Advanced Edition.
   */
  public static readonly AE = new RdsDb2EngineEdition('db2-ae');

  /**
   * An edition that License Manager knows and this library doesn't.
   *
   * @param value the value of the filter 'Engine Edition'
   */
  public static of(value: string): RdsDb2EngineEdition {
    return new RdsDb2EngineEdition(value);
  }

  private constructor(private readonly _value: string) {
    brand(this, 'RdsDb2EngineEdition');
  }

  /**
   * The value, as the API takes it.
   */
  public get value(): string {
    return this._value;
  }
}

/**
 * A tag whose resources automated discovery leaves out.
 */
export interface ExcludedTag {
  /**
   * The tag's key.
   */
  readonly key: string;

  /**
   * The tag's value.
   *
   * @default - resources with the key are left out, whatever its value
   */
  readonly value?: string;
}

/**
 * Software on instances and servers, as the inventory of AWS Systems Manager names it.
 *
 * An instance has to fulfill everything that is set. At least one of application, publisher, version, platform or included license
 * is needed.
 *
 * The values are compared exactly, as a whole, with the inventory: a part of a name finds nothing. Copy them from there, with
 * `aws ssm list-inventory-entries --instance-id <id> --type-name AWS:Application`, or `AWS:InstanceInformation` for the platform.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/inventory-schema.html
 */
export interface SsmManagedProduct {
  /**
   * The name of the application, such as `Microsoft SQL Server 2022`.
   *
   * @default - applications of any name
   */
  readonly applicationName?: string;

  /**
   * The publisher of the application, such as `Microsoft Corporation`.
   *
   * @default - applications of any publisher
   */
  readonly applicationPublisher?: string;

  /**
   * The version of the application.
   *
   * @default - applications of any version
   */
  readonly applicationVersion?: string;

  /**
   * The name of the platform, such as `Microsoft Windows Server 2022 Datacenter`.
   *
   * @default - platforms of any name
   */
  readonly platformName?: string;

  /**
   * The type of the platform, such as `Windows` or `Linux`.
   *
   * @default - platforms of any type
   */
  readonly platformType?: string;

  /**
   * Only instances of which the price includes this license.
   *
   * Needs version 2.3.722.0 or newer of SSM Agent on the instances.
   *
   * @default - instances with and without an included license
   */
  readonly licenseIncluded?: IncludedLicense;

  /**
   * Only instances of which the price doesn't include this license: those on which you use a license of your own.
   *
   * Needs version 2.3.722.0 or newer of SSM Agent on the instances. When License Manager converts an instance to the included license, and all
   * products of the license leave that one out, the instance is disassociated.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-procedures.html
   * @default - instances with and without an included license
   */
  readonly licenseNotIncluded?: IncludedLicense;

  /**
   * Only instances of which the price includes none of these licenses, besides that of `licenseNotIncluded`; each once.
   *
   * Needs version 2.3.722.0 or newer of SSM Agent on the instances.
   *
   * @default - no other one
   */
  readonly licensesNotIncluded?: IncludedLicense[];

  /**
   * The accounts to leave out: ids of 12 digits.
   *
   * Works only in the management account of an organization with cross-account resource discovery turned on.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/automated-discovery.html
   * @default - no account is left out
   */
  readonly excludedAccounts?: string[];

  /**
   * The tags whose resources are left out.
   *
   * Works only in the management account of an organization with cross-account resource discovery turned on.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/automated-discovery.html
   * @default - no tag is left out
   */
  readonly excludedTags?: ExcludedTag[];
}

/**
 * A product of Amazon RDS for Oracle. At least one of edition and license packs is needed.
 */
export interface RdsOracleProduct {
  /**
   * The edition.
   *
   * @default - every edition
   */
  readonly engineEdition?: RdsOracleEngineEdition;

  /**
   * The license packs.
   *
   * @default - databases with and without license packs
   */
  readonly licensePacks?: RdsOracleLicensePack[];
}

/**
 * A product of Amazon RDS for Db2.
 */
export interface RdsDb2Product {
  /**
   * The edition.
   */
  readonly engineEdition: RdsDb2EngineEdition;
}

/**
 * A product that License Manager discovers, and counts against the license without anybody associating it.
 *
 * The values are checked when a license takes them. What License Manager may take and finds nothing causes a warning: nothing that says which product
 * it is, a blank value, an edition of the other engine, an account that is not an id of 12 digits, what is named twice.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/automated-discovery.html
 */
export class ProductInformation {
  /**
   * Software on EC2 instances and on servers of your own that AWS Systems Manager manages.
   *
   * Needs Systems Manager Inventory on the instances. Managed nodes that are not EC2 instances need a license that is counted by vCPU or by
   * instance; one that is counted by core or by socket finds the software on Dedicated Hosts only.
   *
   * What runs outside of AWS is counted, and not held to a hard limit. A node that is gone counts until Systems Manager deletes its inventory, after
   * 30 days, or until somebody deregisters it there.
   *
   * @param product which product, in which versions or editions
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/inventory.html
   */
  public static ssmManaged(product: SsmManagedProduct): ProductInformation {
    const given = copied(product);
    return new ProductInformation(SSM_MANAGED, scope => {
      const said = givenProps(scope, given, SSM_MANAGED_PRODUCT, { all: 'product of ProductInformation.ssmManaged()', areNeeded: true });
      const filters: CfnLicenseConfiguration.ProductInformationFilterProperty[] = [];
      equals(scope, filters, 'Application Name', 'applicationName', said.applicationName);
      equals(scope, filters, 'Application Publisher', 'applicationPublisher', said.applicationPublisher);
      equals(scope, filters, 'Application Version', 'applicationVersion', said.applicationVersion);
      equals(scope, filters, 'Platform Name', 'platformName', said.platformName);
      equals(scope, filters, 'Platform Type', 'platformType', said.platformType);
      const included = textOf(scope, 'licenseIncluded', said.licenseIncluded, 'IncludedLicense');
      const notIncluded = textOf(scope, 'licenseNotIncluded', said.licenseNotIncluded, 'IncludedLicense');
      equals(scope, filters, 'License Included', 'licenseIncluded', included);
      const others = (said.licensesNotIncluded ?? []).map(license => textOf(scope, 'a member of licensesNotIncluded', license, 'IncludedLicense')!);
      const excluded = notIncluded === undefined ? [] : [notEmpty(scope, 'licenseNotIncluded', notIncluded)];
      excluded.push(...others.map(value => notEmpty(scope, 'licensesNotIncluded', value)));
      if (excluded.length > 0) {
        for (const value of excluded.filter(it => it === included)) {
          Annotations.of(scope).addWarningV2('cdk-license-manager:licenseIncludedAndNot',
            `licenseIncluded and ${value === notIncluded ? 'licenseNotIncluded' : 'licensesNotIncluded'} are both '${shown(scope, value)}': no instance can be both. Remove one of the two.`);
        }
        filters.push(filter('License Included', NOT_EQUALS, onceEach(scope, 'licensesNotIncluded', excluded, value => value, value => shown(scope, value))));
      }
      if (filters.length === 0) {
        Annotations.of(scope).addWarningV2('cdk-license-manager:productUnsaid',
          'Product information says nothing of the product: at least 1 of applicationName, applicationPublisher, applicationVersion, ' +
          'platformName, platformType, licenseIncluded and licenseNotIncluded is needed. Exclusions alone find nothing. Set one of them.');
      }
      excludeAccounts(scope, filters, said.excludedAccounts ?? []);
      excludeTags(scope, filters, said.excludedTags ?? []);
      return filters;
    });
  }

  /**
   * Databases of Amazon RDS for Oracle.
   *
   * Such a license is counted by vCPU, has no rules and no hard limit, and tracks this one product only; anything else is refused with
   * a `ValidationError`.
   *
   * @param product which product, in which versions or editions
   */
  public static rdsOracle(product: RdsOracleProduct): ProductInformation {
    const given = copied(product);
    return new ProductInformation(RDS, scope => {
      const said = givenProps(scope, given, RDS_ORACLE_PRODUCT, { all: 'product of ProductInformation.rdsOracle()', areNeeded: true });
      const filters: CfnLicenseConfiguration.ProductInformationFilterProperty[] = [];
      const edition = textOf(scope, 'engineEdition', said.engineEdition, 'RdsOracleEngineEdition');
      warnOfOtherEngine(scope, edition, ORACLE);
      equals(scope, filters, 'Engine Edition', 'engineEdition', edition);
      const packs = onceEach(scope, 'licensePacks', (said.licensePacks ?? []).map(pack =>
        notEmpty(scope, 'licensePacks', textOf(scope, 'a member of licensePacks', pack, 'RdsOracleLicensePack')!)), pack => pack, pack => shown(scope, pack));
      warnOfEditionAsPack(scope, packs);
      if (packs.length > 0) {
        filters.push(filter('License Pack', EQUALS, packs));
      }
      if (filters.length === 0) {
        Annotations.of(scope).addWarningV2('cdk-license-manager:productUnsaid',
          'Product information says nothing of the product: at least 1 of engineEdition and licensePacks is needed. Set one of them.');
      }
      return filters;
    });
  }

  /**
   * Databases of Amazon RDS for Db2.
   *
   * Such a license is counted by vCPU, has no rules and no hard limit, and tracks this one product only; anything else is refused with
   * a `ValidationError`.
   *
   * @param product which product, in which versions or editions
   */
  public static rdsDb2(product: RdsDb2Product): ProductInformation {
    const given = copied(product);
    return new ProductInformation(RDS, scope => {
      const said = givenProps(scope, given, RDS_DB2_PRODUCT, { all: 'product of ProductInformation.rdsDb2()' });
      const filters: CfnLicenseConfiguration.ProductInformationFilterProperty[] = [];
      const edition = textOf(scope, 'engineEdition', said.engineEdition, 'RdsDb2EngineEdition');
      warnOfOtherEngine(scope, edition, DB2);
      equals(scope, filters, 'Engine Edition', 'engineEdition', edition);
      return filters;
    });
  }

  private constructor(
    private readonly resourceType: string,
    private readonly filters: (scope: IConstruct) => CfnLicenseConfiguration.ProductInformationFilterProperty[],
  ) {
    brand(this, 'ProductInformation');
  }

  /**
   * Whether it is a product of Amazon RDS, for which many things are not possible.
   *
   * @internal
   */
  public get _isRds(): boolean {
    return this.resourceType === RDS;
  }

  /**
   * What two that find the same have in common, in whatever order and spelling they say it: editions and packs differ in more than capitals.
   *
   * @internal
   */
  public _identify(scope: IConstruct): string {
    const normal = (text: string) => isKnown(text) ? text.trim().toLowerCase() : text;
    return JSON.stringify(this.filters(scope).map(({ productInformationFilterName: name, productInformationFilterValue: values = [] }) =>
      [name, values.map(normal).sort()]));
  }

  /**
   * Checks the product and writes it as License Manager reads it.
   *
   * @internal
   */
  public _render(scope: IConstruct): CfnLicenseConfiguration.ProductInformationProperty {
    return { resourceType: this.resourceType, productInformationFilterList: this.filters(scope) };
  }
}

const SSM_MANAGED = 'SSM_MANAGED';
const RDS = 'RDS';
const EQUALS = 'EQUALS';
const NOT_EQUALS = 'NOT_EQUALS';

function filter(name: string, comparator: string, values?: string[]): CfnLicenseConfiguration.ProductInformationFilterProperty {
  return {
    productInformationFilterName: name,
    productInformationFilterComparator: comparator,
    productInformationFilterValue: values,
  };
}

function equals(
  scope: IConstruct, filters: CfnLicenseConfiguration.ProductInformationFilterProperty[], name: string, prop: string, value: string | undefined,
): void {
  if (value !== undefined) {
    filters.push(filter(name, EQUALS, [notEmpty(scope, prop, value)]));
  }
}

function textOf(scope: IConstruct, property: string, value: { readonly value: string } | undefined, type: string): string | undefined {
  return valueOf(scope, lit`ProductInformationValueClass`, { property, value, type });
}

function notEmpty(scope: IConstruct, prop: string, value: string): string {
  warnOfBlank(scope, prop, value, 'Set it, or leave it out.');
  return value;
}

/** An engine of Amazon RDS that License Manager finds products of. */
interface RdsEngine {
  readonly name: string;
  /** What its editions begin with. */
  readonly prefix: string;
  readonly factory: string;
}

const ORACLE: RdsEngine = { name: 'Oracle', prefix: 'oracle-', factory: 'ProductInformation.rdsOracle()' };
const DB2: RdsEngine = { name: 'Db2', prefix: 'db2-', factory: 'ProductInformation.rdsDb2()' };

/** Warns of an edition that is known to be one of the other engine, or a license that AWS includes: none of its databases would be found. */
function warnOfOtherEngine(scope: IConstruct, edition: string | undefined, { name, prefix }: RdsEngine): void {
  const other = engineOf(edition);
  if (other !== undefined && other.prefix !== prefix) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:productOfAnotherEngine',
      `engineEdition is '${edition}', which is an edition of ${other.name}, and the product is one of ${name}: no database is both. Use ${other.factory}, or an ` +
      `edition of ${name}.`);
  }
  warnOfIncluded(scope, 'engineEdition', edition);
}

/** Warns of a license pack that is known to be none. */
function warnOfEditionAsPack(scope: IConstruct, packs: string[]): void {
  for (const pack of packs) {
    const engine = engineOf(pack);
    if (engine !== undefined) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:productOfAnotherEngine',
        `licensePacks names '${pack}', which is an edition of ${engine.name}, and no pack: no database has it. Use engineEdition of ` +
        `${engine.factory}.`);
    }
    warnOfIncluded(scope, 'a member of licensePacks', pack);
  }
}

function warnOfIncluded(scope: IConstruct, property: string, value: string | undefined): void {
  if (INCLUDED.some(({ value: included }) => included === value)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:productOfAnotherEngine',
      `${property} is '${value}', which is a license that AWS includes in the price of an instance: no database of Amazon RDS is found by it. Use ` +
      'licenseIncluded of ProductInformation.ssmManaged().');
  }
}

function engineOf(value: string | undefined): RdsEngine | undefined {
  return [ORACLE, DB2].find(({ prefix }) => value?.toLowerCase().startsWith(prefix));
}

const INCLUDED = [
  IncludedLicense.SQL_SERVER_ENTERPRISE, IncludedLicense.SQL_SERVER_STANDARD, IncludedLicense.SQL_SERVER_WEB,
  IncludedLicense.WINDOWS_SERVER_DATACENTER,
];

function excludeAccounts(scope: IConstruct, filters: CfnLicenseConfiguration.ProductInformationFilterProperty[], accounts: string[]): void {
  if (Token.isUnresolved(accounts)) {
    filters.push(filter('AccountId', NOT_EQUALS, accounts));
    return;
  }
  for (const account of accounts) {
    if (isKnown(account) && !/^\d{12}$/.test(account)) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:excludedAccountFormat',
        `excludedAccounts names '${account}', which is not an account id: 12 digits are needed. Correct it.`);
    }
  }
  if (accounts.length > 0) {
    filters.push(filter('AccountId', NOT_EQUALS, onceEach(scope, 'excludedAccounts', accounts, account => account, account => shown(scope, account))));
  }
}

function excludeTags(scope: IConstruct, filters: CfnLicenseConfiguration.ProductInformationFilterProperty[], tags: ExcludedTag[]): void {
  const valuesByKey = new Map<string, (string | undefined)[]>();
  const given = tags.map((tag, index) => givenProps(scope, tag, EXCLUDED_TAG, { all: `excludedTags[${index}]`, of: ` of excludedTags[${index}]` }));
  const distinct = onceEach(scope, 'excludedTags', given, ({ key, value }) => JSON.stringify([key, value]),
    ({ key, value }) => value === undefined ? shown(scope, key) : `${shown(scope, key)}=${shown(scope, value)}`);
  for (const { key, value } of distinct) {
    notEmpty(scope, 'the key of a tag in excludedTags', key);
    valuesByKey.set(key, [...valuesByKey.get(key) ?? [], value]);
  }
  for (const [key, values] of valuesByKey) {
    if (values.length > 1 && values.includes(undefined)) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:productValueTwice',
        `excludedTags has '${shown(scope, key)}' without a value, which excludes every value, and again with one. Name the key once without a value, or each ` +
        'time with one.');
    }
    const named = values.filter(value => value !== undefined);
    if (named.length < values.length) {
      filters.push(filter(`Tag:${key}`, NOT_EQUALS));
    }
    if (named.length > 0) {
      filters.push(filter(`Tag:${key}`, NOT_EQUALS, named));
    }
  }
}

const SSM_MANAGED_PRODUCT: Shape<SsmManagedProduct> = {
  applicationName: TEXT,
  applicationPublisher: TEXT,
  applicationVersion: TEXT,
  platformName: TEXT,
  platformType: TEXT,
  licenseIncluded: ANYTHING,
  licenseNotIncluded: ANYTHING,
  licensesNotIncluded: listOf(ANYTHING),
  excludedAccounts: listOf(TEXT),
  excludedTags: listOf(ANYTHING),
};

const RDS_ORACLE_PRODUCT: Shape<RdsOracleProduct> = { engineEdition: ANYTHING, licensePacks: listOf(ANYTHING) };

const RDS_DB2_PRODUCT: Shape<RdsDb2Product> = { engineEdition: needed(ANYTHING) };

const EXCLUDED_TAG: Shape<ExcludedTag> = { key: needed(TEXT), value: TEXT };
