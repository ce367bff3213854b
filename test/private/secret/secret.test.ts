import { App, CfnParameter, Fn, SecretValue, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Alias, CfnKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { IKeyRef, KeyProps } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { checkEncryptionKey, checkIsReference, checkSecretTexts, warnOfKeyOfAnotherAccount } from '../../../src/private/secret/secret';
import { lit } from '../../../src/private/validation/validation';

const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const FOREIGN_ARN = KEY_ARN.replace('111122223333', '444455556666');

let app: App;
let stack: Stack;
let secret: CfnSecret;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  secret = new CfnSecret(stack, 'Secret');
});

const imported = (arn: string) => Key.fromKeyArn(stack, 'Imported', arn);
const elsewhere = () => new Stack(app, 'Elsewhere', { env: { account: '111122223333', region: 'eu-west-1' } });
const alias = (key: Key) => new Alias(key.stack, 'Alias', { aliasName: 'alias/a', targetKey: key });

describe('the key of a secret', () => {
  test.each<[string, () => IKeyRef]>([
    ['symmetric', () => new Key(stack, 'Key')],
    ['symmetric, in so many words', () => new Key(stack, 'Key', { keySpec: KeySpec.SYMMETRIC_DEFAULT, keyUsage: KeyUsage.ENCRYPT_DECRYPT })],
    ['an L1', () => new CfnKey(stack, 'Key', { keyPolicy: {} })],
    ['an L1 whose kind is a token', () => {
      const text = new CfnParameter(stack, 'Text').valueAsString;
      return new CfnKey(stack, 'Key', { keyPolicy: {}, keySpec: text, keyUsage: text });
    }],
    ['imported', () => imported(KEY_ARN)],
    ['imported by a token', () => imported(Fn.importValue('arn'))],
    ['imported, of a Region that is a token', () => imported(KEY_ARN.replace('us-east-1', new CfnParameter(stack, 'Region').valueAsString))],
    ['of a stack without Region', () => new Key(new Stack(app, 'Anywhere'), 'Key')],
    ['of another account, which Secrets Manager takes', () => imported(FOREIGN_ARN)],
    ['an alias that was imported by its name', () => Alias.fromAliasName(stack, 'Alias', 'alias/a')],
  ])('may be %s', (_, make) => {
    const key = make();
    expect(checkEncryptionKey(secret, key)).toBe(key);
  });

  test('is meant where its alias is given', () => {
    const key = new Key(stack, 'Key');
    expect(checkEncryptionKey(secret, alias(key))).toBe(key);
  });

  test.each<[string, string, KeyProps]>([
    ['RSA_2048', 'ENCRYPT_DECRYPT', { keySpec: KeySpec.RSA_2048 }],
    ['RSA_2048', 'SIGN_VERIFY', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.SIGN_VERIFY }],
    ['ECC_NIST_P256', 'SIGN_VERIFY', { keySpec: KeySpec.ECC_NIST_P256, keyUsage: KeyUsage.SIGN_VERIFY }],
    ['HMAC_256', 'GENERATE_VERIFY_MAC', { keySpec: KeySpec.HMAC_256, keyUsage: KeyUsage.GENERATE_VERIFY_MAC }],
  ])('is refused if it is %s for %s, also behind its alias', (keySpec, keyUsage, props) => {
    const key = new Key(stack, 'Key', props);
    for (const given of [key, alias(key), key.node.defaultChild as CfnKey]) {
      expect(() => checkEncryptionKey(secret, given)).toThrow(
        `Stack/Secret: encryptionKey '${given === key.node.defaultChild ? 'Stack/Key/Resource' : 'Stack/Key'}' has the key spec '${keySpec}' and the key ` +
        `usage '${keyUsage}': Secrets Manager encrypts with symmetric keys only, which are SYMMETRIC_DEFAULT and ENCRYPT_DECRYPT. Make a key without ` +
        'keySpec and keyUsage: neither can be changed on a key that exists.');
    }
  });

  test.each<[string, string, () => IKeyRef]>([
    ['imported', 'Stack/Imported', () => imported(KEY_ARN.replace('us-east-1', 'eu-west-1'))],
    ['of another stack', 'Elsewhere/Key', () => new Key(elsewhere(), 'Key')],
    ['behind its alias', 'Elsewhere/Key', () => alias(new Key(elsewhere(), 'Key'))],
    ['of an alias that was imported by its name', 'Elsewhere/Alias', () => Alias.fromAliasName(elsewhere(), 'Alias', 'alias/a')],
  ])('is refused in another Region (%s)', (_, path, make) => {
    expect(() => checkEncryptionKey(secret, make())).toThrow(
      `Stack/Secret: encryptionKey '${path}' is in Region 'eu-west-1' and the secret in 'us-east-1': Secrets Manager encrypts with keys of the Region of ` +
      'the secret only. Use a key in \'us-east-1\'; the replica of a multi-Region key there is one.');
  });
});

