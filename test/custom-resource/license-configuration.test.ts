import { LicenseManagerClient, TagResourceCommand } from '@aws-sdk/client-license-manager';
import type { Invocation } from './support/function';
import type { FaultKind } from '../local-aws/local-aws';
import { type Bench, describeFunction, LICENSE, NOTHING_CREATED, RELEASED } from './support/licenses';

const CREATE = 'CreateLicenseConfiguration';
const UPDATE = 'UpdateLicenseConfiguration';
const DELETE = 'DeleteLicenseConfiguration';
const REMAINS = 'cdk-license-manager:remains';
/** Takes the mark off that what was never answered is found by. */
const UNMARK = 'UntagResource';

/** What CloudFormation calls what has never been answered. */
const INVENTED = 'Licenses-License-1ABCDEFGH';

const MINIMAL = { Name: 'windows-server', LicenseCountingType: 'vCPU' };
const FULL = {
  Name: 'windows-server-datacenter',
  Description: 'EA 1234567',
  LicenseCountingType: 'vCPU',
  LicenseCount: 96,
  LicenseCountHardLimit: true,
  LicenseRules: ['#minimumVcpus=2', '#allowedTenancy=EC2-DedicatedHost'],
  LicenseExpiry: 1845936000,
  DisassociateWhenNotFound: true,
  ProductInformationList: [{
    ResourceType: 'SSM_MANAGED',
    ProductInformationFilterList: [
      { ProductInformationFilterName: 'Application Name', ProductInformationFilterComparator: 'EQUALS', ProductInformationFilterValue: ['SQL Server'] },
      { ProductInformationFilterName: 'Tag:stage', ProductInformationFilterComparator: 'NOT_EQUALS', ProductInformationFilterValue: ['test'] },
    ],
  }],
  Tags: [{ Key: 'team', Value: 'licensing' }],
};

function create(bench: Bench, properties: object, requestId?: string) {
  return bench.function.request({ resourceType: LICENSE, properties, requestId });
}

function update(bench: Bench, physicalId: string, properties: object, oldProperties: object, requestId?: string, stackId?: string) {
  return bench.function.request({ type: 'Update', resourceType: LICENSE, physicalId, properties, oldProperties, requestId, stackId });
}

function remove(bench: Bench, physicalId: string, properties: object = MINIMAL) {
  return bench.function.request({ type: 'Delete', resourceType: LICENSE, physicalId, properties });
}

function tagsOf(license: { readonly [name: string]: any }): { [key: string]: string } {
  return Object.fromEntries(license.Tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]));
}

