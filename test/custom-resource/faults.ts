/*
 * Every fault at every call of every handler, for each event, and the event again: License Manager ends as declared or as it was.
 */
import type { FaultKind } from '../local-aws/local-aws';
import { call as callUsers, DIRECTORY, OFFICE, PROVIDER, RDS, register, SERVICE, SETTINGS, STACK_ID } from './support/directories';
import type { Invocation, Request, Runtime } from './support/function';
import {
  ACCEPTANCE, ASSOCIATION, type Bench, describeFunction, DISASSOCIATION, GRANT, IDENTITY_PROVIDER, LICENSE, MANAGED_RULE_SET, RELEASED, REPORT,
  REPORT_LOCATION, reportOn, STATUS, SUBSCRIPTION, TOKEN, USER_ASSOCIATION,
} from './support/licenses';
import { callJson, callRest } from '../support/requests';

const BEFORE = { Name: 'windows-server', LicenseCountingType: 'vCPU', LicenseCount: 1, Tags: [{ Key: 'a', Value: '1' }] };
const AFTER = { ...BEFORE, Name: 'windows', LicenseCount: 2, Tags: [{ Key: 'b', Value: '2' }] };
const REPLACED = { ...BEFORE, LicenseCountingType: 'Instance' };

interface Scenario {
  readonly name: string;
  /** Operations of License Manager, and of other services with their names. */
  readonly calls: string[];
  /** Brings the account into the state before the event, and returns the event. */
  prepare(bench: Bench): Promise<Request>;
}

function association(license: string, resource: string, scope?: string) {
  return { LicenseConfigurationArn: license, ResourceArn: resource, AmiAssociationScope: scope };
}

const DESKTOP = 'i-0123456789abcdef0';
const OFFICE_OF = { Directory: DIRECTORY, Product: OFFICE, Type: 'AWS_MANAGED', Settings: SETTINGS };

/** What waits asks CloudFormation whether it is still wanted, so that there has to be a stack. */
async function inStack(bench: Bench): Promise<{ readonly stackId: string; readonly logicalId: string; readonly serviceTimeout: number }> {
  return { stackId: await bench.stack(), logicalId: 'Topic', serviceTimeout: 3600 };
}

function users(...names: string[]) {
  return names.map(Username => ({ Username }));
}

/** A registered directory with users of the stack and of somebody else: who is subscribed, who sits on an instance. */
async function subscription(bench: Bench, stackId: string, product: string = RDS, names: readonly string[] = ['dora']) {
  const { IdentityProviderSummary: { IdentityProviderArn } } = await callUsers(bench.localAws, '/identity-provider/RegisterIdentityProvider', {
    IdentityProvider: PROVIDER, Product: product, ...product === OFFICE ? { Settings: SETTINGS } : {},
  });
  await callUsers(bench.localAws, '/identity-provider/ListIdentityProviders', {});
  await callUsers(bench.localAws, '/identity-provider/ListIdentityProviders', {});
  for (const [Username, Tags] of [['anna', { [STACK_ID]: stackId }], ...names.map(name => [name, {}])]) {
    await callUsers(bench.localAws, '/user/StartProductSubscription', { Username, Product: product, IdentityProvider: PROVIDER, Tags });
  }
  await callUsers(bench.localAws, '/user/ListProductSubscriptions', { IdentityProvider: PROVIDER });
  await callUsers(bench.localAws, '/user/ListProductSubscriptions', { IdentityProvider: PROVIDER });
  await bench.localAws.clearCalls();
  return { DirectoryId: DIRECTORY, Product: product, IdentityProviderArn };
}

