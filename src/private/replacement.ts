import { Lazy, Stack, Token } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { md5hash } from 'aws-cdk-lib/core/lib/helpers-internal';

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
  const original: string = stack.resolve(resource.logicalId);
  // Whatever refers to the resource asks for its id, again and again: what was asked before need not be hashed again.
  let known: { readonly properties: string; readonly logicalId: string } | undefined;
  resource.overrideLogicalId(Lazy.uncachedString({
    produce: () => {
      const values = read();
      const properties = JSON.stringify(values.some(value => Token.isUnresolved(value)) ? stack.resolve(values) : values);
      if (known?.properties !== properties) {
        const hash = md5hash(properties).slice(0, HASH_LENGTH).toUpperCase();
        known = { properties, logicalId: `${original.slice(-MAXIMUM_LENGTH)}${hash}` };
      }
      return known.logicalId;
    },
  }));
}

const HASH_LENGTH = 8;

/** A logical id has at most 255 characters. What is unique of the original is at its end. */
const MAXIMUM_LENGTH = 255 - HASH_LENGTH;
