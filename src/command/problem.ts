/** What keeps the command from going on: a sentence for whoever called it, with a way out. */
export class Problem extends Error {
  /**
   * @param message  what is wrong, and what to do
   * @param isOfUsage whether the command was called in a wrong way
   */
  constructor(message: string, public readonly isOfUsage = false) {
    super(message);
  }
}

/** What the command ends with. */
export enum ExitCode {
  SUCCEEDED = 0,
  FAILED = 1,
  MISUSED = 2,
}

/**
 * Says what kept the command from going on.
 *
 * @returns the exit code
 * @throws what is no problem of whoever called it, but a mistake in here
 */
export function complain(error: unknown, warn: (text: string) => void): ExitCode {
  if (!(error instanceof Problem)) {
    throw error;
  }
  warn(`${error.message}\n`);
  if (error.isOfUsage) {
    warn('npx cdk-license-manager --help tells how it is used.\n');
  }
  return error.isOfUsage ? ExitCode.MISUSED : ExitCode.FAILED;
}
