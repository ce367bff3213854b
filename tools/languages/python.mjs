// npm run test:python: the wheel, installed as a user installs it, synthesizes what TypeScript synthesizes, and adopts an account that exists.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adoptInPython } from './adopt.mjs';
import {
  assertEqual, ensureBuilt, generateDependencies, generateLibrary, heading, main, ROOT, run, step, synth, synthTypeScript, versionOf, work,
} from './shared.mjs';

const VENV = join(ROOT, '.cache', 'python');
const BIN = join(VENV, process.platform === 'win32' ? 'Scripts' : 'bin');
/** Compiled modules would lie about in the example's folder. */
const COMPILED = { PYTHONPYCACHEPREFIX: join(VENV, 'compiled') };

await main(async () => {
  heading('Python');
  await ensureBuilt();
  const [expected, generated] = await Promise.all([synthTypeScript(), generateLibrary(['python']), ensureVenv()]);
  await step('Build the wheel and install it', () => pip('install', '--no-deps', '--force-reinstall', join(generated, 'python')));
  // What the wheel needs by its own account is there.
  await pip('check');
  await step('Run the snippets of the wheel', async () => {
    console.log(`   ${(await run(join(BIN, 'python'), [join(ROOT, 'tools', 'languages', 'snippets.py')], { env: COMPILED })).trim().split('\n').at(-1)}`);
  });
  await step('Check an estate by LicenseCompliance, and by rules in Python', async () => {
    console.log(`   ${(await run(join(BIN, 'python'), [join(ROOT, 'tools', 'languages', 'compliance.py')], { env: COMPILED })).trim().split('\n').at(-1)}`);
  });
  const templates = await step('Synthesize the Python example', () => synth('python', { path: [BIN], env: COMPILED }));
  assertEqual('Python', templates, expected);
  await adoptInPython({ bin: BIN, folder: join(work, 'adopt'), env: COMPILED });
});

/** An environment with what the library stands on, in the versions that TypeScript has: kept until they change. */
async function ensureVenv() {
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

function pip(...args) {
  return run(join(BIN, 'python'), ['-m', 'pip', '--disable-pip-version-check', '--quiet', ...args]);
}
