import { Annotations, CfnElement, DefaultTokenResolver, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import type { CfnParameter, IPostProcessor, IResolvable, IResolveContext, SecretValue } from 'aws-cdk-lib';
import type { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { checkKind, keyBehind } from './key';
import type { KindOfKey } from './key';
import { acknowledge, acknowledgeStandards } from '../finding/acknowledgement';
import { acknowledgeCheckov } from '../finding/checkov';
import { accountOf, knownToDiffer, regionOf, resourceBehind } from '../identity/reference';
import type { Kind } from '../validation/given';
import { checkRegion } from '../validation/place';
import { checkLength, isKnown, lit, refuse } from '../validation/validation';
import type { LiteralString } from '../validation/validation';

/**
 * What is known of a secret by its reference.
 */
export interface KnownSecret {
  /** The ARN; of a secret of this app, a token. */
  readonly arn: string;
  /** Its resource, if this app makes the secret. */
  readonly resource?: CfnSecret;
  /**
   * The name, without what Secrets Manager ends an ARN with: that in the template or in the ARN; no string if it is only known at the deployment,
   * nothing if CloudFormation generates it, or it is not known.
   */
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
  const resource = resourceBehind(secret, CfnSecret.isCfnSecret);
  return {
    arn,
    resource,
    // The L2 of aws-cdk-lib has a token for no name.
    name: resource ? Stack.of(resource).resolve(resource.name) : nameInArn(secret, arn),
    region: regionOf(secret, arn),
    account: accountOf(secret, arn),
  };
}

/** The name in the ARN of a secret, if it is written there, without the hyphen and 6 characters that Secrets Manager ends it with. */
function nameInArn(secret: ISecretRef, arn: string): string | undefined {
  const name = arn.split(':')[6];
  return name === undefined || isPartial(secret) ? name : name.replace(/-[A-Za-z0-9]{6}$/, '');
}

/** Whether a secret was imported without the end of its ARN, by its name or by a part of the ARN. */
function isPartial(secret: ISecretRef): boolean {
  return 'secretFullArn' in secret && secret.secretFullArn === undefined;
}

/**
 * Warns of a secret that is imported without the end of its ARN, and whose name ends as such an ARN does: Secrets Manager takes it for one.
 *
 * License Manager takes an ARN without its end: its own pattern has none, and Secrets Manager finds a secret by it.
 *
 * @param scope  what uses the secret
 * @param secret the secret
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 * @see https://docs.aws.amazon.com/license-manager-linux-subscriptions/latest/APIReference/API_RegisterSubscriptionProvider.html
 * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_SecretsManagerCredentialsProvider.html
 */
export function warnOfPartialArn(scope: IConstruct, secret: ISecretRef): void {
  const { name, resource } = knownSecret(secret);
  if (resource === undefined && isPartial(secret) && typeof name === 'string' && isKnown(name) && looksCompleted(name)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:secretNameEndsAsArn',
      `secret '${secret.node.path}' is imported by its name '${name}', which ends with a hyphen and 6 characters, as the ARN of a secret does: Secrets Manager ` +
      'may find nothing, or another secret. Import it by its complete ARN (Secret.fromSecretCompleteArn()).');
  }
}

/**
 * Warns of a secret that is known to be in another Region or account than what uses it: License Manager takes its ARN, and finds out later.
 *
 * @param scope what uses it
 * @param what  what that is, with its article
 * @param path  the path of the secret
 * @param place where the secret is
 */
export function warnOfElsewhere(
  scope: IConstruct, what: string, path: string, { region, account }: { readonly region: string; readonly account: string },
): void {
  const own = Stack.of(scope);
  if (knownToDiffer(region, own.region)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:secretInAnotherRegion',
      `secret '${path}' is in Region '${region}' and ${what} in '${own.region}', where License Manager reads it. Put what is in it into a secret in '${own.region}'.`);
  }
  if (knownToDiffer(account, own.account)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:secretOfAnotherAccount',
      `secret '${path}' belongs to account '${account}' and ${what} to '${own.account}': License Manager's role reads secrets of its own account. Put what is in it ` +
      `into a secret of '${own.account}'.`);
  }
}

/** How long the name of a secret can be. */
export const MAXIMUM_SECRET_NAME = 512;

/**
 * What the user may say of a secret, whatever it is for.
 */
export interface SecretTexts {
  readonly secretName?: string;
  readonly description?: string;
}

