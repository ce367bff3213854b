import { Annotations, Stack } from 'aws-cdk-lib';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { knownToDiffer } from '../identity/reference';
import { ACCOUNT } from '../validation/format';
import { withArticle } from '../validation/validation';

/**
 * Warns of a grant on what belongs to another account than that of the stack: AWS lets nobody in from outside, whatever his own policy says.
 *
 * @param resource the resource that is granted on
 * @param what     what it is, with no article: 'license'
 * @param isShared whether its owner can share it
 */
export function warnOfForeignGrant(resource: IConstruct & IEnvironmentAware, what: string, isShared: boolean): void {
  warnOfForeign(resource, 'grantOnAnotherAccount', (owner, own) =>
    `A grant is on the ${what} '${resource.node.path}', which belongs to account '${owner}', and the stack is in account '${own}': ` +
    `${isShared ? `it has an effect only as far as '${owner}' shares the ${what} with '${own}' (LicenseShare). See to that, or let`
      : `${withArticle(what)} cannot be shared, so that it has no effect. Let`} '${owner}' grant to a role of its own that the principal may assume.`);
}

/**
 * Warns of a metric of what belongs to another account than that of the stack.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Unified-Cross-Account.html
 */
export function warnOfForeignMetric(resource: IConstruct & IEnvironmentAware): void {
  warnOfForeign(resource, 'metricOfAnotherAccount', (owner, own) =>
    `The metrics of '${resource.node.path}' are in account '${owner}', which owns it, and the stack is in account '${own}', which sees them by CloudWatch ` +
    `cross-account observability only: an alarm would stay in INSUFFICIENT_DATA. Link '${owner}' as a source account that shares its metrics, or declare ` +
    `what reads them in a stack of '${owner}'.`);
}

/** Warns of rules for what is done to a resource that belongs to another account than that of the stack. */
export function warnOfForeignEvents(resource: IConstruct & IEnvironmentAware): void {
  warnOfForeign(resource, 'eventsOfAnotherAccount', (owner, own) =>
    `Rules are made for '${resource.node.path}', which belongs to account '${owner}', and the stack is in account '${own}': AWS CloudTrail tells an account of its ` +
    `own calls, so that nothing is heard of what '${owner}' does to it. Make the rules in a stack of '${owner}'.`);
}

function warnOfForeign(resource: IConstruct & IEnvironmentAware, id: string, message: (owner: string, own: string) => string): void {
  const { account: owner } = resource.env;
  const { account: own } = Stack.of(resource);
  // What belongs to AWS has no number.
  if (knownToDiffer(owner, own) && ACCOUNT.test(owner)) {
    Annotations.of(resource).addWarningV2(`cdk-license-manager:${id}`, message(owner, own));
  }
}
