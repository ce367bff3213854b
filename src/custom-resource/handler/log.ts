/**
 * Writes the function's log: a line of JSON for each entry.
 *
 * The members `timestamp`, `level` and `requestId` are those of Lambda's own JSON log format, so that both can be searched in the same way.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export class Log {
  constructor(private readonly requestId: string, private readonly secrets: readonly string[]) {}

  public info(message: string, details: object = {}): void {
    this.write('INFO', message, details);
  }

  public warn(message: string, details: object = {}): void {
    this.write('WARN', message, details);
  }

  public error(message: string, details: object = {}): void {
    this.write('ERROR', message, details);
  }

  /** A text without the secrets that it may contain. */
  public redact(text: string): string {
    return this.secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);
  }

  private write(level: string, message: string, details: object): void {
    const entry = { timestamp: new Date().toISOString(), level, requestId: this.requestId, message, ...details };
    process.stdout.write(`${this.redact(JSON.stringify(entry))}\n`);
  }
}

/** What must not appear in a log or an answer. */
export function secretsOf(responseUrl: string): string[] {
  const { AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  const url = URL.canParse(responseUrl) ? new URL(responseUrl) : undefined;
  return [responseUrl, url?.search, url?.searchParams.get('Signature'), AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN]
    // Anything shorter is no secret, and would mutilate texts.
    .filter((secret): secret is string => (secret?.length ?? 0) >= 8);
}
