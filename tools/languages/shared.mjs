// What the checks of all languages have in common: run a command visibly, generate bindings, synthesize an example, compare templates.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const EXAMPLES = join(ROOT, 'examples');
const MODULES = join(ROOT, 'node_modules');

/** The npm packages that bindings are generated of, besides this one. A package stands behind those that it depends on. */
const DEPENDENCIES = [
  'constructs',
  '@aws-cdk/cloud-assembly-schema',
  '@aws-cdk/asset-awscli-v1',
  '@aws-cdk/asset-node-proxy-agent-v6',
  'aws-cdk-lib',
];

/**
 * The example is synthesized once as it stands and once as the demo changes it: context values arrive as strings from the command line,
 * and each language reads them in its own way.
 */
const VARIANTS = [
  { name: 'as it stands', context: {} },
  {
    name: 'with context from the command line',
    context: {
      licenseCount: '128',
      imageId: 'ami-0fedcba9876543210',
      organizationArn: 'arn:aws:organizations::444455556666:organization/o-anotherexample',
      identityProviderArn: 'arn:aws:license-manager-user-subscriptions:us-east-1:444455556666:identity-provider/idp-0fedcba9876543210',
      grantArn: 'arn:aws:license-manager::777788889999:grant:g-0fedcba9876543210fedcba987654321',
      localAws: 'true',
    },
  },
];

const started = Date.now();

/** Everything of a run that is thrown away at its end, beside what is generated for good. */
export const work = (() => {
  const folder = join(ROOT, '.cache', 'languages');
  mkdirSync(folder, { recursive: true });
  return mkdtempSync(join(folder, 'run-'));
})();
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => process.exit(130));
}

