// npm run release:dry-run: the packages of a release, made as the workflow makes them, installed as a user installs them, and each used once. Nothing is published.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { mavenRepository } from './maven.mjs';
import { checkDotnet } from '../languages/dotnet.mjs';
import { synthGo } from '../languages/go.mjs';
import { BIN, COMPILED, ensureVenv, pip } from '../languages/python-environment.mjs';
import { assertEqual, EXAMPLES, generateLibrary, heading, main, ROOT, run, step, synth, synthTypeScript, versionOf, work } from '../languages/shared.mjs';

// Not in the checkout that this one is made of: what Git ignores there would not get the version.
const CHECKOUT = mkdtempSync(join(tmpdir(), 'cdk-license-manager-release-'));
process.on('exit', () => rmSync(CHECKOUT, { recursive: true, force: true }));
const DIST = join(work, 'dist');
const HAS_DOTNET = spawnSync('dotnet', ['--version']).status === 0;

/** The jobs that publish a package, and the files that each of them has to say the provenance of. */
const ATTESTED = { release_npm: 'dist/js/*.tgz', release_maven: 'dist/java/**/*.jar', release_pypi: 'dist/python/*', release_nuget: 'dist/dotnet/*.nupkg' };

await main(async () => {
  heading('A release, but for publishing it');
  checkProvenance();
  const version = await prepare();
  await step('Make the npm package', makeNpmPackage);
  await step('Use it', () => useNpmPackage(version));

  // From what is in the npm package the workflow makes all others.
  await run('tar', ['--strip-components=1', '-xzf', npmPackage(), '-C', CHECKOUT]);
  await step('Make the Python package', () => make('python'));
  await step('Make the Go module', () => make('go'));
  const repository = await mavenRepository();
  await step('Make the Java package', () => make('java', { MAVEN_OPTS: `-Dmaven.repo.local=${repository}` }));
  if (HAS_DOTNET) {
    await step('Make the .NET package', () => make('dotnet'));
  }
  for (const language of ['js', 'python', 'java', 'go', ...HAS_DOTNET ? ['dotnet'] : []]) {
    console.log(`   ${language}: ${filesOf(join(DIST, language)).filter((name) => /\.(tgz|whl|tar\.gz|jar|nupkg)$|go\.mod$/.test(name)).join(', ')}`);
  }

  const expected = await synthTypeScript();
  await usePythonPackage(version, expected);
  assertEqual('Go', await synthGo(DIST), expected);
  await useJavaPackage(version, repository, expected);
  if (!HAS_DOTNET) {
    await checkDotnet(await generateLibrary(['dotnet']));
  }
});

