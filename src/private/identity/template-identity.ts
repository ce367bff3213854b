import { CfnElement, type IResolvable, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isOneThing } from './reference';

/**
 * Tells what texts name, as it is known to a template: the same however the template comes to name it.
 *
 * A reference stands for the logical id of what it refers to, and not for how it is written: from another stack it is written in more than one
 * way, and none of it changes what it is. Of an ARN, partition, Region and account are left out: they are those of the stack, and may be written
 * out or left open.
 *
 * @param scope who names it
 * @param texts the texts
 * @returns a function, as a logical id may change until the app is complete
 */
export function identityInTemplate(scope: IConstruct, texts: readonly string[]): () => string {
  const stack = Stack.of(scope);
  const parts = texts.map(resourceOf);
  return () => JSON.stringify(parts.map(part => Token.isUnresolved(part)
    ? Tokenization.reverseString(part).mapTokens({ mapToken: token => identityOfToken(stack, token) }).join(CONCATENATION)
    : part));
}

/** `arn:<partition>:ec2:<region>::image/ami-…` -> `image/ami-…`. A token holds no colon. */
function resourceOf(text: string): string {
  const [prefix, ...parts] = text.split(':');
  return prefix === 'arn' && parts.length >= 5 ? parts.slice(4).join(':') : text;
}

function identityOfToken(stack: Stack, token: IResolvable): string {
  if (!Reference.isReference(token) || !CfnElement.isCfnElement(token.target)) {
    return JSON.stringify(stack.resolve(token));
  }
  const { target, displayName } = token;
  const owner = Stack.of(target);
  // That of a nested stack is a token.
  const ownerName = Token.isUnresolved(owner.stackName) ? owner.node.path : owner.stackName;
  const attribute = isOneThing(target) ? '' : `.${displayName}`;
  return `${owner === stack ? '' : `${ownerName}/`}${owner.resolve(target.logicalId)}${attribute}`;
}

const CONCATENATION = { join: (left: unknown, right: unknown) => `${left ?? ''}${right ?? ''}` };
