import { Aws } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { brand } from '../private/identity/copies';
import { accountOfArn, identityOf } from '../private/identity/reference';
import { checkFormat } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { accountFormat, ORGANIZATION_FORMAT, ORGANIZATIONAL_UNIT_FORMAT } from '../private/validation/principals';
import { lit } from '../private/validation/validation';

/**
 * Whom a license is granted to.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/distribute-entitlement.html
 */
export class GrantPrincipal {
  /**
   * An AWS account.
   *
   * The id is checked when a grant takes it: a `ValidationError` is thrown unless it is a token or has this form.
   *
   * @param accountId 12 digits
   */
  public static fromAccountId(accountId: string): GrantPrincipal {
    return new GrantPrincipal(ACCOUNT_FORMAT, accountId);
  }

  /**
   * All accounts of an organizational unit, also of those inside it. The unit itself may not be inside another one.
   *
   * Only the organization's management account can grant to it. The organization needs all features, and *Link AWS Organizations accounts*
   * switched on in the settings of License Manager.
   *
   * The ARN is checked when a grant takes it: a `ValidationError` is thrown unless it is a token or has this form, where any part
   * may be a token. License Manager takes the ARN only, not the id.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param organizationalUnitArn `arn:<partition>:organizations::<management account>:ou/o-…/ou-…-…`
   */
  public static fromOrganizationalUnitArn(organizationalUnitArn: string): GrantPrincipal {
    return new GrantPrincipal(ORGANIZATIONAL_UNIT_FORMAT, organizationalUnitArn);
  }

  /**
   * All accounts of the organization, also those that join it later.
   *
   * Only the organization's management account can grant to it. The organization needs all features, and *Link AWS Organizations accounts*
   * switched on in the settings of License Manager.
   *
   * The ARN is checked when a grant takes it: a `ValidationError` is thrown unless it is a token or has this form, where any part
   * may be a token. License Manager takes the ARN only, not the id.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param organizationArn `arn:<partition>:organizations::<management account>:organization/o-…`
   */
  public static fromOrganizationArn(organizationArn: string): GrantPrincipal {
    return new GrantPrincipal(ORGANIZATION_FORMAT, organizationArn);
  }

  /**
   * Whom an ARN names, as the API takes it: the root user of an account, an organizational unit or an organization.
   *
   * The ARN is checked when a grant takes it: a `ValidationError` is thrown unless it is a token or an ARN, of which any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param principalArn such as `arn:<partition>:iam::<account>:root`
   * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateGrant.html
   */
  public static fromArn(principalArn: string): GrantPrincipal {
    return new GrantPrincipal(ANY_ARN, principalArn);
  }

  private constructor(private readonly format: Format, private readonly value: string) {
    brand(this, 'GrantPrincipal');
  }

  /**
   * What the user has set.
   *
   * @internal
   */
  public get _value(): string {
    return this.value;
  }

  /**
   * What grants to the same have in common: an account may be named by its id and by the ARN of its root user.
   *
   * @internal
   */
  public get _identity(): string {
    return this._account ?? identityOf(this.value);
  }

  /**
   * The account, if it is one and that is known.
   *
   * @internal
   */
  public get _account(): string | undefined {
    if (this.format === ACCOUNT_FORMAT) {
      return this.value;
    }
    const [, , service, , account, resource] = this.value.split(':');
    return this.format === ANY_ARN && service === 'iam' && resource === 'root' ? account : undefined;
  }

  /**
   * Whether it is known to be an organization or a unit of it.
   *
   * @internal
   */
  public get _isOfOrganizations(): boolean {
    return this.format === ANY_ARN
      ? this.value.split(':')[2] === 'organizations' : this.format !== ACCOUNT_FORMAT;
  }

  /**
   * The account that manages the organization, if it is one or a unit of it and its ARN tells.
   *
   * @internal
   */
  public get _managementAccount(): string | undefined {
    return this._isOfOrganizations ? accountOfArn(this.value) : undefined;
  }

  /**
   * The principal as License Manager names it: an account is the ARN of its root user.
   *
   * @internal
   */
  public _render(scope: Construct): string {
    checkFormat(scope, lit`GrantPrincipalFormat`, this.format, this.value);
    return this.format === ACCOUNT_FORMAT ? `arn:${Aws.PARTITION}:iam::${this.value}:root` : this.value;
  }
}

const ACCOUNT_FORMAT = accountFormat('GrantPrincipal');

/**
 * The pattern of CloudFormation's schema. Whom it may name, License Manager says by an error.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-licensemanager-grant.html
 */
const ANY_ARN: Format = {
  name: 'the ARN of a principal',
  parts: [/^arn$/, /^aws[A-Za-z-]*$/, /^[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}$/, /^[A-Za-z0-9_/.-]{0,63}$/, /^[A-Za-z0-9_/.-]{0,63}$/,
    /^[A-Za-z0-9][A-Za-z0-9_/+=,@.-]{0,1023}$/],
  expected: '\'arn:<partition>:iam::<account>:root\', or that of an organizational unit or an organization',
  wayOut: 'For the id of an account, use GrantPrincipal.fromAccountId().',
};
