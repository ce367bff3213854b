import { App, Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  LicenseConfiguration, LicenseConfigurationProps, LicenseCounting, IncludedLicense, LicenseTenancy, ProductInformation, RdsDb2EngineEdition,
  RdsOracleEngineEdition, RdsOracleLicensePack,
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
  ])('that says %s is refused', (_, product) => {
    expect(() => track(ProductInformation.ssmManaged(product))).toThrow(
      'Stack/License: product information says nothing of the product: at least 1 of applicationName, applicationPublisher, ' +
      'applicationVersion, platformName, platformType, licenseIncluded and licenseNotIncluded is needed. Exclusions alone find nothing. ' +
      'Set one of them.');
  });

  test.each([
    ['applicationName', { applicationName: '' }, ''],
    ['applicationPublisher', { applicationPublisher: ' ' }, ' '],
    ['applicationVersion', { applicationVersion: '' }, ''],
    ['platformName', { platformName: '' }, ''],
    ['platformType', { platformType: '' }, ''],
    ['licenseIncluded', { licenseIncluded: IncludedLicense.of('') }, ''],
    ['licenseNotIncluded', { licenseNotIncluded: IncludedLicense.of('') }, ''],
    ['the key of a tag in excludedTags', { applicationName: 'a', excludedTags: [{ key: '' }] }, ''],
  ])('with an empty %s is refused', (name, product, value) => {
    expect(() => track(ProductInformation.ssmManaged(product))).toThrow(
      `Stack/License: ${name} is '${value}': at least 1 visible character is needed. Set it, or leave it out.`);
  });

  const plain = JSON.parse('"text"');

  test.each<[string, string, () => ProductInformation]>([
    ['licenseIncluded', 'IncludedLicense', () => ProductInformation.ssmManaged({ licenseIncluded: plain })],
    ['licenseNotIncluded', 'IncludedLicense', () => ProductInformation.ssmManaged({ licenseNotIncluded: plain })],
    ['engineEdition', 'RdsOracleEngineEdition', () => ProductInformation.rdsOracle({ engineEdition: plain })],
    ['a member of licensePacks', 'RdsOracleLicensePack', () => ProductInformation.rdsOracle({ licensePacks: [plain] })],
    ['engineEdition', 'RdsDb2EngineEdition', () => ProductInformation.rdsDb2({ engineEdition: plain })],
  ])('of which %s is a plain text, and not of %s, is refused: its value would be missing', (property, type, product) => {
    expect(() => track(product())).toThrow(
      `Stack/License: ${property} is 'text': it has to be of the class ${type}. Use one of its constants, or ${type}.of().`);
  });

  test('that includes a license and includes it not is refused', () => {
    expect(() => track(ProductInformation.ssmManaged({
      licenseIncluded: IncludedLicense.SQL_SERVER_WEB, licenseNotIncluded: IncludedLicense.SQL_SERVER_WEB,
    }))).toThrow(
      'Stack/License: licenseIncluded and licenseNotIncluded are both \'sql-server-web\': no instance can be both. Remove one of the two.');
  });

  test.each(['11112222333', '1111222233334', '1111-2222-3333', ''])('with the excluded account %p is refused', (account) => {
    expect(() => track(ProductInformation.ssmManaged({ applicationName: 'a', excludedAccounts: [account] }))).toThrow(
      `Stack/License: excludedAccounts names '${account}', which is not an account id: 12 digits are needed. Correct it.`);
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

  test.each([
    ['excludedAccounts names \'111122223333\'', { excludedAccounts: ['111122223333', '111122223333'] }],
    ['excludedTags, for the key \'env\', names \'dev\'', { excludedTags: [{ key: 'env', value: 'dev' }, { key: 'env', value: 'dev' }] }],
  ])('%s twice and is refused', (text, product) => {
    expect(() => track(ProductInformation.ssmManaged({ applicationName: 'a', ...product }))).toThrow(
      `Stack/License: ${text} more than once. Name it once.`);
  });

  test.each([
    [[{ key: 'env' }, { key: 'env', value: 'dev' }]],
    [[{ key: 'env', value: 'dev' }, { key: 'env' }]],
    [[{ key: 'env' }, { key: 'env' }]],
  ])('that excludes a tag for every value and again is refused', (excludedTags) => {
    expect(() => track(ProductInformation.ssmManaged({ applicationName: 'a', excludedTags }))).toThrow(
      'Stack/License: excludedTags names \'env\' both for every value and again. Name the key once without a value, or each time with one.');
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

  test.each([{}, { licensePacks: [] }])('for Oracle that says nothing is refused', (product) => {
    expect(() => track(ProductInformation.rdsOracle(product))).toThrow(
      'Stack/License: product information says nothing of the product: at least 1 of engineEdition and licensePacks is needed. Set one of them.');
  });

  test('with a license pack twice is refused', () => {
    expect(() => track(ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.OLAP, RdsOracleLicensePack.OLAP] }))).toThrow(
      'Stack/License: licensePacks names \'olap\' more than once. Name it once.');
  });

  test('with an empty license pack is refused', () => {
    expect(() => track(ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.of('')] }))).toThrow(
      'Stack/License: licensePacks is \'\': at least 1 visible character is needed. Set it, or leave it out.');
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
      expect(() => track([product, ORACLE, DB2])).toThrow(
        'Stack/License: productInformation has 3 products of Amazon RDS: a license tracks 1. Make a license for each.');
    });

    test('is not mixed with others', () => {
      expect(() => track([SQL_SERVER, product])).toThrow(
        'Stack/License: productInformation has a product of Amazon RDS and other products: a license tracks either. Make a license for each.');
    });
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

    test('in two environments is not', () => {
      track(ORACLE);
      stack = new Stack(stack.node.scope as App, 'Elsewhere', { env: { account: '111122223333', region: 'eu-west-1' } });
      acknowledge(stack, 'F3006', 'A Region that does not have the native type.');
      track(ORACLE);
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    });
  });
});
