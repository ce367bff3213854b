import { IDENTITY_PROVIDER_ARN } from './identity-provider';
import { USERS } from './product-subscription';
import { IDENTITY_PROVIDER, INSTANCE_USER } from '../arn';
import { changingOwnOfName, define, ON_ANYTHING, readingAny, taggingNew } from '../definition';
import { object, optional, text } from '../shape';
import { TAGS } from '../tags';

const onProvider = { of: IDENTITY_PROVIDER, arns: ({ IdentityProviderArn }: { readonly IdentityProviderArn: string }) => IdentityProviderArn };

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
    'license-manager-user-subscriptions:ListUserAssociations': onProvider,
    'license-manager-user-subscriptions:AssociateUser': onProvider,
    'license-manager-user-subscriptions:DisassociateUser': [onProvider, changingOwnOfName(INSTANCE_USER)],
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
