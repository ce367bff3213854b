import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnParameter, Duration, Size, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, CfnBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LicenseAssetGroup, LicenseConfiguration, LicenseManagerTopic, ServiceSettings, UsageDimension, UsageExport, UsageResourceType } from '../../src';
import type { ILicenseConfiguration, UsageExportProps } from '../../src';
import { TABLES } from '../../src/usage-export/contract/tables';
import { QUERIES } from '../../src/usage-export/usage-queries';

const ENV = { account: '111122223333', region: 'us-east-1' };

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: ENV });
});

const arnOf = (number: number, account = ENV.account, region = ENV.region) =>
  `arn:aws:license-manager:${region}:${account}:license-configuration:lic-${number.toString(16).padStart(32, '0')}`;
const idOf = (number: number) => arnOf(number).split(':').pop()!;
const license = (number = 1, account?: string, region?: string) =>
  stack.node.tryFindChild(`License${number}`) as ILicenseConfiguration | undefined
  ?? LicenseConfiguration.fromLicenseConfigurationArn(stack, `License${number}`, arnOf(number, account, region));
const group = (region = ENV.region, account = ENV.account) => LicenseAssetGroup.fromLicenseAssetGroupAttributes(stack, 'Group', {
  licenseAssetGroupArn: `arn:aws:license-manager:${region}:${account}:license-asset-group:lag-1`, usageDimension: UsageDimension.VCPU,
});
const exported = (props: Partial<UsageExportProps> = {}, id = 'It') => new UsageExport(stack, id, { licenseConfigurations: [license()], ...props });
const template = () => Template.fromStack(stack);

/** The statements of the policy of a role. */
function statements(role: string): any[] {
  return Object.values(template().findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles ?? Properties.Users).includes(role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/** The definition of the state machine, with what CloudFormation fills in as it stands there. */
function definition(): any {
  const [{ Properties }]: any[] = Object.values(template().findResources('AWS::StepFunctions::StateMachine'));
  const text = Properties.DefinitionString;
  return JSON.parse(typeof text === 'string' ? text : text['Fn::Join'][1].map((part: any) => typeof part === 'string' ? part : part.Ref ?? part['Fn::GetAtt'].join('.')).join(''));
}

test('the function may read the licenses by their ARNs, and write below the prefix', () => {
  exported({ licenseConfigurations: [license(1), license(2)], objectPrefix: 'a/' });

  expect(statements('ItFunctionRole')).toEqual([
    { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: { 'Fn::GetAtt': [expect.stringMatching('^ItFunctionLog'), 'Arn'] } },
    {
      Action: [
        'license-manager:GetLicenseConfiguration', 'license-manager:ListUsageForLicenseConfiguration', 'license-manager:ListAssociationsForLicenseConfiguration',
        'license-manager:ListFailuresForLicenseConfigurationOperations',
      ],
      Effect: 'Allow',
      Resource: [arnOf(1), arnOf(2)],
    },
    {
      Action: ['s3:AbortMultipartUpload', 's3:PutObject'],
      Effect: 'Allow',
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching('^ItBucket'), 'Arn'] }, '/a/*']] },
    },
  ]);
});

test('it may do for what is not exported nothing', () => {
  exported({ usage: false, associations: false, failures: false, inventory: true, licenseAssetGroups: [group()] });

  expect(statements('ItFunctionRole').filter(({ Action }) => /license-manager/.test(Action)).map(({ Action, Resource }) => [Action, Resource])).toEqual([
    ['license-manager:GetLicenseConfiguration', arnOf(1)],
    ['license-manager:ListAssetsForLicenseAssetGroup', 'arn:aws:license-manager:us-east-1:111122223333:license-asset-group:lag-1'],
    ['license-manager:ListResourceInventory', '*'],
  ]);
});

