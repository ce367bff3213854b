// npm run test:python: the wheel, installed as a user installs it, synthesizes what TypeScript synthesizes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertEqual, ensureBuilt, generateLibrary, heading, main, ROOT, run, step, synth, synthTypeScript } from './shared.mjs';

const REQUIREMENTS = join(ROOT, 'tools', 'languages', 'python-requirements.txt');
const VENV = join(ROOT, '.cache', 'python');
const BIN = join(VENV, process.platform === 'win32' ? 'Scripts' : 'bin');

await main(async () => {
  heading('Python');
  await ensureBuilt();
  const [expected, generated] = await Promise.all([synthTypeScript(), generateLibrary(['python']), ensureVenv()]);
  await step('Build the wheel and install it', () => pip('install', '--no-deps', '--force-reinstall', join(generated, 'python')));
  // What the wheel says that it needs is there.
  await pip('check');
  // Compiled modules would lie about in the example's folder.
  const templates = await step('Synthesize the Python example', () => synth('python', { path: [BIN], env: { PYTHONDONTWRITEBYTECODE: '1' } }));
  assertEqual('Python', templates, expected);
});

/** An environment with aws-cdk-lib, which is far larger than this library: kept until its requirements change. */
async function ensureVenv() {
  const requirements = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const stamp = join(VENV, 'requirements.sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) {
    return;
  }
  await step('Install aws-cdk-lib for Python', async () => {
    rmSync(VENV, { recursive: true, force: true });
    mkdirSync(VENV, { recursive: true });
    await run(process.env.PYTHON || (process.platform === 'win32' ? 'python' : 'python3'), ['-m', 'venv', VENV]);
    await pip('install', '--requirement', REQUIREMENTS);
    writeFileSync(stamp, requirements);
  });
}

function pip(...args) {
  return run(join(BIN, 'python'), ['-m', 'pip', '--disable-pip-version-check', '--quiet', ...args]);
}
