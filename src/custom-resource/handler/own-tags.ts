import { Refusal } from '../contract/refusal';
import { CREATE_TOKEN, REPLACES, STACK_ID, type Tags, UNANSWERED } from '../contract/tags';

/** The tags that say whose something is, and what it was made for. */
export const OWN_TAGS = [CREATE_TOKEN, REPLACES, STACK_ID, UNANSWERED];

/** Declared tags, as an API has them that knows maps. */
export function mapOf(tags: Tags = []): { [key: string]: string } {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** Refuses declared tags that are ours. */
export function checkTags(tags: Tags = []): void {
  const reserved = tags.find(({ Key }) => OWN_TAGS.includes(Key));
  if (reserved) {
    throw new Refusal(`the tag '${reserved.Key}' is one that cdk-license-manager itself sets. Use another key`);
  }
}
