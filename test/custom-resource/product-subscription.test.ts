/*
 * Users who are subscribed to a product: by difference, one by one, and only those of the stack.
 */
import { associate, call, DIRECTORY, OFFICE, PROVIDER, RDS, register, SERVICE, settle, STACK_ID, subscribe, writesOf } from './support/directories';
import { describeFunction, NOTHING_CREATED } from './support/licenses';
import { DEFINITIONS } from '../../src/custom-resource/contract/definitions';

const TYPE = DEFINITIONS.productSubscription.type;
const ID = `${DIRECTORY}|${RDS}|subscription`;

describeFunction('subscriptions', (bench) => {
  let stackId: string;
  let identityProviderArn: string;
  beforeEach(async () => {
    stackId = await bench.stack();
    identityProviderArn = await register(bench.localAws, RDS);
  });

  const users = (...names: string[]) => names.map((name) => {
    const [Username, Domain] = name.split('@');
    return { Username, ...Domain === undefined ? {} : { Domain } };
  });
  const many = (count: number) => users(...Array.from({ length: count }, (_, index) => `user${index}`));
  const declared = (Users: object[], more: object = {}) => ({
    DirectoryId: DIRECTORY, Product: RDS, IdentityProviderArn: identityProviderArn, Users, ...more,
  });
  const run = (properties: object, more: object = {}) =>
    bench.function.request({ resourceType: TYPE, properties, serviceTimeout: 3600, stackId, logicalId: 'Topic', ...more });
  const update = (properties: object, former: object, more: object = {}) =>
    run(properties, { type: 'Update', physicalId: ID, oldProperties: former, ...more });
  const remove = (properties: object, more: object = {}) => run(properties, { type: 'Delete', physicalId: ID, ...more });
  const subscribed = async (product = RDS) => (await bench.localAws.state()).productSubscriptions
    .filter(({ Status, Product }) => Status === 'SUBSCRIBED' && Product === product).map(({ Username }) => Username).sort();
  const created = async (Users: object[], more: object = {}) => {
    expect((await run(declared(Users, more))).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    await bench.localAws.clearCalls();
  };
  const reasonOf = async (invocation: ReturnType<typeof run>) => {
    const { answer } = await invocation;
    expect(answer).toMatchObject({ Status: 'FAILED' });
    return answer!.Reason;
  };

  test('are started, with the tag of the stack, and waited for', async () => {
    const { answer } = await run(declared(users('anna', 'ben@trusted.example.com'), { Tags: [{ Key: 'team', Value: 'desktops' }] }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect(await subscribed()).toEqual(['anna', 'ben']);
    expect((await bench.localAws.calls({ service: SERVICE, operation: 'StartProductSubscription' })).map(({ parameters }) => parameters)).toEqual([
      { Username: 'anna', Product: RDS, IdentityProvider: PROVIDER, Tags: { team: 'desktops', [STACK_ID]: stackId } },
      { Username: 'ben', Domain: 'trusted.example.com', Product: RDS, IdentityProvider: PROVIDER, Tags: { team: 'desktops', [STACK_ID]: stackId } },
    ]);
  });

  test('are started once, whoever asks again, and in whatever case', async () => {
    await created(users('anna'));
    expect((await run(declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await update(declared(users('ANNA')), declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await writesOf(bench)).toEqual([]);
  });

  test('of a domain are the same in whatever case', async () => {
    await created(users('anna@trusted.example.com'));
    expect((await update(declared(users('Anna@TRUSTED.example.com')), declared(users('anna@trusted.example.com')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await writesOf(bench)).toEqual([]);
    expect((await remove(declared(users('ANNA@Trusted.example.com')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual([]);
  });

  test('that have ended count less than those that are there, of the same user', async () => {
    // Told of twice, as what has ended is told of for a while.
    const ended = await subscribe(bench.localAws, 'anna', RDS, stackId);
    await call(bench.localAws, '/user/StopProductSubscription', { ProductUserArn: ended });
    const live = await subscribe(bench.localAws, 'ANNA', RDS, stackId);
    await created(users('Anna'));
    expect((await bench.localAws.state()).productSubscriptions.map(({ Status }) => Status).sort()).toEqual(['SUBSCRIBED', 'UNSUBSCRIBED']);
    expect((await remove(declared(users('Anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await bench.localAws.calls({ service: SERVICE, operation: 'StopProductSubscription' })).map(({ parameters }) => parameters)).toEqual([{ ProductUserArn: live }]);
  });

  test('that are just ending are waited for, and started anew', async () => {
    const ProductUserArn = await subscribe(bench.localAws, 'anna', RDS);
    await bench.localAws.seed({ settings: { userSubscriptionsReads: 3 } });
    await call(bench.localAws, '/user/StopProductSubscription', { ProductUserArn });
    await bench.localAws.clearCalls();
    const { answer, logs } = await run(declared(users('anna')));
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(logs.map(({ waitingFor }) => waitingFor)).toContain('License Manager is at work on 1 user: anna is UNSUBSCRIBING');
    expect(await writesOf(bench)).toEqual(['StartProductSubscription anna']);
    expect(await subscribed()).toEqual(['anna']);
  });

  test('of the stack that are not declared are not ended by a create, nor where it cannot be read who was declared', async () => {
    await subscribe(bench.localAws, 'ben', RDS, stackId);
    await created(users('anna'));
    expect((await update(declared(users('anna')), { OfAnOlderVersion: 'true' })).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await writesOf(bench)).toEqual([]);
    expect(await subscribed()).toEqual(['anna', 'ben']);
  });

  test('of others that could not be ended by them are nothing of the stack', async () => {
    const ProductUserArn = await subscribe(bench.localAws, 'dora', RDS);
    await created(users('anna', 'dora'));
    await bench.localAws.seed({ settings: { userSubscriptionsFailures: { 'StopProductSubscription/dora': 'Billing is down.' } } });
    await call(bench.localAws, '/user/StopProductSubscription', { ProductUserArn });
    await settle(bench.localAws);
    expect((await update(declared(users('anna', 'ben')), declared(users('anna', 'dora')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await remove(declared(users('anna', 'ben', 'dora')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await bench.localAws.state()).productSubscriptions.filter(({ Status }) => Status !== 'UNSUBSCRIBED').map(({ Username }) => Username)).toEqual(['dora']);
  });

  test('are as they were after an update that is rolled back, whatever it has done', async () => {
    await subscribe(bench.localAws, 'dora', RDS);
    await created(users('anna', 'ben', 'dora'));
    const [before, after] = [declared(users('anna', 'ben', 'dora')), declared(users('ben', 'carl'))];
    expect((await update(after, before)).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual(['ben', 'carl', 'dora']);
    expect((await update(before, after)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect(await subscribed()).toEqual(['anna', 'ben', 'dora']);
    // And still those are ended that are the stack's.
    expect((await remove(before)).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual(['dora']);
  });

  test.each([
    [{ subscribed: 'ENABLED', subscribing: 'Activation pending', unsubscribing: 'Removal in progress', unsubscribed: 'Ended' }],
    [{ subscribed: 'Active', subscribing: 'REQUESTED', unsubscribing: 'CANCELLING', unsubscribed: 'EXPIRED' }],
  ])('are known by the form of their states, as the words are not documented: %o', async (words) => {
    await bench.localAws.seed({ settings: { userSubscriptionsReads: 2, userSubscriptionsWords: words } });
    const { logs } = await run(declared(users('anna')));
    expect(logs.map(({ waitingFor }) => waitingFor)).toContain(`License Manager is at work on 1 user: anna is ${words.subscribing}`);
    await created(users('anna'));
    expect(await writesOf(bench)).toEqual([]);
    for (let time = 0; time < 2; time++) {
      expect((await remove(declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
    }
    expect(await writesOf(bench)).toEqual(['StopProductSubscription']);
    await created(users('anna'));
    expect((await bench.localAws.state()).productSubscriptions.map(({ Status }) => Status)).toEqual([words.subscribed]);
  });

  test('are changed by the difference: whoever comes first, then whoever goes', async () => {
    await created(users('anna', 'ben'));
    expect((await update(declared(users('ben', 'carl')), declared(users('anna', 'ben')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await writesOf(bench)).toEqual(['StartProductSubscription carl', 'StopProductSubscription']);
    expect(await subscribed()).toEqual(['ben', 'carl']);
    // Those who stay are not asked about, however many they are.
    expect((await bench.localAws.calls({ service: SERVICE, operation: 'ListTagsForResource' }))).toHaveLength(1);
  });

  test('come back when somebody has ended them', async () => {
    await created(users('anna'));
    const [{ ProductUserArn }] = (await bench.localAws.state()).productSubscriptions;
    await call(bench.localAws, '/user/StopProductSubscription', { ProductUserArn });
    await settle(bench.localAws);
    expect((await update(declared(users('anna')), declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual(['anna']);
  });

  test('of others stay, whether they were there before or not', async () => {
    await subscribe(bench.localAws, 'anna', RDS);
    await created(users('anna', 'ben'));
    await subscribe(bench.localAws, 'dora', RDS);
    expect((await update(declared(users('ben')), declared(users('anna', 'ben')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await remove(declared(users('ben')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual(['anna', 'dora']);
  });

  test('of another stack are refused, before anything is written', async () => {
    const other = stackId.replace(/stack\/[^/]*/, 'stack/other');
    for (const name of ['anna', 'ben']) {
      await subscribe(bench.localAws, name, RDS, other);
    }
    expect(await reasonOf(run(declared(users('anna', 'ben', 'carl'))))).toBe(`2 users are subscribed already: anna, ben (by stack ${other}). A user is in `
      + 'the list of one stack: take the user out of that one and deploy it first, or leave the user out here.');
    expect(await writesOf(bench)).toEqual([]);
  });

  test('that a former stack of the same name has left are those of the stack', async () => {
    await subscribe(bench.localAws, 'anna', RDS, stackId.replace(/[^/]*$/, 'before'));
    await created(users('anna'));
    expect((await remove(declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual([]);
  });

  test('of one name in two domains are two', async () => {
    await bench.localAws.seed({ settings: { directories: { [DIRECTORY]: { domain: 'corp.example.com' } } } });
    await created(users('anna', 'anna@trusted.example.com'));
    expect(await subscribed()).toEqual(['anna', 'anna']);
    expect((await update(declared(users('anna')), declared(users('anna', 'anna@trusted.example.com')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await bench.localAws.state()).productSubscriptions.filter(({ Status }) => Status === 'SUBSCRIBED').map(({ Domain }) => Domain)).toEqual(['corp.example.com']);
  });

  test('are ended with the stack, and of what is gone nothing is written', async () => {
    await created(users('anna', 'ben'));
    expect((await remove(declared(users('anna', 'ben')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual([]);
    await bench.localAws.clearCalls();
    for (const physicalId of [ID, NOTHING_CREATED, 'invented-by-cloudformation']) {
      expect((await remove(declared(users('anna', 'ben')), { physicalId })).answer).toMatchObject({ Status: 'SUCCESS' });
    }
    expect(await writesOf(bench)).toEqual([]);
  });

  test('of a directory that somebody has deregistered are gone, and cannot be started', async () => {
    await created(users('anna'));
    const [{ ProductUserArn }] = (await bench.localAws.state()).productSubscriptions;
    await call(bench.localAws, '/user/StopProductSubscription', { ProductUserArn });
    await settle(bench.localAws);
    await call(bench.localAws, '/identity-provider/DeregisterIdentityProvider', { IdentityProviderArn: identityProviderArn });
    await settle(bench.localAws).catch(() => {});
    expect(await reasonOf(update(declared(users('anna', 'ben')), declared(users('anna'))))).toMatch(/^ListProductSubscriptions of .* failed: ResourceNotFoundException/);
    expect((await remove(declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
  });

  test('are told where it is not known whose they are', async () => {
    await created(users('anna'));
    await bench.localAws.fault({ service: SERVICE, operation: 'ListTagsForResource', kind: 'not-found', times: null });
    expect(await reasonOf(remove(declared(users('anna'))))).toMatch(/^1 of 1 user could not be unsubscribed: anna \(ResourceNotFoundException: /);
    await bench.localAws.clearFaults();
    expect((await remove(declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual([]);
  });

  test('are all ended that are the stack\'s, where it cannot be read any more who was declared', async () => {
    await created(users('anna'));
    await subscribe(bench.localAws, 'ben', RDS);
    expect((await remove({ OfAnOlderVersion: 'true' })).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual(['ben']);
  });

  test('of another directory do not take those of the former one along', async () => {
    await created(users('anna'));
    const OTHER = 'd-9067000002';
    const { IdentityProviderSummary } = await call(bench.localAws, '/identity-provider/RegisterIdentityProvider', {
      IdentityProvider: { ActiveDirectoryIdentityProvider: { DirectoryId: OTHER } }, Product: RDS,
    });
    await settle(bench.localAws);
    const properties = declared(users('anna'), { DirectoryId: OTHER, IdentityProviderArn: IdentityProviderSummary.IdentityProviderArn });
    expect((await update(properties, declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${OTHER}|${RDS}|subscription` });
    expect(await subscribed()).toEqual(['anna', 'anna']);
    expect((await remove(declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual(['anna']);
  });

  test('of a user who is declared with the domain of the directory and without are refused, as they are one', async () => {
    await bench.localAws.seed({ settings: { directories: { [DIRECTORY]: { domain: 'corp.example.com' } } } });
    const { answer } = await run(declared(users('anna', 'anna@corp.example.com')));
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID });
    expect(answer!.Reason).toMatch(/^anna(@corp\.example\.com)? and anna(@corp\.example\.com)? are the same user, anna@corp\.example\.com\. Leave one of the two out\.$/);
    expect((await remove(declared(users('anna', 'anna@corp.example.com')))).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual([]);
  });

  describe('that fail', () => {
    test('and are taken back, do not fail again for those who could not be subscribed', async () => {
      await created(users('anna'));
      await bench.localAws.seed({ settings: { directories: { [DIRECTORY]: { users: ['anna', 'ben'] } } } });
      const failed = declared(users('anna', 'ben', 'nobody'));
      expect(await reasonOf(update(failed, declared(users('anna'))))).toContain('could not be subscribed: nobody (SUBSCRIPTION_FAILED');
      expect((await update(declared(users('anna')), failed)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
      expect(await subscribed()).toEqual(['anna']);
    });

    test('one by one are told of, each with its reason, and the others are done', async () => {
      await bench.localAws.seed({ settings: { directories: { [DIRECTORY]: { users: ['anna', 'carl'] } } } });
      expect(await reasonOf(run(declared(users('anna', 'ben', 'carl', 'dora'))))).toBe(
        '2 users of 4 could not be subscribed: ben, dora (SUBSCRIPTION_FAILED: The user … does not exist).');
      expect(await subscribed()).toEqual(['anna', 'carl']);
    });

    test('at once do not keep the others from being subscribed, and are removed with them', async () => {
      await bench.localAws.fault({
        service: SERVICE, operation: 'StartProductSubscription', kind: 'error', nth: 2, code: 'ValidationException', message: 'ben is locked.', status: 400,
      });
      const { answer } = await run(declared(users('anna', 'ben', 'carl')));
      expect(answer).toMatchObject({
        Status: 'FAILED', PhysicalResourceId: ID, Reason: '1 of 3 users could not be subscribed: ben (ValidationException: … is locked).',
      });
      await settle(bench.localAws);
      expect(await subscribed()).toEqual(['anna', 'carl']);
      expect((await remove(declared(users('anna', 'ben', 'carl')))).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await subscribed()).toEqual([]);
    });

    test('all for the same reason are not all tried', async () => {
      await bench.localAws.seed({ settings: { userSubscriptionProducts: [] } });
      const reason = await reasonOf(run(declared(many(30))));
      expect(reason).toMatch(/^10 of 30 users could not be subscribed: user0, user1, .*user9 \(ValidationException: .*Marketplace\)\. 20 users were not tried\. Subscribe the /);
      expect((await bench.localAws.calls({ service: SERVICE, operation: 'StartProductSubscription' }))).toHaveLength(10);
    });

    test('for want of a permission are not all tried', async () => {
      await bench.localAws.fault({ service: SERVICE, operation: 'StartProductSubscription', kind: 'access-denied', times: null });
      expect(await reasonOf(run(declared(users('anna', 'ben'))))).toMatch(/^1 of 2 users could not be subscribed: anna \(AccessDeniedException: .*\)\. 1 user was|were not tried/);
    });

    test('with 500 names are told in what CloudFormation takes', async () => {
      await bench.localAws.seed({ settings: { directories: { [DIRECTORY]: { users: ['nobody'] } } } });
      const reason = (await reasonOf(run(declared(many(500)))))!;
      expect(reason).toMatch(/^500 users of 500 could not be subscribed: user0, user1, /);
      expect(reason.length).toBeLessThan(4096);
    });

    test('to end, because users work on instances, are told with the instances', async () => {
      await created(users('anna'));
      const instanceId = 'i-0123456789abcdef0';
      await bench.localAws.seed({ userSubscriptionInstances: [{ instanceId, directoryId: DIRECTORY, products: [OFFICE, RDS] }] });
      await register(bench.localAws, OFFICE);
      await subscribe(bench.localAws, 'anna', OFFICE, stackId);
      await associate(bench.localAws, 'anna', instanceId);
      const office = declared(users('anna'), { Product: OFFICE });
      expect(await reasonOf(remove(office, { physicalId: `${DIRECTORY}|${OFFICE}|subscription` }))).toMatch(new RegExp(
        '^1 of 1 user could not be unsubscribed: anna\\S* \\(ConflictException: .*\\)\\. These users are associated with instances, which has to end first: anna with '
        + `${instanceId}\\. Take them out of the UserAssociation, or terminate the instance\\.$`));
    });

    test('to end are told also where it is not known what keeps them', async () => {
      await created(users('anna'));
      await bench.localAws.fault({ service: SERVICE, operation: 'StopProductSubscription', kind: 'conflict', times: null });
      await bench.localAws.fault({ service: SERVICE, operation: 'ListInstances', kind: 'access-denied', times: null });
      const { answer, logs } = await remove(declared(users('anna')));
      expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^1 of 1 user could not be unsubscribed: anna \(ConflictException: .*\)/) });
      expect(logs).toContainEqual(expect.objectContaining({ message: 'Not known where the users are associated' }));
    });

    test('to end after all, are told', async () => {
      await created(users('anna'));
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: { 'StopProductSubscription/anna': 'Billing is down.' } } });
      expect(await reasonOf(remove(declared(users('anna'))))).toMatch(/^1 user of 1 could not be unsubscribed: anna\S* \(UNSUBSCRIPTION_FAILED: Billing is down\)\.$/);
      // It is still there, so that the next delete tries again.
      await bench.localAws.seed({ settings: { userSubscriptionsFailures: {} } });
      expect((await remove(declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
    });
  });

  describe('of calls without an answer', () => {
    test.each([
      ['done', { kind: 'cut-after' }], ['not done', { kind: 'cut' }], ['an error, and done', { kind: 'server-error', done: true }],
      ['an error', { kind: 'server-error' }], ['throttled', { kind: 'throttle' }], ['somebody was faster', { kind: 'conflict', done: true }],
    ] as const)('are started once: %s', async (_, fault) => {
      await bench.localAws.fault({ service: SERVICE, operation: 'StartProductSubscription', ...fault });
      expect((await run(declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
      expect((await bench.localAws.state()).productSubscriptions).toHaveLength(1);
    });

    test.each([
      ['done', { kind: 'cut-after' }], ['an error, and done', { kind: 'server-error', done: true }], ['somebody was faster', { kind: 'conflict', done: true }],
      ['gone', { kind: 'not-found', done: true }],
    ] as const)('are ended once: %s', async (_, fault) => {
      await created(users('anna'));
      await bench.localAws.fault({ service: SERVICE, operation: 'StopProductSubscription', ...fault });
      expect((await remove(declared(users('anna')))).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await subscribed()).toEqual([]);
    });
  });

  test('500 are one resource, and go on where an invocation has ended', async () => {
    const all = declared(many(500));
    await run(all, { remaining: 100_000 });
    const [{ parameters: { Continuation } }] = (await bench.localAws.calls({ service: 'lambda' })).filter(({ operation }) => /^Invoke/.test(operation));
    expect(Continuation).toMatchObject({ written: false, physicalIdIfFailed: ID });
    const done = (await bench.localAws.state()).productSubscriptions.length;
    expect(done).toBeGreaterThan(10);
    expect(done).toBeLessThan(500);
    await settle(bench.localAws);
    const second = await run(all, { continuation: Continuation });
    expect(second.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect((await bench.localAws.calls({ service: SERVICE, operation: 'StartProductSubscription' }))).toHaveLength(500);
    expect(await subscribed()).toHaveLength(500);
  });

  test('500 end as they have begun, and go on where an invocation has ended', async () => {
    const all = declared(many(500));
    await bench.localAws.seed({ settings: { userSubscriptionsReads: 0 } });
    await created(many(500));
    await remove(all, { remaining: 100_000 });
    const [{ parameters: { Continuation } }] = (await bench.localAws.calls({ service: 'lambda' })).filter(({ operation }) => /^Invoke/.test(operation));
    expect(Continuation).toMatchObject({ written: false, physicalId: ID });
    const left = await subscribed();
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(490);
    expect((await remove(all, { continuation: Continuation })).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect(await subscribed()).toEqual([]);
    expect((await bench.localAws.calls({ service: SERVICE, operation: 'StopProductSubscription' }))).toHaveLength(500);
  });

  test('of a create or a delete that CloudFormation does not want any more are not gone on with', async () => {
    const all = declared(many(500));
    await run(all, { remaining: 100_000 });
    const [{ parameters: { Continuation } }] = (await bench.localAws.calls({ service: 'lambda' })).filter(({ operation }) => /^Invoke/.test(operation));
    await settle(bench.localAws);
    const done = await subscribed();
    const continuation = { ...Continuation, wanted: 'CREATE_IN_PROGRESS since yesterday' };
    await bench.localAws.clearCalls();
    const { answer } = await run(all, { continuation });
    // The delete that follows has to know what is there.
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID, Reason: expect.stringMatching(/^CloudFormation has gone on with another request/) });
    expect(await writesOf(bench)).toEqual([]);
    expect((await remove(all, { continuation: { ...continuation, physicalId: ID } })).answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID });
    expect(await subscribed()).toEqual(done);
    expect((await remove(all)).answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await subscribed()).toEqual([]);
  });

  test('that end stop in time, too', async () => {
    await bench.localAws.seed({ settings: { userSubscriptionsReads: 0 } });
    await created(many(500));
    expect(await reasonOf(remove(declared(many(500)), { serviceTimeout: 110 }))).toMatch(/^\d+ of 500 users were unsubscribed within \d+ seconds\. Deploy again/);
  });

  test('stop in time, with what is done, where CloudFormation does not wait any longer', async () => {
    const reason = await reasonOf(run(declared(many(500)), { serviceTimeout: 110 }));
    expect(reason).toMatch(/^\d+ of 500 users were subscribed within \d+ seconds\. Deploy again, which goes on from there, or set a longer service timeout\.$/);
  });
});