async function desktop(bench: Bench, stackId: string) {
  const { DirectoryId, IdentityProviderArn } = await subscription(bench, stackId, OFFICE, ['ben', 'carl', 'dora']);
  await bench.localAws.seed({ userSubscriptionInstances: [{ instanceId: DESKTOP, directoryId: DIRECTORY, products: [OFFICE] }] });
  for (const [Username, Tags] of [['anna', { [STACK_ID]: stackId }], ['dora', {}]]) {
    await callUsers(bench.localAws, '/user/AssociateUser', { Username, InstanceId: DESKTOP, IdentityProvider: PROVIDER, Tags });
  }
  await callUsers(bench.localAws, '/user/ListUserAssociations', { InstanceId: DESKTOP, IdentityProvider: PROVIDER });
  await callUsers(bench.localAws, '/user/ListUserAssociations', { InstanceId: DESKTOP, IdentityProvider: PROVIDER });
  await bench.localAws.clearCalls();
  return { InstanceId: DESKTOP, DirectoryId, IdentityProviderArn };
}

/** Operations of user-based subscriptions, as they are named in `calls`. */
function ofUsers(...operations: string[]): string[] {
  return operations.map(operation => `${SERVICE}:${operation}`);
}

const SCENARIOS: Scenario[] = [
  {
    name: 'the create of an association',
    calls: ['ListLicenseSpecificationsForResource', 'UpdateLicenseSpecificationsForResource', 'ListFailuresForLicenseConfigurationOperations'],
    prepare: async (bench) => ({ resourceType: ASSOCIATION, properties: association(await bench.license(), bench.image(), 'cross-account') }),
  },
  {
    name: 'the update of an association',
    calls: ['ListLicenseSpecificationsForResource', 'UpdateLicenseSpecificationsForResource'],
    async prepare(bench) {
      const license = await bench.license();
      await bench.associate(license, bench.image(), 'cross-account');
      return {
        type: 'Update',
        resourceType: ASSOCIATION,
        physicalId: `${bench.image()}|${license}`,
        properties: association(license, bench.image()),
        oldProperties: association(license, bench.image(), 'cross-account'),
      };
    },
  },
  {
    name: 'the delete of an association',
    calls: ['ListLicenseSpecificationsForResource', 'UpdateLicenseSpecificationsForResource'],
    async prepare(bench) {
      const license = await bench.license();
      await bench.associate(license, bench.image());
      return { type: 'Delete', resourceType: ASSOCIATION, physicalId: `${bench.image()}|${license}`, properties: association(license, bench.image()) };
    },
  },
  {
    name: 'the create of a status',
    calls: ['GetLicenseConfiguration', 'UpdateLicenseConfiguration'],
    prepare: async (bench) => ({ resourceType: STATUS, properties: { LicenseConfigurationArn: await bench.license(), Status: 'DISABLED' } }),
  },
  {
    name: 'the delete of a disassociation',
    calls: ['ListTagsForResource', 'ListAssociationsForLicenseConfiguration', 'UpdateLicenseSpecificationsForResource'],
    async prepare(bench) {
      const license = await bench.license(RELEASED);
      await bench.associate(license, bench.image());
      await bench.associate(license, bench.instance());
      return {
        type: 'Delete', resourceType: DISASSOCIATION, physicalId: `${license}|disassociation`, properties: { LicenseConfigurationArn: license },
      };
    },
  },
  {
    name: 'the create of a license',
    // A license of the same name, whose tags are read.
    calls: ['ListLicenseConfigurations', 'ListTagsForResource', 'CreateLicenseConfiguration', 'UntagResource'],
    async prepare(bench) {
      await bench.license({ Name: BEFORE.Name });
      return { resourceType: LICENSE, properties: BEFORE };
    },
  },
  {
    name: 'the update of a license',
    calls: ['GetLicenseConfiguration', 'UpdateLicenseConfiguration', 'TagResource', 'UntagResource'],
    async prepare(bench) {
      const physicalId = await bench.license({ ...BEFORE, LicenseCountingType: 'vCPU' });
      return { type: 'Update', resourceType: LICENSE, physicalId, properties: AFTER, oldProperties: BEFORE };
    },
  },
  {
    name: 'the replacement of a license',
    calls: ['GetLicenseConfiguration', 'ListLicenseConfigurations', 'ListTagsForResource', 'CreateLicenseConfiguration', 'UntagResource'],
    async prepare(bench) {
      const physicalId = await bench.license({ ...BEFORE, LicenseCountingType: 'vCPU' });
      return { type: 'Update', resourceType: LICENSE, physicalId, properties: REPLACED, oldProperties: BEFORE };
    },
  },
  {
    name: 'the delete of a license',
    calls: ['GetLicenseConfiguration', 'DeleteLicenseConfiguration'],
    prepare: async (bench) => ({ type: 'Delete', resourceType: LICENSE, physicalId: await bench.license(), properties: BEFORE }),
  },
  {
    name: 'the create of a usage report',
    calls: ['CreateLicenseManagerReportGenerator', 'GetLicenseManagerReportGenerator', 'UntagResource'],
    prepare: async (bench) => ({ resourceType: REPORT, properties: reportOn(await bench.license()) }),
  },
  {
    name: 'the update of a usage report',
    calls: ['GetLicenseManagerReportGenerator', 'UpdateLicenseManagerReportGenerator', 'TagResource', 'UntagResource'],
    async prepare(bench) {
      const license = await bench.license();
      const physicalId = await bench.report(license, BEFORE.Tags);
      return {
        type: 'Update',
        resourceType: REPORT,
        physicalId,
        properties: reportOn(license, { ReportGeneratorName: 'renamed', Tags: AFTER.Tags }),
        oldProperties: reportOn(license, { Tags: BEFORE.Tags }),
      };
    },
  },
  {
    name: 'the delete of a usage report',
    calls: ['GetLicenseManagerReportGenerator', 'DeleteLicenseManagerReportGenerator'],
    async prepare(bench) {
      const license = await bench.license();
      return { type: 'Delete', resourceType: REPORT, physicalId: await bench.report(license), properties: reportOn(license) };
    },
  },
  {
    name: 'the delete of what the create of a usage report has left',
    calls: ['ListLicenseManagerReportGenerators', 'GetLicenseManagerReportGenerator', 'DeleteLicenseManagerReportGenerator'],
    async prepare(bench) {
      const license = await bench.license();
      await bench.report(license);
      await bench.report(license, [bench.function.unansweredTag()]);
      return { type: 'Delete', resourceType: REPORT, physicalId: 'Licenses-Report-1ABCDEFGH', properties: reportOn(license) };
    },
  },
  {
    name: 'the question where the reports go',
    calls: ['GetLicenseManagerReportGenerator'],
    prepare: async (bench) => ({ resourceType: REPORT_LOCATION, properties: { ReportGeneratorArn: await bench.report(await bench.license()) } }),
  },
  {
    name: 'the create of an AWS-managed ruleset',
    calls: ['ListLicenseAssetRulesets'],
    prepare: async () => ({ resourceType: MANAGED_RULE_SET, properties: { Name: 'Ubuntu Pro' } }),
  },
  {
    name: 'the update of an AWS-managed ruleset to another one',
    calls: ['ListLicenseAssetRulesets'],
    prepare: async () => ({
      type: 'Update',
      resourceType: MANAGED_RULE_SET,
      physicalId: 'ubuntupro|aws-managed-license-asset-ruleset',
      properties: { Name: 'SUSE Enterprise Linux' },
      oldProperties: { Name: 'Ubuntu Pro' },
    }),
  },
  {
    name: 'the create of an acceptance',
    calls: ['ListReceivedGrants', 'AcceptGrant', 'CreateGrantVersion'],
    async prepare(bench) {
      await bench.receive();
      return { resourceType: ACCEPTANCE, properties: { Grant: GRANT, Activate: true } };
    },
  },
  {
    name: 'the update of an acceptance',
    calls: ['ListReceivedGrants', 'CreateGrantVersion'],
    async prepare(bench) {
      await bench.receive({ status: 'ACTIVE' });
      return {
        type: 'Update',
        resourceType: ACCEPTANCE,
        physicalId: `${GRANT}|acceptance|activated`,
        properties: { Grant: GRANT, Activate: false },
        oldProperties: { Grant: GRANT, Activate: true },
      };
    },
  },
  {
    name: 'the delete of an acceptance',
    calls: ['ListReceivedGrants', 'CreateGrantVersion'],
    async prepare(bench) {
      await bench.receive({ status: 'ACTIVE' });
      return { type: 'Delete', resourceType: ACCEPTANCE, physicalId: `${GRANT}|acceptance|activated`, properties: { Grant: GRANT, Activate: true } };
    },
  },
  {
    name: 'the delete of an acceptance that rejects',
    calls: ['ListReceivedGrants', 'RejectGrant'],
    async prepare(bench) {
      await bench.receive({ status: 'ACTIVE' });
      return {
        type: 'Delete',
        resourceType: ACCEPTANCE,
        physicalId: `${GRANT}|acceptance`,
        properties: { Grant: GRANT, Activate: true, RejectOnDelete: true },
      };
    },
  },
  {
    name: 'the create of a token',
    calls: ['secretsmanager:DescribeSecret', 'ListTokens', 'CreateToken', 'secretsmanager:PutSecretValue'],
    prepare: async (bench) => ({ resourceType: TOKEN, properties: await bench.issue() }),
  },
  {
    name: 'the replacement of a token',
    calls: ['secretsmanager:DescribeSecret', 'ListTokens', 'CreateToken', 'secretsmanager:PutSecretValue'],
    async prepare(bench) {
      const { properties, physicalId } = await bench.token();
      return { type: 'Update', resourceType: TOKEN, physicalId, properties: { ...properties, Generation: 2, ExpirationInDays: 90 }, oldProperties: properties };
    },
  },
  {
    name: 'the delete of a token',
    calls: ['ListTokens', 'secretsmanager:DescribeSecret', 'DeleteToken'],
    async prepare(bench) {
      return { type: 'Delete', resourceType: TOKEN, ...await bench.token() };
    },
  },
  {
    name: 'the registration of a directory',
    calls: ofUsers('ListIdentityProviders', 'RegisterIdentityProvider', 'ListTagsForResource'),
    prepare: async (bench) => ({ ...await inStack(bench), resourceType: IDENTITY_PROVIDER, properties: { ...OFFICE_OF, Tags: BEFORE.Tags } }),
  },
  {
    name: 'the update of a directory',
    calls: ofUsers('ListIdentityProviders', 'ListTagsForResource', 'UpdateIdentityProviderSettings', 'TagResource', 'UntagResource'),
    async prepare(bench) {
      const stack = await inStack(bench);
      return {
        ...stack,
        type: 'Update',
        resourceType: IDENTITY_PROVIDER,
        physicalId: await register(bench.localAws, OFFICE, { Tags: { a: '1', [STACK_ID]: stack.stackId } }),
        properties: { ...OFFICE_OF, Settings: { Subnets: ['subnet-00000003'], SecurityGroupId: 'sg-00000002' }, Tags: AFTER.Tags },
        oldProperties: { ...OFFICE_OF, Tags: BEFORE.Tags },
      };
    },
  },
  {
    name: 'the update to a directory for another product',
    calls: ofUsers('ListIdentityProviders', 'RegisterIdentityProvider', 'ListTagsForResource'),
    async prepare(bench) {
      const stack = await inStack(bench);
      return {
        ...stack,
        type: 'Update',
        resourceType: IDENTITY_PROVIDER,
        physicalId: await register(bench.localAws, OFFICE, { Tags: { [STACK_ID]: stack.stackId } }),
        properties: { ...OFFICE_OF, Product: RDS, Settings: undefined },
        oldProperties: OFFICE_OF,
      };
    },
  },
  {
    name: 'the deregistration of a directory',
    calls: ofUsers(
      'ListIdentityProviders', 'ListTagsForResource', 'ListProductSubscriptions', 'ListInstances', 'ListLicenseServerEndpoints', 'DeregisterIdentityProvider'),
    async prepare(bench) {
      const stack = await inStack(bench);
      const physicalId = await register(bench.localAws, OFFICE, { Tags: { [STACK_ID]: stack.stackId } });
      return { ...stack, type: 'Delete', resourceType: IDENTITY_PROVIDER, physicalId, properties: OFFICE_OF };
    },
  },
  {
    name: 'the create of subscriptions',
    calls: ofUsers('ListProductSubscriptions', 'ListTagsForResource', 'StartProductSubscription'),
    async prepare(bench) {
      const stack = await inStack(bench);
      // Of the two who are there already, one is the stack's, as of a create that comes again.
      const properties = { ...await subscription(bench, stack.stackId), Users: users('ben', 'carl', 'dora') };
      return { ...stack, resourceType: SUBSCRIPTION, properties };
    },
  },
  {
    name: 'the update of subscriptions',
    calls: ofUsers('ListProductSubscriptions', 'StartProductSubscription', 'ListTagsForResource', 'StopProductSubscription'),
    async prepare(bench) {
      const stack = await inStack(bench);
      const of = await subscription(bench, stack.stackId);
      return {
        ...stack,
        type: 'Update',
        resourceType: SUBSCRIPTION,
        physicalId: `${DIRECTORY}|${RDS}|subscription`,
        properties: { ...of, Users: users('ben', 'carl') },
        oldProperties: { ...of, Users: users('anna', 'dora') },
      };
    },
  },
  {
    name: 'the delete of subscriptions',
    calls: ofUsers('ListProductSubscriptions', 'ListTagsForResource', 'StopProductSubscription'),
    async prepare(bench) {
      const stack = await inStack(bench);
      const properties = { ...await subscription(bench, stack.stackId), Users: users('anna', 'dora') };
      return { ...stack, type: 'Delete', resourceType: SUBSCRIPTION, physicalId: `${DIRECTORY}|${RDS}|subscription`, properties };
    },
  },
  {
    name: 'the create of associations of users',
    calls: ofUsers('ListInstances', 'ListUserAssociations', 'ListTagsForResource', 'AssociateUser'),
    async prepare(bench) {
      const stack = await inStack(bench);
      return { ...stack, resourceType: USER_ASSOCIATION, properties: { ...await desktop(bench, stack.stackId), Users: users('ben', 'carl', 'dora') } };
    },
  },
  {
    name: 'the update of associations of users',
    calls: ofUsers('ListInstances', 'ListUserAssociations', 'AssociateUser', 'ListTagsForResource', 'DisassociateUser'),
    async prepare(bench) {
      const stack = await inStack(bench);
      const of = await desktop(bench, stack.stackId);
      return {
        ...stack,
        type: 'Update',
        resourceType: USER_ASSOCIATION,
        physicalId: `${DESKTOP}|${DIRECTORY}|users`,
        properties: { ...of, Users: users('ben', 'carl') },
        oldProperties: { ...of, Users: users('anna', 'dora') },
      };
    },
  },
  {
    name: 'the delete of associations of users',
    calls: ofUsers('ListInstances', 'ListUserAssociations', 'ListTagsForResource', 'DisassociateUser'),
    async prepare(bench) {
      const stack = await inStack(bench);
      const properties = { ...await desktop(bench, stack.stackId), Users: users('anna', 'dora') };
      return { ...stack, type: 'Delete', resourceType: USER_ASSOCIATION, physicalId: `${DESKTOP}|${DIRECTORY}|users`, properties };
    },
  },
];

