import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { App, BootstraplessSynthesizer, CfnParameter, CfnResource, Duration, NestedStack, RemovalPolicy, Stack, Stage, Lazy, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ProductStack } from 'aws-cdk-lib/aws-servicecatalog';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import {
  AmiAssociationScope, AwsManagedRuleSet, CustomResources, LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationReportType,
  LicenseConfigurationStatus, LicenseCounting, LicensedResource, Provisioning, ReportFrequency, ReportGenerator, ReportGeneratorLocation, UsageReport,
} from '../../../src';
import { ManagedResource, type ManagedResourceProps, provisionThroughApi } from '../../../src/custom-resource/construct/managed-resource';
import type { Definition } from '../../../src/custom-resource/contract/definition';
import { DEFINITIONS } from '../../../src/custom-resource/contract/definitions';

const { licenseConfigurationAssociation, licenseConfigurationStatus } = DEFINITIONS;
const ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-';
const GET = 'license-manager:GetLicenseConfiguration';
const UPDATE = 'license-manager:UpdateLicenseSpecificationsForResource';
const FAILURES = 'license-manager:ListFailuresForLicenseConfigurationOperations';
const LIST = 'license-manager:ListLicenseSpecificationsForResource';

type Association = typeof licenseConfigurationAssociation;

/** A license on an image of its own. */
function associate(scope: Construct, id: string, arn: string, more: Partial<ManagedResourceProps<Association>> = {}): ManagedResource<Association> {
  const image = createHash('sha256').update(id).digest('hex').slice(0, 17);
  return new ManagedResource(scope, id, {
    definition: licenseConfigurationAssociation,
    properties: { LicenseConfigurationArn: arn, ResourceArn: `arn:aws:ec2:us-east-1::image/ami-${image}`, AmiAssociationScope: undefined },
    ...more,
  });
}

function setStatus(scope: Construct, id: string, arn: string): ManagedResource<typeof licenseConfigurationStatus> {
  return new ManagedResource(scope, id, { definition: licenseConfigurationStatus, properties: { LicenseConfigurationArn: arn, Status: 'DISABLED' } });
}

/** All statements of the function's role but those for the logs. */
function statements(stack: Stack): any[] {
  const template = Template.fromStack(stack);
  return ['AWS::IAM::RolePolicy', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => Object.values(template.findResources(type)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/** The characters that IAM counts, where partition, Region and what CloudFormation generates have the longest names. */
function charactersOf(stack: Stack, document: unknown): number {
  const arn = (service: string, resource: string) => `arn:aws-us-gov:${service}:ap-southeast-1:111122223333:${resource}`;
  const real = (id: string): string => ({
    'AWS::Partition': 'aws-us-gov',
    'AWS::Region': 'ap-southeast-1',
    'AWS::AccountId': '111122223333',
    'AWS::StackId': arn('cloudformation', `stack/${stack.stackName}/12345678-1234-1234-1234-123456789012`),
    'CdkLicenseManagerLogGroupF6F9F5FB': arn('logs', `log-group:${stack.stackName}-CdkLicenseManagerLogGroupF6F9F5FB-ABCDEFGHIJKL:*`),
  })[id] ?? arn('license-manager', `license-configuration:lic-${'0'.repeat(32)}`);
  const resolved = (value: any): any => {
    if (Array.isArray(value)) {
      return value.map(resolved);
    }
    if (typeof value !== 'object') {
      return value;
    }
    const { Ref: ref, 'Fn::GetAtt': getAtt, 'Fn::Join': join } = value;
    if (join) {
      return resolved(join[1]).join(join[0]);
    }
    return ref || getAtt ? real(ref ?? getAtt[0]) : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item)]));
  };
  return JSON.stringify(resolved(document)).length;
}

/** What stands in a string of a template, with the references resolved to their names. */
function flat(value: any): string {
  return JSON.stringify(value);
}

