import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import type { Expiration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget, AlarmStatusWidgetSortBy, ConcreteWidget, GraphWidget, LegendPosition, MathExpression, Metric, SingleValueWidget, Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IAlarmRef, IMetric, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILicenseAssetGroupRef, ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IStateMachineRef } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import { LicenseAssetGroupMetrics } from '../license-asset-group/license-asset-group-metrics';
import { LicenseConfigurationMetrics } from '../license-configuration/license-configuration-metrics';
import type { LinuxSubscription } from '../linux-subscriptions/linux-subscription';
import { LinuxSubscriptionsMetrics } from '../linux-subscriptions/linux-subscriptions-metrics';
import { isBranded } from '../private/identity/copies';
import { knownToDiffer, resourceInArn } from '../private/identity/reference';
import { alarmsIn } from '../private/license/alarm';
import { isUnlimited, nameOfLicense } from '../private/license/described-license';
import { givenExpiry } from '../private/license/expiry';
import { accountOfLicense, regionOfLicense, writtenCountingTypeOf } from '../private/license/license-reference';
import { construct, givenAs, givenProps, listOf, NUMBER, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkLength, checkSize, checkWholeNumber, lit } from '../private/validation/validation';

/**
 * How a widget looks.
 */
export interface LicenseWidgetOptions {
  /**
   * The title.
   *
   * @default - what the widget shows
   */
  readonly title?: string;

  /**
   * The width, of the 24 columns of a dashboard: a whole number from 1 to 24.
   *
   * Throws a `ValidationError` for another one.
   *
   * @default - as wide as what it shows needs
   */
  readonly width?: number;

  /**
   * The height, in rows: a whole number from 1 to 1000.
   *
   * Throws a `ValidationError` for another one.
   *
   * @default - as high as what it shows needs
   */
  readonly height?: number;
}

/**
 * How the widget of an expiry looks, and what it counts to.
 */
export interface DaysUntilExpiryWidgetOptions extends LicenseWidgetOptions {
  /**
   * When the licenses expire.
   *
   * Throws a `ValidationError` if it cannot be read as a date, has no year of four digits, or was made from a token.
   *
   * @default - `licenseExpiry` of the license. Of an imported one, and of one with a token, it is not known: a `ValidationError` is thrown
   */
  readonly licenseExpiry?: Expiration;
}

/**
 * How the widget of Linux subscriptions looks, and what it shows.
 */
export interface LinuxSubscriptionsWidgetOptions extends LicenseWidgetOptions {
  /**
   * The subscriptions: at least 1.
   *
   * Throws a `ValidationError` for none.
   *
   * @default - all of which there are metrics, by a search
   */
  readonly subscriptions?: LinuxSubscription[];

  /**
   * The namespace of the metrics. The user guide has another one than where people have found them: see `LinuxSubscriptionsMetricOptions`.
   *
   * Throws a `ValidationError` for nothing, and for more than 255 characters.
   *
   * @default 'AWS/LicenseManager/LinuxSubscriptions'
   */
  readonly metricNamespace?: string;
}

/**
 * How the widget of alarms looks, and which it shows.
 */
export interface LicenseAlarmsWidgetOptions extends LicenseWidgetOptions {
  /**
   * The alarms: any. More than 100 cause a warning, as a widget shows no more.
   *
   * @default - all alarms of licenses at and below the scope, also those that are made later, but for those of another account or Region
   */
  readonly alarms?: IAlarmRef[];
}

/**
 * Widgets of licenses, one by one, for a CloudWatch dashboard of your own. `LicenseDashboard` has all of them.
 *
 * License Manager emits its metrics every hour, so that their period is an hour. Nothing is refused for what is not known of a license: one of which the
 * counting type is not known is found by a search.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
 * import { LicenseConfiguration, LicenseCounting, LicenseWidgets } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Operations');
 * const windows = new LicenseConfiguration(stack, 'Windows', { licenseCounting: LicenseCounting.vcpus(), licenseCount: 96 });
 * new Dashboard(stack, 'Dashboard').addWidgets(LicenseWidgets.usage(windows), LicenseWidgets.headroom(windows));
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/monitoring-cloudwatch.html
 */
