import { TagManager, TagType } from 'aws-cdk-lib';
import type { Duration, ITaggableV2, RemovalPolicy } from 'aws-cdk-lib';
import type { IInstanceRef } from 'aws-cdk-lib/aws-ec2';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { checkIdentityProvider, IDENTITY_PROVIDER } from './checks';
import type { DirectoryUser } from './directory-user';
import type { IIdentityProvider } from './identity-provider';
import { Users } from './users';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { userAssociation } from '../custom-resource/contract/types/user-association';
import { brand, isBranded } from '../private/identity/copies';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { ANYTHING, DURATION, givenProps, listOf, needed, ofClass, reference } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkNoSnapshot } from '../private/validation/removal';
import { checkTags, renderedTags } from '../private/validation/tags';
import { checkTimeout } from '../private/validation/timeout';

/**
 * Properties of the association of users with an instance.
 */
export interface UserAssociationProps {
  /**
   * The directory, as it is registered in the account of the instance: that account registers a directory that another one shares, too.
   *
   * **Another directory is another association.**
   *
   * Throws a `ValidationError` for one of another account or Region, and for an import without `directoryId`.
   */
  readonly identityProvider: IIdentityProvider;

  /**
   * The instance: launched from an AMI of AWS Marketplace with the product, of a type that is based on Nitro and not on Graviton, managed by AWS Systems
   * Manager, and in a VPC that reaches the directory. License Manager joins it to the domain, which takes about 20 minutes, and **terminates an instance that it
   * cannot set up or keep healthy**, such as one with local administrators. Each instance is billed for its vCPUs, too.
   *
   * **Another instance is another association:** users are associated with it and then disassociated from the former one.
   */
  readonly instance: IInstanceRef;

  /**
   * The users, who have to be subscribed to the products of the instance, and to Remote Desktop Services. More can be added with `addUser()`. One that is
   * named twice causes a warning.
   *
   * An association costs nothing by itself, whatever the number of instances; **as long as there is one, a user cannot be unsubscribed, and is billed on**. A user can
   * have 25 instances, and two can work on one at a time unless a group policy of the directory says otherwise.
   *
   * Throws a `ValidationError` for an empty name, and for a user of the directory whom another association of the app has with the same instance.
   */
  readonly users: DirectoryUser[];

  /**
   * For how long the deployment waits for the instance to be ready, and for users to be associated or disassociated: at most 1 hour, in whole seconds. What has
   * not been done by then is done by the next deployment.
   *
   * Throws a `ValidationError` outside of 1 second to 1 hour.
   *
   * @default Duration.hours(1)
   */
  readonly timeout?: Duration;

  /**
   * What happens to the associations when they are taken out of the app. With `RemovalPolicy.RETAIN` users stay associated until the instance is terminated.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY - users whom this stack has associated are disassociated
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Users of a directory who may work on an instance.
 *
 * The deployment waits until the instance is ready, which License Manager tells by its health status, and associates those who are not associated yet. All users
 * of an instance in a stack are one resource; as with `ProductSubscription`, only those are disassociated whom the stack has associated. It waits for
 * the subscriptions of the same stack, and goes before they do.
 *
 * For fleets whose instances come and go this is the wrong tool: an instance that is terminated takes its associations along, and a new one has none. Let a rule
 * for `UserSubscriptionEvents.onInstanceActivated()` call what associates users.
 *
 * Tags are those of users who are associated from then on.
 *
 * The custom resource has a function, whose code is an asset: a stack that takes no assets refuses it with a `ValidationError`.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
 * import { DirectoryUser, IdentityProvider, UserAssociation, UserDirectory, UserSubscriptionProduct } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'UserSubscriptions');
 * const visualStudio = new IdentityProvider(stack, 'VisualStudio', {
 *   product: UserSubscriptionProduct.VISUAL_STUDIO_PROFESSIONAL,
 *   directory: UserDirectory.awsManaged('d-0123456789'),
 * });
 * const instance = new CfnInstance(stack, 'Desktop', { imageId: 'ami-0123456789abcdef0', instanceType: 'm5.large' });
 * new UserAssociation(stack, 'OnDesktop', { identityProvider: visualStudio, instance, users: [DirectoryUser.of('jane')] });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html
 * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_AssociateUser.html
 */
@propertyInjectable
export class UserAssociation extends Construct implements ITaggableV2 {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.UserAssociation';

  /**
   * Whether the given object is a `UserAssociation`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isUserAssociation(x: any): x is UserAssociation {
    return isBranded(x, 'UserAssociation');
  }

  /**
   * The tags of users who are associated from now on.
   */
  public readonly cdkTagManager: TagManager;

  private readonly users: Users;

  /**
   * Associates users.
   *
   * Throws a `ValidationError` for an identity provider of another account or Region, for users whom the app has twice, a timeout out of its range,
   * `RemovalPolicy.SNAPSHOT`, and for a second one of the same instance and directory in the stack.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 49 beside that of the stack, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: UserAssociationProps) {
    super(scope, id);
    brand(this, 'UserAssociation');
    props = givenProps(this, props, PROPS);
    const { identityProvider, instance, users, removalPolicy, timeout } = props;
    checkNoSnapshot(this, removalPolicy, 'association');
    checkTimeout(this, timeout);
    checkIdentityProvider(this, 'an association', identityProvider);
    const { instanceId } = instance.instanceRef;
    const { directoryId } = identityProvider;
    this.cdkTagManager = new TagManager(TagType.STANDARD, userAssociation.type);
    checkTags(this, this, undefined, 1);
    this.users = new Users(this, 'user who is associated with', [instanceId, directoryId]);
    const { resource } = new ManagedResource(this, 'Resource', {
      definition: userAssociation,
      properties: {
        InstanceId: instanceId,
        DirectoryId: directoryId,
        IdentityProviderArn: identityProvider.identityProviderArn,
        Users: this.users.rendered,
        Tags: renderedTags(this.cdkTagManager),
      },
      removalPolicy,
      serviceTimeout: timeout,
    });
    needs(resource, Prerequisite.USER_ROLE, Prerequisite.SUBSCRIBED_USERS);
    users.forEach(user => this.addUser(user));
  }

  /**
   * Associates one more user.
   *
   * Throws a `ValidationError` for an empty name, and for a user of the directory whom another association of the app has with the same instance.
   *
   * @param user the user
   */
  public addUser(user: DirectoryUser): void {
    this.users.add(user);
  }
}

const PROPS: Shape<UserAssociationProps> = {
  identityProvider: needed(IDENTITY_PROVIDER),
  instance: needed(reference('an instance', 'instanceRef')),
  users: needed(listOf(ofClass('DirectoryUser'))),
  timeout: DURATION,
  removalPolicy: ANYTHING,
};
