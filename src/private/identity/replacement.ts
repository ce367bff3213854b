import { createHash } from 'node:crypto';
import { Lazy, Stack, Token } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { keepOn, keptOn } from './copies';
import { referredConstruct } from './reference';

/**
 * Lets CloudFormation replace a resource when certain properties change, although it takes the change for one in place.
 *
 * The logical id ends in a hash of the properties: to CloudFormation the changed resource is another one, which it makes before it
 * deletes the old one. What refers to the old one refers to the new one from then on.
 *
 * A token stands for what the template says, such as a reference: that a parameter has another value is not seen.
 *
 * @param resource the resource
 * @param read     tells the properties, when the template is written
 */
export function replaceWhenChanged(resource: CfnResource, read: () => unknown[]): void {
  const stack = Stack.of(resource);
  let original: string | undefined;
  let known: Known | undefined;
  const produce = () => {
    const values = read();
    if (known && isUpToDate(known, values)) {
      return known.logicalId;
    }
    const properties = JSON.stringify(values.some(value => Token.isUnresolved(value)) ? stack.resolve(values) : values);
    const hash = createHash('sha256').update(properties).digest('hex').slice(0, HASH_LENGTH).toUpperCase();
    original ??= stack.getLogicalId(resource);
    known = { values, sources: sourcesOf(stack, values), logicalId: `${original.slice(-MAXIMUM_LENGTH)}${hash}` };
    return known.logicalId;
  };
  keepOn(resource, PRODUCER, () => produce);
  resource.overrideLogicalId(Lazy.uncachedString({ produce }));
}

/** Whatever refers to the resource asks for its id, again and again: what was asked before need not be resolved and hashed again. */
interface Known {
  readonly logicalId: string;
  /** What it is made of. */
  readonly values: unknown[];
  /** The ids that were in it, of resources that may change theirs; absent if a value may be anything the next time. */
  readonly sources?: readonly { readonly produce: () => string; readonly logicalId: string }[];
}

function isUpToDate({ values, sources }: Known, current: unknown[]): boolean {
  return sources !== undefined
    && current.length === values.length
    && current.every((value, index) => value === values[index])
    && sources.every(({ produce, logicalId }) => produce() === logicalId);
}

/** Under which a resource of this kind has what makes its id. */
const PRODUCER = 'LogicalId';

function sourcesOf(stack: Stack, values: unknown[]): Known['sources'] {
  const sources = values.filter(value => Token.isUnresolved(value)).map(value => {
    // What is in another stack is written in another way as soon as the app is complete.
    const target = typeof value === 'string' ? referredConstruct(value) : undefined;
    const produce = target && Stack.of(target) === stack ? keptOn<() => string>(target, PRODUCER) : undefined;
    return produce && { produce, logicalId: produce() };
  });
  return sources.every(source => source !== undefined) ? sources : undefined;
}

const HASH_LENGTH = 8;

/** A logical id has at most 255 characters. What is unique of the original is at its end. */
const MAXIMUM_LENGTH = 255 - HASH_LENGTH;
