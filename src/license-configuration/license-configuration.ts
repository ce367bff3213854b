import {
  Annotations, ArnFormat, Fn, Lazy, RemovalPolicy, Resource, Token, Tokenization,
} from 'aws-cdk-lib';
import type { CfnResource, Expiration, IResource } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarm, IAlarmAction, IMetric, MetricOptions, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import type { CfnLicenseConfigurationProps, ILicenseConfigurationRef, LicenseConfigurationReference } from 'aws-cdk-lib/aws-licensemanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { LicenseConfigurationAssociation } from './license-configuration-association';
import type { LicenseConfigurationAssociationOptions } from './license-configuration-association';
import { LicenseConfigurationEvents } from './license-configuration-events';
import { LicenseConfigurationGrants } from './license-configuration-grants';
import { LicenseConfigurationMetrics } from './license-configuration-metrics';
import { LicenseCounting, LicenseCountingType } from './license-counting';
import { LicenseExpiryReminder } from './license-expiry-reminder';
import type { LicenseExpiryReminderOptions } from './license-expiry-reminder';
import type { ProductInformation } from './product-information';
import { formatOf } from '../custom-resource/construct/format';
import { ManagedResource, provisionThroughApi } from '../custom-resource/construct/managed-resource';
import { ProvisionedType, Provisioning, ProvisioningInjector } from '../custom-resource/construct/provisioning';
import { SELF_MANAGED_LICENSE } from '../custom-resource/contract/arn';
import { DISASSOCIATE_ON_DELETE } from '../custom-resource/contract/tags';
import { licenseConfiguration } from '../custom-resource/contract/types/license-configuration';
import { licenseConfigurationDisassociation } from '../custom-resource/contract/types/license-configuration-disassociation';
import { licenseConfigurationProtection } from '../custom-resource/contract/types/license-configuration-protection';
import { licenseConfigurationStatus } from '../custom-resource/contract/types/license-configuration-status';
import { MAXIMUM_EVALUATION_HOURS } from '../private/facade/metrics';
import { warnOfForeignEvents } from '../private/facade/owner';
import { onceEach, placeIn, warnOfSameName } from '../private/finding/doubles';
import { followCondition } from '../private/identity/condition';
import { brand, isBranded } from '../private/identity/copies';
import { changing, protectUsers } from '../private/identity/cross-stack';
import { countOverQuota, declaredBefore } from '../private/identity/environment';
import { lookUp } from '../private/identity/look-up';
import { environmentOfImport, nameOfImport } from '../private/identity/look-up-dummy';
import { nameOrGenerated, textOrNone } from '../private/identity/names';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { shown } from '../private/identity/reference';
import { overridden } from '../private/identity/rendered';
import { ALARM_ACTIONS, makeAlarm } from '../private/license/alarm';
import type { LicenseAlarmProps } from '../private/license/alarm';
import { describeLicense } from '../private/license/described-license';
import { ID_BEFORE_LOOKUP, regionOfLicense } from '../private/license/license-reference';
import { expectNotice } from '../private/license/notices';
import { deleteBeforeRunners } from '../private/license/runners';
import { dateInSeconds } from '../private/validation/dates';
import { checkFormat } from '../private/validation/format';
import { ANYTHING, FLAG, given, givenProps, listOf, needed, NUMBER, ofClass, ofImport, ofLookUp, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkRegion } from '../private/validation/place';
import { applyRemovalPolicy, checkNoSnapshot, keptBy } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { checkLength, checkOneOf, checkWholeNumber, counted, lit, refuse } from '../private/validation/validation';

/**
 * Whether a self-managed license can be used.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/deactivate-license-configuration.html
 */
export enum LicenseConfigurationStatus {
  /**
   * The license is active: its use is counted and its limit is enforced.
   */
  AVAILABLE = 'AVAILABLE',

  /**
   * The license is deactivated: resources that use it keep running, but its use is no longer counted, and nothing new can be launched
   * with it.
   *
   * License Manager refuses it while a running instance has the license.
   */
  DISABLED = 'DISABLED',
}

/**
 * Properties of a self-managed license.
 */
export interface LicenseConfigurationProps {
  /**
   * The name of the license. It may be changed later. Not a place for confidential information.
   *
   * Several licenses may have the same name, and nobody could tell them apart: two of the app in one account and Region cause a warning.
   *
   * Throws a `ValidationError` if it is empty.
   *
   * @default - a unique name of at most 64 characters, made from the path of the construct: it stays the same unless the path changes
   */
  readonly licenseConfigurationName?: string;

  /**
   * What the license is about, such as the number of the agreement. Not a place for confidential information.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * How the licenses are counted, and the rules of their use.
   *
   * **A change replaces the license** by a new one with another ARN, whose count begins anew. Associations that the app declares move to
   * the new license before the old one is deleted; others, and what its history was, do not. **An instance that is launched with the license**
   * (`mixins.InstanceLicenses`) **is replaced, too**. `protectFromReplacement` refuses it.
   *
   * While another stack of the account uses the license, CloudFormation refuses to replace it, and rolls back. Make a second license beside it,
   * keep the first one exported (`stack.exportValue(license.licenseConfigurationArn)`) while the other stacks move to the second, and take it out
   * in the next deployment. A stack of another account cannot keep it, and does not hear of it: never change this of a license that other
   * accounts use.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
   */
  readonly licenseCounting: LicenseCounting;

  /**
   * The number of licenses that there are: a whole number from 0 to 9007199254740991 (`Number.MAX_SAFE_INTEGER`).
   *
   * 0 says that the software must not be used. Once set it can be changed, but not be taken away: License Manager has no way to do that.
   *
   * Throws a `ValidationError` for anything else than a whole number in that range.
   *
   * @default - the use is counted without a limit
   */
  readonly licenseCount?: number;

