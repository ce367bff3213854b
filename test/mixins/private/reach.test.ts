import { Annotations as Acknowledged, App, Aws, CfnCondition, Fn, Mixins, NestedStack, Resource, Stack } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as batch from 'aws-cdk-lib/aws-batch';
import { CfnCapacityProvider as CfnAgentCoreCapacityProvider } from 'aws-cdk-lib/aws-bedrockagentcore';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import { CfnGameServerGroup } from 'aws-cdk-lib/aws-gamelift';
import * as imagebuilder from 'aws-cdk-lib/aws-imagebuilder';
import type { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { CfnComputeNodeGroup } from 'aws-cdk-lib/aws-pcs';
import { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { HttpNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { CfnWorkspaceInstance } from 'aws-cdk-lib/aws-workspacesinstances';
import { Construct } from 'constructs';
import type { IConstruct, IMixin } from 'constructs';
import { mixins } from '../../../src';
import { makeStackWithLicenses, specified } from '../../license-configuration/licenses';

const IMAGE = Fn.importValue('image');
const ZONE = Fn.select(0, Fn.getAzs());
const LAUNCH_TEMPLATES = '@aws-cdk/aws-autoscaling:generateLaunchTemplateInsteadOfLaunchConfig';
const ENV = { account: '111122223333', region: 'us-east-1' };

let app: App;
let stack: Stack;
let windows: CfnLicenseConfiguration;
let sql: CfnLicenseConfiguration;

beforeEach(() => {
  ({ app, stack, windows, sql } = makeStackWithLicenses());
});

const forInstances = () => new mixins.InstanceLicenses([windows]);
const forTemplates = () => new mixins.LaunchTemplateLicenses([windows]);
const forDistributions = () => new mixins.DistributionConfigurationLicenses([windows]);

/** All warnings of the app: where, and what. */
function warnings(): [string, string][] {
  app.synth({ force: true });
  return app.node.findAll().flatMap(construct => construct.node.metadata
    .filter(entry => entry.type === 'aws:cdk:warning' && String(entry.data).includes('cdk-license-manager:'))
    .map<[string, string]>(entry => [construct.node.path, String(entry.data)]));
}

function missing(reason: string, license = 'Windows') {
  return `It stays without license 'Stack/${license}', which a mixin was to attach: ${reason} [ack: cdk-license-manager:licenseNotAttached]`;
}

const ELSEWHERE = 'Change it where it is made, and acknowledge this finding.';
const OF_LAUNCH_CONFIGURATION = 'a launch configuration can have neither licenses nor a host resource group. Launch from a launch template, as aws-cdk-lib does with the ' +
  `feature flag '${LAUNCH_TEMPLATES}', and apply mixins.LaunchTemplateLicenses to it.`;
const WITHOUT_TEMPLATE = 'it uses no launch template. Give it one, and apply mixins.LaunchTemplateLicenses to that.';
const OF_OTHER_TEMPLATE = "it uses a launch template that the mixin does not change: 'Stack/Template'. Apply mixins.LaunchTemplateLicenses to that.";
const OF_UNKNOWN_TEMPLATE = `it uses a launch template that is not of this app, or not known. ${ELSEWHERE}`;

const vpcOf = (scope: Stack) => ec2.Vpc.fromVpcAttributes(scope, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: [ZONE],
  publicSubnetIds: ['subnet-0123456789abcdef0'],
  privateSubnetIds: ['subnet-0123456789abcdef1'],
  privateSubnetRouteTableIds: ['rtb-0123456789abcdef1'],
});
const machineImage = ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE);
const instanceType = new ec2.InstanceType('m6i.large');
const l1Instance = (props: ec2.CfnInstanceProps = {}) => new ec2.CfnInstance(stack, 'Instance', { imageId: IMAGE, instanceType: 'm6i.large', ...props });
const l1Template = (props: Partial<ec2.CfnLaunchTemplateProps> = {}, scope: Construct = stack) =>
  new ec2.CfnLaunchTemplate(scope, 'Template', { launchTemplateData: { imageId: IMAGE, instanceType: 'm6i.large' }, ...props });
const l2Group = (props: Partial<autoscaling.AutoScalingGroupProps> = { machineImage, instanceType }, scope: Construct = stack) =>
  new autoscaling.AutoScalingGroup(scope, 'Fleet', { vpc: vpcOf(stack), ...props });
const l1WorkSpace = () => new CfnWorkspaceInstance(stack, 'WorkSpace', { managedInstance: { imageId: IMAGE, instanceType: 'm6i.large' } });

/** In which Auto Scaling groups make launch templates. */
function withFlag(): Construct {
  const scope = new Construct(stack, 'WithFlag');
  scope.node.setContext(LAUNCH_TEMPLATES, true);
  return scope;
}
const l1Group = (props: Partial<autoscaling.CfnAutoScalingGroupProps>, scope: Construct = stack) =>
  new autoscaling.CfnAutoScalingGroup(scope, 'Fleet', { minSize: '0', maxSize: '1', availabilityZones: [ZONE], ...props });
const referring = (template: ec2.CfnLaunchTemplate) => ({ launchTemplateId: template.ref, version: template.attrLatestVersionNumber });
const l1Distribution = () => new imagebuilder.CfnDistributionConfiguration(stack, 'Distribution', {
  name: 'images', distributions: [{ region: 'us-east-1', amiDistributionConfiguration: { Name: 'image-{{ imagebuilder:buildDate }}' } }],
});
const l1Pipeline = (distributionConfigurationArn?: string) => new imagebuilder.CfnImagePipeline(stack, 'Pipeline', {
  name: 'images',
  infrastructureConfigurationArn: 'arn:aws:imagebuilder:us-east-1:111122223333:infrastructure-configuration/build',
  imageRecipeArn: 'arn:aws:imagebuilder:us-east-1:111122223333:image-recipe/windows/1.0.0',
  distributionConfigurationArn,
});

describe('a construct of aws-cdk-lib gets the licenses by .with(), and nothing causes a warning:', () => {
  test.each<[string, () => IConstruct, string]>([
    ['an L1 of an instance', () => l1Instance(), 'AWS::EC2::Instance'],
    ['an L2 of an instance', () => new ec2.Instance(stack, 'Instance', { vpc: vpcOf(stack), machineImage, instanceType }), 'AWS::EC2::Instance'],
    ['a bastion host', () => new ec2.BastionHostLinux(stack, 'Bastion', { vpc: vpcOf(stack), machineImage }), 'AWS::EC2::Instance'],
    ['an L1 of a launch template', () => l1Template(), 'AWS::EC2::LaunchTemplate'],
    ['an L2 of a launch template', () => new ec2.LaunchTemplate(stack, 'Template', { machineImage, instanceType }), 'AWS::EC2::LaunchTemplate'],
    ['an Auto Scaling group that makes a launch template', () => l2Group(undefined, withFlag()), 'AWS::EC2::LaunchTemplate'],
    ['capacity of an ECS cluster that makes a launch template', () => {
      const cluster = new ecs.Cluster(withFlag(), 'Cluster', { vpc: vpcOf(stack) });
      cluster.addCapacity('Capacity', { instanceType, machineImage });
      return cluster;
    }, 'AWS::EC2::LaunchTemplate'],
  ])('%s', (_, make, type) => {
    make().with(type === 'AWS::EC2::Instance' ? forInstances() : forTemplates());

    const [{ Properties: { LicenseSpecifications, LaunchTemplateData } }] = Object.values<any>(app.synth().getStackByName('Stack').template.Resources).filter(it => it.Type === type);
    expect(LicenseSpecifications ?? LaunchTemplateData.LicenseSpecifications).toEqual(specified({ Ref: 'Windows' }));
    expect(warnings()).toEqual([]);
  });
});

describe('what is launched in another way causes a warning:', () => {
  test('an Auto Scaling group that makes a launch configuration', () => {
    l2Group().with(forTemplates());

    expect(warnings()).toEqual([['Stack/Fleet/ASG', missing(OF_LAUNCH_CONFIGURATION)]]);
  });

  test('an Auto Scaling group with somebody else\'s launch configuration', () => {
    l1Group({ launchConfigurationName: 'windows' }).with(forTemplates());

    expect(warnings()).toEqual([['Stack/Fleet', missing(OF_LAUNCH_CONFIGURATION)]]);
  });

  test('a launch configuration', () => {
    const configuration = new autoscaling.CfnLaunchConfiguration(stack, 'Configuration', { imageId: IMAGE, instanceType: 'm6i.large' });
    l1Group({ launchConfigurationName: configuration.ref });
    configuration.with(forTemplates());

    expect(warnings()).toEqual([['Stack/Configuration', missing(OF_LAUNCH_CONFIGURATION)]]);
  });

  test('all of it in a tree, in which others are changed', () => {
    l2Group();
    l1Template();
    app.node.children[0].with(forTemplates());

    expect(warnings().map(([path]) => path)).toEqual(['Stack/Fleet/ASG']);
  });

  test('an Auto Scaling group that copies an instance', () => {
    l1Group({ instanceId: 'i-0123456789abcdef0' }).with(forTemplates());

    expect(warnings()).toEqual([['Stack/Fleet', missing(WITHOUT_TEMPLATE)]]);
  });

  test('instances that Amazon ECS manages', () => {
    new ecs.CfnCapacityProvider(stack, 'Managed', {
      managedInstancesProvider: {
        infrastructureRoleArn: 'arn:aws:iam::111122223333:role/ecs',
        instanceLaunchTemplate: {
          ec2InstanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/ecs', networkConfiguration: { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] },
        },
      },
      clusterName: 'cluster',
    }).with(forTemplates());

    expect(warnings()).toEqual([['Stack/Managed', missing(
      'Amazon ECS launches its instances without a launch template. Use an Auto Scaling group with a launch template instead.')]]);
  });

  test('but not a capacity provider of an Auto Scaling group', () => {
    new ecs.CfnCapacityProvider(stack, 'Provider', {
      autoScalingGroupProvider: { autoScalingGroupArn: 'arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:1:autoScalingGroupName/fleet' },
    }).with(forTemplates());

    expect(warnings()).toEqual([]);
  });
});

describe('what launches from a launch template', () => {
  const LAUNCHERS: [string, (launchTemplate?: { launchTemplateId: string; version: string }) => IConstruct][] = [
    ['an Auto Scaling group', launchTemplate => l1Group(launchTemplate ? { launchTemplate } : { instanceId: 'i-0123456789abcdef0' })],
    ['an Auto Scaling group of several types', launchTemplate => l1Group(launchTemplate === undefined ? { instanceId: 'i-0123456789abcdef0' } : {
      mixedInstancesPolicy: { launchTemplate: { launchTemplateSpecification: launchTemplate, overrides: [{ instanceType: 'm6i.large' }] } },
    })],
    ['an EC2 Fleet', launchTemplate => new ec2.CfnEC2Fleet(stack, 'Fleet', {
      launchTemplateConfigs: launchTemplate === undefined ? [] : [{ launchTemplateSpecification: launchTemplate }],
      targetCapacitySpecification: { totalTargetCapacity: 1, defaultTargetCapacityType: 'on-demand' },
    })],
    ['a Spot Fleet', launchTemplate => new ec2.CfnSpotFleet(stack, 'Fleet', {
      spotFleetRequestConfigData: {
        iamFleetRole: 'arn:aws:iam::111122223333:role/fleet',
        targetCapacity: 1,
        ...launchTemplate === undefined
          ? { launchSpecifications: [{ imageId: IMAGE, instanceType: 'm6i.large' }] }
          : { launchTemplateConfigs: [{ launchTemplateSpecification: launchTemplate }] },
      },
    })],
    ['a node group of Amazon EKS', launchTemplate => new CfnNodegroup(stack, 'Fleet', {
      clusterName: 'cluster',
      nodeRole: 'arn:aws:iam::111122223333:role/node',
      subnets: ['subnet-0123456789abcdef0'],
      launchTemplate: launchTemplate && { id: launchTemplate.launchTemplateId, version: launchTemplate.version },
    })],
    ['a compute environment of AWS Batch', launchTemplate => new batch.CfnComputeEnvironment(stack, 'Fleet', {
      type: 'MANAGED',
      computeResources: {
        type: 'EC2',
        maxvCpus: 8,
        subnets: ['subnet-0123456789abcdef0'],
        instanceRole: 'ecsInstanceRole',
        instanceTypes: ['m6i.large'],
        securityGroupIds: ['sg-0123456789abcdef0'],
        launchTemplate,
      },
    })],
    ['a group of game servers', launchTemplate => new CfnGameServerGroup(stack, 'Fleet', {
      gameServerGroupName: 'servers',
      roleArn: 'arn:aws:iam::111122223333:role/games',
      instanceDefinitions: [{ instanceType: 'c5.large' }, { instanceType: 'c5.xlarge' }],
      launchTemplate,
    })],
    ['a group of nodes of AWS PCS', launchTemplate => new CfnComputeNodeGroup(stack, 'Fleet', {
      clusterId: 'cluster',
      iamInstanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/AWSPCS-node',
      instanceConfigs: [{ instanceType: 'm6i.large' }],
      scalingConfiguration: { minInstanceCount: 0, maxInstanceCount: 1 },
      subnetIds: ['subnet-0123456789abcdef0'],
      customLaunchTemplate: launchTemplate && { templateId: launchTemplate.launchTemplateId, version: launchTemplate.version },
    })],
  ];

  test.each(LAUNCHERS)('%s: causes a warning if the template has not the license', (_, make) => {
    make(referring(l1Template())).with(forTemplates());

    expect(warnings()).toEqual([['Stack/Fleet', missing(OF_OTHER_TEMPLATE)]]);
  });

  test.each(LAUNCHERS)('%s: is not if the template has it, whoever attaches it, and when', (_, make) => {
    const template = l1Template();
    const fleet = make(referring(template));
    fleet.with(forTemplates());
    template.addPropertyOverride('LaunchTemplateData.LicenseSpecifications', specified({ Ref: 'Windows' }));

    expect(warnings()).toEqual([]);
  });

  test.each(LAUNCHERS)('%s: causes a warning without a template', (_, make) => {
    make().with(forTemplates());

    expect(warnings()).toEqual([['Stack/Fleet', missing(WITHOUT_TEMPLATE)]]);
  });

  test.each(LAUNCHERS)('%s: causes a warning with a template that is not of the app', (_, make) => {
    make({ launchTemplateId: 'lt-0123456789abcdef0', version: '1' }).with(forTemplates());

    expect(warnings()).toEqual([['Stack/Fleet', missing(OF_UNKNOWN_TEMPLATE)]]);
  });

  test.each(LAUNCHERS)('%s: is not warned of in a tree with its template', (_, make) => {
    make(referring(l1Template()));
    Mixins.of(app).apply(forTemplates());

    expect(warnings()).toEqual([]);
  });

  test('names it by its name, too', () => {
    l1Template({ launchTemplateName: 'windows' }).with(forTemplates());
    const fleet = l1Group({ launchTemplate: { launchTemplateName: 'windows', version: '1' } });
    fleet.with(forTemplates());
    expect(warnings()).toEqual([]);

    fleet.addPropertyOverride('LaunchTemplate.LaunchTemplateName', 'linux');
    expect(warnings()).toEqual([['Stack/Fleet', missing(OF_UNKNOWN_TEMPLATE)]]);
  });

  test('may have it in another stack, or in the parent stack', () => {
    const template = l1Template();
    template.with(forTemplates());
    const other = new Stack(app, 'Other', { env: ENV });
    // By its logical id, it would be the one of the same name here.
    const unlicensed = l1Template({}, other);
    for (const [scope, launchTemplate] of [[other, template], [new NestedStack(stack, 'Nested'), template], [new Construct(other, 'Own'), unlicensed]] as const) {
      l1Group({ launchTemplate: referring(launchTemplate) }, scope).with(forTemplates());
    }

    expect(warnings()).toEqual([['Other/Own/Fleet', missing(OF_OTHER_TEMPLATE.replace('Stack/', 'Other/'))]]);
  });

  test('may have one for a type of its own', () => {
    const template = l1Template();
    template.with(forTemplates());
    const arm = new ec2.CfnLaunchTemplate(stack, 'Arm', { launchTemplateData: { imageId: IMAGE } });
    l1Group({
      mixedInstancesPolicy: {
        launchTemplate: { launchTemplateSpecification: referring(template), overrides: [{ instanceType: 'm7g.large', launchTemplateSpecification: referring(arm) }] },
      },
    }).with(forTemplates());

    expect(warnings()).toEqual([['Stack/Fleet', missing(OF_OTHER_TEMPLATE.replace('Template\'', 'Arm\''))]]);
  });

  test('may leave it to a condition', () => {
    new CfnCondition(stack, 'AtHome', { expression: Fn.conditionEquals(Aws.ACCOUNT_ID, '111122223333') });
    const { launchTemplateId: LaunchTemplateId, version: Version } = referring(l1Template());
    const either = { LaunchTemplateId, Version };
    l1Group({ launchTemplate: Fn.conditionIf('AtHome', either, either) }).with(forTemplates());
    new autoscaling.CfnAutoScalingGroup(stack, 'Mixed', {
      minSize: '0',
      maxSize: '1',
      availabilityZones: [ZONE],
      mixedInstancesPolicy: Fn.conditionIf('AtHome', { LaunchTemplate: { LaunchTemplateSpecification: either } }, { LaunchTemplate: { LaunchTemplateSpecification: either } }),
    }).with(forTemplates());

    expect(warnings()).toEqual([['Stack/Fleet', missing(OF_UNKNOWN_TEMPLATE)], ['Stack/Mixed', missing(OF_UNKNOWN_TEMPLATE)]]);
  });

  test('of AWS Batch is not EC2 on AWS Fargate, nor in somebody else\'s environment', () => {
    for (const [id, props] of Object.entries<Partial<batch.CfnComputeEnvironmentProps>>({
      Fargate: { type: 'MANAGED', computeResources: { type: 'FARGATE', maxvCpus: 8, subnets: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] } },
      Unmanaged: { type: 'UNMANAGED', serviceRole: 'arn:aws:iam::111122223333:role/batch' },
    })) {
      new batch.CfnComputeEnvironment(stack, id, { type: '', ...props }).with(forTemplates());
    }

    expect(warnings()).toEqual([]);
  });
});

