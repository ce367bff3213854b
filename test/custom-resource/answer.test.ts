import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import { Clock } from './support/function';
import { describeFunction, STATUS } from './support/licenses';
import { putAnswer } from '../../src/custom-resource/handler/answer';
import { handleEvent } from '../../src/custom-resource/handler/life-cycle';
import { Log } from '../../src/custom-resource/handler/log';
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

  /** In virtual time, of which the function has so much. */
  async function inTime<Result>(remaining: number, work: (left: () => number) => Promise<Result>): Promise<Result> {
    const clock = new Clock(LocalAws.shared().endpoint);
    clock.install();
    try {
      return await clock.run(work, remaining);
    } finally {
      clock.uninstall();
    }
  }

  test.each([429, 500, 503])('is made again after HTTP status %s', async (status) => {
    respond = () => received.length === 1 ? status : 200;
    await inTime(60_000, left => putAnswer(url, answer, log, left));
    expect(received).toHaveLength(2);
  });

  test.each([300, 400, 403, 404, 499])('is made once if the answer is HTTP status %s', async (status) => {
    respond = () => status;
    await expect(inTime(60_000, left => putAnswer(url, answer, log, left))).rejects.toThrow(`The answer to CloudFormation could not be put: HTTP status ${status}`);
    expect(received).toHaveLength(1);
  });

  test('is made five times, after waits of which each may be twice as long as the one before', async () => {
    respond = () => 500;
    const waits: number[] = [];
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    await expect(inTime(60_000, async (left) => {
      let before = left();
      const noted = () => {
        const now = left();
        if (before - now > 200) {waits.push(Math.round((before - now) / 100) / 10);}
        before = now;
        return now;
      };
      await putAnswer(url, answer, log, noted);
    })).rejects.toThrow('HTTP status 500');
    expect(received).toHaveLength(5);
    expect(waits).toEqual([0.5, 1, 2, 4]);
  });

  test.each([[2_200, 1], [3_000, 2], [4_000, 3]])('is not waited for when the function has %s milliseconds: it is made %s times', async (remaining, times) => {
    respond = () => 500;
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    await expect(inTime(remaining, left => putAnswer(url, answer, log, left))).rejects.toThrow('HTTP status 500');
    expect(received).toHaveLength(times);
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
