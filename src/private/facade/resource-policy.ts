import { Stack } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { ResourceWithPolicies } from 'aws-cdk-lib/aws-iam';
import type { IResourceWithPolicyV2 } from 'aws-cdk-lib/aws-iam';
import { CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { Dependable } from 'constructs';
import type { IConstruct, IDependable } from 'constructs';
import { ownerOf, referredConstruct } from '../identity/reference';

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
  const owner = ownerOf(resource) as Partial<IResourceWithPolicyV2>;
  return typeof owner.addToResourcePolicy === 'function' ? owner as IResourceWithPolicyV2 : undefined;
}

/**
 * The policies of a bucket or a topic in its stack, whoever makes them, to depend on: until they are there, it can be named and not be used. They are looked
 * for when dependencies are, as some come late.
 */
export function policiesOf(resource: CfnResource): IDependable {
  const policies: IDependable = {};
  Dependable.implement(policies, {
    get dependencyRoots(): IConstruct[] {
      return Stack.of(resource).node.findAll().filter(it => Stack.of(it) === Stack.of(resource)
        && resourcesUnder(it).some(name => typeof name === 'string' && referredConstruct(name) === resource));
    },
  });
  return policies;
}

/** What a policy is of, if something is a policy. */
function resourcesUnder(policy: IConstruct): readonly unknown[] {
  return CfnBucketPolicy.isCfnBucketPolicy(policy) ? [policy.bucket] : CfnTopicPolicy.isCfnTopicPolicy(policy) ? policy.topics : [];
}
