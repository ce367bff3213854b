/** What stands for a secret wherever one would be shown. */
export const MASK = '***';

/**
 * A value that must not be shown. Whatever writes it, but `reveal()`, writes a mask.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value, for the one request that takes it to where it is kept. */
  public reveal(): string {
    return this.#value;
  }

  public toString(): string {
    return MASK;
  }

  public toJSON(): string {
    return MASK;
  }
}

/** The secrets in a value. */
export function secretsIn(value: unknown): string[] {
  if (value instanceof Secret) {
    return [value.reveal()];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}
