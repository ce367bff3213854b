import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ILicenseRef } from 'aws-cdk-lib/aws-licensemanager';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';

/**
 * IAM permissions on a seller-issued license, for principals of the account.
 *
 * They are not to be mixed up with a `Grant` of License Manager, which gives the use of the license to another account.
 *
 * They are given on the license's ARN, and on all resources only for actions of which the service authorization reference knows no
 * resource type. AWS License Manager has no policies on licenses, so that a grantee known to be of another account than the stack causes
 * a warning.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export class LicenseGrants {
  /**
   * The permissions on a license: an L2, an L1 or an imported one.
   */
  public static fromLicense(license: ILicenseRef): LicenseGrants {
    return new LicenseGrants(license);
  }

  private constructor(private readonly license: ILicenseRef) {}

  /**
   * Allows to look at the license: its terms and versions, its tags, how much of it is used, and to whom it is granted.
   *
   * Also allows to list the licenses and the grants of the account. They can be listed all or not at all.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS).combine(grantOnAnything(grantee, READ_ACTIONS_WITHOUT_RESOURCE));
  }

  /**
   * Allows to check the license out and in, to extend what is checked out, and to borrow it.
   *
   * Only borrowing can be limited to this license. A check-out names no license but a product and its issuer, so that it is allowed for
   * all licenses or for none.
   *
   * @param grantee who is allowed to
   */
  public checkOut(grantee: IGrantable): Grant {
    return this.grant(grantee, BORROW_ACTIONS).combine(grantOnAnything(grantee, CHECK_OUT_ACTIONS));
  }

  /**
   * Allows everything that its issuer does with the license: to read it, to make new versions of it, to change its tags, to grant it to
   * others, to make tokens for customers without an AWS account, and to delete it.
   *
   * A token can be looked up and deleted for all licenses or for none.
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    return this.grant(grantee, [...READ_ACTIONS, ...WRITE_ACTIONS])
      .combine(grantOnAnything(grantee, [...READ_ACTIONS_WITHOUT_RESOURCE, ...WRITE_ACTIONS_WITHOUT_RESOURCE]));
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    checkGrantee(this.license, 'license', grantee, 'grant the license to account \'{account}\' (Grant) and give the permissions there');
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.license.licenseRef.licenseArn] });
  }
}

const READ_ACTIONS = [
  'license-manager:GetLicense',
  'license-manager:GetLicenseUsage',
  'license-manager:ListLicenseVersions',
  'license-manager:ListTagsForResource',
];

const READ_ACTIONS_WITHOUT_RESOURCE = [
  'license-manager:ListDistributedGrants',
  'license-manager:ListLicenses',
];

const BORROW_ACTIONS = ['license-manager:CheckoutBorrowLicense'];

/** The grant's operation is ExtendConsumptionLicense, the API's and IAM's ExtendLicenseConsumption. */
const CHECK_OUT_ACTIONS = [
  'license-manager:CheckInLicense',
  'license-manager:CheckoutLicense',
  'license-manager:ExtendLicenseConsumption',
];

const WRITE_ACTIONS = [
  'license-manager:CreateGrant',
  'license-manager:CreateLicenseVersion',
  'license-manager:CreateToken',
  'license-manager:DeleteLicense',
  'license-manager:TagResource',
  'license-manager:UntagResource',
];

const WRITE_ACTIONS_WITHOUT_RESOURCE = [
  'license-manager:DeleteToken',
  'license-manager:ListTokens',
];
