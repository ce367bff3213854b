import { App, Fn, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { describeStacks, ENV } from './stacks';
import { HostLicenses, HostResourceGroup, LicenseConfiguration, LicenseCounting, LicenseShare, mixins, SharePrincipal } from '../../src';

const IMAGE = { 'us-east-1': 'ami-0abcdef1234567890' };

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'HostResourceGroups', { env: ENV });
  const windows = new LicenseConfiguration(stack, 'WindowsServer', { licenseCounting: LicenseCounting.cores() });
  const hosts = new HostResourceGroup(stack, 'Hosts', {
    hostResourceGroupName: 'windows-hosts',
    description: 'Hosts of the enterprise agreement',
    licenses: HostLicenses.only([windows]),
    allowedHostFamilies: ['m5', 'r5'],
    autoAllocateHosts: true,
    autoReleaseHosts: true,
    autoRecoverHosts: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Tags.of(hosts).add('cost-center', '4711');
  hosts.addHost(new ec2.CfnHost(stack, 'Host', { availabilityZone: Fn.select(0, Fn.getAzs()), instanceFamily: 'm5' }));
  hosts.addHostId('h-0abcdef1234567890');
  hosts.addHostArn(`arn:aws:ec2:us-east-1:${ENV.account}:dedicated-host/h-0abcdef1234567891`);
  hosts.grants.launchInstances(Role.fromRoleName(stack, 'Launcher', 'launcher'));
  new ec2.CfnInstance(stack, 'Instance', { imageId: IMAGE['us-east-1'], instanceType: 'm5.large' }).with(new mixins.InstanceHostPlacement(hosts));
  new ec2.CfnLaunchTemplate(stack, 'LaunchTemplate', {
    launchTemplateData: { instanceType: 'm5.large', metadataOptions: { httpTokens: 'required' } },
  }).with(new mixins.LaunchTemplateHostPlacement(hosts));
  new LicenseShare(stack, 'Share', {
    licenseConfigurations: [windows],
    hostResourceGroups: [hosts],
    principals: [SharePrincipal.fromOrganizationArn(`arn:aws:organizations::${ENV.account}:organization/o-exampleorgid`)],
  });
  return stack;
}

/** The constructs with nothing but what they require. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  new HostResourceGroup(stack, 'Any', { licenses: HostLicenses.any() });
  const group = new HostResourceGroup(stack, 'NotRequired', { licenses: HostLicenses.notRequired() });
  new LicenseShare(stack, 'Share', { hostResourceGroups: [group], principals: [SharePrincipal.fromAccountId('444455556666')] });
  return stack;
}

const vpc = (stack: Stack) => ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['us-east-1a', 'us-east-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  privateSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
});

/** The fleet of the guide to host resource groups: bring-your-own Windows behind an Auto Scaling group. */
function windowsFleet(app: App): Stack {
  const stack = new Stack(app, 'WindowsFleet', { env: ENV });
  const windows = new LicenseConfiguration(stack, 'WindowsServer', {
    licenseCounting: LicenseCounting.cores(),
    licenseCount: 96,
    licenseCountHardLimit: true,
  });
  const hosts = new HostResourceGroup(stack, 'Hosts', {
    licenses: HostLicenses.only([windows]),
    allowedHostFamilies: ['m5'],
    autoAllocateHosts: true,
    autoReleaseHosts: true,
  });
  const launchTemplate = new ec2.LaunchTemplate(stack, 'LaunchTemplate', {
    machineImage: ec2.MachineImage.genericWindows(IMAGE),
    instanceType: new ec2.InstanceType('m5.xlarge'),
    requireImdsv2: true,
  });
  launchTemplate.with(new mixins.LaunchTemplateHostPlacement(hosts));
  new AutoScalingGroup(stack, 'Fleet', { vpc: vpc(stack), launchTemplate, maxCapacity: 8 });
  return stack;
}

/** The fleet of the guide to host resource groups: Macs, some of them always there. */
function macFleet(app: App): Stack {
  const stack = new Stack(app, 'MacFleet', { env: ENV });
  const macs = new HostResourceGroup(stack, 'Macs', {
    licenses: HostLicenses.notRequired(),
    allowedHostFamilies: ['mac2'],
    autoAllocateHosts: true,
    autoReleaseHosts: true,
  });
  const mac = new ec2.CfnHost(stack, 'Mac', { availabilityZone: Fn.select(0, Fn.getAzs()), instanceType: 'mac2.metal' });
  mac.applyRemovalPolicy(RemovalPolicy.RETAIN);
  macs.addHost(mac);
  const launchTemplate = new ec2.LaunchTemplate(stack, 'LaunchTemplate', {
    machineImage: ec2.MachineImage.genericLinux(IMAGE),
    instanceType: new ec2.InstanceType('mac2.metal'),
    requireImdsv2: true,
  });
  launchTemplate.with(new mixins.LaunchTemplateHostPlacement(macs));
  new AutoScalingGroup(stack, 'Fleet', { vpc: vpc(stack), launchTemplate, maxCapacity: 3 });
  return stack;
}

describeStacks({
  'everything of this capability': {
    define: everything,
    check: (template) => {
      template.hasResource('AWS::ResourceGroups::Group', { DeletionPolicy: 'Retain', Properties: { Resources: Match.anyValue() } });
      for (const type of ['AWS::EC2::Instance', 'AWS::EC2::LaunchTemplate']) {
        expect(JSON.stringify(template.findResources(type))).toContain('HostResourceGroupArn');
      }
      template.hasResourceProperties('AWS::RAM::ResourceShare', { ResourceArns: [Match.anyValue(), { 'Fn::GetAtt': [Match.stringLikeRegexp('^Hosts'), 'Arn'] }] });
    },
    ofTheUser: ['HostResourceGroups/Instance'],
  },
  'defaults': {
    define: defaults,
    check: (template) => {
      template.resourceCountIs('AWS::ResourceGroups::Group', 2);
      template.resourceCountIs('AWS::RAM::ResourceShare', 1);
    },
  },
  'a fleet of Windows': {
    define: windowsFleet,
    check: (template) => {
      template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: {
          Placement: { Tenancy: 'host', HostResourceGroupArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Hosts'), 'Arn'] } },
          LicenseSpecifications: [Match.anyValue()],
        },
      });
      template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { LaunchTemplate: Match.anyValue() });
    },
    ofTheUser: ['WindowsFleet/Fleet'],
  },
  'a fleet of Macs': {
    define: macFleet,
    check: (template) => {
      template.hasResource('AWS::EC2::Host', { DeletionPolicy: 'Retain' });
      template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: { Placement: { Tenancy: 'host' }, LicenseSpecifications: Match.absent() },
      });
    },
    ofTheUser: ['MacFleet/Fleet'],
  },
});

test.each([everything, defaults, windowsFleet, macFleet])('nothing causes a warning: %p', (define) => {
  const stack = define(new App());

  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});
