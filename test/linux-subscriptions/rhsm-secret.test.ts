import { App, Aws, CfnParameter, Fn, Lazy, PropertyInjectors, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnKey, Key, KeySpec } from 'aws-cdk-lib/aws-kms';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RhsmSecret } from '../../src';
import type { RhsmSecretProps } from '../../src';

const TYPE = 'AWS::SecretsManager::Secret';
const TAG = { Key: 'LicenseManagerLinuxSubscriptions', Value: 'enabled' };
const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.the-offline-token.signature';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const secret = (props?: RhsmSecretProps) => new RhsmSecret(stack, 'Token', props);

describe('the secret', () => {
  test('is empty unless there is a value: nothing could be taken for a token', () => {
    const construct = secret();
    Template.fromStack(stack).templateMatches({
      Resources: {
        [stack.getLogicalId(construct.node.defaultChild as any)]: {
          Type: TYPE,
          Properties: {
            Description: 'Offline token of Red Hat Subscription Manager, for AWS License Manager',
            Name: Match.absent(),
            SecretString: Match.absent(),
            GenerateSecretString: Match.absent(),
            KmsKeyId: 'alias/aws/secretsmanager',
            Tags: [TAG],
          },
          DeletionPolicy: 'Delete',
        },
      },
    });
  });

  test('takes a name, a description and a removal policy', () => {
    secret({ secretName: 'rhsm_token+1=.@-', description: 'Ours', removalPolicy: RemovalPolicy.RETAIN });
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: { Name: 'rhsm_token+1=.@-', Description: 'Ours' }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain',
    });
  });

  test('is a secret like any other', () => {
    secret().grantRead(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'] }] },
    });
  });

  test('has the tag whatever else is tagged, and other tags beside', () => {
    const construct = secret();
    Tags.of(app).add(TAG.Key, 'disabled', { priority: 1000 });
    Tags.of(construct).remove(TAG.Key, { priority: 1000 });
    Tags.of(construct).add('team', 'linux');
    Template.fromStack(stack).hasResourceProperties(TYPE, { Tags: [TAG, { Key: 'team', Value: 'linux' }] });
  });

  test('a tag with a key of 129 characters is refused', () => {
    Tags.of(secret()).add('k'.repeat(129), 'value');
    expect(() => app.synth()).toThrow(`Stack/Token: the key of a tag '${'k'.repeat(60)}…' has 129 characters: it has to have 1 to 128.`);
  });

  test('properties can be injected, for it and for secrets in general', () => {
    const key = new Key(stack, 'Key');
    PropertyInjectors.of(stack).add({
      constructUniqueId: RhsmSecret.PROPERTY_INJECTION_ID, inject: (props: any) => ({ description: 'Injected', ...props }),
    }, {
      constructUniqueId: Secret.PROPERTY_INJECTION_ID, inject: (props: any) => ({ ...props, encryptionKey: key }),
    });
    secret();
    Template.fromStack(stack).hasResourceProperties(TYPE, { Description: 'Injected', KmsKeyId: Match.anyValue() });
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { Tags: [TAG] });
  });

  test.each(['', 'a'.repeat(513)])('a name of the wrong length is refused (%#)', name => {
    expect(() => secret({ secretName: name })).toThrow(
      `Stack/Token: secretName '${name.slice(0, 60)}${name.length > 60 ? '…' : ''}' has ${name.length} characters: it has to have 1 to 512. ` +
      'Correct it, or leave it out.');
  });

  test.each(['a', 'a'.repeat(512)])('a name of 1 to 512 characters is taken (%#)', name => {
    secret({ secretName: name });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: name });
  });

  test('a name with a slash is refused', () => {
    expect(() => secret({ secretName: 'rhsm/token' })).toThrow(
      'Stack/Token: secretName is \'rhsm/token\': it has to have no slash, for License Manager takes none. Correct it, or leave it out.');
  });

  test.each(['rhsm token', 'rhsm:token', 'tökén'])('the name \'%s\' causes a warning', secretName => {
    secret({ secretName });
    Annotations.fromStack(stack).hasWarning('/Stack/Token', `secretName '${secretName}' has other characters than letters, digits and /_+=.@-, which Secrets Manager ` +
      'may not take. Correct it, or leave it out. [ack: cdk-license-manager:secretNameCharacters]');
  });

  test('a name that is a token is taken', () => {
    secret({ secretName: Fn.importValue('name') });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Name: { 'Fn::ImportValue': 'name' } });
  });

  test.each(['', 'a'.repeat(2048)])('a description of at most 2048 characters is taken (%#)', description => {
    secret({ description });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Description: description });
  });

  test('a description of 2049 characters is refused', () => {
    expect(() => secret({ description: 'a'.repeat(2049) })).toThrow(
      `Stack/Token: description '${'a'.repeat(60)}…' has 2049 characters: it has to have at most 2048. Correct it, or leave it out.`);
  });

  test('a description that is a token is not looked into', () => {
    secret({ description: Lazy.string({ produce: () => 'late' }) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Description: 'late' });
  });

  test.each(['rhsm-abcdef', 'rhsm-a.b_c2', '-abcdef'])('the name \'%s\' causes a warning, which could be the end of an ARN', secretName => {
    secret({ secretName });
    Annotations.fromStack(stack).hasWarning('/Stack/Token',
      `secretName '${secretName}' ends with a hyphen and 6 characters, as Secrets Manager ends the ARN of a secret: a search by a part of the ARN may ` +
      'find nothing, or another secret. Let it end otherwise. [ack: cdk-license-manager:secretNameEndsAsArn]');
  });

  test.each(['rhsm-abcde', 'rhsm-abcdefg', 'rhsm_abcdef', 'abcdef', undefined, Fn.importValue('name-abcdef')])('the name \'%s\' is not', secretName => {
    secret({ secretName });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('a snapshot is refused', () => {
    expect(() => secret({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(
      'Stack/Token: removalPolicy is \'snapshot\': there are no snapshots of a secret. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.');
  });
});

describe('the offline token', () => {
  test.each<[string, () => SecretValue, unknown]>([
    ['a secret by name', () => SecretValue.secretsManager('red-hat'), '{{resolve:secretsmanager:red-hat:SecretString:::}}'],
    ['a field of a secret', () => SecretValue.secretsManager('red-hat', { jsonField: 'token' }), '{{resolve:secretsmanager:red-hat:SecretString:token::}}'],
    ['a secret of the stack', () => new Secret(stack, 'Other').secretValue, {
      'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: Match.stringLikeRegexp('^Other') }, ':SecretString:::}}']],
    }],
    ['an imported secret', () => Secret.fromSecretNameV2(stack, 'Other', 'red-hat').secretValue, Match.anyValue()],
    ['a parameter with NoEcho', () => SecretValue.cfnParameter(new CfnParameter(stack, 'Parameter', { noEcho: true })), { Ref: 'Parameter' }],
  ])('is taken from %s', (_, make, expected) => {
    secret({ offlineToken: make() });
    Template.fromStack(stack).hasResourceProperties(TYPE, { SecretString: expected, GenerateSecretString: Match.absent(), Tags: [TAG] });
  });

  const PLAIN = 'Stack/Token: offlineToken is plain text: everybody who can read the template could read it. Use a secret ' +
    '(SecretValue.secretsManager) or a parameter of the stack with NoEcho (SecretValue.cfnParameter), or leave it out.';

  test.each<[string, () => SecretValue, string]>([
    ['plain text', () => SecretValue.unsafePlainText(TOKEN), PLAIN],
    ['nothing', () => SecretValue.unsafePlainText(''), PLAIN],
    ['plain text that comes late', () => SecretValue.unsafePlainText(Lazy.string({ produce: () => TOKEN })), PLAIN],
    ['plain text before a reference', () => SecretValue.unsafePlainText(`${TOKEN}{{resolve:secretsmanager:red-hat}}`), PLAIN],
    ['plain text after a reference', () => SecretValue.unsafePlainText(`{{resolve:secretsmanager:red-hat}}${TOKEN}`), PLAIN],
    ['plain text between references', () => SecretValue.unsafePlainText(`{{resolve:ssm:a}}${TOKEN}{{resolve:ssm:b}}`), PLAIN],
    ['plain text between references to this stack', () => {
      const reference = new Secret(stack, `Other${stack.node.children.length}`).secretValue.unsafeUnwrap();
      return SecretValue.unsafePlainText(`${reference}${TOKEN}${reference}`);
    }, PLAIN],
    ['plain text with a token in it', () => SecretValue.unsafePlainText(`${TOKEN}${Aws.STACK_NAME}`), PLAIN],
    ['what another stack exports, which the list of exports shows', () => SecretValue.unsafePlainText(Fn.importValue('token')),
      'Stack/Token: offlineToken is what Fn::ImportValue makes of something, of which nobody knows whether it stays hidden. Use a secret'],
    ['a parameter without NoEcho', () => SecretValue.unsafePlainText(new CfnParameter(stack, 'Parameter').valueAsString),
      'Stack/Token: offlineToken is the parameter \'Stack/Parameter\' without NoEcho: everybody who can see the stack could read it. Set ' +
      'noEcho of the parameter.'],
    ['the default of a parameter', () => SecretValue.cfnParameter(new CfnParameter(stack, 'Parameter', { noEcho: true, default: TOKEN })),
      'Stack/Token: offlineToken is the parameter \'Stack/Parameter\', whose default stands in the template: everybody who can read that could ' +
      'read it. Take the default away, and give the value when you deploy.'],
    ['a secure parameter of Systems Manager', () => SecretValue.ssmSecure('red-hat'),
      'Stack/Token: offlineToken is a secure parameter of Systems Manager: CloudFormation does not resolve those for a secret. Use a secret ' +
      '(SecretValue.secretsManager) or a parameter of the stack with NoEcho (SecretValue.cfnParameter).'],
  ])('is refused as %s, and the message does not tell it', (_, make, message) => {
    expect(() => secret({ offlineToken: make() })).toThrow(message);
    expect(() => new RhsmSecret(stack, 'Again', { offlineToken: make() })).not.toThrow(TOKEN);
  });
});

describe('the key', () => {
  test('of the app gets the tag, and lets the account use it through Secrets Manager', () => {
    const key = new Key(stack, 'Key');
    Tags.of(key).add(TAG.Key, 'disabled', { priority: 1000 });
    secret({ encryptionKey: key });
    const template = Template.fromStack(stack);
    template.hasResourceProperties(TYPE, { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } });
    template.hasResourceProperties('AWS::KMS::Key', {
      Tags: [TAG],
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Effect: 'Allow',
          Action: Match.arrayWith(['kms:Decrypt']),
          Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] } },
          Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } },
        })]),
      },
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each<[string, () => IKey]>([
    ['behind its alias', () => new Key(stack, 'Key').addAlias('alias/rhsm')],
    ['behind an alias that was imported with it', () => Alias.fromAliasAttributes(stack, 'Alias', {
      aliasName: 'alias/rhsm', aliasTargetKey: new Key(stack, 'Key'),
    })],
    ['by its L1', () => Key.fromCfnKey(new CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [] } }))],
    ['by its ARN', () => Key.fromKeyArn(stack, 'Imported', new Key(stack, 'Key').keyArn)],
  ])('of the app gets the tag also %s', (_, make) => {
    secret({ encryptionKey: make() });
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { Tags: [TAG] });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each<[string, string, () => IKey]>([
    ['of another owner', 'Stack/Imported', () => Key.fromKeyArn(stack, 'Imported', KEY_ARN)],
    ['that comes as a token', 'Stack/Imported', () => Key.fromKeyArn(stack, 'Imported', Fn.importValue('arn'))],
    ['of which only the name of an alias is known', 'Stack/Alias', () => Alias.fromAliasName(stack, 'Alias', 'alias/rhsm')],
  ])('%s causes a warning', (_, path, make) => {
    secret({ encryptionKey: make() });
    Annotations.fromStack(stack).hasWarning('/Stack/Token',
      `encryptionKey '${path}' is not a key of this app, so that it gets no tag: License Manager can't decrypt the secret unless the key has the tag ` +
      '\'LicenseManagerLinuxSubscriptions: enabled\' and its policy lets the account use it through Secrets Manager. Tag it with \'aws kms ' +
      'tag-resource\'. [ack: cdk-license-manager:rhsmKeyOfAnotherOwner]');
  });

  test('of another account causes a warning once: a tag would not help', () => {
    secret({ encryptionKey: Key.fromKeyArn(stack, 'Imported', KEY_ARN.replace('111122223333', '444455556666')) });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      expect.stringMatching('^encryptionKey \'Stack/Imported\' belongs to account \'444455556666\' and the secret to \'111122223333\': the policy of ' +
        'License Manager\'s role \'AWSServiceRoleForAWSLicenseManagerLinuxSubscriptionsService\' .*role/aws-service-role/license-manager-linux-' +
        'subscriptions.amazonaws.com/AWSServiceRoleForAWSLicenseManagerLinuxSubscriptionsService'),
    ]);
  });

  test.each<[string, () => IKey, string]>([
    ['another Region', () => Key.fromKeyArn(stack, 'Imported', KEY_ARN.replace('us-east-1', 'eu-west-1')),
      'Stack/Token: encryptionKey \'Stack/Imported\' is in Region \'eu-west-1\' and the secret in \'us-east-1\': Secrets Manager encrypts with keys'],
    ['another kind', () => new Key(stack, 'Key', { keySpec: KeySpec.RSA_2048 }),
      'Stack/Token: encryptionKey \'Stack/Key\' has the key spec \'RSA_2048\' and the key usage \'ENCRYPT_DECRYPT\': Secrets Manager encrypts with'],
  ])('of %s is refused', (_, make, message) => {
    expect(() => secret({ encryptionKey: make() })).toThrow(message);
  });
});

describe('scanners', () => {
  test('checkov is told why there is no key, unless there is one', () => {
    secret();
    new RhsmSecret(stack, 'Encrypted', { description: 'encrypted', encryptionKey: new Key(stack, 'Key') });
    const template = Template.fromStack(stack);
    template.hasResource(TYPE, { Metadata: { checkov: { skip: [{ id: 'CKV_AWS_149', comment: Match.stringLikeRegexp('encryptionKey') }] } } });
    template.hasResource(TYPE, { Properties: { Description: 'encrypted' }, Metadata: Match.absent() });
  });
});