/**
 * Refuses what Secrets Manager refuses by its model, and warns of a name with characters that it does not name.
 *
 * @param scope the secret
 * @param name  the name of the error for a wrong name
 * @param texts what the user has said of the secret
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
export function checkSecretTexts(scope: IConstruct, name: LiteralString, { secretName, description }: SecretTexts): void {
  checkLength(scope, lit`SecretDescriptionLength`, { property: 'description', value: description, minimum: 0, maximum: 2048 });
  checkLength(scope, name, { property: 'secretName', value: secretName, minimum: 1, maximum: MAXIMUM_SECRET_NAME });
  if (isKnown(secretName) && !/^[A-Za-z0-9/_+=.@-]*$/.test(secretName)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:secretNameCharacters',
      `secretName '${secretName}' has other characters than letters, digits and /_+=.@-, which Secrets Manager may not take. Correct it, or leave it out.`);
  }
  if (isKnown(secretName) && looksCompleted(secretName)) {
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
 * Refuses a secret whose value could be read by who sees the template or the stack. What is known to hide it is taken, nothing else: a dynamic
 * reference to Secrets Manager, a parameter of the stack with NoEcho and without a default, an attribute of a resource, and what CloudFormation
 * makes of these alone.
 *
 * The messages never contain the value.
 *
 * @param scope    who was given the value
 * @param name     the error's name
 * @param property the property, as the user writes it
 * @param value    the value
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function checkIsReference(scope: IConstruct, name: LiteralString, property: string, value: SecretValue): void {
  const reason = whyVisible(scope, written(scope, value));
  if (reason !== undefined) {
    refuse(scope, name, `${property} ${reason}`);
  }
}

/** A reference of the app, which in a template is a `Ref` or a `Fn::GetAtt`. */
class Referred {
  constructor(public readonly reference: Reference) {}
}

/** Several values that are written as one text. */
class Concatenation {
  public static of(value: unknown): readonly unknown[] {
    return value instanceof Concatenation ? value.parts : value === undefined || value === '' ? [] : [value];
  }

  constructor(public readonly parts: readonly unknown[]) {}
}

/** A value as it is written to the template, with the constructs that it refers to. */
function written(scope: IConstruct, value: SecretValue): unknown {
  class Resolver extends DefaultTokenResolver {
    public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
      return Reference.isReference(token) ? new Referred(token) : super.resolveToken(token, context, postProcessor);
    }
  }
  return Tokenization.resolve(value.unsafeUnwrap(), {
    scope,
    resolver: new Resolver({ join: (left, right) => new Concatenation([...Concatenation.of(left), ...Concatenation.of(right)]) }),
    preparing: false,
  });
}

/** Why a value is visible, and what to do about it, as a message goes on after the name of the property; nothing if it is not. */
function whyVisible(scope: IConstruct, value: unknown): string | undefined {
  if (value instanceof Referred) {
    return whyReferenceVisible(scope, value.reference);
  }
  if (typeof value === 'string' || value instanceof Concatenation) {
    return whyTextVisible(scope, Concatenation.of(value));
  }
  if (Array.isArray(value)) {
    return firstOf(value, member => whyVisible(scope, member));
  }
  const [[operation, operand], ...more] = typeof value === 'object' && value !== null && Object.keys(value).length > 0
    ? Object.entries<any>(value) : [[String(typeof value), undefined]];
  if (more.length === 0) {
    switch (operation) {
      case 'Ref':
        return operand === 'AWS::NoValue' ? undefined : whyParameterVisible(scope, parameterOf(scope, operand));
      case 'Fn::GetAtt':
        return undefined;
      case 'Fn::Join':
        return operand?.[0] === '' && Array.isArray(operand[1])
          ? whyTextVisible(scope, operand[1].flatMap(part => Concatenation.of(part))) : PLAIN_TEXT;
      case 'Fn::Sub':
        return whySubstitutionVisible(scope, operand);
      case 'Fn::If':
        return firstOf(operand.slice(1), branch => whyVisible(scope, branch));
      case 'Fn::Select':
      case 'Fn::Split':
        return whyVisible(scope, operand[1]);
    }
  }
  return `is what ${operation} makes of something, of which nobody knows whether it stays hidden. ${WAY_OUT}`;
}

function whyReferenceVisible(scope: IConstruct, { target, displayName }: Reference): string | undefined {
  if (Stack.of(target) !== Stack.of(scope)) {
    return `is something of stack '${Stack.of(target).node.path}', which would hand it over where everybody who can see the stacks could read it. ${WAY_OUT}`;
  }
  if (CfnElement.isCfnElement(target) && isParameter(target)) {
    return whyParameterVisible(scope, target);
  }
  return displayName === 'Ref' ? `is the name of '${target.node.path}', and no secret. ${WAY_OUT}` : undefined;
}

