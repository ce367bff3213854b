import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnLaunchTemplate, InstanceType, LaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Function } from 'aws-cdk-lib/aws-lambda';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import {
  GovernedInstances, GuardrailMatch, GuardrailTarget, LicenseConfiguration, LicenseCounting, LicenseGuardrail, LicenseTenancy, LicenseType, mixins,
} from '../../src';
import type { GuardrailLaunchPolicyOptions, LicenseGuardrailProps } from '../../src';

const ARN = `arn:aws:license-manager:us-east-1:444455556666:license-configuration:lic-${'0'.repeat(32)}`;
const IMAGES = ['ami-0123456789abcdef0'];
const TEMPLATE_ID = 'lt-0123456789abcdef0';
const TEMPLATE_ARN = `arn:aws:ec2:*:*:launch-template/${TEMPLATE_ID}`;

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const imported = () => stack.node.tryFindChild('License') as LicenseConfiguration | undefined ?? LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', ARN);
const template = (id = TEMPLATE_ID) => stack.node.tryFindChild(`Template${id}`) as LaunchTemplate | undefined ?? LaunchTemplate.fromLaunchTemplateAttributes(stack, `Template${id}`, { launchTemplateId: id, versionNumber: '1' });
const byImage = () => GovernedInstances.matching(GuardrailMatch.amiId(IMAGES));
const make = (props: Partial<LicenseGuardrailProps> = {}) => new LicenseGuardrail(stack, 'It', { instances: byImage(), licenseConfigurations: [imported()], ...props });
const policy = (options: Partial<GuardrailLaunchPolicyOptions> = {}) => ({ launchPolicy: { launchTemplates: [template()], ...options } });
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

/** The statements of the launch policy, without what all have. */
function statements(props: Partial<LicenseGuardrailProps>) {
  make(props);
  const [{ Properties: { Content: { Statement: found } } }] = Object.values(Template.fromStack(stack).findResources('AWS::Organizations::Policy')) as any[];
  return found.map(({ Effect, Action, ...others }: any) => {
    expect([Effect, Action]).toEqual(['Deny', 'ec2:RunInstances']);
    return others;
  });
}

