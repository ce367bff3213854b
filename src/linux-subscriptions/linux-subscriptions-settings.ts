import { Annotations, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { LinuxSubscription } from './linux-subscription';
import { LinuxSubscriptionsMetrics } from './linux-subscriptions-metrics';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { linuxSubscriptionsSettings } from '../custom-resource/contract/types/linux-subscriptions-settings';
import { MAXIMUM_EVALUATION_HOURS } from '../private/facade/metrics';
import { brand, isBranded, keepOn } from '../private/identity/copies';
import { needs, Prerequisite, provides } from '../private/identity/prerequisites';
import { makeAlarm } from '../private/license/alarm';
import { ANYTHING, FLAG, givenProps, listOf, needed, NUMBER, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkNoSnapshot } from '../private/validation/removal';
import { checkOneOf, checkSize, checkWholeNumber, lit, refuse } from '../private/validation/validation';

/**
 * Properties of the settings of Linux subscriptions.
 */
export interface LinuxSubscriptionsSettingsProps {
  /**
   * The Regions in which instances are looked for: 1 to 100. The Region of the stack is where the results are, the home Region.
   *
   * To take a Region out ends the discovery there.
   *
   * Throws a `ValidationError` for another number of Regions.
   */
  readonly sourceRegions: string[];

  /**
   * Whether instances with Linux subscriptions are discovered.
   *
   * `false` **deletes all data that were discovered**, and so fails as long as there is a subscription provider.
   *
   * @default true
   */
  readonly discovery?: boolean;

  /**
   * Whether the accounts of the organization are looked at as well: for the management account of an organization, or its delegated administrator.
   *
   * @default - as it is; not in an account that has never set it
   */
  readonly organizationIntegration?: boolean;

  /**
   * Whether the settings may be changed from this Region, although they were set up from another one: this becomes one more home Region, which shows
   * the data.
   *
   * @default false - the deployment fails if another Region is the home Region
   */
  readonly allowUpdate?: boolean;

  /**
   * Whether the first deployment may change what somebody else has set: other Regions, or what is to be turned off. What it overwrites, is put back by
   * nobody.
   *
   * @default false - the deployment fails with both values
   */
  readonly overwriteExistingSettings?: boolean;

  /**
   * What happens to the settings when they are taken out of the app.
   *
   * With `RemovalPolicy.DESTROY` the discovery is turned off, if this has turned it on and nobody has changed it since, which **deletes all data that were
   * discovered**.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.RETAIN - all settings stay as they are
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Options of an alarm on the instances with a Linux subscription.
 */
export interface LinuxSubscriptionsAlarmOptions {
  /**
   * The subscription.
   */
  readonly subscription: LinuxSubscription;

  /**
   * The number of running instances at which the alarm goes off.
   */
  readonly threshold: number;

  /**
   * Whether the instances of the organization are counted, and not those of the account alone.
   *
   * @default false
   */
  readonly ofOrganization?: boolean;

  /**
   * The Region in which the instances run: 1 to 255 characters, see `LinuxSubscriptionsMetricOptions`.
   *
   * @default - all Regions together
   */
  readonly usageRegion?: string;

  /**
   * The namespace of the metric, see `LinuxSubscriptionsMetricOptions`.
   *
   * @default 'AWS/LicenseManager/LinuxSubscriptions'
   */
  readonly metricNamespace?: string;

  /**
   * For how many hours in a row there have to be that many: a whole number from 1 to 168, which are 7 days.
   *
   * @default 1
   */
  readonly evaluationPeriods?: number;

  /**
   * What an hour without data means.
   *
   * @default TreatMissingData.IGNORE - the alarm stays in its state
   */
  readonly treatMissingData?: TreatMissingData;

  /**
   * What to do when the alarm goes off.
   *
   * @default - the topic of the `ServiceSettings` in the same account and Region, if the app declares one
   */
  readonly actions?: IAlarmAction[];

  /**
   * What to do when it is over.
   *
   * @default - nothing but the state of the alarm
   */
  readonly okActions?: IAlarmAction[];

  /**
   * The name of the alarm. The console of License Manager shows alarms whose names begin with `AWS-LM-LS-`.
   *
   * @default - `AWS-LM-LS-` and a name made from the path of the alarm
   */
  readonly alarmName?: string;

  /**
   * The description of the alarm.
   *
   * @default - no description
   */
  readonly alarmDescription?: string;
}

/**
 * The settings of Linux subscriptions: where License Manager looks for instances with commercial Linux subscriptions.
 *
 * An account has one, whichever Regions show its data. License Manager takes all of it or nothing, so that what is not declared here is written as it is;
 * what is changed outside of the app is not corrected between deployments, and stays when this is taken out of the app.
 *
 * The deployment waits until License Manager has set it up, and fails with License Manager's own reasons. Discovery itself takes up to 36 hours, which
 * nobody waits for. `SubscriptionProvider` waits for the settings in the same stack. The service-linked role for Linux subscriptions has to be there
 * (`ServiceLinkedRole`).
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { LicenseManagerFeature, LinuxSubscription, LinuxSubscriptionsSettings, ServiceLinkedRole } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Linux');
 * new ServiceLinkedRole(stack, 'Role', { feature: LicenseManagerFeature.LINUX_SUBSCRIPTIONS });
 * const linux = new LinuxSubscriptionsSettings(stack, 'Linux', { sourceRegions: ['eu-west-1', 'us-east-1'] });
 * linux.addAlarm('ManyInstances', { subscription: LinuxSubscription.RHEL, threshold: 100 });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/linux-subscriptions-manage-discovery.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-linux-subscriptions.html
 */
@propertyInjectable
export class LinuxSubscriptionsSettings extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LinuxSubscriptionsSettings';

  /**
   * Whether the given object is a `LinuxSubscriptionsSettings`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLinuxSubscriptionsSettings(x: any): x is LinuxSubscriptionsSettings {
    return isBranded(x, 'LinuxSubscriptionsSettings');
  }

  /**
   * Metrics of Linux subscriptions.
   */
  public readonly metrics: LinuxSubscriptionsMetrics;

  /**
   * Declares settings.
   *
   * Throws a `ValidationError` for no Region or too many, for `RemovalPolicy.SNAPSHOT`, and for settings that the app declares for the account already.
   */
  constructor(scope: Construct, id: string, props: LinuxSubscriptionsSettingsProps) {
    super(scope, id);
    brand(this, 'LinuxSubscriptionsSettings');
    props = givenProps(this, props, PROPS);
    const { sourceRegions, discovery = true, organizationIntegration, allowUpdate, overwriteExistingSettings, removalPolicy } = props;
    checkSize(this, lit`LinuxSourceRegions`, { property: 'sourceRegions', value: sourceRegions, minimum: 1, maximum: 100, wayOut: 'Correct it.' });
    checkNoSnapshot(this, removalPolicy, 'setting');
    this.checkOnce();
    const { resource } = new ManagedResource(this, 'Resource', {
      definition: linuxSubscriptionsSettings,
      properties: {
        Discovery: word(discovery),
        OrganizationIntegration: organizationIntegration === undefined ? undefined : word(organizationIntegration),
        SourceRegions: sourceRegions,
        AllowUpdate: allowUpdate,
        OverwriteExistingSettings: overwriteExistingSettings,
        TurnOffOnDelete: removalPolicy === RemovalPolicy.DESTROY || undefined,
      },
    });
    provides(resource, Prerequisite.LINUX_SETTINGS);
    needs(resource, Prerequisite.LINUX_ROLE);
    this.metrics = LinuxSubscriptionsMetrics.fromLinuxSubscriptionsSettings(this);
    if (!discovery) {
      Annotations.of(this).addWarningV2('cdk-license-manager:linuxDiscoveryTurnedOff',
        'discovery is false: License Manager deletes all data on Linux subscriptions that it has discovered. Leave discovery out, or acknowledge this finding.');
    }
  }

  /**
   * Adds an alarm on the number of running instances with a subscription.
   *
   * Throws a `ValidationError` for evaluation periods out of their range, and for a Region that is no dimension. An action that is named twice causes a
   * warning, and is written once.
   *
   * @param id      the alarm's construct id
   * @param options the subscription, the threshold, and more
   */
  public addAlarm(id: string, options: LinuxSubscriptionsAlarmOptions): Alarm {
    options = givenProps(this, options, ALARM, { all: `options of alarm '${id}'`, of: ` of alarm '${id}'` });
    const { subscription, threshold, evaluationPeriods = 1, treatMissingData, alarmName, alarmDescription, metricNamespace, usageRegion } = options;
    checkWholeNumber(this, lit`LinuxAlarmEvaluationPeriods`, {
      property: `evaluationPeriods of alarm '${id}'`, value: evaluationPeriods, minimum: 1, maximum: MAXIMUM_EVALUATION_HOURS,
    });
    checkOneOf(this, lit`LinuxAlarmTreatMissingData`, {
      property: `treatMissingData of alarm '${id}'`, value: treatMissingData, allowed: Object.values(TreatMissingData),
    });
    const of = options.ofOrganization ? 'aggregateRunningInstances' : 'runningInstances';
    return makeAlarm(this, id, {
      metric: this.metrics[of](subscription, { metricNamespace, usageRegion }),
      threshold,
      evaluationPeriods,
      treatMissingData,
      alarmName: alarmName ?? `AWS-LM-LS-${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}-${id}`,
      alarmDescription,
    }, options);
  }

  private checkOnce(): void {
    const { account } = Stack.of(this);
    if (Token.isUnresolved(account)) {
      return;
    }
    const declared = keepOn(this.node.root, 'LinuxSubscriptionsSettings', () => new Map<string, string>());
    const other = declared.get(account);
    if (other !== undefined) {
      refuse(this, lit`LinuxSubscriptionsSettingsTwice`,
        `'${other}' declares the settings of Linux subscriptions of account '${account}' already, and an account has one for all its Regions: the two would ` +
        'overwrite each other. Declare them once, with all sourceRegions.');
    }
    declared.set(account, this.node.path);
  }
}

const PROPS: Shape<LinuxSubscriptionsSettingsProps> = {
  sourceRegions: needed(listOf(TEXT)),
  discovery: FLAG,
  organizationIntegration: FLAG,
  allowUpdate: FLAG,
  overwriteExistingSettings: FLAG,
  removalPolicy: ANYTHING,
};

const ACTIONS = listOf(ofClass('IAlarmAction', 'bind'));

const ALARM: Shape<LinuxSubscriptionsAlarmOptions> = {
  subscription: needed(ofClass('LinuxSubscription')),
  threshold: needed(NUMBER),
  ofOrganization: FLAG,
  usageRegion: TEXT,
  metricNamespace: TEXT,
  evaluationPeriods: NUMBER,
  treatMissingData: ANYTHING,
  actions: ACTIONS,
  okActions: ACTIONS,
  alarmName: TEXT,
  alarmDescription: TEXT,
};

function word(on: boolean): string {
  return on ? 'Enabled' : 'Disabled';
}
