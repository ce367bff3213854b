import { Token } from 'aws-cdk-lib';
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms';
import type { IAlias, IKeyRef } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { referredConstruct, resourceBehind } from '../identity/reference';
import { refuse } from '../validation/validation';
import type { LiteralString } from '../validation/validation';

/**
 * The key itself, also where its alias is given; nothing if the alias was imported by its name, for then nobody knows its key.
 */
export function keyBehind(given: IKeyRef): IKeyRef | undefined {
  if (!('aliasTargetKey' in given)) {
    return given;
  }
  try {
    return (given as IAlias).aliasTargetKey;
  } catch {
    // An alias that is imported by its name says by an error that it does not know its key.
    return undefined;
  }
}

/**
 * The resource of a key, if this app makes the key: it may be given as L1, as L2, or by an ARN that refers to one of them.
 */
export function resourceOfKey(key: IKeyRef): CfnKey | undefined {
  return resourceBehind(key, CfnKey.isCfnKey) ?? referredKey(key.keyRef.keyArn);
}

/**
 * The resource of the key that a text refers to, directly or by an alias, if this app makes the key.
 */
export function referredKey(text: string): CfnKey | undefined {
  const construct = referredConstruct(text);
  if (CfnAlias.isCfnAlias(construct)) {
    return referredKey(construct.targetKeyId);
  }
  return CfnKey.isCfnKey(construct) ? construct : undefined;
}

/**
 * What kind of key a service can use.
 */
export interface KindOfKey {
  readonly keySpecs: readonly string[];
  readonly keyUsage: string;
  /** Why: a sentence without its full stop. */
  readonly reason: string;
  /** What to do instead: a sentence without its full stop. */
  readonly wayOut: string;
}

/**
 * Refuses a key that is known to be of another kind. Only of a key that this app makes is the kind known.
 *
 * @param scope    who was given the key
 * @param name     the error's name
 * @param property the property, as the user writes it
 * @param key      the key, and not an alias
 * @param kind     the kind that is needed
 */
export function checkKind(scope: IConstruct, name: LiteralString, property: string, key: IKeyRef, kind: KindOfKey): void {
  const resource = resourceOfKey(key);
  if (!resource) {
    return;
  }
  // What CloudFormation makes where the template says nothing.
  const { keySpec = 'SYMMETRIC_DEFAULT', keyUsage = 'ENCRYPT_DECRYPT' } = resource;
  const right = (value: string, allowed: readonly string[]) => Token.isUnresolved(value) || allowed.includes(value);
  if (!right(keySpec, kind.keySpecs) || !right(keyUsage, [kind.keyUsage])) {
    refuse(scope, name,
      `${property} '${key.node.path}' has the key spec '${keySpec}' and the key usage '${keyUsage}': ${kind.reason}. ${kind.wayOut}: neither can ` +
      'be changed on a key that exists.');
  }
}
