import { LicenseStatus } from '@aws-sdk/client-license-manager';
import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import {
  Ec2BillingProduct, GrantedLicenseStatus, InstanceMatch, InstancePlatform, LicenseAssetRule, LicenseAssetRuleSet, LicenseConfiguration,
  LicenseConfigurationMatch, LicenseCounting, LicenseMatch,
} from '../../src';
import { makeLicense } from '../license-configuration/licenses';

const TYPE = 'AWS::LicenseManager::LicenseAssetRuleSet';
const ACCOUNT = '111122223333';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
});

function make(...rules: LicenseAssetRule[]) {
  return new LicenseAssetRuleSet(stack, 'RuleSet', { rules });
}

function rendered(...rules: LicenseAssetRule[]) {
  make(...rules);
  const [resource] = Object.values(Template.fromStack(stack).findResources(TYPE));
  return resource.Properties.Rules.map(({ RuleStatement }: any) => RuleStatement);
}

function statement(key: string, values: unknown[], constraint = 'EQUALS') {
  return { KeyToMatch: key, Constraint: constraint, ValueToMatch: values };
}

describe('the table of keys of the user guide', () => {
  test.each<[string, string[], InstanceMatch]>([
    ['Platform', ['Windows', 'Linux'], InstanceMatch.platform([InstancePlatform.WINDOWS, InstancePlatform.LINUX])],
    ['EC2BillingProduct', ['windows-byol'], InstanceMatch.ec2BillingProduct([Ec2BillingProduct.WINDOWS_BYOL])],
    ['MarketPlaceProductCode', ['0123456789'], InstanceMatch.marketplaceProductCode(['0123456789'])],
    ['AMIId', ['ami-01234567', 'ami-0123456789abcdef0'], InstanceMatch.amiId(['ami-01234567', 'ami-0123456789abcdef0'])],
    ['InstanceType', ['m5.large'], InstanceMatch.instanceType([new InstanceType('m5.large')])],
    ['InstanceId', ['i-0123456789abcdef0'], InstanceMatch.instanceId(['i-0123456789abcdef0'])],
    ['HostId', ['h-0123456789abcdef0'], InstanceMatch.hostId(['h-0123456789abcdef0'])],
    ['AccountId', [ACCOUNT], InstanceMatch.accountId([ACCOUNT])],
  ])('instances: %s', (key, values, match) => {
    expect(rendered(LicenseAssetRule.instances(match), LicenseAssetRule.instances(match.negated()))).toEqual([
      { InstanceRuleStatement: { MatchingRuleStatement: statement(key, values) } },
      { InstanceRuleStatement: { MatchingRuleStatement: statement(key, values, 'NOT_EQUALS') } },
    ]);
  });

  test.each<[string, string[], LicenseMatch]>([
    ['ProductSKU', ['sku'], LicenseMatch.productSku(['sku'])],
    ['Issuer', ['Example Corp.'], LicenseMatch.issuer(['Example Corp.'])],
    ['Beneficiary', [ACCOUNT], LicenseMatch.beneficiary([ACCOUNT])],
    ['LicenseStatus', ['AVAILABLE'], LicenseMatch.licenseStatus([GrantedLicenseStatus.AVAILABLE])],
    ['HomeRegion', ['us-east-1', 'us-gov-west-1', 'cn-northwest-1'], LicenseMatch.homeRegion(['us-east-1', 'us-gov-west-1', 'cn-northwest-1'])],
  ])('granted licenses: %s', (key, values, match) => {
    expect(rendered(LicenseAssetRule.licenses(match), LicenseAssetRule.licenses(match.negated()))).toEqual([
      { LicenseRuleStatement: { MatchingRuleStatement: statement(key, values) } },
      { LicenseRuleStatement: { MatchingRuleStatement: statement(key, values, 'NOT_EQUALS') } },
    ]);
  });

  test('granted licenses: LicenseArn', () => {
    const license = { licenseRef: { licenseArn: 'arn:aws:license-manager::111122223333:license:l-1' } } as CfnLicense;
    const match = LicenseMatch.license([license]);
    expect(rendered(LicenseAssetRule.licenses(match), LicenseAssetRule.licenses(match.negated()))).toEqual([
      { LicenseRuleStatement: { MatchingRuleStatement: statement('LicenseArn', ['arn:aws:license-manager::111122223333:license:l-1']) } },
      { LicenseRuleStatement: { MatchingRuleStatement: statement('LicenseArn', ['arn:aws:license-manager::111122223333:license:l-1'], 'NOT_EQUALS') } },
    ]);
  });

  test('self-managed licenses: LicenseConfigurationArn, of an L2, an L1 and an imported one', () => {
    const arn = 'arn:aws:license-manager:eu-central-1:444455556666:license-configuration:lic-0123456789abcdef0123456789abcdef';
    const match = LicenseConfigurationMatch.licenseConfiguration([
      new LicenseConfiguration(stack, 'L2', { licenseCounting: LicenseCounting.vcpus() }),
      makeLicense(stack, 'L1'),
      LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', arn),
    ]);
    const values = [{ 'Fn::GetAtt': [expect.stringMatching(/^L2/), 'LicenseConfigurationArn'] }, { Ref: 'L1' }, arn];
    expect(rendered(LicenseAssetRule.licenseConfigurations(match), LicenseAssetRule.licenseConfigurations(match.negated()))).toEqual([
      { LicenseConfigurationRuleStatement: { MatchingRuleStatement: statement('LicenseConfigurationArn', values) } },
      { LicenseConfigurationRuleStatement: { MatchingRuleStatement: statement('LicenseConfigurationArn', values, 'NOT_EQUALS') } },
    ]);
  });

  test('self-managed licenses: AccountId', () => {
    const match = LicenseConfigurationMatch.accountId([ACCOUNT]);
    expect(rendered(LicenseAssetRule.licenseConfigurations(match), LicenseAssetRule.licenseConfigurations(match.negated()))).toEqual([
      { LicenseConfigurationRuleStatement: { MatchingRuleStatement: statement('AccountId', [ACCOUNT]) } },
      { LicenseConfigurationRuleStatement: { MatchingRuleStatement: statement('AccountId', [ACCOUNT], 'NOT_EQUALS') } },
    ]);
  });

  test('what is negated twice is what it was', () => {
    expect(rendered(LicenseAssetRule.instances(InstanceMatch.accountId([ACCOUNT]).negated().negated()))).toEqual([
      { InstanceRuleStatement: { MatchingRuleStatement: statement('AccountId', [ACCOUNT]) } },
    ]);
  });

  test('the values of closed sets, and others', () => {
    const { RHEL, RHEL_BYOL, RHEL_HIGH_AVAILABILITY, SQL_SERVER_ENTERPRISE, SQL_SERVER_STANDARD, SUSE_LINUX, UBUNTU_PRO } = Ec2BillingProduct;
    const products = [
      Ec2BillingProduct.WINDOWS_SERVER_ENTERPRISE, Ec2BillingProduct.WINDOWS_BYOL, SQL_SERVER_STANDARD, SQL_SERVER_ENTERPRISE, RHEL, RHEL_BYOL,
      RHEL_HIGH_AVAILABILITY, UBUNTU_PRO, SUSE_LINUX, Ec2BillingProduct.of('new'),
    ];
    expect(products.map(({ value }) => value)).toEqual([
      'windows-server-enterprise', 'windows-byol', 'sql-server-standard', 'sql-server-enterprise', 'rhel', 'rhel-byol', 'rhel-high-availability',
      'ubuntu-pro', 'suse-linux', 'new',
    ]);
    const { AVAILABLE, PENDING_AVAILABLE, DEACTIVATED, SUSPENDED, EXPIRED, PENDING_DELETE, DELETED } = GrantedLicenseStatus;
    const statuses = [AVAILABLE, PENDING_AVAILABLE, DEACTIVATED, SUSPENDED, EXPIRED, PENDING_DELETE, DELETED, GrantedLicenseStatus.of('NEW')];
    expect(statuses.map(({ value }) => value)).toEqual([
      'AVAILABLE', 'PENDING_AVAILABLE', 'DEACTIVATED', 'SUSPENDED', 'EXPIRED', 'PENDING_DELETE', 'DELETED', 'NEW',
    ]);
    expect(statuses.slice(0, -1).map(({ value }) => value).sort()).toEqual(Object.values<string>(LicenseStatus).sort());
    expect(InstancePlatform.of('macOS').value).toBe('macOS');
  });
});

