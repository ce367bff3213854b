import { App, CfnResource, Fn, Stack, TagManager, Tags, TagType } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import {
  Grant, GrantPrincipal, HostLicenses, HostResourceGroup, IdentityProvider, InstanceMatch, License, LicenseAssetGroup, LicenseAssetRule,
  LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, LicenseServerCredentials, LicenseServerEndpoint,
  LicenseShare, ProductSubscription, Provisioning, ReportFrequency, ReportGenerator, RhsmSecret, SharePrincipal, SubscriptionProvider,
  UsageDimension, UsageReport, UserAssociation, UserDirectory, UserSubscriptionProduct,
} from '../../../src';
import { checkTags, renderTags } from '../../../src/private/validation/tags';
import { issue, LICENSE_ARN } from '../../license/licenses';
import { acknowledge } from '../../support/validator';

const WAY_OUT = 'Correct it, or keep the tag away from the resource (excludeResourceTypes).';
const LATIN = /^[a-z]*$/;

let app: App;
let stack: Stack;

class Tagged extends CfnResource {
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, 'AWS::Any::Type');
}

beforeEach(() => {
  app = new App();
  acknowledge(app, 'F3006', 'A type that there is not.');
  stack = new Stack(app, 'Stack');
});

function tag(tags: { [key: string]: string }, characters?: RegExp) {
  const resource = new Tagged(stack, 'Resource', { type: 'AWS::Any::Type' });
  checkTags(stack, resource, characters);
  Object.entries(tags).forEach(([key, value]) => Tags.of(resource).add(key, value));
  return () => app.synth();
}

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']));

describe('tags are taken', () => {
  test.each<[string, { [key: string]: string }]>([
    ['none', {}],
    ['50', many(50)],
    ['a key of 1 character, and a value of none', { k: '' }],
    ['a key of 128 characters, and a value of 256', { ['k'.repeat(128)]: 'v'.repeat(256) }],
    ['a key that only looks like those of AWS', { 'aws-key': 'aws:value', 'my:aws:key': 'value' }],
    ['any characters', { 'R&D (ä)': 'a\nb' }],
    ['50, and a token, which may be one of their keys', { ...many(50), [Fn.importValue('key')]: 'value' }],
    ['a token for a long key or value', { [Fn.importValue('key')]: Fn.importValue('value') }],
  ])('%s', (_, tags) => {
    expect(tag(tags)).not.toThrow();
  });

  test('with the characters that are allowed', () => {
    expect(tag({ key: 'value', [Fn.importValue('key')]: Fn.importValue('value') }, LATIN)).not.toThrow();
  });
});

describe('tags are refused when the app is complete', () => {
  test.each<[string, { [key: string]: string }, string]>([
    ['51', many(51), 'it has 51 tags: at most 50 are possible. Keep some away from the resource (excludeResourceTypes).'],
    ['a key without a character', { '': 'value' }, `the key of a tag '' has 0 characters: it has to have 1 to 128. ${WAY_OUT}`],
    ['a key of 129 characters', { ['k'.repeat(129)]: 'value' },
      `the key of a tag '${'k'.repeat(60)}…' has 129 characters: it has to have 1 to 128. ${WAY_OUT}`],
    ['a value of 257 characters', { key: 'v'.repeat(257) }, `tag 'key' '${'v'.repeat(60)}…' has 257 characters: it has to have at most 256. ${WAY_OUT}`],
    ['a key of AWS', { 'aws:key': 'value' },
      `the key of a tag is 'aws:key': it has to begin with something else than 'aws:', which AWS keeps for itself. ${WAY_OUT}`],
    ['a key of AWS in upper case', { 'AWS:key': 'value' }, 'the key of a tag is \'AWS:key\': it has to begin with something else'],
  ])('%s', (_, tags, message) => {
    expect(tag(tags)).toThrow(`Stack: ${message}`);
  });

  test.each<[string, { [key: string]: string }, string]>([
    ['a key', { 'a&b': 'value' }, 'the key of a tag is \'a&b\''],
    ['a value', { key: 'a&b' }, 'tag \'key\' is \'a&b\''],
  ])('%s with other characters than those that are allowed', (_, tags, what) => {
    expect(tag(tags, LATIN)).toThrow(`Stack: ${what}: it has to consist of letters, digits, spaces and _.:/=+-@. ${WAY_OUT}`);
  });
});

