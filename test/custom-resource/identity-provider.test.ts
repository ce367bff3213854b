/*
 * Directories that are registered for a product.
 */
import { randomUUID } from 'node:crypto';
import { call, DIRECTORY, OFFICE, PROVIDER, RDS, register, SERVICE, SETTINGS, settle, STACK_ID, subscribe, writesOf } from './support/directories';
import { describeFunction, NOTHING_CREATED } from './support/licenses';
import { DEFINITIONS } from '../../src/custom-resource/contract/definitions';
import { callJson, callRest } from '../support/requests';

const TYPE = DEFINITIONS.identityProvider.type;
const REMAINS = 'cdk-license-manager:remains';

describeFunction('an identity provider', (bench) => {
  let stackId: string;
  beforeEach(async () => {
    stackId = await bench.stack();
  });

  const declared = (more: object = {}) => ({ Directory: DIRECTORY, Product: RDS, Type: 'AWS_MANAGED', ...more });
  const office = (more: object = {}) => declared({ Product: OFFICE, Settings: SETTINGS, ...more });
  const run = (properties: object, more: object = {}) =>
    bench.function.request({ resourceType: TYPE, properties, serviceTimeout: 3600, stackId, logicalId: 'Topic', ...more });
  const update = (properties: object, former: object, physicalId: string, more: object = {}) =>
    run(properties, { type: 'Update', physicalId, oldProperties: former, ...more });
  const remove = (physicalId: string, properties: object = declared()) => run(properties, { type: 'Delete', physicalId });
  const providers = async () => (await bench.localAws.state()).identityProviders;
  const made = async (properties: object = declared()) => {
    const { answer } = await run(properties);
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    await bench.localAws.clearCalls();
    return answer!.PhysicalResourceId;
  };
  const reasonOf = async (invocation: ReturnType<typeof run>) => {
    const { answer } = await invocation;
    expect(answer).toMatchObject({ Status: 'FAILED' });
    return answer!.Reason;
  };
  const tagsOf = async (arn: string): Promise<{ [key: string]: string }> => (await callRest(bench.localAws, SERVICE, 'GET', `/tags/${encodeURIComponent(arn)}`)).Tags;

  describe('is registered', () => {
    test('and waited for, with the tag of the stack', async () => {
      const { answer } = await run(declared({ Tags: [{ Key: 'team', Value: 'desktops' }] }));
      const [{ IdentityProviderArn, Status }] = await providers();
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: IdentityProviderArn, Data: { IdentityProviderArn, DirectoryId: DIRECTORY } });
      expect(Status).toBe('REGISTERED');
      const [{ parameters }] = await bench.localAws.calls({ service: SERVICE, operation: 'RegisterIdentityProvider' });
      expect(parameters).toEqual({
        IdentityProvider: { ActiveDirectoryIdentityProvider: { DirectoryId: DIRECTORY, ActiveDirectoryType: 'AWS_MANAGED' } },
        Product: RDS,
        Tags: { team: 'desktops', [STACK_ID]: stackId },
      });
    });

    test('for Microsoft Office with its endpoints', async () => {
      await made(office());
      expect((await providers())[0]).toMatchObject({ Product: OFFICE, Settings: SETTINGS });
    });

    test('where it is reached, with everything that says so', async () => {
      const { ARN } = await callJson(bench.localAws, 'secretsmanager', 'CreateSecret', {
        Name: `license-manager-user-${randomUUID()}`, SecretString: JSON.stringify({ username: 'Administrator', password: 'p' }),
      });
      const Domain = { Ipv4Addresses: ['10.0.0.10', '10.0.1.10'], Ipv6Addresses: ['fd00::10'], CredentialsArn: ARN, Subnets: ['subnet-00000001'] };
      const { answer } = await run(declared({ Directory: 'corp.example.com', Type: 'SELF_MANAGED', Domain }));
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DirectoryId: expect.stringMatching(/^sd-[0-9a-f]{10}$/) } });
      const [{ parameters }] = await bench.localAws.calls({ service: SERVICE, operation: 'RegisterIdentityProvider' });
      expect(parameters.IdentityProvider).toEqual({
        ActiveDirectoryIdentityProvider: {
          ActiveDirectoryType: 'SELF_MANAGED',
          ActiveDirectorySettings: {
            DomainName: 'corp.example.com',
            DomainIpv4List: Domain.Ipv4Addresses,
            DomainIpv6List: Domain.Ipv6Addresses,
            DomainCredentialsProvider: { SecretsManagerCredentialsProvider: { SecretId: ARN } },
            DomainNetworkSettings: { Subnets: Domain.Subnets },
          },
        },
      });
      // The same, however it is written, is nothing to do; what cannot be changed is refused, and so is a rollback of nothing.
      const former = declared({ Directory: 'corp.example.com', Type: 'SELF_MANAGED', Domain });
      const id = answer!.PhysicalResourceId;
      await bench.localAws.clearCalls();
      const same = declared({ Directory: 'CORP.example.com', Type: 'SELF_MANAGED', Domain: { ...Domain, Ipv4Addresses: ['10.0.1.10', '10.0.0.10'] } });
      expect((await update(same, former, id)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      const other = declared({ Directory: 'corp.example.com', Type: 'SELF_MANAGED', Domain: { ...Domain, Ipv4Addresses: ['10.0.0.11'], Subnets: ['subnet-2'] } });
      expect(await reasonOf(update(other, former, id))).toBe(`corp.example.com is registered for ${RDS} with other ipv4Addresses and subnets, which License Manager `
        + 'cannot change. It takes two deployments: one without the IdentityProvider, which deregisters the directory when its users, instances and license server '
        + 'endpoints are gone, and one with it.');
      expect(await writesOf(bench)).toEqual([]);
    });

    test('by the account that a directory is shared with', async () => {
      const owner = bench.localAws.as('222233334444');
      await owner.reset();
      await register(owner, RDS);
      await bench.localAws.seed({ settings: { directories: { 'd-9067000009': { owner: '222233334444', ownerDirectoryId: DIRECTORY } } } });
      const shared = declared({ Directory: 'd-9067000009', Shared: 'true' });
      expect((await run(shared)).answer).toMatchObject({ Status: 'SUCCESS', Data: { DirectoryId: 'd-9067000009' } });
      expect((await providers())[0].IdentityProvider.ActiveDirectoryIdentityProvider).toMatchObject({ IsSharedActiveDirectory: true });
    });

    test('once: the same request again finds it', async () => {
      const id = await made();
      expect((await run(declared())).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect((await update(declared(), declared(), id)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await writesOf(bench)).toEqual([]);
    });

    test('and another directory or product is another one', async () => {
      const id = await made();
      const { answer } = await update(declared({ Directory: 'd-9067000002' }), declared(), id);
      expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DirectoryId: 'd-9067000002' } });
      expect(answer!.PhysicalResourceId).not.toBe(id);
      expect((await remove(id)).answer).toMatchObject({ Status: 'SUCCESS' });
      expect((await providers()).map(({ IdentityProviderArn }) => IdentityProviderArn)).toEqual([answer!.PhysicalResourceId]);
    });

    test('or fails, with what License Manager says of it, and can be tried again', async () => {
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: { RegisterIdentityProvider: 'The directory is not reachable.' } } });
      const { answer } = await run(declared());
      const [{ IdentityProviderArn }] = await providers();
      expect(answer).toMatchObject({
        Status: 'FAILED',
        PhysicalResourceId: IdentityProviderArn,
        Reason: `${DIRECTORY} could not be registered for ${RDS}: REGISTRATION_FAILED: The directory is not reachable.`,
      });
      // Another try, without a delete before: an update that was to replace something.
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: {} } });
      await bench.localAws.clearCalls();
      expect((await run(declared())).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await writesOf(bench)).toEqual(['DeregisterIdentityProvider', 'RegisterIdentityProvider']);
      expect((await providers()).map(({ Status }) => Status)).toEqual(['REGISTERED']);
    });

    test('or fails for want of the service-linked role, which is told', async () => {
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: { RegisterIdentityProvider: 'The service-linked role does not exist.' } } });
      expect(await reasonOf(run(declared()))).toContain('Declare ServiceLinkedRole with LicenseManagerFeature.USER_SUBSCRIPTIONS in the stack, or run');
    });

    test.each([
      ['without an answer', { kind: 'cut-after' }], ['with a server error, and done', { kind: 'server-error', done: true }],
    ] as const)('a call %s does not register it twice', async (_, fault) => {
      await bench.localAws.fault({ service: SERVICE, operation: 'RegisterIdentityProvider', ...fault });
      expect((await run(declared())).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await providers()).toHaveLength(1);
    });

    test('what was never answered, is removed by what CloudFormation knows of it', async () => {
      await bench.localAws.fault({ service: SERVICE, operation: 'ListIdentityProviders', kind: 'server-error', nth: 2, times: null });
      const { answer } = await run(declared());
      expect(answer).toMatchObject({ Status: 'FAILED' });
      await bench.localAws.clearFaults();
      expect((await remove('invented-by-cloudformation')).answer).toMatchObject({ Status: 'SUCCESS' });
      expect((await providers()).filter(({ Status }) => !/DEREGISTERED/.test(Status))).toEqual([]);
    });

    test('a create that could not even look removes nothing of others', async () => {
      const id = await register(bench.localAws, RDS);
      await bench.localAws.fault({ service: SERVICE, operation: 'ListIdentityProviders', kind: 'server-error', times: null });
      const { answer } = await run(declared());
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: REMAINS });
      await bench.localAws.clearFaults();
      expect((await remove(REMAINS)).answer).toMatchObject({ Status: 'SUCCESS' });
      expect((await providers()).map(({ IdentityProviderArn }) => IdentityProviderArn)).toEqual([id]);
    });
  });

  describe('that others have registered', () => {
    test('is left as it is, but for its settings, and is not deregistered', async () => {
      const id = await register(bench.localAws, OFFICE);
      const settings = { Subnets: ['subnet-00000002', 'subnet-00000003'], SecurityGroupId: 'sg-00000002' };
      const { answer } = await run(office({ Settings: settings, Tags: [{ Key: 'team', Value: 'desktops' }] }));
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await writesOf(bench)).toEqual(['UpdateIdentityProviderSettings']);
      expect((await providers())[0].Settings).toEqual(settings);
      expect(await tagsOf(id)).toEqual({});
      await bench.localAws.clearCalls();
      expect((await remove(id, office())).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await writesOf(bench)).toEqual([]);
    });

    test('is refused if it is that of another stack', async () => {
      const other = stackId.replace(/stack\/[^/]*/, 'stack/other');
      const id = await register(bench.localAws, RDS, { Tags: { [STACK_ID]: other } });
      expect(await reasonOf(run(declared()))).toBe(`${DIRECTORY} is registered for ${RDS} by stack ${other} already, and would be deregistered with it. Leave it to that `
        + 'stack and import it here (IdentityProvider.fromIdentityProviderAttributes), or take it out there first.');
      // Moved with its stack, it stays what it is.
      expect((await update(declared(), declared(), id)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect((await remove(id)).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await writesOf(bench)).toEqual([]);
    });

    test('is the stack\'s if a former one of the same name has left it', async () => {
      const id = await register(bench.localAws, RDS, { Tags: { [STACK_ID]: stackId.replace(/[^/]*$/, 'before') } });
      expect((await run(declared())).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect((await remove(id)).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await writesOf(bench)).toEqual(['DeregisterIdentityProvider']);
    });

    test('is not touched if it has failed, and it is told how to remove it', async () => {
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: { RegisterIdentityProvider: 'No route.' } } });
      const id = await register(bench.localAws, RDS);
      expect(await reasonOf(run(declared()))).toBe(`${DIRECTORY} could not be registered for ${RDS} before: REGISTRATION_FAILED: No route. Deregister it (aws `
        + `license-manager-user-subscriptions deregister-identity-provider --identity-provider-arn ${id}), then deploy again.`);
      expect(await writesOf(bench)).toEqual([]);
    });
  });

  describe('is changed', () => {
    test.each<[string, object, object]>([
      ['a subnet more', { Subnets: [...SETTINGS.Subnets, 'subnet-00000003'] }, { AddSubnets: ['subnet-00000003'], RemoveSubnets: [] }],
      ['a subnet less', { Subnets: ['subnet-00000002'] }, { AddSubnets: [], RemoveSubnets: ['subnet-00000001'] }],
      ['another security group', { SecurityGroupId: 'sg-00000002' }, { AddSubnets: [], RemoveSubnets: [], SecurityGroupId: 'sg-00000002' }],
    ])('by the difference: %s', async (_, change, sent) => {
      const id = await made(office());
      const settings = { ...SETTINGS, ...change };
      expect((await update(office({ Settings: settings }), office(), id)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      const [{ parameters }] = await bench.localAws.calls({ service: SERVICE, operation: 'UpdateIdentityProviderSettings' });
      expect(parameters).toEqual({ IdentityProviderArn: id, UpdateSettings: sent });
      expect((await providers())[0].Settings).toEqual(settings);
    });

    test('in no way where only the order is another', async () => {
      const id = await made(office());
      await update(office({ Settings: { ...SETTINGS, Subnets: [...SETTINGS.Subnets].reverse() } }), office(), id);
      expect(await writesOf(bench)).toEqual([]);
    });

    test('in its tags, but for those of others', async () => {
      const id = await made(declared({ Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '1' }] }));
      await callRest(bench.localAws, SERVICE, 'PUT', `/tags/${encodeURIComponent(id)}`, { Tags: { mine: 'stays' } });
      await update(declared({ Tags: [{ Key: 'a', Value: '2' }, { Key: 'c', Value: '1' }] }), declared({ Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '1' }] }), id);
      expect(await tagsOf(id)).toEqual({ a: '2', c: '1', mine: 'stays', [STACK_ID]: stackId });
    });

    test.each([
      ['done', { kind: 'cut-after' }], ['an error, and done', { kind: 'server-error', done: true }], ['not done', { kind: 'cut' }],
    ] as const)('once, where a call has no answer: %s', async (_, fault) => {
      const id = await made(office());
      await bench.localAws.fault({ service: SERVICE, operation: 'UpdateIdentityProviderSettings', ...fault });
      const settings = { ...SETTINGS, Subnets: ['subnet-00000003'] };
      expect((await update(office({ Settings: settings }), office(), id)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect((await providers())[0]).toMatchObject({ Status: 'REGISTERED', Settings: settings });
    });

    test('and is not, where no call is ever answered', async () => {
      const id = await made(office());
      await bench.localAws.fault({ service: SERVICE, operation: 'UpdateIdentityProviderSettings', kind: 'cut', times: null });
      expect(await reasonOf(update(office({ Settings: { ...SETTINGS, Subnets: ['subnet-00000003'] } }), office(), id)))
        .toMatch(/^UpdateIdentityProviderSettings of \S+ failed: .*socket hang up/);
      expect(await bench.localAws.calls({ service: SERVICE, operation: 'UpdateIdentityProviderSettings' })).toHaveLength(3);
    });

    test('or tells that its tags are not found, and does not take it for somebody else\'s', async () => {
      const id = await made(declared({ Tags: [{ Key: 'a', Value: '1' }] }));
      await bench.localAws.fault({ service: SERVICE, operation: 'ListTagsForResource', kind: 'not-found', times: null });
      expect(await reasonOf(update(declared(), declared({ Tags: [{ Key: 'a', Value: '1' }] }), id))).toMatch(/^ListTagsForResource of .* failed: ResourceNotFoundException/);
      expect(await reasonOf(remove(id))).toMatch(/^ListTagsForResource of .* failed: ResourceNotFoundException/);
      expect(await writesOf(bench)).toEqual([]);
    });

    test('and fails, with what License Manager says of it', async () => {
      const id = await made(office());
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: { UpdateIdentityProviderSettings: 'No address left.' } } });
      const changed = office({ Settings: { ...SETTINGS, Subnets: ['subnet-00000009'] } });
      const { answer } = await update(changed, office(), id);
      expect(answer).toMatchObject({
        Status: 'FAILED', PhysicalResourceId: id, Reason: `${DIRECTORY} could not be changed for ${OFFICE}: UPDATE_FAILED: No address left.`,
      });
      // The update that takes it back finds everything as it was.
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: {} } });
      expect((await update(office(), changed, id)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    });

    test('without its endpoints only in a rollback, which leaves them', async () => {
      const id = await made(office());
      const without = declared({ Product: OFFICE });
      expect(await reasonOf(update(without, office(), id))).toBe(`the activation endpoints of ${DIRECTORY} for ${OFFICE} cannot be taken away: License Manager keeps them `
        + 'until the directory is deregistered. Declare activationEndpoints again, or take the IdentityProvider out.');
      const rolledBack = await bench.rolledBackStack();
      expect((await update(without, office(), id, { stackId: rolledBack })).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await writesOf(bench)).toEqual([]);
    });
  });

  describe('is deregistered', () => {
    test('and waited for; of what is gone nothing is written', async () => {
      const id = await made();
      expect((await remove(id)).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await writesOf(bench)).toEqual(['DeregisterIdentityProvider']);
      await bench.localAws.clearCalls();
      expect((await remove(id)).answer).toMatchObject({ Status: 'SUCCESS' });
      expect((await remove(NOTHING_CREATED)).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await writesOf(bench)).toEqual([]);
    });

    test('not while users, instances or license servers need it, which it names', async () => {
      const id = await made();
      await subscribe(bench.localAws, 'anna', RDS);
      await bench.localAws.seed({ userSubscriptionInstances: [{ instanceId: 'i-0123456789abcdef0', directoryId: DIRECTORY, products: [RDS] }] });
      const { ARN } = await callJson(bench.localAws, 'secretsmanager', 'CreateSecret', {
        Name: `license-manager-user-${randomUUID()}`, SecretString: JSON.stringify({ username: 'Administrator', password: 'p' }),
      });
      const { LicenseServerEndpointArn } = await call(bench.localAws, '/license-server/CreateLicenseServerEndpoint', {
        IdentityProviderArn: id,
        LicenseServerSettings: {
          ServerType: 'RDS_SAL', ServerSettings: { RdsSalSettings: { RdsSalCredentialsProvider: { SecretsManagerCredentialsProvider: { SecretId: ARN } } } },
        },
      });
      expect(await reasonOf(remove(id))).toMatch(new RegExp(`^${DIRECTORY} cannot be deregistered for ${RDS} while something needs it: user anna\\S* \\(SUBSCRIBED\\), `
        + `instance i-0123456789abcdef0 \\(ACTIVE\\), license server endpoint ${LicenseServerEndpointArn} \\(\\w+\\)\\. Disassociate`));
      expect(await writesOf(bench)).not.toContain('DeregisterIdentityProvider');
    });

    test('after users who are just being unsubscribed', async () => {
      const id = await made();
      const user = await subscribe(bench.localAws, 'anna', RDS);
      await bench.localAws.seed({ settings: { userSubscriptionsReads: 3 } });
      await call(bench.localAws, '/user/StopProductSubscription', { ProductUserArn: user });
      const { answer, logs } = await remove(id);
      expect(answer).toMatchObject({ Status: 'SUCCESS' });
      expect(logs.map(({ waitingFor }) => waitingFor)).toContainEqual(expect.stringMatching(/^Before it is deregistered, these have to end: user anna/));
    });

    test('not while an instance runs, of which License Manager may not know yet that it has been terminated', async () => {
      const id = await made();
      await bench.localAws.seed({ userSubscriptionInstances: [{ instanceId: 'i-0123456789abcdef0', directoryId: DIRECTORY, products: [RDS] }] });
      const started = Date.now();
      const { answer, logs, ended } = await remove(id);
      expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('instance i-0123456789abcdef0 (ACTIVE)') });
      expect(logs.map(({ waitingFor }) => waitingFor)).toContain('Before it is deregistered, these have to end: instance i-0123456789abcdef0 (ACTIVE)');
      expect(ended - started).toBeGreaterThan(290_000);
      expect(ended - started).toBeLessThan(360_000);
    });

    test('not while users of it are there, and those of other directories and products are none', async () => {
      const id = await made();
      await made(office());
      await subscribe(bench.localAws, 'anna', OFFICE);
      for (const { ProductUserArn } of (await bench.localAws.state()).productSubscriptions.filter(({ Product }) => Product === RDS)) {
        await call(bench.localAws, '/user/StopProductSubscription', { ProductUserArn });
      }
      await settle(bench.localAws);
      await bench.localAws.seed({
        userSubscriptionInstances: [
          { instanceId: 'i-0123456789abcdef0', directoryId: DIRECTORY, products: [OFFICE] },
          { instanceId: 'i-0123456789abcdef1', directoryId: 'd-9067000002', products: [RDS] },
        ],
      });
      expect((await remove(id)).answer).toMatchObject({ Status: 'SUCCESS' });
      expect((await providers()).map(({ Product }) => Product)).toEqual([OFFICE]);
    });

    test('not while many users are there, of whom it names the first', async () => {
      const id = await made();
      for (let user = 0; user < 52; user++) {
        await call(bench.localAws, '/user/StartProductSubscription', { Username: `user${user}`, Product: RDS, IdentityProvider: PROVIDER });
      }
      await settle(bench.localAws);
      expect(await reasonOf(remove(id))).toMatch(/user user0 \(SUBSCRIBED\), .*user user49 \(SUBSCRIBED\) and 2 more\. Disassociate/);
    });

    test('or is not, and says why, until the next delete', async () => {
      const id = await made();
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: { DeregisterIdentityProvider: 'Still authorized.' } } });
      expect(await reasonOf(remove(id))).toBe(`${DIRECTORY} could not be deregistered for ${RDS}: DEREGISTRATION_FAILED: Still authorized.`);
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: {} } });
      expect((await remove(id)).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await providers()).toEqual([]);
    });

    test('also if it has never been registered', async () => {
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: { RegisterIdentityProvider: 'No route.' } } });
      const { answer } = await run(declared());
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: {} } });
      expect((await remove(answer!.PhysicalResourceId)).answer).toMatchObject({ Status: 'SUCCESS' });
      await settle(bench.localAws);
      expect((await call(bench.localAws, '/identity-provider/ListIdentityProviders', {})).IdentityProviderSummaries
        .filter(({ Status }: { readonly Status: string }) => !/DEREGISTERED/.test(Status))).toEqual([]);
    });
  });

  test.each([
    ['ENABLED', 'Registering', 'Removing'], ['Ready for use', 'Being configured - pending', 'DELETING'],
  ])('knows states by their form, as their words are not documented: %s', async (registered, registering, deregistering) => {
    await bench.localAws.seed({ settings: { userSubscriptionsReads: 2, userSubscriptionsWords: { registered, registering, deregistering } } });
    const { answer, logs } = await run(declared());
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(logs.map(({ waitingFor }) => waitingFor)).toContain(`The registration of ${DIRECTORY} for ${RDS} is ${registering}`);
    expect((await remove(answer!.PhysicalResourceId)).answer).toMatchObject({ Status: 'SUCCESS' });
  });

  test('a word that only looks like work does not hang a deployment', async () => {
    await bench.localAws.seed({ settings: { userSubscriptionsWords: { registered: 'STANDING' } } });
    const started = Date.now();
    const { answer, ended } = await run(declared(), { remaining: 3_600_000 });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(ended - started).toBeGreaterThan(590_000);
    expect(ended - started).toBeLessThan(660_000);
  });

  test('waits for the directory of another request no longer than it may', async () => {
    await bench.localAws.seed({ settings: { userSubscriptionsReads: 100_000 } });
    expect(await reasonOf(run(declared(), { remaining: 3_600_000, serviceTimeout: 600 }))).toMatch(/^The registration of \S+ for \S+ is CONFIGURING, and has not finished within/);
  });
});
