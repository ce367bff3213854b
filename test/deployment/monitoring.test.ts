/*
 * The dashboard, alarms and reminders, as they are deployed: CloudFormation's types, the evaluation of alarms, and schedules that call Amazon SNS with their
 * role, whose policies are evaluated.
 */
import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CfnOutput, Expiration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { useDeployment } from './deployment';
import {
  LicenseAlarms, LicenseConfiguration, LicenseConversionPath, LicenseConversionWorkflow, LicenseCounting, LicenseDashboard, LinuxSubscription,
} from '../../src';
import { callJson, callRest } from '../support/requests';

const aws = useDeployment();

const EXPIRY = new Date('2099-06-30T00:00:00Z');

interface Watched {
  readonly licensesLeft?: number;
  readonly daysBefore?: number[];
  /** Something that CloudFormation refuses, after all else. */
  readonly broken?: boolean;
}

function watch(stack: Stack, { licensesLeft = 8, daysBefore = [90, 7], broken = false }: Watched = {}): void {
  // ministack has alarms tell without TLS, which a policy would refuse.
  const queue = new Queue(stack, 'Queue');
  const topic = new Topic(stack, 'Topic', { enforceSSL: true });
  topic.addSubscription(new SqsSubscription(queue));
  LicenseAlarms.of(stack).configure({ alarmNamePrefix: 'licenses-', actions: [] });
  const windows = new LicenseConfiguration(stack, 'Windows', {
    licenseConfigurationName: 'windows', licenseCounting: LicenseCounting.cores(), licenseCount: 96, licenseExpiry: Expiration.atDate(EXPIRY),
  });
  windows.addHeadroomAlarm('FewLeft', { licensesLeft });
  windows.addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90 });
  windows.addExpiryReminder('Expiry', { daysBefore, topic });
  const composite = LicenseAlarms.of(stack).addCompositeAlarm('Any', { actions: [{ bind: () => ({ alarmActionArn: topic.topicArn }) }] });
  const workflow = new LicenseConversionWorkflow(stack, 'Conversion', { path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED });
  const { dashboard } = new LicenseDashboard(stack, 'Dashboard', {
    dashboardName: 'licenses', licenseConfigurations: [windows], linuxSubscriptions: [LinuxSubscription.RHEL], stateMachines: [workflow.stateMachine],
  });
  new CfnOutput(stack, 'Messages', { value: queue.queueUrl });
  new CfnOutput(stack, 'License', { value: windows.licenseConfigurationArn });
  if (broken) {
    const refused = new CfnAlarm(stack, 'Refused', {
      comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, threshold: 1, metrics: [{ id: 'a', expression: 'nothing + 1', returnData: true }],
    });
    refused.node.addDependency(dashboard, composite, windows);
  }
}

let cloudWatch: CloudWatchClient;
beforeAll(() => {
  cloudWatch = new CloudWatchClient(aws.localAws.clientConfig);
});

/** Alarms by their logical names: threshold and state; and the rule of the composite one. */
async function alarms() {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
  return {
    metric: Object.fromEntries(MetricAlarms.map(it => [/FewLeft|NearlyUsedUp/.exec(it.AlarmName!)![0], it])),
    composite: CompositeAlarms,
  };
}

const schedules = async () => (await callRest(aws.localAws, 'scheduler', 'GET', '/schedules')).Schedules as { readonly Name: string }[];
const schedule = (name: string) => callRest(aws.localAws, 'scheduler', 'GET', `/schedules/${name}`);

async function widgets(): Promise<any[]> {
  return JSON.parse((await cloudWatch.send(new GetDashboardCommand({ DashboardName: 'licenses' }))).DashboardBody!).widgets;
}

const emit = (license: string, total: number, used: number) => cloudWatch.send(new PutMetricDataCommand({
  Namespace: 'AWSLicenseManager/licenseUsage',
  MetricData: Object.entries({
    TotalLicenseConfigurationUsageCount: total, LicenseConfigurationUsageCount: used, LicenseConfigurationUsagePercentage: used / total * 100,
  }).map(([MetricName, Value]) => ({
    MetricName, Value, Dimensions: [{ Name: 'LicenseConfigurationArn', Value: license }, { Name: 'LicenseConfigurationType', Value: 'Core' }],
  })),
}));

/** The next message of the topic. */
async function message(queue: string): Promise<{ readonly Subject: string; readonly Message: string }> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const { Messages = [] } = await callJson(aws.localAws, 'sqs', 'ReceiveMessage', { QueueUrl: queue, WaitTimeSeconds: 1 });
    for (const { Body, ReceiptHandle } of Messages) {
      await callJson(aws.localAws, 'sqs', 'DeleteMessage', { QueueUrl: queue, ReceiptHandle });
      return JSON.parse(Body);
    }
  }
  throw new Error('there is no message');
}

