import type { LocalAws } from './local-aws';

/** Ends the server that the global setup started. */
export default async function globalTeardown(): Promise<void> {
  const { localAws } = globalThis as { localAws?: LocalAws };
  if (localAws && process.env.LOCAL_AWS_STALLS) {
    const { happened, count } = await localAws.stalls();
    process.stdout.write(`\nThe local AWS stood still ${happened} times for half a second; ${count} more did not come.\n`);
  }
  await localAws?.stop();
}
