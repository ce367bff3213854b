// The audit trail in the local AWS: the export of a stack runs for a day, and a question of an auditor is asked of what it has written.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { callJson, read } from '../../test/support/requests.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { columnsOf } = createRequire(import.meta.url)(join(ROOT, 'lib', 'usage-export', 'contract', 'tables.js'));

/**
 * Runs the export of a stack, and prints who used what on its day, by the query that is in the Athena workgroup.
 *
 * Athena is not in the local AWS: DuckDB answers, for which sqlglot translates the SQL. Throws unless there is an answer.
 */
export async function askAuditor(localAws, stackName) {
  const { PhysicalResourceId: stateMachineArn } = await resourceOf(localAws, stackName, 'AWS::StepFunctions::StateMachine', 'Audit');
  const { PhysicalResourceId: bucket } = await resourceOf(localAws, stackName, 'AWS::S3::Bucket', 'Audit');
  await run(localAws, stateMachineArn);

  const folder = mkdtempSync(join(tmpdir(), 'license-demo-export-'));
  try {
    const keys = [...(await read(localAws, 's3', `/${bucket}?list-type=2`)).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key);
    for (const key of keys) {
      mkdirSync(join(folder, dirname(key)), { recursive: true });
      writeFileSync(join(folder, key), await read(localAws, 's3', `/${bucket}/${key}`));
      console.log(`  ${key}`);
    }
    const [, day] = /^usage\/day=([^/]+)\//.exec(keys.find((key) => key.startsWith('usage/')));
    const { PhysicalResourceId: NamedQueryId } = await resourceOf(localAws, stackName, 'AWS::Athena::NamedQuery', 'AuditCatalogWhoUsedWhat');
    const { NamedQuery: { Description, QueryString } } = await callJson(localAws, 'athena', 'GetNamedQuery', { NamedQueryId });
    console.log(`\n${Description.split('. ')[0]}, ${day}:\n`);
    const answer = ask(folder, QueryString, [day]);
    if (answer.length === 0) {throw new Error('At least the image should have the license.');}
    for (const row of answer) {console.log(`  ${row.name} │ ${row.resource_arn} │ ${row.consumed_licenses} cores`);}
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ask(folder, sql, parameters) {
  const tables = Object.fromEntries(['licenses', 'usage'].map((table) => [table, columnsOf(table).map(([name, type]) => [name, type])]));
  return JSON.parse(execFileSync(join(ROOT, '.venv', 'bin', 'python'), [join(ROOT, 'test', 'usage-export', 'support', 'ask.py')], {
    input: JSON.stringify({ folder, tables, sql, parameters }), encoding: 'utf8',
  }));
}

async function run(localAws, stateMachineArn) {
  const { executionArn } = await callJson(localAws, 'states', 'StartExecution', { stateMachineArn });
  let execution;
  do {
    await new Promise((resolve) => setTimeout(resolve, 100));
    execution = await callJson(localAws, 'states', 'DescribeExecution', { executionArn });
  } while (execution.status === 'RUNNING');
  if (execution.status !== 'SUCCEEDED') {throw new Error(`The export has ended as ${execution.status}: ${execution.cause}`);}
}

async function resourceOf(localAws, stackName, type, logicalId) {
  const { StackResources } = await new CloudFormationClient(localAws.clientConfig).send(new DescribeStackResourcesCommand({ StackName: stackName }));
  return StackResources.find(({ ResourceType, LogicalResourceId }) => ResourceType === type && LogicalResourceId.startsWith(logicalId));
}
