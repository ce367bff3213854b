import { createHash } from 'node:crypto';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { type Answer, putAnswer } from './answer';
import { AwsCaller } from './clients/caller';
import { ATTEMPT } from './clients/http';
import { OperationFailed } from './errors';
import { Log, secretsOf } from './log';
import type { ManagedType, Subject } from './managed-type';
import { describeStackResource, describeStacks, invoke, listStackResources } from './operations/aws';
import { PartlyDone, TimeIsUp } from './partly';
import { sleep } from './sleep';
import { placeOf } from '../contract/place';
import { Refusal } from '../contract/refusal';
import { secretsIn } from '../contract/secret';

/** The handlers of the types, by their names in a template. */
export type Registry = ReadonlyMap<string, ManagedType<any>>;

/** The physical id of a create that failed before it could have left anything. */
export const NOTHING_CREATED = 'cdk-license-manager:nothing-created';

/** The physical id of a create that failed and may have left something. */
export const REMAINS = 'cdk-license-manager:remains';

/** Time for the last call that has begun, and for the answer, in milliseconds; of a service timeout at most a half. */
const RESERVE = 30_000;

/** Between two looks at what has not settled yet, in milliseconds. */
const POLL = 5_000;

/**
 * A request of CloudFormation, and, where an invocation of the function goes on with what another one has begun, how far that was.
 */
export type Request = CloudFormationCustomResourceEvent & { readonly Continuation?: Continuation };

interface Continuation {
  /** When the request came, in milliseconds since 1970. */
  readonly started: number;
  /** What the resource is by now. */
  readonly physicalId?: string;
  /** What CloudFormation has to know if it fails. */
  readonly physicalIdIfFailed: string;
  /** Whether everything is written. */
  readonly written: boolean;
  /** By what CloudFormation knows the request, to tell whether it still wants it. */
  readonly wanted?: string;
}

interface Outcome {
  readonly physicalId: string;
  readonly state?: unknown;
}

/**
 * Answers a request of CloudFormation: parse, read, compare, write, settle, answer.
 *
 * It fails only if the answer could not be given. Lambda then calls it again with the same request.
 */
export async function handleEvent(event: Request, context: Context, registry: Registry): Promise<void> {
  const { RequestType, ResourceType, LogicalResourceId, StackId, RequestId, ResponseURL } = event;
  const log = new Log(context.awsRequestId);
  log.hide(...secretsOf(ResponseURL));
  const about = {
    requestType: RequestType, resourceType: ResourceType, logicalResourceId: LogicalResourceId, stackId: StackId, cfnRequestId: RequestId,
  };
  log.info(event.Continuation ? 'Continued request' : 'Request', about);

  const work = new Work(event, context, log, registry);
  let answer: Pick<Answer, 'Status' | 'Reason' | 'PhysicalResourceId' | 'Data'>;
  try {
    const outcome = await work.do();
    answer = { Status: 'SUCCESS', PhysicalResourceId: outcome.physicalId, Data: work.attributes(outcome) };
  } catch (error) {
    if (error instanceof HandedOn) {
      log.info('Another invocation goes on', { waitingFor: error.message });
      return;
    }
    const { name, message, stack } = error as Error;
    const expected = error instanceof Refusal || error instanceof OperationFailed;
    if (!expected) {
      log.error('Unexpected error', { stack });
    }
    answer = {
      Status: 'FAILED',
      Reason: log.redact(expected ? `${message}.` : `Unexpected error in the function of cdk-license-manager: ${name}: ${message}.`),
      PhysicalResourceId: work.physicalIdIfFailed,
    };
  }
  log[answer.Status === 'SUCCESS' ? 'info' : 'error']('Answer', {
    ...about, status: answer.Status, reason: answer.Reason, physicalResourceId: answer.PhysicalResourceId,
  });
  await putAnswer(ResponseURL, { ...answer, StackId, RequestId, LogicalResourceId }, log, () => context.getRemainingTimeInMillis());
  if (answer.Status === 'SUCCESS') {
    await work.answered(answer.PhysicalResourceId);
  }
}