test.each([[50, false], [51, true]])('of %d licenses the policy names each, or the account: %s', (many, isAll) => {
  exported({ licenseConfigurations: Array.from({ length: many }, (_, index) => license(index + 1)) });

  const [{ Resource }] = statements('ItFunctionRole').filter(({ Action }) => Action.includes('license-manager:GetLicenseConfiguration'));
  if (isAll) {
    expect(Resource).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':license-manager:us-east-1:111122223333:license-configuration:*']] });
  } else {
    expect(Resource).toHaveLength(50);
  }
  expect(definition().States.Begin.Assign.configured).toHaveLength(many);
});

test.each([[3640, false], [3641, true]])('%d licenses have no room in what Step Functions hands on: %s', (many, isRefused) => {
  const make = () => exported({ licenseConfigurations: Array.from({ length: many }, (_, index) => license(index + 1)) });

  if (isRefused) {
    expect(make).toThrow('Stack/It: 3641 licenses, groups and inventories are exported: AWS Step Functions hands on 262144 bytes');
  } else {
    make();
    expect(JSON.stringify(definition()).length).toBeLessThan(1_000_000);
    expect(JSON.stringify(definition().States.Begin.Assign).length).toBeLessThan(256 * 1024);
  }
});

test('a license is in the definition by its id, if it is of the account and Region, and that is known', () => {
  const other = arnOf(2, '444455556666');
  exported({ licenseConfigurations: [license(1), LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Other', other)] });
  expect(definition().States.Begin.Assign.configured).toEqual([idOf(1), other]);

  stack = new Stack(new App(), 'Anywhere');
  exported();
  expect(definition().States.Begin.Assign.configured).toEqual([arnOf(1)]);
});

test.each([[8729, false], [8730, true]])('the usage of %d accounts has no room in what Step Functions hands on: %s', (many, isRefused) => {
  const resourceAccounts = Array.from({ length: many }, (_, index) => String(100_000_000_000 + index));
  const make = () => exported({ bucket: Bucket.fromBucketName(stack, 'Given', 'given'), resourceAccounts });

  if (isRefused) {
    expect(make).toThrow(/^Stack\/It: what is exported, with resourceAccounts and resourceTypes, takes \d+ bytes: .* Make several exports/);
  } else {
    expect(make).not.toThrow();
  }
});

test('what is exported, and how, is in the definition', () => {
  exported({
    licenseAssetGroups: [group()],
    inventory: true,
    failures: false,
    resourceAccounts: ['444455556666'],
    resourceTypes: [UsageResourceType.RDS, UsageResourceType.of('NEW')],
    schedule: ScheduleExpression.cron({ hour: '22', timeZone: TimeZone.EUROPE_BERLIN }),
    objectPrefix: 'a/b/',
    concurrency: 7,
  });

  const { States: { Begin, Export } } = definition();
  expect(Begin.Assign.configured).toEqual([idOf(1), expect.stringContaining(':license-asset-group:lag-1'), 'inventory']);
  expect(Export.MaxConcurrency).toBe(7);
  expect(Export.ItemSelector.settings).toEqual({
    bucket: expect.stringMatching('^ItBucket'),
    bucketRegion: 'us-east-1',
    bucketOwner: '111122223333',
    prefix: 'a/b/',
    timeZone: 'Europe/Berlin',
    tables: ['usage', 'associations'],
    accounts: ['444455556666'],
    resourceTypes: ['RDS', 'NEW'],
  });
});

test('the schedule is daily at 23:00 UTC, and tells its time', () => {
  exported();

  template().hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(0 23 * * ? *)',
    ScheduleExpressionTimezone: 'Etc/UTC',
    State: 'ENABLED',
    Target: Match.objectLike({
      Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}', DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ItDeadLetterQueue'), 'Arn'] } },
    }),
  });
  expect(definition().States.Export.ItemSelector.settings.timeZone).toBe('Etc/UTC');
});

test('the schedule may be off, and at a rate, whose days are those of UTC', () => {
  exported({ enabled: false, schedule: ScheduleExpression.rate(Duration.hours(12)) });

  template().hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(12 hours)', State: 'DISABLED' });
  expect(definition().States.Export.ItemSelector.settings.timeZone).toBe('Etc/UTC');
});