  /**
   * Whether License Manager refuses launches that exceed the number of licenses.
   *
   * A stopped instance gives its licenses back: if others have taken them by then, it may not start again. Servers outside of AWS are counted
   * as automated discovery finds them: nothing is refused there.
   *
   * Throws a `ValidationError` if it is `true` and there is no `licenseCount`.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
   *
   * @default - what exceeds the number of licenses is launched, and License Manager notifies
   */
  readonly licenseCountHardLimit?: boolean;

  /**
   * When the licenses expire, to the second. License Manager can notify of it 120, 90, 60, 30 and 0 days before. The upcoming renewals of a
   * license asset group are those of licenses that expire.
   *
   * Name a date: `Expiration.after` counts from the synthesis on, so that every synthesis changes the license, which its fractions of a second tell, with a
   * warning. Once set it can be changed, but not be taken away: License Manager has no way to do that. A date that has passed causes a warning.
   *
   * Throws a `ValidationError` if it cannot be read as a date, has no year of four digits, or was made from a token.
   *
   * @default - the licenses do not expire
   */
  readonly licenseExpiry?: Expiration;

  /**
   * The products that automated discovery looks for, and counts against the license.
   *
   * Managed nodes of AWS Systems Manager take licenses counted by vCPU or by instance only; one counted by core or by socket counts what
   * runs on Dedicated Hosts. A product of Amazon RDS has to be the only one, of a license that is counted by vCPU and has neither rules nor a
   * hard limit.
   *
   * Throws a `ValidationError` for anything else with a product of Amazon RDS. A product that says nothing causes a warning.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/automated-discovery.html
   * @default - nothing is discovered
   */
  readonly productInformation?: ProductInformation[];

  /**
   * Whether a discovered instance stops using the license when the software is uninstalled from it.
   *
   * Only what is discovered can be found missing: `true` without `productInformation` causes a warning.
   *
   * @default - the instance goes on using the license
   */
  readonly disassociateWhenNotFound?: boolean;

  /**
   * Deactivates the license, or reactivates it. CloudFormation cannot write the status: a custom resource does it.
   *
   * Taking it out of the app leaves the status as it is.
   *
   * The custom resource has a function, whose code is an asset: a stack that takes no assets refuses it with a `ValidationError`.
   *
   * @default - the license is active when it is created, and nobody touches its status afterwards
   */
  readonly status?: LicenseConfigurationStatus;

  /**
   * Whether everything that is associated with the license is disassociated before it is deleted or replaced.
   *
   * License Manager refuses to delete a license with associations, which leaves the stack in DELETE_FAILED. Associations that the app
   * declares are removed in any case; this is for those that others have made. A custom resource does it; its log says what was
   * disassociated. It does so before instances of the stack that are launched with the license are terminated: a terminated one, or a
   * deregistered AMI, is disassociated by License Manager itself, within hours. Resources that automated discovery has found cannot be
   * disassociated by anybody, and those of a member account only as long as it has the role
   * `AWSServiceRoleForAWSLicenseManagerMemberAccountRole`.
   *
   * It may be turned on and off at any time: as long as the license stays, nothing is disassociated. While it is on, the license has the
   * tag `cdk-license-manager:disassociate-resources-on-delete`, without which nothing is. `Tags.of()` neither changes nor removes it; if
   * somebody removes it outside of the app, the license is deleted only when nothing is associated with it.
   *
   * Throws a `ValidationError` together with another `removalPolicy` than `RemovalPolicy.DESTROY`, also when something else keeps the license
   * in the end, such as `RemovalPolicies.of(app).retain()`; and in a stack that takes no assets: the custom resource has a function, whose code
   * is one.
   *
   * @default false
   */
  readonly disassociateResourcesOnDelete?: boolean;

  /**
   * Whether a deployment that would replace the license fails before it touches the license, and what uses it.
   *
   * A change of `licenseCounting` replaces the license, and with it every instance that is launched with it. A custom resource that comes before
   * the license refuses the change, and CloudFormation rolls the stack back. It protects the counting and the rules as they are in the deployment
   * in which it is turned on. Turn it off in the deployment that is to replace the license.
   *
   * Not protected is a license that is taken out of the app or gets another logical id, as by another path: that is a matter of `removalPolicy`,
   * and License Manager refuses to delete a license that is in use.
   *
   * @default false
   */
  readonly protectFromReplacement?: boolean;

  /**
   * What happens to the license when it is taken out of the app, or has to be replaced.
   *
   * All that makes a license is in the app, and License Manager refuses to delete one that is in use, so that nothing is lost
   * unnoticed. One that is retained counts against the quota of the Region.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether the license is created by CloudFormation's own type or through the API, for Regions in which the type has not arrived.
   *
   * `ProvisioningInjector` sets it for a whole app.
   *
   * @default Provisioning.NATIVE
   */
  readonly provisioning?: Provisioning;
}

/**
 * What alarms on a license have in common.
 */
export interface LicenseAlarmOptions {
  /**
   * What to do when the alarm goes off: at most 5 actions. None (`[]`) says that nobody is to be told.
   *
   * Throws a `ValidationError` for more.
   *
   * @default - those of `LicenseAlarms`, if it says some for the scope; else the topic of the `ServiceSettings` in the same account and Region, if the app
   * declares one, and no action is added to the alarm. In another stack than the alarm it has to have a name that is known at synthesis, as that of `LicenseManagerTopic`
   */
  readonly actions?: IAlarmAction[];

  /**
   * What to do when it is over: at most 5 actions.
   *
   * Throws a `ValidationError` for more.
   *
   * @default - those of `LicenseAlarms`; else nothing but the state of the alarm
   */
  readonly okActions?: IAlarmAction[];

  /**
   * For how many hours in a row it has to be so: a whole number from 1 to 168, which are 7 days.
   *
   * The metric has one value an hour, and CloudWatch evaluates at most 7 days of it.
   *
   * Throws a `ValidationError` for anything else than a whole number in that range.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
   * @default 1
   */
  readonly evaluationPeriods?: number;

