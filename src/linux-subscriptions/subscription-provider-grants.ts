import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISubscriptionProviderRef } from 'aws-cdk-lib/aws-licensemanagerlinuxsubscriptions';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';
import { construct, givenAs } from '../private/validation/given';

/**
 * Permissions on a Linux subscription provider. None of them lets anybody read the token, which is a matter of the secret.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_license-manager-linux-subscriptions.html
 */
export class SubscriptionProviderGrants {
  /**
   * The permissions on a provider: an L2, an L1 or an imported one.
   *
   * @param subscriptionProvider the provider
   */
  public static fromSubscriptionProvider(subscriptionProvider: ISubscriptionProviderRef): SubscriptionProviderGrants {
    return new SubscriptionProviderGrants(
      givenAs('SubscriptionProviderGrants.fromSubscriptionProvider()', 'subscriptionProvider', subscriptionProvider, construct('a subscription provider', 'subscriptionProviderRef')));
  }

  private constructor(private readonly subscriptionProvider: ISubscriptionProviderRef) {}

  /**
   * Allows to look at the provider: the status of its token, the last time that data came in, and its tags.
   *
   * Also allows to list the providers of the account, which can be listed all or not at all.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS).combine(grantOnAnything(grantee, READ_ACTIONS_WITHOUT_RESOURCE));
  }

  /**
   * Allows everything with the provider: to read it, to change its tags and to deregister it.
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    return this.read(grantee).combine(this.grant(grantee, WRITE_ACTIONS));
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    checkGrantee(this.subscriptionProvider, 'subscription provider', grantee);
    return Grant.addToPrincipal({
      grantee, actions, resourceArns: [this.subscriptionProvider.subscriptionProviderRef.subscriptionProviderArn],
    });
  }
}

const READ_ACTIONS = [
  'license-manager-linux-subscriptions:GetRegisteredSubscriptionProvider',
  'license-manager-linux-subscriptions:ListTagsForResource',
];

const READ_ACTIONS_WITHOUT_RESOURCE = ['license-manager-linux-subscriptions:ListRegisteredSubscriptionProviders'];

const WRITE_ACTIONS = [
  'license-manager-linux-subscriptions:DeregisterSubscriptionProvider',
  'license-manager-linux-subscriptions:TagResource',
  'license-manager-linux-subscriptions:UntagResource',
];
