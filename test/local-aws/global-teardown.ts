import type { LocalAws } from './local-aws';

/** Ends the server that the global setup started. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { localAws?: LocalAws }).localAws?.stop();
}
