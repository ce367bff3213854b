import { App, Aws, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { stackIn } from './settings';
import { LicenseManagerBucket, LicenseManagerTopic } from '../../src';

let stack: Stack;
beforeEach(() => {
  stack = stackIn();
});

describe('a bucket for License Manager', () => {
  test('has a name that License Manager takes, the encryption of Amazon S3, no public access, versions, and stays', () => {
    new LicenseManagerBucket(stack, 'Bucket');
    Template.fromStack(stack).hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketName: { 'Fn::Join': ['', ['aws-license-manager-service-', { Ref: 'AWS::AccountId' }, '-', { Ref: 'AWS::Region' }]] },
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        VersioningConfiguration: { Status: 'Enabled' },
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('has one policy, by which License Manager of the account writes reports, and nobody comes without TLS', () => {
    new LicenseManagerBucket(stack, 'Bucket');
    const [{ Properties: { PolicyDocument: { Statement } } }] = Object.values(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy')) as any[];
    expect(Statement.map(({ Effect, Action, Principal, Condition }: any) => ({ Effect, Action, Principal, Condition }))).toEqual([
      { Effect: 'Deny', Action: 's3:*', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ...[['s3:GetBucketLocation', 's3:ListBucket'], 's3:PutObject'].map(Action => ({
        Effect: 'Allow', Action, Principal: { Service: 'license-manager.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      })),
    ]);
  });

  test('is what its properties say', () => {
    const logs = Bucket.fromBucketName(stack, 'Logs', 'access-logs');
    new LicenseManagerBucket(stack, 'Bucket', {
      bucketName: 'aws-license-manager-service-reports',
      versioned: false,
      removalPolicy: RemovalPolicy.DESTROY,
      serverAccessLogsBucket: logs,
      lifecycleRules: [{ id: 'old', prefix: 'Reports/', expiration: Duration.days(3650) }],
    });
    Template.fromStack(stack).hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketName: 'aws-license-manager-service-reports',
        VersioningConfiguration: Match.absent(),
        LoggingConfiguration: { DestinationBucketName: stack.resolve(logs.bucketName) },
        LifecycleConfiguration: { Rules: [{ Id: 'old', Prefix: 'Reports/', ExpirationInDays: 3650, Status: 'Enabled' }] },
      },
      DeletionPolicy: 'Delete',
    });
  });

  test.each<[object, string]>([
    [{ bucketName: '' }, "bucketName '' has 0 characters: it has to have at least 1. Correct it, or leave it out."],
    [{ versioned: 'false' }, "versioned is the text 'false': it has to be true or false."],
    [{ lifecycleRules: {} }, 'lifecycleRules is an object: it has to be a list.'],
    [{ serverAccessLogsBucket: 'logs' }, "serverAccessLogsBucket is the text 'logs': it has to be a bucket. Use the L2 of a bucket, or import one."],
    [{ removalPolicy: RemovalPolicy.SNAPSHOT }, "removalPolicy is 'snapshot': there are no snapshots of a bucket."],
  ])('is refused with %j', (props, text) => {
    expect(() => new LicenseManagerBucket(stack, 'Bucket', props)).toThrow(`Stack/Bucket: ${text}`);
  });

  test('takes null for nothing', () => {
    new LicenseManagerBucket(stack, 'Bucket', null as any);
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', { VersioningConfiguration: { Status: 'Enabled' } });
  });

  test.each([[undefined, undefined, true], ['aws-license-manager-service-1', 'aws-license-manager-service-1', true], [undefined, 'aws-license-manager-service-1', false]])(
    'beside another one warns of the same name: %s and %s', (one, two, warns) => {
      new LicenseManagerBucket(stack, 'One', { bucketName: one });
      const other = stackIn(stack.node.root as App, 'Other');
      new LicenseManagerBucket(other, 'Two', { bucketName: two });
      new LicenseManagerBucket(stackIn(stack.node.root as App, 'Europe', { region: 'eu-west-1' }), 'Three', { bucketName: one });
      const found = ['Other', 'Europe'].flatMap(id => Annotations.fromStack(stack.node.root.node.findChild(id) as Stack).findWarning('*', Match.anyValue()));
      expect(found.map(({ id, entry }) => `${id}: ${String(entry.data)}`)).toEqual(warns ? [
        "/Other/Two: 'Stack/One' has the same bucketName in the account and Region: Amazon S3 has one bucket of a name, and the second one is not made. Use one "
        + 'bucket, or set bucketName. [ack: cdk-license-manager:bucketsOfOneName]',
      ] : []);
    });

  test('warns of a name that License Manager does not take', () => {
    new LicenseManagerBucket(stack, 'Bucket', { bucketName: 'reports' });
    Annotations.fromStack(stack).hasWarning('/Stack/Bucket/Resource', Match.stringLikeRegexp("bucketName is 'reports'"));
  });
});

describe('a topic for License Manager', () => {
  const ROLE = {
    StringEquals: { 'aws:PrincipalAccount': '111122223333' },
    ArnLike: {
      'aws:PrincipalArn': {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/aws-service-role/license-manager.amazonaws.com/*']],
      },
    },
  };
  const ALARMS = { StringEquals: { 'aws:SourceAccount': '111122223333' } };
  const statements = (type: string) => {
    const [{ Properties: { PolicyDocument, KeyPolicy } }] = Object.values(Template.fromStack(stack).findResources(type)) as any[];
    return (PolicyDocument ?? KeyPolicy).Statement as any[];
  };

  test('has a name that License Manager takes, and stays, with its key', () => {
    new LicenseManagerTopic(stack, 'Topic', { displayName: 'Licenses' });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::SNS::Topic', {
      Properties: {
        TopicName: Match.stringLikeRegexp('^aws-license-manager-service-Stack-Topic-[0-9A-F]{8}$'), DisplayName: 'Licenses', KmsMasterKeyId: Match.anyValue(),
      },
      DeletionPolicy: 'Retain',
    });
    template.hasResource('AWS::KMS::Key', { Properties: { EnableKeyRotation: true }, DeletionPolicy: 'Retain' });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('may be published to by License Manager of the account and by its alarms, and by nobody without TLS', () => {
    new LicenseManagerTopic(stack, 'Topic');
    expect(statements('AWS::SNS::TopicPolicy').map(({ Effect, Action, Principal, Condition }) => ({ Effect, Action, Principal, Condition }))).toEqual([
      { Effect: 'Deny', Action: 'sns:Publish', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Effect: 'Allow', Action: 'sns:Publish', Principal: { AWS: '*' }, Condition: ROLE },
      { Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' }, Condition: ALARMS },
    ]);
  });

  test.each([['its own key', undefined], ['a key of the app', () => new Key(stack, 'Mine')]])('lets both use %s', (_, make) => {
    new LicenseManagerTopic(stack, 'Topic', { masterKey: make?.() });
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
    const Action = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    expect(statements('AWS::KMS::Key').filter(({ Principal }) => JSON.stringify(Principal) !== JSON.stringify(statements('AWS::KMS::Key')[0].Principal)))
      .toEqual([
        { Effect: 'Allow', Action, Principal: { AWS: '*' }, Resource: '*', Condition: ROLE },
        { Effect: 'Allow', Action, Principal: { Service: 'cloudwatch.amazonaws.com' }, Resource: '*', Condition: ALARMS },
      ]);
  });

  test('warns of an imported key, whose policy nobody here can change', () => {
    new LicenseManagerTopic(stack, 'Topic', { masterKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/1') });
    Annotations.fromStack(stack).hasWarning('/Stack/Topic', Match.stringLikeRegexp("Key 'Stack/Key' of the topic is not a key of this app whose policy .*noticeTopicKey"));
  });

  test.each([['notices', true], ['aws-license-manager-service-', false], ['aws-license-manager-service', true]])(
    'with the name %s warns: %s', (topicName, warns) => {
      new LicenseManagerTopic(stack, 'Topic', { topicName });
      expect(Annotations.fromStack(stack).findWarning('/Stack/Topic', Match.stringLikeRegexp('noticeTopicName'))).toHaveLength(warns ? 1 : 0);
    });

  test.each<[object, string]>([
    [{ topicName: '' }, "topicName is '': it has to consist of 1 to 256 letters, digits, hyphens and underscores. Correct it, or leave it out."],
    [{ topicName: 'notices of licenses' }, "topicName is 'notices of licenses': it has to consist of 1 to 256 letters"],
    [{ topicName: 'x'.repeat(257) }, 'topicName is '],
    [{ topicName: 'notices.fifo' }, "topicName is 'notices.fifo', the name of a FIFO topic, which takes no message without a group id, and License Manager gives none, "
      + "as far as is documented: notices would be lost. Leave '.fifo' out."],
    [{ masterKey: 'alias/mine' }, "masterKey is the text 'alias/mine': it has to be a key. Use the L2 of a key, or import one."],
    [{ removalPolicy: RemovalPolicy.SNAPSHOT }, "removalPolicy is 'snapshot': there are no snapshots of a topic."],
  ])('is refused with %j', (props, text) => {
    expect(() => new LicenseManagerTopic(stack, 'Topic', props)).toThrow(`Stack/Topic: ${text}`);
  });

  test('takes null for nothing, a name of 256 characters, and one with a token', () => {
    new LicenseManagerTopic(stack, 'Topic', null as any);
    new LicenseManagerTopic(stack, 'Long', { topicName: 'x'.repeat(256) });
    new LicenseManagerTopic(stack, 'Token', { topicName: Fn.join('.', ['aws-license-manager-service', Aws.REGION]) });
    Template.fromStack(stack).resourceCountIs('AWS::SNS::Topic', 3);
  });

  test('goes with its stack, and its key with it, where that is said', () => {
    stack = new Stack(new App(), 'Stack');
    new LicenseManagerTopic(stack, 'Topic', { removalPolicy: RemovalPolicy.DESTROY });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::SNS::Topic', { DeletionPolicy: 'Delete' });
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
  });
});
