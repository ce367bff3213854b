import { App, CfnParameter, Fn, PropertyInjectors, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LicenseServerCredentials } from '../../src';
import type { LicenseServerCredentialsProps } from '../../src';

const TYPE = 'AWS::SecretsManager::Secret';
const PASSWORD = 'correct horse battery staple';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const credentials = (props?: LicenseServerCredentialsProps) => new LicenseServerCredentials(stack, 'Credentials', props);

describe('the secret', () => {
  test('has a name with the prefix, the user Administrator and a generated password', () => {
    credentials();
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: {
        Name: 'license-manager-user-Stack-Credentials',
        Description: 'Administrator of the RDS license server, for AWS License Manager',
        GenerateSecretString: {
          SecretStringTemplate: '{"username":"Administrator"}',
          GenerateStringKey: 'password',
          PasswordLength: 32,
          ExcludeCharacters: ' "\'`$\\;&|<>',
        },
        SecretString: Match.absent(),
        KmsKeyId: Match.absent(),
      },
      DeletionPolicy: 'Delete',
      Metadata: { checkov: { skip: [{ id: 'CKV_AWS_149' }] } },
    });
  });

  test('two have two names, and a name has no more characters than allowed', () => {
    credentials();
    new LicenseServerCredentials(stack, 'Other Credentials');
    new LicenseServerCredentials(new Stack(new App(), 'Stack'.repeat(25)), 'Credentials'.repeat(20));
    const names = Object.values(Template.fromStack(stack).findResources(TYPE)).map(({ Properties }) => Properties.Name);
    expect(names).toEqual(['license-manager-user-Stack-Credentials', 'license-manager-user-Stack-OtherCredentials']);
  });

  test('takes a name, a description and a removal policy', () => {
    credentials({ secretName: 'license-manager-user-admin-credentials', description: 'Ours', removalPolicy: RemovalPolicy.RETAIN });
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: { Name: 'license-manager-user-admin-credentials', Description: 'Ours' }, DeletionPolicy: 'Retain',
    });
  });

  test('its name can be read', () => {
    expect(JSON.stringify(stack.resolve(credentials({ secretName: 'license-manager-user-a' }).secretName))).toContain('Ref');
  });

  test.each(['admin', 'license-manager-user-', 'License-Manager-User-admin', 'my-license-manager-user-admin'])('the name \'%s\' is refused', name => {
    expect(() => credentials({ secretName: name })).toThrow(
      `Stack/Credentials: secretName is '${name}': it has to begin with 'license-manager-user-' and go on, for License Manager may read no other ` +
      'secret. Add the prefix, or leave it out.');
  });

  test.each(['license-manager-user-a/b', 'license-manager-user-a b'])('the name \'%s\' is refused', name => {
    expect(() => credentials({ secretName: name })).toThrow(
      `Stack/Credentials: secretName is '${name}': it has to consist of letters, digits and _+=.@-; License Manager takes no slash. Correct it, or ` +
      'leave it out.');
  });

  test.each(['license-manager-user-a', `license-manager-user-${'a'.repeat(491)}`])('a name of at most 512 characters is taken (%#)', name => {
    credentials({ secretName: name });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: name });
  });

  test('a name of 513 characters is refused', () => {
    expect(() => credentials({ secretName: `license-manager-user-${'a'.repeat(492)}` })).toThrow('has 513 characters: it has to have 1 to 512.');
  });

  test('a name that is a token is taken', () => {
    credentials({ secretName: Fn.importValue('name') });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: { 'Fn::ImportValue': 'name' } });
  });

  test('a snapshot is refused', () => {
    expect(() => credentials({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(
      'Stack/Credentials: removalPolicy is \'snapshot\': there are no snapshots of a secret. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.');
  });

  test('properties can be injected', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: LicenseServerCredentials.PROPERTY_INJECTION_ID, inject: (props: any) => ({ description: 'Injected', ...props }),
    });
    credentials();
    Template.fromStack(stack).hasResourceProperties(TYPE, { Description: 'Injected' });
  });
});

describe('a password of the user', () => {
  test('comes from a secret that exists', () => {
    credentials({ password: SecretValue.secretsManager('domain-admin', { jsonField: 'pw' }) });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      SecretString: '{"username":"Administrator","password":"{{resolve:secretsmanager:domain-admin:SecretString:pw::}}"}',
      GenerateSecretString: Match.absent(),
    });
  });

  test('comes from a parameter with NoEcho', () => {
    credentials({ password: SecretValue.cfnParameter(new CfnParameter(stack, 'Password', { noEcho: true })) });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      SecretString: { 'Fn::Join': ['', ['{"username":"Administrator","password":"', { Ref: 'Password' }, '"}']] },
    });
  });

  test('is refused as plain text, and the message does not tell it', () => {
    const act = () => credentials({ password: SecretValue.unsafePlainText(PASSWORD) });
    expect(act).toThrow(
      'Stack/Credentials: password is plain text: everybody who can read the template could read it. Use a secret (SecretValue.secretsManager) or a ' +
      'parameter of the stack with NoEcho (SecretValue.cfnParameter), or leave it out.');
    stack.node.tryRemoveChild('Credentials');
    expect(act).not.toThrow(PASSWORD);
  });
});

describe('the key', () => {
  test('lets the service-linked role decrypt through Secrets Manager, which its own policy does not', () => {
    const key = new Key(stack, 'Key');
    credentials({ encryptionKey: key });
    const template = Template.fromStack(stack);
    template.hasResource(TYPE, { Properties: { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } }, Metadata: Match.absent() });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([{
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Principal: {
            AWS: {
              'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' },
                ':iam::111122223333:role/aws-service-role/license-manager-user-subscriptions.amazonaws.com/' +
                'AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService']],
            },
          },
          Resource: '*',
          Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } },
        }]),
      },
    });
  });

  test('of another owner is taken as it is', () => {
    const arn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    credentials({ encryptionKey: Key.fromKeyArn(stack, 'Key', arn) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { KmsKeyId: arn });
  });
});
