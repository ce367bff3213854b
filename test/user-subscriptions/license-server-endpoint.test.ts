import { App, Aws, CfnOutput, Fn, Lazy, PropertyInjectors, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import { IdentityProvider, LicenseServerCredentials, LicenseServerEndpoint, UserSubscriptionProduct } from '../../src';
import type { LicenseServerEndpointProps } from '../../src';

const TYPE = 'AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint';
const IDENTITY_PROVIDER = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-0123456789abcdef0';
const ENDPOINT = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:license-server-endpoint/lse-1234';
const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:license-manager-user-admin-a1b2c3';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const existing = (arn = SECRET): ISecretRef => Secret.fromSecretCompleteArn(stack, 'Existing', arn);

const provider = (arn = IDENTITY_PROVIDER, id = 'Directory') => IdentityProvider.fromIdentityProviderArn(stack, id, arn);

function endpoint({ identityProviderArn, ...props }: Partial<LicenseServerEndpointProps> & { readonly identityProviderArn?: string } = {}) {
  return new LicenseServerEndpoint(stack, 'Endpoint', {
    identityProvider: provider(identityProviderArn), credentials: props.credentials ?? existing(), ...props,
  });
}

function settings(secretId: unknown) {
  return {
    ServerType: 'RDS_SAL',
    ServerSettings: { RdsSalSettings: { RdsSalCredentialsProvider: { SecretsManagerCredentialsProvider: { SecretId: secretId } } } },
  };
}

describe('the endpoint', () => {
  test('has the identity provider, and the credentials by their ARN', () => {
    endpoint({ credentials: new LicenseServerCredentials(stack, 'Credentials') });
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: {
        IdentityProviderArn: IDENTITY_PROVIDER, LicenseServerSettings: settings({ Ref: Match.stringLikeRegexp('^Credentials') }), Tags: Match.absent(),
      },
      DeletionPolicy: Match.absent(),
    });
  });

  test.each<[string, (construct: LicenseServerEndpoint) => string]>([
    ['LicenseServerEndpointArn', construct => construct.licenseServerEndpointArn],
    ['LicenseServerEndpointId', construct => construct.licenseServerEndpointId],
    ['LicenseServerEndpointProvisioningStatus', construct => construct.licenseServerEndpointProvisioningStatus],
    ['CreationTime', construct => construct.licenseServerEndpointCreationTime],
  ])('tells its %s', (attribute, read) => {
    new CfnOutput(stack, 'Output', { value: read(endpoint()) });
    Template.fromStack(stack).hasOutput('Output', { Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Endpoint'), attribute] } });
  });

  test('has a reference of its identity provider and its ARN', () => {
    const { licenseServerEndpointRef } = endpoint();
    expect(stack.resolve(licenseServerEndpointRef)).toEqual({
      identityProviderArn: IDENTITY_PROVIDER,
      licenseServerEndpointArn: { 'Fn::GetAtt': [expect.stringMatching('^Endpoint'), 'LicenseServerEndpointArn'] },
    });
  });

  test('the validator tells of a Region that does not have the type', () => {
    app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
    stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    const credentials = new LicenseServerCredentials(stack, 'Credentials');
    endpoint({ credentials, identityProviderArn: IDENTITY_PROVIDER.replace('us-east-1', 'eu-west-1') });
    expect(() => app.synth()).toThrow(`Resource type '${TYPE}' does not exist in 'eu-west-1'`);
  });

  test('takes tags and a removal policy', () => {
    const construct = endpoint({ removalPolicy: RemovalPolicy.RETAIN });
    Tags.of(stack).add('team', 'windows');
    Tags.of(construct).add('cost', '4711');
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: { Tags: [{ Key: 'cost', Value: '4711' }, { Key: 'team', Value: 'windows' }], tags: Match.absent() }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain',
    });
  });

  test('the removal policy can be said later, and a snapshot is refused', () => {
    const construct = endpoint();
    construct.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Retain' });
    const message = 'Stack/Endpoint: removalPolicy is \'snapshot\': there are no snapshots of a license server endpoint. Use RemovalPolicy.DESTROY or ' +
      'RemovalPolicy.RETAIN.';
    expect(() => construct.applyRemovalPolicy(RemovalPolicy.SNAPSHOT)).toThrow(message);
    ['Endpoint', 'Existing', 'Directory'].forEach(id => stack.node.tryRemoveChild(id));
    expect(() => endpoint({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(message);
  });

  test.each([[128, 256], [1, 0]])('a tag with a key of %d and a value of %d characters is taken', (key, value) => {
    Tags.of(endpoint()).add('k'.repeat(key), 'v'.repeat(value));
    expect(() => app.synth()).not.toThrow();
  });

  test('a tag with a key of 129 characters is refused', () => {
    Tags.of(endpoint()).add('k'.repeat(129), 'value');
    expect(() => app.synth()).toThrow(`Stack/Endpoint: the key of a tag '${'k'.repeat(60)}…' has 129 characters: it has to have 1 to 128.`);
  });

  test('properties can be injected', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: LicenseServerEndpoint.PROPERTY_INJECTION_ID,
      inject: (props: any) => ({ removalPolicy: RemovalPolicy.RETAIN, ...props }),
    });
    endpoint();
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Retain' });
  });

  test('a second one of the same identity provider causes a warning, one of another is not', () => {
    endpoint();
    new LicenseServerEndpoint(stack, 'Second', { identityProvider: provider(undefined, 'Same'), credentials: new LicenseServerCredentials(stack, 'A') });
    new LicenseServerEndpoint(stack, 'Third', { identityProvider: provider(`${IDENTITY_PROVIDER}1`, 'Other'), credentials: new LicenseServerCredentials(stack, 'B') });
    Annotations.fromStack(stack).hasWarning('/Stack/Second',
      '\'Stack/Endpoint\' is an endpoint of the same identity provider: CloudFormation deletes an endpoint before it makes the one that replaces it, ' +
      'as if a directory could have but one. Remove one of the two. [ack: cdk-license-manager:licenseServerEndpointTwice]');
    Annotations.fromStack(stack).hasNoWarning('/Stack/Endpoint', Match.anyValue());
    Annotations.fromStack(stack).hasNoWarning('/Stack/Third', Match.anyValue());
  });
});

