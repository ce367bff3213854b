import { Annotations, CfnResource, Stack } from 'aws-cdk-lib';
import { Grant, PrincipalBase } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnGrant } from 'aws-cdk-lib/aws-licensemanager';
import type { CfnResourceShare } from 'aws-cdk-lib/aws-ram';
import type { IConstruct } from 'constructs';
import { accountOfArn, identityOf, knownToDiffer } from '../identity/reference';
import { givenAs, reference } from '../validation/given';
import { withArticle } from '../validation/validation';

/**
 * How principals of another account get to use a resource.
 */
export interface WayForOthers {
  /** The ARN of what is given to the other account. */
  readonly arn: string;
  /** What to do besides granting to a role of the own account, after ', or'; `{account}` is the grantee's. */
  readonly text: string;
}

/**
 * Warns of a grant to a principal that nothing lets in: License Manager has no policies on resources, so that it takes one of the principal's own, and
 * what lets the principal's account use the resource.
 *
 * @param resource the resource that is granted on
 * @param what     what it is, with no article: 'license'
 * @param grantee  whom it is granted to
 * @param way      how it can be given to another account, if it can
 */
export function checkGrantee(resource: IConstruct, what: string, grantee: IGrantable, way?: WayForOthers): void {
  const { grantPrincipal } = givenAs(resource, `the grantee of a grant on the ${what}`, grantee, reference('a principal', 'grantPrincipal'));
  const { principalAccount } = grantPrincipal;
  const { account } = Stack.of(resource);
  if (principalAccount !== undefined && knownToDiffer(principalAccount, account)) {
    const warn = () => Annotations.of(resource).addWarningV2('cdk-license-manager:granteeOfAnotherAccount',
      `A grant on the ${what} '${resource.node.path}' is to a principal of account '${principalAccount}', and the stack ` +
      `is in account '${account}': ${withArticle(what)} has no policy that could let another account in. Grant to a role of account '${account}' ` +
      `that the principal may assume${way ? `, or ${way.text.replace('{account}', principalAccount)}` : ''}.`);
    if (way && !(grantPrincipal instanceof PrincipalBase)) {
      // It may be given to the account anywhere in the app.
      resource.node.addValidation({
        validate: () => {
          if (!isGivenTo(principalAccount, way.arn, resource.node.root)) {
            warn();
          }
          return [];
        },
      });
    } else {
      warn();
    }
  } else if (grantPrincipal instanceof PrincipalBase) {
    Annotations.of(resource).addWarningV2('cdk-license-manager:granteeWithoutPolicy',
      `A grant on the ${what} '${resource.node.path}' is to ${String(grantPrincipal)}, which has no policy of its own, and ${withArticle(what)} has none that could ` +
      'let it in: nothing is granted. Grant to a role, a user or a group.');
  }
}

/** Whether the app gives a resource to an account, or to what the account may be in: by a share, or a license by a grant. */
function isGivenTo(account: string, arn: string, root: IConstruct): boolean {
  const identity = identityOf(arn);
  const isIt = (other: string) => identityOf(other) === identity;
  const admits = (principals: string[] | undefined = []) => principals.some(principal => [account, undefined].includes(accountIn(principal)));
  return root.node.findAll().some(node => {
    if (!CfnResource.isCfnResource(node)) {
      return false;
    }
    switch (node.cfnResourceType) {
      case 'AWS::RAM::ResourceShare': {
        const { resourceArns = [], principals } = node as CfnResourceShare;
        return resourceArns.some(isIt) && admits(principals);
      }
      case 'AWS::LicenseManager::Grant': {
        const { licenseArn, principals } = node as CfnGrant;
        return isIt(licenseArn!) && admits(principals);
      }
      default:
        return false;
    }
  });
}

/** The account that a principal of a share or of a grant is, or is in; `undefined` if it may be any: that of an organization, or a token. */
function accountIn(principal: string): string | undefined {
  return /^\d{12}$/.test(principal) ? principal : /^arn:[^:]+:iam:/.test(principal) ? accountOfArn(principal) : undefined;
}

/**
 * Allows actions of which the service authorization reference knows no resource type: they are allowed on anything or not at all.
 */
export function grantOnAnything(grantee: IGrantable, actions: string[]): Grant {
  return Grant.addToPrincipal({ grantee, actions, resourceArns: ['*'] });
}
