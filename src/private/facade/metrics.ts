import { Duration, Token } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { warnOfForeignMetric } from './owner';
import { DURATION, givenProps, mapOf, TEXT } from '../validation/given';
import type { Foreign, Names } from '../validation/given';

/**
 * A metric of what License Manager counts, in the account and the Region of a resource.
 *
 * @param resource   whose metric it is
 * @param metricName the name, as in the namespace `AWSLicenseManager/licenseUsage`
 * @param dimensions what they are unless the user says otherwise; it is told what the user says
 * @param props      what the user overrides
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/monitoring-cloudwatch.html
 */
export function usageMetric(
  resource: IConstruct & IEnvironmentAware, metricName: string, dimensions: MetricDefaults['dimensions'], props?: MetricOptions,
): Metric {
  const { account, region } = resource.env;
  if (props?.account === undefined || props.account === account) {
    warnOfForeignMetric(resource);
  }
  return hourlyMetric(resource, {
    namespace: 'AWSLicenseManager/licenseUsage', metricName, statistic: Stats.MAXIMUM, account, region, dimensions,
  }, props);
}

/**
 * What a metric is, unless the user overrides it.
 */
export interface MetricDefaults {
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly account: string;
  readonly region: string;
  /** What they are unless the user says otherwise. It is told what the user says: of that, nothing need be known. */
  readonly dimensions: (said: Dimensions) => Dimensions;
}

/** Dimensions by their names. */
export type Dimensions = { readonly [name: string]: string };

/**
 * A metric that License Manager emits every hour.
 *
 * @param scope    whose metric it is
 * @param defaults what it is
 * @param props    what the user overrides
 */
export function hourlyMetric(scope: IConstruct, { account, region, dimensions, ...defaults }: MetricDefaults, props?: MetricOptions): Metric {
  const { dimensionsMap = {}, ...said } = givenProps(scope, props ?? {}, OPTIONS, OF_METRIC);
  return new Metric({
    ...defaults,
    // Who says one means that one: without the others there is no such metric.
    dimensionsMap: { ...dimensions(dimensionsMap), ...dimensionsMap },
    // A shorter period would be empty most of the time.
    period: Duration.hours(1),
    account: concrete(account),
    region: concrete(region),
    ...said,
  });
}

const OPTIONS: Foreign<MetricOptions> = { foreign: { period: DURATION, statistic: TEXT, dimensionsMap: mapOf(TEXT) } };

/** How messages name what the user overrides of a metric. */
export const OF_METRIC: Names = { all: 'props of the metric', of: ' of the metric' };

/** An environment of a metric, as far as it is known. */
function concrete(value: string): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

/**
 * CloudWatch evaluates at most 604,800 seconds, and the metrics have a value an hour.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export const MAXIMUM_EVALUATION_HOURS = 168;