describe('the rule', () => {
  test('is one of the account, for EC2 instances, without a function, and nothing else is there', () => {
    const guardrail = make();

    const found = Template.fromStack(stack);
    expect(Object.keys(found.toJSON().Resources)).toHaveLength(1);
    found.hasResourceProperties('AWS::Config::ConfigRule', {
      Scope: { ComplianceResourceTypes: ['AWS::EC2::Instance'] },
      Source: {
        Owner: 'CUSTOM_POLICY',
        CustomPolicyDetails: { PolicyRuntime: 'guard-2.x.x', PolicyText: guardrail.policyText },
        SourceDetails: [
          { EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' },
          { EventSource: 'aws.config', MessageType: 'OversizedConfigurationItemChangeNotification' },
        ],
      },
    });
    expect([guardrail.configRule === undefined, guardrail.organizationConfigRule, guardrail.launchPolicy]).toEqual([false, undefined, undefined]);
  });

  test('tells somebody what it finds', () => {
    make().configRule!.onComplianceChange('Found', { target: new LambdaFunction(Function.fromFunctionName(stack, 'Told', 'told') as Function) });

    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { EventPattern: { 'source': ['aws.config'], 'detail-type': ['Config Rules Compliance Change'] } });
  });

  test('has the ARN of a license that the app makes', () => {
    make({ licenseConfigurations: [new LicenseConfiguration(stack, 'Own', { licenseCounting: LicenseCounting.vcpus() })] });

    Template.fromStack(stack).hasResourceProperties('AWS::Config::ConfigRule', {
      Source: { CustomPolicyDetails: { PolicyText: { 'Fn::Join': ['', [Match.stringLikeRegexp('\\["$'), { 'Fn::GetAtt': [Match.anyValue(), 'LicenseConfigurationArn'] }, Match.anyValue()]] } } },
    });
  });

  test('of a license that is counted by cores is for Dedicated Hosts', () => {
    const { policyText } = make({ licenseConfigurations: [new LicenseConfiguration(stack, 'Own', { licenseCounting: LicenseCounting.cores() })] });

    expect(policyText).toContain('when configuration.placement.tenancy in ["default", "dedicated"] {\n    configuration.placement.tenancy not in ["default", "dedicated"]');
  });

  test('over an organization is one of the organization', () => {
    const guardrail = make({ organization: { excludedAccounts: ['444455556666'] }, configRuleName: 'windows' });

    const found = Template.fromStack(stack);
    found.resourceCountIs('AWS::Config::ConfigRule', 0);
    found.hasResourceProperties('AWS::Config::OrganizationConfigRule', {
      OrganizationConfigRuleName: 'windows',
      ExcludedAccounts: ['444455556666'],
      OrganizationCustomPolicyRuleMetadata: {
        Runtime: 'guard-2.x.x',
        PolicyText: guardrail.policyText,
        ResourceTypesScope: ['AWS::EC2::Instance'],
        OrganizationConfigRuleTriggerTypes: ['ConfigurationItemChangeNotification', 'OversizedConfigurationItemChangeNotification'],
      },
    });
    expect(guardrail.organizationConfigRule!.organizationConfigRuleRef.organizationConfigRuleName).toBeDefined();
    expect(guardrail.configRule).toBeUndefined();
  });

  test('over an organization has a name that is generated, and stays the same', () => {
    make({ organization: {} });

    Template.fromStack(stack).hasResourceProperties('AWS::Config::OrganizationConfigRule', { OrganizationConfigRuleName: Match.stringLikeRegexp('^Stack-?It-?[0-9A-F]{8}$') });
  });

  test('may be left to another stack', () => {
    make({ withoutConfigRule: true, ...policy() });

    const found = Template.fromStack(stack);
    found.resourceCountIs('AWS::Config::ConfigRule', 0);
    found.resourceCountIs('AWS::Organizations::Policy', 1);
  });

  test('takes tokens', () => {
    const image = new CfnParameter(stack, 'Image', { type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', default: '/image' }).valueAsString;
    make({ instances: GovernedInstances.matching(GuardrailMatch.amiId([image])) });

    Template.fromStack(stack).hasResourceProperties('AWS::Config::ConfigRule', {
      Source: { CustomPolicyDetails: { PolicyText: { 'Fn::Join': ['', [Match.stringLikeRegexp('imageId in \\["$'), { Ref: 'Image' }, Match.stringLikeRegexp('^"\\]')]] } } },
    });
  });
});

describe('the launch policy', () => {
  const denied = (resource: 'image' | 'instance', conditions: object, more: object = {}) => ({
    Sid: 'LicensedTemplatesOnly1',
    Resource: resource === 'image' ? 'arn:aws:ec2:*::image/*' : 'arn:aws:ec2:*:*:instance/*',
    Condition: { ...conditions, ArnNotLike: { 'ec2:LaunchTemplate': TEMPLATE_ARN, ...more } },
  });
  /** With lists of one as a policy document writes them, and the partition. */
  const written = (found: any[]) => found.map(({ Resource, Condition, ...others }) => ({
    ...others,
    Resource: resolved(Resource),
    Condition: JSON.parse(JSON.stringify(Condition, (_, it) => {
      const value = resolved(it);
      return Array.isArray(value) && value.length === 1 ? resolved(value[0]) : value;
    })),
  }));
  const resolved = (value: any): any => value?.['Fn::Join'] ? value['Fn::Join'][1].map((it: any) => it.Ref ? 'aws' : it).join('') : value;

  test.each<[match: () => GuardrailMatch, resource: 'image' | 'instance', conditions: object]>([
    [() => GuardrailMatch.amiId(IMAGES), 'image', { StringEquals: { 'ec2:ImageID': IMAGES[0] } }],
    [() => GuardrailMatch.amiId(IMAGES).negated(), 'image', { StringNotEquals: { 'ec2:ImageID': IMAGES[0] } }],
    [() => GuardrailMatch.marketplaceProductCode(['a', 'b']), 'instance', { StringEquals: { 'ec2:ProductCode': ['a', 'b'] } }],
    [() => GuardrailMatch.instanceType([new InstanceType('m5.large')]), 'instance', { StringEquals: { 'ec2:InstanceType': 'm5.large' } }],
    [() => GuardrailMatch.tag('product', ['windows']), 'instance', { StringEquals: { 'aws:RequestTag/product': 'windows' } }],
    [() => GuardrailMatch.tag('product', ['windows']).negated(), 'instance', { StringNotEquals: { 'aws:RequestTag/product': 'windows' } }],
    [() => GuardrailMatch.tag('product'), 'instance', { Null: { 'aws:RequestTag/product': 'false' } }],
    [() => GuardrailMatch.tag('product').negated(), 'instance', { Null: { 'aws:RequestTag/product': 'true' } }],
  ])('denies what IAM can tell: %#', (match, resource, conditions) => {
    expect(written(statements({ instances: GovernedInstances.matching(match()), ...policy() }))).toEqual([denied(resource, conditions)]);
    expect(warnings()).toEqual([]);
  });

  test('denies any of several, each by itself', () => {
    const instances = GovernedInstances.matchingAny([GuardrailMatch.amiId(IMAGES), GuardrailMatch.tag('a', ['b']), GuardrailMatch.usageOperation(['RunInstances:0800'])]);

    expect(written(statements({ instances, ...policy() }))).toEqual([
      denied('image', { StringEquals: { 'ec2:ImageID': IMAGES[0] } }), { ...denied('instance', { StringEquals: { 'aws:RequestTag/a': 'b' } }), Sid: 'LicensedTemplatesOnly2' },
    ]);
    expect(warnings()).toEqual([expect.stringMatching(
      /^IAM cannot tell a launch by GuardrailMatch\.usageOperation\(\): launchPolicy denies none of those, .*\[ack: cdk-license-manager:launchesNotTold\]$/)]);
  });

  test('denies all of several at once', () => {
    const instances = GovernedInstances.matchingAll([
      GuardrailMatch.instanceType([new InstanceType('m5.large')]), GuardrailMatch.tag('a', ['b']), GuardrailMatch.tag('a', ['c']).negated(), GuardrailMatch.tag('d'),
    ]);

    expect(written(statements({ instances, ...policy() }))).toEqual([denied('instance', {
      StringEquals: { 'ec2:InstanceType': 'm5.large', 'aws:RequestTag/a': 'b' }, StringNotEquals: { 'aws:RequestTag/a': 'c' }, Null: { 'aws:RequestTag/d': 'false' },
    })]);
  });

  test.each<[what: string, instances: () => GovernedInstances, untold: string]>([
    ['what no key is for', () => GovernedInstances.matching(GuardrailMatch.usageOperation([LicenseType.WINDOWS_BYOL.usageOperation])), 'GuardrailMatch.usageOperation()'],
    ['what no key is for, negated', () => GovernedInstances.matchingAny([GuardrailMatch.platformDetails(['Windows']).negated()]), 'GuardrailMatch.platformDetails().negated()'],
    [
      'what is of the AMI and of the instance at once',
      () => GovernedInstances.matchingAll([GuardrailMatch.amiId(IMAGES), GuardrailMatch.tag('a')]), 'GuardrailMatch.amiId() and GuardrailMatch.tag()',
    ],
    [
      'all of which one has no key',
      () => GovernedInstances.matchingAll([GuardrailMatch.tag('a'), GuardrailMatch.usageOperation(['RunInstances:0800'])]), 'GuardrailMatch.tag() and GuardrailMatch.usageOperation()',
    ],
    [
      'two of one key, which would be one condition that either fulfills',
      () => GovernedInstances.matchingAll([GuardrailMatch.tag('a', ['b']), GuardrailMatch.tag('a', ['c'])]), 'GuardrailMatch.tag() and GuardrailMatch.tag()',
    ],
  ])('is refused for %s', (_, instances, untold) => {
    expect(() => make({ instances: instances(), ...policy() })).toThrow(`Stack/It: IAM cannot tell a launch of the instances, by ${untold}: there would be nothing to deny. `);
  });

  test('denies launches from the templates with a tenancy that no license allows', () => {
    expect(written(statements({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST], ...policy({ exemptPrincipalArns: ['arn:aws:iam::*:role/Builder'] }) }))).toEqual([
      denied('image', { StringEquals: { 'ec2:ImageID': IMAGES[0] } }, { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Builder' }),
      {
        Sid: 'AllowedTenanciesOnly',
        Resource: 'arn:aws:ec2:*:*:instance/*',
        Condition: {
          ArnLike: { 'ec2:LaunchTemplate': TEMPLATE_ARN },
          StringEquals: { 'ec2:Tenancy': ['default', 'dedicated'] },
          ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Builder' },
        },
      },
    ]);
  });

  test('denies no tenancy that one of the licenses allows', () => {
    const licenses = [LicenseCounting.cores(), LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEDICATED_INSTANCE] })]
      .map((licenseCounting, index) => new LicenseConfiguration(stack, `Own${index}`, { licenseCounting }));

    expect(written(statements({ licenseConfigurations: licenses, ...policy() }))[1].Condition.StringEquals).toEqual({ 'ec2:Tenancy': 'default' });
  });

  test('is attached to nothing, unless it is said', () => {
    make(policy());

    Template.fromStack(stack).hasResourceProperties('AWS::Organizations::Policy', { Type: 'SERVICE_CONTROL_POLICY', TargetIds: Match.absent() });
  });

  test('is attached to what is said, each once', () => {
    make(policy({
      targets: [
        GuardrailTarget.account('444455556666'), GuardrailTarget.organizationalUnit('ou-ab12-cdef3456'), GuardrailTarget.rootOfAllAccounts('r-ab12'),
        GuardrailTarget.account('444455556666'), GuardrailTarget.account(new CfnParameter(stack, 'Account').valueAsString),
      ],
      policyName: 'windows',
    }));

    Template.fromStack(stack).hasResourceProperties('AWS::Organizations::Policy', {
      Name: 'windows', TargetIds: ['444455556666', 'ou-ab12-cdef3456', 'r-ab12', { Ref: 'Account' }],
    });
    expect(warnings()).toEqual([expect.stringContaining('\'444455556666\' is in targets twice')]);
  });

  test.each<[GuardrailTarget, string]>([
    [GuardrailTarget.account('r-ab12'), 'the id of GuardrailTarget.account() is \'r-ab12\': it has to be the id of an account, of 12 digits.'],
    [GuardrailTarget.account('44445555666'), 'the id of GuardrailTarget.account() is \'44445555666\''],
    [GuardrailTarget.account('4444555566667'), 'the id of GuardrailTarget.account() is \'4444555566667\''],
    [GuardrailTarget.organizationalUnit('r-ab12'), 'the id of GuardrailTarget.organizationalUnit() is \'r-ab12\': it has to be the id of an organizational unit'],
    [GuardrailTarget.organizationalUnit('ou-ab1-cdef3456'), 'the id of GuardrailTarget.organizationalUnit() is'],
    [GuardrailTarget.organizationalUnit('ou-ab12-cdef345'), 'the id of GuardrailTarget.organizationalUnit() is'],
    [GuardrailTarget.rootOfAllAccounts('444455556666'), 'the id of GuardrailTarget.rootOfAllAccounts() is \'444455556666\': it has to be the id of the root'],
    [GuardrailTarget.rootOfAllAccounts('r-ab1'), 'the id of GuardrailTarget.rootOfAllAccounts() is'],
    [GuardrailTarget.rootOfAllAccounts('ou-ab12-cdef3456'), 'the id of GuardrailTarget.rootOfAllAccounts() is'],
  ])('is not attached to what is of another kind: %#', (target, message) => {
    expect(() => make(policy({ targets: [target] }))).toThrow(`Stack/It: ${message}`);
  });

  test('of more characters than AWS Organizations takes is warned of', () => {
    const sized = (count: number) => {
      stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
      make(policy({ launchTemplates: Array.from({ length: count }, (_, index) => template(`lt-${String(index).padStart(17, '0')}`)) }));
      return warnings().filter(it => it.includes('[ack: cdk-license-manager:launchPolicySize]'));
    };

    // Each is written as arn:<partition>:ec2:*:*:launch-template/lt-…, in quotes and with a comma.
    expect(sized(185)).toEqual([]);
    expect(sized(200)).toEqual([expect.stringMatching(/^The launch policy has at least 10\d{3} characters, and AWS Organizations takes 10,240\. /)]);
  });
});