describe('the identity provider', () => {
  test.each([
    Fn.importValue('arn'),
    `arn:${Aws.PARTITION}:license-manager-user-subscriptions:${Aws.REGION}:${Aws.ACCOUNT_ID}:identity-provider/idp-1`,
    IDENTITY_PROVIDER.replace(/[^/]*$/, 'a'), IDENTITY_PROVIDER.replace(/[^/]*$/, 'a'.repeat(510)),
  ])('is taken (%#)', identityProviderArn => {
    endpoint({ identityProviderArn });
    Template.fromStack(stack).hasResourceProperties(TYPE, { IdentityProviderArn: stack.resolve(identityProviderArn) });
  });

  test.each([
    '', 'd-1234567890', ENDPOINT, 'arn:aws:ds:us-east-1:111122223333:directory/d-1234567890', IDENTITY_PROVIDER.replace(/[^/]*$/, ''),
    IDENTITY_PROVIDER.replace(/[^/]*$/, 'a'.repeat(511)), IDENTITY_PROVIDER.replace(':identity-provider', ':my-identity-provider'),
  ])('is refused (%#)', identityProviderArn => {
    expect(() => endpoint({ identityProviderArn })).toThrow(
      `Stack: '${identityProviderArn}', for 'Directory', is not the ARN of an identity provider: expected 'arn:<partition>:license-manager-user-subscriptions:<region>:` +
      '<account>:identity-provider/<id>\'. Take it from \'aws license-manager-user-subscriptions list-identity-providers\'.');
  });

  test('of another Region is refused', () => {
    expect(() => endpoint({ identityProviderArn: IDENTITY_PROVIDER.replace('us-east-1', 'us-west-2') })).toThrow(
      'Stack/Endpoint: the identity provider is in Region \'us-west-2\' and the stack in \'us-east-1\': an endpoint is in the Region of its identity ' +
      'provider. Declare it in a stack of \'us-west-2\'.');
  });

  test('of another account is refused, also if it has shared its directory', () => {
    expect(() => endpoint({ identityProviderArn: IDENTITY_PROVIDER.replace('111122223333', '999988887777') })).toThrow(
      'Stack/Endpoint: the identity provider belongs to account \'999988887777\' and the stack to \'111122223333\': an endpoint is of the account that ' +
      'has registered the directory, and so are its subscriptions. Declare it in a stack of \'999988887777\'; a directory that it shares is ' +
      'registered anew, and has another ARN.');
  });
});

