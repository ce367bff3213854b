import type { Context } from 'aws-lambda';
import { handleEvent, type Request } from './life-cycle';
import { REGISTRY } from './registry';

/**
 * What Lambda calls: the entry point for the custom resources of all types.
 */
export async function handler(event: Request, context: Context): Promise<void> {
  await handleEvent(event, context, REGISTRY);
}