export class LicenseWidgets {
  /**
   * How many licenses are used, and how many there are.
   *
   * Throws a `ValidationError` for a width or a height that is out of range.
   *
   * @param licenseConfiguration the license
   * @param options              how it looks
   */
  public static usage(licenseConfiguration: ILicenseConfigurationRef, options?: LicenseWidgetOptions): IWidget {
    const it = new LicenseWidgets('usage()');
    const license = givenAs(it.method, 'licenseConfiguration', licenseConfiguration, LICENSE);
    const look = it.look(options, 12, 6);
    return graph(license, { title: `${nameOfLicense(license)}: licenses in use`, ...look }, [
      metricOf(license, 'usageCount', 'in use', BLUE),
      ...isUnlimited(license) ? [] : [metricOf(license, 'totalCount', 'there are', RED)],
    ]);
  }

  /**
   * How many percent of the licenses are used, of several licenses.
   *
   * A license without a number of licenses has no percentage, and is left out. Throws a `ValidationError` for a width or a height that is out of range.
   *
   * @param licenseConfigurations the licenses
   * @param options               how it looks
   */
  public static usagePercentage(licenseConfigurations: ILicenseConfigurationRef[], options?: LicenseWidgetOptions): IWidget {
    const it = new LicenseWidgets('usagePercentage()');
    const licenses = givenAs(it.method, 'licenseConfigurations', licenseConfigurations, listOf(LICENSE));
    checkSize(it.method, lit`WidgetLicenses`, { property: 'licenseConfigurations', value: licenses, minimum: 1, maximum: Infinity, wayOut: 'Name a license.' });
    return graph(licenses[0], { title: 'Licenses in use (%)', ...it.look(options, 12, 6) },
      licenses.filter(license => !isUnlimited(license)).map(license => metricOf(license, 'usagePercentage', nameOfLicense(license))),
      { min: 0, label: '%', showUnits: false });
  }

  /**
   * How many licenses are left. Of a license without a number of licenses there is no such number: the widget has no data.
   *
   * Throws a `ValidationError` for a width or a height that is out of range.
   *
   * @param licenseConfiguration the license
   * @param options              how it looks
   */
  public static headroom(licenseConfiguration: ILicenseConfigurationRef, options?: LicenseWidgetOptions): IWidget {
    const it = new LicenseWidgets('headroom()');
    const license = givenAs(it.method, 'licenseConfiguration', licenseConfiguration, LICENSE);
    return number(license, { title: `${nameOfLicense(license)}: licenses left`, ...it.look(options, 6, 6) }, [
      isKnownType(license) ? metricsOf(license).headroom() : searched(license, 'SUM({total}) - SUM({used})', 'Licenses left'),
    ], true);
  }

  /**
   * How many days are left until the licenses expire.
   *
   * Throws a `ValidationError` if it is not known when they do, and for a width or a height that is out of range.
   *
   * @param licenseConfiguration the license
   * @param options              when they expire, and how it looks
   */
  public static daysUntilExpiry(licenseConfiguration: ILicenseConfigurationRef, options?: DaysUntilExpiryWidgetOptions): IWidget {
    const it = new LicenseWidgets('daysUntilExpiry()');
    const license = givenAs(it.method, 'licenseConfiguration', licenseConfiguration, LICENSE);
    const { licenseExpiry, ...look } = it.look<DaysUntilExpiryWidgetOptions>(options, 6, 6, EXPIRY_LOOK);
    const expiry = givenExpiry(license, 'licenseExpiry of the widget', licenseExpiry);
    return number(license, { title: `${nameOfLicense(license)}: days until expiry`, ...look }, [
      isKnownType(license) ? metricsOf(license).daysUntilExpiry({ licenseExpiry }) : searched(license, `(${expiry} - EPOCH(SUM({used}))) / 86400`, 'Days until expiry'),
    ], false);
  }

  /**
   * How many percent of its licenses are used, of each self-managed license that there is in an account and a Region: also of those that the app does not know.
   *
   * Metrics are found by a search, which graphs take and alarms do not. Throws a `ValidationError` for a width or a height that is out of range.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html
   * @param scope   a construct in the account and the Region
   * @param options how it looks
   */
  public static allLicenses(scope: IConstruct, options?: LicenseWidgetOptions): IWidget {
    const it = new LicenseWidgets('allLicenses()');
    const { account, region } = Stack.of(givenAs(it.method, 'scope', scope, SCOPE));
    return new GraphWidget({
      title: `All licenses of account ${account} in ${region} (%)`,
      region,
      ...it.look(options, 24, 6),
      left: [new MathExpression({
        expression: search(USAGE, ['LicenseConfigurationArn', 'LicenseConfigurationType'], 'LicenseConfigurationUsagePercentage', Stats.MAXIMUM),
        // CloudWatch names what it finds.
        label: '',
        usingMetrics: {},
        period: HOUR,
      })],
      leftYAxis: { min: 0, label: '%', showUnits: false },
      legendPosition: LegendPosition.RIGHT,
      period: HOUR,
    });
  }

