import { Aws } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { accountOfArn } from '../private/identity/reference';
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

  private constructor(private readonly format: Format, private readonly value: string) {}

  /**
   * What the user has set.
   *
   * @internal
   */
  public get _value(): string {
    return this.value;
  }

  /**
   * Whether it is one account, and not an organization or a unit of it.
   *
   * @internal
   */
  public get _isAccount(): boolean {
    return this.format === ACCOUNT_FORMAT;
  }

  /**
   * The account that manages the organization, if it is one or a unit of it and its ARN tells.
   *
   * @internal
   */
  public get _managementAccount(): string | undefined {
    return this._isAccount ? undefined : accountOfArn(this.value);
  }

  /**
   * The principal as License Manager names it: an account is the ARN of its root user.
   *
   * @internal
   */
  public _render(scope: Construct): string {
    checkFormat(scope, lit`GrantPrincipalFormat`, this.format, this.value);
    return this._isAccount ? `arn:${Aws.PARTITION}:iam::${this.value}:root` : this.value;
  }
}

const ACCOUNT_FORMAT = accountFormat('GrantPrincipal');