function whyParameterVisible(scope: IConstruct, parameter: CfnParameter | undefined): string | undefined {
  if (parameter === undefined) {
    return `refers to something that is no parameter of stack '${Stack.of(scope).node.path}'. ${WAY_OUT}`;
  }
  if (!parameter.noEcho) {
    return `is the parameter '${parameter.node.path}' without NoEcho: everybody who can see the stack could read it. Set noEcho of the parameter.`;
  }
  if (parameter.default) {
    return `is the parameter '${parameter.node.path}', whose default stands in the template: everybody who can read that could read it. ` +
      'Take the default away, and give the value when you deploy.';
  }
  return undefined;
}

/** A text with values in it: all of it is one dynamic reference, or it has no text at all. */
function whyTextVisible(scope: IConstruct, parts: readonly unknown[]): string | undefined {
  if (parts.length > 0 && parts.every(part => typeof part !== 'string')) {
    return firstOf(parts, part => whyVisible(scope, part));
  }
  // What is filled in into a dynamic reference says which secret it is, and is none.
  return whyDynamicReferenceVisible(parts.map(part => typeof part === 'string' ? part : 'x').join(''));
}

function whyDynamicReferenceVisible(text: string): string | undefined {
  if (/^\{\{resolve:secretsmanager:[^{}]+\}\}$/.test(text)) {
    return undefined;
  }
  if (/^\{\{resolve:ssm-secure:[^{}]*\}\}$/.test(text)) {
    return 'is a secure parameter of Systems Manager: CloudFormation does not resolve those for a secret. Use a secret ' +
      '(SecretValue.secretsManager) or a parameter of the stack with NoEcho (SecretValue.cfnParameter).';
  }
  if (/^\{\{resolve:ssm:[^{}]*\}\}$/.test(text)) {
    return `is a parameter of Systems Manager that is not secure: whoever may read parameters could read it. ${WAY_OUT}`;
  }
  return PLAIN_TEXT;
}

/** `${Name}` stands for what a `Ref` does, `${Name.Attribute}` for what `Fn::GetAtt` does, or for one of the values beside the text. */
function whySubstitutionVisible(scope: IConstruct, operand: unknown): string | undefined {
  const [text, values = {}] = (Array.isArray(operand) ? operand : [operand]) as [unknown, { [name: string]: unknown }?];
  if (typeof text !== 'string') {
    return PLAIN_TEXT;
  }
  const parts = text.split(/(\$\{[^!}][^}]*\})/).filter(part => part !== '').map(part => {
    const name = /^\$\{([^!}][^}]*)\}$/.exec(part)?.[1].trim();
    return name === undefined ? part : values[name] ?? (name.includes('.') ? { 'Fn::GetAtt': name.split('.') } : { Ref: name });
  });
  return whyTextVisible(scope, parts.flatMap(part => Concatenation.of(part)));
}

/** The parameter of the stack with a logical id. */
function parameterOf(scope: IConstruct, logicalId: unknown): CfnParameter | undefined {
  const stack = Stack.of(scope);
  return stack.node.findAll().find((it): it is CfnParameter =>
    CfnElement.isCfnElement(it) && it.stack === stack && isParameter(it) && stack.resolve(it.logicalId) === logicalId);
}

/** By what it has, and not by its class, of which an app may have several copies. */
function isParameter(element: CfnElement): element is CfnParameter {
  return 'noEcho' in element && 'default' in element;
}

function firstOf<T>(values: readonly T[], why: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const reason = why(value);
    if (reason !== undefined) {
      return reason;
    }
  }
  return undefined;
}

const WAY_OUT = 'Use a secret (SecretValue.secretsManager) or a parameter of the stack with NoEcho (SecretValue.cfnParameter), or leave it out.';

/** A value that no message shows, and that has to be a reference. */
export const SECRET_VALUE: Kind = {
  what: 'a SecretValue',
  fits: value => typeof value?.unsafeUnwrap === 'function',
  wayOut: WAY_OUT,
  isSecret: true,
};

const PLAIN_TEXT = `is plain text: everybody who can read the template could read it. ${WAY_OUT}`;

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

/** The key that Secrets Manager takes where no other is said: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
const DEFAULT_KEY = 'alias/aws/secretsmanager';

/**
 * Writes the default of the key out: whether a secret whose key is taken out of the template goes back to it, is not documented, and the key may be
 * about to go.
 */
export function writeDefaultKey(resource: CfnSecret): void {
  resource.kmsKeyId ??= DEFAULT_KEY;
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
  if (resource.kmsKeyId === undefined || resource.kmsKeyId === DEFAULT_KEY) {
    acknowledgeStandards(resource, { SecretsManagerUsingKMSKey: OWN_KEY });
    acknowledgeCheckov(resource, {
      CKV_AWS_149: OWN_KEY,
    });
  }
}

const OWN_KEY = 'Secrets Manager encrypts it with the key aws/secretsmanager of the account; encryptionKey takes a key of one\'s own.';
