/**
 * npm run mutate: changes the sources, a mutant at a time, and sees whether a test fails.
 *
 * Usage: node mutate.mjs [options of `stryker run`]
 */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { LocalAws } from '../../test/local-aws/local-aws.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');

// One for all workers: each test has an account of its own.
const localAws = await LocalAws.start();
const stryker = spawn(join(ROOT, 'node_modules', '.bin', 'stryker'), ['run', join('tools', 'mutation', 'stryker.config.mjs'), ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
  // The bundle is not made of the mutants.
  env: { ...process.env, LOCAL_AWS_ENDPOINT: localAws.endpoint, FUNCTION_RUNTIME: 'sources' },
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  // Stryker ends by itself then.
  process.on(signal, () => stryker.kill(signal));
}
stryker.once('exit', async (code) => {
  await localAws.stop();
  process.exit(code ?? 1);
});
