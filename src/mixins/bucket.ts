import { Annotations, Mixin } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { isOnlyReference } from './private/reach';
import { prepareReportBucket } from '../private/license/report-bucket';

/**
 * Gives an Amazon S3 bucket what License Manager needs to publish usage reports to it.
 *
 * - **The name** has to begin with `aws-license-manager-service-`: License Manager's service-linked role may use no other bucket.
 * - **The policy** lets License Manager find the bucket and list it, and write below `Reports/` and nowhere else, for the account of the
 *   bucket only, and refuses everybody who does not use TLS.
 * - **The encryption** is that of Amazon S3 (SSE-S3), as in the bucket that License Manager creates itself, unless the bucket says something
 *   else. Of a key of AWS KMS is warned: the service-linked role has no permission on keys, so that the key's policy has to let it.
 * - **Public access** is blocked, unless the bucket says something else.
 *
 * Which bucket License Manager uses is a setting of the service for an account and a Region, which this mixin does not
 * make: name it in `ServiceSettings`, for which the report generators of its stack wait. Otherwise License Manager creates a bucket of its own.
 *
 * AWS does not document a policy for the bucket, but what the service-linked roles may do; the policy lets License Manager do no more than
 * that. In the management account of an organization, the role for the management account may also write the policy and the lifecycle rules of
 * the bucket, and delete below `resource_sync/`: what it changes there, CloudFormation does not see until the next change of the policy.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/report-storage.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/security-iam-awsmanpol.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export class BucketLicenseManagerReports extends Mixin {
  /**
   * Whether the mixin prepares the construct, an `AWS::S3::Bucket`, or has to say that it can't: an imported bucket.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    return CfnBucket.isCfnBucket(construct) || isOnlyReference(construct, 'bucketRef', CfnBucket.CFN_RESOURCE_TYPE_NAME);
  }

  /**
   * Prepares a bucket, once or as often as it is applied, and warns of an imported one (`cdk-license-manager:reportBucketNotPrepared`), in which
   * nothing can be changed.
   *
   * A name of the bucket that does not begin with `aws-license-manager-service-`, or is left to CloudFormation, causes a warning
   * (`cdk-license-manager:reportBucketName`).
   *
   * @param construct what the mixin supports; nothing is done to anything else
   */
  public applyTo(construct: IConstruct): void {
    if (!CfnBucket.isCfnBucket(construct)) {
      warnOfImported(construct);
      return;
    }
    prepareReportBucket(construct);
  }
}

function warnOfImported(construct: IConstruct): void {
  if (isOnlyReference(construct, 'bucketRef', CfnBucket.CFN_RESOURCE_TYPE_NAME)) {
    Annotations.of(construct).addWarningV2('cdk-license-manager:reportBucketNotPrepared',
      'It is an imported bucket, in which nothing can be changed: License Manager can publish usage reports to it only if its policy lets it. ' +
      'Prepare the bucket where it is made, and acknowledge this finding.');
  }
}
