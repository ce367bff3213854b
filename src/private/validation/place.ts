import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type LiteralString, refuse } from './validation';
import { knownToDiffer } from '../identity/reference';

/**
 * Where something is and has to be, and why.
 */
export interface Place {
  /** What it is, as a message begins: `license 'path'`. */
  readonly what: string;
  /** Its Region or account; nothing is refused where it is not known, or an ARN names none. */
  readonly value: string | undefined;
  /** What needs it. */
  readonly neededBy?: string;
  /** The Region or account of what needs it. */
  readonly needed?: string;
  /** Why it has to be there, and what to do: sentences, of which the first follows a colon. */
  readonly reason: string;
}

/**
 * Refuses what is known to be in another Region than that of what needs it, the stack unless something else is said.
 */
export function checkRegion(
  scope: IConstruct, name: LiteralString, { what, value, neededBy = 'the stack', needed = Stack.of(scope).region, reason }: Place,
): void {
  if (value && knownToDiffer(value, needed)) {
    refuse(scope, name, `${what} is in Region '${value}' and ${neededBy} in '${needed}': ${reason}`);
  }
}

/**
 * Refuses what is known to belong to another account than that of what needs it, the stack unless something else is said.
 */
export function checkAccount(
  scope: IConstruct, name: LiteralString, { what, value, neededBy = 'the stack', needed = Stack.of(scope).account, reason }: Place,
): void {
  if (value && knownToDiffer(value, needed)) {
    refuse(scope, name, `${what} belongs to account '${value}' and ${neededBy} to '${needed}': ${reason}`);
  }
}
