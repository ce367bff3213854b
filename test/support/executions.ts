/*
 * Executions of state machines in the local AWS, and what they have written.
 */
import { randomUUID } from 'node:crypto';
import { callJson, read } from './requests';
import type { LocalAws } from '../local-aws/local-aws';

/** Starts an execution. */
export async function startExecution(aws: LocalAws, stateMachineArn: string, input: object): Promise<string> {
  const { executionArn } = await callJson(aws, 'states', 'StartExecution', { stateMachineArn, name: randomUUID(), input: JSON.stringify(input) });
  return executionArn;
}

/** How an execution has ended, when it has. */
export async function endOfExecution(aws: LocalAws, executionArn: string): Promise<any> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const execution = await callJson(aws, 'states', 'DescribeExecution', { executionArn });
    if (execution.status !== 'RUNNING') {
      return { status: execution.status, error: execution.error, cause: execution.cause, output: JSON.parse(execution.output ?? 'null') };
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`${executionArn} does not end`);
}

/** The objects of a bucket whose keys begin so: key to what is in it. */
export async function objectsBelow(aws: LocalAws, bucket: string, prefix: string): Promise<{ [key: string]: any }> {
  const listed = await read(aws, 's3', `/${bucket}?list-type=2&prefix=${prefix}`);
  const keys = [...listed.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key);
  return Object.fromEntries(await Promise.all(keys.map(async key => [key, JSON.parse(await read(aws, 's3', `/${bucket}/${key}`))])));
}
