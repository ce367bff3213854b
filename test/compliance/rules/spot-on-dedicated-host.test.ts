import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import { LicenseConfiguration, LicenseCounting, LicenseTenancy } from '../../../src';
import { brief, check } from '../report';

const RULE = 'SpotOnDedicatedHost';
const template = (stack: Stack, data: ec2.CfnLaunchTemplate.LaunchTemplateDataProperty) => new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: data });
const onHost = (stack: Stack) => template(stack, { placement: { tenancy: 'host' } });
const use = ({ ref, attrLatestVersionNumber }: ec2.CfnLaunchTemplate) => ({ launchTemplateId: ref, version: attrLatestVersionNumber });
const mixed = (stack: Stack, instancesDistribution: CfnAutoScalingGroup.InstancesDistributionProperty, it = onHost(stack)) => new CfnAutoScalingGroup(stack, 'It', {
  minSize: '0', maxSize: '1', mixedInstancesPolicy: { launchTemplate: { launchTemplateSpecification: use(it) }, instancesDistribution },
});

test.each<[string, string, (stack: Stack) => void]>([
  ['an Auto Scaling group of Spot Instances', 'error Stack/It', stack => mixed(stack, { onDemandPercentageAboveBaseCapacity: 0 })],
  ['an Auto Scaling group with some', 'warning Stack/It', stack => mixed(stack, { onDemandPercentageAboveBaseCapacity: 50 })],
  ['an EC2 Fleet', 'error Stack/It', stack => new ec2.CfnEC2Fleet(stack, 'It', {
    targetCapacitySpecification: { totalTargetCapacity: 1, defaultTargetCapacityType: 'spot' }, launchTemplateConfigs: [{ launchTemplateSpecification: use(onHost(stack)) }],
  })],
  ['a Spot Fleet', 'error Stack/It', stack => new ec2.CfnSpotFleet(stack, 'It', {
    spotFleetRequestConfigData: { iamFleetRole: 'arn:aws:iam::111122223333:role/fleet', targetCapacity: 1, launchTemplateConfigs: [{ launchTemplateSpecification: use(onHost(stack)) }] },
  })],
  ['a Spot Fleet without a launch template', 'error Stack/It', stack => new ec2.CfnSpotFleet(stack, 'It', {
    spotFleetRequestConfigData: {
      iamFleetRole: 'arn:aws:iam::111122223333:role/fleet', targetCapacity: 1, launchSpecifications: [{ imageId: 'ami-0123456789abcdef0', placement: { tenancy: 'host' } }],
    },
  })],
  ['an EKS node group', 'error Stack/It', stack => new CfnNodegroup(stack, 'It', {
    clusterName: 'cluster', nodeRole: 'arn:aws:iam::111122223333:role/node', subnets: ['subnet-1'], capacityType: 'SPOT', launchTemplate: { id: onHost(stack).ref },
  })],
  ['a launch template', 'warning Stack/Template', stack => template(stack, { placement: { tenancy: 'host' }, instanceMarketOptions: { marketType: 'spot' } })],
])('%s on Dedicated Hosts is found', (_, expected, define) => {
  expect(brief(check(RULE, define))).toEqual([expected]);
});

test('a license that allows Dedicated Hosts only, on a tenancy that is a parameter, is found', () => {
  const [finding] = check(RULE, stack => mixed(stack, { onDemandPercentageAboveBaseCapacity: 0 }, template(stack, {
    placement: { tenancy: new CfnParameter(stack, 'Tenancy', { default: 'host' }).valueAsString },
    licenseSpecifications: [{
      licenseConfigurationArn: new LicenseConfiguration(stack, 'License', {
        licenseCounting: LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }),
      }).licenseConfigurationArn,
    }],
  })));

  expect(finding.message).toBe("It launches Spot Instances, and license 'Stack/License' allows only EC2-DedicatedHost.");
});

test.each<[string, (stack: Stack) => void]>([
  ['On-Demand Instances on Dedicated Hosts', stack => mixed(stack, { onDemandPercentageAboveBaseCapacity: 100 })],
  ['Spot Instances on shared hardware', stack => mixed(stack, { onDemandPercentageAboveBaseCapacity: 0 }, template(stack, {}))],
])('%s are right', (_, define) => {
  expect(check(RULE, define)).toEqual([]);
});

test('a share that is a parameter is not judged', () => {
  expect(check(RULE, stack => mixed(stack, {
    onDemandPercentageAboveBaseCapacity: new CfnParameter(stack, 'Share', { type: 'Number', default: 0 }).valueAsNumber,
  }))).toEqual([]);
});
