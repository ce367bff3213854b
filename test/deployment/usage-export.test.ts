/*
 * The export of usage, run as it is deployed: its definition by ministack's interpreter, its function as a process, both with their own roles, whose policies are
 * evaluated, and License Manager's part in the local AWS.
 */
import { randomUUID } from 'node:crypto';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { useDeployment } from './deployment';
import {
  LicenseAssetGroup, LicenseAssetRule, LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationMatch, LicenseCounting,
  UsageDimension, UsageExport,
  UsageResourceType,
} from '../../src';
import type { Seed } from '../local-aws/local-aws';
import { callJson, callQuery, read } from '../support/requests';

const aws = useDeployment();

let outputs: { [name: string]: string };
let windows: string;
let linux: string;

/** Two licenses, of which one is used, and what exports them. */
function define(stack: Stack): UsageExport {
  const license = (name: string) => new LicenseConfiguration(stack, name, {
    licenseConfigurationName: name.toLowerCase(), licenseCounting: LicenseCounting.vcpus(), licenseCount: 10,
  });
  const licenses = [license('Windows'), license('Linux')];
  const ruleSet = new LicenseAssetRuleSet(stack, 'RuleSet', {
    rules: [LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration(licenses))],
  });
  const group = new LicenseAssetGroup(stack, 'Group', { licenseAssetGroupName: 'all', usageDimension: UsageDimension.VCPU, ruleSets: [ruleSet] });
  const audit = new UsageExport(stack, 'Audit', {
    licenseConfigurations: licenses, licenseAssetGroups: [group], inventory: true, athena: true, encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
  });
  audit.grants.query(new Role(stack, 'Auditor', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  licenses.forEach((it) => new CfnOutput(stack, `${it.node.id}Arn`, { value: it.licenseConfigurationArn }));
  new CfnOutput(stack, 'GroupArn', { value: group.licenseAssetGroupArn });
  return told(stack, 'Audit', audit);
}

function told(stack: Stack, name: string, it: UsageExport): UsageExport {
  new CfnOutput(stack, `${name}Machine`, { value: it.stateMachineArn });
  new CfnOutput(stack, `${name}Bucket`, { value: it.bucket.bucketRef.bucketName });
  new CfnOutput(stack, `${name}Queue`, { value: it.deadLetterQueue.queueUrl });
  new CfnOutput(stack, `${name}Database`, { value: it.databaseName ?? 'none' });
  new CfnOutput(stack, `${name}WorkGroup`, { value: it.workGroupName ?? 'none' });
  return it;
}

beforeAll(async () => {
  const deployed = await aws.deploy('Export', define);
  expect(deployed).toMatchObject({ succeeded: true });
  outputs = await aws.outputs('Export');
  [windows, linux] = [outputs.WindowsArn, outputs.LinuxArn];
  await aws.localAws.seed({
    associations: [1, 2, 3].map((number) => ({
      licenseConfigurationArn: windows, resourceArn: `arn:aws:ssm:us-east-1:111122223333:managed-instance/mi-${number}`, consumedLicenses: number,
    })),
    failures: [{ licenseConfigurationArn: windows, resourceArn: 'arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0', errorMessage: 'It failed.' }],
    instances: [{ instanceId: 'i-0123456789abcdef0', usageOperation: 'RunInstances:0800' }],
    settings: { serviceSettings: { CrossRegionDiscoverySourceRegions: ['us-east-1'] } },
  });
});

beforeEach(async () => {
  await aws.localAws.clearFaults();
  await settings({ stateMachineWaitPercent: 0, pageSize: 2, emptyPages: true, resourceInventory: true });
  await messages();
});

const settings = (values: NonNullable<Seed['settings']>) => aws.localAws.seed({ settings: values });
const call = (service: Parameters<typeof callJson>[1], operation: string, parameters: object) =>
  callJson(aws.localAws, service, operation, parameters);

const today = () => new Date().toISOString().slice(0, 10);
const idOf = (arn: string) => arn.split(':').pop()!;
const keyOf = (table: string, subject: string) => `${table}/day=${today()}/account=111122223333/region=us-east-1/${subject}.jsonl`;

/** An execution, to its end. */
async function run(input: object = {}, machine = outputs.AuditMachine): Promise<any> {
  const { executionArn } = await call('states', 'StartExecution', { stateMachineArn: machine, name: randomUUID(), input: JSON.stringify(input) });
  return ended(executionArn);
}

async function ended(executionArn: string): Promise<any> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    const { status, error, cause, output } = await call('states', 'DescribeExecution', { executionArn });
    if (status !== 'RUNNING') {
      return { status, error, cause, output: JSON.parse(output ?? 'null') };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${executionArn} does not end`);
}

/** The lines of an object. */
async function lines(key: string, bucket = outputs.AuditBucket): Promise<any[]> {
  const text = await read(aws.localAws, 's3', `/${bucket}/${key}`);
  expect(text).not.toContain('<Code>');
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

/** The names of the objects of a bucket, or of their versions. */
async function keys(bucket = outputs.AuditBucket, what = 'list-type=2'): Promise<string[]> {
  return [...(await read(aws.localAws, 's3', `/${bucket}?${what}`)).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key).sort();
}

/** The messages that are in the dead-letter queue since they were asked for last. */
async function messages(queue = outputs.AuditQueue): Promise<any[]> {
  const { Messages = [] } = await call('sqs', 'ReceiveMessage', { QueueUrl: queue, MaxNumberOfMessages: 10 });
  for (const { ReceiptHandle } of Messages) {
    await call('sqs', 'DeleteMessage', { QueueUrl: queue, ReceiptHandle });
  }
  return Messages.map(({ Body }: { readonly Body: string }) => JSON.parse(Body));
}

async function waitFor<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const found = await find();
    if (found !== undefined) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('It does not come');
}

const failedMessage = () => waitFor(async () => (await messages())[0]);

/** How often a metric of a state machine was counted. */
async function counted(metric: string): Promise<number> {
  const [sum = '0'] = await callQuery(aws.localAws, 'monitoring', '2010-08-01', 'GetMetricStatistics', 'Sum', {
    'Namespace': 'AWS/States',
    'MetricName': metric,
    'Dimensions.member.1.Name': 'StateMachineArn',
    'Dimensions.member.1.Value': outputs.AuditMachine,
    'StartTime': new Date(Date.now() - 3_600_000).toISOString(),
    'EndTime': new Date(Date.now() + 3_600_000).toISOString(),
    'Period': '7200',
    'Statistics.member.1': 'Sum',
  });
  return Number(sum);
}

test('a run writes an object a table and license, and nothing else', async () => {
  expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: { exported: 4, failed: [] } });

  expect(await keys()).toEqual([
    keyOf('assets', idOf(outputs.GroupArn)), keyOf('inventory', 'inventory'),
    ...['associations', 'failures', 'licenses', 'usage'].flatMap((table) => [windows, linux].map((arn) => keyOf(table, idOf(arn)))),
  ].sort());
  expect((await lines(keyOf('usage', idOf(windows)))).map((line) => [line.resource_arn, line.consumed_licenses])).toEqual(
    [1, 2, 3].map((number) => [`arn:aws:ssm:us-east-1:111122223333:managed-instance/mi-${number}`, number]));
  expect(await lines(keyOf('licenses', idOf(windows)))).toEqual([expect.objectContaining({
    name: 'windows', license_count: 10, consumed_licenses: 6, usage_records: 3, association_records: 3, failure_records: 1, account_id: '111122223333',
  })]);
  expect((await lines(keyOf('failures', idOf(windows)))).map((line) => line.error_message)).toEqual(['It failed.']);
  expect((await lines(keyOf('inventory', 'inventory'))).map((line) => line.resource_id)).toEqual(['i-0123456789abcdef0']);
  expect((await lines(keyOf('assets', idOf(outputs.GroupArn)))).map((line) => line.asset_type)).toEqual(expect.arrayContaining(['LicenseConfiguration']));
});

test('nothing that is used is an object without lines', async () => {
  await run();

  expect(await lines(keyOf('usage', idOf(linux)))).toEqual([]);
  expect(await lines(keyOf('licenses', idOf(linux)))).toEqual([expect.objectContaining({ usage_records: 0, consumed_licenses: 0 })]);
});

test('the same day once more overwrites what there is, and the former version stays', async () => {
  await run();
  const before = await keys();
  await aws.localAws.seed({ associations: [{ licenseConfigurationArn: linux, resourceArn: 'arn:aws:ssm:us-east-1:111122223333:managed-instance/mi-4', consumedLicenses: 4 }] });

  expect(await run()).toMatchObject({ status: 'SUCCEEDED' });

  expect(await keys()).toEqual(before);
  expect(await lines(keyOf('usage', idOf(linux)))).toHaveLength(1);
  expect((await keys(outputs.AuditBucket, 'versions')).filter((key) => key === keyOf('usage', idOf(linux))).length).toBeGreaterThan(1);
});

test('what is throttled is tried again', async () => {
  await aws.localAws.fault({ operation: 'ListUsageForLicenseConfiguration', kind: 'throttle', times: 3 });

  expect(await run()).toMatchObject({ status: 'SUCCEEDED' });
});

test('a license that fails does not keep the others from being exported, is in the queue, and is exported by the input that is told there', async () => {
  const failures = await counted('ExecutionsFailed');
  await aws.localAws.fault({ operation: 'ListAssociationsForLicenseConfiguration', kind: 'not-found', nth: 1 });

  const { status, error, cause } = await run();

  expect([status, error]).toEqual(['FAILED', 'ExportsFailed']);
  expect(cause).toMatch(/^1 of 4 were not exported\. lic-.*ExportFailed: .*To export them again/s);
  expect(await waitFor(async () => await counted('ExecutionsFailed') > failures || undefined)).toBe(true);
  const { detail } = await failedMessage();
  expect(detail).toMatchObject({ status: 'FAILED', error: 'ExportsFailed' });
  const input = JSON.parse(/\{.*\}$/s.exec(detail.cause)![0]);
  expect(input.subjects).toHaveLength(1);
  await aws.localAws.clearCalls();
  expect(await run(input)).toMatchObject({ status: 'SUCCEEDED', output: { exported: 1 } });
  expect((await aws.localAws.calls({ service: 'license-manager' })).map(({ parameters }) => parameters.LicenseConfigurationArn))
    .toEqual(expect.not.arrayContaining([windows, linux].filter((arn) => idOf(arn) !== input.subjects[0])));
  expect(await messages()).toEqual([]);
});

test('an inventory that is not set up fails alone', async () => {
  await settings({ resourceInventory: false });

  const { cause } = await run();

  expect(cause).toMatch(/^1 of 4 were not exported\. inventory: ExportFailed: .*FailedDependencyException/s);
  await failedMessage();
});

test.each<[what: string, input: object, error: string, cause: string]>([
  ['a misspelled member', { scheduledtime: '2026-11-30T23:00:00Z' }, 'InputWrong', 'It has nothing else.'],
  ['a license that is not exported', { subjects: ['arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-1'] }, 'InputWrong', 'subjects'],
  ['nothing to export', { subjects: [] }, 'InputWrong', 'at least one id'],
  ['a time that is long ago', { scheduledTime: '2020-01-01T00:00:00Z' }, 'ExportsFailed', 'which is more than a day ago'],
])('%s is refused', async (_, input, error, cause) => {
  expect(await run(input)).toMatchObject({ status: 'FAILED', error, cause: expect.stringContaining(cause) });
  await failedMessage();
});

test('a run that is late is for the day of its time', async () => {
  const before = new Date(Date.now() - 20 * 3_600_000);
  await run({ scheduledTime: before.toISOString(), subjects: [linux] });

  expect(await keys()).toContain(keyOf('usage', idOf(linux)).replace(today(), before.toISOString().slice(0, 10)));
});

test('the schedule starts a run, for the day of its time', async () => {
  const soon = new Date(Date.now() + 25_000);
  const deployed = await aws.deploy('Scheduled', (stack) => told(stack, 'Audit', new UsageExport(stack, 'Audit', {
    licenseConfigurations: [LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', windows)],
    schedule: ScheduleExpression.at(soon),
    resourceTypes: [UsageResourceType.SYSTEMS_MANAGER_MANAGED_INSTANCE, UsageResourceType.RDS],
    associations: false,
    failures: false,
    objectPrefix: 'a/b/',
    objectLock: ObjectLockRetention.governance(Duration.days(1)),
  })));
  expect(deployed).toMatchObject({ succeeded: true });
  const { AuditMachine, AuditBucket } = await aws.outputs('Scheduled');

  const { executionArn } = await waitFor(async () => (await call('states', 'ListExecutions', { stateMachineArn: AuditMachine })).executions[0]);

  expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { exported: 1 } });
  expect(await keys(AuditBucket)).toEqual(['licenses', 'usage'].map((table) => `a/b/${keyOf(table, idOf(windows))}`));
  expect(await lines(`a/b/${keyOf('usage', idOf(windows))}`, AuditBucket)).toHaveLength(3);
});

test('the tables and the queries are there', async () => {
  const { TableList } = await call('glue', 'GetTables', { DatabaseName: outputs.AuditDatabase });
  expect(TableList.map(({ Name }: any) => Name).sort()).toEqual(['assets', 'associations', 'failures', 'inventory', 'licenses', 'usage']);
  expect(TableList.map(({ Parameters }: any) => Parameters['storage.location.template'])).toContain(`s3://${outputs.AuditBucket}/usage/day=\${day}/`);
  const { NamedQueryIds } = await call('athena', 'ListNamedQueries', { WorkGroup: outputs.AuditWorkGroup });
  expect(NamedQueryIds).toHaveLength(8);
});