describe('all, any and a single match', () => {
  const platform = InstanceMatch.platform([InstancePlatform.WINDOWS]);
  const account = InstanceMatch.accountId([ACCOUNT]).negated();
  const both = [statement('Platform', ['Windows']), statement('AccountId', [ACCOUNT], 'NOT_EQUALS')];

  test('of instances', () => {
    expect(rendered(LicenseAssetRule.instancesMatchingAll([platform, account]), LicenseAssetRule.instancesMatchingAny([platform, account]))).toEqual([
      { InstanceRuleStatement: { AndRuleStatement: { MatchingRuleStatements: both } } },
      { InstanceRuleStatement: { OrRuleStatement: { MatchingRuleStatements: both } } },
    ]);
  });

  test('of granted licenses', () => {
    const matches = [LicenseMatch.issuer(['Example Corp.']), LicenseMatch.productSku(['sku'])];
    const statements = [statement('Issuer', ['Example Corp.']), statement('ProductSKU', ['sku'])];
    expect(rendered(LicenseAssetRule.licensesMatchingAll(matches), LicenseAssetRule.licensesMatchingAny(matches))).toEqual([
      { LicenseRuleStatement: { AndRuleStatement: { MatchingRuleStatements: statements } } },
      { LicenseRuleStatement: { OrRuleStatement: { MatchingRuleStatements: statements } } },
    ]);
  });

  test('of self-managed licenses', () => {
    const matches = [LicenseConfigurationMatch.licenseConfiguration([makeLicense(stack, 'L1')]), LicenseConfigurationMatch.accountId([ACCOUNT])];
    const statements = [statement('LicenseConfigurationArn', [{ Ref: 'L1' }]), statement('AccountId', [ACCOUNT])];
    expect(rendered(
      LicenseAssetRule.licenseConfigurationsMatchingAll(matches), LicenseAssetRule.licenseConfigurationsMatchingAny(matches),
    )).toEqual([
      { LicenseConfigurationRuleStatement: { AndRuleStatement: { MatchingRuleStatements: statements } } },
      { LicenseConfigurationRuleStatement: { OrRuleStatement: { MatchingRuleStatements: statements } } },
    ]);
  });

  test('all of one, and any of one, is a single match', () => {
    const single = { InstanceRuleStatement: { MatchingRuleStatement: statement('Platform', ['Windows']) } };
    expect(rendered(LicenseAssetRule.instancesMatchingAll([platform]), LicenseAssetRule.instancesMatchingAny([account]))).toEqual([
      single, { InstanceRuleStatement: { MatchingRuleStatement: both[1] } },
    ]);
  });
});

