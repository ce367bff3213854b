import { LocalAws } from './local-aws';

/** Starts one server for a test run; `LocalAws.shared()` finds it. */
export default async function globalSetup(): Promise<void> {
  const localAws = await LocalAws.start();
  process.env.LOCAL_AWS_ENDPOINT = localAws.endpoint;
  (globalThis as { localAws?: LocalAws }).localAws = localAws;
}
