import { App, Aws, CfnParameter, Fn, PropertyInjectors, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alias, CfnKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { LicenseServerCredentials } from '../../src';
import type { LicenseServerCredentialsProps } from '../../src';

const TYPE = 'AWS::SecretsManager::Secret';
const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
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
        Name: Match.stringLikeRegexp('^license-manager-user-Stack-Credentials-[0-9A-F]{8}$'),
        Description: 'Administrator of the RDS license server, for AWS License Manager',
        GenerateSecretString: {
          SecretStringTemplate: '{"username":"Administrator"}',
          GenerateStringKey: 'password',
          PasswordLength: 32,
          ExcludeCharacters: ' "\'`$\\;&|<>',
        },
        SecretString: Match.absent(),
        KmsKeyId: 'alias/aws/secretsmanager',
      },
      DeletionPolicy: 'Delete',
      Metadata: { checkov: { skip: [{ id: 'CKV_AWS_149' }] } },
    });
  });

  test('two have two names, and a name has no more characters than allowed', () => {
    credentials();
    new LicenseServerCredentials(stack, 'Other Credentials');
    new LicenseServerCredentials(stack, 'Credentials-2');
    new LicenseServerCredentials(new Stack(new App(), 'Stack'.repeat(25)), 'Credentials'.repeat(20));
    const names = Object.values(Template.fromStack(stack).findResources(TYPE)).map(({ Properties }) => Properties.Name);
    expect(names.map(name => name.slice(0, -9))).toEqual([
      'license-manager-user-Stack-Credentials', 'license-manager-user-Stack-OtherCredentials', 'license-manager-user-Stack-Credentials-2',
    ]);
  });

  test.each([
    [341, 341], [352, 352], [353, 353], [354, 353], [1000, 353],
  ])('of an id of %d characters, %d are in the name, which Secrets Manager takes up to 512 characters of', (length, left) => {
    new LicenseServerCredentials(new Construct(stack, 'x'.repeat(300)), 'A'.repeat(length));
    const [name] = Object.values(Template.fromStack(stack).findResources(TYPE)).map(({ Properties }) => Properties.Name);
    expect(name).toMatch(new RegExp(`^license-manager-user-.{128}-A{${left}}-[0-9A-F]{8}$`));
    expect(name.length).toBeLessThanOrEqual(512);
  });

  test('two whose ids differ behind what is in the name have two names', () => {
    ['A', 'B'].forEach(end => new LicenseServerCredentials(stack, `${'x'.repeat(600)}${end}`));
    const names = Object.values(Template.fromStack(stack).findResources(TYPE)).map(({ Properties }) => Properties.Name);
    expect(new Set(names).size).toBe(2);
  });

  test('has the path in its name', () => {
    const nested = (id: string) => new LicenseServerCredentials(new Construct(stack, id), 'Credentials');
    const nameOf = (construct: LicenseServerCredentials) => (construct.node.defaultChild as CfnSecret).name!;
    expect(nameOf(nested('Team'))).toMatch(/^license-manager-user-Stack-Team-[0-9A-F]{8}-Credentials-[0-9A-F]{8}$/);
  });

  test('a tag with a key of 129 characters is refused', () => {
    Tags.of(credentials()).add('k'.repeat(129), 'value');
    expect(() => (stack.node.root as App).synth()).toThrow(`Stack/Credentials: the key of a tag '${'k'.repeat(60)}…' has 129 characters: it has to have 1 to 128.`);
  });

  test('two of stacks whose names differ in a hyphen only have two names', () => {
    const app = new App();
    const stacks = ['AB', 'A-B'].map(name => new Stack(app, name));
    stacks.forEach(other => new LicenseServerCredentials(other, 'Credentials'));
    const names = stacks.map(other => Object.values(Template.fromStack(other).findResources(TYPE))[0].Properties.Name);
    expect(names[0]).not.toBe(names[1]);
  });

  test.each(['Secret', 'A-Secret', 'Admin'])('the name that is generated for \'%s\' does not end as an ARN does', (id) => {
    new LicenseServerCredentials(stack, id);
    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: Match.stringLikeRegexp(`^license-manager-user-Stack-${id}-[0-9A-F]{8}$`) });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('a name that ends as an ARN does causes a warning', () => {
    credentials({ secretName: 'license-manager-user-server' });
    Annotations.fromStack(stack).hasWarning('/Stack/Credentials', Match.stringLikeRegexp(
      '^secretName \'license-manager-user-server\' ends with a hyphen and 6 characters.*cdk-license-manager:secretNameEndsAsArn'));
  });

  test('a description of 2048 characters is taken, one of 2049 is refused', () => {
    credentials({ description: 'a'.repeat(2048) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Description: 'a'.repeat(2048) });
    expect(() => new LicenseServerCredentials(stack, 'Wordy', { description: 'a'.repeat(2049) })).toThrow(
      `Stack/Wordy: description '${'a'.repeat(60)}…' has 2049 characters: it has to have at most 2048. Correct it, or leave it out.`);
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

  const warnings = () => Annotations.fromStack(stack).findWarning('/Stack/Credentials', Match.anyValue()).map(({ entry }) => entry.data);

  test.each(['admin', 'license-manager-user', 'License-Manager-User-admin', 'my-license-manager-user-admin'])('the name \'%s\' causes a warning', name => {
    credentials({ secretName: name });
    expect(warnings()).toContain(`secretName '${name}' does not begin with 'license-manager-user-': the policy of License Manager's role ` +
      '\'AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService\' lets it read no other secret. Add the prefix, or leave the name out. ' +
      '[ack: cdk-license-manager:credentialsNameWithoutPrefix]');
    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: name });
  });

  test('what a name begins with is looked at beside a token, too', () => {
    credentials({ secretName: `admin-${Aws.REGION}` });
    expect(warnings()).toContainEqual(expect.stringMatching(/^secretName '\{"Fn::Join":.*' does not begin with 'license-manager-user-'/));
    new LicenseServerCredentials(stack, 'Right', { secretName: `license-manager-user-${Aws.REGION}` });
    new LicenseServerCredentials(stack, 'Open', { secretName: Fn.importValue('Name') });
    Annotations.fromStack(stack).hasNoWarning('/Stack/Right', Match.anyValue());
    Annotations.fromStack(stack).hasNoWarning('/Stack/Open', Match.anyValue());
  });

  test.each(['license-manager-user-a b', 'license-manager-user-a:b'])('the name \'%s\' causes a warning', name => {
    credentials({ secretName: name });
    expect(warnings()).toEqual([`secretName '${name}' has other characters than letters, digits and /_+=.@-, which Secrets Manager may not take. Correct it, or leave ` +
      'it out. [ack: cdk-license-manager:secretNameCharacters]']);
  });

  test.each(['license-manager-user-a/b', 'license-manager-user-_+=.@-0'])('the name \'%s\' is taken', name => {
    credentials({ secretName: name });
    expect(warnings()).toEqual([]);
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

  test.each(['aws', 'aws-us-gov', 'aws-cn'])('of another owner (%s) stays as it is, which causes a warning', partition => {
    const arn = `arn:${partition}:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
    credentials({ encryptionKey: Key.fromKeyArn(stack, 'Key', arn) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { KmsKeyId: arn });
    Annotations.fromStack(stack).hasWarning('/Stack/Credentials',
      'encryptionKey \'Stack/Key\' is not a key of this app, so that its policy stays as it is: License Manager can\'t decrypt the secret unless the ' +
      'policy lets \'AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService\' use kms:Decrypt through Secrets Manager. Add it with \'aws kms ' +
      'put-key-policy\'. [ack: cdk-license-manager:credentialsKeyOfAnotherOwner]');
  });

  test.each<[string, () => IKey]>([
    ['itself', () => new Key(stack, 'Key')],
    ['behind its alias', () => new Alias(stack, 'Alias', { aliasName: 'alias/administrator', targetKey: new Key(stack, 'Key') })],
    ['by its L1', () => Key.fromCfnKey(new CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [] } }))],
  ])('of this app is not warned of (%s)', (_, make) => {
    credentials({ encryptionKey: make() });
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt', Condition: Match.anyValue() })]) },
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('of which only the name of an alias is known stays as it is, which causes a warning', () => {
    credentials({ encryptionKey: Alias.fromAliasName(stack, 'Alias', 'alias/administrator') });
    Annotations.fromStack(stack).hasWarning('/Stack/Credentials', Match.stringLikeRegexp(
      '^encryptionKey \'Stack/Alias\' is not a key of this app.*cdk-license-manager:credentialsKeyOfAnotherOwner'));
  });

  test('of another account causes a warning once: its policy would not help', () => {
    credentials({ encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN.replace('111122223333', '444455556666')) });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      expect.stringMatching('^encryptionKey \'Stack/Key\' belongs to account \'444455556666\' and the secret to \'111122223333\': the policy of ' +
        'License Manager\'s role \'AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService\' .*role/aws-service-role/license-manager-user-' +
        'subscriptions.amazonaws.com/AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService'),
    ]);
  });

  test.each<[string, () => IKey, string]>([
    ['another Region', () => Key.fromKeyArn(stack, 'Key', KEY_ARN.replace('us-east-1', 'eu-west-1')),
      'Stack/Credentials: encryptionKey \'Stack/Key\' is in Region \'eu-west-1\' and the secret in \'us-east-1\': Secrets Manager encrypts with keys'],
    ['another kind', () => new Key(stack, 'Key', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.SIGN_VERIFY }),
      'Stack/Credentials: encryptionKey \'Stack/Key\' has the key spec \'RSA_2048\' and the key usage \'SIGN_VERIFY\': Secrets Manager encrypts with'],
  ])('of %s is refused', (_, make, message) => {
    expect(() => credentials({ encryptionKey: make() })).toThrow(message);
  });

  test('that comes as a token is taken', () => {
    credentials({ encryptionKey: Key.fromKeyArn(stack, 'Key', Fn.importValue('arn')) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { KmsKeyId: { 'Fn::ImportValue': 'arn' } });
  });
});