describe('the function of the custom resources', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = new App();
    stack = new Stack(app, 'Licenses', { env: { account: '111122223333', region: 'us-east-1' } });
  });

  test('is one a stack, with one role and one log group, whatever the number of resources and of types', () => {
    for (let number = 0; number < 5; number++) {
      associate(stack, `Association${number}`, `${ARN}${number}`);
      setStatus(stack, `Status${number}`, `${ARN}${number}`);
    }
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
  });

  test('does not exist without a custom resource', () => {
    CustomResources.of(stack).configure({ logRetention: RetentionDays.ONE_DAY });
    expect(stack.node.children).toEqual([]);
  });

  test('is the current Node on ARM, with memory, timeout, structured logs and a minimal environment', () => {
    associate(stack, 'Association', `${ARN}1`);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 256,
      Timeout: 900,
      Handler: 'index.handler',
      Description: 'Custom resources of cdk-license-manager',
      Code: { S3Bucket: Match.anyValue(), S3Key: Match.stringLikeRegexp('^[0-9a-f]{64}\\.zip$') },
      Environment: Match.absent(),
      VpcConfig: Match.absent(),
      ReservedConcurrentExecutions: Match.absent(),
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('^CdkLicenseManagerLogGroup') } },
    });
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
  });

  test('has a role that AWS Lambda alone assumes', () => {
    associate(stack, 'Association', `${ARN}1`);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      Description: 'Runs the custom resources of cdk-license-manager',
    });
  });

  test('tells scanners why it has no reservation, no dead-letter queue, no VPC and no key', () => {
    associate(stack, 'Association', `${ARN}1`);
    const { Resources } = Template.fromStack(stack).toJSON();
    const skipped = (type: string) => Object.values<any>(Resources).filter(({ Type }) => Type === type)
      .flatMap(({ Metadata }) => Metadata.checkov.skip).map(({ id, comment }) => [id, comment.includes('CustomResources.of(scope).configure()')]);
    expect(skipped('AWS::Lambda::Function')).toEqual([['CKV_AWS_115', true], ['CKV_AWS_116', false], ['CKV_AWS_117', true]]);
    expect(skipped('AWS::Logs::LogGroup')).toEqual([['CKV_AWS_158', true]]);
  });

  test('tells cdk-nag why its policies have a wildcard: there is no resource, or its id is not known', () => {
    provisionThroughApi(new CfnLicenseConfiguration(stack, 'License', { name: 'x', licenseCountingType: 'Core' }), DEFINITIONS.licenseConfiguration);
    const wildcards = stack.node.findAll().flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY).flatMap(({ data }) => Object.entries<string>(data)).filter(([id]) => id.startsWith('Annotation::AwsSolutions-IAM5[Resource::'));
    expect(wildcards.length).toBeGreaterThan(2);
    for (const [id, reason] of wildcards) {
      expect(id).toMatch(/\*\]$/);
      expect(reason).toBe(id.includes('::*]')
        ? 'For these actions AWS License Manager knows no resource type in the service authorization reference, or none that the request names, so that IAM takes'
          + ' them on * only.'
        : 'AWS License Manager chooses the ids of what the stack creates, so that their ARNs are not known before they exist.');
    }
  });

  test('may write to its own log group and to no other', () => {
    associate(stack, 'Association', `${ARN}1`);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: [{
        PolicyName: 'Logs',
        PolicyDocument: {
          Statement: [{
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CdkLicenseManagerLogGroup'), 'Arn'] },
          }],
        },
      }],
    });
  });

  test('has logical ids that stay: they are API', () => {
    associate(stack, 'Association', `${ARN}1`);
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toEqual([
      'CdkLicenseManagerLogGroupF6F9F5FB',
      'CdkLicenseManagerRole9BC44BFC',
      'CdkLicenseManagerFunctionBD9A485C',
      'CdkLicenseManagerLicenseConfigurationAssociation15256525',
      expect.stringMatching(/^CdkLicenseManagerLicenseConfigurationAssociation[0-9a-f]{8}[0-9A-F]{8}$/),
      'CdkLicenseManagerStackD0AC43CE',
      expect.stringMatching(/^LicenseConfigurationAssociation[0-9A-F]{16}$/),
    ]);
  });

  test('may do exactly what the resources in use need, on the ARNs that they name', () => {
    associate(stack, 'Association1', `${ARN}1`);
    associate(stack, 'Association2', `${ARN}2`);
    setStatus(stack, 'Status', `${ARN}1`);
    expect(statements(stack)).toEqual(expect.arrayContaining([
      { Effect: 'Allow', Action: [GET, UPDATE], Resource: `${ARN}1` },
      { Effect: 'Allow', Action: [GET, UPDATE], Resource: `${ARN}2` },
      { Effect: 'Allow', Action: ['license-manager:GetLicenseConfiguration', 'license-manager:UpdateLicenseConfiguration'], Resource: `${ARN}1` },
      { Effect: 'Allow', Action: LIST, Resource: '*' },
    ]));
    expect(statements(stack)).toHaveLength(5);
  });

  test('gets one policy for the resources of a type that name the same license', () => {
    for (let number = 0; number < 40; number++) {
      associate(stack, `Association${number}`, `${ARN}1`);
    }
    expect(statements(stack)).toHaveLength(3);
  });

  test('keeps a permission until the resource that it is for is deleted: both go, or are replaced, together', () => {
    const license = new CfnLicenseConfiguration(stack, 'License', { name: 'windows-server', licenseCountingType: 'Core' });
    associate(stack, 'Association', license.attrLicenseConfigurationArn);
    setStatus(stack, 'Status', license.attrLicenseConfigurationArn);
    const policies = Template.fromStack(stack).findResources('AWS::IAM::RolePolicy');
    // A policy of its own for each type …
    expect(Object.keys(policies)).toHaveLength(2);
    for (const { Properties } of Object.values(policies)) {
      // … whose name, which IAM cannot change, contains the id of the license.
      expect(flat(Properties.PolicyName)).toMatch(
        /LicenseConfiguration(Association|Status)-[0-9a-f]{8}-.*"Fn::Select":\[6,\{"Fn::Split":\[":",\{"Fn::GetAtt":\["License","LicenseConfigurationArn"\]\}\]\}\]/);
    }
  });

  test('has policies whose logical ids do not depend on the other resources', () => {
    const id = (names: string[]) => {
      const other = new Stack(new App(), 'Licenses');
      for (const name of names) {
        const license = new CfnLicenseConfiguration(other, name, { name, licenseCountingType: 'Core' });
        associate(other, `${name}Association`, license.attrLicenseConfigurationArn);
      }
      const policies = Template.fromStack(other).findResources('AWS::IAM::RolePolicy');
      return Object.entries(policies).find(([, policy]) => flat(policy).includes('"Sql"'))![0];
    };
    expect(id(['Sql'])).toBe(id(['Windows', 'Oracle', 'Sql']));
  });

  test('fits into what IAM takes, with many licenses too', () => {
    // What CloudFormation takes in a stack: two resources and a policy for each license.
    for (let number = 0; number < 200; number++) {
      const license = new CfnLicenseConfiguration(stack, `License${number}`, { name: `license-${number}`, licenseCountingType: 'Core' });
      associate(stack, `Association${number}`, license.attrLicenseConfigurationArn);
    }
    const template = Template.fromStack(stack);
    const managed = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    expect(managed.length).toBeLessThanOrEqual(10);
    for (const { Properties } of managed) {
      expect(charactersOf(stack, Properties.PolicyDocument)).toBeLessThan(6_144);
      // lic- and 32 digits, and a space.
      expect(Properties.PolicyDocument.Statement[0].Resource.length * 37).toBeLessThan(1_000);
      expect(flat(Properties.Description)).toContain('"Fn::Split"');
    }
    const actions = managed.flatMap(({ Properties }) => Properties.PolicyDocument.Statement).map(({ Action }) => Action.join());
    expect(new Set(actions)).toEqual(new Set([[GET, UPDATE].join()]));
  });

  test.each([1, 3, 4, 5, 6, 7, 8, 20, 40])('fits into what IAM takes as inline policies of a role: %i licenses with all there is through the API', (licenses) => {
    const long = new Stack(app, 'L'.repeat(128), { env: stack.env });
    CustomResources.of(long).configure({
      vpc: Vpc.fromVpcAttributes(long, 'Vpc', { vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-0123456789abcdef1'] }),
    });
    LicenseAssetRuleSet.fromAwsManaged(long, 'Managed', AwsManagedRuleSet.UBUNTU_PRO);
    for (let number = 0; number < licenses; number++) {
      const license = new LicenseConfiguration(long, `License${number}`, {
        licenseCounting: LicenseCounting.vcpus(),
        status: LicenseConfigurationStatus.AVAILABLE,
        disassociateResourcesOnDelete: true,
        provisioning: Provisioning.CUSTOM_RESOURCE,
      });
      license.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(`ami-${String(number).padStart(17, '0')}`), amiAssociationScope: AmiAssociationScope.CROSS_ACCOUNT });
      const report = new ReportGenerator(long, `Report${number}`, {
        report: UsageReport.licenseConfigurations({
          licenseConfigurations: [license], types: [LicenseConfigurationReportType.SUMMARY], frequency: ReportFrequency.MONTHLY,
        }),
        provisioning: Provisioning.CUSTOM_RESOURCE,
      });
      new ReportGeneratorLocation(long, `Location${number}`, { reportGenerator: report });
      const imported = ReportGenerator.fromReportGeneratorArn(long, `Imported${number}`,
        `arn:aws:license-manager:us-east-1:111122223333:report-generator:r-${String(number).padStart(32, '0')}`);
      new ReportGeneratorLocation(long, `ImportedLocation${number}`, { reportGenerator: imported });
    }
    const template = Template.fromStack(long);
    const documents = [
      ...['AWS::IAM::RolePolicy', 'AWS::IAM::Policy'].flatMap((type) => Object.values(template.findResources(type))).map(({ Properties }) => Properties.PolicyDocument),
      ...Object.values(template.findResources('AWS::IAM::Role')).flatMap(({ Properties }) => Properties.Policies).map(({ PolicyDocument }) => PolicyDocument),
    ];
    const inline = documents.reduce((sum, document) => sum + charactersOf(long, document), 0);
    expect(inline).toBeLessThanOrEqual(10_240);
    // What there is room for is used, before managed policies are.
    const managed = Object.keys(template.findResources('AWS::IAM::ManagedPolicy')).length;
    expect(managed > 0).toBe(licenses > 3);
    expect(managed === 0 || inline > 9_000).toBe(true);
  });

  test('warns when IAM would not take its policies: ten managed ones, of 22 licenses each', () => {
    const warningsOf = (licenses: number) => {
      const other = new Stack(new App(), 'Licenses');
      for (let number = 0; number < licenses; number++) {
        associate(other, `Association${number}`, `${ARN}${number}`);
      }
      const template = Template.fromStack(other);
      const [inline, managed] = ['AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy'].map(type => Object.keys(template.findResources(type)).length);
      const warnings = other.node.findChild('CdkLicenseManager').node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data);
      return { inline, managed, warnings };
    };
    const { inline } = warningsOf(50);
    const warning = 'the custom resources of this stack name more licenses than fit into the 10 managed policies that IAM by default allows for a role; have the'
      + ' quota "Managed policies attached to an IAM role" raised, or spread the licenses over several stacks [ack: cdk-license-manager:manyLicensesInOneStack]';
    expect(warningsOf(inline + 220)).toEqual({ inline, managed: 10, warnings: [] });
    expect(warningsOf(inline + 221)).toEqual({ inline, managed: 11, warnings: [warning] });
    expect(warningsOf(inline + 243)).toEqual({ inline, managed: 12, warnings: [warning] });
  });

  test('has policies that are all on its role', () => {
    for (let number = 0; number < 40; number++) {
      associate(stack, `Association${number}`, `${ARN}${number}`);
    }
    const template = Template.fromStack(stack);
    const role = { Ref: Object.keys(template.findResources('AWS::IAM::Role'))[0] };
    for (const [type, properties] of [
      ['AWS::IAM::Policy', { Roles: [role] }], ['AWS::IAM::ManagedPolicy', { Roles: [role] }], ['AWS::IAM::RolePolicy', { RoleName: role }],
    ] as const) {
      expect(Object.keys(template.findResources(type)).length).toBeGreaterThan(0);
      template.allResourcesProperties(type, properties);
    }
  });

  test('merges the ARNs of a shared policy by their actions', () => {
    for (let number = 0; number < 30; number++) {
      associate(stack, `Association${number}`, `${ARN}${number}`);
    }
    const last = `${ARN}29`;
    associate(stack, 'More', last, {
      properties: { LicenseConfigurationArn: last, ResourceArn: 'arn:aws:ec2:us-east-1::image/ami-01234567', AmiAssociationScope: 'cross-account' },
    });
    associate(stack, 'Again', last);
    const template = Template.fromStack(stack);
    const shared = [...Array(30).keys()].slice(Object.keys(template.findResources('AWS::IAM::RolePolicy')).length);
    const [{ Properties }] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    expect(Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: [GET, UPDATE], Resource: shared.slice(0, -1).map((number) => `${ARN}${number}`) },
      { Effect: 'Allow', Action: [GET, FAILURES, UPDATE], Resource: [last] },
    ]);
    expect(Properties.Description).toBe(shared.map((number) => `lic-${number}`).join(' '));
  });

  test('has no finding of cdk-nag with the defaults, and in a VPC', () => {
    associate(stack, 'Association', `${ARN}1`);
    setStatus(stack, 'Status', `${ARN}1`);
    const other = new Stack(app, 'InVpc', { env: stack.env });
    const vpc = Vpc.fromVpcAttributes(other, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-0123456789abcdef1'], privateSubnetRouteTableIds: ['rtb-0123456789abcdef0'],
    });
    CustomResources.of(other).configure({ vpc });
    associate(other, 'Association', `${ARN}1`);
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  test('is made for the asset that the bundle is in, once for all stacks', () => {
    associate(stack, 'Association', `${ARN}1`);
    associate(new Stack(app, 'Other', { env: stack.env }), 'Association', `${ARN}1`);
    const assembly = app.synth();
    const keys = assembly.stacks.map(({ template }) => Object.values<any>(template.Resources)
      .find(({ Type }) => Type === 'AWS::Lambda::Function').Properties.Code.S3Key);
    expect(keys).toHaveLength(2);
    expect(readdirSync(joinPath(assembly.directory, `asset.${keys[0].replace('.zip', '')}`))).toContain('index.js');
    expect(keys[0]).toBe(keys[1]);
  });
});

