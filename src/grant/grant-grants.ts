import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IGrantRef } from 'aws-cdk-lib/aws-licensemanager';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';
import { construct, givenAs } from '../private/validation/given';

/**
 * IAM permissions on a grant of License Manager, for principals of the account.
 *
 * They are given on the grant's ARN, and on all resources only for actions of which the service authorization reference knows no
 * resource type. AWS License Manager has no policies on grants, so that a grantee known to be of another account than the stack causes
 * a warning.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export class GrantGrants {
  /**
   * The permissions on a grant: an L2, an L1 or an imported one.
   *
   * @param grant the grant
   */
  public static fromGrant(grant: IGrantRef): GrantGrants {
    return new GrantGrants(givenAs('GrantGrants.fromGrant()', 'grant', grant, construct('a grant', 'grantRef')));
  }

  private constructor(private readonly grantOfLicense: IGrantRef) {}

  /**
   * Allows to look at the grant and its tags.
   *
   * Also allows to list what the account grants, what it is granted and what accounts of its organization are. It can be listed all or not at all.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS).combine(grantOnAnything(grantee, READ_ACTIONS_WITHOUT_RESOURCE));
  }

  /**
   * Allows to accept or to reject the grant, and to activate and deactivate it once it is accepted.
   *
   * For the account that receives the grant: import the grant in a stack of that account.
   *
   * @param grantee who is allowed to
   */
  public accept(grantee: IGrantable): Grant {
    return this.grant(grantee, ACCEPT_ACTIONS);
  }

  /**
   * Allows everything that its issuer does with the grant: to read it, to make new versions of it, to change its tags and to delete it.
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    return this.grant(grantee, [...READ_ACTIONS, ...WRITE_ACTIONS]).combine(grantOnAnything(grantee, READ_ACTIONS_WITHOUT_RESOURCE));
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    checkGrantee(this.grantOfLicense, 'grant', grantee);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.grantOfLicense.grantRef.grantArn] });
  }
}

const READ_ACTIONS = ['license-manager:GetGrant', 'license-manager:ListTagsForResource'];

const READ_ACTIONS_WITHOUT_RESOURCE = [
  'license-manager:ListDistributedGrants',
  'license-manager:ListReceivedGrants',
  'license-manager:ListReceivedGrantsForOrganization',
];

/** A new version is how the recipient activates and deactivates. */
const ACCEPT_ACTIONS = ['license-manager:AcceptGrant', 'license-manager:CreateGrantVersion', 'license-manager:RejectGrant'];

const WRITE_ACTIONS = [
  'license-manager:CreateGrantVersion',
  'license-manager:DeleteGrant',
  'license-manager:TagResource',
  'license-manager:UntagResource',
];
