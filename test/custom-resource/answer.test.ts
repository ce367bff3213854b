import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import { Clock } from './support/function';
import { describeFunction, STATUS } from './support/licenses';
import { putAnswer } from '../../src/custom-resource/handler/answer';
import { OperationFailed } from '../../src/custom-resource/handler/errors';
import { handleEvent } from '../../src/custom-resource/handler/life-cycle';
import { Log, secretsOf } from '../../src/custom-resource/handler/log';
import { REGISTRY } from '../../src/custom-resource/handler/registry';
import { LocalAws } from '../local-aws/local-aws';

describeFunction('an answer', (bench) => {
  async function status() {
    return { resourceType: STATUS, properties: { LicenseConfigurationArn: await bench.license(), Status: 'AVAILABLE' } };
  }

  test.each(['server-error', 'cut', 'cut-after', 'late'] as const)('is put again after: %s', async (kind) => {
    const request = await status();
    await bench.localAws.fault({ service: 'cloudformation-response', operation: 'PutResponse', kind });
    const { answer, error, logs } = await bench.function.request(request);
    expect(error).toBeUndefined();
    expect(answer!.Status).toBe('SUCCESS');
    expect(logs).toContainEqual(expect.objectContaining({ level: 'WARN', message: 'The answer could not be put', attempt: 1 }));
  });

  test('that cannot be put fails the function, so that Lambda calls it again', async () => {
    const request = await status();
    await bench.localAws.fault({ service: 'cloudformation-response', operation: 'PutResponse', kind: 'cut', times: null });
    const { error } = await bench.function.request(request);
    expect(error).toMatch(/^The answer to CloudFormation could not be put: /);
  });

  test('that is refused for good is not put again', async () => {
    const request = await status();
    await bench.localAws.fault({ service: 'cloudformation-response', operation: 'PutResponse', kind: 'access-denied', status: 403, times: null });
    const { error, logs } = await bench.function.request(request);
    expect(error).toBe('The answer to CloudFormation could not be put: HTTP status 403');
    expect(logs.filter(({ message }) => message === 'The answer could not be put')).toHaveLength(1);
  });

  test('names the request', async () => {
    const { answer } = await bench.function.request({ ...await status(), requestId: 'the-request', logicalId: 'TheResource' });
    expect(answer).toMatchObject({ RequestId: 'the-request', LogicalResourceId: 'TheResource', StackId: bench.function.stackId() });
  });

  test('and the log keep the secrets, whatever License Manager says', async () => {
    const request = await status();
    await bench.localAws.fault({
      operation: 'GetLicenseConfiguration',
      kind: 'error',
      code: 'InvalidParameterValueException',
      message: 'With SecretAccessKeyOfTheFunction, SessionTokenOfTheFunction and ?Signature=SignatureOfTheUrl it does not work',
    });
    const { answer, output } = await bench.function.request(request);
    expect(answer!.Reason).toContain('With ***, *** and *** it does not work');
    expect(output).not.toMatch(/OfTheFunction|SignatureOfTheUrl/);
  });

  test('is shortened to what CloudFormation takes, in bytes', async () => {
    const request = await status();
    await bench.localAws.fault({
      operation: 'GetLicenseConfiguration', kind: 'error', code: 'InvalidParameterValueException', message: 'Ü"'.repeat(4000),
    });
    const { answer, output } = await bench.function.request(request);
    const bytes = Buffer.byteLength(JSON.stringify(answer));
    expect(bytes).toBeLessThanOrEqual(4096);
    expect(bytes).toBeGreaterThan(3500);
    expect(answer!.Reason).toMatch(/^GetLicenseConfiguration of arn:.+… \(the log of the function has the whole text\)$/);
    expect(output).toContain('Ü\\"'.repeat(4000));
  });

  test('comes with a log whose lines are JSON and carry the id of the request', async () => {
    const { logs } = await bench.function.request(await status());
    expect(logs.map(({ message }) => message)).toEqual(['Request', 'GetLicenseConfiguration', 'Answer']);
    const ids = new Set(logs.map(({ requestId }) => requestId));
    expect([...ids]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(logs[0]).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      level: 'INFO',
      requestId: expect.any(String),
      message: 'Request',
      requestType: 'Create',
      resourceType: STATUS,
      logicalResourceId: 'Resource',
      stackId: bench.function.stackId(),
      cfnRequestId: expect.any(String),
    });
  });
});

