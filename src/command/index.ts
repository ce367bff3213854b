import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { local } from './local/command';
import { run } from '../adopt/command';

/*
 * The entry of the bundled command.
 */

const [name, ...args] = process.argv.slice(2);
const print = (text: string) => void process.stdout.write(text);
const warn = (text: string) => void process.stderr.write(text);
const folder = process.cwd();

/** How often it is seen whether whoever has started the command is still there, in milliseconds. */
const WATCH_MS = 500;

if (name === 'local') {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interruption.abort(signal));
  }
  // npx gives a signal to a shell between, which ends and does not pass it on. Who has started this is gone then, and nobody else would end it.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && interruption.abort('SIGTERM'), WATCH_MS).unref();
  void local(args, {
    print,
    warn,
    folder,
    env: process.env,
    platform: process.platform,
    sources: join(__dirname, 'local-aws'),
    isTerminal: process.stdin.isTTY,
    interruption: interruption.signal,
    inputEnds: () => new Promise(resolve => void process.stdin.once('close', resolve).once('end', resolve).resume()),
  }).then(code => {
    process.exitCode = code;
    // Else it would be waited for.
    process.stdin.destroy();
  });
} else {
  process.exitCode = run(process.argv.slice(2), {
    print,
    warn,
    folder,
    readInput: () => process.stdin.isTTY ? undefined : readFileSync(0),
  });
}
