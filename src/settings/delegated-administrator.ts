import { Annotations, Stack, Token } from 'aws-cdk-lib';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { delegatedAdministrator } from '../custom-resource/contract/types/delegated-administrator';
import { onceEach } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { keptInEnvironment, Reach } from '../private/identity/environment';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { ANYTHING, givenProps, listOf, needed, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkKnown, checkOneOf, checkPattern, checkSize, lit } from '../private/validation/validation';

/**
 * What an account can be the delegated administrator for. For user-based subscriptions there is none.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-delegated-admin.html
 */
export enum AdministratorFeature {
  /**
   * Self-managed and granted licenses of the organization.
   */
  MANAGED_LICENSES = 'license-manager.amazonaws.com',

  /**
   * Linux subscriptions of the organization.
   */
  LINUX_SUBSCRIPTIONS = 'license-manager-linux-subscriptions.amazonaws.com',
}

/**
 * Properties of a delegated administrator.
 */
export interface DelegatedAdministratorProps {
  /**
   * The id of a member account. Another one takes its place in the same update: the former one is deregistered first, since a feature has one
   * delegated administrator.
   *
   * Throws a `ValidationError` unless it is a token or has 12 digits.
   */
  readonly accountId: string;

  /**
   * What the account administers. One that is named twice causes a warning, and is written once.
   *
   * Throws a `ValidationError` for none, for one that is none of `AdministratorFeature`, and for a token.
   *
   * @default - all: the console of License Manager works for an account that administers both only
   */
  readonly features?: AdministratorFeature[];
}

/**
 * A member account that administers License Manager for the organization, so that nobody has to work in the management account.
 *
 * It is registered by the management account, in whose stack this has to be, once for a feature, whatever the Region: AWS Organizations has no Regions. For managed licenses the organization has to be linked first
 * (`ServiceSettings` with `organizationIntegration`), for which it waits in the same stack; for Linux subscriptions it gives them trusted access in AWS
 * Organizations, so that the administrator's own stack can have the `LinuxSubscriptionsSettings`. A delete deregisters the account, if it is still registered;
 * what it has set up stays, and so does the trust.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { DelegatedAdministrator } from 'cdk-license-manager';
 *
 * new DelegatedAdministrator(new Stack(new App(), 'Organization'), 'Administrator', { accountId: '444455556666' });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-delegated-admin.html
 */
@propertyInjectable
export class DelegatedAdministrator extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.DelegatedAdministrator';

  /**
   * Whether the given object is a `DelegatedAdministrator`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isDelegatedAdministrator(x: any): x is DelegatedAdministrator {
    return isBranded(x, 'DelegatedAdministrator');
  }

  /**
   * Registers a delegated administrator.
   *
   * Throws a `ValidationError` for an account id of another form, for no feature or an unknown one, and for a feature that the app has an administrator for
   * already, in whatever Region of the account. The account of the stack, and two accounts for the two features, cause a warning.
   */
  constructor(scope: Construct, id: string, props: DelegatedAdministratorProps) {
    super(scope, id);
    brand(this, 'DelegatedAdministrator');
    props = givenProps(this, props, PROPS);
    const { accountId } = props;
    const features = this.distinct(props.features ?? Object.values(AdministratorFeature));
    checkPattern(this, lit`AdministratorAccountId`, {
      property: 'accountId', value: accountId, pattern: /^\d{12}$/, expected: 'have 12 digits', wayOut: 'Correct it.',
    });
    if (!Token.isUnresolved(accountId) && accountId === Stack.of(this).account) {
      Annotations.of(this).addWarningV2('cdk-license-manager:managementAccountAsAdministrator',
        `accountId is '${accountId}', the account of the stack, which has to be the management account: it cannot be its own delegated administrator. ` +
        'Name a member account.');
    }
    for (const feature of features) {
      const { resource } = new ManagedResource(this, IDS[feature], {
        definition: delegatedAdministrator, properties: { ServicePrincipal: feature, AccountId: accountId },
      });
      needs(resource, feature === AdministratorFeature.MANAGED_LICENSES ? Prerequisite.SETTINGS : Prerequisite.LINUX_SETTINGS);
      if (features.length === 1) {
        this.node.defaultChild = resource;
      }
      this.warnOfTwo(feature, accountId);
    }
  }

  private distinct(features: AdministratorFeature[]): AdministratorFeature[] {
    const name = lit`AdministratorFeatureUnknown`;
    const decides = 'what is registered';
    checkKnown(this, name, { property: 'features', value: features, decides });
    checkSize(this, lit`AdministratorFeaturesEmpty`, {
      property: 'features', value: features, minimum: 1, maximum: Infinity, wayOut: 'Name what the account administers, or leave it out for all.',
    });
    for (const [index, value] of features.entries()) {
      checkOneOf(this, name, { property: `features[${index}]`, value, allowed: Object.values(AdministratorFeature), wayOut: 'Correct it.', decides });
    }
    return onceEach(this, 'features', features, feature => feature, feature => feature);
  }

  private warnOfTwo(feature: AdministratorFeature, accountId: string): void {
    const accounts = keptInEnvironment(this, 'Administrators', () => new Map<string, string>(), Reach.ACCOUNT);
    accounts.set(feature, accountId);
    const [other] = [...accounts].filter(([name, account]) => name !== feature && !Token.isUnresolved([name, account]) && account !== accountId);
    if (other && !Token.isUnresolved(accountId)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:twoDelegatedAdministrators',
        `'${accountId}' is to administer '${feature}' and '${other[1]}' '${other[0]}': the console of License Manager works for an account that administers ` +
        'both only. Register one account for both features.');
    }
  }
}

const PROPS: Shape<DelegatedAdministratorProps> = { accountId: needed(TEXT), features: listOf(ANYTHING) };

const IDS: { readonly [F in AdministratorFeature]: string } = {
  [AdministratorFeature.MANAGED_LICENSES]: 'ManagedLicenses',
  [AdministratorFeature.LINUX_SUBSCRIPTIONS]: 'LinuxSubscriptions',
};
