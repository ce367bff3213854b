import { MASK } from '../contract/secret';

/**
 * Writes the function's log: a line of JSON for each entry.
 *
 * The members `timestamp`, `level` and `requestId` are those of Lambda's own JSON log format, so that both can be searched in the same way.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export class Log {
  private readonly secrets = new Set<string>();

  constructor(private readonly requestId: string) {}

  /** Hides a value from now on, in every form in which a text may have it. */
  public hide(...secrets: readonly (string | undefined | null)[]): void {
    for (const secret of secrets) {
      // Anything shorter is no secret, and would mutilate texts.
      if (secret && secret.length >= SHORTEST_SECRET) {
        const quoted = JSON.stringify(secret).slice(1, -1);
        for (const form of [secret, quoted, JSON.stringify(quoted).slice(1, -1), encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
          this.secrets.add(form);
        }
      }
    }
  }

  public info(message: string, details: object = {}): void {
    this.write('INFO', message, details);
  }

  public warn(message: string, details: object = {}): void {
    this.write('WARN', message, details);
  }

  public error(message: string, details: object = {}): void {
    this.write('ERROR', message, details);
  }

  /** A text without what is hidden. */
  public redact(text: string): string {
    // The longest first: one may be a part of another.
    return [...this.secrets].sort((one, other) => other.length - one.length).reduce((redacted, secret) => redacted.replaceAll(secret, MASK), text);
  }

  private write(level: string, message: string, details: object): void {
    const entry = { timestamp: new Date().toISOString(), level, requestId: this.requestId, message, ...details };
    // Before they are serialized, as quoting and escaping would hide a secret from the mask.
    process.stdout.write(`${JSON.stringify(entry, (_name, value) => typeof value === 'string' ? this.redact(value) : value)}\n`);
  }
}

const SHORTEST_SECRET = 4;

/** What must not appear in a log or an answer, from the beginning. */
export function secretsOf(responseUrl: string): (string | undefined | null)[] {
  const { AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  const url = URL.canParse(responseUrl) ? new URL(responseUrl) : undefined;
  return [responseUrl, url?.search, url?.searchParams.get('Signature'), AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN];
}
