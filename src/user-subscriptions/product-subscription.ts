import { Annotations, TagManager, TagType } from 'aws-cdk-lib';
import type { Duration, ITaggableV2, RemovalPolicy } from 'aws-cdk-lib';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { checkIdentityProvider, IDENTITY_PROVIDER } from './checks';
import type { DirectoryUser } from './directory-user';
import type { IIdentityProvider } from './identity-provider';
import { UserSubscriptionProduct } from './user-subscription-product';
import { Users } from './users';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { productSubscription } from '../custom-resource/contract/types/product-subscription';
import { brand, isBranded } from '../private/identity/copies';
import { keptInEnvironment } from '../private/identity/environment';
import { needs, Prerequisite, provides } from '../private/identity/prerequisites';
import { identityOf } from '../private/identity/reference';
import { ANYTHING, DURATION, given, givenProps, listOf, needed, ofClass } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkNoSnapshot } from '../private/validation/removal';
import { checkTags, renderedTags } from '../private/validation/tags';
import { checkTimeout } from '../private/validation/timeout';
import { lit, valueOf } from '../private/validation/validation';

/**
 * Properties of the subscription of users to a product.
 */
export interface ProductSubscriptionProps {
  /**
   * The directory that is registered for the product. Users of one that another account shares are subscribed in that account; a warning says so of one of
   * this app.
   *
   * **Another identity provider is another subscription:** users are subscribed there and then unsubscribed here.
   *
   * Throws a `ValidationError` for one of another account or Region, and for an import without `directoryId` and `product`.
   */
  readonly identityProvider: IIdentityProvider;

  /**
   * The users, who have to be in the directory. More can be added with `addUser()`. One that is named twice causes a warning.
   *
   * **Each user costs money from the moment of the deployment.** Microsoft Office and Visual Studio are billed by user and calendar month, the whole month, until
   * the end of that in which the user has been disassociated from all instances and unsubscribed. Remote Desktop Services is billed by user and month
   * until the license token of the user has expired, 60 days after it was issued, also when the user was unsubscribed before; who logs in after
   * that is subscribed anew. With Microsoft Office or Visual Studio, License Manager subscribes a user to Remote Desktop Services as well, if nobody has:
   * that subscription stays when the user is taken out here. Declare a `ProductSubscription` for Remote Desktop Services with the same users, which comes first in the same
   * stack: then it ends with the stack. Without
   * it, a finding says so (`remoteDesktopUsersNotDeclared`).
   *
   * Throws a `ValidationError` for an empty name, and for a user whom another subscription of the app has for the same directory and product.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html
   */
  readonly users: DirectoryUser[];

  /**
   * For how long the deployment waits for users to be subscribed or unsubscribed: at most 1 hour, in whole seconds. What has not been done by then is done by
   * the next deployment.
   *
   * Throws a `ValidationError` outside of 1 second to 1 hour.
   *
   * @default Duration.hours(1)
   */
  readonly timeout?: Duration;

  /**
   * What happens to the subscriptions when they are taken out of the app. With `RemovalPolicy.RETAIN` users stay subscribed, **and are billed on**.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY - users whom this stack has subscribed are unsubscribed, which is refused while they are associated with instances
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Users of a directory who are subscribed to a product.
 *
 * All users of a directory and a product in a stack are one resource, however many they are: it reads whom License Manager has, and subscribes and unsubscribes
 * the difference. A deployment that is interrupted goes on with who is left; at the end it tells of each user who could not be subscribed, and why.
 *
 * Only those are unsubscribed whom the stack has subscribed, which a tag says. Who was subscribed before, by hand or by logging in, stays subscribed when taken
 * out of the list. A user whom another stack has subscribed is refused: take the user out there first, and deploy that.
 *
 * A user has to be disassociated from all instances before; a `UserAssociation` in the same stack is changed and deleted first.
 *
 * Tags are those of users who are subscribed from then on.
 *
 * The custom resource has a function, whose code is an asset: a stack that takes no assets refuses it with a `ValidationError`.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { DirectoryUser, IdentityProvider, ProductSubscription, UserDirectory, UserSubscriptionProduct } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'UserSubscriptions');
 * const visualStudio = new IdentityProvider(stack, 'VisualStudio', {
 *   product: UserSubscriptionProduct.VISUAL_STUDIO_PROFESSIONAL,
 *   directory: UserDirectory.awsManaged('d-0123456789'),
 * });
 * new ProductSubscription(stack, 'Developers', { identityProvider: visualStudio, users: [DirectoryUser.of('jane'), DirectoryUser.of('john')] });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html
 * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_StartProductSubscription.html
 */
@propertyInjectable
export class ProductSubscription extends Construct implements ITaggableV2 {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.ProductSubscription';

  /**
   * Whether the given object is a `ProductSubscription`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isProductSubscription(x: any): x is ProductSubscription {
    return isBranded(x, 'ProductSubscription');
  }

  /**
   * The tags of users who are subscribed from now on.
   */
  public readonly cdkTagManager: TagManager;