  /**
   * How many instances there are in a license asset group, and, if its usage dimension is known, how many licenses they consume.
   *
   * Throws a `ValidationError` for a width or a height that is out of range.
   *
   * @param licenseAssetGroup the group
   * @param options           how it looks
   */
  public static licenseAssetGroup(licenseAssetGroup: ILicenseAssetGroupRef, options?: LicenseWidgetOptions): IWidget {
    const it = new LicenseWidgets('licenseAssetGroup()');
    const group = givenAs(it.method, 'licenseAssetGroup', licenseAssetGroup, GROUP);
    const metrics = LicenseAssetGroupMetrics.fromLicenseAssetGroup(group);
    const { licenseAssetGroupName, name } = group as { readonly licenseAssetGroupName?: string; readonly name?: string };
    const shown = licenseAssetGroupName ?? name ?? resourceInArn(group.licenseAssetGroupRef.licenseAssetGroupArn) ?? group.node.path;
    return graph(group, { title: `License asset group ${shown}`, ...it.look(options, 12, 6) }, [
      metrics.instanceCount({ label: 'instances', color: BLUE }),
      ...hasUsageDimension(group) ? [metrics.instanceConsumedLicenseCount({ label: 'licenses consumed', color: ORANGE })] : [],
    ]);
  }

  /**
   * How many instances with Linux subscriptions are running.
   *
   * Throws a `ValidationError` for no subscription, for a namespace of another length, and for a width or a height that is out of range.
   *
   * @param scope   a construct in the home Region
   * @param options which subscriptions, and how it looks
   */
  public static linuxSubscriptions(scope: IConstruct, options?: LinuxSubscriptionsWidgetOptions): IWidget {
    const it = new LicenseWidgets('linuxSubscriptions()');
    givenAs(it.method, 'scope', scope, SCOPE);
    const { subscriptions, metricNamespace, ...look } = it.look<LinuxSubscriptionsWidgetOptions>(options, 12, 6, LINUX_LOOK);
    checkSize(scope, lit`WidgetSubscriptions`, {
      property: 'subscriptions of the widget', value: subscriptions, minimum: 1, maximum: Infinity, wayOut: 'Name one, or leave it out to show all.',
    });
    checkLength(scope, lit`LinuxMetricNamespace`, { property: 'metricNamespace of the widget', value: metricNamespace, minimum: 1, maximum: 255 });
    const metrics = LinuxSubscriptionsMetrics.fromLinuxSubscriptionsSettings(scope);
    return new GraphWidget({
      title: 'Running instances with Linux subscriptions',
      region: Stack.of(scope).region,
      ...look,
      left: subscriptions?.map(one => metrics.runningInstances(one, { metricNamespace, label: one.value })) ?? [new MathExpression({
        expression: search(metricNamespace ?? 'AWS/LicenseManager/LinuxSubscriptions', ['SubscriptionName'], 'RunningInstancesCount', Stats.SUM),
        label: '',
        usingMetrics: {},
        period: HOUR,
      })],
      leftYAxis: { min: 0, showUnits: false },
      period: HOUR,
    });
  }

  /**
   * How many executions of state machines have failed, were stopped or have timed out: of license type conversions, exports of usage, or whatever runs so.
   *
   * Throws a `ValidationError` for a width or a height that is out of range.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
   * @param stateMachines the state machines, such as `stateMachine` of a `LicenseConversionWorkflow`
   * @param options       how it looks
   */
  public static failedExecutions(stateMachines: IStateMachineRef[], options?: LicenseWidgetOptions): IWidget {
    const it = new LicenseWidgets('failedExecutions()');
    const machines = givenAs(it.method, 'stateMachines', stateMachines, listOf(STATE_MACHINE));
    checkSize(it.method, lit`WidgetStateMachines`, { property: 'stateMachines', value: machines, minimum: 1, maximum: Infinity, wayOut: 'Name a state machine.' });
    return graph(machines[0], { title: 'Failed executions', ...it.look(options, 12, 6) }, machines.flatMap(machine =>
      [['ExecutionsFailed', 'failed'], ['ExecutionsAborted', 'stopped'], ['ExecutionsTimedOut', 'timed out']].map(([metricName, how]) => new Metric({
        namespace: 'AWS/States',
        metricName,
        dimensionsMap: { StateMachineArn: machine.stateMachineRef.stateMachineArn },
        statistic: Stats.SUM,
        period: HOUR,
        label: `${machine.node.path} ${how}`,
        region: Stack.of(machine).region,
      }))));
  }