describe('a custom resource', () => {
  test('waits for its permissions, and for no others', () => {
    const stack = new Stack();
    associate(stack, 'Association', `${ARN}1`);
    setStatus(stack, 'Status', `${ARN}1`);
    const template = Template.fromStack(stack);
    const [Association, Status] = [licenseConfigurationAssociation, licenseConfigurationStatus]
      .map(({ type }) => Object.values(template.findResources(type))[0]);
    expect(Association.DependsOn).toHaveLength(3);
    expect(Association.DependsOn.every((id: string) => /LicenseConfigurationAssociation|^CdkLicenseManagerStack/.test(id))).toBe(true);
    expect(Status.DependsOn).toEqual([expect.stringContaining('LicenseConfigurationStatus'), expect.stringMatching(/^CdkLicenseManagerStack/)]);
  });

  test('does not wait for the function\'s permissions for others, so that what they refer to can itself be a custom resource', () => {
    const app = new App();
    const stack = new Stack(app, 'Licenses');
    const license = new CfnLicenseConfiguration(stack, 'License', { name: 'x', licenseCountingType: 'Core' });
    provisionThroughApi(license, DEFINITIONS.licenseConfiguration);
    associate(stack, 'Association', license.attrLicenseConfigurationArn);
    // Template.fromStack refuses cycles.
    Template.fromStack(stack).resourceCountIs('Custom::LicenseManagerLicenseConfigurationAssociation', 1);
  });

  test.each<[string, Definition, string]>([
    ['most', DEFINITIONS.licenseConfigurationStatus, '300'],
    ['the release of all resources of a license', DEFINITIONS.licenseConfigurationDisassociation, '1200'],
  ])('is waited for as its definition says: %s', (_what, definition, seconds) => {
    const stack = new Stack();
    new ManagedResource(stack, 'Resource', { definition, properties: { LicenseConfigurationArn: `${ARN}1` } });
    Template.fromStack(stack).hasResourceProperties(definition.type, { ServiceTimeout: seconds });
  });

  test('takes a service timeout and a removal policy', () => {
    const stack = new Stack();
    associate(stack, 'Association', `${ARN}1`, { serviceTimeout: Duration.hours(1), removalPolicy: RemovalPolicy.RETAIN });
    Template.fromStack(stack).hasResource('Custom::LicenseManagerLicenseConfigurationAssociation', {
      DeletionPolicy: 'Retain', Properties: { ServiceTimeout: '3600' },
    });
  });

  test('has the properties that are given, and none that are absent', () => {
    const stack = new Stack();
    associate(stack, 'Association', `${ARN}1`);
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('Custom::LicenseManagerLicenseConfigurationAssociation'));
    expect(Object.keys(Properties)).toEqual(['ServiceToken', 'ServiceTimeout', 'LicenseConfigurationArn', 'ResourceArn']);
  });

  test('works with an ARN that is a parameter', () => {
    const app = new App();
    const stack = new Stack(app, 'Licenses');
    associate(stack, 'Association', new CfnParameter(stack, 'Arn').valueAsString);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::RolePolicy', { PolicyDocument: { Statement: [{ Resource: { Ref: 'Arn' } }] } });
  });

  test('works in stages, in nested stacks and across stacks, each with the function of its own stack', () => {
    const app = new App();
    const stage = new Stage(app, 'Prod', { env: { account: '111122223333', region: 'us-gov-west-1' } });
    const licenses = new Stack(stage, 'Licenses');
    const license = new CfnLicenseConfiguration(licenses, 'License', { name: 'x', licenseCountingType: 'Core' });
    const images = new Stack(stage, 'Images');
    const nested = new NestedStack(images, 'Nested');
    associate(images, 'Association', license.attrLicenseConfigurationArn);
    associate(nested, 'Association', license.attrLicenseConfigurationArn);
    for (const each of [images, nested]) {
      Template.fromStack(each).resourceCountIs('AWS::Lambda::Function', 1);
      expect(statements(each)).toHaveLength(3);
    }
    Template.fromStack(licenses).resourceCountIs('AWS::Lambda::Function', 0);
    expect(JSON.stringify(Template.fromStack(images).toJSON())).toContain('Fn::ImportValue');
  });

  test.each(['aws-us-gov', 'aws-cn'])('names no partition but that of its stack (%s)', (partition) => {
    const app = new App();
    const stack = new Stack(app, 'Licenses', { env: { account: '111122223333', region: partition === 'aws-cn' ? 'cn-north-1' : 'us-gov-west-1' } });
    const arn = `${ARN}1`.replace('arn:aws:', `arn:${partition}:`);
    associate(stack, 'Association', arn, {
      properties: { LicenseConfigurationArn: arn, ResourceArn: `arn:${partition}:ec2:${stack.region}::image/ami-01234567`, AmiAssociationScope: undefined },
    });
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('arn:aws:');
  });

  test('costs the template the same for each one more', () => {
    const size = (count: number) => {
      const stack = new Stack(new App(), 'Licenses');
      for (let number = 0; number < count; number++) {
        associate(stack, `Association${number}`, `${ARN}1`);
      }
      return stack.node.findAll().filter((each) => each instanceof CfnResource).length;
    };
    expect(size(20) - size(10)).toBe(10);
  });
});

