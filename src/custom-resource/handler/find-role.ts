import type { Caller } from './clients/caller';
import { OperationFailed } from './errors';
import { getRole } from './operations/aws';

/**
 * The ARN of a role, or nothing if there is none of the name.
 */
export async function findRole(aws: Caller<'iam:GetRole'>, RoleName: string): Promise<string | undefined> {
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
