import { Annotations, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { Dashboard, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnDashboard, IAlarmRef, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILicenseAssetGroupRef, ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IStateMachineRef } from 'aws-cdk-lib/aws-stepfunctions';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { LicenseWidgets } from './license-widgets';
import type { LinuxSubscription } from '../linux-subscriptions/linux-subscription';
import { onceEach } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { identityOf } from '../private/identity/reference';
import { consoleAddress } from '../private/license/console';
import { countOfLicense, expiryOfLicense, nameOfLicense } from '../private/license/described-license';
import { identityOfLicense } from '../private/license/license-reference';
import { construct, FLAG, givenProps, listOf, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkLength, checkPattern, lit } from '../private/validation/validation';

/**
 * Properties of a dashboard of licenses.
 */
export interface LicenseDashboardProps {
  /**
   * The name of the dashboard: 1 to 255 letters, digits, hyphens and underscores. Dashboards of an account have one name for all Regions.
   *
   * Throws a `ValidationError` for another form.
   *
   * **A change replaces the dashboard.**
   *
   * @default - a name that CloudFormation generates
   */
  readonly dashboardName?: string;

  /**
   * The licenses: of each its use, its limit, what is left, and, if the app knows it, the days until it expires. One that is named twice causes a warning, and
   * is shown once.
   *
   * One of another Region is shown, too. One of another account needs CloudWatch cross-account observability, and causes a warning.
   *
   * @default - only what a search finds
   */
  readonly licenseConfigurations?: ILicenseConfigurationRef[];

  /**
   * Whether a graph shows the use of every license in the account and the Region, which a search finds: also of those that the app does not know.
   *
   * @default true
   */
  readonly showAllLicenses?: boolean;

  /**
   * The license asset groups. One that is named twice causes a warning, and is shown once.
   *
   * @default - none
   */
  readonly licenseAssetGroups?: ILicenseAssetGroupRef[];

  /**
   * The Linux subscriptions: how many instances of each are running. The metrics are in the home Region of their discovery.
   *
   * @default - none
   */
  readonly linuxSubscriptions?: LinuxSubscription[];

  /**
   * The namespace of the metrics of Linux subscriptions. The user guide has another one than where people have found them: see
   * `LinuxSubscriptionsMetricOptions`.
   *
   * Throws a `ValidationError` for nothing, and for more than 255 characters.
   *
   * @default 'AWS/LicenseManager/LinuxSubscriptions'
   */
  readonly linuxMetricNamespace?: string;

  /**
   * State machines of which failed executions are shown: `stateMachine` of a `LicenseConversionWorkflow`, of an export of usage, or any other. One that is named
   * twice causes a warning, and is shown once.
   *
   * @default - none
   */
  readonly stateMachines?: IStateMachineRef[];

  /**
   * The alarms whose states are shown.
   *
   * @default - all alarms of licenses in the stack, also those that are made later; those of other stacks, also of licenses that are shown, have to be named
   */
  readonly alarms?: IAlarmRef[];
}

/**
 * A CloudWatch dashboard of the licenses of an account in a Region: what is used of how much, what is left and for how long, alarms, and what has failed.
 *
 * It has one page for what the app knows, and for what it does not. `LicenseWidgets` has its widgets one by one, for a dashboard of your own; `dashboard` takes
 * widgets of yours.
 *
 * More than 500 widgets, 500 metrics in a widget or 2,500 in the dashboard, the quotas of CloudWatch, cause a warning.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { LicenseConfiguration, LicenseCounting, LicenseDashboard } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * const windows = new LicenseConfiguration(stack, 'Windows', { licenseCounting: LicenseCounting.vcpus(), licenseCount: 96 });
 * new LicenseDashboard(stack, 'Dashboard', { licenseConfigurations: [windows] });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/monitoring-cloudwatch.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
@propertyInjectable
export class LicenseDashboard extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseDashboard';

  /**
   * Whether the given object is a `LicenseDashboard`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseDashboard(x: any): x is LicenseDashboard {
    return isBranded(x, 'LicenseDashboard');
  }

  /**
   * The dashboard. `addWidgets` adds a row of yours below.
   */
  public readonly dashboard: Dashboard;

  /**
   * Makes a dashboard.
   *
   * Throws a `ValidationError` for what the properties say.
   */
  constructor(scope: Construct, id: string, props: LicenseDashboardProps = {}) {
    super(scope, id);
    brand(this, 'LicenseDashboard');
    props = givenProps(this, props, PROPS);
    const { dashboardName } = props;
    checkPattern(this, lit`DashboardName`, {
      property: 'dashboardName', value: dashboardName, pattern: /^[A-Za-z0-9_-]{1,255}$/, expected: 'consist of 1 to 255 letters, digits, hyphens and underscores',
    });
    checkLength(this, lit`LinuxMetricNamespace`, { property: 'linuxMetricNamespace', value: props.linuxMetricNamespace, minimum: 1, maximum: 255 });
    this.dashboard = new Dashboard(this, 'Dashboard', { dashboardName, start: '-P14D' });
    for (const row of this.rows(props)) {
      this.dashboard.addWidgets(...row);
    }
    this.node.addValidation({
      validate: () => {
        this.warnOfQuotas();
        return [];
      },
    });
  }

  private rows(props: LicenseDashboardProps): IWidget[][] {
    const { showAllLicenses = true, linuxSubscriptions = [], linuxMetricNamespace, alarms } = props;
    const nameOf = (it: Construct | { readonly node: { readonly path: string } }) => it.node.path;
    const licenses = onceEach(this, 'licenseConfigurations', props.licenseConfigurations ?? [], identityOfLicense, nameOf);
    const groups = onceEach(this, 'licenseAssetGroups', props.licenseAssetGroups ?? [], it => identityOf(it.licenseAssetGroupRef.licenseAssetGroupArn), nameOf);
    const machines = onceEach(this, 'stateMachines', props.stateMachines ?? [], it => identityOf(it.stateMachineRef.stateMachineArn), nameOf);
    const single = [
      ...groups.map(group => LicenseWidgets.licenseAssetGroup(group)),
      ...linuxSubscriptions.length > 0
        ? [LicenseWidgets.linuxSubscriptions(this, { subscriptions: linuxSubscriptions, metricNamespace: linuxMetricNamespace })] : [],
      ...machines.length > 0 ? [LicenseWidgets.failedExecutions(machines)] : [],
    ];
    return [
      [this.header(licenses)],
      [LicenseWidgets.alarms(Stack.of(this), { alarms })],
      ...licenses.map(license => {
        const expiry = expiryOfLicense(license);
        const expires = expiry !== undefined && !Token.isUnresolved(expiry);
        return [
          LicenseWidgets.usage(license),
          LicenseWidgets.headroom(license, { width: expires ? 6 : 12 }),
          ...expires ? [LicenseWidgets.daysUntilExpiry(license)] : [],
        ];
      }),
      ...showAllLicenses ? [[LicenseWidgets.allLicenses(this)]] : [],
      // Two in a row.
      ...single.flatMap((widget, index) => index % 2 === 0 ? [[widget, ...single.slice(index + 1, index + 2)]] : []),
    ];
  }

  /** What does not change from hour to hour, and where to look for more. */
  private header(licenses: readonly ILicenseConfigurationRef[]): IWidget {
    const { account, region } = Stack.of(this);
    const address = consoleAddress(region, 'license-manager');
    const rows = licenses.map(license => {
      const [count, expiry] = [countOfLicense(license), expiryOfLicense(license)];
      return `| ${inCell(nameOfLicense(license))} | ${count === undefined ? '' : Tokenization.stringifyNumber(count)} | ${dateOf(expiry)} |`;
    });
    return new TextWidget({
      markdown: [
        `## Licenses of account ${account} in ${region}`,
        `The values are of the last hour, in which License Manager counts.${address ? ` [License Manager](${address})` : ''}`,
        ...rows.length > 0 ? ['', '| License | Number | Expires |', '| --- | --- | --- |', ...rows] : [],
      ].join('\n'),
      width: 24,
      height: 2 + (rows.length > 0 ? 1 + rows.length : 0),
    });
  }

  /** Of all widgets, those of the user too, as they are in the template. */
  private warnOfQuotas(): void {
    const widgets = widgetsIn(Stack.of(this).resolve((this.dashboard.node.defaultChild as CfnDashboard).dashboardBody));
    const metrics = widgets.map(({ properties }) => properties?.metrics?.length ?? 0);
    const [all, most] = [metrics.reduce((sum, count) => sum + count, 0), Math.max(0, ...metrics)];
    if (widgets.length > 500 || most > 500 || all > 2500) {
      Annotations.of(this).addWarningV2('cdk-license-manager:dashboardQuota',
        `The dashboard has ${widgets.length} widgets and ${all} metrics, up to ${most} of them in a widget. The quotas of CloudWatch are 500 widgets, 500 metrics in a `
        + 'widget and 2,500 metrics in a dashboard: make several dashboards, each with some of the licenses.');
    }
  }
}