describe('CustomResources.configure()', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = new App();
    stack = new Stack(app, 'Licenses', { env: { account: '111122223333', region: 'us-east-1' } });
  });
  const synthesize = () => {
    associate(stack, 'Association', `${ARN}1`);
    const template = Template.fromStack(stack);
    return template;
  };

  test('sets the retention of the logs', () => {
    CustomResources.of(stack).configure({ logRetention: RetentionDays.ONE_YEAR });
    synthesize().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  test('sets the log group, to which alone the function may write', () => {
    CustomResources.of(stack).configure({ logGroup: LogGroup.fromLogGroupName(stack, 'Logs', 'license-manager') });
    const template = synthesize();
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: 'license-manager' } });
    expect(flat(template.findResources('AWS::IAM::Role'))).toContain(':logs:us-east-1:111122223333:log-group:license-manager:*');
  });

  test('sets VPC, subnets and security groups, and gives the function the network permissions', () => {
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['us-east-1a'],
      publicSubnetIds: ['subnet-0123456789abcdef1'],
      privateSubnetIds: ['subnet-0123456789abcdef2'],
    });
    CustomResources.of(stack).configure({
      vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS }, securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
    });
    const template = synthesize();
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: ['subnet-0123456789abcdef2'], SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Group'), 'GroupId'] }] },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: Match.arrayWith([Match.objectLike({
        PolicyName: 'NetworkInterfaces',
        PolicyDocument: {
          Statement: [{
            Effect: 'Allow',
            Resource: '*',
            Action: [
              'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces',
              'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses',
            ],
          }],
        },
      })]),
    });
  });

  test('sets a VPC alone: the function gets private subnets, a security group of its own, and waits for their way out', () => {
    stack = new Stack(app, 'Anywhere');
    CustomResources.of(stack).configure({ vpc: new Vpc(stack, 'Vpc', { maxAzs: 1 }) });
    const template = synthesize();
    const [group] = Object.keys(template.findResources('AWS::EC2::SecurityGroup', { Properties: { GroupDescription: Match.stringLikeRegexp('^Function of the custom') } }));
    template.hasResource('AWS::Lambda::Function', {
      Properties: {
        VpcConfig: {
          SubnetIds: [{ Ref: Match.stringLikeRegexp('^VpcPrivateSubnet1Subnet') }],
          SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
        },
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^VpcPrivateSubnet1DefaultRoute')]),
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  });

  test('with public subnets is refused by the first custom resource', () => {
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1 });
    CustomResources.of(stack).configure({ vpc, vpcSubnets: { subnetType: SubnetType.PUBLIC } });
    expect(() => associate(stack, 'Association', ARN)).toThrow(
      'Licenses/CdkLicenseManager: vpcSubnets of CustomResources.configure() selects public subnets, in which a function reaches no API, whatever '
      + 'their routes: AWS Lambda gives it no public IP address. Select private subnets with a way out, or subnets with interface endpoints.');
  });

  test('keeps logs for ever', () => {
    CustomResources.of(stack).configure({ logRetention: RetentionDays.INFINITE });
    synthesize().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.absent() });
  });

  test('sets reserved concurrency and permissions boundary', () => {
    CustomResources.of(stack).configure({
      reservedConcurrentExecutions: 2, permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'),
    });
    const template = synthesize();
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 2 });
    expect(flat(Object.values(template.findResources('AWS::IAM::Role'))[0].Properties.PermissionsBoundary)).toContain(':policy/boundary');
  });

  test('holds for all stacks below, and the nearest one wins for each option', () => {
    CustomResources.of(app).configure({ logRetention: RetentionDays.ONE_YEAR, reservedConcurrentExecutions: 2 });
    CustomResources.of(stack).configure({ logRetention: RetentionDays.ONE_WEEK });
    const template = synthesize();
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 2 });
  });

  test('replaces a log group of further out by a retention, and a retention by a log group', () => {
    CustomResources.of(app).configure({ logGroup: LogGroup.fromLogGroupName(stack, 'Logs', 'license-manager') });
    CustomResources.of(stack).configure({ logRetention: RetentionDays.ONE_WEEK });
    synthesize().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    const other = new Stack(new App(), 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
    CustomResources.of(other).configure({ logRetention: RetentionDays.ONE_WEEK });
    CustomResources.of(other).configure({ logGroup: LogGroup.fromLogGroupName(other, 'Logs', 'others') });
    associate(other, 'Association', `${ARN}1`);
    Template.fromStack(other).resourceCountIs('AWS::Logs::LogGroup', 0);
  });

  test('twice of the same stack adds up', () => {
    CustomResources.of(stack).configure({ logRetention: RetentionDays.ONE_WEEK });
    CustomResources.of(stack).configure({ reservedConcurrentExecutions: 2 });
    const template = synthesize();
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 2 });
  });

  test('leaves what is not set as it is further out', () => {
    CustomResources.of(app).configure({ logRetention: RetentionDays.ONE_YEAR });
    CustomResources.of(stack).configure({ logRetention: undefined, logGroup: undefined });
    synthesize().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  test('replaces a role of further out by a permissions boundary', () => {
    CustomResources.of(app).configure({ role: Role.fromRoleName(stack, 'Own', 'own') });
    CustomResources.of(stack).configure({ permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary') });
    synthesize().hasResourceProperties('AWS::IAM::Role', { PermissionsBoundary: Match.anyValue() });
  });

  test('replaces a VPC of further out with its subnets and security groups', () => {
    const vpcOf = (id: string, digit: number) => Vpc.fromVpcAttributes(stack, id, {
      vpcId: `vpc-0123456${digit}`, availabilityZones: ['us-east-1a'], privateSubnetIds: [`subnet-0123456${digit}`], isolatedSubnetIds: [`subnet-0765432${digit}`],
    });
    const outer = vpcOf('Outer', 0);
    CustomResources.of(app).configure({
      vpc: outer, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-01234567')],
    });
    CustomResources.of(stack).configure({ vpc: vpcOf('Inner', 1) });
    synthesize().hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: ['subnet-01234561'], SecurityGroupIds: [{ 'Fn::GetAtt': [Match.anyValue(), 'GroupId'] }] },
    });
  });

  test('in a construct of a stack stands for its stack', () => {
    CustomResources.of(new Construct(stack, 'Inner')).configure({ logRetention: RetentionDays.ONE_WEEK });
    synthesize().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });

  test.each([
    ['the stack', () => stack],
    ['the app', () => app],
  ])('of %s after the first custom resource is refused', (_what, scope) => {
    associate(stack, 'Association', `${ARN}1`);
    expect(() => CustomResources.of(scope()).configure({ reservedConcurrentExecutions: 1 })).toThrow(
      'Licenses: CustomResources.configure() comes too late: the stack already has a custom resource of cdk-license-manager. '
      + 'Call it before the first construct of cdk-license-manager is added to the stack.');
  });

  test('with a log group and a retention is refused', () => {
    expect(() => CustomResources.of(stack).configure({
      logGroup: LogGroup.fromLogGroupName(stack, 'Logs', 'license-manager'), logRetention: RetentionDays.ONE_DAY,
    })).toThrow('Licenses: logRetention cannot be set together with logGroup. Set the retention on the log group itself.');
  });

  test.each([
    ['vpcSubnets', { vpcSubnets: {} }], ['securityGroups', { securityGroups: [] }],
  ])('with %s and without a VPC is refused', (option, options) => {
    expect(() => CustomResources.of(stack).configure(options)).toThrow(`Licenses: ${option} needs a VPC. Set vpc, too.`);
  });

  test.each([-1, 0, 1.5])('with a concurrency of %s is refused', (reservedConcurrentExecutions) => {
    expect(() => CustomResources.of(stack).configure({ reservedConcurrentExecutions })).toThrow(
      `Licenses: reservedConcurrentExecutions is ${reservedConcurrentExecutions}: it has to be a whole number from 1 to 9007199254740991. `
      + 'With 0, no custom resource would ever be answered. Correct it, or leave it out.');
  });

  test.each([1, 2, Lazy.number({ produce: () => 0 })])('with a concurrency of %s is taken', (reservedConcurrentExecutions) => {
    CustomResources.of(stack).configure({ reservedConcurrentExecutions });
    associate(stack, 'Association', `${ARN}1`);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.anyValue() });
  });

  test('takes subnets for a VPC that is set further out', () => {
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['a'], privateSubnetIds: ['subnet-0123456789abcdef1'], isolatedSubnetIds: ['subnet-0123456789abcdef2'] });
    CustomResources.of(app).configure({ vpc });
    CustomResources.of(stack).configure({ vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } });
    associate(stack, 'Association', `${ARN}1`);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { VpcConfig: { SubnetIds: ['subnet-0123456789abcdef2'] } });
  });
});