  /**
   * The states of alarms.
   *
   * Throws a `ValidationError` for a width or a height that is out of range.
   *
   * @param scope   of what the alarms are shown: a stack, or a construct in one
   * @param options which alarms, and how it looks
   */
  public static alarms(scope: IConstruct, options?: LicenseAlarmsWidgetOptions): IWidget {
    const it = new LicenseWidgets('alarms()');
    givenAs(it.method, 'scope', scope, SCOPE);
    const { alarms, ...look } = it.look<LicenseAlarmsWidgetOptions>(options, 24, 3, ALARMS_LOOK);
    return new AlarmsWidget(scope, alarms, { title: 'Alarms', ...look });
  }

  private readonly method: string;

  private constructor(method: string) {
    this.method = `LicenseWidgets.${method}`;
  }

  private look<O extends LicenseWidgetOptions = LicenseWidgetOptions>(
    options: O | undefined, width: number, height: number, shape: Shape<O> = LOOK as unknown as Shape<O>,
  ): O & Look {
    const said = givenProps(this.method, options ?? {} as O, shape, { all: 'options of the widget', of: ' of the widget' });
    checkWholeNumber(this.method, lit`WidgetWidth`, { property: 'width of the widget', value: said.width, minimum: 1, maximum: 24 });
    checkWholeNumber(this.method, lit`WidgetHeight`, { property: 'height of the widget', value: said.height, minimum: 1, maximum: 1000 });
    return { ...said, width: said.width ?? width, height: said.height ?? height };
  }
}

const HOUR = Duration.hours(1);
const USAGE = 'AWSLicenseManager/licenseUsage';
// Those that the console draws with, in its own order.
const [BLUE, ORANGE, RED] = ['#1f77b4', '#ff7f0e', '#d62728'];

interface Look extends LicenseWidgetOptions {
  readonly width: number;
  readonly height: number;
}

/** Alarms as they are in the end: some are made later than the widget. */
class AlarmsWidget extends ConcreteWidget {
  public constructor(private readonly scope: IConstruct, private readonly said: readonly IAlarmRef[] | undefined, private readonly look: Look) {
    super(look.width, look.height);
    scope.node.addValidation({
      validate: () => {
        const { length } = this.alarms();
        if (length > MAXIMUM_ALARMS) {
          Annotations.of(scope).addWarningV2('cdk-license-manager:alarmsWidgetTooManyAlarms',
            `The widget of alarms shows ${MAXIMUM_ALARMS} of ${length}, as CloudWatch takes no more. Make one for each of smaller scopes, or show a composite alarm.`);
        }
        return [];
      },
    });
  }

  public toJson(): any[] {
    const alarms = this.alarms().slice(0, MAXIMUM_ALARMS);
    const { width, height, title } = this.look;
    const widget = alarms.length > 0
      ? new AlarmStatusWidget({ alarms, width, height, title, sortBy: AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP })
      : new TextWidget({ markdown: `### ${title}\n${this.nothing()}`, width, height });
    widget.position(this.x ?? 0, this.y ?? 0);
    return widget.toJson();
  }

  /** Of other stacks nothing is said: a reference would put the stacks in an order. */
  private nothing(): string {
    return this.said ? 'No alarm is named.'
      : `There is no alarm on licenses in ${Stack.isStack(this.scope) ? 'this stack' : 'this part of the stack'}. Add one: \`addUsageAlarm\`, \`addHeadroomAlarm\`. `
        + 'Those of other stacks are shown if they are named: `alarms`.';
  }

  private alarms(): readonly IAlarmRef[] {
    if (this.said) {
      return this.said;
    }
    const { account, region } = Stack.of(this.scope);
    const composed = this.scope.node.findAll().filter((it): it is IConstruct & IAlarmRef => isBranded(it, 'LicenseCompositeAlarm'));
    return [...composed, ...alarmsIn(this.scope)].filter(alarm =>
      !knownToDiffer(Stack.of(alarm).account, account) && !knownToDiffer(Stack.of(alarm).region, region));
  }
}

const MAXIMUM_ALARMS = 100;

