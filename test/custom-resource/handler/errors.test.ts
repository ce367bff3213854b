import { OperationFailed } from '../../../src/custom-resource/handler/errors';

/** What is said after what a call failed with. */
function next(code: string, text: string, operation: string): string {
  const { message } = new OperationFailed({ service: 'License Manager', operation, resource: 'arn', code, text, requestId: 'request-1', uncertain: false });
  const failed = `${operation} of arn failed: ${code}: ${text.replace(/\.$/, '')} (request id request-1)`;
  expect(message.slice(0, failed.length)).toBe(failed);
  return message.slice(failed.length);
}

const ROLE = 'License Manager works with service-linked roles that do not exist in this account, or are not known everywhere yet: declare ServiceLinkedRole'
  + ' in the stack, or run "aws iam create-service-linked-role --aws-service-name license-manager.amazonaws.com", then deploy again';
const MANAGEMENT = 'This can be done by the management account of the organization only, or by the delegated administrator of License Manager: deploy the stack to'
  + ' that account';
const EXPLICIT = 'The role of the stack\'s function has the permission, and a service control policy, a permissions boundary or another explicit deny takes it away:'
  + ' have that policy allow the operation';
const REGION = 'Check that the Region is enabled for the account, and that License Manager is to be had there';
const DENIED = 'Check that what it is about belongs to this account or is shared with it, that nobody changed the policies of the role of the stack\'s function, and'
  + ' that no service control policy or permissions boundary denies the operation';
const THROTTLED = 'License Manager kept refusing calls as too many: deploy again when other deployments and scripts that call License Manager have ended';
const IN_USE = 'A hard limit cannot be lower than what is in use: set licenseCount to at least that many, set licenseCountHardLimit to false, or release what no'
  + ' longer needs the license';
const CONFLICT = 'Something else kept changing the same resource: deploy again when it has ended';
const GONE = 'Check that it exists in this account and Region, was not deleted outside of CloudFormation and, if it belongs to another account, is shared with this one';
const FAULT = 'License Manager did not answer as it should, nor when tried again: deploy again later; if the function runs in a VPC, check that its subnets reach'
  + ' License Manager';

