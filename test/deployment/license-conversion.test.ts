/*
 * The workflow that converts license types, run as it is deployed: its definition by ministack's interpreter, its calls signed with its role, whose policies are
 * evaluated, and License Manager's part in the local AWS.
 */
import { CfnOutput } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { useDeployment } from './deployment';
import { LicenseConversionPath, LicenseConversionWorkflow } from '../../src';
import type { InstanceSeed, Seed } from '../local-aws/local-aws';
import { endOfExecution, objectsBelow, startExecution } from '../support/executions';
import { callJson, callQuery } from '../support/requests';

const aws = useDeployment();

const BYOL = 'RunInstances:0800';
const INCLUDED = 'RunInstances:0002';
const SQL_SERVER = 'RunInstances:0006';
const AMAZON_IMAGE = 'ami-0fedcba9876543210';
const OWN_IMAGE = 'ami-00000000';

let machines: { [name: string]: string };
let buckets: { [name: string]: string };
let queue: string;

beforeAll(async () => {
  const deployed = await aws.deploy('Conversion', stack => {
    const told = new Queue(stack, 'Queue', { enforceSSL: true });
    const notify = new Topic(stack, 'Topic', { enforceSSL: true });
    notify.addSubscription(new SqsSubscription(told));
    new CfnOutput(stack, 'Messages', { value: told.queueUrl });
    for (const [name, props] of Object.entries({
      Default: { path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED },
      Stopping: { path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED, stopInstances: true, concurrency: 5, notify },
      Limited: { path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED, maximumFailures: 2 },
      Approved: { path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED, notify, requireApproval: true },
      ToByol: { path: LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL },
      ToSqlServer: { path: LicenseConversionPath.WINDOWS_BYOL_TO_SQL_SERVER_STANDARD },
      RedHat: { path: LicenseConversionPath.RHEL_INCLUDED_TO_MARKETPLACE },
      RedHatBack: { path: LicenseConversionPath.RHEL_MARKETPLACE_TO_INCLUDED },
    })) {
      const workflow = new LicenseConversionWorkflow(stack, name, props);
      new CfnOutput(stack, `${name}Arn`, { value: workflow.stateMachineArn });
      new CfnOutput(stack, `${name}Bucket`, { value: workflow.resultsBucket.bucketRef.bucketName });
    }
  });
  expect(deployed).toMatchObject({ succeeded: true });
  const outputs = await aws.outputs('Conversion');
  const ending = (end: string) => Object.fromEntries(
    Object.entries(outputs).filter(([name]) => name.endsWith(end)).map(([name, value]) => [name.slice(0, -end.length), value]));
  machines = ending('Arn');
  buckets = ending('Bucket');
  queue = outputs.Messages;
});

beforeEach(async () => {
  await aws.localAws.clearFaults();
  await messages();
  await settings({
    stateMachineWaitPercent: 0, conversionReads: 1, conversionFailures: {}, instanceStopReads: 1, instancesPerPage: 1000, emptyPages: false,
  });
});

const settings = (values: NonNullable<Seed['settings']>) => aws.localAws.seed({ settings: values });
const seed = (...instances: InstanceSeed[]) => aws.localAws.seed({ instances });
const id = (number: number) => `i-${number.toString(16).padStart(17, '0')}`;
const [ONE, TWO, THREE, FOUR, FIVE] = [1, 2, 3, 4, 5].map(id);

const stepFunctions = (operation: string, parameters: object) => callJson(aws.localAws, 'states', operation, parameters);
const ec2 = (operation: string, element: string, parameters: { [name: string]: string }) => callQuery(aws.localAws, 'ec2', '2016-11-15', operation, element, parameters);

const start = (workflow: string, input: object) => startExecution(aws.localAws, machines[workflow], input);
const ended = (executionArn: string) => endOfExecution(aws.localAws, executionArn);

/** The objects that an execution has written: instance to status and detail. */
async function resultsOf(workflow: string, executionArn: string): Promise<{ [instance: string]: [status: string, detail: string] }> {
  const name = executionArn.split(':').pop();
  const found = await objectsBelow(aws.localAws, buckets[workflow], `${name}/`);
  return Object.fromEntries(Object.entries(found).map(([key, { instanceId, status, detail }]) => {
    expect(key).toBe(`${name}/${status}/${instanceId}.json`);
    return [instanceId, [status, detail]];
  }));
}

