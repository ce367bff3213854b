import { userAssociation as definition } from '../../contract/types/user-association';
import { OperationFailed, withoutStop } from '../errors';
import type { Known } from '../kinds/known';
import { type Entry, type State, userList } from '../kinds/users';
import type { ManagedType, Subject } from '../managed-type';
import {
  associateUser, directoryOf, disassociateUser, type InstanceSummary, listInstances, listUserAssociations,
} from '../operations/user-subscriptions';
import { Phase, phaseOf } from '../phase';

type Association = Subject<typeof definition>;

/** How long an instance may take until License Manager lists it, in milliseconds: the guide has it take about 20 minutes until it can be used. */
const PATIENCE = 1_800_000;

/** What an instance does not get out of, or is terminated for. */
const BROKEN = /UNHEALTHY|FAIL|ERROR|TERMINAT|INACTIVE|IMPAIRED|STOPPED/i;

/**
 * The users who are associated with an instance.
 */
export const userAssociation: ManagedType<typeof definition> = userList({
  definition,
  added: 'associated',
  removed: 'disassociated',

  async read(subject, about): Promise<State> {
    const instance = await find(subject, about.InstanceId);
    return { entries: await usersOf(subject, about, instance), ...subject.declared && readiness(subject, about.InstanceId, instance) };
  },

  add: ({ aws }, about, { Username, Domain }, Tags) =>
    aws.call(associateUser, { Username, Domain, InstanceId: about.InstanceId, IdentityProvider: directoryOf(about.DirectoryId), Tags }),

  // With a subscription License Manager starts one to Remote Desktop Services, which comes about a little later.
  passes: ({ code, text }) => code === 'ValidationException' && /subscri/i.test(text),

  remove: ({ aws }, _about, { arn }) => aws.call(disassociateUser, { InstanceUserArn: arn }),
});

async function find({ aws }: Association, instanceId: string): Promise<InstanceSummary | undefined> {
  for await (const instance of aws.list(listInstances, {})) {
    if (instance.InstanceId === instanceId) {
      return instance;
    }
  }
  return undefined;
}

/** Of an instance that has been terminated, or has not been set up, there are none; and nobody is left of a directory that has been deregistered. */
async function usersOf({ aws, declared }: Association, about: Known, instance: InstanceSummary | undefined): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const { Username, Domain, Status, StatusMessage, InstanceUserArn } of aws.list(listUserAssociations, {
      InstanceId: about.InstanceId, IdentityProvider: directoryOf(about.DirectoryId),
    })) {
      entries.push({ Username, Domain, status: Status, message: StatusMessage, arn: InstanceUserArn! });
    }
  } catch (error) {
    const isGone = error instanceof OperationFailed
      && ((error.code === 'ResourceNotFoundException' && !(instance && declared)) || (error.code === 'ValidationException' && !instance));
    if (!isGone) {
      throw error;
    }
  }
  return entries;
}

/** Whether users can be associated. */
function readiness({ started }: Association, id: string, instance: InstanceSummary | undefined): Pick<State, 'notReady' | 'impossible'> {
  if (!instance) {
    return Date.now() - started.getTime() < PATIENCE ? { notReady: `Instance ${id} is not one that License Manager lists yet` } : {
      impossible: `License Manager does not list instance ${id}: it has to be launched from an AMI of a product of user-based subscriptions, be managed by AWS`
        + ' Systems Manager and join the domain of the directory; one that cannot is terminated',
    };
  }
  const { Status = '', StatusMessage } = instance;
  const said = `instance ${id} is ${Status}${StatusMessage ? ` (${withoutStop(StatusMessage)})` : ''}`;
  if (BROKEN.test(Status)) {
    return { impossible: `${said}. License Manager terminates instances that it cannot keep healthy: see what it says there, and launch another one` };
  }
  return phaseOf(Status, started) === Phase.UNDER_WAY ? { notReady: `I${said.slice(1)}` } : {};
}
