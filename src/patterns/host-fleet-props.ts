import type { CommonAutoScalingGroupProps } from 'aws-cdk-lib/aws-autoscaling';
import type { IMachineImage, InstanceType, IVpc, LaunchTemplateProps } from 'aws-cdk-lib/aws-ec2';

/**
 * Properties of a fleet on Dedicated Hosts.
 */
export interface HostFleetProps {
  /**
   * The image that instances are launched from.
   */
  readonly machineImage: IMachineImage;

  /**
   * The type of the instances. It has to be one that Dedicated Hosts are there for, in the Availability Zones of the subnets.
   *
   * @see https://aws.amazon.com/ec2/dedicated-hosts/pricing/
   */
  readonly instanceType: InstanceType;

  /**
   * The network in which an Auto Scaling group launches instances.
   *
   * @default - there is no Auto Scaling group: something else launches from the launch template
   */
  readonly vpc?: IVpc;

  /**
   * What else the Auto Scaling group is like: its sizes, subnets, health checks.
   *
   * Throws a `ValidationError` without `vpc`.
   *
   * @default - the defaults of `AutoScalingGroup`: one instance in private subnets
   */
  readonly autoScalingGroupOptions?: CommonAutoScalingGroupProps;

  /**
   * What else the launch template is like: its role, user data, volumes, security group. `machineImage` and `instanceType` take the place of those here.
   *
   * @default - IMDSv2 is required; with `vpc` there is a security group that lets everything out and nothing in
   */
  readonly launchTemplateOptions?: LaunchTemplateProps;

  /**
   * Whether Amazon EC2 allocates hosts when instances need them, and releases those that none needs any more. Hosts cost money from their allocation to their release, and are in no
   * template. The quotas of Amazon EC2 say how many there may be of a family.
   *
   * If `false`, add hosts: `hosts.addHost()`.
   *
   * @default true
   */
  readonly automaticHosts?: boolean;

  /**
   * The families whose instances may be launched onto the hosts.
   *
   * @default - the family of `instanceType`; all of them if that is a token
   */
  readonly hostFamilies?: string[];
}
