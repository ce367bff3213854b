import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnComputeEnvironment } from 'aws-cdk-lib/aws-batch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { brief, check } from '../report';

const RULE = 'FleetExceedsHardLimit';

/** Licenses with a hard limit, and a launch template that has them. */
function licensed(stack: Stack, licenseCountingType: string, licenseCount: number, { instanceType = 'm5.xlarge' as string | undefined, more = {} as object, template = {} as object } = {}) {
  const license = new CfnLicenseConfiguration(stack, 'License', { name: 'it', licenseCountingType, licenseCount, licenseCountHardLimit: true, ...more });
  return new ec2.CfnLaunchTemplate(stack, 'Template', {
    launchTemplateData: {
      instanceType, imageId: 'ami-0123456789abcdef0', placement: { tenancy: 'host' }, licenseSpecifications: [{ licenseConfigurationArn: license.attrLicenseConfigurationArn }], ...template,
    },
  });
}
const use = ({ ref, attrLatestVersionNumber }: ec2.CfnLaunchTemplate) => ({ launchTemplateId: ref, version: attrLatestVersionNumber });
const group = (stack: Stack, template: ec2.CfnLaunchTemplate, maxSize: string, id = 'Fleet') =>
  new CfnAutoScalingGroup(stack, id, { minSize: '0', maxSize, launchTemplate: use(template) });

describe.each([
  // What 10 instances need: m5.xlarge has 4 vCPUs and 2 cores, m6g.xlarge 4 of both, c4.8xlarge 36 vCPUs.
  ['Instance', 'm5.xlarge', 10],
  ['vCPU', 'm5.xlarge', 40],
  ['vCPU', 'c4.8xlarge', 360],
  ['Core', 'm5.xlarge', 20],
  ['Core', 'm6g.xlarge', 40],
])('counted by %s, %s: 10 instances need %d', (type, instanceType, needed) => {
  test('one license less is found', () => {
    const [finding, ...others] = check(RULE, stack => group(stack, licensed(stack, type, needed - 1, { instanceType }), '10'));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ path: 'Stack/Fleet', severity: 'error', location: 'Properties.MaxSize' });
    expect(finding.message).toContain(`at least ${needed} licenses by ${type}, and license 'Stack/License' has ${needed - 1} as a hard limit`);
  });

  test('as many are right', () => {
    expect(check(RULE, stack => group(stack, licensed(stack, type, needed, { instanceType }), '10'))).toEqual([]);
  });
});

test.each<[string, (stack: Stack, template: ec2.CfnLaunchTemplate) => void]>([
  ['an EC2 Fleet', (stack, template) => new ec2.CfnEC2Fleet(stack, 'Fleet', {
    targetCapacitySpecification: { totalTargetCapacity: 10 }, launchTemplateConfigs: [{ launchTemplateSpecification: use(template) }],
  })],
  ['a Spot Fleet', (stack, template) => new ec2.CfnSpotFleet(stack, 'Fleet', {
    spotFleetRequestConfigData: {
      iamFleetRole: 'arn:aws:iam::111122223333:role/fleet', targetCapacity: 10, onDemandTargetCapacity: 10, launchTemplateConfigs: [{ launchTemplateSpecification: use(template) }],
    },
  })],
  ['an EKS node group', (stack, { ref: id }) => new CfnNodegroup(stack, 'Fleet', {
    clusterName: 'cluster', nodeRole: 'arn:aws:iam::111122223333:role/node', subnets: ['subnet-1'], launchTemplate: { id }, scalingConfig: { maxSize: 10 },
  })],
  ['a compute environment', (stack, { ref: launchTemplateId }) => new CfnComputeEnvironment(stack, 'Fleet', {
    type: 'MANAGED', computeResources: { type: 'EC2', maxvCpus: 40, subnets: ['subnet-1'], instanceTypes: ['m5.xlarge'], launchTemplate: { launchTemplateId } },
  })],
])('%s is found, too', (_, define) => {
  expect(brief(check(RULE, stack => define(stack, licensed(stack, 'vCPU', 39))))).toEqual(['error Stack/Fleet']);
  expect(check(RULE, stack => define(stack, licensed(stack, 'vCPU', 40)))).toEqual([]);
});

