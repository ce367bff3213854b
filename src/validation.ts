import { ValidationError } from 'aws-cdk-lib';
import type { LiteralString } from 'aws-cdk-lib/core/lib/helpers-internal';
import type { IConstruct } from 'constructs';

/**
 * Refuses an input.
 *
 * The message starts with the construct's path, because the languages other than TypeScript show nothing of an error but its message.
 *
 * @param scope   the construct that was given the input
 * @param name    the error's name, in upper camel case; a stable id, never interpolated
 * @param message the value, the limit and the way out
 */
export function refuse(scope: IConstruct, name: LiteralString, message: string): never {
  throw new ValidationError(name, `${scope.node.path}: ${message}`, scope);
}
