import { Lazy } from 'aws-cdk-lib';
import type { CfnTag, IResolvable, TagManager } from 'aws-cdk-lib';

/**
 * The tags of a resource as CloudFormation has them, when the template is written; nothing where there is none.
 */
export function lazyTags(tags: TagManager): IResolvable {
  return Lazy.any({
    produce: () => {
      const rendered: CfnTag[] | undefined = tags.renderTags();
      return rendered?.map(({ key, value }) => ({ Key: key, Value: value }));
    },
  });
}
