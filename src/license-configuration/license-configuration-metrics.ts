import type { Expiration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { usageMetric } from '../private/facade/metrics';
import { givenExpiry } from '../private/license/expiry';
import { writtenCountingTypeOf } from '../private/license/license-reference';
import { construct, givenAs, givenProps, ofClass, TEXT } from '../private/validation/given';
import type { Foreign } from '../private/validation/given';
import { lit, refuse } from '../private/validation/validation';

/**
 * What the days until the expiry of a license are counted to, and overrides.
 */
export interface DaysUntilExpiryOptions extends MetricOptions {
  /**
   * When the licenses expire.
   *
   * Throws a `ValidationError` if it cannot be read as a date, or was made from a token.
   *
   * @default - `licenseExpiry` of the license; of an imported one, nothing is known
   */
  readonly licenseExpiry?: Expiration;
}

/**
 * Metrics of a self-managed license, which License Manager emits every hour.
 *
 * The documentation names the dimension `LicenseConfigurationType` and not its values: the counting type is taken, as for the counting
 * type of license asset groups. Should your metrics say something else, pass it in `dimensionsMap`, which is merged over the
 * dimensions; to an alarm of `addUsageAlarm`, pass `licenseConfigurationType`. To take a dimension away, use `with()` of the metric.
 *
 * **For an alarm**, keep the period of 1 hour or take a longer one: in between there is no value. CloudWatch evaluates at most 7 days of it, which
 * are 168 evaluation periods of an hour. Values come now and then late: with `TreatMissingData.IGNORE` the alarm keeps its state until then,
 * while the default, `TreatMissingData.MISSING`, takes it to INSUFFICIENT_DATA, which says nothing of the licenses. `addUsageAlarm` of a license
 * does all that.
 *
 * Those of a license that belongs to another account than that of the stack cause a warning: they are there by CloudWatch cross-account observability only.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
 * import { LicenseConfiguration, LicenseCounting } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * const license = new LicenseConfiguration(stack, 'Windows', { licenseCounting: LicenseCounting.vcpus() });
 * license.metrics.usageCount().createAlarm(stack, 'ManyLicenses', {
 *   threshold: 96,
 *   evaluationPeriods: 1,
 *   treatMissingData: TreatMissingData.IGNORE,
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/monitoring-cloudwatch.html
 */
export class LicenseConfigurationMetrics {
  /**
   * The metrics of a license: an L2, an L1 or an imported one.
   *
   * @param licenseConfiguration the license
   */
  public static fromLicenseConfiguration(licenseConfiguration: ILicenseConfigurationRef): LicenseConfigurationMetrics {
    return new LicenseConfigurationMetrics(
      givenAs('LicenseConfigurationMetrics.fromLicenseConfiguration()', 'licenseConfiguration', licenseConfiguration, construct('a self-managed license', 'licenseConfigurationRef')));
  }

  private constructor(private readonly licenseConfiguration: ILicenseConfigurationRef) {}

  /**
   * The used licenses as a percentage of the number of licenses. May be over 100 if the limit is soft.
   *
   * Throws a `ValidationError` if the counting type of the license is not known, unless `dimensionsMap` has it.
   *
   * @param props overrides; by default the maximum over 1 hour. Dimensions are merged over those of the license
   */
  public usagePercentage(props?: MetricOptions): Metric {
    return this.metric('LicenseConfigurationUsagePercentage', props);
  }

  /**
   * The number of used licenses.
   *
   * Throws a `ValidationError` if the counting type of the license is not known, unless `dimensionsMap` has it.
   *
   * @param props overrides; by default the maximum over 1 hour. Dimensions are merged over those of the license
   */
  public usageCount(props?: MetricOptions): Metric {
    return this.metric('LicenseConfigurationUsageCount', props);
  }

  /**
   * The number of licenses that there are, used or not.
   *
   * Throws a `ValidationError` if the counting type of the license is not known, unless `dimensionsMap` has it.
   *
   * @param props overrides; by default the maximum over 1 hour. Dimensions are merged over those of the license
   */
  public totalCount(props?: MetricOptions): Metric {
    return this.metric('TotalLicenseConfigurationUsageCount', props);
  }

  /**
   * The number of licenses that are left: those that there are without those that are used. Below 0 if a soft limit is exceeded.
   *
   * A metric of CloudWatch metric math, for alarms and graphs. Of a license without a number of licenses there is none.
   *
   * Throws a `ValidationError` if the counting type of the license is not known, unless `dimensionsMap` has it.
   *
   * @param props overrides of the two metrics that it is made of, its label and its color; by default the maximum over 1 hour
   */
  public headroom(props: MetricOptions = {}): MathExpression {
    const { label, color, ...of } = props ?? {};
    const total = this.totalCount(of);
    return new MathExpression({
      expression: `${this.idOf('total')} - ${this.idOf('used')}`,
      usingMetrics: { [this.idOf('total')]: total, [this.idOf('used')]: this.usageCount(of) },
      label: label ?? 'Licenses left',
      color,
      period: total.period,
    });
  }

  /**
   * The number of days until the licenses expire, with their fractions; below 0 when they have expired.
   *
   * License Manager has no such metric: CloudWatch metric math counts from the time of each value of the use. For graphs and alarms.
   *
   * Throws a `ValidationError` if it is not known when the licenses expire, or what they are counted by, unless `licenseExpiry` or `dimensionsMap` says so.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
   * @param props when they expire, overrides of the metric of the use, the label and the color; by default the maximum over 1 hour
   */
  public daysUntilExpiry(props: DaysUntilExpiryOptions = {}): MathExpression {
    const { licenseExpiry, label, color, ...of } = givenProps(this.licenseConfiguration, props ?? {}, DAYS_UNTIL_EXPIRY, { all: 'props of the metric' });
    const expiry = givenExpiry(this.licenseConfiguration, 'licenseExpiry of the metric', licenseExpiry);
    const used = this.usageCount(of);
    return new MathExpression({
      expression: `(${expiry} - EPOCH(${this.idOf('used')})) / 86400`,
      usingMetrics: { [this.idOf('used')]: used },
      label: label ?? 'Days until expiry',
      color,
      period: used.period,
    });
  }

  /**
   * A metric of the license by its name.
   *
   * Throws a `ValidationError` if the counting type of the license is not known, unless `dimensionsMap` has it.
   *
   * @param metricName the name, as in the namespace `AWSLicenseManager/licenseUsage`
   * @param props overrides; by default the maximum over 1 hour. Dimensions are merged over those of the license
   */
  public metric(metricName: string, props?: MetricOptions): Metric {
    return usageMetric(this.licenseConfiguration, givenAs(this.licenseConfiguration, 'metricName', metricName, TEXT), said => ({
      LicenseConfigurationArn: this.licenseConfiguration.licenseConfigurationRef.licenseConfigurationArn,
      LicenseConfigurationType: said.LicenseConfigurationType ?? this.licenseConfigurationType(),
    }), props);
  }

  /** What expressions call a metric: those of several licenses may be in one graph. */
  private idOf(metric: string): string {
    return `${metric}_${this.licenseConfiguration.node.addr.slice(-8)}`;
  }

  private licenseConfigurationType(): string {
    return writtenCountingTypeOf(this.licenseConfiguration) ?? refuse(this.licenseConfiguration, lit`LicenseCountingUnknown`,
      'the counting type of the license is not known, and its metrics have it as a dimension. Import the license with ' +
      'LicenseConfiguration.fromLicenseConfigurationAttributes and its licenseCounting, or with LicenseConfiguration.fromLookup, or pass the dimension: ' +
      'dimensionsMap with LicenseConfigurationType.');
  }
}

const DAYS_UNTIL_EXPIRY: Foreign<DaysUntilExpiryOptions> = { foreign: { licenseExpiry: ofClass('Expiration', 'toEpoch') } };