async function run(workflow: string, input: object) {
  const arn = await start(workflow, input);
  const end = await ended(arn);
  return { ...end, results: await resultsOf(workflow, arn) };
}

/** State, usage operation and product codes, as EC2 tells them. */
async function instance(instanceId: string): Promise<string[]> {
  const described = (element: string) => ec2('DescribeInstances', element, { 'InstanceId.1': instanceId });
  // Its state, before that of its monitoring, which has another element.
  return [(await described('name'))[0], ...await described('usageOperation'), ...await described('productCode')];
}

/** The messages that the topic got since they were asked for last. */
async function messages(): Promise<Array<{ readonly Subject: string; readonly Message: string }>> {
  const { Messages = [] } = await callJson(aws.localAws, 'sqs', 'ReceiveMessage', { QueueUrl: queue, MaxNumberOfMessages: 10 });
  for (const { ReceiptHandle } of Messages) {
    await callJson(aws.localAws, 'sqs', 'DeleteMessage', { QueueUrl: queue, ReceiptHandle });
  }
  return Messages.map(({ Body }: { readonly Body: string }) => JSON.parse(Body));
}

const states = async () => (await aws.localAws.calls({ service: 'license-manager,ec2,ssm' })).filter(({ userAgent }) => userAgent.startsWith('states.amazonaws.com'));
const CHANGES = /^(Create|Stop|Start|Modify|Terminate)/;
const changes = async () => (await states()).map(({ operation }) => operation).filter(operation => CHANGES.test(operation));

test('a stopped instance is converted, and stays stopped', async () => {
  await seed({ instanceId: ONE, usageOperation: BYOL });

  expect(await run('Default', { instanceIds: [ONE] })).toMatchObject({
    status: 'SUCCEEDED',
    output: { instances: 1, converted: 1, failed: 0, refused: 0 },
    results: { [ONE]: ['converted', 'It has the license type now.'] },
  });
  expect(await instance(ONE)).toEqual(['stopped', INCLUDED]);
});

test('running instances with a tag are stopped, converted and started again, page by page, and the topic is told', async () => {
  await settings({ instancesPerPage: 2 });
  await seed(...[ONE, TWO, THREE, FOUR].map((instanceId): InstanceSeed => ({ instanceId, usageOperation: BYOL, state: 'running', tags: { fleet: 'all' } })));
  await seed({ instanceId: FIVE, usageOperation: BYOL, state: 'stopped', tags: { fleet: 'all' } }, { instanceId: id(6), usageOperation: BYOL, tags: { fleet: 'none' } });

  expect(await run('Stopping', { tag: { key: 'fleet', value: 'all' } })).toMatchObject({ status: 'SUCCEEDED', output: { instances: 5, converted: 5 } });
  expect(await Promise.all([ONE, TWO, THREE, FOUR, FIVE, id(6)].map(instance))).toEqual([
    ...Array(4).fill(['running', INCLUDED]), ['stopped', INCLUDED], ['stopped', BYOL],
  ]);
  expect(await messages()).toMatchObject([{ Subject: 'License type conversion: 5 converted, 0 refused, 0 failed' }]);
});