describe('what is imported causes a warning:', () => {
  class ImportedDistribution extends Resource {
    public readonly distributionConfigurationRef = {
      distributionConfigurationArn: 'arn:aws:imagebuilder:us-east-1:111122223333:distribution-configuration/images',
    };
  }

  test.each<[string, () => IResource | IConstruct, () => IMixin]>([
    ['a launch template', () => ec2.LaunchTemplate.fromLaunchTemplateAttributes(stack, 'Imported', { launchTemplateId: 'lt-0123456789abcdef0' }), forTemplates],
    ['a launch template, by the L1', () => ec2.CfnLaunchTemplate.fromLaunchTemplateId(stack, 'Imported', 'lt-0123456789abcdef0'), forTemplates],
    ['an Auto Scaling group', () => autoscaling.AutoScalingGroup.fromAutoScalingGroupName(stack, 'Imported', 'fleet'), forTemplates],
    ['an EC2 Fleet', () => ec2.CfnEC2Fleet.fromFleetId(stack, 'Imported', 'fleet-0123'), forTemplates],
    ['an instance', () => ec2.CfnInstance.fromInstanceId(stack, 'Imported', 'i-0123456789abcdef0'), forInstances],
    ['a WorkSpaces instance', () => CfnWorkspaceInstance.fromWorkspaceInstanceId(stack, 'Imported', 'wsinst-0123456789abcdef0'),
      () => new mixins.WorkspaceInstanceLicenses([windows])],
    ['a distribution configuration', () => new ImportedDistribution(stack, 'Imported'), forDistributions],
  ])('%s', (_, make, mixin) => {
    make().with(mixin());

    expect(warnings()).toEqual([['Stack/Imported', missing(`it is imported, and nothing can be changed in it. ${ELSEWHERE}`)]]);
  });

  test('also in a tree in which others are changed', () => {
    l1Template();
    ec2.CfnLaunchTemplate.fromLaunchTemplateId(stack, 'Imported', 'lt-0123456789abcdef0');
    stack.with(forTemplates());

    expect(warnings().map(([path]) => path)).toEqual(['Stack/Imported']);
  });

  test('but not an instance of AWS Cloud Map', () => {
    const service = new HttpNamespace(stack, 'Namespace', { name: 'example.internal' }).createService('Service');
    service.registerNonIpInstance('Target', { customAttributes: { key: 'value' } });
    stack.with(forInstances(), forTemplates());

    expect(warnings()).toEqual([]);
  });
});

