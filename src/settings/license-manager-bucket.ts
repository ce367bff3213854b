import { Annotations, Aws, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { CfnBucket, IBucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeStandards } from '../private/finding/acknowledgement';
import { acknowledgeCheckov } from '../private/finding/checkov';
import { brand, isBranded } from '../private/identity/copies';
import { declaredBefore } from '../private/identity/environment';
import { isUnknown } from '../private/identity/reference';
import { NAME_PREFIX, prepareReportBucket } from '../private/license/report-bucket';
import { ANYTHING, construct, FLAG, givenProps, listOf, OBJECT, pathBelow, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkNoSnapshot } from '../private/validation/removal';
import { checkLength, lit } from '../private/validation/validation';

/**
 * Properties of a bucket for License Manager.
 */
export interface LicenseManagerBucketProps {
  /**
   * The name of the bucket. License Manager takes names that begin with `aws-license-manager-service-`; another one causes a warning.
   *
   * Throws a `ValidationError` for a name without a character, and for one that Amazon S3 does not take.
   *
   * **A change replaces the bucket.**
   *
   * Two buckets of one name in an account and a Region cause a warning.
   *
   * @default - `aws-license-manager-service-<account>-<region>`, of which there is one in all of Amazon S3
   */
  readonly bucketName?: string;

  /**
   * For how long objects are kept, and where.
   *
   * @default - for ever: reports are what an auditor asks for
   */
  readonly lifecycleRules?: LifecycleRule[];

  /**
   * Where accesses to the bucket are logged to.
   *
   * @default - accesses are not logged
   */
  readonly serverAccessLogsBucket?: IBucket;

  /**
   * Whether former versions of objects are kept.
   *
   * @default true
   */
  readonly versioned?: boolean;

  /**
   * What happens to the bucket when it is taken out of the app.
   *
   * License Manager cannot be told to forget a bucket, and keeps writing to the one in its settings: with another policy than
   * `RemovalPolicy.RETAIN`, settings that name the bucket cause a warning.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * An Amazon S3 bucket that License Manager takes for its reports and its inventory, with the name, the policy and the encryption that it needs.
 *
 * It is encrypted with the keys of Amazon S3 (SSE-S3): the service-linked role of License Manager has no permission on keys of AWS KMS. Public access is
 * blocked, callers without TLS are refused.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { LicenseManagerBucket, ServiceSettings } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Settings');
 * new ServiceSettings(stack, 'Settings', { reportBucket: new LicenseManagerBucket(stack, 'Reports') });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/report-storage.html
 * @resource AWS::S3::Bucket
 */
@propertyInjectable
export class LicenseManagerBucket extends Bucket {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseManagerBucket';

  /**
   * Whether the given object is a `LicenseManagerBucket`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseManagerBucket(x: any): x is LicenseManagerBucket {
    return isBranded(x, 'LicenseManagerBucket');
  }

  /**
   * Makes a bucket.
   *
   * Throws a `ValidationError` for what Amazon S3 would refuse: the properties say what.
   */
  constructor(scope: Construct, id: string, props: LicenseManagerBucketProps = {}) {
    // Before aws-cdk-lib makes an error of its own of it, or takes a name without a character for none.
    const path = pathBelow(scope, id);
    props = givenProps(path, props, PROPS);
    checkLength(path, lit`BucketNameEmpty`, { property: 'bucketName', value: props.bucketName, minimum: 1, maximum: Infinity });
    checkNoSnapshot(path, props.removalPolicy, 'bucket');
    super(scope, id, {
      bucketName: props.bucketName ?? `${NAME_PREFIX}${Aws.ACCOUNT_ID}-${Aws.REGION}`,
      lifecycleRules: props.lifecycleRules,
      serverAccessLogsBucket: props.serverAccessLogsBucket,
      versioned: props.versioned ?? true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
    });
    brand(this, 'LicenseManagerBucket');
    this.warnOfSameName(props.bucketName);
    const resource = this.node.defaultChild as CfnBucket;
    prepareReportBucket(resource);
    acknowledgeStandards(resource, {
      S3BucketDefaultLockEnabled: 'In the management account License Manager deletes what it keeps below resource_sync/, which an object lock would not let it.',
      S3BucketReplicationEnabled: 'License Manager writes usage reports to it, which it can write again; they are kept in versions.',
      S3DefaultEncryptionKMS: 'AWS License Manager publishes to it by its service-linked role, which has no permission on keys of AWS KMS.',
    });
    if (!props.serverAccessLogsBucket) {
      const reason = 'License Manager alone writes to it, which AWS CloudTrail can log; serverAccessLogsBucket turns the log on for who wants it.';
      acknowledge(resource, 'Annotation::AwsSolutions-S1', reason);
      acknowledgeCheckov(resource, { CKV_AWS_18: reason });
      acknowledgeStandards(resource, { S3BucketLoggingEnabled: reason });
    }
  }

  private warnOfSameName(bucketName: string | undefined): void {
    const other = bucketName === undefined || !isUnknown(bucketName) ? declaredBefore(this, 'bucket for License Manager', bucketName ?? '') : undefined;
    if (other !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:bucketsOfOneName',
        `'${other}' has the same bucketName in the account and Region: Amazon S3 has one bucket of a name, and the second one is not made. Use one bucket, or set `
        + 'bucketName.');
    }
  }
}

const PROPS: Shape<LicenseManagerBucketProps> = {
  bucketName: TEXT,
  lifecycleRules: listOf(OBJECT),
  serverAccessLogsBucket: construct('a bucket', 'bucketArn', 'Use the L2 of a bucket, or import one.'),
  versioned: FLAG,
  removalPolicy: ANYTHING,
};