test('all of it is deployed, tells, is changed, rolled back and deleted', async () => {
  expect(await aws.deploy('Watching', stack => watch(stack))).toMatchObject({ succeeded: true });
  const { License: license, Messages: queue } = await aws.outputs('Watching');

  // The dashboard has what the stack has.
  const shown = await widgets();
  expect(shown.map(({ type }) => type)).toEqual(['text', 'alarm', ...Array(6).fill('metric')]);
  expect(JSON.stringify(shown)).toContain(license);
  const { composite: [any], metric } = await alarms();
  expect(shown[1].properties.alarms.sort()).toEqual([any.AlarmArn, metric.FewLeft.AlarmArn, metric.NearlyUsedUp.AlarmArn].sort());

  // Alarms that are named and say what they are about.
  expect(any.AlarmRule).toBe(`ALARM("${metric.FewLeft.AlarmName}") OR ALARM("${metric.NearlyUsedUp.AlarmName}")`);
  expect([any, metric.FewLeft, metric.NearlyUsedUp].every(({ AlarmName }) => AlarmName!.startsWith('licenses-'))).toBe(true);
  expect(metric.FewLeft.AlarmDescription).toBe(
    `8 or fewer licenses of 'windows' of account ${aws.localAws.account} in us-east-1 are left, of 96 cores, a soft limit. Look at Self-managed licenses in the console `
    + 'of AWS License Manager: https://console.aws.amazon.com/license-manager/home?region=us-east-1');

  // The alarm on what is left goes off by itself, and the composite one tells it.
  await emit(license, 96, 80);
  expect((await alarms()).metric.FewLeft.StateValue).toBe('OK');
  await emit(license, 96, 88);
  expect((await alarms()).metric).toMatchObject({ FewLeft: { StateValue: 'ALARM' } });
  expect((await alarms()).composite).toMatchObject([{ StateValue: 'ALARM' }]);
  expect((await message(queue)).Subject).toContain('ALARM');

  // Reminders: what is there of them now, is called as the scheduler does.
  expect((await schedules()).length).toBe(2);
  const due = (await Promise.all((await schedules()).map(({ Name }) => schedule(Name)))).find(it => it.ScheduleExpression === 'at(2099-06-23T00:00:00)');
  expect(due).toMatchObject({ State: 'ENABLED', Description: 'The licenses of a self-managed license expire in 7 days' });
  await callRest(aws.localAws, 'scheduler', 'PUT', `/schedules/${due.Name}`, { ...due, ScheduleExpression: 'at(2020-01-01T00:00:00)' });
  expect(await message(queue)).toMatchObject({
    Subject: 'Licenses expire in 7 days: windows',
    Message: `The licenses of 'windows' of account ${aws.localAws.account} in us-east-1 (96 cores, a soft limit) expire in 7 days, at 2099-06-30T00:00:00Z. Renew them, and `
      + 'set the new date. Look at Self-managed licenses in the console of AWS License Manager: https://console.aws.amazon.com/license-manager/home?region=us-east-1',
  });
  const called = (await aws.localAws.calls({ service: 'sns' })).filter(({ userAgent }) => userAgent.startsWith('scheduler.amazonaws.com'));
  expect(called.map(({ operation, status }) => [operation, status])).toEqual([['Publish', 200]]);

  // Changes, in place.
  expect(await aws.deploy('Watching', stack => watch(stack, { licensesLeft: 4, daysBefore: [90, 14] }))).toMatchObject({ succeeded: true });
  expect((await alarms()).metric.FewLeft).toMatchObject({ AlarmName: metric.FewLeft.AlarmName, Threshold: 4 });
  const times = async () => (await Promise.all((await schedules()).map(({ Name }) => schedule(Name)))).map(it => it.ScheduleExpression).sort();
  expect(await times()).toEqual(['at(2099-04-01T00:00:00)', 'at(2099-06-16T00:00:00)']);

  // What fails, is rolled back.
  expect(await aws.deploy('Watching', stack => watch(stack, { licensesLeft: 2, daysBefore: [30], broken: true }))).toMatchObject({ succeeded: false });
  expect(await aws.stackStatus('Watching')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await aws.failures('Watching'))[0]).toContain('unknown nothing');
  expect((await alarms()).metric.FewLeft.Threshold).toBe(4);
  expect(await times()).toEqual(['at(2099-04-01T00:00:00)', 'at(2099-06-16T00:00:00)']);

  expect(await aws.destroy('Watching')).toMatchObject({ succeeded: true });
  expect(await alarms()).toEqual({ metric: {}, composite: [] });
  expect(await schedules()).toEqual([]);
  await expect(widgets()).rejects.toThrow();
});

test('a reminder whose time has passed since the synthesis is refused, and nothing stays', async () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2019-01-01T00:00:00Z'));
  const assembly = aws.synthesize('Late', stack => {
    new LicenseConfiguration(stack, 'Windows', {
      licenseCounting: LicenseCounting.cores(), licenseCount: 1, licenseExpiry: Expiration.atDate(new Date('2020-01-01T00:00:00Z')),
    }).addExpiryReminder('Expiry', { daysBefore: [30], topic: new Topic(stack, 'Topic', { enforceSSL: true }) });
  });
  now.mockRestore();

  expect(await aws.cdk(['deploy', 'Late', '--app', assembly, '--require-approval', 'never', '--progress', 'events'])).toMatchObject({ succeeded: false });
  expect((await aws.failures('Late'))[0]).toContain('Invalid Schedule Expression at(2019-12-02T00:00:00)');
  expect(await aws.stackStatus('Late')).toBe('ROLLBACK_COMPLETE');
  expect(await schedules()).toEqual([]);
});
