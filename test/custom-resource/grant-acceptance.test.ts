/*
 * Grants that an account has received: accepted, activated, and given back.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { CreateGrantCommand, CreateLicenseCommand, LicenseManagerClient } from '@aws-sdk/client-license-manager';
import { describeFunction, NOTHING_CREATED } from './support/licenses';
import { DEFINITIONS } from '../../src/custom-resource/contract/definitions';
import type { LocalAws, Seed } from '../local-aws/local-aws';

const TYPE = DEFINITIONS.grantAcceptance.type;
/** Of no other test file: what an account has been granted is kept with who has granted it. */
const GRANTER = String(randomInt(100_000_000_000, 200_000_000_000));
const arn = (digit = '0') => `arn:aws:license-manager::${GRANTER}:grant:g-${digit.repeat(32)}`;
const GRANT = arn();
const ID = `${GRANT}|acceptance`;
const ACTIVE = { Grant: GRANT, Activate: 'true' };
const INACTIVE = { Grant: GRANT, Activate: 'false' };

type Received = NonNullable<Seed['receivedGrants']>[number];

describeFunction('an acceptance', (bench) => {
  beforeEach(() => bench.localAws.as(GRANTER, bench.localAws.region).reset());

  /** Who waits before a write asks CloudFormation whether it is still wanted. */
  const waiting = async () => ({ stackId: await bench.stack(), logicalId: 'Topic' });
  const receive = (...grants: Partial<Received>[]) => bench.localAws.seed({ receivedGrants: grants.map(grant => ({ grantArn: GRANT, ...grant })) });
  const run = (properties: object, more: object = {}) => bench.function.request({ resourceType: TYPE, properties, serviceTimeout: 1800, ...more });
  const remove = (physicalId: string, more: object = {}) => run(ACTIVE, { type: 'Delete', physicalId, ...more });
  const statuses = async (localAws: LocalAws = bench.localAws) => (await localAws.state()).receivedGrants
    .filter(({ GrantArn }) => GrantArn.includes(GRANTER)).map(({ GrantStatus }) => GrantStatus);
  const writes = async (localAws: LocalAws = bench.localAws) => (await localAws.calls({ service: 'license-manager' }))
    .filter(({ operation, status }) => !/^List/.test(operation) && status === 200)
    .map(({ operation, parameters: { Status } }) => [operation, Status].filter(Boolean).join(' '));

  test('accepts a grant and activates it, and once', async () => {
    await receive({});
    const { answer } = await run(ACTIVE);
    expect(answer).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: `${ID}|activated`,
      Data: { GrantArn: GRANT, LicenseArn: GRANT.replace('grant:g-', 'license:l-'), HomeRegion: bench.localAws.region },
    });
    expect(await writes()).toEqual(['AcceptGrant', 'CreateGrantVersion ACTIVE']);
    expect(await statuses()).toEqual(['ACTIVE']);
    await bench.localAws.clearCalls();
    // Repeated, and as an update.
    for (const more of [{}, { type: 'Update', physicalId: `${ID}|activated`, oldProperties: ACTIVE }]) {
      expect((await run(ACTIVE, more)).answer).toMatchObject({ Status: 'SUCCESS', Data: { GrantArn: GRANT } });
    }
    expect(await writes()).toEqual([]);
  });

  test('activates the version that it has read, with what becomes of other grants', async () => {
    await receive({ status: 'DISABLED' });
    await run({ ...ACTIVE, ActivationOverrideBehavior: 'DISTRIBUTED_GRANTS_ONLY' });
    const [{ parameters }] = await bench.localAws.calls({ service: 'license-manager', operation: 'CreateGrantVersion' });
    expect(parameters).toEqual({
      ClientToken: expect.stringMatching(/^[0-9a-f-]+-1$/),
      GrantArn: GRANT,
      Status: 'ACTIVE',
      StatusReason: expect.stringMatching(/^cdk-license-manager [0-9a-f-]+$/),
      SourceVersion: expect.stringMatching(/^\d+$/),
      Options: { ActivationOverrideBehavior: 'DISTRIBUTED_GRANTS_ONLY' },
    });
  });

  test.each<[status: NonNullable<Received['status']>, properties: object, id: string, written: string[]]>([
    ['PENDING_ACCEPT', ACTIVE, `${ID}|activated`, ['AcceptGrant', 'CreateGrantVersion ACTIVE']],
    ['PENDING_ACCEPT', INACTIVE, ID, ['AcceptGrant']],
    ['DISABLED', ACTIVE, `${ID}|activated`, ['CreateGrantVersion ACTIVE']],
    ['DISABLED', INACTIVE, ID, []],
    ['ACTIVE', ACTIVE, ID, []],
    ['ACTIVE', INACTIVE, ID, ['CreateGrantVersion DISABLED']],
  ])('of a grant that is %s, for %j: is %s', async (status, properties, id, written) => {
    await receive({ status });
    expect((await run(properties)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(await writes()).toEqual(written);
    expect(await statuses()).toEqual([properties === ACTIVE ? 'ACTIVE' : 'DISABLED']);
  });

  test.each<[status: NonNullable<Received['status']>, text: string]>([
    ['REJECTED', 'it has been rejected, which is for ever'],
    ['FAILED_WORKFLOW', 'it could not be distributed'],
    ['PENDING_DELETE', 'it is being deleted by who has granted it'],
    ['DELETED', 'it has been deleted by who has granted it'],
  ])('of a grant that is %s fails with the reason, and what to do', async (status, text) => {
    await receive({ status, statusReason: 'because' });
    const { answer } = await run(ACTIVE);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: NOTHING_CREATED });
    expect(answer!.Reason).toBe(`grant ${GRANT} is ${status} (because): ${text}. Have the license granted again.`);
    expect(await writes()).toEqual([]);
  });

  test('waits for a grant that has not arrived, and is being distributed', async () => {
    await receive({ delay: 2, workflowReads: 2 });
    const { answer, logs } = await run(ACTIVE, await waiting());
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${ID}|activated` });
    expect(logs.map(({ waitingFor }) => waitingFor).filter(Boolean)).toEqual(
      ['The grant has not arrived', 'The grant has not arrived', 'The grant is being distributed', 'The grant is being distributed']);
  });

  test('fails when its time is up, and leaves nothing', async () => {
    const { answer } = await run(ACTIVE, { serviceTimeout: 60, ...await waiting() });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: NOTHING_CREATED });
    expect(answer!.Reason).toMatch(/^The grant has not arrived, and has not finished within \d+ seconds\. Look there/);
  });

  test('in another Region works in the home Region', async () => {
    await receive({ homeRegion: 'eu-west-1' });
    const { answer } = await run(ACTIVE);
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { HomeRegion: 'eu-west-1' } });
    const calls = await bench.localAws.calls({ service: 'license-manager' });
    expect(calls.filter(({ operation }) => !operation.startsWith('List')).map(({ region }) => region)).toEqual(['eu-west-1', 'eu-west-1']);
    expect((await remove(answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
    expect(await statuses()).toEqual(['DISABLED']);
  });

  test('that the organization gives is activated only', async () => {
    await receive({ status: 'DISABLED', acceptedByOrganization: true });
    expect((await run(ACTIVE)).answer!.Status).toBe('SUCCESS');
    expect(await writes()).toEqual(['CreateGrantVersion ACTIVE']);
  });

  test('waits for the organization to accept what nobody else may', async () => {
    await receive({ acceptedByOrganization: true });
    const { answer, logs } = await run(ACTIVE, { serviceTimeout: 300 });
    expect(logs).toContainEqual(expect.objectContaining({ message: 'The grant is accepted by somebody else' }));
    expect(logs).toContainEqual(expect.objectContaining({ waitingFor: 'the grant is being accepted' }));
    // It never does here.
    expect(answer).toMatchObject({ Status: 'FAILED' });
    expect(await statuses()).toEqual(['PENDING_ACCEPT']);
  });

  describe('through the organization', () => {
    const THROUGH = { ...ACTIVE, ThroughOrganization: 'true' };

    test('is of the grant that the account has of its own', async () => {
      const { localAws } = bench;
      const management = localAws.as(GRANTER, localAws.region);
      await management.seed({ settings: { organizationManagementAccount: GRANTER, organizationAccounts: [localAws.account] } });
      await localAws.seed({ settings: { organizationManagementAccount: GRANTER } });
      const licenseManager = new LicenseManagerClient(management.clientConfig);
      const { LicenseArn } = await licenseManager.send(new CreateLicenseCommand({
        LicenseName: 'Example',
        ProductName: 'Example',
        ProductSKU: 'example',
        Issuer: { Name: 'issuer' },
        HomeRegion: localAws.region,
        Beneficiary: 'all',
        Validity: { Begin: '2026-01-01T00:00:00Z' },
        Entitlements: [{ Name: 'Seats', Unit: 'Count', MaxCount: 10 }],
        ConsumptionConfiguration: { RenewType: 'None', ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 } },
        ClientToken: randomUUID(),
      }));
      const { GrantArn } = await licenseManager.send(new CreateGrantCommand({
        GrantName: 'everybody',
        HomeRegion: localAws.region,
        LicenseArn,
        ClientToken: randomUUID(),
        AllowedOperations: ['ListPurchasedLicenses'],
        Principals: [`arn:aws:organizations::${GRANTER}:organization/o-${GRANTER}`],
      }));
      const { answer } = await run({ ...THROUGH, Grant: GrantArn });
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { LicenseArn } });
      expect(answer!.Data!.GrantArn).not.toBe(GrantArn);
      expect(await writes()).toEqual(['CreateGrantVersion ACTIVE']);

      const { answer: withoutSayingSo } = await run({ ...ACTIVE, Grant: GrantArn }, { serviceTimeout: 60, ...await waiting() });
      expect(withoutSayingSo!.Reason).toMatch(/^The grant has not arrived/);
    });

    test('waits for one where there is none', async () => {
      await receive({ status: 'DISABLED' });
      const { answer } = await run(THROUGH, { serviceTimeout: 60, ...await waiting() });
      expect(answer!.Reason).toMatch(/^The grant has not arrived/);
    });
  });

  describe('of a grant by its name', () => {
    const NAMED = { Grant: `${GRANTER}:Department`, Activate: 'true', Revision: 'one' };

    test('finds it among those of the account that has granted', async () => {
      await receive(
        { grantArn: arn('1'), grantName: 'Other' }, { grantName: 'Department' }, { grantArn: arn('2').replace(GRANTER, '222233334444'), grantName: 'Department' },
        { grantArn: arn('3'), grantName: 'Department', status: 'DELETED' }, { grantArn: arn('4'), grantName: 'Department', status: 'REJECTED' });
      expect((await run(NAMED)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${ID}|activated`, Data: { GrantArn: GRANT } });
    });

    test('fails at once if it has been rejected, and there is no other', async () => {
      await receive({ grantName: 'Department', status: 'REJECTED' }, { grantArn: arn('1'), grantName: 'Department', status: 'DELETED' });
      const { answer } = await run(NAMED);
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: NOTHING_CREATED });
      expect(answer!.Reason).toBe(`grant ${GRANT} is REJECTED: it has been rejected, which is for ever. Have the license granted again.`);
    });

    test.each(['DELETED', 'PENDING_DELETE'] as const)('waits for another one if it is %s', async (status) => {
      await receive({ grantName: 'Department', status });
      const { answer } = await run(NAMED, { serviceTimeout: 60, ...await waiting() });
      expect(answer!.Reason).toMatch(/^The grant has not arrived/);
    });

    test('fails if there are several, and names them', async () => {
      await receive({ grantName: 'Department' }, { grantArn: arn('1'), grantName: 'Department' });
      expect((await run(NAMED)).answer!.Reason).toBe(
        `account ${GRANTER} has made several grants of the name 'Department': ${GRANT}, ${arn('1')}. Name the one by its ARN.`);
    });

    test('is another resource when there is another grant', async () => {
      await receive({ grantName: 'Department' });
      const { PhysicalResourceId: physicalId } = (await run(NAMED)).answer!;
      await receive({ status: 'DELETED', grantName: 'Department' }, { grantArn: arn('1'), grantName: 'Department' });
      const { answer } = await run({ ...NAMED, Revision: 'other' }, { type: 'Update', physicalId, oldProperties: NAMED });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${arn('1')}|acceptance|activated` });
      expect((await run(NAMED, { type: 'Delete', physicalId })).answer!.Status).toBe('SUCCESS');
      expect((await bench.localAws.state()).receivedGrants.find(({ GrantArn }) => GrantArn === arn('1'))!.GrantStatus).toBe('ACTIVE');
    });
  });

  describe('when it is changed', () => {
    test('deactivates what was active, and activates it again', async () => {
      await receive({});
      const { PhysicalResourceId: physicalId } = (await run(ACTIVE)).answer!;
      const off = await run(INACTIVE, { type: 'Update', physicalId, oldProperties: ACTIVE });
      expect(off.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
      expect(await statuses()).toEqual(['DISABLED']);
      expect((await run(ACTIVE, { type: 'Update', physicalId, oldProperties: INACTIVE })).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
      expect(await statuses()).toEqual(['ACTIVE']);
    });

    test('activates again what somebody has deactivated', async () => {
      await receive({ status: 'DISABLED', issuer: 'AWS/Marketplace' });
      const { answer } = await run({ ...ACTIVE, ActivationOverrideBehavior: 'DISTRIBUTED_GRANTS_ONLY' }, { type: 'Update', physicalId: ID, oldProperties: ACTIVE });
      // Another id would have CloudFormation delete this one.
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
      expect(await statuses()).toEqual(['ACTIVE']);
      await bench.localAws.clearCalls();
      expect((await remove(ID)).answer!.Status).toBe('SUCCESS');
      expect(await writes()).toEqual(['CreateGrantVersion DISABLED']);
    });

    test('says what becomes of other grants when it activates, and never else', async () => {
      await receive({ status: 'ACTIVE' });
      const inactive = { ...INACTIVE, ActivationOverrideBehavior: 'DISTRIBUTED_GRANTS_ONLY' };
      expect((await run(inactive, { type: 'Update', physicalId: ID, oldProperties: ACTIVE })).answer!.Status).toBe('SUCCESS');
      const [{ parameters }] = await bench.localAws.calls({ service: 'license-manager', operation: 'CreateGrantVersion' });
      expect(parameters).toMatchObject({ Status: 'DISABLED' });
      expect(parameters).not.toHaveProperty('Options');
    });

    test.each(['REJECTED', 'DELETED'] as const)('fails when the grant is %s by now, and writes nothing', async (status) => {
      await receive({ status });
      const { answer } = await run(INACTIVE, { type: 'Update', physicalId: `${ID}|activated`, oldProperties: ACTIVE });
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `${ID}|activated` });
      expect(answer!.Reason).toMatch(new RegExp(`is ${status}: `));
      expect(await writes()).toEqual([]);
    });
  });

  test.each(['REJECTED', 'DELETED', 'PENDING_DELETE', 'FAILED_WORKFLOW'] as const)('a deployment that failed because a grant is %s is rolled back', async (status) => {
    await receive({ status });
    const stackId = await bench.rolledBackStack();
    const { answer, logs } = await run(ACTIVE, { type: 'Update', physicalId: `${ID}|activated`, oldProperties: INACTIVE, stackId });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${ID}|activated`, Data: { GrantArn: GRANT } });
    expect(logs).toContainEqual(expect.objectContaining({ message: 'The grant is as it was before the update, and cannot be used', status }));
    expect(await writes()).toEqual([]);
    // A create is not.
    expect((await run(ACTIVE, { stackId })).answer!.Status).toBe('FAILED');
  });

  describe('when it is deleted', () => {
    test.each([
      ['deactivates what it has activated', 'PENDING_ACCEPT', ['CreateGrantVersion DISABLED'], 'DISABLED'],
      ['leaves what was active before', 'ACTIVE', [], 'ACTIVE'],
    ] as const)('%s', async (_, status, written, left) => {
      await receive({ status });
      const { PhysicalResourceId } = (await run(ACTIVE)).answer!;
      await bench.localAws.clearCalls();
      expect((await remove(PhysicalResourceId)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
      expect(await writes()).toEqual(written);
      expect(await statuses()).toEqual([left]);
      await bench.localAws.clearCalls();
      expect((await remove(PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
      expect(await writes()).toEqual([]);
    });

    test.each<NonNullable<Received['status']>>(['REJECTED', 'DELETED', 'PENDING_DELETE', 'FAILED_WORKFLOW'])('leaves a grant that is %s', async (status) => {
      await receive({ status });
      expect((await remove(`${ID}|activated`)).answer!.Status).toBe('SUCCESS');
      expect(await writes()).toEqual([]);
    });

    test('of a grant that is not there succeeds', async () => {
      expect((await remove(`${ID}|activated`)).answer!.Status).toBe('SUCCESS');
    });

    test('rejects only where that is spelled out', async () => {
      await receive({});
      const properties = { ...ACTIVE, RejectOnDelete: 'true' };
      const { PhysicalResourceId: physicalId } = (await run(properties)).answer!;
      await bench.localAws.clearCalls();
      expect((await run(properties, { type: 'Delete', physicalId })).answer!.Status).toBe('SUCCESS');
      expect(await writes()).toEqual(['RejectGrant']);
      expect((await run(properties, { type: 'Delete', physicalId })).answer!.Status).toBe('SUCCESS');
      expect(await statuses()).toEqual(['REJECTED']);
    });

    test.each<NonNullable<Received['status']>>(['PENDING_ACCEPT', 'DISABLED', 'ACTIVE'])('rejects what is %s', async (status) => {
      await receive({ status });
      expect((await run({ ...ACTIVE, RejectOnDelete: 'true' }, { type: 'Delete', physicalId: ID })).answer!.Status).toBe('SUCCESS');
      expect(await statuses()).toEqual(['REJECTED']);
    });

    test.each<[what: string, status: 'ACTIVE' | 'DISABLED', id: string, written: string[]]>([
      ['deactivates what it has activated', 'ACTIVE', `${ID}|activated`, ['CreateGrantVersion DISABLED']],
      ['leaves what was active before', 'ACTIVE', ID, []],
      ['leaves what is not active', 'DISABLED', `${ID}|activated`, []],
    ])('rejects nothing when a deployment is rolled back, and %s', async (_, status, physicalId, written) => {
      await receive({ status });
      const stackId = await bench.rolledBackStack();
      expect((await run({ ...ACTIVE, RejectOnDelete: 'true' }, { type: 'Delete', physicalId, stackId })).answer!.Status).toBe('SUCCESS');
      expect(await writes()).toEqual(written);
    });

    test('that has no physical id of ours changes nothing', async () => {
      await receive({ status: 'ACTIVE' });
      expect((await remove(`stack-Acceptance-${randomUUID()}`)).answer!.Status).toBe('SUCCESS');
      expect(await statuses()).toEqual(['ACTIVE']);
    });
  });

  test('knows what its stack has activated by what the grant says, if the answer got lost', async () => {
    await receive({});
    const stackId = `arn:aws:cloudformation:us-east-1:${bench.localAws.account}:stack/lost/${randomUUID()}`;
    await run(ACTIVE, { stackId });
    expect((await run(ACTIVE, { stackId, requestId: randomUUID() })).answer!.PhysicalResourceId).toBe(`${ID}|activated`);
    expect((await run(ACTIVE, { requestId: randomUUID() })).answer!.PhysicalResourceId).toBe(ID);
  });

  test('of a second grant of a product of AWS Marketplace says how to replace the first', async () => {
    const marketplace = { issuer: 'AWS/Marketplace', productSku: 'product' };
    await receive({ grantArn: arn('1'), status: 'ACTIVE', ...marketplace }, { status: 'DISABLED', ...marketplace });
    const { answer } = await run(ACTIVE);
    expect(answer).toMatchObject({ Status: 'FAILED' });
    expect(answer!.Reason).toContain('set activationOverrideBehavior to ALL_GRANTS_PERMITTED_BY_ISSUER');
    expect((await run({ ...ACTIVE, ActivationOverrideBehavior: 'ALL_GRANTS_PERMITTED_BY_ISSUER' })).answer!.Status).toBe('SUCCESS');
  });

  describe('under a fault', () => {
    test.each(['ListReceivedGrants', 'AcceptGrant', 'CreateGrantVersion'].flatMap(
      operation => (['throttle', 'server-error', 'cut', 'cut-after'] as const).map((kind): [string, typeof kind] => [operation, kind])))(
      '%s, %s once: it comes about all the same, and once', async (operation, kind) => {
        await receive({});
        await bench.localAws.fault({ operation, kind });
        expect((await run(ACTIVE)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${ID}|activated` });
        expect(await statuses()).toEqual(['ACTIVE']);
      });

    test.each(['ListReceivedGrants', 'AcceptGrant', 'CreateGrantVersion'])('%s denied: it fails, and says where to deploy', async (operation) => {
      await receive({});
      await bench.localAws.fault({ operation, kind: 'access-denied', times: null });
      const { answer } = await run(ACTIVE);
      expect(answer!.Status).toBe('FAILED');
      expect(answer!.Reason).toContain(operation);
    });

    test('a version that somebody makes in between is read again', async () => {
      await receive({ status: 'DISABLED' });
      await bench.localAws.fault({ operation: 'CreateGrantVersion', kind: 'error', code: 'ValidationException', message: 'Version 1 is not the current one', done: true });
      expect((await run(ACTIVE)).answer!.Status).toBe('SUCCESS');
      expect(await statuses()).toEqual(['ACTIVE']);
    });

    test('what the organization accepts a moment before is activated', async () => {
      await receive({});
      const message = 'Caller is not allowed to accept this grant';
      await bench.localAws.fault({ operation: 'AcceptGrant', kind: 'error', code: 'ValidationException', message, done: true });
      expect((await run(ACTIVE)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${ID}|activated` });
      expect(await writes()).toEqual(['CreateGrantVersion ACTIVE']);
    });

    test('an acceptance that is refused is not taken for one', async () => {
      await receive({});
      await bench.localAws.fault({ operation: 'AcceptGrant', kind: 'error', code: 'ValidationException', message: 'No', times: null });
      expect((await run(ACTIVE)).answer!.Reason).toMatch(/^AcceptGrant of .+ failed: ValidationException: No/);
    });

    test('a version that is refused for another reason is not made again', async () => {
      await receive({ status: 'DISABLED' });
      await bench.localAws.fault({ operation: 'CreateGrantVersion', kind: 'error', code: 'ValidationException', message: 'No', times: null });
      expect((await run(ACTIVE)).answer!.Status).toBe('FAILED');
      expect(await bench.localAws.calls({ operation: 'CreateGrantVersion' })).toHaveLength(1);
    });
  });
});
