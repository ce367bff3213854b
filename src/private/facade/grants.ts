import { Annotations, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { knownToDiffer } from '../identity/reference';
import { givenAs, reference } from '../validation/given';

/**
 * Warns of a grant to a principal that is known to be of another account than the resource's stack: License Manager has no policies on
 * resources that could let it in.
 *
 * @param resource the resource that is granted on
 * @param what     what it is, with no article: 'license'
 * @param grantee  whom it is granted to
 * @param instead  what to do besides granting to a role of the own account, after ', or'; `{account}` is the grantee's
 */
export function checkGrantee(resource: IConstruct, what: string, grantee: IGrantable, instead?: string): void {
  const { principalAccount } = givenAs(resource, `the grantee of a grant on the ${what}`, grantee, reference('a principal', 'grantPrincipal')).grantPrincipal;
  const { account } = Stack.of(resource);
  if (principalAccount !== undefined && knownToDiffer(principalAccount, account)) {
    Annotations.of(resource).addWarningV2('cdk-license-manager:granteeOfAnotherAccount',
      `A grant on the ${what} '${resource.node.path}' is to a principal of account '${principalAccount}', and the stack ` +
      `is in account '${account}': a ${what} has no policy that could let another account in. Grant to a role of account '${account}' ` +
      `that the principal may assume${instead === undefined ? '' : `, or ${instead.replace('{account}', principalAccount)}`}.`);
  }
}

/**
 * Allows actions of which the service authorization reference knows no resource type: they are allowed on anything or not at all.
 */
export function grantOnAnything(grantee: IGrantable, actions: string[]): Grant {
  return Grant.addToPrincipal({ grantee, actions, resourceArns: ['*'] });
}
