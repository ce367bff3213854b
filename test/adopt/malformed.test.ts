/*
 * What is read is of others, and of other versions: whatever it lacks, and whatever else it has instead, it is read or refused, and what is written is code.
 */
import { createSourceFile, ScriptTarget } from 'typescript';
import { ACCOUNT, license, licenseArn, licenseCalls, REGION } from './samples';
import { readEstate } from '../../src/adopt/input/read-estate';
import { printMapping, printPython, printTypeScript } from '../../src/adopt/write/print';
import { writeStack } from '../../src/adopt/write/write-stack';
import { Problem } from '../../src/command/problem';

const arn = (kind: string, id: string) => `arn:aws:license-manager:${REGION}:${ACCOUNT}:${kind}:${id}`;
const everywhere = (kind: string, id: string, account = ACCOUNT) => `arn:aws:license-manager::${account}:${kind}:${id}`;
const SHARE = `arn:aws:ram:${REGION}:${ACCOUNT}:resource-share/1`;
const GROUP = `arn:aws:resource-groups:${REGION}:${ACCOUNT}:group/hosts`;
const one = { KeyToMatch: 'Platform', Constraint: 'EQUALS', ValueToMatch: ['Linux'] };
const other = { ...one, ValueToMatch: ['Windows'] };

/** Something of everything. */
const calls = () => [
  { operation: 'get-caller-identity', output: { Account: ACCOUNT } },
  ...licenseCalls([license(1, {
    Description: 'x',
    LicenseCount: 5,
    LicenseExpiry: 1893456000,
    LicenseRules: ['#minimumVcpus=1'],
    Tags: [{ Key: 'a', Value: 'b' }],
    ProductInformationList: [{
      ResourceType: 'SSM_MANAGED',
      ProductInformationFilterList: [{ ProductInformationFilterName: 'Application Name', ProductInformationFilterComparator: 'EQUALS', ProductInformationFilterValue: ['x'] }],
    }],
  })], {
    [licenseArn(1)]: [
      { ResourceArn: `arn:aws:ec2:${REGION}::image/ami-0abcdef1234567890`, ResourceType: 'EC2_AMI', ResourceOwnerId: ACCOUNT, AmiAssociationScope: 'cross-account' },
      { ResourceArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0abcdef1234567890`, ResourceType: 'EC2_INSTANCE', ResourceOwnerId: ACCOUNT },
    ],
  }),
  {
    operation: 'list-license-asset-rulesets',
    output: {
      LicenseAssetRulesets: [{
        Name: 'rules',
        LicenseAssetRulesetArn: arn('license-asset-ruleset', 'lars-1'),
        Description: 'x',
        Rules: [
          { RuleStatement: { InstanceRuleStatement: { MatchingRuleStatement: one } } },
          { RuleStatement: { InstanceRuleStatement: { OrRuleStatement: { MatchingRuleStatements: [one, other] } } } },
        ],
      }],
    },
  },
  {
    operation: 'list-license-asset-groups',
    output: {
      LicenseAssetGroups: [{
        Name: 'group',
        LicenseAssetGroupArn: arn('license-asset-group', 'lag-1'),
        Description: 'x',
        LicenseAssetGroupConfigurations: [{ UsageDimension: 'vCPU' }],
        AssociatedLicenseAssetRulesetARNs: [arn('license-asset-ruleset', 'lars-1')],
        Properties: [{ Key: 'a', Value: 'b' }],
        Status: 'ACTIVE',
      }],
    },
  },
  {
    operation: 'list-license-manager-report-generators',
    output: {
      ReportGenerators: [{
        ReportGeneratorName: 'report',
        LicenseManagerReportGeneratorArn: arn('report-generator', 'r-1'),
        ReportType: ['LicenseAssetGroupUsageReport'],
        Description: 'x',
        ReportContext: { licenseAssetGroupArns: [arn('license-asset-group', 'lag-1')], reportStartDate: 1767225600, reportEndDate: 1774915200 },
        ReportFrequency: { period: 'ONE_TIME', value: 1 },
      }],
    },
  },
  { operation: 'list-tags-for-resource', of: arn('report-generator', 'r-1'), output: { Tags: [{ Key: 'a', Value: 'b' }] } },
  { operation: 'get-resource-shares', output: { resourceShares: [{ resourceShareArn: SHARE, name: 'share', allowExternalPrincipals: true, status: 'ACTIVE', tags: [{ key: 'a', value: 'b' }] }] } },
  { operation: 'list-resources', output: { resources: [{ arn: licenseArn(1), resourceShareArn: SHARE }] } },
  { operation: 'list-principals', output: { principals: [{ id: '222233334444', resourceShareArn: SHARE }] } },
  { operation: 'list-resource-share-permissions', of: SHARE, output: { permissions: [{ arn: 'x', isResourceTypeDefault: false }] } },
  { operation: 'list-groups', output: { GroupIdentifiers: [{ GroupName: 'hosts', GroupArn: GROUP }] } },
  { operation: 'get-group', of: 'hosts', output: { Group: { Name: 'hosts', GroupArn: GROUP, Description: 'x' } } },
  {
    operation: 'get-group-configuration',
    of: 'hosts',
    output: {
      GroupConfiguration: {
        Configuration: [
          { Type: 'AWS::EC2::HostManagement', Parameters: [{ Name: 'any-host-based-license-configuration', Values: ['true'] }, { Name: 'auto-allocate-host', Values: ['true'] }] },
        ],
      },
    },
  },
  { operation: 'list-group-resources', of: 'hosts', output: { Resources: [{ Identifier: { ResourceArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:dedicated-host/h-0abcdef1234567890` } }] } },
  { operation: 'get-tags', of: GROUP, output: { Tags: { a: 'b' } } },
  {
    operation: 'list-licenses',
    output: {
      Licenses: [{
        LicenseArn: everywhere('license', 'l-1'),
        LicenseName: 'l',
        ProductName: 'p',
        ProductSKU: 's',
        Issuer: { Name: 'i', SignKey: `arn:aws:kms:${REGION}:${ACCOUNT}:key/1` },
        HomeRegion: REGION,
        Status: 'AVAILABLE',
        Validity: { Begin: '2026-01-01T00:00:00Z', End: '2029-12-31T23:59:59Z' },
        Beneficiary: 'b',
        Entitlements: [{ Name: 'e', Unit: 'Count', MaxCount: 1, Overage: true, AllowCheckIn: true }, { Name: 'f', Unit: 'None', Value: 'x' }],
        ConsumptionConfiguration: { RenewType: 'Weekly', ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 1 }, BorrowConfiguration: { MaxTimeToLiveInMinutes: 1, AllowEarlyCheckIn: true } },
        LicenseMetadata: [{ Name: 'a', Value: 'b' }],
      }],
    },
  },
  {
    operation: 'list-distributed-grants',
    output: {
      Grants: [{
        GrantArn: everywhere('grant', 'g-1'),
        GrantName: 'g',
        LicenseArn: everywhere('license', 'l-1'),
        GranteePrincipalArn: 'arn:aws:iam::444455556666:root',
        HomeRegion: REGION,
        GrantStatus: 'ACTIVE',
        GrantedOperations: ['CheckoutLicense'],
      }],
    },
  },
  {
    operation: 'list-received-grants',
    output: {
      Grants: [{
        GrantArn: everywhere('grant', 'g-2', '777788889999'), GrantName: 'r', LicenseArn: everywhere('license', 'l-2', '777788889999'), HomeRegion: REGION, GrantStatus: 'ACTIVE',
      }],
    },
  },
  { operation: 'list-tokens', output: { Tokens: [{ TokenId: 't', LicenseArn: everywhere('license', 'l-1'), Status: 'AVAILABLE' }] } },
  { operation: 'describe-images', output: { Images: [{ ImageId: 'ami-0abcdef1234567890', State: 'available' }] } },
  { operation: 'describe-instances', output: { Reservations: [{ Instances: [{ InstanceId: 'i-0abcdef1234567890', ImageId: 'ami-1', State: { Name: 'running' }, Tags: [{ Key: 'a', Value: 'b' }] }] }] } },
  { operation: 'describe-hosts', output: { Hosts: [{ HostId: 'h-0abcdef1234567890', State: 'available' }] } },
  { operation: 'list-something', of: 'x', error: 'no' },
];
const inventory = () => ({ 'cdk-license-manager-inventory': 1, 'region': REGION, 'calls': calls() });

