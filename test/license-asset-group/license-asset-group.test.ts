import { App, Aws, CfnParameter, Fn, Lazy, PropertyInjectors, RemovalPolicy, Resource, Stack, Tags, Token } from 'aws-cdk-lib';
import type { IResolvable } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnLicenseAssetGroup, CfnLicenseAssetRuleSet } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseAssetRuleSetRef, LicenseAssetRuleSetReference } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import {
  AwsManagedRuleSet, InstanceMatch, InstancePlatform, LicenseAssetGroup, LicenseAssetRule, LicenseAssetRuleSet, LicenseConfigurationMatch,
  LicenseMatch, UsageDimension,
} from '../../src';
import type { LicenseAssetGroupProps } from '../../src';

const TYPE = 'AWS::LicenseManager::LicenseAssetGroup';
const ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-asset-group:lag-0123456789abcdef0123456789abcdef';
const RULE_SET_ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-asset-ruleset:lars-0123456789abcdef0123456789abcdef';
const ON_INSTANCES = LicenseAssetRule.instances(InstanceMatch.platform([InstancePlatform.WINDOWS]));
const ON_LICENSES = LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.accountId(['111122223333']));

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

function ruleSet(id: string, ...rules: LicenseAssetRule[]) {
  return new LicenseAssetRuleSet(stack, id, { rules });
}

function imported(id = 'Imported', arn = RULE_SET_ARN) {
  return LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, id, arn);
}

function group(props: Partial<LicenseAssetGroupProps> = {}) {
  return new LicenseAssetGroup(stack, 'Group', { usageDimension: UsageDimension.VCPU, ruleSets: props.ruleSets ?? [imported()], ...props });
}

/** A ruleset of which nothing but the ARN is known. */
class SomebodysRuleSet extends Resource implements ILicenseAssetRuleSetRef {
  public readonly licenseAssetRuleSetRef: LicenseAssetRuleSetReference;
  constructor(scope: Construct, licenseAssetRulesetArn: string) {
    super(scope, 'Somebodys');
    this.licenseAssetRuleSetRef = { licenseAssetRulesetArn };
  }
}

