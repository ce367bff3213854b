import type { Rule } from 'aws-cdk-lib/aws-events';
import type { ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { serviceLinkedRoleOf } from './private/roles';
import { tellOf } from './private/rules';
import { brand, isBranded } from '../private/identity/copies';
import { construct, givenProps, listOf, needed, OBJECT, objectWith, ofClass } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { lit, refuse } from '../private/validation/validation';
import { LicenseManagerFeature } from '../settings/service-linked-role';
import type { ServiceLinkedRole } from '../settings/service-linked-role';
import type { DirectoryUser } from '../user-subscriptions/directory-user';
import { IdentityProvider } from '../user-subscriptions/identity-provider';
import { LicenseServerCredentials } from '../user-subscriptions/license-server-credentials';
import type { LicenseServerCredentialsProps } from '../user-subscriptions/license-server-credentials';
import { LicenseServerEndpoint } from '../user-subscriptions/license-server-endpoint';
import { LicenseServerNetwork } from '../user-subscriptions/license-server-network';
import type { LicenseServerNetworkProps } from '../user-subscriptions/license-server-network';
import { ProductSubscription } from '../user-subscriptions/product-subscription';
import type { UserDirectory } from '../user-subscriptions/user-directory';
import { UserSubscriptionEvents } from '../user-subscriptions/user-subscription-events';
import { UserSubscriptionProduct } from '../user-subscriptions/user-subscription-product';

/**
 * Properties of the licensing of remote desktops.
 */
export interface RemoteDesktopLicensingProps {
  /**
   * The directory of the users.
   *
   * **Another directory** is another registration, and another license server.
   *
   * Throws a `ValidationError` for what its kind says.
   */
  readonly directory: UserDirectory;

  /**
   * The users who are subscribed. **Each costs money from the moment of the deployment**, see `ProductSubscription`.
   *
   * Throws a `ValidationError` for an empty name.
   *
   * @default - none; who logs in is subscribed by that, and is billed, too
   */
  readonly users?: DirectoryUser[];

  /**
   * The secret that is made for the user `Administrator` of the directory, by whom License Manager sets the license server up.
   *
   * Throws a `ValidationError` together with `administratorSecret`.
   *
   * @default - a password is generated, which the user of the directory has to get before the license server is made
   */
  readonly administrator?: LicenseServerCredentialsProps;

  /**
   * A secret that exists: its name begins with `license-manager-user-`, and it has the keys `username`, with the value `Administrator`, and `password`.
   *
   * Throws a `ValidationError` together with `administrator`.
   *
   * @default - one is made
   */
  readonly administratorSecret?: ISecretRef;

  /**
   * The security groups and subnets between which License Manager and the instances need rules, see `LicenseServerNetwork`.
   *
   * @default - no rules are added: somebody else sees to them
   */
  readonly network?: LicenseServerNetworkProps;

  /**
   * The topic that is told when the license server, or an instance that users work on, is unhealthy, and when License Manager could not set up or change what it was
   * asked to. These events are those of the account and the Region, whichever directory they are about.
   *
   * @default - nobody is told
   */
  readonly notificationTopic?: ITopicRef;
}

/**
 * Licenses for Microsoft Remote Desktop Services by the user: a directory that is registered, license servers for it that License Manager runs, and the users
 * who are subscribed.
 *
 * | part | what it is for |
 * | --- | --- |
 * | `role` | the service-linked role for user-based subscriptions |
 * | `identityProvider` | the directory, registered for Remote Desktop Services |
 * | `secret` | the password of the directory's user `Administrator` |
 * | `network` | rules of security groups |
 * | `endpoint` | the license servers |
 * | `subscription` | the users |
 * | `rules` | who is told of what goes wrong |
 *
 * **Before the first deployment** the account is subscribed to *Win Remote Desktop Services SAL* in AWS Marketplace, the directory and its users exist, and it is
 * reached from the subnets, see `IdentityProvider` and `LicenseServerEndpoint`. With a generated password, give it to the directory's user first: make the secret in a
 * deployment of its own, and name it as `administratorSecret`.
 *
 * **A log-in costs money**, also that of a user who is not named here. Decide who can log in before there is a license server.
 *
 * When it is taken out of the app, users are unsubscribed, the license servers go, and the directory is deregistered, in this order. It is refused while instances of the
 * directory run.
 *
 * @example
 * import { App, SecretValue, Stack } from 'aws-cdk-lib';
 * import { DirectoryUser, patterns, UserDirectory } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'RemoteDesktop');
 * new patterns.RemoteDesktopLicensing(stack, 'Licensing', {
 *   directory: UserDirectory.awsManaged('d-0123456789'),
 *   administrator: { password: SecretValue.secretsManager('domain-administrator', { jsonField: 'password' }) },
 *   users: [DirectoryUser.of('jane'), DirectoryUser.of('john')],
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html
 */
@propertyInjectable
export class RemoteDesktopLicensing extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.RemoteDesktopLicensing';

  /**
   * Whether the given object is a `RemoteDesktopLicensing`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isRemoteDesktopLicensing(x: any): x is RemoteDesktopLicensing {
    return isBranded(x, 'RemoteDesktopLicensing');
  }

  /**
   * The service-linked role for user-based subscriptions.
   */
  public readonly role: ServiceLinkedRole;

  /**
   * The directory, as it is registered.
   */
  public readonly identityProvider: IdentityProvider;

  /**
   * The secret of the directory's user `Administrator`: the one that was named, or the one that was made.
   */
  public readonly secret: ISecretRef;

  /**
   * The rules of security groups, if there are some.
   */
  public readonly network?: LicenseServerNetwork;

  /**
   * The license servers.
   */
  public readonly endpoint: LicenseServerEndpoint;

  /**
   * The users, if some were named. More are added to it.
   */
  public readonly subscription?: ProductSubscription;

  /**
   * The rules for what goes wrong; none without `notificationTopic`.
   */
  public readonly rules: Rule[];

  /**
   * Declares the licensing.
   *
   * Throws a `ValidationError` for what the properties say, and for a directory that the app registers for Remote Desktop Services already.
   */
  constructor(scope: Construct, id: string, props: RemoteDesktopLicensingProps) {
    super(scope, id);
    brand(this, 'RemoteDesktopLicensing');
    props = givenProps(this, props, PROPS);
    const { directory, users, administrator, administratorSecret, network, notificationTopic } = props;
    if (administrator && administratorSecret) {
      refuse(this, lit`RemoteDesktopAdministratorTwice`,
        `administrator says how a secret is made, and administratorSecret names '${administratorSecret.node.path}': the license server has one. Leave one of the two out.`);
    }
    this.role = serviceLinkedRoleOf(this, LicenseManagerFeature.USER_SUBSCRIPTIONS);
    this.identityProvider = new IdentityProvider(this, 'Directory', { product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory });
    this.secret = administratorSecret ?? new LicenseServerCredentials(this, 'Administrator', administrator);
    this.endpoint = new LicenseServerEndpoint(this, 'LicenseServer', { identityProvider: this.identityProvider, credentials: this.secret });
    if (network) {
      this.network = new LicenseServerNetwork(this, 'Network', network);
      // License Manager reaches the directory by them.
      this.identityProvider.node.addDependency(this.network);
    }
    if (users) {
      this.subscription = new ProductSubscription(this, 'Users', { identityProvider: this.identityProvider, users });
    }
    this.rules = notificationTopic ? tellOf(this, notificationTopic, whatGoesWrong()) : [];
  }
}

const whatGoesWrong = () => ({
  RegistrationFailed: UserSubscriptionEvents.onIdentityProviderRegistrationFailed,
  ProvisioningFailed: UserSubscriptionEvents.onLicenseServerEndpointProvisioningFailed,
  ServerUnhealthy: UserSubscriptionEvents.onLicenseServerEndpointUnhealthy,
  SubscriptionFailed: UserSubscriptionEvents.onUserSubscriptionFailed,
  InstanceUnhealthy: UserSubscriptionEvents.onInstanceUnhealthy,
});

const PROPS: Shape<RemoteDesktopLicensingProps> = {
  directory: needed(ofClass('UserDirectory')),
  users: listOf(ofClass('DirectoryUser')),
  administrator: OBJECT,
  administratorSecret: construct('a secret', 'secretRef'),
  network: objectWith('directory', 'subnets'),
  notificationTopic: construct('a topic', 'topicRef'),
};