describe('is warned of', () => {
  const synthesized = () => {
    Template.fromStack(stack);
    return warnings().map(it => /\[ack: cdk-license-manager:(\w+)\]/.exec(it)?.[1]);
  };

  describe('a launch template of the app', () => {
    const made = (id: string, licenses: ILicenseConfigurationRef[]) =>
      new LaunchTemplate(stack, id).with(...licenses.length ? [new mixins.LaunchTemplateLicenses(licenses)] : []) as LaunchTemplate;
    const other = () => new LicenseConfiguration(stack, 'Other', { licenseCounting: LicenseCounting.cores() });
    const own = () => stack.node.tryFindChild('Own') as LicenseConfiguration ?? new LicenseConfiguration(stack, 'Own', { licenseCounting: LicenseCounting.cores() });

    test.each<[string, () => LaunchTemplate]>([
      ['without a license', () => made('Template', [])],
      ['with another license', () => made('Template', [other()])],
    ])('%s', (_, of) => {
      make({ licenseConfigurations: [own()], ...policy({ launchTemplates: [of(), made('Right', [own()])] }) });
      expect(synthesized()).toContain('launchTemplateWithoutLicense');
      expect(warnings().filter(it => it.includes('launchTemplateWithoutLicense'))).toEqual([expect.stringContaining("Launch template 'Stack/Template' is in launchTemplates")]);
    });

    test('not with one of the licenses, which may come later, or with one that nobody knows', () => {
      const late = new LaunchTemplate(stack, 'Late');
      const open = new CfnLaunchTemplate(stack, 'Open', {
        launchTemplateData: { licenseSpecifications: [{ licenseConfigurationArn: new CfnParameter(stack, 'Arn').valueAsString }] },
      });
      make({ licenseConfigurations: [own(), imported()], ...policy({ launchTemplates: [late, open, template()] }) });
      late.with(new mixins.LaunchTemplateLicenses([own()]));
      expect(synthesized()).not.toContain('launchTemplateWithoutLicense');
    });
  });

  test.each(['*', 'ImageBuilder', '', 'arn:aws:iam::*:*', 'arn:aws:s3:::bucket'])('a principal that is everybody or nobody: %s', arn => {
    make(policy({ exemptPrincipalArns: [arn] }));
    expect(synthesized()).toContain('exemptPrincipal');
  });

  test.each(['arn:aws:iam::*:role/ImageBuilder', 'arn:aws:iam::111122223333:root', 'arn:*:iam::*:role/*', 'arn:aws:sts::111122223333:federated-user/jane'])('not a principal: %s', arn => {
    make(policy({ exemptPrincipalArns: [arn, new CfnParameter(stack, 'Arn').valueAsString] }));
    expect(synthesized()).not.toContain('exemptPrincipal');
  });

  const type = (name: string) => GuardrailMatch.instanceType([new InstanceType(name)]);
  test.each<[string, GuardrailMatch[]]>([
    ['two types', [type('m5.large'), type('c5.large')]],
    ['a type and not that', [type('m5.large'), type('m5.large').negated()]],
    ['two values of a tag', [GuardrailMatch.tag('a', ['1']), GuardrailMatch.tag('a', ['2'])]],
    ['a tag, and not that', [GuardrailMatch.tag('a'), GuardrailMatch.tag('a').negated()]],
  ])('instances that are %s', (_, matches) => {
    make({ instances: GovernedInstances.matchingAll(matches) });
    expect(synthesized()).toEqual(['guardrailGovernsNothing']);
  });

  test.each<[string, () => GovernedInstances]>([
    ['a type of both', () => GovernedInstances.matchingAll([GuardrailMatch.instanceType(['m5.large', 'c5.large'].map(it => new InstanceType(it))), type('c5.large')])],
    ['a type and not another', () => GovernedInstances.matchingAll([type('m5.large'), type('c5.large').negated()])],
    ['neither of two types', () => GovernedInstances.matchingAll([type('m5.large').negated(), type('c5.large').negated()])],
    ['one of two types', () => GovernedInstances.matchingAny([type('m5.large'), type('c5.large')])],
    ['of two tags', () => GovernedInstances.matchingAll([GuardrailMatch.tag('a', ['1']), GuardrailMatch.tag('b', ['2'])])],
    ['a tag with a value', () => GovernedInstances.matchingAll([GuardrailMatch.tag('a'), GuardrailMatch.tag('a', ['2'])])],
    ['of two products, of which an image may have both', () => GovernedInstances.matchingAll([GuardrailMatch.marketplaceProductCode(['a']), GuardrailMatch.marketplaceProductCode(['b'])])],
    ['of images that nobody knows', () => GovernedInstances.matchingAll(['One', 'Two'].map(id => GuardrailMatch.amiId([new CfnParameter(stack, id).valueAsString])))],
  ])('not instances that are %s', (_, instances) => {
    make({ instances: instances() });
    expect(synthesized()).toEqual([]);
  });

  test('a name of a policy that another one of the account has', () => {
    const named = (id: string, policyName: string, account = '111122223333') => new LicenseGuardrail(
      new Stack(stack.node.root as App, id, { env: { account, region: 'us-east-1' } }), 'It', {
        instances: byImage(), licenseConfigurations: [imported()], launchPolicy: { launchTemplates: [template()], policyName },
      });
    const found = (it: LicenseGuardrail) => Annotations.fromStack(Stack.of(it)).findWarning('*', Match.stringLikeRegexp('samePolicyName')).map(({ entry }) => String(entry.data));

    expect(found(named('One', 'same'))).toEqual([]);
    expect(found(named('Two', 'same'))).toEqual([expect.stringContaining("'One/It' has the same policyName 'same', and AWS Organizations takes a name once.")]);
    expect(found(named('Three', 'other'))).toEqual([]);
    expect(found(named('Four', 'same', '444455556666'))).toEqual([]);
  });
});