describe('the request that carries an answer', () => {
  const log = new Log('request');
  let server: Server;
  let url: string;
  const received: { method?: string; headers: IncomingMessage['headers']; body: string }[] = [];
  let respond: (request: IncomingMessage) => number;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => body += chunk).on('end', () => {
        received.push({ method: request.method, headers: request.headers, body });
        response.writeHead(respond(request)).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?Signature=x`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  beforeEach(() => {
    received.length = 0;
    respond = () => 200;
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });

  afterEach(() => jest.restoreAllMocks());

  const answer = { Status: 'SUCCESS' as const, PhysicalResourceId: 'id', StackId: 's', RequestId: 'r', LogicalResourceId: 'l' };

  test('is a PUT with the empty content type that the URL is signed for', async () => {
    await putAnswer(url, answer, log, () => 60_000);
    expect(received).toEqual([{
      method: 'PUT', headers: expect.objectContaining({ 'content-type': '', 'content-length': '100' }), body: JSON.stringify(answer),
    }]);
  });

  test('goes by HTTPS where the URL says so', async () => {
    const clock = new Clock(LocalAws.shared().endpoint);
    clock.install();
    try {
      await expect(clock.run(() => putAnswer(url.replace('http:', 'https:'), answer, log, () => 60_000), 60_000)).rejects.toThrow(/SSL|EPROTO|wrong version/i);
    } finally {
      clock.uninstall();
    }
  });

  test('is made also for an error that nobody foresaw, without a stack trace', async () => {
    const event = { RequestType: 'Create', StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/s/1', ResponseURL: url, ResourceType: STATUS };
    const get = ResourcePropertiesThatThrow();
    await handleEvent({ ...event, get ResourceProperties() { return get(); } } as never, { awsRequestId: 'a', getRemainingTimeInMillis: () => 60_000 } as Context, REGISTRY);
    expect(JSON.parse(received[0].body)).toMatchObject({ Status: 'FAILED', Reason: 'Unexpected error in the function of cdk-license-manager: TypeError: boom.' });
  });

  function ResourcePropertiesThatThrow() {
    let calls = 0;
    return () => {
      // The first look is that of the timer.
      if (calls++ > 0) {throw new TypeError('boom');}
      return {};
    };
  }
});

test('secrets are found in the URL, in its query and in the environment', () => {
  expect(secretsOf('https://bucket/key?Signature=short&X=1')).toEqual(
    expect.arrayContaining(['https://bucket/key?Signature=short&X=1', '?Signature=short&X=1', 'short']));
  expect(secretsOf('no URL').filter(Boolean)).toEqual(['no URL']);
});

describe('what is hidden', () => {
  const SECRET = 'a "quoted" \\ secret/with+ü&more';

  function logged(details: object): string {
    const log = new Log('request');
    log.hide(SECRET);
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      log.info('Message', details);
      return write.mock.calls.map(([line]) => line).join('');
    } finally {
      write.mockRestore();
    }
  }

  test.each<[string, object]>([
    ['a value', { text: SECRET }],
    ['a part of a value', { text: `before ${SECRET} after` }],
    ['a value deep inside', { list: [{ text: SECRET }] }],
    ['the text of a request in JSON', { text: JSON.stringify({ SecretString: SECRET }) }],
    ['JSON in JSON', { text: JSON.stringify({ body: JSON.stringify({ SecretString: SECRET }) }) }],
    ['a part of a URL', { text: `https://host/?value=${encodeURIComponent(SECRET)}` }],
    ['base 64', { text: Buffer.from(SECRET).toString('base64') }],
  ])('is hidden as %s', (_what, details) => {
    const line = logged(details);
    expect(line).not.toMatch(/quoted|secret/);
    expect(JSON.stringify(JSON.parse(line))).toContain('***');
  });

  test('is hidden in a reason, whatever stands around it', () => {
    const log = new Log('request');
    log.hide(SECRET);
    expect(log.redact(`Refused ${JSON.stringify(SECRET)}: '${SECRET}'`)).toBe('Refused "***": \'***\'');
  });

  test('is not a text of up to 3 characters, which would mutilate others', () => {
    const log = new Log('request');
    log.hide('lic', undefined, null, '');
    expect(log.redact('lic-1')).toBe('lic-1');
    log.hide('lic-');
    expect(log.redact('lic-1')).toBe('***1');
  });
});

