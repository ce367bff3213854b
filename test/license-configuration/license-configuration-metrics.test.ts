import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { makeLicense } from './licenses';
import { LicenseConfiguration, LicenseConfigurationMetrics, LicenseCounting } from '../../src';

const ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const imported = (licenseCounting?: LicenseCounting) =>
  LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'License', { licenseConfigurationArn: ARN, licenseCounting });

describe('the table of the user guide', () => {
  test.each<[string, (metrics: LicenseConfigurationMetrics) => Metric]>([
    ['TotalLicenseConfigurationUsageCount', metrics => metrics.totalCount()],
    ['LicenseConfigurationUsageCount', metrics => metrics.usageCount()],
    ['LicenseConfigurationUsagePercentage', metrics => metrics.usagePercentage()],
    ['SomethingNew', metrics => metrics.metric('SomethingNew')],
  ])('%s', (metricName, make) => {
    const metric = make(imported(LicenseCounting.vcpus()).metrics);
    expect(metric).toMatchObject({
      namespace: 'AWSLicenseManager/licenseUsage',
      metricName,
      dimensions: { LicenseConfigurationArn: ARN, LicenseConfigurationType: 'vCPU' },
      statistic: 'Maximum',
      account: '111122223333',
      region: 'us-east-1',
    });
    expect(metric.period.toSeconds()).toBe(3600);
  });

  test.each([
    ['vCPU', LicenseCounting.vcpus()],
    ['Core', LicenseCounting.cores()],
    ['Socket', LicenseCounting.sockets()],
    ['Instance', LicenseCounting.instances()],
  ])('the type is the counting type: %s', (type, counting) => {
    expect(imported(counting).metrics.usageCount().dimensions).toMatchObject({ LicenseConfigurationType: type });
  });
});

test('everything can be overridden', () => {
  const metric = imported(LicenseCounting.vcpus()).metrics.usageCount({
    statistic: Stats.AVERAGE, period: Duration.days(1), label: 'used', dimensionsMap: { LicenseConfigurationArn: `${ARN}1`, LicenseConfigurationType: 'X' },
  });
  expect(metric).toMatchObject({
    statistic: 'Average', label: 'used', dimensions: { LicenseConfigurationArn: `${ARN}1`, LicenseConfigurationType: 'X' },
  });
  expect(metric.period.toDays()).toBe(1);
});

test('one dimension takes the place of that one', () => {
  const { metrics } = imported(LicenseCounting.vcpus());
  const own = { LicenseConfigurationArn: ARN, LicenseConfigurationType: 'vCPU' };
  expect(metrics.usageCount({ dimensionsMap: { LicenseConfigurationType: 'X' } }).dimensions).toEqual({ ...own, LicenseConfigurationType: 'X' });
  expect(metrics.usageCount({ dimensionsMap: { More: 'y' } }).dimensions).toEqual({ ...own, More: 'y' });
  expect(metrics.usageCount({ dimensionsMap: undefined }).dimensions).toEqual(own);
  expect(metrics.usageCount().with({ dimensionsMap: { Only: 'this' } }).dimensions).toEqual({ Only: 'this' });
  expect(() => metrics.usageCount({ dimensionsMap: { More: 1 as any } })).toThrow('Stack/License: dimensionsMap[\'More\'] of the metric is 1: it has to be a text.');
});

test('a license of which the counting is not known has metrics by other dimensions only', () => {
  const { metrics } = imported();
  expect(() => metrics.totalCount()).toThrow(
    'Stack/License: the counting type of the license is not known, and its metrics have it as a dimension. Import the license with ' +
    'LicenseConfiguration.fromLicenseConfigurationAttributes and its licenseCounting, or with LicenseConfiguration.fromLookup, or pass the dimension: ' +
    'dimensionsMap with LicenseConfigurationType.');
  expect(metrics.totalCount({ dimensionsMap: { LicenseConfigurationType: 'Core' } }).dimensions)
    .toEqual({ LicenseConfigurationArn: ARN, LicenseConfigurationType: 'Core' });
});

test('an L1 has them too', () => {
  const license = makeLicense(stack, 'Raw', undefined, 'Core');
  const { dimensions } = LicenseConfigurationMetrics.fromLicenseConfiguration(license).usageCount();
  expect(stack.resolve(dimensions)).toEqual({
    LicenseConfigurationArn: { Ref: 'Raw' }, LicenseConfigurationType: 'Core',
  });
});

test.each<[string, () => LicenseConfigurationMetrics, unknown]>([
  ['an L2', () => new LicenseConfiguration(stack, 'Made', { licenseCounting: LicenseCounting.cores() }).metrics,
    { 'Fn::GetAtt': ['MadeC17AB48A', 'LicenseConfigurationArn'] }],
  ['an L1', () => LicenseConfigurationMetrics.fromLicenseConfiguration(makeLicense(stack, 'Raw', undefined, 'Core')), { Ref: 'Raw' }],
  ['an imported license', () => imported(LicenseCounting.cores()).metrics, ARN],
])('%s has metrics that alarms are made of', (_, make, arn) => {
  make().usageCount().createAlarm(stack, 'Alarm', { threshold: 90, evaluationPeriods: 2, treatMissingData: TreatMissingData.IGNORE });

  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWSLicenseManager/licenseUsage',
    MetricName: 'LicenseConfigurationUsageCount',
    Dimensions: [{ Name: 'LicenseConfigurationArn', Value: arn }, { Name: 'LicenseConfigurationType', Value: 'Core' }],
    Statistic: 'Maximum',
    Period: 3600,
    Threshold: 90,
    EvaluationPeriods: 2,
    TreatMissingData: 'ignore',
    Metrics: Match.absent(),
  });
});

test('a license of a stack that does not say its environment is in that of the alarm', () => {
  const open = new Stack(undefined, 'Open');
  const license = new LicenseConfiguration(open, 'License', { licenseCounting: LicenseCounting.vcpus() });
  expect(license.metrics.usageCount()).toMatchObject({ account: undefined, region: undefined });
  license.metrics.usageCount().createAlarm(open, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
  Template.fromStack(open).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'LicenseConfigurationUsageCount' });
});

test('a license of another account is measured there', () => {
  const license = LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'Other', {
    licenseConfigurationArn: ARN.replace('111122223333', '444455556666'), licenseCounting: LicenseCounting.vcpus(),
  });
  license.addUsageAlarm('Alarm', { thresholdPercent: 90 });
  const [alarm] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  expect(alarm.Properties.Metrics[0].AccountId).toBe('444455556666');
});
