import { Stack } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { LinuxSubscription } from './linux-subscription';
import { hourlyMetric, OF_METRIC } from '../private/facade/metrics';
import { construct, given, givenAs, givenProps, TEXT } from '../private/validation/given';
import type { Foreign } from '../private/validation/given';
import { warnOfRegion } from '../private/validation/regions';
import { checkLength, lit, valueOf } from '../private/validation/validation';

/**
 * Options of a metric of Linux subscriptions.
 */
export interface LinuxSubscriptionsMetricOptions extends MetricOptions {
  /**
   * The namespace of the metric.
   *
   * The user guide lists the metrics under `AWSLicenseManager/licenseUsage`; where people have looked, they are in the default. An alarm on a metric that
   * does not exist stays in INSUFFICIENT_DATA: look after the first hours.
   *
   * Throws a `ValidationError` for nothing, and for more than 255 characters.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/monitoring-cloudwatch.html
   * @default 'AWS/LicenseManager/LinuxSubscriptions'
   */
  readonly metricNamespace?: string;

  /**
   * The Region in which the instances run. What has not the form of the name of a Region causes a warning.
   *
   * Throws a `ValidationError` for nothing, and for more than 255 characters, as CloudWatch has it of a dimension.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
   * @default - all Regions together
   */
  readonly usageRegion?: string;
}

const SETTINGS = construct('a construct in the home Region', 'node');

/**
 * Metrics of Linux subscriptions, which License Manager emits every hour in its home Region.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/linux-subscriptions-usage-metrics.html
 */
export class LinuxSubscriptionsMetrics {
  /**
   * The metrics that the settings of Linux subscriptions bring about, in their account and Region.
   *
   * @param settings the settings, or any other construct in the home Region
   */
  public static fromLinuxSubscriptionsSettings(settings: IConstruct): LinuxSubscriptionsMetrics {
    return new LinuxSubscriptionsMetrics(givenAs('LinuxSubscriptionsMetrics.fromLinuxSubscriptionsSettings()', 'settings', settings, SETTINGS));
  }

  private constructor(private readonly settings: IConstruct) {}

  /**
   * The number of running instances of the account with a subscription.
   *
   * @param subscription which one
   * @param props        overrides; by default the sum over 1 hour
   */
  public runningInstances(subscription: LinuxSubscription, props?: LinuxSubscriptionsMetricOptions): Metric {
    return this.metric('RunningInstancesCount', subscription, props);
  }

  /**
   * The number of running instances of the organization with a subscription.
   *
   * @param subscription which one
   * @param props        overrides; by default the sum over 1 hour
   */
  public aggregateRunningInstances(subscription: LinuxSubscription, props?: LinuxSubscriptionsMetricOptions): Metric {
    return this.metric('AggregateRunningInstancesCount', subscription, props);
  }

  private metric(metricName: string, subscription: LinuxSubscription, options?: LinuxSubscriptionsMetricOptions): Metric {
    const { metricNamespace, usageRegion, ...props } = givenProps(this.settings, options ?? {}, OPTIONS, OF_METRIC);
    checkLength(this.settings, lit`LinuxMetricNamespace`, {
      property: `metricNamespace${OF_METRIC.of}`, value: metricNamespace, minimum: 1, maximum: 255,
    });
    checkLength(this.settings, lit`LinuxUsageRegion`, { property: `usageRegion${OF_METRIC.of}`, value: usageRegion, minimum: 1, maximum: 255 });
    warnOfRegion(this.settings, `usageRegion${OF_METRIC.of}`, usageRegion);
    const { account, region } = Stack.of(this.settings);
    const SubscriptionName = valueOf(this.settings, lit`LinuxSubscriptionUnknown`, {
      property: 'subscription', value: given(this.settings, 'subscription', subscription), type: 'LinuxSubscription',
    })!;
    checkLength(this.settings, lit`LinuxSubscriptionLength`, {
      property: 'the name in LinuxSubscription.of()', value: SubscriptionName, minimum: 1, maximum: 255, wayOut: 'Correct it, or use one of the constants.',
    });
    return hourlyMetric(this.settings, {
      namespace: metricNamespace ?? 'AWS/LicenseManager/LinuxSubscriptions',
      metricName,
      statistic: Stats.SUM,
      account,
      region,
      dimensions: () => ({ SubscriptionName, ...usageRegion !== undefined && { Region: usageRegion } }),
    }, props);
  }
}

const OPTIONS: Foreign<LinuxSubscriptionsMetricOptions> = { foreign: { metricNamespace: TEXT, usageRegion: TEXT } };
