import { App, Aws, CfnParameter, Fn, PropertyInjectors, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnLicenseAssetRuleSet } from 'aws-cdk-lib/aws-licensemanager';
import {
  Ec2BillingProduct, InstanceMatch, InstancePlatform, LicenseAssetRule, LicenseAssetRuleSet,
} from '../../src';
import type { LicenseAssetRuleSetProps } from '../../src';

const TYPE = 'AWS::LicenseManager::LicenseAssetRuleSet';
const ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-asset-ruleset:lars-0123456789abcdef0123456789abcdef';
const WINDOWS = LicenseAssetRule.instances(InstanceMatch.platform([InstancePlatform.WINDOWS]));

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

function ruleSet(props: Partial<LicenseAssetRuleSetProps> = {}) {
  return new LicenseAssetRuleSet(stack, 'RuleSet', { rules: [WINDOWS], ...props });
}

describe('a ruleset', () => {
  test('with what it needs', () => {
    const construct = ruleSet();

    const template = Template.fromStack(stack);
    template.hasResource(TYPE, {
      Properties: {
        Name: Match.stringLikeRegexp('^Stack-RuleSet-[0-9A-F]{8}$'),
        // Written, for what is missing in an update stays as it is.
        Description: '',
        Rules: [{ RuleStatement: { InstanceRuleStatement: { MatchingRuleStatement: { KeyToMatch: 'Platform', Constraint: 'EQUALS', ValueToMatch: ['Windows'] } } } }],
        Tags: Match.absent(),
      },
      DeletionPolicy: Match.absent(),
    });
    const [logicalId] = Object.keys(template.findResources(TYPE));
    expect(stack.resolve(construct.licenseAssetRuleSetArn)).toEqual({ 'Fn::GetAtt': [logicalId, 'LicenseAssetRulesetArn'] });
    expect(construct.licenseAssetRuleSetRef).toEqual({ licenseAssetRulesetArn: construct.licenseAssetRuleSetArn });
    expect(construct.grants).toBe(construct.grants);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('with all there is', () => {
    Tags.of(ruleSet({ licenseAssetRuleSetName: 'windows', description: 'Windows Server', removalPolicy: RemovalPolicy.RETAIN })).add('team', 'licenses');

    Template.fromStack(stack).hasResource(TYPE, {
      Properties: { Name: 'windows', Description: 'Windows Server', Tags: [{ Key: 'team', Value: 'licenses' }] },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test.each(['k'.repeat(129), 'aws:team'])('with a tag that AWS refuses is refused (%#)', (key) => {
    Tags.of(ruleSet()).add(key, 'licenses');
    expect(() => app.synth()).toThrow(/^Stack\/[^:]*: the key of a tag .* Correct it, or keep the tag away from the resource/);
  });

  test('takes injected properties', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: LicenseAssetRuleSet.PROPERTY_INJECTION_ID,
      inject: (props: any) => ({ ...props, description: 'injected' }),
    });
    ruleSet();

    Template.fromStack(stack).hasResourceProperties(TYPE, { Description: 'injected' });
  });

  test('has no snapshots', () => {
    expect(() => ruleSet({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(
      'Stack/RuleSet: removalPolicy is \'snapshot\': there are no snapshots of a license asset ruleset. ' +
      'Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.');
    expect(() => new LicenseAssetRuleSet(stack, 'Other', { rules: [WINDOWS] }).applyRemovalPolicy(RemovalPolicy.SNAPSHOT)).toThrow('there are no snapshots');
  });
});

describe('the limits', () => {
  const nameError = (name: string, count: number) =>
    `Stack/RuleSet: licenseAssetRuleSetName '${name}' has ${count} characters: it has to have at most 128. Correct it, or leave it out to have a name generated.`;

  test.each([1, 2, 127, 128])('a name of %d characters is taken', (length) => {
    ruleSet({ licenseAssetRuleSetName: 'x'.repeat(length) });

    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: 'x'.repeat(length) });
  });

  test('a name of 129 characters is refused', () => {
    expect(() => ruleSet({ licenseAssetRuleSetName: 'x'.repeat(129) })).toThrow(nameError(`${'x'.repeat(60)}…`, 129));
  });

  test('a name of 128 characters is taken, of which JavaScript has each as two', () => {
    ruleSet({ licenseAssetRuleSetName: '\u{1F511}'.repeat(128), description: '\u{1F511}'.repeat(1024) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: '\u{1F511}'.repeat(128) });

    expect(() => new LicenseAssetRuleSet(stack, 'Longer', { rules: [WINDOWS], licenseAssetRuleSetName: '\u{1F511}'.repeat(129) })).toThrow('has 129 characters');
  });

  test.each(['', ' '])('the name \'%s\' causes a warning', (name) => {
    ruleSet({ licenseAssetRuleSetName: name });
    Annotations.fromStack(stack).hasWarning('/Stack/RuleSet',
      `licenseAssetRuleSetName is '${name}', which shows nothing. Correct it, or leave it out to have a name generated. [ack: cdk-license-manager:blankText]`);
  });

  test.each([0, 1, 1023, 1024])('a description of %d characters is taken', (length) => {
    ruleSet({ description: 'x'.repeat(length) });

    Template.fromStack(stack).hasResourceProperties(TYPE, { Description: 'x'.repeat(length) });
  });

  test('a description of 1025 characters is refused', () => {
    expect(() => ruleSet({ description: 'x'.repeat(1025) })).toThrow(
      `Stack/RuleSet: description '${'x'.repeat(60)}…' has 1025 characters: it has to have at most 1024. Correct it, or leave it out.`);
  });

  const rules = (count: number) => Array.from({ length: count }, (_, index) => LicenseAssetRule.instances(InstanceMatch.accountId([`${111122223333 + index}`])));

  test.each([1, 2, 4, 5])('%d rules are taken', (count) => {
    ruleSet({ rules: rules(count) });

    const [resource] = Object.values(Template.fromStack(stack).findResources(TYPE));
    expect(resource.Properties.Rules).toHaveLength(count);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each([[0, '0 members'], [6, '6 members']])('%d rules cause a warning: only the user guide says how many there may be', (count, members) => {
    ruleSet({ rules: rules(count) });
    Annotations.fromStack(stack).hasWarning('/Stack/RuleSet',
      `rules has ${members}, and a ruleset has 1 to 5: License Manager may refuse it. A match takes several values, and a license asset group several ` +
      'rulesets: put what is too much there. [ack: cdk-license-manager:licenseAssetRules]');
  });

  test('a rule that is there twice is written once, also in another order and of one match or several', () => {
    const platform = InstanceMatch.platform([InstancePlatform.LINUX, InstancePlatform.WINDOWS]);
    const product = InstanceMatch.ec2BillingProduct([Ec2BillingProduct.RHEL]);
    for (const twice of [
      [LicenseAssetRule.instancesMatchingAll([platform, product]), WINDOWS,
        LicenseAssetRule.instancesMatchingAll([product, InstanceMatch.platform([InstancePlatform.WINDOWS, InstancePlatform.LINUX])])],
      [LicenseAssetRule.instances(platform), WINDOWS, LicenseAssetRule.instancesMatchingAny([platform])],
    ]) {
      stack = new Stack(new App(), 'Stack');
      ruleSet({ rules: twice });
      const [resource] = Object.values(Template.fromStack(stack).findResources(TYPE));
      expect(resource.Properties.Rules).toHaveLength(2);
      Annotations.fromStack(stack).hasWarning('/Stack/RuleSet',
        '\'rules[2]\' is in rules twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]');
    }
  });

  test('tokens are taken as they are', () => {
    const parameter = new CfnParameter(stack, 'Text');
    ruleSet({ licenseAssetRuleSetName: parameter.valueAsString, description: Fn.importValue('description') });

    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: { Ref: 'Text' }, Description: { 'Fn::ImportValue': 'description' } });
  });
});

describe('a ruleset that exists', () => {
  test('is imported by its ARN', () => {
    const imported = LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'Imported', ARN.replace('us-east-1', 'eu-central-1'));

    expect(imported.licenseAssetRuleSetArn).toBe(ARN.replace('us-east-1', 'eu-central-1'));
    expect(imported.env).toMatchObject({ account: '111122223333', region: 'eu-central-1' });
  });

  test.each([
    ARN,
    ARN.replace('arn:aws:license-manager:us-east-1', 'arn:aws-us-gov:license-manager:us-gov-west-1'),
    ARN.replace('arn:aws:license-manager:us-east-1', 'arn:aws-cn:license-manager:cn-north-1'),
    // Rulesets that AWS manages: their ARNs are not documented.
    'arn:aws:license-manager:us-east-1:aws:license-asset-ruleset:windows',
    'arn:aws:license-manager:::license-asset-ruleset:windows/1',
    `${ARN}:1`,
    `arn:aws:license-manager:::license-asset-ruleset:${'x'.repeat(1002)}`,
    `arn:${Aws.PARTITION}:license-manager:${Aws.REGION}:${Aws.ACCOUNT_ID}:license-asset-ruleset:lars-1`,
    Fn.importValue('arn'),
  ])('%s is taken', (arn) => {
    expect(LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(new Stack(new App(), 'Anywhere'), 'Imported', arn).licenseAssetRuleSetArn).toBe(arn);
  });

  test.each([
    ['lars-1', 'Take the ARN from \'aws license-manager list-license-asset-rulesets\'.'],
    [ARN.replace('license-asset-ruleset', 'license-asset-group'), 'Take the ARN from \'aws license-manager list-license-asset-rulesets\'.'],
    [`arn:aws:license-manager:::license-asset-ruleset:${'x'.repeat(1003)}`, 'Take the ARN from \'aws license-manager list-license-asset-rulesets\'.'],
    [ARN.replace('license-manager', 'ec2'), 'Take the ARN from \'aws license-manager list-license-asset-rulesets\'.'],
    [`${ARN} 1`, 'Take the ARN from \'aws license-manager list-license-asset-rulesets\'.'],
    [ARN.replace('ruleset:lars', 'ruleset/lars'), `The id follows a colon, not a slash: '${ARN}'.`],
  ])('%s is refused', (arn, wayOut) => {
    expect(() => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'Imported', arn)).toThrow(
      `Stack: '${arn}', for 'Imported', is not the ARN of a license asset ruleset: expected ` +
      `'arn:<partition>:license-manager:<region>:<account>:license-asset-ruleset:<id>'. ${wayOut}`);
  });

  test('is looked up by its name', () => {
    const found = LicenseAssetRuleSet.fromLookup(stack, 'Found', { licenseAssetRuleSetName: 'windows' });

    expect(found.licenseAssetRuleSetArn).toBe(`arn:aws:license-manager:us-east-1:111122223333:license-asset-ruleset:${'0'.repeat(32)}`);
    ruleSet();
    expect(app.synth().manifest.missing).toEqual([expect.objectContaining({
      provider: 'cc-api-provider',
      props: expect.objectContaining({
        typeName: CfnLicenseAssetRuleSet.CFN_RESOURCE_TYPE_NAME,
        propertyMatch: { Name: 'windows' },
        propertiesToReturn: ['LicenseAssetRulesetArn'],
        expectedMatchCount: 'exactly-one',
      }),
    })]);
  });

  test('is not looked up by a token', () => {
    expect(() => LicenseAssetRuleSet.fromLookup(stack, 'Found', { licenseAssetRuleSetName: Aws.STACK_NAME })).toThrow(
      'Write the name out, or import the ruleset by its ARN (LicenseAssetRuleSet.fromLicenseAssetRuleSetArn).');
  });
});