/** The warnings of the ruleset, without their ids, which are checked by the message that follows. */
function warnings(): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
}

const warning = (id: string, message: string) => `${message} [ack: cdk-license-manager:${id}]`;

describe('what License Manager takes, and nobody means, causes a warning:', () => {
  test.each([
    ['all', () => LicenseAssetRule.instancesMatchingAll([])],
    ['any', () => LicenseAssetRule.licensesMatchingAny([])],
  ])('a rule without a match: %s', (_what, rule) => {
    make(rule());
    expect(warnings()).toEqual([warning('licenseAssetRuleEmpty', 'rules[0] has no match, so that it says nothing. Say what it matches, or leave it out.')]);
  });

  test.each<[string, LicenseAssetRule]>([
    ['InstanceMatch.platform', LicenseAssetRule.instances(InstanceMatch.platform([]))],
    ['InstanceMatch.accountId', LicenseAssetRule.instances(InstanceMatch.accountId([]))],
    ['LicenseMatch.homeRegion', LicenseAssetRule.licenses(LicenseMatch.homeRegion([]).negated())],
    ['LicenseMatch.license', LicenseAssetRule.licenses(LicenseMatch.license([]))],
    ['LicenseConfigurationMatch.licenseConfiguration', LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([]))],
    ['LicenseConfigurationMatch.accountId', LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.accountId([]))],
  ])('a match without a value: %s', (factory, rule) => {
    make(LicenseAssetRule.instances(InstanceMatch.hostId(['h-01234567'])), rule);
    expect(warnings()).toEqual([
      warning('licenseAssetMatchEmpty', `${factory}() of rules[1] has no value, so that it says nothing. Name what to match, or leave the match out.`),
    ]);
  });

  const ID = 'and 8 or 17 letters and digits';
  test.each<[string, string, InstanceMatch, string]>([
    ['marketplaceProductCode', '  ', InstanceMatch.marketplaceProductCode(['  ']), 'at least 1 visible character'],
    ['platform', '', InstanceMatch.platform([InstancePlatform.of('')]), 'at least 1 visible character'],
    ['accountId', '11112222333', InstanceMatch.accountId(['11112222333']), 'an account id, of 12 digits'],
    ['accountId', '1111222233334', InstanceMatch.accountId(['1111222233334']), 'an account id, of 12 digits'],
    ['amiId', 'i-01234567', InstanceMatch.amiId(['i-01234567']), `the id of an AMI, of 'ami-' ${ID}`],
    ['amiId', `ami-${'0'.repeat(18)}`, InstanceMatch.amiId([`ami-${'0'.repeat(18)}`]), `the id of an AMI, of 'ami-' ${ID}`],
    ['instanceId', 'mi-01234567', InstanceMatch.instanceId(['mi-01234567']), `the id of an EC2 instance, of 'i-' ${ID}`],
    ['hostId', 'h-0123456', InstanceMatch.hostId(['h-0123456']), `the id of an EC2 Dedicated Host, of 'h-' ${ID}`],
  ])('a value that nothing has: %s \'%s\'', (factory, value, match, expected) => {
    make(LicenseAssetRule.instances(match));
    expect(warnings()).toEqual([warning('licenseAssetMatchForm',
      `InstanceMatch.${factory}() of rules[0] has the value '${value}', which nothing has: it has to be ${expected}. Correct it.`)]);
  });

  test('a Region that is none', () => {
    make(LicenseAssetRule.licenses(LicenseMatch.homeRegion(['Frankfurt'])));
    expect(warnings()).toEqual([warning('licenseAssetMatchForm',
      'LicenseMatch.homeRegion() of rules[0] has the value \'Frankfurt\', which nothing has: it has to be a Region, such as \'us-east-1\'. Correct it.')]);
  });

  const TWICE = 'and is written once. Leave one of the two out, or name what was meant.';

  test('a value twice, which is written once', () => {
    expect(rendered(LicenseAssetRule.instances(InstanceMatch.amiId(['ami-01234567', 'ami-89abcdef', 'ami-01234567'])))).toEqual([
      { InstanceRuleStatement: { MatchingRuleStatement: statement('AMIId', ['ami-01234567', 'ami-89abcdef']) } },
    ]);
    expect(warnings()).toEqual([warning('namedTwice', `'ami-01234567' is in InstanceMatch.amiId() of rules[0] twice, ${TWICE}`)]);
  });

  test('a license twice, as L1 and by its ARN, which is named by its path', () => {
    const license = makeLicense(stack, 'L1');
    const imported = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', license.attrLicenseConfigurationArn);
    expect(rendered(LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([license, imported])))).toEqual([
      { LicenseConfigurationRuleStatement: { MatchingRuleStatement: statement('LicenseConfigurationArn', [{ Ref: 'L1' }]) } },
    ]);
    expect(warnings()).toEqual([
      warning('namedTwice', `'Stack/Imported' is in LicenseConfigurationMatch.licenseConfiguration() of rules[0] twice, ${TWICE}`),
    ]);
  });

  test.each([
    ['all', LicenseAssetRule.instancesMatchingAll],
    ['any', LicenseAssetRule.instancesMatchingAny],
  ])('a match twice, which is written once: %s', (_what, factory) => {
    const windows = InstanceMatch.ec2BillingProduct([Ec2BillingProduct.WINDOWS_BYOL, Ec2BillingProduct.RHEL]);
    const same = InstanceMatch.ec2BillingProduct([Ec2BillingProduct.RHEL, Ec2BillingProduct.WINDOWS_BYOL]);
    expect(rendered(factory([windows, same]))).toEqual([
      { InstanceRuleStatement: { MatchingRuleStatement: statement('EC2BillingProduct', ['windows-byol', 'rhel']) } },
    ]);
    expect(warnings()).toEqual([warning('namedTwice', `'EC2BillingProduct EQUALS rhel, windows-byol' is in rules[0] twice, ${TWICE}`)]);
  });

  test('a match twice whose values are references shows no token', () => {
    const text = new CfnParameter(stack, 'Text').valueAsString;
    make(LicenseAssetRule.instancesMatchingAll([InstanceMatch.amiId([text]), InstanceMatch.amiId([text])]));
    expect(warnings()).toEqual([warning('namedTwice', `'AMIId EQUALS Stack/Text' is in rules[0] twice, ${TWICE}`)]);
  });
});

