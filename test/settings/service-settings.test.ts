import { App, Aspects, CfnParameter, Expiration, Fn, Lazy, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Alias, CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { permissionsOf, propertiesOf, stackIn } from './settings';
import {
  AwsManagedRuleSet, CrossAccountDiscovery, GrantPrincipal, LicenseAssetGroup, LicenseAssetRuleSet, LicenseConfiguration, LicenseCounting,
  LicenseManagerBucket, LicenseManagerTopic, LicenseShare, ServiceSettings, UsageDimension,
} from '../../src';
import { issue } from '../license/licenses';

const TYPE = 'Custom::LicenseManagerServiceSettings';

let stack: Stack;
beforeEach(() => {
  stack = stackIn();
});

const prefixed = (id: string, more: object = {}) =>
  new Bucket(stack, id, { bucketName: 'aws-license-manager-service-111122223333', removalPolicy: RemovalPolicy.RETAIN, ...more });

test('say what is declared, in the names of the API, and nothing else', () => {
  const bucket = new LicenseManagerBucket(stack, 'Bucket');
  const topic = new LicenseManagerTopic(stack, 'Topic');
  new ServiceSettings(stack, 'Settings', {
    reportBucket: bucket,
    topic,
    organizationIntegration: true,
    crossAccountDiscovery: CrossAccountDiscovery.enabledForever(),
    discoveryRegions: ['eu-west-1', 'us-east-1'],
    overwriteExistingSettings: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  expect(propertiesOf(stack, TYPE)).toEqual({
    S3BucketArn: stack.resolve(bucket.bucketArn),
    SnsTopicArn: stack.resolve(topic.topicArn),
    OrganizationIntegration: true,
    CrossAccountsDiscovery: true,
    DiscoverySourceRegions: ['eu-west-1', 'us-east-1'],
    OverwriteExistingSettings: true,
    TurnOffOnDelete: true,
  });
});

test.each([
  [{ organizationIntegration: false }, { OrganizationIntegration: false }],
  [{ discoveryRegions: ['us-east-1'] }, { DiscoverySourceRegions: ['us-east-1'] }],
  [{ discoveryRegions: ['us-east-1'], removalPolicy: RemovalPolicy.RETAIN }, { DiscoverySourceRegions: ['us-east-1'] }],
])('leave out what is not declared: %j', (props, expected) => {
  new ServiceSettings(stack, 'Settings', props);
  expect(propertiesOf(stack, TYPE)).toEqual(expected);
});

test('L1s of a bucket and a topic are taken, too', () => {
  const bucket = new CfnBucket(stack, 'Bucket', { bucketName: 'aws-license-manager-service-1' });
  const topic = new CfnTopic(stack, 'Topic', { topicName: 'aws-license-manager-service-1' });
  bucket.applyRemovalPolicy(RemovalPolicy.RETAIN);
  topic.applyRemovalPolicy(RemovalPolicy.RETAIN);
  new ServiceSettings(stack, 'Settings', { reportBucket: bucket, topic });
  expect(propertiesOf(stack, TYPE)).toEqual({ S3BucketArn: { 'Fn::GetAtt': ['Bucket', 'Arn'] }, SnsTopicArn: { Ref: 'Topic' } });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('an attribute tells the resource share of License Manager', () => {
  const { licenseManagerResourceShareArn } = new ServiceSettings(stack, 'Settings', { organizationIntegration: true });
  expect(stack.resolve(licenseManagerResourceShareArn)).toEqual({ 'Fn::GetAtt': [expect.any(String), 'LicenseManagerResourceShareArn'] });
});

describe('permit the function', () => {
  const own = { 'license-manager:GetServiceSettings': [{ Resource: '*' }], 'license-manager:UpdateServiceSettings': [{ Resource: '*' }] };

  test('to read and to write them, and nothing of the organization', () => {
    new ServiceSettings(stack, 'Settings', { discoveryRegions: ['us-east-1'] });
    expect(permissionsOf(stack)).toEqual(own);
  });

  test.each([
    [{ organizationIntegration: true }],
    [{ crossAccountDiscovery: CrossAccountDiscovery.enabledForever() }],
  ])('what linking the organization takes, where it is asked for', (props) => {
    new ServiceSettings(stack, 'Settings', props);
    const roles = ['license-manager', 'license-manager.master-account', 'license-manager.member-account'].map(name => `${name}.amazonaws.com`);
    expect(permissionsOf(stack)).toEqual({
      ...own,
      'organizations:DescribeOrganization': [{ Resource: '*' }],
      'organizations:ListAWSServiceAccessForOrganization': [{ Resource: '*' }],
      'organizations:EnableAWSServiceAccess': [{
        Resource: '*',
        Condition: { StringEquals: { 'organizations:ServicePrincipal': ['license-manager.amazonaws.com', 'license-manager.member-account.amazonaws.com'] } },
      }],
      'iam:CreateServiceLinkedRole': roles.map(name => ({
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::111122223333:role/aws-service-role/${name}/*`]] },
        Condition: { StringEquals: { 'iam:AWSServiceName': roles } },
      })),
    });
  });
});

describe('are refused', () => {
  test('if nothing is declared', () => {
    expect(() => new ServiceSettings(stack, 'Settings', { overwriteExistingSettings: true })).toThrow(
      'Stack/Settings: no setting is declared. Set one of reportBucket, topic, organizationIntegration, crossAccountDiscovery, discoveryRegions, or leave '
      + 'the settings out.');
  });

  test('with a snapshot', () => {
    expect(() => new ServiceSettings(stack, 'Settings', { discoveryRegions: ['us-east-1'], removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(
      /^Stack\/Settings: removalPolicy is 'snapshot'/);
  });

  test('if another stack of the environment declares the same one', () => {
    const app = stack.node.root as App;
    new ServiceSettings(stack, 'Settings', { discoveryRegions: ['us-east-1'] });
    expect(() => new ServiceSettings(stackIn(app, 'Other'), 'Settings', { discoveryRegions: ['us-east-1'] })).toThrow(
      "Other/Settings: discoveryRegions is declared by 'Stack/Settings' in the same account and Region already: the two would overwrite each other. Declare "
      + 'it once.');
  });

  test('if its stack has settings already, whatever they declare', () => {
    new ServiceSettings(stack, 'Settings', { discoveryRegions: ['us-east-1'] });
    expect(() => new ServiceSettings(stack, 'Others', { organizationIntegration: true })).toThrow(
      "Stack/Others: 'Stack/Settings' declares settings in the same stack already, and a stack has one resource for them: the name of that says that it is the "
      + 'settings, and not which. Put organizationIntegration there, or this into another stack.');
  });

  test.each<[string[], string]>([
    [[], 'discoveryRegions has 0 members: it has to have at least 1. License Manager cannot be told to forget them. Name those that are to be left, or leave it out.'],
    [[''], "discoveryRegions[0] '' has 0 characters: it has to have 1 to 100. Correct it."],
    [['us-east-1', 'x'.repeat(101)], `discoveryRegions[1] '${'x'.repeat(60)}…' has 101 characters: it has to have 1 to 100. Correct it.`],
  ])('with the Regions %j', (discoveryRegions, text) => {
    expect(() => new ServiceSettings(stack, 'Settings', { discoveryRegions })).toThrow(`Stack/Settings: ${text}`);
  });

  test.each<[string, object]>([
    ['topic', { topic: { topicRef: { topicArn: 'arn:aws:sns:us-east-1:111122223333:aws-license-manager-service-1' } } }],
    ['reportBucket', { reportBucket: { bucketRef: { bucketArn: 'arn:aws:s3:::aws-license-manager-service-1' } } }],
    ['organizationIntegration', { organizationIntegration: 'yes' }],
    ['crossAccountDiscovery', { crossAccountDiscovery: true }],
  ])('with a %s of another kind', (property, props) => {
    expect(() => new ServiceSettings(stack, 'Settings', props)).toThrow(new RegExp(`^Stack/Settings: ${property}`));
  });
});

test('two stacks declare different fields, and other Regions and accounts the same', () => {
  const app = stack.node.root as App;
  new ServiceSettings(stack, 'Settings', { discoveryRegions: ['us-east-1'] });
  new ServiceSettings(stackIn(app, 'Link'), 'Settings', { organizationIntegration: true });
  new ServiceSettings(stackIn(app, 'Region', { region: 'eu-west-1' }), 'Settings', { discoveryRegions: ['us-east-1'] });
  new ServiceSettings(stackIn(app, 'Account', { account: '444455556666' }), 'Settings', { discoveryRegions: ['us-east-1'] });
  expect(propertiesOf(app.node.findChild('Link') as Stack, TYPE)).toEqual({ OrganizationIntegration: true });
});

describe('warn', () => {
  const findings = () => Annotations.fromStack(stack);

  test('of a bucket with another name', () => {
    new ServiceSettings(stack, 'Settings', { reportBucket: new Bucket(stack, 'Bucket', { bucketName: 'reports', removalPolicy: RemovalPolicy.RETAIN }) });
    findings().hasWarning('/Stack/Bucket/Resource', Match.stringLikeRegexp("bucketName is 'reports': .*reportBucketName"));
  });

  test('of a bucket with a key', () => {
    new ServiceSettings(stack, 'Settings', { reportBucket: prefixed('Bucket', { encryption: BucketEncryption.KMS_MANAGED }) });
    findings().hasWarning('/Stack/Bucket/Resource', Match.stringLikeRegexp('reportBucketKey'));
  });

  test('of a bucket of another Region', () => {
    const there = stackIn(stack.node.root as App, 'There', { region: 'eu-west-1' });
    new ServiceSettings(stack, 'Settings', { reportBucket: Bucket.fromBucketAttributes(there, 'Bucket', { bucketName: 'aws-license-manager-service-x', region: 'eu-west-1' }) });
    findings().hasWarning('/Stack/Settings',
      "reportBucket 'There/Bucket' is in Region 'eu-west-1' and the settings are those of 'us-east-1': License Manager takes a bucket of its own Region. "
      + 'Make one there. [ack: cdk-license-manager:reportBucketInAnotherRegion]');
  });

  test.each(['reportBucket', 'topic'])('of a %s that goes with its stack', (property) => {
    const kept = property === 'topic' ? 'Topic' : 'Bucket';
    new ServiceSettings(stack, 'Settings', {
      reportBucket: prefixed('Bucket', property === 'reportBucket' ? { removalPolicy: RemovalPolicy.DESTROY } : {}),
      topic: new LicenseManagerTopic(stack, 'Topic', property === 'topic' ? { removalPolicy: RemovalPolicy.DESTROY } : {}),
    });
    findings().hasWarning('/Stack/Settings', `${property} 'Stack/${kept}' is deleted with its stack, and License Manager cannot be told to forget it: `
      + 'it would write to what is gone. Set its removalPolicy to RemovalPolicy.RETAIN. [ack: cdk-license-manager:settingLost]');
    expect(findings().findWarning('/Stack/Settings', Match.anyValue())).toHaveLength(1);
  });

  test.each([['reports', "The topic has the name 'reports'"], [undefined, 'The topic has no topicName, and CloudFormation generates one']])(
    'of a topic with the name %s', (topicName, text) => {
      const topic = new Topic(stack, 'Topic', { topicName });
      topic.applyRemovalPolicy(RemovalPolicy.RETAIN);
      new ServiceSettings(stack, 'Settings', { topic });
      findings().hasWarning('/Stack/Settings', Match.stringLikeRegexp(`${text}.*noticeTopicName`));
    });

  test('not of what is right, and not of what is imported and may be right', () => {
    new ServiceSettings(stack, 'Settings', { reportBucket: new LicenseManagerBucket(stack, 'Bucket'), topic: new LicenseManagerTopic(stack, 'Topic') });
    const there = stackIn(stack.node.root as App, 'Other', { region: 'eu-west-1' });
    new ServiceSettings(there, 'Settings', {
      reportBucket: Bucket.fromBucketName(there, 'Imported', 'aws-license-manager-service-2'),
      topic: Topic.fromTopicArn(there, 'ImportedTopic', 'arn:aws:sns:eu-west-1:111122223333:aws-license-manager-service-3'),
    });
    findings().hasNoWarning('/Stack/*', Match.anyValue());
    Annotations.fromStack(there).hasNoWarning('*', Match.anyValue());
  });

  test('of imported ones with other names', () => {
    new ServiceSettings(stack, 'Settings', {
      reportBucket: Bucket.fromBucketName(stack, 'Bucket', 'reports'),
      topic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:notices'),
    });
    findings().hasWarning('/Stack/Settings', Match.stringLikeRegexp("bucketName is 'reports': .*reportBucketName"));
    findings().hasWarning('/Stack/Settings', Match.stringLikeRegexp("The topic has the name 'notices': .*noticeTopicName"));
  });

  test('not of imported ones of which nobody knows the names', () => {
    new ServiceSettings(stack, 'Settings', {
      reportBucket: Bucket.fromBucketName(stack, 'Bucket', Fn.importValue('Bucket')), topic: Topic.fromTopicArn(stack, 'Topic', Fn.importValue('Topic')),
    });
    findings().hasNoWarning('*', Match.anyValue());
  });

  test.each([['us-west-2', '111122223333'], ['us-east-1', '444455556666']])('of a topic in Region %s of account %s', (region, account) => {
    new ServiceSettings(stack, 'Settings', {
      topic: Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:${region}:${account}:aws-license-manager-service-notices`),
    });
    findings().hasWarning('/Stack/Settings',
      `topic 'Stack/Topic' is in '${account}/${region}' and the settings are those of '111122223333/us-east-1': License Manager takes a topic of its own account `
      + 'and Region. Make one there. [ack: cdk-license-manager:noticeTopicElsewhere]');
  });

  test.each<[what: string, block: BlockPublicAccess | undefined, text: string]>([
    ['that says nothing of public access', undefined, ''],
    ['that blocks it all', BlockPublicAccess.BLOCK_ALL, ''],
    ['that blocks ACLs alone', BlockPublicAccess.BLOCK_ACLS_ONLY, 'blockPublicPolicy, restrictPublicBuckets'],
    ['that blocks nothing', new BlockPublicAccess({ blockPublicAcls: false, blockPublicPolicy: false, ignorePublicAcls: false, restrictPublicBuckets: false }),
      'blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets'],
  ])('of a bucket %s', (_, blockPublicAccess, text) => {
    // Without the flag, what is left out is not written.
    stack.node.setContext('@aws-cdk/aws-s3:publicAccessBlockedByDefault', false);
    new ServiceSettings(stack, 'Settings', { reportBucket: prefixed('Bucket', { blockPublicAccess }) });
    const found = findings().findWarning('/Stack/Bucket/Resource', Match.anyValue()).map(({ entry }) => entry.data);
    expect(found).toEqual(text === '' ? [] : [
      `Public access to the bucket is not blocked by ${text}: reports say what licenses, instances and accounts there are. Block it all. `
      + '[ack: cdk-license-manager:reportBucketPublicAccess]',
    ]);
  });

  test.each<[what: string, make: () => ITopicRef]>([
    ['an L2', () => new Topic(stack, 'Topic', { topicName: 'aws-license-manager-service-notices', fifo: true })],
    ['an L1', () => new CfnTopic(stack, 'Topic', { topicName: 'aws-license-manager-service-notices.fifo', fifoTopic: true })],
    ['an imported one', () => Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:aws-license-manager-service-notices.fifo')],
  ])('of a FIFO topic: %s', (_, make) => {
    new ServiceSettings(stack, 'Settings', { topic: make() });
    findings().hasWarning('/Stack/Settings',
      "topic 'Stack/Topic' is a FIFO topic, which takes no message without a group id, and License Manager gives none, as far as is documented: notices are "
      + 'lost. Name a standard topic. [ack: cdk-license-manager:noticeTopicFifo]');
  });

  test('of an imported bucket with a key', () => {
    new ServiceSettings(stack, 'Settings', {
      reportBucket: Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'aws-license-manager-service-1', encryptionKey: new Key(stack, 'Key') }),
    });
    findings().hasWarning('/Stack/Settings', Match.stringLikeRegexp("The bucket is encrypted with key 'Stack/Key', and License Manager's .*reportBucketKey"));
  });

  test('of a key that goes with its stack while the topic stays', () => {
    const masterKey = new Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY });
    new ServiceSettings(stack, 'Settings', { topic: new LicenseManagerTopic(stack, 'Topic', { masterKey }) });
    findings().hasWarning('/Stack/Settings', Match.stringLikeRegexp("^the key of topic 'Stack/Topic' is deleted with its stack.*settingLost"));
  });

  test('of a text that is no name of a Region', () => {
    new ServiceSettings(stack, 'Settings', { discoveryRegions: ['us-east-1', 'us_west_2', Fn.importValue('Region')] });
    expect(findings().findWarning('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      "discoveryRegions[1] is 'us_west_2', which has not the form of the name of a Region: nothing is found there. Write it as 'aws ec2 describe-regions' shows "
      + 'it. [ack: cdk-license-manager:noNameOfRegion]',
    ]);
  });

  test('that the link with the organization is ended', () => {
    new ServiceSettings(stack, 'Settings', { organizationIntegration: false });
    expect(findings().findWarning('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      'organizationIntegration is false: that ends the link with the organization, and with it go the shares and the grants of everybody who relies on it. '
      + 'Leave it out, or acknowledge this finding. [ack: cdk-license-manager:organizationLinkEnded]',
    ]);
  });

  test('of discovery across accounts without the link', () => {
    new ServiceSettings(stack, 'Settings', { organizationIntegration: false, crossAccountDiscovery: CrossAccountDiscovery.enabledForever() });
    expect(findings().findWarning('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      'organizationIntegration is false, and crossAccountDiscovery takes the link with the organization: License Manager cannot do both. Leave '
      + 'organizationIntegration out, or crossAccountDiscovery. [ack: cdk-license-manager:crossAccountDiscoveryWithoutLink]',
    ]);
  });

  test.each([[{ discoveryRegions: ['us-east-1'] }, 1], [{ organizationIntegration: true }, 0]])('of a removal that turns nothing off, as information: %j', (props, count) => {
    new ServiceSettings(stack, 'Settings', { ...props, removalPolicy: RemovalPolicy.DESTROY });
    expect(findings().findInfo('*', Match.stringLikeRegexp('nothingToTurnOff')).map(({ entry }) => entry.data)).toEqual(count === 0 ? [] : [
      "removalPolicy is 'destroy', and there is nothing that it turns off: that is the link with the organization, if these settings have made it. Leave it out, "
      + 'or set organizationIntegration to true. [ack: cdk-license-manager:nothingToTurnOff]',
    ]);
  });

  test('that discovery across accounts stays for ever, as information', () => {
    new ServiceSettings(stack, 'Settings', { crossAccountDiscovery: CrossAccountDiscovery.enabledForever() });
    findings().hasInfo('/Stack/Settings', Match.stringLikeRegexp('cannot be turned off again.*crossAccountDiscoveryForEver'));
  });
});

describe('a topic of the app that is no LicenseManagerTopic', () => {
  const NAME = 'aws-license-manager-service-notices';
  const found = () => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('noticeTopicKey')).map(({ id, entry }) => `${id}: ${String(entry.data)}`);
  const admittedTo = (type: string, document: string) => {
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources(type)) as any[];
    return (Properties[document].Statement as any[])
      .filter(({ Principal, Condition }) => Principal.Service === 'cloudwatch.amazonaws.com' || Condition?.ArnLike?.['aws:PrincipalArn'] !== undefined)
      .map(({ Action, Resource }) => ({ Action, Resource }));
  };
  const ON_KEY = { Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' };
  const keep = <T extends Topic | CfnTopic>(topic: T): T => {
    topic.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return topic;
  };

  test('can be published to by License Manager and by alarms', () => {
    const topic = keep(new Topic(stack, 'Topic', { topicName: NAME, enforceSSL: true }));
    new ServiceSettings(stack, 'Settings', { topic });
    const statement = { Action: 'sns:Publish', Resource: stack.resolve(topic.topicArn) };
    expect(admittedTo('AWS::SNS::TopicPolicy', 'PolicyDocument')).toEqual([statement, statement]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each<[what: string, make: () => ITopicRef]>([
    ['the L2 of a key', () => new Topic(stack, 'Topic', { topicName: NAME, masterKey: new Key(stack, 'Key') })],
    ['an alias of a key', () => new Topic(stack, 'Topic', { topicName: NAME, masterKey: new Key(stack, 'Key').addAlias('notices') })],
    ['the L2 of a key for an L1', () => new CfnTopic(stack, 'Topic', { topicName: NAME, kmsMasterKeyId: new Key(stack, 'Key').keyId })],
    ['the L1 of a key', () => new CfnTopic(stack, 'Topic', {
      topicName: NAME,
      kmsMasterKeyId: new CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [] } }).attrArn,
    })],
  ])('with %s of the app: the policy of the key lets them', (_, make) => {
    new ServiceSettings(stack, 'Settings', { topic: keep(make() as Topic) });
    expect(admittedTo('AWS::KMS::Key', 'KeyPolicy')).toEqual([ON_KEY, ON_KEY]);
    expect(found()).toEqual([]);
  });

  test.each<[what: string, shown: string, make: () => ITopicRef]>([
    ['an imported key', 'Stack/Key', () => new Topic(stack, 'Topic', {
      topicName: NAME, masterKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/1'),
    })],
    ['an alias that nobody knows the key of', 'Stack/Key', () => new Topic(stack, 'Topic', {
      topicName: NAME, masterKey: Alias.fromAliasName(stack, 'Key', 'alias/notices'),
    })],
    ['the id of a key for an L1', '1234', () => new CfnTopic(stack, 'Topic', { topicName: NAME, kmsMasterKeyId: '1234' })],
    ['a key whose policy is not known here', 'Stack/Key', () => new CfnTopic(stack, 'Topic', {
      topicName: NAME, kmsMasterKeyId: new CfnKey(stack, 'Key', { keyPolicy: Lazy.any({ produce: () => ({ Statement: [] }) }) }).attrArn,
    })],
  ])('with %s: of what its policy has to allow is warned', (_, shown, make) => {
    new ServiceSettings(stack, 'Settings', { topic: keep(make() as Topic) });
    expect(found()).toEqual([
      `/Stack/Settings: Key '${shown}' of the topic is not a key of this app whose policy can be added to: notices and alarms are lost unless the policy allows `
      + 'kms:GenerateDataKey* and kms:Decrypt to the service-linked role AWSServiceRoleForAWSLicenseManagerRole and to cloudwatch.amazonaws.com. See to it, '
      + 'and acknowledge this finding. [ack: cdk-license-manager:noticeTopicKey]',
    ]);
  });

  test.each<[string, () => ITopicRef]>([
    ['L2', () => new Topic(stack, 'Topic', { topicName: NAME, masterKey: Alias.fromAliasName(stack, 'Key', 'alias/aws/sns') })],
    ['L1', () => new CfnTopic(stack, 'Topic', { topicName: NAME, kmsMasterKeyId: 'alias/aws/sns' })],
  ])('with the key of Amazon SNS, as %s: that alarms are lost is warned of', (_, make) => {
    new ServiceSettings(stack, 'Settings', { topic: keep(make() as Topic) });
    expect(found()).toEqual([expect.stringMatching(
      /of the topic has a policy that nobody can change: alarms of CloudWatch cannot use it, and are lost\. Give the topic a key of its own\./)]);
  });

  test('with a key that it gets later: it is too late for its policy, of which is warned', () => {
    const topic = keep(new Topic(stack, 'Topic', { topicName: NAME }));
    new ServiceSettings(stack, 'Settings', { topic });
    const key = new Key(stack, 'Key');
    Aspects.of(stack).add({ visit: it => void (CfnTopic.isCfnTopic(it) && (it.kmsMasterKeyId = key.keyArn)) });
    expect(found()).toEqual([expect.stringMatching(/^\/Stack\/Settings: Key 'Stack\/Key\/Resource' of the topic is not a key of this app whose policy/)]);
  });

  test.each<[what: string, make: () => ITopicRef, text: string]>([
    ['imported with a key', () => Topic.fromTopicAttributes(stack, 'Topic', {
      topicArn: `arn:aws:sns:us-east-1:111122223333:${NAME}`, keyArn: 'arn:aws:kms:us-east-1:111122223333:key/1',
    }), "Key 'Stack/Topic/Key' of the topic is not a key of this app whose policy can be added to"],
    ['with a key of another Region', () => new CfnTopic(stack, 'Topic', { topicName: NAME, kmsMasterKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1' }),
      "Key 'arn:aws:kms:eu-west-1:111122223333:key/1' of the topic is in Region 'eu-west-1' and the topic in 'us-east-1': Amazon SNS takes a key of its own Region."],
    ['imported with a key of another Region', () => Topic.fromTopicAttributes(stack, 'Topic', {
      topicArn: `arn:aws:sns:us-east-1:111122223333:${NAME}`, keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1',
    }), "Key 'Stack/Topic/Key' of the topic is in Region 'eu-west-1' and the topic in 'us-east-1'"],
    ['with a key that is disabled', () => new Topic(stack, 'Topic', { topicName: NAME, masterKey: new Key(stack, 'Key', { enabled: false }) }),
      "Key 'Stack/Key' of the topic is disabled: notices and alarms are lost. Enable it."],
  ])('%s is warned of', (_, make, text) => {
    new ServiceSettings(stack, 'Settings', { topic: make() });
    expect(found()).toEqual(expect.arrayContaining([expect.stringContaining(text)]));
  });

  test('imported with a key of the app: the policy of the key lets them', () => {
    const { keyArn } = new Key(stack, 'Key');
    new ServiceSettings(stack, 'Settings', {
      topic: Topic.fromTopicAttributes(stack, 'Topic', { topicArn: `arn:aws:sns:us-east-1:111122223333:${NAME}`, keyArn }),
    });
    expect(admittedTo('AWS::KMS::Key', 'KeyPolicy')).toEqual([ON_KEY, ON_KEY]);
    expect(found()).toEqual([]);
  });

  test('as L1 keeps the policy that the app makes for it', () => {
    const topic = keep(new CfnTopic(stack, 'Topic', { topicName: NAME }));
    new ServiceSettings(stack, 'Settings', { topic });
    Template.fromStack(stack).resourceCountIs('AWS::SNS::TopicPolicy', 0);
  });
});

test('they wait for the policies of their bucket and their topic in the same stack, whoever makes them', () => {
  const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::bucket/*' }] };
  const l1 = new CfnBucket(stack, 'Bucket', { bucketName: 'aws-license-manager-service-1' });
  new ServiceSettings(stack, 'Settings', { reportBucket: l1, topic: new LicenseManagerTopic(stack, 'Topic') });
  new CfnBucketPolicy(stack, 'Policy', { bucket: l1.ref, policyDocument: POLICY });
  new CfnBucketPolicy(stack, 'Another', { bucket: 'another', policyDocument: POLICY });
  const template = Template.fromStack(stack);
  const [{ DependsOn }] = Object.values(template.findResources(TYPE)) as any[];
  expect(DependsOn).toEqual(expect.arrayContaining(['Policy', ...Object.keys(template.findResources('AWS::SNS::TopicPolicy'))]));
  expect(DependsOn).not.toContain('Another');
});

test('they do not wait for what is in another stack', () => {
  const there = stackIn(stack.node.root as App, 'There');
  new ServiceSettings(stack, 'Settings', { topic: Topic.fromTopicArn(there, 'Topic', 'arn:aws:sns:us-east-1:111122223333:aws-license-manager-service-1') });
  new ServiceSettings(stackIn(stack.node.root as App, 'Reports'), 'Settings', { reportBucket: new LicenseManagerBucket(there, 'Bucket') });
  expect(JSON.stringify(Template.fromStack(stack))).not.toContain('TopicPolicy');
  expect(JSON.stringify(Template.fromStack(stack.node.root.node.findChild('Reports') as Stack))).not.toContain('BucketPolicy');
});

describe('what needs them waits for them in the same stack, whichever comes first:', () => {
  test.each<[what: string, type: string, make: () => void]>([
    ['a license asset group', 'AWS::LicenseManager::LicenseAssetGroup', () => new LicenseAssetGroup(stack, 'Group', {
      usageDimension: UsageDimension.VCPU,
      ruleSets: [LicenseAssetRuleSet.fromAwsManaged(stack, 'Rules', AwsManagedRuleSet.MICROSOFT_WINDOWS_SERVER_DATACENTER)],
    })],
    ['a share', 'AWS::RAM::ResourceShare', () => new LicenseShare(stack, 'Share')],
    ['a grant', 'AWS::LicenseManager::Grant', () => issue(stack).addGrant('Grant', { principal: GrantPrincipal.fromAccountId('444455556666') })],
  ])('%s', (_, type, make) => {
    for (const order of [0, 1]) {
      stack = stackIn();
      const settings = () => new ServiceSettings(stack, 'Settings', { organizationIntegration: true });
      (order ? [make, settings] : [settings, make]).forEach(step => step());
      const template = Template.fromStack(stack);
      const [id] = Object.keys(template.findResources(TYPE));
      expect([(Object.values(template.findResources(type))[0] as any).DependsOn].flat()).toContain(id);
    }
  });
});

describe('their topic', () => {
  const license = (id: string, more: object = {}) =>
    new LicenseConfiguration(stack, id, { licenseCounting: LicenseCounting.vcpus(), licenseCount: 10, licenseCountHardLimit: true, ...more });
  const settings = (scope = stack) => {
    const topic = new LicenseManagerTopic(scope, 'Topic');
    new ServiceSettings(scope, 'Settings', { topic });
    return scope.resolve(topic.topicArn);
  };
  const silent = () => Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('alarm(TellsNobody|CannotTellTopic)'))
    .map(({ id, entry }) => `${id}: ${String(entry.data)}`);
  const actions = () => (Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))[0] as any).Properties.AlarmActions;

  test('is told by alarms that tell nobody else, whichever comes first', () => {
    for (const order of [0, 1]) {
      stack = stackIn();
      let arn: unknown;
      const steps = [() => license('License').addUsageAlarm('Alarm', { thresholdPercent: 90 }), () => {
        arn = settings();
      }];
      (order ? steps.reverse() : steps).forEach(step => step());
      expect(actions()).toEqual([arn]);
    }
  });

  test('is not told by an alarm that tells somebody else, or says that it tells nobody', () => {
    settings();
    const other = new Topic(stack, 'Other');
    license('License').addUsageAlarm('Alarm', { thresholdPercent: 90, actions: [new SnsAction(other)] });
    expect(actions()).toEqual([stack.resolve(other.topicArn)]);
    stack = stackIn();
    settings();
    license('License').addUsageAlarm('Alarm', { thresholdPercent: 90, actions: [] });
    expect(actions()).toBeUndefined();
  });

  test('is not told by an alarm of another environment, of which is said that it tells nobody', () => {
    settings(stackIn(stack.node.root as App, 'Other', { region: 'eu-west-1' }));
    license('License').addUsageAlarm('Alarm', { thresholdPercent: 90 });
    expect(actions()).toBeUndefined();
    expect(silent()).toEqual([
      '/Stack/License/Alarm: The alarm has no action, and this app declares no ServiceSettings with a topic for its account and Region: it tells nobody. Set '
      + 'actions, declare a topic, or acknowledge this finding. [ack: cdk-license-manager:alarmTellsNobody]',
    ]);
  });

  test('is not told by an alarm that gets an action later, by its L2 or by its L1', () => {
    settings();
    const other = 'arn:aws:sns:us-east-1:111122223333:other';
    license('License').addUsageAlarm('Alarm', { thresholdPercent: 90 }).addAlarmAction({ bind: () => ({ alarmActionArn: other }) });
    expect(actions()).toEqual([other]);
    stack = stackIn();
    settings();
    const alarm = license('License').addUsageAlarm('Alarm', { thresholdPercent: 90 });
    Aspects.of(stack).add({ visit: it => void (it === alarm.node.defaultChild && ((it as CfnAlarm).alarmActions = [other])) });
    expect(actions()).toEqual([other]);
    expect(silent()).toEqual([]);
  });

  test('is what Aspects find of an alarm', () => {
    const arn = settings();
    const alarm = license('License').addUsageAlarm('Alarm', { thresholdPercent: 90 });
    const found: unknown[] = [];
    Aspects.of(stack).add({ visit: it => void (it === alarm.node.defaultChild && found.push(stack.resolve((it as CfnAlarm).alarmActions))) });
    Template.fromStack(stack);
    expect(found).toEqual([[arn]]);
  });

  test('nobody is told by an alarm that says so, or that does something else, of which nothing is said', () => {
    license('License').addUsageAlarm('Silent', { thresholdPercent: 90, actions: [] });
    license('Other').addUsageAlarm('Over', { thresholdPercent: 90, okActions: [{ bind: () => ({ alarmActionArn: 'arn' }) }] });
    expect(silent()).toEqual([]);
  });

  describe('in another stack', () => {
    let there: Stack;
    beforeEach(() => {
      there = stackIn(stack.node.root as App, 'There');
    });
    const named = (name: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sns:us-east-1:111122223333:${name}`]] });
    const declare = (topic: ITopicRef) => new ServiceSettings(there, 'Settings', { topic });
    const NAME = 'aws-license-manager-service-notices';

    test.each<[what: string, make: () => ITopicRef, expected: unknown]>([
      ['a LicenseManagerTopic', () => new LicenseManagerTopic(there, 'Topic'), {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, expect.stringMatching(/^:sns:us-east-1:111122223333:aws-license-manager-service-There-Topic-\w{8}$/)]],
      }],
      ['an L2 with a name', () => new Topic(there, 'Topic', { topicName: NAME }), named(NAME)],
      ['an L1 with a name', () => new CfnTopic(there, 'Topic', { topicName: NAME }), named(NAME)],
      ['an imported one', () => Topic.fromTopicArn(there, 'Topic', `arn:aws:sns:us-east-1:111122223333:${NAME}`), `arn:aws:sns:us-east-1:111122223333:${NAME}`],
      ['an imported one in the partition of its stack', () => Topic.fromTopicArn(there, 'Topic', there.formatArn({ service: 'sns', resource: NAME })), named(NAME)],
    ])('is told by its ARN, which puts the stacks in no order: %s', (_, make, expected) => {
      license('License').addUsageAlarm('Alarm', { thresholdPercent: 90 });
      declare(make());
      there.addStackDependency(stack);
      expect(actions()).toEqual([expected]);
      expect(Template.fromStack(there).toJSON().Outputs).toBeUndefined();
      expect(silent()).toEqual([]);
    });

    test('of another stage is told by its ARN', () => {
      const app = stack.node.root as App;
      const env = { account: '111122223333', region: 'us-east-1' };
      stack = new Stack(new Stage(app, 'Licenses'), 'Stack', { env });
      there = new Stack(new Stage(app, 'Settings'), 'There', { env });
      license('License').addUsageAlarm('Alarm', { thresholdPercent: 90 });
      declare(new Topic(there, 'Topic', { topicName: NAME }));
      expect(actions()).toEqual([named(NAME)]);
    });

    test('of a nested stack is told by its ARN', () => {
      const nested = new NestedStack(stack, 'Nested');
      declare(new Topic(there, 'Topic', { topicName: NAME }));
      new LicenseConfiguration(nested, 'License', { licenseCounting: LicenseCounting.vcpus(), licenseCount: 9 }).addUsageAlarm('Alarm', { thresholdPercent: 9 });
      Template.fromStack(nested).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [named(NAME)] });
    });

    test.each<[string, () => ITopicRef]>([
      ['an L2 whose name CloudFormation generates', () => new Topic(there, 'Topic')],
      ['an L1 with a parameter for a name', () => new CfnTopic(there, 'Topic', { topicName: new CfnParameter(there, 'Name').valueAsString })],
      ['an imported one with a parameter for an ARN', () => Topic.fromTopicArn(there, 'Topic', new CfnParameter(there, 'Arn').valueAsString)],
    ])('whose name is not known is not told, of which is said: %s', (_, make) => {
      license('License').addUsageAlarm('Alarm', { thresholdPercent: 90 });
      declare(make());
      expect(actions()).toBeUndefined();
      expect(silent()).toEqual([
        "/Stack/License/Alarm: The alarm has no action, and cannot tell the topic of the settings, 'There/Topic': that is in another stack, and its name is not "
        + 'known at synthesis. Set actions, or name the topic. [ack: cdk-license-manager:alarmCannotTellTopic]',
      ]);
    });
  });
});

describe('that nobody is notified', () => {
  const found = () => Annotations.fromStack(stack).findInfo('/Stack/License', Match.stringLikeRegexp('nobodyIsNotified'));
  const license = (more: object) => new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), ...more });

  test('is said of a license with a soft limit', () => {
    license({ licenseCount: 10 });
    expect(found().map(({ entry }) => entry.data)).toEqual([
      'The number of licenses can be exceeded, and this app names nobody who is told of it. Declare ServiceSettings with a topic, add an alarm with an action, '
      + 'or acknowledge this finding if the settings have one. [ack: cdk-license-manager:nobodyIsNotified]',
    ]);
  });

  test('is not said of a license with an alarm that has an action, also one that it gets later', () => {
    const action = { bind: () => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111122223333:other' }) };
    license({ licenseCount: 10 }).addUsageAlarm('Alarm', { thresholdPercent: 90, actions: [action] });
    expect(found()).toEqual([]);
    stack = stackIn();
    license({ licenseCount: 10 }).addUsageAlarm('Alarm', { thresholdPercent: 90 }).addAlarmAction(action);
    expect(found()).toEqual([]);
  });

  test('is said of a license with an alarm that has none, and of one that expires, which no alarm tells', () => {
    license({ licenseCount: 10 }).addUsageAlarm('Alarm', { thresholdPercent: 90, actions: [] });
    expect(found()).toHaveLength(1);
    stack = stackIn();
    license({ licenseCount: 10, licenseExpiry: Expiration.atDate(new Date('2099-01-01T00:00:00Z')) }).addUsageAlarm('Alarm', {
      thresholdPercent: 90, actions: [{ bind: () => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111122223333:other' }) }],
    });
    expect(found().map(({ entry }) => entry.data)).toEqual([
      'The licenses expire, and this app names nobody who is told of it. Declare ServiceSettings with a topic, add a reminder with a topic (addExpiryReminder), or '
      + 'acknowledge this finding if the settings have one. [ack: cdk-license-manager:nobodyIsNotified]',
    ]);
  });

  test('is not said of a license that expires and has a reminder that tells a topic, and said with one that tells none', () => {
    const expiring = { licenseExpiry: Expiration.atDate(new Date('2099-01-01T00:00:00Z')) };
    license(expiring).addExpiryReminder('Reminder', { topic: Topic.fromTopicArn(stack, 'Told', 'arn:aws:sns:us-east-1:111122223333:told') });
    expect(found()).toEqual([]);
    stack = stackIn();
    license(expiring).addExpiryReminder('Reminder');
    expect(found()).toHaveLength(1);
  });

  test.each([[{}], [{ licenseCount: 10, licenseCountHardLimit: true }]])('is not said of a license of which there is nothing to tell: %j', (props) => {
    license(props);
    expect(found()).toEqual([]);
  });

  test('is not said where the settings have a topic, before the license or after it', () => {
    license({ licenseCount: 10 });
    new ServiceSettings(stack, 'Settings', { topic: new LicenseManagerTopic(stack, 'Topic') });
    expect(found()).toEqual([]);
  });

  test('is said where the settings have none', () => {
    license({ licenseCount: 10 });
    new ServiceSettings(stack, 'Settings', { discoveryRegions: ['us-east-1'] });
    expect(found()).toHaveLength(1);
  });
});