test.each<[what: string, workflow: string, instance: Partial<InstanceSeed>, detail: string]>([
  ['another license type', 'Default', { usageOperation: SQL_SERVER }, 'It has usage operation «RunInstances:0006», and the path is from «RunInstances:0800».'],
  ['another product code', 'RedHatBack', { usageOperation: 'RunInstances:00g0', productCodes: ['6t1yup6mik9ng3ge36n33xqhw'] },
    'It has usage operation «RunInstances:00g0» with product code 6t1yup6mik9ng3ge36n33xqhw, and the path is from «RunInstances:00g0» with product code '
    + '6cd5fxzrad0cu2j23p692xytz.'],
  ['no product code', 'RedHatBack', { usageOperation: 'RunInstances:00g0' },
    'It has usage operation «RunInstances:00g0», and the path is from «RunInstances:00g0» with product code 6cd5fxzrad0cu2j23p692xytz.'],
  ['a running instance, if it is not to be stopped', 'Default', { state: 'running' }, 'It is running, and the workflow does not stop instances.'],
  ['an instance that starts', 'Stopping', { state: 'pending' }, 'It is pending: only what is running or stopped is converted.'],
  ['a terminated instance', 'Stopping', { state: 'terminated' }, 'It is terminated: only what is running or stopped is converted.'],
  ['stop protection', 'Stopping', { state: 'running', stopProtection: true }, 'It has stop protection, with which a conversion fails.'],
  ['no inventory', 'Default', { inventory: false }, 'AWS Systems Manager has no inventory of it.'],
  ['shared tenancy for a license of one\'s own', 'ToByol', { usageOperation: INCLUDED, imageId: OWN_IMAGE },
    'Its tenancy is default, on which Windows Server BYOL is not permitted.'],
  ['an image of Amazon for a license of one\'s own', 'ToByol', { usageOperation: INCLUDED, tenancy: 'host', imageId: AMAZON_IMAGE },
    'It was launched from an image of Amazon, which is not converted to a license of your own.'],
  ['a Dedicated Host for SQL Server', 'ToSqlServer', { tenancy: 'host' },
    'Its tenancy is host, on which Windows Server and SQL Server Standard included is not permitted.'],
  ['less than 4 vCPUs for SQL Server', 'ToSqlServer', { instanceType: 'm5.large' },
    'It has 2 vCPUs, and Windows Server and SQL Server Standard included needs at least 4.'],
])('%s is refused before anything is touched', async (_, workflow, seeded, detail) => {
  await seed({ instanceId: ONE, usageOperation: BYOL, ...seeded });
  const before = await instance(ONE);
  await aws.localAws.clearCalls();

  const { status, output, results } = await run(workflow, { instanceIds: [ONE] });

  expect([status, output.refused, results]).toEqual(['SUCCEEDED', 1, { [ONE]: ['refused', detail] }]);
  expect([await changes(), await instance(ONE)]).toEqual([[], before]);
});

test('all reasons are told', async () => {
  await seed({ instanceId: ONE, usageOperation: BYOL, instanceType: 'm5.large', tenancy: 'host', inventory: false });

  expect((await run('ToSqlServer', { instanceIds: [ONE] })).results[ONE][1]).toBe(
    'AWS Systems Manager has no inventory of it. Its tenancy is host, on which Windows Server and SQL Server Standard included is not permitted. '
    + 'It has 2 vCPUs, and Windows Server and SQL Server Standard included needs at least 4.');
});

test('an instance that is not there is refused, with what EC2 says', async () => {
  expect((await run('Default', { instanceIds: ['i-0123456789abcdef9'] })).results).toEqual({
    'i-0123456789abcdef9': ['refused', expect.stringContaining('The instance ID \'i-0123456789abcdef9\' does not exist')],
  });
});

test.each<[workflow: string, before: Partial<InstanceSeed>, after: string[]]>([
  ['ToByol', { usageOperation: INCLUDED, tenancy: 'host', imageId: OWN_IMAGE }, ['stopped', BYOL]],
  ['ToByol', { usageOperation: INCLUDED, tenancy: 'dedicated', imageId: 'ami-0aaaaaaaaaaaaaaaa' }, ['stopped', BYOL]],
  ['ToSqlServer', { usageOperation: BYOL, tenancy: 'dedicated', instanceType: 'm5.xlarge' }, ['stopped', SQL_SERVER]],
  ['RedHat', { usageOperation: 'RunInstances:0010' }, ['stopped', 'RunInstances:00g0', '6cd5fxzrad0cu2j23p692xytz']],
  ['RedHatBack', { usageOperation: 'RunInstances:00g0', productCodes: ['6cd5fxzrad0cu2j23p692xytz'] }, ['stopped', 'RunInstances:0010']],
])('%s: what is just permitted is converted', async (workflow, before, after) => {
  await seed({ instanceId: ONE, ...before });

  expect(await run(workflow, { instanceIds: [ONE] })).toMatchObject({ status: 'SUCCEEDED', output: { converted: 1 } });
  expect(await instance(ONE)).toEqual(after);
});