describe('what cannot be written is refused:', () => {
  test.each<[string, InstanceMatch, string]>([
    ['ec2BillingProduct', InstanceMatch.ec2BillingProduct(JSON.parse('["rhel"]')),
      'the text \'rhel\': it has to be of the class Ec2BillingProduct. Use one of its constants, or Ec2BillingProduct.of().'],
    ['accountId', InstanceMatch.accountId(JSON.parse('[111122223333]')), '111122223333: it has to be a text. Write it as a text.'],
  ])('a value of another kind, as a file and JavaScript may have it, in %s', (factory, match, message) => {
    expect(() => make(LicenseAssetRule.instances(match))).toThrow(`Stack/RuleSet: rules[0]: the list of InstanceMatch.${factory}()[0] is ${message}`);
  });

  test('what of() of a class of values has made of something else than a text', () => {
    expect(() => make(LicenseAssetRule.instances(InstanceMatch.ec2BillingProduct([Ec2BillingProduct.of(JSON.parse('5'))]))))
      .toThrow('Stack/RuleSet: rules[0]: the list of InstanceMatch.ec2BillingProduct()[0].value is 5: it has to be a text. Write it as a text.');
  });

  test('a license by its ARN where a license is asked for', () => {
    expect(() => make(LicenseAssetRule.licenses(LicenseMatch.license(JSON.parse('["arn"]'))))).toThrow(
      'Stack/RuleSet: rules[0]: the list of LicenseMatch.license()[0] is the text \'arn\': it has to be a license.');
    stack.node.tryRemoveChild('RuleSet');
    expect(() => make(LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration(JSON.parse('["arn"]'))))).toThrow(
      'Stack/RuleSet: rules[0]: the list of LicenseConfigurationMatch.licenseConfiguration()[0] is the text \'arn\': it has to be a self-managed license.');
  });

  /** Every factory that takes a list. */
  const LISTS: [string, (list: any) => LicenseAssetRule][] = [
    ...(['platform', 'ec2BillingProduct', 'marketplaceProductCode', 'amiId', 'instanceType', 'instanceId', 'hostId', 'accountId'] as const)
      .map((name): [string, (list: any) => LicenseAssetRule] => [`InstanceMatch.${name}`, list => LicenseAssetRule.instances(InstanceMatch[name](list))]),
    ...(['license', 'productSku', 'issuer', 'beneficiary', 'licenseStatus', 'homeRegion'] as const)
      .map((name): [string, (list: any) => LicenseAssetRule] => [`LicenseMatch.${name}`, list => LicenseAssetRule.licenses(LicenseMatch[name](list))]),
    ...(['licenseConfiguration', 'accountId'] as const).map((name): [string, (list: any) => LicenseAssetRule] =>
      [`LicenseConfigurationMatch.${name}`, list => LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch[name](list))]),
  ];

  test('the table of lists has every factory of the classes', () => {
    const factories = Object.entries({ InstanceMatch, LicenseConfigurationMatch, LicenseMatch })
      .flatMap(([name, type]) => Object.getOwnPropertyNames(type).filter(it => typeof Reflect.get(type, it) === 'function' && it !== 'prototype').map(it => `${name}.${it}`));
    expect(LISTS.map(([name]) => name).sort()).toEqual(factories.sort());
  });

  test.each(LISTS)('%s() takes a list, and no single value, nothing and no member that is missing', (factory, rule) => {
    for (const single of ['text', 5, InstancePlatform.LINUX]) {
      expect(() => make(rule(single))).toThrow(
        new RegExp(`^Stack/RuleSet: rules\\[0\\]: the list of ${factory.replace('.', '\\.')}\\(\\) is .*: it has to be a list\\. Write it as a list, even of one\\.$`));
      stack.node.tryRemoveChild('RuleSet');
    }
    for (const missing of [undefined, null]) {
      expect(() => make(rule(missing))).toThrow(`Stack/RuleSet: rules[0]: the list of ${factory}() is missing: there is no default for it. Set it.`);
      stack.node.tryRemoveChild('RuleSet');
      expect(() => make(rule([missing]))).toThrow(`Stack/RuleSet: rules[0]: the list of ${factory}()[0] is missing: a list has no gaps. Set it, or take it out of the list.`);
      stack.node.tryRemoveChild('RuleSet');
    }
  });

  test.each<[string, (matches: any) => LicenseAssetRule, string]>([
    ['instances', matches => LicenseAssetRule.instancesMatchingAll(matches), 'InstanceMatch'],
    ['licenses', matches => LicenseAssetRule.licensesMatchingAny(matches), 'LicenseMatch'],
    ['self-managed licenses', matches => LicenseAssetRule.licenseConfigurationsMatchingAll(matches), 'LicenseConfigurationMatch'],
  ])('matches of %s that are none', (_what, rule, type) => {
    for (const [matches, message] of [
      [undefined, 'rules[0]: the list of matches is missing: there is no default for it. Set it.'],
      ['text', 'rules[0]: the list of matches is the text \'text\': it has to be a list. Write it as a list, even of one.'],
      [[null], 'rules[0]: the list of matches[0] is missing: a list has no gaps. Set it, or take it out of the list.'],
      [['text'], `rules[0]: the list of matches[0] is the text 'text': it has to be of the class ${type}. Use what ${type} has.`],
    ] as const) {
      expect(() => make(rule(matches))).toThrow(`Stack/RuleSet: ${message}`);
      stack.node.tryRemoveChild('RuleSet');
    }
  });
});