describe('a group', () => {
  test('with what it needs', () => {
    const construct = group();

    const template = Template.fromStack(stack);
    template.hasResource(TYPE, {
      Properties: {
        Name: Match.stringLikeRegexp('^Stack-Group-[0-9A-F]{8}$'),
        // Written, for what is missing in an update stays as it is.
        Description: '',
        LicenseAssetGroupConfigurations: [{ UsageDimension: 'vCPU' }],
        AssociatedLicenseAssetRulesetARNs: [RULE_SET_ARN],
        Properties: [],
        Tags: Match.absent(),
      },
      DeletionPolicy: Match.absent(),
    });
    const [logicalId] = Object.keys(template.findResources(TYPE));
    expect(stack.resolve(construct.licenseAssetGroupArn)).toEqual({ 'Fn::GetAtt': [logicalId, 'LicenseAssetGroupArn'] });
    expect(construct.licenseAssetGroupRef).toEqual({ licenseAssetGroupArn: construct.licenseAssetGroupArn });
    expect(construct.usageDimension).toBe(UsageDimension.VCPU);
    expect(construct.grants).toBe(construct.grants);
    expect(construct.metrics).toBe(construct.metrics);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('with all there is', () => {
    const l1 = new CfnLicenseAssetRuleSet(stack, 'L1', { name: 'l1', rules: [] });
    Tags.of(group({
      licenseAssetGroupName: 'windows',
      description: 'Windows Server',
      usageDimension: UsageDimension.SOCKET,
      ruleSets: [ruleSet('RuleSet', ON_INSTANCES, ON_LICENSES), l1, imported(),
        LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.MICROSOFT_WINDOWS_SERVER_DATACENTER)],
      properties: { reviewed: '2026', owner: 'licenses' },
      removalPolicy: RemovalPolicy.RETAIN,
    })).add('team', 'licenses');

    Template.fromStack(stack).hasResource(TYPE, {
      Properties: {
        Name: 'windows',
        Description: 'Windows Server',
        LicenseAssetGroupConfigurations: [{ UsageDimension: 'Socket' }],
        AssociatedLicenseAssetRulesetARNs: [
          { 'Fn::GetAtt': [Match.stringLikeRegexp('^RuleSet'), 'LicenseAssetRulesetArn'] },
          { Ref: 'L1' },
          RULE_SET_ARN,
          { 'Fn::GetAtt': [Match.stringLikeRegexp('^AwsManagedLicenseAssetRuleSet'), 'LicenseAssetRulesetArn'] },
        ],
        // In the order of the keys, whatever the order of the map.
        Properties: [{ Key: 'owner', Value: 'licenses' }, { Key: 'reviewed', Value: '2026' }],
        Tags: [{ Key: 'team', Value: 'licenses' }],
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test.each([
    [UsageDimension.CORE, 'Core'],
    [UsageDimension.INSTANCE, 'Instance'],
    [UsageDimension.SOCKET, 'Socket'],
    [UsageDimension.VCPU, 'vCPU'],
    [UsageDimension.of('Sockets'), 'Sockets'],
  ])('is counted by %p', (usageDimension, value) => {
    group({ usageDimension });

    Template.fromStack(stack).hasResourceProperties(TYPE, { LicenseAssetGroupConfigurations: [{ UsageDimension: value }] });
  });

  test.each(['k'.repeat(129), 'aws:team'])('with a tag that AWS refuses is refused (%#)', (key) => {
    Tags.of(group()).add(key, 'licenses');
    expect(() => app.synth()).toThrow(/^Stack\/[^:]*: the key of a tag .* Correct it, or keep the tag away from the resource/);
  });

  test('takes injected properties', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: LicenseAssetGroup.PROPERTY_INJECTION_ID, inject: (props: any) => ({ ...props, description: 'injected' }),
    });
    group();

    Template.fromStack(stack).hasResourceProperties(TYPE, { Description: 'injected' });
  });
});

describe('what is refused', () => {
  test.each<[string, () => Partial<LicenseAssetGroupProps>, string]>([
    ['a ruleset of another Region', () => ({ ruleSets: [imported('Other', RULE_SET_ARN.replace('us-east-1', 'eu-central-1'))] }),
      'ruleset \'Stack/Other\' is in Region \'eu-central-1\' and the group in \'us-east-1\': a group takes rulesets of its own Region, and discovers in ' +
      'all Regions that are set up for it. Make the ruleset in the Region of the group.'],
    ['somebody\'s reference to a ruleset of another Region', () => ({ ruleSets: [new SomebodysRuleSet(stack, RULE_SET_ARN.replace('us-east-1', 'eu-central-1'))] }),
      'ruleset \'Stack/Somebodys\' is in Region \'eu-central-1\' and the group in \'us-east-1\': a group takes rulesets of its own Region, and discovers in ' +
      'all Regions that are set up for it. Make the ruleset in the Region of the group.'],
    ['a name of 129 characters', () => ({ licenseAssetGroupName: 'x'.repeat(129) }),
      `licenseAssetGroupName '${'x'.repeat(60)}…' has 129 characters: it has to have at most 128. Correct it, or leave it out to have a name generated.`],
    ['a description of 1025 characters', () => ({ description: 'x'.repeat(1025) }),
      `description '${'x'.repeat(60)}…' has 1025 characters: it has to have at most 1024. Correct it, or leave it out.`],
    ['a usage dimension out of a file', () => ({ usageDimension: JSON.parse('"vCPU"') }),
      'usageDimension is the text \'vCPU\': it has to be of the class UsageDimension. Use one of its constants, or UsageDimension.of().'],
    ['snapshots', () => ({ removalPolicy: RemovalPolicy.SNAPSHOT }),
      'removalPolicy is \'snapshot\': there are no snapshots of a license asset group. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.'],
  ])('%s', (_what, props, message) => {
    expect(() => group(props())).toThrow(`Stack/Group: ${message}`);
  });

  test.each([1, 2, 127, 128])('not a name of %d characters', (length) => {
    group({ licenseAssetGroupName: 'x'.repeat(length) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: 'x'.repeat(length) });
  });

  test.each([0, 1, 1023, 1024])('not a description of %d characters', (length) => {
    group({ description: 'x'.repeat(length) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Description: 'x'.repeat(length) });
  });

  test('not two rulesets that have still to be looked up', () => {
    group({
      ruleSets: ['windows', 'linux'].map(licenseAssetRuleSetName => LicenseAssetRuleSet.fromLookup(stack, licenseAssetRuleSetName, { licenseAssetRuleSetName })),
    });
    Template.fromStack(stack).resourceCountIs(TYPE, 1);
  });

  test('not a ruleset whose ARN names no Region', () => {
    group({ ruleSets: [imported('Managed', 'arn:aws:license-manager::aws:license-asset-ruleset:windows')] });
    Template.fromStack(stack).resourceCountIs(TYPE, 1);
  });

  test('not tokens', () => {
    const parameter = new CfnParameter(stack, 'Text');
    group({
      licenseAssetGroupName: parameter.valueAsString,
      description: Fn.importValue('description'),
      usageDimension: UsageDimension.of(parameter.valueAsString),
      ruleSets: [imported('One', Fn.importValue('one')), imported('Two', Fn.importValue('two'))],
      properties: { key: Lazy.string({ produce: () => '' }) },
    });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      Name: { Ref: 'Text' },
      LicenseAssetGroupConfigurations: [{ UsageDimension: { Ref: 'Text' } }],
      AssociatedLicenseAssetRulesetARNs: [{ 'Fn::ImportValue': 'one' }, { 'Fn::ImportValue': 'two' }],
    });
  });

  test('not a ruleset where the Region of the stack is open', () => {
    const open = new Stack(app, 'Open');
    new LicenseAssetGroup(open, 'Group', {
      usageDimension: UsageDimension.CORE, ruleSets: [LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(open, 'RuleSet', RULE_SET_ARN)],
    });
    Template.fromStack(open).resourceCountIs(TYPE, 1);
  });
});

describe('what License Manager takes, and nobody means, causes a warning:', () => {
  const MANAGED = () => [AwsManagedRuleSet.UBUNTU_PRO, AwsManagedRuleSet.of('ubuntu-pro')].map((managed, index) =>
    LicenseAssetRuleSet.fromAwsManaged(stack, `Managed${index}`, managed));
  test.each<[string, () => Partial<LicenseAssetGroupProps>, string, number]>([
    ['no ruleset', () => ({ ruleSets: [] }),
      'ruleSets is empty, and rulesets say what belongs to a group: it stays empty. Name a LicenseAssetRuleSet, or use ' +
      'LicenseAssetRuleSet.fromAwsManaged(). [ack: cdk-license-manager:licenseAssetGroupWithoutRuleSet]', 0],
    ['a ruleset twice', () => {
      const made = ruleSet('RuleSet', ON_LICENSES);
      return { ruleSets: [made, imported(), imported('Again', made.licenseAssetRuleSetArn)] };
    }, '\'Stack/Again\' is in ruleSets twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]', 2],
    ['an AWS-managed ruleset twice', () => ({ ruleSets: MANAGED() }),
      '\'Stack/Managed1\' is in ruleSets twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]', 1],
    ['an empty name', () => ({ licenseAssetGroupName: '' }),
      'licenseAssetGroupName is \'\', which shows nothing. Correct it, or leave it out to have a name generated. [ack: cdk-license-manager:blankText]', 1],
    ['a name of blanks', () => ({ licenseAssetGroupName: ' ' }),
      'licenseAssetGroupName is \' \', which shows nothing. Correct it, or leave it out to have a name generated. [ack: cdk-license-manager:blankText]', 1],
    ['an empty usage dimension', () => ({ usageDimension: UsageDimension.of('') }),
      'usageDimension is \'\', which shows nothing. Use a constant of UsageDimension, such as UsageDimension.VCPU. [ack: cdk-license-manager:blankText]', 1],
    ['a property without a key', () => ({ properties: { '': 'x' } }),
      'a key of properties is \'\', which shows nothing. Correct it, or leave it out. [ack: cdk-license-manager:blankText]', 1],
  ])('%s', (_what, props, message, count) => {
    group(props());
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([message]);
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources(TYPE));
    expect(Properties.AssociatedLicenseAssetRulesetARNs).toHaveLength(count);
  });
});