export function heading(text) {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 90 - text.length))} ${seconds(started)} s`);
}

/** One step: says what is being done, that it still is, and how long it took. */
export async function step(text, action) {
  const begin = Date.now();
  console.log(`   ${text} …`);
  const timer = setInterval(() => console.log(`   … ${text}: ${seconds(begin)} s`), 20_000);
  try {
    return await action();
  } finally {
    clearInterval(timer);
    console.log(`   ${text}: ${seconds(begin)} s`);
  }
}

/** Runs a command; its output is shown if it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, ...options, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => child.kill();
    process.once('exit', end);
    let output = '';
    child.stdout.on('data', (data) => { output += data; });
    child.stderr.on('data', (data) => { output += data; });
    child.once('error', (error) => reject(error.code === 'ENOENT' ? new Error(`${command} is not installed, or not on the PATH.`) : error));
    child.once('close', (code, signal) => {
      process.off('exit', end);
      if (code === 0) {
        resolve(output);
      } else {
        reject(new Error(`${[command, ...args].join(' ')}\nfailed (${signal ?? `exit code ${code}`}):\n${output}`));
      }
    });
  });
}

export function versionOf(name) {
  return JSON.parse(readFileSync(join(MODULES, name, 'package.json'), 'utf8')).version;
}

/** Builds the library unless it is newer than its sources, and translates its snippets unless that was done after it. */
export async function ensureBuilt() {
  const made = (name) => existsSync(join(ROOT, name)) ? statSync(join(ROOT, name)).mtimeMs : 0;
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  if (Math.min(made('.jsii'), made(join('bin', 'cdk-license-manager.js'))) < Math.max(...sources) || !existsSync(join(ROOT, 'assets', 'custom-resource', 'index.js'))) {
    await step('Build the library', async () => {
      await run('npx', ['projen', 'compile']);
      await run('npx', ['projen', 'bundle']);
    });
  }
  if (made('.jsii.tabl.json.gz') < made('.jsii')) {
    await step('Translate the snippets', () => run('npx', ['projen', 'rosetta']));
  }
}

/** Generates the bindings of this library into a folder. What npm would leave out of the package is missing here, too. */
export async function generateLibrary(targets) {
  const folder = join(work, 'library');
  // Its own snippets are checked by tools/rosetta.mjs; those of what it inherits from aws-cdk-lib are in no tablet here.
  await step('Generate the bindings of cdk-license-manager', () => pacmak(targets, ROOT, folder, 'verbatim'));
  return folder;
}

/**
 * Generates the bindings of aws-cdk-lib, and its kin, from their npm packages, once for a version.
 *
 * The registries of some languages lag behind npm. What is generated takes minutes and hundreds of megabytes, so it is kept outside the
 * checkout, below `$XDG_CACHE_HOME/cdk-license-manager` (`~/.cache/cdk-license-manager`); delete it whenever you like.
 *
 * @param names  the npm packages, where not all are needed
 * @param finish what else has to be done, once, with the folder that the bindings are in
 */
export async function generateDependencies(target, { names = DEPENDENCIES, finish } = {}) {
  const versions = [...names, 'jsii-pacmak'].map((name) => `${name}@${versionOf(name)}`);
  const id = createHash('sha256').update(versions.join('\n')).digest('hex').slice(0, 12);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk-license-manager');
  const folder = join(cache, `aws-cdk-lib-${versionOf('aws-cdk-lib')}-${target}-${id}`);
  if (existsSync(folder)) {
    console.log(`   ${target} bindings of aws-cdk-lib ${versionOf('aws-cdk-lib')}: ${folder}`);
    return folder;
  }

  // Complete or not there at all: a run that was cut off leaves nothing that the next one would take for finished.
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'unfinished-'));
  const cleanUp = () => rmSync(unfinished, { recursive: true, force: true });
  process.once('exit', cleanUp);
  for (const name of names) {
    await step(`Generate ${target} bindings of ${name} ${versionOf(name)}, once`, () =>
      // Nobody reads them here.
      pacmak([target], join(MODULES, name), unfinished, 'verbatim'));
  }
  await finish?.(unfinished);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) {throw error;} // else another run was faster, with the same result
  }
  process.off('exit', cleanUp);
  cleanUp();
  return folder;
}

/** @param snippets what becomes of snippets in doc comments that are not translated yet */
async function pacmak(targets, project, outdir, snippets) {
  await run(join(MODULES, '.bin', 'jsii-pacmak'), [
    project, '--code-only', '--outdir', outdir, '--npmignore=false',
    '--rosetta-unknown-snippets', snippets,
    '--targets', ...targets,
  ]);
}

/** Synthesizes the TypeScript example, whose templates all others have to equal. */
export async function synthTypeScript() {
  await run(process.execPath, [join(ROOT, 'tools', 'link-example.mjs')]);
  // Its types need to be checked once.
  return step('Synthesize the TypeScript example', () => synth('typescript', { repeated: { TS_NODE_TRANSPILE_ONLY: 'true' } }));
}

/**
 * Runs an example in every variant, by its cdk.json as the CDK CLI does, or by another command: a template for each stack, by its name.
 *
 * @param env      the environment, besides that of this process
 * @param repeated what is added to it after the first variant
 */
export async function synth(language, { app, env = {}, repeated = {}, path = [] } = {}) {
  const folder = join(EXAMPLES, language);
  const settings = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
  const templates = [];
  for (const [index, { context }] of VARIANTS.entries()) {
    const outdir = mkdtempSync(join(work, `${language}-`));
    await run(app ?? settings.app, [], {
      shell: true,
      cwd: folder,
      env: {
        PATH: [...path, join(MODULES, '.bin'), process.env.PATH].join(delimiter),
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify({
          // The CDK CLI asks for these.
          'aws:cdk:enable-path-metadata': true,
          'aws:cdk:enable-asset-metadata': true,
          ...settings.context,
          ...context,
        }),
        ...env,
        ...index > 0 ? repeated : {},
      },
    });
    templates.push(templatesOf(outdir));
  }
  return templates;
}

function templatesOf(assembly) {
  const { artifacts } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8'));
  return Object.fromEntries(Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([stack, { properties }]) => [stack, JSON.parse(readFileSync(join(assembly, properties.templateFile), 'utf8'))]));
}

/**
 * Asserts that an example has the stacks of TypeScript's, with equal templates. The order of keys says nothing in JSON; anything else has
 * to be the same, asset hashes and paths too.
 */
export function assertEqual(language, templates, expected) {
  const problems = [];
  VARIANTS.forEach(({ name }, i) => {
    const [actualStacks, expectedStacks] = [templates[i], expected[i]].map((stacks) => Object.keys(stacks).sort().join(', '));
    if (actualStacks !== expectedStacks) {
      problems.push(`The ${language} example ${name} has the stacks ${actualStacks} instead of TypeScript's: ${expectedStacks}.`);
      return;
    }
    for (const [stack, template] of Object.entries(templates[i])) {
      const differences = [...compare(expected[i][stack], template)];
      if (differences.length > 0) {
        problems.push([`The ${language} example ${name} makes another ${stack} than the TypeScript example:`, ...differences].join('\n  '));
      } else {
        console.log(`   ${language} ${name}: ${stack}, ${Object.keys(template.Resources).length} resources, all equal to TypeScript's`);
      }
    }
  });
  if (problems.length > 0) {
    throw new Error(problems.join('\n\n'));
  }
}

function* compare(expected, actual, path = '') {
  if (isDeepStrictEqual(expected, actual)) {
    return;
  }
  if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      yield* compare(expected[key], actual[key], `${path}/${key}`);
    }
  } else {
    yield `${path}: ${JSON.stringify(actual) ?? 'missing'} instead of ${JSON.stringify(expected) ?? 'nothing'}`;
  }
}

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

/** Runs a check and ends the process with what it says. */
export async function main(check) {
  try {
    await check();
    console.log(`\nDone in ${seconds(started)} s.`);
    process.exit(0);
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exit(1);
  }
}

function seconds(since) {
  return Math.round((Date.now() - since) / 1000);
}
