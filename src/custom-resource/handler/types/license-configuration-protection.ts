import { createHash } from 'node:crypto';
import { Refusal } from '../../contract/refusal';
import { licenseConfigurationProtection as definition } from '../../contract/types/license-configuration-protection';
import type { ManagedType } from '../managed-type';

/** What a physical id begins with; a hash of the terms follows. */
const PREFIX = 'protection-';

/**
 * The protection of a self-managed license from being replaced. It calls nothing.
 *
 * The physical id says which terms are protected. What was declared before does not: when an update is rolled back, that is what was refused.
 */
export const licenseConfigurationProtection: ManagedType<typeof definition, never, never> = {
  definition,
  identify: ({ Terms }) => idOf(Terms),
  recognizes: physicalId => physicalId.startsWith(PREFIX),
  read: () => Promise.resolve(undefined),

  compare({ declared, physicalId }) {
    if (declared && physicalId !== undefined && physicalId !== idOf(declared.Terms)) {
      throw new Refusal('the license is protected from replacement, and its counting type or its rules are others than when it was protected, so that'
        + ' CloudFormation would replace it. Make a second license beside it, or set protectFromReplacement to false in the deployment that is to'
        + ' replace it');
    }
    return undefined;
  },

  write: () => Promise.resolve(),
};

function idOf(terms: string): string {
  return `${PREFIX}${createHash('sha256').update(terms).digest('hex').slice(0, 32)}`;
}
