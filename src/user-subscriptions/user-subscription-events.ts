import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { directEvent } from '../private/facade/events';

/**
 * The events that user-based subscriptions themselves send to Amazon EventBridge, in an account and its Region, as well as they can. No trail is needed.
 *
 * What they carry is not documented, so that the rules match what they are about and nothing else: to look into an event is a matter of the target.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
 * import { Topic } from 'aws-cdk-lib/aws-sns';
 * import { UserSubscriptionEvents } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Events');
 * UserSubscriptionEvents.onUserSubscribed(stack, 'Billed', { target: new SnsTopic(new Topic(stack, 'Topic', { enforceSSL: true })) });
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-license-manager-user-subscriptions.html
 */
export class UserSubscriptionEvents {
  /**
   * A rule for a directory having been registered.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onIdentityProviderRegistered(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('Identity Provider Registered').rule(scope, id, options);
  }

  /**
   * A rule for a directory that could not be registered.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onIdentityProviderRegistrationFailed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('Identity Provider Registration Failed').rule(scope, id, options);
  }

  /**
   * A rule for a directory having been deregistered.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onIdentityProviderDeregistered(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('Identity Provider Deregistered').rule(scope, id, options);
  }

  /**
   * A rule for a directory that could not be deregistered.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onIdentityProviderDeregistrationFailed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('Identity Provider Deregistration Failed').rule(scope, id, options);
  }

  /**
   * A rule for a license server endpoint that is healthy again.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseServerEndpointHealthy(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('License Server Endpoint Healthy').rule(scope, id, options);
  }

  /**
   * A rule for a license server endpoint that is not healthy.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseServerEndpointUnhealthy(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('License Server Endpoint Unhealthy').rule(scope, id, options);
  }

  /**
   * A rule for a license server endpoint having been provisioned.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseServerEndpointProvisioned(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('License Server Endpoint Provisioned').rule(scope, id, options);
  }

  /**
   * A rule for a license server endpoint that could not be provisioned.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseServerEndpointProvisioningFailed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('License Server Endpoint Provisioning Failed').rule(scope, id, options);
  }

  /**
   * A rule for a license server endpoint having been updated.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseServerEndpointUpdated(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('License Server Endpoint Updated').rule(scope, id, options);
  }

  /**
   * A rule for a license server endpoint that could not be updated.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseServerEndpointUpdateFailed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('License Server Endpoint Update Failed').rule(scope, id, options);
  }

  /**
   * A rule for a license server endpoint having been deleted.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseServerEndpointDeleted(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('License Server Endpoint Deleted').rule(scope, id, options);
  }

  /**
   * A rule for a license server endpoint that could not be deleted.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseServerEndpointDeletionFailed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('License Server Endpoint Deletion Failed').rule(scope, id, options);
  }

  /**
   * A rule for a user having been subscribed to a product, which is billed.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onUserSubscribed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('User Subscribed').rule(scope, id, options);
  }

  /**
   * A rule for a user who could not be subscribed to a product.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onUserSubscriptionFailed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('User Subscription Failed').rule(scope, id, options);
  }

  /**
   * A rule for a user who is subscribed to a product no longer.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onUserUnsubscribed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('User Unsubscribed').rule(scope, id, options);
  }

  /**
   * A rule for a user whose subscription could not be ended.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onUserUnsubscriptionFailed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('User Unsubscription Failed').rule(scope, id, options);
  }

  /**
   * A rule for a user having been associated with an instance.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onUserAssociated(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('User Associated').rule(scope, id, options);
  }

  /**
   * A rule for a user who could not be associated with an instance.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onUserAssociationFailed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('User Association Failed').rule(scope, id, options);
  }

  /**
   * A rule for a user who is associated with an instance no longer.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onUserDisassociated(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('User Disassociated').rule(scope, id, options);
  }

  /**
   * A rule for a user who could not be disassociated from an instance.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onUserDisassociationFailed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('User Disassociation Failed').rule(scope, id, options);
  }

  /**
   * A rule for the products of an instance having been activated.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onInstanceActivated(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('Instance Activated').rule(scope, id, options);
  }

  /**
   * A rule for the products of an instance that could not be activated.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onInstanceActivationFailed(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('Instance Activation Failed').rule(scope, id, options);
  }

  /**
   * A rule for an instance having been terminated.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onInstanceTerminated(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('Instance Terminated').rule(scope, id, options);
  }

  /**
   * A rule for an instance that is not healthy.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onInstanceUnhealthy(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new UserSubscriptionEvents('Instance Unhealthy').rule(scope, id, options);
  }

  private constructor(private readonly detailType: string) {}

  private rule(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return directEvent(scope, id, SOURCE, this.detailType, options);
  }
}

const SOURCE = 'aws.license-manager-user-subscriptions';
