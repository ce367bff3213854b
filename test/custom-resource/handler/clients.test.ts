/*
 * The one call path, for every service and protocol: what is sent, what comes back, how it is tried again, where it goes.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsCaller } from '../../../src/custom-resource/handler/clients/caller';
import type { Operation } from '../../../src/custom-resource/handler/clients/operation';
import {
  BLOB, body, BOOLEAN, bySchema, inHeader, inQuery, label, listOf, mapOf, NUMBER, STRING, structure,
} from '../../../src/custom-resource/handler/clients/schema';
import {
  CLOUDFORMATION, IAM, LAMBDA, LICENSE_MANAGER, LINUX_SUBSCRIPTIONS, ORGANIZATIONS, RAM, SECRETS_MANAGER, type Service, USER_SUBSCRIPTIONS,
} from '../../../src/custom-resource/handler/clients/service';
import { OperationFailed } from '../../../src/custom-resource/handler/errors';
import { Log } from '../../../src/custom-resource/handler/log';
import { getLicenseConfiguration, listLicenseConfigurations, tagResource } from '../../../src/custom-resource/handler/operations/license-manager';

/** The timeouts of the client, which nothing here comes near to. */
const TIMEOUTS = [10_000, 3_000, 2_000, 1_000];

/** Whoever waits before a retry waits the five hundredth part. */
const faster = (wait: typeof setTimeout) => ((callback: () => void, delay: number, ...rest: []) =>
  wait(callback, TIMEOUTS.includes(delay) ? delay : delay / 500, ...rest)) as typeof setTimeout;

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

interface Reply {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  readonly cut?: boolean;
}

let server: Server;
let sent: Sent[];
let replies: Reply[];

const environment = { ...process.env };
const { setTimeout: original } = globalThis;

