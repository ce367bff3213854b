import { Annotations, RemovalPolicy, Token } from 'aws-cdk-lib';
import type { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnHost, InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { LaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { HostFleetProps } from './host-fleet-props';
import { HOST_FLEET, makeAutoScalingGroup, makeHosts, makeLaunchTemplate } from './private/host-fleet';
import { serviceLinkedRoleOf } from './private/roles';
import { HostLicenses } from '../host-resource-group/host-licenses';
import type { HostResourceGroup } from '../host-resource-group/host-resource-group';
import { acknowledge } from '../private/finding/acknowledgement';
import { brand, isBranded } from '../private/identity/copies';
import { ANYTHING, givenProps, needed, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import type { ServiceLinkedRole } from '../settings/service-linked-role';

/**
 * Properties of a fleet of Macs.
 *
 * The instance type is one of `mac…`, such as `mac2.metal`; another one causes a warning. Macs are in some Regions, and there in some Availability Zones: name the subnets by
 * `vpcSubnets` of `autoScalingGroupOptions`.
 */
export interface MacFleetProps extends HostFleetProps {
  /**
   * What happens to the group of the hosts when it is taken out of the app.
   *
   * A Mac host can't be released in the first 24 hours, and a group with hosts can't be deleted. A group that stays goes on releasing the hosts that Amazon EC2 has allocated;
   * delete it when it is empty. Until then its name is taken.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - it stays, unless the deployment that makes it fails
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A Mac host of a fleet.
 */
export interface MacHostOptions {
  /**
   * The Availability Zone, which has to have Macs of the type.
   */
  readonly availabilityZone: string;

  /**
   * The type of the host.
   *
   * @default - that of the fleet
   */
  readonly instanceType?: InstanceType;
}

/**
 * Macs on Amazon EC2: Dedicated Hosts, one for each instance, without self-managed licenses, and instances that are launched onto them.
 *
 * | part | what it is for |
 * | --- | --- |
 * | `role` | the service-linked role by which License Manager manages hosts |
 * | `hosts` | the hosts as one: any image may be launched onto them, without a license |
 * | `launchTemplate` | places instances on the hosts |
 * | `autoScalingGroup` | with `vpc`: launches instances |
 *
 * **A Mac host costs money for 24 hours at least**, and its instance nothing. After an instance has ended, Amazon EC2 cleans the host for up to some hours before it can be used or released
 * again: an Auto Scaling group that replaces instances needs more hosts than instances. There are no Spot Instances. The quota for hosts of a family is 0 in a new account: have it
 * increased first.
 *
 * When it is taken out of the app, instances end; hosts and their group stay, see `removalPolicy`, and cost money until they are released: by Amazon EC2 those that it has allocated, and
 * by you those of `addHost()` (`aws ec2 release-hosts`).
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { InstanceType, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
 * import { patterns } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Macs', { env: { account: '111122223333', region: 'us-east-1' } });
 * new patterns.MacFleet(stack, 'Builders', {
 *   machineImage: MachineImage.fromSsmParameter('/aws/service/ec2-macos/sequoia/arm64_mac/latest/image_id'),
 *   instanceType: new InstanceType('mac2.metal'),
 *   vpc: new Vpc(stack, 'Vpc'),
 *   autoScalingGroupOptions: { maxCapacity: 3 },
 * });
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-mac-instances.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/mac-instance-stop.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-groups.html
 */
@propertyInjectable
export class MacFleet extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.MacFleet';

  /**
   * Whether the given object is a `MacFleet`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isMacFleet(x: any): x is MacFleet {
    return isBranded(x, 'MacFleet');
  }

  /**
   * The service-linked role of License Manager.
   */
  public readonly role: ServiceLinkedRole;

  /**
   * The hosts, as one. More hosts are added to it.
   */
  public readonly hosts: HostResourceGroup;

  /**
   * The launch template, which places instances on the hosts.
   */
  public readonly launchTemplate: LaunchTemplate;

  /**
   * The Auto Scaling group, if there is one.
   */
  public readonly autoScalingGroup?: AutoScalingGroup;

  private readonly instanceType: InstanceType;

  /**
   * Declares the fleet.
   *
   * Throws a `ValidationError` for what the properties, `HostResourceGroup` and `LaunchTemplateHostPlacement` say.
   */
  constructor(scope: Construct, id: string, props: MacFleetProps) {
    super(scope, id);
    brand(this, 'MacFleet');
    props = givenProps(this, props, PROPS);
    this.role = serviceLinkedRoleOf(this);
    this.instanceType = props.instanceType;
    this.warnOfType(props.instanceType);
    const { removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    this.hosts = makeHosts(this, HostLicenses.notRequired(), props, { removalPolicy });
    this.launchTemplate = makeLaunchTemplate(this, this.hosts, props);
    this.autoScalingGroup = makeAutoScalingGroup(this, this.launchTemplate, props);
  }

  /**
   * Allocates a host, and adds it to the group. It stays when it is taken out of the app, for it can't be released in the first 24 hours.
   *
   * Throws a `ValidationError` for what the options say.
   *
   * @param id      the host's construct id
   * @param options where it is
   */
  public addHost(id: string, options: MacHostOptions): CfnHost {
    const { availabilityZone, instanceType = this.instanceType } = givenProps(this, options, HOST, { all: `options of host '${id}'`, of: ` of host '${id}'` });
    this.warnOfType(instanceType);
    const host = new CfnHost(this, id, { availabilityZone, instanceType: instanceType.toString(), autoPlacement: 'on' });
    host.applyRemovalPolicy(RemovalPolicy.RETAIN);
    acknowledge(host, 'CloudFormation-Validate::W3010', 'Macs are in some Availability Zones only: which one it is, has to be said.');
    this.hosts.addHost(host);
    return host;
  }

  private warnOfType(instanceType: InstanceType): void {
    const type = instanceType.toString();
    if (!Token.isUnresolved(type) && !type.startsWith('mac')) {
      Annotations.of(this).addWarningV2('cdk-license-manager:macFleetOfOthers',
        `instanceType is '${type}', which is no Mac: those are 'mac1.metal', 'mac2.metal' and others that begin with 'mac'. Correct it, or use HostResourceGroup.`);
    }
  }
}

const PROPS: Shape<MacFleetProps> = { ...HOST_FLEET, removalPolicy: ANYTHING };

const HOST: Shape<MacHostOptions> = { availabilityZone: needed(TEXT), instanceType: ofClass('InstanceType', 'sameInstanceClassAs') };
