import { LicenseManagerClient, TagResourceCommand } from '@aws-sdk/client-license-manager';
import type { Invocation } from './support/function';
import type { FaultKind } from '../local-aws/local-aws';
import { type Bench, describeFunction, NOTHING_CREATED, REPORT, REPORT_LOCATION, reportOn } from './support/licenses';

/** Takes the mark off that what was never answered is found by. */
const UNMARK = 'UntagResource';
const [CREATE, GET, UPDATE, DELETE, LIST] = [
  'CreateLicenseManagerReportGenerator', 'GetLicenseManagerReportGenerator', 'UpdateLicenseManagerReportGenerator',
  'DeleteLicenseManagerReportGenerator', 'ListLicenseManagerReportGenerators',
];
const REMAINS = 'cdk-license-manager:remains';
const OWN_TAGS = { 'cdk-license-manager:create-token': expect.any(String), 'cdk-license-manager:stack-id': expect.any(String) };

const create = (bench: Bench, properties: object, requestId?: string): Promise<Invocation> =>
  bench.function.request({ resourceType: REPORT, properties, requestId });

const update = (bench: Bench, physicalId: string, properties: object, oldProperties: object): Promise<Invocation> =>
  bench.function.request({ type: 'Update', resourceType: REPORT, physicalId, properties, oldProperties });

const remove = (bench: Bench, physicalId: string): Promise<Invocation> =>
  bench.function.request({ type: 'Delete', resourceType: REPORT, physicalId, properties: {} });

const tagsOf = ({ Tags }: any) => Object.fromEntries(Tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]));

const arnsOf = async (bench: Bench) => (await bench.reports()).map(({ LicenseManagerReportGeneratorArn: arn }) => arn);

function onGroups({ localAws: { region, account } }: Bench, more: object = {}) {
  return {
    ReportGeneratorName: 'audit',
    ReportType: ['LicenseAssetGroupUsageReport'],
    ReportContext: {
      LicenseAssetGroupArns: [`arn:aws:license-manager:${region}:${account}:license-asset-group:lag-1`],
      ReportStartDate: '2026-01-01T00:00:00Z',
      ReportEndDate: '2026-02-01T00:00:00Z',
    },
    ReportFrequency: { Period: 'ONE_TIME', Value: 1 },
    ...more,
  };
}

