import { readFileSync } from 'node:fs';
import { run } from './command';

/*
 * The entry of the bundled command.
 */

process.exitCode = run(process.argv.slice(2), {
  print: text => void process.stdout.write(text),
  warn: text => void process.stderr.write(text),
  readInput: () => process.stdin.isTTY ? undefined : readFileSync(0),
  folder: process.cwd(),
});
