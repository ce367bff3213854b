import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnPolicy, type IRole, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CustomResources, LicenseConfiguration, LicenseConfigurationStatus, LicenseCounting, Provisioning } from '../../../src';

const ENV = { account: '111122223333', region: 'us-east-1' };

function licensed(roleOf: (stack: Stack) => IRole | undefined, app = new App()): Stack {
  const stack = new Stack(app, 'Licenses', { env: ENV });
  CustomResources.of(stack).configure({ role: roleOf(stack) });
  new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.vcpus(), status: LicenseConfigurationStatus.AVAILABLE, provisioning: Provisioning.CUSTOM_RESOURCE,
  });
  return stack;
}

function actionsIn(template: Template): string[] {
  return ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy'].flatMap(type => Object.values(template.findResources(type)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement).flatMap(({ Action }) => Action);
}

const NEEDED = [
  'cloudformation:DescribeStacks', 'cloudformation:ListStackResources', 'license-manager:ListAssociationsForLicenseConfiguration',
  'license-manager:CreateLicenseConfiguration', 'license-manager:DeleteLicenseConfiguration', 'license-manager:GetLicenseConfiguration',
  'license-manager:ListLicenseConfigurations', 'license-manager:ListTagsForResource', 'license-manager:TagResource', 'license-manager:UntagResource',
  'license-manager:UpdateLicenseConfiguration',
];

describe('a role of the user\'s own', () => {
  const own = (stack: Stack) => new Role(stack, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

  test('is that of the function, and gets what the custom resources need', () => {
    const template = Template.fromStack(licensed(own));
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.hasResourceProperties('AWS::Lambda::Function', { Role: { 'Fn::GetAtt': [Object.keys(template.findResources('AWS::IAM::Role'))[0], 'Arn'] } });
    expect([...new Set(actionsIn(template))].sort()).toEqual([...NEEDED, 'logs:CreateLogStream', 'logs:PutLogEvents'].sort());
  });

  test('may do in a VPC what AWS Lambda needs there', () => {
    const stack = new Stack(new App(), 'Licenses', { env: ENV });
    CustomResources.of(stack).configure({
      role: own(stack),
      vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-01234567', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-01234567'] }),
    });
    new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), status: LicenseConfigurationStatus.AVAILABLE });
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(policies.filter(({ Action }) => Action.startsWith('ec2:'))).toEqual([
      'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ].map(Action => ({ Effect: 'Allow', Action, Resource: '*' })));
  });

  test('is waited for: a resource by its policies, the function by that of its log', () => {
    const template = Template.fromStack(licensed(own)).toJSON().Resources;
    const policies = Object.keys(template).filter(id => template[id].Type === 'AWS::IAM::Policy');
    const [status] = Object.keys(template).filter(id => template[id].Type === 'Custom::LicenseManagerLicenseConfigurationStatus');
    expect(template[status].DependsOn.some((id: string) => policies.includes(id))).toBe(true);
    const [fn] = Object.keys(template).filter(id => template[id].Type === CfnFunction.CFN_RESOURCE_TYPE_NAME);
    expect(template[fn].DependsOn).toEqual(expect.arrayContaining(policies.filter(id => /LicenseManagerFunction|CdkLicenseManagerFunction/.test(id))));
  });

  test('has no finding of cdk-nag', () => {
    const app = new App();
    licensed(own, app);
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  test('that was imported gets its policies by its name', () => {
    const stack = licensed(scope => Role.fromRoleArn(scope, 'Own', 'arn:aws:iam::111122223333:role/own'));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.allResourcesProperties('AWS::IAM::Policy', { Roles: ['own'] });
    expect(actionsIn(template)).toEqual(expect.arrayContaining(NEEDED));
  });

  test('that must not be changed is not: whoever keeps it gives it what it needs', () => {
    const stack = licensed(scope => Role.fromRoleArn(scope, 'Own', 'arn:aws:iam::111122223333:role/own', { mutable: false }));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', { Role: 'arn:aws:iam::111122223333:role/own' });
    expect(actionsIn(template)).toEqual([]);
    expect(JSON.stringify(template.toJSON())).not.toContain(CfnPolicy.CFN_RESOURCE_TYPE_NAME);
  });

  test('is refused together with a permissions boundary', () => {
    const stack = new Stack(new App(), 'Licenses', { env: ENV });
    expect(() => CustomResources.of(stack).configure({
      role: own(stack), permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'),
    })).toThrow('Licenses: permissionsBoundary cannot be set together with role. Set the permissions boundary on the role itself.');
  });
});

test('where roles are made by others, theirs is used, and the report tells what it needs', () => {
  const app = new App();
  Role.customizeRoles(app, { usePrecreatedRoles: { 'Licenses/CdkLicenseManager/Role': 'license-manager-function' } });
  const template = Template.fromStack(licensed(() => undefined, app));
  template.resourceCountIs('AWS::IAM::Role', 0);
  expect(actionsIn(template)).toEqual([]);
  expect(JSON.stringify(template.findResources('AWS::Lambda::Function'))).toContain(':role/license-manager-function');
  const { roles } = JSON.parse(readFileSync(join(app.outdir, 'iam-policy-report.json'), 'utf8'));
  expect(roles).toHaveLength(1);
  for (const action of NEEDED) {
    expect(JSON.stringify(roles[0].identityPolicyStatements)).toContain(action);
  }
});
