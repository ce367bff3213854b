// License type conversion in the local AWS: the workflow of a stack converts two instances, and refuses a third one.
import { deepStrictEqual } from 'node:assert';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { callJson, callQuery, read } from '../../test/support/requests.ts';

const TAG = { key: 'license', value: 'byol' };
const [BYOL, SQL_SERVER] = ['RunInstances:0800', 'RunInstances:0006'];

/** One that is stopped, one that runs, and one that has another license than the workflow converts. */
const SERVERS = [
  { instanceId: 'i-0aaaaaaaaaaaaaaa1', usageOperation: BYOL, state: 'stopped' },
  { instanceId: 'i-0aaaaaaaaaaaaaaa2', usageOperation: BYOL, state: 'running' },
  { instanceId: 'i-0aaaaaaaaaaaaaaa3', usageOperation: SQL_SERVER, state: 'running' },
];

/** Puts the instances into the account, which convert in no time. */
export async function seedServers(localAws) {
  await localAws.seed({
    instances: SERVERS.map((server) => ({ ...server, tags: { [TAG.key]: TAG.value } })),
    settings: { stateMachineWaitPercent: 0, conversionReads: 1 },
  });
}

/**
 * Runs the workflow of a stack, first dry, and prints what has become of each instance.
 *
 * Throws unless two are converted and one is refused.
 */
export async function convertServers(localAws, stackName) {
  const stateMachineArn = await workflowOf(localAws, stackName);
  for (const dryRun of [true, false]) {
    const { output, results } = await execute(localAws, stateMachineArn, { tag: TAG, dryRun });
    console.log(dryRun ? 'Dry run, which touches nothing:' : '\nThe same, in earnest:');
    for (const { instanceId, status, detail } of results) {
      console.log(`  ${instanceId} │ ${status.padEnd(9)} │ ${detail} It is ${await stateOf(localAws, instanceId)}.`);
    }
    deepStrictEqual([output.ready, output.converted, output.refused, output.failed], dryRun ? [2, 0, 1, 0] : [0, 2, 1, 0],
      'Two instances should have been converted, and one refused.');
  }
}

/** Takes the instances away again. */
export async function terminateServers(localAws) {
  const ids = Object.fromEntries(SERVERS.map(({ instanceId }, index) => [`InstanceId.${index + 1}`, instanceId]));
  await callQuery(localAws, 'ec2', '2016-11-15', 'TerminateInstances', 'name', ids);
}

async function workflowOf(localAws, stackName) {
  const { StackResources } = await new CloudFormationClient(localAws.clientConfig).send(new DescribeStackResourcesCommand({ StackName: stackName }));
  return StackResources.find(({ ResourceType, LogicalResourceId }) =>
    ResourceType === 'AWS::StepFunctions::StateMachine' && LogicalResourceId.startsWith('ToIncluded')).PhysicalResourceId;
}

/** How an execution has ended, with the results that it has written, by instance. */
async function execute(localAws, stateMachineArn, input) {
  const { executionArn } = await callJson(localAws, 'states', 'StartExecution', { stateMachineArn, input: JSON.stringify(input) });
  let execution;
  do {
    await new Promise((resolve) => setTimeout(resolve, 100));
    execution = await callJson(localAws, 'states', 'DescribeExecution', { executionArn });
  } while (execution.status === 'RUNNING');
  if (execution.status !== 'SUCCEEDED') {throw new Error(`The workflow has ended as ${execution.status}: ${execution.cause}`);}
  const output = JSON.parse(execution.output);
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(output.results);
  const listed = await read(localAws, 's3', `/${bucket}?list-type=2&prefix=${prefix}`);
  const keys = [...listed.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key);
  const results = await Promise.all(keys.map(async (key) => JSON.parse(await read(localAws, 's3', `/${bucket}/${key}`))));
  return { output, results: results.sort((a, b) => a.instanceId.localeCompare(b.instanceId)) };
}

async function stateOf(localAws, instanceId) {
  const [state] = await callQuery(localAws, 'ec2', '2016-11-15', 'DescribeInstances', 'name', { 'InstanceId.1': instanceId });
  const [usageOperation] = await callQuery(localAws, 'ec2', '2016-11-15', 'DescribeInstances', 'usageOperation', { 'InstanceId.1': instanceId });
  return `${state}, and billed as ${usageOperation}`;
}