/** Thrown when another invocation has taken over. */
class HandedOn extends Error {}

class Work {
  /** What CloudFormation has to know about a create or an update that fails now. */
  public physicalIdIfFailed: string;

  private readonly type: ManagedType<any> | undefined;
  private subject: Subject<any>;
  private readonly known: string | undefined;
  private readonly started: number;
  /** When CloudFormation gives up. */
  private readonly deadline: number;
  private readonly reserve: number;
  private outcome?: Outcome;

  constructor(private readonly event: Request, private readonly context: Context, private readonly log: Log, registry: Registry) {
    const { ResourceType, RequestType, StackId, LogicalResourceId, RequestId, Continuation: continuation } = event;
    this.type = registry.get(ResourceType);
    this.known = continuation?.physicalId ?? ('PhysicalResourceId' in event ? event.PhysicalResourceId : undefined);
    this.physicalIdIfFailed = continuation?.physicalIdIfFailed ?? this.known ?? NOTHING_CREATED;
    this.started = continuation?.started ?? Date.now();
    const timeout = Number(event.ResourceProperties?.ServiceTimeout) * 1000 || Infinity;
    this.deadline = this.started + timeout;
    this.reserve = Math.min(RESERVE, timeout / 2);

    const place = placeOf(StackId);
    const remaining = () => Math.min(context.getRemainingTimeInMillis() - RESERVE, this.deadline - Date.now() - this.reserve);
    const formerly = RequestType === 'Update' ? event.OldResourceProperties : RequestType === 'Delete' ? event.ResourceProperties : undefined;
    this.subject = {
      requestType: RequestType,
      physicalId: this.known,
      former: this.type && this.parseLeniently(this.type, formerly),
      formerly,
      token: hash(StackId, LogicalResourceId, RequestId),
      resource: hash(StackId, LogicalResourceId),
      started: new Date(this.started),
      place,
      aws: new AwsCaller(log, remaining, this.type?.definition.hints),
      log,
      remaining,
      rollsBack: () => this.rollsBack(),
    };
  }

  public async do(): Promise<Outcome> {
    if (this.event.RequestType === 'Delete' && this.known === NOTHING_CREATED) {
      this.log.info('Nothing was created, so there is nothing to delete');
      return { physicalId: NOTHING_CREATED };
    }
    if (!this.type) {
      throw new Refusal(`the function of this stack knows no resource type '${this.event.ResourceType}'. `
        + 'Deploy the stack again with the version of cdk-license-manager that wrote the template');
    }
    switch (this.event.RequestType) {
      case 'Create':
      case 'Update':
        return this.outcome = await this.bringAbout(this.type);
      case 'Delete':
        return this.remove(this.type);
      default:
        throw new Refusal(`unknown request type '${(this.event as { RequestType: unknown }).RequestType}'`);
    }
  }

  /** The attributes of what was brought about; nothing for what is gone. */
  public attributes({ physicalId, state }: Outcome): Record<string, string> | undefined {
    return this.outcome && this.type!.attributes?.(physicalId, this.subject, state);
  }

  /** What is to be done when CloudFormation has its answer. What fails of it, the next request does. */
  public async answered(physicalId: string): Promise<void> {
    if (this.outcome) {
      await this.type!.answered?.(this.subject, physicalId, this.outcome.state).catch((error: Error) => {
        this.log.warn('Not done after the answer', { error: error.message });
      });
    }
  }

  private async bringAbout(type: ManagedType<any>): Promise<Outcome> {
    const declared = this.parse(type);
    const subject = this.subject = { ...this.subject, declared };
    if (this.event.Continuation?.written) {
      // Of its secrets there are only the masks, and nothing is written any more.
      return { physicalId: this.known!, state: await this.settled(type, subject, await type.read(subject), true) };
    }
    let state = await this.settled(type, subject, await this.readBefore(type, subject), false);
    let physicalId = type.identify(declared, state, subject.place, this.known);
    const change = type.compare(subject, state);
    if (change !== undefined) {
      const written = await this.write(type, subject, change, type.findUnanswered ? REMAINS : physicalId);
      physicalId = written.physicalId ?? physicalId;
      // From here on it exists: should the state not be read, CloudFormation deletes it.
      this.physicalIdIfFailed = physicalId ?? this.physicalIdIfFailed;
      state = written.state ?? await type.readBack?.(subject, physicalId!) ?? state;
      if (type.settling) {
        const made = { ...subject, physicalId };
        state = await this.settled(type, made, await type.read(made), true);
      }
    }
    return { physicalId: physicalId!, state };
  }