beforeAll(async () => {
  server = createServer((request, response) => {
    let received = '';
    request.on('data', (chunk) => received += chunk).on('end', () => {
      sent.push({ method: request.method!, url: request.url!, headers: request.headers as Sent['headers'], body: received });
      const { status = 200, headers, body: answer = '{}', cut } = replies.length > 1 ? replies.shift()! : replies[0] ?? {};
      if (cut) {
        request.socket.destroy();
      } else {
        response.writeHead(status, { 'x-amzn-requestid': 'request-1', ...headers }).end(answer);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
  });
  globalThis.setTimeout = faster(original);
});

afterAll(() => {
  globalThis.setTimeout = original;
  process.env = environment;
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  sent = [];
  replies = [];
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => jest.restoreAllMocks());

const log = new Log('request');
const caller = () => new AwsCaller(log, () => 60_000);

/** What a request is signed for. */
function scopeOf({ headers }: Sent): string {
  return /Credential=AKIAEXAMPLE\/\d{8}\/([^/]+\/[^/]+)\/aws4_request/.exec(headers.authorization)![1];
}

async function failureOf(call: Promise<unknown>): Promise<OperationFailed> {
  const error: unknown = await call.catch((failed) => failed);
  if (!(error instanceof OperationFailed)) {
    throw new Error(`This is no failure of an operation: ${String(error)}`);
  }
  return error;
}

const EVERYTHING = {
  input: {
    Text: STRING,
    Count: NUMBER,
    Flag: BOOLEAN,
    List: listOf(STRING),
    Map: mapOf(STRING),
    Lists: mapOf(listOf(STRING)),
    ListOfLists: listOf(listOf(STRING)),
    Inner: structure({ Text: STRING, List: listOf(structure({ Text: STRING })) }),
  },
  output: {
    Text: STRING, Count: NUMBER, Flag: BOOLEAN, Lists: mapOf(listOf(STRING)), Inner: structure({ List: listOf(structure({ Text: STRING })) }),
  },
  about: () => 'everything',
};
const INPUT = {
  Text: 'text',
  Count: 2,
  Flag: false,
  List: ['a', 'b'],
  Map: { key: 'value' },
  Lists: { key: ['a'] },
  ListOfLists: [['a'], ['b']],
  Inner: { Text: 'inner', List: [{ Text: 'deep' }] },
};
const ANSWER = { Text: 'text', Count: 2, Flag: true, Lists: { key: ['a'] }, Inner: { List: [{ Text: 'deep' }] } };

describe('a service is called in its own protocol', () => {
  test.each<[string, Service, string, string]>([
    ['AWS Secrets Manager', SECRETS_MANAGER, 'secretsmanager.Do', 'eu-west-1/secretsmanager'],
    ['AWS Organizations', ORGANIZATIONS, 'AWSOrganizationsV20161128.Do', 'us-east-1/organizations'],
  ])('JSON 1.1: %s', async (_name, service, target, scope) => {
    replies = [{ body: JSON.stringify(ANSWER) }];
    expect(await caller().call(bySchema(service, 'service:Do', EVERYTHING), INPUT)).toMatchObject(ANSWER);
    expect(sent).toEqual([expect.objectContaining({ method: 'POST', url: '/' })]);
    expect(sent[0].headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, 'x-amz-security-token': 'session',
    });
    expect(JSON.parse(sent[0].body)).toEqual(INPUT);
    expect(scopeOf(sent[0])).toBe(scope);
  });

  test.each<[string, Service, string]>([
    ['License Manager Linux subscriptions', LINUX_SUBSCRIPTIONS, 'license-manager-linux-subscriptions'],
    ['License Manager user subscriptions', USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions'],
    ['AWS RAM', RAM, 'ram'],
    ['AWS Lambda', LAMBDA, 'lambda'],
  ])('REST JSON: %s', async (_name, service, signingName) => {
    replies = [{ body: JSON.stringify(ANSWER) }];
    expect(await caller().call(bySchema(service, 'service:Do', { ...EVERYTHING, http: 'POST /do/it' }), INPUT)).toMatchObject(ANSWER);
    expect(sent).toEqual([expect.objectContaining({ method: 'POST', url: '/do/it' })]);
    expect(JSON.parse(sent[0].body)).toEqual(INPUT);
    expect(scopeOf(sent[0])).toBe(`eu-west-1/${signingName}`);
  });

  test('REST JSON, with parts of the request elsewhere', async () => {
    const operation = bySchema(USER_SUBSCRIPTIONS, 'service:Untag', {
      http: 'DELETE /tags/{ResourceArn}',
      input: { ResourceArn: label(STRING), TagKeys: inQuery('tagKeys', listOf(STRING)), Type: inHeader('X-Type', STRING) },
      output: {},
      about: () => 'tags',
    });
    await caller().call(operation, { ResourceArn: 'arn:aws:x:y:z:a/b', TagKeys: ['one', 'two'], Type: 'Event' });
    expect(sent[0]).toMatchObject({ method: 'DELETE', url: '/tags/arn%3Aaws%3Ax%3Ay%3Az%3Aa%2Fb?tagKeys=one&tagKeys=two', headers: { 'x-type': 'Event' } });
  });

  test('REST JSON, with bytes as the body', async () => {
    const operation = bySchema(LAMBDA, 'lambda:InvokeFunction', { http: 'POST /invoke', input: { Payload: body(BLOB) }, output: {}, about: () => 'f' });
    await caller().call(operation, { Payload: Buffer.from('{"a":1}') });
    expect(sent[0].body).toBe('{"a":1}');
  });

  test.each<[string, Service, string, string]>([
    ['AWS IAM', IAM, 'us-east-1/iam', '2010-05-08'],
    ['AWS CloudFormation', CLOUDFORMATION, 'eu-west-1/cloudformation', '2010-05-15'],
  ])('Query: %s', async (_name, service, scope, version) => {
    replies = [{
      headers: { 'content-type': 'text/xml' },
      body: '<DoResponse xmlns="x"><DoResult><Text>text</Text><Count>2</Count><Inner><List><member><Text>deep</Text></member></List></Inner></DoResult>'
        + '<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DoResponse>',
    }];
    const answer = await caller().call(bySchema(service, 'service:Do', EVERYTHING), { Text: 'text', List: ['a', 'b'], Inner: { Text: 'inner' } });
    expect(answer).toMatchObject({ Text: 'text', Count: 2, Inner: { List: [{ Text: 'deep' }] } });
    expect(Object.fromEntries(new URLSearchParams(sent[0].body))).toEqual({
      'Action': 'Do', 'Version': version, 'Text': 'text', 'List.member.1': 'a', 'List.member.2': 'b', 'Inner.Text': 'inner',
    });
    expect(scopeOf(sent[0])).toBe(scope);
  });

  test('License Manager by its own client', async () => {
    replies = [{ body: JSON.stringify({ Name: 'windows' }) }];
    expect(await caller().call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' })).toMatchObject({ Name: 'windows' });
    expect(sent[0].headers['x-amz-target']).toBe('AWSLicenseManager.GetLicenseConfiguration');
    expect(scopeOf(sent[0])).toBe('eu-west-1/license-manager');
  });

  test('in another Region, if asked for', async () => {
    await caller().in('us-west-2').call(bySchema(LINUX_SUBSCRIPTIONS, 'service:Do', { http: 'POST /do', input: {}, output: {}, about: () => 'x' }), {});
    await caller().in('us-west-2').call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' });
    expect(sent.map(scopeOf)).toEqual(['us-west-2/license-manager-linux-subscriptions', 'us-west-2/license-manager']);
  });
});

describe('an endpoint', () => {
  const hostOf = (service: Service, region: string) => {
    const { endpointProvider } = service.configuration!(region) as { endpointProvider: (parameters: object) => { url: URL } };
    return endpointProvider({}).url.host;
  };

  test.each<[string, Service, string[]]>([
    ['Linux subscriptions', LINUX_SUBSCRIPTIONS, [
      'license-manager-linux-subscriptions.eu-west-1.amazonaws.com', 'license-manager-linux-subscriptions.cn-north-1.amazonaws.com.cn',
      'license-manager-linux-subscriptions.us-gov-west-1.amazonaws.com',
    ]],
    ['AWS Organizations', ORGANIZATIONS, [
      'organizations.us-east-1.amazonaws.com', 'organizations.cn-northwest-1.amazonaws.com.cn', 'organizations.us-gov-west-1.amazonaws.com',
    ]],
    ['AWS IAM', IAM, ['iam.amazonaws.com', 'iam.cn-north-1.amazonaws.com.cn', 'iam.us-gov.amazonaws.com']],
  ])('of %s is that of the partition', (_name, service, hosts) => {
    expect(['eu-west-1', 'cn-north-1', 'us-gov-west-1'].map((region) => hostOf(service, region))).toEqual(hosts);
  });
});

describe('an error', () => {
  const rest = (service: Service): Operation<string, object, object> => bySchema(service, 'service:Do', { http: 'POST /do', input: {}, output: {}, about: () => 'it' });
  const plain = (service: Service): Operation<string, object, object> => bySchema(service, 'service:Do', { input: {}, output: {}, about: () => 'it' });

  test.each<[string, Operation<string, object, object>, Reply]>([
    ['REST JSON, in a header with a suffix', rest(RAM), { status: 400, headers: { 'x-amzn-errortype': 'NoException:http://internal' }, body: '{"message":"Because"}' }],
    ['JSON 1.1, with a namespace', plain(ORGANIZATIONS), { status: 400, body: '{"__type":"com.amazonaws#NoException","Message":"Because"}' }],
    ['Query', plain(IAM), {
      status: 400,
      headers: { 'content-type': 'text/xml' },
      body: '<ErrorResponse><Error><Type>Sender</Type><Code>NoException</Code><Message>Because</Message></Error><RequestId>request-1</RequestId></ErrorResponse>',
    }],
  ])('has its code and its text: %s', async (_protocol, operation, reply) => {
    replies = [reply];
    const error = await failureOf(caller().call(operation, {}));
    expect(error).toMatchObject({ code: 'NoException', text: 'Because', requestId: 'request-1', uncertain: false });
    expect(error.message).toBe('Do of it failed: NoException: Because (request id request-1)');
    expect(sent).toHaveLength(1);
  });

  test.each<[string, Service, string, number, number]>([
    ['License Manager', LICENSE_MANAGER, 'RateLimitExceededException', 400, 6],
    ['License Manager', LICENSE_MANAGER, 'ConflictException', 409, 6],
    ['License Manager', LICENSE_MANAGER, 'LicenseUsageException', 412, 6],
    ['License Manager', LICENSE_MANAGER, 'ServerInternalException', 400, 6],
    ['License Manager', LICENSE_MANAGER, 'ValidationException', 400, 1],
    ['Linux subscriptions', LINUX_SUBSCRIPTIONS, 'ThrottlingException', 400, 6],
    ['Linux subscriptions', LINUX_SUBSCRIPTIONS, 'InternalServerException', 400, 6],
    ['user subscriptions', USER_SUBSCRIPTIONS, 'ThrottlingException', 400, 6],
    ['user subscriptions', USER_SUBSCRIPTIONS, 'ConflictException', 409, 1],
    ['AWS Organizations', ORGANIZATIONS, 'ConcurrentModificationException', 400, 6],
    ['AWS Organizations', ORGANIZATIONS, 'TooManyRequestsException', 400, 6],
    ['AWS Organizations', ORGANIZATIONS, 'AccountAlreadyRegisteredException', 400, 1],
    ['AWS RAM', RAM, 'ServerInternalException', 400, 6],
    ['AWS RAM', RAM, 'OperationNotPermittedException', 400, 1],
    ['AWS Lambda', LAMBDA, 'TooManyRequestsException', 429, 6],
    ['AWS Secrets Manager', SECRETS_MANAGER, 'InternalServiceError', 400, 6],
    ['AWS Secrets Manager', SECRETS_MANAGER, 'ResourceNotFoundException', 400, 1],
    ['AWS IAM', IAM, 'ConcurrentModification', 409, 6],
    ['AWS CloudFormation', CLOUDFORMATION, 'Throttling', 400, 6],
  ])('of %s is tried again as the service has it: %s %s (%i), %i attempts', async (_name, service, code, status, attempts) => {
    const isQuery = service === IAM || service === CLOUDFORMATION;
    replies = [{
      status,
      headers: { 'x-amzn-errortype': code },
      body: isQuery ? `<ErrorResponse><Error><Code>${code}</Code><Message>No</Message></Error></ErrorResponse>` : JSON.stringify({ __type: code, message: 'No' }),
    }];
    const hasOnePath = isQuery || [SECRETS_MANAGER, ORGANIZATIONS].includes(service);
    const operation = service === LICENSE_MANAGER ? getLicenseConfiguration : hasOnePath ? plain(service) : rest(service);
    const error = await failureOf(caller().call(operation as Operation<string, object, unknown>, { LicenseConfigurationArn: 'arn' }));
    expect(error.code).toBe(code);
    expect(sent).toHaveLength(attempts);
  });

  test.each<[string, Reply, boolean]>([
    ['a refusal', { status: 400, body: '{"__type":"ValidationException"}' }, false],
    ['a redirect', { status: 308, body: '{"__type":"RedirectException"}' }, false],
    ['a fault of the service', { status: 500, body: '{"__type":"ServerInternalException"}' }, true],
    ['a connection that is cut', { cut: true }, true],
    ['an answer that is no JSON, from a proxy', { status: 503, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' }, true],
  ])('says whether the call may have had an effect: %s', async (_what, reply, uncertain) => {
    replies = [reply];
    expect((await failureOf(caller().call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' }))).uncertain).toBe(uncertain);
  });

  test.each<[string, Reply, number, boolean, boolean]>([
    ['HTTP status 503', { status: 503, body: '<html>Bad gateway</html>' }, 6, true, true],
    ['HTTP status 200', { status: 200, body: '<html>Log in</html>' }, 1, true, false],
    ['HTTP status 403', { status: 403, body: '<html>Blocked</html>' }, 1, false, false],
  ])('of a proxy is told as such, whatever the protocol: %s', async (what, reply, attempts, uncertain, passing) => {
    for (const operation of [getLicenseConfiguration, rest(LAMBDA), plain(CLOUDFORMATION)] as Operation<string, object, unknown>[]) {
      sent = [];
      replies = [{ headers: { 'content-type': 'text/html; charset=utf-8' }, ...reply }];
      const error = await failureOf(caller().call(operation, { LicenseConfigurationArn: 'arn' }));
      expect(error).toMatchObject({ code: 'UnexpectedAnswer', text: `${what} and a text that the service does not write`, uncertain, passing });
      expect(error.message).toContain(`Something else than ${operation.service.name} has answered, such as a proxy or a firewall: `);
      expect(sent).toHaveLength(attempts);
    }
  });

  test.each<[string, Reply]>([
    ['is no JSON', { status: 502, body: 'Bad gateway' }],
    ['is empty', { status: 502, body: '' }],
  ])('that %s reads no better', async (_what, reply) => {
    replies = [reply];
    expect(await failureOf(caller().call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' })))
      .toMatchObject({ code: 'UnexpectedAnswer', text: 'HTTP status 502 and a text that the service does not write', uncertain: true });
  });

  test.each<[string, Reply, boolean]>([
    ['throttling', { status: 400, body: '{"__type":"RateLimitExceededException"}' }, true],
    ['a fault of the service', { status: 500, body: '{"__type":"ServerInternalException"}' }, true],
    ['a connection that is cut', { cut: true }, true],
    ['a permission that is missing, although it is waited for', { status: 400, body: '{"__type":"AccessDeniedException","message":"x is not authorized to perform: y"}' }, false],
    ['a refusal', { status: 400, body: '{"__type":"ValidationException"}' }, false],
  ])('says whether it might pass: %s', async (_what, reply, passing) => {
    replies = [reply];
    expect((await failureOf(caller().call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' }))).passing).toBe(passing);
  });

  test('says so for each of the calls that are made at the same time', async () => {
    replies = [{ status: 400, body: '{"__type":"ValidationException"}' }];
    const refused = failureOf(caller().call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' }));
    const one = caller();
    const [first] = await Promise.all([refused]);
    replies = [{ cut: true }, { cut: true }, { cut: true }, { cut: true }, { cut: true }, { cut: true }, { status: 400, body: '{"__type":"ValidationException"}' }];
    const cut = await failureOf(one.call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' }));
    const after = await failureOf(one.call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' }));
    expect([first.uncertain, cut.uncertain, after.uncertain]).toEqual([false, true, false]);
  });
});

describe('the budget for retries', () => {
  test('is that of a call: the hundredth has as many attempts as the first', async () => {
    const one = caller();
    const throttled = { status: 400, body: '{"__type":"RateLimitExceededException"}' };
    for (let call = 0; call < 100; call++) {
      replies = [throttled, throttled, {}];
      await one.call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' });
    }
    expect(sent).toHaveLength(300);
  });

  test('is used up when the time is: no wait begins that would outlast it', async () => {
    replies = [{ status: 400, body: '{"__type":"RateLimitExceededException"}' }];
    await failureOf(new AwsCaller(log, () => 1).call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' }));
    expect(sent).toHaveLength(1);
  });

  test('is none when the time is up: nothing is called', async () => {
    const error = await failureOf(new AwsCaller(log, () => 0).call(getLicenseConfiguration, { LicenseConfigurationArn: 'arn' }));
    expect(error.message).toBe('GetLicenseConfiguration of arn failed: OutOfTime: It was not called any more, as the time of the function, or of the '
      + 'resource, is up. Deploy again; if it only takes longer, set a longer service timeout');
    expect(error).toMatchObject({ code: 'OutOfTime', uncertain: false, passing: true });
    expect(sent).toHaveLength(0);
  });

  test('is not used for what has a second effect, unless it was refused', async () => {
    const once = { ...getLicenseConfiguration, once: true as const };
    replies = [{ cut: true }];
    await failureOf(caller().call(once, { LicenseConfigurationArn: 'arn' }));
    expect(sent).toHaveLength(1);
    replies = [{ status: 400, body: '{"__type":"RateLimitExceededException"}' }, {}];
    await caller().call(once, { LicenseConfigurationArn: 'arn' });
    expect(sent).toHaveLength(3);
  });
});

describe('a list', () => {
  test('is read to its end: a page without items is not the end, a page without a token is', async () => {
    replies = [
      { body: '{"LicenseConfigurations":[{"Name":"a"}],"NextToken":"1"}' }, { body: '{"NextToken":"2"}' }, { body: '{"LicenseConfigurations":[{"Name":"b"}]}' },
    ];
    const names: string[] = [];
    for await (const { Name } of caller().list(listLicenseConfigurations, {})) {
      names.push(Name!);
    }
    expect(names).toEqual(['a', 'b']);
    expect(sent.map(({ body: request }) => JSON.parse(request).NextToken)).toEqual([undefined, '1', '2']);
  });

  test('is given up when the time is', async () => {
    await expect(caller().list(listLicenseConfigurations, {}).next()).resolves.toEqual({ done: true, value: undefined });
    await expect(new AwsCaller(log, () => 0).list(listLicenseConfigurations, {}).next())
      .rejects.toThrow('ListLicenseConfigurations of the account has more pages than can be read in the time of the function');
  });
});

test('the secrets of an answer are hidden from then on', async () => {
  const hiding = new Log('request');
  replies = [{ body: '{"Text":"the secret of the answer"}' }];
  const operation = bySchema(SECRETS_MANAGER, 'service:Do', { input: {}, output: { Text: STRING }, about: () => 'it', secrets: ({ Text }) => [Text] });
  await new AwsCaller(hiding, () => 60_000).call(operation, {});
  expect(hiding.redact('It is the secret of the answer.')).toBe('It is ***.');
});

test('a tag is sent as the service has it', async () => {
  await caller().call(tagResource, { ResourceArn: 'arn', Tags: [{ Key: 'team', Value: 'licensing' }] });
  expect(JSON.parse(sent[0].body)).toEqual({ ResourceArn: 'arn', Tags: [{ Key: 'team', Value: 'licensing' }] });
});
