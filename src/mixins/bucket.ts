import { Annotations, Mixin, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ResourceWithPolicies, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IResourceWithPolicyV2 } from 'aws-cdk-lib/aws-iam';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { isOnlyReference } from './private/reach';
import { acknowledgeStandards } from '../private/finding/acknowledgement';
import { isLookUpDummy } from '../private/identity/look-up-dummy';
import { shown } from '../private/identity/reference';

/** License Manager's service-linked role may write to buckets of this name only. */
const NAME_PREFIX = 'aws-license-manager-service-';

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
 * Which bucket License Manager uses is a setting of the service for an account and a Region, which neither CloudFormation nor this mixin can
 * make: set it in the console (Settings), or by `aws license-manager update-service-settings --s3-bucket-arn`, before the first report
 * generator is created. Otherwise License Manager creates a bucket of its own.
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
    checkName(construct);
    checkEncryption(construct);
    if (construct.bucketEncryption === undefined) {
      construct.bucketEncryption = { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }] };
      acknowledgeStandards(construct, {
        S3DefaultEncryptionKMS: 'AWS License Manager publishes to it by its service-linked role, which has no permission on keys of AWS KMS.',
      });
    }
    construct.publicAccessBlockConfiguration ??= {
      blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
    };
    const policy = policyOf(construct);
    for (const statement of statements(construct)) {
      policy.addToResourcePolicy(statement);
    }
  }
}

function warnOfImported(construct: IConstruct): void {
  if (isOnlyReference(construct, 'bucketRef', CfnBucket.CFN_RESOURCE_TYPE_NAME)) {
    Annotations.of(construct).addWarningV2('cdk-license-manager:reportBucketNotPrepared',
      'It is an imported bucket, in which nothing can be changed: License Manager can publish usage reports to it only if its policy lets it. ' +
      'Prepare the bucket where it is made, and acknowledge this finding.');
  }
}

function checkName(bucket: CfnBucket): void {
  const name = bucket.bucketName ?? bucket.bucketNamePrefix;
  const wayOut = `Set bucketName to one such as '${NAME_PREFIX}reports-111122223333', with the account of the stack.`;
  // The L2 has a token for the name that it leaves to CloudFormation.
  if (name === undefined || bucket.stack.resolve(name) === undefined) {
    Annotations.of(bucket).addWarningV2('cdk-license-manager:reportBucketName',
      `The bucket has no bucketName, and CloudFormation generates one: License Manager takes names that begin with '${NAME_PREFIX}'. ${wayOut}`);
  } else if (!name.startsWith(NAME_PREFIX) && !(Token.isUnresolved(name) && name.startsWith('${')) && !isLookUpDummy(name)) {
    // What follows the beginning may be tokens, but not the beginning itself.
    Annotations.of(bucket).addWarningV2('cdk-license-manager:reportBucketName',
      `bucketName is '${shown(bucket, name)}': License Manager takes names that begin with '${NAME_PREFIX}'. ${wayOut}`);
  }
}

function checkEncryption(bucket: CfnBucket): void {
  const rules = Tokenization.isResolvable(bucket.bucketEncryption) ? undefined : bucket.bucketEncryption?.serverSideEncryptionConfiguration;
  for (const rule of Array.isArray(rules) ? rules : []) {
    const byDefault = Tokenization.isResolvable(rule) ? undefined : rule.serverSideEncryptionByDefault;
    if (byDefault !== undefined && !Tokenization.isResolvable(byDefault) && byDefault.sseAlgorithm.startsWith('aws:kms')) {
      Annotations.of(bucket).addWarningV2('cdk-license-manager:reportBucketKey',
        `The bucket is encrypted with '${byDefault.sseAlgorithm}', and License Manager's service-linked role has no permission on keys: reports are not ` +
        'published unless the policy of the key allows the role kms:GenerateDataKey. Let it, or use the encryption of Amazon S3 (SSE-S3).');
    }
  }
}

/** That of the L2, if the bucket has one: each of the two would otherwise make a policy of its own, and a bucket has one. */
function policyOf(bucket: CfnBucket): IResourceWithPolicyV2 {
  const owner = bucket.node.scope as Partial<IResourceWithPolicyV2> & IConstruct | undefined;
  return owner?.node.defaultChild === bucket && typeof owner.addToResourcePolicy === 'function'
    ? owner as IResourceWithPolicyV2
    : ResourceWithPolicies.of(bucket)!;
}

function statements(bucket: CfnBucket): PolicyStatement[] {
  const licenseManager = {
    effect: Effect.ALLOW,
    principals: [new ServicePrincipal('license-manager.amazonaws.com')],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(bucket).account } },
  };
  return [
    new PolicyStatement({ ...licenseManager, actions: ['s3:GetBucketLocation', 's3:ListBucket'], resources: [bucket.attrArn] }),
    new PolicyStatement({ ...licenseManager, actions: ['s3:PutObject'], resources: [`${bucket.attrArn}/Reports/*`] }),
    // As the L2's enforceSSL has it, so that the two become one.
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:*'],
      resources: [bucket.attrArn, `${bucket.attrArn}/*`],
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  ];
}
