import { App, Aws, CfnOutput, Fn, PropertyInjectors, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alias, CfnAlias, Key } from 'aws-cdk-lib/aws-kms';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { RhsmSecret, SubscriptionProvider, SubscriptionProviderSource } from '../../src';
import type { SubscriptionProviderProps } from '../../src';

const TYPE = 'AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider';
const PROVIDER_ARN = 'arn:aws:license-manager-linux-subscriptions:us-east-1:111122223333:subscription-provider/0a1b2c3d';
const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:red-hat-a1b2c3';
const TAG = 'LicenseManagerLinuxSubscriptions';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const existing = (arn = SECRET_ARN): ISecretRef => Secret.fromSecretCompleteArn(stack, 'Existing', arn);

function provider(props: Partial<SubscriptionProviderProps> = {}) {
  return new SubscriptionProvider(stack, 'Provider', { secret: props.secret ?? existing(), ...props });
}

describe('the provider', () => {
  test('is Red Hat, with the secret of this app', () => {
    const construct = provider({ secret: new RhsmSecret(stack, 'Token') });
    const template = Template.fromStack(stack);
    template.hasResource(TYPE, {
      Properties: { SecretArn: { Ref: Match.stringLikeRegexp('^Token') }, SubscriptionProviderSource: 'RedHat', Tags: Match.absent() },
      DeletionPolicy: Match.absent(),
    });
    const [logicalId] = Object.keys(template.findResources(TYPE));
    expect(stack.resolve(construct.subscriptionProviderArn)).toEqual({ 'Fn::GetAtt': [logicalId, 'SubscriptionProviderArn'] });
    expect(construct.subscriptionProviderRef).toEqual({ subscriptionProviderArn: construct.subscriptionProviderArn });
    expect(stack.resolve(construct.subscriptionProviderId)).toEqual({
      'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': [logicalId, 'SubscriptionProviderArn'] }] }] }] }],
    });
  });

  test.each<[string, (construct: SubscriptionProvider) => string]>([
    ['SubscriptionProviderStatus', construct => construct.subscriptionProviderStatus],
    ['SubscriptionProviderStatusMessage', construct => construct.subscriptionProviderStatusMessage],
    ['LastSuccessfulDataRetrievalTime', construct => construct.subscriptionProviderLastSuccessfulDataRetrievalTime],
  ])('tells its %s', (attribute, read) => {
    new CfnOutput(stack, 'Output', { value: read(provider()) });
    Template.fromStack(stack).hasOutput('Output', { Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Provider'), attribute] } });
  });

  test('takes its source, tags and a removal policy', () => {
    const construct = provider({ subscriptionProviderSource: SubscriptionProviderSource.RED_HAT, removalPolicy: RemovalPolicy.RETAIN });
    Tags.of(construct).add('team', 'linux');
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: { SubscriptionProviderSource: 'RedHat', Tags: [{ Key: 'team', Value: 'linux' }] },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('the removal policy can be said later, and a snapshot is refused', () => {
    const construct = provider();
    construct.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Retain' });
    const message = 'Stack/Provider: removalPolicy is \'snapshot\': there are no snapshots of a subscription provider. Use RemovalPolicy.DESTROY ' +
      'or RemovalPolicy.RETAIN.';
    expect(() => construct.applyRemovalPolicy(RemovalPolicy.SNAPSHOT)).toThrow(message);
    stack.node.tryRemoveChild('Provider');
    stack.node.tryRemoveChild('Existing');
    expect(() => provider({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(message);
  });

  test.each([[128, 256], [1, 0]])('a tag with a key of %d and a value of %d characters is taken', (key, value) => {
    Tags.of(provider()).add('k'.repeat(key), 'v'.repeat(value));
    expect(() => app.synth()).not.toThrow();
  });

  test('a source that there is not is refused', () => {
    expect(() => provider({ subscriptionProviderSource: 'SUSE' as SubscriptionProviderSource })).toThrow(
      'Stack/Provider: subscriptionProviderSource is \'SUSE\': it has to be \'RedHat\'.');
  });

  test('a tag with a key of 129 characters is refused', () => {
    Tags.of(provider()).add('k'.repeat(129), 'value');
    expect(() => app.synth()).toThrow(`Stack/Provider: the key of a tag '${'k'.repeat(60)}…' has 129 characters: it has to have 1 to 128.`);
  });

  test('properties can be injected', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: SubscriptionProvider.PROPERTY_INJECTION_ID,
      inject: (props: any) => ({ removalPolicy: RemovalPolicy.RETAIN, ...props }),
    });
    provider();
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Retain' });
  });

  test('a second one in the same account and Region causes a warning, in another Region it is not', () => {
    provider();
    new SubscriptionProvider(stack, 'Second', { secret: Secret.fromSecretNameV2(stack, 'Other', 'other') });
    const other = new Stack(app, 'Other', { env: { account: '111122223333', region: 'us-west-2' } });
    new SubscriptionProvider(other, 'Provider', { secret: Secret.fromSecretNameV2(other, 'Secret', 'other') });

    Annotations.fromStack(stack).hasWarning('/Stack/Second',
      '\'Stack/Provider\' registers \'RedHat\' in the same account and Region: License Manager has one registration, which has to be removed ' +
      'before another one is made. Remove one of the two. [ack: cdk-license-manager:subscriptionProviderTwice]');
    Annotations.fromStack(stack).hasNoWarning('/Stack/Provider', Match.anyValue());
    Annotations.fromStack(other).hasNoWarning('*', Match.anyValue());
  });
});

test('the validator tells of a Region that does not have the type', () => {
  app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  provider({ secret: new RhsmSecret(stack, 'Token') });
  expect(() => app.synth()).toThrow(`Resource type '${TYPE}' does not exist in 'eu-west-1'`);
});

describe('the secret', () => {
  test.each<[string, () => ISecretRef, unknown]>([
    ['by its ARN', () => existing(), SECRET_ARN],
    ['by its name', () => Secret.fromSecretNameV2(stack, 'Named', 'red-hat'), Match.anyValue()],
    ['by a token', () => existing(Fn.importValue('arn')), { 'Fn::ImportValue': 'arn' }],
    ['in the Region and account of the deployment', () => existing(`arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:red-hat-a1b2c3`),
      Match.anyValue()],
    ['as L1', () => new CfnSecret(stack, 'L1', { tags: [{ key: TAG, value: 'enabled' }] }), { Ref: 'L1' }],
  ])('is taken %s', (_, make, arn) => {
    provider({ secret: make() });
    Template.fromStack(stack).hasResourceProperties(TYPE, { SecretArn: arn });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('is taken by a stack without account and Region', () => {
    const anywhere = new Stack(new App(), 'Anywhere');
    new SubscriptionProvider(anywhere, 'Provider', { secret: Secret.fromSecretCompleteArn(anywhere, 'Existing', SECRET_ARN) });
    Template.fromStack(anywhere).hasResourceProperties(TYPE, { SecretArn: SECRET_ARN });
  });

  const warnings = (of: RegExp = /./) => Annotations.fromStack(stack).findWarning('/Stack/Provider', Match.stringLikeRegexp(of.source)).map(({ entry }) => entry.data);

  test('of another account causes a warning, and is sent', () => {
    provider({ secret: existing(SECRET_ARN.replace('111122223333', '999988887777')) });
    expect(warnings()).toEqual(['secret \'Stack/Existing\' belongs to account \'999988887777\' and the provider to \'111122223333\': License Manager\'s role reads ' +
      'secrets of its own account. Put what is in it into a secret of \'111122223333\'. [ack: cdk-license-manager:secretOfAnotherAccount]']);
    Template.fromStack(stack).hasResourceProperties(TYPE, { SecretArn: SECRET_ARN.replace('111122223333', '999988887777') });
  });

  test.each<[string, () => ISecretRef, string]>([
    ['by its ARN', () => existing(SECRET_ARN.replace('us-east-1', 'us-west-2')), 'Stack/Existing'],
    ['of the app', () => new RhsmSecret(new Stack(app, 'Other', { env: { account: '111122223333', region: 'us-west-2' } }), 'Token', { secretName: 'rhsm' }), 'Other/Token'],
  ])('of another Region causes a warning: %s', (_, make, path) => {
    provider({ secret: make() });
    expect(warnings()).toEqual([`secret '${path}' is in Region 'us-west-2' and the provider in 'us-east-1', where License Manager reads it. Put what is in it into a ` +
      'secret in \'us-east-1\'. [ack: cdk-license-manager:secretInAnotherRegion]']);
  });

  test.each([
    'arn:aws:kms:us-east-1:111122223333:key:red-hat-a1b2c3',
    `arn:aws:secretsmanager:us-east-1:111122223333:secret:${'a'.repeat(1024)}`,
    SECRET_ARN.replace(':secret:', ':my-secret:'), SECRET_ARN.replace(':secret:', ':secrets:'),
  ])('with another ARN is refused (%#)', arn => {
    expect(() => provider({ secret: { ...fake(), secretRef: { secretId: arn } } as ISecretRef })).toThrow(
      `Stack/Provider: '${arn.includes('${') ? JSON.stringify(stack.resolve(arn)) : arn}' is not the ARN of a secret that License Manager takes: expected 'arn:<partition>:secretsmanager:<region>:<account>:` +
      'secret:<name without a slash>\'. Take it from \'aws secretsmanager list-secrets\'.');
  });

  test.each([1, 1023])('with a name of %d characters is taken', length => {
    const arn = `arn:aws:secretsmanager:us-east-1:111122223333:secret:${'a'.repeat(length)}`;
    provider({ secret: { ...fake(), secretRef: { secretId: arn } } as ISecretRef });
    Template.fromStack(stack).hasResourceProperties(TYPE, { SecretArn: arn });
  });

  test.each<[string, () => ISecretRef]>([
    ['of this app', () => new Secret(stack, 'Token', { secretName: 'red/hat' })],
    ['by its ARN', () => Secret.fromSecretCompleteArn(stack, 'Token', 'arn:aws:secretsmanager:us-east-1:111122223333:secret:red/hat-a1b2c3')],
    ['by its ARN in the account of the deployment', () => Secret.fromSecretCompleteArn(stack, 'Token',
      `arn:aws:secretsmanager:us-east-1:${Aws.ACCOUNT_ID}:secret:red/hat-a1b2c3`)],
    ['by its name', () => Secret.fromSecretNameV2(stack, 'Token', 'red/hat')],
    ['by somebody\'s reference', () => ({
      node: new Construct(stack, 'Token').node, env: stack.env, secretRef: { secretId: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:red/hat-a1b2c3' },
    }) as ISecretRef],
  ])('with a slash in its name is refused, and named without the end of its ARN: %s', (_, make) => {
    expect(() => provider({ secret: make() })).toThrow(
      'Stack/Provider: secret \'Stack/Token\' has the name \'red/hat\': License Manager takes no secret with a slash in its name. Name it otherwise.');
  });

  test.each<[string, () => ISecretRef, string]>([
    ['by its name', () => Secret.fromSecretNameV2(stack, 'Token', 'red-hat-abcdef'), 'red-hat-abcdef'],
    ['by a part of its ARN', () => Secret.fromSecretPartialArn(stack, 'Token', 'arn:aws:secretsmanager:us-east-1:111122223333:secret:red-hat-abcdef'), 'red-hat-abcdef'],
  ])('without the end of its ARN causes a warning if its name ends as an ARN does: %s', (_, make, name) => {
    provider({ secret: make() });
    expect(warnings()).toEqual([`secret 'Stack/Token' is imported by its name '${name}', which ends with a hyphen and 6 characters, as the ARN of a secret does: Secrets ` +
      'Manager may find nothing, or another secret. Import it by its complete ARN (Secret.fromSecretCompleteArn()). [ack: cdk-license-manager:secretNameEndsAsArn]']);
  });

  test.each<[string, () => ISecretRef]>([
    ['a name that does not', () => Secret.fromSecretNameV2(stack, 'Token', 'red-hat-abcdefg')],
    ['a complete ARN', () => Secret.fromSecretCompleteArn(stack, 'Token', 'arn:aws:secretsmanager:us-east-1:111122223333:secret:red-hat-abcdef-a1b2c3')],
    ['a name that is a token', () => Secret.fromSecretNameV2(stack, 'Token', Fn.importValue('name'))],
  ])('causes none with %s', (_, make) => {
    provider({ secret: make() });
    expect(warnings()).toEqual([]);
  });

  const untagged = (what: string) => [`${what} needs the tag 'LicenseManagerLinuxSubscriptions: enabled', without which License Manager may not read it. Use ` +
    'RhsmSecret, or add the tag. [ack: cdk-license-manager:secretWithoutTag]'];

  test.each<[string, (secret: Secret) => void, boolean]>([
    ['nothing', () => {}, true],
    ['another value', secret => Tags.of(secret).add(TAG, 'disabled'), true],
    ['the tag', secret => Tags.of(secret).add(TAG, 'enabled'), false],
    ['a value that is a token', secret => Tags.of(secret).add(TAG, Fn.importValue('value')), false],
  ])('of this app with %s: is there a warning when the app is complete?', (_, tag, warned) => {
    const secret = new Secret(stack, 'Token', { secretStringValue: SecretValue.secretsManager('red-hat') });
    provider({ secret });
    tag(secret);
    expect(warnings()).toEqual(warned ? untagged('Secret \'Stack/Token\'') : []);
  });

  test.each<[string, (key: Key) => ISecretRef]>([
    ['L2', key => new Secret(stack, 'Token', { encryptionKey: key })],
    ['L2, by an alias', key => new Secret(stack, 'Token', { encryptionKey: key.addAlias('alias/rhsm') })],
    ['L1', key => new CfnSecret(stack, 'Token', { kmsKeyId: key.keyArn })],
    ['L1, by an alias', key => new CfnSecret(stack, 'Token', {
      kmsKeyId: new CfnAlias(stack, 'Alias', { aliasName: 'alias/rhsm', targetKeyId: key.keyId }).ref,
    })],
  ])('of this app (%s) with a key causes a warning when the app is complete, unless the key has the tag', (_, make) => {
    const key = new Key(stack, 'Key');
    const secret = make(key);
    Tags.of(secret).add(TAG, 'enabled');
    provider({ secret });
    expect(warnings(/needs the tag/)).toEqual(untagged('Key \'Stack/Key/Resource\' of secret \'Stack/Token\''));
  });

  test('of this app whose key was taken away causes none', () => {
    const secret = new Secret(stack, 'Token', { encryptionKey: new Key(stack, 'Key') });
    (secret.node.defaultChild as CfnSecret).kmsKeyId = undefined;
    Tags.of(secret).add(TAG, 'enabled');
    provider({ secret });
    expect(warnings(/needs the tag/)).toEqual([]);
  });

  test('of this app with a key with the tag causes none', () => {
    const key = new Key(stack, 'Key');
    const secret = new Secret(stack, 'Token', { encryptionKey: key });
    provider({ secret });
    Tags.of(secret).add(TAG, 'enabled');
    Tags.of(key).add(TAG, 'enabled');
    expect(warnings(/needs the tag/)).toEqual([]);
  });

  test.each<[string, () => ISecretRef]>([
    ['L2', () => new Secret(stack, 'Token')],
    ['L1', () => new CfnSecret(stack, 'Token', { generateSecretString: {} })],
  ])('of this app (%s) that holds a generated password causes a warning: its status would be INVALID', (_, make) => {
    Tags.of(stack).add(TAG, 'enabled');
    provider({ secret: make() });
    Annotations.fromStack(stack).hasWarning('/Stack/Provider',
      'secret \'Stack/Token\' holds a password that Secrets Manager generates, which Red Hat does not know: until somebody writes an offline token ' +
      'into the secret, the status of the provider is INVALID. Use RhsmSecret, which is made empty or takes the token from another secret. ' +
      '[ack: cdk-license-manager:generatedOfflineToken]');
  });

  test.each<[string, () => ISecretRef]>([
    ['RhsmSecret', () => new RhsmSecret(stack, 'Token')],
    ['RhsmSecret with a value', () => new RhsmSecret(stack, 'Token', { offlineToken: SecretValue.secretsManager('red-hat') })],
    ['L2 with a value', () => new Secret(stack, 'Token', { secretStringValue: SecretValue.secretsManager('red-hat') })],
  ])('of this app (%s) without a generated password is not', (_, make) => {
    Tags.of(stack).add(TAG, 'enabled');
    provider({ secret: make() });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each<[string, () => IKey]>([
    ['a key of its own, made for it,', () => new Key(stack, 'Key')],
    ['the alias of a key of its own', () => new Key(stack, 'Key').addAlias('alias/rhsm')],
    ['a key of which only the name of its alias is known', () => Alias.fromAliasName(stack, 'Alias', 'alias/rhsm')],
  ])('with %s is taken', (_, make) => {
    provider({ secret: new RhsmSecret(stack, 'Token', { encryptionKey: make() }) });
    expect(() => app.synth()).not.toThrow();
  });

  /** A secret that is nothing but its reference, as another library may have it. */
  function fake() {
    return { node: stack.node, env: stack.env };
  }
});

describe('import', () => {
  test('by the ARN', () => {
    const imported = SubscriptionProvider.fromSubscriptionProviderArn(stack, 'Imported', PROVIDER_ARN.replace('us-east-1', 'us-west-2'));
    expect(imported.subscriptionProviderArn).toBe(PROVIDER_ARN.replace('us-east-1', 'us-west-2'));
    expect(imported.subscriptionProviderId).toBe('0a1b2c3d');
    expect(imported.env).toMatchObject({ account: '111122223333', region: 'us-west-2' });
    expect(imported.subscriptionProviderRef).toEqual({ subscriptionProviderArn: imported.subscriptionProviderArn });
  });

  test.each([Fn.importValue('arn'), `arn:${Aws.PARTITION}:license-manager-linux-subscriptions:${Aws.REGION}:${Aws.ACCOUNT_ID}:subscription-provider/0a1b`])(
    'by a token (%#)', arn => {
      expect(SubscriptionProvider.fromSubscriptionProviderAttributes(stack, 'Imported', { subscriptionProviderArn: arn }).subscriptionProviderArn).toBe(arn);
    });

  test.each([
    '', '0a1b2c3d', SECRET_ARN, PROVIDER_ARN.replace('subscription-provider/', ''), `${PROVIDER_ARN}/1`, PROVIDER_ARN.replace('0a1b2c3d', ''),
    PROVIDER_ARN.replace('0a1b2c3d', 'a'.repeat(511)), PROVIDER_ARN.replace(':subscription-provider', ':my-subscription-provider'),
  ])('another ARN is refused (%#)', arn => {
    expect(() => SubscriptionProvider.fromSubscriptionProviderArn(stack, 'Imported', arn)).toThrow(
      `Stack: '${arn}', for 'Imported', is not the ARN of a subscription provider: expected 'arn:<partition>:license-manager-linux-subscriptions:<region>:` +
      '<account>:subscription-provider/<id>\'. Take it from \'aws license-manager-linux-subscriptions list-registered-subscription-providers\'.');
  });

  test.each([1, 510])('an id of %d characters is taken', length => {
    const arn = PROVIDER_ARN.replace('0a1b2c3d', 'a'.repeat(length));
    expect(SubscriptionProvider.fromSubscriptionProviderArn(stack, 'Imported', arn).subscriptionProviderId).toHaveLength(length);
  });
});