  /**
   * What an hour without data means.
   *
   * @default TreatMissingData.IGNORE - the alarm stays in its state: License Manager emits every hour, and now and then late
   */
  readonly treatMissingData?: TreatMissingData;

  /**
   * The value of the dimension `LicenseConfigurationType` of the metrics.
   *
   * AWS doesn't document the values. An alarm on a metric that doesn't exist stays in INSUFFICIENT_DATA and never goes off: check after
   * the first hours that it has left that state. If it has not, look the value up among your metrics in CloudWatch, in the namespace
   * `AWSLicenseManager/licenseUsage`, and set it here.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/monitoring-cloudwatch.html
   * @default - the counting type, such as `vCPU`
   */
  readonly licenseConfigurationType?: string;

  /**
   * The name of the alarm: 1 to 255 characters.
   *
   * Throws a `ValidationError` for another length.
   *
   * @default - generated by CloudFormation, or with the prefix of `LicenseAlarms`
   */
  readonly alarmName?: string;

  /**
   * The description of the alarm, which its messages have: at most 1,024 characters.
   *
   * Throws a `ValidationError` for more.
   *
   * @default - how much of which license, whose, and where to look
   */
  readonly alarmDescription?: string;
}

/**
 * Options of an alarm on the use of a license.
 */
export interface UsageAlarmOptions extends LicenseAlarmOptions {
  /**
   * The percentage of the licenses at which the alarm goes off, such as 90: over 0, and at most 100 if the limit is a hard one. Less than 1
   * causes a warning.
   *
   * 100 means that the last license is in use. A soft limit can be exceeded, and the threshold be higher.
   */
  readonly thresholdPercent: number;
}

/**
 * Options of an alarm on the licenses that are left.
 */
export interface HeadroomAlarmOptions extends LicenseAlarmOptions {
  /**
   * The number of licenses left at which the alarm goes off, and below: 0 means that the last one is in use, and less that a soft limit is exceeded by that many.
   *
   * As many as there are licenses, or more, causes a warning: the alarm would be on all the time.
   *
   * Throws a `ValidationError` for less than 0 if the limit is a hard one.
   */
  readonly licensesLeft: number;
}

/**
 * A self-managed license, made by this app or imported.
 */
export interface ILicenseConfiguration extends IResource, ILicenseConfigurationRef {
  /**
   * The ARN of the license.
   *
   * @attribute
   */
  readonly licenseConfigurationArn: string;

  /**
   * The id of the license: `lic-` and 32 characters.
   *
   * @attribute
   */
  readonly licenseConfigurationId: string;

  /**
   * How the licenses are counted. Of an imported license it may be missing.
   */
  readonly licenseCounting?: LicenseCounting;

  /**
   * Permissions on the license.
   */
  readonly grants: LicenseConfigurationGrants;

  /**
   * Metrics of the license.
   */
  readonly metrics: LicenseConfigurationMetrics;

  /**
   * Rules for what somebody does to the license.
   */
  readonly events: LicenseConfigurationEvents;

  /**
   * Adds an alarm on the share of the licenses that is in use.
   *
   * Throws a `ValidationError` for a threshold out of its range, for a license without a number of licenses, for one that is known to be in another Region
   * than the stack, and for one of which the counting type is not known, unless `licenseConfigurationType` is set.
   *
   * @param id the alarm's construct id
   * @param options the threshold, and more
   */
  addUsageAlarm(id: string, options: UsageAlarmOptions): Alarm;

  /**
   * Adds an alarm on the number of licenses that are left, whatever share of all they are.
   *
   * Throws a `ValidationError` for a license without a number of licenses, for one that is known to be in another Region than the stack, and for one of which the
   * counting type is not known, unless `licenseConfigurationType` is set.
   *
   * @param id the alarm's construct id
   * @param options how many, and more
   */
  addHeadroomAlarm(id: string, options: HeadroomAlarmOptions): Alarm;

  /**
   * Adds reminders, some days before the licenses expire.
   *
   * Throws a `ValidationError` if it is not known when they do, and for days that are out of range.
   *
   * @param id the reminders' construct id
   * @param options when, and whom
   */
  addExpiryReminder(id: string, options?: LicenseExpiryReminderOptions): LicenseExpiryReminder;

  /**
   * Associates the license with an AMI, an EC2 instance or a Dedicated Host.
   *
   * @param id the association's construct id
   * @param options the resource
   */
  addAssociation(id: string, options: LicenseConfigurationAssociationOptions): LicenseConfigurationAssociation;
}

/**
 * What is known of a license that exists.
 */
export interface LicenseConfigurationAttributes {
  /**
   * The ARN of the license: `arn:<partition>:license-manager:<region>:<account>:license-configuration:lic-…`.
   */
  readonly licenseConfigurationArn: string;

  /**
   * How the licenses are counted, and the rules. They are not checked against the license.
   *
   * @default - not known: the license has no metrics, and where it may be used is not checked
   */
  readonly licenseCounting?: LicenseCounting;
}

/**
 * What to look a license up by.
 */
export interface LicenseConfigurationLookupOptions {
  /**
   * The name of the license, exactly. No token.
   */
  readonly licenseConfigurationName: string;
}

/**
 * What a made and an imported license have in common.
 */
abstract class LicenseConfigurationBase extends Resource implements ILicenseConfiguration {
  /**
   * The ARN of the license.
   *
   * @attribute
   */
  public abstract readonly licenseConfigurationArn: string;

  /**
   * The id of the license: `lic-` and 32 characters.
   *
   * @attribute
   */
  public abstract readonly licenseConfigurationId: string;

  /**
   * How the licenses are counted. Of an imported license it may be missing.
   */
  public abstract readonly licenseCounting?: LicenseCounting;

  private readonly facades: {
    grants?: LicenseConfigurationGrants;
    metrics?: LicenseConfigurationMetrics;
    events?: LicenseConfigurationEvents;
  } = {};

  /**
   * A reference to the license.
   */
  public get licenseConfigurationRef(): LicenseConfigurationReference {
    return { licenseConfigurationArn: this.licenseConfigurationArn };
  }