describeFunction('a usage report', (bench) => {
  let license: string;

  beforeEach(async () => {
    license = await bench.license();
  });

  test('is created as declared, with one read for its attributes', async () => {
    const { answer } = await create(bench, reportOn(license, { Description: 'For the auditor', Tags: [{ Key: 'team', Value: 'it' }] }));
    const [found] = await bench.reports();
    expect(found).toMatchObject({
      ReportGeneratorName: 'monthly',
      Description: 'For the auditor',
      ReportType: ['LicenseConfigurationSummaryReport'],
      ReportContext: { licenseConfigurationArns: [license] },
      ReportFrequency: { period: 'MONTH', value: 1 },
    });
    expect(tagsOf(found)).toEqual({ team: 'it', ...OWN_TAGS });
    expect(answer).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: found.LicenseManagerReportGeneratorArn,
      Data: {
        Arn: found.LicenseManagerReportGeneratorArn,
        CreateTime: found.CreateTime,
        ReportCreatorAccount: bench.localAws.account,
        Bucket: found.S3Location.bucket,
        KeyPrefix: 'Reports/monthly/',
        KeyPrefixInPolicy: 'Reports/monthly/',
      },
    });
    expect(await bench.operations()).toEqual([CREATE, GET, UNMARK]);
  });

  test('on license asset groups is created with its time', async () => {
    expect((await create(bench, onGroups(bench))).answer!.Status).toBe('SUCCESS');
    const [call] = await bench.localAws.calls({ operation: CREATE });
    expect(call.parameters.ReportContext).toEqual({
      licenseAssetGroupArns: onGroups(bench).ReportContext.LicenseAssetGroupArns, reportStartDate: 1767225600, reportEndDate: 1769904000,
    });
  });

  test('that a request asks for twice is created once: the client token is that of the request', async () => {
    const first = await create(bench, reportOn(license), 'request');
    const second = await create(bench, reportOn(license), 'request');
    expect(second.answer).toEqual(first.answer);
    expect(await bench.reports()).toHaveLength(1);
    const tokens = (await bench.localAws.calls({ operation: CREATE })).map(({ parameters }) => parameters.ClientToken);
    expect(tokens).toEqual([expect.stringMatching(/^[0-9a-f]{36}$/), tokens[0]]);
  });

  test('of the same name by another request is another report', async () => {
    const first = await create(bench, reportOn(license));
    const second = await create(bench, reportOn(license));
    expect(second.answer!.PhysicalResourceId).not.toBe(first.answer!.PhysicalResourceId);
  });

  test('whose create is cut after its effect is not created twice', async () => {
    await bench.localAws.fault({ operation: CREATE, kind: 'cut-after' });
    const { answer } = await create(bench, reportOn(license));
    expect(await arnsOf(bench)).toEqual([answer!.PhysicalResourceId]);
  });

  test('is updated in place, whatever changes, and tells its new place', async () => {
    const before = reportOn(license);
    const { answer } = await create(bench, before);
    for (const after of [
      { ...before, ReportGeneratorName: 'weekly', ReportFrequency: { Period: 'WEEK', Value: 1 }, Description: 'd' },
      { ...before, ReportType: ['LicenseConfigurationUsageReport', 'LicenseConfigurationSummaryReport'] },
      { ...before, ReportContext: { LicenseConfigurationArns: [license, await bench.license()] } },
      onGroups(bench),
      onGroups(bench, { ReportContext: { ...onGroups(bench).ReportContext, ReportEndDate: '2026-03-01T00:00:00Z' } }),
      onGroups(bench, { ReportContext: { ...onGroups(bench).ReportContext, ReportStartDate: '2025-12-01T00:00:00Z' } }),
      before,
    ]) {
      await bench.localAws.clearCalls();
      const updated = await update(bench, answer!.PhysicalResourceId, after, before);
      expect(updated.answer).toMatchObject({
        Status: 'SUCCESS',
        PhysicalResourceId: answer!.PhysicalResourceId,
        Data: { Arn: answer!.PhysicalResourceId, KeyPrefix: `Reports/${after.ReportGeneratorName}/` },
      });
      expect(await bench.operations()).toEqual([GET, UPDATE, GET]);
    }
    expect(await bench.reports()).toMatchObject([{ ReportGeneratorName: 'monthly', ReportType: before.ReportType }]);
  });

  test('loses its description', async () => {
    const { answer } = await create(bench, reportOn(license, { Description: 'd' }));
    await update(bench, answer!.PhysicalResourceId, reportOn(license), reportOn(license, { Description: 'd' }));
    expect((await bench.reports())[0].Description).toBeUndefined();
  });

  test('that is as declared is not written', async () => {
    const declared = reportOn(license, {
      ReportType: ['LicenseConfigurationSummaryReport', 'LicenseConfigurationUsageReport'],
      ReportContext: { LicenseConfigurationArns: [license, await bench.license()] },
    });
    const { answer } = await create(bench, declared);
    await bench.localAws.clearCalls();
    const inAnotherOrder = {
      ...declared,
      ReportType: [...declared.ReportType].reverse(),
      ReportContext: { LicenseConfigurationArns: [...declared.ReportContext.LicenseConfigurationArns].reverse() },
    };
    expect((await update(bench, answer!.PhysicalResourceId, inAnotherOrder, declared)).answer!.Data).toEqual(answer!.Data);
    expect(await bench.operations()).toEqual([GET]);
  });

  test('loses the tags that the template has lost, and keeps those of others', async () => {
    const before = reportOn(license, { Tags: [{ Key: 'team', Value: 'a' }, { Key: 'stage', Value: 'test' }] });
    const { answer } = await create(bench, before);
    await new LicenseManagerClient(bench.localAws.clientConfig).send(new TagResourceCommand({
      ResourceArn: answer!.PhysicalResourceId, Tags: [{ Key: 'others', Value: 'x' }],
    }));
    await update(bench, answer!.PhysicalResourceId, reportOn(license, { Tags: [{ Key: 'team', Value: 'b' }] }), before);
    expect(tagsOf((await bench.reports())[0])).toEqual({ team: 'b', others: 'x', ...OWN_TAGS });
    expect(await bench.operations()).not.toContain(UPDATE);
  });

  test('that somebody deleted is created anew by an update', async () => {
    const { answer } = await create(bench, reportOn(license));
    await remove(bench, answer!.PhysicalResourceId);
    const updated = await update(bench, answer!.PhysicalResourceId, reportOn(license, { Description: 'd' }), reportOn(license));
    expect(updated.answer!.Status).toBe('SUCCESS');
    expect(await arnsOf(bench)).toEqual([updated.answer!.PhysicalResourceId]);
  });

  test('is deleted, and deleted again without a write', async () => {
    const { answer } = await create(bench, reportOn(license));
    expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
    expect(await bench.reports()).toEqual([]);
    await bench.localAws.clearCalls();
    expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
    expect(await bench.operations()).toEqual([GET]);
  });

  test('that License Manager refuses leaves nothing to delete', async () => {
    const { answer } = await create(bench, reportOn(license, { ReportFrequency: { Period: 'DAY', Value: 2 } }));
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: NOTHING_CREATED });
    expect(answer!.Reason).toContain("CreateLicenseManagerReportGenerator of 'monthly' failed: InvalidParameterValueException: The frequency value 2");
  });

  test('over the quota tells the quota', async () => {
    await bench.localAws.seed({ settings: { reportGeneratorsPerRegion: 0 } });
    const { answer } = await create(bench, reportOn(license));
    expect(answer!.Reason).toMatch(/ResourceLimitExceededException: .+ have the quota "Number of Report generators" of License Manager raised/);
  });

  test('that was created and then not read is known by its ARN to the delete that follows', async () => {
    await bench.localAws.fault({ operation: GET, kind: 'error', code: 'ValidationException', message: 'No' });
    const { answer } = await create(bench, reportOn(license));
    expect(answer!.Status).toBe('FAILED');
    expect(await arnsOf(bench)).toEqual([answer!.PhysicalResourceId]);
    await bench.localAws.clearFaults();
    expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
    expect(await bench.reports()).toEqual([]);
  });

  test('that License Manager finds only after a moment has its attributes all the same', async () => {
    await bench.localAws.fault({ operation: GET, kind: 'not-found', times: 2 });
    const { answer } = await create(bench, reportOn(license));
    expect(answer!.Data).toMatchObject({ Bucket: expect.any(String), CreateTime: expect.any(String) });
    expect(await bench.operations()).toEqual([CREATE, GET, GET, GET, UNMARK]);
  });

  test('that License Manager does not find at all has the attributes that are in its ARN', async () => {
    await bench.localAws.fault({ operation: GET, kind: 'not-found', times: 3 });
    const { answer } = await create(bench, reportOn(license));
    expect(answer!.Data).toEqual({ Arn: answer!.PhysicalResourceId, ReportCreatorAccount: bench.localAws.account });
  });

  test('whose create never got an answer is found by the delete that follows, and others are left alone', async () => {
    await bench.localAws.fault({ operation: CREATE, kind: 'cut-after', times: null });
    const { answer } = await create(bench, reportOn(license));
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: REMAINS });
    expect(await bench.reports()).toHaveLength(1);
    await bench.localAws.clearFaults();
    const other = await bench.report(license);
    await bench.localAws.seed({ settings: { pageSize: 1, emptyPages: true } });
    expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
    expect(await arnsOf(bench)).toEqual([other]);
    await bench.localAws.clearCalls();
    expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
    expect(await bench.writes()).toEqual([]);
    expect(await bench.operations()).toContain(LIST);
  });

  test.each<FaultKind>(['throttle', 'server-error', 'cut', 'conflict'])(
    'whose create was not answered, and is repeated while License Manager fails (%s), is found by the delete that follows', async (kind) => {
      await bench.localAws.fault({ service: 'cloudformation-response', operation: 'PutResponse', kind: 'server-error', times: null });
      expect((await create(bench, reportOn(license), 'request')).error).toMatch(/^The answer to CloudFormation could not be put/);
      await bench.localAws.clearFaults();
      await bench.localAws.fault({ operation: CREATE, kind, times: null });
      const { answer } = await create(bench, reportOn(license), 'request');
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: REMAINS });
      await bench.localAws.clearFaults();
      expect((await remove(bench, answer!.PhysicalResourceId)).answer!.Status).toBe('SUCCESS');
      expect(await bench.reports()).toEqual([]);
    });

  test('that was created and never answered is found by the delete, for which CloudFormation invents an id and a request', async () => {
    const other = await bench.report(license);
    await bench.localAws.fault({ service: 'cloudformation-response', operation: 'PutResponse', kind: 'server-error', times: null });
    expect((await create(bench, reportOn(license))).error).toMatch(/^The answer to CloudFormation could not be put/);
    await bench.localAws.clearFaults();
    expect((await remove(bench, 'Reports-Report-1ABCDEFGH')).answer!.Status).toBe('SUCCESS');
    expect(await arnsOf(bench)).toEqual([other]);
  });

  test('that somebody else deletes at the same moment is deleted', async () => {
    const report = await bench.report(license);
    await bench.localAws.fault({ operation: DELETE, kind: 'not-found', done: true });
    expect((await remove(bench, report)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: report });
    expect(await bench.reports()).toEqual([]);
  });

  test('is looked for while somebody else deletes another one between the list and its tags', async () => {
    await bench.report(license);
    await bench.localAws.fault({ operation: GET, kind: 'not-found' });
    expect((await remove(bench, 'Reports-Report-1ABCDEFGH')).answer!.Status).toBe('SUCCESS');
  });

  test('of which nothing was created is deleted under an id that CloudFormation invents without a write', async () => {
    await bench.report(license);
    expect((await remove(bench, 'Reports-Report-1ABCDEFGH')).answer!.Status).toBe('SUCCESS');
    expect(await bench.writes()).toEqual([]);
  });

  test('deletes nothing but itself', async () => {
    const [one, other] = [await bench.report(license), await bench.report(license)];
    await remove(bench, one);
    expect(await arnsOf(bench)).toEqual([other]);
    expect(await bench.writes()).toEqual([DELETE]);
  });
});

