/*
 * The function of the custom resources, as the tests run it: the bundle in a process of its own, as in Lambda, or the sources in the test's own
 * process, where the coverage is measured. Both talk to the local AWS through the real SDK and real HTTP.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { UNANSWERED } from '../../../src/custom-resource/contract/tags';
import { handler } from '../../../src/custom-resource/handler';
import type { LocalAws } from '../../local-aws/local-aws';

/** The time of a function, see clock.cjs. */
export interface Clock {
  readonly time: number;
  install(): void;
  uninstall(): void;
  run<Result>(work: (left: () => number) => Promise<Result>, remaining: number, now?: number): Promise<Result>;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports
export const { Clock } = require('./clock.cjs') as { Clock: new (endpoint: string) => Clock };

export const BUNDLE = join(__dirname, '..', '..', '..', 'assets', 'custom-resource', 'index.js');

const FUNCTION = 'arn:aws:lambda:us-east-1:111122223333:function:f';

/** What a function is given in its environment. The secrets are such that a test finds them in a text. */
export const SECRETS = { secretAccessKey: 'SecretAccessKeyOfTheFunction', sessionToken: 'SessionTokenOfTheFunction' };

export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: { readonly [name: string]: string };
}

export interface Invocation {
  readonly answer: Answer | undefined;
  /** The lines that the function logged. */
  readonly logs: any[];
  /** Everything that it wrote. */
  readonly output: string;
  /** What the function failed with, if it did. */
  readonly error?: string;
  /** When the function ended, by its own clock: milliseconds since 1970. */
  readonly ended: number;
}

export interface Request {
  readonly type?: 'Create' | 'Update' | 'Delete' | string;
  readonly resourceType: string;
  readonly properties?: object;
  readonly oldProperties?: object;
  readonly physicalId?: string;
  readonly logicalId?: string;
  /** Requests with the same id are repetitions of each other. */
  readonly requestId?: string;
  readonly serviceTimeout?: number;
  readonly stackId?: string;
  /** How far another invocation of the function was. */
  readonly continuation?: object;
  /** How many milliseconds Lambda gives the function: a call takes 50 of them, a wait as long as it says. */
  readonly remaining?: number;
  /** When the function begins, by its own clock: milliseconds since 1970. Default: now. */
  readonly now?: number;
}

interface InvocationContext {
  readonly awsRequestId: string;
  readonly remaining: number;
  readonly now?: number;
}

export interface Run {
  readonly output: string;
  /** What the function returned. */
  readonly result?: any;
  readonly error?: string;
  readonly errorName?: string;
  readonly ended: number;
}

/** How the handler is run. */
export interface Runtime {
  readonly name: string;
  start(environment: { [name: string]: string }): Promise<void>;
  run(event: object, context: InvocationContext): Promise<Run>;
  stop(): Promise<void>;
}

/** What lambda-runtime.cjs writes behind the output of an event. */
const END = '\n\0end\n';

/** The bundle, as in Lambda. */
export class BundleRuntime implements Runtime {
  public readonly name = 'bundle';
  private process?: ChildProcess;
  private environment: { [name: string]: string } = {};

  constructor(private readonly bundle: string = BUNDLE) {}

  public async start(environment: { [name: string]: string }): Promise<void> {
    this.environment = environment;
    this.process = fork(join(__dirname, 'lambda-runtime.cjs'), [this.bundle], {
      execPath: process.execPath, execArgv: [], env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    await this.message();
  }

  public async run(event: object, context: InvocationContext): Promise<Run> {
    let output = '';
    const written = Promise.all([this.process!.stdout!, this.process!.stderr!].map((stream) => new Promise<void>((resolve) => {
      let text = '';
      stream.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
        if (text.includes(END)) {
          stream.removeAllListeners('data');
          output += text.slice(0, text.indexOf(END));
          resolve();
        }
      });
    })));
    const message = this.message();
    this.process!.send({ event, context });
    const { result, error, errorName, timedOut, ended } = await message;
    await written;
    if (timedOut) {
      // Lambda does not use such a process again.
      await this.stop();
      await this.start(this.environment);
    }
    return { output, result, error, errorName, ended: ended! };
  }

  public async stop(): Promise<void> {
    const exit = new Promise((resolve) => this.process!.once('exit', resolve));
    this.process!.kill();
    await exit;
  }

