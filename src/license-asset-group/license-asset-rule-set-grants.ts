import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ILicenseAssetRuleSetRef } from 'aws-cdk-lib/aws-licensemanager';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';
import { warnOfForeignGrant } from '../private/facade/owner';
import { construct, givenAs } from '../private/validation/given';

/**
 * Permissions on a license asset ruleset.
 *
 * They are given on the ruleset's ARN, and for lists on all resources: a list tells all or nothing. AWS License
 * Manager has no policies on rulesets, so that a grantee known to be of another account than the stack causes a warning.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export class LicenseAssetRuleSetGrants {
  /**
   * The permissions on a ruleset: an L2, an L1 or an imported one.
   *
   * @param licenseAssetRuleSet the ruleset
   */
  public static fromLicenseAssetRuleSet(licenseAssetRuleSet: ILicenseAssetRuleSetRef): LicenseAssetRuleSetGrants {
    return new LicenseAssetRuleSetGrants(
      givenAs('LicenseAssetRuleSetGrants.fromLicenseAssetRuleSet()', 'licenseAssetRuleSet', licenseAssetRuleSet, construct('a license asset ruleset', 'licenseAssetRuleSetRef')));
  }

  private constructor(private readonly licenseAssetRuleSet: ILicenseAssetRuleSetRef) {}

  /**
   * Allows to look at the ruleset: its rules and its tags.
   *
   * Also allows to list the rulesets of the account, in which the ruleset is to be found.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS);
  }

  /**
   * Allows everything with the ruleset: to read it, to put it into license asset groups, to change its rules and tags, and to delete it.
   *
   * To change a group takes `LicenseAssetGroup.grants.manage`, too.
   *
   * Of a ruleset of `LicenseAssetRuleSet.fromAwsManaged`, which nobody but AWS changes: to read it and to put it into groups.
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    const { _awsManaged: awsManaged } = this.licenseAssetRuleSet as { readonly _awsManaged?: boolean };
    return this.grant(grantee, [...READ_ACTIONS, ...awsManaged ? GROUP_ACTIONS : [...GROUP_ACTIONS, ...WRITE_ACTIONS].sort()]);
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    warnOfForeignGrant(this.licenseAssetRuleSet, 'license asset ruleset', false);
    checkGrantee(this.licenseAssetRuleSet, 'license asset ruleset', grantee);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.licenseAssetRuleSet.licenseAssetRuleSetRef.licenseAssetRulesetArn] })
      .combine(grantOnAnything(grantee, LIST_ACTIONS));
  }
}

const READ_ACTIONS = [
  'license-manager:GetLicenseAssetRuleset',
  'license-manager:ListTagsForResource',
];

/** The resource type of the list is optional, and a list of all names none: whether it is allowed on less than anything is not documented. */
const LIST_ACTIONS = ['license-manager:ListLicenseAssetRulesets'];

/** To make or change a group takes the permission for its rulesets, too. */
const GROUP_ACTIONS = [
  'license-manager:CreateLicenseAssetGroup',
  'license-manager:UpdateLicenseAssetGroup',
];

const WRITE_ACTIONS = [
  'license-manager:DeleteLicenseAssetRuleset',
  'license-manager:TagResource',
  'license-manager:UntagResource',
  'license-manager:UpdateLicenseAssetRuleset',
];