  /**
   * The state before a change. Where it cannot be read, nobody knows whether an invocation before this one has created something: Lambda calls
   * the function again with a create that it could not answer.
   */
  private async readBefore(type: ManagedType<any>, subject: Subject<any>): Promise<unknown> {
    try {
      return await type.read(subject);
    } catch (error) {
      if (this.event.RequestType === 'Create' && error instanceof OperationFailed && error.passing) {
        this.physicalIdIfFailed = this.remains(type, subject) ?? this.physicalIdIfFailed;
      }
      throw error;
    }
  }

  /** What a create that may have left something answers when it fails. */
  private remains(type: ManagedType<any>, { declared, place }: Subject<any>): string | undefined {
    return type.findUnanswered ? REMAINS : type.identify(declared!, undefined, place, this.known);
  }

  private async remove(type: ManagedType<any>): Promise<Outcome> {
    const { place } = this.subject;
    const physicalId = this.known ?? NOTHING_CREATED;
    if (this.event.Continuation?.written) {
      await this.settled(type, this.subject, await type.read(this.subject), true);
      return { physicalId };
    }
    for (const found of type.recognizes(physicalId, place) ? [physicalId] : await this.identifyUnanswered(type)) {
      const subject = { ...this.subject, physicalId: found };
      const state = await this.settled(type, subject, await type.read(subject), false);
      const change = type.compare(subject, state);
      if (change !== undefined && !(type.definition.takesAway && await this.isOfAnother(found))) {
        await this.write(type, subject, change, physicalId);
        if (type.settling) {
          await this.settled(type, subject, await type.read(subject), true);
        }
      }
    }
    return { physicalId };
  }

  /** A create that nobody answered has no physical id of ours. What it was to create tells what it may have left, or a mark on it does. */
  private async identifyUnanswered(type: ManagedType<any>): Promise<string[]> {
    const found = type.findUnanswered ? await type.findUnanswered(this.subject) : this.identifyByProperties(type);
    if (found.length === 0) {
      this.log.warn('The physical id is none that was given away, and nothing is left of a create, so there is nothing to delete', {
        physicalId: this.known,
      });
    }
    return found;
  }

  /**
   * Whether another resource of the stack is the same as what is deleted: it has been made under another logical id, and stays.
   *
   * Of a stack that is deleted nothing stays.
   */
  private async isOfAnother(physicalId: string): Promise<boolean> {
    const { aws, log } = this.subject;
    const { StackId: StackName, LogicalResourceId } = this.event;
    const of = (id = '') => this.type!.withoutMark?.(id) ?? id;
    const status = await this.stackStatus();
    if (status === undefined || /^(DELETE|ROLLBACK)_/.test(status)) {
      return false;
    }
    try {
      for await (const other of aws.list(listStackResources, { StackName })) {
        if (of(other.PhysicalResourceId) === of(physicalId) && other.LogicalResourceId !== LogicalResourceId && !/^DELETE_/.test(other.ResourceStatus ?? '')) {
          log.info('Another resource of the stack is the same, so that it stays', { physicalId, logicalResourceId: other.LogicalResourceId });
          return true;
        }
      }
      return false;
    } catch (error) {
      if (isNoStack(error)) {
        return false;
      }
      throw error;
    }
  }

  /** Whether CloudFormation takes back what it has done, so that an update declares what was there before. */
  private async rollsBack(): Promise<boolean> {
    return /ROLLBACK/.test(await this.stackStatus() ?? '');
  }

