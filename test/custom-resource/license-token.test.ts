/*
 * Refresh tokens: kept in a secret, found again when an answer got lost, and in nothing that is written.
 */
import { randomUUID } from 'node:crypto';
import { CreateLicenseCommand, CreateTokenCommand, LicenseManagerClient } from '@aws-sdk/client-license-manager';
import { describeFunction, NOTHING_CREATED } from './support/licenses';
import { DEFINITIONS } from '../../src/custom-resource/contract/definitions';
import { callJson } from '../support/requests';

const TYPE = DEFINITIONS.licenseToken.type;
const ROLE = 'arn:aws:iam::444455556666:role/AWSLicenseManagerConsumptionRole';
const DAY = 86_400_000;

describeFunction('a token', (bench) => {
  let LicenseArn: string;
  let SecretArn: string;
  /** Everything that the function has written in a test. */
  let written: string[];

  const secrets = (operation: string, body: object) => callJson(bench.localAws, 'secretsmanager', operation, body);

  beforeEach(async () => {
    written = [];
    const { localAws } = bench;
    LicenseArn = await issue();
    const { ARN } = await secrets('CreateSecret', { Name: `token-${randomUUID()}`, SecretString: 'nothing yet' });
    SecretArn = ARN;
    await localAws.clearCalls();
  });

  async function issue(region = bench.localAws.region): Promise<string> {
    const there = bench.localAws.as(bench.localAws.account, region);
    const { LicenseArn: arn } = await new LicenseManagerClient(there.clientConfig).send(new CreateLicenseCommand({
      LicenseName: 'Example',
      ProductName: 'Example',
      ProductSKU: 'example',
      Issuer: { Name: 'issuer' },
      HomeRegion: region,
      Beneficiary: 'all',
      Validity: { Begin: '2026-01-01T00:00:00Z' },
      Entitlements: [{ Name: 'Seats', Unit: 'Count', MaxCount: 10 }],
      ConsumptionConfiguration: { RenewType: 'None', ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 } },
      ClientToken: randomUUID(),
    }));
    return arn!;
  }

  const properties = (more: object = {}) => ({ LicenseArn, SecretArn, RoleArns: [ROLE], NoticeInDays: '30', ...more });
  const run = async (declared: object, more: object = {}) => {
    const invocation = await bench.function.request({ resourceType: TYPE, properties: declared, ...more });
    written.push(JSON.stringify(invocation.answer), invocation.output, invocation.error ?? '');
    return invocation;
  };
  const update = (declared: object, former: object, physicalId: string, more: object = {}) =>
    run(declared, { type: 'Update', physicalId, oldProperties: former, ...more });
  const tokens = async (status = 'AVAILABLE') => (await bench.localAws.state()).tokens.filter(({ Status }) => Status === status).map(({ TokenId }) => TokenId);
  const value = async () => (await secrets('GetSecretValue', { SecretId: SecretArn })).SecretString as string;
  /** Which license the token in the secret is of, told without credentials by whoever has it. */
  const works = async () => {
    const { AccessToken } = await callJson(bench.localAws, 'license-manager', 'GetAccessToken', { Token: await value() });
    return AccessToken !== undefined;
  };
  const writes = async () => (await bench.localAws.calls({ service: 'license-manager' })).filter(({ operation, status }) => /^(Create|Delete)/.test(operation) && status === 200)
    .map(({ operation }) => operation);

  afterEach(async () => {
    // No part of any token is in an answer, a log or an error.
    const parts = (await value()).split('.').filter(part => part.length > 20);
    for (const text of written) {
      for (const part of parts) {
        expect(text).not.toContain(part);
      }
    }
  });

  test('is made, kept in the secret, and told by its id', async () => {
    const { answer } = await run(properties({ ExpirationInDays: '90', TokenProperties: ['edition=one'] }));
    const [tokenId] = await tokens();
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: expect.stringMatching(new RegExp(`^license-token\\|${tokenId}\\|[0-9a-f]{16}$`)) });
    const { TokenId, ExpirationTime, NoticeTime, ...rest } = answer!.Data!;
    expect([TokenId, rest]).toEqual([tokenId, {}]);
    expect(Math.round((Date.parse(ExpirationTime) - Date.now()) / DAY)).toBe(90);
    expect(NoticeTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    expect(Math.round((Date.parse(`${NoticeTime}Z`) - Date.now()) / DAY)).toBe(60);
    expect(await works()).toBe(true);
    const [{ parameters }] = await bench.localAws.calls({ service: 'license-manager', operation: 'CreateToken' });
    expect(parameters).toEqual({
      LicenseArn, RoleArns: [ROLE], ExpirationInDays: 90, TokenProperties: ['edition=one'], ClientToken: expect.stringMatching(/^[0-9a-f-]+-1$/),
    });
  });

  test('of a few days is told of soon', async () => {
    const { answer } = await run(properties({ ExpirationInDays: '1' }));
    const time = Date.parse(`${answer!.Data!.NoticeTime}Z`) - Date.now();
    expect(time).toBeGreaterThan(0);
    expect(time).toBeLessThan(DAY);
  });

  test('is the same for a repeated create, and for an update that is not about it', async () => {
    const { answer } = await run(properties());
    await bench.localAws.clearCalls();
    expect((await run(properties())).answer!.PhysicalResourceId).toBe(answer!.PhysicalResourceId);
    expect((await update(properties({ NoticeInDays: '10' }), properties(), answer!.PhysicalResourceId)).answer!.PhysicalResourceId).toBe(answer!.PhysicalResourceId);
    expect(await writes()).toEqual([]);
  });

  test.each<[what: string, change: object]>([
    ['the first generation', { Generation: '1' }],
    ['the home Region, which is that of the stack', { HomeRegion: 'us-east-1' }],
    ['the same roles in another order', { RoleArns: [`${ROLE}2`, ROLE] }],
    ['the same properties in another order', { TokenProperties: ['two', 'one'] }],
    ['another time of the notice', { NoticeInDays: '10' }],
    ['the key of the secret', { KeyArn: 'arn:aws:kms:us-east-1:111122223333:key/1' }],
  ])('is the same when %s is said', async (_, change) => {
    const before = properties({ RoleArns: [ROLE, `${ROLE}2`], TokenProperties: ['one', 'two'] });
    const { PhysicalResourceId: physicalId } = (await run(before)).answer!;
    await bench.localAws.clearCalls();
    expect((await update({ ...before, ...change }, before, physicalId)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
    expect(await writes()).toEqual([]);
  });

  test.each<[what: string, change: object]>([
    ['another generation', { Generation: '2' }],
    ['another role', { RoleArns: [ROLE, `${ROLE}2`] }],
    ['other properties', { TokenProperties: ['edition=two'] }],
    ['another expiration', { ExpirationInDays: '10' }],
  ])('of %s is another one, which the secret has from then on', async (_, change) => {
    const { PhysicalResourceId: former } = (await run(properties())).answer!;
    const before = await value();
    const { PhysicalResourceId: physicalId } = (await update(properties(change), properties(), former)).answer!;
    expect(physicalId).not.toBe(former);
    expect(await tokens()).toHaveLength(2);
    expect(await value()).not.toBe(before);
    // Repeated it is the same, and CloudFormation deletes the old one.
    expect((await update(properties(change), properties(), former)).answer!.PhysicalResourceId).toBe(physicalId);
    expect((await run(properties(), { type: 'Delete', physicalId: former })).answer!.Status).toBe('SUCCESS');
    expect(await tokens()).toEqual([physicalId.split('|')[1]]);
    expect(await works()).toBe(true);
  });

  test('of another license is another one, and the former one is taken back', async () => {
    const { PhysicalResourceId: former } = (await run(properties())).answer!;
    const other = properties({ LicenseArn: await issue() });
    const { PhysicalResourceId: physicalId } = (await update(other, properties(), former)).answer!;
    expect(physicalId).not.toBe(former);
    expect((await run(properties(), { type: 'Delete', physicalId: former })).answer!.Status).toBe('SUCCESS');
    const left = (await bench.localAws.state()).tokens.filter(({ Status }) => Status === 'AVAILABLE');
    expect(left.map(({ LicenseArn: arn }) => arn)).toEqual([other.LicenseArn]);
  });

  test('that somebody has deleted is made anew', async () => {
    const { PhysicalResourceId: former } = (await run(properties())).answer!;
    await run(properties(), { type: 'Delete', physicalId: former });
    const { answer } = await update(properties(), properties(), former);
    expect(answer!.Status).toBe('SUCCESS');
    expect(answer!.PhysicalResourceId).not.toBe(former);
    expect(await works()).toBe(true);
  });

  test('of before is the current one again when a deployment is rolled back', async () => {
    const stackId = await bench.rolledBackStack();
    const first = (await run(properties(), { stackId })).answer!;
    const before = await value();
    const second = (await update(properties({ Generation: '2' }), properties(), first.PhysicalResourceId)).answer!;
    const { answer } = await update(properties(), properties({ Generation: '2' }), second.PhysicalResourceId, { stackId });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first.PhysicalResourceId });
    expect(await value()).toBe(before);
    expect((await run(properties(), { type: 'Delete', physicalId: second.PhysicalResourceId, stackId })).answer!.Status).toBe('SUCCESS');
    expect(await works()).toBe(true);
  });

  describe('of before is valid, and in the secret, when an update', () => {
    let first: string;
    let before: string;
    const later = { Generation: '2' };
    const rollBack = (physicalId = first) => update(properties(), properties(later), physicalId);

    beforeEach(async () => {
      first = (await run(properties())).answer!.PhysicalResourceId;
      before = await value();
    });

    afterEach(async () => {
      expect(await value()).toBe(before);
      expect(await tokens()).toEqual([first.split('|')[1]]);
      expect(await works()).toBe(true);
    });

    test('fails before there is another one', async () => {
      await bench.localAws.fault({ operation: 'CreateToken', kind: 'access-denied' });
      expect((await update(properties(later), properties(), first)).answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: first });
      await bench.localAws.clearCalls();
      expect((await rollBack()).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
      expect(await writes()).toEqual([]);
    });

    test('fails, and nobody knows whether the secret has another one', async () => {
      await bench.localAws.fault({ service: 'secretsmanager', operation: 'PutSecretValue', kind: 'cut-after', times: null });
      expect((await update(properties(later), properties(), first)).answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: first });
      expect(await value()).not.toBe(before);
      expect((await rollBack()).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
    });

    test('has made another one, and its answer got lost', async () => {
      await update(properties(later), properties(), first);
      expect(await tokens()).toHaveLength(2);
      expect((await rollBack()).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
      // Repeated it is the same.
      expect((await rollBack()).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
    });

    test('finds what somebody has put into the secret', async () => {
      await secrets('PutSecretValue', { SecretId: SecretArn, SecretString: 'something else', ClientRequestToken: randomUUID() });
      await bench.localAws.clearCalls();
      expect((await update(properties({ NoticeInDays: '1' }), properties(), first)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
      expect(await writes()).toEqual([]);
    });
  });

  test('is made anew when somebody has put something else into the secret, and again', async () => {
    const { PhysicalResourceId: former } = (await run(properties())).answer!;
    for (const SecretString of ['one', 'two']) {
      await secrets('PutSecretValue', { SecretId: SecretArn, SecretString, ClientRequestToken: randomUUID() });
    }
    const { answer } = await update(properties({ NoticeInDays: '1' }), properties(), former);
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(answer!.PhysicalResourceId).not.toBe(former);
    expect(await works()).toBe(true);
  });

  test('of before is the current one again when the one that has replaced it is deleted', async () => {
    const first = (await run(properties())).answer!;
    const before = await value();
    const second = (await update(properties({ Generation: '2' }), properties(), first.PhysicalResourceId)).answer!;
    expect((await run(properties({ Generation: '2' }), { type: 'Delete', physicalId: second.PhysicalResourceId })).answer!.Status).toBe('SUCCESS');
    expect(await value()).toBe(before);
    expect(await works()).toBe(true);
  });

  test('is taken back although the secret is gone', async () => {
    const { PhysicalResourceId: physicalId } = (await run(properties())).answer!;
    const gone = `${SecretArn}-2`;
    expect((await run(properties({ SecretArn: gone }), { type: 'Delete', physicalId })).answer!.Status).toBe('SUCCESS');
    expect(await tokens()).toEqual([]);
  });

  test('is taken back at a delete, and only that', async () => {
    const licenseManager = new LicenseManagerClient(bench.localAws.clientConfig);
    const other = await licenseManager.send(new CreateTokenCommand({ LicenseArn, ClientToken: randomUUID(), RoleArns: [ROLE] }));
    const { PhysicalResourceId: physicalId } = (await run(properties())).answer!;
    for (const _ of [1, 2]) {
      expect((await run(properties(), { type: 'Delete', physicalId })).answer!.Status).toBe('SUCCESS');
      expect(await tokens()).toEqual([other.TokenId]);
    }
  });

  test('is taken back although what was declared cannot be read any more', async () => {
    const { PhysicalResourceId: physicalId } = (await run(properties())).answer!;
    expect((await run({ Of: 'another version' }, { type: 'Delete', physicalId })).answer!.Status).toBe('SUCCESS');
    expect(await tokens()).toEqual([]);
  });

  test.each(['license-token|', 'license-token|0123456789abcdef', 'license-token|x|0123456789abcdeg'])('has no other id than its own: %s', async (physicalId) => {
    await run(properties());
    await run(properties(), { type: 'Delete', physicalId });
    // As one that was never answered.
    expect(await tokens()).toEqual([]);
  });

  test('that was never answered is found by the secret, and taken back', async () => {
    await run(properties());
    expect((await run(properties(), { type: 'Delete', physicalId: 'stack-Token-1ABC' })).answer!.Status).toBe('SUCCESS');
    expect(await tokens()).toEqual([]);
  });

  test('that cannot be kept is taken back', async () => {
    await bench.localAws.fault({ service: 'secretsmanager', operation: 'PutSecretValue', kind: 'access-denied', times: null });
    const { answer } = await run(properties());
    expect(answer).toMatchObject({ Status: 'FAILED' });
    expect(answer!.Reason).toContain('PutSecretValue');
    expect(await tokens()).toEqual([]);
    expect(await tokens('DELETED')).toHaveLength(1);
  });

  test('that can neither be kept nor taken back is named', async () => {
    await bench.localAws.fault({ service: 'secretsmanager', operation: 'PutSecretValue', kind: 'access-denied', times: null });
    await bench.localAws.fault({ operation: 'DeleteToken', kind: 'access-denied', times: null });
    const { answer } = await run(properties());
    const [tokenId] = await tokens();
    expect(answer!.Reason).toContain(`Nobody has the token ${tokenId}, and it is valid`);
  });

  test('is made in the home Region of the license', async () => {
    LicenseArn = await issue('eu-west-1');
    await bench.localAws.clearCalls();
    const { answer } = await run(properties({ HomeRegion: 'eu-west-1' }));
    expect(answer!.Status).toBe('SUCCESS');
    expect((await run(properties({ HomeRegion: 'eu-west-1' }), { type: 'Delete', physicalId: answer!.PhysicalResourceId })).answer!.Status).toBe('SUCCESS');
    const calls = await bench.localAws.calls({ service: 'license-manager' });
    expect(new Set(calls.map(({ region }) => region))).toEqual(new Set(['eu-west-1']));
    expect((await run(properties())).answer!.Reason).toContain('import the license with its homeRegion');
  });

  test('over the quota says so', async () => {
    await bench.localAws.seed({ settings: { tokensPerLicense: 0 } });
    const { answer } = await run(properties());
    expect(answer).toMatchObject({ Status: 'FAILED' });
    expect(answer!.Reason).toContain('delete those that nobody uses');
  });

  test('of no day is refused', async () => {
    expect((await run(properties({ ExpirationInDays: '0' }))).answer).toMatchObject({
      Status: 'FAILED', PhysicalResourceId: NOTHING_CREATED, Reason: 'ExpirationInDays is 0. Expected: at least 1.',
    });
  });

  describe('under a fault', () => {
    test.each(([
      ['license-manager', 'ListTokens'], ['license-manager', 'CreateToken'], ['secretsmanager', 'DescribeSecret'], ['secretsmanager', 'PutSecretValue'],
    ] as const).flatMap(([service, operation]) => (['throttle', 'server-error', 'cut', 'cut-after'] as const).map(
      (kind): [string, string, typeof kind] => [service, operation, kind])))('%s %s, %s once: one token is valid, and the secret has it', async (service, operation, kind) => {
      await bench.localAws.fault({ service, operation, kind });
      const { answer } = await run(properties());
      expect(answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await tokens()).toEqual([answer!.PhysicalResourceId.split('|')[1]]);
      expect(await works()).toBe(true);
    });

    test.each(['throttle', 'server-error', 'cut', 'cut-after'] as const)('DeleteToken, %s once: it is taken back', async (kind) => {
      const { PhysicalResourceId: physicalId } = (await run(properties())).answer!;
      await bench.localAws.fault({ operation: 'DeleteToken', kind });
      expect((await run(properties(), { type: 'Delete', physicalId })).answer!.Status).toBe('SUCCESS');
      expect(await tokens()).toEqual([]);
    });

    test.each(['DescribeSecret', 'UpdateSecretVersionStage'].flatMap(operation => (['throttle', 'server-error', 'cut', 'cut-after'] as const).map(
      (kind): [string, typeof kind] => [operation, kind])))('%s, %s once in a roll-back: the token of before is valid, and the secret has it', async (operation, kind) => {
      const first = (await run(properties())).answer!.PhysicalResourceId;
      const before = await value();
      const second = (await update(properties({ Generation: '2' }), properties(), first)).answer!.PhysicalResourceId;
      const stackId = await bench.rolledBackStack();
      await bench.localAws.fault({ service: 'secretsmanager', operation, kind });
      const { answer } = await update(properties(), properties({ Generation: '2' }), second, { stackId });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
      expect(await value()).toBe(before);
    });

    test('CreateToken that answers without the token again and again: nothing is left, and why is said', async () => {
      // The SDK asks again, and is told the id alone.
      await bench.localAws.fault({ operation: 'CreateToken', kind: 'cut-after', times: 1, every: 2 });
      const { answer } = await run(properties());
      expect(answer).toMatchObject({
        Status: 'FAILED', Reason: `License Manager has made tokens of ${LicenseArn} without telling them, which were taken back. Deploy again.`,
      });
      expect(await tokens()).toEqual([]);
      expect(await tokens('DELETED')).toHaveLength(3);
    });

    test('CreateToken without an answer for ever: nothing is left', async () => {
      await bench.localAws.fault({ operation: 'CreateToken', kind: 'cut-after', times: null });
      const { answer } = await run(properties());
      expect(answer!.Status).toBe('FAILED');
      expect(await tokens()).toEqual([]);
    });
  });
});
