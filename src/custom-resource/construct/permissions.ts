import { Aws } from 'aws-cdk-lib';
import type { ManagedResourcePermission } from './provider';

/**
 * What a type does to resources to which License Manager gives an id.
 */
export interface OwnResourceActions {
  /** For which the service authorization reference knows no resource type, or which name no resource. */
  readonly onAnything: string[];
  /** That change nothing. */
  readonly read: string[];
  /** That change or delete. */
  readonly write: string[];
}

/**
 * What the function has to be allowed to do to create, tag and change resources whose ARNs are not known before they exist.
 *
 * It tags what it creates with the stack's id, and may write only what has this tag.
 *
 * @param arns what their ARNs look like: it ends with `*`
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export function permissionsOnOwn(arns: string, actions: OwnResourceActions): ManagedResourcePermission[] {
  return [
    { actions: actions.onAnything, resources: ['*'] },
    // Without the condition: it looks for what a create without an answer has left, and finds gone what somebody has deleted.
    { actions: actions.read, resources: [arns] },
    {
      actions: [...actions.write, 'license-manager:TagResource', 'license-manager:UntagResource'],
      resources: [arns],
      conditions: { StringEquals: { 'aws:ResourceTag/cdk-license-manager:stack-id': Aws.STACK_ID } },
    },
    // To create something with tags takes this permission, too, before it has them.
    {
      actions: ['license-manager:TagResource'],
      resources: [arns],
      conditions: { StringEquals: { 'aws:RequestTag/cdk-license-manager:stack-id': Aws.STACK_ID } },
    },
  ];
}
