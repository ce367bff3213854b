import { randomUUID } from 'node:crypto';
import { Annotations, Token } from 'aws-cdk-lib';
import type { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { CfnLicenseAssetRuleSet, ILicenseConfigurationRef, ILicenseRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { isLookUpDummy } from '../private/identity/look-up-dummy';
import { firstDouble, identityOf, shown } from '../private/identity/reference';
import { AMI, checkEc2Id, HOST, INSTANCE } from '../private/license/ec2-resource';
import type { Ec2ResourceKind } from '../private/license/ec2-resource';
import { identityOfLicense } from '../private/license/license-reference';
import { ACCOUNT, checkFormat, REGION } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { lit, refuse } from '../private/validation/validation';

/**
 * The platform of an instance.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/working-with-license-asset-rulesets.html
 */
export class InstancePlatform {
  /**
   * Linux.
   */
  public static readonly LINUX = new InstancePlatform('Linux');

  /**
   * Windows.
   */
  public static readonly WINDOWS = new InstancePlatform('Windows');

  /**
   * A platform that License Manager knows and this library doesn't.
   *
   * @param value the value of the key `Platform`
   */
  public static of(value: string): InstancePlatform {
    return new InstancePlatform(value);
  }

  private constructor(private readonly _value: string) {}

  /**
   * The value, as the API takes it.
   */
  public get value(): string {
    return this._value;
  }
}

/**
 * A product that Amazon EC2 bills an instance for, or that its owner brings (BYOL).
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_MatchingRuleStatement.html
 */
export class Ec2BillingProduct {
  /**
   * Red Hat Enterprise Linux.
   */
  public static readonly RHEL = new Ec2BillingProduct('rhel');

  /**
   * Red Hat Enterprise Linux with a subscription of your own.
   */
  public static readonly RHEL_BYOL = new Ec2BillingProduct('rhel-byol');

  /**
   * Red Hat Enterprise Linux with High Availability.
   */
  public static readonly RHEL_HIGH_AVAILABILITY = new Ec2BillingProduct('rhel-high-availability');

  /**
   * SQL Server Enterprise.
   */
  public static readonly SQL_SERVER_ENTERPRISE = new Ec2BillingProduct('sql-server-enterprise');

  /**
   * SQL Server Standard.
   */
  public static readonly SQL_SERVER_STANDARD = new Ec2BillingProduct('sql-server-standard');

  /**
   * SUSE Linux Enterprise Server.
   */
  public static readonly SUSE_LINUX = new Ec2BillingProduct('suse-linux');

  /**
   * Ubuntu Pro.
   */
  public static readonly UBUNTU_PRO = new Ec2BillingProduct('ubuntu-pro');

  /**
   * Windows Server with a license of your own.
   */
  public static readonly WINDOWS_BYOL = new Ec2BillingProduct('windows-byol');

  /**
   * Windows Server.
   */
  public static readonly WINDOWS_SERVER_ENTERPRISE = new Ec2BillingProduct('windows-server-enterprise');

  /**
   * A product that License Manager knows and this library doesn't.
   *
   * @param value the value of the key `EC2BillingProduct`
   */
  public static of(value: string): Ec2BillingProduct {
    return new Ec2BillingProduct(value);
  }

  private constructor(private readonly _value: string) {}

  /**
   * The value, as the API takes it.
   */
  public get value(): string {
    return this._value;
  }
}

/**
 * The status of a granted license.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_GrantedLicense.html
 */
export class GrantedLicenseStatus {
  /**
   * It can be used.
   */
  public static readonly AVAILABLE = new GrantedLicenseStatus('AVAILABLE');

  /**
   * Its issuer has deactivated it.
   */
  public static readonly DEACTIVATED = new GrantedLicenseStatus('DEACTIVATED');

  /**
   * It was deleted.
   */
  public static readonly DELETED = new GrantedLicenseStatus('DELETED');

  /**
   * Its validity is over.
   */
  public static readonly EXPIRED = new GrantedLicenseStatus('EXPIRED');

  /**
   * It is about to become available.
   */
  public static readonly PENDING_AVAILABLE = new GrantedLicenseStatus('PENDING_AVAILABLE');

  /**
   * It is being deleted.
   */
  public static readonly PENDING_DELETE = new GrantedLicenseStatus('PENDING_DELETE');

  /**
   * Its issuer has suspended it.
   */
  public static readonly SUSPENDED = new GrantedLicenseStatus('SUSPENDED');

  /**
   * A status that License Manager knows and this library doesn't.
   *
   * @param value the value of the key `LicenseStatus`
   */
  public static of(value: string): GrantedLicenseStatus {
    return new GrantedLicenseStatus(value);
  }

  private constructor(private readonly _value: string) {}

  /**
   * The value, as the API takes it.
   */
  public get value(): string {
    return this._value;
  }
}

/**
 * What a self-managed license has to be, to fall under a rule.
 *
 * A match fits if the license has one of the values. Values are checked when a ruleset takes them: none, and one that is there twice, are
 * refused.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_MatchingRuleStatement.html
 */
export class LicenseConfigurationMatch {
  /**
   * One of these licenses. They may belong to any account and Region that License Manager discovers in.
   *
   * @param licenseConfigurations at least one, each once
   */
  public static licenseConfiguration(licenseConfigurations: ILicenseConfigurationRef[]): LicenseConfigurationMatch {
    return new LicenseConfigurationMatch({
      key: 'LicenseConfigurationArn',
      factory: 'LicenseConfigurationMatch.licenseConfiguration',
      values: licenseConfigurations.map(license => license.licenseConfigurationRef.licenseConfigurationArn),
      identities: licenseConfigurations.map(identityOfLicense),
    });
  }

  /**
   * A license of one of these accounts.
   *
   * @param accountIds at least one, each once, of 12 digits each; tokens are taken
   */
  public static accountId(accountIds: string[]): LicenseConfigurationMatch {
    return new LicenseConfigurationMatch({ ...accounts(accountIds), factory: 'LicenseConfigurationMatch.accountId' });
  }

  private constructor(private readonly criterion: Criterion) {}

  /**
   * The opposite: the license has none of the values.
   */
  public negated(): LicenseConfigurationMatch {
    return new LicenseConfigurationMatch(opposite(this.criterion));
  }

  /**
   * @internal
   */
  public get _criterion(): Criterion {
    return this.criterion;
  }
}

/**
 * What a granted license has to be, to fall under a rule: a license that was issued by a seller, such as on AWS Marketplace.
 *
 * A match fits if the license has one of the values. Values are checked when a ruleset takes them: none, and one that is there twice, are
 * refused.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_MatchingRuleStatement.html
 */
export class LicenseMatch {
  /**
   * One of these licenses.
   *
   * @param licenses at least one, each once
   */
  public static license(licenses: ILicenseRef[]): LicenseMatch {
    const values = licenses.map(license => license.licenseRef.licenseArn);
    return new LicenseMatch({ key: 'LicenseArn', factory: 'LicenseMatch.license', values });
  }

  /**
   * A license of one of these products.
   *
   * @param productSkus at least one, each once; tokens are taken
   */
  public static productSku(productSkus: string[]): LicenseMatch {
    return new LicenseMatch({ key: 'ProductSKU', factory: 'LicenseMatch.productSku', values: productSkus });
  }

  /**
   * A license of one of these issuers.
   *
   * @param issuers their names, at least one, each once; tokens are taken
   */
  public static issuer(issuers: string[]): LicenseMatch {
    return new LicenseMatch({ key: 'Issuer', factory: 'LicenseMatch.issuer', values: issuers });
  }

  /**
   * A license for one of these beneficiaries.
   *
   * @param beneficiaries as the licenses name them, at least one, each once; tokens are taken
   */
  public static beneficiary(beneficiaries: string[]): LicenseMatch {
    return new LicenseMatch({ key: 'Beneficiary', factory: 'LicenseMatch.beneficiary', values: beneficiaries });
  }

  /**
   * A license with one of these statuses.
   *
   * @param statuses at least one, each once
   */
  public static licenseStatus(statuses: GrantedLicenseStatus[]): LicenseMatch {
    return new LicenseMatch({ key: 'LicenseStatus', factory: 'LicenseMatch.licenseStatus', values: statuses.map(({ value }) => value) });
  }

  /**
   * A license with one of these home Regions.
   *
   * @param regions such as `us-east-1`, at least one, each once; tokens are taken
   */
  public static homeRegion(regions: string[]): LicenseMatch {
    return new LicenseMatch({
      key: 'HomeRegion',
      factory: 'LicenseMatch.homeRegion',
      values: regions,
      check: (scope, region) => checkFormat(scope, lit`LicenseAssetMatchRegion`, REGION_FORMAT, region),
    });
  }

  private constructor(private readonly criterion: Criterion) {}

  /**
   * The opposite: the license has none of the values.
   */
  public negated(): LicenseMatch {
    return new LicenseMatch(opposite(this.criterion));
  }

  /**
   * @internal
   */
  public get _criterion(): Criterion {
    return this.criterion;
  }
}

/**
 * What an EC2 instance has to be, to fall under a rule.
 *
 * A match fits if the instance has one of the values. Values are checked when a ruleset takes them: none, one that is there twice, and
 * an id of another form are refused.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_MatchingRuleStatement.html
 */
export class InstanceMatch {
  /**
   * An instance of one of these platforms.
   *
   * @param platforms at least one, each once
   */
  public static platform(platforms: InstancePlatform[]): InstanceMatch {
    return new InstanceMatch({ key: 'Platform', factory: 'InstanceMatch.platform', values: platforms.map(({ value }) => value) });
  }

  /**
   * An instance that Amazon EC2 bills one of these products for, or whose owner brings one of them.
   *
   * An instance may have several, such as Windows Server and SQL Server.
   *
   * @param ec2BillingProducts at least one, each once
   */
  public static ec2BillingProduct(ec2BillingProducts: Ec2BillingProduct[]): InstanceMatch {
    return new InstanceMatch({
      key: 'EC2BillingProduct',
      factory: 'InstanceMatch.ec2BillingProduct',
      values: ec2BillingProducts.map(({ value }) => value),
      mayHaveSeveral: true,
    });
  }

  /**
   * An instance of one of these products of AWS Marketplace.
   *
   * @param productCodes at least one, each once; tokens are taken
   */
  public static marketplaceProductCode(productCodes: string[]): InstanceMatch {
    return new InstanceMatch({
      key: 'MarketPlaceProductCode', factory: 'InstanceMatch.marketplaceProductCode', values: productCodes, mayHaveSeveral: true,
    });
  }

  /**
   * An instance that was launched from one of these AMIs.
   *
   * @param amiIds `ami-` and 8 or 17 hexadecimal digits, at least one, each once; tokens are taken
   */
  public static amiId(amiIds: string[]): InstanceMatch {
    return new InstanceMatch(ids('AMIId', 'InstanceMatch.amiId', AMI, amiIds));
  }

  /**
   * An instance of one of these types.
   *
   * @param instanceTypes at least one, each once
   */
  public static instanceType(instanceTypes: InstanceType[]): InstanceMatch {
    return new InstanceMatch({ key: 'InstanceType', factory: 'InstanceMatch.instanceType', values: instanceTypes.map(type => type.toString()) });
  }

  /**
   * One of these instances.
   *
   * @param instanceIds `i-` and 8 or 17 hexadecimal digits, at least one, each once; tokens are taken
   */
  public static instanceId(instanceIds: string[]): InstanceMatch {
    return new InstanceMatch(ids('InstanceId', 'InstanceMatch.instanceId', INSTANCE, instanceIds));
  }

  /**
   * An instance on one of these Dedicated Hosts.
   *
   * @param hostIds `h-` and 8 or 17 hexadecimal digits, at least one, each once; tokens are taken
   */
  public static hostId(hostIds: string[]): InstanceMatch {
    return new InstanceMatch(ids('HostId', 'InstanceMatch.hostId', HOST, hostIds));
  }

  /**
   * An instance of one of these accounts.
   *
   * @param accountIds at least one, each once, of 12 digits each; tokens are taken
   */
  public static accountId(accountIds: string[]): InstanceMatch {
    return new InstanceMatch({ ...accounts(accountIds), factory: 'InstanceMatch.accountId' });
  }

  private constructor(private readonly criterion: Criterion) {}

  /**
   * The opposite: the instance has none of the values.
   */
  public negated(): InstanceMatch {
    return new InstanceMatch(opposite(this.criterion));
  }

  /**
   * @internal
   */
  public get _criterion(): Criterion {
    return this.criterion;
  }
}

/**
 * A rule of a license asset ruleset: which self-managed licenses, granted licenses or instances belong to a product.
 *
 * A rule is about one of the three, and has a single match, all of several or any of several.
 *
 * Rules are checked when a ruleset takes them: refused are a rule without a match, a match that is there twice, and all of several of which
 * two can never be fulfilled together, such as one and the same value asked for and excluded. Any of several that everything fulfills is warned
 * of.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/working-with-license-asset-rulesets.html
 */
export class LicenseAssetRule {
  /**
   * Self-managed licenses that fulfill a match.
   *
   * @param match what a license has to be
   */
  public static licenseConfigurations(match: LicenseConfigurationMatch): LicenseAssetRule {
    return new LicenseAssetRule('licenseConfigurationRuleStatement', ALL, [match]);
  }

  /**
   * Self-managed licenses that fulfill all of the matches.
   *
   * @param matches at least one, each once
   */
  public static licenseConfigurationsMatchingAll(matches: LicenseConfigurationMatch[]): LicenseAssetRule {
    return new LicenseAssetRule('licenseConfigurationRuleStatement', ALL, matches);
  }

  /**
   * Self-managed licenses that fulfill at least one of the matches.
   *
   * @param matches at least one, each once
   */
  public static licenseConfigurationsMatchingAny(matches: LicenseConfigurationMatch[]): LicenseAssetRule {
    return new LicenseAssetRule('licenseConfigurationRuleStatement', ANY, matches);
  }

  /**
   * Granted licenses that fulfill a match.
   *
   * @param match what a license has to be
   */
  public static licenses(match: LicenseMatch): LicenseAssetRule {
    return new LicenseAssetRule('licenseRuleStatement', ALL, [match]);
  }

  /**
   * Granted licenses that fulfill all of the matches.
   *
   * @param matches at least one, each once
   */
  public static licensesMatchingAll(matches: LicenseMatch[]): LicenseAssetRule {
    return new LicenseAssetRule('licenseRuleStatement', ALL, matches);
  }

  /**
   * Granted licenses that fulfill at least one of the matches.
   *
   * @param matches at least one, each once
   */
  public static licensesMatchingAny(matches: LicenseMatch[]): LicenseAssetRule {
    return new LicenseAssetRule('licenseRuleStatement', ANY, matches);
  }

  /**
   * EC2 instances that fulfill a match.
   *
   * @param match what an instance has to be
   */
  public static instances(match: InstanceMatch): LicenseAssetRule {
    return new LicenseAssetRule('instanceRuleStatement', ALL, [match]);
  }

  /**
   * EC2 instances that fulfill all of the matches.
   *
   * @param matches at least one, each once
   */
  public static instancesMatchingAll(matches: InstanceMatch[]): LicenseAssetRule {
    return new LicenseAssetRule('instanceRuleStatement', ALL, matches);
  }

  /**
   * EC2 instances that fulfill at least one of the matches.
   *
   * @param matches at least one, each once
   */
  public static instancesMatchingAny(matches: InstanceMatch[]): LicenseAssetRule {
    return new LicenseAssetRule('instanceRuleStatement', ANY, matches);
  }

  private constructor(
    private readonly statement: keyof CfnLicenseAssetRuleSet.RuleStatementProperty,
    private readonly logic: Logic,
    private readonly matches: { readonly _criterion: Criterion }[],
  ) {}

  /**
   * Checks the rule and writes it as License Manager reads it.
   *
   * @param scope the ruleset
   * @param name  the rule's name in messages
   * @internal
   */
  public _render(scope: IConstruct, name: string): CfnLicenseAssetRuleSet.LicenseAssetRuleProperty {
    if (this.matches.length === 0) {
      refuse(scope, lit`LicenseAssetRuleEmpty`,
        `${name} has no match: it needs at least 1. Say what it matches, or leave it out.`);
    }
    const criteria = this.matches.map(({ _criterion }) => _criterion);
    criteria.forEach(criterion => checkValues(scope, name, criterion));
    const double = firstDouble(criteria, describe);
    if (double !== undefined) {
      refuse(scope, lit`LicenseAssetMatchTwice`,
        `${name} has the match '${describe(double)}' twice, which says the same as once. Name it once.`);
    }
    if (this.logic === ALL) {
      checkFulfillable(scope, name, criteria);
    } else {
      checkSelective(scope, name, criteria);
    }
    const statements = criteria.map(({ key, values, negated }) => ({
      keyToMatch: key, constraint: negated ? NOT_EQUALS : EQUALS, valueToMatch: values,
    }));
    // One match alone is not "all of" or "any of" anything: License Manager has a statement of its own for it.
    return {
      ruleStatement: {
        [this.statement]: statements.length === 1
          ? { matchingRuleStatement: statements[0] }
          : { [this.logic]: { matchingRuleStatements: statements } },
      },
    };
  }

  /**
   * Equal for two rules that say the same.
   *
   * @internal
   */
  public get _identity(): string {
    return [this.statement, this.matches.length === 1 ? ALL : this.logic, ...this.matches.map(({ _criterion }) => describe(_criterion)).sort()].join(' ');
  }
}

/**
 * The operators. The API reference and the template reference of CloudFormation give them so for every key; the schema of CloudFormation has
 * no enum, and mentions 'Equals, Not_Equals' as examples; the user guide writes them for people, 'Equals' and 'Not Equals'.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_MatchingRuleStatement.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-licensemanager-licenseassetruleset-matchingrulestatement.html
 */
const EQUALS = 'EQUALS';
const NOT_EQUALS = 'NOT_EQUALS';

const ALL = 'andRuleStatement';
const ANY = 'orRuleStatement';
type Logic = typeof ALL | typeof ANY;

/** A key, and what is asked of it. */
interface Criterion {
  /** As the API names it. */
  readonly key: string;
  /** What the user has called, for messages. */
  readonly factory: string;
  readonly values: string[];
  /** Equal for two names of the same thing; the values' own identities where they are left out. */
  readonly identities?: string[];
  readonly negated?: boolean;
  /** Whether an asset may have several values of the key. */
  readonly mayHaveSeveral?: boolean;
  readonly check?: (scope: IConstruct, value: string) => void;
}

function opposite(criterion: Criterion): Criterion {
  return { ...criterion, negated: !criterion.negated };
}

function identitiesOf({ values, identities }: Criterion): string[] {
  return identities ?? values.map(identityOf);
}

/** A match as messages write it, equal for two that say the same. */
function describe(criterion: Criterion): string {
  return `${criterion.key} ${criterion.negated ? NOT_EQUALS : EQUALS} ${[...identitiesOf(criterion)].sort().join(', ')}`;
}

function accounts(values: string[]) {
  return {
    key: 'AccountId',
    values,
    check: (scope: IConstruct, account: string) => checkFormat(scope, lit`LicenseAssetMatchAccount`, ACCOUNT_FORMAT, account),
  };
}

function ids(key: string, factory: string, kind: Ec2ResourceKind, values: string[]): Criterion {
  return {
    key,
    factory,
    values,
    // Two that have still to be looked up may have one id until then.
    identities: values.some(isLookUpDummy) ? values.map(id => isLookUpDummy(id) ? randomUUID() : identityOf(id)) : undefined,
    check: (scope, id) => checkEc2Id(scope, lit`LicenseAssetMatchId`, kind, id, 'Take the id from the EC2 console.'),
  };
}

function checkValues(scope: IConstruct, rule: string, criterion: Criterion): void {
  const { factory, values, check } = criterion;
  if (Token.isUnresolved(values)) {
    return;
  }
  if (values.length === 0) {
    refuse(scope, lit`LicenseAssetMatchEmpty`,
      `${factory}() of ${rule} has no value: a match needs at least 1. Name what to match, or leave the match out.`);
  }
  for (const value of values) {
    if (typeof value !== 'string') {
      refuse(scope, lit`LicenseAssetMatchText`,
        `${factory}() of ${rule} has a value that is not a text. Where there is a class for the values, use its constants or its of(), ` +
        'else write texts.');
    }
    if (value.trim() === '') {
      refuse(scope, lit`LicenseAssetMatchBlank`,
        `${factory}() of ${rule} has the value '${value}': at least 1 visible character is needed. Correct it, or leave it out.`);
    }
    check?.(scope, value);
  }
  const double = firstDouble(values.map((value, index) => ({ value, identity: identitiesOf(criterion)[index] })), ({ identity }) => identity);
  if (double !== undefined) {
    refuse(scope, lit`LicenseAssetMatchValueTwice`, `${factory}() of ${rule} has the value '${shown(scope, double.value)}' twice. Name it once.`);
  }
}

/** Refuses matches that nothing fulfills together. */
function checkFulfillable(scope: IConstruct, rule: string, criteria: Criterion[]): void {
  for (const [one, other] of pairsOfSameKey(criteria)) {
    const common = commonIdentity(one, other);
    if (one.negated !== other.negated && common !== undefined) {
      refuse(scope, lit`LicenseAssetRuleContradiction`,
        `${rule} asks for the ${one.key} '${common}' and excludes it: it could never match it. Take '${common}' from one of the two matches.`);
    }
    if (!one.negated && !other.negated && excludeEachOther(one, other)) {
      refuse(scope, lit`LicenseAssetRuleContradiction`,
        `${rule} asks for the ${one.key} to be ${alternatives(one)} and to be ${alternatives(other)}: it has one value, so that nothing ` +
        'could ever match. Give one match all values, of which one has to fit, or use a rule that matches any.');
    }
  }
}

/** Warns of matches of which everything fulfills one. */
function checkSelective(scope: IConstruct, rule: string, criteria: Criterion[]): void {
  for (const [one, other] of pairsOfSameKey(criteria)) {
    const [asked, excluded] = one.negated ? [other, one] : [one, other];
    const identities = new Set(identitiesOf(asked));
    if (!asked.negated && excluded.negated && identitiesOf(excluded).every(identity => identities.has(identity))) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:licenseAssetRuleMatchesEverything',
        `${rule} matches everything: whatever the ${one.key}, it is among those asked for or none of those excluded. Leave one of the two matches out.`);
    }
    if (one.negated && other.negated && excludeEachOther(one, other)) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:licenseAssetRuleMatchesEverything',
        `${rule} matches everything: it excludes the ${one.key} ${alternatives(one)} or ${alternatives(other)}, and whatever has the one does not ` +
        'have the other. Give one match all values, or use a rule that matches all.');
    }
  }
}

