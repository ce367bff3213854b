import { list, object, text, type ValueOf } from './shape';

/** The shape of the property `Tags`. */
export const TAGS = list(object({ Key: text, Value: text }));

export type Tags = ValueOf<typeof TAGS>;

/** Carries the stack that a resource belongs to: the condition under which the function may change it. */
export const STACK_ID = 'cdk-license-manager:stack-id';

/**
 * Whether a tag says that something is a stack's. One that has the name of a stack is all there is of that name: another id was that of a former one, which has
 * left what it had.
 */
export function isOfStack(tag: string | undefined, stackId: string): boolean {
  return tag !== undefined && withoutId(tag) === withoutId(stackId);
}

function withoutId(stackId: string): string {
  return stackId.slice(0, stackId.lastIndexOf('/'));
}

/** Carries what tells a create that is repeated from another one. */
export const CREATE_TOKEN = 'cdk-license-manager:create-token';

/**
 * Carries the ARN of what a resource has replaced: CloudFormation may roll a replacement back with an update of what it was replaced by.
 */
export const REPLACES = 'cdk-license-manager:replaces';

/**
 * Carries, until CloudFormation has got an answer to its create, for what the resource was created: CloudFormation deletes what was never
 * answered under an id that it invents, so that only this tells what that delete is about.
 */
export const UNANSWERED = 'cdk-license-manager:unanswered';

/**
 * The tag of a self-managed license whose associations are to be released before it is deleted.
 *
 * CloudFormation deletes the resource that releases also when only that is taken out of the template. The license, which is updated before that,
 * has lost the tag by then, and nothing is released.
 */
export const DISASSOCIATE_ON_DELETE = { Key: 'cdk-license-manager:disassociate-resources-on-delete', Value: 'true' };
