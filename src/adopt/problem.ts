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
