import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { declaredBefore } from '../identity/environment';
import { isUnknown } from '../identity/reference';

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
      warnOfDouble(scope, property, nameOf(member));
    }
    if (identity !== undefined) {
      seen.add(identity);
    }
    return !isDouble;
  });
}

/**
 * What identifies the members of a list of which nothing is known but which object each is: its place in the list.
 */
export function placeIn<T>(members: readonly T[]): (member: T) => string {
  return member => String(members.indexOf(member));
}

/**
 * Warns of a member that is in a list already, and is not written again: where members come one by one.
 *
 * @param scope    who was given it
 * @param property the list, as a message names it
 * @param name     how a message names the member
 */
export function warnOfDouble(scope: IConstruct, property: string, name: string): void {
  Annotations.of(scope).addWarningV2('cdk-license-manager:namedTwice',
    `'${name}' is in ${property} twice, and is written once. Leave one of the two out, or name what was meant.`);
}

/**
 * Warns of two of a kind that have one name in an account and a Region: AWS takes it, and who looks one up by its name finds none.
 *
 * @param construct who has the name
 * @param property  the property, as the user writes it
 * @param what      of what it is one, with no article: 'self-managed license'
 * @param name      the name
 */
export function warnOfSameName(construct: IConstruct, property: string, what: string, name: string): void {
  const other = isUnknown(name) ? undefined : declaredBefore(construct, `name of a ${what}`, name);
  if (other !== undefined) {
    Annotations.of(construct).addWarningV2('cdk-license-manager:sameName',
      `'${other}' has the same ${property} '${name}': AWS takes two of one name, and neither a person nor a look-up by the name (fromLookup) can tell them apart. ` +
      'Give one of the two another name.');
  }
}
