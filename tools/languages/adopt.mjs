// An account as people have clicked it together, adopted in Python by the command that the wheel installs, imported and deployed to the local AWS by the real CDK
// CLI. In TypeScript, test/deployment/adopt.test.ts does the same.
import { deepStrictEqual } from 'node:assert';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LocalAws } from '../../test/local-aws/local-aws.ts';
import { clickTogether } from '../../test/support/clicked-estate.ts';
import { ROOT, run, step } from './shared.mjs';

const STACK = 'AdoptedLicenses';
const TOOLS = join(ROOT, '.venv', process.platform === 'win32' ? 'Scripts' : 'bin');
const IMPATIENT = join(ROOT, 'test', 'deployment', 'impatient.cjs');
/** What changes something in the services that hold licenses. */
const WRITES = /^(Create|Update|Delete|Tag|Untag|Put|Group|Ungroup|Associate|Disassociate|Accept|Reject|Modify)/;
const SERVICES = ['license-manager', 'ram', 'resource-groups'];

/**
 * Adopts, imports, deploys and compares.
 *
 * @param bin    the folder with the interpreter, and with the command of the wheel
 * @param folder where to work
 * @param env    more of the environment
 */
export async function adoptInPython({ bin, folder, env }) {
  mkdirSync(folder, { recursive: true });
  const aws = await LocalAws.start({ auth: true, preload: IMPATIENT });
  try {
    const all = {
      ...aws.env(), ...env, FORCE_COLOR: '0', CDK_DISABLE_CLI_TELEMETRY: 'true', NODE_OPTIONS: `--require ${JSON.stringify(IMPATIENT)}`,
      PATH: [bin, TOOLS, process.env.PATH].join(delimiter),
    };
    const cdk = (...args) => run(join(ROOT, 'node_modules', '.bin', 'cdk'), [...args, '--no-notices', '--ci'], { cwd: join(folder, 'adopted-licenses'), env: all });
    const writes = async () => (await aws.callsOfAllServices()).filter(({ service, operation }) => SERVICES.includes(service) && WRITES.test(operation));

    await step('Click an account together', () => clickTogether(aws));
    await step('Read it with the script and the AWS CLI', async () => {
      await toFile(join(folder, 'inventory.sh'), join(bin, 'cdk-license-manager'), ['inventory'], { cwd: folder, env: all });
      await toFile(join(folder, 'inventory.json'), 'sh', ['inventory.sh'], { cwd: folder, env: all });
    });
    console.log(indented(await run(join(bin, 'cdk-license-manager'), ['adopt', '--language', 'python', 'inventory.json'], { cwd: folder, env: all }), 2));
    // The local AWS has no roles of a bootstrap stack that could be assumed.
    const app = join(folder, 'adopted-licenses', 'app.py');
    writeFileSync(app, readFileSync(app, 'utf8')
      .replace('import App, Environment', 'import App, CliCredentialsStackSynthesizer, Environment')
      .replace('app = App()', 'app = App(default_stack_synthesizer=CliCredentialsStackSynthesizer())'));

    await step('Bootstrap', () => cdk('bootstrap', `aws://${aws.account}/${aws.region}`));
    await aws.clearCalls();
    const python = ['--app', 'python app.py'];
    await step('Import it', () => cdk('import', STACK, ...python, '--resource-mapping', 'import-map.json'));
    await step('Deploy the rest', () => cdk('deploy', STACK, ...python, '--require-approval', 'never'));
    await step('Compare', () => cdk('diff', STACK, ...python, '--fail'));
    deepStrictEqual(await writes(), [], 'Something was written.');
    console.log('   Python has adopted 30 licenses and all that hangs on them: nothing was written, and nothing differs');
  } finally {
    await aws.stop();
  }
}

/** Runs a command whose output goes into a file. */
async function toFile(file, command, args, options) {
  const output = openSync(file, 'w');
  try {
    await new Promise((resolve, reject) => {
      const child = spawn(command, args, { ...options, env: { ...process.env, ...options.env }, stdio: ['ignore', output, 'inherit'] });
      child.once('error', reject).once('close', (code) => code === 0 ? resolve() : reject(new Error(`${command} ${args.join(' ')} ended with ${code}.`)));
    });
  } finally {
    closeSync(output);
  }
}

function indented(text, lines) {
  return text.trim().split('\n').slice(0, lines).map((line) => `   ${line}`).join('\n');
}