const grantValues = { arn: everywhere('grant', 'g-1'), name: 'g', license_arn: everywhere('license', 'l-1'), principal: 'arn:aws:iam::444455556666:root', home_region: REGION, status: 'ACTIVE', allowed_operations: ['CheckoutLicense'] };
const licenseValues = {
  arn: licenseArn(1),
  name: 'l',
  description: 'x',
  license_counting_type: 'vCPU',
  license_rules: [],
  license_count: 5,
  license_count_hard_limit: false,
  owner_account_id: ACCOUNT,
  tags: { a: 'b' },
  tags_all: { a: 'b' },
};
const associationValues = { license_configuration_arn: licenseArn(1), resource_arn: `arn:aws:ec2:${REGION}::image/ami-0abcdef1234567890` };
const PREFIX = 'aws_licensemanager_';
const state = () => ({
  format_version: '1.0',
  terraform_version: '1.9.0',
  values: {
    root_module: {
      resources: [
        { address: 'a.b', mode: 'managed', type: `${PREFIX}license_configuration`, values: licenseValues },
        { address: 'a.c', mode: 'managed', type: `${PREFIX}association`, values: associationValues },
        { address: 'a.d', mode: 'managed', type: `${PREFIX}grant`, values: grantValues },
        { address: 'a.e', mode: 'managed', type: `${PREFIX}grant_accepter`, values: { ...grantValues, grant_arn: everywhere('grant', 'g-2', '777788889999') } },
      ],
      child_modules: [{ resources: [] }],
    },
  },
});
const stateFile = () => ({
  version: 4,
  terraform_version: '1.9.0',
  resources: [{ mode: 'managed', type: `${PREFIX}license_configuration`, name: 'x', module: 'module.m', instances: [{ index_key: 0, attributes: licenseValues }] }],
});