describe('what builds images', () => {
  const WITHOUT = 'it uses no Image Builder distribution configuration. Give it one, and apply mixins.DistributionConfigurationLicenses to that.';

  test('causes a warning without a distribution configuration', () => {
    l1Pipeline().with(forDistributions());
    new imagebuilder.CfnImage(stack, 'Image', {
      infrastructureConfigurationArn: 'arn:aws:imagebuilder:us-east-1:111122223333:infrastructure-configuration/build',
      imageRecipeArn: 'arn:aws:imagebuilder:us-east-1:111122223333:image-recipe/windows/1.0.0',
    }).with(forDistributions());

    expect(warnings()).toEqual([['Stack/Pipeline', missing(WITHOUT)], ['Stack/Image', missing(WITHOUT)]]);
  });

  test('causes a warning with one that has not the license', () => {
    l1Pipeline(l1Distribution().ref).with(forDistributions());

    expect(warnings()).toEqual([['Stack/Pipeline', missing(
      "it uses an Image Builder distribution configuration that the mixin does not change: 'Stack/Distribution'. Apply " +
      'mixins.DistributionConfigurationLicenses to that.')]]);
  });

  test('is not warned of with one that has it, by whatever name', () => {
    l1Pipeline(l1Distribution().attrArn);
    stack.with(forDistributions());

    expect(warnings()).toEqual([]);
  });
});