test('the bucket is encrypted, versioned, private, by TLS only, kept for 7 years, and retained', () => {
  exported();

  template().hasResource('AWS::S3::Bucket', {
    Properties: Match.objectLike({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: {
        Rules: [{
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, ExpirationInDays: 2557, NoncurrentVersionExpiration: { NoncurrentDays: 90 }, Status: 'Enabled',
        }, { ExpiredObjectDeleteMarker: true, Status: 'Enabled' }],
      },
      ObjectLockEnabled: Match.absent(),
    }),
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  });
  template().hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })] }),
  });
});

test('Object Lock, a key and another retention are those of the bucket', () => {
  const { bucket } = exported({
    objectLock: ObjectLockRetention.compliance(Duration.days(365)), encryptionKey: new Key(stack, 'Key'), retention: Duration.days(400),
  });

  template().hasResourceProperties('AWS::S3::Bucket', {
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
    BucketEncryption: { ServerSideEncryptionConfiguration: [Match.objectLike({ BucketKeyEnabled: true, ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }) })] },
    LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 400 }), Match.anyValue()] },
  });
  expect(statements('ItFunctionRole').flatMap(({ Action }) => Action)).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey*']));
  expect(bucket.bucketRef.bucketName).toBeDefined();
});

test.each([[89, 89], [90, 90], [91, 90]])('with a retention of %d days a former version is kept for %d', (retention, former) => {
  exported({ retention: Duration.days(retention) });

  template().hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: [Match.objectLike({ ExpirationInDays: retention, NoncurrentVersionExpiration: { NoncurrentDays: former } }), Match.anyValue()],
    },
  });
});

test.each([[30, false], [31, true]])('with a retention of 30 days a lock of %d days causes a warning: %s', (days, isWarned) => {
  exported({ retention: Duration.days(30), objectLock: ObjectLockRetention.governance(Duration.days(days)) });

  const found = Annotations.fromStack(stack).findWarning('/Stack/It', Match.stringLikeRegexp('objectLock keeps each version for 31 days, and retention for 30'));
  expect(found).toHaveLength(isWarned ? 1 : 0);
});

test('a bucket that is given is left as it is, wherever it is', () => {
  exported({ bucket: Bucket.fromBucketAttributes(stack, 'Central', { bucketName: 'central', account: '444455556666', region: 'eu-west-1' }) });

  template().resourceCountIs('AWS::S3::Bucket', 0);
  const { settings } = definition().States.Export.ItemSelector;
  expect(settings).toMatchObject({ bucket: 'central', bucketRegion: 'eu-west-1' });
  expect(settings.bucketOwner).toBeUndefined();
});

test('the key of a bucket that is given may be used', () => {
  exported({ bucket: new Bucket(stack, 'Given', { encryptionKey: new Key(stack, 'Key') }) });

  expect(statements('ItFunctionRole').flatMap(({ Action }) => Action)).toContain('kms:GenerateDataKey*');
});

test('an L1 will do for a bucket', () => {
  exported({ bucket: new CfnBucket(stack, 'Raw') });

  expect(definition().States.Export.ItemSelector.settings.bucket).toBe('Raw');
});

test.each<[what: string, make: () => any]>([
  ['an imported bucket', () => Bucket.fromBucketName(stack, 'Given', 'aws-license-manager-service-111122223333')],
  ['a bucket of the app', () => new Bucket(stack, 'Given', { bucketName: 'aws-license-manager-service-111122223333' })],
  ['an L1', () => new CfnBucket(stack, 'Given', { bucketName: 'aws-license-manager-service-111122223333' })],
])('%s of License Manager causes a warning', (_, make) => {
  exported({ bucket: make() });

  Annotations.fromStack(stack).hasWarning('/Stack/It', Match.stringLikeRegexp('is one of License Manager'));
});