test('a dry run tells what would be refused, and touches nothing', async () => {
  await seed(
    { instanceId: ONE, usageOperation: BYOL, state: 'running' }, { instanceId: TWO, usageOperation: SQL_SERVER, state: 'running' },
    { instanceId: THREE, usageOperation: INCLUDED });
  await aws.localAws.clearCalls();

  const { status, output, results } = await run('Stopping', { instanceIds: [ONE, TWO, THREE], dryRun: true });

  expect([status, output]).toEqual(['SUCCEEDED', expect.objectContaining({ dryRun: true, instances: 3, ready: 1, refused: 1, unchanged: 1, converted: 0 })]);
  expect(results).toEqual({
    [ONE]: ['ready', 'Nothing speaks against it.'],
    [TWO]: ['refused', expect.stringContaining('It has usage operation')],
    [THREE]: ['unchanged', 'It has the license type already.'],
  });
  expect(await changes()).toEqual([]);
  expect((await messages()).map(({ Subject }) => Subject)).toEqual(['License type conversion: 1 ready, 1 refused, 0 failed']);
});

test('a conversion that fails does not stop the others, and its instance is started again', async () => {
  await settings({ conversionFailures: { [ONE]: 'Windows could not be validated.' } });
  await seed(...[ONE, TWO].map((instanceId): InstanceSeed => ({ instanceId, usageOperation: BYOL, state: 'running' })));

  const { status, error, cause, results } = await run('Stopping', { instanceIds: [ONE, TWO] });

  expect([status, error]).toEqual(['FAILED', 'ConversionsFailed']);
  expect(cause).toMatch(/^1 of 2 instances failed, 0 not started\. Results: s3:\/\//);
  expect(results).toEqual({
    [ONE]: ['failed', 'License Manager says: Windows could not be validated.'], [TWO]: ['converted', 'It has the license type now.'],
  });
  expect(await Promise.all([ONE, TWO].map(instance))).toEqual([['running', BYOL], ['running', INCLUDED]]);
  expect((await messages()).map(({ Subject }) => Subject)).toEqual(['License type conversion: 1 converted, 0 refused, 1 failed']);
});

test('after the failures that are allowed no further one is begun', async () => {
  await settings({ conversionFailures: Object.fromEntries([ONE, THREE].map(it => [it, 'It failed.'])) });
  await seed(...[ONE, TWO, THREE, FOUR, FIVE].map((instanceId): InstanceSeed => ({ instanceId, usageOperation: BYOL })));

  const { cause, results } = await run('Limited', { instanceIds: [ONE, TWO, THREE, FOUR, FIVE] });

  expect(cause).toMatch(/^2 of 5 instances failed, 2 not started/);
  expect([ONE, TWO, THREE, FOUR, FIVE].map(it => results[it][0])).toEqual(['failed', 'converted', 'failed', 'notStarted', 'notStarted']);
  expect(await instance(FIVE)).toEqual(['stopped', BYOL]);
});

test('an instance that dies while it is converted has failed, and says so', async () => {
  await settings({ conversionReads: 1000, stateMachineWaitPercent: 1 });
  await seed({ instanceId: ONE, usageOperation: BYOL, state: 'running' }, { instanceId: TWO, usageOperation: SQL_SERVER });
  await aws.localAws.clearCalls();
  const execution = await start('Stopping', { instanceIds: [ONE, TWO] });
  await until(async () => (await aws.localAws.calls({ operation: 'GetLicenseConversionTask' })).length > 0);

  await ec2('TerminateInstances', 'name', { 'InstanceId.1': ONE });

  expect(await ended(execution)).toMatchObject({ status: 'FAILED', error: 'ConversionsFailed' });
  expect(await resultsOf('Stopping', execution)).toEqual({
    [ONE]: ['failed', expect.stringMatching(/^License Manager says: The instance was terminated\. It ran before, and was not started again: /)],
    [TWO]: ['refused', expect.anything()],
  });
});

test('an execution that is started twice converts once, and both end well', async () => {
  await settings({ conversionReads: 6, stateMachineWaitPercent: 1, emptyPages: true });
  await seed({ instanceId: ONE, usageOperation: BYOL, state: 'running' });
  await aws.localAws.clearCalls();
  const first = await start('Stopping', { instanceIds: [ONE, ONE] });
  await until(async () => (await aws.localAws.calls({ operation: 'GetLicenseConversionTask' })).length > 0);

  const second = await start('Stopping', { instanceIds: [ONE] });

  expect((await Promise.all([first, second].map(ended))).map(({ status, output }) => [status, output.instances, output.converted])).toEqual(
    Array(2).fill(['SUCCEEDED', 1, 1]));
  expect((await run('Stopping', { instanceIds: [ONE] })).results).toEqual({ [ONE]: ['unchanged', 'It has the license type already.'] });
  expect((await changes()).filter(operation => operation.startsWith('Create'))).toEqual(['CreateLicenseConversionTaskForResource']);
  expect(await instance(ONE)).toEqual(['running', INCLUDED]);
});

test('a conversion to another license type that is in progress is left alone', async () => {
  await settings({ conversionReads: 1000, stateMachineWaitPercent: 1 });
  await seed({ instanceId: ONE, usageOperation: BYOL });
  const { LicenseConversionTaskId: task } = await callJson(aws.localAws, 'license-manager', 'CreateLicenseConversionTaskForResource', {
    ResourceArn: `arn:aws:ec2:us-east-1:${aws.localAws.account}:instance/${ONE}`,
    SourceLicenseContext: { UsageOperation: BYOL },
    DestinationLicenseContext: { UsageOperation: SQL_SERVER },
  });

  expect((await run('Default', { instanceIds: [ONE] })).results).toEqual({ [ONE]: ['refused', `Conversion ${task} to «RunInstances:0006» is in progress.`] });
});

test.each<[what: string, fault: Parameters<typeof aws.localAws.fault>[0]]>([
  ['is throttled', { operation: 'CreateLicenseConversionTaskForResource', kind: 'throttle', times: 3 }],
  ['is cut after License Manager has done it', { operation: 'CreateLicenseConversionTaskForResource', kind: 'cut-after' }],
  ['fails, and somebody else has begun it', { operation: 'CreateLicenseConversionTaskForResource', kind: 'server-error', done: true }],
  ['can be followed in spite of throttling', { operation: 'GetLicenseConversionTask', kind: 'throttle', times: 3 }],
  ['can be verified in spite of an error of EC2', { service: 'ec2', operation: 'DescribeInstances', kind: 'server-error', times: 2, nth: 2 }],
])('a conversion that %s comes to its end, and is begun once', async (_, fault) => {
  await seed({ instanceId: ONE, usageOperation: BYOL });
  await aws.localAws.clearCalls();
  await aws.localAws.fault(fault);

  expect(await run('Default', { instanceIds: [ONE] })).toMatchObject({ status: 'SUCCEEDED', output: { converted: 1 } });
  expect((await aws.localAws.calls({ operation: 'CreateLicenseConversionTaskForResource' })).filter(({ status }) => status === 200 || status === null).length)
    .toBeLessThanOrEqual(1);
});

test('what License Manager refuses is told, and the instance is started again', async () => {
  await seed({ instanceId: ONE, usageOperation: BYOL, state: 'running' });
  await aws.localAws.fault({
    operation: 'CreateLicenseConversionTaskForResource', kind: 'error', code: 'ValidationException', message: 'The SSM Agent is old.', status: 400,
  });

  expect((await run('Stopping', { instanceIds: [ONE] })).results).toEqual({
    [ONE]: ['failed', 'LicenseManager.ValidationException: The SSM Agent is old. (Service: LicenseManager, Status Code: 400)'],
  });
  expect(await instance(ONE)).toEqual(['running', BYOL]);
});

test('an instance that cannot be started again has failed', async () => {
  await seed({ instanceId: ONE, usageOperation: BYOL, state: 'running' });
  await aws.localAws.fault({
    service: 'ec2', operation: 'StartInstances', kind: 'error', code: 'InsufficientInstanceCapacity', message: 'There is no capacity.', status: 500, times: null,
  });

  expect((await run('Stopping', { instanceIds: [ONE] })).results).toEqual({
    [ONE]: ['failed', expect.stringMatching(/^It has the license type now\. It ran before, and was not started again: There is no capacity\./)],
  });
});

test('an instance that does not stop is given up, and its result says that it was not started again, if it ran', async () => {
  await settings({ instanceStopReads: 1000 });
  await seed(...[ONE, TWO].map((instanceId): InstanceSeed => ({ instanceId, usageOperation: BYOL, state: 'running' })));
  await ec2('StopInstances', 'name', { 'InstanceId.1': TWO });
  await aws.localAws.clearCalls();

  const why = 'It has not stopped within 20 minutes, and is stopping.';
  expect((await run('Stopping', { instanceIds: [ONE, TWO] })).results).toEqual({
    [ONE]: ['failed', `${why} It ran before, and was not started again: start it when it has stopped.`], [TWO]: ['failed', why],
  });
  expect(await changes()).toEqual(['StopInstances']);
});

test('a conversion that does not end is given up, and its instance not started', async () => {
  await settings({ conversionReads: 1000 });
  await seed({ instanceId: ONE, usageOperation: BYOL, state: 'running' });
  await aws.localAws.clearCalls();

  expect((await run('Stopping', { instanceIds: [ONE] })).results).toEqual({
    [ONE]: ['failed', 'The conversion is in progress after 120 minutes. Do not start the instance before it has ended.'],
  });
  expect(await changes()).toEqual(['StopInstances', 'CreateLicenseConversionTaskForResource']);
});

describe('an approval', () => {
  const token = async () => {
    let found: Awaited<ReturnType<typeof messages>> = [];
    await until(async () => (found = await messages()).length > 0);
    expect(found.map(({ Subject }) => Subject)).toEqual(['License type conversion: 1 instance to be approved']);
    return /send-task-success --task-output \{\} --task-token (\S+)/.exec(found[0].Message)![1];
  };

  test('lets the execution begin', async () => {
    await seed({ instanceId: ONE, usageOperation: BYOL });
    await aws.localAws.clearCalls();
    const execution = await start('Approved', { instanceIds: [ONE] });
    const taskToken = await token();
    expect((await states()).map(({ operation }) => operation)).toEqual([]);

    await stepFunctions('SendTaskSuccess', { taskToken, output: '{}' });

    expect(await ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { converted: 1 } });
  });

  test('that is refused ends it, and nothing was touched', async () => {
    await seed({ instanceId: ONE, usageOperation: BYOL });
    const execution = await start('Approved', { instanceIds: [ONE] });

    await stepFunctions('SendTaskFailure', { taskToken: await token(), error: 'Refused' });

    expect(await ended(execution)).toMatchObject({
      status: 'FAILED', error: 'NotApproved', cause: 'Nobody has approved of it, and nothing was touched: Refused',
    });
    expect(await instance(ONE)).toEqual(['stopped', BYOL]);
  });

  test('is not asked for by a dry run', async () => {
    await seed({ instanceId: ONE, usageOperation: BYOL });

    expect(await run('Approved', { instanceIds: [ONE], dryRun: true })).toMatchObject({ status: 'SUCCEEDED', output: { ready: 1 } });
  });
});

