import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Alias, CfnAlias, CfnKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { IKeyRef, KeyProps } from 'aws-cdk-lib/aws-kms';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import { checkKind, keyBehind, referredKey, resourceOfKey } from '../../../src/private/secret/key';

const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const POLICY = { Version: '2012-10-17', Statement: [] };

let stack: Stack;
let key: Key;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  key = new Key(stack, 'Key');
});

const resource = () => key.node.defaultChild as CfnKey;
const alias = () => new Alias(stack, 'Alias', { aliasName: 'alias/a', targetKey: key });

describe('the key behind', () => {
  test.each<[string, () => IKeyRef, () => IKeyRef | undefined]>([
    ['a key is the key', () => key, () => key],
    ['an L1 is the L1', resource, resource],
    ['an alias of this app is its key', alias, () => key],
    ['an alias that was imported with its key is that key', () => Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/a', aliasTargetKey: key }), () => key],
    ['an alias that was imported by its name is not known', () => Alias.fromAliasName(stack, 'Alias', 'alias/a'), () => undefined],
  ])('%s', (_, given, expected) => {
    expect(keyBehind(given())).toBe(expected());
  });
});

describe('the resource', () => {
  test.each<[string, () => IKeyRef]>([
    ['of an L2', () => key],
    ['of an L1', resource],
    ['of a key that was imported by the ARN of one of this app', () => Key.fromKeyArn(stack, 'Imported', key.keyArn)],
  ])('%s is known', (_, given) => {
    expect(resourceOfKey(given())).toBe(resource());
  });

  test('of an L2 that was made of an L1 is known', () => {
    const l1 = new CfnKey(stack, 'L1', { keyPolicy: POLICY });
    expect(resourceOfKey(Key.fromCfnKey(l1))).toBe(l1);
  });

  test.each([['its ARN', () => KEY_ARN], ['a token', () => Fn.importValue('arn')]])('of a key that was imported by %s is not', (_, arn) => {
    expect(resourceOfKey(Key.fromKeyArn(stack, 'Imported', arn()))).toBeUndefined();
  });

  test.each<[string, () => string]>([
    ['the ARN of a key', () => key.keyArn],
    ['the id of a key', () => key.keyId],
    ['the name of an alias', () => new CfnAlias(stack, 'Alias', { aliasName: 'alias/a', targetKeyId: key.keyId }).ref],
  ])('is referred to by %s', (_, text) => {
    expect(referredKey(text())).toBe(resource());
  });

  test.each<[string, () => string]>([
    ['an ARN that is written', () => KEY_ARN],
    ['an ARN of another stack', () => Fn.importValue('arn')],
    ['something else of this app', () => new CfnParameter(stack, 'Text').valueAsString],
    ['an alias of a key that is not of this app', () => new CfnAlias(stack, 'Alias', { aliasName: 'alias/a', targetKeyId: KEY_ARN }).ref],
  ])('is not referred to by %s', (_, text) => {
    expect(referredKey(text())).toBeUndefined();
  });
});

describe('the kind of a key', () => {
  const check = (given: IKeyRef) => checkKind(stack, lit`WrongKey`, 'key', given, {
    keySpecs: ['RSA_2048', 'RSA_3072'], keyUsage: 'SIGN_VERIFY', reason: 'signing takes RSA', wayOut: 'Make another',
  });

  test.each<[string, KeyProps]>([
    ['RSA_2048', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.SIGN_VERIFY }],
    ['RSA_3072', { keySpec: KeySpec.RSA_3072, keyUsage: KeyUsage.SIGN_VERIFY }],
  ])('is right: %s', (_, props) => {
    expect(() => check(new Key(stack, 'Other', props))).not.toThrow();
  });

  test.each<[string, string, KeyProps]>([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', {}],
    ['RSA_4096', 'SIGN_VERIFY', { keySpec: KeySpec.RSA_4096, keyUsage: KeyUsage.SIGN_VERIFY }],
    ['RSA_2048', 'ENCRYPT_DECRYPT', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.ENCRYPT_DECRYPT }],
  ])('is refused: %s for %s', (keySpec, keyUsage, props) => {
    expect(() => check(new Key(stack, 'Other', props))).toThrow(
      `Stack: key 'Stack/Other' has the key spec '${keySpec}' and the key usage '${keyUsage}': signing takes RSA. Make another: neither can be changed ` +
      'on a key that exists.');
  });

  test.each<[string, () => IKeyRef]>([
    ['a token', () => {
      const text = new CfnParameter(stack, 'Text').valueAsString;
      return new CfnKey(stack, 'L1', { keySpec: text, keyUsage: text, keyPolicy: POLICY });
    }],
    ['of a key that is imported', () => Key.fromKeyArn(stack, 'Imported', KEY_ARN)],
  ])('is not looked into where it is %s', (_, given) => {
    expect(() => check(given())).not.toThrow();
  });
});
