import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/*
 * Somebody's app, in a folder with the package as npm packs it, tested with what docs/local-aws.md shows: with the files as they stand there. The package is that of the
 * last `npm run compile` and `npm run bundle`.
 */

const ROOT = join(__dirname, '..', '..', '..');
const MODULES = join(ROOT, 'node_modules');
const GUIDE = readFileSync(join(ROOT, 'docs', 'local-aws.md'), 'utf8');
/** What an app has of others, which npm would install. */
const OTHERS = ['aws-cdk-lib', 'constructs', 'aws-cdk', 'jest', 'ts-jest', 'typescript', '@types/jest', '@types/node', '@aws-sdk/client-license-manager'];
const APP = `
const { App, Stack } = require('aws-cdk-lib');
const { LicenseConfiguration, LicenseCounting, LicensedResource } = require('cdk-license-manager');

const app = new App();
const license = new LicenseConfiguration(new Stack(app, 'Licenses'), 'Windows', {
  licenseConfigurationName: 'windows-server', licenseCounting: LicenseCounting.vcpus(), licenseCount: 96,
});
license.addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-0abcdef1234567890') });
const reader = new Stack(app, 'Readers');
license.metrics.usageCount().createAlarm(reader, 'Alarm', { threshold: 90, evaluationPeriods: 1 });
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'somebody-'));
  const own = join(folder, 'node_modules', 'cdk-license-manager');
  mkdirSync(own, { recursive: true });
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  execFileSync('tar', ['xzf', join(folder, filename), '--strip-components=1', '-C', own]);
  for (const name of OTHERS) {
    link(join(MODULES, name), join(folder, 'node_modules', name));
  }
  for (const name of ['cdk', 'jest']) {
    link(join(MODULES, '.bin', name), join(folder, 'node_modules', '.bin', name));
  }
  link(join(own, 'bin', 'cdk-license-manager.js'), join(folder, 'node_modules', '.bin', 'cdk-license-manager'));
  write('package.json', '{ "name": "somebody", "private": true }');
  write('cdk.json', '{ "app": "node app.js" }');
  write('app.js', APP);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** The file that a snippet of the guide names in its first line. */
function writeFromGuide(name: string): void {
  const [, text] = new RegExp(`^\`\`\`\\w+\\n((?://|#) ${name.replaceAll('.', '\\.')}[,\\n][^]*?)^\`\`\`$`, 'm').exec(GUIDE)!;
  write(name, text);
}

/** Runs a program as somebody does whose only Python is the one with what the local AWS stands on. */
function run(program: string, ...args: string[]) {
  const { JEST_WORKER_ID, NODE_OPTIONS, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...env,
      PATH: [dirname(process.execPath), env.PATH].join(delimiter),
      PYTHON: join(ROOT, '.venv', 'bin', 'python'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  return { status, output: stdout + stderr };
}

test('the package has the local AWS, without its tests and without what Python makes of it', () => {
  const files = readdirSync(join(folder, 'node_modules', 'cdk-license-manager', 'bin', 'local-aws'), { recursive: true }).map(String);
  expect(files).toEqual(expect.arrayContaining(['requirements.txt', join('local_aws', '__main__.py'), join('local_aws', 'license_manager', 'service.py')]));
  expect(files.filter(file => /test|pycache|\.pyc$/.test(file))).toEqual([]);
});

test('an app is tested with Jest', () => {
  const [, config] = /^```js\n((?: {2}global\w+: .*\n)+)```$/m.exec(GUIDE)!;
  write('jest.config.js', `module.exports = { roots: ['<rootDir>/test'], transform: { '^.+\\\\.ts$': 'ts-jest' },\n${config}};`);
  write('tsconfig.json', '{ "compilerOptions": { "target": "ES2022", "module": "NodeNext", "moduleResolution": "NodeNext", "strict": true, "types": ["jest", "node"], "skipLibCheck": true } }');
  ['test/local-aws-setup.js', 'test/local-aws-teardown.js', 'test/licenses.test.ts'].forEach(writeFromGuide);

  const { status, output } = run('npx', 'jest', '--ci');

  expect(output).toContain('1 passed');
  expect(status).toBe(0);
});

test('an app is tested with pytest', () => {
  ['tests/conftest.py', 'tests/test_licenses.py'].forEach(writeFromGuide);

  const { status, output } = run(join(ROOT, '.venv', 'bin', 'python'), '-m', 'pytest', '-p', 'no:cacheprovider', 'tests');

  expect(output).toContain('1 passed');
  expect(status).toBe(0);
});

test('an app is deployed by one command, as it is, and nothing is left', () => {
  const { status, output } = run('npx', 'cdk-license-manager', 'local', '--bootstrap', '--', 'npx', 'cdk', 'deploy', '--all', '--require-approval', 'never');

  expect(output).toMatch(/✅ {2}Licenses\n/);
  expect(output).toMatch(/✅ {2}Readers\n/);
  expect(status).toBe(0);
  expect(existsSync(join(folder, 'cache'))).toBe(false);
  expect(readdirSync(join(folder, 'node_modules', 'cdk-license-manager', 'bin'), { recursive: true }).filter(file => /pycache/.test(String(file)))).toEqual([]);
});