describe('a mixin of another resource causes a warning if it finds nothing to change:', () => {
  const TARGETS: [string, () => IConstruct, string, string][] = [
    ['an instance', () => l1Instance(), 'an EC2 instance', 'InstanceLicenses'],
    ['a launch template', () => l1Template(), 'a launch template', 'LaunchTemplateLicenses'],
    ['a distribution configuration', l1Distribution, 'an Image Builder distribution configuration', 'DistributionConfigurationLicenses'],
    ['a WorkSpaces instance', l1WorkSpace,
      'a WorkSpaces instance', 'WorkspaceInstanceLicenses'],
    ['a capacity provider', () => new CfnAgentCoreCapacityProvider(stack, 'Capacity', {
      name: 'agents',
      permissionsConfiguration: { capacityProviderOperatorRoleArn: 'arn:aws:iam::111122223333:role/agents' },
      computeConfiguration: {
        ec2Configuration: {
          launchTemplateSource: { launchParameters: { operatingSystem: 'LINUX_X86_64', instanceRequirements: { allowedInstanceTypes: ['m6i.large'] } } },
          vpcConfiguration: { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] },
        },
      },
    }), 'a capacity provider of Amazon Bedrock AgentCore', 'AgentCoreCapacityProviderLicenses'],
  ];
  const MIXINS = () => [
    forInstances(), forTemplates(), forDistributions(),
    new mixins.WorkspaceInstanceLicenses([windows]), new mixins.AgentCoreCapacityProviderLicenses([windows]),
  ];

  test.each(TARGETS)('%s', (_, make, what, name) => {
    const target = make();
    const others = MIXINS().filter(mixin => mixin.constructor.name !== name);
    target.with(...others);

    expect(others).toHaveLength(4);
    expect(warnings()).toEqual([[target.node.path, missing(`it is ${what}. Apply mixins.${name} to it.`)]]);
  });

  test.each(TARGETS)('%s: but not if the right mixin comes, too, before or after', (_, make, __, name) => {
    const [right] = MIXINS().filter(mixin => mixin.constructor.name === name);
    make().with(...MIXINS(), right);

    expect(warnings()).toEqual([]);
  });

  test('an L2, and what is in it', () => {
    l2Group(undefined, withFlag()).with(forInstances());

    expect(warnings()).toEqual([
      ['Stack/WithFlag/Fleet/LaunchTemplate/Resource', missing('it is a launch template. Apply mixins.LaunchTemplateLicenses to it.')],
    ]);
  });

  test('all of a tree', () => {
    l1Template();
    l1Group({ launchConfigurationName: 'windows' });
    new Bucket(stack, 'Bucket');
    stack.with(forInstances());

    expect(warnings().map(([path]) => path)).toEqual(['Stack/Template', 'Stack/Fleet']);
  });

  test('nothing of a tree in which the mixin changes something', () => {
    l1Template();
    l1Group({ launchConfigurationName: 'windows' });
    l1Distribution();
    l1Instance();
    stack.with(forInstances());

    expect(warnings()).toEqual([]);
  });

  test('nothing of a tree without anything that has to do with licenses', () => {
    new Bucket(stack, 'Bucket');
    new ec2.Vpc(stack, 'Vpc');
    stack.with(...MIXINS(), new mixins.InstanceHostPlacement(new CfnGroup(stack, 'Group', { name: 'hosts' })));

    expect(warnings()).toEqual([]);
  });

  test('each time that a mixin is applied', () => {
    const mixin = forInstances();
    l1Instance().with(mixin);
    l1Template().with(mixin);

    expect(warnings().map(([path]) => path)).toEqual(['Stack/Template']);
  });

  test('also what it was applied to as a part of a tree before', () => {
    const mixin = forInstances();
    l1Instance();
    const template = l1Template();
    stack.with(mixin);
    template.with(mixin);

    expect(warnings().map(([path]) => path)).toEqual(['Stack/Template']);
  });

  test('also if its method is called', () => {
    const mixin = forInstances();
    mixin.applyTo(l1Template());

    expect(warnings().map(([path]) => path)).toEqual(['Stack/Template']);
  });

  test('not what was only asked about', () => {
    expect(forInstances().supports(l1Template())).toBe(true);
    expect(warnings()).toEqual([]);
  });
});

