import type { CfnResource } from 'aws-cdk-lib';
import { ResourceWithPolicies } from 'aws-cdk-lib/aws-iam';
import type { IResourceWithPolicyV2 } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * What adds to the policy of a resource, if that is known: the L2 where the resource has one. Each of the two would otherwise make a policy of its own, and a
 * resource has one.
 */
export function policyOf(resource: CfnResource): IResourceWithPolicyV2 | undefined {
  return policyOfOwner(resource) ?? ResourceWithPolicies.of(resource);
}

/**
 * The L2 of a resource, if it adds to the resource's policy.
 */
export function policyOfOwner(resource: CfnResource): IResourceWithPolicyV2 | undefined {
  const owner = resource.node.scope as Partial<IResourceWithPolicyV2> & IConstruct | undefined;
  return owner?.node.defaultChild === resource && typeof owner.addToResourcePolicy === 'function' ? owner as IResourceWithPolicyV2 : undefined;
}
