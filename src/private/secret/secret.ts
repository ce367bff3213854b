import { Annotations, CfnParameter, Stack, Token } from 'aws-cdk-lib';
import type { RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import type { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { checkKind, keyBehind } from './key';
import type { KindOfKey } from './key';
import { acknowledge, acknowledgeStandards } from '../finding/acknowledgement';
import { acknowledgeCheckov } from '../finding/checkov';
import { accountOf, knownToDiffer, referredConstruct, regionOf } from '../identity/reference';
import { checkRegion } from '../validation/place';
import { checkNoSnapshot } from '../validation/removal';
import { checkLength, checkPattern, lit, refuse } from '../validation/validation';
import type { LiteralString } from '../validation/validation';

/**
 * What is known of a secret by its reference.
 */
export interface KnownSecret {
  /** The ARN; of a secret of this app, a token. */
  readonly arn: string;
  /** Its resource, if this app makes the secret. */
  readonly resource?: CfnSecret;
  /** The name that the resource has in the template: no string if it is only known at the deployment, nothing if CloudFormation generates it. */
  readonly name?: unknown;
  /** The Region: that of the ARN where it is written there, else that of the construct. May be a token. */
  readonly region: string;
  /** The account: that of the ARN where it is written there, else that of the construct. May be a token. */
  readonly account: string;
}

/**
 * What is known of a secret.
 */
export function knownSecret(secret: ISecretRef): KnownSecret {
  const arn = secret.secretRef.secretId;
  const candidates = [secret, secret.node.defaultChild];
  const resource = candidates.find(candidate => CfnSecret.isCfnSecret(candidate)) as CfnSecret | undefined;
  return {
    arn,
    resource,
    // The L2 of aws-cdk-lib has a token for no name.
    name: resource && Stack.of(resource).resolve(resource.name),
    region: regionOf(secret, arn),
    account: accountOf(secret, arn),
  };
}

/**
 * What the user may say of a secret, whatever it is for.
 */
export interface SecretTexts {
  readonly secretName?: string;
  readonly description?: string;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Refuses what Secrets Manager refuses, and a name that License Manager refuses: its pattern for the ARN of a secret has no slash.
 *
 * @param scope the secret
 * @param name  the name of the error for a wrong name
 * @param texts what the user has said of the secret
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 * @see https://docs.aws.amazon.com/license-manager-linux-subscriptions/latest/APIReference/API_RegisterSubscriptionProvider.html
 */
export function checkSecretTexts(scope: IConstruct, name: LiteralString, { secretName, description, removalPolicy }: SecretTexts): void {
  checkNoSnapshot(scope, removalPolicy, 'secret');
  checkLength(scope, lit`SecretDescriptionLength`, { property: 'description', value: description, minimum: 0, maximum: 2048 });
  checkLength(scope, name, { property: 'secretName', value: secretName, minimum: 1, maximum: 512 });
  checkPattern(scope, name, {
    property: 'secretName',
    value: secretName,
    pattern: /^[A-Za-z0-9_+=.@-]+$/,
    expected: 'consist of letters, digits and _+=.@-; License Manager takes no slash',
  });
  if (secretName !== undefined && !Token.isUnresolved(secretName) && looksCompleted(secretName)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:secretNameEndsAsArn',
      `secretName '${secretName}' ends with a hyphen and 6 characters, as Secrets Manager ends the ARN of a secret: a search by a part of the ARN ` +
      'may find nothing, or another secret. Let it end otherwise.');
  }
}

/**
 * Whether the name of a secret ends as Secrets Manager ends the ARN of a secret, so that the one can be taken for the other.
 */
function looksCompleted(secretName: string): boolean {
  return /-.{6}$/.test(secretName);
}

/**
 * Refuses a value that would stand in the template: what CloudFormation resolves is taken, nothing else.
 *
 * The messages never contain the value.
 *
 * @param scope    who was given the value
 * @param name     the error's name
 * @param property the property, as the user writes it
 * @param value    the value
 */
export function checkIsReference(scope: IConstruct, name: LiteralString, property: string, value: SecretValue): void {
  const text = value.unsafeUnwrap();
  const resolved = Stack.of(scope).resolve(text);
  // CloudFormation writes a dynamic reference to something of the same template as a join.
  const parts: unknown[] = resolved?.['Fn::Join']?.[1] ?? [resolved];
  const written = parts.map(part => typeof part === 'string' ? part : '').join('');
  if (written.startsWith('{{resolve:ssm-secure:')) {
    refuse(scope, name,
      `${property} is a secure parameter of Systems Manager: CloudFormation does not resolve those for a secret. Use a secret ` +
      '(SecretValue.secretsManager) or a parameter of the stack with NoEcho (SecretValue.cfnParameter).');
  }
  const isIntrinsic = parts.length === 1 && typeof parts[0] !== 'string';
  if (!isIntrinsic && !/^\{\{resolve:[^{}]*\}\}$/.test(written)) {
    refuse(scope, name,
      `${property} is plain text: everybody who can read the template could read it. Use a secret (SecretValue.secretsManager) or a ` +
      'parameter of the stack with NoEcho (SecretValue.cfnParameter), or leave it out.');
  }
  const parameter = referredConstruct(text);
  if (parameter instanceof CfnParameter && !parameter.noEcho) {
    refuse(scope, name,
      `${property} is the parameter '${parameter.node.path}' without NoEcho: everybody who can see the stack could read it. Set noEcho ` +
      'of the parameter.');
  }
  if (parameter instanceof CfnParameter && parameter.default) {
    refuse(scope, name,
      `${property} is the parameter '${parameter.node.path}', whose default stands in the template: everybody who can read that could read it. ` +
      'Take the default away, and give the value when you deploy.');
  }
}

/** Keys that Secrets Manager encrypts with: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
const ENCRYPTION_KEY: KindOfKey = {
  keySpecs: ['SYMMETRIC_DEFAULT'],
  keyUsage: 'ENCRYPT_DECRYPT',
  reason: 'Secrets Manager encrypts with symmetric keys only, which are SYMMETRIC_DEFAULT and ENCRYPT_DECRYPT',
  wayOut: 'Make a key without keySpec and keyUsage',
};

/**
 * Refuses a key that is known to be of another Region than the secret, or that Secrets Manager does not encrypt with, and tells the key
 * behind an alias.
 *
 * Secrets Manager takes a key of another account.
 *
 * @param secret who was given the key
 * @param given  the key, or its alias
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
export function checkEncryptionKey(secret: IConstruct, given: IKeyRef): IKeyRef {
  // Of an alias that is imported by its name, its Region is known, and no more.
  const key = keyBehind(given) ?? given;
  const region = regionOf(key, key.keyRef.keyArn);
  const own = Stack.of(secret).region;
  checkRegion(secret, lit`SecretKeyOfAnotherRegion`, {
    what: `encryptionKey '${key.node.path}'`,
    value: region,
    neededBy: 'the secret',
    reason: `Secrets Manager encrypts with keys of the Region of the secret only. Use a key in '${own}'; the replica of a ` +
      'multi-Region key there is one.',
  });
  checkKind(secret, lit`SecretKeyOfNoUse`, 'encryptionKey', key, ENCRYPTION_KEY);
  return key;
}

/**
 * A service-linked role of License Manager that reads secrets.
 */
export interface ServiceLinkedRole {
  readonly name: string;
  /** The service principal, without `.amazonaws.com`. */
  readonly service: string;
}

/**
 * The ARN of a service-linked role, in the account of a construct.
 */
export function arnOfRole(scope: IConstruct, { name, service }: ServiceLinkedRole): string {
  const { account, partition } = Stack.of(scope);
  return `arn:${partition}:iam::${account}:role/aws-service-role/${service}.amazonaws.com/${name}`;
}

/**
 * Warns of a key that is known to be of another account, and tells whether it is.
 *
 * Across accounts AWS KMS asks the policy of the key and that of the role, and nobody can change the one of a service-linked role. A grant on
 * the key does without both, as AWS describes it for other services. So this is advice, and no refusal.
 *
 * @param secret who was given the key
 * @param key    the key
 * @param role   who has to decrypt with it
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/security-iam-awsmanpol.html
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 */
export function warnOfKeyOfAnotherAccount(secret: IConstruct, key: IKeyRef, { name, service }: ServiceLinkedRole): boolean {
  const account = accountOf(key, key.keyRef.keyArn);
  const own = Stack.of(secret).account;
  const differs = knownToDiffer(account, own);
  if (differs) {
    Annotations.of(secret).addWarningV2('cdk-license-manager:secretKeyOfAnotherAccount',
      `encryptionKey '${key.node.path}' belongs to account '${account}' and the secret to '${own}': the policy of License Manager's role '${name}' ` +
      `lets it decrypt with no key of another account, whatever the policy of the key says. Use a key of '${own}', or try a grant on the key: 'aws kms ` +
      `create-grant --operations Decrypt --grantee-principal' with the ARN of the role, 'role/aws-service-role/${service}.amazonaws.com/${name}'.`);
  }
  return differs;
}

/**
 * Acknowledges what scanners say of a secret that nobody can rotate for its owner.
 *
 * @param resource  the secret
 * @param rotation  why it is not rotated
 */
export function acknowledgeUnrotated(resource: CfnSecret, rotation: string): void {
  acknowledge(resource, 'Annotation::AwsSolutions-SMG4', rotation);
  acknowledgeStandards(resource, { SecretsManagerRotationEnabled: rotation });
  if (resource.kmsKeyId === undefined) {
    acknowledgeStandards(resource, { SecretsManagerUsingKMSKey: OWN_KEY });
    acknowledgeCheckov(resource, {
      CKV_AWS_149: OWN_KEY,
    });
  }
}

const OWN_KEY = 'Secrets Manager encrypts it with the key aws/secretsmanager of the account; encryptionKey takes a key of one\'s own.';