/** The ways to all that is in a value. */
function waysInto(value: unknown, way: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) {
    return [way];
  }
  return [way, ...Object.entries(value).flatMap(([key, it]) => waysInto(it, [...way, Array.isArray(value) ? Number(key) : key]))];
}

function changed(document: any, way: (string | number)[], replacement: unknown): unknown {
  const copy = structuredClone(document);
  const holder = way.slice(0, -1).reduce((it, key) => it[key], copy);
  if (replacement === undefined) {
    delete holder[way.at(-1)!];
  } else {
    holder[way.at(-1)!] = replacement;
  }
  return copy;
}

/** What comes of a document: code that can be parsed, or a refusal. */
function outcome(document: unknown): 'written' | 'refused' {
  try {
    const estate = readEstate([{ name: 'x', text: JSON.stringify(document) }], {});
    const program = writeStack(estate, { knownLogicalIds: new Map(), hasEveryType: false });
    const [{ text }] = printTypeScript(program, estate, { id: 'Stack' });
    printPython(program, estate, { id: 'Stack' });
    JSON.parse(printMapping(program));
    const { parseDiagnostics } = createSourceFile('x.ts', text, ScriptTarget.ES2022) as any;
    expect(parseDiagnostics).toEqual([]);
    expect(text).not.toMatch(/\[object Object\]|\bundefined\b|\bNaN\b/);
    return 'written';
  } catch (error) {
    if (error instanceof Problem) {
      return 'refused';
    }
    throw error;
  }
}

describe.each<[what: string, document: () => object]>([['an inventory', inventory], ['a state of Terraform', state], ['a state file of Terraform', stateFile]])('%s', (_, document) => {
  test('is written', () => {
    expect(outcome(document())).toBe('written');
  });

  test.each<[what: string, replacement: unknown]>([
    ['nothing', undefined], ['null', null], ['a number', 7], ['a negative number', -1.5], ['a text', 'x'], ['an empty text', ''], ['a list', ['x']], ['an object', { x: 'y' }], ['a flag', true],
  ])('that has %s in the place of anything is read or refused', (__, replacement) => {
    const whole = document();
    const ways = waysInto(whole).filter(way => way.length > 0);
    const outcomes = ways.map(way => outcome(changed(whole, way, replacement)));
    // Most of it is no reason to refuse the rest.
    expect(outcomes.filter(it => it === 'written').length).toBeGreaterThan(outcomes.length * 0.6);
  });
});
