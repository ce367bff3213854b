import type { Context } from 'aws-lambda';
import { exportSubject } from './export';
import { ExportFailure } from './failure';
import { AwsCaller } from '../../custom-resource/handler/clients/caller';
import { Log } from '../../custom-resource/handler/log';
import type { ExportAnswer, ExportRequest } from '../contract/request';

/** What is kept of the function's time for the last call, its answer and its log, in milliseconds. */
const RESERVE = 30_000;

/**
 * What Lambda calls: exports one subject, and tells where another invocation has to go on, if the time did not reach.
 */
export async function handler(event: ExportRequest, context: Context): Promise<ExportAnswer> {
  const log = new Log(context.awsRequestId);
  log.hide(process.env.AWS_SECRET_ACCESS_KEY, process.env.AWS_SESSION_TOKEN);
  const remaining = () => context.getRemainingTimeInMillis() - RESERVE;
  try {
    return await exportSubject(event, {
      caller: new AwsCaller(log, remaining),
      log,
      remaining,
      account: context.invokedFunctionArn.split(':')[4],
      region: process.env.AWS_REGION!,
    });
  } catch (error) {
    const failure = ExportFailure.of(error);
    log.error(failure.name, { subject: event.subject, text: failure.message });
    throw failure;
  }
}