describe('what to do next is told for', () => {
  test.each<[string, string, string, string, string?]>([
    ['a missing service-linked role', 'AccessDeniedException', 'Service linked role AWSServiceRoleForAWSLicenseManagerRole not found.',
      'License Manager works with service-linked roles that do not exist in this account, or are not known everywhere yet: declare ServiceLinkedRole'],
    ['what only the management account may do', 'AccessDeniedException', 'This operation can be performed by the management account only',
      'This can be done by the management account of the organization only, or by the delegated administrator'],
    ['an explicit deny', 'AccessDeniedException', 'x is not authorized with an explicit deny in a service control policy',
      'The role of the stack\'s function has the permission, and a service control policy'],
    ['a denied operation', 'AuthorizationException', 'No', 'Check that what it is about belongs to this account or is shared with it'],
    ['an account that has never used License Manager', 'AuthorizationException', 'Service role not found',
      'License Manager works with service-linked roles that do not exist in this account'],
    ['throttling', 'RateLimitExceededException', 'Too many', 'License Manager kept refusing calls as too many: deploy again when'],
    ['the quota of licenses', 'ResourceLimitExceededException', 'Too many',
      'By default an account has at most 25 self-managed licenses in a Region: delete unused licenses', 'CreateLicenseConfiguration'],
    ['the quota of a resource', 'ResourceLimitExceededException', 'Too many',
      'By default a resource has at most 10 self-managed licenses: remove one', 'UpdateLicenseSpecificationsForResource'],
    ['a limit below what is in use', 'ResourceLimitExceededException', 'Too many', 'A hard limit cannot be lower than what is in use: set licenseCount'],
    ['the same, by the code for all parameters', 'InvalidParameterValueException', 'The count is lower than the licenses in use',
      'A hard limit cannot be lower than what is in use: set licenseCount'],
    ['a resource in the wrong state', 'InvalidResourceStateException', 'Shutting down', 'An instance that is shutting down or terminated takes no license',
      'UpdateLicenseSpecificationsForResource'],
    ['licenses used up', 'LicenseUsageException', 'Not enough', 'The resource needs more licenses than are left', 'UpdateLicenseSpecificationsForResource'],
    ['a conflict', 'ConflictException', 'Conflict', 'Something else kept changing the same resource'],
    ['something that does not exist', 'ResourceNotFoundException', 'Gone', 'Check that it exists in this account and Region'],
    ['a license that does not exist', 'InvalidParameterValueException', 'Invalid license configuration ARN', 'Check that it exists in this account and Region'],
    ['a role that does not exist', 'InvalidParameterValueException', 'Service role not found', 'License Manager works with service-linked roles'],
    ['a Region that is not enabled', 'OptInRequired', 'No', 'Check that the Region is enabled for the account, and that License Manager is to be had there'],
    ['credentials of no such Region', 'UnrecognizedClientException', 'No', 'Check that the Region is enabled for the account'],
    ['a fault of the service', 'ServerInternalException', 'Oops', 'License Manager did not answer as it should, nor when tried again'],
    ['a connection that fails', 'NetworkingError', 'connect ETIMEDOUT', 'License Manager did not answer as it should, nor when tried again: deploy again later; '
      + 'if the function runs in a VPC, check that its subnets reach License Manager'],
    ['an answer of somebody else', 'UnexpectedAnswer', 'HTTP status 503', 'Something else than License Manager has answered, such as a proxy or a firewall'],
    ['a time that is up', 'OutOfTime', 'Not called', 'Deploy again; if it only takes longer, set a longer service timeout'],
  ])('%s', (_what, code, text, hint, operation = 'UpdateLicenseConfiguration') => {
    const { message } = new OperationFailed({
      service: 'License Manager', operation, resource: 'arn', code, text, requestId: 'request-1', uncertain: false,
    });
    expect(message).toContain(`${operation} of arn failed: ${code}: ${text.replace(/\.$/, '')} (request id request-1). ${hint}`);
  });

  test.each([
    ['ResourceLimitExceededException', 'TagResource'],
    ['InvalidResourceStateException', 'UpdateLicenseConfiguration'],
    ['LicenseUsageException', 'UpdateLicenseConfiguration'],
    ['InvalidParameterValueException', 'UpdateLicenseConfiguration'],
  ])('nothing, where %s of %s may be about anything', (code, operation) => {
    const { message } = new OperationFailed({ service: 'License Manager', operation, resource: 'arn', code, text: 'No', uncertain: false });
    expect(message).toBe(`${operation} of arn failed: ${code}: No`);
  });

  test('nothing but what License Manager says, where nobody knows better', () => {
    expect(new OperationFailed({
      service: 'License Manager', operation: 'TagResource', resource: 'arn', code: 'ValidationException', text: '', uncertain: false,
    }).message)
      .toBe('TagResource of arn failed: ValidationException: no further explanation');
  });
});
