import { type ServiceOfRole, SERVICE_LINKED_ROLES, serviceLinkedRole as definition } from '../../contract/types/service-linked-role';
import { MISSING_ROLE, OperationFailed } from '../errors';
import { findRole } from '../find-role';
import { known } from '../kinds/known';
import type { ManagedType, Subject } from '../managed-type';
import { createServiceLinkedRole } from '../operations/aws';
import { getServiceSettings } from '../operations/license-manager';
import { getLinuxSettings } from '../operations/linux-subscriptions';
import { waitFor } from '../patience';

/**
 * A service-linked role of the account. It may have been made by anybody, with whatever description, and stays.
 */
export const serviceLinkedRole: ManagedType<typeof definition, string, ServiceOfRole> = {
  ...known(definition),

  read: async ({ declared, aws }) => declared && await findRole(aws, SERVICE_LINKED_ROLES[declared.AWSServiceName]),

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
    await waitFor(subject, async () => probe && await isUnknown(() => probe(subject)) ? 'the role is not known everywhere yet' : undefined);
  },

  readBack: ({ declared, aws }) => findRole(aws, SERVICE_LINKED_ROLES[declared!.AWSServiceName]),

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
