import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';

/** Most of what is kept of a program's output, to be shown when it fails. */
const MOST_KEPT = 4_000;

/** How a program ended. */
export interface Ended {
  readonly succeeded: boolean;
  /** The end of what it said. */
  readonly output: string;
  /** Undefined unless it could not be started, such as ENOENT. */
  readonly error?: string;
}

/** Runs a program quietly. It ends when the signal is aborted. */
export async function execute(program: string, args: readonly string[], options: SpawnOptions): Promise<Ended> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = lastOf(child);
  return new Promise(resolve => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve({ succeeded: false, output: output() || error.message, error: error.code }));
    child.once('close', code => resolve({ succeeded: code === 0, output: output() }));
  });
}

/** The end of what a program has said so far. */
export function lastOf({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.on('data', chunk => { text = (text + chunk).slice(-MOST_KEPT); });
  }
  return () => text.trim();
}
