// AWS Config runs Guard 2, and npm has cfn-guard 3 (see .projenrc.ts): this compiles the last 2 from crates.io, which takes minutes, into .cache. The tests of
// guardrails run their rules with each that there is.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', '.cache', 'guard');

if (!existsSync(join(FOLDER, 'bin', 'cfn-guard'))) {
  const { status, error } = spawnSync('cargo', ['install', 'cfn-guard', '--version', '2.1.4', '--locked', '--root', FOLDER], { stdio: 'inherit' });
  if (error) {
    console.error(`${error.message}: install Rust, https://www.rust-lang.org/tools/install`);
  }
  process.exitCode = status ?? 1;
}