test('two exports of a license to one place cause a warning, and to two places none', () => {
  const bucket = new Bucket(stack, 'Given');
  const licenseConfigurations = [license()];
  exported({ licenseConfigurations, bucket }, 'One');
  exported({ licenseConfigurations, bucket, objectPrefix: 'a/' }, 'Other');
  exported({ licenseConfigurations }, 'Own');
  Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('under the same names'));

  exported({ licenseConfigurations, bucket, objectPrefix: 'a/' }, 'Same');
  Annotations.fromStack(stack).hasWarning('/Stack/Same', Match.stringLikeRegexp('\'Stack/Other\' exports license .* to the same bucket'));
});

test('so do two of a group, or of the inventory', () => {
  const bucket = new Bucket(stack, 'Given');
  const licenseAssetGroups = [group()];
  exported({ bucket, licenseAssetGroups, inventory: true }, 'One');
  exported({ licenseConfigurations: [license(2)], bucket, licenseAssetGroups, inventory: true, objectPrefix: 'a/' }, 'Other');
  Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('under the same names'));

  exported({ licenseConfigurations: [license(3)], bucket, licenseAssetGroups, inventory: true }, 'Same');
  Annotations.fromStack(stack).hasWarning('/Stack/Same', Match.stringLikeRegexp(
    '\'Stack/One\' exports license asset group \'Stack/Group\' to the same bucket'));
  Annotations.fromStack(stack).hasWarning('/Stack/Same', Match.stringLikeRegexp(
    '\'Stack/One\' exports the inventory to the same bucket.*Leave the inventory out'));
});

test('the same construct twice is two of everything', () => {
  const licenseConfigurations = [license()];
  exported({ licenseConfigurations, athena: true }, 'One');
  exported({ licenseConfigurations, athena: true }, 'Other');

  const names = (type: string, name: (properties: any) => string) =>
    Object.values(template().findResources(type)).map(({ Properties }) => name(Properties));
  expect(new Set(names('AWS::Athena::WorkGroup', ({ Name }) => Name)).size).toBe(2);
  expect(new Set(names('AWS::Glue::Database', ({ DatabaseInput }) => DatabaseInput.Name)).size).toBe(2);
  expect(names('AWS::Glue::Database', ({ DatabaseInput }) => DatabaseInput.Name).every((name) => /^[a-z0-9_]+$/.test(name))).toBe(true);
});

test('a license twice is exported once, with a warning', () => {
  const one = license();
  exported({ licenseConfigurations: [one, one] });

  expect(definition().States.Begin.Assign.configured).toEqual([idOf(1)]);
  Annotations.fromStack(stack).hasWarning('/Stack/It', Match.stringLikeRegexp('is in licenseConfigurations twice'));
});

test('an account or a type twice is asked for once, with a warning', () => {
  exported({ resourceAccounts: ['444455556666', '555566667777', '444455556666'], resourceTypes: [UsageResourceType.RDS, UsageResourceType.of('RDS')] });

  expect(definition().States.Export.ItemSelector.settings).toMatchObject({ accounts: ['444455556666', '555566667777'], resourceTypes: ['RDS'] });
  Annotations.fromStack(stack).hasWarning('/Stack/It', Match.stringLikeRegexp('\'444455556666\' is in resourceAccounts twice'));
  Annotations.fromStack(stack).hasWarning('/Stack/It', Match.stringLikeRegexp('\'RDS\' is in resourceTypes twice'));
});

test('a license of another account causes a warning, and one of another Region is refused', () => {
  exported({ licenseConfigurations: [license(1, '444455556666')] });
  Annotations.fromStack(stack).hasWarning('/Stack/It', Match.stringLikeRegexp('belongs to account \'444455556666\''));

  expect(() => exported({ licenseConfigurations: [license(2, ENV.account, 'eu-west-1')] }, 'Far')).toThrow(
    'Stack/Far: license \'Stack/License2\' is in Region \'eu-west-1\' and the stack in \'us-east-1\'');
});

