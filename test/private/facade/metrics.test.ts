import { App, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { usageMetric } from '../../../src/private/facade/metrics';

const env = { account: '111122223333', region: 'us-east-1' };
const resource = new CfnResource(new Stack(new App(), 'Stack', { env }), 'Resource', { type: 'AWS::SNS::Topic' });

test('a metric is of the account and the Region of its resource', () => {
  const metric = usageMetric(resource, 'Count', () => ({ Arn: 'arn' }));

  expect(metric).toMatchObject({
    ...env, namespace: 'AWSLicenseManager/licenseUsage', metricName: 'Count', dimensions: { Arn: 'arn' }, statistic: 'Maximum',
  });
  expect(metric.period.toHours()).toBe(1);
});

test('an account and a Region that are open until the deployment are left out', () => {
  const metric = usageMetric(new CfnResource(new Stack(new App(), 'Stack'), 'Resource', { type: 'AWS::SNS::Topic' }), 'Count', () => ({ Arn: 'arn' }));

  expect(metric).toMatchObject({ account: undefined, region: undefined });
});

test('a dimension that is said need not be known, and the others stay', () => {
  const metric = usageMetric(resource, 'Count', ({ Type }) => {
    expect(Type).toBe('x');
    return { Arn: 'arn', Type };
  }, { dimensionsMap: { Type: 'x', Other: 'y' }, period: Duration.days(1) });

  expect(metric.dimensions).toEqual({ Arn: 'arn', Type: 'x', Other: 'y' });
  expect(metric.period.toDays()).toBe(1);
});
