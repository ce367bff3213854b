import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { App, Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnStackSet } from 'aws-cdk-lib/aws-cloudformation';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { LicenseConversionPath, LicenseConversionRole, LicenseConversionWorkflow } from '../../src';
import type { LicenseConversionRoleProps } from '../../src';

const PROPS: LicenseConversionRoleProps = { workflowAccountId: '111122223333' };

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '444455556666', region: 'eu-west-1' } });
});

const make = (props: Partial<LicenseConversionRoleProps> = {}) => new LicenseConversionRole(stack, 'It', { ...PROPS, ...props });
const role = () => (Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))[0] as any).Properties;
const statements = (template: any) => Object.values<any>(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Policy')
  .flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument.Statement);
const root = (partition: unknown = { Ref: 'AWS::Partition' }) => ({ 'Fn::Join': ['', ['arn:', partition, ':iam::111122223333:root']] });

test('trusts the account of the workflow, and has the name that the workflow knows', () => {
  make();

  expect(role()).toMatchObject({
    RoleName: 'LicenseManagerConversionRole',
    AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: root() } }] },
  });
  expect(role().AssumeRolePolicyDocument.Statement[0].Condition).toBeUndefined();
  expect(LicenseConversionRole.ROLE_NAME).toBe('LicenseManagerConversionRole');
});

test('trusts one role of the account, in an organization', () => {
  make({ workflowRoleName: 'license-conversion', organizationId: 'o-exampleorgid' });

  expect(role().AssumeRolePolicyDocument.Statement).toEqual([{
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: root() },
    Condition: {
      ArnEquals: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/license-conversion']] } },
      StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' },
    },
  }]);
});

