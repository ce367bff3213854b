import { StandardRetryStrategy } from '@smithy/util-retry';
import type { Retry, Service } from './service';

type RefreshParameters = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>;
type ErrorInfo = RefreshParameters[1];

const ATTEMPTS = 6;
/** Milliseconds before the first retry, at most; doubled for each further one. */
const BASE_DELAY = 500;
const LONGEST_DELAY = 20_000;

/**
 * The retry of the SDK for one call, taught the service's error codes, and bounded in time.
 *
 * For one call: the SDK's own budget is for a client, so that the five-hundredth call would have fewer attempts than the first, and what is
 * uncertain of a call would be mixed up with others at the same time.
 */
export class Retries extends StandardRetryStrategy {
  private mayHaveEffect = false;
  private lastType?: ErrorInfo['errorType'];

  /**
   * @param service   whose errors
   * @param remaining how many milliseconds are left for the work
   * @param once      whether to try again only what certainly had no effect
   */
  constructor(private readonly service: Service, private readonly remaining: () => number, private readonly once: boolean) {
    super({ maxAttempts: ATTEMPTS, baseDelay: BASE_DELAY, backoff: new Backoff(remaining) });
  }

  /** Whether the call may have had an effect although it failed. */
  public get uncertain(): boolean {
    return this.mayHaveEffect;
  }

  /** Whether the same call might have succeeded at another time: it was not refused for what it is. */
  public get passing(): boolean {
    return this.lastType === 'THROTTLING' || this.lastType === 'TRANSIENT';
  }

  public override async refreshRetryTokenForRetry(token: RefreshParameters[0], info: ErrorInfo) {
    const errorType = classify(this.service, info);
    this.lastType = isDenial(info.error) ? 'CLIENT_ERROR' : errorType;
    const refused = isRefusal(info.error);
    this.mayHaveEffect ||= !refused;
    if (this.remaining() <= 0 || (this.once && !refused)) {
      throw new Error('No retry');
    }
    return super.refreshRetryTokenForRetry(token, { ...info, errorType });
  }
}

/** How the SDK treats an error of a service. */
function classify({ retries }: Service, { error, errorType }: Pick<ErrorInfo, 'error' | 'errorType'>): ErrorInfo['errorType'] {
  const { name = '' } = (error ?? {}) as Partial<Error>;
  if (Object.hasOwn(retries, name)) {
    return SDK[retries[name]];
  }
  return isDenial(error) ? 'THROTTLING' : errorType;
}

/**
 * Whether IAM has no permission for it. One that CloudFormation granted a moment ago takes some seconds to get through; an explicit deny stays.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
function isDenial(error: unknown): boolean {
  const { name = '', message = '' } = (error ?? {}) as Partial<Error>;
  return /^AccessDenied/.test(name) && /is not authorized to perform/.test(message) && !/explicit deny/.test(message);
}

/** The SDK's back-off, which gives up where it would outlast the time that is left. */
class Backoff {
  private base = BASE_DELAY;

  constructor(private readonly remaining: () => number) {}

  public setDelayBase(delay: number): void {
    this.base = delay;
  }

  public computeNextBackoffDelay(retries: number): number {
    const delay = Math.floor(Math.random() * Math.min(LONGEST_DELAY, 2 ** retries * this.base));
    if (delay >= this.remaining()) {
      throw new Error('No retry');
    }
    return delay;
  }
}

const SDK: { readonly [retry in Retry]: ErrorInfo['errorType'] } = { THROTTLING: 'THROTTLING', TRANSIENT: 'TRANSIENT', NO: 'CLIENT_ERROR' };

/** Whether the service has answered that it did not do what it was asked for. */
function isRefusal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
  return status !== undefined && status >= 300 && status < 500;
}