test.each<[what: string, input: object]>([
  ['nothing', {}],
  ['no instances', { instanceIds: [] }],
  ['an instance that is no text', { instanceIds: [1] }],
  ['an empty id', { instanceIds: [ONE, ''] }],
  ['the id of something else', { instanceIds: ['vol-0123456789abcdef0'] }],
  ['an id with more behind it', { instanceIds: [`${ONE}/x`] }],
  ['instances and a tag', { instanceIds: [ONE], tag: { key: 'a', value: 'b' } }],
  ['a tag without a value', { tag: { key: 'a' } }],
  ['a misspelled dryRun', { instanceIds: [ONE], dryrun: true }],
  ['a dryRun that is a text', { instanceIds: [ONE], dryRun: 'false' }],
])('an input with %s is wrong, and nothing is asked', async (_, input) => {
  await aws.localAws.clearCalls();

  expect(await ended(await start('Default', input))).toMatchObject({ status: 'FAILED', error: 'InputWrong' });
  expect(await states()).toEqual([]);
});

test('a tag that no instance has converts nothing', async () => {
  expect(await run('Stopping', { tag: { key: 'fleet', value: 'unknown' } })).toMatchObject({ status: 'SUCCEEDED', output: { instances: 0, failed: 0 } });
});

test('hundreds of instances are looked at, and each has its result', async () => {
  const many = Array.from({ length: 250 }, (_, index) => id(1000 + index));
  await settings({ instancesPerPage: 100 });
  await seed(...many.map((instanceId, index): InstanceSeed => ({ instanceId, usageOperation: index % 2 ? BYOL : SQL_SERVER, tags: { fleet: 'many' } })));

  const { output, results } = await run('Stopping', { tag: { key: 'fleet', value: 'many' }, dryRun: true });

  expect(output).toMatchObject({ instances: 250, ready: 125, refused: 125, failed: 0 });
  expect(Object.keys(results).sort()).toEqual(many.sort());
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600 && !await isSo(); attempt++) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