test('the same holds for a license asset group', () => {
  exported({ licenseAssetGroups: [group(ENV.region, '444455556666')] });
  Annotations.fromStack(stack).hasWarning('/Stack/It', Match.stringLikeRegexp('License asset group .* belongs to account'));

  stack = new Stack(new App(), 'Stack', { env: ENV });
  expect(() => exported({ licenseAssetGroups: [group('eu-west-1')] })).toThrow('license asset group \'Stack/Group\' is in Region \'eu-west-1\'');
});

test('tokens are taken as they are', () => {
  const arn = new CfnParameter(stack, 'Arn').valueAsString;
  const prefix = new CfnParameter(stack, 'Prefix').valueAsString;
  const concurrency = new CfnParameter(stack, 'Concurrency', { type: 'Number' }).valueAsNumber;

  expect(() => exported({
    licenseConfigurations: [LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Token', arn)], objectPrefix: prefix, concurrency, athena: true,
  })).not.toThrow();
});

test.each<[what: string, props: () => Partial<UsageExportProps>, message: string]>([
  ['no license', () => ({ licenseConfigurations: [] }), 'licenseConfigurations has 0 members: it has to have at least 1. Name at least one.'],
  ['no account', () => ({ resourceAccounts: [] }), 'resourceAccounts has 0 members: it has to have at least 1.'],
  ['no type', () => ({ resourceTypes: [] }), 'resourceTypes has 0 members: it has to have at least 1.'],
  ['a wrong account', () => ({ resourceAccounts: ['444455556666', '1'] }), 'resourceAccounts[1] is \'1\': it has to be the id of an account, with 12 digits.'],
  ['a prefix without its slash', () => ({ objectPrefix: 'a' }), 'objectPrefix is \'a\': it has to have letters, digits and'],
  ['a prefix with a slash at its beginning', () => ({ objectPrefix: '/a/' }), 'objectPrefix is \'/a/\': it has to'],
  ['a prefix with a blank', () => ({ objectPrefix: 'a b/' }), 'objectPrefix is \'a b/\': it has to'],
  ['a long prefix', () => ({ objectPrefix: `${'a'.repeat(200)}/` }), `objectPrefix '${'a'.repeat(60)}…' has 201 characters: it has to have at most 200.`],
  ['a concurrency of 0', () => ({ concurrency: 0 }), 'concurrency is 0: it has to be a whole number from 1 to 1000.'],
  ['a concurrency of 1001', () => ({ concurrency: 1001 }), 'concurrency is 1001: it has to be'],
  ['a reserved concurrency of 0', () => ({ reservedConcurrency: 0 }), 'reservedConcurrency is 0: it has to be a whole number'],
  ['less reserved than used', () => ({ concurrency: 3, reservedConcurrency: 2 }), 'reservedConcurrency is 2 and concurrency 3'],
  ['a lock of a given bucket', () => ({ bucket: new Bucket(stack, 'Given'), objectLock: ObjectLockRetention.governance(Duration.days(1)) }), 'objectLock is set together with bucket'],
  ['a key of a given bucket', () => ({ bucket: new Bucket(stack, 'Given'), encryptionKey: new Key(stack, 'Key') }), 'encryptionKey is set together with bucket'],
  ['a scan without Athena', () => ({ maximumScan: Size.gibibytes(1) }), 'maximumScan is set without athena'],
  ['a small scan', () => ({ athena: true, maximumScan: Size.bytes(9_999_999) }), 'maximumScan in bytes is 9999999: it has to be a whole number from 10000000'],
  ['a retention of half a day', () => ({ retention: Duration.hours(12) }), 'retention in days is 0.5: it has to be a whole number from 1 to 36500.'],
  ['a retention of no day', () => ({ retention: Duration.days(0) }), 'retention in days is 0: it has to be'],
  ['a retention of 36501 days', () => ({ retention: Duration.days(36501) }), 'retention in days is 36501: it has to be'],
  ['a retention that is a token', () => ({ retention: Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber) }), 'retention is a token'],
  ['a scan that is a token', () => ({ athena: true, maximumScan: Size.gibibytes(new CfnParameter(stack, 'Size', { type: 'Number' }).valueAsNumber) }), 'maximumScan is a token'],
])('%s is refused', (_, props, message) => {
  expect(() => exported(props())).toThrow(`Stack/It: ${message}`);
});

