/**
 * Something that a template declares and that cannot be.
 */
export class Refusal extends Error {}

/**
 * A call of License Manager that failed.
 */
export class OperationFailed extends Error {
  /**
   * @param operation what was called
   * @param resource  for what
   * @param code      License Manager's error code, or what happened to the connection
   * @param text      License Manager's own text
   * @param requestId License Manager's id of the call, if it answered
   * @param uncertain whether the call may have had an effect nevertheless
   * @param hint      what to do, where the caller knows better than the code alone tells
   */
  constructor(
    public readonly operation: string,
    public readonly resource: string,
    public readonly code: string,
    public readonly text: string,
    public readonly requestId: string | undefined,
    public readonly uncertain: boolean,
    public readonly hint?: string,
  ) {
    super(describe(operation, resource, code, text, requestId, hint));
  }

  /** The same failure with what to do. */
  public withHint(hint: string): OperationFailed {
    return new OperationFailed(this.operation, this.resource, this.code, this.text, this.requestId, this.uncertain, hint);
  }
}

function describe(operation: string, resource: string, code: string, text: string, requestId?: string, hint?: string): string {
  const reference = requestId ? ` (request id ${requestId})` : '';
  const next = hint ?? HINTS.find(({ codes, about }) => codes.includes(code) && about.test(`${operation} ${text}`))?.hint;
  return `${operation} of ${resource} failed: ${code}: ${sentence(text)}${reference}${next ? `. ${next}` : ''}`;
}

/*
 * What to do next, for the codes that users meet. The first that fits counts.
 *
 * https://docs.aws.amazon.com/license-manager/latest/APIReference/CommonErrors.html and the errors of the operations
 */
const HINTS: { readonly codes: string[]; readonly about: RegExp; readonly hint: string }[] = [
  {
    codes: ['AccessDeniedException', 'AuthorizationException', 'FailedDependencyException', 'InvalidParameterValueException', 'ValidationException'],
    about: /service[- ]?linked[- ]?role/i,
    hint: 'License Manager works with service-linked roles that do not exist in this account: open the License Manager console once and grant the'
      + ' permissions it asks for, or run "aws iam create-service-linked-role --aws-service-name license-manager.amazonaws.com", then deploy again',
  },
  {
    codes: ['AccessDeniedException', 'AuthorizationException', 'InvalidParameterValueException', 'ValidationException'],
    about: /(management|master|payer) account|delegated administrator/i,
    hint: 'This can be done by the management account of the organization only, or by the delegated administrator of License Manager: deploy the'
      + ' stack to that account',
  },
  {
    codes: ['AccessDeniedException', 'AuthorizationException'],
    about: /explicit deny|service control polic|permissions boundary|resource control polic/i,
    hint: 'The role of the stack\'s function has the permission, and a service control policy, a permissions boundary or another explicit deny takes'
      + ' it away: have that policy allow the operation',
  },
  {
    codes: ['AccessDeniedException', 'AuthorizationException', 'UnrecognizedClientException', 'InvalidClientTokenId', 'OptInRequired'],
    about: /./,
    hint: 'Check that the license belongs to this account or is shared with it, that nobody changed the policies of the role of the stack\'s function,'
      + ' and that no service control policy or permissions boundary denies the operation',
  },
  {
    codes: ['RateLimitExceededException', 'ThrottlingException', 'TooManyRequestsException'],
    about: /./,
    hint: 'License Manager kept refusing calls as too many: deploy again when other deployments and scripts that call License Manager have ended',
  },
  {
    codes: ['ResourceLimitExceededException'],
    about: /ReportGenerator/,
    hint: 'An account has a quota of report generators in a Region: delete unused ones, or have the quota "Number of Report generators" of License'
      + ' Manager raised in the Service Quotas console',
  },
  {
    codes: ['ResourceLimitExceededException'],
    about: /./,
    hint: 'By default an account has at most 25 self-managed licenses in a Region and a resource at most 10: delete unused licenses or associations,'
      + ' or have the quota of License Manager raised in the Service Quotas console',
  },
  {
    codes: ['InvalidResourceStateException'],
    about: /./,
    hint: 'An instance that is shutting down or terminated takes no license: name a resource that is running or stopped, or remove the association'
      + ' from the template',
  },
  {
    codes: ['LicenseUsageException'],
    about: /./,
    hint: 'The resource needs more licenses than are left, or the rules of the license do not allow it: raise licenseCount, set licenseCountHardLimit'
      + ' to false, release what no longer needs the license, or use a resource that the rules allow',
  },
  {
    codes: ['ConflictException'],
    about: /./,
    hint: 'Something else kept changing the same license or resource: deploy again when it has ended',
  },
  {
    codes: ['ResourceNotFoundException'],
    about: /./,
    hint: 'Check that it exists in this account and Region and was not deleted outside of CloudFormation',
  },
  {
    codes: ['InvalidParameterValueException'],
    about: /not found|does not exist|invalid license configuration arn/i,
    hint: 'Check that it exists in this account and Region, was not deleted outside of CloudFormation and, if it belongs to another account, is shared'
      + ' with this one',
  },
  {
    codes: ['ServerInternalException', 'TimeoutError', 'NetworkingError'],
    about: /./,
    hint: 'License Manager did not answer as it should, nor when tried again: deploy again later; if the function runs in a VPC, check that its subnets'
      + ' reach License Manager',
  },
];

/** Texts of AWS end with a full stop or not. */
function sentence(message: string): string {
  return message.trim().replace(/\.$/, '') || 'no further explanation';
}