/** An operation of `calls`, as a fault names it. */
function faultAt(call: string) {
  const [operation, service] = call.split(':').reverse();
  return { operation, service };
}

/** What License Manager answers. */
const REFUSALS: FaultKind[] = ['throttle', 'conflict', 'access-denied', 'not-found'];

/** All of it: what happens on the way to License Manager is the SDK's, and no other in the bundle than in the sources. */
const KINDS: FaultKind[] = [...REFUSALS, 'server-error', 'cut', 'cut-after', 'late', 'stall'];

/** Kinds that pass, when they happen once. A conflict of user-based subscriptions is about the state of something, and stays. */
const PASSING: FaultKind[] = ['throttle', 'server-error', 'cut', 'cut-after', 'late', 'stall', 'conflict'];
const passes = (kind: FaultKind, service?: string) => PASSING.includes(kind) && (kind !== 'conflict' || service !== SERVICE);

/** The token that the secret has, by the id of the version. */
async function currentToken(bench: Bench): Promise<string | undefined> {
  const SecretId = bench.secret;
  const { VersionIdsToStages = {} } = SecretId === undefined ? {} : await callJson(bench.localAws, 'secretsmanager', 'DescribeSecret', { SecretId });
  return Object.keys(VersionIdsToStages).find(version => VersionIdsToStages[version].includes('AWSCURRENT'))?.replace(/-+$/, '');
}