describe('what to do next is told for', () => {
  test.each<[string, string, string, string, string?]>([
    ['a missing service-linked role', 'AccessDeniedException', 'Service linked role AWSServiceRoleForAWSLicenseManagerRole not found.', ROLE],
    ['a missing role, written otherwise', 'ValidationException', 'The service-linked-role is missing', ROLE],
    ['an account that has never used License Manager', 'AuthorizationException', 'Service role not found', ROLE],
    ['a role that does not exist', 'InvalidParameterValueException', 'Service role not found', ROLE],
    ['a role that something else needs', 'FailedDependencyException', 'ServiceLinkedRole', ROLE],
    ['what only the management account may do', 'AccessDeniedException', 'This operation can be performed by the management account only', MANAGEMENT],
    ['the same, by its old name', 'ValidationException', 'Not the master account', MANAGEMENT],
    ['the same, by its other name', 'InvalidParameterValueException', 'Not the payer account', MANAGEMENT],
    ['the same, of a delegated administrator', 'UnauthorizedOperation', 'No Delegated Administrator', MANAGEMENT],
    ['an explicit deny', 'AccessDeniedException', 'x is not authorized with an explicit deny', EXPLICIT],
    ['a service control policy', 'AccessDenied', 'No service control policy allows it', EXPLICIT],
    ['a permissions boundary', 'UnauthorizedOperation', 'No permissions boundary allows it', EXPLICIT],
    ['a resource control policy', 'AuthorizationException', 'Denied by resource control policies', EXPLICIT],
    ['a denied operation', 'AuthorizationException', 'No', DENIED],
    ['a denied operation, by its other name', 'AccessDeniedException', 'No', DENIED],
    ['a denied operation of CloudFormation', 'AccessDenied', 'No', DENIED],
    ['a denied operation of EC2', 'UnauthorizedOperation', 'No', DENIED],
    ['throttling', 'RateLimitExceededException', 'Too many', THROTTLED],
    ['throttling in another word', 'ThrottlingException', 'Too many', THROTTLED],
    ['throttling in a third', 'TooManyRequestsException', 'Too many', THROTTLED],
    ['throttling by CloudFormation', 'Throttling', 'Too many', THROTTLED],
    ['the quota of licenses', 'ResourceLimitExceededException', 'Too many',
      'By default an account has at most 25 self-managed licenses in a Region: delete unused licenses, or have the quota of License Manager raised in the Service'
      + ' Quotas console', 'CreateLicenseConfiguration'],
    ['the quota of a resource', 'ResourceLimitExceededException', 'Too many',
      'By default a resource has at most 10 self-managed licenses: remove one that it does not need, or have the quota of License Manager raised in the Service'
      + ' Quotas console', 'UpdateLicenseSpecificationsForResource'],
    ['a limit below what is in use', 'ResourceLimitExceededException', 'Too many', IN_USE],
    ['the same, by the code for all parameters', 'InvalidParameterValueException', 'The count is lower than the licenses in use', IN_USE],
    ['the same, by what is consumed', 'InvalidParameterValueException', '8 are consumed', IN_USE],
    ['the same, by the limit', 'InvalidParameterValueException', 'The hard limit', IN_USE],
    ['the same, by the name of the limit', 'InvalidParameterValueException', 'HardLimit', IN_USE],
    ['the same, by the name of the count', 'InvalidParameterValueException', 'LicenseCount', IN_USE],
    ['the same, by the count', 'InvalidParameterValueException', 'The license count', IN_USE],
    ['a resource in the wrong state', 'InvalidResourceStateException', 'Shutting down',
      'An instance that is shutting down or terminated takes no license: name a resource that is running or stopped, or remove the association from the template',
      'UpdateLicenseSpecificationsForResource'],
    ['licenses used up', 'LicenseUsageException', 'Not enough',
      'The resource needs more licenses than are left, or the rules of the license do not allow it: raise licenseCount, set licenseCountHardLimit to false, release'
      + ' what no longer needs the license, or use a resource that the rules allow', 'UpdateLicenseSpecificationsForResource'],
    ['a conflict', 'ConflictException', 'Conflict', CONFLICT],
    ['a conflict, by its other name', 'ConcurrentModificationException', 'Conflict', CONFLICT],
    ['something that does not exist', 'ResourceNotFoundException', 'Gone', 'Check that it exists in this account and Region and was not deleted outside of CloudFormation'],
    ['a license that does not exist', 'InvalidParameterValueException', 'Invalid license configuration ARN', GONE],
    ['a license that is not found', 'InvalidParameterValueException', 'It was not found', GONE],
    ['a license of which this is said', 'InvalidParameterValueException', 'It does not exist', GONE],
    ['a Region that is not enabled', 'OptInRequired', 'No', REGION],
    ['credentials of no such Region', 'UnrecognizedClientException', 'No', REGION],
    ['credentials of no such Region, by another name', 'InvalidClientTokenId', 'No', REGION],
    ['a fault of the service', 'ServerInternalException', 'Oops', FAULT],
    ['a fault of another service', 'InternalServerException', 'Oops', FAULT],
    ['a fault in another word', 'InternalServiceError', 'Oops', FAULT],
    ['a fault in a third', 'ServiceException', 'Oops', FAULT],
    ['an answer that does not come', 'TimeoutError', 'Oops', FAULT],
    ['a connection that fails', 'NetworkingError', 'connect ETIMEDOUT', FAULT],
    ['an answer of somebody else', 'UnexpectedAnswer', 'HTTP status 503',
      'Something else than License Manager has answered, such as a proxy or a firewall: if the function runs in a VPC, check its way to License Manager, and deploy'
      + ' again'],
    ['a time that is up', 'OutOfTime', 'Not called', 'Deploy again; if it only takes longer, set a longer service timeout'],
  ])('%s', (_what, code, text, hint, operation = 'UpdateLicenseConfiguration') => {
    expect(next(code, text, operation)).toBe(`. ${hint}`);
  });

  test.each([
    ['ResourceLimitExceededException', 'TagResource', 'No'],
    ['InvalidResourceStateException', 'UpdateLicenseConfiguration', 'No'],
    ['LicenseUsageException', 'UpdateLicenseConfiguration', 'No'],
    ['InvalidParameterValueException', 'UpdateLicenseConfiguration', 'No'],
    // An operation that only the text names is another one.
    ['ResourceLimitExceededException', 'TagResource', 'CreateLicenseConfiguration'],
    ['ResourceLimitExceededException', 'TagResource', 'UpdateLicenseConfiguration'],
    ['ResourceLimitExceededException', 'TagResource', 'UpdateLicenseSpecificationsForResource'],
    ['InvalidResourceStateException', 'TagResource', 'UpdateLicenseSpecificationsForResource'],
    ['LicenseUsageException', 'TagResource', 'UpdateLicenseSpecificationsForResource'],
    ['InvalidParameterValueException', 'TagResource', 'UpdateLicenseConfiguration in use'],
  ])('nothing, where %s of %s may be about anything: %s', (code, operation, text) => {
    expect(next(code, text, operation)).toBe('');
  });

  test('nothing but what License Manager says, where nobody knows better', () => {
    const failed = (text: string) => new OperationFailed({
      service: 'License Manager', operation: 'TagResource', resource: 'arn', code: 'ValidationException', text, uncertain: false,
    }).message;
    expect(failed('')).toBe('TagResource of arn failed: ValidationException: no further explanation');
    expect(failed(' One. Two. ')).toBe('TagResource of arn failed: ValidationException: One. Two');
  });

  test('what the caller knows better', () => {
    const failed = new OperationFailed({ service: 'License Manager', operation: 'TagResource', resource: 'arn', code: 'ConflictException', text: 'No.', uncertain: true });
    const { message, code, text, uncertain, passing, requestId } = failed.withHint('Ask {service}');
    expect({ message, code, text, uncertain, passing, requestId }).toEqual({
      message: 'TagResource of arn failed: ConflictException: No. Ask License Manager',
      code: 'ConflictException',
      text: 'No.',
      uncertain: true,
      passing: false,
      requestId: undefined,
    });
  });
});
