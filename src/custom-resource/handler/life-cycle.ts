import { createHash } from 'node:crypto';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { type Answer, putAnswer } from './answer';
import { environmentOf } from './arn';
import { OperationFailed, Refusal } from './errors';
import { LicenseManager } from './license-manager';
import { Log, secretsOf } from './log';
import type { ManagedType, Subject } from './managed-type';
import { REGISTRY } from './registry';

/** The physical id of a create that failed before it could have left anything. */
export const NOTHING_CREATED = 'cdk-license-manager:nothing-created';

/** Time for the answer, in milliseconds. */
const RESERVE = 30_000;

interface Outcome {
  readonly physicalId: string;
  readonly data?: Record<string, string>;
}

/**
 * Answers a request of CloudFormation: parse, read, compare, write, answer.
 *
 * It fails only if the answer could not be given. Lambda then calls it again with the same request.
 */
export async function handleEvent(event: CloudFormationCustomResourceEvent, context: Context): Promise<void> {
  const { RequestType, ResourceType, LogicalResourceId, StackId, RequestId, ResponseURL } = event;
  const log = new Log(context.awsRequestId, secretsOf(ResponseURL));
  const about = {
    requestType: RequestType, resourceType: ResourceType, logicalResourceId: LogicalResourceId, stackId: StackId, cfnRequestId: RequestId,
  };
  log.info('Request', about);

  const work = new Work(event, context, log);
  let outcome: Pick<Answer, 'Status' | 'Reason' | 'PhysicalResourceId' | 'Data'>;
  try {
    const { physicalId, data } = await work.do();
    outcome = { Status: 'SUCCESS', PhysicalResourceId: physicalId, Data: data };
  } catch (error) {
    const { name, message, stack } = error as Error;
    const expected = error instanceof Refusal || error instanceof OperationFailed;
    if (!expected) {
      log.error('Unexpected error', { stack });
    }
    outcome = {
      Status: 'FAILED',
      Reason: log.redact(expected ? `${message}.` : `Unexpected error in the function of cdk-license-manager: ${name}: ${message}.`),
      PhysicalResourceId: work.physicalIdIfFailed,
    };
  }
  log[outcome.Status === 'SUCCESS' ? 'info' : 'error']('Answer', {
    ...about, status: outcome.Status, reason: outcome.Reason, physicalResourceId: outcome.PhysicalResourceId,
  });
  await putAnswer(ResponseURL, { ...outcome, StackId, RequestId, LogicalResourceId }, log);
}

class Work {
  /** What CloudFormation has to know about a create or an update that fails now. */
  public physicalIdIfFailed: string;

  private readonly type: ManagedType<unknown, unknown, unknown> | undefined;
  private readonly subject: Subject<unknown>;
  private readonly known: string | undefined;

  constructor(private readonly event: CloudFormationCustomResourceEvent, context: Context, private readonly log: Log) {
    const { ResourceType, RequestType, StackId, LogicalResourceId, RequestId } = event;
    this.type = Object.hasOwn(REGISTRY, ResourceType) ? REGISTRY[ResourceType as keyof typeof REGISTRY] : undefined;
    this.known = 'PhysicalResourceId' in event ? event.PhysicalResourceId : undefined;
    this.physicalIdIfFailed = this.known ?? NOTHING_CREATED;

    const remaining = timer(event, context);
    this.subject = {
      requestType: RequestType,
      physicalId: this.known,
      oldProperties: 'OldResourceProperties' in event ? event.OldResourceProperties : undefined,
      token: createHash('sha256').update(`${StackId}/${LogicalResourceId}/${RequestId}`).digest('hex'),
      stackId: StackId,
      started: new Date(),
      environment: environmentOf(StackId),
      licenseManager: new LicenseManager(log, remaining),
      log,
      remaining,
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
        return this.bringAbout(this.type);
      case 'Delete':
        return this.remove(this.type);
      default:
        throw new Refusal(`unknown request type '${(this.event as { RequestType: unknown }).RequestType}'`);
    }
  }

  private async bringAbout(type: ManagedType<unknown, unknown, unknown>): Promise<Outcome> {
    const properties = this.parse(type);
    const subject = { ...this.subject, properties };
    let state = await type.read(subject);
    let physicalId = type.identify(properties, state);
    const change = type.compare(subject, state);
    if (change !== undefined) {
      const written = await this.write(type, subject, change, type.identifyRemains?.(subject) ?? physicalId);
      physicalId = written.physicalId ?? physicalId;
      // From here on it exists: should the state not be read, CloudFormation deletes it.
      this.physicalIdIfFailed = physicalId ?? this.physicalIdIfFailed;
      state = written.state ?? await type.readBack?.(subject, physicalId!) ?? state;
    }
    return { physicalId: physicalId!, data: type.attributes?.(physicalId!, subject, state) };
  }

  private async remove(type: ManagedType<unknown, unknown, unknown>): Promise<Outcome> {
    const physicalId = this.known ?? NOTHING_CREATED;
    const found = type.recognizes(physicalId) ? physicalId : this.identifyByProperties(type);
    if (found === undefined) {
      this.log.warn('The physical id is none that was given away, so there is nothing to delete', { physicalId });
      return { physicalId };
    }
    const subject = { ...this.subject, physicalId: found };
    const change = type.compare(subject, await type.read(subject));
    if (change !== undefined) {
      await this.write(type, subject, change, physicalId);
    }
    return { physicalId };
  }

  /** A create that nobody answered has no physical id of ours: what it was to create tells what it may have left. */
  private identifyByProperties(type: ManagedType<unknown, unknown, unknown>): string | undefined {
    try {
      return type.identify(this.parse(type), undefined);
    } catch {
      return undefined;
    }
  }

  private parse(type: ManagedType<unknown, unknown, unknown>): unknown {
    const { ServiceToken, ServiceTimeout, ...declared } = this.event.ResourceProperties ?? {};
    const properties = type.properties(declared, '');
    type.check?.(properties, this.subject.environment);
    return properties;
  }

  private async write(
    type: ManagedType<unknown, unknown, unknown>,
    subject: Subject<unknown>,
    change: unknown,
    remains: string | undefined,
  ): Promise<{ physicalId?: string; state?: unknown }> {
    const before = this.physicalIdIfFailed;
    // An update keeps its id, unless the id of the new thing is known: CloudFormation deletes it then when it rolls back.
    this.physicalIdIfFailed = (this.event.RequestType === 'Update' && type.identifyRemains ? undefined : remains) ?? before;
    let written: { physicalId?: string; state?: unknown };
    try {
      written = { physicalId: await type.write(subject, change) ?? undefined };
    } catch (error) {
      if (!(error instanceof OperationFailed) || !error.uncertain) {
        this.physicalIdIfFailed = before;
        throw error;
      }
      this.log.warn('It is uncertain what the write has done, so it is read again', { error: error.message });
      const state = await type.read(subject).catch(() => {
        throw error;
      });
      if (type.compare(subject, state) !== undefined) {
        throw error;
      }
      written = { physicalId: subject.properties ? type.identify(subject.properties, state) : undefined, state };
    }
    await type.confirm?.(subject, change);
    return written;
  }
}

/** The time that is left for the work, so that the answer is given before Lambda ends the function and before CloudFormation gives up. */
function timer(event: CloudFormationCustomResourceEvent, context: Context): () => number {
  const serviceTimeout = Number(event.ResourceProperties?.ServiceTimeout) * 1000 || Infinity;
  const started = Date.now();
  return () => Math.min(context.getRemainingTimeInMillis(), started + serviceTimeout - Date.now()) - RESERVE;
}