  /**
   * Permissions on the license.
   */
  public get grants(): LicenseConfigurationGrants {
    return this.facades.grants ??= LicenseConfigurationGrants.fromLicenseConfiguration(this);
  }

  /**
   * Metrics of the license.
   */
  public get metrics(): LicenseConfigurationMetrics {
    return this.facades.metrics ??= LicenseConfigurationMetrics.fromLicenseConfiguration(this);
  }

  /**
   * Rules for what somebody does to the license.
   */
  public get events(): LicenseConfigurationEvents {
    if (!this.facades.events) {
      warnOfForeignEvents(this);
    }
    return this.facades.events ??= LicenseConfigurationEvents.fromLicenseConfiguration(this);
  }

  /**
   * Adds an alarm on the share of the licenses that is in use.
   *
   * Throws a `ValidationError` for a threshold out of its range, for a license without a number of licenses, for one that is known to be in another Region
   * than the stack, and for one of which the counting type is not known, unless `licenseConfigurationType` is set. An action that is named twice causes a
   * warning, and is written once; an alarm that tells nobody when the app is complete, an information.
   *
   * @param id the alarm's construct id
   * @param options the threshold, and more
   */
  public addUsageAlarm(id: string, options: UsageAlarmOptions): Alarm {
    options = givenProps(this, options, USAGE_ALARM, { all: `options of alarm '${id}'`, of: ` of alarm '${id}'` });
    this._checkUsageAlarm(id, options.thresholdPercent);
    const { thresholdPercent } = options;
    const { license, limit, whereToLook } = describeLicense(this);
    return this.makeAlarm(id, options, {
      metric: said => this.metrics.usagePercentage(said),
      threshold: thresholdPercent,
      defaultDescription: `${Tokenization.stringifyNumber(thresholdPercent)}% or more of the licenses of ${license} are in use`
        + `${limit === undefined ? '' : `, of ${limit}`}. ${whereToLook}`,
    });
  }

  /**
   * Adds an alarm on the number of licenses that are left, whatever share of all they are.
   *
   * Throws a `ValidationError` for a license without a number of licenses, for one that is known to be in another Region than the stack, and for one of which the
   * counting type is not known, unless `licenseConfigurationType` is set. An action that is named twice causes a warning, and is written once; an alarm that
   * tells nobody when the app is complete, an information.
   *
   * @param id the alarm's construct id
   * @param options how many, and more
   */
  public addHeadroomAlarm(id: string, options: HeadroomAlarmOptions): Alarm {
    options = givenProps(this, options, HEADROOM_ALARM, { all: `options of alarm '${id}'`, of: ` of alarm '${id}'` });
    const { licensesLeft } = options;
    this._checkHeadroomAlarm(id, licensesLeft);
    const { license, limit, whereToLook } = describeLicense(this);
    return this.makeAlarm(id, options, {
      metric: said => this.metrics.headroom(said),
      threshold: licensesLeft,
      comparisonOperator: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      defaultDescription: `${Tokenization.stringifyNumber(licensesLeft)} or fewer licenses of ${license} are left`
        + `${limit === undefined ? '' : `, of ${limit}`}. ${whereToLook}`,
    });
  }

  /**
   * Adds reminders, some days before the licenses expire.
   *
   * Throws a `ValidationError` if it is not known when they do, and for days that are out of range.
   *
   * @param id the reminders' construct id
   * @param options when, and whom
   */
  public addExpiryReminder(id: string, options: LicenseExpiryReminderOptions = {}): LicenseExpiryReminder {
    return new LicenseExpiryReminder(this, id, { ...options, licenseConfiguration: this });
  }

  private makeAlarm(
    id: string,
    options: LicenseAlarmOptions,
    { metric, ...props }: Pick<LicenseAlarmProps, 'threshold' | 'comparisonOperator' | 'defaultDescription'> & { metric: (said?: MetricOptions) => IMetric },
  ): Alarm {
    const { licenseConfigurationType, evaluationPeriods = 1, treatMissingData, alarmName, alarmDescription, ...actions } = options;
    checkLength(this, lit`UsageAlarmType`, {
      property: `licenseConfigurationType of alarm '${id}'`, value: licenseConfigurationType, minimum: 1, maximum: 255,
    });
    if (!Token.isUnresolved(evaluationPeriods)
      && !(Number.isInteger(evaluationPeriods) && evaluationPeriods >= 1 && evaluationPeriods <= MAXIMUM_EVALUATION_HOURS)) {
      refuse(this, lit`UsageAlarmEvaluationPeriods`,
        `evaluationPeriods of alarm '${id}' is ${evaluationPeriods}: it has to be a whole number from 1 to ${MAXIMUM_EVALUATION_HOURS}, for ` +
        'CloudWatch evaluates at most 7 days of an hourly metric. Correct it, or leave it out.');
    }
    if (licenseConfigurationType === undefined && this.licenseCounting === undefined) {
      refuse(this, lit`UsageAlarmWithoutType`,
        `the counting type of the license is not known, and the metric of alarm '${id}' has it as a dimension. Set licenseConfigurationType of the alarm, such as ` +
        '\'vCPU\', or import the license with LicenseConfiguration.fromLicenseConfigurationAttributes and its licenseCounting.');
    }
    const region = regionOfLicense(this);
    checkRegion(this, lit`LicenseInAnotherRegion`, {
      what: 'the license',
      value: region,
      neededBy: `alarm '${id}'`,
      reason: `CloudWatch keeps metrics in their Region, and an alarm is where its metric is. Import the license in a stack of '${region}', and make the alarm with it.`,
    });
    const alarm = makeAlarm(this, id, {
      ...props,
      metric: metric(licenseConfigurationType === undefined ? undefined : { dimensionsMap: { LicenseConfigurationType: licenseConfigurationType } }),
      evaluationPeriods,
      treatMissingData,
      alarmName,
      alarmDescription,
    }, actions);
    followCondition(alarm.node.defaultChild as CfnResource, this.licenseConfigurationArn);
    return alarm;
  }

