import { randomUUID } from 'node:crypto';
import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { CfnLicenseAssetRuleSet, ILicenseConfigurationRef, ILicenseRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { onceEach } from '../private/finding/doubles';
import { brand } from '../private/identity/copies';
import { isDummyOfAll } from '../private/identity/look-up-dummy';
import { identityOf, isUnknown, shown } from '../private/identity/reference';
import { AMI, HOST, INSTANCE } from '../private/license/ec2-resource';
import type { Ec2ResourceKind } from '../private/license/ec2-resource';
import { identityOfLicense } from '../private/license/license-reference';
import { ACCOUNT, fits, REGION } from '../private/validation/format';
import { copyOf, givenAs, listOf, ofClass, reference, TEXT } from '../private/validation/given';
import type { Kind } from '../private/validation/given';

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

  private constructor(private readonly _value: string) {
    brand(this, 'InstancePlatform');
  }

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

  private constructor(private readonly _value: string) {
    brand(this, 'Ec2BillingProduct');
  }

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

  private constructor(private readonly _value: string) {
    brand(this, 'GrantedLicenseStatus');
  }

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
 * A match fits if the license has one of the values. Values are checked when a ruleset takes them: a `ValidationError` is thrown for what is not a
 * list of values. None causes a warning, and so does a value that is there twice, and one that nothing can have.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_MatchingRuleStatement.html
 */
export class LicenseConfigurationMatch {
  /**
   * One of these licenses. They may belong to any account and Region that License Manager discovers in.
   *
   * @param licenseConfigurations each once
   */
  public static licenseConfiguration(licenseConfigurations: ILicenseConfigurationRef[]): LicenseConfigurationMatch {
    return new LicenseConfigurationMatch(criterionOf({
      key: 'LicenseConfigurationArn',
      kind: reference('a self-managed license', 'licenseConfigurationRef'),
      factory: 'LicenseConfigurationMatch.licenseConfiguration',
      given: licenseConfigurations,
      textOf: license => license.licenseConfigurationRef.licenseConfigurationArn,
      identify: identityOfLicense,
      nameOf: license => license.node.path,
    }));
  }

  /**
   * A license of one of these accounts.
   *
   * @param accountIds each once, of 12 digits each; tokens are taken
   */
  public static accountId(accountIds: string[]): LicenseConfigurationMatch {
    return new LicenseConfigurationMatch(accounts('LicenseConfigurationMatch.accountId', accountIds));
  }

  private constructor(private readonly criterion: Criterion) {
    brand(this, 'LicenseConfigurationMatch');
  }

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
 * A match fits if the license has one of the values. Values are checked when a ruleset takes them: a `ValidationError` is thrown for what is not a
 * list of values. None causes a warning, and so does a value that is there twice, and one that nothing can have.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_MatchingRuleStatement.html
 */
export class LicenseMatch {
  /**
   * One of these licenses.
   *
   * @param licenses each once
   */
  public static license(licenses: ILicenseRef[]): LicenseMatch {
    return new LicenseMatch(criterionOf({
      key: 'LicenseArn',
      kind: reference('a license', 'licenseRef'),
      factory: 'LicenseMatch.license',
      given: licenses,
      textOf: license => license.licenseRef.licenseArn,
      identify: license => identityOfText(license.licenseRef.licenseArn),
      nameOf: license => license.node?.path ?? license.licenseRef.licenseArn,
    }));
  }

  /**
   * A license of one of these products.
   *
   * @param productSkus each once; tokens are taken
   */
  public static productSku(productSkus: string[]): LicenseMatch {
    return new LicenseMatch(texts('ProductSKU', 'LicenseMatch.productSku', productSkus));
  }

  /**
   * A license of one of these issuers.
   *
   * @param issuers their names, each once; tokens are taken
   */
  public static issuer(issuers: string[]): LicenseMatch {
    return new LicenseMatch(texts('Issuer', 'LicenseMatch.issuer', issuers));
  }

  /**
   * A license for one of these beneficiaries.
   *
   * @param beneficiaries as the licenses name them, each once; tokens are taken
   */
  public static beneficiary(beneficiaries: string[]): LicenseMatch {
    return new LicenseMatch(texts('Beneficiary', 'LicenseMatch.beneficiary', beneficiaries));
  }

  /**
   * A license with one of these statuses.
   *
   * @param statuses each once
   */
  public static licenseStatus(statuses: GrantedLicenseStatus[]): LicenseMatch {
    return new LicenseMatch(constants('LicenseStatus', 'LicenseMatch.licenseStatus', 'GrantedLicenseStatus', statuses));
  }

  /**
   * A license with one of these home Regions.
   *
   * @param regions such as `us-east-1`, each once; tokens are taken
   */
  public static homeRegion(regions: string[]): LicenseMatch {
    return new LicenseMatch(texts('HomeRegion', 'LicenseMatch.homeRegion', regions, { form: REGION, expected: 'a Region, such as \'us-east-1\'' }));
  }

  private constructor(private readonly criterion: Criterion) {
    brand(this, 'LicenseMatch');
  }

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
 * A match fits if the instance has one of the values. Values are checked when a ruleset takes them: a `ValidationError` is thrown for what is not a
 * list of values. None causes a warning, and so does a value that is there twice, and one that nothing can have, such as an id of another form.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_MatchingRuleStatement.html
 */
export class InstanceMatch {
  /**
   * An instance of one of these platforms.
   *
   * @param platforms each once
   */
  public static platform(platforms: InstancePlatform[]): InstanceMatch {
    return new InstanceMatch(constants('Platform', 'InstanceMatch.platform', 'InstancePlatform', platforms));
  }

  /**
   * An instance that Amazon EC2 bills one of these products for, or whose owner brings one of them.
   *
   * An instance may have several, such as Windows Server and SQL Server.
   *
   * @param ec2BillingProducts each once
   */
  public static ec2BillingProduct(ec2BillingProducts: Ec2BillingProduct[]): InstanceMatch {
    return new InstanceMatch({ ...constants('EC2BillingProduct', 'InstanceMatch.ec2BillingProduct', 'Ec2BillingProduct', ec2BillingProducts), mayHaveSeveral: true });
  }

  /**
   * An instance of one of these products of AWS Marketplace.
   *
   * @param productCodes each once; tokens are taken
   */
  public static marketplaceProductCode(productCodes: string[]): InstanceMatch {
    return new InstanceMatch({ ...texts('MarketPlaceProductCode', 'InstanceMatch.marketplaceProductCode', productCodes), mayHaveSeveral: true });
  }

  /**
   * An instance that was launched from one of these AMIs.
   *
   * @param amiIds `ami-` and 8 or 17 letters and digits, each once; tokens are taken
   */
  public static amiId(amiIds: string[]): InstanceMatch {
    return new InstanceMatch(ids('AMIId', 'InstanceMatch.amiId', AMI, amiIds));
  }

  /**
   * An instance of one of these types.
   *
   * @param instanceTypes each once
   */
  public static instanceType(instanceTypes: InstanceType[]): InstanceMatch {
    return new InstanceMatch(criterionOf({
      key: 'InstanceType',
      kind: ofClass('InstanceType', 'isBurstable'),
      factory: 'InstanceMatch.instanceType',
      given: instanceTypes,
      textOf: type => type.toString(),
    }));
  }

  /**
   * One of these instances.
   *
   * @param instanceIds `i-` and 8 or 17 letters and digits, each once; tokens are taken
   */
  public static instanceId(instanceIds: string[]): InstanceMatch {
    return new InstanceMatch(ids('InstanceId', 'InstanceMatch.instanceId', INSTANCE, instanceIds));
  }

  /**
   * An instance on one of these Dedicated Hosts.
   *
   * @param hostIds `h-` and 8 or 17 letters and digits, each once; tokens are taken
   */
  public static hostId(hostIds: string[]): InstanceMatch {
    return new InstanceMatch(ids('HostId', 'InstanceMatch.hostId', HOST, hostIds));
  }

  /**
   * An instance of one of these accounts.
   *
   * @param accountIds each once, of 12 digits each; tokens are taken
   */
  public static accountId(accountIds: string[]): InstanceMatch {
    return new InstanceMatch(accounts('InstanceMatch.accountId', accountIds));
  }

  private constructor(private readonly criterion: Criterion) {
    brand(this, 'InstanceMatch');
  }

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
 * Rules are checked when a ruleset takes them. License Manager takes what can never match, and what matches everything, so that these cause
 * warnings: a rule without a match, a match that is there twice, all of several that nothing fulfills together, and any of several that everything
 * fulfills. An instance may have several billing products and codes of AWS Marketplace at once, and one of everything else.
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
   * @param matches each once
   */
  public static licenseConfigurationsMatchingAll(matches: LicenseConfigurationMatch[]): LicenseAssetRule {
    return new LicenseAssetRule('licenseConfigurationRuleStatement', ALL, matches);
  }

  /**
   * Self-managed licenses that fulfill at least one of the matches.
   *
   * @param matches each once
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
   * @param matches each once
   */
  public static licensesMatchingAll(matches: LicenseMatch[]): LicenseAssetRule {
    return new LicenseAssetRule('licenseRuleStatement', ALL, matches);
  }

  /**
   * Granted licenses that fulfill at least one of the matches.
   *
   * @param matches each once
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
   * @param matches each once
   */
  public static instancesMatchingAll(matches: InstanceMatch[]): LicenseAssetRule {
    return new LicenseAssetRule('instanceRuleStatement', ALL, matches);
  }

  /**
   * EC2 instances that fulfill at least one of the matches.
   *
   * @param matches each once
   */
  public static instancesMatchingAny(matches: InstanceMatch[]): LicenseAssetRule {
    return new LicenseAssetRule('instanceRuleStatement', ANY, matches);
  }

  private constructor(
    private readonly statement: keyof CfnLicenseAssetRuleSet.RuleStatementProperty,
    private readonly logic: Logic,
    private readonly matches: readonly { readonly _criterion: Criterion }[],
  ) {
    brand(this, 'LicenseAssetRule');
    this.matches = copyOf(matches);
  }

  /**
   * Checks the rule and writes it as License Manager reads it.
   *
   * @param scope the ruleset
   * @param name  the rule's name in messages
   * @internal
   */
  public _render(scope: IConstruct, name: string): CfnLicenseAssetRuleSet.LicenseAssetRuleProperty {
    const matches = givenAs(scope, `${name}: the list of matches`, this.matches, listOf(ofClass(MATCHES[this.statement])))
      .map(({ _criterion }) => read(scope, name, _criterion));
    const distinct = onceEach(scope, name, matches, describe, match => inFull(scope, match));
    if (distinct.length === 0) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:licenseAssetRuleEmpty',
        `${name} has no match, so that it says nothing. Say what it matches, or leave it out.`);
    }
    if (this.logic === ALL) {
      checkFulfillable(scope, name, distinct);
    } else {
      checkSelective(scope, name, distinct);
    }
    const statements = distinct.map(({ key, values, negated }) => ({
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
   * Equal for two rules that say the same, of those that were rendered.
   *
   * @internal
   */
  public get _identity(): string {
    const matches = [...new Set(this.matches.map(({ _criterion }) => describe(known(_criterion))))].sort();
    return [this.statement, matches.length === 1 ? ALL : this.logic, ...matches].join(' ');
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

/** The class that has the matches of each kind of rule. */
const MATCHES: Required<{ readonly [S in keyof CfnLicenseAssetRuleSet.RuleStatementProperty]: string }> = {
  instanceRuleStatement: 'InstanceMatch',
  licenseConfigurationRuleStatement: 'LicenseConfigurationMatch',
  licenseRuleStatement: 'LicenseMatch',
};

const ALL = 'andRuleStatement';
const ANY = 'orRuleStatement';
type Logic = typeof ALL | typeof ANY;

/** A key, and what is asked of it, as the user has given it: nothing of it is checked yet. */
interface Criterion {
  /** As the API names it. */
  readonly key: string;
  /** What each value has to be. */
  readonly kind: Kind;
  /** What the user has called, for messages. */
  readonly factory: string;
  readonly given: readonly unknown[];
  /** The text of a value, if it is one of those that are asked for. */
  readonly textOf: (value: any) => unknown;
  /** Tells what is equal for two names of the same thing; absent if that is the text, or what it refers to. */
  readonly identify?: (value: any) => string;
  /** How a message names a value; absent if by its text. */
  readonly nameOf?: (value: any) => string;
  readonly negated?: boolean;
  /** Whether an asset may have several values of the key. */
  readonly mayHaveSeveral?: boolean;
  readonly form?: ValueForm;
}

/** The form that values have which something can have. */
interface ValueForm {
  readonly form: RegExp;
  readonly expected: string;
}

/** A key, and what is asked of it, as it is written. */
interface Match {
  readonly key: string;
  readonly negated: boolean;
  readonly mayHaveSeveral: boolean;
  readonly values: string[];
  /** Equal for two names of the same thing. */
  readonly identities: string[];
  /** Whether all values are known. */
  readonly isKnown: boolean;
}

function criterionOf<T>(parts: {
  readonly key: string;
  readonly kind: Kind;
  readonly factory: string;
  readonly given: readonly T[];
  readonly textOf: (value: T) => unknown;
  readonly identify?: (value: T) => string;
  readonly nameOf?: (value: T) => string;
}): Criterion {
  return { ...parts, given: copyOf(parts.given) };
}

function texts(key: string, factory: string, given: readonly string[], form?: ValueForm): Criterion {
  return { key, kind: TEXT, factory, given: copyOf(given), textOf: value => value, form };
}

/** Of a class that has a constant for each value that is known. */
function constants(key: string, factory: string, type: string, given: readonly { readonly value: string }[]): Criterion {
  const kind = { ...ofClass(type), wayOut: `Use one of its constants, or ${type}.of().` };
  return { key, kind, factory, given: copyOf(given), textOf: ({ value }) => value };
}

function accounts(factory: string, accountIds: readonly string[]): Criterion {
  return texts('AccountId', factory, accountIds, { form: ACCOUNT, expected: 'an account id, of 12 digits' });
}

function ids(key: string, factory: string, { id, name, prefix }: Ec2ResourceKind, values: readonly string[]): Criterion {
  return texts(key, factory, values, { form: id, expected: `the id of an ${name}, of '${prefix}' and 8 or 17 letters and digits` });
}

function opposite(one: Criterion): Criterion {
  return { ...one, negated: !one.negated };
}

/** Two that have still to be looked up may have one text until then. */
function identityOfText(text: string): string {
  return isDummyOfAll(text) ? randomUUID() : identityOf(text);
}

/** Equal for two matches that say the same. */
function describe({ key, negated, identities }: Match): string {
  return JSON.stringify([key, negated, ...[...new Set(identities)].sort()]);
}

/** Checks what the user has given, and reads it. */
function read(scope: IConstruct, rule: string, criterion: Criterion): Match {
  const { factory, form, textOf, kind } = criterion;
  const property = `${factory}() of ${rule}`;
  const list = `${rule}: the list of ${factory}()`;
  const values = givenAs(scope, list, criterion.given, listOf(kind));
  if (!Token.isUnresolved(values)) {
    if (values.length === 0) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:licenseAssetMatchEmpty',
        `${property} has no value, so that it says nothing. Name what to match, or leave the match out.`);
    }
    for (const [index, value] of values.entries()) {
      // A class with a constant for each value may have been given anything for another one.
      const text = givenAs(scope, `${list}[${index}].value`, textOf(value), TEXT) as string;
      if (form ? !fits(form.form, text) : !isUnknown(text) && text.trim() === '') {
        Annotations.of(scope).addWarningV2('cdk-license-manager:licenseAssetMatchForm',
          `${property} has the value '${shown(scope, text)}', which nothing has: it has to be ${form?.expected ?? 'at least 1 visible character'}. Correct it.`);
      }
    }
  }
  const distinct = Token.isUnresolved(values) ? values : onceEach(scope, property, values, identifyBy(criterion), nameBy(scope, criterion));
  return known({ ...criterion, given: distinct });
}

/** What was checked, as it is written. */
function known(from: Criterion): Match {
  const { key, negated = false, mayHaveSeveral = false, given, textOf } = from;
  if (Token.isUnresolved(given)) {
    // A list that is a token stands for itself, and for nobody knows how many values.
    return { key, negated, mayHaveSeveral, values: given as string[], identities: [JSON.stringify(given)], isKnown: false };
  }
  const values = given.map(textOf) as string[];
  return { key, negated, mayHaveSeveral, values, identities: given.map(identifyBy(from)), isKnown: !values.some(isUnknown) };
}

function identifyBy({ identify, textOf }: Criterion): (value: unknown) => string {
  return identify ?? (value => identityOfText(textOf(value) as string));
}

function nameBy(scope: IConstruct, { nameOf, textOf }: Criterion): (value: unknown) => string {
  return nameOf ?? (value => shown(scope, textOf(value) as string));
}

/**
 * Warns of matches that nothing fulfills together.
 *
 * `EQUALS` takes several values, of which an asset has to have one; `NOT_EQUALS` excludes those that have one of its values. So what is asked for and not
 * excluded can be had, and an asset that may have several values can have one that is asked for by each match.
 */
function checkFulfillable(scope: IConstruct, rule: string, matches: Match[]): void {
  for (const { asked, excluded, mayHaveSeveral } of byKey(matches)) {
    const without = new Set(excluded.flatMap(({ identities }) => identities));
    const impossible = asked.find(({ identities }) => identities.every(it => without.has(it)));
    if (impossible) {
      warnOfNothing(scope, rule, `it asks for ${inWords(scope, impossible)} and excludes all of it. Take it from one of the matches.`);
    } else if (!mayHaveSeveral && asked.length > 1 && asked.every(({ isKnown }) => isKnown)) {
      const left = common(asked).filter(it => !without.has(it));
      if (left.length === 0) {
        warnOfNothing(scope, rule,
          `it asks for ${asked.map(it => inWords(scope, it)).join(' and for ')}${excluded.length > 0 ? `, and not for ${excluded.map(it => inWords(scope, it)).join(' or ')}` : ''}, ` +
          'and there is one value only. Give one match all values, of which one has to fit, or use a rule that matches any.');
      }
    }
  }
}

/** Warns of matches of which everything fulfills one: of those that are excluded, nothing has all, or what has one is asked for. */
function checkSelective(scope: IConstruct, rule: string, matches: Match[]): void {
  for (const { asked, excluded, mayHaveSeveral } of byKey(matches)) {
    const taken = new Set(asked.flatMap(({ identities }) => identities));
    const covered = excluded.some(({ identities }) => identities.every(it => taken.has(it)));
    const isAll = covered
      || !mayHaveSeveral && excluded.length > 1 && excluded.every(({ isKnown }) => isKnown) && common(excluded).every(it => taken.has(it));
    if (isAll) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:licenseAssetRuleMatchesEverything',
        `${rule} matches everything: whatever has a value that one of its matches excludes, fulfills another one. Excluded are ` +
        `${excluded.map(it => inWords(scope, it)).join(' and ')}. Leave one of them out, or use a rule that matches all.`);
    }
  }
}

function warnOfNothing(scope: IConstruct, rule: string, why: string): void {
  Annotations.of(scope).addWarningV2('cdk-license-manager:licenseAssetRuleMatchesNothing', `${rule} matches nothing: ${why}`);
}

/** What is asked for and excluded, of each key. */
function byKey(matches: Match[]): { readonly asked: Match[]; readonly excluded: Match[]; readonly mayHaveSeveral: boolean }[] {
  return [...new Set(matches.map(({ key }) => key))].map(key => {
    const ofKey = matches.filter(it => it.key === key && it.identities.length > 0);
    return {
      asked: ofKey.filter(({ negated }) => !negated),
      excluded: ofKey.filter(({ negated }) => negated),
      mayHaveSeveral: ofKey.some(it => it.mayHaveSeveral),
    };
  });
}

/** What is in all of them. */
function common([first, ...others]: Match[]): string[] {
  return first.identities.filter(it => others.every(({ identities }) => identities.includes(it)));
}

/** A match as messages write it. */
function inFull(scope: IConstruct, match: Match): string {
  return `${match.key} ${match.negated ? NOT_EQUALS : EQUALS} ${named(scope, match).sort().join(', ')}`;
}

function inWords(scope: IConstruct, match: Match): string {
  return `the ${match.key} ${named(scope, match).map(name => `'${name}'`).join(' or ')}`;
}

function named(scope: IConstruct, { values }: Match): string[] {
  return Token.isUnresolved(values) ? [JSON.stringify(Stack.of(scope).resolve(values))] : values.map(value => shown(scope, value));
}
