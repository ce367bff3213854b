import { RemovalPolicy } from 'aws-cdk-lib';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import type { IConstruct } from 'constructs';
import { refuse } from './validation';

/**
 * Refuses the removal policy of which License Manager has no notion.
 *
 * @param scope  who was given the policy
 * @param what   what it is for, with its article: 'a license'
 * @param policy the policy, if one is set
 */
export function refuseSnapshot(scope: IConstruct, what: string, policy: RemovalPolicy | undefined): void {
  if (policy === RemovalPolicy.SNAPSHOT) {
    refuse(scope, lit`RemovalPolicySnapshot`,
      `removalPolicy is '${policy}': there are no snapshots of ${what}. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.`);
  }
}