test('a value that looks as a policy variable is none, and a token is one', () => {
  const value = new CfnParameter(stack, 'Value').valueAsString;
  const [statement] = statements({ instances: GovernedInstances.matching(GuardrailMatch.tag('a', ['${x}', '$5', 'a${aws:username}b', value])), ...policy() });
  expect(statement.Condition.StringEquals).toEqual({ 'aws:RequestTag/a': ['${$}{x}', '$5', 'a${$}{aws:username}b', { Ref: 'Value' }] });
});

describe('is refused', () => {
  test.each<[what: string, props: () => Partial<LicenseGuardrailProps>, message: string]>([
    ['without a license', () => ({ licenseConfigurations: [] }), 'licenseConfigurations has 0 members: it has to have at least 1. Without one, no instance of the product would be right'],
    ['without a match', () => ({ instances: GovernedInstances.matchingAll([]) }), 'the list of matches of instances has 0 members: it has to have at least 1. Without one, every instance would be governed'],
    ['without a value', () => ({ instances: GovernedInstances.matching(GuardrailMatch.amiId([])) }), 'the list of GuardrailMatch.amiId() has 0 members'],
    ['without a value of a tag', () => ({ instances: GovernedInstances.matching(GuardrailMatch.tag('a', [])) }), 'the list of GuardrailMatch.tag() has 0 members'],
    ['without a key of a tag', () => ({ instances: GovernedInstances.matching(GuardrailMatch.tag('')) }), 'the key of GuardrailMatch.tag() is empty'],
    [
      'with a key that is a token', () => ({ instances: GovernedInstances.matching(GuardrailMatch.tag(new CfnParameter(stack, 'Key').valueAsString)) }),
      'the key of GuardrailMatch.tag() is a token',
    ],
    [
      'with a list that is a token', () => ({ instances: GovernedInstances.matching(GuardrailMatch.amiId(new CfnParameter(stack, 'Images', { type: 'CommaDelimitedList' }).valueAsList)) }),
      'the list of GuardrailMatch.amiId() is a token',
    ],
    ['without a tenancy', () => ({ allowedTenancy: [] }), 'allowedTenancy has 0 members: it has to have at least 1.'],
    ['with another tenancy', () => ({ allowedTenancy: ['host' as LicenseTenancy] }), 'a member of allowedTenancy is \'host\': it has to be \'EC2-Default\', \'EC2-DedicatedInstance\' or \'EC2-DedicatedHost\'.'],
    ['without anything', () => ({ withoutConfigRule: true }), 'withoutConfigRule is set without launchPolicy: there would be nothing.'],
    ['with an organization and no rule', () => ({ withoutConfigRule: true, organization: {}, ...policy() }), 'organization is set together with withoutConfigRule'],
    ['with an empty name', () => ({ configRuleName: '' }), 'configRuleName \'\' has 0 characters: it has to have 1 to 128.'],
    ['with a long name', () => ({ configRuleName: 'a'.repeat(129) }), 'has 129 characters: it has to have 1 to 128.'],
    ['with a long name over an organization', () => ({ configRuleName: 'a'.repeat(65), organization: {} }), 'it has to have 1 to 64 letters, digits, - and _, over an organization.'],
    ['with another name over an organization', () => ({ configRuleName: 'a b', organization: {} }), 'configRuleName is \'a b\''],
    ['with another account', () => ({ organization: { excludedAccounts: ['44445555666'] } }), 'excludedAccounts has \'44445555666\': it has to be the id of an account, of 12 digits.'],
    ['with too many accounts', () => ({ organization: { excludedAccounts: Array(1001).fill('444455556666') } }), 'excludedAccounts has 1001 members: it has to have at most 1000.'],
    ['without a launch template', () => policy({ launchTemplates: [] }), 'launchTemplates has 0 members: it has to have at least 1. Without one, nothing that is governed could be launched.'],
    ['with an empty name of the policy', () => policy({ policyName: '' }), 'policyName \'\' has 0 characters: it has to have 1 to 128.'],
    ['with a long name of the policy', () => policy({ policyName: 'a'.repeat(129) }), 'has 129 characters: it has to have 1 to 128.'],
  ])('%s', (_, props, message) => {
    expect(() => make(props())).toThrow(message);
  });

  test.each([['account', {}, 128], ['organization', { organization: {} }, 64]])('not with a name that is just short enough, over the %s', (_, more, length) => {
    expect(() => make({ configRuleName: 'a'.repeat(length), ...more })).not.toThrow();
  });

  test('for a rule that AWS Config does not take', () => {
    const images = Array.from({ length: 420 }, (_, index) => `ami-${String(index).padStart(17, '0')}`);

    const own = new LicenseConfiguration(stack, 'Own', { licenseCounting: LicenseCounting.cores() });
    for (const organization of [undefined, {}]) {
      for (const licenseConfigurations of [[imported()], [own]]) {
        const refused = () => make({ instances: GovernedInstances.matching(GuardrailMatch.amiId(images)), licenseConfigurations, organization });
        expect(refused).toThrow(/Stack\/It: the text of the rule has (at least )?10\d{3} characters: it has to have at most 10000\. Make several guardrails/);
        stack.node.tryRemoveChild('It');
      }
    }
  });
});