test('tags are fewer where the function of the stack adds some', () => {
  const resource = new Tagged(stack, 'Resource', { type: 'AWS::Any::Type' });
  checkTags(stack, resource, undefined, 1);
  Object.entries(many(49)).forEach(([key, value]) => Tags.of(resource).add(key, value));
  expect(() => app.synth()).not.toThrow();
  Tags.of(resource).add('one more', 'value');
  expect(() => app.synth({ force: true })).toThrow(
    'Stack: it has 50 tags: at most 49 are possible beside that of the stack. Keep some away from the resource (excludeResourceTypes).');
});

describe('every construct with tags refuses', () => {
  const license = (provisioning?: Provisioning) => new LicenseConfiguration(stack, 'It', { licenseCounting: LicenseCounting.cores(), provisioning });
  const imported = () => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported',
    'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef');
  const report = (provisioning?: Provisioning) => new ReportGenerator(stack, 'It', {
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [imported()], types: [LicenseConfigurationReportType.SUMMARY], frequency: ReportFrequency.DAILY,
    }),
    provisioning,
  });
  const directory = () => IdentityProvider.fromIdentityProviderAttributes(stack, 'Directory', {
    identityProviderArn: Fn.importValue('identity-provider'), directoryId: 'd-0123456789', product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
  });
  const ruleSet = (id: string) => new LicenseAssetRuleSet(stack, id, {
    rules: [LicenseAssetRule.instances(InstanceMatch.accountId(['111122223333']))],
  });

  test.each<[string, () => IConstruct]>([
    ['LicenseConfiguration', () => license()],
    ['LicenseConfiguration, through the API', () => license(Provisioning.CUSTOM_RESOURCE)],
    ['LicenseShare', () => new LicenseShare(stack, 'It', {
      licenseConfigurations: [imported()], principals: [SharePrincipal.fromAccountId('444455556666')],
    })],
    ['LicenseAssetRuleSet', () => ruleSet('It')],
    ['LicenseAssetGroup', () => new LicenseAssetGroup(stack, 'It', { usageDimension: UsageDimension.CORE, ruleSets: [ruleSet('RuleSet')] })],
    ['ReportGenerator', () => report()],
    ['ReportGenerator, through the API', () => report(Provisioning.CUSTOM_RESOURCE)],
    ['HostResourceGroup', () => new HostResourceGroup(stack, 'It', { licenses: HostLicenses.any() })],
    ['License', () => issue(stack, {}, 'It')],
    ['Grant', () => new Grant(stack, 'It', {
      license: License.fromLicenseArn(stack, 'License', LICENSE_ARN), principal: GrantPrincipal.fromAccountId('444455556666'),
    })],
    ['RhsmSecret', () => new RhsmSecret(stack, 'It')],
    ['SubscriptionProvider', () => new SubscriptionProvider(stack, 'It', { secret: new RhsmSecret(stack, 'Secret') })],
    ['LicenseServerCredentials', () => new LicenseServerCredentials(stack, 'It')],
    ['LicenseServerEndpoint', () => new LicenseServerEndpoint(stack, 'It', {
      identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'Directory', Fn.importValue('identity-provider')), credentials: new LicenseServerCredentials(stack, 'Credentials'),
    })],
    ['IdentityProvider', () => new IdentityProvider(stack, 'It', {
      product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory: UserDirectory.awsManaged('d-0123456789'),
    })],
    ['ProductSubscription', () => new ProductSubscription(stack, 'It', { identityProvider: directory(), users: [] })],
    ['UserAssociation', () => new UserAssociation(stack, 'It', {
      identityProvider: directory(), instance: new CfnInstance(stack, 'Instance', { imageId: 'ami-01234567', instanceType: 'm5.large' }), users: [],
    })],
  ])('%s', (_, make) => {
    Tags.of(make()).add('aws:key', 'value');

    expect(() => app.synth()).toThrow('Stack/It: the key of a tag is \'aws:key\': it has to begin with something else');
  });
});

test('what has no tags is not looked at', () => {
  checkTags(stack, new CfnResource(stack, 'Resource', { type: 'AWS::Any::Type' }));
  expect(() => app.synth()).not.toThrow();
});

test('tags are rendered in the spelling of CloudFormation', () => {
  expect(renderTags([{ key: 'team', value: 'platform' }])).toEqual([{ Key: 'team', Value: 'platform' }]);
  expect(renderTags(undefined)).toBeUndefined();
});