/** The widgets of a dashboard, whatever CloudFormation puts into their texts. */
function widgetsIn(body: string | { readonly 'Fn::Join': [string, unknown[]] }): Array<{ readonly properties?: { readonly metrics?: unknown[] } }> {
  const text = typeof body === 'string' ? body : body['Fn::Join']?.[1].map(part => typeof part === 'string' ? part : '0').join('');
  try {
    return JSON.parse(text).widgets;
  } catch {
    // Somebody has put a token where it is no text.
    return [];
  }
}

/** A name in a table, of which a bar would make two. */
function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function dateOf(seconds: number | undefined): string {
  return seconds === undefined || Token.isUnresolved(seconds) ? '' : new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
}

const PROPS: Shape<LicenseDashboardProps> = {
  dashboardName: TEXT,
  licenseConfigurations: listOf(construct('a self-managed license', 'licenseConfigurationRef')),
  showAllLicenses: FLAG,
  licenseAssetGroups: listOf(construct('a license asset group', 'licenseAssetGroupRef')),
  linuxSubscriptions: listOf(ofClass('LinuxSubscription')),
  linuxMetricNamespace: TEXT,
  stateMachines: listOf(construct('a state machine', 'stateMachineRef')),
  alarms: listOf(construct('an alarm', 'alarmRef')),
};
