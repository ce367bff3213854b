import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { handleEvent } from './life-cycle';

/**
 * What Lambda calls: the entry point for the custom resources of all types.
 */
export async function handler(event: CloudFormationCustomResourceEvent, context: Context): Promise<void> {
  await handleEvent(event, context);
}