function graph(of: IConstruct, look: Look, left: IMetric[], leftYAxis: object = { min: 0, showUnits: false }): IWidget {
  return new GraphWidget({ ...look, region: Stack.of(of).region, left, leftYAxis, period: HOUR });
}

function number(of: IConstruct, look: Look, metrics: IMetric[], sparkline: boolean): IWidget {
  return new SingleValueWidget({ ...look, region: Stack.of(of).region, metrics, sparkline, period: HOUR });
}

function metricsOf(license: ILicenseConfigurationRef): LicenseConfigurationMetrics {
  return LicenseConfigurationMetrics.fromLicenseConfiguration(license);
}

function isKnownType(license: ILicenseConfigurationRef): boolean {
  return writtenCountingTypeOf(license) !== undefined;
}

const NAMES = {
  usagePercentage: 'LicenseConfigurationUsagePercentage', usageCount: 'LicenseConfigurationUsageCount', totalCount: 'TotalLicenseConfigurationUsageCount',
} as const;

function metricOf(license: ILicenseConfigurationRef, which: keyof typeof NAMES, label: string, color?: string): IMetric {
  return isKnownType(license) ? metricsOf(license)[which]({ label, color }) : searchedMetric(license, NAMES[which], label, color);
}

/** A metric of a license of which the counting type is not known: the only one that has its ARN. */
function searchedMetric(license: ILicenseConfigurationRef, metricName: string, label: string, color?: string): IMetric {
  return new MathExpression({ expression: searchOf(license, metricName), label, color, usingMetrics: {}, period: HOUR, ...environmentOf(license) });
}

function searched(license: ILicenseConfigurationRef, expression: string, label: string): IMetric {
  return new MathExpression({
    expression: expression.replace('{total}', searchOf(license, NAMES.totalCount)).replace('{used}', searchOf(license, NAMES.usageCount)),
    label,
    usingMetrics: {},
    period: HOUR,
    ...environmentOf(license),
  });
}

function searchOf(license: ILicenseConfigurationRef, metricName: string): string {
  return search(USAGE, ['LicenseConfigurationArn', 'LicenseConfigurationType'], metricName, Stats.MAXIMUM,
    ` LicenseConfigurationArn="${license.licenseConfigurationRef.licenseConfigurationArn}"`);
}

/** Another account or Region than that of the stack, in which is searched. */
function environmentOf(license: ILicenseConfigurationRef) {
  const stack = Stack.of(license);
  const [account, region] = [accountOfLicense(license), regionOfLicense(license)];
  return {
    searchAccount: knownToDiffer(account, stack.account) ? account : undefined,
    searchRegion: knownToDiffer(region, stack.region) ? region : undefined,
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
function search(namespace: string, dimensions: string[], metricName: string, statistic: string, more = ''): string {
  return `SEARCH('{${[namespace, ...dimensions].map(quoted).join(',')}} MetricName="${metricName}"${more}', '${statistic}', ${HOUR.toSeconds()})`;
}

/** What is no word has to be quoted. */
function quoted(name: string): string {
  return /^[\w/]+$/.test(name) ? name : `"${name}"`;
}

function hasUsageDimension(group: ILicenseAssetGroupRef): boolean {
  const { usageDimension, licenseAssetGroupConfigurations: configurations } = group as {
    readonly usageDimension?: object; readonly licenseAssetGroupConfigurations?: unknown;
  };
  return usageDimension !== undefined || (Array.isArray(configurations) && configurations[0]?.usageDimension !== undefined);
}

const LICENSE = construct('a self-managed license', 'licenseConfigurationRef');
const GROUP = construct('a license asset group', 'licenseAssetGroupRef');
const STATE_MACHINE = construct('a state machine', 'stateMachineRef');
const SCOPE = construct('a construct', 'node');

const LOOK: Shape<LicenseWidgetOptions> = { title: TEXT, width: NUMBER, height: NUMBER };
const EXPIRY_LOOK: Shape<DaysUntilExpiryWidgetOptions> = { ...LOOK, licenseExpiry: ofClass('Expiration', 'toEpoch') };
const LINUX_LOOK: Shape<LinuxSubscriptionsWidgetOptions> = { ...LOOK, subscriptions: listOf(ofClass('LinuxSubscription')), metricNamespace: TEXT };
const ALARMS_LOOK: Shape<LicenseAlarmsWidgetOptions> = { ...LOOK, alarms: listOf(construct('an alarm', 'alarmRef')) };