  /**
   * Associates the license with an AMI, an EC2 instance or a Dedicated Host.
   *
   * @param id the association's construct id
   * @param options the resource
   */
  public addAssociation(id: string, options: LicenseConfigurationAssociationOptions): LicenseConfigurationAssociation {
    return new LicenseConfigurationAssociation(this, id, { ...options, licenseConfiguration: this });
  }

  /**
   * @internal
   */
  protected _checkHeadroomAlarm(id: string, licensesLeft: number): void {
    if (!Token.isUnresolved(licensesLeft) && !Number.isFinite(licensesLeft)) {
      refuse(this, lit`HeadroomAlarmThreshold`, `licensesLeft of alarm '${id}' is ${licensesLeft}: it has to be a number of licenses. Correct it.`);
    }
  }

  /**
   * @internal
   */
  protected _checkUsageAlarm(id: string, thresholdPercent: number): void {
    if (!Token.isUnresolved(thresholdPercent) && !(thresholdPercent > 0 && Number.isFinite(thresholdPercent))) {
      refuse(this, lit`UsageAlarmThreshold`,
        `thresholdPercent of alarm '${id}' is ${thresholdPercent}: it has to be over 0. Use 100 for an alarm when the last license is used.`);
    }
    if (thresholdPercent < 1 && !Token.isUnresolved(thresholdPercent)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:usageAlarmBelowOnePercent',
        `thresholdPercent of alarm '${id}' is ${thresholdPercent}: the alarm goes off as soon as less than a hundredth of the licenses is in use. ` +
        `Use ${Number((thresholdPercent * 100).toPrecision(12))} if that is the percentage that was meant.`);
    }
  }
}

/**
 * A self-managed license: the terms of an agreement with a software vendor, by which License Manager counts what is used and keeps to
 * the limit.
 *
 * That its rules are those of your agreement is yours to see to: what is neither refused nor warned of is what License Manager takes, and no
 * proof of compliance. License Manager counts and delivers no license keys: a product is activated with the key of its seller.
 *
 * @example
 * import { App, Duration, Stack } from 'aws-cdk-lib';
 * import { LicenseConfiguration, LicenseCounting } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * new LicenseConfiguration(stack, 'WindowsServer', {
 *   licenseCounting: LicenseCounting.cores({ minimumCores: 8, maximumCores: 16, licenseAffinityToHost: Duration.days(90) }),
 *   licenseCount: 96,
 *   licenseCountHardLimit: true,
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-configurations.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
 * @resource AWS::LicenseManager::LicenseConfiguration
 */
@propertyInjectable
export class LicenseConfiguration extends LicenseConfigurationBase {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseConfiguration';

  /**
   * Whether the given object is a `LicenseConfiguration`, made by whichever copy of this library. An imported license is not.
   *
   * @param x any object
   */
  public static isLicenseConfiguration(x: any): x is LicenseConfiguration {
    return isBranded(x, 'LicenseConfiguration');
  }

  /**
   * Imports a license by its ARN.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form `arn:<partition>:license-manager:<region>:<account>:license-configuration:lic-…`.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param licenseConfigurationArn the ARN; the license's account and Region are taken from it
   */
  public static fromLicenseConfigurationArn(scope: Construct, id: string, licenseConfigurationArn: string): ILicenseConfiguration {
    return LicenseConfiguration.fromLicenseConfigurationAttributes(scope, id, { licenseConfigurationArn });
  }

  /**
   * Imports a license by what is known of it. With its counting it has metrics and alarms too, and where it may be used is checked.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form `arn:<partition>:license-manager:<region>:<account>:license-configuration:lic-…`.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param attrs the ARN, and the counting if it is known
   */
  public static fromLicenseConfigurationAttributes(
    scope: Construct, id: string, attrs: LicenseConfigurationAttributes,
  ): ILicenseConfiguration {
    const { licenseConfigurationArn: arn, licenseCounting } = givenProps(scope, attrs, ATTRIBUTES, ofImport(id));
    checkFormat(scope, lit`LicenseConfigurationArn`, LICENSE_ARN, arn, id);

    class Import extends LicenseConfigurationBase {
      public readonly licenseConfigurationArn = arn;
      public readonly licenseConfigurationId = nameOfImport(scope, arn, ArnFormat.COLON_RESOURCE_NAME);
      public readonly licenseCounting = licenseCounting;
    }
    return new Import(scope, id, environmentOfImport(arn));
  }

  /**
   * Imports the one license that has a name, in the account and the Region of the stack.
   *
   * The CDK CLI looks it up once, with AWS Cloud Control, and keeps it in `cdk.context.json`; until then the license is a made-up one.
   * Cloud Control has to know the type in the Region: where it doesn't, import the license by its ARN.
   *
   * Throws a `ValidationError` if no license or more than one has the name, if the look-up failed, if the name is empty or a token, and if
   * account and Region of the stack are not set.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param options the name
   */
  public static fromLookup(scope: Construct, id: string, options: LicenseConfigurationLookupOptions): ILicenseConfiguration {
    const found = lookUp(scope, id, {
      typeName: CfnLicenseConfiguration.CFN_RESOURCE_TYPE_NAME,
      what: 'self-managed license',
      name: givenProps(scope, options, LOOK_UP, ofLookUp(id)).licenseConfigurationName,
      userProperty: 'licenseConfigurationName',
      property: 'Name',
      instead: 'import the license by its ARN (LicenseConfiguration.fromLicenseConfigurationArn)',
      made: {
        LicenseConfigurationArn: `arn:{partition}:license-manager:{region}:{account}:license-configuration:${ID_BEFORE_LOOKUP}`,
        LicenseCountingType: LicenseCountingType.VCPU,
      },
    });
    return LicenseConfiguration.fromLicenseConfigurationAttributes(scope, id, {
      licenseConfigurationArn: found.LicenseConfigurationArn,
      licenseCounting: LicenseCounting._ofType(found.LicenseCountingType as LicenseCountingType),
    });
  }

