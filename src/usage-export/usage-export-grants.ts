import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { RESULTS } from './usage-catalog';
import type { UsageExport } from './usage-export';
import { checkGrantee } from '../private/facade/grants';
import { acknowledgeWildcard } from '../private/finding/acknowledgement';
import { knownToDiffer } from '../private/identity/reference';
import { construct, givenAs } from '../private/validation/given';
import { lit, refuse } from '../private/validation/validation';

/**
 * Permissions on what is exported.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html
 */
export class UsageExportGrants {
  /**
   * The permissions on what an export has written.
   *
   * @param usageExport the export
   */
  public static fromUsageExport(usageExport: UsageExport): UsageExportGrants {
    return new UsageExportGrants(givenAs('UsageExportGrants.fromUsageExport()', 'usageExport', usageExport, construct('a UsageExport', 'stateMachineArn')));
  }

  private constructor(private readonly usageExport: UsageExport) {}

  /**
   * Allows to start an export by hand, for today.
   *
   * @param grantee who is allowed to
   */
  public start(grantee: IGrantable): Grant {
    checkGrantee(this.usageExport, 'usage export', grantee);
    return Grant.addToPrincipal({ grantee, actions: ['states:StartExecution'], resourceArns: [this.usageExport.stateMachineArn] });
  }

  /**
   * Allows to list and to read what is exported, and nothing else in the bucket.
   *
   * The key of a bucket that the app makes may be used for it, by principals of the own account. What is imported has to be seen to: its key, and, if it belongs to another account, its policy.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    checkGrantee(this.usageExport, 'usage export', grantee);
    return this.readObjects(grantee);
  }

  /**
   * Allows to ask by Amazon Athena, in the workgroup of the export, and to read what is exported and the results of queries, those of others included. Nothing
   * can be deleted, and a principal of another account gets nothing, which causes a warning. To make a table, as the query `UsageToParquet` does, takes
   * `glue:CreateTable` besides, on the catalog, the database and the table.
   *
   * Throws a `ValidationError` for an export without `athena`.
   *
   * @param grantee who is allowed to
   */
  public query(grantee: IGrantable): Grant {
    const { usageExport } = this;
    checkGrantee(usageExport, 'usage export', grantee);
    const catalog = usageExport._catalog;
    if (!catalog) {
      return refuse(usageExport, lit`UsageExportWithoutAthena`, 'the export has no workgroup in which somebody could ask: athena is not set. Set athena to true, or '
        + 'use grants.read().');
    }
    const stack = Stack.of(usageExport);
    const { databaseName, workGroupName, results } = catalog;
    const glue = (resource: string, resourceName?: string) => stack.formatArn({ service: 'glue', resource, resourceName });
    const tables = glue('table', `${databaseName}/*`);
    this.accept(grantee, tables, 'The tables of one export and of nothing else, which AWS Glue names.');
    const ofQueries = results.arnForObjects(`${RESULTS}*`);
    this.accept(grantee, ofQueries, 'Results of queries, which Amazon Athena names after the queries.');
    // Not by the grants of the bucket: those would let whoever is granted delete results of others, and by a policy of the bucket also another account.
    const written = Grant.addToPrincipal({
      grantee, actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'], resourceArns: [ofQueries],
    }).combine(Grant.addToPrincipal({
      grantee, actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], resourceArns: [results.bucketArn],
    }));
    const key = this.lets(grantee) ? results.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey') : undefined;
    return this.readObjects(grantee)
      .combine(Grant.addToPrincipal({
        grantee,
        actions: [
          'athena:BatchGetNamedQuery', 'athena:GetNamedQuery', 'athena:GetQueryExecution', 'athena:GetQueryResults', 'athena:GetWorkGroup',
          'athena:ListNamedQueries', 'athena:ListQueryExecutions', 'athena:StartQueryExecution', 'athena:StopQueryExecution',
        ],
        resourceArns: [stack.formatArn({ service: 'athena', resource: 'workgroup', resourceName: workGroupName })],
      }))
      .combine(Grant.addToPrincipal({
        grantee,
        actions: ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable', 'glue:GetTables'],
        resourceArns: [glue('catalog'), glue('database', databaseName), tables],
      }))
      .combine(key ? written.combine(key) : written);
  }

  private readObjects(grantee: IGrantable): Grant {
    const { bucket, objectPrefix } = this.usageExport;
    const objects = `${bucket.bucketRef.bucketArn}/${objectPrefix}*`;
    this.accept(grantee, objects, 'All that is exported, whose days are not known before.');
    const read = Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [objects] }).combine(Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetBucketLocation'],
      resourceArns: [bucket.bucketRef.bucketArn],
    })).combine(Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [bucket.bucketRef.bucketArn],
      ...objectPrefix !== '' && { conditions: { StringLike: { 's3:prefix': `${objectPrefix}*` } } },
    }));
    const key = this.lets(grantee) ? this.usageExport._key?.grantDecrypt(grantee) : undefined;
    return key ? read.combine(key) : read;
  }

  /** Whether a policy of a key is to let somebody in: nobody of another account, who gets nothing else either. */
  private lets({ grantPrincipal: { principalAccount } }: IGrantable): boolean {
    return principalAccount === undefined || !knownToDiffer(principalAccount, Stack.of(this.usageExport).account);
  }

  private accept(grantee: IGrantable, arn: string, reason: string): void {
    if (Construct.isConstruct(grantee.grantPrincipal)) {
      acknowledgeWildcard(grantee.grantPrincipal, arn, reason);
    }
  }
}