describe('the credentials', () => {
  test.each<[string, () => ISecretRef, unknown]>([
    ['by their ARN', () => existing(), SECRET],
    ['by a token', () => existing(Fn.importValue('arn')), { 'Fn::ImportValue': 'arn' }],
    ['by their name', () => Secret.fromSecretNameV2(stack, 'Named', 'license-manager-user-admin'), Match.anyValue()],
    ['as L2', () => new Secret(stack, 'L2', { secretName: 'license-manager-user-admin' }), { Ref: Match.stringLikeRegexp('^L2') }],
    ['as L1', () => new CfnSecret(stack, 'L1', { name: 'license-manager-user-admin' }), { Ref: 'L1' }],
    ['with a name that is a token', () => new CfnSecret(stack, 'L1', { name: Fn.importValue('name') }), { Ref: 'L1' }],
  ])('are taken %s', (_, make, secretId) => {
    endpoint({ credentials: make() });
    Template.fromStack(stack).hasResourceProperties(TYPE, { LicenseServerSettings: settings(secretId) });
  });

  test('by a name that ends as an ARN does cause a warning: Secrets Manager would take it for one', () => {
    endpoint({ credentials: Secret.fromSecretNameV2(stack, 'Named', 'license-manager-user-secret') });
    expect(warnings()).toEqual(['secret \'Stack/Named\' is imported by its name \'license-manager-user-secret\', which ends with a hyphen and 6 characters, as the ARN of ' +
      'a secret does: Secrets Manager may find nothing, or another secret. Import it by its complete ARN (Secret.fromSecretCompleteArn()). ' +
      '[ack: cdk-license-manager:secretNameEndsAsArn]']);
  });

  const warnings = () => Annotations.fromStack(stack).findWarning('/Stack/Endpoint', Match.anyValue()).map(({ entry }) => entry.data);
  const unread = (path: string, name: string) => `secret '${path}' has ${name}: the policy of License Manager's role lets it read only secrets whose name begins with ` +
    '\'license-manager-user-\'. Use LicenseServerCredentials, or name it so. [ack: cdk-license-manager:credentialsNameWithoutPrefix]';

  test.each([SECRET.replace('license-manager-user-', ''), SECRET.replace('license', 'my-license'), SECRET.replace('license-manager-user-', 'team/')])(
    'with the ARN \'%s\' cause a warning, and are sent', arn => {
      endpoint({ credentials: existing(arn) });
      expect(warnings()).toEqual([unread('Stack/Existing', `the name '${arn.split(':')[6].replace('-a1b2c3', '')}'`)]);
      Template.fromStack(stack).hasResourceProperties(TYPE, { LicenseServerSettings: settings(arn) });
    });

  test.each(['arn:aws:secretsmanager:us-east-1:111122223333:secret:', 'arn:aws:kms:us-east-1:111122223333:key/1', 'license-manager-user-admin',
    SECRET.replace(':secret:', ':my-secret:'), SECRET.replace(':secret:', ':secrets:')])(
    'with the ARN \'%s\' are refused', arn => {
      const fake = { node: stack.node, env: stack.env, secretRef: { secretId: arn } };
      expect(() => endpoint({ credentials: fake as ISecretRef })).toThrow(
        `Stack/Endpoint: '${arn}' is not the ARN of a secret with the credentials of a license server: expected 'arn:<partition>:secretsmanager:<region>:` +
        '<account>:secret:license-manager-user-<more>\'. Use LicenseServerCredentials, or import the secret.');
    });

  test.each<[string, string | undefined]>([
    ['the name \'admin\'', 'admin'],
    ['a name that CloudFormation generates', undefined],
  ])('of this app with %s cause a warning', (text, secretName) => {
    endpoint({ credentials: new Secret(stack, 'Secret', { secretName, secretStringValue: SecretValue.secretsManager('admin') }) });
    expect(warnings()).toEqual([unread('Stack/Secret', text)]);
  });

  const NAME = 'license-manager-user-admin';
  const template = (username: string) => JSON.stringify({ username });

  test.each<[string, () => ISecretRef]>([
    ['L2 with nothing but a password', () => new Secret(stack, 'Secret', { secretName: NAME })],
    ['L2 with another key', () => new Secret(stack, 'Secret', {
      secretName: NAME, generateSecretString: { generateStringKey: 'Password', secretStringTemplate: template('Administrator') },
    })],
    ['L2 with another user', () => new Secret(stack, 'Secret', {
      secretName: NAME, generateSecretString: { generateStringKey: 'password', secretStringTemplate: template('admin') },
    })],
    ['L1 without the key of the password', () => new CfnSecret(stack, 'Secret', {
      name: NAME, generateSecretString: { secretStringTemplate: template('Administrator') },
    })],
    ['L1 without the user', () => new CfnSecret(stack, 'Secret', { name: NAME, generateSecretString: { generateStringKey: 'password' } })],
    ['L1 with nothing but a password', () => new CfnSecret(stack, 'Secret', { name: NAME, generateSecretString: {} })],
  ])('of this app that generate something else cause a warning: %s', (_, make) => {
    endpoint({ credentials: make() });
    Annotations.fromStack(stack).hasWarning('/Stack/Endpoint',
      'secret \'Stack/Secret\' is generated without the keys \'username\', of the value \'Administrator\', and \'password\': until somebody writes ' +
      'both into it, License Manager can\'t set the license server up. Use LicenseServerCredentials, or generate both. ' +
      '[ack: cdk-license-manager:generatedCredentials]');
  });

  test.each<[string, () => ISecretRef]>([
    ['LicenseServerCredentials', () => new LicenseServerCredentials(stack, 'Secret')],
    ['L2 with both', () => new Secret(stack, 'Secret', {
      secretName: NAME, generateSecretString: { generateStringKey: 'password', secretStringTemplate: '{ "username" : "Administrator" }' },
    })],
    ['L2 with tokens', () => new Secret(stack, 'Secret', {
      secretName: NAME, generateSecretString: { generateStringKey: Fn.importValue('key'), secretStringTemplate: Fn.importValue('template') },
    })],
    ['L2 with a value', () => new Secret(stack, 'Secret', { secretName: NAME, secretStringValue: SecretValue.secretsManager('admin') })],
    ['L1 with what is known only in the end', () => new CfnSecret(stack, 'Secret', { name: NAME, generateSecretString: Lazy.any({ produce: () => ({}) }) })],
  ])('of this app that generate both, or are not known, are not: %s', (_, make) => {
    endpoint({ credentials: make() });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('of another Region or account cause a warning', () => {
    endpoint({ credentials: existing(SECRET.replace('us-east-1', 'us-west-2').replace('111122223333', '999988887777')) });
    expect(warnings()).toEqual([
      'secret \'Stack/Existing\' is in Region \'us-west-2\' and the endpoint in \'us-east-1\', where License Manager reads it. Put what is in it into a secret in ' +
      '\'us-east-1\'. [ack: cdk-license-manager:secretInAnotherRegion]',
      'secret \'Stack/Existing\' belongs to account \'999988887777\' and the endpoint to \'111122223333\': License Manager\'s role reads secrets of its own ' +
      'account. Put what is in it into a secret of \'111122223333\'. [ack: cdk-license-manager:secretOfAnotherAccount]',
    ]);
  });
});

describe('import', () => {
  test('by the ARN', () => {
    const imported = LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'Imported', ENDPOINT.replace('us-east-1', 'us-west-2'));
    expect(imported.licenseServerEndpointArn).toBe(ENDPOINT.replace('us-east-1', 'us-west-2'));
    expect(imported.licenseServerEndpointId).toBe('lse-1234');
    expect(imported.env).toMatchObject({ account: '111122223333', region: 'us-west-2' });
  });

  test('by the ARN leaves the identity provider open, which the reference then says', () => {
    const { licenseServerEndpointRef } = LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'Imported', ENDPOINT);
    expect(licenseServerEndpointRef.licenseServerEndpointArn).toBe(ENDPOINT);
    expect(() => licenseServerEndpointRef.identityProviderArn).toThrow(
      'Stack/Imported: the identity provider of an endpoint that is imported by its ARN is not known. Import it with ' +
      'LicenseServerEndpoint.fromLicenseServerEndpointAttributes() and identityProviderArn.');
  });

  test('with its identity provider has a whole reference', () => {
    const reference = { licenseServerEndpointArn: ENDPOINT, identityProviderArn: IDENTITY_PROVIDER };
    expect(LicenseServerEndpoint.fromLicenseServerEndpointAttributes(stack, 'Imported', reference).licenseServerEndpointRef).toEqual(reference);
  });

  test('with something else as identity provider is refused', () => {
    expect(() => LicenseServerEndpoint.fromLicenseServerEndpointAttributes(stack, 'Imported', {
      licenseServerEndpointArn: ENDPOINT, identityProviderArn: 'd-1234567890',
    })).toThrow('Stack: \'d-1234567890\', for \'Imported\', is not the ARN of an identity provider: expected ');
  });

  test('by a token', () => {
    const imported = LicenseServerEndpoint.fromLicenseServerEndpointAttributes(stack, 'Imported', { licenseServerEndpointArn: Fn.importValue('arn') });
    expect(stack.resolve(imported.licenseServerEndpointArn)).toEqual({ 'Fn::ImportValue': 'arn' });
    expect(stack.resolve(imported.licenseServerEndpointId)).toEqual({
      'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::ImportValue': 'arn' }] }] }] }],
    });
  });

  test.each(['', 'lse-1234', IDENTITY_PROVIDER, ENDPOINT.replace('lse-1234', ''), ENDPOINT.replace('lse-1234', 'a'.repeat(511)), ENDPOINT.replace(':license', ':my-license')])(
    'another ARN is refused (%#)', arn => {
      expect(() => LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'Imported', arn)).toThrow(
        `Stack: '${arn}', for 'Imported', is not the ARN of a license server endpoint: expected 'arn:<partition>:license-manager-user-subscriptions:<region>:` +
        '<account>:license-server-endpoint/<id>\'. Take it from \'aws license-manager-user-subscriptions list-license-server-endpoints\'.');
    });

  test.each([1, 510])('an id of %d characters is taken', length => {
    const arn = ENDPOINT.replace('lse-1234', 'a'.repeat(length));
    expect(LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'Imported', arn).licenseServerEndpointId).toHaveLength(length);
  });
});

describe('an identity provider of another product', () => {
  const of = (product?: UserSubscriptionProduct) => {
    endpoint({
      identityProvider: IdentityProvider.fromIdentityProviderAttributes(stack, 'Registered', { identityProviderArn: IDENTITY_PROVIDER, product }),
    });
    return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
  };

  test('is told of', () => {
    expect(of(UserSubscriptionProduct.VISUAL_STUDIO_ENTERPRISE)).toEqual(['\'Stack/Registered\' is registered for \'VISUAL_STUDIO_ENTERPRISE\': the license server is for '
      + 'UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES. Register the directory for that, too, and name that identity provider. '
      + '[ack: cdk-license-manager:licenseServerOfAnotherProduct]']);
  });

  test.each([UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, undefined])('is not the right one, or one that is not known (%#)', (product) => {
    expect(of(product)).toEqual([]);
  });
});
