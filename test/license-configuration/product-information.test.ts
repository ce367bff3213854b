import { App, Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  LicenseConfiguration, LicenseConfigurationProps, LicenseCounting, IncludedLicense, LicenseTenancy, ProductInformation, RdsDb2EngineEdition,
  RdsOracleEngineEdition, RdsOracleLicensePack, SsmManagedProduct,
} from '../../src';
import { acknowledge } from '../support/validator';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-central-1' } });
});

function track(product: ProductInformation | ProductInformation[], props: Partial<LicenseConfigurationProps> = {}, id = 'License') {
  return new LicenseConfiguration(stack, id, { licenseCounting: LicenseCounting.vcpus(), productInformation: [product].flat(), ...props });
}

function filtersOf(product: ProductInformation): unknown {
  track(product);
  const [license] = Object.values(Template.fromStack(stack).findResources('AWS::LicenseManager::LicenseConfiguration'));
  const [{ ResourceType, ProductInformationFilterList }] = license.Properties.ProductInformationList;
  return [ResourceType, ...ProductInformationFilterList.map((filter: any) =>
    [filter.ProductInformationFilterName, filter.ProductInformationFilterComparator, filter.ProductInformationFilterValue])];
}

/** The warnings of a license that tracks a product. */
function warningsOf(product: ProductInformation): unknown[] {
  track(product);
  return Annotations.fromStack(stack).findWarning('/Stack/License', Match.anyValue()).map(({ entry }) => entry.data);
}

const BLANK = '[ack: cdk-license-manager:blankText]';
const TWICE = 'twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]';
const UNSAID = '[ack: cdk-license-manager:productUnsaid]';

const ORACLE = ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.EE });
const DB2 = ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.SE });
const SQL_SERVER = ProductInformation.ssmManaged({ applicationName: 'SQL Server' });

