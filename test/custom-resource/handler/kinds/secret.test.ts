import { inspect } from 'node:util';
import { Secret } from '../../../../src/custom-resource/contract/secret';
import { AwsCaller } from '../../../../src/custom-resource/handler/clients/caller';
import { isKept, keep, keepIssued } from '../../../../src/custom-resource/handler/kinds/secret';
import { Log } from '../../../../src/custom-resource/handler/log';
import { LocalAws } from '../../../local-aws/local-aws';

const VALUE = 'what the service has issued';
const TOKEN = 'a'.repeat(64);

const environment = { ...process.env };
let localAws: LocalAws;
let secretArn: string;

beforeAll(() => {
  localAws = LocalAws.shared();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: localAws.endpoint, AWS_REGION: localAws.region, AWS_ACCESS_KEY_ID: localAws.account, AWS_SECRET_ACCESS_KEY: 'key', AWS_SESSION_TOKEN: '',
  });
});

afterAll(() => {
  process.env = environment;
});

beforeEach(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const { ARN } = await secretsManager('CreateSecret', { Name: `issued-${Math.random()}`, SecretString: 'nothing yet' });
  secretArn = ARN;
});

afterEach(async () => {
  jest.restoreAllMocks();
  await localAws.clearFaults();
});

const keeper = (token = TOKEN) => ({ token, aws: new AwsCaller(new Log('request'), () => 60_000) });

async function secretsManager(operation: string, body: object): Promise<any> {
  const response = await fetch(localAws.endpoint, {
    method: 'POST',
    headers: {
      'connection': 'close',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `secretsmanager.${operation}`,
      'authorization': `AWS4-HMAC-SHA256 Credential=${localAws.account}/20260101/${localAws.region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=x`,
    },
    body: JSON.stringify(body),
  });
  return response.json();
}

const value = async () => (await secretsManager('GetSecretValue', { SecretId: secretArn })).SecretString;

test('a value is kept once for a request, and it is known that it is', async () => {
  expect(await isKept(keeper(), secretArn)).toBe(false);
  await keep(keeper(), secretArn, new Secret(VALUE));
  await keep(keeper(), secretArn, new Secret(VALUE));
  expect(await value()).toBe(VALUE);
  expect(await isKept(keeper(), secretArn)).toBe(true);
  expect(await isKept(keeper('b'.repeat(64)), secretArn)).toBe(false);
});

describe('what a service has issued', () => {
  const issued = { id: 'token t-1', value: new Secret(VALUE) };
  const denied = () => localAws.fault({ service: 'secretsmanager', operation: 'PutSecretValue', kind: 'error', code: 'ResourceNotFoundException', message: 'No', times: null });

  test('is kept', async () => {
    const revoke = jest.fn();
    await keepIssued(keeper(), secretArn, issued, revoke);
    expect(await value()).toBe(VALUE);
    expect(revoke).not.toHaveBeenCalled();
  });

  test('is taken back if it cannot be kept', async () => {
    await denied();
    const revoke = jest.fn().mockResolvedValue(undefined);
    await expect(keepIssued(keeper(), secretArn, issued, revoke)).rejects.toThrow(/^PutSecretValue of arn:.+ failed: ResourceNotFoundException: No /);
    expect(revoke).toHaveBeenCalledTimes(1);
  });

  test('is named if it can neither be kept nor taken back, and not shown', async () => {
    await denied();
    const failed = await keepIssued(keeper(), secretArn, issued, () => Promise.reject(new Error('DeleteToken failed'))).catch((error: Error) => error.message);
    expect(failed).toMatch(/\. Nobody has token t-1, and it is valid: taking it back failed, too: DeleteToken failed\. Take it back by hand$/);
    expect(failed).not.toContain(VALUE);
  });
});

test('a secret is a mask wherever it is written', () => {
  const secret = new Secret(VALUE);
  expect([`${secret}`, JSON.stringify({ secret }), String(secret), inspect(secret)].join()).not.toContain(VALUE);
  expect(secret.reveal()).toBe(VALUE);
});
