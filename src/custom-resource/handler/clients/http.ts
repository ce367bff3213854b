import type { IncomingMessage } from 'node:http';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** How long an attempt may take, from the connection to the last byte of the answer, in milliseconds: AWS answers within a second. */
export const ATTEMPT = 10_000;

/** What an answer is called that something else has given than the service. */
export const UNEXPECTED_ANSWER = 'UnexpectedAnswer';

type Handled = ReturnType<NodeHttpHandler['handle']>;

/**
 * The HTTP client of the SDK, which reads an answer to its end before it gives it on: the SDK's own time limits are for its beginning, so that a
 * body that stalls would be waited for as long as the function lives.
 */
export class HttpClient extends NodeHttpHandler {
  constructor() {
    super({ connectionTimeout: 3_000, requestTimeout: ATTEMPT, socketTimeout: ATTEMPT, throwOnRequestTimeout: true });
  }

  public override async handle(...[request, options]: Parameters<NodeHttpHandler['handle']>): Handled {
    const began = Date.now();
    const { response } = await super.handle(request, options);
    const { statusCode, headers } = response;
    response.body = await read(response.body as IncomingMessage, ATTEMPT - (Date.now() - began));
    if (/^text\/html/i.test(headers['content-type'] ?? '')) {
      // No service answers with a page. A proxy or a firewall does, with any status, and what was called need not have been reached.
      throw Object.assign(new Error(describeAnswer(statusCode)), { name: UNEXPECTED_ANSWER, $metadata: { httpStatusCode: statusCode } });
    }
    return { response };
  }
}

/** What is said of an answer that is none of the service. */
export function describeAnswer(status: number | undefined): string {
  return `HTTP status ${status} and a text that the service does not write`;
}

async function read(body: IncomingMessage, patience: number): Promise<Uint8Array> {
  const late = () => body.destroy(Object.assign(new Error(`the answer was not complete within ${ATTEMPT / 1000} seconds`), { name: 'TimeoutError' }));
  const timer = setTimeout(late, Math.max(1, patience));
  try {
    const parts: Uint8Array[] = [];
    for await (const part of body) {
      parts.push(part);
    }
    return Buffer.concat(parts);
  } finally {
    clearTimeout(timer);
  }
}