  /**
   * The ARN of the license.
   *
   * @attribute
   */
  public readonly licenseConfigurationArn: string;

  /**
   * How the licenses are counted, and the rules of their use.
   */
  public readonly licenseCounting?: LicenseCounting;

  private readonly licenseCount?: number;
  private readonly hardLimit: boolean;
  private readonly resource: CfnLicenseConfiguration;
  /**
   * What releases the resources of the license before it is deleted.
   *
   * @internal
   */
  public readonly _releaser?: ManagedResource;

  /**
   * The status that the app sets, and what sets it.
   *
   * @internal
   */
  public readonly _status?: { readonly value: LicenseConfigurationStatus; readonly writer: ManagedResource };

  /**
   * Makes a self-managed license.
   *
   * Throws a `ValidationError` for what License Manager would refuse: the properties say what.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: LicenseConfigurationProps) {
    super(scope, id, { physicalName: textOrNone(props?.licenseConfigurationName) });
    brand(this, 'LicenseConfiguration');

    props = givenProps(this, props, PROPS);
    checkOneOf(this, lit`LicenseConfigurationStatusUnknown`, {
      property: 'status', value: props.status, allowed: Object.values(LicenseConfigurationStatus),
    });
    const provisioning = ProvisioningInjector._of(this, ProvisionedType.LICENSE_CONFIGURATION, props.provisioning);
    this.licenseCounting = props.licenseCounting;
    this.licenseCount = props.licenseCount;
    this.hardLimit = props.licenseCountHardLimit ?? false;

    this.resource = new CfnLicenseConfiguration(this, 'Resource', render(this, props));
    if (provisioning === Provisioning.CUSTOM_RESOURCE) {
      provisionThroughApi(this.resource, licenseConfiguration);
    }
    protectUsers(this.resource);
    this.licenseConfigurationArn = this.resource.attrLicenseConfigurationArn;
    this.setRemovalPolicy(props.removalPolicy, props.disassociateResourcesOnDelete);
    if (props.protectFromReplacement) {
      this.protectFromReplacement();
    }
    if (props.status !== undefined) {
      this._status = { value: props.status, writer: this.writeStatus(props.status) };
    }
    if (props.disassociateResourcesOnDelete) {
      this._releaser = this.disassociateOnDelete();
    }
    needs(this.resource, Prerequisite.ROLE);
    checkTags(this, this.resource);
    checkEnvironment(this, props.productInformation ?? []);
    warnOfSameName(this, 'licenseConfigurationName', 'self-managed license', this.resource.name);
    if (props.licenseExpiry !== undefined) {
      // Of which there is no metric.
      expectNotice(this, 'The licenses expire', false);
    } else if (props.licenseCount !== undefined && !this.hardLimit) {
      expectNotice(this, 'The number of licenses can be exceeded', true);
    }
  }

  /**
   * The id of the license: `lic-` and 32 characters.
   *
   * @attribute
   */
  public get licenseConfigurationId(): string {
    return this.resource.attrLicenseConfigurationId;
  }

  /**
   * The id of the account that owns the license.
   *
   * @attribute OwnerAccountId
   */
  public get licenseConfigurationOwnerAccountId(): string {
    return this.resource.attrOwnerAccountId;
  }

  /**
   * The status of the license: `AVAILABLE` or `DISABLED`.
   *
   * With `status` set, it is that one, and what uses it waits until the license has it. Otherwise it is the status when the license was
   * last created or updated: what somebody changes outside of the app is not seen.
   *
   * @attribute Status
   */
  public get licenseConfigurationStatus(): string {
    // CloudFormation reads its own attribute before the custom resource writes the status. The reference, which is not selected, makes
    // whoever uses the value wait for the custom resource.
    return this._status ? Fn.select(0, [this._status.value, this._status.writer.resource.ref]) : changing(this.resource.attrStatus);
  }

  /**
   * Says what happens to the license when it is taken out of the app, or has to be replaced.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`, and for another policy than `RemovalPolicy.DESTROY` together with
   * `disassociateResourcesOnDelete`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    this.setRemovalPolicy(given(this, 'policy', policy), this._releaser !== undefined);
  }

  private setRemovalPolicy(policy: RemovalPolicy | undefined, disassociate: boolean | undefined): void {
    checkNoSnapshot(this, policy, 'license');
    if (disassociate && policy !== undefined && policy !== RemovalPolicy.DESTROY) {
      refuse(this, lit`DisassociateWithoutDestroy`,
        `disassociateResourcesOnDelete is true and removalPolicy is '${policy}': a license that stays would lose its resources. ` +
        'Use RemovalPolicy.DESTROY, or leave disassociateResourcesOnDelete out.');
    }
    applyRemovalPolicy(this, this.resource, policy, 'license');
  }

  /**
   * @internal
   */
  protected override _checkUsageAlarm(id: string, thresholdPercent: number): void {
    super._checkUsageAlarm(id, thresholdPercent);
    if (!this.licenseCount) {
      const count = this.licenseCount === undefined ? 'has no licenseCount' : 'has a licenseCount of 0';
      refuse(this, lit`UsageAlarmWithoutCount`,
        `alarm '${id}' is on a percentage of the licenses, but the license ${count}. Set licenseCount to at least 1, or make an alarm ` +
        'on metrics.usageCount().');
    }
    if (this.hardLimit && thresholdPercent > 100 && !Token.isUnresolved(thresholdPercent)) {
      refuse(this, lit`UsageAlarmOverHardLimit`,
        `thresholdPercent of alarm '${id}' is ${thresholdPercent}: a hard limit keeps the use at 100 or below, the alarm could never go ` +
        'off. Use at most 100, or set licenseCountHardLimit to false.');
    }
  }

