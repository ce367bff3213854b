import { StandardRetryStrategy } from '@smithy/util-retry';

type RefreshParameters = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>;
type ErrorInfo = RefreshParameters[1];

const ATTEMPTS = 6;
/** Milliseconds before the first retry, at most; doubled for each further one. */
const BASE_DELAY = 500;

/**
 * The retry of the SDK, taught License Manager's error codes, and bounded in time.
 */
export class Retries extends StandardRetryStrategy {
  private mayHaveEffect = false;

  /**
   * @param remaining     how many milliseconds are left for the work
   * @param onlyIfRefused whether to retry only calls that certainly had no effect
   */
  constructor(private readonly remaining: () => number, private readonly onlyIfRefused: boolean) {
    super({ maxAttempts: ATTEMPTS, baseDelay: BASE_DELAY });
  }

  /** Whether the latest call may have had an effect although it failed. */
  public get uncertain(): boolean {
    return this.mayHaveEffect;
  }

  public override async acquireInitialRetryToken(scope: string) {
    this.mayHaveEffect = false;
    return super.acquireInitialRetryToken(scope);
  }

  public override async refreshRetryTokenForRetry(token: RefreshParameters[0], info: ErrorInfo) {
    const errorType = classify(info);
    this.mayHaveEffect ||= !isRefusal(info.error);
    if (this.remaining() <= 0 || (this.onlyIfRefused && errorType !== 'THROTTLING')) {
      throw new Error('No retry');
    }
    return super.refreshRetryTokenForRetry(token, { ...info, errorType });
  }
}

/** How the SDK treats an error: `THROTTLING` is tried again after a longer time than `TRANSIENT`, anything else not at all. */
export function classify({ error, errorType }: Pick<ErrorInfo, 'error' | 'errorType'>): ErrorInfo['errorType'] {
  const { name, message } = (error ?? {}) as Partial<Error>;
  switch (name) {
    // The API reference gives it the HTTP status 400, at which the SDK does not take it for throttling.
    case 'RateLimitExceededException':
    // "There was a conflict processing the request. Try your request again."
    case 'ConflictException':
      return 'THROTTLING';
    case 'ServerInternalException':
      return 'TRANSIENT';
    case 'AccessDeniedException':
      // A permission that CloudFormation granted a moment ago takes some seconds to get through; an explicit deny stays.
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
      return /is not authorized to perform/.test(message ?? '') && !/explicit deny/.test(message ?? '') ? 'THROTTLING' : errorType;
    default:
      return errorType;
  }
}

/** Whether License Manager has answered that it did not do what it was asked for. */
function isRefusal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500;
}
