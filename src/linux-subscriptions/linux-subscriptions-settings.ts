import { Annotations, Names, RemovalPolicy, Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnSubscriptionProvider } from 'aws-cdk-lib/aws-licensemanagerlinuxsubscriptions';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { LinuxSubscription } from './linux-subscription';
import { LinuxSubscriptionsMetrics } from './linux-subscriptions-metrics';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { linuxSubscriptionsSettings } from '../custom-resource/contract/types/linux-subscriptions-settings';
import { MAXIMUM_EVALUATION_HOURS } from '../private/facade/metrics';
import { brand, isBranded } from '../private/identity/copies';
import { declaredBefore, Reach } from '../private/identity/environment';
import { needs, Prerequisite, provides, whatNeeds } from '../private/identity/prerequisites';
import { ownerOf } from '../private/identity/reference';
import { ALARM_ACTIONS, makeAlarm } from '../private/license/alarm';
import { whereToLook } from '../private/license/console';
import { ANYTHING, FLAG, givenProps, listOf, needed, NUMBER, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { regionsOf } from '../private/validation/regions';
import { checkNoSnapshot } from '../private/validation/removal';
import { checkKnown, checkOneOf, checkSize, checkWholeNumber, isKnown, lit, refuse } from '../private/validation/validation';

/**
 * Properties of the settings of Linux subscriptions.
 */
export interface LinuxSubscriptionsSettingsProps {
  /**
   * The Regions in which instances are looked for: 1 to 100. The Region of the stack is where the results are, the home Region.
   *
   * To take a Region out ends the discovery there. One that is named twice causes a warning, and is written once; so does what has not the form of the
   * name of a Region.
   *
   * Throws a `ValidationError` for another number of Regions, and for a name without or with more than 100 characters.
   */
  readonly sourceRegions: string[];

  /**
   * Whether instances with Linux subscriptions are discovered.
   *
   * `false` **deletes all data that were discovered**, and so fails as long as there is a subscription provider. It causes a warning, and so do a
   * `SubscriptionProvider` in the same stack and an alarm.
   *
   * Throws a `ValidationError` for a token.
   *
   * @default true
   */
  readonly discovery?: boolean;

  /**
   * Whether the accounts of the organization are looked at as well: for the management account of an organization, or its delegated administrator.
   *
   * Throws a `ValidationError` for a token.
   *
   * @default - as it is; not in an account that has never set it
   */
  readonly organizationIntegration?: boolean;

  /**
   * Whether the settings may be changed from this Region, although they were set up from another one: this becomes one more home Region, which shows
   * the data. Settings that the app declares in more Regions of an account need it, but for those of one.
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
   * discovered**; and so is the organization. Where the settings turn nothing on, an information says so.
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
   *
   * Throws a `ValidationError` for what is no number (`NaN`) and for one without end.
   */
  readonly threshold: number;

  /**
   * Whether the instances of the organization are counted, and not those of the account alone. It causes a warning where the settings say
   * `organizationIntegration: false`.
   *
   * @default false
   */
  readonly ofOrganization?: boolean;

  /**
   * The Region in which the instances run: 1 to 255 characters, see `LinuxSubscriptionsMetricOptions`. One that is not among `sourceRegions` causes a
   * warning.
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
   * What to do when the alarm goes off: at most 5 actions. None (`[]`) says that nobody is to be told.
   *
   * Throws a `ValidationError` for more.
   *
   * @default - the topic of the `ServiceSettings` in the same account and Region, if the app declares one, and no action is added to the alarm. In another
   * stack than the alarm it has to have a name that is known at synthesis, as that of `LicenseManagerTopic`
   */
  readonly actions?: IAlarmAction[];

  /**
   * What to do when it is over: at most 5 actions.
   *
   * Throws a `ValidationError` for more.
   *
   * @default - nothing but the state of the alarm
   */
  readonly okActions?: IAlarmAction[];

  /**
   * The name of the alarm: 1 to 255 characters. The console of License Manager shows alarms whose names begin with `AWS-LM-LS-`.
   *
   * Throws a `ValidationError` for another length.
   *
   * @default - `AWS-LM-LS-` and a name made from the path of the alarm
   */
  readonly alarmName?: string;

  /**
   * The description of the alarm, which its messages have: at most 1,024 characters.
   *
   * Throws a `ValidationError` for more.
   *
   * @default - how many instances of which subscription, whose, and where to look
   */
  readonly alarmDescription?: string;
}

/**
 * The settings of Linux subscriptions: where License Manager looks for instances with commercial Linux subscriptions.
 *
 * An account has one, whichever Regions show its data: one more home Region sets `allowUpdate`. License Manager takes all of it or nothing, so that what is not declared here is written as it is;
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

  private readonly declared: LinuxSubscriptionsSettingsProps;

  /**
   * Declares settings.
   *
   * Throws a `ValidationError` for no Region or too many, for `RemovalPolicy.SNAPSHOT`, for settings that the app declares in the account and the Region
   * already, and for those that it declares in another Region of the account, unless one of the two sets `allowUpdate`.
   */
  constructor(scope: Construct, id: string, props: LinuxSubscriptionsSettingsProps) {
    super(scope, id);
    brand(this, 'LinuxSubscriptionsSettings');
    props = givenProps(this, props, PROPS);
    const { discovery = true, organizationIntegration, allowUpdate, overwriteExistingSettings, removalPolicy } = props;
    for (const [property, value] of Object.entries({ discovery, organizationIntegration })) {
      checkKnown(this, lit`LinuxSettingUnknown`, { property, value, decides: 'what is in the template' });
    }
    const sourceRegions = regionsOf(this, 'sourceRegions', props.sourceRegions);
    checkSize(this, lit`LinuxSourceRegions`, { property: 'sourceRegions', value: sourceRegions, minimum: 1, maximum: 100, wayOut: 'Correct it.' });
    checkNoSnapshot(this, removalPolicy, 'setting');
    this.checkOnce(allowUpdate);
    this.declared = { ...props, sourceRegions };
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
      this.warnOfNoDiscovery(resource);
    }
    if (!discovery && organizationIntegration !== true && removalPolicy === RemovalPolicy.DESTROY) {
      Annotations.of(this).addInfoV2('cdk-license-manager:nothingToTurnOff',
        `removalPolicy is '${removalPolicy}', and there is nothing that it turns off: that is what these settings have turned on. Leave it out.`);
    }
  }

  /**
   * Adds an alarm on the number of running instances with a subscription.
   *
   * Throws a `ValidationError` for evaluation periods out of their range, for a threshold that is no number, and for a Region that is no dimension. An
   * action that is named twice causes a warning, and is written once; what the settings leave without data, a warning. An alarm that tells nobody when the
   * app is complete causes an information.
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
    if (!Token.isUnresolved(threshold) && !Number.isFinite(threshold)) {
      refuse(this, lit`LinuxAlarmThreshold`, `threshold of alarm '${id}' is ${threshold}: it has to be a number of instances. Correct it.`);
    }
    if (threshold <= 0 && !Token.isUnresolved(threshold)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:linuxAlarmThreshold',
        `The threshold of alarm '${id}' is ${threshold}, and there are never fewer instances: it always goes off. Write how many there may be.`);
    }
    this.warnOfNoData(id, options);
    const of = options.ofOrganization ? 'aggregateRunningInstances' : 'runningInstances';
    return makeAlarm(this, id, {
      metric: this.metrics[of](subscription, { metricNamespace, usageRegion }),
      threshold,
      evaluationPeriods,
      treatMissingData,
      alarmName,
      // By which the console of License Manager knows it.
      defaultName: `AWS-LM-LS-${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}-${id}`,
      alarmDescription,
      defaultDescription: this.describe(options),
    }, options);
  }

  /** What an alarm says to people. */
  private describe({ subscription, threshold, ofOrganization, usageRegion }: LinuxSubscriptionsAlarmOptions): string {
    const { account, region } = Stack.of(this);
    return `${Tokenization.stringifyNumber(threshold)} or more instances with '${subscription.value}' are running in `
      + `${ofOrganization ? `the organization of account ${account}` : `account ${account}`}${usageRegion === undefined ? '' : `, Region ${usageRegion}`}. `
      + whereToLook(region, 'Linux subscriptions');
  }

  /** Once in a Region, and once in an account, but for what may change settings that were set up from another Region. */
  private checkOnce(allowUpdate = false): void {
    const here = declaredBefore(this, 'settings of Linux subscriptions', '');
    if (here !== undefined) {
      refuse(this, lit`LinuxSubscriptionsSettingsTwice`,
        `'${here}' declares the settings of Linux subscriptions already, and an account has one for all its Regions: the two would overwrite each other. ` +
        'Declare them once, with all sourceRegions.');
    }
    const there = allowUpdate ? undefined : declaredBefore(this, 'settings of Linux subscriptions', 'home Region', Reach.ACCOUNT);
    if (there !== undefined) {
      refuse(this, lit`LinuxSubscriptionsSettingsTwice`,
        `'${there}' declares the settings of Linux subscriptions of account '${Stack.of(this).account}' already, and an account has one for all its Regions: ` +
        'the two would overwrite each other. Declare them once, with all sourceRegions, or set allowUpdate to true if this is to be one more home Region.');
    }
  }

  private warnOfNoDiscovery(resource: CfnResource): void {
    Annotations.of(this).addWarningV2('cdk-license-manager:linuxDiscoveryTurnedOff',
      'discovery is false: License Manager deletes all data on Linux subscriptions that it has discovered. Leave discovery out, or acknowledge this finding.');
    this.node.addValidation({
      validate: () => {
        for (const provider of whatNeeds(resource, Prerequisite.LINUX_SETTINGS).filter(it => CfnSubscriptionProvider.isCfnSubscriptionProvider(it))) {
          Annotations.of(this).addWarningV2('cdk-license-manager:linuxProviderWithoutDiscovery',
            `discovery is false, and '${ownerOf(provider).node.path}' registers a subscription provider, which takes discovery. Leave discovery out, or take the provider out.`);
        }
        return [];
      },
    });
  }

  /** The metric of an alarm is there for what the settings have looked at, and nothing says so where there is none. */
  private warnOfNoData(id: string, { ofOrganization, usageRegion }: LinuxSubscriptionsAlarmOptions): void {
    const { discovery, organizationIntegration, sourceRegions } = this.declared;
    const warn = (what: string, text: string) => Annotations.of(this).addWarningV2(`cdk-license-manager:${what}`, `Alarm '${id}' ${text}`);
    if (discovery === false) {
      warn('linuxAlarmWithoutDiscovery', 'has no data, for discovery is false. Leave discovery out, or take the alarm out.');
    }
    if (ofOrganization === true && organizationIntegration === false) {
      warn('linuxAlarmWithoutOrganization',
        'counts the instances of the organization, and has no data, for organizationIntegration is false. Set it to true, or leave ofOrganization out.');
    }
    if (isKnown(usageRegion) && !Token.isUnresolved(sourceRegions) && sourceRegions.every(isKnown) && !sourceRegions.includes(usageRegion)) {
      warn('linuxAlarmOfOtherRegion',
        `counts the instances in '${usageRegion}', which is not among sourceRegions, and has no data. Add it to sourceRegions, or correct usageRegion.`);
    }
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

const ALARM: Shape<LinuxSubscriptionsAlarmOptions> = {
  subscription: needed(ofClass('LinuxSubscription')),
  threshold: needed(NUMBER),
  ofOrganization: FLAG,
  usageRegion: TEXT,
  metricNamespace: TEXT,
  evaluationPeriods: NUMBER,
  treatMissingData: ANYTHING,
  actions: ALARM_ACTIONS,
  okActions: ALARM_ACTIONS,
  alarmName: TEXT,
  alarmDescription: TEXT,
};

function word(on: boolean): string {
  return on ? 'Enabled' : 'Disabled';
}