describe('all of several', () => {
  const { RHEL, SQL_SERVER_STANDARD: SQL, WINDOWS_SERVER_ENTERPRISE: WINDOWS } = Ec2BillingProduct;
  const [A, B, C] = [ACCOUNT, '444455556666', '777788889999'];
  const products = (...list: Ec2BillingProduct[]) => InstanceMatch.ec2BillingProduct(list);
  const accounts = (...list: string[]) => InstanceMatch.accountId(list);
  const ONE_VALUE = 'and there is one value only. Give one match all values, of which one has to fit, or use a rule that matches any.';

  test.each<[string, InstanceMatch[]]>([
    ['one of two billing products, and not one of them', [products(WINDOWS, SQL), products(SQL).negated()]],
    ['the same, the other way round', [products(SQL).negated(), products(WINDOWS, SQL)]],
    ['two billing products at once', [products(WINDOWS), products(SQL)]],
    ['two billing products at once, and not a third', [products(WINDOWS), products(SQL), products(RHEL).negated()]],
    ['two product codes at once', [InstanceMatch.marketplaceProductCode(['a']), InstanceMatch.marketplaceProductCode(['b'])]],
    ['accounts without one of them', [accounts(A, B), accounts(B).negated()]],
    ['accounts without two of them, in two matches', [accounts(A, B, C), accounts(B).negated(), accounts(C).negated()]],
    ['accounts that two lists have in common', [accounts(A, B), accounts(B, C)]],
    ['exclusions', [accounts(A).negated(), accounts(B).negated()]],
    ['different keys', [accounts(A), InstanceMatch.platform([InstancePlatform.LINUX]).negated()]],
    ['an account, and one that is a token', [accounts(A), accounts(Fn.importValue('account'))]],
    ['one of two accounts of which one is a token, and another one', [accounts(A, Fn.importValue('account')), accounts(B)]],
    ['an account, and not one that is a token', [accounts(A), accounts(Fn.importValue('account')).negated()]],
    ['an account, and lists that are tokens', [
      accounts(A), InstanceMatch.accountId(Fn.split(',', Fn.importValue('a'))), InstanceMatch.accountId(Fn.split(',', Fn.importValue('b'))).negated(),
    ]],
  ])('that can be is neither refused nor warned of: %s', (_what, matches) => {
    make(LicenseAssetRule.instancesMatchingAll(matches));
    expect(warnings()).toEqual([]);
  });

  test.each<[string, InstanceMatch[], string]>([
    ['a value and not that value', [accounts(A), accounts(A).negated()],
      `it asks for the AccountId '${A}' and excludes all of it. Take it from one of the matches.`],
    ['a billing product and not that', [products(SQL).negated(), products(SQL)],
      'it asks for the EC2BillingProduct \'sql-server-standard\' and excludes all of it. Take it from one of the matches.'],
    ['several, each of which is excluded', [accounts(A, B), accounts(A).negated(), accounts(B, C).negated()],
      `it asks for the AccountId '${A}' or '${B}' and excludes all of it. Take it from one of the matches.`],
    ['two values of a key that has one', [InstanceMatch.platform([InstancePlatform.WINDOWS]), InstanceMatch.platform([InstancePlatform.LINUX])],
      `it asks for the Platform 'Windows' and for the Platform 'Linux', ${ONE_VALUE}`],
    ['three lists with nothing in common', [accounts(A, B), accounts(B, C), accounts(C, A)],
      `it asks for the AccountId '${A}' or '${B}' and for the AccountId '${B}' or '${C}' and for the AccountId '${C}' or '${A}', ${ONE_VALUE}`],
    ['two lists of which the common value is excluded', [accounts(A, B), accounts(B, C), accounts(B).negated()],
      `it asks for the AccountId '${A}' or '${B}' and for the AccountId '${B}' or '${C}', and not for the AccountId '${B}', ${ONE_VALUE}`],
  ])('that nothing is causes a warning: %s', (_what, matches, message) => {
    make(LicenseAssetRule.instancesMatchingAll(matches));
    expect(warnings()).toEqual([warning('licenseAssetRuleMatchesNothing', `rules[0] matches nothing: ${message}`)]);
  });

  test('a list that is a token, and is asked for and excluded, is shown by what it is', () => {
    const list = InstanceMatch.accountId(Fn.split(',', Fn.importValue('a')));
    make(LicenseAssetRule.instancesMatchingAll([list, list.negated()]));
    expect(warnings()).toEqual([warning('licenseAssetRuleMatchesNothing',
      'rules[0] matches nothing: it asks for the AccountId \'{"Fn::Split":[",",{"Fn::ImportValue":"a"}]}\' and excludes all of it. Take it from one of the matches.')]);
  });

  test('a token that is asked for and excluded is shown by what it refers to', () => {
    const text = new CfnParameter(stack, 'Text').valueAsString;
    make(LicenseAssetRule.instancesMatchingAll([accounts(text), accounts(text).negated()]));
    expect(warnings()).toEqual([warning('licenseAssetRuleMatchesNothing',
      'rules[0] matches nothing: it asks for the AccountId \'Stack/Text\' and excludes all of it. Take it from one of the matches.')]);
  });
});

