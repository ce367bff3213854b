import { LicenseManagerClient } from '@aws-sdk/client-license-manager';
import { describeAnswer, HttpClient, UNEXPECTED_ANSWER } from './http';
import type { Listing, Operation, Page } from './operation';
import { Retries } from './retries';
import type { Hint } from '../../contract/definition';
import { Refusal } from '../../contract/refusal';
import { type Failure, OperationFailed } from '../errors';
import type { Log } from '../log';

/** What the SDK calls an answer that it cannot read, or that has no error in it. */
const UNREADABLE = ['SyntaxError', 'Unknown'];

/** All calls share the connections. */
const REQUEST_HANDLER = new HttpClient();

/**
 * Calls operations: those of a definition's actions, and no others.
 */
export interface Caller<Action extends string> {
  /** Calls an operation. A failure is an `OperationFailed`. */
  call<A extends Action, Input extends object, Output>(operation: Operation<A, Input, Output>, input: Input): Promise<Output>;

  /** Reads a list to its end: a page without items is not the end, a page without a token is. */
  list<A extends Action, Input extends Page, Output extends Page, Item>(
    operation: Listing<A, Input, Output, Item>, input: Input,
  ): AsyncGenerator<Item>;

  /** The same in another Region. */
  in(region: string): Caller<Action>;
}

/**
 * The one way to call AWS.
 */
export class AwsCaller implements Caller<string> {
  /**
   * @param log       what is called, and how it ends
   * @param remaining how many milliseconds are left for the work
   * @param hints     what to do about errors of the type at work
   * @param region    where
   */
  constructor(
    private readonly log: Log,
    private readonly remaining: () => number,
    private readonly hints: readonly Hint[] = [],
    private readonly region: string = process.env.AWS_REGION!,
  ) {}

  public in(region: string): AwsCaller {
    return new AwsCaller(this.log, this.remaining, this.hints, region);
  }

  public async call<Input extends object, Output>(operation: Operation<string, Input, Output>, input: Input): Promise<Output> {
    const { service, name, about, once = false, secrets } = operation;
    const retries = new Retries(service, this.remaining, once);
    const resource = about(input);
    const failed = (failure: Pick<Failure, 'code' | 'text' | 'requestId' | 'uncertain' | 'passing'>) =>
      new OperationFailed({ service: service.name, operation: name, resource, ...failure }, this.hints);
    if (this.remaining() <= 0) {
      // It could take as long as is kept for the answer.
      throw failed({
        code: 'OutOfTime', text: 'It was not called any more, as the time of the function, or of the resource, is up', uncertain: false, passing: true,
      });
    }
    const started = Date.now();
    try {
      const output = await operation.send(this.client(operation, retries), input);
      this.log.hide(...secrets?.(output) ?? []);
      this.log.info(name, { resource, milliseconds: Date.now() - started });
      return output;
    } catch (error) {
      const { name: errorName, message, $metadata, code: systemCode } = error as Error & {
        code?: string; $metadata?: { requestId?: string; attempts?: number; httpStatusCode?: number };
      };
      const status = $metadata?.httpStatusCode;
      // Errors of the connection have the name Error and a code of the system.
      const known = status === undefined && systemCode ? 'NetworkingError' : errorName;
      const [code, text] = UNREADABLE.includes(known) ? [UNEXPECTED_ANSWER, describeAnswer(status)] : [known, message];
      this.log.warn(name, {
        resource, milliseconds: Date.now() - started, error: code, text, attempts: $metadata?.attempts, awsRequestId: $metadata?.requestId,
      });
      throw failed({ code, text, requestId: $metadata?.requestId, uncertain: retries.uncertain, passing: retries.passing });
    }
  }

  public async *list<Input extends Page, Output extends Page, Item>(
    operation: Listing<string, Input, Output, Item>, input: Input,
  ): AsyncGenerator<Item> {
    let token: string | undefined;
    do {
      if (this.remaining() <= 0) {
        throw new Refusal(`${operation.name} of ${operation.about(input)} has more pages than can be read in the time of the function`);
      }
      const page: Output = await this.call(operation, { ...input, NextToken: token });
      yield* operation.items(page) ?? [];
      token = page.NextToken;
    } while (token);
  }

  private client({ service }: Operation<string, any, any>, retryStrategy: Retries): LicenseManagerClient {
    return new LicenseManagerClient({
      region: this.region,
      ...service.configuration?.(this.region),
      // In Lambda the credentials of the role are in the environment. The SDK's default chain would look in many other places, too, and is three
      // quarters of the SDK's code.
      credentials: async () => ({
        accessKeyId: process.env.AWS_ACCESS_KEY_ID!,
        secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY!,
        sessionToken: process.env.AWS_SESSION_TOKEN,
      }),
      requestHandler: REQUEST_HANDLER,
      retryStrategy,
    });
  }
}
