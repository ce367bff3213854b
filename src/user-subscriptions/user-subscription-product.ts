import { brand } from '../private/identity/copies';

/**
 * A product of user-based subscriptions. The account has to be subscribed to it in AWS Marketplace before a directory is registered for it, which
 * no API does.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html
 */
export class UserSubscriptionProduct {
  /** Microsoft Office LTSC Professional Plus. Billed by user and calendar month, the whole month. */
  public static readonly OFFICE_PROFESSIONAL_PLUS = new UserSubscriptionProduct('OFFICE_PROFESSIONAL_PLUS');

  /** Microsoft Office LTSC Standard, which the API knows and the user guide does not tell of. Billed by user and calendar month, the whole month. */
  public static readonly OFFICE_STANDARD = new UserSubscriptionProduct('OFFICE_STANDARD');

  /**
   * Microsoft Remote Desktop Services (*Win Remote Desktop Services SAL*), which everybody needs who works on instances of the other products. Billed by
   * user and month, until the license token of the user has expired, 60 days after it was issued.
   */
  public static readonly REMOTE_DESKTOP_SERVICES = new UserSubscriptionProduct('REMOTE_DESKTOP_SERVICES');

  /** Microsoft Visual Studio Enterprise. Billed by user and calendar month, the whole month. */
  public static readonly VISUAL_STUDIO_ENTERPRISE = new UserSubscriptionProduct('VISUAL_STUDIO_ENTERPRISE');

  /** Microsoft Visual Studio Professional. Billed by user and calendar month, the whole month. */
  public static readonly VISUAL_STUDIO_PROFESSIONAL = new UserSubscriptionProduct('VISUAL_STUDIO_PROFESSIONAL');

  /**
   * A product that has no constant here.
   *
   * @param value as the API takes it
   * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_RegisterIdentityProvider.html
   */
  public static of(value: string): UserSubscriptionProduct {
    return new UserSubscriptionProduct(value);
  }

  private constructor(private readonly _value: string) {
    brand(this, 'UserSubscriptionProduct');
  }

  /**
   * The product, as the API takes it.
   */
  public get value(): string {
    return this._value;
  }
}
