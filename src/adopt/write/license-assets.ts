import type { Writer } from './writer';
import { constantOrOf, inexpressible, named } from './writer';
import { create, dictionary, factory, list, text, texts, then } from '../code/expressions';
import type { Expression } from '../code/language';
import type { AssetGroupData, RuleSetData } from '../estate';
import { isObject, objectIn, objectsIn, textIn, textsIn } from '../input/json';
import type { Json } from '../input/json';

/*
 * License asset rulesets and groups.
 */

/** Writes the rulesets of the account, and then the groups, which have them. */
export function writeLicenseAssets(writer: Writer): void {
  writer.section('License asset rulesets');
  writer.estate.ruleSets.forEach(ruleSet => writeRuleSet(writer, ruleSet));
  writer.section('License asset groups');
  writer.estate.assetGroups.forEach(group => writeGroup(writer, group));
}

function writeRuleSet(writer: Writer, { arn, name, description = '', rules, tags }: RuleSetData): void {
  writer.declare({
    arn,
    what: named('Ruleset', name),
    resourceType: 'AWS::LicenseManager::LicenseAssetRuleSet',
    identifier: { LicenseAssetRulesetArn: arn },
    arnAttribute: 'LicenseAssetRulesetArn',
    tags,
    construct: () => {
      const seen = rules.map(({ statement }) => JSON.stringify(statement));
      inexpressible(new Set(seen).size < seen.length, 'it has a rule twice, which LicenseAssetRuleSet writes once');
      return {
        type: 'LicenseAssetRuleSet',
        properties: {
          licenseAssetRuleSetName: text(name),
          description: description === '' ? undefined : text(description),
          rules: list(rules.map(({ statement }) => ruleOf(writer, statement))),
        },
      };
    },
    properties: () => {
      inexpressible(JSON.stringify(rules).includes('ScriptRuleStatement'), 'it has a rule with a script, which CloudFormation does not have');
      inexpressible(rules.some(({ statement }) => Object.keys(statement).some(kind => !Object.hasOwn(KINDS, kind))),
        'it has a rule on a kind of assets that CloudFormation does not have');
      return { Name: name, Description: description, Rules: rules.map(({ statement }) => ({ RuleStatement: statement })) };
    },
  });
}

const KINDS: { readonly [statement: string]: { readonly rule: string; readonly match: string } } = {
  LicenseConfigurationRuleStatement: { rule: 'licenseConfigurations', match: 'LicenseConfigurationMatch' },
  LicenseRuleStatement: { rule: 'licenses', match: 'LicenseMatch' },
  InstanceRuleStatement: { rule: 'instances', match: 'InstanceMatch' },
};

const OTHER_RULES = 'it has a rule that LicenseAssetRule cannot say';

function ruleOf(writer: Writer, statement: Json): Expression {
  const [kind, ...others] = Object.keys(statement).filter(name => isObject(statement[name]));
  inexpressible(kind === undefined || others.length > 0 || !Object.hasOwn(KINDS, kind), OTHER_RULES);
  const { rule, match } = KINDS[kind];
  const inside = objectIn(statement, kind)!;
  const [logic, ...more] = Object.keys(inside).filter(name => isObject(inside[name]));
  inexpressible(logic === undefined || more.length > 0, OTHER_RULES);
  if (logic === 'MatchingRuleStatement') {
    return factory('LicenseAssetRule', rule, [matchOf(writer, match, objectIn(inside, logic)!)]);
  }
  const all = objectIn(inside, logic)!;
  const statements = objectsIn(all, 'MatchingRuleStatements');
  const distinct = new Set(statements.map(it => JSON.stringify([it.KeyToMatch, it.Constraint, [...textsIn(it, 'ValueToMatch')].sort()])));
  // One match alone is written as such, and what is there twice once.
  inexpressible(!['AndRuleStatement', 'OrRuleStatement'].includes(logic) || objectsIn(all, 'ScriptRuleStatements').length > 0, OTHER_RULES);
  inexpressible(statements.length < 2 || distinct.size < statements.length, OTHER_RULES);
  return factory('LicenseAssetRule', `${rule}Matching${logic === 'AndRuleStatement' ? 'All' : 'Any'}`, [
    list(statements.map(it => matchOf(writer, match, it))),
  ]);
}

/** How the values of a key are written. */
type Values = (writer: Writer, values: readonly string[]) => Expression;

const asTexts: Values = (_, values) => texts(values);
const asReferences: Values = (writer, values) => list(values.map(arn => writer.of(arn)));
const asConstants = (type: string, constants: { readonly [value: string]: string }): Values =>
  (_, values) => list(values.map(value => constantOrOf(type, constants, value)));