describeFunction('where the reports go', (bench) => {
  const ask = (ReportGeneratorArn: string) => bench.function.request({
    resourceType: REPORT_LOCATION, properties: { ReportGeneratorArn, ReportGeneratorName: 'monthly' },
  });

  test('is read, and nothing is written', async () => {
    const report = await bench.report(await bench.license());
    const { answer } = await ask(report);
    const [{ S3Location }] = await bench.reports();
    expect(answer).toMatchObject({
      Status: 'SUCCESS', PhysicalResourceId: `${report}|location`, Data: { Bucket: S3Location.bucket, KeyPrefix: 'Reports/monthly/' },
    });
    const deleted = await bench.function.request({ type: 'Delete', resourceType: REPORT_LOCATION, physicalId: `${report}|location` });
    expect(deleted.answer!.Status).toBe('SUCCESS');
    expect(await bench.operations()).toEqual([GET]);
  });

  test('is told by whoever has that bucket in the settings of the service', async () => {
    await bench.localAws.seed({ settings: { serviceSettings: { S3BucketArn: 'arn:aws:s3:::aws-license-manager-service-own' } } });
    const { answer } = await ask(await bench.report(await bench.license()));
    expect(answer!.Data).toMatchObject({ Bucket: 'aws-license-manager-service-own' });
  });

  test('of a report that does not exist fails', async () => {
    const report = await bench.report(await bench.license());
    const { answer } = await ask(`${report.slice(0, -32)}${'0'.repeat(32)}`);
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('ResourceNotFoundException') });
  });
});