test.each([
  [GuardrailMatch.amiId(['ami-1']), 'GuardrailMatch.amiId() has the value \'ami-1\', which nothing has: it has to be the id of an AMI'],
  [GuardrailMatch.usageOperation(['0800']), 'GuardrailMatch.usageOperation() has the value \'0800\', which nothing has'],
])('a value that nothing has is warned of: %#', (match, message) => {
  make({ instances: GovernedInstances.matching(match) });

  expect(warnings()).toEqual([expect.stringContaining(message)]);
});

test('what is there twice is warned of, and written once', () => {
  const { policyText } = make({
    licenseConfigurations: [imported(), imported()],
    instances: GovernedInstances.matching(GuardrailMatch.usageOperation(['RunInstances', 'RunInstances'])),
    allowedTenancy: [LicenseTenancy.DEFAULT, LicenseTenancy.DEFAULT],
  });

  expect(policyText.split(ARN)).toHaveLength(2);
  expect(policyText).toContain('in ["RunInstances"]\n');
  expect(warnings()).toHaveLength(3);
});

test('a guardrail is told from what is none', () => {
  expect([make(), stack, undefined].map(it => LicenseGuardrail.isLicenseGuardrail(it))).toEqual([true, false, false]);
});

test('lists that their owner changes later change nothing', () => {
  const [images, matches] = [[...IMAGES], [GuardrailMatch.amiId(IMAGES)]];
  const [match, instances] = [GuardrailMatch.amiId(images), GovernedInstances.matchingAny(matches)];
  images.push('ami-0123456789abcdef1');
  matches.push(match);

  expect(make({ instances }).policyText).toContain(`imageId in ["${IMAGES[0]}"]\n`);
  expect(new LicenseGuardrail(stack, 'Other', { instances: GovernedInstances.matching(match), licenseConfigurations: [imported()] }).policyText)
    .toContain(`imageId in ["${IMAGES[0]}"]\n`);
});