describe('a stack that takes no assets', () => {
  const WAY_OUT = 'Put it into a stack whose synthesizer takes assets; a product of AWS Service Catalog takes them with assetBucket, and a stack set with a bucket that '
    + 'its accounts can read.';
  const license = (stack: Stack, more: object) => new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), ...more });

  test.each<[string, string, (stack: Stack) => void]>([
    ['an association', 'License/Association', (stack) => license(stack, {}).addAssociation('Association', {
      resource: LicensedResource.fromMachineImageId('ami-0123456789abcdef0'),
    })],
    ['a status', 'License', (stack) => license(stack, { status: LicenseConfigurationStatus.DISABLED })],
    ['a license that releases its resources', 'License', (stack) => license(stack, { disassociateResourcesOnDelete: true })],
    ['a license through the API', 'License/Resource', (stack) => license(stack, { provisioning: Provisioning.CUSTOM_RESOURCE })],
    ['a ruleset that AWS manages, by who imports it', '', (stack) => LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.UBUNTU_PRO)],
  ])('is refused with what needs the function, and the way out: %s', (_, path, make) => {
    const stack = new Stack(new App(), 'Bare', { synthesizer: new BootstraplessSynthesizer() });
    expect(() => make(stack)).toThrow(`Bare${path && `/${path}`}: it needs a function, whose code is an asset, and stack 'Bare' did not take it: Cannot add assets to a Stack that `
      + `uses the BootstraplessSynthesizer. ${WAY_OUT}`);
  });

  test('is a product of AWS Service Catalog without a bucket, and with one it takes them', () => {
    const portfolio = new Stack(new App(), 'Portfolio', { env: { account: '111122223333', region: 'us-east-1' } });
    const disabled = { status: LicenseConfigurationStatus.DISABLED };
    expect(() => license(new ProductStack(portfolio, 'Product'), disabled)).toThrow('Portfolio/Product/License: it needs a function, whose code is an asset, and stack '
      + `'Portfolio/Product' did not take it: An Asset Bucket must be provided to use Assets. ${WAY_OUT}`);
    const bucket = new Bucket(portfolio, 'Assets', { bucketName: 'assets-of-products' });
    expect(() => license(new ProductStack(portfolio, 'Other', { assetBucket: bucket }), disabled)).not.toThrow();
  });
});
