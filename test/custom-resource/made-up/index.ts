import type { Context } from 'aws-lambda';
import { madeUp } from './handler';
import { handleEvent, type Request } from '../../../src/custom-resource/handler/life-cycle';
import { registryOf } from '../../../src/custom-resource/handler/registry';

/** What Lambda calls: the function with the made-up type in it. */
export function handler(event: Request, context: Context): Promise<void> {
  return handleEvent(event, context, registryOf([madeUp]));
}
