import { App, Aws, CfnCondition, CfnMapping, CfnParameter, CfnResource, Fn, NestedStack, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Alias, CfnKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { IKeyRef, KeyProps } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
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

describe('a secret value', () => {
  const SECRET = 'hunter2';
  const ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf';
  const check = (text: string) => () => checkIsReference(secret, lit`TestSecret`, 'password', SecretValue.unsafePlainText(text));
  const hidden = () => new CfnParameter(stack, 'Hidden', { noEcho: true }).valueAsString;
  const shown = () => new CfnParameter(stack, 'Shown').valueAsString;
  const withDefault = () => new CfnParameter(stack, 'Default', { noEcho: true, default: SECRET }).valueAsString;
  const dynamic = (text: string = ARN) => SecretValue.secretsManager(text).unsafeUnwrap();
  const either = (one: string, other: string) => Token.asString(
    Fn.conditionIf(new CfnCondition(stack, 'Condition', { expression: Fn.conditionEquals(Aws.REGION, 'us-east-1') }).logicalId, one, other));

  test.each<[string, () => string]>([
    ['a dynamic reference to Secrets Manager', () => dynamic()],
    ['one with an ARN that is a token', () => dynamic(Fn.importValue('arn'))],
    ['one that CloudFormation puts together', () => Fn.join('', ['{{resolve:secretsmanager:', shown(), '}}'])],
    ['one that Fn::Sub puts together', () => Fn.sub('{{resolve:secretsmanager:${Name}:SecretString:${AWS::Region}}}', { Name: shown() })],
    ['one to a secret of the stack', () => new Secret(stack, 'Other').secretValue.unsafeUnwrap()],
    ['one to a secret of another stack', () => new Secret(new Stack(app, 'Elsewhere', { env: { account: stack.account, region: stack.region } }), 'Other').secretValue.unsafeUnwrap()],
    ['a parameter with NoEcho', hidden],
    ['one that is named by its logical id', () => {
      hidden();
      return Fn.ref('Hidden');
    }],
    ['one in Fn::Sub', () => {
      hidden();
      return Fn.sub('${Hidden}');
    }],
    ['one beside the text of Fn::Sub', () => Fn.sub('${It}', { It: hidden() })],
    ['two, one after the other', () => `${hidden()}${new CfnParameter(stack, 'More', { noEcho: true }).valueAsString}`],
    ['a part of one', () => Fn.select(1, Fn.split(',', hidden()))],
    ['one or the other in Fn::If', () => either(hidden(), dynamic())],
    ['one or nothing in Fn::If', () => either(hidden(), Aws.NO_VALUE)],
    ['an attribute of a resource', () => new CfnResource(stack, 'Resource', { type: 'Custom::It' }).getAtt('Password').toString()],
    ['an attribute that is named by its logical id', () => Fn.getAtt('Resource', 'Password').toString()],
    ['an attribute in Fn::Sub', () => Fn.sub('${Resource.Password}')],
  ])('may be %s', (_, make) => expect(check(make())).not.toThrow());

  const WAY_OUT = 'Use a secret (SecretValue.secretsManager) or a parameter of the stack with NoEcho (SecretValue.cfnParameter), or leave it out.';
  const PLAIN = `is plain text: everybody who can read the template could read it. ${WAY_OUT}`;
  const SHOWN = 'is the parameter \'Stack/Shown\' without NoEcho: everybody who can see the stack could read it. Set noEcho of the parameter.';
  const DEFAULT = 'is the parameter \'Stack/Default\', whose default stands in the template: everybody who can read that could read it. Take the ' +
    'default away, and give the value when you deploy.';

  test.each<[string, () => string, string]>([
    ['plain text', () => SECRET, PLAIN],
    ['nothing', () => '', PLAIN],
    ['plain text in Fn::Sub', () => Fn.sub(SECRET), PLAIN],
    ['plain text beside a value in Fn::Sub', () => Fn.sub(`${SECRET}\${Hidden}`, { Hidden: hidden() }), PLAIN],
    ['plain text among the values of Fn::Sub', () => Fn.sub('${It}', { It: SECRET }), PLAIN],
    ['what Fn::Sub does not replace', () => Fn.sub(`\${!${SECRET}}`), PLAIN],
    ['plain text in Fn::If', () => either(dynamic(), SECRET), PLAIN],
    ['plain text in the first branch of Fn::If', () => either(SECRET, dynamic()), PLAIN],
    ['plain text in Fn::Join', () => Fn.join('', [SECRET, hidden()]), PLAIN],
    ['what Fn::Join has between values', () => Fn.join(SECRET, [hidden(), new CfnParameter(stack, 'More', { noEcho: true }).valueAsString]), PLAIN],
    ['a part of plain text', () => Fn.select(0, Fn.split(',', SECRET)), PLAIN],
    ['plain text before a dynamic reference', () => `${SECRET}${dynamic()}`, PLAIN],
    ['plain text in a dynamic reference of a kind that there is not', () => `{{resolve:nothing:${SECRET}}}`, PLAIN],
    ['a parameter without NoEcho', shown, SHOWN],
    ['one in Fn::If', () => either(dynamic(), shown()), SHOWN],
    ['one in Fn::Sub', () => {
      shown();
      return Fn.sub('${Shown}');
    }, SHOWN],
    ['one that is named by its logical id', () => {
      shown();
      return Fn.ref('Shown');
    }, SHOWN],
    ['one beside one with NoEcho', () => `${hidden()}${shown()}`, SHOWN],
    ['the default of a parameter', withDefault, DEFAULT],
    ['the default of a parameter in Fn::If', () => either(withDefault(), dynamic()), DEFAULT],
    ['a parameter that there is not', () => Fn.ref('Nothing'), `refers to something that is no parameter of stack 'Stack'. ${WAY_OUT}`],
    ['the name of a resource', () => new CfnResource(stack, 'Resource', { type: 'Custom::It' }).ref, `is the name of 'Stack/Resource', and no secret. ${WAY_OUT}`],
    ['a parameter of another stack', () => new CfnParameter(new Stack(app, 'Elsewhere'), 'Hidden', { noEcho: true }).valueAsString,
      `is something of stack 'Elsewhere', which would hand it over where everybody who can see the stacks could read it. ${WAY_OUT}`],
    ['an attribute of a nested stack', () => new CfnResource(new NestedStack(stack, 'Nested'), 'Resource', { type: 'Custom::It' }).getAtt('Password').toString(),
      `is something of stack 'Stack/Nested', which would hand it over where everybody who can see the stacks could read it. ${WAY_OUT}`],
    ['what another stack exports', () => Fn.importValue('password'),
      `is what Fn::ImportValue makes of something, of which nobody knows whether it stays hidden. ${WAY_OUT}`],
    ['what stands in a mapping', () => new CfnMapping(stack, 'Map', { mapping: { us: { password: SECRET } } }).findInMap(shown(), 'password'),
      `is what Fn::FindInMap makes of something, of which nobody knows whether it stays hidden. ${WAY_OUT}`],
    ['what Fn::Base64 only disguises', () => Fn.base64(SECRET),
      `is what Fn::Base64 makes of something, of which nobody knows whether it stays hidden. ${WAY_OUT}`],
    ['a parameter of Systems Manager', () => '{{resolve:ssm:/password:1}}',
      `is a parameter of Systems Manager that is not secure: whoever may read parameters could read it. ${WAY_OUT}`],
    ['a secure parameter of Systems Manager', () => SecretValue.ssmSecure('/password').unsafeUnwrap(),
      'is a secure parameter of Systems Manager: CloudFormation does not resolve those for a secret. Use a secret (SecretValue.secretsManager) or a ' +
      'parameter of the stack with NoEcho (SecretValue.cfnParameter).'],
  ])('is refused as %s, and the message does not tell it', (_, make, message) => {
    const attempt = check(make());
    expect(attempt).toThrow(`Stack/Secret: password ${message}`);
    expect(attempt).not.toThrow(SECRET);
  });
});

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
