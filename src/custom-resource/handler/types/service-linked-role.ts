import { type ServiceOfRole, SERVICE_LINKED_ROLES, serviceLinkedRole as definition } from '../../contract/types/service-linked-role';
import { MISSING_ROLE, OperationFailed } from '../errors';
import { known } from '../kinds/known';
import type { ManagedType, Subject } from '../managed-type';
import { createServiceLinkedRole, getRole } from '../operations/aws';
import { getServiceSettings } from '../operations/license-manager';
import { getLinuxSettings } from '../operations/linux-subscriptions';
import { sleep } from '../sleep';

/** How long a new role takes to be known everywhere, at most, and how often is asked, in milliseconds. */
const PATIENCE = 120_000;
const POLL = 5_000;

/**
 * A service-linked role of the account. It may have been made by anybody, with whatever description, and stays.
 */
export const serviceLinkedRole: ManagedType<typeof definition, string, ServiceOfRole> = {
  ...known(definition),

  read: async ({ declared, aws }) => declared && await roleOf(aws, SERVICE_LINKED_ROLES[declared.AWSServiceName]),

  compare: ({ declared }, roleArn) => declared && roleArn === undefined ? declared.AWSServiceName : undefined,

  async write({ aws }, AWSServiceName) {
    try {
      await aws.call(createServiceLinkedRole, { AWSServiceName });
    } catch (error) {
      // Another stack, or License Manager itself, has made it in the meantime.
      if (!(error instanceof OperationFailed && error.code.startsWith('InvalidInput') && /has been taken/.test(error.text))) {
        throw error;
      }
    }
  },

  async confirm(subject, service) {
    const probe = PROBES[service];
    const until = Date.now() + Math.min(PATIENCE, subject.remaining());
    while (probe && await isUnknown(() => probe(subject)) && Date.now() + POLL < until) {
      subject.log.info('Waiting', { waitingFor: 'the role is not known everywhere yet' });
      await sleep(POLL);
    }
  },

  readBack: ({ declared, aws }) => roleOf(aws, SERVICE_LINKED_ROLES[declared!.AWSServiceName]),

  attributes: (_physicalId, _subject, roleArn) => ({ Arn: roleArn! }),
};

type This = Subject<typeof definition>;

/** A call that needs the role, for those that something in a stack may need next. */
const PROBES: { readonly [S in ServiceOfRole]?: (subject: This) => Promise<unknown> } = {
  'license-manager.amazonaws.com': ({ aws }) => aws.call(getServiceSettings, {}),
  'license-manager-linux-subscriptions.amazonaws.com': ({ aws }) => aws.call(getLinuxSettings, {}),
};

async function isUnknown(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return false;
  } catch (error) {
    // What else may be wrong, the call that needs the role says itself.
    return error instanceof OperationFailed && MISSING_ROLE.test(error.text);
  }
}

async function roleOf(aws: This['aws'], RoleName: string): Promise<string | undefined> {
  try {
    const { Role } = await aws.call(getRole, { RoleName });
    return Role?.Arn;
  } catch (error) {
    if (error instanceof OperationFailed && error.code.startsWith('NoSuchEntity')) {
      return undefined;
    }
    throw error;
  }
}