/** For all that License Manager holds, without what differs from run to run. */
async function snapshot(bench: Bench): Promise<string[]> {
  const licenses = (await bench.licenses()).map((license) => JSON.stringify({
    name: license.Name,
    type: license.LicenseCountingType,
    count: license.LicenseCount,
    status: license.Status,
    tags: license.Tags.filter(({ Key }: { Key: string }) => !Key.startsWith('cdk-license-manager:')),
    associations: license.Associations.map((each: any) => `${each.resource_arn} ${each.ami_association_scope}`),
  }));
  const inSecret = await currentToken(bench);
  const reports = (await bench.reports()).map((report) => JSON.stringify({
    name: report.ReportGeneratorName,
    description: report.Description,
    types: report.ReportType,
    frequency: report.ReportFrequency,
    tags: report.Tags.filter(({ Key }: { Key: string }) => !Key.startsWith('cdk-license-manager:')),
  }));
  const { receivedGrants, tokens, identityProviders, productSubscriptions, userAssociations } = await bench.localAws.state();
  // What was accepted stays accepted: what matters is whether it is active.
  const grants = receivedGrants.map(({ GrantArn, GrantStatus }) => `${GrantArn} ${['PENDING_ACCEPT', 'DISABLED'].includes(GrantStatus) ? 'inactive' : GrantStatus}`);
  const valid = tokens.filter(({ Status }) => Status === 'AVAILABLE').map(({ TokenId, ExpirationTime }) => JSON.stringify({
    days: Math.round((Date.parse(ExpirationTime) - Date.now()) / 86_400_000), isInSecret: TokenId === inSecret,
  }));
  const directories = await Promise.all(identityProviders.map(async ({ IdentityProviderArn, Product, Status, Settings }) => {
    const { Tags } = await callRest(bench.localAws, SERVICE, 'GET', `/tags/${encodeURIComponent(IdentityProviderArn)}`);
    const { Subnets, SecurityGroupId } = Settings;
    return JSON.stringify({ Product, Status, Subnets: [...Subnets].sort(), SecurityGroupId, Tags: { ...Tags, [STACK_ID]: undefined } });
  }));
  // Who has ended, or has never come, is told for a while.
  const subscribed = [...productSubscriptions, ...userAssociations].filter(({ Status }) => !/^(UNSUBSCRIBED|DISASSOCIATED)$/.test(Status))
    .map(({ Username, Product, InstanceId, Status }) => `${Username} ${Product ?? InstanceId} ${Status}`);
  return [...licenses, ...reports, ...grants, ...valid, ...directories, ...subscribed].sort();
}