describe('a key of another account', () => {
  const ROLE = { name: 'ReadingRole', service: 'reader' };

  test.each<[string, string, () => IKeyRef]>([
    ['imported', 'Stack/Imported', () => imported(FOREIGN_ARN)],
    ['of another stack', 'Foreign/Key', () => new Key(new Stack(app, 'Foreign', { env: { account: '444455556666', region: 'us-east-1' } }), 'Key')],
  ])('causes a warning (%s)', (_, path, make) => {
    expect(warnOfKeyOfAnotherAccount(secret, make(), ROLE)).toBe(true);
    Annotations.fromStack(stack).hasWarning('/Stack/Secret',
      `encryptionKey '${path}' belongs to account '444455556666' and the secret to '111122223333': the policy of License Manager's role 'ReadingRole' ` +
      'lets it decrypt with no key of another account, whatever the policy of the key says. Use a key of \'111122223333\', or try a grant on the key: ' +
      '\'aws kms create-grant --operations Decrypt --grantee-principal\' with the ARN of the role, \'role/aws-service-role/reader.amazonaws.com/' +
      'ReadingRole\'. [ack: cdk-license-manager:secretKeyOfAnotherAccount]');
  });

  test.each<[string, () => IKeyRef]>([
    ['the same account', () => imported(KEY_ARN)],
    ['an account that is a token', () => imported(FOREIGN_ARN.replace('444455556666', new CfnParameter(stack, 'Account').valueAsString))],
    ['an account that nobody knows', () => imported(Fn.importValue('arn'))],
  ])('is none of %s', (_, make) => {
    expect(warnOfKeyOfAnotherAccount(secret, make(), ROLE)).toBe(false);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('a value that is no text in the template', () => {
  const check = (value: SecretValue) => () => checkIsReference(stack, lit`Plain`, 'password', value);
  const parameter = (noEcho: boolean) => new CfnParameter(stack, 'Parameter', { noEcho }).valueAsString;

  test.each<[string, () => SecretValue]>([
    ['a secret', () => SecretValue.secretsManager('name')],
    ['a secret of the stack', () => SecretValue.secretsManager(secret.ref, { jsonField: 'password' })],
    ['a parameter with NoEcho', () => SecretValue.unsafePlainText(parameter(true))],
    ['something imported', () => SecretValue.unsafePlainText(Fn.importValue('password'))],
  ])('is %s', (_, make) => {
    expect(check(make())).not.toThrow();
  });

  test.each<[string, () => string]>([
    ['a text', () => 'text'],
    ['nothing', () => ''],
    ['a text behind a reference', () => `${parameter(true)}text`],
    ['a text before a reference', () => `text${parameter(true)}`],
    ['a text before a secret', () => `text${SecretValue.secretsManager('name').unsafeUnwrap()}`],
    ['a text behind a secret', () => `${SecretValue.secretsManager(secret.ref).unsafeUnwrap()}text`],
  ])('is not %s', (_, make) => {
    expect(check(SecretValue.unsafePlainText(make()))).toThrow('Stack: password is plain text: everybody who can read the template could read it.');
  });

  test('is not a parameter that is shown', () => {
    expect(check(SecretValue.unsafePlainText(parameter(false)))).toThrow("Stack: password is the parameter 'Stack/Parameter' without NoEcho");
  });

  test('is not a secure parameter of Systems Manager, also one whose name is a reference', () => {
    for (const name of ['name', secret.ref]) {
      expect(check(SecretValue.ssmSecure(name, '1'))).toThrow('Stack: password is a secure parameter of Systems Manager: CloudFormation does not resolve');
    }
  });
});

test.each([
  ['name-abcdef', true], ['-abcdef', true], ['name-abcde', false], ['name-abcdefg', false], [undefined, false], [`${Fn.importValue('name')}-abcdef`, false],
])('that the name %s ends as an ARN does, is warned of: %p', (secretName, warned) => {
  checkSecretTexts(secret, lit`Name`, { secretName });
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('secretNameEndsAsArn'))).toHaveLength(warned ? 1 : 0);
});
