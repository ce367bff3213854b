import { IDENTITY_PROVIDER_ARN, ON_PROVIDER } from './identity-provider';
import { USERS } from './product-subscription';
import { INSTANCE_USER } from '../arn';
import { changingOwnOfName, define, ON_ANYTHING, readingAny, taggingNew } from '../definition';
import { object, optional, text } from '../shape';
import { TAGS } from '../tags';

/**
 * The users of a directory who are associated with an instance.
 */
export const userAssociation = define({
  type: 'Custom::LicenseManagerUserAssociation',
  properties: object({
    InstanceId: text,
    DirectoryId: text,
    IdentityProviderArn: IDENTITY_PROVIDER_ARN,
    Users: USERS,
    /** Of those who are associated from now on. */
    Tags: optional(TAGS),
  }),
  identity: { by: ['InstanceId', 'DirectoryId'], as: 'users' },
  takesAway: true,
  ifTwice: 'Add the users of both to one: users, or addUser()',
  waits: true,
  timeoutInMinutes: 60,
  actions: {
    'license-manager-user-subscriptions:ListInstances': ON_ANYTHING,
    'license-manager-user-subscriptions:ListUserAssociations': ON_PROVIDER,
    'license-manager-user-subscriptions:AssociateUser': ON_PROVIDER,
    'license-manager-user-subscriptions:DisassociateUser': [ON_PROVIDER, changingOwnOfName(INSTANCE_USER)],
    'license-manager-user-subscriptions:ListTagsForResource': readingAny(INSTANCE_USER),
    'license-manager-user-subscriptions:TagResource': [changingOwnOfName(INSTANCE_USER), taggingNew(INSTANCE_USER)],
  },
  hints: [
    {
      codes: ['ServiceQuotaExceededException'],
      about: /^AssociateUser/,
      hint: 'A user can have 25 instances: disassociate the user from one that is not used, or have AWS Support raise the limit',
    },
  ],
});