  private readonly users: Users;

  /**
   * Subscribes users.
   *
   * Throws a `ValidationError` for an identity provider of another account or Region, for users whom the app has twice, a timeout out of its range,
   * `RemovalPolicy.SNAPSHOT`, and for a second one of the same directory and product in the stack.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 49 beside that of the stack, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: ProductSubscriptionProps) {
    super(scope, id);
    brand(this, 'ProductSubscription');
    props = givenProps(this, props, PROPS);
    const { identityProvider, users, removalPolicy, timeout } = props;
    checkNoSnapshot(this, removalPolicy, 'subscription');
    checkTimeout(this, timeout);
    checkIdentityProvider(this, 'a subscription', identityProvider);
    const { directoryId } = identityProvider;
    const product = valueOf(this, lit`ProductSubscriptionProduct`, {
      property: 'product of identityProvider', value: given(this, 'product of identityProvider', identityProvider.product), type: 'UserSubscriptionProduct',
    })!;
    if ((identityProvider as { readonly _isShared?: boolean })._isShared) {
      Annotations.of(this).addWarningV2('cdk-license-manager:subscriptionOfSharedDirectory',
        `The directory of '${identityProvider.node.path}' is shared by another account: its users are subscribed in the account that owns it. Declare this in a stack `
        + 'of that account.');
    }
    this.cdkTagManager = new TagManager(TagType.STANDARD, productSubscription.type);
    checkTags(this, this, undefined, 1);
    const isRemoteDesktop = product === UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES.value;
    this.users = new Users(
      this, 'user who is subscribed to', [product, directoryId], isRemoteDesktop ? remoteDesktopUsers(this, directoryId) : undefined,
    );
    const { resource } = new ManagedResource(this, 'Resource', {
      definition: productSubscription,
      properties: {
        DirectoryId: directoryId,
        Product: product,
        IdentityProviderArn: identityProvider.identityProviderArn,
        Users: this.users.rendered,
        Tags: renderedTags(this.cdkTagManager),
      },
      removalPolicy,
      serviceTimeout: timeout,
    });
    needs(resource, Prerequisite.USER_ROLE);
    provides(resource, Prerequisite.SUBSCRIBED_USERS);
    if (isRemoteDesktop) {
      // License Manager starts one itself with a subscription to any other product, which would be nobody's then.
      provides(resource, Prerequisite.REMOTE_DESKTOP_USERS);
    } else {
      needs(resource, Prerequisite.REMOTE_DESKTOP_USERS);
    }
    users.forEach(user => this.addUser(user));
    this.node.addValidation({
      validate: () => {
        this.tellOfRemoteDesktop(directoryId, product);
        return [];
      },
    });
  }

  /** A subscription that License Manager starts by itself is nobody's, and is billed until somebody ends it by hand. */
  private tellOfRemoteDesktop(directoryId: string, product: string): void {
    const left = WITH_REMOTE_DESKTOP.includes(product) ? this.users.without(remoteDesktopUsers(this, directoryId)) : [];
    if (left.length > 0) {
      Annotations.of(this).addInfoV2('cdk-license-manager:remoteDesktopUsersNotDeclared',
        `License Manager subscribes ${left.slice(0, 3).join(', ')}${left.length > 3 ? ` and ${left.length - 3} more` : ''} to Remote Desktop Services, too, if nobody `
        + 'has. That subscription stays, and is billed, when they are taken out here. Declare a ProductSubscription for UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES '
        + 'with them, or acknowledge this finding.');
    }
  }

  /**
   * Subscribes one more user, who costs money from the moment of the deployment, as `users` says.
   *
   * Throws a `ValidationError` for an empty name, and for a user whom another subscription of the app has for the same directory and product.
   *
   * @param user the user
   */
  public addUser(user: DirectoryUser): void {
    this.users.add(user);
  }
}

/** What License Manager subscribes users to Remote Desktop Services with. */
const WITH_REMOTE_DESKTOP = [
  UserSubscriptionProduct.OFFICE_PROFESSIONAL_PLUS, UserSubscriptionProduct.OFFICE_STANDARD, UserSubscriptionProduct.VISUAL_STUDIO_ENTERPRISE,
  UserSubscriptionProduct.VISUAL_STUDIO_PROFESSIONAL,
].map(({ value }) => value);

/** Who is subscribed to Remote Desktop Services by the app, in a directory. */
function remoteDesktopUsers(scope: Construct, directoryId: string): Set<string> {
  return keptInEnvironment(scope, `remote desktop users of ${identityOf(directoryId)}`, () => new Set());
}

const PROPS: Shape<ProductSubscriptionProps> = {
  identityProvider: needed(IDENTITY_PROVIDER), users: needed(listOf(ofClass('DirectoryUser'))), timeout: DURATION, removalPolicy: ANYTHING,
};