/** A clean clone of what is committed, with the version of the release. */
async function prepare() {
  await run('git', ['clone', '--quiet', ROOT, CHECKOUT]);
  symlinkSync(join(ROOT, 'node_modules'), join(CHECKOUT, 'node_modules'));
  const changelog = join(CHECKOUT, 'CHANGELOG.md');
  const text = readFileSync(changelog, 'utf8');
  if (/^## Unreleased$/m.test(text)) {
    console.log('   CHANGELOG.md names no version yet: tried as 0.1.0');
    const refused = spawnSync(process.execPath, [join(CHECKOUT, 'tools', 'release', 'next-version.mjs')], { encoding: 'utf8' });
    if (refused.status === 0) {
      throw new Error('A release of a changelog without a version was not refused.');
    }
    writeFileSync(changelog, text.replace(/^## Unreleased$/m, '## 0.1.0'));
  }
  await projen('bump', { RELEASE: 'true', MAJOR: '0' });
  const version = readFileSync(join(CHECKOUT, 'dist', 'version.txt'), 'utf8');
  console.log(`   The version is ${version}, its tag ${readFileSync(join(CHECKOUT, 'dist', 'releasetag.txt'), 'utf8')}`);
  if (!new RegExp(`^## ${version}$`, 'm').test(readFileSync(changelog, 'utf8'))) {
    throw new Error(`CHANGELOG.md says nothing of ${version}.`);
  }
  return version;
}

async function makeNpmPackage() {
  for (const task of ['compile', 'bundle', 'rosetta']) {
    await projen(task);
  }
  await make('js');
}

async function make(language, env = {}) {
  await projen(`package:${language}`, env);
  mkdirSync(DIST, { recursive: true });
  cpSync(join(CHECKOUT, 'dist', language), join(DIST, language), { recursive: true });
  rmSync(join(CHECKOUT, 'dist', language), { recursive: true });
}

/** In an empty folder, with the peers that a user installs. */
async function useNpmPackage(version) {
  const app = join(work, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
  await run('npm', ['install', '--no-audit', '--no-fund', npmPackage(), ...['aws-cdk-lib', 'constructs'].map((name) => `${name}@${versionOf(name)}`)], { cwd: app });
  writeFileSync(join(app, 'app.js'), `
    const { App, Stack } = require('aws-cdk-lib');
    const { LicenseConfiguration, LicenseCounting } = require('cdk-license-manager');
    const app = new App();
    new LicenseConfiguration(new Stack(app, 'Licenses'), 'WindowsServer', { licenseCounting: LicenseCounting.vcpus(), licenseCount: 96 });
    console.log(JSON.stringify(Object.values(app.synth().getStackByName('Licenses').template.Resources).map(({ Type }) => Type)));`);
  const types = await run(process.execPath, ['app.js'], { cwd: app });
  if (!types.includes('AWS::LicenseManager::LicenseConfiguration')) {
    throw new Error(`The app has made ${types}.`);
  }
  await run('npx', ['cdk-license-manager', '--help'], { cwd: app });
  const installed = JSON.parse(readFileSync(join(app, 'node_modules', 'cdk-license-manager', 'package.json'), 'utf8'));
  if (installed.version !== version || Object.keys(installed.dependencies ?? {}).length > 0) {
    throw new Error(`The npm package is of version ${installed.version}, and depends on ${Object.keys(installed.dependencies ?? {}).join(', ')}.`);
  }
  // All that npm does before it publishes, but for signing, which takes the identity of the workflow.
  await run('npm', ['publish', '--dry-run', '--provenance=false', '--access', 'public', npmPackage()], { cwd: app });
}

async function usePythonPackage(version, expected) {
  await ensureVenv();
  const packages = filesOf(join(DIST, 'python')).map((name) => join(DIST, 'python', name));
  await step('Install the wheel', () => pip('install', '--no-deps', '--force-reinstall', packages.find((name) => name.endsWith('.whl'))));
  await pip('check');
  const installed = await run(join(BIN, 'python'), ['-c', 'from importlib.metadata import version; print(version("cdk-license-manager"), end="")']);
  if (installed !== version) {
    throw new Error(`The wheel is of version ${installed}.`);
  }
  assertEqual('Python', await step('Synthesize the Python example', () => synth('python', { path: [BIN], env: COMPILED })), expected);
  await run(join(BIN, 'cdk-license-manager'), ['--help'], { env: COMPILED });
}

/** With Maven, as the example's pom.xml says, but for the version. */
async function useJavaPackage(version, repository, expected) {
  const project = join(work, 'java-app');
  cpSync(join(EXAMPLES, 'java'), project, { recursive: true });
  const pom = join(project, 'pom.xml');
  writeFileSync(pom, readFileSync(pom, 'utf8')
    .replace(/(<cdk-license-manager\.version>).*?(<)/, `$1${version}$2`)
    .replace('</properties>', `</properties><repositories><repository><id>release</id><url>file://${join(DIST, 'java')}</url></repository></repositories>`));
  const mvn = ['mvn', '-B', '-q', '-f', pom, `-Dmaven.repo.local=${repository}`];
  await step('Compile the Java example with Maven', () => run(mvn[0], [...mvn.slice(1), 'compile']));
  assertEqual('Java', await step('Synthesize the Java example', () => synth('java', { app: [...mvn, 'exec:java'].join(' ') })), expected);
}

/** The identity that provenance is signed with is GitHub's: that each job asks for it, and says it of what it publishes, can be seen here. */
function checkProvenance() {
  const { jobs } = parse(readFileSync(join(ROOT, '.github', 'workflows', 'release.yml'), 'utf8'));
  for (const [name, files] of Object.entries(ATTESTED)) {
    const { permissions, steps } = jobs[name];
    const attested = steps.findIndex(({ uses }) => uses?.startsWith('actions/attest-build-provenance@'));
    const released = steps.findIndex(({ id }) => id === 'release');
    if (permissions['id-token'] !== 'write' || permissions.attestations !== 'write' || attested < 0 || attested > released || steps[attested].with['subject-path'] !== files) {
      throw new Error(`${name} does not say the provenance of ${files} before it publishes them.`);
    }
  }
  if (jobs.release_npm.steps.find(({ id }) => id === 'release').env.NPM_CONFIG_PROVENANCE !== 'true') {
    throw new Error('npm publishes without provenance.');
  }
  console.log(`   Provenance is said of ${Object.values(ATTESTED).join(', ')}; it is signed on GitHub only`);
}

function npmPackage() {
  const [name] = readdirSync(join(DIST, 'js'));
  return join(DIST, 'js', name);
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);
}

function projen(task, env = {}) {
  return run('npx', ['projen', task], { cwd: CHECKOUT, env });
}