test.each<[what: string, props: () => Partial<UsageExportProps>]>([
  ['a prefix of 200 characters', () => ({ objectPrefix: `${'a'.repeat(199)}/` })], ['an empty prefix', () => ({ objectPrefix: '' })],
  ['a concurrency of 1', () => ({ concurrency: 1 })], ['a concurrency of 1000', () => ({ concurrency: 1000 })],
  ['as much reserved as used', () => ({ concurrency: 3, reservedConcurrency: 3 })], ['only something reserved', () => ({ reservedConcurrency: 1 })],
  ['the smallest scan', () => ({ athena: true, maximumScan: Size.bytes(10_000_000) })],
  ['a retention of 1 day', () => ({ retention: Duration.days(1) })], ['a retention of 36500 days', () => ({ retention: Duration.days(36500) })],
  ['a key for results alone', () => ({ athena: true, bucket: new Bucket(stack, 'Given'), encryptionKey: new Key(stack, 'Key') })],
])('%s is taken', (_, props) => {
  expect(() => exported(props())).not.toThrow();
});

test('what is reserved is the most that runs at once, unless something is said', () => {
  exported({ reservedConcurrency: 2 });

  expect(definition().States.Export.MaxConcurrency).toBe(2);
  template().hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 2, Runtime: 'nodejs24.x', Architectures: ['arm64'], Timeout: 900 });
});

test('runs that do not end well are sent to the queue, and alarms tell the topic of the settings', () => {
  const topic = new LicenseManagerTopic(stack, 'Topic');
  new ServiceSettings(stack, 'Settings', { topic });
  const it = exported();

  template().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      'source': ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      'detail': { stateMachineArn: [{ Ref: Match.stringLikeRegexp('^ItStateMachine') }], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    },
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ItDeadLetterQueue'), 'Arn'] } })],
  });
  const alarms = Object.values(template().findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  expect(alarms.map(({ MetricName, Threshold, ComparisonOperator }) => [MetricName, Threshold, ComparisonOperator])).toEqual([
    ['ExecutionsFailed', 1, 'GreaterThanOrEqualToThreshold'], ['ApproximateNumberOfMessagesVisible', 1, 'GreaterThanOrEqualToThreshold'],
  ]);
  expect(alarms.every(({ AlarmActions }) => AlarmActions.length === 1)).toBe(true);
  expect([it.alarm, it.deadLetterAlarm].every((alarm) => alarm instanceof Alarm)).toBe(true);
});

test('alarms do what is said, or nothing', () => {
  exported({ alarmActions: [{ bind: () => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111122223333:told' }) }] }, 'Told');
  exported({ licenseConfigurations: [license(2)], alarmActions: [] }, 'Silent');

  template().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: ['arn:aws:sns:us-east-1:111122223333:told'] }, 2);
  template().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent() }, 2);
});

test('metrics are those of the state machine', () => {
  const it = exported();

  expect([it.metricFailed(), it.metricSucceeded({ period: Duration.days(1) })].map(({ namespace, metricName, statistic, period }) =>
    [namespace, metricName, statistic, period.toMinutes()])).toEqual([['AWS/States', 'ExecutionsFailed', 'Sum', 5], ['AWS/States', 'ExecutionsSucceeded', 'Sum', 1440]]);
});

