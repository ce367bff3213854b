import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Log } from './log';
import { sleep } from './sleep';

/**
 * What CloudFormation gets to know.
 */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Record<string, string>;
}

/** CloudFormation takes no more than this in a whole answer. */
const MOST_BYTES = 4096;
const ATTEMPTS = 5;
const TIMEOUT = 10_000;
/** What the function needs to end by itself, in milliseconds. */
const END = 1_000;

/**
 * Puts the answer to where CloudFormation waits for it, while the function has time.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export async function putAnswer(responseUrl: string, answer: Answer, log: Log, left: () => number): Promise<void> {
  const body = fit(answer);
  for (let attempt = 1; ; attempt++) {
    try {
      await put(responseUrl, body, Math.max(END, Math.min(TIMEOUT, left() - END)));
      return;
    } catch (error) {
      const failed = error as Error & { permanent?: boolean };
      log.warn('The answer could not be put', { attempt, error: failed.message });
      const wait = 2 ** attempt * 250 * (0.5 + Math.random());
      if (attempt === ATTEMPTS || failed.permanent || left() - wait <= 2 * END) {
        // Lambda calls the function again when it fails. The work is found done then, and the answer is another try.
        throw new Error(`The answer to CloudFormation could not be put: ${log.redact(failed.message)}`);
      }
      await sleep(wait);
    }
  }
}

function put(responseUrl: string, body: string, patience: number): Promise<void> {
  const url = new URL(responseUrl);
  const request = url.protocol === 'http:' ? requestHttp : requestHttps;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'PUT',
      // The URL is signed for an empty content type.
      headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) },
    }, (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => {
        clearTimeout(timer);
        const status = response.statusCode!;
        if (status < 300) {
          resolve();
        } else {
          reject(Object.assign(new Error(`HTTP status ${status}`), { permanent: status < 500 && status !== 429 }));
        }
      });
    });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${Math.round(patience / 1000)} seconds`)), patience);
    sent.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    sent.end(body);
  });
}

/** Shortens the reason until the answer is one that CloudFormation takes. */
function fit(answer: Answer): string {
  const withReason = (length: number) => JSON.stringify({
    ...answer, Reason: `${answer.Reason!.slice(0, length)}… (the log of the function has the whole text)`,
  });
  const body = JSON.stringify(answer);
  if (Buffer.byteLength(body) <= MOST_BYTES || !answer.Reason) {
    return body;
  }
  // A character takes one to six bytes in JSON, so that the length is searched for.
  let [fits, fitsNot] = [0, answer.Reason.length];
  while (fitsNot - fits > 1) {
    const middle = Math.floor((fits + fitsNot) / 2);
    if (Buffer.byteLength(withReason(middle)) <= MOST_BYTES) {
      fits = middle;
    } else {
      fitsNot = middle;
    }
  }
  return withReason(fits);
}
