import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { LICENSE_ARN } from './licenses';
import { License, LicenseConsumptionRole, LicenseManagerTopic, LicenseToken, ServiceLinkedRole } from '../../src';
import type { LicenseTokenProps } from '../../src';
import { permissionsOf, propertiesOf, stackIn } from '../settings/settings';

const TYPE = 'Custom::LicenseManagerLicenseToken';

let stack: Stack;
beforeEach(() => {
  stack = stackIn();
});

function token(props: Partial<LicenseTokenProps> = {}): LicenseToken {
  return new LicenseToken(stack, 'Token', {
    license: License.fromLicenseAttributes(stack, 'License', { licenseArn: LICENSE_ARN, homeRegion: 'us-east-1' }), ...props,
  });
}
const template = () => Template.fromStack(stack);
const secretId = () => Object.keys(template().findResources('AWS::SecretsManager::Secret'))[0];

test('goes into a secret of its own, which is empty until then', () => {
  const { secret } = token();
  template().hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: Match.absent(), SecretString: Match.absent(), KmsKeyId: 'alias/aws/secretsmanager',
  });
  expect(propertiesOf(stack, TYPE)).toEqual({ LicenseArn: LICENSE_ARN, HomeRegion: 'us-east-1', SecretArn: { Ref: secretId() } });
  expect(stack.resolve(secret.secretArn)).toEqual({ Ref: secretId() });
});

test('says what its properties say', () => {
  const encryptionKey = new Key(stack, 'Key');
  token({
    roles: [new LicenseConsumptionRole(stack, 'Role'), Role.fromRoleArn(stack, 'Other', 'arn:aws:iam::444455556666:role/other')],
    expiration: Duration.days(90),
    tokenProperties: ['edition=one', 'two', 'three'],
    generation: 2,
    secretName: 'token',
    encryptionKey,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  expect(propertiesOf(stack, TYPE)).toMatchObject({
    RoleArns: [{ 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] }, 'arn:aws:iam::444455556666:role/other'],
    ExpirationInDays: 90,
    TokenProperties: ['edition=one', 'two', 'three'],
    Generation: 2,
    KeyArn: stack.resolve(encryptionKey.keyArn),
  });
  template().hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'token', KmsKeyId: stack.resolve(encryptionKey.keyArn) });
  for (const type of [TYPE, 'AWS::SecretsManager::Secret']) {
    template().hasResource(type, { DeletionPolicy: 'Retain' });
  }
});

test('permits the function this license and this secret, and tokens as far as IAM can tell them apart', () => {
  const encryptionKey = new Key(stack, 'Key');
  token({ encryptionKey });
  const Resource = { Ref: secretId() };
  const throughSecretsManager = {
    Resource: stack.resolve(encryptionKey.keyArn), Condition: { StringLike: { 'kms:ViaService': 'secretsmanager.us-east-1.*' } },
  };
  const { 'cloudformation:DescribeStacks': _, ...found } = permissionsOf(stack);
  expect(found).toEqual({
    'license-manager:CreateToken': [{ Resource: LICENSE_ARN }],
    'license-manager:DeleteToken': [{ Resource: '*' }],
    'license-manager:ListTokens': [{ Resource: '*' }],
    'secretsmanager:DescribeSecret': [{ Resource }],
    'secretsmanager:PutSecretValue': [{ Resource }],
    'secretsmanager:UpdateSecretVersionStage': [{ Resource }],
    'kms:Decrypt': [throughSecretsManager],
    'kms:GenerateDataKey': [throughSecretsManager],
  });
});

