import { createHash } from 'node:crypto';
import { Annotations, Lazy, Stack, Token } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { keepOn, keptOn } from './copies';
import { referredConstruct } from './reference';
import { overridden } from './rendered';

/**
 * Lets CloudFormation replace a resource when certain properties change, although it takes the change for one in place.
 *
 * The logical id ends in a hash of the properties: to CloudFormation the changed resource is another one, which it makes before it
 * deletes the old one. What refers to the old one refers to the new one from then on.
 *
 * A token stands for what the template says, such as a reference: that a parameter has another value is not seen. An override of one of the
 * properties is seen. Whoever overrides the logical id is warned.
 *
 * @param resource the resource
 * @param read     tells the properties, when the template is written
 * @param names    the names that they have in the template
 */
export function replaceWhenChanged(resource: CfnResource, read: () => unknown[], ...names: string[]): void {
  const stack = Stack.of(resource);
  /** What overrides make of the properties, which `read` does not know. */
  const overrides = () => names.map(name => overridden(resource, name, undefined)).filter(value => value !== undefined)
    .map(value => JSON.stringify(stack.resolve(value)));
  let original: string | undefined;
  let known: Known | undefined;
  const produce = () => {
    const values = [...read(), ...overrides()];
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
  resource.node.addValidation({
    validate: () => {
      const logicalId = stack.resolve(resource.logicalId);
      if (logicalId !== produce()) {
        Annotations.of(resource).addWarningV2('cdk-license-manager:logicalIdWithoutReplacement',
          `The logical id was overridden with '${logicalId}': a change of ${names.join(' or ')} is taken by CloudFormation and does nothing, since ` +
          'License Manager cannot change it. Leave the logical id as it is, or override it with another one together with such a change.');
      }
      return [];
    },
  });
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