/** What CloudFormation does after a failure. */
function after(request: Request, { answer }: Invocation): Request {
  const physicalId = answer!.PhysicalResourceId;
  switch (request.type ?? 'Create') {
    case 'Create':
      return { ...request, type: 'Delete', physicalId };
    case 'Update':
      return { ...request, physicalId, properties: request.oldProperties, oldProperties: request.properties };
    default:
      return request;
  }
}

/** The same for the bundle and for the sources, each in a file of its own, so that they run beside each other. */
export function describeFaults(runtime: Runtime): void {
  describeFunction('under a fault', bench => define(bench, runtime.name === 'bundle' ? KINDS : REFUSALS), [runtime]);
}

function define(bench: Bench, kinds: FaultKind[]): void {
  describe.each(SCENARIOS)('$name', ({ calls, prepare }) => {
    /** The state that the event declares, from a run without a fault. */
    let declared: string[];

    beforeAll(async () => {
      await bench.reset();
      const request = { ...await prepare(bench), requestId: 'request' };
      const invocation = await bench.function.request(request);
      expect(invocation.answer!.Status).toBe('SUCCESS');
      await deleteReplaced(request, invocation);
      declared = await snapshot(bench);
    });

    test('calls what is listed here, and in this order', async () => {
      expect((await bench.function.request(await prepare(bench))).answer!.Status).toBe('SUCCESS');
      expect(await bench.called()).toEqual(calls);
    });

    test('has the same effect when it comes twice', async () => {
      const request = { ...await prepare(bench), requestId: 'request' };
      const first = await bench.function.request(request);
      const once = await snapshot(bench);
      const second = await bench.function.request(request);
      expect(second.answer).toEqual(first.answer);
      expect(await snapshot(bench)).toEqual(once);
    });

    describe.each(calls)('of %s', (call) => {
      const at = faultAt(call);
      // AWS Secrets Manager knows no conflict that passes.
      const known = kinds.filter(kind => kind !== 'conflict' || at.service !== 'secretsmanager');

      test.each(known)('%s once', async (kind) => {
        const request = { ...await prepare(bench), requestId: 'request' };
        const before = await snapshot(bench);
        await bench.localAws.fault({ ...at, kind });
        const invocation = await bench.function.request(request);
        if (passes(kind, at.service)) {
          expect(invocation.answer!.Status).toBe('SUCCESS');
        }
        await endsWell(request, invocation, before, kind);
      });

      // It takes its time, and the sources are no different in it.
      if (bench.function.name === 'bundle') {
        test.each(known)('%s for ever', async (kind) => {
          const request = { ...await prepare(bench), requestId: 'request' };
          const before = await snapshot(bench);
          await bench.localAws.fault({ ...at, kind, times: null });
          const invocation = await bench.function.request(request);
          await endsWell(request, invocation, before, kind);
        });
      }
    });

    async function endsWell(request: Request, invocation: Invocation, before: string[], kind: FaultKind): Promise<void> {
      await bench.localAws.clearFaults();
      const { answer, error, output } = invocation;
      expect(error).toBeUndefined();
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(4096);
      expect(output).not.toMatch(/SignatureOfTheUrl|OfTheFunction/);
      // License Manager said that there is nothing to delete: who deletes, believes it.
      const told = kind === 'not-found' && request.type === 'Delete' ? [before, declared] : [declared];
      if (answer!.Status === 'SUCCESS') {
        if (kind !== 'not-found') {
          // The event again, as Lambda may deliver it.
          const once = await snapshot(bench);
          expect((await bench.function.request(request)).answer).toEqual(answer);
          expect(await snapshot(bench)).toEqual(once);
        }
        await deleteReplaced(request, invocation);
        if (told.length > 1 && request.resourceType === DISASSOCIATION) {
          // What was said to be gone is left, and the rest is released: another delete finds it.
          expect((await bench.function.request(request)).answer!.Status).toBe('SUCCESS');
        }
        expect(told).toContainEqual(await snapshot(bench));
      } else {
        expect(answer!.Reason).toMatch(/ failed: |could not (release|be )/);
        expect(answer!.Reason).not.toMatch(/ at .+:\d+:\d+/);
        const then = after(request, invocation);
        const followed = await bench.function.request(then);
        expect(followed.answer!.Status).toBe('SUCCESS');
        await deleteReplaced(then, followed);
        expect(await snapshot(bench)).toEqual(request.type === 'Delete' ? declared : before);
      }
    }
  });

  /** CloudFormation deletes the old thing after an update that answered another id. */
  async function deleteReplaced(request: Request, { answer }: Invocation): Promise<void> {
    if (request.type === 'Update' && answer!.PhysicalResourceId !== request.physicalId) {
      const deleted = await bench.function.request({ ...request, type: 'Delete', properties: request.oldProperties, requestId: undefined });
      expect(deleted.answer!.Status).toBe('SUCCESS');
    }
  }

  test.each([
    ['the code', { code: 'RateLimitExceededException', status: 400 }],
    ['the status', { code: 'RateLimitExceededException', status: 429 }],
  ])('throttling is recognized by %s', async (_what, fault) => {
    const license = await bench.license();
    await bench.localAws.fault({ operation: 'GetLicenseConfiguration', kind: 'error', ...fault, times: 3 });
    const { answer } = await bench.function.request({ resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' } });
    expect(answer!.Status).toBe('SUCCESS');
    expect((await bench.operations()).filter((operation) => operation === 'GetLicenseConfiguration')).toHaveLength(4);
  });

  test.each(['InvalidParameterValueException', 'AuthorizationException', 'ResourceLimitExceededException', 'InvalidResourceStateException'])(
    'the permanent %s fails at once', async (code) => {
      const license = await bench.license();
      await bench.localAws.fault({ operation: 'UpdateLicenseConfiguration', kind: 'error', code, message: 'No', times: null });
      const { answer } = await bench.function.request({ resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' } });
      expect(answer!.Status).toBe('FAILED');
      expect(await bench.writes()).toHaveLength(1);
    });

  test.each([
    ['a permission that has just been granted is waited for', 'User: x is not authorized to perform: y on resource: z', 6],
    ['an explicit deny fails at once', 'User: x is not authorized to perform: y on resource: z with an explicit deny in a service control policy', 1],
    ['a refusal of License Manager itself fails at once', 'Access to resource denied.', 1],
  ])('%s', async (_what, message, attempts) => {
    const license = await bench.license();
    await bench.localAws.fault({ operation: 'GetLicenseConfiguration', kind: 'access-denied', message, times: null });
    const { answer } = await bench.function.request({ resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' } });
    expect(answer!.Status).toBe('FAILED');
    expect(await bench.operations()).toHaveLength(attempts);
  });

  test.each([
    ['30 seconds of the function', { remaining: 30_000 }, 0],
    ['a moment more than that', { remaining: 30_001 }, 1],
  ])('nothing is called that could end too late for the answer: %s', async (_what, limits, calls) => {
    const license = await bench.license();
    await bench.localAws.fault({ operation: 'GetLicenseConfiguration', kind: 'throttle', times: null });
    const { answer } = await bench.function.request({
      resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' }, ...limits,
    });
    expect(answer!.Status).toBe('FAILED');
    expect(await bench.operations()).toHaveLength(calls);
  });

  test.each([20, 60, 300])('the answer comes within the service timeout that the resource has, however long everything stalls: %i seconds', async (serviceTimeout) => {
    const license = await bench.license();
    await bench.localAws.fault({ operation: '*', kind: 'stall', times: null });
    const now = Date.now();
    const { answer, ended } = await bench.function.request({
      resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' }, serviceTimeout, now,
    });
    expect(answer!.Reason).toMatch(/^GetLicenseConfiguration of \S+ failed: (TimeoutError: the answer was not complete within 10 seconds|OutOfTime: )/);
    expect((await bench.operations()).length).toBeGreaterThanOrEqual(1);
    expect(ended - now).toBeLessThan(serviceTimeout * 1000);
  });

  test.each(['late', 'stall'] as const)('the function ends by itself before Lambda ends it, however long everything takes: %s', async (kind) => {
    const license = await bench.license();
    await bench.localAws.fault({ operation: '*', kind, times: null });
    await bench.localAws.fault({ service: 'cloudformation-response', operation: 'PutResponse', kind, times: null });
    for (const remaining of [40_000, 45_000, 60_000, 120_000]) {
      const { error } = await bench.function.request({
        resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' }, remaining,
      });
      expect(error).toMatch(/^The answer to CloudFormation could not be put/);
    }
  });

  test('pages without end are given up', async () => {
    const license = await bench.license();
    await bench.localAws.seed({ settings: { pageSize: 1, emptyPages: true } });
    const { answer } = await bench.function.request({
      resourceType: ASSOCIATION, properties: association(license, bench.image()), remaining: 30_001,
    });
    expect(answer!.Reason).toBe(
      `ListLicenseSpecificationsForResource of ${bench.image()} has more pages than can be read in the time of the function.`);
  });
}
