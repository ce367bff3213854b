import { Token } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { LaunchTemplate, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { serviceLinkedRoleOf } from './roles';
import type { HostLicenses } from '../../host-resource-group/host-licenses';
import { HostResourceGroup } from '../../host-resource-group/host-resource-group';
import type { HostResourceGroupProps } from '../../host-resource-group/host-resource-group';
import { LaunchTemplateHostPlacement } from '../../mixins';
import { acknowledge } from '../../private/finding/acknowledgement';
import { familyOfType } from '../../private/license/host-families';
import { FLAG, implementing, listOf, needed, OBJECT, ofClass, TEXT } from '../../private/validation/given';
import type { Shape } from '../../private/validation/given';
import { lit, refuse } from '../../private/validation/validation';
import type { ServiceLinkedRole } from '../../settings/service-linked-role';
import type { HostFleetProps } from '../host-fleet-props';

/**
 * What fleets on Dedicated Hosts have in common: hosts in a group, and instances that are launched into it.
 */
export abstract class HostFleet extends Construct {
  /**
   * The service-linked role of License Manager.
   */
  public readonly role: ServiceLinkedRole;

  /**
   * The hosts, as one. More hosts are added to it.
   */
  public abstract readonly hosts: HostResourceGroup;

  /**
   * The launch template, which places instances on the hosts.
   */
  public abstract readonly launchTemplate: LaunchTemplate;

  /**
   * The Auto Scaling group, if there is one.
   */
  public abstract readonly autoScalingGroup?: AutoScalingGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.role = serviceLinkedRoleOf(this);
  }

  /** @internal */
  protected _makeHosts(licenses: HostLicenses, props: HostFleetProps, more: Pick<HostResourceGroupProps, 'autoRecoverHosts' | 'removalPolicy'>): HostResourceGroup {
    const { instanceType, automaticHosts = true } = props;
    const family = familyOfType(instanceType.toString());
    return new HostResourceGroup(this, 'Hosts', {
      licenses,
      allowedHostFamilies: props.hostFamilies ?? (Token.isUnresolved(instanceType.toString()) ? undefined : [family]),
      autoAllocateHosts: automaticHosts,
      autoReleaseHosts: automaticHosts,
      ...more,
    });
  }

  /** @internal */
  protected _makeLaunchTemplate(props: HostFleetProps): LaunchTemplate {
    const { machineImage, instanceType, vpc, launchTemplateOptions = {} } = props;
    const launchTemplate = new LaunchTemplate(this, 'LaunchTemplate', {
      requireImdsv2: true,
      securityGroup: vpc && !launchTemplateOptions.securityGroup ? new SecurityGroup(this, 'SecurityGroup', { vpc }) : undefined,
      ...launchTemplateOptions,
      machineImage,
      instanceType,
    });
    launchTemplate.with(new LaunchTemplateHostPlacement(this.hosts));
    return launchTemplate;
  }

  /** @internal */
  protected _makeAutoScalingGroup({ vpc, autoScalingGroupOptions, launchTemplateOptions }: HostFleetProps): AutoScalingGroup | undefined {
    if (!vpc) {
      return autoScalingGroupOptions && refuse(this, lit`HostFleetWithoutVpc`,
        'autoScalingGroupOptions says what an Auto Scaling group is like, and there is none without vpc. Set vpc, or leave autoScalingGroupOptions out.');
    }
    const group = new AutoScalingGroup(this, 'AutoScalingGroup', { ...autoScalingGroupOptions, vpc, launchTemplate: this.launchTemplate });
    acknowledge(group, 'Annotation::AwsSolutions-AS3',
      'People are told when licenses are used up; who wants to be told of every launch sets notifications of autoScalingGroupOptions.');
    if (!launchTemplateOptions?.blockDevices) {
      acknowledge(group, 'Annotation::AwsSolutions-EC26',
        'Volumes are those of the image, encrypted as it says or as the account does by default; blockDevices of launchTemplateOptions says it otherwise.');
    }
    return group;
  }
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
