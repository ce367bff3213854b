import { organizationSharing as definition, RAM_ROLE, RAM_SERVICE } from '../../contract/types/organization-sharing';
import { OperationFailed } from '../errors';
import { known } from '../kinds/known';
import type { ManagedType } from '../managed-type';
import { enableSharingWithAwsOrganization, getRole, listAwsServiceAccess } from '../operations/aws';

/**
 * Sharing by AWS RAM within the organization.
 *
 * That AWS RAM is trusted does not say that it was turned on there, which makes its role as well.
 */
export const organizationSharing: ManagedType<typeof definition, boolean, true> = {
  ...known(definition),

  async read({ declared, aws }) {
    if (!declared) {
      return undefined;
    }
    for await (const { ServicePrincipal } of aws.list(listAwsServiceAccess, {})) {
      if (ServicePrincipal === RAM_SERVICE) {
        return roleExists(() => aws.call(getRole, { RoleName: RAM_ROLE }));
      }
    }
    return false;
  },

  compare: ({ declared }, isOn) => declared && !isOn ? true : undefined,

  async write({ aws }) {
    await aws.call(enableSharingWithAwsOrganization, {});
  },
};

async function roleExists(get: () => Promise<unknown>): Promise<boolean> {
  try {
    await get();
    return true;
  } catch (error) {
    if (error instanceof OperationFailed && error.code.startsWith('NoSuchEntity')) {
      return false;
    }
    throw error;
  }
}