test('may do with instances what the role of a workflow may, and nothing else', () => {
  make();
  const other = new Stack(new App(), 'Other', { env: { account: '444455556666', region: 'eu-west-1' } });
  new LicenseConversionWorkflow(other, 'It', { path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED });

  const ofWorkflow = statements(Template.fromStack(other).toJSON()).filter(({ Action }) => /"(ec2|ssm|license-manager):/.test(JSON.stringify(Action)));
  expect(statements(Template.fromStack(stack).toJSON())).toEqual(ofWorkflow);
});

test('is what its properties say', () => {
  make({
    roleName: 'converter',
    regions: ['eu-west-1', 'us-east-1'],
    permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::444455556666:policy/boundary'),
  });

  expect(role()).toMatchObject({ RoleName: 'converter', PermissionsBoundary: 'arn:aws:iam::444455556666:policy/boundary' });
  const instances = (region: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ec2:${region}:444455556666:instance/*`]] });
  expect(statements(Template.fromStack(stack).toJSON())[1].Resource).toEqual([instances('eu-west-1'), instances('us-east-1')]);
});

test.each<[what: string, props: Partial<LicenseConversionRoleProps>, refusal: string | undefined]>([
  ['an account of 11 digits', { workflowAccountId: '1'.repeat(11) }, 'workflowAccountId is \'11111111111\': it has to have 12 digits. Correct it.'],
  ['an account of 13 digits', { workflowAccountId: '1'.repeat(13) }, 'workflowAccountId is \'1111111111111\': it has to have 12 digits. Correct it.'],
  ['an ARN for a name', { workflowRoleName: 'arn:aws:iam::111122223333:role/a' }, 'workflowRoleName is'],
  ['no name', { roleName: '' }, 'roleName is \'\': it has to have 1 to 64 letters, digits and +=,.@_-. Correct it, or leave it out.'],
  ['a name of 1', { roleName: 'a' }, undefined],
  ['a name of 64', { roleName: 'a'.repeat(64) }, undefined],
  ['a name of 65', { roleName: 'a'.repeat(65) }, 'roleName is'],
  ['no organization', { organizationId: '' }, 'organizationId is \'\': it has to be \'o-\' and letters and digits.'],
  ['no Region', { regions: [] }, 'regions has 0 members: it has to have at least 1. Correct it, or leave it out.'],
])('%s: both the role and the template', (_, props, refusal) => {
  for (const [who, create] of [['Stack/It', () => make(props)], ['Member/Role', () => LicenseConversionRole.stackSetTemplate({ ...PROPS, ...props })]] as const) {
    if (refusal === undefined) {
      expect(create).not.toThrow();
    } else {
      expect(create).toThrow(`${who}: ${refusal}`);
    }
  }
});

describe.each(['nope', '*', 'eu-west-1 '])('regions with «%s»', region => {
  test('are warned of', () => {
    make({ regions: ['eu-west-1', region] });

    expect(Annotations.fromStack(stack).findWarning('/Stack/It', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      `regions[1] is '${region}', which has not the form of the name of a Region: nothing is found there. Write it as 'aws ec2 describe-regions' shows it. `
      + '[ack: cdk-license-manager:noNameOfRegion]',
    ]);
  });

  test('are refused for a template, where nobody sees a warning', () => {
    expect(() => LicenseConversionRole.stackSetTemplate({ ...PROPS, regions: ['eu-west-1', region] })).toThrow(
      `LicenseConversionRole.stackSetTemplate(): a Region of regions is '${region}': it has to be the name of a Region. Write it as 'aws ec2 describe-regions' shows it.`);
  });
});

test('a Region that is named twice is warned of, and is there once', () => {
  make({ regions: ['eu-west-1', 'eu-west-1'] });

  expect(Annotations.fromStack(stack).findWarning('/Stack/It', Match.anyValue())).toHaveLength(1);
  expect(statements(Template.fromStack(stack).toJSON())[1].Resource).not.toBeInstanceOf(Array);
});

test('tokens are taken by the role', () => {
  make({ workflowAccountId: new CfnParameter(stack, 'Account').valueAsString });

  expect(JSON.stringify(role().AssumeRolePolicyDocument)).toContain('{"Ref":"Account"}');
});

describe('the template of a stack set', () => {
  const template = (props: Partial<LicenseConversionRoleProps> = {}) => JSON.parse(LicenseConversionRole.stackSetTemplate({ ...PROPS, ...props }));

  test('has the role and its policy, of the account and the Region where it is deployed, and no more', () => {
    const { Resources, ...rest } = template({ organizationId: 'o-exampleorgid' });

    expect(rest).toEqual({ Description: 'License type conversion by the workflow of another account' });
    // But for what a scanner reads of the policy.
    expect(Object.values<any>(Resources).map(({ Type, Metadata = {} }) => [Type, Object.keys(Metadata)])).toEqual(
      [['AWS::IAM::Role', []], ['AWS::IAM::Policy', ['checkov']]]);
    expect(statements({ Resources })[1].Resource).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':instance/*']],
    });
  });

  test('takes a boundary by its ARN, and names it as the way out of a token', () => {
    const arn = 'arn:aws:iam::aws:policy/PowerUserAccess';
    const { Resources } = template({ permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', arn) });
    expect(Object.values<any>(Resources)[0].Properties.PermissionsBoundary).toBe(arn);

    expect(() => template({ permissionsBoundary: ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess') })).toThrow(
      'LicenseConversionRole.stackSetTemplate(): permissionsBoundary has an ARN that is a token, which is known at the deployment only: it decides what is in a template '
      + 'of its own. Write the ARN out: ManagedPolicy.fromManagedPolicyArn(); that of a policy of AWS is \'arn:<partition>:iam::aws:policy/<name>\'.');
  });

  test('fits into a stack set, and leaves nothing in the app or on the disk', () => {
    const folders = () => readdirSync(tmpdir()).filter(name => name.startsWith('license-manager-stack-set-'));
    const before = folders();
    const templateBody = LicenseConversionRole.stackSetTemplate(PROPS);
    expect([stack.node.findAll(), folders()]).toEqual([[stack], before]);

    new CfnStackSet(stack, 'Members', {
      stackSetName: 'license-conversion', permissionModel: 'SERVICE_MANAGED', templateBody,
    });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudFormation::StackSet', { TemplateBody: templateBody });
  });

  test.each<[property: string, props: Partial<LicenseConversionRoleProps>]>([
    ['workflowAccountId', { workflowAccountId: Aws.ACCOUNT_ID }],
    ['workflowRoleName', { workflowRoleName: Aws.STACK_NAME }],
    ['organizationId', { organizationId: Aws.STACK_NAME }],
    ['roleName', { roleName: Aws.STACK_NAME }],
    ['regions', { regions: [Aws.REGION] }],
  ])('has nothing that another app means by a token: %s', (property, props) => {
    expect(() => template(props)).toThrow(
      `LicenseConversionRole.stackSetTemplate(): ${property} is a token, which is known at the deployment only: it decides what is in a template of its own. `
      + 'Write its value.');
  });
});

test('is told by its brand', () => {
  expect(LicenseConversionRole.isLicenseConversionRole(make())).toBe(true);
  expect(LicenseConversionRole.isLicenseConversionRole(LicenseConversionRole.fromRoleName(stack, 'Imported', 'x'))).toBe(false);
});
