import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import type { FaultKind } from '../local-aws/local-aws';
import { ASSOCIATION, type Bench, describeFunction, NOTHING_CREATED } from './support/licenses';

const READ = 'ListLicenseSpecificationsForResource';
const WRITE = 'UpdateLicenseSpecificationsForResource';
const CONFIRM = 'ListFailuresForLicenseConfigurationOperations';

function create(bench: Bench, license: string, resource: string, scope?: string, requestId?: string) {
  return bench.function.request({ resourceType: ASSOCIATION, properties: declare(license, resource, scope), requestId });
}

function remove(bench: Bench, license: string, resource: string) {
  return bench.function.request({
    type: 'Delete', resourceType: ASSOCIATION, properties: declare(license, resource), physicalId: `${resource}|${license}`,
  });
}

function declare(license: string, resource: string, scope?: string) {
  return { LicenseConfigurationArn: license, ResourceArn: resource, AmiAssociationScope: scope };
}

describeFunction('an association', (bench) => {
  test.each([['an AMI', 'image'], ['an instance', 'instance'], ['a Dedicated Host', 'host']] as const)(
    'of %s is made with one read and one write', async (_what, kind) => {
      await bench.reset(bench[kind]());
      const license = await bench.license();
      const { answer } = await create(bench, license, bench[kind]());
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${bench[kind]()}|${license}` });
      expect(await bench.associations(license)).toEqual([bench[kind]()]);
      expect(await bench.operations()).toEqual([READ, WRITE]);
    });

  test('has an id that follows from the resource and the license, never a random one', async () => {
    const license = await bench.license();
    const first = await create(bench, license, bench.image());
    const second = await create(bench, license, bench.image());
    expect(first.answer!.PhysicalResourceId).toBe(`${bench.image()}|${license}`);
    expect(second.answer!.PhysicalResourceId).toBe(first.answer!.PhysicalResourceId);
  });

  test('that a request asks for twice is written once', async () => {
    const license = await bench.license();
    const first = await create(bench, license, bench.image(), undefined, 'request');
    const second = await create(bench, license, bench.image(), undefined, 'request');
    expect(second.answer).toEqual(first.answer);
    expect(await bench.operations()).toEqual([READ, WRITE, READ]);
  });

  test('that exists already is not written', async () => {
    const license = await bench.license();
    await bench.associate(license, bench.image());
    const { answer } = await create(bench, license, bench.image());
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await bench.operations()).toEqual([READ]);
  });

  test('leaves other licenses of the resource as they are', async () => {
    const [mine, other] = [await bench.license(), await bench.license({ Name: 'sql-server' })];
    await bench.associate(other, bench.image());
    await create(bench, mine, bench.image());
    await remove(bench, mine, bench.image());
    expect(await bench.associations(other)).toEqual([bench.image()]);
    for (const { parameters } of await bench.localAws.calls({ operation: WRITE })) {
      expect(JSON.stringify(parameters)).not.toContain(other);
    }
  });

  test('across accounts is confirmed with what License Manager reports late', async () => {
    const license = await bench.license();
    const { answer } = await create(bench, license, bench.image(), 'cross-account');
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await bench.associations(license)).toEqual([`${bench.image()} cross-account`]);
    expect(await bench.operations()).toEqual([READ, WRITE, CONFIRM, CONFIRM, CONFIRM]);
  });

  test('that License Manager reports as failed after its answer fails, with what it reports', async () => {
    const license = await bench.license();
    await bench.localAws.seed({ lateFailures: [{ resourceArn: bench.image(), errorMessage: 'The AMI is not shared with account 444455556666.' }] });
    const { answer } = await create(bench, license, bench.image(), 'cross-account');
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: `UpdateLicenseSpecificationsForResource of ${bench.image()} failed: ReportedFailure: The AMI is not shared with account 444455556666. `
        + 'License Manager accepted the association and reported this afterwards: AmiAssociationScope cross-account works for AMIs that your account '
        + 'owns; leave it out for an AMI that is shared with your account.',
    });
    const deleted = await bench.function.request({
      type: 'Delete', resourceType: ASSOCIATION, physicalId: answer!.PhysicalResourceId, properties: declare(license, bench.image(), 'cross-account'),
    });
    expect(deleted.answer!.Status).toBe('SUCCESS');
    expect(await bench.associations(license)).toEqual([]);
  });

  test('is not failed by what failed before, or for another resource', async () => {
    const license = await bench.license();
    const now = Date.now() / 1000;
    await bench.localAws.seed({
      failures: [
        { licenseConfigurationArn: license, resourceArn: bench.image(), errorMessage: 'before', failureTime: now - 3600 },
        { licenseConfigurationArn: license, resourceArn: bench.image(2), errorMessage: 'another', failureTime: now + 1 },
      ],
    });
    expect((await create(bench, license, bench.image(), 'cross-account')).answer!.Status).toBe('SUCCESS');
  });

  test('in one account is not asked to be confirmed', async () => {
    const license = await bench.license();
    await create(bench, license, bench.image());
    expect(await bench.operations()).not.toContain(CONFIRM);
  });

  test.each([[undefined, 'cross-account'], ['cross-account', undefined]])('gets the scope %s -> %s with one write', async (before, after) => {
    const license = await bench.license();
    await bench.associate(license, bench.image(), before);
    const { answer } = await bench.function.request({
      type: 'Update',
      resourceType: ASSOCIATION,
      physicalId: `${bench.image()}|${license}`,
      properties: declare(license, bench.image(), after),
      oldProperties: declare(license, bench.image(), before),
    });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${bench.image()}|${license}` });
    expect(await bench.associations(license)).toEqual([[bench.image(), after].filter(Boolean).join(' ')]);
    expect(await bench.writes()).toEqual([WRITE]);
  });

  test('whose scope License Manager keeps fails, with the way out', async () => {
    const license = await bench.license();
    await bench.associate(license, bench.image());
    // The write is answered and does not come about.
    await bench.localAws.seed({ lateFailures: [{ resourceArn: bench.image(), errorMessage: 'not noticed' }] });
    const { answer } = await bench.function.request({
      type: 'Update', resourceType: ASSOCIATION, physicalId: `${bench.image()}|${license}`, properties: declare(license, bench.image(), 'cross-account'),
    });
    expect(answer!.Status).toBe('FAILED');
    await bench.associate(license, bench.image(), 'cross-account');
    await bench.localAws.seed({ lateFailures: [{ resourceArn: bench.image(), errorMessage: 'not noticed' }] });
    const back = await bench.function.request({
      type: 'Update', resourceType: ASSOCIATION, physicalId: `${bench.image()}|${license}`, properties: declare(license, bench.image()),
    });
    expect(back.answer).toMatchObject({
      Status: 'FAILED',
      Reason: 'License Manager has kept the scope in which the license and the AMI were associated before. '
        + 'Deploy the stack without this association first, and then with it.',
    });
  });

  test('whose scope License Manager keeps when an update is rolled back stays so, and the log tells of it', async () => {
    const license = await bench.license();
    await bench.associate(license, bench.image(), 'cross-account');
    await bench.localAws.seed({ lateFailures: [{ resourceArn: bench.image(), errorMessage: 'not noticed' }] });
    const { answer, logs } = await bench.function.request({
      type: 'Update',
      resourceType: ASSOCIATION,
      physicalId: `${bench.image()}|${license}`,
      properties: declare(license, bench.image()),
      stackId: await bench.rolledBackStack(),
    });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${bench.image()}|${license}` });
    expect(logs).toContainEqual(expect.objectContaining({ level: 'WARN', message: 'It is rolled back, and stays: License Manager has kept the scope' }));
  });

  test.each<FaultKind>(['throttle', 'server-error', 'cut'])(
    'whose create was not answered, and is repeated while License Manager fails (%s), is taken away by the delete that follows', async (kind) => {
      const license = await bench.license();
      await bench.localAws.fault({ service: 'cloudformation-response', operation: 'PutResponse', kind: 'server-error', times: null });
      expect((await create(bench, license, bench.image(), undefined, 'request')).error).toMatch(/^The answer to CloudFormation could not be put/);
      await bench.localAws.clearFaults();
      await bench.localAws.fault({ operation: READ, kind, times: null });
      const { answer } = await create(bench, license, bench.image(), undefined, 'request');
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `${bench.image()}|${license}` });
      await bench.localAws.clearFaults();
      await remove(bench, license, bench.image());
      expect(await bench.associations(license)).toEqual([]);
    });

  test('that somebody else takes away at the same moment is taken away', async () => {
    const license = await bench.license();
    await bench.associate(license, bench.image());
    await bench.localAws.fault({ operation: WRITE, kind: 'access-denied', message: 'No', done: true });
    expect((await remove(bench, license, bench.image())).answer!.Status).toBe('SUCCESS');
  });

  test('with another resource gets another id, so that CloudFormation makes the new one before it deletes the old', async () => {
    const license = await bench.license();
    await bench.associate(license, bench.image());
    const { answer } = await bench.function.request({
      type: 'Update',
      resourceType: ASSOCIATION,
      physicalId: `${bench.image()}|${license}`,
      properties: declare(license, bench.instance()),
      oldProperties: declare(license, bench.image()),
    });
    expect(answer!.PhysicalResourceId).toBe(`${bench.instance()}|${license}`);
    expect(await bench.associations(license)).toEqual([bench.image(), bench.instance()]);
  });

  test('that was replaced is deleted without touching what replaced it', async () => {
    const [old, replacing] = [await bench.license(), await bench.license({ Name: 'sql-server' })];
    await bench.associate(old, bench.image());
    await bench.associate(replacing, bench.image());
    // The properties may even be those of the new one: the id decides.
    const { answer } = await bench.function.request({
      type: 'Delete', resourceType: ASSOCIATION, physicalId: `${bench.image()}|${old}`, properties: declare(replacing, bench.image()),
    });
    expect(answer!.Status).toBe('SUCCESS');
    expect(await bench.associations(old)).toEqual([]);
    expect(await bench.associations(replacing)).toEqual([bench.image()]);
  });

  test('is deleted with one read and one write', async () => {
    const license = await bench.license();
    await bench.associate(license, bench.image(), 'cross-account');
    const { answer } = await remove(bench, license, bench.image());
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${bench.image()}|${license}` });
    expect(await bench.associations(license)).toEqual([]);
    expect(await bench.operations()).toEqual([READ, WRITE]);
  });

  test('that is gone already is deleted without a write', async () => {
    const license = await bench.license();
    await remove(bench, license, bench.image());
    const { answer } = await remove(bench, license, bench.image());
    expect(answer!.Status).toBe('SUCCESS');
    expect(await bench.writes()).toEqual([]);
  });

  test.each([['AMI was deregistered', 'image', 'deregistered'], ['instance was terminated', 'instance', 'terminated']] as const)(
    'whose %s is deleted', async (_what, kind, state) => {
      const license = await bench.license();
      await bench.associate(license, bench[kind]());
      await bench.localAws.seed({ resources: [{ arn: bench[kind](), state }] });
      const { answer, logs } = await remove(bench, license, bench[kind]());
      expect(answer!.Status).toBe('SUCCESS');
      expect(logs).toContainEqual(expect.objectContaining({ message: 'The resource is gone, and License Manager releases its licenses itself' }));
    });

  test('whose resource was deleted so long ago that License Manager does not know it is deleted', async () => {
    const license = await bench.license();
    await bench.localAws.fault({ operation: READ, kind: 'error', code: 'InvalidParameterValueException', message: 'Invalid resource' });
    expect((await remove(bench, license, bench.image(7))).answer!.Status).toBe('SUCCESS');
    expect(await bench.writes()).toEqual([]);
  });

  test('that automated discovery has made cannot be deleted, and says so', async () => {
    const license = await bench.license();
    await bench.localAws.seed({ associations: [{ licenseConfigurationArn: license, resourceArn: bench.instance(), resourceType: 'EC2_INSTANCE', discovered: true }] });
    const { answer } = await remove(bench, license, bench.instance());
    expect(answer!.Status).toBe('FAILED');
    expect(answer!.Reason).toContain('was associated by automated discovery and cannot be disassociated manually');
  });

  test('that was never created is deleted without a call', async () => {
    const { answer } = await bench.function.request({
      type: 'Delete', resourceType: ASSOCIATION, physicalId: NOTHING_CREATED, properties: { Nonsense: 'true' },
    });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: NOTHING_CREATED });
    expect(await bench.operations()).toEqual([]);
  });

  test('whose create nobody answered is found by its properties', async () => {
    const license = await bench.license();
    await bench.associate(license, bench.image());
    const { answer } = await bench.function.request({
      type: 'Delete', resourceType: ASSOCIATION, physicalId: 'Licenses-Association-1ABCDEFGH', properties: declare(license, bench.image()),
    });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Licenses-Association-1ABCDEFGH' });
    expect(await bench.associations(license)).toEqual([]);
  });

  test('with an id of somebody else and malformed properties is deleted without a call', async () => {
    const { answer } = await bench.function.request({
      type: 'Delete', resourceType: ASSOCIATION, physicalId: 'Licenses-Association-1ABCDEFGH', properties: { Nonsense: 'true' },
    });
    expect(answer!.Status).toBe('SUCCESS');
    expect(await bench.operations()).toEqual([]);
  });

  test('is found behind empty pages and on later pages', async () => {
    const license = await bench.license();
    for (const name of ['a', 'b', 'c']) {
      await bench.associate(await bench.license({ Name: name }), bench.image());
    }
    await bench.associate(license, bench.image());
    await bench.localAws.seed({ settings: { pageSize: 1, emptyPages: true } });
    const { answer } = await create(bench, license, bench.image());
    expect(answer!.Status).toBe('SUCCESS');
    expect(await bench.writes()).toEqual([]);
    await remove(bench, license, bench.image());
    expect(await bench.associations(license)).toEqual([]);
  });

  test('that was deleted before it was created is there in the end', async () => {
    const license = await bench.license();
    await remove(bench, license, bench.image());
    await create(bench, license, bench.image());
    expect(await bench.associations(license)).toEqual([bench.image()]);
  });

  test('that a hard limit refuses tells how many licenses are missing, and leaves nothing', async () => {
    const license = await bench.license({ LicenseCount: 1, LicenseCountHardLimit: true });
    const { answer } = await create(bench, license, bench.instance());
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: NOTHING_CREATED });
    expect(answer!.Reason).toMatch(new RegExp(`^UpdateLicenseSpecificationsForResource of ${bench.instance()} failed: LicenseUsageException: .+ \\(request id `
      + '[0-9a-f-]+\\)\\. 0 of 1 licenses of \'windows-server\' are in use, and the resource needs more than are left, or the rules of the license do not '
      + 'allow it: raise licenseCount, set licenseCountHardLimit to false, release what no longer needs the license, or use a resource that the rules '
      + 'allow\\.$'));
    expect((await bench.writes()).length).toBe(6);
    expect(await bench.associations(license)).toEqual([]);
  });

  test('is tried again when what gives licenses back has not been counted yet', async () => {
    const license = await bench.license();
    await bench.localAws.fault({
      operation: 'UpdateLicenseSpecificationsForResource', kind: 'error', code: 'LicenseUsageException', message: 'No licenses are left', times: 3,
    });
    expect((await create(bench, license, bench.image())).answer!.Status).toBe('SUCCESS');
    expect(await bench.associations(license)).toEqual([bench.image()]);
  });

  test('that a hard limit refuses tells what License Manager says, if the license cannot be read', async () => {
    const license = await bench.license({ LicenseCount: 1, LicenseCountHardLimit: true });
    await bench.localAws.fault({ operation: 'GetLicenseConfiguration', kind: 'access-denied', times: null });
    const { answer } = await create(bench, license, bench.instance());
    expect(answer!.Reason).toContain('LicenseUsageException: ');
    expect(answer!.Reason).toContain('The resource needs more licenses than are left');
  });

  describe('whose delete comes because its logical id has changed', () => {
    const TEMPLATE = (names: string[]) => JSON.stringify({
      Resources: Object.fromEntries(names.map((name) => [name, { Type: 'AWS::SSM::Parameter', Properties: { Name: name, Type: 'String', Value: 'x' } }])),
    });
    let cloudFormation: CloudFormationClient;
    let license: string;

    beforeEach(async () => {
      cloudFormation = new CloudFormationClient(bench.localAws.clientConfig);
      license = await bench.license();
      await bench.associate(license, bench.image());
    });

    /** A stack with a resource whose physical id is that of the association, as far as the function can see. */
    async function stackWith(physicalId: string): Promise<string> {
      const StackName = `stack-${Math.random().toString(36).slice(2)}`;
      return (await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: TEMPLATE([physicalId]) }))).StackId!;
    }

    test('takes nothing away when the stack has the same under another one', async () => {
      const id = `${bench.image()}|${license}`;
      const stackId = await stackWith(id);
      const { answer, logs } = await bench.function.request({
        type: 'Delete', resourceType: ASSOCIATION, physicalId: id, properties: { LicenseConfigurationArn: license, ResourceArn: bench.image() }, stackId,
      });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await bench.associations(license)).toEqual([bench.image()]);
      expect(logs).toContainEqual(expect.objectContaining({ message: 'Another resource of the stack is the same, so that it stays' }));
    });

    test('takes the license away when the stack has others', async () => {
      const stackId = await stackWith(`another-${Math.random().toString(36).slice(2)}`);
      await bench.function.request({
        type: 'Delete', resourceType: ASSOCIATION, physicalId: `${bench.image()}|${license}`, properties: {}, stackId,
      });
      expect(await bench.associations(license)).toEqual([]);
    });

    test('fails, and takes nothing away, when CloudFormation does not tell', async () => {
      const stackId = await stackWith(`another-${Math.random().toString(36).slice(2)}`);
      await bench.localAws.fault({ service: 'cloudformation', operation: 'ListStackResources', kind: 'access-denied', message: 'No', times: null });
      const { answer } = await bench.function.request({
        type: 'Delete', resourceType: ASSOCIATION, physicalId: `${bench.image()}|${license}`, properties: {}, stackId,
      });
      expect(answer!.Reason).toMatch(/^ListStackResources of arn:/);
      expect(await bench.associations(license)).toEqual([bench.image()]);
    });
  });
});
