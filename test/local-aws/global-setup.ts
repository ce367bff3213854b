import { LocalAws } from './local-aws';

/**
 * Starts one server for a test run; `LocalAws.shared()` finds it. With LOCAL_AWS_STALLS it stands still that often, at random moments, which are as
 * likely as LOCAL_AWS_STALL_PROBABILITY says.
 */
export default async function globalSetup(): Promise<void> {
  const localAws = await LocalAws.start();
  if (process.env.LOCAL_AWS_STALLS) {
    await localAws.stall({
      count: Number(process.env.LOCAL_AWS_STALLS), probability: Number(process.env.LOCAL_AWS_STALL_PROBABILITY ?? 0.005),
    });
  }
  process.env.LOCAL_AWS_ENDPOINT = localAws.endpoint;
  (globalThis as { localAws?: LocalAws }).localAws = localAws;
}