describe('software on managed instances', () => {
  test.each([
    ['Application Name', { applicationName: 'SQL Server' }, 'SQL Server'],
    ['Application Publisher', { applicationPublisher: 'Microsoft Corporation' }, 'Microsoft Corporation'],
    ['Application Version', { applicationVersion: '16.0' }, '16.0'],
    ['Platform Name', { platformName: 'Windows Server 2022' }, 'Windows Server 2022'],
    ['Platform Type', { platformType: 'Windows' }, 'Windows'],
    ['License Included', { licenseIncluded: IncludedLicense.SQL_SERVER_WEB }, 'sql-server-web'],
  ])('is found by %s', (name, product, value) => {
    expect(filtersOf(ProductInformation.ssmManaged(product))).toEqual(['SSM_MANAGED', [name, 'EQUALS', [value]]]);
  });

  test('is found by a license that is not included', () => {
    expect(filtersOf(ProductInformation.ssmManaged({ licenseNotIncluded: IncludedLicense.WINDOWS_SERVER_DATACENTER })))
      .toEqual(['SSM_MANAGED', ['License Included', 'NOT_EQUALS', ['windows-server-datacenter']]]);
  });

  test('is found by several that are not included', () => {
    const { SQL_SERVER_ENTERPRISE, SQL_SERVER_STANDARD, SQL_SERVER_WEB } = IncludedLicense;
    const product = { licenseNotIncluded: SQL_SERVER_WEB, licensesNotIncluded: [SQL_SERVER_STANDARD, SQL_SERVER_ENTERPRISE] };
    expect(filtersOf(ProductInformation.ssmManaged(product)))
      .toEqual(['SSM_MANAGED', ['License Included', 'NOT_EQUALS', ['sql-server-web', 'sql-server-standard', 'sql-server-enterprise']]]);
  });

  test('is not found by an empty list of them', () => {
    expect(filtersOf(ProductInformation.ssmManaged({ applicationName: 'a', licensesNotIncluded: [] })))
      .toEqual(['SSM_MANAGED', ['Application Name', 'EQUALS', ['a']]]);
  });

  test('has the filters in an order of its own, the exclusions last', () => {
    expect(filtersOf(ProductInformation.ssmManaged({
      excludedTags: [{ key: 'env', value: 'test' }, { key: 'sandbox' }, { key: 'env', value: 'dev' }],
      excludedAccounts: ['111122223333', '444455556666'],
      licenseNotIncluded: IncludedLicense.SQL_SERVER_ENTERPRISE,
      licenseIncluded: IncludedLicense.SQL_SERVER_STANDARD,
      platformType: 'Windows',
      platformName: 'Windows Server',
      applicationVersion: '1',
      applicationPublisher: 'p',
      applicationName: 'a',
    }))).toEqual(['SSM_MANAGED',
      ['Application Name', 'EQUALS', ['a']],
      ['Application Publisher', 'EQUALS', ['p']],
      ['Application Version', 'EQUALS', ['1']],
      ['Platform Name', 'EQUALS', ['Windows Server']],
      ['Platform Type', 'EQUALS', ['Windows']],
      ['License Included', 'EQUALS', ['sql-server-standard']],
      ['License Included', 'NOT_EQUALS', ['sql-server-enterprise']],
      ['AccountId', 'NOT_EQUALS', ['111122223333', '444455556666']],
      ['Tag:env', 'NOT_EQUALS', ['test', 'dev']],
      ['Tag:sandbox', 'NOT_EQUALS', undefined]]);
  });

  test('may be of any counting type, with rules and a hard limit, and one of several', () => {
    track([SQL_SERVER, ProductInformation.ssmManaged({ platformType: 'Linux' })], {
      licenseCounting: LicenseCounting.cores({ minimumCores: 8 }), licenseCount: 1, licenseCountHardLimit: true,
    });
    const [license] = Object.values(Template.fromStack(stack).findResources('AWS::LicenseManager::LicenseConfiguration'));
    expect(license.Properties.ProductInformationList).toHaveLength(2);
  });

  test.each([
    ['nothing', {}],
    ['exclusions alone', { excludedAccounts: ['111122223333'], excludedTags: [{ key: 'env' }] }],
  ])('that says %s causes a warning', (_, product) => {
    expect(warningsOf(ProductInformation.ssmManaged(product))).toEqual([
      'Product information says nothing of the product: at least 1 of applicationName, applicationPublisher, ' +
      'applicationVersion, platformName, platformType, licenseIncluded and licenseNotIncluded is needed. Exclusions alone find nothing. ' +
      `Set one of them. ${UNSAID}`,
    ]);
  });

  test.each([
    ['applicationName', { applicationName: '' }, ''],
    ['applicationPublisher', { applicationPublisher: ' ' }, ' '],
    ['applicationVersion', { applicationVersion: '' }, ''],
    ['platformName', { platformName: '' }, ''],
    ['platformType', { platformType: '' }, ''],
    ['licenseIncluded', { licenseIncluded: IncludedLicense.of('') }, ''],
    ['licenseNotIncluded', { licenseNotIncluded: IncludedLicense.of('') }, ''],
    ['licensesNotIncluded', { licensesNotIncluded: [IncludedLicense.of('')] }, ''],
    ['the key of a tag in excludedTags', { applicationName: 'a', excludedTags: [{ key: '' }] }, ''],
  ])('with an empty %s causes a warning', (name, product, value) => {
    expect(warningsOf(ProductInformation.ssmManaged(product))).toEqual([`${name} is '${value}', which shows nothing. Set it, or leave it out. ${BLANK}`]);
  });

  const plain = JSON.parse('"text"');

  test.each<[string, string, () => ProductInformation]>([
    ['licenseIncluded', 'IncludedLicense', () => ProductInformation.ssmManaged({ licenseIncluded: plain })],
    ['licenseNotIncluded', 'IncludedLicense', () => ProductInformation.ssmManaged({ licenseNotIncluded: plain })],
    ['a member of licensesNotIncluded', 'IncludedLicense', () => ProductInformation.ssmManaged({ licensesNotIncluded: [plain] })],
    ['engineEdition', 'RdsOracleEngineEdition', () => ProductInformation.rdsOracle({ engineEdition: plain })],
    ['a member of licensePacks', 'RdsOracleLicensePack', () => ProductInformation.rdsOracle({ licensePacks: [plain] })],
    ['engineEdition', 'RdsDb2EngineEdition', () => ProductInformation.rdsDb2({ engineEdition: plain })],
  ])('of which %s is a plain text, and not of %s, is refused: its value would be missing', (property, type, product) => {
    expect(() => track(product())).toThrow(
      `Stack/License: ${property} is the text 'text': it has to be of the class ${type}. Use one of its constants, or ${type}.of().`);
  });

  test('that includes a license and includes it not causes a warning', () => {
    expect(warningsOf(ProductInformation.ssmManaged({
      licenseIncluded: IncludedLicense.SQL_SERVER_WEB, licenseNotIncluded: IncludedLicense.SQL_SERVER_WEB,
    }))).toEqual(['licenseIncluded and licenseNotIncluded are both \'sql-server-web\': no instance can be both. Remove one of the two. ' +
      '[ack: cdk-license-manager:licenseIncludedAndNot]']);
  });

  test('that includes one of several that it includes not causes a warning', () => {
    expect(warningsOf(ProductInformation.ssmManaged({
      licenseIncluded: IncludedLicense.SQL_SERVER_WEB, licensesNotIncluded: [IncludedLicense.SQL_SERVER_STANDARD, IncludedLicense.SQL_SERVER_WEB],
    }))).toEqual(['licenseIncluded and licensesNotIncluded are both \'sql-server-web\': no instance can be both. Remove one of the two. ' +
      '[ack: cdk-license-manager:licenseIncludedAndNot]']);
  });

  test('that leaves a license out twice causes a warning, and leaves it out once', () => {
    expect(warningsOf(ProductInformation.ssmManaged({
      licenseNotIncluded: IncludedLicense.SQL_SERVER_WEB, licensesNotIncluded: [IncludedLicense.SQL_SERVER_WEB],
    }))).toEqual([expect.stringContaining('licensesNotIncluded')]);
    Template.fromStack(stack).hasResourceProperties('AWS::LicenseManager::LicenseConfiguration', {
      ProductInformationList: [{ ProductInformationFilterList: [Match.objectLike({ ProductInformationFilterValue: ['sql-server-web'] })] }],
    });
  });

  test.each(['11112222333', '1111222233334', '1111-2222-3333', ''])('with the excluded account %p causes a warning', (account) => {
    expect(warningsOf(ProductInformation.ssmManaged({ applicationName: 'a', excludedAccounts: [account] }))).toEqual([
      `excludedAccounts names '${account}', which is not an account id: 12 digits are needed. Correct it. [ack: cdk-license-manager:excludedAccountFormat]`,
    ]);
  });

  test('with excluded accounts that are a list of a parameter passes', () => {
    const accounts = new CfnParameter(stack, 'Accounts', { type: 'CommaDelimitedList' }).valueAsList;
    expect(filtersOf(ProductInformation.ssmManaged({ applicationName: 'a', excludedAccounts: accounts })))
      .toContainEqual(['AccountId', 'NOT_EQUALS', { Ref: 'Accounts' }]);
  });

  test('with an excluded account that is a token passes', () => {
    expect(filtersOf(ProductInformation.ssmManaged({ applicationName: 'a', excludedAccounts: [Aws.ACCOUNT_ID] })))
      .toContainEqual(['AccountId', 'NOT_EQUALS', [{ Ref: 'AWS::AccountId' }]]);
  });

  test.each<[string, SsmManagedProduct, string[] | undefined]>([
    ['\'111122223333\' is in excludedAccounts', { excludedAccounts: ['111122223333', '444455556666', '111122223333'] }, ['111122223333', '444455556666']],
    ['\'env=dev\' is in excludedTags', { excludedTags: [{ key: 'env', value: 'dev' }, { key: 'env', value: 'dev' }] }, ['dev']],
    ['\'env\' is in excludedTags', { excludedTags: [{ key: 'env' }, { key: 'env' }] }, undefined],
    ['\'env\' is in excludedTags', { excludedTags: [{ key: 'env' }, { key: 'env', value: null as any }] }, undefined],
  ])('%s twice, which causes a warning, and is sent once: %#', (text, excluded, values) => {
    const product = ProductInformation.ssmManaged({ applicationName: 'a', ...excluded });
    expect(warningsOf(product)).toEqual([`${text} ${TWICE}`]);
    const [, ...filters] = stack.resolve(product._render(stack)).productInformationFilterList;
    expect(filters.map((it: any) => it.productInformationFilterValue)).toEqual([values]);
  });

  test.each([
    [[{ key: 'env' }, { key: 'env', value: 'dev' }], [undefined, ['dev']]],
    [[{ key: 'env', value: 'dev' }, { key: 'env' }], [undefined, ['dev']]],
  ])('that excludes a tag for every value and again causes a warning, and is sent so: %j', (excludedTags, values) => {
    const product = ProductInformation.ssmManaged({ applicationName: 'a', excludedTags });
    expect(warningsOf(product)).toEqual([
      'excludedTags has \'env\' without a value, which excludes every value, and again with one. Name the key once without a value, or each time with one. ' +
      '[ack: cdk-license-manager:productValueTwice]',
    ]);
    const [, ...tags] = stack.resolve(product._render(stack)).productInformationFilterList;
    expect(tags.map((it: any) => it.productInformationFilterValue)).toEqual(values);
  });

  test('with an excluded tag whose value is empty excludes the empty value only', () => {
    expect(filtersOf(ProductInformation.ssmManaged({ applicationName: 'a', excludedTags: [{ key: 'env', value: '' }] })))
      .toContainEqual(['Tag:env', 'NOT_EQUALS', ['']]);
  });
});

