import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnAutoScalingGroup, CfnScheduledAction } from 'aws-cdk-lib/aws-autoscaling';
import { CfnComputeEnvironment } from 'aws-cdk-lib/aws-batch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { brief, check, include } from '../report';

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

test('what an instance needs is said in a sentence', () => {
  expect(check(RULE, stack => {
    const { ref: launchTemplateId, attrLatestVersionNumber: version } = licensed(stack, 'Core', 47, { instanceType: 'm5.24xlarge' });
    new ec2.CfnInstance(stack, 'It', { launchTemplate: { launchTemplateId, version } });
  })[0].message).toBe("It launches up to 1 instance of m5.24xlarge, with 48 each: at least 48 licenses by Core, and license 'Stack/License' has 47 as a hard limit.");
});

test('the list of types of a node group may be empty, and that of the template is launched', () => {
  expect(brief(check(RULE, stack => {
    const { ref: id } = licensed(stack, 'vCPU', 39, { instanceType: 'm5.xlarge' });
    new CfnNodegroup(stack, 'Fleet', {
      clusterName: 'cluster', nodeRole: 'arn:aws:iam::111122223333:role/node', subnets: ['subnet-1'], launchTemplate: { id }, scalingConfig: { maxSize: 10 }, instanceTypes: [],
    });
  }))).toEqual(['error Stack/Fleet']);
});

describe('a type by a mapping', () => {
  const mapped = (stack: Stack, keys: unknown[]) => include(stack, {
    Parameters: { Region: { Type: 'String' } },
    Mappings: { Types: { 'us-east-1': { type: 'm5.xlarge' } } },
    Resources: {
      License: { Type: 'AWS::LicenseManager::LicenseConfiguration', Properties: { Name: 'it', LicenseCountingType: 'vCPU', LicenseCount: 3, LicenseCountHardLimit: true } },
      It: {
        Type: 'AWS::EC2::Instance',
        Properties: {
          ImageId: 'ami-0123456789abcdef0',
          InstanceType: { 'Fn::FindInMap': keys },
          LicenseSpecifications: [{ LicenseConfigurationArn: { 'Fn::GetAtt': ['License', 'LicenseConfigurationArn'] } }],
        },
      },
    },
  });

  test.each<[string, unknown[]]>([['a Region that is written', ['Types', 'us-east-1', 'type']], ['the Region of the stack', ['Types', { Ref: 'AWS::Region' }, 'type']]])('of %s is known', (_, keys) => {
    expect(check(RULE, stack => mapped(stack, keys))).toHaveLength(1);
  });

  test('of a parameter is not', () => {
    expect(check(RULE, stack => mapped(stack, ['Types', { Ref: 'Region' }, 'type']))).toEqual([]);
  });
});

describe('what raises the maximum later', () => {
  const scheduled = (stack: Stack, maxSize: number | undefined, limit = 5) => {
    const { ref: autoScalingGroupName } = group(stack, licensed(stack, 'Instance', limit), '5');
    new CfnScheduledAction(stack, 'Action', { autoScalingGroupName, maxSize, recurrence: '0 8 * * *' });
  };

  test('is a scheduled action of an Auto Scaling group', () => {
    const [finding, ...others] = check(RULE, stack => scheduled(stack, 6));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ path: 'Stack/Fleet', severity: 'error' });
    expect(finding.message).toContain("It launches up to 6 instances, as 'Stack/Action' raises it: at least 6 licenses");
    expect(check(RULE, stack => scheduled(stack, 6, 6))).toEqual([]);
    expect(check(RULE, stack => scheduled(stack, 4))).toEqual([]);
    expect(check(RULE, stack => scheduled(stack, undefined))).toEqual([]);
    expect(check(RULE, stack => scheduled(stack, new CfnParameter(stack, 'Max', { type: 'Number', default: 9 }).valueAsNumber))).toEqual([]);
  });

  test('is a scalable target of a Spot Fleet', () => {
    const scaled = (stack: Stack, maxCapacity: number, ofAction: number) => {
      const template = licensed(stack, 'Instance', 5);
      const { ref } = new ec2.CfnSpotFleet(stack, 'Fleet', {
        spotFleetRequestConfigData: { iamFleetRole: 'arn:aws:iam::111122223333:role/fleet', targetCapacity: 1, launchTemplateConfigs: [{ launchTemplateSpecification: use(template) }] },
      });
      new CfnScalableTarget(stack, 'Target', {
        resourceId: `spot-fleet-request/${ref}`,
        minCapacity: 0,
        maxCapacity,
        scalableDimension: 'ec2:spot-fleet-request:TargetCapacity',
        serviceNamespace: 'ec2',
        scheduledActions: [{ scheduledActionName: 'it', schedule: 'rate(1 day)', scalableTargetAction: { maxCapacity: ofAction } }],
      });
    };
    expect(brief(check(RULE, stack => scaled(stack, 6, 5)))).toEqual(['error Stack/Fleet']);
    expect(brief(check(RULE, stack => scaled(stack, 5, 6)))).toEqual(['error Stack/Fleet']);
    expect(check(RULE, stack => scaled(stack, 5, 5))).toEqual([]);
  });
});

test('two instances with opposite conditions are not there together', () => {
  const two = (conditions: string[]) => check(RULE, stack => include(stack, {
    Parameters: { Stage: { Type: 'String' } },
    Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, Test: { 'Fn::Not': [{ Condition: 'Prod' }] }, Always: { 'Fn::Equals': ['a', 'a'] } },
    Resources: {
      License: { Type: 'AWS::LicenseManager::LicenseConfiguration', Properties: { Name: 'it', LicenseCountingType: 'vCPU', LicenseCount: 4, LicenseCountHardLimit: true } },
      ...Object.fromEntries(conditions.map((Condition, index) => [`It${index}`, {
        Type: 'AWS::EC2::Instance',
        Condition,
        Properties: {
          ImageId: 'ami-0123456789abcdef0', InstanceType: 'm5.xlarge', LicenseSpecifications: [{ LicenseConfigurationArn: { 'Fn::GetAtt': ['License', 'LicenseConfigurationArn'] } }],
        },
      }])),
    },
  }));

  expect(two(['Prod', 'Test'])).toEqual([]);
  expect(two(['Always', 'Always'])).toHaveLength(1);
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
          overrides: [{ instanceType: 'm5.large' }, { instanceType: 'm5.large', launchTemplateSpecification: { launchTemplateId, version: '$Latest' } }],
        },
      },
    });
  }],
])('%s is not judged', (_, define) => {
  expect(check(RULE, define)).toEqual([]);
});