  private message(): Promise<{ result?: any; error?: string; errorName?: string; timedOut?: boolean; ended?: number }> {
    return new Promise((resolve, reject) => {
      let errors = '';
      const listen = (chunk: string) => errors += chunk;
      const ended = () => reject(new Error(`The function ended: ${errors}`));
      this.process!.stderr!.on('data', listen);
      this.process!.once('exit', ended);
      this.process!.once('message', (message) => {
        this.process!.off('exit', ended);
        this.process!.stderr!.off('data', listen);
        resolve(message as { error?: string });
      });
    });
  }
}

/** The sources, in this process. */
export class SourceRuntime implements Runtime {
  public readonly name = 'sources';
  private clock?: Clock;
  private before: NodeJS.ProcessEnv = {};

  constructor(private readonly handle: (event: any, context: Context) => Promise<unknown> = handler) {}

  public async start(environment: { [name: string]: string }): Promise<void> {
    this.before = { ...process.env };
    Object.assign(process.env, environment);
    this.clock = new Clock(environment.AWS_ENDPOINT_URL);
  }

  public async run(event: object, context: InvocationContext): Promise<Run> {
    const clock = this.clock!;
    let output = '';
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      output += chunk;
      return true;
    });
    clock.install();
    try {
      const { awsRequestId, remaining, now } = context;
      const result = await clock.run(
        (left) => this.handle(event, { awsRequestId, invokedFunctionArn: FUNCTION, getRemainingTimeInMillis: left } as Context), remaining, now);
      return { output, result, ended: clock.time };
    } catch (error) {
      return { output, error: (error as Error).message, errorName: (error as Error).name, ended: clock.time };
    } finally {
      clock.uninstall();
      write.mockRestore();
    }
  }

  public async stop(): Promise<void> {
    process.env = this.before;
  }
}

/** CloudFormation, as far as a custom resource knows it. */
export class CustomResourceFunction {
  constructor(private readonly runtime: Runtime, private readonly localAws: LocalAws) {}

  public get name(): string {
    return this.runtime.name;
  }

  public stackId(): string {
    return `arn:aws:cloudformation:${this.localAws.region}:${this.localAws.account}:stack/Licenses/5d2c7c60-0b5f-11ef-9a52-0affd3a5a7c1`;
  }

  /** The tag of what was created for a resource of the stack, and never answered. */
  public unansweredTag(logicalId = 'Resource'): { readonly Key: string; readonly Value: string } {
    return { Key: UNANSWERED, Value: createHash('sha256').update(`${this.stackId()}/${logicalId}`).digest('hex') };
  }

  public async start(): Promise<void> {
    await this.runtime.start({
      AWS_ENDPOINT_URL: this.localAws.endpoint,
      AWS_REGION: this.localAws.region,
      AWS_ACCESS_KEY_ID: this.localAws.account,
      AWS_SECRET_ACCESS_KEY: SECRETS.secretAccessKey,
      AWS_SESSION_TOKEN: SECRETS.sessionToken,
    });
  }

  public stop(): Promise<void> {
    return this.runtime.stop();
  }

  public async request(request: Request): Promise<Invocation> {
    const id = `${randomUUID()}`;
    const event = {
      RequestType: request.type ?? 'Create',
      RequestId: request.requestId ?? randomUUID(),
      StackId: request.stackId ?? this.stackId(),
      ResponseURL: `${this.localAws.responseUrl(id)}?Signature=SignatureOfTheUrl`,
      ResourceType: request.resourceType,
      LogicalResourceId: request.logicalId ?? 'Resource',
      ...(request.physicalId === undefined ? {} : { PhysicalResourceId: request.physicalId }),
      ServiceToken: FUNCTION,
      ResourceProperties: {
        ServiceToken: FUNCTION,
        ServiceTimeout: String(request.serviceTimeout ?? 300),
        ...asSent(request.properties ?? {}),
      },
      ...(request.oldProperties ? { OldResourceProperties: asSent(request.oldProperties) } : {}),
      ...(request.continuation ? { Continuation: request.continuation } : {}),
    };
    const { output, error, ended } = await this.runtime.run(event, {
      awsRequestId: randomUUID(), remaining: request.remaining ?? 900_000, now: request.now,
    });
    return { answer: await this.localAws.response(id), logs: output.split('\n').filter(Boolean).map(parse), output, error, ended };
  }
}

function parse(line: string): any {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** CloudFormation sends numbers and booleans as strings. */
function asSent(value: any): any {
  if (Array.isArray(value)) {
    return value.map(asSent);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asSent(member)]));
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