test.each<[what: string, make: () => IKeyRef, arn: (key: IKeyRef) => string]>([
  ['an alias', () => new Alias(stack, 'Alias', { aliasName: 'alias/tokens', targetKey: new Key(stack, 'Key') }), key => (key as Alias).aliasTargetKey.keyArn],
  ['a key as L1', () => new CfnKey(stack, 'Key', { keyPolicy: { Statement: [] } }), key => key.keyRef.keyArn],
])('permits the use of the key itself: %s', (_, make, arn) => {
  const encryptionKey = make();
  token({ encryptionKey });
  const Resource = stack.resolve(arn(encryptionKey));
  expect(propertiesOf(stack, TYPE).KeyArn).toEqual(Resource);
  expect(permissionsOf(stack)['kms:GenerateDataKey']).toEqual([expect.objectContaining({ Resource })]);
  template().hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: stack.resolve(encryptionKey.keyRef.keyArn) });
});

test('tells its id and its end', () => {
  const { tokenId, expirationTime } = token();
  const [id] = Object.keys(template().findResources(TYPE));
  expect([tokenId, expirationTime].map(it => stack.resolve(it))).toEqual(['TokenId', 'ExpirationTime'].map(name => ({ 'Fn::GetAtt': [id, name] })));
});

test('waits for the role of its stack', () => {
  token();
  new ServiceLinkedRole(stack, 'Role');
  const [role] = Object.keys(template().findResources('Custom::LicenseManagerServiceLinkedRole'));
  template().hasResource(TYPE, { DependsOn: Match.arrayWith([role]) });
});

describe('before it ends', () => {
  test.each<[Duration | undefined, number]>([[undefined, 30], [Duration.days(1), 1]])('a topic is told of it: %s before', (notificationTime, days) => {
    const topic = new Topic(stack, 'Topic');
    token({ notificationTopic: topic, notificationTime });
    const [id] = Object.keys(template().findResources(TYPE));
    expect(propertiesOf(stack, TYPE).NoticeInDays).toBe(days);
    template().hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: { 'Fn::Join': ['', ['at(', { 'Fn::GetAtt': [id, 'NoticeTime'] }, ')']] },
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { Ref: stack.getLogicalId(topic.node.defaultChild as any) },
        Input: {
          'Fn::Join': ['', ['Token ', { 'Fn::GetAtt': [id, 'TokenId'] }, ' of AWS License Manager ends at ', { 'Fn::GetAtt': [id, 'ExpirationTime'] },
            '. Raise the generation of Stack/Token, deploy, and give the new token to who has it.']],
        },
      },
    });
    template().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Principal: { Service: 'scheduler.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }],
      },
    });
    expect(permissionsOf(stack)['sns:Publish']).toEqual([{ Resource: stack.resolve(topic.topicArn) }]);
    expect(Annotations.fromStack(stack).findInfo('*', Match.anyValue())).toEqual([]);
  });

  test('nobody is told before the role may tell: the schedule waits for its policy, and names the role already', () => {
    token({ notificationTopic: new Topic(stack, 'Topic') });
    const [policy] = Object.entries(template().findResources('AWS::IAM::Policy')).find(([, { Properties }]) => JSON.stringify(Properties).includes('sns:Publish'))!;
    template().hasResource('AWS::Scheduler::Schedule', { DependsOn: [policy] });
  });

  test('the topic of License Manager, whose key it may use', () => {
    token({ notificationTopic: new LicenseManagerTopic(stack, 'Topic') });
    expect(Object.keys(permissionsOf(stack))).toEqual(expect.arrayContaining(['sns:Publish', 'kms:Decrypt', 'kms:GenerateDataKey*']));
  });

  test('nobody is told of the end that is declared', () => {
    token({ expiration: Duration.days(90) });
    Annotations.fromStack(stack).hasInfo('/Stack/Token', Match.stringLikeRegexp('^The token ends after 90 days'));
  });

  test('nobody is told without one, which is said', () => {
    token();
    Annotations.fromStack(stack).hasInfo('/Stack/Token',
      'The token ends after 365 days, and nobody is told of it before. Set notificationTopic, or acknowledge this finding. '
      + '[ack: cdk-license-manager:tokenExpiresUnnoticed]');
    template().resourceCountIs('AWS::Scheduler::Schedule', 0);
    expect(propertiesOf(stack, TYPE).NoticeInDays).toBeUndefined();
  });
});

