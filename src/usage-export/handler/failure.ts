import { OperationFailed } from '../../custom-resource/handler/errors';

/**
 * Why something was not exported. The state machine knows failures by their names.
 */
export class ExportFailure extends Error {
  public static of(error: unknown): ExportFailure {
    if (error instanceof ExportFailure) {
      return error;
    }
    if (error instanceof OperationFailed) {
      const { operation, resource, code, text, requestId } = error.failure;
      const reference = requestId === undefined ? '' : ` (request id ${requestId})`;
      // What to do is another matter than in a deployment, and is in the guide.
      return new ExportFailure(error.passing ? 'ExportInterrupted' : 'ExportFailed', `${operation} of ${resource} failed: ${code}: ${text}${reference}`);
    }
    const { name, message } = error as Error;
    return new ExportFailure('ExportInterrupted', `${name}: ${message}`);
  }

  /**
   * @param name    `ExportInterrupted` if the same may be done at another time; else `ExportFailed`
   * @param message what happened, in a sentence without its full stop
   */
  constructor(name: 'ExportFailed' | 'ExportInterrupted', message: string) {
    super(message);
    this.name = name;
    // Which begins with the name, as it is logged.
    Error.captureStackTrace(this);
  }
}
