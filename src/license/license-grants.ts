import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseRef } from 'aws-cdk-lib/aws-licensemanager';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';
import { isBranded } from '../private/identity/copies';
import { accountOfArn } from '../private/identity/reference';
import { construct, givenAs } from '../private/validation/given';

/**
 * What the L2 tells of its key.
 */
interface SignedLicense {
  readonly _signKey?: IKeyRef;
  readonly homeRegion?: string;
}

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
   *
   * @param license the license
   */
  public static fromLicense(license: ILicenseRef): LicenseGrants {
    return new LicenseGrants(givenAs('LicenseGrants.fromLicense()', 'license', license, construct('a license', 'licenseRef')));
  }

  private constructor(private readonly license: ILicenseRef) {}

  /**
   * Allows to look at the license: its terms and versions, its tags, how much of it is used, and to whom it is granted.
   *
   * Also allows to list the licenses and the grants of the account. They can be listed all or not at all. Of an imported license, unless its ARN says
   * that the account of the stack has issued it, this includes the licenses that the account and its organization have received.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS).combine(grantOnAnything(grantee, this.readActionsWithoutResource()));
  }

  /**
   * Allows to issue more licenses that are signed with the key of this one: to create them, and what License Manager needs of the key.
   *
   * Licenses can be created all or not at all. The key of an imported license is not known: allow its use on the key.
   *
   * Software verifies with the public part of the key, which may be read directly; everything else is allowed through License Manager only.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-signing.html
   * @param grantee who is allowed to
   */
  public issue(grantee: IGrantable): Grant {
    checkGrantee(this.license, 'license', grantee);
    return this.grantSigning(grantOnAnything(grantee, ISSUE_ACTIONS), grantee, [...SIGN_ACTIONS, ...FIRST_SIGN_ACTIONS]);
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
   * A token can be looked up and deleted for all licenses or for none. A grant that is made may get tags, which is allowed on all grants of the
   * account: their ARNs are not known before. With a `signKey`, which signs new versions, too, it may be used as `issue()` says.
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    const given = this.grant(grantee, [...READ_ACTIONS, ...WRITE_ACTIONS])
      .combine(grantOnAnything(grantee, [...this.readActionsWithoutResource(), ...WRITE_ACTIONS_WITHOUT_RESOURCE]))
      .combine(Grant.addToPrincipal({ grantee, actions: TAG_GRANT_ACTIONS, resourceArns: [this.anyGrantOfAccount()] }));
    return this.grantSigning(given, grantee, SIGN_ACTIONS);
  }

  private readActionsWithoutResource(): string[] {
    return this.mayBeReceived() ? [...READ_ACTIONS_WITHOUT_RESOURCE, ...RECEIVED_ACTIONS] : READ_ACTIONS_WITHOUT_RESOURCE;
  }

  /** Whether somebody else may have issued it: it is not one of the app, and its ARN does not say that it is one of the account. */
  private mayBeReceived(): boolean {
    const { license } = this;
    return !isBranded(license, 'License') && !CfnLicense.isCfnLicense(license)
      && accountOfArn(license.licenseRef.licenseArn) !== Stack.of(license).account;
  }

  private anyGrantOfAccount(): string {
    return Stack.of(this.license).formatArn({
      service: 'license-manager', region: '', resource: 'grant', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  private grantSigning(given: Grant, grantee: IGrantable, actions: string[]): Grant {
    const { _signKey: key, homeRegion = Stack.of(this.license).region } = this.license as SignedLicense;
    if (key === undefined) {
      return given;
    }
    const resourceArns = [key.keyRef.keyArn];
    return given
      .combine(Grant.addToPrincipal({ grantee, actions: PUBLIC_KEY_ACTIONS, resourceArns }))
      .combine(Grant.addToPrincipal({
        grantee, actions, resourceArns, conditions: { StringEquals: { 'kms:ViaService': `license-manager.${homeRegion}.amazonaws.com` } },
      }));
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    const arn = this.license.licenseRef.licenseArn;
    checkGrantee(this.license, 'license', grantee, {
      arn, text: 'grant the license to account \'{account}\' (Grant) and give the permissions there',
    });
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [arn] });
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

const RECEIVED_ACTIONS = [
  'license-manager:ListReceivedLicenses',
  'license-manager:ListReceivedLicensesForOrganization',
];

const ISSUE_ACTIONS = ['license-manager:CreateLicense'];

const PUBLIC_KEY_ACTIONS = ['kms:GetPublicKey'];

const SIGN_ACTIONS = ['kms:Sign', 'kms:Verify'];

/** License Manager makes a grant on the key when it creates a license, by which it signs from then on. */
const FIRST_SIGN_ACTIONS = ['kms:CreateGrant', 'kms:DescribeKey'];

const TAG_GRANT_ACTIONS = ['license-manager:TagResource'];

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
