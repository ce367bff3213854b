import { RemovalPolicy, Token } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkOneOf, lit, refuse, withArticle } from './validation';
import type { Who } from './validation';
import { renderedResource } from '../identity/rendered';

/**
 * Says what happens to a resource when it is taken out of the app, or has to be replaced. Where the user says nothing, the template says nothing
 * either, and CloudFormation deletes the resource.
 *
 * @param construct whose resource it is, for messages
 * @param resource  the resource
 * @param policy    what the user says
 * @param what      what it is, with no article: 'license'
 */
export function applyRemovalPolicy(
  construct: IConstruct, resource: { applyRemovalPolicy(policy: RemovalPolicy): void }, policy: RemovalPolicy | undefined, what: string,
): void {
  checkNoSnapshot(construct, policy, what);
  if (policy !== undefined && policy !== null) {
    resource.applyRemovalPolicy(policy);
  }
}

/**
 * Refuses to take a snapshot of what has none, and a policy that there is not, or of which nobody knows at synthesis which it is.
 *
 * @param what what it is, with no article: 'license'
 */
export function checkNoSnapshot(scope: Who, policy: RemovalPolicy | undefined, what: string): void {
  if (policy === RemovalPolicy.SNAPSHOT) {
    refuse(scope, lit`RemovalPolicySnapshot`,
      `removalPolicy is '${policy}': there are no snapshots of ${withArticle(what)}. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.`);
  }
  if (Token.isUnresolved(policy)) {
    refuse(scope, lit`RemovalPolicyToken`,
      'removalPolicy is a token, such as a parameter: CloudFormation takes it only as it is written in the template. Use RemovalPolicy.DESTROY or ' +
      'RemovalPolicy.RETAIN, by a context value if it is not always the same.');
  }
  checkOneOf(scope, lit`RemovalPolicyUnknown`, {
    property: 'removalPolicy',
    value: policy ?? undefined,
    allowed: Object.values(RemovalPolicy).filter(it => it !== RemovalPolicy.SNAPSHOT),
    decides: 'what is in the template',
  });
}

/**
 * The policy by which a resource stays when it is taken out of the app or has to be replaced; nothing if it goes in both cases.
 *
 * Only when the app is complete: Aspects (`RemovalPolicies.of(app)`) and overrides say it to the L1, and nobody else hears of it.
 */
export function keptBy(resource: CfnResource): string | undefined {
  const { DeletionPolicy, UpdateReplacePolicy } = renderedResource(resource);
  return [DeletionPolicy, UpdateReplacePolicy].find(policy => typeof policy === 'string' && policy !== 'Delete');
}
