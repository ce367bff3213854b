/*
 * One type that needs everything of the ground at once: it is a singleton of another service, it waits, and it holds a secret.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { handler } from '.';
import { madeUp } from './definition';
import type { FaultKind } from '../../local-aws/local-aws';
import { BundleRuntime, type Request, SourceRuntime } from '../support/function';
import { describeFunction, NOTHING_CREATED } from '../support/licenses';

const SERVICE = 'license-manager-linux-subscriptions';
const [GET, UPDATE, PUT, DESCRIBE] = ['GetServiceSettings', 'UpdateServiceSettings', 'PutSecretValue', 'DescribeSecret'];
const CALLED = [GET, UPDATE, PUT, DESCRIBE];
const TOKEN = 'a "quoted" \\ token/with+ü';
const ENABLED = { LinuxSubscriptionsDiscovery: 'Enabled', SourceRegions: ['us-east-1'] };

const folder = mkdtempSync(join(tmpdir(), 'made-up-'));
execFileSync(process.execPath, [join(__dirname, 'bundle.mjs'), folder]);
afterAll(() => rmSync(folder, { recursive: true }));

describeFunction('a type that is everything at once', (bench) => {
  const request = (more: Partial<Request> = {}): Request => ({ resourceType: madeUp.type, properties: ENABLED, serviceTimeout: 1800, ...more });
  const run = (more?: Partial<Request>) => bench.function.request(request(more));
  const adopted = () => `made-up:${bench.localAws.account}:${bench.localAws.region}`;
  const id = () => `${adopted()}:turned-on`;
  const update = (properties: object, oldProperties: object) => run({ type: 'Update', physicalId: id(), properties, oldProperties });
  const remove = (properties: object, more: Partial<Request> = {}) => run({ type: 'Delete', physicalId: id(), properties, ...more });
  const operations = async () => {
    const calls = await Promise.all([SERVICE, 'secretsmanager'].map((service) => bench.localAws.calls({ service })));
    return calls.flat().map(({ operation }) => operation).filter((operation) => CALLED.includes(operation));
  };
  const writes = async () => (await operations()).filter((operation) => [UPDATE, PUT].includes(operation));

  async function settings(): Promise<any> {
    return (ask('license-manager-linux-subscriptions', '/subscription/GetServiceSettings', {}));
  }

  async function set(discovery: string, regions: string[] = ['us-east-1']): Promise<void> {
    await ask(SERVICE, '/subscription/UpdateServiceSettings', {
      LinuxSubscriptionsDiscovery: discovery,
      LinuxSubscriptionsDiscoverySettings: { OrganizationIntegration: 'Disabled', SourceRegions: regions },
      AllowUpdate: true,
    });
    await settings();
    await settings();
    await bench.localAws.clearCalls();
  }

  /** A call, behind the function's back. */
  async function ask(service: string, path: string, body: object, headers: { [name: string]: string } = {}): Promise<any> {
    const { endpoint, account, region } = bench.localAws;
    const response = await fetch(`${endpoint}${path}`, {
      method: 'POST',
      headers: {
        'connection': 'close',
        'content-type': headers['x-amz-target'] ? 'application/x-amz-json-1.1' : 'application/json',
        'authorization': `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=x`,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  const secretsManager = (operation: string, body: object) => ask('secretsmanager', '/', body, { 'x-amz-target': `secretsmanager.${operation}` });

  async function secret(): Promise<string> {
    const { ARN } = await secretsManager('CreateSecret', { Name: `token-${Date.now()}-${Math.random()}`, SecretString: 'nothing yet' });
    await bench.localAws.clearCalls();
    return ARN;
  }

  const valueOf = async (SecretId: string) => (await secretsManager('GetSecretValue', { SecretId })).SecretString;

  describe('that waits', () => {
    test('answers when the service has finished, and has polled until then', async () => {
      await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 3 } });
      const { answer, logs } = await run();
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id(), Data: { LinuxSubscriptionsDiscovery: 'Enabled' } });
      expect((await settings()).Status).toBe('Completed');
      expect(logs.filter(({ message }) => message === 'Waiting').map(({ waitingFor }) => waitingFor).length).toBeGreaterThanOrEqual(2);
      expect(await writes()).toEqual([UPDATE]);
    });

    test('fails with the service\'s own text when the service fails', async () => {
      await bench.localAws.seed({ settings: { linuxSubscriptionsFailure: 'Access was denied' } });
      const { answer } = await run();
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id(), Reason: expect.stringContaining('Access was denied') });
    });

    test('tries again what has failed before, and deletes it', async () => {
      await bench.localAws.seed({ settings: { linuxSubscriptionsFailure: 'Access was denied' } });
      await run();
      await bench.localAws.seed({ settings: { linuxSubscriptionsFailure: '' } });
      const changed = { ...ENABLED, SourceRegions: ['eu-west-1'], TurnOffOnDelete: true };
      expect((await update(changed, ENABLED)).answer!.Status).toBe('SUCCESS');
      expect((await remove(changed)).answer!.Status).toBe('SUCCESS');
      expect((await settings()).LinuxSubscriptionsDiscovery).toBe('Disabled');
    });

    test('does not wait for a word that nobody knows', async () => {
      await bench.localAws.seed({ settings: { linuxSubscriptionsStatus: 'Superb' } });
      expect((await run()).answer!.Status).toBe('SUCCESS');
    });

    test('gives up when the service timeout is near, and says what it has waited for', async () => {
      await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 1000 } });
      const { answer } = await run({ serviceTimeout: 35 });
      expect(answer).toMatchObject({
        Status: 'FAILED',
        PhysicalResourceId: id(),
        Reason: 'the settings are being changed, and has not finished within 15 seconds. Look there what keeps it. If it only takes longer, set a longer '
          + 'service timeout.',
      });
    });

    test('has another invocation go on when its own time is up, and fails if that is not possible', async () => {
      await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 1000 } });
      const { answer } = await run({ remaining: 34_000 });
      expect(answer!.Reason).toMatch(/^Invoke of arn:aws:lambda:us-east-1:111122223333:function:f failed: ResourceNotFoundException: /);
      expect(answer!.PhysicalResourceId).toBe(id());
    });

    test('goes on from where another invocation was, and writes nothing any more', async () => {
      await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 3 } });
      await ask(SERVICE, '/subscription/UpdateServiceSettings', {
        LinuxSubscriptionsDiscovery: 'Enabled', LinuxSubscriptionsDiscoverySettings: { OrganizationIntegration: 'Disabled', SourceRegions: ['us-east-1'] },
      });
      await bench.localAws.clearCalls();
      const { answer } = await run({ continuation: { started: Date.now(), physicalId: id(), physicalIdIfFailed: id(), written: true } });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id(), Data: { LinuxSubscriptionsDiscovery: 'Enabled' } });
      expect(new Set(await operations())).toEqual(new Set([GET]));
    });

    test('writes nothing when Lambda repeats what goes on after the write', async () => {
      await run();
      await bench.localAws.clearCalls();
      const continuation = { started: Date.now(), physicalId: id(), physicalIdIfFailed: id(), written: true };
      const answers = [];
      for (let time = 0; time < 3; time++) {
        answers.push((await run({ requestId: 'request', continuation })).answer);
      }
      expect(answers[0]).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id() });
      expect(answers.slice(1)).toEqual([answers[0], answers[0]]);
      expect(new Set(await operations())).toEqual(new Set([GET]));
    });

    test('goes on with a delete from where another invocation was', async () => {
      await run();
      await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 3 } });
      await ask(SERVICE, '/subscription/UpdateServiceSettings', {
        LinuxSubscriptionsDiscovery: 'Disabled', LinuxSubscriptionsDiscoverySettings: { OrganizationIntegration: 'Disabled', SourceRegions: ['us-east-1'] },
      });
      await bench.localAws.clearCalls();
      const { answer } = await remove({ ...ENABLED, TurnOffOnDelete: true }, {
        continuation: { started: Date.now(), physicalId: id(), physicalIdIfFailed: id(), written: true },
      });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id() });
      expect(await writes()).toEqual([]);
      expect((await settings()).Status).toBe('Completed');
    });

    test('gives up at the deadline of the request, in whatever invocation that is', async () => {
      await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 1000 } });
      await run({ serviceTimeout: 35 });
      const { answer } = await run({
        continuation: { started: Date.now() - 29 * 60_000 - 20_000, physicalId: id(), physicalIdIfFailed: id(), written: true },
      });
      expect(answer!.Reason).toContain('has not finished within 29 minutes');
    });

    describe('before it writes', () => {
      const TEMPLATE = (name: string) => JSON.stringify({ Resources: { Resource: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: name } } } });
      let cloudFormation: CloudFormationClient;
      let stackId: string;

      beforeEach(async () => {
        cloudFormation = new CloudFormationClient(bench.localAws.clientConfig);
        const StackName = `stack-${Math.random().toString(36).slice(2)}`;
        stackId = (await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: TEMPLATE('before') }))).StackId!;
        // What somebody has changed a moment ago.
        await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 3 } });
        await ask(SERVICE, '/subscription/UpdateServiceSettings', {
          LinuxSubscriptionsDiscovery: 'Disabled', LinuxSubscriptionsDiscoverySettings: { OrganizationIntegration: 'Disabled', SourceRegions: ['us-east-1'] },
        });
        await bench.localAws.clearCalls();
      });

      test('waits until the service has finished what it is doing', async () => {
        expect((await run({ stackId })).answer!.Status).toBe('SUCCESS');
        const calls = await operations();
        expect(calls.indexOf(UPDATE)).toBeGreaterThan(2);
        expect((await settings()).LinuxSubscriptionsDiscovery).toBe('Enabled');
      });

      test('a delete that arrives meanwhile waits, too, and then deletes', async () => {
        await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 0 } });
        await set('Enabled');
        await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 3 } });
        await ask(SERVICE, '/subscription/UpdateServiceSettings', {
          LinuxSubscriptionsDiscovery: 'Enabled',
          LinuxSubscriptionsDiscoverySettings: { OrganizationIntegration: 'Disabled', SourceRegions: ['us-east-1'] },
          AllowUpdate: true,
        });
        expect((await remove({ ...ENABLED, TurnOffOnDelete: true }, { stackId })).answer!.Status).toBe('SUCCESS');
        expect((await settings()).LinuxSubscriptionsDiscovery).toBe('Disabled');
      });

      test('writes nothing if CloudFormation has gone on with another request', async () => {
        await cloudFormation.send(new UpdateStackCommand({ StackName: stackId, TemplateBody: TEMPLATE('after') }));
        const { answer } = await run({
          stackId, continuation: { started: Date.now(), physicalIdIfFailed: NOTHING_CREATED, written: false, wanted: 'CREATE_IN_PROGRESS since before' },
        });
        expect(answer).toMatchObject({
          Status: 'FAILED', Reason: 'CloudFormation has gone on with another request for the resource, so that this one has written nothing.',
        });
        expect(await writes()).toEqual([]);
      });

      /** What the function has another invocation of itself go on with. */
      async function handedOn(): Promise<object> {
        await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 1000 } });
        await ask(SERVICE, '/subscription/UpdateServiceSettings', {
          LinuxSubscriptionsDiscovery: 'Disabled',
          LinuxSubscriptionsDiscoverySettings: { OrganizationIntegration: 'Disabled', SourceRegions: ['eu-west-1'] },
          AllowUpdate: true,
        });
        await run({ stackId, remaining: 34_000, requestId: 'request' });
        const [{ parameters }] = (await bench.localAws.calls({ service: 'lambda' })).filter(({ operation }) => /^Invoke/.test(operation));
        await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 1 } });
        await set('Disabled');
        return parameters.Continuation;
      }

      test('hands on what it waits for, and what Lambda repeats of that writes nothing twice', async () => {
        const continuation = await handedOn();
        expect(continuation).toMatchObject({ written: false, wanted: expect.stringMatching(/^CREATE_COMPLETE since \S+$/) });
        const answers = [];
        for (let time = 0; time < 3; time++) {
          answers.push((await run({ stackId, requestId: 'request', continuation })).answer);
        }
        expect(answers[0]).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id() });
        expect(answers.slice(1)).toEqual(Array(2).fill({ ...answers[0], PhysicalResourceId: adopted() }));
        expect(await writes()).toEqual([UPDATE]);
      });

      test('writes nothing when Lambda repeats it after CloudFormation has gone on', async () => {
        const continuation = await handedOn();
        await run({ stackId, requestId: 'request', continuation });
        await cloudFormation.send(new UpdateStackCommand({ StackName: stackId, TemplateBody: TEMPLATE('after') }));
        await set('Disabled');
        expect((await run({ stackId, requestId: 'request', continuation })).answer!.Status).toBe('FAILED');
        expect((await settings()).LinuxSubscriptionsDiscovery).toBe('Disabled');
        expect(await writes()).toEqual([]);
      });

      test('does not hand a secret on: it fails when its own time is up', async () => {
        const SecretArn = await secret();
        const { answer } = await run({ stackId, remaining: 34_000, properties: { ...ENABLED, SecretArn, Token: TOKEN } });
        expect(answer).toMatchObject({
          Status: 'FAILED', Reason: 'the settings are being changed, and has not finished in the time of the function. Deploy again when it has.',
        });
        expect(await writes()).toEqual([]);
      });
    });
  });

  describe('of which there is one', () => {
    test('takes one read and no write if everything is as declared', async () => {
      await set('Enabled');
      expect((await run()).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: adopted() });
      expect(await operations()).toEqual([GET]);
    });

    test('has no second effect when its event comes twice', async () => {
      const first = await run({ requestId: 'request' });
      await bench.localAws.clearCalls();
      // Nobody knows any more who has turned it on, so that a delete would leave it.
      expect((await run({ requestId: 'request' })).answer).toEqual({ ...first.answer, PhysicalResourceId: adopted() });
      expect(await writes()).toEqual([]);
    });

    test('refuses to overwrite what somebody else has set, with both values', async () => {
      await set('Enabled', ['eu-west-1']);
      const { answer } = await run();
      expect(answer).toMatchObject({
        Status: 'FAILED',
        PhysicalResourceId: NOTHING_CREATED,
        Reason: 'somebody else has set SourceRegions to ["eu-west-1"], and the template sets it to ["us-east-1"]. There is one of these settings in an account '
          + 'and a Region. Leave it out of the template, or set overwriteExistingSettings to true.',
      });
      expect(await writes()).toEqual([]);
    });

    test('overwrites it when it is told to', async () => {
      await set('Enabled', ['eu-west-1']);
      expect((await run({ properties: { ...ENABLED, OverwriteExistingSettings: true } })).answer!.Status).toBe('SUCCESS');
      expect((await settings()).LinuxSubscriptionsDiscoverySettings.SourceRegions).toEqual(['us-east-1']);
    });

    test('leaves alone what it does not declare', async () => {
      await set('Enabled', ['eu-west-1']);
      expect((await run({ properties: { LinuxSubscriptionsDiscovery: 'Enabled' } })).answer!.Status).toBe('SUCCESS');
      expect(await operations()).toEqual([GET]);
    });

    test('changes what it has set before, and an update that is rolled back puts it back', async () => {
      await run();
      const changed = { ...ENABLED, SourceRegions: ['us-east-1', 'eu-west-1'] };
      expect((await update(changed, ENABLED)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id() });
      expect((await settings()).LinuxSubscriptionsDiscoverySettings.SourceRegions).toEqual(['us-east-1', 'eu-west-1']);
      expect((await update(ENABLED, changed)).answer!.Status).toBe('SUCCESS');
      expect((await settings()).LinuxSubscriptionsDiscoverySettings.SourceRegions).toEqual(['us-east-1']);
    });

    test('writes nothing at its delete', async () => {
      await run();
      await bench.localAws.clearCalls();
      expect((await remove(ENABLED)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id() });
      expect(await operations()).toEqual([]);
      expect((await settings()).LinuxSubscriptionsDiscovery).toBe('Enabled');
    });

    test('turns off at its delete what it has turned on, when it is told to', async () => {
      const properties = { ...ENABLED, TurnOffOnDelete: true };
      await run({ properties });
      expect((await remove(properties)).answer!.Status).toBe('SUCCESS');
      expect((await settings()).LinuxSubscriptionsDiscovery).toBe('Disabled');
    });

    test('leaves on at its delete what was on before', async () => {
      const properties = { ...ENABLED, TurnOffOnDelete: true };
      await set('Enabled');
      const { answer } = await run({ properties });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: adopted() });
      expect((await remove(properties, { physicalId: adopted() })).answer!.Status).toBe('SUCCESS');
      expect(await writes()).toEqual([]);
      expect((await settings()).LinuxSubscriptionsDiscovery).toBe('Enabled');
    });

    test('is another resource once it has turned on what was off, and the delete of the former one turns nothing off', async () => {
      const before = { SourceRegions: ['us-east-1'], LinuxSubscriptionsDiscovery: 'Disabled', TurnOffOnDelete: true };
      const properties = { ...ENABLED, TurnOffOnDelete: true };
      await set('Disabled');
      expect((await run({ properties: before })).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: adopted() });
      const { answer } = await run({ type: 'Update', physicalId: adopted(), properties, oldProperties: before });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id() });
      expect((await remove(before, { physicalId: adopted() })).answer!.Status).toBe('SUCCESS');
      expect((await settings()).LinuxSubscriptionsDiscovery).toBe('Enabled');
      expect((await remove(properties)).answer!.Status).toBe('SUCCESS');
      expect((await settings()).LinuxSubscriptionsDiscovery).toBe('Disabled');
    });

    test('turns nothing off at its delete that somebody has turned off before', async () => {
      const properties = { ...ENABLED, TurnOffOnDelete: true };
      await run({ properties });
      await set('Disabled');
      expect((await remove(properties)).answer!.Status).toBe('SUCCESS');
      expect(await writes()).toEqual([]);
    });

    test('of another account or Region is not touched by a delete', async () => {
      const { answer } = await remove({ ...ENABLED, TurnOffOnDelete: true }, { physicalId: `made-up:111122223333:${bench.localAws.region}` });
      expect(answer!.Status).toBe('SUCCESS');
    });
  });

  describe('that holds a secret', () => {
    const withToken = (SecretArn: string, Token: unknown = TOKEN) => ({ ...ENABLED, SecretArn, Token });

    test('puts it to where it is kept, once for a request and its repetitions', async () => {
      const SecretArn = await secret();
      const first = await run({ requestId: 'request', properties: withToken(SecretArn) });
      expect(first.answer!.Status).toBe('SUCCESS');
      expect(await valueOf(SecretArn)).toBe(TOKEN);
      await bench.localAws.clearCalls();
      expect((await run({ requestId: 'request', properties: withToken(SecretArn) })).answer).toEqual({ ...first.answer, PhysicalResourceId: adopted() });
      expect(await writes()).toEqual([]);
    });

    test('puts it there again in another request', async () => {
      const SecretArn = await secret();
      await run({ properties: withToken(SecretArn) });
      await update(withToken(SecretArn, 'another token'), withToken(SecretArn));
      expect(await valueOf(SecretArn)).toBe('another token');
    });

    test.each<[string, (SecretArn: string) => Promise<void>, (SecretArn: string) => object]>([
      ['everything works', async () => {}, (SecretArn) => withToken(SecretArn)],
      ['the service answers with what it was sent', () => bench.localAws.fault({
        service: 'secretsmanager', operation: PUT, kind: 'error', code: 'InvalidRequestException', message: `No: ${JSON.stringify({ SecretString: TOKEN })}`,
      }).then(() => {}), (SecretArn) => withToken(SecretArn)],
      ['the secret is not there', async () => {}, (SecretArn) => withToken(`${SecretArn}-2`)],
      ['it comes as a list', async () => {}, (SecretArn) => withToken(SecretArn, [TOKEN])],
      ['it comes as an object', async () => {}, (SecretArn) => withToken(SecretArn, { value: TOKEN })],
      ['another property is refused', async () => {}, (SecretArn) => ({ ...withToken(SecretArn), LinuxSubscriptionsDiscovery: 'Perhaps' })],
      ['a property is unknown', async () => {}, (SecretArn) => ({ ...withToken(SecretArn), More: 'x' })],
      ['the service fails later', () => bench.localAws.seed({ settings: { linuxSubscriptionsFailure: `Denied for ${TOKEN}` } }), (SecretArn) => withToken(SecretArn)],
    ])('shows it nowhere when %s', async (_what, prepare, propertiesOf) => {
      const SecretArn = await secret();
      await prepare(SecretArn);
      const { answer, output } = await run({ properties: propertiesOf(SecretArn) });
      const shown = `${JSON.stringify(answer)} ${output}`;
      expect(answer!.Status).toMatch(/SUCCESS|FAILED/);
      expect(shown).not.toContain('quoted');
      expect(shown).not.toContain('token/with');
      expect(shown).not.toContain(Buffer.from(TOKEN).toString('base64'));
    });

    test('shows neither the old one nor the new one at an update and a delete', async () => {
      const SecretArn = await secret();
      const changed = await update(withToken(SecretArn, 'a new and secret one'), withToken(SecretArn));
      const removed = await remove(withToken(SecretArn));
      const shown = `${JSON.stringify([changed.answer, removed.answer])} ${changed.output} ${removed.output}`;
      expect(shown).not.toMatch(/quoted|new and secret/);
    });
  });

  describe('under a fault', () => {
    const KINDS: FaultKind[] = ['throttle', 'server-error', 'cut', 'cut-after', 'access-denied', 'not-found', 'conflict'];
    const CALLS = [[SERVICE, GET], [SERVICE, UPDATE], ['secretsmanager', PUT], ['secretsmanager', DESCRIBE]];

    describe.each(CALLS)('%s %s', (service, operation) => {
      test.each(KINDS)('%s once: it is as declared, or as it was, and the next try succeeds', async (kind) => {
        const SecretArn = await secret();
        const properties = { ...ENABLED, SecretArn, Token: TOKEN };
        await bench.localAws.fault({ service, operation, kind });
        const { answer, error } = await run({ properties, requestId: 'request' });
        expect(error).toBeUndefined();
        if (['throttle', 'server-error', 'cut', 'cut-after'].includes(kind)) {
          expect(answer).toMatchObject({ Status: 'SUCCESS' });
        }
        await bench.localAws.clearFaults();
        expect((await run({ properties })).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: expect.stringMatching(/^made-up:/) });
        expect(await valueOf(SecretArn)).toBe(TOKEN);
        expect((await settings()).LinuxSubscriptionsDiscovery).toBe('Enabled');
      });
    });

    test('a conflict, which passes in License Manager, is final in a service that does not say so', async () => {
      await bench.localAws.fault({ service: SERVICE, operation: UPDATE, kind: 'conflict', times: null });
      expect((await run()).answer!.Status).toBe('FAILED');
      expect(await writes()).toEqual([UPDATE]);
    });

    test('an error tells what to do next as the definition says', async () => {
      const { answer } = await run({ properties: { ...ENABLED, SourceRegions: [] } });
      expect(answer!.Reason).toMatch(/^UpdateServiceSettings of the settings failed: ValidationException: .+\. Name Regions that there are\.$/);
    });
  });
}, [new BundleRuntime(join(folder, 'index.js')), new SourceRuntime(handler)]);