describe('the tables', () => {
  const tables = () => Object.values(template().findResources('AWS::Glue::Table')).map(({ Properties }) => Properties.TableInput);

  test('are those of what is exported, with the columns that are written', () => {
    exported({ athena: true, associations: false, licenseAssetGroups: [group()] });

    expect(tables().map(({ Name }) => Name).sort()).toEqual(['assets', 'failures', 'licenses', 'usage']);
    for (const { Name, StorageDescriptor } of tables()) {
      expect(StorageDescriptor.Columns.map((column: any) => column.Name)).toEqual(
        ['account_id', 'region', 'scheduled_at', 'exported_at', ...Object.keys(TABLES[Name as keyof typeof TABLES])]);
    }
  });

  test('have a partition a day, for as long as what is exported is kept, and until tomorrow', () => {
    exported({ athena: true, retention: Duration.days(30), objectPrefix: 'a/' });

    const [usage] = tables().filter(({ Name }) => Name === 'usage');
    expect(usage.PartitionKeys).toEqual([expect.objectContaining({ Name: 'day', Type: 'string' })]);
    expect(usage.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy-MM-dd',
      'projection.day.range': 'NOW-31DAYS,NOW+1DAYS',
      'storage.location.template': { 'Fn::Sub': ['s3://${Bucket}/a/usage/day=${!day}/', { Bucket: { Ref: expect.stringMatching('^ItBucket') } }] },
    });
  });

  test('are where a prefix says that is known at deployment', () => {
    exported({ athena: true, objectPrefix: new CfnParameter(stack, 'Prefix').valueAsString });

    const [usage] = tables().filter(({ Name }) => Name === 'usage');
    const place = { Bucket: { Ref: expect.stringMatching('^ItBucket') }, Prefix: { Ref: 'Prefix' } };
    expect(usage.Parameters['storage.location.template']).toEqual({ 'Fn::Sub': ['s3://${Bucket}/${Prefix}usage/day=${!day}/', place] });
    expect(usage.StorageDescriptor.Location).toEqual({ 'Fn::Sub': ['s3://${Bucket}/${Prefix}usage/', place] });
  });

  test('are asked by the queries whose tables there are', () => {
    exported({ athena: true, usage: false, failures: false });

    const names = Object.values(template().findResources('AWS::Athena::NamedQuery')).map(({ Properties }) => Properties.Name).sort();
    expect(names).toEqual(QUERIES.filter(({ tables: asked }) => !asked.includes('usage') && !asked.includes('failures')).map(({ id }) => id).sort());
  });

  test.each([[false, { EncryptionOption: 'SSE_S3' }], [true, { EncryptionOption: 'SSE_KMS', KmsKey: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } }]])(
    'are asked in a workgroup that is enforced, with encrypted results and a limit (key: %s)', (hasKey, EncryptionConfiguration) => {
      exported({ athena: true, maximumScan: Size.gibibytes(2), ...hasKey && { encryptionKey: new Key(stack, 'Key') } });

      template().hasResourceProperties('AWS::Athena::WorkGroup', {
        WorkGroupConfiguration: Match.objectLike({
          EnforceWorkGroupConfiguration: true,
          BytesScannedCutoffPerQuery: 2 * 1024 ** 3,
          ResultConfiguration: Match.objectLike({ EncryptionConfiguration, ExpectedBucketOwner: '111122223333' }),
        }),
      });
    });
});

