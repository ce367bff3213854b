import { INSTANCE } from '../../../src/custom-resource/contract/arn';
import {
  changingOwn, changingOwnOfName, define, type Definition, ON_ANYTHING, partsOf, physicalIdOf, readingAny, taggingNew, taggingOwn,
} from '../../../src/custom-resource/contract/definition';
import { DEFINITIONS } from '../../../src/custom-resource/contract/definitions';
import { object, optional, text } from '../../../src/custom-resource/contract/shape';

const PLACE = { partition: 'aws', region: 'us-east-1', account: '111122223333', stackId: 'stack', stackName: 'name' };

const pair = define({ type: 'Custom::LicenseManagerPair', properties: object({ A: text, B: text, C: optional(text) }), identity: { by: ['A', 'B'] }, actions: {} });
const setting = define({
  type: 'Custom::LicenseManagerSetting', properties: object({ A: text }), identity: { by: ['A'], as: 'setting', comparable: value => value.toLowerCase() }, actions: {},
});

test('the physical id of what is known by what it is consists of that, and of what tells its type from others', () => {
  expect(physicalIdOf(pair, { A: 'one', B: 'two', C: 'three' })).toBe('one|two');
  expect(physicalIdOf(setting, { A: 'One' })).toBe('one|setting');
});

test('its parts are found in it, and in no other', () => {
  expect(partsOf(pair, 'one|two')).toEqual(['one', 'two']);
  expect(partsOf(setting, 'one|setting')).toEqual(['one']);
  for (const id of ['', 'one', 'one|two|three', 'one|two|']) {
    expect(partsOf(pair, id)).toBeUndefined();
  }
  for (const id of ['', 'one', 'one|', 'one|status', 'one|setting|', 'one|two|setting']) {
    expect(partsOf(setting, id)).toBeUndefined();
  }
});

describe('a permission', () => {
  const instances = 'arn:aws:ec2:us-east-1:111122223333:instance/i-*';
  const all = instances.replace('i-*', '*');
  const own = { StringEquals: { 'aws:ResourceTag/cdk-license-manager:stack-id': 'stack' } };
  const ownOfName = { StringLike: { 'aws:ResourceTag/cdk-license-manager:stack-id': 'arn:aws:cloudformation:us-east-1:111122223333:stack/name/*' } };
  const madeOwn = {
    StringEquals: { 'aws:RequestTag/cdk-license-manager:stack-id': 'stack' },
    Null: { 'aws:ResourceTag/aws:cloudformation:stack-id': 'true', 'aws:ResourceTag/cdk-license-manager:stack-id': 'true' },
  };

  test.each([
    ['on anything', [ON_ANYTHING], [['*', undefined]]],
    ['to read any of a kind', [readingAny(INSTANCE)], [[instances, undefined]]],
    ['to change those of the stack', [changingOwn(INSTANCE)], [[instances, own]]],
    ['to change those of any stack of the name', [changingOwnOfName(INSTANCE)], [[instances, ownOfName]]],
    ['to tag what becomes one of the stack', [taggingNew(INSTANCE)], [[all, madeOwn]]],
    ['to tag those of the stack, and what becomes one of them', taggingOwn(INSTANCE), [[instances, own], [all, madeOwn]]],
  ])('%s', (_what, targets, expected) => {
    expect(targets.map(target => [target.arns({}, PLACE), target.conditions?.(PLACE)])).toEqual(expected);
  });
});

test('no two types have the same name', () => {
  const types = Object.values(DEFINITIONS).map(({ type }) => type);
  expect(new Set(types).size).toBe(types.length);
});

test('what is known by one value alone has something that tells its type from others about the same', () => {
  const marks = Object.values(DEFINITIONS).flatMap(({ identity }) => identity?.by.length === 1 ? [identity.as] : []);
  expect(marks).not.toContain(undefined);
  expect(new Set(marks).size).toBe(marks.length);
});

test('CloudFormation waits five minutes, where a type says nothing else, and an hour at most', () => {
  expect(Object.values(DEFINITIONS).map(({ timeoutInMinutes = 5 }) => timeoutInMinutes).filter(minutes => minutes < 1 || minutes > 60)).toEqual([]);
});

