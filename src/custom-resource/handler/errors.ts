import type { Hint } from '../contract/definition';

/**
 * How a call of a service failed.
 */
export interface Failure {
  /** As texts call the service. */
  readonly service: string;
  /** What was called. */
  readonly operation: string;
  /** For what. */
  readonly resource: string;
  /** The service's error code, or what happened to the connection. */
  readonly code: string;
  /** The service's own text. */
  readonly text: string;
  /** The service's id of the call, if it answered. */
  readonly requestId?: string;
  /** Whether the call may have had an effect nevertheless. */
  readonly uncertain: boolean;
  /** Whether the same call might have succeeded at another time: it was not refused for what it is. */
  readonly passing?: boolean;
}

/**
 * A call that failed.
 */
export class OperationFailed extends Error {
  public readonly code: string;
  public readonly text: string;
  public readonly requestId?: string;
  public readonly uncertain: boolean;
  public readonly passing: boolean;
  /** What to do about it: a sentence without its full stop. */
  public readonly hint?: string;

  /**
   * @param failure what happened
   * @param hints   what to do about it, before what is said of any failure
   */
  constructor(public readonly failure: Failure, hints: readonly Hint[] = []) {
    const hint = hintFor(failure, [...hints, ...HINTS]);
    super(describe(failure, hint));
    this.hint = hint;
    this.code = failure.code;
    this.text = failure.text;
    this.requestId = failure.requestId;
    this.uncertain = failure.uncertain;
    this.passing = failure.passing ?? false;
  }

  /** The same failure with what to do, where the caller knows better than the code alone tells. */
  public withHint(hint: string): OperationFailed {
    return new OperationFailed(this.failure, [{ codes: [this.code], about: /^/, hint }]);
  }
}

function describe({ operation, resource, code, text, requestId }: Failure, hint: string | undefined): string {
  const reference = requestId ? ` (request id ${requestId})` : '';
  return `${operation} of ${resource} failed: ${code}: ${sentence(text)}${reference}${hint === undefined ? '' : `. ${hint}`}`;
}

function hintFor({ service, operation, code, text }: Failure, hints: readonly Hint[]): string | undefined {
  return hints.find(({ codes, about }) => codes.includes(code) && about.test(`${operation} ${text}`))?.hint.replaceAll('{service}', service);
}

/** "Service role not found" is what reads are refused with in an account that has never used License Manager. */
export const MISSING_ROLE = /service[- ]?linked[- ]?role|service role not found/i;

/** What a license is refused for that has less than is in use, or would have: not for what does not exist, or for a quota. */
const LICENSES_IN_USE = /^UpdateLicenseConfiguration .*(in use|consumed|hard ?limit|license ?count)/i;

const TOO_FEW_LICENSES = 'A hard limit cannot be lower than what is in use: set licenseCount to at least that many, set licenseCountHardLimit to false, or'
  + ' release what no longer needs the license';

const DENIED = ['AccessDeniedException', 'AuthorizationException', 'AccessDenied', 'UnauthorizedOperation'];

/*
 * What to do next, for the codes that users meet. The first that fits counts, and those of a type come before these; `{service}` is the one that was
 * called. A code alone says little: it is told by the operation what the code is about.
 *
 * https://docs.aws.amazon.com/license-manager/latest/APIReference/CommonErrors.html and the errors of the operations
 */