describe('grants', () => {
  const actionsOf = (user: string) => statements(user).flatMap(({ Action }) => Action);

  test('to start allow to start', () => {
    exported().grants.start(new User(stack, 'Starter'));
    expect(actionsOf('Starter')).toEqual(['states:StartExecution']);
  });

  test('to read allow to read below the prefix, with the key', () => {
    exported({ objectPrefix: 'a/', encryptionKey: new Key(stack, 'Key') }).grants.read(new User(stack, 'Reader'));
    expect(actionsOf('Reader').sort()).toEqual(['kms:Decrypt', 's3:GetBucketLocation', 's3:GetObject', 's3:ListBucket']);
    expect(statements('Reader').find(({ Action }) => Action === 's3:ListBucket').Condition).toEqual({ StringLike: { 's3:prefix': 'a/*' } });
  });

  test('to query allow to ask in the workgroup, of these tables', () => {
    exported({ athena: true }).grants.query(new User(stack, 'Auditor'));
    const [glue] = statements('Auditor').filter(({ Action }) => Action.includes('glue:GetTable'));
    expect(JSON.stringify(glue.Resource)).toMatch(/:catalog.*:database\/stack_it_catalog.*:table\/stack_it_catalog/);
    expect(actionsOf('Auditor')).toEqual(expect.arrayContaining(['athena:StartQueryExecution', 'athena:GetQueryResults', 's3:GetObject']));
    expect(actionsOf('Auditor').filter((action) => /^glue:(Create|Update|Delete)/.test(action))).toEqual([]);
  });

  test('to query allow to write results, and to delete nothing', () => {
    exported({ athena: true, encryptionKey: new Key(stack, 'Key') }).grants.query(new User(stack, 'Auditor'));

    const ofResults = statements('Auditor').filter(({ Resource }) => JSON.stringify(Resource).includes('ItCatalogResults'));
    expect(ofResults.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [
        ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
        { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching('^ItCatalogResults'), 'Arn'] }, '/queries/*']] },
      ],
      [['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], { 'Fn::GetAtt': [expect.stringMatching('^ItCatalogResults'), 'Arn'] }],
    ]);
    expect(actionsOf('Auditor').filter((action) => /Delete|\*/.test(action))).toEqual([]);
    expect(actionsOf('Auditor')).toContain('kms:GenerateDataKey');
  });

  test('to another account give nothing', () => {
    const key = () => JSON.stringify(Object.values(template().findResources('AWS::KMS::Key')));
    const policies = () => JSON.stringify([template().findResources('AWS::S3::BucketPolicy'), template().findResources('AWS::IAM::Policy'), key()]);
    const it = exported({ athena: true, encryptionKey: new Key(stack, 'Key') });
    const other = Role.fromRoleArn(stack, 'Other', 'arn:aws:iam::444455556666:role/other');
    it.grants.query(other);
    it.grants.read(other);

    expect(policies()).not.toContain('444455556666');
    Annotations.fromStack(stack).hasWarning('/Stack/It', Match.stringLikeRegexp('to a principal of account \'444455556666\''));
  });

  test('to query need a workgroup', () => {
    expect(() => exported().grants.query(new User(stack, 'Auditor'))).toThrow('Stack/It: the export has no workgroup in which somebody could ask: athena is not set.');
  });

  test('to a role of another account cause a warning', () => {
    exported().grants.read(Role.fromRoleArn(stack, 'Other', 'arn:aws:iam::444455556666:role/other'));
    Annotations.fromStack(stack).hasWarning('/Stack/It', Match.stringLikeRegexp('to a principal of account \'444455556666\''));
  });
});

test('where roles are made by others, there are no policies, and the report tells what is needed', () => {
  const app = new App();
  const roles = ['FunctionRole', 'Role', 'ScheduleRole'];
  Role.customizeRoles(app, { usePrecreatedRoles: Object.fromEntries(roles.map((name) => [`Stack/It/${name}`, name.toLowerCase()])) });
  stack = new Stack(app, 'Stack', { env: ENV });
  exported();

  template().resourceCountIs('AWS::IAM::Policy', 0);
  const report = readFileSync(join(app.outdir, 'iam-policy-report.json'), 'utf8');
  for (const action of ['states:StartExecution', 'states:DescribeExecution', 'states:RedriveExecution', 'lambda:InvokeFunction', 's3:PutObject']) {
    expect(report).toContain(action);
  }
});

test('it is told by its brand, and has what a dashboard shows', () => {
  const it = exported({ athena: true });

  expect([it, stack].map((x) => UsageExport.isUsageExport(x))).toEqual([true, false]);
  expect([it.stateMachineArn, it.workGroupName, it.databaseName, it.objectPrefix]).toEqual([it.stateMachine.stateMachineArn, expect.any(String), expect.any(String), '']);
});
