import { organizationSharing as definition, RAM_ROLE, RAM_SERVICE } from '../../contract/types/organization-sharing';
import { findRole } from '../find-role';
import { known } from '../kinds/known';
import type { ManagedType } from '../managed-type';
import { enableSharingWithAwsOrganization, listAwsServiceAccess } from '../operations/aws';

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
        return await findRole(aws, RAM_ROLE) !== undefined;
      }
    }
    return false;
  },

  compare: ({ declared }, isOn) => declared && !isOn ? true : undefined,

  async write({ aws }) {
    await aws.call(enableSharingWithAwsOrganization, {});
  },
};