/** Something that both matches have. */
function commonIdentity(one: Criterion, other: Criterion): string | undefined {
  const others = new Set(identitiesOf(other));
  return identitiesOf(one).find(identity => others.has(identity));
}

/** Whether nothing can have both a value of the one and a value of the other, as far as the values are known. */
function excludeEachOther(one: Criterion, other: Criterion): boolean {
  return !one.mayHaveSeveral
    && ![...one.values, ...other.values].some(value => Token.isUnresolved(value) || isLookUpDummy(value))
    && commonIdentity(one, other) === undefined;
}

function pairsOfSameKey(criteria: Criterion[]): [Criterion, Criterion][] {
  return criteria.flatMap((one, index) => criteria.slice(index + 1)
    .filter(({ key }) => key === one.key).map((other): [Criterion, Criterion] => [one, other]));
}

function alternatives({ values }: Criterion): string {
  return values.map(value => `'${value}'`).join(' or ');
}

const ACCOUNT_FORMAT: Format = {
  name: 'an account id', parts: [ACCOUNT], expected: '12 digits', wayOut: 'Take it from the AWS Organizations console.',
};

const REGION_FORMAT: Format = {
  name: 'a Region', parts: [REGION], expected: 'a name such as \'us-east-1\'', wayOut: 'Take it from \'aws account list-regions\'.',
};
