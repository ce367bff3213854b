import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ILicenseAssetGroupRef } from 'aws-cdk-lib/aws-licensemanager';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';
import { warnOfForeignGrant } from '../private/facade/owner';
import { construct, givenAs } from '../private/validation/given';

/**
 * Permissions on a license asset group.
 *
 * They are given on the group's ARN, and for lists on all resources: a list tells all or nothing. AWS License
 * Manager has no policies on groups, so that a grantee known to be of another account than the stack causes a warning.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export class LicenseAssetGroupGrants {
  /**
   * The permissions on a group: an L2, an L1 or an imported one.
   *
   * @param licenseAssetGroup the group
   */
  public static fromLicenseAssetGroup(licenseAssetGroup: ILicenseAssetGroupRef): LicenseAssetGroupGrants {
    return new LicenseAssetGroupGrants(
      givenAs('LicenseAssetGroupGrants.fromLicenseAssetGroup()', 'licenseAssetGroup', licenseAssetGroup, construct('a license asset group', 'licenseAssetGroupRef')));
  }

  private constructor(private readonly licenseAssetGroup: ILicenseAssetGroupRef) {}

  /**
   * Allows to look at the group: its terms, its tags, and the instances and licenses that it has found.
   *
   * Also allows to list the groups of the account, in which the group is to be found.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS);
  }

  /**
   * Allows everything with the group: to read it, to change its terms and tags, and to delete it.
   *
   * A change of the group needs a permission for each ruleset that the group then has (`LicenseAssetRuleSet.grants.manage`), too.
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    return this.grant(grantee, [...READ_ACTIONS, ...WRITE_ACTIONS]);
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    warnOfForeignGrant(this.licenseAssetGroup, 'license asset group', false);
    checkGrantee(this.licenseAssetGroup, 'license asset group', grantee);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.licenseAssetGroup.licenseAssetGroupRef.licenseAssetGroupArn] })
      .combine(grantOnAnything(grantee, LIST_ACTIONS));
  }
}

const READ_ACTIONS = [
  'license-manager:GetLicenseAssetGroup',
  'license-manager:ListAssetsForLicenseAssetGroup',
  'license-manager:ListTagsForResource',
];

/** The resource type of the list is optional, and a list of all names none: whether it is allowed on less than anything is not documented. */
const LIST_ACTIONS = ['license-manager:ListLicenseAssetGroups'];

const WRITE_ACTIONS = [
  'license-manager:DeleteLicenseAssetGroup',
  'license-manager:TagResource',
  'license-manager:UntagResource',
  'license-manager:UpdateLicenseAssetGroup',
];
