import { createHash } from 'node:crypto';
import { describeExport } from './support/function';
import { columnsOf, TABLES } from '../../src/usage-export/contract/tables';
import { SECRETS } from '../custom-resource/support/function';
import type { Fault, FaultKind } from '../local-aws/local-aws';

/** A second ago, as the SDK takes a clock that is far from that of the server for the reason of an error. */
const NOW = Math.floor(Date.now() / 1000) * 1000 - 1000;
const TIME = new Date(NOW).toISOString();
const DAY = TIME.slice(0, 10);
const AT = { scheduledTime: TIME, now: NOW };
/** Of records that make more than a part of 5 MiB: a line has about 560 bytes. */
const MANY = 12_000;
const LONG = 60;

const nameOf = (license: string) => license.split(':').pop()!;
const keyOf = (table: string, subject: string, day = DAY) => `${table}/day=${day}/account=111122223333/region=us-east-1/${subject}.jsonl`;

describeExport('the function of the export', (bench) => {
  test('writes every member of every answer, under the names of the tables', async () => {
    const license = await bench.license();
    await bench.localAws.seed({
      associations: [{
        licenseConfigurationArn: license,
        resourceArn: 'arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0',
        resourceType: 'EC2_AMI',
        resourceOwnerId: '444455556666',
        amiAssociationScope: 'cross-account',
        consumedLicenses: 2,
        associationTime: 1_700_000_000,
      }],
      failures: [{
        licenseConfigurationArn: license, resourceArn: 'arn:aws:ec2:us-east-1::image/ami-0123456789abcdef1', errorMessage: 'It failed.', failureTime: 1_700_000_001,
      }],
    });

    const { result } = await bench.export({ subject: license, ...AT });

    expect(result).toEqual({ records: { usage: 1, associations: 1, failures: 1, licenses: 1 } });
    expect(await bench.keys()).toEqual(['associations', 'failures', 'licenses', 'usage'].map((table) => keyOf(table, nameOf(license))));
    const common = {
      account_id: '111122223333',
      region: 'us-east-1',
      scheduled_at: TIME,
      exported_at: expect.stringMatching(`^${TIME.slice(0, 16)}`),
      license_configuration_arn: license,
      license_configuration_id: nameOf(license),
    };
    const image = { resource_arn: 'arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0', resource_type: 'EC2_AMI', resource_owner_id: '444455556666' };
    expect(await bench.lines('usage')).toEqual([
      { ...common, ...image, resource_status: 'available', association_time: '2023-11-14T22:13:20.000Z', consumed_licenses: 2 },
    ]);
    expect(await bench.lines('associations')).toEqual([
      { ...common, ...image, association_time: '2023-11-14T22:13:20.000Z', ami_association_scope: 'cross-account' },
    ]);
    expect(await bench.lines('failures')).toEqual([{
      ...common,
      resource_arn: 'arn:aws:ec2:us-east-1::image/ami-0123456789abcdef1',
      resource_type: 'EC2_AMI',
      resource_owner_id: bench.localAws.account,
      error_message: 'It failed.',
      failure_time: '2023-11-14T22:13:21.000Z',
      operation_name: 'UpdateLicenseSpecificationsForResource',
      operation_requested_by: null,
      metadata: [],
    }]);
    expect(await bench.lines('licenses')).toEqual([{
      ...common,
      name: 'windows',
      description: 'A license',
      license_counting_type: 'vCPU',
      license_rules: ['#minimumVcpus=2'],
      license_count: 10,
      license_count_hard_limit: false,
      consumed_licenses: 2,
      consumed_license_summary: expect.any(Array),
      managed_resource_summary: expect.any(Array),
      status: 'AVAILABLE',
      owner_account_id: bench.localAws.account,
      product_information: expect.any(String),
      disassociate_when_not_found: false,
      license_expiry: null,
      automated_discovery_last_run_time: null,
      tags: [{ name: 'team', value: 'a' }],
      usage_records: 1,
      association_records: 1,
      failure_records: 1,
      run: 'arn:aws:states:us-east-1:111122223333:execution:machine:run',
    }]);
  });

  test('writes the inventory, and the assets of a group', async () => {
    await bench.localAws.seed({
      instances: [{ instanceId: 'i-0123456789abcdef0', usageOperation: 'RunInstances:0002', productCodes: ['code'], instanceType: 'm5.large' }],
      settings: { serviceSettings: { CrossRegionDiscoverySourceRegions: ['us-east-1'] } },
    });

    expect((await bench.export({ subject: 'inventory', ...AT })).result).toEqual({ records: { inventory: 1 } });
    expect(await bench.keys()).toEqual([keyOf('inventory', 'inventory')]);
    expect(await bench.lines('inventory')).toEqual([expect.objectContaining({
      resource_id: 'i-0123456789abcdef0',
      usage_operation: 'RunInstances:0002',
      marketplace_product_codes: ['code'],
      resource_region: 'us-east-1',
      instance_type: 'm5.large',
      resource_owning_account_id: bench.localAws.account,
    })]);
  });

  test('each line has the columns of its table, in their order, and no others', async () => {
    const license = await bench.license();
    await bench.use(license, 1);
    await bench.export({ subject: license, ...AT });
    for (const table of ['usage', 'associations', 'licenses'] as const) {
      expect(Object.keys((await bench.lines(table))[0])).toEqual(columnsOf(table).map(([name]) => name));
    }
    expect(Object.keys(TABLES)).toEqual(['licenses', 'usage', 'associations', 'failures', 'assets', 'inventory']);
  });

  test('reads all pages, and goes on after an empty one', async () => {
    const license = await bench.license();
    await bench.use(license, 7);
    await bench.localAws.seed({ settings: { pageSize: 2, emptyPages: true } });

    expect((await bench.export({ subject: license, ...AT })).result.records).toMatchObject({ usage: 7, associations: 7 });

    expect((await bench.lines('usage')).map((line) => line.resource_arn)).toEqual(
      Array.from({ length: 7 }, (_, index) => `arn:aws:ssm:us-east-1:111122223333:managed-instance/mi-${index}`));
  });

  test('nothing is an object without lines, also over what was there', async () => {
    const license = await bench.license();
    await bench.use(license, 1);
    await bench.export({ subject: license, ...AT });
    await bench.localAws.seed({ housekeeping: false });
    expect(await bench.lines('usage')).toHaveLength(1);

    await bench.export({ subject: license, ...AT, settings: { accounts: ['999988887777'] } });

    expect(await bench.text(keyOf('usage', nameOf(license)))).toBe('');
    expect(await bench.lines('licenses')).toEqual([expect.objectContaining({ usage_records: 0, consumed_licenses: 1 })]);
  });

  test('asks for each account and type of resource by itself, and for all without', async () => {
    const license = await bench.license();
    await bench.use(license, 2, { resourceOwnerId: '222233334444' });
    await bench.use(license, 1, { resourceOwnerId: '222233334444', resourceType: 'RDS' });
    await bench.use(license, 4, { resourceOwnerId: '333344445555' });
    const filters = async () => (await bench.localAws.calls({ operation: 'ListUsageForLicenseConfiguration' })).map(({ parameters }) => parameters.Filters);

    const { result } = await bench.export({
      subject: license,
      ...AT,
      settings: { tables: ['usage'], accounts: ['222233334444', '333344445555'], resourceTypes: ['RDS', 'SYSTEMS_MANAGER_MANAGED_INSTANCE'] },
    });

    expect(result.records).toEqual({ usage: 7, licenses: 1 });
    const filter = (account: string, type: string) => [{ Name: 'resourceAccount', Values: [account] }, { Name: 'resourceType', Values: [type] }];
    expect(await filters()).toEqual(['222233334444', '333344445555'].flatMap((account) =>
      ['RDS', 'SYSTEMS_MANAGER_MANAGED_INSTANCE'].map((type) => filter(account, type))));
    await bench.localAws.clearCalls();
    await bench.export({ subject: license, ...AT, settings: { tables: ['usage'] } });
    expect(await filters()).toEqual([undefined]);
  });

  test('asks once for what is named twice', async () => {
    const license = await bench.license();
    await bench.use(license, 2, { resourceOwnerId: '222233334444', resourceType: 'RDS' });

    const { result } = await bench.export({
      subject: license, ...AT, settings: { tables: ['usage'], accounts: ['222233334444', '222233334444'], resourceTypes: ['RDS', 'RDS'] },
    });

    expect(result.records).toEqual({ usage: 2, licenses: 1 });
    expect(await bench.lines('usage')).toHaveLength(2);
  });

  test.each<[time: string, timeZone: string, day: string]>([
    ['2026-06-30T23:59:59Z', 'Etc/UTC', '2026-06-30'], ['2026-07-01T00:00:00Z', 'Etc/UTC', '2026-07-01'],
    ['2026-06-30T21:59:59Z', 'Europe/Berlin', '2026-06-30'], ['2026-06-30T22:00:00Z', 'Europe/Berlin', '2026-07-01'],
    ['2026-07-01T06:59:59Z', 'America/Los_Angeles', '2026-06-30'], ['2026-07-01T07:00:00Z', 'America/Los_Angeles', '2026-07-01'],
  ])('a run of %s in %s is for %s, also if it is late', async (scheduledTime, timeZone, day) => {
    const license = await bench.license();
    for (const late of [0, 3, 24]) {
      await bench.export({ subject: license, scheduledTime, settings: { timeZone, tables: [] }, now: Date.parse(scheduledTime) + late * 3_600_000 });
      expect(await bench.keys()).toEqual([keyOf('licenses', nameOf(license), day)]);
    }
  });

  test.each<[what: string, asked: object, text: string]>([
    ['more than a day late', { now: NOW + 86_400_001 }, 'which is more than a day ago'],
    ['more than five minutes early', { now: NOW - 300_001 }, 'which is in the future'],
    ['no time', { scheduledTime: '<aws.scheduler.scheduled-time>' }, 'it has to be a time in ISO 8601'],
    ['an unknown time zone', { settings: { timeZone: 'Moon/Apollo' } }, "'Moon/Apollo' is no time zone"],
    ['another subject', { subject: 'arn:aws:license-manager::111122223333:license:l-1' }, 'is neither a self-managed license nor a license asset group'],
  ])('%s is refused, for good', async (_, asked, text) => {
    const { errorName, error } = await bench.export({ subject: await bench.license(), ...AT, ...asked });
    expect([errorName, error]).toEqual(['ExportFailed', expect.stringContaining(text)]);
    expect(await bench.operations()).toEqual([]);
  });

  test('just in time is in time', async () => {
    const license = await bench.license();
    for (const now of [NOW + 86_400_000 - 1_000, NOW - 300_000]) {
      expect((await bench.export({ subject: license, ...AT, settings: { tables: [] }, now })).result).toBeDefined();
    }
  });

  test('a license that is deleted fails for good, and says which', async () => {
    const license = `arn:aws:license-manager:us-east-1:${bench.localAws.account}:license-configuration:lic-00000000000000000000000000000000`;
    const { errorName, error } = await bench.export({ subject: license, ...AT });
    expect([errorName, error]).toEqual(['ExportFailed', expect.stringMatching(`^ListUsageForLicenseConfiguration of ${license} failed: InvalidParameterValueException: .*request id`)]);
    expect(await bench.keys()).toEqual([]);
  });

  test('many records are written in parts, with checksums of each', async () => {
    const license = await bench.license();
    await bench.use(license, MANY);
    await bench.localAws.seed({ settings: { pageSize: 1000 } });

    expect((await bench.export({ subject: license, ...AT, settings: { tables: ['usage'] } })).result.records).toEqual({ usage: MANY, licenses: 1 });

    const operations = await bench.operations();
    expect(await bench.lines('usage')).toHaveLength(MANY);
    expect(await bench.uploads()).toEqual([]);
    expect(operations.filter((it) => /Multipart|UploadPart/.test(it))).toEqual(
      ['CreateMultipartUpload', 'UploadPart', 'UploadPart', 'CompleteMultipartUpload']);
  });

  test('what does not fit into the time of an invocation is continued by others, and nothing is there twice', async () => {
    const license = await bench.license();
    await bench.use(license, 2 * MANY);
    await bench.localAws.seed({ settings: { pageSize: 500 } });

    // A call takes 50 ms, and 30 seconds are kept: for 26 pages of 500, and with that for one part.
    const { result, invocations } = await bench.exportAll({ subject: license, ...AT, settings: { tables: ['usage'] }, remaining: 30_000 + 1_400 });

    expect(invocations).toBeGreaterThan(2);
    expect(result).toEqual({ records: { usage: 2 * MANY, licenses: 1 } });
    const lines = await bench.lines('usage');
    expect(new Set(lines.map((line) => line.resource_arn)).size).toBe(2 * MANY);
    expect(lines).toHaveLength(2 * MANY);
    expect(await bench.uploads()).toEqual([]);
  });

  test('the time is up before a part is written: it is interrupted, and gives up what nobody can go on with', async () => {
    const license = await bench.license();
    await bench.use(license, 100);
    await bench.localAws.seed({ settings: { pageSize: 1 } });

    const { errorName, error } = await bench.export({ subject: license, ...AT, remaining: 30_000 + 500 });

    expect([errorName, error]).toEqual(['ExportInterrupted', expect.stringMatching(/^The time of the function is up after \d+ records of usage\//)]);
    expect([await bench.keys(), await bench.uploads()]).toEqual([[], []]);
  });

  test('an upload that is gone is begun anew', async () => {
    const license = await bench.license();
    await bench.use(license, MANY);
    await bench.localAws.seed({ settings: { pageSize: 1000 } });
    const asked = { subject: license, ...AT, settings: { tables: ['usage' as const] } };
    const { result } = await bench.export({ ...asked, remaining: 30_000 + 700 });
    await bench.s3('DELETE', `${keyOf('usage', nameOf(license))}?uploadId=${result.progress.upload.id}`);

    expect((await bench.export({ ...asked, progress: result.progress })).result).toEqual({ records: { usage: MANY, licenses: 1 } });
    expect(await bench.lines('usage')).toHaveLength(MANY);
  });

  test('what fails leaves the former object as it is', async () => {
    const license = await bench.license();
    await bench.use(license, 1);
    await bench.export({ subject: license, ...AT });
    await bench.localAws.fault({ operation: 'ListUsageForLicenseConfiguration', kind: 'access-denied', times: null });

    expect((await bench.export({ subject: license, ...AT })).errorName).toBe('ExportFailed');
    expect(await bench.lines('usage')).toHaveLength(1);
  });

  test('the bucket may be in another Region', async () => {
    await bench.export({ subject: await bench.license(), ...AT, settings: { tables: [], bucketRegion: 'eu-west-1' } });
    expect((await bench.localAws.calls({ service: 'license-manager,s3' })).map(({ operation, region }) => [operation, region])).toEqual([
      ['GetLicenseConfiguration', 'us-east-1'], ['PutObject', 'eu-west-1'],
    ]);
  });

  test('writes to no bucket of another account than that which it is told', async () => {
    const license = await bench.license();
    const { errorName } = await bench.export({ subject: license, ...AT, settings: { tables: [], bucketOwner: '999988887777' } });
    expect(errorName).toBe('ExportFailed');
    const own = await bench.export({ subject: license, ...AT, settings: { tables: [], bucketOwner: bench.localAws.account } });
    expect(own.errorName).toBeUndefined();
  });

  test('logs no secret, and what it calls', async () => {
    const { output } = await bench.export({ subject: await bench.license(), ...AT });
    expect(output).toContain('"message":"ListUsageForLicenseConfiguration"');
    for (const secret of Object.values(SECRETS)) {
      expect(output).not.toContain(secret);
    }
  });

  /** The calls of an export in parts, from one end to the other. */
  const CALLS: [service: string, operation: string][] = [
    ['license-manager', 'ListFailuresForLicenseConfigurationOperations'], ['license-manager', 'GetLicenseConfiguration'], ['s3', 'CreateMultipartUpload'], ['s3', 'UploadPart'],
    ['s3', 'CompleteMultipartUpload'], ['s3', 'PutObject'],
  ];
  const PASSING: FaultKind[] = ['throttle', 'server-error', 'cut', 'cut-after', 'late', 'stall'];

  /** Few long records, which make two parts. */
  async function faulty(fault: Fault) {
    const license = await bench.license();
    await bench.localAws.seed({
      settings: { pageSize: 30 },
      failures: Array.from({ length: LONG }, (_, index) => ({
        licenseConfigurationArn: license, resourceArn: `arn:aws:ec2:us-east-1::image/ami-${index}`, errorMessage: 'It failed. '.repeat(9_000),
      })),
    });
    await bench.localAws.fault(fault);
    return bench.export({ subject: license, ...AT, settings: { tables: ['failures'] } });
  }

  describe.each(CALLS)('%s: %s', (service, operation) => {
    test.each(PASSING)('is done all the same after: %s', async (kind) => {
      const { result, error } = await faulty({ service, operation, kind });
      expect([result, error]).toEqual([{ records: { failures: LONG, licenses: 1 } }, undefined]);
      expect(await bench.lines('failures')).toHaveLength(LONG);
      expect(await bench.lines('licenses')).toHaveLength(1);
    });

    test('that is denied fails for good, and leaves no upload', async () => {
      const { errorName, error } = await faulty({ service, operation, kind: 'access-denied', times: null });
      expect([errorName, error]).toEqual(['ExportFailed', expect.stringMatching(`^${operation} of .* failed: AccessDenied`)]);
      expect(await bench.uploads()).toEqual([]);
    });

    test('that is refused as too many again and again is interrupted, and may be done later', async () => {
      const { errorName } = await faulty({ service, operation, kind: 'throttle', times: null });
      expect(errorName).toBe('ExportInterrupted');
    });
  });

  test('the completion of an upload may answer with success, and an error in it', async () => {
    const { errorName, error } = await faulty({
      service: 's3', operation: 'CompleteMultipartUpload', kind: 'error', status: 200, code: 'InternalError', message: 'Please try again.', times: null,
    });
    expect([errorName, error]).toEqual(['ExportInterrupted', expect.stringContaining('CompleteMultipartUpload of ')]);
    expect(error).toContain('InternalError: Please try again.');
  });

  test('objects have the checksums that were computed before they were sent', async () => {
    const license = await bench.license();
    await bench.export({ subject: license, ...AT, settings: { tables: [] } });
    const key = keyOf('licenses', nameOf(license));
    const response = await fetch(`${bench.localAws.endpoint}/${bench.bucket}/${key}`, {
      headers: {
        'Authorization': `AWS4-HMAC-SHA256 Credential=${bench.localAws.account}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0`,
        'x-amz-checksum-mode': 'ENABLED',
      },
    });
    expect(response.headers.get('x-amz-checksum-sha256')).toBe(createHash('sha256').update(await response.text()).digest('base64'));
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  });
});