  /**
   * @internal
   */
  protected override _checkHeadroomAlarm(id: string, licensesLeft: number): void {
    super._checkHeadroomAlarm(id, licensesLeft);
    const { licenseCount } = this;
    if (licenseCount === undefined) {
      refuse(this, lit`HeadroomAlarmWithoutCount`,
        `alarm '${id}' is on the number of licenses that are left, but the license has no licenseCount. Set licenseCount, or make an alarm on metrics.usageCount().`);
    }
    if (Token.isUnresolved(licensesLeft)) {
      return;
    }
    if (this.hardLimit && licensesLeft < 0) {
      refuse(this, lit`HeadroomAlarmOverHardLimit`,
        `licensesLeft of alarm '${id}' is ${licensesLeft}: a hard limit keeps it at 0 or above, the alarm could never go off. Use at least 0, or set `
        + 'licenseCountHardLimit to false.');
    }
    if (!Token.isUnresolved(licenseCount) && licensesLeft >= licenseCount) {
      Annotations.of(this).addWarningV2('cdk-license-manager:headroomAlarmAlwaysOn',
        `licensesLeft of alarm '${id}' is ${licensesLeft}, and there are ${counted(licenseCount, 'license')}: the alarm is on with none in use. Use less.`);
    }
  }

  private checkDeleted(): string[] {
    const policy = keptBy(this.resource);
    return policy === undefined ? [] : [
      `disassociateResourcesOnDelete is true and the DeletionPolicy or the UpdateReplacePolicy of the license is '${policy}' in the end: a license ` +
      'that stays would lose its resources. Leave disassociateResourcesOnDelete out, or keep the license out of what sets the policy, an Aspect ' +
      '(RemovalPolicies) or an override.',
    ];
  }

  private protectFromReplacement(): void {
    const { resource } = this;
    const protection = new ManagedResource(this, 'Protection', {
      definition: licenseConfigurationProtection,
      properties: {
        // What an Aspect or an override makes of it in the end.
        Terms: Lazy.string({
          produce: () => this.stack.toJsonString([
            overridden(resource, 'LicenseCountingType', resource.licenseCountingType), overridden(resource, 'LicenseRules', resource.licenseRules) ?? [],
          ]),
        }),
      },
    });
    resource.addResourceDependency(protection.resource);
    followCondition(protection.resource, resource);
  }

  private writeStatus(status: LicenseConfigurationStatus): ManagedResource {
    return new ManagedResource(this, 'Status', {
      definition: licenseConfigurationStatus,
      properties: { LicenseConfigurationArn: this.licenseConfigurationArn, Status: status },
    });
  }

  private disassociateOnDelete(): ManagedResource {
    // CloudFormation deletes the releaser also when only the property is taken out. By then it has updated the license, so that the tag is
    // gone, and the releaser leaves the license alone. A license that is deleted or replaced still has it. No tag of the user's may undo that.
    this.resource.cdkTagManager.setTag(DISASSOCIATE_ON_DELETE.Key, DISASSOCIATE_ON_DELETE.Value, Infinity);
    // An Aspect or an override may keep the license in the end, which would stay without its resources.
    this.node.addValidation({ validate: () => this.checkDeleted() });
    const releaser = new ManagedResource(this, 'Disassociation', {
      definition: licenseConfigurationDisassociation,
      properties: { LicenseConfigurationArn: this.licenseConfigurationArn },
    });
    deleteBeforeRunners(releaser, this.resource);
    return releaser;
  }
}

/** Checks the properties and writes them as CloudFormation reads them. */
function render(license: LicenseConfiguration, props: LicenseConfigurationProps): CfnLicenseConfigurationProps {
  const rules = props.licenseCounting._render(license);
  checkCount(license, props);
  const { productInformation = [] } = props;
  const rendered = new Map(productInformation.map(product => [product, product._render(license)]));
  const products = onceEach(license, 'productInformation', productInformation, product => JSON.stringify(rendered.get(product)),
    product => `productInformation[${placeIn(productInformation)(product)}]`);
  checkRds(license, props, products);
  checkDiscovery(license, props, products);
  return {
    name: nameOf(license, props.licenseConfigurationName),
    // What the template does not have, an update may leave as it was: so each default is written that the API takes. LicenseCount and
    // LicenseExpiry have none, and a change of the rules replaces the license.
    description: props.description ?? '',
    licenseCountingType: props.licenseCounting.licenseCountingType,
    licenseCount: props.licenseCount,
    licenseCountHardLimit: props.licenseCountHardLimit ?? false,
    licenseRules: rules.length > 0 ? rules : undefined,
    licenseExpiry: expiryInSeconds(license, props.licenseExpiry),
    disassociateWhenNotFound: props.disassociateWhenNotFound ?? false,
    productInformationList: products.map(product => rendered.get(product)!),
  };
}

function nameOf(license: LicenseConfiguration, name: string | undefined): string {
  const found = nameOrGenerated(license, name);
  if (found.trim() === '') {
    refuse(license, lit`LicenseConfigurationNameEmpty`,
      `licenseConfigurationName is '${found}': at least 1 visible character is needed. Set it, or leave it out to have a name generated.`);
  }
  return found;
}

function checkCount(license: LicenseConfiguration, { licenseCount, licenseCountHardLimit }: LicenseConfigurationProps): void {
  if (licenseCount === undefined) {
    if (licenseCountHardLimit) {
      refuse(license, lit`HardLimitWithoutCount`,
        'licenseCountHardLimit is true, but there is no licenseCount: a limit needs a number of licenses. Set licenseCount (0 refuses ' +
        'every launch), or leave licenseCountHardLimit out.');
    }
  } else {
    checkWholeNumber(license, lit`LicenseCountRange`, {
      property: 'licenseCount', value: licenseCount, minimum: 0, maximum: Number.MAX_SAFE_INTEGER, wayOut: 'Correct it, or leave it out to count without a limit.',
    });
  }
}

