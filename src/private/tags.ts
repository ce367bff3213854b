import type { CfnTag } from 'aws-cdk-lib';

/**
 * Tags in the spelling of CloudFormation, from that of aws-cdk-lib; nothing where there is none.
 */
export function renderTags(tags: CfnTag[] | undefined) {
  return tags?.map(({ key, value }) => ({ Key: key, Value: value }));
}
