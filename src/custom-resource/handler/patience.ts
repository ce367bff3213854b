import type { Subject } from './managed-type';
import { sleep } from './sleep';

/** How long AWS takes to know everywhere what it has just made, at most, and how often is asked, in milliseconds. */
const PATIENCE = 120_000;
const POLL = 5_000;

/**
 * Waits for AWS to have done what was written, and no longer than the request has. That it takes longer, is no fault of what was written.
 *
 * @param subject    whose request it is
 * @param waitingFor what is waited for, asked before each wait; nothing ends it
 */
export async function waitFor(subject: Subject<any>, waitingFor: () => Promise<string | undefined>): Promise<void> {
  const until = Date.now() + Math.min(PATIENCE, subject.remaining());
  for (let what = await waitingFor(); what !== undefined && Date.now() + POLL < until; what = await waitingFor()) {
    subject.log.info('Waiting', { waitingFor: what });
    await sleep(POLL);
  }
}
