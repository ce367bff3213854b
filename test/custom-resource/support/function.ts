/*
 * The function of the custom resources, as the tests run it: the bundle in a process of its own, as in Lambda, or the sources in the test's own
 * process, where the coverage is measured. Both talk to the local AWS through the real SDK and real HTTP.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { UNANSWERED } from '../../../src/custom-resource/contract/tags';
import { handler } from '../../../src/custom-resource/handler';
import type { LocalAws } from '../../local-aws/local-aws';

// eslint-disable-next-line @typescript-eslint/no-require-imports
const { faster } = require('./clock.cjs') as { faster: (original: typeof setTimeout) => typeof setTimeout };

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
  /** How many milliseconds Lambda gives the function. */
  readonly remaining?: number;
}

/** How the handler is run. */
export interface Runtime {
  readonly name: string;
  start(environment: { [name: string]: string }): Promise<void>;
  run(event: CloudFormationCustomResourceEvent, context: { awsRequestId: string; remaining: number }): Promise<{ output: string; error?: string }>;
  stop(): Promise<void>;
}

/** The bundle, as in Lambda. */
export class BundleRuntime implements Runtime {
  public readonly name = 'bundle';
  private process?: ChildProcess;
  private output = '';

  constructor(private readonly bundle: string = BUNDLE) {}

  public async start(environment: { [name: string]: string }): Promise<void> {
    this.process = fork(join(__dirname, 'lambda-runtime.cjs'), [this.bundle], {
      execPath: process.execPath, execArgv: [], env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.on('data', (chunk) => this.output += chunk);
    }
    await this.message();
  }

  public async run(event: CloudFormationCustomResourceEvent, context: { awsRequestId: string; remaining: number }) {
    this.output = '';
    const message = this.message();
    this.process!.send({ event, context });
    const { error } = await message;
    // The output comes by another pipe than the message.
    await new Promise((resolve) => setTimeout(resolve, 10));
    return { output: this.output, error };
  }

  public async stop(): Promise<void> {
    const exit = new Promise((resolve) => this.process!.once('exit', resolve));
    this.process!.kill();
    await exit;
  }

  private message(): Promise<{ error?: string }> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`The function ended: ${this.output}`));
      this.process!.once('exit', ended);
      this.process!.once('message', (message) => {
        this.process!.off('exit', ended);
        resolve(message as { error?: string });
      });
    });
  }
}

/** The sources, in this process. */
export class SourceRuntime implements Runtime {
  public readonly name = 'sources';
  private readonly original = globalThis.setTimeout;
  private before: NodeJS.ProcessEnv = {};

  constructor(private readonly handle: typeof handler = handler) {}

  public async start(environment: { [name: string]: string }): Promise<void> {
    this.before = { ...process.env };
    Object.assign(process.env, environment);
  }

  public async run(event: CloudFormationCustomResourceEvent, context: { awsRequestId: string; remaining: number }) {
    const started = Date.now();
    let output = '';
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      output += chunk;
      return true;
    });
    globalThis.setTimeout = faster(this.original);
    try {
      const full = {
        awsRequestId: context.awsRequestId,
        invokedFunctionArn: FUNCTION,
        getRemainingTimeInMillis: () => context.remaining - (Date.now() - started),
      };
      await this.handle(event, full as Context);
      return { output };
    } catch (error) {
      return { output, error: (error as Error).message };
    } finally {
      globalThis.setTimeout = this.original;
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
    const { output, error } = await this.runtime.run(event as unknown as CloudFormationCustomResourceEvent, {
      awsRequestId: randomUUID(), remaining: request.remaining ?? 900_000,
    });
    return { answer: await this.localAws.response(id), logs: output.split('\n').filter(Boolean).map(parse), output, error };
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