  /** The status of the stack; nothing if CloudFormation knows of none. */
  private async stackStatus(): Promise<string | undefined> {
    try {
      const { Stacks } = await this.subject.aws.call(describeStacks, { StackName: this.event.StackId });
      return Stacks?.[0]?.StackStatus ?? '';
    } catch (error) {
      if (isNoStack(error)) {
        return undefined;
      }
      throw error;
    }
  }

  private identifyByProperties(type: ManagedType<any>): string[] {
    const { former, place } = this.subject;
    const found = former && type.identify(former, undefined, place);
    return found === undefined ? [] : [found];
  }

  private parse(type: ManagedType<any>): object {
    const properties = type.definition.properties.parse(declaredIn(this.event.ResourceProperties), '', this.subject.place);
    this.hideSecrets(properties);
    type.check?.(properties);
    return properties;
  }

  private parseLeniently(type: ManagedType<any>, properties: unknown): object | undefined {
    if (properties === undefined) {
      return undefined;
    }
    try {
      const found = type.definition.properties.parse(declaredIn(properties), '', placeOf(this.event.StackId));
      this.hideSecrets(found);
      return found;
    } catch {
      return undefined;
    }
  }

  private hideSecrets(properties: unknown): void {
    this.log.hide(...secretsIn(properties));
  }

  private async write(
    type: ManagedType<any>, subject: Subject<any>, change: unknown, remains: string | undefined,
  ): Promise<{ physicalId?: string; state?: unknown }> {
    const before = this.physicalIdIfFailed;
    // An update keeps its id, unless the id of the new thing is known: CloudFormation deletes it then when it rolls back.
    this.physicalIdIfFailed = (this.event.RequestType === 'Update' && type.findUnanswered ? undefined : remains) ?? before;
    let written: { physicalId?: string; state?: unknown };
    try {
      written = { physicalId: await type.write(subject, change) ?? undefined };
    } catch (error) {
      if (error instanceof TimeIsUp) {
        return this.goOnElsewhere(type, subject, error.message);
      }
      if (error instanceof PartlyDone) {
        throw error;
      }
      if (!(error instanceof OperationFailed)) {
        this.physicalIdIfFailed = before;
        throw error;
      }
      // Somebody else may have deleted it since it was read: then the delete is refused, and done.
      if (!error.uncertain && subject.declared) {
        // What a token tells apart may have been created by an invocation before this one, although it is refused now.
        const perhapsBefore = this.event.RequestType === 'Create' && type.findUnanswered && error.passing;
        this.physicalIdIfFailed = perhapsBefore ? REMAINS : before;
        throw error;
      }
      this.log.warn('It is uncertain what the write has done, so it is read again', { error: error.message });
      const state = await type.read(subject).catch(() => {
        throw error;
      });
      if (type.compare(subject, state) !== undefined) {
        throw error;
      }
      // Where the service chooses the id, it is known by now; otherwise it was before.
      written = { physicalId: subject.declared && type.findUnanswered ? type.identify(subject.declared, state, subject.place) : undefined, state };
    }
    await type.confirm?.(subject, change);
    return written;
  }

  /**
   * The state when the service has finished what it is doing.
   *
   * Polls while the time of this invocation lasts, and has another one go on. Who only waits after its own write does no harm if CloudFormation
   * does not want it any more. Who waits before its write makes sure of that, or it would undo what has come after it.
   */
  private async settled(type: ManagedType<any>, subject: Subject<any>, read: unknown, written: boolean): Promise<unknown> {
    let state = read;
    const busyWith = () => this.settling(type, subject, state, written);
    let waited = this.event.Continuation !== undefined;
    let wanted = this.event.Continuation?.wanted;
    for (let waitingFor = busyWith(); waitingFor !== undefined; waitingFor = busyWith()) {
      this.log.info('Waiting', { waitingFor });
      if (!written && !waited) {
        wanted = await this.currentRequest();
      }
      waited = true;
      const now = Date.now();
      if (this.deadline - now - this.reserve <= POLL) {
        throw new Refusal(`${waitingFor}, and has not finished within ${inWords(now - this.started)}. Look there what keeps it. If it only takes`
          + ' longer, set a longer service timeout');
      }
      if (this.context.getRemainingTimeInMillis() - RESERVE <= POLL) {
        const { started, physicalIdIfFailed } = this;
        await this.handOn(type, waitingFor, { started, physicalId: subject.physicalId, physicalIdIfFailed, written, wanted });
      }
      await sleep(POLL);
      state = await type.read(subject);
    }
    if (!written && waited && wanted !== await this.currentRequest()) {
      throw new Refusal('CloudFormation has gone on with another request for the resource, so that this one has written nothing');
    }
    return state;
  }

