import * as path from 'node:path';
import { Annotations, ArnFormat, Duration, Size, SizeRoundingBehavior, Stack, Token } from 'aws-cdk-lib';
import type { Alarm, IAlarmAction, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILicenseAssetGroupRef, ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import type { CfnBucket, IBucket, IBucketRef, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { INVENTORY } from './contract/request';
import type { ExportSettings } from './contract/request';
import { errorLengthOf, exportDefinition, MAP_LABEL, PAYLOAD } from './export-definition';
import { UsageCatalog } from './usage-catalog';
import { UsageExportGrants } from './usage-export-grants';
import type { UsageResourceType } from './usage-resource-type';
import { letMapStartExecutions } from '../private/facade/distributed-map';
import { OF_METRIC } from '../private/facade/metrics';
import { acknowledge, acknowledgeStandards, acknowledgeWildcard } from '../private/finding/acknowledgement';
import { acknowledgeCheckov } from '../private/finding/checkov';
import { onceEach } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { declaredBefore } from '../private/identity/environment';
import { identityOfFound } from '../private/identity/look-up';
import { accountOf, identityOf, isUnknown, knownToDiffer, regionOf } from '../private/identity/reference';
import { ALARM_ACTIONS, makeAlarm } from '../private/license/alarm';
import { accountOfLicense, identityOfLicense } from '../private/license/license-reference';
import { checkLicenseRegions } from '../private/license/licenses';
import { NAME_PREFIX } from '../private/license/report-bucket';
import { ACCOUNT } from '../private/validation/format';
import {
  construct, DURATION, FLAG, givenProps, implementing, listOf, mapOf, needed, NUMBER, ofClass, TEXT,
} from '../private/validation/given';
import type { Foreign, Shape } from '../private/validation/given';
import { checkRegion } from '../private/validation/place';
import { checkLength, checkPattern, checkSize, checkWholeNumber, lit, refuse, valueOf } from '../private/validation/validation';

/**
 * Properties of an export of the usage of licenses.
 */
export interface UsageExportProps {
  /**
   * The self-managed licenses to export: at least one, and up to 3,640 of the account and Region of the stack, as many as Step Functions has room for. Others are
   * named by their ARNs, which leave room for fewer.
   *
   * License Manager answers in the Region of the stack only. A license of another account is exported as far as that account shares it, and causes a warning.
   *
   * Throws a `ValidationError` for a license of another Region, for an empty list, and for too many.
   */
  readonly licenseConfigurations: ILicenseConfigurationRef[];

  /**
   * License asset groups whose assets are exported.
   *
   * Throws a `ValidationError` for one of another Region.
   *
   * @default - no assets are exported
   */
  readonly licenseAssetGroups?: ILicenseAssetGroupRef[];

  /**
   * Whether records of usage are exported: which resource uses how many licenses.
   *
   * @default true
   */
  readonly usage?: boolean;

  /**
   * Whether associations are exported: which resources have the licenses, also those that use nothing.
   *
   * @default true
   */
  readonly associations?: boolean;

  /**
   * Whether failures are exported: what License Manager could not do for the licenses.
   *
   * @default true
   */
  readonly failures?: boolean;

  /**
   * Whether the inventory of resources is exported, all of it, in which License Manager looks for software. It has to be set up, or the run fails.
   *
   * @default false
   */
  readonly inventory?: boolean;

  /**
   * The accounts whose resources records of usage are exported of: at least one, if there are any. Each is asked for by calls of its own; one that is there twice
   * causes a warning.
   *
   * Throws a `ValidationError` for an id that has not 12 digits, for an empty list, and for more than some 8,000.
   *
   * @default - records of all accounts
   */
  readonly resourceAccounts?: string[];

  /**
   * The types of resources that records of usage are exported of: at least one, if there are any. Each is asked for by calls of its own; one that is there twice
   * causes a warning.
   *
   * Throws a `ValidationError` for an empty list.
   *
   * @default - records of all types
   */
  readonly resourceTypes?: UsageResourceType[];

  /**
   * When to export. Its time zone says when a day begins: a run is for the day of its time, also if it is late or done again.
   *
   * License Manager knows nothing but now: where a day has no run, it has no record. A second run of a day overwrites the first one.
   *
   * @default - daily at 23:00 UTC
   */
  readonly schedule?: ScheduleExpression;

  /**
   * Whether the schedule runs.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Where to write to. See to its retention, versions and policy: nothing of it is changed. The export may use the key of a bucket that is an L2; see to that of
   * another one.
   *
   * It should not be a bucket of License Manager (`aws-license-manager-service-…`), to which License Manager may write and whose objects it may replace: that
   * causes a warning.
   *
   * @default - a bucket of its own: encrypted, versioned, without public access, by TLS only, and retained with the stack gone
   */
  readonly bucket?: IBucketRef;

  /**
   * What the names of all objects begin with: up to 200 letters, digits and `!-_.*'()/`, with a slash at the end and none at the beginning.
   *
   * Throws a `ValidationError` for another form.
   *
   * @default - nothing
   */
  readonly objectPrefix?: string;

  /**
   * For how long what is exported is kept: whole days, from 1 day to 36,500 days. In another bucket than one of its own the tables of Athena show no more than
   * that, and nothing is deleted.
   *
   * In the bucket of its own an object that old is no longer there for who lists or reads it, and is deleted for good 90 days later, or `retention` later if that
   * is less: Amazon S3 keeps a version for that long once it is no longer the current one, and cannot tell one that was expired from one that was overwritten. A
   * version that another run of the day has overwritten is kept for the same 90 days from then on. `objectLock` keeps each version for its own time at least.
   *
   * Throws a `ValidationError` for another time, and for a token.
   *
   * @default Duration.days(2557) - 7 years
   */
  readonly retention?: Duration;

  /**
   * For how long nobody can change or delete what is exported, or only somebody with a special permission: S3 Object Lock of the bucket of its own. With
   * `ObjectLockRetention.compliance()` nobody at all can, AWS included, and the bucket cannot be deleted before.
   *
   * Longer than `retention`, it keeps what the tables no longer show, which causes a warning.
   *
   * Throws a `ValidationError` together with `bucket`.
   *
   * @default - no Object Lock: versions are kept, and can be deleted
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   */
  readonly objectLock?: ObjectLockRetention;

  /**
   * The key that the bucket of its own, and the results of Athena, are encrypted with.
   *
   * Throws a `ValidationError` together with `bucket`, if `athena` is not set.
   *
   * @default - the keys of Amazon S3 (SSE-S3)
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether there are tables, an Athena workgroup and queries for what is exported. A table of what is no longer exported is deleted, and what was exported stays.
   *
   * @default false
   */
  readonly athena?: boolean;

  /**
   * How much a query may read: whole bytes, from 10 MB (10,000,000 bytes). Athena cancels one that reads more.
   *
   * Throws a `ValidationError` for less, and without `athena`.
   *
   * @default Size.gibibytes(10)
   */
  readonly maximumScan?: Size;

  /**
   * How many licenses are exported at once: a whole number from 1 to 1,000. License Manager's own limit is not documented.
   *
   * Throws a `ValidationError` for another number.
   *
   * @default 4
   */
  readonly concurrency?: number;

  /**
   * How many instances of the function may run at once, which are kept for it: a whole number from 1 on. Those of an account have a limit for all functions.
   *
   * Throws a `ValidationError` for another number, and for less than `concurrency`.
   *
   * @default - nothing is reserved
   */
  readonly reservedConcurrency?: number;

  /**
   * What the alarms do.
   *
   * @default - they tell the topic of `ServiceSettings`, if the app declares one for the account and the Region; an empty list for nothing
   */
  readonly alarmActions?: IAlarmAction[];
}

/**
 * An audit trail: writes down every day what License Manager says of self-managed licenses, for License Manager knows nothing but now.
 *
 * A schedule starts a state machine, which exports each license by an invocation of a function: its records of usage, its associations and its failures, and in the
 * end the license itself, with its number and what is in use. Each is an object of JSON lines whose name says what it is of and of which day, and nothing else:
 *
 * `usage/day=2026-11-30/account=111122223333/region=us-east-1/lic-….jsonl`
 *
 * The same day once more overwrites it, as a new version. An object without lines says that there was nothing; no object, that there was no export.
 *
 * **What fails** is tried again, from the last part of an object that was written; a license that fails in the end does not keep the others from being exported. A
 * run of which something fails, fails: it sets off `alarm`, and is in `deadLetterQueue` with the input that exports the rest.
 *
 * **By hand** it is started as `aws stepfunctions start-execution --state-machine-arn …`, with no input.
 *
 * Its function may read the licenses and the groups that it exports, by their ARNs; of more than 50 licenses all of an account, as policies hold no more.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { LicenseConfiguration, LicenseCounting, UsageExport } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * const windows = new LicenseConfiguration(stack, 'WindowsServer', { licenseCounting: LicenseCounting.cores() });
 * new UsageExport(stack, 'Audit', { licenseConfigurations: [windows], athena: true });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_ListUsageForLicenseConfiguration.html
 */
@propertyInjectable
export class UsageExport extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.UsageExport';

  /**
   * Whether the given object is a `UsageExport`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isUsageExport(x: any): x is UsageExport {
    return isBranded(x, 'UsageExport');
  }

  /**
   * Where it writes to.
   */
  public readonly bucket: IBucketRef;

  /**
   * What the names of all objects begin with: nothing, or a text that ends in a slash.
   */
  public readonly objectPrefix: string;

  /**
   * The state machine, with its metrics.
   */
  public readonly stateMachine: StateMachine;

  /**
   * The schedule that starts it.
   */
  public readonly schedule: Schedule;

  /**
   * What has failed: runs that did not end well, as the events of AWS Step Functions have them, and runs that could not be started. Messages are kept for 14 days.
   */
  public readonly deadLetterQueue: Queue;

  /**
   * Goes off when a run fails.
   */
  public readonly alarm: Alarm;

  /**
   * Goes off when something is in `deadLetterQueue`, and until it is taken out: also runs that took too long, were stopped, or were not started at all.
   */
  public readonly deadLetterAlarm: Alarm;

  /**
   * The Athena workgroup; nothing without `athena`.
   */
  public readonly workGroupName?: string;

  /**
   * The Glue database with the tables; nothing without `athena`.
   */
  public readonly databaseName?: string;

  /**
   * Who may start it, read what it has written, and ask.
   */
  public readonly grants: UsageExportGrants;

  /** @internal */
  public readonly _catalog?: UsageCatalog;

  /**
   * The key of the bucket, as far as it is known.
   *
   * @internal
   */
  public readonly _key?: IKey;

  /**
   * Makes an export.
   *
   * Throws a `ValidationError` for what the properties say.
   */
  constructor(scope: Construct, id: string, props: UsageExportProps) {
    super(scope, id);
    brand(this, 'UsageExport');
    props = givenProps(this, props, PROPS);
    this.objectPrefix = props.objectPrefix ?? '';
    const retentionDays = this.check(props);
    const licenses = onceEach(this, 'licenseConfigurations', props.licenseConfigurations, identityOfLicense, it => it.node.path);
    const groups = onceEach(this, 'licenseAssetGroups', props.licenseAssetGroups ?? [],
      it => identityOfFound(it, it.licenseAssetGroupRef.licenseAssetGroupArn), it => it.node.path);
    this.checkLicenses(licenses, groups);

    this.bucket = props.bucket ?? this.makeBucket(props, retentionDays);
    this._key = (this.bucket as Partial<IBucket>).encryptionKey;
    this.checkBucket(licenses, groups, props);
    const schedule = props.schedule ?? ScheduleExpression.cron({ minute: '0', hour: '23' });
    const settings: ExportSettings = {
      bucket: this.bucket.bucketRef.bucketName,
      bucketRegion: props.bucket?.env.region ?? Stack.of(this).region,
      ...!props.bucket && { bucketOwner: Stack.of(this).account },
      prefix: this.objectPrefix,
      timeZone: schedule.timeZone?.timezoneName ?? 'Etc/UTC',
      tables: (['usage', 'associations', 'failures'] as const).filter(it => props[it] ?? true),
      // Each once: what is asked for twice would be written twice.
      ...props.resourceAccounts && { accounts: this.eachOnce('resourceAccounts', props.resourceAccounts) },
      ...props.resourceTypes && {
        resourceTypes: this.eachOnce('resourceTypes', props.resourceTypes.map((value, index) =>
          valueOf(this, lit`UsageResourceTypeClass`, { property: `resourceTypes[${index}]`, value, type: 'UsageResourceType' })!)),
      },
    };
    const concurrency = props.concurrency ?? Math.min(4, props.reservedConcurrency ?? 4);
    const handler = this.makeFunction(licenses, groups, settings, props);
    this.stateMachine = this.makeStateMachine(handler, {
      subjects: [
        ...licenses.map(it => this.shortened(it.licenseConfigurationRef.licenseConfigurationArn)),
        ...groups.map(it => it.licenseAssetGroupRef.licenseAssetGroupArn),
        ...props.inventory ? [INVENTORY] : [],
      ],
      settings,
      concurrency,
    });
    this.deadLetterQueue = this.makeQueue();
    this.schedule = this.makeSchedule(schedule, props.enabled);
    this.alarm = makeAlarm(this, 'Alarm', {
      metric: this.metricFailed(), threshold: 1, evaluationPeriods: 1, defaultDescription: 'An export of the usage of licenses has failed',
    }, { actions: props.alarmActions });
    this.deadLetterAlarm = makeAlarm(this, 'DeadLetterAlarm', {
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(),
      threshold: 1,
      evaluationPeriods: 1,
      defaultDescription: 'An export of the usage of licenses has failed, or was not started, and its message waits in the queue',
    }, { actions: props.alarmActions });
    if (props.athena) {
      this._catalog = new UsageCatalog(this, 'Catalog', {
        bucket: this.bucket,
        prefix: this.objectPrefix,
        tables: ['licenses', ...settings.tables, ...groups.length > 0 ? ['assets' as const] : [], ...props.inventory ? [INVENTORY] : []],
        retentionDays,
        maximumScanBytes: (props.maximumScan ?? Size.gibibytes(10)).toBytes(),
        encryptionKey: props.encryptionKey,
      });
      this.workGroupName = this._catalog.workGroupName;
      this.databaseName = this._catalog.databaseName;
    }
    this.grants = UsageExportGrants.fromUsageExport(this);
  }

  /**
   * The ARN of the state machine.
   */
  public get stateMachineArn(): string {
    return this.stateMachine.stateMachineArn;
  }

  /**
   * How many runs have failed: one in which at least one license was not exported.
   *
   * @default - the sum over 5 minutes
   * @param props what is to be otherwise
   */
  public metricFailed(props?: MetricOptions): Metric {
    return this.metric('ExecutionsFailed', props);
  }

  /**
   * How many runs have ended well.
   *
   * @default - the sum over 5 minutes
   * @param props what is to be otherwise
   */
  public metricSucceeded(props?: MetricOptions): Metric {
    return this.metric('ExecutionsSucceeded', props);
  }

  private metric(metricName: string, props?: MetricOptions): Metric {
    return this.stateMachine.metric(metricName, { statistic: 'Sum', ...givenProps(this, props ?? {}, OPTIONS, OF_METRIC) });
  }

  private eachOnce(property: string, values: string[]): string[] {
    return onceEach(this, property, values, it => isUnknown(it) ? undefined : it, it => it);
  }

  /** Refuses what does not fit, and tells for how many days what is exported is kept. */
  private check(props: UsageExportProps): number {
    const { licenseConfigurations, resourceAccounts, resourceTypes, objectPrefix, bucket, objectLock, encryptionKey, athena, maximumScan } = props;
    checkSize(this, lit`UsageExportLicenses`, {
      property: 'licenseConfigurations', value: licenseConfigurations, minimum: 1, maximum: Infinity, wayOut: 'Name at least one.',
    });
    checkSize(this, lit`UsageExportAccounts`, { property: 'resourceAccounts', value: resourceAccounts, minimum: 1, maximum: Infinity });
    checkSize(this, lit`UsageExportResourceTypes`, { property: 'resourceTypes', value: resourceTypes, minimum: 1, maximum: Infinity });
    resourceAccounts?.forEach((value, index) => checkPattern(this, lit`UsageExportAccount`, {
      property: `resourceAccounts[${index}]`, value, pattern: ACCOUNT, expected: 'be the id of an account, with 12 digits', wayOut: 'Correct it, or leave it out.',
    }));
    checkLength(this, lit`UsageExportPrefixLength`, { property: 'objectPrefix', value: objectPrefix, minimum: 0, maximum: 200 });
    checkPattern(this, lit`UsageExportPrefix`, {
      property: 'objectPrefix',
      value: objectPrefix,
      pattern: /^$|^[A-Za-z0-9!_.*'()-][A-Za-z0-9!_.*'()/-]*\/$/,
      expected: 'have letters, digits and !-_.*\'()/ only, and a slash at its end and none at its beginning',
      wayOut: 'Write it as \'licenses/\', or leave it out.',
    });
    checkWholeNumber(this, lit`UsageExportConcurrency`, { property: 'concurrency', value: props.concurrency, minimum: 1, maximum: 1000 });
    checkWholeNumber(this, lit`UsageExportReserved`, { property: 'reservedConcurrency', value: props.reservedConcurrency, minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
    const { concurrency, reservedConcurrency } = props;
    if (concurrency !== undefined && reservedConcurrency !== undefined && !Token.isUnresolved(concurrency) && !Token.isUnresolved(reservedConcurrency)
      && reservedConcurrency < concurrency) {
      refuse(this, lit`UsageExportReservedTooFew`, `reservedConcurrency is ${reservedConcurrency} and concurrency ${concurrency}: what is more than reserved would be `
        + 'refused again and again. Reserve as many, or export fewer at once.');
    }
    if (bucket && objectLock) {
      refuse(this, lit`UsageExportLockOfGivenBucket`, 'objectLock is set together with bucket: Object Lock is a matter of the bucket. Set it on the bucket, or leave bucket out.');
    }
    if (bucket && encryptionKey && !athena) {
      refuse(this, lit`UsageExportKeyOfGivenBucket`, 'encryptionKey is set together with bucket: a bucket has a key of its own. Set it on the bucket, or leave bucket out.');
    }
    if (maximumScan && !athena) {
      refuse(this, lit`UsageExportScanWithoutAthena`, 'maximumScan is set without athena: there is no workgroup. Set athena to true, or leave maximumScan out.');
    }
    if (maximumScan?.isUnresolved()) {
      refuse(this, lit`UsageExportScanUnknown`, 'maximumScan is a token: it has to be known at synthesis. Write it out.');
    }
    checkWholeNumber(this, lit`UsageExportScan`, {
      property: 'maximumScan in bytes', value: maximumScan?.toBytes({ rounding: SizeRoundingBehavior.NONE }), minimum: 10_000_000, maximum: Number.MAX_SAFE_INTEGER,
    });
    return this.checkRetention(props.retention ?? Duration.days(2557));
  }

  private checkRetention(retention: Duration): number {
    if (retention.isUnresolved()) {
      refuse(this, lit`UsageExportRetentionUnknown`, 'retention is a token: it has to be known at synthesis. Write it out.');
    }
    const days = retention.toDays({ integral: false });
    checkWholeNumber(this, lit`UsageExportRetention`, { property: 'retention in days', value: days, minimum: 1, maximum: 36500 });
    return days;
  }

  private checkLicenses(licenses: readonly ILicenseConfigurationRef[], groups: readonly ILicenseAssetGroupRef[]): void {
    checkLicenseRegions(this, licenses);
    const { account: own } = Stack.of(this);
    for (const license of licenses) {
      const account = accountOfLicense(license);
      if (knownToDiffer(account, own)) {
        Annotations.of(this).addWarningV2('cdk-license-manager:exportOfAnotherAccount',
          `License '${license.node.path}' belongs to account '${account}' and the stack to '${own}': its export fails unless it is shared with '${own}' (LicenseShare), `
          + `and has what License Manager tells '${own}'. Export it in '${account}', with a bucket for all accounts, or acknowledge this finding.`);
      }
    }
    for (const group of groups) {
      const { licenseAssetGroupArn: arn } = group.licenseAssetGroupRef;
      checkRegion(this, lit`AssetGroupInAnotherRegion`, {
        what: `license asset group '${group.node.path}'`,
        value: regionOf(group, arn),
        reason: 'License Manager answers for its own Region. Export it in a stack of that Region.',
      });
      if (knownToDiffer(accountOf(group, arn), own)) {
        Annotations.of(this).addWarningV2('cdk-license-manager:exportOfAnotherAccount',
          `License asset group '${group.node.path}' belongs to account '${accountOf(group, arn)}' and the stack to '${own}': its export fails, as it cannot be shared. `
          + 'Export it there, with a bucket for all accounts.');
      }
    }
  }

  private checkBucket(
    licenses: readonly ILicenseConfigurationRef[], groups: readonly ILicenseAssetGroupRef[], { bucket: given, inventory }: UsageExportProps,
  ): void {
    if (!given) {
      return;
    }
    const { bucketName } = given.bucketRef;
    const written = (given.node.defaultChild as Partial<CfnBucket> | undefined)?.bucketName ?? (given as Partial<CfnBucket>).bucketName ?? bucketName;
    if ([written, bucketName].some(it => typeof it === 'string' && it.startsWith(NAME_PREFIX))) {
      Annotations.of(this).addWarningV2('cdk-license-manager:exportBucketOfLicenseManager',
        `The bucket '${given.node.path}' is one of License Manager, by the name '${NAME_PREFIX}…': its service-linked role may write to it, and replace what is `
        + 'exported, which is no evidence then. Use another bucket, or leave bucket out.');
    }
    if (isUnknown(this.objectPrefix)) {
      return;
    }
    const exported = [
      ...licenses.map(it => [`license '${it.node.path}'`, identityOfLicense(it), 'the license'] as const),
      ...groups.map(it => [`license asset group '${it.node.path}'`, identityOfFound(it, it.licenseAssetGroupRef.licenseAssetGroupArn), 'the group'] as const),
      ...inventory ? [['the inventory', INVENTORY, 'the inventory'] as const] : [],
    ];
    for (const [what, identity, short] of exported) {
      const before = declaredBefore(this, 'usage export', `${identityOf(bucketName)} ${this.objectPrefix} ${identity}`);
      if (before !== undefined) {
        Annotations.of(this).addWarningV2('cdk-license-manager:usageExportsOfOnePlace',
          `'${before}' exports ${what} to the same bucket, too, under the same names: each overwrites what the other has written. `
          + `Leave ${short} out of one of the two, or give one another objectPrefix.`);
      }
    }
  }

  private makeBucket({ objectLock, encryptionKey }: UsageExportProps, retentionDays: number): Bucket {
    const locked = !objectLock || objectLock.duration.isUnresolved() ? 0 : objectLock.duration.toDays({ integral: false });
    if (locked > retentionDays) {
      Annotations.of(this).addWarningV2('cdk-license-manager:objectLockOutlastsRetention',
        `objectLock keeps each version for ${locked} days, and retention for ${retentionDays}: what has been kept for ${retentionDays} days is no `
        + 'longer listed, and is stored and billed until the lock ends. Make retention as long as the lock, or the lock shorter.');
    }
    const bucket = new Bucket(this, 'Bucket', {
      encryptionKey,
      bucketKeyEnabled: encryptionKey ? true : undefined,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      objectLockDefaultRetention: objectLock,
      lifecycleRules: [{
        expiration: Duration.days(retentionDays),
        // Amazon S3 does not tell a version that was expired from one that was overwritten: longer than this, all would be kept for longer than retention.
        noncurrentVersionExpiration: Duration.days(Math.min(retentionDays, FORMER_DAYS)),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      }, {
        // Which the expiration of a version leaves.
        expiredObjectDeleteMarker: true,
      }],
    });
    const resource = bucket.node.defaultChild as CfnBucket;
    const reason = 'The export alone writes to it, which AWS CloudTrail can log; who wants the log of Amazon S3 gives the export a bucket of his own.';
    acknowledge(resource, 'Annotation::AwsSolutions-S1', reason);
    acknowledgeCheckov(resource, { CKV_AWS_18: reason });
    acknowledgeStandards(resource, {
      S3BucketLoggingEnabled: reason,
      S3BucketReplicationEnabled: 'Where a copy is to be is a matter of who needs one; who does gives the export a bucket of his own.',
      ...!objectLock && { S3BucketDefaultLockEnabled: 'For how long nobody may delete evidence is a matter of who keeps it: objectLock says it.' },
      ...!encryptionKey && { S3DefaultEncryptionKMS: 'It has names of resources and licenses, and no secret; encryptionKey encrypts it with a key.' },
    });
    return bucket;
  }

  private makeFunction(
    licenses: readonly ILicenseConfigurationRef[], groups: readonly ILicenseAssetGroupRef[], { tables, prefix }: ExportSettings,
    { inventory, reservedConcurrency }: UsageExportProps,
  ): Function {
    const role = new Role(this, 'FunctionRole', {
      description: 'Exports the usage of licenses', assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const logGroup = this.makeLogGroup('FunctionLog');
    const handler = new Function(this, 'Function', {
      description: 'Exports the usage of licenses, one license at a time',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(path.join(__dirname, '..', '..', 'assets', 'usage-export')),
      handler: 'index.handler',
      // It has a part of an object in memory, and waits for answers most of the time.
      memorySize: 256,
      // The most that Lambda allows; what takes longer is continued by another invocation.
      timeout: Duration.minutes(15),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      reservedConcurrentExecutions: reservedConcurrency,
    });
    const allow = (actions: string[], ...resources: string[]) => role.addToPolicy(new PolicyStatement({ actions, resources }));
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupRef.logGroupArn);
    allow([
      'license-manager:GetLicenseConfiguration',
      ...tables.map(it => ({
        usage: 'license-manager:ListUsageForLicenseConfiguration',
        associations: 'license-manager:ListAssociationsForLicenseConfiguration',
        failures: 'license-manager:ListFailuresForLicenseConfigurationOperations',
      })[it]),
    ], ...this.arnsOf(licenses, role));
    if (groups.length > 0) {
      allow(['license-manager:ListAssetsForLicenseAssetGroup'], ...groups.map(it => it.licenseAssetGroupRef.licenseAssetGroupArn));
    }
    if (inventory) {
      allow(['license-manager:ListResourceInventory'], '*');
      acknowledgeWildcard(role, '*', 'The inventory of an account is no resource that IAM knows.');
    }
    const objects = `${this.bucket.bucketRef.bucketArn}/${prefix}*`;
    allow(['s3:AbortMultipartUpload', 's3:PutObject'], objects);
    acknowledgeWildcard(role, objects, 'Objects are named after days, which are not known before.');
    // To complete an object of parts takes both.
    this._key?.grantEncryptDecrypt(role);
    for (const action of ['kms:GenerateDataKey*', 'kms:ReEncrypt*']) {
      acknowledge(role, `Annotation::AwsSolutions-IAM5[Action::${action}]`, 'aws-cdk-lib lets who writes to a bucket use its key so, and that key alone.');
    }
    acknowledgeStandards(role, { IAMNoInlinePolicy: INLINE });
    const concurrency = 'The state machine invokes it, as many at once as concurrency says; reservedConcurrency keeps some for it.';
    const queue = 'The state machine waits for its answer, and sends what has failed to a queue.';
    const network = 'It calls APIs of AWS only, by TLS, and takes no connections.';
    acknowledgeCheckov(handler.node.defaultChild as CfnFunction, { CKV_AWS_115: concurrency, CKV_AWS_116: queue, CKV_AWS_117: network });
    acknowledgeStandards(handler, {
      LambdaConcurrency: concurrency,
      LambdaDLQ: queue,
      LambdaInsideVPC: network,
      LambdaTracing: 'It calls one API after the other: its log says when it did what.',
    });
    return handler;
  }

  /** What a policy has room for: of more licenses than that, all of the accounts that they belong to. */
  private arnsOf(licenses: readonly ILicenseConfigurationRef[], role: Role): string[] {
    if (licenses.length <= LICENSES_IN_POLICY) {
      return licenses.map(it => it.licenseConfigurationRef.licenseConfigurationArn);
    }
    const stack = Stack.of(this);
    const accounts = new Set(licenses.map(accountOfLicense).map(account => knownToDiffer(account, stack.account) ? account : stack.account));
    return [...accounts].map(account => {
      const arn = stack.formatArn({
        service: 'license-manager', resource: 'license-configuration', resourceName: '*', account, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
      acknowledgeWildcard(role, arn, 'A policy has no room for the ARNs of so many licenses; what is allowed reads, and changes nothing.');
      return arn;
    });
  }

  /** The id of a license of the own account and Region, of which thousands have room; else the ARN. What is a token is shortened by the state machine. */
  private shortened(arn: string): string {
    const { region, account } = Stack.of(this);
    const [, ofRegion, ofAccount, id] = /^arn:[^:]+:license-manager:([^:]+):([^:]+):license-configuration:(lic-[^:/]+)$/.exec(arn) ?? [];
    return ofRegion === region && ofAccount === account ? id : arn;
  }

  /** Refuses what Step Functions has no room for, and tells how many characters there are for a failure. */
  private checkRoom({ subjects, settings }: { readonly subjects: readonly string[]; readonly settings: ExportSettings }): number {
    // An execution of the map gets them with the subject, the time, and how far it is.
    const bytes = Buffer.byteLength(JSON.stringify(settings));
    if (bytes > SETTINGS) {
      refuse(this, lit`UsageExportSettingsTooLong`, `what is exported, with resourceAccounts and resourceTypes, takes ${bytes} bytes: AWS Step Functions hands on ${PAYLOAD} `
        + `bytes, of which ${SETTINGS} are for that. Make several exports, each for some of the accounts, and each with an objectPrefix of its own.`);
    }
    return errorLengthOf(subjects) ?? refuse(this, lit`UsageExportTooManyLicenses`, `${subjects.length} licenses, groups and inventories are exported: AWS Step Functions `
      + `hands on ${PAYLOAD} bytes, in which the names of so many, with an error each, have no room (3,640 licenses of the stack's own account and Region have). `
      + 'Make several exports, each of some of the licenses.');
  }

  private makeStateMachine(
    handler: Function, options: { readonly subjects: string[]; readonly settings: ExportSettings; readonly concurrency: number },
  ): StateMachine {
    const stack = Stack.of(this);
    const role = new Role(this, 'Role', {
      description: 'Exports the usage of licenses',
      assumedBy: new ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }));
    const stateMachine = new StateMachine(this, 'StateMachine', {
      comment: `Export of ${this.node.path}`,
      role,
      definitionBody: DefinitionBody.fromString(stack.toJsonString(exportDefinition({
        ...options,
        functionArn: handler.functionArn,
        partition: stack.partition,
        ownLicenses: stack.formatArn({ service: 'license-manager', resource: 'license-configuration', resourceName: '', arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
        errorLength: this.checkRoom(options),
      }))),
      logs: { destination: this.makeLogGroup('Log'), level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
    acknowledge(role, 'Annotation::AwsSolutions-IAM5[Resource::*]', 'The delivery of logs and AWS X-Ray know no resource.');
    acknowledgeStandards(role, { IAMNoInlinePolicy: INLINE });
    letMapStartExecutions(this, role, stateMachine, MAP_LABEL);
    return stateMachine;
  }

  private makeLogGroup(id: string): LogGroup {
    const logGroup = new LogGroup(this, id, { retention: RetentionDays.ONE_YEAR });
    const reason = 'It has names of licenses and objects, and no secret.';
    acknowledgeCheckov(logGroup.node.defaultChild as CfnLogGroup, { CKV_AWS_158: reason });
    acknowledgeStandards(logGroup, { CloudWatchLogGroupEncrypted: reason });
    return logGroup;
  }

  private makeQueue(): Queue {
    const queue = new Queue(this, 'DeadLetterQueue', {
      encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14),
    });
    const last = 'It is the queue of what has failed, from which messages go nowhere else.';
    acknowledge(queue, 'Annotation::AwsSolutions-SQS3', last);
    acknowledgeStandards(queue, { SQSRedrivePolicy: last });
    acknowledgeCheckov(queue.node.defaultChild as CfnQueue, {
      CKV_AWS_27: 'It is encrypted with the keys of Amazon SQS (SSE-SQS): with another one, the services that send to it would need permission on the key.',
    });
    // Also what has timed out, or was stopped, and could say nothing itself.
    const rule = new Rule(this, 'Failed', {
      description: `Runs of ${this.node.path} that have not ended well`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [this.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [new SqsQueue(queue)],
    });
    acknowledgeStandards(rule, { EventBusDLQ: 'Its target is the queue of what has failed; the alarm of failed runs does not depend on it.' });
    return queue;
  }

  private makeSchedule(schedule: ScheduleExpression, enabled?: boolean): Schedule {
    const role = new Role(this, 'ScheduleRole', {
      description: 'Starts the export of the usage of licenses',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    acknowledgeStandards(role, { IAMNoInlinePolicy: INLINE });
    return new Schedule(this, 'Schedule', {
      description: `Starts ${this.node.path}`,
      schedule,
      enabled,
      // What it tells as its time is that of the schedule all the same.
      timeWindow: TimeWindow.flexible(Duration.minutes(15)),
      target: new StepFunctionsStartExecution(this.stateMachine, {
        role, deadLetterQueue: this.deadLetterQueue, input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
      }),
    });
  }
}

/** How many ARNs of licenses a policy has room for, besides what else it has: 10,240 characters is the limit for all that are inline in a role. */
const LICENSES_IN_POLICY = 50;

/** For how many days a version is kept once it is not the current one. */
const FORMER_DAYS = 90;

/** How many bytes what is the same for all subjects may have; the rest is for the parts of an object that another invocation has written. */
const SETTINGS = 128 * 1024;

const INLINE = 'The policy is for this role and what it does for the export: nobody else is to have it, which a managed policy would make possible.';

const OPTIONS: Foreign<MetricOptions> = { foreign: { period: DURATION, statistic: TEXT, dimensionsMap: mapOf(TEXT) } };

const PROPS: Shape<UsageExportProps> = {
  licenseConfigurations: needed(listOf(construct(
    'a self-managed license', 'licenseConfigurationRef', 'Use a construct, or LicenseConfiguration.fromLicenseConfigurationArn().'))),
  licenseAssetGroups: listOf(construct(
    'a license asset group', 'licenseAssetGroupRef', 'Use a construct, or LicenseAssetGroup.fromLicenseAssetGroupAttributes().')),
  usage: FLAG,
  associations: FLAG,
  failures: FLAG,
  inventory: FLAG,
  resourceAccounts: listOf(TEXT),
  resourceTypes: listOf(ofClass('UsageResourceType')),
  schedule: implementing('ScheduleExpression', 'expressionString', 'Use what ScheduleExpression of aws-cdk-lib/aws-scheduler has.'),
  enabled: FLAG,
  bucket: construct('a bucket', 'bucketRef'),
  objectPrefix: TEXT,
  retention: DURATION,
  objectLock: ofClass('ObjectLockRetention', 'duration'),
  encryptionKey: construct('a key', 'grantEncryptDecrypt'),
  athena: FLAG,
  maximumScan: ofClass('Size', 'toBytes'),
  concurrency: NUMBER,
  reservedConcurrency: NUMBER,
  alarmActions: ALARM_ACTIONS,
};
