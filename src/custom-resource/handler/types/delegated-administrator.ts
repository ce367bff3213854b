import { delegatedAdministrator as definition, TRUSTED_BY_ITSELF } from '../../contract/types/delegated-administrator';
import { OperationFailed } from '../errors';
import { known, subjectOf } from '../kinds/known';
import type { ManagedType } from '../managed-type';
import { deregisterDelegatedAdministrator, enableAwsServiceAccess, listDelegatedAdministrators, registerDelegatedAdministrator } from '../operations/aws';

interface Change {
  readonly deregister?: string;
  readonly register?: string;
}

/**
 * The delegated administrator of a service.
 *
 * Another account takes the place of the former one in one update: a service may have one only, so that a second could not be registered before the
 * first one is gone. What others have registered stays.
 */
export const delegatedAdministrator: ManagedType<typeof definition, readonly string[], Change> = {
  ...known(definition),

  async read(subject) {
    const { ServicePrincipal } = subjectOf(subject, definition);
    const accounts: string[] = [];
    for await (const { Id } of subject.aws.list(listDelegatedAdministrators, { ServicePrincipal })) {
      accounts.push(Id!);
    }
    return accounts;
  },

  compare({ declared, former }, accounts = []) {
    const [before, now] = [former?.AccountId, declared?.AccountId];
    const change = {
      ...before !== undefined && before !== now && accounts.includes(before) && { deregister: before },
      ...now !== undefined && !accounts.includes(now) && { register: now },
    };
    return Object.keys(change).length > 0 ? change : undefined;
  },

  async write(subject, { deregister, register }) {
    const { aws } = subject;
    const { ServicePrincipal } = subjectOf(subject, definition);
    if (register !== undefined && ServicePrincipal === TRUSTED_BY_ITSELF) {
      // The settings that would do it may be those of the administrator, who may not. It does no harm twice.
      await aws.call(enableAwsServiceAccess, { ServicePrincipal });
    }
    if (deregister !== undefined) {
      await unless('AccountNotRegisteredException', aws.call(deregisterDelegatedAdministrator, { AccountId: deregister, ServicePrincipal }));
    }
    if (register !== undefined) {
      try {
        await unless('AccountAlreadyRegisteredException', aws.call(registerDelegatedAdministrator, { AccountId: register, ServicePrincipal }));
      } catch (error) {
        if (deregister !== undefined) {
          // Nobody would be the administrator until CloudFormation has rolled back.
          await aws.call(registerDelegatedAdministrator, { AccountId: deregister, ServicePrincipal }).catch((again: Error) => {
            subject.log.warn('The former account was not registered again', { error: again.message });
          });
        }
        throw error;
      }
    }
  },
};

/** What is so already is done. */
async function unless(code: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof OperationFailed && error.code === code)) {
      throw error;
    }
  }
}