describe('an instance that comes from a launch template', () => {
  test('has the licenses of the template', () => {
    l1Instance({ launchTemplate: referring(l1Template()) });
    stack.with(forTemplates());
    stack.node.findChild('Instance').with(forTemplates());

    expect(warnings()).toEqual([]);
  });

  test('has only its own as soon as it has one', () => {
    l1Instance({ launchTemplate: referring(l1Template()), licenseSpecifications: [{ licenseConfigurationArn: sql.ref }] });
    stack.node.findChild('Template').with(forTemplates());
    stack.node.findChild('Instance').with(forTemplates());

    expect(warnings()).toEqual([['Stack/Instance', missing('it uses launch template \'Stack/Template\', which has the license, and writes licenses of its ' +
      'own, which it is launched with instead. Apply mixins.InstanceLicenses to it, too, or leave its own licenses out.')]]);
  });
});

describe('a finding', () => {
  test('names each license that is missing, and no other', () => {
    const template = l1Template({ launchTemplateData: { licenseSpecifications: [{ licenseConfigurationArn: sql.attrLicenseConfigurationArn }] } });
    l1Group({ launchTemplate: referring(template) }).with(new mixins.LaunchTemplateLicenses([sql, windows]));
    l1Instance().with(new mixins.LaunchTemplateLicenses([sql, windows]));

    expect(warnings()).toEqual([
      ['Stack/Fleet', missing(OF_OTHER_TEMPLATE)],
      ['Stack/Instance', missing('it is an EC2 instance. Apply mixins.InstanceLicenses to it.', 'Sql')],
      ['Stack/Instance', missing('it is an EC2 instance. Apply mixins.InstanceLicenses to it.')],
    ]);
  });

  test('is there once, however often mixins are applied', () => {
    const group = l1Group({ launchConfigurationName: 'windows' });
    group.with(forTemplates(), forTemplates(), forInstances());
    stack.with(forTemplates());

    expect(warnings()).toHaveLength(1);
  });

  test('can be acknowledged', () => {
    l2Group().with(forTemplates());
    Annotations.fromStack(stack).hasWarning('/Stack/Fleet/ASG', Match.stringLikeRegexp('licenseNotAttached'));

    const other = makeStackWithLicenses();
    ({ app, stack, windows, sql } = other);
    const fleet = l2Group();
    fleet.with(forTemplates());
    Acknowledged.of(fleet).acknowledgeWarning('cdk-license-manager:licenseNotAttached', 'Linux');
    expect(warnings()).toEqual([]);
  });
});

