import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnLicenseAssetGroup } from 'aws-cdk-lib/aws-licensemanager';
import { LicenseAssetGroup, LicenseAssetGroupMetrics, LicenseAssetRuleSet, LicensingModel, UsageDimension } from '../../src';

const ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-asset-group:lag-0123456789abcdef0123456789abcdef';
const RULE_SET_ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-asset-ruleset:lar-0123456789abcdef0123456789abcdef';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

function imported(usageDimension?: UsageDimension) {
  return LicenseAssetGroup.fromLicenseAssetGroupAttributes(stack, 'Group', { licenseAssetGroupArn: ARN, usageDimension });
}

describe('the table of the user guide', () => {
  const { LICENSE_INCLUDED, AWS_MARKETPLACE } = LicensingModel;

  test.each<[string, (metrics: LicenseAssetGroupMetrics) => Metric, object]>([
    ['InstanceCount', metrics => metrics.instanceCount(), {}],
    ['InstanceCount', metrics => metrics.instanceCount({ licensingModel: LICENSE_INCLUDED }), { LicensingModel: 'LicenseIncluded' }],
    ['InstanceConsumedLicenseCount', metrics => metrics.instanceConsumedLicenseCount(), { LicenseCountingType: 'vCPU' }],
    ['InstanceConsumedLicenseCount', metrics => metrics.instanceConsumedLicenseCount({ licensingModel: AWS_MARKETPLACE }),
      { LicenseCountingType: 'vCPU', LicensingModel: 'AWSMarketplace' }],
    ['SomethingNew', metrics => metrics.metric('SomethingNew'), {}],
    ['SomethingNew', metrics => metrics.metric('SomethingNew', { licensingModel: LicensingModel.of('New') }), { LicensingModel: 'New' }],
  ])('%s', (metricName, make, dimensions) => {
    const metric = make(imported(UsageDimension.VCPU).metrics);

    expect(metric).toMatchObject({
      namespace: 'AWSLicenseManager/licenseUsage', metricName, statistic: 'Maximum', account: '111122223333', region: 'us-east-1',
    });
    expect(metric.dimensions).toEqual({ LicenseAssetGroupArn: ARN, ...dimensions });
    expect(metric.period.toSeconds()).toBe(3600);
  });

  test.each([UsageDimension.VCPU, UsageDimension.CORE, UsageDimension.SOCKET, UsageDimension.INSTANCE])('the counting type is the usage dimension: %p', (dimension) => {
    expect(imported(dimension).metrics.instanceConsumedLicenseCount().dimensions).toMatchObject({ LicenseCountingType: dimension.value });
  });
});

test('everything can be overridden', () => {
  const { metrics } = imported();
  const metric = metrics.instanceConsumedLicenseCount({
    statistic: Stats.AVERAGE, period: Duration.days(1), label: 'used', dimensionsMap: { LicenseCountingType: 'y' }, licensingModel: LicensingModel.of('x'),
  });

  expect(metric).toMatchObject({ statistic: 'Average', label: 'used' });
  expect(metric.dimensions).toEqual({ LicenseAssetGroupArn: ARN, LicenseCountingType: 'y', LicensingModel: 'x' });
  expect(metric.period.toDays()).toBe(1);
  expect(metrics.metric('x', { dimensionsMap: { Also: 'this' } }).dimensions).toEqual({ LicenseAssetGroupArn: ARN, Also: 'this' });
  expect(metrics.instanceCount({ dimensionsMap: { LicenseAssetGroupArn: `${ARN}1` } }).dimensions).toEqual({ LicenseAssetGroupArn: `${ARN}1` });
});

test.each<[string, () => LicenseAssetGroupMetrics, unknown]>([
  ['an L2', () => new LicenseAssetGroup(stack, 'Made', {
    usageDimension: UsageDimension.CORE, ruleSets: [LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'RuleSet', RULE_SET_ARN)],
  }).metrics, { 'Fn::GetAtt': ['MadeC17AB48A', 'LicenseAssetGroupArn'] }],
  ['an L1', () => LicenseAssetGroupMetrics.fromLicenseAssetGroup(new CfnLicenseAssetGroup(stack, 'Raw', {
    name: 'raw', associatedLicenseAssetRulesetArns: [RULE_SET_ARN], licenseAssetGroupConfigurations: [{ usageDimension: 'Core' }],
  })), { Ref: 'Raw' }],
  ['an imported group', () => imported(UsageDimension.CORE).metrics, ARN],
])('%s has metrics that alarms are made of', (_, make, arn) => {
  make().instanceConsumedLicenseCount().createAlarm(stack, 'Alarm', { threshold: 90, evaluationPeriods: 2, treatMissingData: TreatMissingData.IGNORE });

  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWSLicenseManager/licenseUsage',
    MetricName: 'InstanceConsumedLicenseCount',
    Dimensions: [{ Name: 'LicenseAssetGroupArn', Value: arn }, { Name: 'LicenseCountingType', Value: 'Core' }],
    Statistic: 'Maximum',
    Period: 3600,
    Threshold: 90,
    EvaluationPeriods: 2,
    TreatMissingData: 'ignore',
    Metrics: Match.absent(),
  });
});

test('a licensing model that is a plain text is refused: its value would be missing', () => {
  const licensingModel = JSON.parse('"LicenseIncluded"');
  expect(() => imported().metrics.instanceCount({ licensingModel })).toThrow(
    "Stack/Group: licensingModel is the text 'LicenseIncluded': it has to be of the class LicensingModel. Use one of its constants, or LicensingModel.of().");
});

describe('a group without an L2', () => {
  const l1 = (licenseAssetGroupConfigurations: any) => new CfnLicenseAssetGroup(stack, 'L1', {
    name: 'l1', associatedLicenseAssetRulesetArns: [], licenseAssetGroupConfigurations,
  });

  test('has its usage dimension', () => {
    expect(LicenseAssetGroupMetrics.fromLicenseAssetGroup(l1([{ usageDimension: 'Core' }])).instanceConsumedLicenseCount().dimensions)
      .toMatchObject({ LicenseCountingType: 'Core' });
  });

  test.each([
    ['no configuration', []],
    ['an empty one', [{}]],
    ['a token for one', [Lazy.any({ produce: () => ({ usageDimension: 'Core' }) })]],
    ['a token for all', Lazy.any({ produce: () => [{ usageDimension: 'Core' }] })],
  ])('with %s has the metrics without it', (_what, configurations) => {
    const metrics = LicenseAssetGroupMetrics.fromLicenseAssetGroup(l1(configurations));
    expect(() => metrics.instanceConsumedLicenseCount()).toThrow('Stack/L1: the usage dimension of the group is not known');
    expect(metrics.instanceCount().metricName).toBe('InstanceCount');
  });
});

test('a group of which the usage dimension is not known says what to do', () => {
  expect(() => imported().metrics.instanceConsumedLicenseCount()).toThrow(
    'Stack/Group: the usage dimension of the group is not known, and the metric has it as a dimension. Import the group with ' +
    'LicenseAssetGroup.fromLicenseAssetGroupAttributes or LicenseAssetGroup.fromLookup, and its usageDimension, or pass the dimension: dimensionsMap with LicenseCountingType.');
});
