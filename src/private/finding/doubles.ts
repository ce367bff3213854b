import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The members of a list, each once. Of one that is there twice is warned: AWS takes it, says nothing of it, and somebody may have meant another one.
 *
 * @param scope    who was given the list
 * @param property the list, as the user writes it
 * @param members  the list
 * @param identify tells what is equal for two that are the same; nothing for one of which that is not known yet
 * @param nameOf   how a message names one
 */
export function onceEach<T>(
  scope: IConstruct, property: string, members: readonly T[], identify: (member: T) => string | undefined, nameOf: (member: T) => string,
): T[] {
  const seen = new Set<string>();
  return members.filter(member => {
    const identity = members.length > 1 ? identify(member) : undefined;
    const isDouble = identity !== undefined && seen.has(identity);
    if (isDouble) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:namedTwice',
        `'${nameOf(member)}' is in ${property} twice, and is written once. Leave one of the two out, or name what was meant.`);
    }
    if (identity !== undefined) {
      seen.add(identity);
    }
    return !isDouble;
  });
}