describe('a placement', () => {
  const unplaced = (reason: string) =>
    `It is not placed in host resource group 'Stack/Group', as a mixin was to do: ${reason} [ack: cdk-license-manager:notPlacedInHostResourceGroup]`;
  const group = () => stack.node.tryFindChild('Group') as CfnGroup | undefined ?? new CfnGroup(stack, 'Group', { name: 'hosts' });
  const ofInstances = () => new mixins.InstanceHostPlacement(group());
  const ofTemplates = () => new mixins.LaunchTemplateHostPlacement(group());

  test.each<[string, () => IConstruct, () => IMixin, string]>([
    ['a launch configuration', () => l1Group({ launchConfigurationName: 'windows' }), ofTemplates,
      OF_LAUNCH_CONFIGURATION.replace('LaunchTemplateLicenses', 'LaunchTemplateHostPlacement')],
    ['no launch template', () => l1Group({ instanceId: 'i-0123456789abcdef0' }), ofTemplates, WITHOUT_TEMPLATE.replace('LaunchTemplateLicenses', 'LaunchTemplateHostPlacement')],
    ['another launch template', () => l1Group({ launchTemplate: referring(l1Template()) }), ofTemplates,
      OF_OTHER_TEMPLATE.replace('LaunchTemplateLicenses', 'LaunchTemplateHostPlacement')],
    ['an imported template', () => ec2.CfnLaunchTemplate.fromLaunchTemplateId(stack, 'Imported', 'lt-0123456789abcdef0'), ofTemplates,
      `it is imported, and nothing can be changed in it. ${ELSEWHERE}`],
    ['an instance', () => l1Instance(), ofTemplates, 'it is an EC2 instance. Apply mixins.InstanceHostPlacement to it.'],
    ['a launch template', () => l1Template(), ofInstances, 'it is a launch template. Apply mixins.LaunchTemplateHostPlacement to it.'],
    ['a WorkSpaces instance', l1WorkSpace, ofInstances,
      'it is a WorkSpaces instance, which CloudFormation cannot place in one. Leave the mixin out.'],
  ])('that %s does not take causes a warning', (_, make, mixin, reason) => {
    const target = make();
    target.with(mixin());

    expect(warnings()).toEqual([[target.node.path, unplaced(reason)]]);
  });

  test('of all of a tree is not warned of', () => {
    const template = l1Template();
    l1Group({ launchTemplate: referring(template) });
    new ec2.CfnInstance(stack, 'FromTemplate', { launchTemplate: referring(template) });
    stack.with(ofTemplates());
    stack.node.findChild('FromTemplate').with(ofTemplates());

    expect(warnings()).toEqual([]);
  });

  test('does not concern what launches nothing', () => {
    l1Distribution().with(ofInstances(), ofTemplates());
    l1Pipeline().with(ofInstances(), ofTemplates());

    expect(warnings()).toEqual([]);
  });
});
