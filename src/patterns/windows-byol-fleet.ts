import { Annotations, Duration } from 'aws-cdk-lib';
import type { CfnParameter, Expiration } from 'aws-cdk-lib';
import type { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { LaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { HostFleetProps } from './host-fleet-props';
import type { LicenseWatchOptions } from './license-watch-options';
import { HOST_FLEET, makeAutoScalingGroup, makeHosts, makeLaunchTemplate } from './private/host-fleet';
import { serviceLinkedRoleOf } from './private/roles';
import { checkWatch, reportOn, WATCH, watch } from './private/watch';
import { HostLicenses } from '../host-resource-group/host-licenses';
import type { HostResourceGroup } from '../host-resource-group/host-resource-group';
import { LicenseAssetGroup } from '../license-asset-group/license-asset-group';
import { LicenseAssetRule, LicenseConfigurationMatch } from '../license-asset-group/license-asset-rule';
import { LicenseAssetRuleSet } from '../license-asset-group/license-asset-rule-set';
import { UsageDimension } from '../license-asset-group/usage-dimension';
import { LicenseConfiguration } from '../license-configuration/license-configuration';
import type { ILicenseConfiguration } from '../license-configuration/license-configuration';
import { LicenseConfigurationAssociation } from '../license-configuration/license-configuration-association';
import { LicenseCounting } from '../license-configuration/license-counting';
import type { LicenseExpiryReminder } from '../license-configuration/license-expiry-reminder';
import { LicensedResource } from '../license-configuration/licensed-resource';
import { brand, isBranded } from '../private/identity/copies';
import { referredConstruct } from '../private/identity/reference';
import { construct, DURATION, FLAG, givenProps, NUMBER, ofClass } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { lit, refuse } from '../private/validation/validation';
import type { ReportGenerator } from '../report-generator/report-generator';
import type { ServiceLinkedRole } from '../settings/service-linked-role';

/**
 * Properties of a fleet with Windows Server licenses of your own.
 */
export interface WindowsByolFleetProps extends HostFleetProps, LicenseWatchOptions {
  /**
   * The number of core licenses that there are: `CorePack` and `LicenseTerms.WINDOWS_SERVER_CORE` tell it from what was bought. License Manager counts all physical cores of each
   * host that an instance runs on.
   *
   * Throws a `ValidationError` together with `licenseConfiguration`, and for what `LicenseConfiguration` says.
   *
   * @default - the cores are counted without a limit
   */
  readonly licenseCount?: number;

  /**
   * Whether launches are refused that would need more licenses than there are.
   *
   * @default true - if there is a `licenseCount`
   */
  readonly licenseCountHardLimit?: boolean;

  /**
   * When the licenses expire. Somebody is reminded 90, 30 and 7 days before.
   *
   * Throws a `ValidationError` together with `licenseConfiguration`.
   *
   * @default - they do not expire
   */
  readonly licenseExpiry?: Expiration;

  /**
   * For how long a license is bound to the host that it was used on: 1 to 180 whole days.
   *
   * @default Duration.days(90) - licenses of Microsoft may be assigned to other hardware every 90 days, as a rule
   */
  readonly licenseAffinityToHost?: Duration;

  /**
   * Whether everything that is associated with the license is disassociated before it is deleted or replaced, see `LicenseConfiguration`: instances that have ended are for some hours,
   * and License Manager deletes no license that is associated with something. It takes a custom resource, with a function.
   *
   * Throws a `ValidationError` together with `licenseConfiguration`, and where something keeps the license, such as `RemovalPolicies.of(app).retain()`.
   *
   * @default true
   */
  readonly disassociateResourcesOnDelete?: boolean;

  /**
   * A license that there is already, such as that of another fleet with the same agreement. It is counted by core, and has its limit, its alarms and its reports elsewhere.
   *
   * @default - one is made
   */
  readonly licenseConfiguration?: ILicenseConfiguration;

  /**
   * Whether the image is associated with the license, so that whatever is launched from it is counted, by this fleet or by anybody in the account. An image is associated with a license
   * once: turn it off in a second fleet with the same image and license. It takes a custom resource, with a function.
   *
   * @default true
   */
  readonly associateImage?: boolean;

  /**
   * Whether a license asset group counts the cores that use the license, which the dashboards of License Manager show, and reports on a time that has passed.
   *
   * @default false
   */
  readonly countAssets?: boolean;
}

/**
 * Windows Server with licenses of your own, which AWS takes on Dedicated Hosts only: a license that is counted by core, hosts that take nothing else, and instances that are launched onto
 * them.
 *
 * | part | what it is for |
 * | --- | --- |
 * | `role` | the service-linked role by which License Manager manages hosts |
 * | `license` | the agreement: core licenses, on Dedicated Hosts alone, with a limit |
 * | `hosts` | the hosts as one: instances need the license |
 * | `launchTemplate` | places instances on the hosts, with the license |
 * | `autoScalingGroup` | with `vpc`: launches instances |
 * | `imageAssociation` | whatever is launched from the image is counted |
 * | `assetGroup`, `ruleSet` | with `countAssets`: the cores that are in use, over time |
 * | `alarm`, `reminder`, `report` | who hears of it when licenses run out, or expire |
 *
 * **The image is one of yours**, imported from a virtual machine: one of Amazon has the license included, stays so, and is paid for; it causes a warning. Windows is activated by your own
 * key management server. Whether a license may be used in AWS depends on when it was bought, and on what: ask whoever sold it.
 *
 * License Manager counts the physical cores of each host once, whatever runs on it. That is what Windows Server Datacenter asks for; Standard covers two virtual machines, and has to be
 * counted again for every two more.
 *
 * **To delete it**, delete its stack while instances run: the license lets go of them first. Where their hosts are not released yet, the deletion of the group fails: delete the stack
 * once more, some minutes later. An instance that has ended before has the license for some hours, in which License Manager does not delete it. A license that is bound to a host by
 * `licenseAffinityToHost` counts as used until its time is over, also when the host is gone.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { InstanceType, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
 * import { CorePack, patterns } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Windows', { env: { account: '111122223333', region: 'us-east-1' } });
 * new patterns.WindowsByolFleet(stack, 'Fleet', {
 *   licenseCount: CorePack.SIXTEEN.licenses(6),
 *   machineImage: MachineImage.genericWindows({ 'us-east-1': 'ami-0abcdef1234567890' }),
 *   instanceType: new InstanceType('m5.2xlarge'),
 *   vpc: new Vpc(stack, 'Vpc'),
 *   autoScalingGroupOptions: { minCapacity: 2, maxCapacity: 24 },
 * });
 *
 * @see https://aws.amazon.com/windows/faq/
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-groups.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-tenancy.html
 * @see https://docs.aws.amazon.com/prescriptive-guidance/latest/optimize-costs-microsoft-workloads/byol-ded-hosts.html
 */
@propertyInjectable
export class WindowsByolFleet extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.WindowsByolFleet';

  /**
   * Whether the given object is a `WindowsByolFleet`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isWindowsByolFleet(x: any): x is WindowsByolFleet {
    return isBranded(x, 'WindowsByolFleet');
  }

  /**
   * The service-linked role of License Manager.
   */
  public readonly role: ServiceLinkedRole;

  /**
   * The self-managed license: the one that was named, or the one that was made.
   */
  public readonly license: ILicenseConfiguration;

  /**
   * The hosts, as one. More hosts are added to it.
   */
  public readonly hosts: HostResourceGroup;

  /**
   * The launch template, which places instances on the hosts, with the license.
   */
  public readonly launchTemplate: LaunchTemplate;

  /**
   * The Auto Scaling group, if there is one.
   */
  public readonly autoScalingGroup?: AutoScalingGroup;

  /**
   * The license on the image, unless there is none.
   */
  public readonly imageAssociation?: LicenseConfigurationAssociation;

  /**
   * What counts the cores, if something does.
   */
  public readonly assetGroup?: LicenseAssetGroup;

  /**
   * Which licenses the cores are counted of, if they are.
   */
  public readonly ruleSet?: LicenseAssetRuleSet;

  /**
   * The alarm before the licenses are used up, if there is a number of them.
   */
  public readonly alarm?: Alarm;

  /**
   * The reminders before the licenses expire, if they do.
   */
  public readonly reminder?: LicenseExpiryReminder;

  /**
   * The reports on the license, if there are some.
   */
  public readonly report?: ReportGenerator;

  /**
   * Declares the fleet.
   *
   * Throws a `ValidationError` for what the properties, `LicenseConfiguration`, `HostResourceGroup` and `LaunchTemplateHostPlacement` say.
   */
  constructor(scope: Construct, id: string, props: WindowsByolFleetProps) {
    super(scope, id);
    brand(this, 'WindowsByolFleet');
    props = givenProps(this, props, PROPS);
    this.role = serviceLinkedRoleOf(this);
    checkWatch(this, props);
    const { licenseConfiguration, associateImage = true, countAssets } = props;
    if (licenseConfiguration) {
      this.refuseTerms(props);
      this.license = licenseConfiguration;
    } else {
      const license = this.makeLicense(props);
      ({ alarm: this.alarm, reminder: this.reminder } = watch(license, props.licenseCount, props.licenseExpiry, props));
      this.report = reportOn(this, [license], props);
      this.license = license;
    }
    this.hosts = makeHosts(this, HostLicenses.only([this.license]), props, { autoRecoverHosts: props.automaticHosts ?? true });
    this.launchTemplate = makeLaunchTemplate(this, this.hosts, props);
    this.warnOfIncluded(this.launchTemplate);
    if (associateImage) {
      this.imageAssociation = new LicenseConfigurationAssociation(this, 'Image', {
        licenseConfiguration: this.license, resource: LicensedResource.fromMachineImage(props.machineImage),
      });
    }
    this.autoScalingGroup = makeAutoScalingGroup(this, this.launchTemplate, props);
    if (countAssets) {
      this.ruleSet = new LicenseAssetRuleSet(this, 'RuleSet', {
        rules: [LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([this.license]))],
      });
      this.assetGroup = new LicenseAssetGroup(this, 'Assets', { usageDimension: UsageDimension.CORE, ruleSets: [this.ruleSet] });
    }
  }

  private makeLicense(props: WindowsByolFleetProps): LicenseConfiguration {
    const { licenseCount, licenseCountHardLimit, licenseExpiry, licenseAffinityToHost = Duration.days(90) } = props;
    return new LicenseConfiguration(this, 'License', {
      description: 'Windows Server, core licenses for Dedicated Hosts',
      licenseCounting: LicenseCounting.cores({ licenseAffinityToHost }),
      licenseCount,
      licenseCountHardLimit: licenseCountHardLimit ?? (licenseCount !== undefined),
      licenseExpiry,
      disassociateResourcesOnDelete: props.disassociateResourcesOnDelete ?? true,
    });
  }

  private refuseTerms(props: WindowsByolFleetProps): void {
    const said = TERMS.find(name => props[name] !== undefined);
    if (said !== undefined) {
      refuse(this, lit`WindowsByolLicenseTwice`,
        `licenseConfiguration is a license that there is already, and ${said} says what one is like that is made. Leave one of the two out.`);
    }
  }

  private warnOfIncluded({ imageId }: LaunchTemplate): void {
    // An image that a parameter names is a parameter of the template, whose default is the name.
    const parameter: Partial<CfnParameter> | undefined = imageId === undefined ? undefined : referredConstruct(imageId);
    const name = parameter?.default ?? imageId;
    if (typeof name === 'string' && /(^|resolve:ssm:)\/aws\/service\/ami-windows-latest\//.test(name)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:windowsImageOfAmazon',
        `machineImage is one of Amazon ('${name}'), whose price includes Windows Server: instances from it use no licenses of your own. Use an image that you have imported.`);
    }
  }
}

/** What a license is like that is made, and how it is watched over. */
const TERMS = [
  'licenseCount', 'licenseCountHardLimit', 'licenseExpiry', 'licenseAffinityToHost', 'disassociateResourcesOnDelete', 'alarmThresholdPercent', 'notificationTopic', 'reportFrequency',
] as const;

const PROPS: Shape<WindowsByolFleetProps> = {
  ...HOST_FLEET,
  ...WATCH,
  licenseCount: NUMBER,
  licenseCountHardLimit: FLAG,
  licenseExpiry: ofClass('Expiration', 'toEpoch'),
  licenseAffinityToHost: DURATION,
  disassociateResourcesOnDelete: FLAG,
  licenseConfiguration: construct('a self-managed license', 'licenseConfigurationRef'),
  associateImage: FLAG,
  countAssets: FLAG,
};