describe('what can be', () => {
  const everything = (...excluded: string[]) => warning('licenseAssetRuleMatchesEverything',
    'rules[0] matches everything: whatever has a value that one of its matches excludes, fulfills another one. Excluded are ' +
    `${excluded.map(it => `the AccountId '${it}'`).join(' and ')}. Leave one of them out, or use a rule that matches all.`);

  test('any of two exclusions and what they have in common causes a warning, for it is everything', () => {
    make(LicenseAssetRule.instancesMatchingAny([
      InstanceMatch.accountId([ACCOUNT, '444455556666']).negated(), InstanceMatch.accountId(['444455556666', '777788889999']).negated(),
      InstanceMatch.accountId(['444455556666']),
    ]));
    expect(warnings()).toEqual([everything("111122223333' or '444455556666", "444455556666' or '777788889999")]);
  });

  test('all of two billing products, which an instance may have', () => {
    const windows = InstanceMatch.ec2BillingProduct([Ec2BillingProduct.WINDOWS_SERVER_ENTERPRISE]);
    const sqlServer = InstanceMatch.ec2BillingProduct([Ec2BillingProduct.SQL_SERVER_STANDARD]);
    const [{ InstanceRuleStatement }] = rendered(LicenseAssetRule.instancesMatchingAll([windows, sqlServer]));
    expect(InstanceRuleStatement.AndRuleStatement.MatchingRuleStatements).toHaveLength(2);
  });

  test('all of two lists that have a value in common, and exclusions of different values', () => {
    make(LicenseAssetRule.instancesMatchingAll([
      InstanceMatch.accountId([ACCOUNT, '444455556666']), InstanceMatch.accountId([ACCOUNT]),
      InstanceMatch.amiId(['ami-01234567']).negated(), InstanceMatch.amiId(['ami-89abcdef']).negated(),
    ]));
    Template.fromStack(stack).resourceCountIs(TYPE, 1);
  });

  test('any of two values of a key that has one', () => {
    make(LicenseAssetRule.instancesMatchingAny([
      InstanceMatch.platform([InstancePlatform.WINDOWS]), InstanceMatch.platform([InstancePlatform.LINUX]),
    ]));
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('any of a value and not that value causes a warning, for it is everything', () => {
    make(LicenseAssetRule.instancesMatchingAny([
      InstanceMatch.accountId([ACCOUNT]).negated(), InstanceMatch.accountId([ACCOUNT, '444455556666']),
    ]));
    expect(warnings()).toEqual([everything('111122223333')]);
  });

  test('any of two exclusions of a key that has one value causes a warning, for it is everything', () => {
    make(LicenseAssetRule.instancesMatchingAny([
      InstanceMatch.accountId([ACCOUNT]).negated(), InstanceMatch.accountId(['444455556666', '777788889999']).negated(),
    ]));
    expect(warnings()).toEqual([everything('111122223333', "444455556666' or '777788889999")]);
  });

  test.each<[string, () => InstanceMatch[]]>([
    ['a value and not several', () => [InstanceMatch.accountId([ACCOUNT]), InstanceMatch.accountId([ACCOUNT, '444455556666']).negated()]],
    ['two exclusions that have a value in common', () => [
      InstanceMatch.accountId([ACCOUNT]).negated(), InstanceMatch.accountId([ACCOUNT, '444455556666']).negated(),
    ]],
    ['two exclusions of a key that may have several values', () => [
      InstanceMatch.ec2BillingProduct([Ec2BillingProduct.RHEL]).negated(), InstanceMatch.ec2BillingProduct([Ec2BillingProduct.RHEL_BYOL]).negated(),
    ]],
    ['two exclusions of which one is a token', () => [
      InstanceMatch.accountId([ACCOUNT]).negated(), InstanceMatch.accountId([new CfnParameter(stack, 'Text').valueAsString]).negated(),
    ]],
    ['two exclusions of different keys', () => [
      InstanceMatch.accountId([ACCOUNT]).negated(), InstanceMatch.platform([InstancePlatform.LINUX]).negated(),
    ]],
  ])('any of %s, which is not everything', (_what, matches) => {
    make(LicenseAssetRule.instancesMatchingAny(matches()));
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('tokens, which are not looked into', () => {
    const text = new CfnParameter(stack, 'Text').valueAsString;
    const list = Fn.split(',', Fn.importValue('accounts'));
    expect(rendered(
      LicenseAssetRule.instancesMatchingAll([InstanceMatch.amiId([text]), InstanceMatch.amiId(['ami-01234567'])]),
      LicenseAssetRule.instances(InstanceMatch.accountId(list)),
      LicenseAssetRule.licenses(LicenseMatch.homeRegion([text])),
    )).toEqual([
      { InstanceRuleStatement: { AndRuleStatement: { MatchingRuleStatements: [statement('AMIId', [{ Ref: 'Text' }]), statement('AMIId', ['ami-01234567'])] } } },
      {
        InstanceRuleStatement: {
          MatchingRuleStatement: { ...statement('AccountId', []), ValueToMatch: { 'Fn::Split': [',', { 'Fn::ImportValue': 'accounts' }] } },
        },
      },
      { LicenseRuleStatement: { MatchingRuleStatement: statement('HomeRegion', [{ Ref: 'Text' }]) } },
    ]);
  });
});
