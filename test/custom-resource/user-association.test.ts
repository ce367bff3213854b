/*
 * Users who are associated with an instance: when it is ready.
 */
import { associate, DIRECTORY, OFFICE, PROVIDER, RDS, register, SERVICE, settle, STACK_ID, subscribe, writesOf } from './support/directories';
import { describeFunction } from './support/licenses';
import { DEFINITIONS } from '../../src/custom-resource/contract/definitions';
import type { Seed } from '../local-aws/local-aws';

const TYPE = DEFINITIONS.userAssociation.type;
const INSTANCE = 'i-0123456789abcdef0';
const ID = `${INSTANCE}|${DIRECTORY}|users`;

describeFunction('associations of users', (bench) => {
  let stackId: string;
  let identityProviderArn: string;
  beforeEach(async () => {
    stackId = await bench.stack();
    identityProviderArn = await register(bench.localAws, OFFICE);
    await register(bench.localAws, RDS);
    for (const user of ['anna', 'ben']) {
      await subscribe(bench.localAws, user, OFFICE);
    }
  });

  const launch = (more: Partial<NonNullable<Seed['userSubscriptionInstances']>[number]> = {}) =>
    bench.localAws.seed({ userSubscriptionInstances: [{ instanceId: INSTANCE, directoryId: DIRECTORY, products: [OFFICE], ...more }] });
  const declared = (...names: string[]) => ({
    InstanceId: INSTANCE, DirectoryId: DIRECTORY, IdentityProviderArn: identityProviderArn, Users: names.map(Username => ({ Username })),
  });
  const run = (properties: object, more: object = {}) =>
    bench.function.request({ resourceType: TYPE, properties, serviceTimeout: 3600, stackId, logicalId: 'Topic', ...more });
  const update = (properties: object, former: object, more: object = {}) =>
    run(properties, { type: 'Update', physicalId: ID, oldProperties: former, ...more });
  const remove = (properties: object, physicalId = ID) => run(properties, { type: 'Delete', physicalId });
  const associated = async () => (await bench.localAws.state()).userAssociations
    .filter(({ Status }) => Status === 'ASSOCIATED').map(({ Username }) => Username).sort();
  const reasonOf = async (invocation: ReturnType<typeof run>) => {
    const { answer } = await invocation;
    expect(answer).toMatchObject({ Status: 'FAILED' });
    return answer!.Reason;
  };

  test('are made, with the tag of the stack, changed by the difference, and ended', async () => {
    await launch();
    expect((await run({ ...declared('anna'), Tags: [{ Key: 'team', Value: 'desktops' }] })).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    const [{ parameters }] = await bench.localAws.calls({ service: SERVICE, operation: 'AssociateUser' });
    expect(parameters).toEqual({ Username: 'anna', InstanceId: INSTANCE, IdentityProvider: PROVIDER, Tags: { team: 'desktops', [STACK_ID]: stackId } });
    await bench.localAws.clearCalls();
    expect((await update(declared('ben'), declared('anna'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await writesOf(bench)).toEqual(['AssociateUser ben', 'DisassociateUser']);
    expect(await associated()).toEqual(['ben']);
    expect((await remove(declared('ben'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await associated()).toEqual([]);
  });

  test('of others stay', async () => {
    await launch();
    await associate(bench.localAws, 'anna', INSTANCE);
    expect((await run(declared('anna', 'ben'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await remove(declared('anna', 'ben'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await associated()).toEqual(['anna']);
  });

  test('wait for the instance to be known, and to be ready', async () => {
    await launch({ reads: 3, health: 'active' });
    const { answer, logs } = await run(declared('anna'));
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(logs.map(({ waitingFor }) => waitingFor)).toContain(`Instance ${INSTANCE} is PENDING`);
    expect(await associated()).toEqual(['anna']);
  });

  test('do not wait for ever for an instance that License Manager does not know', async () => {
    const started = Date.now();
    const { answer, ended } = await run(declared('anna'), { remaining: 3_600_000 });
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: `License Manager does not list instance ${INSTANCE}: it has to be launched from an AMI of a product of user-based subscriptions, be managed by AWS Systems `
        + 'Manager and join the domain of the directory; one that cannot is terminated.',
    });
    expect(ended - started).toBeGreaterThan(1_790_000);
    expect(ended - started).toBeLessThan(1_900_000);
  });

  test('are refused for an instance that is not healthy, with what License Manager says of it', async () => {
    await launch({ health: 'unhealthy', statusMessage: 'Local administrators.' });
    expect(await reasonOf(run(declared('anna')))).toBe(`instance ${INSTANCE} is UNHEALTHY (Local administrators). License Manager terminates instances that it cannot `
      + 'keep healthy: see what it says there, and launch another one.');
    expect(await writesOf(bench)).toEqual([]);
  });

  test('can be ended on an instance that is not healthy', async () => {
    await launch();
    await run(declared('anna'));
    await launch({ health: 'unhealthy' });
    expect((await remove(declared('anna'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await associated()).toEqual([]);
  });

  test('go with the instance, and another instance has its own', async () => {
    const other = 'i-0123456789abcdef1';
    await launch();
    await run(declared('anna'));
    await launch({ instanceId: other });
    const moved = { ...declared('anna'), InstanceId: other };
    expect((await update(moved, declared('anna'))).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${other}|${DIRECTORY}|users` });
    await launch({ health: 'terminated' });
    await bench.localAws.clearCalls();
    expect((await remove(declared('anna'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await writesOf(bench)).toEqual([]);
    expect(await associated()).toEqual(['anna']);
  });

  test('of a directory that is not registered any more are gone, and cannot be made', async () => {
    await launch();
    await bench.localAws.fault({ service: SERVICE, operation: 'ListUserAssociations', kind: 'not-found', times: null });
    expect(await reasonOf(run(declared('anna')))).toMatch(/^ListUserAssociations of \S+ failed: ResourceNotFoundException/);
    expect((await remove(declared('anna'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await writesOf(bench)).toEqual([]);
  });

  test('of users who are not subscribed are refused, and the others are made', async () => {
    await launch();
    expect(await reasonOf(run(declared('anna', 'carl')))).toMatch(/^1 of 2 users could not be associated: carl \(ValidationException: The user … is not subscribed to .*\)\.$/);
    await settle(bench.localAws);
    expect(await associated()).toEqual(['anna']);
  });

  test('wait a moment for the subscription to Remote Desktop Services that License Manager starts with another', async () => {
    await launch();
    await bench.localAws.fault({
      service: SERVICE, operation: 'AssociateUser', kind: 'error', code: 'ValidationException', message: 'The user anna is not subscribed to it.', status: 400, times: 3,
    });
    const { answer, logs } = await run(declared('anna', 'ben'));
    expect(answer).toEqual(expect.objectContaining({ Status: 'SUCCESS' }));
    expect(logs.map(({ waitingFor }) => waitingFor)).toContainEqual(expect.stringMatching(/^[12] users? could not be associated yet: ValidationException: The user/));
    expect(await associated()).toEqual(['anna', 'ben']);
  });

  test('over the quota tell what to do', async () => {
    await launch();
    await bench.localAws.seed({ settings: { instancesPerUser: 0 } });
    expect(await reasonOf(run(declared('anna')))).toContain('A user can have 25 instances: disassociate the user from one that is not used, or have AWS Support');
  });

  test('that fail and are taken back, do not fail again for those who could not be associated', async () => {
    await launch();
    await run(declared('anna'));
    await bench.localAws.seed({ settings: { userSubscriptionsFailures: { 'AssociateUser/ben': 'The run command failed.' } } });
    await subscribe(bench.localAws, 'carl', OFFICE);
    const failed = declared('anna', 'ben', 'carl');
    expect(await reasonOf(update(failed, declared('anna')))).toContain('ben (ASSOCIATION_FAILED');
    expect((await update(declared('anna'), failed)).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await associated()).toEqual(['anna']);
  });

  test('that fail later are told', async () => {
    await launch();
    await bench.localAws.seed({ settings: { userSubscriptionsFailures: { 'AssociateUser/anna': 'The run command failed.' } } });
    expect(await reasonOf(run(declared('anna', 'ben')))).toBe('1 user of 2 could not be associated: anna (ASSOCIATION_FAILED: The run command failed).');
    expect(await associated()).toEqual(['ben']);
  });

  test('are ended by an update, too, on an instance that is not healthy, and nobody comes', async () => {
    await launch();
    await run(declared('anna', 'ben'));
    await launch({ health: 'unhealthy' });
    expect((await update(declared('ben'), declared('anna', 'ben'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await associated()).toEqual(['ben']);
    expect(await reasonOf(update(declared('anna', 'ben'), declared('ben')))).toMatch(/^instance \S+ is UNHEALTHY/);
  });

  test.each([
    ['done', { kind: 'cut-after' }], ['not done', { kind: 'cut' }], ['an error, and done', { kind: 'server-error', done: true }],
    ['somebody was faster', { kind: 'conflict', done: true }], ['gone', { kind: 'not-found', done: true }],
  ] as const)('are ended once, where a call has no answer: %s', async (_, fault) => {
    await launch();
    await run(declared('anna', 'ben'));
    await bench.localAws.fault({ service: SERVICE, operation: 'DisassociateUser', ...fault });
    expect((await update(declared('ben'), declared('anna', 'ben'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await associated()).toEqual(['ben']);
  });

  test('of a create whose time is over before it is known what has come of a user are removed by the delete that follows', async () => {
    await launch();
    await bench.localAws.fault({ service: SERVICE, operation: 'AssociateUser', kind: 'stall', nth: 2, times: null });
    const { answer } = await run(declared('anna', 'ben'), { remaining: 95_000 });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID });
    await bench.localAws.clearFaults();
    expect((await remove(declared('anna', 'ben'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await associated()).toEqual([]);
  });

  test('are not ended where License Manager refuses it, and are told', async () => {
    await launch();
    await run(declared('anna', 'ben'));
    await bench.localAws.fault({ service: SERVICE, operation: 'DisassociateUser', kind: 'conflict', times: null });
    expect(await reasonOf(remove(declared('anna', 'ben')))).toMatch(/^2 of 2 users could not be disassociated: anna, ben \(ConflictException: /);
    expect(await associated()).toEqual(['anna', 'ben']);
  });

  test.each(['cut-after', 'cut', 'server-error', 'throttle'] as const)('are made once, where a call ends in %s', async (kind) => {
    await launch();
    await bench.localAws.fault({ service: SERVICE, operation: 'AssociateUser', kind });
    expect((await run(declared('anna'))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await bench.localAws.state()).userAssociations).toHaveLength(1);
  });
});
