// The Python environment that the packages of this library are tried in.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateDependencies, ROOT, run, step, versionOf } from './shared.mjs';

const VENV = join(ROOT, '.cache', 'python');
export const BIN = join(VENV, process.platform === 'win32' ? 'Scripts' : 'bin');
/** Compiled modules would lie about in the example's folder. */
export const COMPILED = { PYTHONPYCACHEPREFIX: join(VENV, 'compiled') };

/** An environment with what the library stands on, in the versions that TypeScript has: kept until they change. */
export async function ensureVenv() {
  const requirements = ['aws-cdk-lib', 'constructs'].map((name) => `${name}==${versionOf(name)}`);
  const stamp = join(VENV, 'requirements.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements.join('\n')) {
    return;
  }
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(VENV, { recursive: true });
  await run(process.env.PYTHON || (process.platform === 'win32' ? 'python' : 'python3'), ['-m', 'venv', VENV]);
  const install = (...options) => step(`Install ${requirements.join(' and ')} for Python`, () =>
    // Few of its modules are ever imported.
    pip('install', '--no-compile', ...options, ...requirements));
  try {
    await install();
  } catch (error) {
    if (!error.message.includes('No matching distribution found for aws-cdk-lib')) {throw error;}
    console.log('   PyPI does not have this aws-cdk-lib');
    await install('--find-links', await generateWheel());
  }
  writeFileSync(stamp, requirements.join('\n'));
}

/** The folder with a wheel of aws-cdk-lib, made from the npm package. */
function generateWheel() {
  return generateDependencies('python', {
    names: ['aws-cdk-lib'],
    finish: (folder) => step('Build the wheel of aws-cdk-lib, once', async () => {
      await pip('wheel', '--no-deps', '--wheel-dir', folder, join(folder, 'python'));
      rmSync(join(folder, 'python'), { recursive: true });
    }),
  });
}

export function pip(...args) {
  return run(join(BIN, 'python'), ['-m', 'pip', '--disable-pip-version-check', '--quiet', ...args]);
}