function expiryInSeconds(license: LicenseConfiguration, expiry: Expiration | undefined): number | undefined {
  if (expiry === undefined) {
    return undefined;
  }
  if (Number.isNaN(expiry.toEpoch())) {
    refuse(license, lit`LicenseExpiryInvalid`,
      `licenseExpiry is '${expiry.date}', which is not a date: it was made from something that cannot be read as one, ` +
      'or from a token, whose value is not known at synthesis. Use Expiration.atDate() with a valid date, or ' +
      'Expiration.fromString() with one such as \'2030-12-31T00:00:00Z\'.');
  }
  if (expiry.date.getTime() < Date.now()) {
    Annotations.of(license).addWarningV2('cdk-license-manager:licenseExpiryInPast',
      `licenseExpiry is ${expiry.date.toISOString()}, which has passed: the licenses expired. Renew them and set the new date.`);
  }
  return Date.parse(dateInSeconds(license, 'licenseExpiry', expiry.date)) / 1000;
}

function checkRds(license: LicenseConfiguration, props: LicenseConfigurationProps, products: ProductInformation[]): void {
  if (!products.some(product => product._isRds)) {
    return;
  }
  const { licenseCountingType } = props.licenseCounting;
  if (licenseCountingType !== LicenseCountingType.VCPU) {
    refuse(license, lit`RdsProductCountingType`,
      `the license is counted by '${licenseCountingType}' and tracks a product of Amazon RDS, which is counted by ` +
      `'${LicenseCountingType.VCPU}' only. Use LicenseCounting.vcpus() without rules.`);
  }
  if (props.licenseCounting._hasRules) {
    refuse(license, lit`RdsProductWithRules`,
      `the license has the rules ${shown(license, props.licenseCounting._render(license).join(', '))} and tracks a product of Amazon RDS, which can have ` +
      'no rules. Use LicenseCounting.vcpus() without rules.');
  }
  if (props.licenseCountHardLimit) {
    refuse(license, lit`RdsProductWithHardLimit`,
      'licenseCountHardLimit is true and the license tracks a product of Amazon RDS, for which there is no hard limit. ' +
      'Leave licenseCountHardLimit out, and use addUsageAlarm() to hear of the limit.');
  }
  if (products.some(product => !product._isRds)) {
    refuse(license, lit`RdsProductMixed`,
      'productInformation has a product of Amazon RDS and other products: a license tracks either. Make a license for each.');
  }
  if (products.length > 1) {
    refuse(license, lit`RdsProductsSeveral`,
      `productInformation has ${products.length} products of Amazon RDS: a license tracks 1. Make a license for each.`);
  }
}

/**
 * What is not refused by License Manager, but finds nothing.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/automated-discovery.html
 */
function checkDiscovery(license: LicenseConfiguration, props: LicenseConfigurationProps, products: ProductInformation[]): void {
  if (props.disassociateWhenNotFound && products.length === 0) {
    Annotations.of(license).addWarningV2('cdk-license-manager:nothingToDiscover',
      'disassociateWhenNotFound is true, but there is no productInformation: without it nothing is discovered, and nothing disassociated. ' +
      'Set productInformation, or leave disassociateWhenNotFound out.');
  }
}

/**
 * How many self-managed licenses an account can have in a Region: a quota, so more is a matter of a warning and not of an error.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/licensemanager.html
 */
const LICENSES_PER_REGION = 25;

function checkEnvironment(license: LicenseConfiguration, products: ProductInformation[]): void {
  const crowded = countOverQuota(license, 'self-managed license', LICENSES_PER_REGION);
  if (crowded !== undefined) {
    Annotations.of(license).addWarningV2('cdk-license-manager:tooManyLicensesInRegion',
      `The app has more than ${LICENSES_PER_REGION} self-managed licenses in ${crowded}, ` +
      'the default quota of License Manager for an account in a Region. Use fewer, or have the quota increased before you deploy.');
  }
  for (const product of products.filter(({ _isRds }) => _isRds)) {
    const other = declaredBefore(license, 'product of Amazon RDS', product._identify(license));
    // One that it names twice itself is found there.
    if (other !== undefined && other !== license.node.path) {
      Annotations.of(license).addWarningV2('cdk-license-manager:rdsProductTrackedTwice',
        `'${other}' tracks the same product of Amazon RDS: License Manager allows one license for each. Take the product from one of the two.`);
    }
  }
}

const LICENSE_ARN = formatOf(SELF_MANAGED_LICENSE, 'Take the ARN from the details of the license in the License Manager console.');

const PROPS: Shape<LicenseConfigurationProps> = {
  licenseConfigurationName: TEXT,
  description: TEXT,
  licenseCounting: needed(ofClass('LicenseCounting')),
  licenseCount: NUMBER,
  licenseCountHardLimit: FLAG,
  licenseExpiry: ofClass('Expiration', 'toEpoch'),
  productInformation: listOf(ofClass('ProductInformation')),
  disassociateWhenNotFound: FLAG,
  status: ANYTHING,
  disassociateResourcesOnDelete: FLAG,
  protectFromReplacement: FLAG,
  removalPolicy: ANYTHING,
  provisioning: ANYTHING,
};

const ATTRIBUTES: Shape<LicenseConfigurationAttributes> = { licenseConfigurationArn: needed(TEXT), licenseCounting: ofClass('LicenseCounting') };

const LOOK_UP: Shape<LicenseConfigurationLookupOptions> = { licenseConfigurationName: needed(TEXT) };

const ALARM: Shape<LicenseAlarmOptions> = {
  actions: ALARM_ACTIONS,
  okActions: ALARM_ACTIONS,
  evaluationPeriods: NUMBER,
  treatMissingData: TEXT,
  licenseConfigurationType: TEXT,
  alarmName: TEXT,
  alarmDescription: TEXT,
};

const USAGE_ALARM: Shape<UsageAlarmOptions> = { thresholdPercent: needed(NUMBER), ...ALARM };

const HEADROOM_ALARM: Shape<HeadroomAlarmOptions> = { licensesLeft: needed(NUMBER), ...ALARM };
