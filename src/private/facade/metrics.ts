import { Duration, Token } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { DURATION, givenProps, TEXT } from '../validation/given';

/**
 * A metric of what License Manager counts, in the account and the Region of a resource.
 *
 * @param resource   whose metric it is
 * @param metricName the name, as in the namespace `AWSLicenseManager/licenseUsage`
 * @param dimensions asked for only where the user does not give any
 * @param props      what the user overrides
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/monitoring-cloudwatch.html
 */
export function usageMetric(
  resource: IConstruct & IEnvironmentAware, metricName: string, dimensions: () => { [name: string]: string }, props?: MetricOptions,
): Metric {
  const said = givenProps(resource, props ?? {}, { foreign: { period: DURATION, statistic: TEXT } }, { all: 'props of the metric', of: ' of the metric' });
  return new Metric({
    namespace: 'AWSLicenseManager/licenseUsage',
    metricName,
    dimensionsMap: said.dimensionsMap ?? dimensions(),
    statistic: Stats.MAXIMUM,
    // License Manager emits every hour: a shorter period would be empty most of the time.
    period: Duration.hours(1),
    account: concrete(resource.env.account),
    region: concrete(resource.env.region),
    ...said,
  });
}

/** An environment of a metric, as far as it is known. */
export function concrete(value: string): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

/**
 * CloudWatch evaluates at most 604,800 seconds, and the metrics have a value an hour.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export const MAXIMUM_EVALUATION_HOURS = 168;