test('no product is an empty list, by which an update takes the last one away', () => {
  track([]);
  Template.fromStack(stack).hasResourceProperties('AWS::LicenseManager::LicenseConfiguration', { ProductInformationList: [] });
});

describe('the values of the API', () => {
  test.each([
    [IncludedLicense, {
      SQL_SERVER_ENTERPRISE: 'sql-server-enterprise',
      SQL_SERVER_STANDARD: 'sql-server-standard',
      SQL_SERVER_WEB: 'sql-server-web',
      WINDOWS_SERVER_DATACENTER: 'windows-server-datacenter',
    }],
    [RdsOracleEngineEdition, { EE: 'oracle-ee', SE: 'oracle-se', SE1: 'oracle-se1', SE2: 'oracle-se2' }],
    [RdsOracleLicensePack, {
      ACTIVE_DATA_GUARD: 'data guard',
      DIAGNOSTIC_PACK_SQLT: 'diagnostic pack sqlt',
      TUNING_PACK_SQLT: 'tuning pack sqlt',
      LABEL_SECURITY: 'ols',
      OLAP: 'olap',
    }],
    [RdsDb2EngineEdition, { SE: 'db2-se', AE: 'db2-ae' }],
  ])('of %p, and one that is new', (type, expected) => {
    const values = Object.fromEntries(Object.entries(type).map(([name, { value }]) => [name, value]));
    expect(values).toEqual(expected);
    expect(type.of('new').value).toBe('new');
  });
});

