// npm run test:python: the wheel, installed as a user installs it, synthesizes what TypeScript synthesizes, starts the local AWS, and adopts an account that exists.
import { join } from 'node:path';
import { adoptInPython } from './adopt.mjs';
import { BIN, COMPILED, ensureVenv, pip } from './python-environment.mjs';
import { assertEqual, ensureBuilt, generateLibrary, heading, main, ROOT, run, step, synth, synthTypeScript, work } from './shared.mjs';

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
  await step('Start the local AWS by the command of the wheel, with what it stands on installed as a user has it', async () => {
    const output = await run(join(BIN, 'cdk-license-manager'), ['local', '--', 'env'], { env: { ...COMPILED, PYTHON: '', XDG_CACHE_HOME: join(ROOT, '.cache') } });
    const [endpoint] = /^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/m.exec(output) ?? [];
    if (endpoint === undefined) {throw new Error(`It gave a command no endpoint:\n${output}`);}
    console.log(`   ${endpoint}`);
  });
  await adoptInPython({ bin: BIN, folder: join(work, 'adopt'), env: COMPILED });
});
