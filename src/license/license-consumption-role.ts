import { Duration, Stack } from 'aws-cdk-lib';
import { Grant, ManagedPolicy, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { ILicenseRef } from 'aws-cdk-lib/aws-licensemanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { LicenseGrants } from './license-grants';
import { acknowledge, acknowledgeStandards, acknowledgeWildcard } from '../private/finding/acknowledgement';
import { brand, isBranded } from '../private/identity/copies';
import { givenProps, listOf, pathBelow, reference, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkPattern, lit } from '../private/validation/validation';

/**
 * Properties of the role of software without an AWS account.
 */
export interface LicenseConsumptionRoleProps {
  /**
   * The licenses that may be read and borrowed. A check-out names no license but a product and its issuer, so that it is allowed for all licenses of the
   * account.
   *
   * @default - all licenses of the account, by the policy AWSLicenseManagerConsumptionPolicy of AWS, which lets nobody borrow
   */
  readonly licenses?: ILicenseRef[];

  /**
   * The account whose tokens the role takes: the one that makes them with `LicenseToken`.
   *
   * Throws a `ValidationError` unless it is a token or has 12 digits.
   *
   * @default - the account of the stack
   */
  readonly tokenIssuerAccountId?: string;

  /**
   * The name of the role. The console of License Manager makes, and expects, `AWSLicenseManagerConsumptionRole`, of which there is one in an account: import
   * that with `LicenseConsumptionRole.fromRoleName()` if the account has it.
   *
   * **A change replaces the role**, and tokens name the old one.
   *
   * @default - a name that CloudFormation generates
   */
  readonly roleName?: string;

  /**
   * What the role may do at most.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;
}

/**
 * The role by which software that runs without an AWS account checks licenses out.
 *
 * Who has a refresh token (`LicenseToken`) gets an access token for it, and with that the credentials of this role, for an hour: AWS needs no credentials for
 * either call. The role trusts tokens of License Manager alone, and of those the ones that the account has made.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { License, LicenseConsumptionRole, LicenseToken } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Customers');
 * const license = License.fromLicenseArn(stack, 'License', 'arn:aws:license-manager::111122223333:license:l-0123456789abcdef0123456789abcdef');
 * const role = new LicenseConsumptionRole(stack, 'Role', { licenses: [license] });
 * new LicenseToken(stack, 'Token', { license, roles: [role] });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/seller-issued-licenses.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/isv-customers-no-aws-account.html
 * @resource AWS::IAM::Role
 */
@propertyInjectable
export class LicenseConsumptionRole extends Role {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseConsumptionRole';

  /**
   * Whether the given object is a `LicenseConsumptionRole`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseConsumptionRole(x: any): x is LicenseConsumptionRole {
    return isBranded(x, 'LicenseConsumptionRole');
  }

  /**
   * Makes a role.
   *
   * Throws a `ValidationError` for an account id of another form.
   */
  constructor(scope: Construct, id: string, props: LicenseConsumptionRoleProps = {}) {
    // Before aws-cdk-lib makes an error of its own of it, without a path.
    props = givenProps(pathBelow(scope, id), props, PROPS);
    const { licenses, roleName, permissionsBoundary, tokenIssuerAccountId = Stack.of(scope).account } = props;
    super(scope, id, {
      roleName,
      description: 'Software without an AWS account checks licenses of AWS License Manager out',
      assumedBy: new WebIdentityPrincipal(ISSUER, {
        'ForAnyValue:StringLike': { [`${ISSUER}:amr`]: `aws:license-manager:token-issuer-account-id:${tokenIssuerAccountId}` },
      }),
      maxSessionDuration: Duration.hours(1),
      managedPolicies: licenses ? undefined : [ManagedPolicy.fromAwsManagedPolicyName(POLICY)],
      permissionsBoundary,
    });
    brand(this, 'LicenseConsumptionRole');
    checkPattern(this, lit`TokenIssuerAccountId`, {
      property: 'tokenIssuerAccountId', value: tokenIssuerAccountId, pattern: /^\d{12}$/, expected: 'have 12 digits', wayOut: 'Correct it.',
    });
    if (licenses) {
      this.letItCheckOut(licenses);
    } else {
      acknowledge(this.node.defaultChild!, `Annotation::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${POLICY}]`,
        'It is the policy that the user guide of AWS License Manager has for this role, and lets software check licenses out and nothing else.');
    }
  }

  private letItCheckOut(licenses: readonly ILicenseRef[]): void {
    for (const license of licenses) {
      LicenseGrants.fromLicense(license).checkOut(this);
      Grant.addToPrincipal({ grantee: this, actions: ['license-manager:GetLicense'], resourceArns: [license.licenseRef.licenseArn] });
    }
    acknowledgeWildcard(this, '*', 'A check-out names a product and its issuer, and no license, so that IAM takes it on * only.');
    acknowledgeStandards(this, {
      IAMNoInlinePolicy: 'The policy names the licenses of this role: nobody else is to have it, which a managed policy would make possible.',
    });
  }
}

/** It is built into AWS: no OIDC provider has to be made. */
const ISSUER = 'openid-license-manager.amazonaws.com';
const POLICY = 'service-role/AWSLicenseManagerConsumptionPolicy';

const PROPS: Shape<LicenseConsumptionRoleProps> = {
  licenses: listOf(reference('a license', 'licenseRef')),
  tokenIssuerAccountId: TEXT,
  roleName: TEXT,
  permissionsBoundary: reference('a managed policy', 'managedPolicyArn'),
};
