import { App, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CustomResources } from '../../../src';
import { ManagedResource } from '../../../src/custom-resource/construct/managed-resource';
import { DEDICATED_HOST, type ArnKind, SELF_MANAGED_LICENSE } from '../../../src/custom-resource/contract/arn';
import { define, taggingOwn, type Target } from '../../../src/custom-resource/contract/definition';
import { object, text } from '../../../src/custom-resource/contract/shape';

const SECRET: ArnKind = { name: 'a secret', service: 'secretsmanager', resource: 'secret:', id: '' };
const KEY: ArnKind = { name: 'a key', service: 'kms', resource: 'key/', id: '' };

interface Properties {
  readonly Arn: string;
}

/** A type whose actions are on what the property Arn names. */
function typeWith(actions: { [action: string]: Target<Properties> | Target<Properties>[] }) {
  return define({ type: 'Custom::LicenseManagerExample', properties: object({ Arn: text }), actions });
}

const named = ({ Arn }: Properties) => Arn;

function policies(stack: Stack): any[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::RolePolicy')).map(({ Properties }) => Properties);
}

function makeOne(arnOf: (stack: Stack) => string, actions: Parameters<typeof typeWith>[0], stack = new Stack()): any[] {
  new ManagedResource(stack, 'Resource', { definition: typeWith(actions), properties: { Arn: arnOf(stack) } });
  return policies(stack);
}

const ON_LICENSE = `arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-${'0'.repeat(32)}`;

describe('a policy for one ARN', () => {
  test('has the condition of each permission, and permits nothing more without one', () => {
    const ofAccount = (account: string) => () => ({ StringEquals: { 'aws:ResourceAccount': account } });
    const [{ PolicyDocument }] = makeOne(() => ON_LICENSE, {
      'license-manager:GetLicenseConfiguration': { of: SELF_MANAGED_LICENSE, arns: named },
      'license-manager:TagResource': [
        { of: SELF_MANAGED_LICENSE, arns: named, conditions: ofAccount('1') }, { of: SELF_MANAGED_LICENSE, arns: named, conditions: ofAccount('2') },
      ],
      'license-manager:UntagResource': { of: SELF_MANAGED_LICENSE, arns: named, conditions: ofAccount('1') },
    });
    expect(PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'license-manager:GetLicenseConfiguration', Resource: ON_LICENSE },
      {
        Effect: 'Allow',
        Action: ['license-manager:TagResource', 'license-manager:UntagResource'],
        Resource: ON_LICENSE,
        Condition: { StringEquals: { 'aws:ResourceAccount': '1' } },
      },
      { Effect: 'Allow', Action: 'license-manager:TagResource', Resource: ON_LICENSE, Condition: { StringEquals: { 'aws:ResourceAccount': '2' } } },
    ]);
  });

  test('that shares a managed policy with others has its conditions, too', () => {
    const stack = new Stack();
    const definition = typeWith({
      'license-manager:GetLicenseConfiguration': { of: SELF_MANAGED_LICENSE, arns: named },
      'license-manager:TagResource': { of: SELF_MANAGED_LICENSE, arns: named, conditions: () => ({ Bool: { 'aws:ViaAWSService': 'true' } }) },
    });
    for (let number = 0; number < 40; number++) {
      new ManagedResource(stack, `Resource${number}`, { definition, properties: { Arn: `${ON_LICENSE}${number}` } });
    }
    const statements = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const tagging = statements.filter(({ Action }) => Action === 'license-manager:TagResource');
    expect(tagging.length).toBeGreaterThan(0);
    expect(tagging.every(({ Condition }) => Condition.Bool['aws:ViaAWSService'] === 'true')).toBe(true);
    expect(statements.filter(({ Action }) => Action === 'license-manager:GetLicenseConfiguration').every(({ Condition }) => Condition === undefined)).toBe(true);
  });

  const get = (of: ArnKind) => ({ 'license-manager:GetLicenseConfiguration': { of, arns: named } });

  test.each<[string, ArnKind, (stack: Stack) => string, unknown]>([
    ['a license', SELF_MANAGED_LICENSE, () => ON_LICENSE, expect.stringMatching(/^Example-[0-9a-f]{8}-lic-0{32}$/)],
    ['a host, whose id follows a slash', DEDICATED_HOST, () => 'arn:aws:ec2:us-east-1:111122223333:dedicated-host/h-0123', expect.stringMatching(/^Example-[0-9a-f]{8}-h-0123$/)],
    ['a secret, whose name has a slash', SECRET, () => 'arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/token-AbCdEf',
      expect.stringMatching(/^Example-[0-9a-f]{8}-prod\.token-AbCdEf$/)],
    ['what has a colon in its id', SECRET, () => 'arn:aws:secretsmanager:us-east-1:111122223333:secret:prod:token',
      expect.stringMatching(/^Example-[0-9a-f]{8}-prod\.token$/)],
    ['a key of the template, whose ARN has six parts', KEY, stack => new CfnKey(stack, 'Key').attrArn, {
      'Fn::Join': ['', [expect.stringMatching(/^Example-[0-9a-f]{8}-$/), {
        'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Key', 'Arn'] }] }] }] }],
      }]],
    }],
    ['a secret of the template, whose ARN has seven', SECRET, stack => new CfnSecret(stack, 'Secret').ref, {
      'Fn::Join': ['', [expect.stringMatching(/^Example-[0-9a-f]{8}-$/), { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Secret' }] }] }]],
    }],
  ])('has a name that IAM takes, with the id of %s', (_what, kind, arnOf, name) => {
    const [{ PolicyName }] = makeOne(arnOf, get(kind));
    expect(PolicyName).toEqual(name);
    if (typeof PolicyName === 'string') {
      expect(PolicyName).toMatch(/^[\w+=,.@-]{1,128}$/);
    }
  });

  test('is on what a token resolves to', () => {
    const [{ PolicyDocument }] = makeOne(() => Lazy.string({ produce: () => Fn.importValue('Arn') }), get(SELF_MANAGED_LICENSE));
    expect(PolicyDocument.Statement[0].Resource).toEqual({ 'Fn::ImportValue': 'Arn' });
  });
});

