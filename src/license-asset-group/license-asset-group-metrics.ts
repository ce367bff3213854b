import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnLicenseAssetGroup } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseAssetGroupRef } from 'aws-cdk-lib/aws-licensemanager';
import type { UsageDimension } from './usage-dimension';
import { usageMetric } from '../private/facade/metrics';
import type { Dimensions } from '../private/facade/metrics';
import { brand } from '../private/identity/copies';
import { construct, givenAs, givenProps, TEXT } from '../private/validation/given';
import { lit, refuse, valueOf } from '../private/validation/validation';

/**
 * How the software on an instance is licensed.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/monitoring-cloudwatch.html
 */
export class LicensingModel {
  /**
   * The license came with an AMI of AWS Marketplace.
   */
  public static readonly AWS_MARKETPLACE = new LicensingModel('AWSMarketplace');

  /**
   * The license is included in the price of the instance.
   */
  public static readonly LICENSE_INCLUDED = new LicensingModel('LicenseIncluded');

  /**
   * A model that License Manager knows and this library doesn't.
   *
   * @param value the value of the metric's dimension `LicensingModel`
   */
  public static of(value: string): LicensingModel {
    return new LicensingModel(value);
  }

  private constructor(private readonly _value: string) {
    brand(this, 'LicensingModel');
  }

  /**
   * The value, as the dimension has it.
   */
  public get value(): string {
    return this._value;
  }
}

/**
 * What a metric of a license asset group is about, and overrides.
 */
export interface LicenseAssetGroupMetricOptions extends MetricOptions {
  /**
   * The licensing model to count. License Manager emits it only for groups with AWS-managed rulesets.
   *
   * @default - the metric without this dimension
   */
  readonly licensingModel?: LicensingModel;
}

/**
 * Metrics of a license asset group, which License Manager emits every hour. The first come when the group has been discovered, within 24
 * hours.
 *
 * **For an alarm**, keep the period of 1 hour or take a longer one: in between there is no value. CloudWatch evaluates at most 7 days of it, which
 * are 168 evaluation periods of an hour. Values come now and then late: with `TreatMissingData.IGNORE` the alarm keeps its state until then,
 * while the default, `TreatMissingData.MISSING`, takes it to INSUFFICIENT_DATA, which says nothing of the licenses.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
 * import { AwsManagedRuleSet, LicenseAssetGroup, LicenseAssetRuleSet, UsageDimension } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * const group = new LicenseAssetGroup(stack, 'Ubuntu', {
 *   usageDimension: UsageDimension.INSTANCE,
 *   ruleSets: [LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.UBUNTU_PRO)],
 * });
 * group.metrics.instanceCount().createAlarm(stack, 'ManyInstances', {
 *   threshold: 50,
 *   evaluationPeriods: 1,
 *   treatMissingData: TreatMissingData.IGNORE,
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/monitoring-cloudwatch.html
 */
export class LicenseAssetGroupMetrics {
  /**
   * The metrics of a group: an L2, an L1 or an imported one.
   *
   * @param licenseAssetGroup the group
   */
  public static fromLicenseAssetGroup(licenseAssetGroup: ILicenseAssetGroupRef): LicenseAssetGroupMetrics {
    return new LicenseAssetGroupMetrics(
      givenAs('LicenseAssetGroupMetrics.fromLicenseAssetGroup()', 'licenseAssetGroup', licenseAssetGroup, construct('a license asset group', 'licenseAssetGroupRef')));
  }

  private constructor(private readonly licenseAssetGroup: ILicenseAssetGroupRef) {}

  /**
   * The number of instances in the group.
   *
   * @param props overrides; by default the maximum over 1 hour. Dimensions are merged over those of the group
   */
  public instanceCount(props?: LicenseAssetGroupMetricOptions): Metric {
    return this.metric('InstanceCount', props);
  }

  /**
   * The number of licenses that the instances in the group consume, counted by the usage dimension of the group.
   *
   * Throws a `ValidationError` if the usage dimension of the group is not known, unless `dimensionsMap` has it.
   *
   * @param props overrides; by default the maximum over 1 hour. Dimensions are merged over those of the group
   */
  public instanceConsumedLicenseCount(props?: LicenseAssetGroupMetricOptions): Metric {
    return this.make('InstanceConsumedLicenseCount', said => ({ LicenseCountingType: said.LicenseCountingType ?? this.usageDimension() }), props);
  }

  /**
   * A metric of the group by its name.
   *
   * @param metricName the name, as in the namespace `AWSLicenseManager/licenseUsage`
   * @param props overrides; by default the maximum over 1 hour, and the group's ARN as the only dimension. Other dimensions are merged over it
   */
  public metric(metricName: string, props?: LicenseAssetGroupMetricOptions): Metric {
    return this.make(givenAs(this.licenseAssetGroup, 'metricName', metricName, TEXT), () => ({}), props);
  }

  private make(metricName: string, more: (said: Dimensions) => Dimensions, props?: LicenseAssetGroupMetricOptions): Metric {
    const { licensingModel, ...overrides } = givenProps(this.licenseAssetGroup, props, { foreign: {} }, { all: 'props of the metric' });
    return usageMetric(this.licenseAssetGroup, metricName, said => ({
      LicenseAssetGroupArn: this.licenseAssetGroup.licenseAssetGroupRef.licenseAssetGroupArn,
      ...more(said),
      ...(licensingModel ? { LicensingModel: this.textOf(licensingModel) } : {}),
    }), overrides);
  }

  private textOf(licensingModel: LicensingModel): string {
    return valueOf(this.licenseAssetGroup, lit`LicensingModelClass`, { property: 'licensingModel', value: licensingModel, type: 'LicensingModel' })!;
  }

  private usageDimension(): string {
    const group: ILicenseAssetGroupRef & { readonly usageDimension?: UsageDimension } = this.licenseAssetGroup;
    if (group.usageDimension) {
      return group.usageDimension.value;
    }
    if (CfnLicenseAssetGroup.isCfnLicenseAssetGroup(group) && Array.isArray(group.licenseAssetGroupConfigurations)) {
      const [configuration] = group.licenseAssetGroupConfigurations;
      if (configuration && 'usageDimension' in configuration && configuration.usageDimension !== undefined) {
        return configuration.usageDimension;
      }
    }
    return refuse(group, lit`UsageDimensionUnknown`,
      'the usage dimension of the group is not known, and the metric has it as a dimension. Import the group with ' +
      'LicenseAssetGroup.fromLicenseAssetGroupAttributes or LicenseAssetGroup.fromLookup, and its usageDimension, or pass the dimension: dimensionsMap with ' +
      'LicenseCountingType.');
  }
}
