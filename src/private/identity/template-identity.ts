import { CfnElement, type IResolvable, type IResolveContext, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
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
 * @returns a function, as a logical id may change until the app is complete; it takes what to call an element by, if not by its logical id
 */
export function identityInTemplate(scope: IConstruct, texts: readonly string[]): (call?: Call) => string {
  const stack = Stack.of(scope);
  // Asked for again and again: each text is taken apart once.
  const identities = texts.map(text => fragmentsOf(stack, resourceOf(text)));
  return (call = byLogicalId) => JSON.stringify(identities.map(
    fragments => fragments.map(fragment => typeof fragment === 'string' ? fragment : fragment(call)).join(''),
  ));
}

/** How an element is called. */
type Call = (element: CfnElement) => string;

/** Known as soon as the element is. Two elements of one logical id would be refused when the app is complete. */
export const byPath: Call = element => element.node.path;

const byLogicalId: Call = element => Stack.of(element).resolve(element.logicalId);

/**
 * What is made of an identity, made once an app: references are looked for when Aspects can change nothing any more, and the template is written
 * after that. Until then it is made anew each time.
 *
 * @param identify tells the identity
 * @param make     makes something of it
 */
export function fromIdentity(identify: (call: Call) => string, make: (identity: string) => string): (context: IResolveContext) => string {
  let known: string | undefined;
  return context => {
    const now = () => make(identify(element => context.resolve(element.logicalId)));
    if (context.preparing) {
      known = now();
    }
    return known ?? now();
  };
}

/** `arn:<partition>:ec2:<region>::image/ami-…` -> `image/ami-…`. A token holds no colon. */
function resourceOf(text: string): string {
  const [prefix, ...parts] = text.split(':');
  return prefix === 'arn' && parts.length >= 5 ? parts.slice(4).join(':') : text;
}

type Fragment = string | ((call: Call) => string);

function fragmentsOf(stack: Stack, text: string): readonly Fragment[] {
  if (!Token.isUnresolved(text)) {
    return [text];
  }
  const fragments = Tokenization.reverseString(text).mapTokens({ mapToken: token => identityOfToken(stack, token) });
  return [fragments.join(LIST)].flat();
}

const LIST = { join: (left: Fragment | Fragment[], right: Fragment) => [left, right].flat() };

function identityOfToken(stack: Stack, token: IResolvable): Fragment {
  if (!Reference.isReference(token) || !CfnElement.isCfnElement(token.target)) {
    return () => JSON.stringify(stack.resolve(token));
  }
  const { target, displayName } = token;
  const owner = Stack.of(target);
  // That of a nested stack is a token.
  const ownerName = Token.isUnresolved(owner.stackName) ? owner.node.path : owner.stackName;
  const prefix = owner === stack ? '' : `${ownerName}/`;
  const attribute = isOneThing(target) ? '' : `.${displayName}`;
  return call => `${prefix}${call(target)}${attribute}`;
}
