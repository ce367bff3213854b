import { Aws, Duration, Fn, Names, Stack, Token } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, BlockPublicAccess } from 'aws-cdk-lib/aws-s3';
import type { CfnBucket, IBucketRef } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { columnsOf } from './contract/tables';
import type { TableName } from './contract/tables';
import { QUERIES } from './usage-queries';
import { acknowledge, acknowledgeStandards } from '../private/finding/acknowledgement';
import { acknowledgeCheckov } from '../private/finding/checkov';

/** For how many days Athena's results are kept: they can be had again. */
const RESULT_DAYS = 90;

/** What the names of results begin with. */
export const RESULTS = 'queries/';

/** What the tables are made of. */
export interface UsageCatalogOptions {
  readonly bucket: IBucketRef;
  readonly prefix: string;
  readonly tables: readonly TableName[];
  readonly retentionDays: number;
  readonly maximumScanBytes: number;
  readonly encryptionKey?: IKey;
}

/**
 * The tables of an export, and a workgroup with the questions of auditors.
 */
export class UsageCatalog extends Construct {
  public readonly databaseName: string;
  public readonly workGroupName: string;
  public readonly results: Bucket;

  constructor(scope: Construct, id: string, options: UsageCatalogOptions) {
    super(scope, id);
    this.databaseName = Names.uniqueResourceName(this, { maxLength: 120, separator: '_', allowedSpecialCharacters: '_' }).toLowerCase();
    this.workGroupName = Names.uniqueResourceName(this, { maxLength: 120, separator: '-' });
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID, databaseInput: { name: this.databaseName, description: 'What AWS License Manager said, day by day' },
    });
    for (const name of options.tables) {
      this.makeTable(name, options).addResourceDependency(database);
    }
    this.results = this.makeResults(options);
    const workGroup = this.makeWorkGroup(options);
    for (const { id: query, description, tables, sql } of QUERIES) {
      if (tables.every(it => options.tables.includes(it))) {
        const named = new CfnNamedQuery(this, query, {
          name: query, description, database: this.databaseName, workGroup: this.workGroupName, queryString: sql,
        });
        named.addResourceDependency(database);
        named.addResourceDependency(workGroup);
      }
    }
  }

  /**
   * A table whose partitions nobody has to make: that of a day is where the name of the day says.
   *
   * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
   */
  private makeTable(name: TableName, { bucket, prefix, retentionDays }: UsageCatalogOptions): CfnTable {
    // What CloudFormation fills in has no place in the text.
    const isKnown = !Token.isUnresolved(prefix);
    const place = { Bucket: bucket.bucketRef.bucketName, ...!isKnown && { Prefix: prefix } };
    const begin = `s3://\${Bucket}/${isKnown ? prefix : '${Prefix}'}${name}/`;
    return new CfnTable(this, `Table${name[0].toUpperCase()}${name.slice(1)}`, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.databaseName,
      tableInput: {
        name,
        description: `Exported by ${this.node.scope!.node.path}`,
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          'classification': 'json',
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          // Athena's days are those of UTC: where the schedule is, it may be tomorrow.
          'projection.day.range': `NOW-${retentionDays + 1}DAYS,NOW+1DAYS`,
          'projection.day.interval': '1',
          'projection.day.interval.unit': 'DAYS',
          'storage.location.template': Fn.sub(`${begin}day=\${!day}/`, place),
        },
        partitionKeys: [{ name: 'day', type: 'string', comment: 'The day, where the schedule is' }],
        storageDescriptor: {
          location: Fn.sub(begin, place),
          columns: columnsOf(name).map(([column, type, comment]) => ({ name: column, type, comment })),
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    });
  }

  private makeResults({ encryptionKey }: UsageCatalogOptions): Bucket {
    const results = new Bucket(this, 'Results', {
      encryptionKey,
      bucketKeyEnabled: encryptionKey ? true : undefined,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{
        expiration: Duration.days(RESULT_DAYS), noncurrentVersionExpiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1),
      }],
    });
    const resource = results.node.defaultChild as CfnBucket;
    const reason = 'Amazon Athena alone writes to it, on behalf of who asks, which AWS CloudTrail can log.';
    acknowledge(resource, 'Annotation::AwsSolutions-S1', reason);
    acknowledgeCheckov(resource, { CKV_AWS_18: reason });
    const again = 'It has results of queries, which can be had again from what was exported.';
    acknowledgeStandards(resource, {
      S3BucketLoggingEnabled: reason,
      S3BucketDefaultLockEnabled: again,
      S3BucketReplicationEnabled: again,
      ...!encryptionKey && { S3DefaultEncryptionKMS: 'It has names of resources and licenses, and no secret; who wants a key gives the export one.' },
    });
    return results;
  }

  private makeWorkGroup({ maximumScanBytes, encryptionKey }: UsageCatalogOptions): CfnWorkGroup {
    return new CfnWorkGroup(this, 'WorkGroup', {
      name: this.workGroupName,
      description: `Asks what ${this.node.scope!.node.path} has exported`,
      // Its history and its queries go with it: what was exported stays.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: maximumScanBytes,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: this.results.s3UrlForObject(RESULTS),
          expectedBucketOwner: Stack.of(this).account,
          encryptionConfiguration: encryptionKey ? { encryptionOption: 'SSE_KMS', kmsKey: encryptionKey.keyArn } : { encryptionOption: 'SSE_S3' },
        },
      },
    });
  }
}
