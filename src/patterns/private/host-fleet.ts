import { Token } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { LaunchTemplate, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { HostLicenses } from '../../host-resource-group/host-licenses';
import { HostResourceGroup } from '../../host-resource-group/host-resource-group';
import type { HostResourceGroupProps } from '../../host-resource-group/host-resource-group';
import { LaunchTemplateHostPlacement } from '../../mixins';
import { acknowledge } from '../../private/finding/acknowledgement';
import { familyOfType } from '../../private/license/host-families';
import { FLAG, implementing, listOf, needed, OBJECT, ofClass, TEXT } from '../../private/validation/given';
import type { Shape } from '../../private/validation/given';
import { lit, refuse } from '../../private/validation/validation';
import type { HostFleetProps } from '../host-fleet-props';

/** The hosts of a fleet. */
export function makeHosts(
  scope: Construct, licenses: HostLicenses, props: HostFleetProps, more: Pick<HostResourceGroupProps, 'autoRecoverHosts' | 'removalPolicy'>,
): HostResourceGroup {
  const { automaticHosts = true } = props;
  const type = props.instanceType.toString();
  return new HostResourceGroup(scope, 'Hosts', {
    licenses,
    allowedHostFamilies: props.hostFamilies ?? (Token.isUnresolved(type) ? undefined : [familyOfType(type)]),
    autoAllocateHosts: automaticHosts,
    autoReleaseHosts: automaticHosts,
    ...more,
  });
}

/** What instances of a fleet are launched from: it places them on the hosts, with the licenses of those. */
export function makeLaunchTemplate(scope: Construct, hosts: HostResourceGroup, props: HostFleetProps): LaunchTemplate {
  const { machineImage, instanceType, vpc, launchTemplateOptions = {} } = props;
  const launchTemplate = new LaunchTemplate(scope, 'LaunchTemplate', {
    requireImdsv2: true,
    securityGroup: vpc && !launchTemplateOptions.securityGroup ? new SecurityGroup(scope, 'SecurityGroup', { vpc }) : undefined,
    ...launchTemplateOptions,
    machineImage,
    instanceType,
  });
  launchTemplate.with(new LaunchTemplateHostPlacement(hosts));
  return launchTemplate;
}

/** What launches instances of a fleet, if it is to launch some. */
export function makeAutoScalingGroup(scope: Construct, launchTemplate: LaunchTemplate, props: HostFleetProps): AutoScalingGroup | undefined {
  const { vpc, autoScalingGroupOptions, launchTemplateOptions } = props;
  if (!vpc) {
    return autoScalingGroupOptions && refuse(scope, lit`HostFleetWithoutVpc`,
      'autoScalingGroupOptions says what an Auto Scaling group is like, and there is none without vpc. Set vpc, or leave autoScalingGroupOptions out.');
  }
  const group = new AutoScalingGroup(scope, 'AutoScalingGroup', { ...autoScalingGroupOptions, vpc, launchTemplate });
  acknowledge(group, 'Annotation::AwsSolutions-AS3',
    'People are told when licenses are used up; who wants to be told of every launch sets notifications of autoScalingGroupOptions.');
  if (!launchTemplateOptions?.blockDevices) {
    acknowledge(group, 'Annotation::AwsSolutions-EC26',
      'Volumes are those of the image, encrypted as it says or as the account does by default; blockDevices of launchTemplateOptions says it otherwise.');
  }
  return group;
}

export const HOST_FLEET: Shape<HostFleetProps> = {
  machineImage: needed(implementing('IMachineImage', 'getImage', 'Use one of MachineImage of aws-cdk-lib/aws-ec2.')),
  instanceType: needed(ofClass('InstanceType', 'sameInstanceClassAs')),
  vpc: implementing('IVpc', 'vpcId', 'Use a Vpc, or import one.'),
  autoScalingGroupOptions: OBJECT,
  launchTemplateOptions: OBJECT,
  automaticHosts: FLAG,
  hostFamilies: listOf(TEXT),
};