describe('the account of a ruleset', () => {
  test('causes a warning if it is another one', () => {
    group({ ruleSets: [imported('Other', RULE_SET_ARN.replace('111122223333', '999988887777'))] });
    Annotations.fromStack(stack).hasWarning('/Stack/Group',
      'ruleset \'Stack/Other\' belongs to account \'999988887777\' and the group to \'111122223333\': unless AWS manages it, License Manager does not ' +
      'find it, since rulesets can\'t be shared. Make the ruleset in the account of the group. ' +
      '[ack: cdk-license-manager:licenseAssetRuleSetOfAnotherAccount]');
  });

  test.each(['arn:aws:license-manager:us-east-1:aws:license-asset-ruleset:windows', 'arn:aws:license-manager:::license-asset-ruleset:windows', Fn.importValue('arn')])(
    'is not if it is that of AWS, or not known: %s', arn => {
      group({ ruleSets: [imported('Other', arn)] });
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    });
});

describe('a group that finds instances and does not calculate what they use', () => {
  const WARNING = 'The rulesets of the group have rules on instances and none on licenses: License Manager finds the instances, and does not calculate how ' +
    'many licenses they use. Add LicenseAssetRule.licenseConfigurations() or LicenseAssetRule.licenses() to a ruleset. ' +
    '[ack: cdk-license-manager:licenseAssetGroupWithoutLicenses]';
  const l1 = (ruleStatement: any) => new CfnLicenseAssetRuleSet(stack, 'L1', { name: 'l1', rules: [{ ruleStatement }] });
  const statement = { matchingRuleStatement: { keyToMatch: 'Platform', constraint: 'EQUALS', valueToMatch: ['Windows'] } };

  test.each([
    ['by a ruleset', () => [ruleSet('One', ON_INSTANCES)]],
    ['by two rulesets', () => [ruleSet('One', ON_INSTANCES), ruleSet('Two', ON_INSTANCES)]],
    ['by an L1', () => [l1({ instanceRuleStatement: statement, licenseRuleStatement: undefined })]],
  ])('causes a warning: %s', (_what, ruleSets) => {
    group({ ruleSets: ruleSets() });
    Annotations.fromStack(stack).hasWarning('/Stack/Group', WARNING);
  });

  test.each([
    ['a rule on self-managed licenses', () => [ruleSet('One', ON_INSTANCES), ruleSet('Two', ON_LICENSES)]],
    ['a rule on granted licenses', () => [ruleSet('One', ON_INSTANCES, LicenseAssetRule.licenses(LicenseMatch.issuer(['Example Corp.'])))]],
    ['rules on licenses only', () => [ruleSet('One', ON_LICENSES)]],
    ['an imported ruleset', () => [ruleSet('One', ON_INSTANCES), imported()]],
    ['an AWS-managed ruleset', () => [ruleSet('One', ON_INSTANCES), LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.UBUNTU_PRO)]],
    ['an L1 with a license rule', () => [l1({ licenseConfigurationRuleStatement: statement })]],
    ['an L1 with a token for a statement', () => [l1(Lazy.any({ produce: () => ({ instanceRuleStatement: statement }) }))]],
    ['an L1 with a token of one\'s own for a statement beside another rule', () => [
      new CfnLicenseAssetRuleSet(stack, 'L1', { name: 'l1', rules: [{ ruleStatement: { instanceRuleStatement: statement } }, { ruleStatement: new LaterStatement() }] }),
    ]],
    ['an L1 with a token for a rule beside another one', () => [new CfnLicenseAssetRuleSet(stack, 'L1', {
      name: 'l1', rules: [{ ruleStatement: { instanceRuleStatement: statement } }, Lazy.any({ produce: () => ({ ruleStatement: { instanceRuleStatement: statement } }) })],
    })]],
    ['an L1 with a token for its rules', () => [new CfnLicenseAssetRuleSet(stack, 'L1', {
      name: 'l1', rules: Lazy.any({ produce: () => [{ ruleStatement: { instanceRuleStatement: statement } }] }),
    })]],
    ['an L1 with a token for a rule', () => [new CfnLicenseAssetRuleSet(stack, 'L1', {
      name: 'l1', rules: [Lazy.any({ produce: () => ({ ruleStatement: { instanceRuleStatement: statement } }) })],
    })]],
  ])('may not be one with %s', (_what, ruleSets) => {
    group({ ruleSets: ruleSets() });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

/** A token that has nothing of its own to be taken for a statement. */
class LaterStatement implements IResolvable {
  public get creationStack(): string[] {
    return [];
  }

  public resolve(): unknown {
    return { licenseRuleStatement: { matchingRuleStatement: { keyToMatch: 'Issuer', constraint: 'EQUALS', valueToMatch: ['Example Corp.'] } } };
  }

  public toString(): string {
    return Token.asString(this);
  }
}

describe('a group that exists', () => {
  test('is imported by its ARN', () => {
    const found = LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'Found', ARN.replace('us-east-1', 'eu-central-1'));

    expect(found.licenseAssetGroupArn).toBe(ARN.replace('us-east-1', 'eu-central-1'));
    expect(found.env).toMatchObject({ account: '111122223333', region: 'eu-central-1' });
    expect(found.usageDimension).toBeUndefined();
  });

  test('is imported with its usage dimension', () => {
    expect(LicenseAssetGroup.fromLicenseAssetGroupAttributes(stack, 'Found', { licenseAssetGroupArn: ARN, usageDimension: UsageDimension.CORE })
      .usageDimension).toBe(UsageDimension.CORE);
  });

  test.each([ARN.replace('arn:aws:license-manager:us-east-1', 'arn:aws-us-gov:license-manager:us-gov-west-1'),
    ARN.replace('arn:aws:license-manager:us-east-1', 'arn:aws-cn:license-manager:cn-north-1'),
    'arn:aws:license-manager:us-east-1:111122223333:license-asset-group:a:b/c_+=,@.-', `arn:aws:license-manager:us-east-1:aws:license-asset-group:${'x'.repeat(1004)}`,
    `arn:${Aws.PARTITION}:license-manager:${Aws.REGION}:${Aws.ACCOUNT_ID}:license-asset-group:lag-1`, Fn.importValue('arn')])('%s is taken', (arn) => {
    expect(LicenseAssetGroup.fromLicenseAssetGroupArn(new Stack(new App(), 'Anywhere'), 'Found', arn).licenseAssetGroupArn).toBe(arn);
  });

  test.each([
    ['lag-1', 'Take the ARN from \'aws license-manager list-license-asset-groups\'.'],
    [RULE_SET_ARN, 'Take the ARN from \'aws license-manager list-license-asset-groups\'.'],
    [`arn:aws:license-manager:us-east-1:aws:license-asset-group:${'x'.repeat(1005)}`, 'Take the ARN from \'aws license-manager list-license-asset-groups\'.'],
    ['arn:aws:license-manager:us-east-1:aws:license-asset-group:', 'Take the ARN from \'aws license-manager list-license-asset-groups\'.'],
    ['arn:aws:license-manager:us-east-1:aws:license-asset-group:a b', 'Take the ARN from \'aws license-manager list-license-asset-groups\'.'],
    [ARN.replace('group:lag', 'group/lag'), `The id follows a colon, not a slash: '${ARN}'.`],
  ])('%s is refused', (arn, wayOut) => {
    expect(() => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'Found', arn)).toThrow(
      `Stack: '${arn}', for 'Found', is not the ARN of a license asset group: expected ` +
      `'arn:<partition>:license-manager:<region>:<account>:license-asset-group:<id>'. ${wayOut}`);
  });

  test('is looked up by its name', () => {
    const found = LicenseAssetGroup.fromLookup(stack, 'Found', { licenseAssetGroupName: 'windows', usageDimension: UsageDimension.INSTANCE });
    group();

    expect(found.licenseAssetGroupArn).toBe(`arn:aws:license-manager:us-east-1:111122223333:license-asset-group:${'0'.repeat(32)}`);
    expect(found.usageDimension).toBe(UsageDimension.INSTANCE);
    expect(app.synth().manifest.missing).toEqual([expect.objectContaining({
      props: expect.objectContaining({
        typeName: CfnLicenseAssetGroup.CFN_RESOURCE_TYPE_NAME, propertyMatch: { Name: 'windows' }, propertiesToReturn: ['LicenseAssetGroupArn'],
      }),
    })]);
  });
});
