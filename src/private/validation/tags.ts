import { Lazy, TagManager, Token } from 'aws-cdk-lib';
import type { CfnTag } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkLength, checkPattern, lit, refuse } from './validation';

/**
 * Tags in the spelling of CloudFormation, from that of aws-cdk-lib; nothing where there is none.
 */
export function renderTags(tags: CfnTag[] | undefined) {
  return tags?.map(({ key, value }) => ({ Key: key, Value: value }));
}

/**
 * The tags of what CloudFormation has no type for, in its spelling: as they are when all aspects have been there.
 */
export function renderedTags(manager: TagManager): { readonly Key: string; readonly Value: string }[] {
  const produce = () => renderTags(manager.renderTags());
  return Lazy.any({ produce }) as unknown as { Key: string; Value: string }[];
}

/** How many tags a resource can have. CloudFormation's own are not counted. */
const MAXIMUM_TAGS = 50;

const WAY_OUT = 'Correct it, or keep the tag away from the resource (excludeResourceTypes).';

/**
 * Refuses, when the app is complete, tags that AWS refuses: too many of them, keys and values that are too long, and keys that AWS keeps for
 * itself.
 *
 * @param construct  whose tags they are, for messages
 * @param resource   the resource that has them
 * @param characters what keys and values may consist of, if the service says so
 * @param own        how many more it gets, by which the function of the stack knows it
 *
 * @see https://docs.aws.amazon.com/license-manager-linux-subscriptions/latest/APIReference/API_RegisterSubscriptionProvider.html
 * @see https://docs.aws.amazon.com/ARG/latest/APIReference/API_CreateGroup.html
 */
export function checkTags(construct: IConstruct, resource: IConstruct, characters?: RegExp, own = 0): void {
  construct.node.addValidation({
    validate: () => {
      const manager = TagManager.of(resource);
      if (!manager?.hasTags()) {
        return [];
      }
      const tags = Object.entries(manager.tagValues());
      for (const [key, value] of tags) {
        checkLength(construct, lit`TagKeyLength`, { property: 'the key of a tag', value: key, minimum: 1, maximum: 128, wayOut: WAY_OUT });
        checkLength(construct, lit`TagValueLength`, { property: `tag '${key}'`, value, minimum: 0, maximum: 256, wayOut: WAY_OUT });
        checkPattern(construct, lit`TagKeyReserved`, {
          property: 'the key of a tag',
          value: key,
          pattern: /^(?!aws:)/i,
          expected: 'begin with something else than \'aws:\', which AWS keeps for itself',
          wayOut: WAY_OUT,
        });
        for (const [property, text] of characters ? [['the key of a tag', key], [`tag '${key}'`, value]] : []) {
          checkPattern(construct, lit`TagCharacters`, {
            property, value: text, pattern: characters!, expected: 'consist of letters, digits, spaces and _.:/=+-@', wayOut: WAY_OUT,
          });
        }
      }
      // Keys that are tokens may be the same in the end.
      const known = tags.filter(([key]) => !Token.isUnresolved(key)).length;
      const maximum = MAXIMUM_TAGS - own;
      if (known > maximum) {
        refuse(construct, lit`TooManyTags`,
          `it has ${known} tags: at most ${maximum} are possible${own === 0 ? '' : ' beside that of the stack'}. Keep some away from the resource (excludeResourceTypes).`);
      }
      return [];
    },
  });
}
