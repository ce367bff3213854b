import { App, Aws, CfnParameter, Lazy, Mixins, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import type { BucketProps, CfnBucketProps } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { IConstruct } from 'constructs';
import { mixins } from '../../src';

const NAME = 'aws-license-manager-service-reports-111122223333';
const BUCKET = 'AWS::S3::Bucket';
const POLICY = 'AWS::S3::BucketPolicy';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Stack', {
    env: { account: '111122223333', region: 'us-east-1' },
  });
});

function l1(props: CfnBucketProps = { bucketName: NAME }): CfnBucket {
  return new CfnBucket(stack, 'Bucket', props).with(new mixins.BucketLicenseManagerReports()) as CfnBucket;
}

function l2(props: BucketProps = {}): Bucket {
  return new Bucket(stack, 'Bucket', { bucketName: NAME, ...props }).with(new mixins.BucketLicenseManagerReports()) as Bucket;
}

/** What License Manager needs. */
function needed(arn: unknown): object[] {
  const objects = (pattern: string) => ({ 'Fn::Join': ['', [arn, pattern]] });
  const licenseManager = {
    Effect: 'Allow',
    Principal: { Service: 'license-manager.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
  };
  return [
    { ...licenseManager, Action: ['s3:GetBucketLocation', 's3:ListBucket'], Resource: arn },
    { ...licenseManager, Action: 's3:PutObject', Resource: objects('/Reports/*') },
  ];
}

function denied(arn: unknown): object {
  return {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 's3:*',
    Resource: [arn, { 'Fn::Join': ['', [arn, '/*']] }],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

function onlyPolicy(): any[] {
  const policies = Object.values(Template.fromStack(stack).findResources(POLICY));
  expect(policies).toHaveLength(1);
  return policies[0].Properties.PolicyDocument.Statement;
}

const byLabel = (one: object, other: object) => JSON.stringify(one).localeCompare(JSON.stringify(other));

describe.each([['an L1', () => l1()], ['an L2', () => l2()]])('%s', (_what, make) => {
  test('gets a policy for License Manager and for TLS, encryption and no public access', () => {
    make();
    const template = Template.fromStack(stack);
    const [[logicalId]] = Object.entries(template.findResources(BUCKET));
    const arn = { 'Fn::GetAtt': [logicalId, 'Arn'] };
    expect(onlyPolicy()).toEqual([...needed(arn), denied(arn)]);
    template.hasResourceProperties(BUCKET, {
      BucketName: NAME,
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('what the bucket has already', () => {
  test('stays: an L2 that enforces TLS refuses it once, and its own policy is the only one', () => {
    const bucket = l2({ enforceSSL: true, encryption: BucketEncryption.S3_MANAGED, blockPublicAccess: BlockPublicAccess.BLOCK_ALL });
    bucket.addToResourcePolicy(new PolicyStatement({
      actions: ['s3:GetObject'], principals: [new ServicePrincipal('athena.amazonaws.com')], resources: [bucket.arnForObjects('*')],
    }));
    const arn = stack.resolve(bucket.bucketArn);
    const statements = onlyPolicy();
    expect(statements).toHaveLength(4);
    expect([...statements].sort(byLabel)).toEqual(expect.arrayContaining([...needed(arn), denied(arn)]));
  });

  test('stays: the policy of an L1 gets the statements', () => {
    const bucket = new CfnBucket(stack, 'Bucket', { bucketName: NAME });
    const own = { Effect: 'Allow', Principal: { Service: 'athena.amazonaws.com' }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${NAME}/*` };
    new CfnBucketPolicy(stack, 'Policy', { bucket: bucket.ref, policyDocument: { Version: '2012-10-17', Statement: [own] } });
    bucket.with(new mixins.BucketLicenseManagerReports());
    const arn = stack.resolve(bucket.attrArn);
    expect(onlyPolicy()).toEqual([own, ...needed(arn), denied(arn)]);
  });

  test('stays: public access that is partly blocked, and encryption', () => {
    const publicAccessBlockConfiguration = { blockPublicAcls: true };
    const bucketEncryption = { serverSideEncryptionConfiguration: [{ bucketKeyEnabled: true }] };
    l1({ bucketName: NAME, publicAccessBlockConfiguration, bucketEncryption });
    Template.fromStack(stack).hasResource(BUCKET, {
      Properties: {
        BucketName: NAME,
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: Match.absent() },
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true }] },
      },
    });
  });
});

describe('the name', () => {
  const WAY_OUT = 'License Manager takes names that begin with \'aws-license-manager-service-\'. Set bucketName to one such as ' +
    '\'aws-license-manager-service-reports-111122223333\', with the account of the stack. [ack: cdk-license-manager:reportBucketName]';

  test.each([
    ['with the account at its end', () => `aws-license-manager-service-${Aws.ACCOUNT_ID}`],
    ['that is a token', () => new CfnParameter(stack, 'Name').valueAsString],
    ['with one more character than the beginning', () => 'aws-license-manager-service-1'],
  ])('%s is taken', (_what, name) => {
    l1({ bucketName: name() });
    Template.fromStack(stack).resourceCountIs(POLICY, 1);
  });

  test('that S3 makes of a prefix is taken', () => {
    l1({ bucketNamePrefix: 'aws-license-manager-service-reports' });
    Template.fromStack(stack).resourceCountIs(POLICY, 1);
  });

  test.each([
    ['license-reports', 'license-reports'],
    ['aws-license-manager-service', 'aws-license-manager-service'],
    ['aws-license-manager-services', 'aws-license-manager-services'],
  ])('%s causes a warning', (bucketName) => {
    l1({ bucketName });
    Template.fromStack(stack).resourceCountIs(POLICY, 1);
    Annotations.fromStack(stack).hasWarning('/Stack/Bucket', `bucketName is '${bucketName}': ${WAY_OUT}`);
  });

  test('with another beginning before a token causes a warning, which shows no token', () => {
    l1({ bucketName: `reports-${Aws.ACCOUNT_ID}` });
    Annotations.fromStack(stack).hasWarning('/Stack/Bucket',
      `bucketName is '{"Fn::Join":["",["reports-",{"Ref":"AWS::AccountId"}]]}': ${WAY_OUT}`);
  });

  test('that has still to be looked up does not', () => {
    Validations.of(stack).acknowledge({ id: 'CloudFormation-Validate::F3031', reason: 'What aws-cdk-lib has for what is still to be looked up.' });
    l1({ bucketName: StringParameter.valueFromLookup(stack, '/reports') });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('that CloudFormation would generate causes a warning', () => {
    l2({ bucketName: undefined });
    Annotations.fromStack(stack).hasWarning('/Stack/Bucket/Resource', `The bucket has no bucketName, and CloudFormation generates one: ${WAY_OUT}`);
  });
});

describe('a key of AWS KMS', () => {
  test.each([BucketEncryption.KMS_MANAGED, BucketEncryption.KMS, BucketEncryption.DSSE_MANAGED])('(%s) causes a warning', (encryption) => {
    l2({ encryption, encryptionKey: encryption === BucketEncryption.KMS ? new Key(stack, 'Key') : undefined });
    Annotations.fromStack(stack).hasWarning('/Stack/Bucket/Resource', Match.stringLikeRegexp(
      "^The bucket is encrypted with 'aws:kms.*, and License Manager's service-linked role has no permission on keys: .+"
      + '\\[ack: cdk-license-manager:reportBucketKey\\]$'));
  });

  test('behind a token is not looked for', () => {
    const rule = { serverSideEncryptionByDefault: Lazy.any({ produce: () => ({ sseAlgorithm: 'AES256' }) }) };
    for (const [index, bucketEncryption] of [
      Lazy.any({ produce: () => ({ serverSideEncryptionConfiguration: [] }) }),
      { serverSideEncryptionConfiguration: Lazy.any({ produce: () => [] }) },
      { serverSideEncryptionConfiguration: [Lazy.any({ produce: () => rule })] },
      { serverSideEncryptionConfiguration: [rule] },
    ].entries()) {
      new CfnBucket(stack, `Bucket${index}`, { bucketName: `${NAME}-${index}`, bucketEncryption }).with(new mixins.BucketLicenseManagerReports());
    }
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('reportBucketKey'));
  });
});

describe('applied twice', () => {
  test.each<[string, () => IConstruct]>([
    ['an L1', () => new CfnBucket(stack, 'Bucket', { bucketName: NAME })],
    ['an L1 with a policy', () => {
      const bucket = new CfnBucket(stack, 'Bucket', { bucketName: NAME });
      new CfnBucketPolicy(stack, 'Policy', { bucket: bucket.ref, policyDocument: { Version: '2012-10-17', Statement: [] } });
      return bucket;
    }],
    ['an L2', () => new Bucket(stack, 'Bucket', { bucketName: NAME })],
  ])('%s gets each statement once', (_what, make) => {
    make().with(new mixins.BucketLicenseManagerReports(), new mixins.BucketLicenseManagerReports());
    const [logicalId] = Object.keys(Template.fromStack(stack).findResources(BUCKET));
    const arn = { 'Fn::GetAtt': [logicalId, 'Arn'] };
    expect(onlyPolicy()).toEqual([...needed(arn), denied(arn)]);
  });
});

test('all buckets of a tree are prepared', () => {
  new CfnBucket(stack, 'Bucket', { bucketName: NAME });
  new Topic(stack, 'Topic');
  Mixins.of(stack).apply(new mixins.BucketLicenseManagerReports());
  onlyPolicy();
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test.each<[string, () => IConstruct]>([
  ['an L2', () => Bucket.fromBucketName(stack, 'Imported', NAME)],
  ['an L1', () => CfnBucket.fromBucketName(stack, 'Imported', NAME)],
])('an imported bucket causes a warning: %s', (_what, make) => {
  new Topic(stack, 'Topic');
  make().with(new mixins.BucketLicenseManagerReports());
  Annotations.fromStack(stack).hasWarning('/Stack/Imported',
    'It is an imported bucket, in which nothing can be changed: License Manager can publish usage reports to it only if its policy lets it. ' +
    'Prepare the bucket where it is made, and acknowledge this finding. [ack: cdk-license-manager:reportBucketNotPrepared]');
});

test('what is not a bucket is left alone', () => {
  const topic = new Topic(stack, 'Topic');
  const mixin = new mixins.BucketLicenseManagerReports();
  expect(mixin.supports(topic)).toBe(false);
  mixin.applyTo(topic);
  expect(() => Mixins.of(topic).requireAll().apply(mixin)).toThrow();
  Template.fromStack(stack).resourceCountIs(POLICY, 0);
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});
