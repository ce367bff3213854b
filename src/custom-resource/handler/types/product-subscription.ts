import { productSubscription as definition } from '../../contract/types/product-subscription';
import { OperationFailed } from '../errors';
import type { Known } from '../kinds/known';
import { type Entry, type State, userList } from '../kinds/users';
import type { ManagedType, Subject } from '../managed-type';
import {
  directoryName, directoryOf, listInstances, listProductSubscriptions, listUserAssociations, startProductSubscription, stopProductSubscription,
} from '../operations/user-subscriptions';
import { Phase, phaseOf } from '../phase';

type Subscription = Subject<typeof definition>;

/** How many instances are looked at for users who are associated with them. */
const MOST_INSTANCES = 50;

/**
 * The users who are subscribed to a product.
 */
export const productSubscription: ManagedType<typeof definition> = userList({
  definition,
  added: 'subscribed',
  removed: 'unsubscribed',

  async read({ aws, declared }, about): Promise<State> {
    const entries: Entry[] = [];
    try {
      for await (const { Username, Domain, Status, StatusMessage, ProductUserArn } of aws.list(listProductSubscriptions, {
        IdentityProvider: directoryOf(about.DirectoryId), Product: about.Product,
      })) {
        entries.push({ Username, Domain, status: Status, message: StatusMessage, arn: ProductUserArn! });
      }
    } catch (error) {
      // A directory is not deregistered before its users are gone: when it is, there is nobody left.
      if (declared || !(error instanceof OperationFailed) || error.code !== 'ResourceNotFoundException') {
        throw error;
      }
    }
    return { entries };
  },

  add: ({ aws }, about, { Username, Domain }, Tags) =>
    aws.call(startProductSubscription, { Username, Domain, IdentityProvider: directoryOf(about.DirectoryId), Product: about.Product, Tags }),

  remove: ({ aws }, _about, { arn }) => aws.call(stopProductSubscription, { ProductUserArn: arn }),

  explain: (subject, about, entries) => whereAssociated(subject, about, entries),
});

/**
 * Where users are associated who cannot be unsubscribed: in this account. In an account that the directory is shared with nobody else sees it.
 */
async function whereAssociated({ aws, started, log }: Subscription, about: Known, users: readonly Entry[]): Promise<string | undefined> {
  const names = new Set(users.map(({ Username }) => Username?.toLowerCase()));
  const found: string[] = [];
  try {
    const instances: string[] = [];
    for await (const { InstanceId, IdentityProvider, Products } of aws.list(listInstances, {})) {
      if (directoryName(IdentityProvider) === about.DirectoryId && Products?.includes(about.Product)) {
        instances.push(InstanceId!);
      }
    }
    for (const InstanceId of instances.slice(0, MOST_INSTANCES)) {
      for await (const { Username, Status } of aws.list(listUserAssociations, { InstanceId, IdentityProvider: directoryOf(about.DirectoryId) })) {
        if (names.has(Username?.toLowerCase()) && phaseOf(Status, started) === Phase.THERE) {
          found.push(`${Username} with ${InstanceId}`);
        }
      }
    }
  } catch (error) {
    log.warn('Not known where the users are associated', { error: (error as Error).message });
  }
  return found.length === 0 ? undefined
    : `These users are associated with instances, which has to end first: ${found.join(', ')}. Take them out of the UserAssociation, or terminate the instance`;
}
