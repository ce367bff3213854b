import { Annotations, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { policyOf } from '../facade/resource-policy';
import { acknowledgeStandards } from '../finding/acknowledgement';
import { isLookUpDummy } from '../identity/look-up-dummy';
import { shown } from '../identity/reference';

/** License Manager's service-linked role may use buckets and topics of this name only. */
export const NAME_PREFIX = 'aws-license-manager-service-';

/**
 * Whether a name is known to begin otherwise. What follows the beginning may be tokens, and a name may be one altogether.
 */
export function lacksNamePrefix(name: string): boolean {
  return !name.startsWith(NAME_PREFIX) && !(Token.isUnresolved(name) && name.startsWith('${')) && !isLookUpDummy(name);
}

/**
 * Gives a bucket what License Manager needs to publish usage reports to it, and warns of what keeps it from that.
 */
export function prepareReportBucket(bucket: CfnBucket): void {
  checkReportBucket(bucket);
  if (bucket.bucketEncryption === undefined) {
    bucket.bucketEncryption = { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }] };
    acknowledgeStandards(bucket, {
      S3DefaultEncryptionKMS: 'AWS License Manager publishes to it by its service-linked role, which has no permission on keys of AWS KMS.',
    });
  }
  bucket.publicAccessBlockConfiguration ??= {
    blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
  };
  const policy = policyOf(bucket)!;
  for (const statement of statements(bucket)) {
    policy.addToResourcePolicy(statement);
  }
}

/**
 * Warns of what keeps License Manager from publishing usage reports to a bucket.
 */
export function checkReportBucket(bucket: CfnBucket): void {
  checkName(bucket);
  checkEncryption(bucket);
  checkPublicAccess(bucket);
}

/**
 * Warns of an imported bucket whose name License Manager does not take.
 */
export function warnOfBucketName(scope: IConstruct, name: string): void {
  if (lacksNamePrefix(name)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:reportBucketName',
      `bucketName is '${shown(scope, name)}': License Manager takes names that begin with '${NAME_PREFIX}'. ${NAME_WAY_OUT}`);
  }
}

const NAME_WAY_OUT = `Set bucketName to one such as '${NAME_PREFIX}reports-111122223333', with the account of the stack.`;

function checkName(bucket: CfnBucket): void {
  const name = bucket.bucketName ?? bucket.bucketNamePrefix;
  // The L2 has a token for the name that it leaves to CloudFormation.
  if (name === undefined || bucket.stack.resolve(name) === undefined) {
    Annotations.of(bucket).addWarningV2('cdk-license-manager:reportBucketName',
      `The bucket has no bucketName, and CloudFormation generates one: License Manager takes names that begin with '${NAME_PREFIX}'. ${NAME_WAY_OUT}`);
  } else {
    warnOfBucketName(bucket, name);
  }
}

function checkEncryption(bucket: CfnBucket): void {
  const rules = Tokenization.isResolvable(bucket.bucketEncryption) ? undefined : bucket.bucketEncryption?.serverSideEncryptionConfiguration;
  for (const rule of Array.isArray(rules) ? rules : []) {
    const byDefault = Tokenization.isResolvable(rule) ? undefined : rule.serverSideEncryptionByDefault;
    if (byDefault !== undefined && !Tokenization.isResolvable(byDefault) && byDefault.sseAlgorithm.startsWith('aws:kms')) {
      warnOfBucketKey(bucket, `'${byDefault.sseAlgorithm}'`);
    }
  }
}

/**
 * Warns of a bucket with a key.
 *
 * @param scope where it is shown
 * @param key   what it is encrypted with, as a message says it
 */
export function warnOfBucketKey(scope: IConstruct, key: string): void {
  Annotations.of(scope).addWarningV2('cdk-license-manager:reportBucketKey',
    `The bucket is encrypted with ${key}, and License Manager's service-linked role has no permission on keys: reports are not ` +
    'published unless the policy of the key allows the role kms:GenerateDataKey. Let it, or use the encryption of Amazon S3 (SSE-S3).');
}

function checkPublicAccess(bucket: CfnBucket): void {
  const block = bucket.stack.resolve(bucket.publicAccessBlockConfiguration);
  // Without one, Amazon S3 blocks all public access to a new bucket; of one, it takes what is left out for false.
  const open = block === undefined ? [] : PUBLIC_ACCESS_BLOCKS.filter(name => (block[name] ?? false) === false);
  if (open.length > 0) {
    Annotations.of(bucket).addWarningV2('cdk-license-manager:reportBucketPublicAccess',
      `Public access to the bucket is not blocked by ${open.join(', ')}: reports say what licenses, instances and accounts there are. Block it all.`);
  }
}

const PUBLIC_ACCESS_BLOCKS = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'] as const;

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