test('another stack is updated, rolled back and deleted, and its bucket stays', async () => {
  const one = (more: Partial<ConstructorParameters<typeof UsageExport>[2]>, also: (stack: Stack) => void = () => {}) => aws.deploy('Life', (stack) => {
    const license = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', windows);
    told(stack, 'Audit', new UsageExport(stack, 'Audit', { licenseConfigurations: [license], ...more }));
    also(stack);
  });
  expect(await one({})).toMatchObject({ succeeded: true });
  const { AuditBucket, AuditMachine } = await aws.outputs('Life');
  expect(await run({}, AuditMachine)).toMatchObject({ status: 'SUCCEEDED' });

  expect(await one({ athena: true, retention: Duration.days(30), failures: false })).toMatchObject({ succeeded: true });
  expect(await aws.outputs('Life')).toMatchObject({ AuditBucket, AuditMachine });

  await aws.localAws.fault({ operation: 'CreateLicenseConfiguration', kind: 'error', code: 'InvalidParameterValueException', message: 'No.', status: 400 });
  expect(await one({ athena: true, resourceAccounts: ['444455556666'] }, (stack) => {
    new LicenseConfiguration(stack, 'Refused', { licenseCounting: LicenseCounting.vcpus(), licenseConfigurationName: 'refused' })
      .node.addDependency(stack.node.findChild('Audit'));
  })).toMatchObject({ succeeded: false });
  expect(await aws.stackStatus('Life')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await run({}, AuditMachine)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await lines(keyOf('usage', idOf(windows)), AuditBucket)).toHaveLength(3);

  expect(await aws.destroy('Life')).toMatchObject({ succeeded: true });
  expect(await aws.stackStatus('Life')).toBeUndefined();
  expect(await keys(AuditBucket)).toEqual(['associations', 'failures', 'licenses', 'usage'].map((table) => keyOf(table, idOf(windows))));
});
