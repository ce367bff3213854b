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

describe('what cannot be', () => {
  const instances = (...matches: InstanceMatch[]) => () => make(LicenseAssetRule.instancesMatchingAll(matches));

  test.each([
    ['all', () => LicenseAssetRule.instancesMatchingAll([])],
    ['any', () => LicenseAssetRule.licensesMatchingAny([])],
  ])('a rule without a match: %s', (_what, rule) => {
    expect(() => make(rule())).toThrow('Stack/RuleSet: rules[0] has no match: it needs at least 1. Say what it matches, or leave it out.');
  });

  test.each<[string, LicenseAssetRule]>([
    ['InstanceMatch.platform', LicenseAssetRule.instances(InstanceMatch.platform([]))],
    ['InstanceMatch.accountId', LicenseAssetRule.instances(InstanceMatch.accountId([]))],
    ['LicenseMatch.homeRegion', LicenseAssetRule.licenses(LicenseMatch.homeRegion([]).negated())],
    ['LicenseMatch.license', LicenseAssetRule.licenses(LicenseMatch.license([]))],
    ['LicenseConfigurationMatch.licenseConfiguration', LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([]))],
    ['LicenseConfigurationMatch.accountId', LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.accountId([]))],
  ])('a match without a value: %s', (factory, rule) => {
    expect(() => make(LicenseAssetRule.instances(InstanceMatch.hostId(['h-01234567'])), rule)).toThrow(
      `Stack/RuleSet: ${factory}() of rules[1] has no value: a match needs at least 1. Name what to match, or leave the match out.`);
  });

  test.each<[string, InstanceMatch | LicenseMatch, string]>([
    ['a blank product code', InstanceMatch.marketplaceProductCode(['  ']),
      'InstanceMatch.marketplaceProductCode() of rules[0] has the value \'  \': at least 1 visible character is needed. Correct it, or leave it out.'],
    ['a blank platform', InstanceMatch.platform([InstancePlatform.of('')]),
      'InstanceMatch.platform() of rules[0] has the value \'\': at least 1 visible character is needed. Correct it, or leave it out.'],
    ['a short account', InstanceMatch.accountId(['11112222333']),
      '\'11112222333\' is not an account id: expected 12 digits. Take it from the AWS Organizations console.'],
    ['a long account', InstanceMatch.accountId(['1111222233334']),
      '\'1111222233334\' is not an account id: expected 12 digits. Take it from the AWS Organizations console.'],
    ['an AMI that is none', InstanceMatch.amiId(['i-01234567']),
      '\'i-01234567\' is not the id of an AMI: it has to be \'ami-\' and 8 or 17 hexadecimal digits. Take the id from the EC2 console.'],
    ['an instance that is none', InstanceMatch.instanceId(['mi-01234567']),
      '\'mi-01234567\' is not the id of an EC2 instance: it has to be \'i-\' and 8 or 17 hexadecimal digits. Take the id from the EC2 console.'],
    ['a host that is none', InstanceMatch.hostId(['h-0123456']),
      '\'h-0123456\' is not the id of an EC2 Dedicated Host: it has to be \'h-\' and 8 or 17 hexadecimal digits. Take the id from the EC2 console.'],
    ['a value twice', InstanceMatch.amiId(['ami-01234567', 'ami-89abcdef', 'ami-01234567']),
      'InstanceMatch.amiId() of rules[0] has the value \'ami-01234567\' twice. Name it once.'],
  ])('%s', (_what, match, message) => {
    expect(instances(match as InstanceMatch)).toThrow(`Stack/RuleSet: ${message}`);
  });

  test.each([
    ['InstanceMatch.ec2BillingProduct', InstanceMatch.ec2BillingProduct(JSON.parse('["rhel"]'))],
    ['InstanceMatch.accountId', InstanceMatch.accountId(JSON.parse('[111122223333]'))],
  ])('a value that is not a text, as a file and JavaScript may have it, in %s', (factory, match) => {
    expect(instances(match)).toThrow(
      `Stack/RuleSet: ${factory}() of rules[0] has a value that is not a text. Where there is a class for the values, use its constants or its of(), ` +
      'else write texts.');
  });

  test('a Region that is none', () => {
    expect(() => make(LicenseAssetRule.licenses(LicenseMatch.homeRegion(['Frankfurt'])))).toThrow(
      'Stack/RuleSet: \'Frankfurt\' is not a Region: expected a name such as \'us-east-1\'. Take it from \'aws account list-regions\'.');
  });

  test('a license twice, as L1 and by its ARN', () => {
    const license = makeLicense(stack, 'L1');
    const imported = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', license.attrLicenseConfigurationArn);
    expect(() => make(LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([license, imported])))).toThrow(
      /^Stack\/RuleSet: LicenseConfigurationMatch\.licenseConfiguration\(\) of rules\[0\] has the value '.*' twice\. Name it once\.$/);
  });

  test.each([
    ['all', LicenseAssetRule.instancesMatchingAll],
    ['any', LicenseAssetRule.instancesMatchingAny],
  ])('a match twice: %s', (_what, factory) => {
    const windows = InstanceMatch.ec2BillingProduct([Ec2BillingProduct.WINDOWS_BYOL, Ec2BillingProduct.RHEL]);
    const same = InstanceMatch.ec2BillingProduct([Ec2BillingProduct.RHEL, Ec2BillingProduct.WINDOWS_BYOL]);
    expect(() => make(factory([windows, same]))).toThrow(
      'Stack/RuleSet: rules[0] has the match \'EC2BillingProduct EQUALS rhel, windows-byol\' twice, which says the same as once. Name it once.');
  });

  test.each([
    ['asked for first', (asked: InstanceMatch, excluded: InstanceMatch) => [asked, excluded]],
    ['excluded first', (asked: InstanceMatch, excluded: InstanceMatch) => [excluded, asked]],
  ])('all of a value and not the same value: %s', (_what, order) => {
    const matches = order(InstanceMatch.amiId(['ami-01234567', 'ami-89abcdef']), InstanceMatch.amiId(['ami-89abcdef']).negated());
    expect(instances(...matches)).toThrow(
      'Stack/RuleSet: rules[0] asks for the AMIId \'ami-89abcdef\' and excludes it: it could never match it. ' +
      'Take \'ami-89abcdef\' from one of the two matches.');
  });

  test('all of two values of a key that has one', () => {
    expect(instances(InstanceMatch.platform([InstancePlatform.WINDOWS]), InstanceMatch.platform([InstancePlatform.LINUX]))).toThrow(
      'Stack/RuleSet: rules[0] asks for the Platform to be \'Windows\' and to be \'Linux\': it has one value, so that nothing could ever match. ' +
      'Give one match all values, of which one has to fit, or use a rule that matches any.');
  });
});

describe('what can be', () => {
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
    Annotations.fromStack(stack).hasWarning('/Stack/RuleSet',
      'rules[0] matches everything: whatever the AccountId, it is among those asked for or none of those excluded. Leave one of the two matches out. ' +
      '[ack: cdk-license-manager:licenseAssetRuleMatchesEverything]');
  });

  test('any of two exclusions of a key that has one value causes a warning, for it is everything', () => {
    make(LicenseAssetRule.instancesMatchingAny([
      InstanceMatch.accountId([ACCOUNT]).negated(), InstanceMatch.accountId(['444455556666', '777788889999']).negated(),
    ]));
    Annotations.fromStack(stack).hasWarning('/Stack/RuleSet',
      'rules[0] matches everything: it excludes the AccountId \'111122223333\' or \'444455556666\' or \'777788889999\', and whatever has the one does ' +
      'not have the other. Give one match all values, or use a rule that matches all. [ack: cdk-license-manager:licenseAssetRuleMatchesEverything]');
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
