import { AMI, DEDICATED_HOST, INSTANCE, SELF_MANAGED_LICENSE } from '../arn';
import { arn } from '../shape';

/** A self-managed license; another account may share it with this one. */
export const LICENSE = arn({ kinds: [SELF_MANAGED_LICENSE] });

/** A self-managed license that the stack's account owns. */
export const OWN_LICENSE = arn({
  kinds: [SELF_MANAGED_LICENSE],
  ownOnly: 'A self-managed license can be changed by its owner only: deploy this resource to the account of the license',
});

/** What a self-managed license can be associated with. The ARN of an AMI has no account: those that are shared with the account are taken, too. */
export const LICENSED_RESOURCE = arn({
  kinds: [AMI, INSTANCE, DEDICATED_HOST],
  otherwise: 'Managed nodes and RDS databases are associated by automated discovery',
  ownOnly: 'License Manager takes resources of the same account: deploy the association to the account of the resource, and share the license with it',
});
