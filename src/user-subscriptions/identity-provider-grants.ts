import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IIdentityProvider } from './identity-provider';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';
import { warnOfForeignGrant } from '../private/facade/owner';
import { construct, givenAs } from '../private/validation/given';

/**
 * Permissions on an identity provider, such as for a help desk that gives users their products.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanagerusersubscriptions.html
 */
export class IdentityProviderGrants {
  /**
   * The permissions on an identity provider.
   *
   * @param identityProvider the identity provider
   */
  public static fromIdentityProvider(identityProvider: IIdentityProvider): IdentityProviderGrants {
    return new IdentityProviderGrants(givenAs('IdentityProviderGrants.fromIdentityProvider()', 'identityProvider', identityProvider,
      construct('an identity provider', 'identityProviderArn')));
  }

  private constructor(private readonly identityProvider: IIdentityProvider) {}

  /**
   * Allows to look at the registration, the subscribed users, and the users of instances.
   *
   * Registrations and instances are told in lists of all of the account, which can be read as a whole or not at all.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, ['ListProductSubscriptions', 'ListUserAssociations', 'ListTagsForResource'])
      .combine(grantOnAnything(grantee, actions(['ListIdentityProviders', 'ListInstances'])));
  }

  /**
   * Allows to subscribe users to the product, which costs money, and to unsubscribe them.
   *
   * The ids of subscriptions are not known, so that all of the account and Region may be ended.
   *
   * @param grantee who is allowed to
   */
  public subscribeUsers(grantee: IGrantable): Grant {
    return this.read(grantee)
      .combine(this.grant(grantee, ['StartProductSubscription', 'StopProductSubscription']))
      .combine(this.grant(grantee, ['StopProductSubscription'], 'product-subscription'));
  }

  /**
   * Allows to associate users with instances, and to disassociate them.
   *
   * The ids of associations are not known, so that all of the account and Region may be ended.
   *
   * @param grantee who is allowed to
   */
  public associateUsers(grantee: IGrantable): Grant {
    return this.read(grantee)
      .combine(this.grant(grantee, ['AssociateUser', 'DisassociateUser']))
      .combine(this.grant(grantee, ['DisassociateUser'], 'instance-user'));
  }

  private grant(grantee: IGrantable, operations: string[], resource?: string): Grant {
    const { identityProvider } = this;
    warnOfForeignGrant(identityProvider, 'identity provider', false);
    checkGrantee(identityProvider, 'identity provider', grantee);
    const arn = resource === undefined ? identityProvider.identityProviderArn
      : Stack.of(identityProvider).formatArn({ ...identityProvider.env, service: SERVICE, resource, resourceName: '*' });
    return Grant.addToPrincipal({ grantee, actions: actions(operations), resourceArns: [arn] });
  }
}

const SERVICE = 'license-manager-user-subscriptions';

function actions(operations: readonly string[]): string[] {
  return operations.map(operation => `${SERVICE}:${operation}`);
}