const HINTS: readonly Hint[] = [
  {
    codes: [...DENIED, 'FailedDependencyException', 'InvalidParameterValueException', 'ValidationException'],
    about: MISSING_ROLE,
    hint: 'License Manager works with service-linked roles that do not exist in this account, or are not known everywhere yet: declare ServiceLinkedRole in the'
      + ' stack, or run "aws iam create-service-linked-role --aws-service-name license-manager.amazonaws.com", then deploy again',
  },
  {
    codes: [...DENIED, 'InvalidParameterValueException', 'ValidationException'],
    about: /(management|master|payer) account|delegated administrator/i,
    hint: 'This can be done by the management account of the organization only, or by the delegated administrator of License Manager: deploy the'
      + ' stack to that account',
  },
  {
    codes: DENIED,
    about: /explicit deny|service control polic|permissions boundary|resource control polic/i,
    hint: 'The role of the stack\'s function has the permission, and a service control policy, a permissions boundary or another explicit deny takes'
      + ' it away: have that policy allow the operation',
  },
  {
    codes: ['UnrecognizedClientException', 'InvalidClientTokenId', 'OptInRequired'],
    about: /^/,
    hint: 'Check that the Region is enabled for the account, and that {service} is to be had there',
  },
  {
    codes: DENIED,
    about: /^/,
    hint: 'Check that what it is about belongs to this account or is shared with it, that nobody changed the policies of the role of the stack\'s'
      + ' function, and that no service control policy or permissions boundary denies the operation',
  },
  {
    codes: ['RateLimitExceededException', 'ThrottlingException', 'TooManyRequestsException', 'Throttling'],
    about: /^/,
    hint: '{service} kept refusing calls as too many: deploy again when other deployments and scripts that call {service} have ended',
  },
  {
    codes: ['ResourceLimitExceededException'],
    about: /^CreateLicenseConfiguration/,
    hint: 'By default an account has at most 25 self-managed licenses in a Region: delete unused licenses, or have the quota of License Manager raised in'
      + ' the Service Quotas console',
  },
  {
    codes: ['ResourceLimitExceededException'],
    about: /^UpdateLicenseSpecificationsForResource/,
    hint: 'By default a resource has at most 10 self-managed licenses: remove one that it does not need, or have the quota of License Manager raised in'
      + ' the Service Quotas console',
  },
  {
    codes: ['ResourceLimitExceededException'],
    about: /^UpdateLicenseConfiguration/,
    hint: TOO_FEW_LICENSES,
  },
  {
    codes: ['InvalidParameterValueException'],
    about: LICENSES_IN_USE,
    hint: TOO_FEW_LICENSES,
  },
  {
    codes: ['InvalidResourceStateException'],
    about: /^UpdateLicenseSpecificationsForResource/,
    hint: 'An instance that is shutting down or terminated takes no license: name a resource that is running or stopped, or remove the association'
      + ' from the template',
  },
  {
    codes: ['LicenseUsageException'],
    about: /^UpdateLicenseSpecificationsForResource/,
    hint: 'The resource needs more licenses than are left, or the rules of the license do not allow it: raise licenseCount, set licenseCountHardLimit'
      + ' to false, release what no longer needs the license, or use a resource that the rules allow',
  },
  {
    codes: ['ConflictException', 'ConcurrentModificationException'],
    about: /^/,
    hint: 'Something else kept changing the same resource: deploy again when it has ended',
  },
  {
    codes: ['ResourceNotFoundException'],
    about: /^/,
    hint: 'Check that it exists in this account and Region and was not deleted outside of CloudFormation',
  },
  {
    codes: ['InvalidParameterValueException'],
    about: /not found|does not exist|invalid license configuration arn/i,
    hint: 'Check that it exists in this account and Region, was not deleted outside of CloudFormation and, if it belongs to another account, is shared'
      + ' with this one',
  },
  {
    codes: ['OutOfTime'],
    about: /^/,
    hint: 'Deploy again; if it only takes longer, set a longer service timeout',
  },
  {
    codes: ['UnexpectedAnswer'],
    about: /^/,
    hint: 'Something else than {service} has answered, such as a proxy or a firewall: if the function runs in a VPC, check its way to {service}, and'
      + ' deploy again',
  },
  {
    codes: ['ServerInternalException', 'InternalServerException', 'InternalServiceError', 'ServiceException', 'TimeoutError', 'NetworkingError'],
    about: /^/,
    hint: '{service} did not answer as it should, nor when tried again: deploy again later; if the function runs in a VPC, check that its subnets'
      + ' reach {service}',
  },
];

/** A text of AWS, where more follows it. */
export function withoutStop(text: string): string {
  return text.replace(/[\s.]+$/, '');
}

/** Texts of AWS end with a full stop or not. */
function sentence(message: string): string {
  return message.trim().replace(/\.$/, '') || 'no further explanation';
}