test('the stack is looked around in by what a delete might take from another resource, and by what a roll-back cannot take back', () => {
  const looking = (why: 'takesAway' | 'oneWay') => Object.entries<Definition>(DEFINITIONS).flatMap(([name, definition]) => definition[why] ? [name] : []);
  expect(looking('takesAway')).toEqual([
    'delegatedAdministrator', 'grantAcceptance', 'identityProvider', 'licenseConfigurationAssociation', 'licenseConfigurationDisassociation',
    'linuxSubscriptionsSettings', 'productSubscription', 'serviceSettings', 'userAssociation',
  ]);
  expect(looking('oneWay')).toEqual(['licenseConfiguration', 'licenseConfigurationStatus', 'licenseToken']);
});

test('what takes permissions that nothing else is to have, is served by a function of its own', () => {
  expect(Object.entries<Definition>(DEFINITIONS).flatMap(([name, { servedBy }]) => servedBy === undefined ? [] : [[name, servedBy]])).toEqual([
    ['identityProvider', 'IdentityProviders'],
  ]);
});

test('a physical id says what a resource is of, and its type where others are of the same', () => {
  const identified = Object.entries<Definition>(DEFINITIONS).filter(([, { identity }]) => identity);
  const values = {
    LicenseConfigurationArn: 'license',
    ResourceArn: 'resource',
    ReportGeneratorArn: 'report',
    Name: 'AWS Rules',
    ServicePrincipal: 'principal',
    AWSServiceName: 'service',
    Grant: 'grant',
    Directory: 'Corp.Example.com',
    DirectoryId: 'directory',
    InstanceId: 'instance',
    Product: 'PRODUCT',
  };
  expect(Object.fromEntries(identified.map(([name, definition]) => [name, physicalIdOf(definition, values)]))).toEqual({
    awsManagedLicenseAssetRuleSet: 'awsrules|aws-managed-license-asset-ruleset',
    delegatedAdministrator: 'principal|delegated-administrator',
    grantAcceptance: 'grant|acceptance',
    // The logical id is made of it; the physical one is the ARN, which its handler takes.
    identityProvider: 'corp.example.com|product',
    licenseConfigurationAssociation: 'resource|license',
    licenseConfigurationDisassociation: 'license|disassociation',
    licenseConfigurationStatus: 'license|status',
    // Their kind adds the account, and the Region where there is one in each.
    linuxSubscriptionsSettings: 'linux-settings',
    organizationSharing: 'organization-sharing',
    productSubscription: 'directory|PRODUCT|subscription',
    reportGeneratorLocation: 'report|location',
    serviceLinkedRole: 'service|service-linked-role',
    serviceSettings: 'settings',
    userAssociation: 'instance|directory|users',
  });
});

test('the products of a self-managed license are what Systems Manager finds, or databases of RDS', () => {
  const { properties } = DEFINITIONS.licenseConfiguration;
  const parse = (ResourceType: string) => properties.parse({
    Name: 'windows', LicenseCountingType: 'vCPU', ProductInformationList: [{ ResourceType, ProductInformationFilterList: [] }],
  }, 'ResourceProperties', PLACE).ProductInformationList;
  for (const type of ['SSM_MANAGED', 'RDS']) {
    expect(parse(type)).toEqual([{ ResourceType: type, ProductInformationFilterList: [] }]);
  }
  expect(() => parse('')).toThrow("ResourceType is ''. Expected: 'SSM_MANAGED', 'RDS'");
});

test('the advice about the quota of usage reports is given to who creates one, and to no other', () => {
  const { hints = [] } = DEFINITIONS.reportGenerator;
  const adviceOf = (code: string, about: string) => hints.filter(hint => hint.codes.includes(code) && hint.about.test(about)).map(({ hint }) => hint);
  expect(adviceOf('ResourceLimitExceededException', 'CreateLicenseManagerReportGenerator Too many')).toEqual([
    'An account has a quota of report generators in a Region: delete unused ones, or have the quota "Number of Report generators" of License'
    + ' Manager raised in the Service Quotas console',
  ]);
  expect(adviceOf('ResourceLimitExceededException', 'TagResource As CreateLicenseManagerReportGenerator says')).toEqual([]);
  expect(adviceOf('ValidationException', 'CreateLicenseManagerReportGenerator Too many')).toEqual([]);
});
