/*
 * What is left of a license, and for how long: metrics of metric math, and the alarm on the first.
 */
import { App, CfnParameter, Duration, Expiration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { makeLicense } from './licenses';
import { LicenseConfiguration, LicenseConfigurationMetrics, LicenseCounting } from '../../src';
import type { HeadroomAlarmOptions, LicenseConfigurationProps } from '../../src';

const arn = (region = 'us-east-1') => `arn:aws:license-manager:${region}:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef`;
const EXPIRY = Expiration.atDate(new Date('2099-06-30T00:00:00Z'));

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const license = (props: Partial<LicenseConfigurationProps> = {}) => new LicenseConfiguration(stack, 'Windows', {
  licenseConfigurationName: 'windows', licenseCounting: LicenseCounting.cores(), licenseCount: 96, ...props,
});
const imported = (licenseCounting?: LicenseCounting, region?: string) => LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'Imported', {
  licenseConfigurationArn: arn(region), licenseCounting,
});
const alarm = () => Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))[0].Properties;
const add = (options: Partial<HeadroomAlarmOptions> = {}, of: Partial<LicenseConfigurationProps> = {}) =>
  () => license(of).addHeadroomAlarm('Left', { licensesLeft: 8, ...options });

describe('the alarm on what is left', () => {
  test('is on that many, and on less, of all that there are without those that are used', () => {
    add()();
    const { Metrics: [result, total, used], ...properties } = alarm();
    expect(properties).toEqual({
      AlarmDescription: '8 or fewer licenses of \'windows\' of account 111122223333 in us-east-1 are left, of 96 cores, a soft limit. Look at Self-managed licenses in the '
        + 'console of AWS License Manager: https://console.aws.amazon.com/license-manager/home?region=us-east-1',
      ComparisonOperator: 'LessThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      Threshold: 8,
      TreatMissingData: 'ignore',
    });
    expect(result).toMatchObject({ Expression: `${total.Id} - ${used.Id}`, ReturnData: true });
    expect([total, used].map(({ MetricStat: { Metric, Period, Stat }, ReturnData }) => [Metric.MetricName, Period, Stat, ReturnData])).toEqual([
      ['TotalLicenseConfigurationUsageCount', 3600, 'Maximum', false], ['LicenseConfigurationUsageCount', 3600, 'Maximum', false],
    ]);
  });

  test('is as it is said to be', () => {
    const action = { bind: () => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111122223333:topic' }) };
    add({ evaluationPeriods: 3, alarmName: 'left', alarmDescription: 'mine', licenseConfigurationType: 'Other', actions: [action], okActions: [action] })();
    expect(alarm()).toMatchObject({
      EvaluationPeriods: 3, AlarmName: 'left', AlarmDescription: 'mine', AlarmActions: [action.bind().alarmActionArn], OKActions: [action.bind().alarmActionArn],
    });
    expect(alarm().Metrics[1].MetricStat.Metric.Dimensions).toContainEqual({ Name: 'LicenseConfigurationType', Value: 'Other' });
  });

  test.each<[string, () => unknown, string]>([
    ['a license without a number', add({}, { licenseCount: undefined }), 'alarm \'Left\' is on the number of licenses that are left, but the license has no licenseCount.'],
    ['no number', add({ licensesLeft: NaN }), 'licensesLeft of alarm \'Left\' is NaN'],
    ['a number without end', add({ licensesLeft: Infinity }), 'licensesLeft of alarm \'Left\' is Infinity: it has to be a number of licenses. Correct it.'],
    ['less than 0 of a hard limit', add({ licensesLeft: -1 }, { licenseCountHardLimit: true }), 'a hard limit keeps it at 0 or above, the alarm could never go off.'],
    ['0 evaluation periods', add({ evaluationPeriods: 0 }), 'it has to be a whole number from 1 to 168'],
    ['169 evaluation periods', add({ evaluationPeriods: 169 }), 'it has to be a whole number from 1 to 168'],
    ['an unknown counting type', () => imported().addHeadroomAlarm('Left', { licensesLeft: 8 }), 'the counting type of the license is not known'],
    ['a license of another Region', () => imported(LicenseCounting.cores(), 'eu-west-1').addHeadroomAlarm('Left', { licensesLeft: 8 }),
      'the license is in Region \'eu-west-1\' and alarm \'Left\' in \'us-east-1\''],
  ])('%s is refused', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test.each<[string, Partial<HeadroomAlarmOptions>, Partial<LicenseConfigurationProps>]>([
    ['0 of a hard limit', { licensesLeft: 0 }, { licenseCountHardLimit: true }],
    ['less than 0 of a soft limit', { licensesLeft: -1 }, {}],
    ['168 evaluation periods', { evaluationPeriods: 168 }, {}],
  ])('%s is taken', (_, options, of) => {
    add(options, of)();
    expect(alarm()).toMatchObject({ Threshold: options.licensesLeft ?? 8 });
  });

  test.each([[95, 0], [96, 1], [97, 1]])('on %d of 96 licenses causes %d warnings', (licensesLeft, count) => {
    add({ licensesLeft })();
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('the alarm is on with none in use'))).toHaveLength(count);
  });

  test('takes tokens, and an imported license of which the counting is known', () => {
    const licensesLeft = new CfnParameter(stack, 'Left', { type: 'Number' }).valueAsNumber;
    imported(LicenseCounting.cores()).addHeadroomAlarm('Left', { licensesLeft });
    expect(alarm()).toMatchObject({ Threshold: { Ref: 'Left' }, AlarmDescription: { 'Fn::Join': ['', [{ Ref: 'Left' }, expect.stringContaining(' or fewer licenses')]] } });
  });
});

describe('metrics of metric math', () => {
  test('of several licenses have ids of their own', () => {
    const [one, other] = [makeLicense(stack, 'One'), makeLicense(stack, 'Other')].map(it => LicenseConfigurationMetrics.fromLicenseConfiguration(it).headroom());
    expect(Object.keys({ ...one.usingMetrics, ...other.usingMetrics })).toHaveLength(4);
  });

  test('have labels, colors and periods', () => {
    const { metrics } = license({ licenseExpiry: EXPIRY });
    expect(metrics.headroom()).toMatchObject({ label: 'Licenses left', period: Duration.hours(1) });
    expect(metrics.daysUntilExpiry()).toMatchObject({ label: 'Days until expiry', period: Duration.hours(1) });
    for (const metric of [metrics.headroom, metrics.daysUntilExpiry]) {
      const made = metric.call(metrics, { label: 'mine', color: '#fff', period: Duration.hours(6) });
      expect([made.label, made.color, made.period.toHours(), ...Object.values(made.usingMetrics).map(it => (it as any).period.toHours())].slice(0, 4)).toEqual(['mine', '#fff', 6, 6]);
    }
  });

  test('count the days to the date of the license, or to one that is given', () => {
    const { metrics } = license({ licenseExpiry: EXPIRY });
    const [used] = Object.keys(metrics.daysUntilExpiry().usingMetrics);
    expect(metrics.daysUntilExpiry().expression).toBe(`(4086460800 - EPOCH(${used})) / 86400`);
    expect(metrics.daysUntilExpiry({ licenseExpiry: Expiration.atDate(new Date('2030-01-01T00:00:00Z')) }).expression).toContain('(1893456000 - EPOCH(');
  });

  test('count no days to a date that is not known', () => {
    expect(() => license().metrics.daysUntilExpiry()).toThrow('Stack/Windows: it is not known when the licenses of \'Stack/Windows\' expire. Set licenseExpiry of the license, or, if '
      + 'somebody else makes it, licenseExpiry of the metric.');
  });
});