describe('what some resources of a type need and others do not', () => {
  const example = define({
    type: 'Custom::LicenseManagerExample',
    properties: object({ Arn: text }),
    actions: {
      'license-manager:ListLicenses': { arns: () => '*' },
      'ec2:CreateVpcEndpoint': { arns: ({ Arn }: Properties) => Arn === 'none' ? undefined : '*', apart: () => 'Endpoints' },
    },
  });
  const make = (...arns: string[]) => {
    const stack = new Stack(new App(), 'Licenses');
    arns.forEach((Arn, index) => new ManagedResource(stack, `Resource${index}`, { definition: example, properties: { Arn } }));
    return Template.fromStack(stack);
  };
  const policiesOf = (template: Template) => template.findResources('AWS::IAM::Policy');

  test('is in a policy that is there for them, and that they wait for', () => {
    const template = make('none', 'some');
    const permitted = Object.values(policiesOf(template))
      .map(({ Properties: { PolicyName, PolicyDocument } }) => [PolicyName, PolicyDocument.Statement[0].Action]);
    expect(permitted).toEqual([
      ['Example', 'license-manager:ListLicenses'], ['ExampleEndpoints', 'ec2:CreateVpcEndpoint'],
    ]);
    const [all, apart] = Object.keys(policiesOf(template));
    template.hasResource('Custom::LicenseManagerExample', { Properties: { Arn: 'none' }, DependsOn: [all] });
    template.hasResource('Custom::LicenseManagerExample', { Properties: { Arn: 'some' }, DependsOn: [all, apart] });
  });

  test('is not in a policy that others keep, so that it is not taken out before they are deleted', () => {
    expect(policiesOf(make('none', 'some'))).toMatchObject(policiesOf(make('none')));
    expect(Object.keys(policiesOf(make('none')))).toHaveLength(1);
  });
});

describe('two tokens that say the same', () => {
  const definition = typeWith({ 'license-manager:GetLicenseConfiguration': { of: SELF_MANAGED_LICENSE, arns: named } });
  const make = (stack: Stack) => [1, 2].forEach(number =>
    new ManagedResource(stack, `Resource${number}`, { definition, properties: { Arn: Fn.importValue('Arn') } }));

  test('have one policy, which permits it once', () => {
    const stack = new Stack();
    make(stack);
    expect(policies(stack).map(({ PolicyDocument }) => PolicyDocument.Statement)).toEqual([
      [{ Effect: 'Allow', Action: 'license-manager:GetLicenseConfiguration', Resource: { 'Fn::ImportValue': 'Arn' } }],
    ]);
  });

  test('have one on a role that was given', () => {
    const stack = new Stack();
    CustomResources.of(stack).configure({ role: new Role(stack, 'Given', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }) });
    make(stack);
    const actions = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(([{ Action }]) => Action === 'license-manager:GetLicenseConfiguration');
    expect(actions).toEqual([[{ Effect: 'Allow', Action: 'license-manager:GetLicenseConfiguration', Resource: { 'Fn::ImportValue': 'Arn' } }]]);
  });
});

test('what creates something may tag it before it has an id, and tags nothing that belongs to another stack', () => {
  const stack = new Stack(new App(), 'Licenses', { env: { account: '111122223333', region: 'us-east-1' } });
  const definition = define({
    type: 'Custom::LicenseManagerExample', properties: object({}), actions: { 'license-manager:TagResource': taggingOwn(SELF_MANAGED_LICENSE) },
  });
  new ManagedResource(stack, 'Resource', { definition, properties: {} });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const licenses = (id: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:license-manager:us-east-1:111122223333:license-configuration:${id}*`]] });
  const own = { Ref: 'AWS::StackId' };
  expect(Properties.PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'license-manager:TagResource',
      Resource: licenses('lic-'),
      Condition: { StringEquals: { 'aws:ResourceTag/cdk-license-manager:stack-id': own } },
    },
    {
      Effect: 'Allow',
      Action: 'license-manager:TagResource',
      Resource: licenses(''),
      Condition: {
        StringEquals: { 'aws:RequestTag/cdk-license-manager:stack-id': own },
        Null: { 'aws:ResourceTag/cdk-license-manager:stack-id': 'true', 'aws:ResourceTag/aws:cloudformation:stack-id': 'true' },
      },
    },
  ]);
});
