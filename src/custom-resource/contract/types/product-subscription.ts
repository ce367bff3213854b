import { IDENTITY_PROVIDER_ARN, MARKETPLACE, ON_PROVIDER } from './identity-provider';
import { PRODUCT_SUBSCRIPTION } from '../arn';
import { changingOwnOfName, define, ON_ANYTHING, readingAny, taggingNew } from '../definition';
import { list, object, optional, text } from '../shape';
import { TAGS } from '../tags';

/** Users of a directory: those of its own domain without one. */
export const USERS = list(object({ Username: text, Domain: optional(text) }));

/**
 * The users of a directory who are subscribed to a product.
 */
export const productSubscription = define({
  type: 'Custom::LicenseManagerProductSubscription',
  properties: object({
    DirectoryId: text,
    Product: text,
    IdentityProviderArn: IDENTITY_PROVIDER_ARN,
    Users: USERS,
    /** Of those who are subscribed from now on. */
    Tags: optional(TAGS),
  }),
  identity: { by: ['DirectoryId', 'Product'], as: 'subscription' },
  takesAway: true,
  ifTwice: 'Add the users of both to one: users, or addUser()',
  waits: true,
  timeoutInMinutes: 60,
  actions: {
    'license-manager-user-subscriptions:ListProductSubscriptions': ON_PROVIDER,
    'license-manager-user-subscriptions:StartProductSubscription': ON_PROVIDER,
    'license-manager-user-subscriptions:StopProductSubscription': [ON_PROVIDER, changingOwnOfName(PRODUCT_SUBSCRIPTION)],
    'license-manager-user-subscriptions:ListTagsForResource': readingAny(PRODUCT_SUBSCRIPTION),
    'license-manager-user-subscriptions:TagResource': [changingOwnOfName(PRODUCT_SUBSCRIPTION), taggingNew(PRODUCT_SUBSCRIPTION)],
    // Where a user is associated who cannot be unsubscribed.
    'license-manager-user-subscriptions:ListInstances': ON_ANYTHING,
    'license-manager-user-subscriptions:ListUserAssociations': ON_PROVIDER,
  },
  hints: [
    MARKETPLACE,
    {
      codes: ['AccessDeniedException'],
      about: /^StartProductSubscription .*account that owns/i,
      hint: 'Users of a directory that another account shares are subscribed in that account: declare the ProductSubscription in a stack of it',
    },
  ],
});