test('of several types the smallest counts: that is what is needed for certain', () => {
  const mixed = (stack: Stack, template: ec2.CfnLaunchTemplate) => new CfnAutoScalingGroup(stack, 'Fleet', {
    minSize: '0',
    maxSize: '10',
    mixedInstancesPolicy: { launchTemplate: { launchTemplateSpecification: use(template), overrides: [{ instanceType: 'm5.4xlarge' }, { instanceType: 'm5.large' }] } },
  });

  expect(check(RULE, stack => mixed(stack, licensed(stack, 'vCPU', 20)))).toEqual([]);
  expect(brief(check(RULE, stack => mixed(stack, licensed(stack, 'vCPU', 19))))).toEqual(['error Stack/Fleet']);
});

test('customized vCPUs count if the license says so', () => {
  const template = { cpuOptions: { coreCount: 1, threadsPerCore: 1 } };
  const honoring = { licenseRules: ['#honorVcpuOptimization=True'] };

  expect(check(RULE, stack => group(stack, licensed(stack, 'vCPU', 10, { template, more: honoring }), '10'))).toEqual([]);
  expect(brief(check(RULE, stack => group(stack, licensed(stack, 'vCPU', 10, { template }), '10')))).toEqual(['error Stack/Fleet']);
});

test('sockets are counted by the host, of which there is one at least', () => {
  expect(check(RULE, stack => group(stack, licensed(stack, 'Socket', 1), '10'))).toEqual([]);
  expect(brief(check(RULE, stack => group(stack, licensed(stack, 'Socket', 0), '10')))).toEqual(['error Stack/Fleet']);
});

test('two fleets that fit one by one, and not together, are found at the license', () => {
  const two = (stack: Stack, licenses: number) => {
    const template = licensed(stack, 'Instance', licenses);
    group(stack, template, '6', 'One');
    group(stack, template, '5', 'Two');
  };
  const [finding, ...others] = check(RULE, stack => two(stack, 10));

  expect(others).toEqual([]);
  expect(finding).toMatchObject({ path: 'Stack/License', severity: 'warning' });
  expect(finding.message).toContain("6 for 'Stack/One', 5 for 'Stack/Two'");
  expect(check(RULE, stack => two(stack, 11))).toEqual([]);
});

test.each<[string, (stack: Stack) => void]>([
  ['a soft limit', stack => group(stack, licensed(stack, 'Instance', 1, { more: { licenseCountHardLimit: false } }), '10')],
  ['a maximum that is a parameter', stack => group(stack, licensed(stack, 'Instance', 1), new CfnParameter(stack, 'Max', { default: '10' }).valueAsString)],
  ['an instance type that is a parameter', stack => group(stack, licensed(stack, 'vCPU', 1, { instanceType: new CfnParameter(stack, 'Type', { default: 'm5.large' }).valueAsString }), '10')],
  ['an instance type that nobody knows', stack => group(stack, licensed(stack, 'vCPU', 1, { instanceType: 'new9.medium' }), '10')],
  ['cores of a burstable type, of which a host has more than cores', stack => group(stack, licensed(stack, 'Core', 1, { instanceType: 't3.large' }), '10')],
  ['capacity that is weighted', stack => new CfnAutoScalingGroup(stack, 'Fleet', {
    minSize: '0',
    maxSize: '10',
    mixedInstancesPolicy: {
      launchTemplate: { launchTemplateSpecification: use(licensed(stack, 'Instance', 1)), overrides: [{ instanceType: 'm5.large', weightedCapacity: '10' }] },
    },
  })],
  ['a fleet of which a part has another template', stack => {
    const { ref: launchTemplateId } = new ec2.CfnLaunchTemplate(stack, 'Other', { launchTemplateData: { instanceType: 'm5.large' } });
    new CfnAutoScalingGroup(stack, 'Fleet', {
      minSize: '0',
      maxSize: '10',
      mixedInstancesPolicy: {
        launchTemplate: {
          launchTemplateSpecification: use(licensed(stack, 'Instance', 1)),
          overrides: [{ instanceType: 'm5.large' }, { instanceType: 'm5.large', launchTemplateSpecification: { launchTemplateId, version: '1' } }],
        },
      },
    });
  }],
])('%s is not judged', (_, define) => {
  expect(check(RULE, define)).toEqual([]);
});