describeFunction('a license by the API', (bench) => {
  test('is created with everything that is declared, numbers and booleans included', async () => {
    const { answer } = await create(bench, FULL);
    const [license] = await bench.licenses();
    const { Tags, ...properties } = FULL;
    expect(license).toMatchObject(properties);
    expect(tagsOf(license)).toEqual({
      'team': 'licensing',
      'cdk-license-manager:create-token': expect.stringMatching(/^[0-9a-f]{64}$/),
      'cdk-license-manager:stack-id': bench.function.stackId(),
    });
    expect(answer).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: license.LicenseConfigurationArn,
      Data: {
        LicenseConfigurationArn: license.LicenseConfigurationArn,
        LicenseConfigurationId: license.LicenseConfigurationId,
        OwnerAccountId: bench.localAws.account,
        Status: 'AVAILABLE',
      },
    });
    expect(await bench.operations()).toEqual(['ListLicenseConfigurations', CREATE, UNMARK]);
  });

  test('keeps a count of zero', async () => {
    await create(bench, { ...MINIMAL, LicenseCount: 0 });
    expect((await bench.licenses())[0].LicenseCount).toBe(0);
  });

  test('that a request asks for twice is created once', async () => {
    const first = await create(bench, FULL, 'request');
    const second = await create(bench, FULL, 'request');
    expect(second.answer).toEqual(first.answer);
    expect(await bench.licenses()).toHaveLength(1);
  });

  test('of the same name by another request is another license', async () => {
    const first = await create(bench, MINIMAL);
    const second = await create(bench, MINIMAL);
    expect(second.answer!.PhysicalResourceId).not.toBe(first.answer!.PhysicalResourceId);
    expect(await bench.licenses()).toHaveLength(2);
  });

  test('whose create comes again after its update stays as it was updated', async () => {
    const { answer } = await create(bench, MINIMAL, 'request');
    await update(bench, answer!.PhysicalResourceId, { ...MINIMAL, LicenseCount: 7 }, MINIMAL);
    const again = await create(bench, MINIMAL, 'request');
    expect(again.answer).toEqual(answer);
    expect((await bench.licenses()).map(({ LicenseCount }) => LicenseCount)).toEqual([7]);
  });

  test('is found behind empty pages and on later pages', async () => {
    for (const Name of ['a', 'b']) {
      await bench.license({ Name });
    }
    const { answer } = await create(bench, MINIMAL, 'request');
    await bench.localAws.seed({ settings: { pageSize: 1, emptyPages: true } });
    expect((await create(bench, MINIMAL, 'request')).answer).toEqual(answer);
    expect(await bench.licenses()).toHaveLength(3);
  });

  test('is updated by its differences only', async () => {
    const { answer } = await create(bench, FULL);
    await bench.localAws.clearCalls();
    const changed = { ...FULL, Name: 'windows', Description: 'EA 7654321', LicenseCount: 100, LicenseExpiry: 1945936000 };
    const updated = await update(bench, answer!.PhysicalResourceId, changed, FULL);
    expect(updated.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: answer!.PhysicalResourceId });
    const [write] = await bench.localAws.calls({ operation: UPDATE });
    expect(write.parameters).toEqual({
      LicenseConfigurationArn: answer!.PhysicalResourceId, Name: 'windows', Description: 'EA 7654321', LicenseCount: 100, LicenseExpiry: 1945936000,
    });
    expect(await bench.operations()).toEqual(['GetLicenseConfiguration', UPDATE]);
  });

  test('that is as declared is not written', async () => {
    const { answer } = await create(bench, FULL);
    await bench.localAws.clearCalls();
    const [information] = FULL.ProductInformationList;
    const sameInAnotherOrder = {
      ...FULL,
      LicenseRules: [...FULL.LicenseRules].reverse(),
      ProductInformationList: [{ ...information, ProductInformationFilterList: [...information.ProductInformationFilterList].reverse() }],
    };
    await update(bench, answer!.PhysicalResourceId, sameInAnotherOrder, FULL);
    expect(await bench.operations()).toEqual(['GetLicenseConfiguration']);
  });

  test('gets the defaults back for what is no longer declared', async () => {
    const { answer } = await create(bench, FULL);
    const rest = {
      Name: FULL.Name,
      LicenseCountingType: FULL.LicenseCountingType,
      LicenseRules: FULL.LicenseRules,
      LicenseCount: FULL.LicenseCount,
      LicenseExpiry: FULL.LicenseExpiry,
    };
    await update(bench, answer!.PhysicalResourceId, rest, FULL);
    const [license] = await bench.licenses();
    expect(license).toMatchObject({ Description: '', LicenseCountHardLimit: false, DisassociateWhenNotFound: false, ProductInformationList: [] });
    expect(Object.keys(tagsOf(license))).toEqual(['cdk-license-manager:create-token', 'cdk-license-manager:stack-id']);
  });

  test.each([['LicenseCount', 96, 'licenseCount'], ['LicenseExpiry', 1845936000, 'licenseExpiry']])(
    'refuses to lose its %s, with the way out', async (name, value, prop) => {
      const { answer } = await create(bench, FULL);
      await bench.localAws.clearCalls();
      const { [name]: _removed, ...rest } = { ...FULL, LicenseCountHardLimit: false } as any;
      const refused = await update(bench, answer!.PhysicalResourceId, rest, FULL);
      expect(refused.answer).toMatchObject({
        Status: 'FAILED',
        PhysicalResourceId: answer!.PhysicalResourceId,
        Reason: `the license has a ${name} of ${value}, which License Manager cannot remove. Set ${prop} to the value that is to hold, or give the construct `
          + 'another id, so that CloudFormation creates a new license.',
      });
      expect(await bench.writes()).toEqual([]);
    });

  test.each([
    ['LicenseCount', { LicenseCount: 96 }],
    ['LicenseCount with a hard limit', { LicenseCount: 96, LicenseCountHardLimit: true }],
    ['LicenseExpiry', { LicenseExpiry: 1845936000 }],
    ['LicenseCount and LicenseExpiry', { LicenseCount: 0, LicenseExpiry: 1845936000 }],
  ])('keeps the %s that a rolled back update has set for the first time, says so in the log, and takes the rest back', async (_what, set) => {
    const stackId = await bench.rolledBackStack();
    const arn = (await create(bench, MINIMAL)).answer!.PhysicalResourceId;
    const after = { ...MINIMAL, Description: 'd', ...set };
    expect((await update(bench, arn, after, MINIMAL, undefined, stackId)).answer!.Status).toBe('SUCCESS');
    const { answer, logs } = await update(bench, arn, MINIMAL, after, undefined, stackId);
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    const { LicenseCountHardLimit: _taken, ...staying } = set as { LicenseCountHardLimit?: boolean };
    expect((await bench.licenses())[0]).toMatchObject({ ...staying, Description: '', LicenseCountHardLimit: false });
    for (const [name, value] of Object.entries(staying)) {
      expect(logs).toContainEqual(expect.objectContaining({
        level: 'WARN', message: 'It is rolled back, and stays: License Manager cannot remove it', licenseConfigurationArn: arn, [name]: value,
      }));
    }
  });

  test('has the tag of disassociateResourcesOnDelete as long as the template has it, as any other', async () => {
    const on = { ...MINIMAL, ...RELEASED };
    const { answer } = await create(bench, on);
    const [{ Key, Value }] = RELEASED.Tags;
    for (const [properties, before] of [[on, on], [MINIMAL, on], [on, MINIMAL]]) {
      await update(bench, answer!.PhysicalResourceId, properties, before);
      const { [Key]: value, ...others } = tagsOf((await bench.licenses())[0]);
      expect(value).toBe(properties === on ? Value : undefined);
      expect(Object.keys(others)).toEqual(['cdk-license-manager:create-token', 'cdk-license-manager:stack-id']);
    }
  });

  test('loses the tags that the template has lost, and keeps those of others', async () => {
    const before = { ...MINIMAL, Tags: [{ Key: 'team', Value: 'a' }, { Key: 'stage', Value: 'test' }] };
    const { answer } = await create(bench, before);
    await new LicenseManagerClient(bench.localAws.clientConfig).send(new TagResourceCommand({
      ResourceArn: answer!.PhysicalResourceId, Tags: [{ Key: 'others', Value: 'x' }],
    }));
    await update(bench, answer!.PhysicalResourceId, { ...MINIMAL, Tags: [{ Key: 'team', Value: 'b' }, { Key: 'new', Value: 'c' }] }, before);
    expect(tagsOf((await bench.licenses())[0])).toEqual({
      'team': 'b',
      'new': 'c',
      'others': 'x',
      'cdk-license-manager:create-token': expect.any(String),
      'cdk-license-manager:stack-id': expect.any(String),
    });
  });

  test.each([
    ['counting type', { LicenseCountingType: 'Instance' }],
    ['rules', { LicenseRules: ['#minimumVcpus=4'] }],
  ])('with other %s is created anew, and the old one is left for the delete', async (_what, change) => {
    const before = { ...MINIMAL, LicenseRules: ['#minimumVcpus=2'] };
    const after = { ...before, LicenseRules: undefined, ...change };
    const { answer } = await create(bench, before);
    const replaced = await update(bench, answer!.PhysicalResourceId, after, before, 'request');
    expect(replaced.answer!.Status).toBe('SUCCESS');
    expect(replaced.answer!.PhysicalResourceId).not.toBe(answer!.PhysicalResourceId);
    expect(await bench.licenses()).toHaveLength(2);
    // The same event again replaces nothing again.
    expect((await update(bench, answer!.PhysicalResourceId, after, before, 'request')).answer).toEqual(replaced.answer);
    expect(await bench.licenses()).toHaveLength(2);
    await remove(bench, answer!.PhysicalResourceId, before);
    expect((await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn)).toEqual([replaced.answer!.PhysicalResourceId]);
  });

  test('that somebody deleted is created anew by an update', async () => {
    const { answer } = await create(bench, MINIMAL);
    await remove(bench, answer!.PhysicalResourceId);
    const updated = await update(bench, answer!.PhysicalResourceId, { ...MINIMAL, LicenseCount: 3 }, MINIMAL);
    expect(updated.answer!.Status).toBe('SUCCESS');
    expect((await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn)).toEqual([updated.answer!.PhysicalResourceId]);
  });

  test('is deleted, and deleted again without a write', async () => {
    const { answer } = await create(bench, MINIMAL);
    expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
    expect(await bench.licenses()).toEqual([]);
    await bench.localAws.clearCalls();
    expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
    expect(await bench.writes()).toEqual([]);
  });

  test('with associations left refuses the delete, and names disassociateResourcesOnDelete', async () => {
    const { answer } = await create(bench, MINIMAL);
    await bench.associate(answer!.PhysicalResourceId, bench.image());
    const refused = await remove(bench, answer!.PhysicalResourceId);
    expect(refused.answer!.Status).toBe('FAILED');
    expect(refused.answer!.Reason).toMatch(new RegExp(`^DeleteLicenseConfiguration of ${answer!.PhysicalResourceId} failed: InvalidParameterValueException: .+ `
      + '\\(request id [0-9a-f-]+\\)\\. License Manager deletes no self-managed license that is still associated with a resource: remove the associations '
      + `with ${bench.image()}, or set disassociateResourcesOnDelete: true and deploy once before the delete\\. What is terminated or deregistered is `
      + 'removed by License Manager itself, within hours\\.$'));
    expect(await bench.licenses()).toHaveLength(1);
  });

  test.each([[10, ', or set'], [11, ' and 1 more, or set']])('with %i associations left names at most ten of them', async (count, then) => {
    const resources = Array.from({ length: count }, (_, index) => `arn:aws:ec2:us-east-1::image/ami-${String(index).padStart(17, '0')}`);
    const license = await bench.license();
    await bench.localAws.seed({ associations: resources.map((resourceArn) => ({ licenseConfigurationArn: license, resourceArn, resourceType: 'EC2_AMI' })) });
    const { answer } = await remove(bench, license);
    expect(answer!.Reason).toContain(`remove the associations with ${resources.slice(0, 10).join(', ')}${then}`);
  });

  test('whose delete is refused for another reason gets no advice about associations', async () => {
    const license = await bench.license();
    await bench.localAws.fault({ operation: DELETE, kind: 'error', code: 'InvalidParameterValueException', message: 'No' });
    const { answer } = await remove(bench, license);
    expect(answer!.Reason).toMatch(/^DeleteLicenseConfiguration of \S+ failed: InvalidParameterValueException: No \(request id [0-9a-f-]+\)\.$/);
  });

  test('whose associations cannot be read says what License Manager says', async () => {
    const license = await bench.license();
    await bench.associate(license, bench.image());
    await bench.localAws.fault({ operation: 'ListAssociationsForLicenseConfiguration', kind: 'access-denied', message: 'No', times: null });
    expect((await remove(bench, license)).answer!.Reason).toMatch(/^DeleteLicenseConfiguration of \S+ failed: InvalidParameterValueException: .+ in use/);
  });

  test('that somebody else deletes at the same moment is deleted', async () => {
    const license = await bench.license();
    await bench.localAws.fault({ operation: DELETE, kind: 'not-found', done: true });
    expect((await remove(bench, license)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: license });
    expect(await bench.licenses()).toEqual([]);
  });

  test('is created while somebody else deletes one of the same name, whose tags cannot be read any more', async () => {
    await bench.license({ Name: MINIMAL.Name });
    await bench.localAws.fault({ operation: 'ListTagsForResource', kind: 'not-found' });
    expect((await create(bench, MINIMAL)).answer!.Status).toBe('SUCCESS');
  });

  test('in an account without the service role is not taken for one that is gone', async () => {
    const license = await bench.license();
    await bench.localAws.fault({
      operation: 'GetLicenseConfiguration', kind: 'error', code: 'InvalidParameterValueException', message: 'Service role not found', times: null,
    });
    for (const { answer } of [await remove(bench, license), await update(bench, license, MINIMAL, MINIMAL)]) {
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: license });
      expect(answer!.Reason).toContain('License Manager works with service-linked roles that do not exist in this account');
    }
    expect(await bench.licenses()).toHaveLength(1);
  });

  test.each([
    ['InvalidParameterValueException', 'The license count 1 is lower than the 8 licenses in use, and the license configuration has a hard limit.'],
    ['ResourceLimitExceededException', 'Resource limit exceeded'],
  ])('with a hard limit below what is in use tells what to do about that: %s', async (code, message) => {
    const license = await bench.license();
    await bench.localAws.fault({ operation: UPDATE, kind: 'error', code, message });
    const { answer } = await update(bench, license, { ...MINIMAL, LicenseCount: 1, LicenseCountHardLimit: true }, MINIMAL);
    expect(answer!.Reason).toContain(' A hard limit cannot be lower than what is in use: set licenseCount to at least that many, set licenseCountHardLimit to '
      + 'false, or release what no longer needs the license.');
    expect(answer!.Reason).not.toMatch(/quota| 25 /);
  });

  test('that the service refuses leaves nothing to delete', async () => {
    const { answer } = await create(bench, { ...MINIMAL, LicenseRules: ['#nonsense=1'] });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: NOTHING_CREATED });
    expect((await bench.operations()).filter(operation => operation === CREATE)).toHaveLength(1);
    await bench.localAws.clearCalls();
    expect((await remove(bench, NOTHING_CREATED)).answer!.Status).toBe('SUCCESS');
    expect(await bench.operations()).toEqual([]);
  });

  test('over the quota tells the quota', async () => {
    await bench.localAws.seed({ settings: { licenseConfigurationsPerRegion: 0 } });
    const { answer } = await create(bench, MINIMAL);
    expect(answer!.Reason).toMatch(new RegExp('^CreateLicenseConfiguration of \'windows-server\' failed: ResourceLimitExceededException: .+ '
      + 'at most 25 self-managed licenses in a Region: delete unused licenses, '));
  });

  test('whose create is cut after its effect is found, not created twice', async () => {
    await bench.localAws.fault({ operation: CREATE, kind: 'cut-after' });
    const { answer } = await create(bench, MINIMAL);
    expect(answer!.Status).toBe('SUCCESS');
    expect((await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn)).toEqual([answer!.PhysicalResourceId]);
    expect(await bench.writes()).toEqual([CREATE, UNMARK]);
  });

  test('whose create takes effect after it was given up is found, not created twice', async () => {
    await bench.localAws.fault({ operation: CREATE, kind: 'cut-before' });
    const { answer } = await create(bench, MINIMAL);
    expect(answer!.Status).toBe('SUCCESS');
    expect((await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn)).toEqual([answer!.PhysicalResourceId]);
    expect(await bench.writes()).toEqual([CREATE, UNMARK]);
  });

  test('whose create takes effect after it was created a second time is there once in the end', async () => {
    const other = await bench.license({ Name: MINIMAL.Name });
    // It is looked for three times, and each time there are the tags of the other one.
    await bench.localAws.fault({ operation: CREATE, kind: 'cut-before', calls: 6 });
    const { answer } = await create(bench, MINIMAL);
    expect(answer!.Status).toBe('SUCCESS');
    expect((await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn)).toEqual([other, answer!.PhysicalResourceId]);
    expect(await bench.writes()).toEqual([CREATE, CREATE, DELETE, UNMARK]);
  });

  test('whose create takes effect late and cannot be looked for is answered, and the log tells of it', async () => {
    await bench.localAws.fault({ operation: CREATE, kind: 'cut-before', calls: 3 });
    await bench.localAws.fault({ operation: 'ListLicenseConfigurations', kind: 'access-denied', message: 'No', nth: 5, times: null });
    const { answer, logs } = await create(bench, MINIMAL);
    expect(answer!.Status).toBe('SUCCESS');
    expect(logs).toContainEqual(expect.objectContaining({
      level: 'WARN', message: 'A create that was given up may have taken effect', created: answer!.PhysicalResourceId,
    }));
  });

  test.each<FaultKind>(['throttle', 'server-error', 'access-denied', 'late'])(
    'whose create was cut, and that cannot be looked for (%s), is found by the delete that follows', async (kind) => {
      await bench.localAws.fault({ operation: CREATE, kind: 'cut-after' });
      await bench.localAws.fault({ operation: 'ListLicenseConfigurations', kind, nth: 2, times: null });
      const { answer } = await create(bench, MINIMAL);
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: REMAINS });
      await bench.localAws.clearFaults();
      expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
      expect(await bench.licenses()).toEqual([]);
    });

  test.each<FaultKind>(['throttle', 'server-error', 'cut', 'stall'])(
    'whose create was not answered, and is repeated while License Manager fails (%s), is found by the delete that follows', async (kind) => {
      await unanswered(() => create(bench, MINIMAL, 'request'));
      await bench.localAws.fault({ operation: 'ListLicenseConfigurations', kind, times: null });
      const { answer } = await create(bench, MINIMAL, 'request');
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: REMAINS });
      await bench.localAws.clearFaults();
      expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
      expect(await bench.licenses()).toEqual([]);
    });

  test('whose create is denied has left nothing, so that its delete takes no permission either', async () => {
    await bench.localAws.fault({
      operation: 'ListLicenseConfigurations', kind: 'access-denied', message: 'x is not authorized to perform: y on resource: z', times: null,
    });
    expect((await create(bench, MINIMAL)).answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: NOTHING_CREATED });
  });

  test('whose create was cut, and that could not be looked for, is found by the delete that follows', async () => {
    await bench.localAws.fault({ operation: CREATE, kind: 'cut-after' });
    await bench.localAws.fault({ operation: 'ListLicenseConfigurations', kind: 'server-error', nth: 2, times: null });
    const { answer } = await create(bench, MINIMAL);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: REMAINS });
    expect(await bench.licenses()).toHaveLength(1);
    await bench.localAws.clearFaults();
    const other = await bench.license();
    expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
    expect((await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn)).toEqual([other]);
  });

  test('that was created and never answered is found by the delete, for which CloudFormation invents an id and a request', async () => {
    const other = await bench.license();
    await unanswered(() => create(bench, MINIMAL));
    expect(await bench.licenses()).toHaveLength(2);
    expect((await remove(bench, INVENTED)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: INVENTED });
    expect((await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn)).toEqual([other]);
  });

  test('that somebody has retained stays when another create for the same resource of the stack is never answered', async () => {
    const { answer: retained } = await create(bench, MINIMAL);
    await unanswered(() => create(bench, MINIMAL));
    await remove(bench, INVENTED);
    expect((await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn)).toEqual([retained!.PhysicalResourceId]);
  });

  test('of another resource of the stack stays when a create is never answered', async () => {
    const other = { ...MINIMAL, Name: 'other' };
    await unanswered(() => bench.function.request({ resourceType: LICENSE, properties: MINIMAL, logicalId: 'Other' }));
    await unanswered(() => create(bench, other));
    await remove(bench, INVENTED, other);
    expect((await bench.licenses()).map(({ Name }) => Name)).toEqual([MINIMAL.Name]);
  });

  test('that was to replace another one and was never answered is removed by the update that rolls back', async () => {
    const { answer } = await create(bench, MINIMAL);
    const before = answer!.PhysicalResourceId;
    const replacement = { ...MINIMAL, LicenseCountingType: 'Instance' };
    await unanswered(() => update(bench, before, replacement, MINIMAL));
    expect(await bench.licenses()).toHaveLength(2);
    const rolledBack = await update(bench, before, MINIMAL, replacement);
    expect(rolledBack.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: before });
    expect((await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn)).toEqual([before]);
  });

  describe('that was to replace another one and was never answered, when the update that rolls back removes it', () => {
    const replacement = { ...MINIMAL, LicenseCountingType: 'Instance' };
    const arns = async () => (await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn);

    test('may be deleted by somebody else at the same moment', async () => {
      const before = (await create(bench, MINIMAL)).answer!.PhysicalResourceId;
      await unanswered(() => update(bench, before, replacement, MINIMAL));
      await bench.localAws.fault({ operation: DELETE, kind: 'not-found', done: true });
      expect((await update(bench, before, MINIMAL, replacement)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: before });
      expect(await arns()).toEqual([before]);
    });

    test('fails the update when it cannot be deleted', async () => {
      const before = (await create(bench, MINIMAL)).answer!.PhysicalResourceId;
      await unanswered(() => update(bench, before, replacement, MINIMAL));
      await bench.localAws.fault({ operation: DELETE, kind: 'access-denied', message: 'No' });
      const { answer } = await update(bench, before, MINIMAL, replacement);
      expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^DeleteLicenseConfiguration of .+ failed: AccessDeniedException: No/) });
      expect(await arns()).toHaveLength(2);
    });

    test('is alone removed, although the mark of the first one could not be taken off', async () => {
      await bench.localAws.fault({ operation: UNMARK, kind: 'access-denied', message: 'No' });
      const before = (await create(bench, MINIMAL)).answer!.PhysicalResourceId;
      await unanswered(() => update(bench, before, replacement, MINIMAL));
      expect((await update(bench, before, MINIMAL, replacement)).answer!.Status).toBe('SUCCESS');
      expect(await arns()).toEqual([before]);
    });
  });

  test('that was to replace another one stays when the update after it fails before CloudFormation has deleted the old one', async () => {
    const before = (await create(bench, MINIMAL)).answer!.PhysicalResourceId;
    const replacement = { ...MINIMAL, LicenseCountingType: 'Instance' };
    const after = (await update(bench, before, replacement, MINIMAL)).answer!.PhysicalResourceId;
    await update(bench, before, MINIMAL, replacement);
    expect((await bench.licenses()).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn).sort()).toEqual([before, after].sort());
  });

  describe('whose replacement is rolled back by an update of the new one', () => {
    const replacement = { ...MINIMAL, LicenseCountingType: 'Instance' };

    test('is what it was before, and no third one is made', async () => {
      const stackId = await bench.rolledBackStack();
      const before = (await create(bench, MINIMAL)).answer!.PhysicalResourceId;
      const after = (await update(bench, before, replacement, MINIMAL, undefined, stackId)).answer!.PhysicalResourceId;
      const back = await update(bench, after, { ...MINIMAL, Description: 'before' }, replacement, undefined, stackId);
      expect(back.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: before, Data: { LicenseConfigurationArn: before } });
      await remove(bench, after, replacement);
      expect(await bench.licenses()).toMatchObject([{ LicenseConfigurationArn: before, Description: 'before' }]);
    });

    test('is made anew when somebody has deleted what it was before', async () => {
      const stackId = await bench.rolledBackStack();
      const before = (await create(bench, MINIMAL)).answer!.PhysicalResourceId;
      const after = (await update(bench, before, replacement, MINIMAL, undefined, stackId)).answer!.PhysicalResourceId;
      await remove(bench, before);
      const back = await update(bench, after, MINIMAL, replacement, undefined, stackId);
      await remove(bench, after, replacement);
      expect(await bench.licenses()).toMatchObject([{ LicenseConfigurationArn: back.answer!.PhysicalResourceId, LicenseCountingType: 'vCPU' }]);
    });

    test('is made anew when it is no roll-back: somebody has chosen to keep the first one', async () => {
      const before = (await create(bench, MINIMAL)).answer!.PhysicalResourceId;
      const after = (await update(bench, before, replacement, MINIMAL)).answer!.PhysicalResourceId;
      const { answer } = await update(bench, after, MINIMAL, replacement);
      expect(answer!.Status).toBe('SUCCESS');
      expect([before, after]).not.toContain(answer!.PhysicalResourceId);
    });
  });

  test('whose mark could not be taken off is created all the same, and the next update takes it off', async () => {
    await bench.localAws.fault({ operation: UNMARK, kind: 'access-denied', message: 'No' });
    const { answer, logs } = await create(bench, MINIMAL);
    expect(answer!.Status).toBe('SUCCESS');
    expect(logs.filter(({ message }) => message === 'Not done after the answer')).toHaveLength(1);
    expect(Object.keys(tagsOf((await bench.licenses())[0]))).toContain('cdk-license-manager:unanswered');
    await update(bench, answer!.PhysicalResourceId, MINIMAL, MINIMAL);
    expect(Object.keys(tagsOf((await bench.licenses())[0]))).not.toContain('cdk-license-manager:unanswered');
  });

  test('that was never answered loses its mark when its create comes again', async () => {
    await unanswered(() => create(bench, MINIMAL, 'request'));
    expect(Object.keys(tagsOf((await bench.licenses())[0]))).toContain('cdk-license-manager:unanswered');
    expect((await create(bench, MINIMAL, 'request')).answer!.Status).toBe('SUCCESS');
    expect((await bench.licenses()).map(license => Object.keys(tagsOf(license)).includes('cdk-license-manager:unanswered'))).toEqual([false]);
  });

  test('whose create is cut again and again is tried three times', async () => {
    await bench.localAws.fault({ operation: CREATE, kind: 'cut', times: null });
    expect((await create(bench, MINIMAL)).answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: REMAINS });
    expect((await bench.operations()).filter(operation => operation === CREATE)).toHaveLength(3);
  });

  test('of which nothing was created is deleted under an invented id without a write', async () => {
    await bench.license();
    expect((await remove(bench, INVENTED)).answer!.Status).toBe('SUCCESS');
    expect(await bench.writes()).toEqual([]);
  });

  /** Keeps CloudFormation from getting an answer. */
  async function unanswered(request: () => Promise<Invocation>): Promise<void> {
    await bench.localAws.fault({ service: 'cloudformation-response', operation: 'PutResponse', kind: 'server-error', times: null });
    expect((await request()).error).toMatch(/^The answer to CloudFormation could not be put/);
    await bench.localAws.clearFaults();
  }
});