const INCLUDED = ', which is a license that AWS includes in the price of an instance: no database of Amazon RDS is found by it. Use licenseIncluded of ' +
  'ProductInformation.ssmManaged().';

describe('a product of Amazon RDS', () => {
  test('for Oracle, by edition and license packs', () => {
    expect(filtersOf(ProductInformation.rdsOracle({
      engineEdition: RdsOracleEngineEdition.EE, licensePacks: [RdsOracleLicensePack.ACTIVE_DATA_GUARD, RdsOracleLicensePack.OLAP],
    }))).toEqual(['RDS', ['Engine Edition', 'EQUALS', ['oracle-ee']], ['License Pack', 'EQUALS', ['data guard', 'olap']]]);
  });

  test('for Oracle, by a license pack alone', () => {
    expect(filtersOf(ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.TUNING_PACK_SQLT] })))
      .toEqual(['RDS', ['License Pack', 'EQUALS', ['tuning pack sqlt']]]);
  });

  test('for Db2', () => {
    expect(filtersOf(ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.AE }))).toEqual(['RDS', ['Engine Edition', 'EQUALS', ['db2-ae']]]);
  });

  test('may have a count and a soft limit', () => {
    track(ORACLE, { licenseCount: 8, licenseCountHardLimit: false });
    Template.fromStack(stack).hasResourceProperties('AWS::LicenseManager::LicenseConfiguration', { LicenseCount: 8, LicenseCountHardLimit: false });
  });

  test.each([{}, { licensePacks: [] }])('for Oracle that says nothing causes a warning', (product) => {
    expect(warningsOf(ProductInformation.rdsOracle(product))).toEqual([
      `Product information says nothing of the product: at least 1 of engineEdition and licensePacks is needed. Set one of them. ${UNSAID}`,
    ]);
  });

  test('with a license pack twice causes a warning, and has it once', () => {
    const product = ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.OLAP, RdsOracleLicensePack.of('olap')] });
    expect(warningsOf(product)).toEqual([`'olap' is in licensePacks ${TWICE}`]);
    expect(stack.resolve(product._render(stack)).productInformationFilterList).toMatchObject([{ productInformationFilterValue: ['olap'] }]);
  });

  test('with an empty license pack causes a warning', () => {
    expect(warningsOf(ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.of('')] }))).toEqual([
      `licensePacks is '', which shows nothing. Set it, or leave it out. ${BLANK}`,
    ]);
  });

  describe('with what belongs to another engine', () => {
    const OTHER = '[ack: cdk-license-manager:productOfAnotherEngine]';
    const oracle = (value: string) => ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.of(value) });
    const db2 = (value: string) => ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.of(value) });
    const pack = (value: string) => ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.of(value)] });

    test.each<[string, ProductInformation, string]>([
      ['an edition of Db2', oracle('db2-se'), 'engineEdition is \'db2-se\', which is an edition of Db2, and the product is one of Oracle: no database is both. Use ' +
        'ProductInformation.rdsDb2(), or an edition of Oracle.'],
      ['an edition of Oracle', db2('Oracle-EE'), 'engineEdition is \'Oracle-EE\', which is an edition of Oracle, and the product is one of Db2: no database is both. ' +
        'Use ProductInformation.rdsOracle(), or an edition of Db2.'],
      ['an edition as a pack', pack('oracle-ee'), 'licensePacks names \'oracle-ee\', which is an edition of Oracle, and no pack: no database has it. Use engineEdition ' +
        'of ProductInformation.rdsOracle().'],
      ['an edition of the other engine as a pack', pack('db2-ae'), 'licensePacks names \'db2-ae\', which is an edition of Db2, and no pack: no database has it. Use ' +
        'engineEdition of ProductInformation.rdsDb2().'],
      ...['sql-server-enterprise', 'sql-server-standard', 'sql-server-web', 'windows-server-datacenter'].flatMap((value): [string, ProductInformation, string][] => [
        [`${value} as an edition of Oracle`, oracle(value), `engineEdition is '${value}'${INCLUDED}`],
        [`${value} as an edition of Db2`, db2(value), `engineEdition is '${value}'${INCLUDED}`],
        [`${value} as a pack`, pack(value), `a member of licensePacks is '${value}'${INCLUDED}`],
      ]),
    ])('causes a warning: %s', (_, product, warning) => {
      expect(warningsOf(product)).toEqual([`${warning} ${OTHER}`]);
    });

    test.each<[string, ProductInformation]>([
      ['the own editions', oracle('oracle-new')], ['the own editions of Db2', db2('db2-new')], ['what nobody knows', oracle('new')], ['a new pack', pack('spatial')],
      ['a token', oracle(Aws.STACK_NAME)],
    ])('does not with %s', (_, product) => {
      expect(warningsOf(product)).toEqual([]);
    });
  });

  describe.each([['Oracle', ORACLE], ['Db2', DB2]])('for %s', (_, product) => {
    test.each([
      ['Core', LicenseCounting.cores()],
      ['Socket', LicenseCounting.sockets()],
      ['Instance', LicenseCounting.instances()],
    ])('is not counted by %s', (type, licenseCounting) => {
      expect(() => track(product, { licenseCounting })).toThrow(
        `Stack/License: the license is counted by '${type}' and tracks a product of Amazon RDS, which is counted by 'vCPU' only. ` +
        'Use LicenseCounting.vcpus() without rules.');
    });

    test.each([
      ['#minimumVcpus=2, #maximumVcpus=4', LicenseCounting.vcpus({ minimumVcpus: 2, maximumVcpus: 4 })],
      ['#allowedTenancy=EC2-Default', LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEFAULT] })],
      ['#honorVcpuOptimization=False', LicenseCounting.vcpus({ honorVcpuOptimization: false })],
    ])('has no rules such as %s', (rules, licenseCounting) => {
      expect(() => track(product, { licenseCounting })).toThrow(
        `Stack/License: the license has the rules ${rules} and tracks a product of Amazon RDS, which can have no rules. ` +
        'Use LicenseCounting.vcpus() without rules.');
    });

    test('has no hard limit', () => {
      expect(() => track(product, { licenseCount: 8, licenseCountHardLimit: true })).toThrow(
        'Stack/License: licenseCountHardLimit is true and the license tracks a product of Amazon RDS, for which there is no hard limit. ' +
        'Leave licenseCountHardLimit out, and use addUsageAlarm() to hear of the limit.');
    });

    test('is the only one', () => {
      expect(() => track([ORACLE, DB2])).toThrow(
        'Stack/License: productInformation has 2 products of Amazon RDS: a license tracks 1. Make a license for each.');
    });

    test('is not mixed with others', () => {
      expect(() => track([SQL_SERVER, product])).toThrow(
        'Stack/License: productInformation has a product of Amazon RDS and other products: a license tracks either. Make a license for each.');
    });
  });

  test('that one license names twice is found there, and not as one that another license tracks', () => {
    new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), productInformation: [ORACLE, ORACLE] });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      '\'productInformation[0]\' is in productInformation twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]',
    ]);
  });

  describe('that two licenses track', () => {
    const WARNING = '\'Stack/License\' tracks the same product of Amazon RDS: License Manager allows one license for each. Take the product ' +
      'from one of the two. [ack: cdk-license-manager:rdsProductTrackedTwice]';

    test('in one environment causes a warning', () => {
      track(ORACLE);
      track(ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.EE }), {}, 'Other');
      track(DB2, {}, 'Db2');
      expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data])).toEqual([['/Stack/Other', WARNING]]);
    });

    test.each<[string, ProductInformation, ProductInformation, boolean]>([
      ['packs in another order', ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.OLAP, RdsOracleLicensePack.LABEL_SECURITY] }),
        ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.LABEL_SECURITY, RdsOracleLicensePack.OLAP] }), true],
      ['other capitals', ORACLE, ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.of('Oracle-EE') }), true],
      ['blanks around it', ORACLE, ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.of(' oracle-ee ') }), true],
      ['another edition', ORACLE, ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.SE }), false],
      ['a pack more', ORACLE, ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.EE, licensePacks: [RdsOracleLicensePack.OLAP] }), false],
    ])('with %s: is it the same?', (_, one, other, same) => {
      track(one);
      track(other, {}, 'Other');
      expect(Annotations.fromStack(stack).findWarning('/Stack/Other', Match.anyValue()).map(({ entry }) => entry.data)).toEqual(same ? [WARNING] : []);
    });

    test('in two environments is not', () => {
      track(ORACLE);
      stack = new Stack(stack.node.scope as App, 'Elsewhere', { env: { account: '111122223333', region: 'eu-west-1' } });
      acknowledge(stack, 'F3006', 'A Region that does not have the native type.');
      track(ORACLE);
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    });
  });
});