describe('refuses', () => {
  test.each<[string, Duration, string]>([
    ['expiration', Duration.hours(12), '0.5'], ['expiration', Duration.days(0), '0'], ['expiration', Duration.hours(36), '1.5'],
    ['notificationTime', Duration.days(0), '0'],
  ])('the %s %s', (property, value, days) => {
    expect(() => token({ [property]: value })).toThrow(`Stack/Token: ${property} is ${days} days: it has to be a whole number of at least 1. Correct it.`);
  });

  test.each([1, 10_000])('not an expiration of %d days', (days) => {
    token({ expiration: Duration.days(days) });
    expect(propertiesOf(stack, TYPE).ExpirationInDays).toBe(days);
  });

  test.each([0, -1, 1.5, NaN])('the generation %d', (generation) => {
    expect(() => token({ generation })).toThrow(/^Stack\/Token: generation is /);
  });

  test('more than 3 properties', () => {
    expect(() => token({ tokenProperties: ['1', '2', '3', '4'] })).toThrow(/^Stack\/Token: tokenProperties has 4 members: it has to have at most 3/);
  });

  test.each<[what: string, make: () => IKeyRef, text: string]>([
    ['the key that signs licenses', () => new Key(stack, 'Key', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.SIGN_VERIFY }),
      'Secrets Manager encrypts with symmetric keys only'],
    ['a key of another Region', () => Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/1'), "in Region 'eu-west-1'"],
    ['an alias whose key nobody knows', () => Alias.fromAliasName(stack, 'Key', 'alias/tokens'),
      "Stack/Token: encryptionKey 'Stack/Key' is an alias whose key is not known: the function that puts the token into the secret can be permitted the use of a "
      + 'key, and not that of an alias. Use the key (Key.fromKeyArn()).'],
  ])('%s', (_, make, text) => {
    const encryptionKey = make();
    expect(() => token({ encryptionKey })).toThrow(text);
  });

  test('a snapshot', () => {
    expect(() => token({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(/^Stack\/Token: removalPolicy is 'snapshot': there are no snapshots of a token/);
  });
});

test('is known as one', () => {
  expect(LicenseToken.isLicenseToken(token())).toBe(true);
  expect(LicenseToken.isLicenseToken({})).toBe(false);
});

test('may have a secret of a name with slashes, of which no name of a policy is made', () => {
  new LicenseToken(stack, 'Token', { license: License.fromLicenseArn(stack, 'Issued', LICENSE_ARN), secretName: 'customers/example' });
  const names = Object.values(Template.fromStack(stack).findResources('AWS::IAM::RolePolicy')).map(({ Properties }) => Properties.PolicyName);
  expect(names).toContainEqual(expect.stringMatching(/^LicenseToken-[0-9a-f]{8}-[0-9a-f]{16}$/));
  expect(JSON.stringify(names)).not.toContain('customers');
});

describe('a topic that nothing reaches is told of', () => {
  const notify = (notificationTopic: ITopicRef) => {
    new LicenseToken(stack, 'Token', { license: License.fromLicenseArn(stack, 'Issued', LICENSE_ARN), notificationTopic });
    return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
  };

  test.each<[string, () => ITopicRef]>([
    ['of this app', () => new Topic(stack, 'Topic', { fifo: true })],
    ['that is imported', () => Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:notices.fifo')],
  ])('a FIFO topic %s', (_, make) => {
    expect(notify(make())).toContainEqual('topic \'Stack/Topic\' is a FIFO topic, which takes no message without a group id, and EventBridge Scheduler gives none: nobody is '
      + 'told that the token ends. Name a standard topic. [ack: cdk-license-manager:tokenTopicFifo]');
  });

  test('one of another Region', () => {
    expect(notify(Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:notices'))).toContainEqual(expect.stringContaining(
      'topic \'Stack/Topic\' is in Region \'eu-west-1\', and the schedule in \'us-east-1\''));
  });

  test('and no other', () => {
    expect(notify(Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:notices'))).toEqual([]);
  });
});
