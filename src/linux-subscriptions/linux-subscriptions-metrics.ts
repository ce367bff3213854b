import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { LinuxSubscription } from './linux-subscription';
import { concrete } from '../private/facade/metrics';
import { givenAs, reference } from '../private/validation/given';
import { lit, valueOf } from '../private/validation/validation';

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
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/monitoring-cloudwatch.html
   * @default 'AWS/LicenseManager/LinuxSubscriptions'
   */
  readonly metricNamespace?: string;

  /**
   * The Region in which the instances run.
   *
   * @default - all Regions together
   */
  readonly usageRegion?: string;
}

const SETTINGS = reference('a construct in the home Region', 'node');

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

  private metric(metricName: string, subscription: LinuxSubscription, options: LinuxSubscriptionsMetricOptions = {}): Metric {
    const { metricNamespace, usageRegion, ...props } = options;
    const { account, region } = Stack.of(this.settings);
    const SubscriptionName = valueOf(this.settings, lit`LinuxSubscriptionUnknown`, {
      property: 'subscription', value: subscription, type: 'LinuxSubscription',
    })!;
    return new Metric({
      namespace: metricNamespace ?? 'AWS/LicenseManager/LinuxSubscriptions',
      metricName,
      dimensionsMap: { SubscriptionName, ...usageRegion !== undefined && { Region: usageRegion } },
      statistic: Stats.SUM,
      period: Duration.hours(1),
      account: concrete(account),
      region: concrete(region),
      ...props,
    });
  }
}