  /** What the service is doing. What has failed before is no reason not to try again, but after a change it is the outcome. */
  private settling(type: ManagedType<any>, subject: Subject<any>, state: unknown, written: boolean): string | undefined {
    try {
      return type.settling?.(subject, state, written);
    } catch (error) {
      if (written || !(error instanceof Refusal)) {
        throw error;
      }
      this.log.info('What has failed before is tried again', { error: error.message });
      return undefined;
    }
  }

  /** What CloudFormation is doing with the resource, and since when. */
  private async currentRequest(): Promise<string> {
    const { StackResourceDetail: { ResourceStatus, LastUpdatedTimestamp } = {} } = await this.subject.aws.call(describeStackResource, {
      StackName: this.event.StackId, LogicalResourceId: this.event.LogicalResourceId,
    });
    return `${ResourceStatus} since ${LastUpdatedTimestamp}`;
  }

  /** Has another invocation go on with a write, unless CloudFormation does not wait for more than this one has had time for. */
  private async goOnElsewhere(type: ManagedType<any>, subject: Subject<any>, done: string): Promise<never> {
    const { started, physicalIdIfFailed } = this;
    const now = Date.now();
    if (this.deadline - now - this.reserve <= this.context.getRemainingTimeInMillis() - RESERVE) {
      throw new PartlyDone(`${done} within ${inWords(now - started)}. Deploy again, which goes on from there, or set a longer service timeout`);
    }
    const wanted = this.event.Continuation?.wanted ?? await this.currentRequest();
    return this.handOn(type, done, { started, physicalId: subject.physicalId, physicalIdIfFailed, written: false, wanted });
  }

  private async handOn(type: ManagedType<any>, waitingFor: string, continuation: Continuation): Promise<never> {
    const { properties } = type.definition;
    const masked = (of: unknown) => of === undefined ? of : properties.mask(of);
    const { ResourceProperties, OldResourceProperties } = this.event as { ResourceProperties: unknown; OldResourceProperties?: unknown };
    // A secret goes nowhere but to where it is kept: without it, nothing can be written.
    if (!continuation.written && JSON.stringify(masked(ResourceProperties)) !== JSON.stringify(ResourceProperties)) {
      throw new Refusal(`${waitingFor}, and has not finished in the time of the function. Deploy again when it has`);
    }
    // It may take of what is kept for the answer, which is now given by another invocation.
    await new AwsCaller(this.log, () => this.context.getRemainingTimeInMillis() - ATTEMPT).call(invoke, {
      FunctionName: this.context.invokedFunctionArn,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify({
        ...this.event,
        ResourceProperties: masked(ResourceProperties),
        OldResourceProperties: masked(OldResourceProperties),
        Continuation: continuation,
      })),
    });
    throw new HandedOn(waitingFor);
  }
}

/** CloudFormation tells of a stack for months after its end; one of which it tells nothing has no resources. */
function isNoStack(error: unknown): boolean {
  return error instanceof OperationFailed && error.code === 'ValidationError' && /does not exist/.test(error.text);
}

/** What a template declares; the rest is CloudFormation's. */
function declaredIn(properties: unknown): unknown {
  const { ServiceToken, ServiceTimeout, ...declared } = (properties ?? {}) as { ServiceToken?: unknown; ServiceTimeout?: unknown };
  return declared;
}

function hash(...parts: string[]): string {
  return createHash('sha256').update(parts.join('/')).digest('hex');
}

/** In words: in seconds what is less than two minutes. */
function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const [count, unit] = seconds < 120 ? [seconds, 'second'] : [Math.round(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