const MATCHES: { readonly [match: string]: { readonly [key: string]: { readonly factory: string; readonly values: Values } } } = {
  LicenseConfigurationMatch: {
    LicenseConfigurationArn: { factory: 'licenseConfiguration', values: asReferences },
    AccountId: { factory: 'accountId', values: asTexts },
  },
  LicenseMatch: {
    LicenseArn: { factory: 'license', values: asReferences },
    ProductSKU: { factory: 'productSku', values: asTexts },
    Issuer: { factory: 'issuer', values: asTexts },
    Beneficiary: { factory: 'beneficiary', values: asTexts },
    HomeRegion: { factory: 'homeRegion', values: asTexts },
    LicenseStatus: {
      factory: 'licenseStatus',
      values: asConstants('GrantedLicenseStatus', Object.fromEntries(
        ['AVAILABLE', 'DEACTIVATED', 'DELETED', 'EXPIRED', 'PENDING_AVAILABLE', 'PENDING_DELETE', 'SUSPENDED'].map(it => [it, it]))),
    },
  },
  InstanceMatch: {
    Platform: { factory: 'platform', values: asConstants('InstancePlatform', { Linux: 'LINUX', Windows: 'WINDOWS' }) },
    EC2BillingProduct: {
      factory: 'ec2BillingProduct',
      values: asConstants('Ec2BillingProduct', {
        'rhel': 'RHEL',
        'rhel-byol': 'RHEL_BYOL',
        'rhel-high-availability': 'RHEL_HIGH_AVAILABILITY',
        'sql-server-enterprise': 'SQL_SERVER_ENTERPRISE',
        'sql-server-standard': 'SQL_SERVER_STANDARD',
        'suse-linux': 'SUSE_LINUX',
        'ubuntu-pro': 'UBUNTU_PRO',
        'windows-byol': 'WINDOWS_BYOL',
        'windows-server-enterprise': 'WINDOWS_SERVER_ENTERPRISE',
      }),
    },
    MarketPlaceProductCode: { factory: 'marketplaceProductCode', values: asTexts },
    AMIId: { factory: 'amiId', values: asTexts },
    InstanceType: {
      factory: 'instanceType',
      values: (_, values) => list(values.map(value => create('InstanceType', [text(value)], {}, 'aws-cdk-lib/aws-ec2'))),
    },
    InstanceId: { factory: 'instanceId', values: asTexts },
    HostId: { factory: 'hostId', values: asTexts },
    AccountId: { factory: 'accountId', values: asTexts },
  },
};

function matchOf(writer: Writer, type: string, statement: Json): Expression {
  const key = textIn(statement, 'KeyToMatch') ?? '';
  const constraint = textIn(statement, 'Constraint');
  const values = textsIn(statement, 'ValueToMatch');
  inexpressible(!Object.hasOwn(MATCHES[type], key) || (constraint !== 'EQUALS' && constraint !== 'NOT_EQUALS'), OTHER_RULES);
  inexpressible(values.length === 0 || new Set(values).size < values.length, OTHER_RULES);
  const { factory: name, values: written } = MATCHES[type][key];
  const match = factory(type, name, [written(writer, values)]);
  return constraint === 'EQUALS' ? match : then(match, 'negated', []);
}

function writeGroup(writer: Writer, { arn, name, description = '', dimensions, ruleSets, properties, status, tags }: AssetGroupData): void {
  if (status === 'DELETED') {
    return;
  }
  writer.declare({
    arn,
    what: named('License asset group', name),
    resourceType: 'AWS::LicenseManager::LicenseAssetGroup',
    identifier: { LicenseAssetGroupArn: arn },
    arnAttribute: 'LicenseAssetGroupArn',
    tags,
    comments: status === 'DISABLED' ? [`${named('License asset group', name)} is disabled, which CloudFormation neither shows nor changes.`] : [],
    construct: () => {
      inexpressible(dimensions.length !== 1, `it has ${dimensions.length} usage dimensions, and LicenseAssetGroup has one`);
      inexpressible(new Set(properties.map(({ key }) => key)).size < properties.length, 'it has a property twice, which LicenseAssetGroup does not take');
      inexpressible(new Set(ruleSets).size < ruleSets.length, 'it has a ruleset twice, which LicenseAssetGroup writes once');
      return {
        type: 'LicenseAssetGroup',
        properties: {
          licenseAssetGroupName: text(name),
          description: description === '' ? undefined : text(description),
          usageDimension: constantOrOf('UsageDimension', { Core: 'CORE', Instance: 'INSTANCE', Socket: 'SOCKET', vCPU: 'VCPU' }, dimensions[0]),
          ruleSets: list(ruleSets.map(it => writer.of(it))),
          properties: properties.length === 0 ? undefined : dictionary(properties.map(({ key, value }) => [key, text(value)])),
        },
      };
    },
    properties: () => ({
      Name: name,
      Description: description,
      LicenseAssetGroupConfigurations: dimensions.map(UsageDimension => ({ UsageDimension })),
      AssociatedLicenseAssetRulesetARNs: ruleSets,
      Properties: properties.map(({ key, value }) => ({ Key: key, Value: value })),
    }),
  });
}
