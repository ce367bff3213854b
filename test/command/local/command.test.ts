import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateLicenseConfigurationCommand, LicenseManagerClient, UpdateLicenseSpecificationsForResourceCommand } from '@aws-sdk/client-license-manager';
import { buildSync } from 'esbuild';
import { local } from '../../../src/command/local/command';
import type { Surroundings } from '../../../src/command/local/command';

/*
 * The command, bundled and in this process, with the local AWS and an interpreter that has what it stands on.
 */

const ROOT = join(__dirname, '..', '..', '..');
const NODE = process.execPath;
const PYTHON = join(ROOT, '.venv', 'bin', 'python');

let folder: string;
let bundle: string;
const children: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-'));
  bundle = join(folder, 'bin', 'command.js');
  mkdirSync(dirname(bundle));
  buildSync({ entryPoints: [join(ROOT, 'src', 'command', 'index.ts')], outfile: bundle, bundle: true, platform: 'node', target: 'node20', format: 'cjs', tsconfigRaw: {} });
  symlinkSync(join(ROOT, 'test', 'local-aws'), join(folder, 'bin', 'local-aws'));
});
afterAll(() => {
  children.forEach(child => child.kill('SIGKILL'));
  rmSync(folder, { recursive: true, force: true });
});

const environment = (env: NodeJS.ProcessEnv = {}) => ({ ...process.env, PYTHON, XDG_CACHE_HOME: join(folder, 'cache'), ...env });

/** Starts the command. */
function start(args: string[], { env, ...options }: SpawnOptions = {}) {
  const child = spawn(NODE, [bundle, 'local', ...args], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], env: environment(env), ...options });
  children.push(child);
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  const said: string[] = [];
  child.stderr!.on('data', chunk => said.push(String(chunk)));
  const closed = once(child, 'close');
  return {
    child,
    line: async (): Promise<string> => (await lines.next()).value ?? '',
    ended: async () => {
      const [code] = await closed;
      return { code, complained: said.join('') };
    },
  };
}

/** Runs the command to its end. */
async function run(args: string[], options?: SpawnOptions) {
  const { child, ended } = start(args, options);
  let said = '';
  child.stdout!.on('data', chunk => { said += chunk; });
  return { ...await ended(), said };
}

/** The command in this process. */
function here(args: string[], { env = {}, ...options }: Partial<Surroundings> = {}) {
  const said: string[] = [];
  const complained: string[] = [];
  const code = local(args, {
    print: text => said.push(text),
    warn: text => complained.push(text),
    folder,
    env: environment(env),
    platform: process.platform,
    sources: join(ROOT, 'test', 'local-aws'),
    isTerminal: false,
    interruption: new AbortController().signal,
    inputEnds: () => Promise.resolve(),
    ...options,
  });
  return { said, outcome: async () => ({ code: await code, said: said.join(''), complained: complained.join('') }) };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

const answers = (endpoint: string) => fetch(`${endpoint}/_local-aws/health`, { headers: { connection: 'close' } }).then(answer => answer.json(), () => undefined);

test.each([['--help'], ['-h']])('%s tells how it is used', async option => {
  expect(await run([option])).toEqual({ code: 0, complained: '', said: expect.stringContaining('npx cdk-license-manager local --bootstrap -- npx cdk deploy') });
});

test('what it does not understand is refused', async () => {
  expect(await here(['--colour']).outcome()).toEqual({
    code: 2, said: '', complained: expect.stringMatching(/^Unknown option '--colour'[^]*npx cdk-license-manager --help tells how it is used\.\n$/),
  });
});

test('one that serves tells where, another terminal asks it for the environment, and SIGTERM ends it', async () => {
  const { child, line, ended } = start(['--port', '0', '--account', '222233334444', '--region', 'eu-west-1']);
  const [, endpoint, port] = /^The local AWS answers at (http:\/\/127\.0\.0\.1:(\d+)): account 222233334444, eu-west-1\./.exec(await line())!;
  const rest = [await line(), await line(), await line(), await line(), await line()];
  expect(rest).toEqual([
    '', 'In another terminal, in this folder:', `  eval "$(npx cdk-license-manager local --env --port ${port})"`,
    '  npx cdk bootstrap aws://222233334444/eu-west-1', '  npx cdk deploy',
  ]);
  expect(await answers(endpoint)).toEqual({ account: '222233334444', region: 'eu-west-1', auth: true });

  const { code, said } = await here(['--env', '--port', port]).outcome();
  expect(code).toBe(0);
  const script = 'eval "$1"; echo "$AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID $AWS_REGION ${AWS_PROFILE-none}"';
  expect(spawnSync('sh', ['-c', script, 'sh', said], { encoding: 'utf8', env: { AWS_PROFILE: 'work' } }).stdout).toBe(`${endpoint} 222233334444 eu-west-1 none\n`);

  expect(await run(['--port', port])).toEqual({
    code: 1, said: '', complained: `The local AWS did not start: Port ${port} of 127.0.0.1: Address already in use. Name another one with --port; 0 is a free one.\n`,
  });

  child.kill('SIGTERM');
  expect(await ended()).toEqual({ code: 0, complained: '' });
  expect(await answers(endpoint)).toBeUndefined();
});

test('where none runs, there is no environment', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  expect(await here(['--env', '--port', String(port)]).outcome()).toEqual({
    code: 1, said: '', complained: `No local AWS answers at http://127.0.0.1:${port}: start it in another terminal, npx cdk-license-manager local --port ${port}.\n`,
  });
});

test('one for a program says in a line of JSON what the program needs, and ends with its standard input', async () => {
  const { child, line, ended } = start(['--json']);
  const { endpoint } = JSON.parse(await line());
  expect(await answers(endpoint)).toBeDefined();
  child.stdin!.end();
  expect(await ended()).toEqual({ code: 0, complained: '' });
  expect(await answers(endpoint)).toBeUndefined();
});

test('it ends with the command, however that ends', async () => {
  const { child, line } = start(['--json']);
  const { endpoint } = JSON.parse(await line());
  child.kill('SIGKILL');
  while (await answers(endpoint) !== undefined) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
});

test('it ends with whoever has started it, as npx does with a shell between', async () => {
  const shell = spawn('sh', ['-c', '"$@"; true', 'sh', NODE, bundle, 'local', '--port', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], env: environment() });
  children.push(shell);
  const { value: line = '' } = await createInterface(shell.stdout)[Symbol.asyncIterator]().next();
  const [endpoint] = /http:\/\/127\.0\.0\.1:\d+/.exec(line)!;
  expect(await answers(endpoint)).toBeDefined();
  shell.kill('SIGTERM');
  while (await answers(endpoint) !== undefined) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
});

test('a command has its standard input and output, and its signals', async () => {
  const { child, line, ended } = start(['--', 'sh', '-c', 'trap "exit 9" TERM; read word; echo "$word $AWS_REGION"; while :; do sleep 0.1; done']);
  child.stdin!.write('hello\n');
  expect(await line()).toBe('hello us-east-1');
  child.kill('SIGTERM');
  expect(await ended()).toEqual({ code: 9, complained: '' });
});

test('what the account has already is in a file', async () => {
  writeFileSync(join(folder, 'seed.json'), JSON.stringify({ resources: [{ arn: 'arn:aws:ec2:us-east-1::image/ami-0a1b2c3d4e5f67890' }] }));
  let end = () => {};
  const { said, outcome } = here(['--json', '--no-auth', '--seed', 'seed.json', '--log-file', 'log.txt'], {
    env: { AWS_ENDPOINT_URL_S3: 'https://s3.example.com' }, inputEnds: () => new Promise<void>(resolve => { end = resolve; }),
  });
  await until(() => said.length > 0);
  const { endpoint, ...ready } = JSON.parse(said[0]);
  expect(ready).toEqual({
    account: '111122223333',
    region: 'us-east-1',
    env: expect.objectContaining({ AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: '111122223333', CDK_DEFAULT_ACCOUNT: '111122223333' }),
    unset: ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'AWS_ENDPOINT_URL_S3'],
  });
  expect(await answers(endpoint)).toMatchObject({ auth: false });
  expect(readFileSync(join(folder, 'log.txt'), 'utf8')).toContain('INFO');
  const licenseManager = new LicenseManagerClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' } });
  const associated = licenseManager.send(new UpdateLicenseSpecificationsForResourceCommand({
    ResourceArn: 'arn:aws:ec2:us-east-1::image/ami-0a1b2c3d4e5f67890',
    AddLicenseSpecifications: [{
      LicenseConfigurationArn: (await licenseManager.send(new CreateLicenseConfigurationCommand({ Name: 'n', LicenseCountingType: 'vCPU' }))).LicenseConfigurationArn!,
    }],
  }));
  await expect(associated).resolves.toBeDefined();
  end();
  expect(await outcome()).toMatchObject({ code: 0, complained: '' });
});

test('a command is run with the environment, and its exit code is that of it all', async () => {
  const script = 'require("node:fs").writeFileSync("ran", [process.env.AWS_ENDPOINT_URL, "AWS_PROFILE" in process.env, process.argv[1]].join()); process.exit(7)';
  expect(await here(['--', NODE, '-e', script, 'an argument'], { env: { AWS_PROFILE: 'work' } }).outcome()).toEqual({ code: 7, said: '', complained: '' });
  const [, endpoint] = /^(http:\/\/127\.0\.0\.1:\d+),false,an argument$/.exec(readFileSync(join(folder, 'ran'), 'utf8'))!;
  expect(await answers(endpoint)).toBeUndefined();
});

test.each<[what: string, isTerminal: boolean, signal: string, expected: number]>([
  ['SIGTERM is given to a command', false, 'SIGTERM', 128 + 15],
  ['SIGTERM is given to a command in a terminal', true, 'SIGTERM', 128 + 15],
  ['SIGINT is given to a command', false, 'SIGINT', 128 + 2],
  ['SIGINT is not given a second time to a command in a terminal', true, 'SIGINT', 5],
])('%s', async (_, isTerminal, signal, expected) => {
  const controller = new AbortController();
  const running = join(folder, `${signal}-${isTerminal}`);
  const script = 'fs.writeFileSync(process.argv[1], ""); setInterval(() => fs.existsSync(process.argv[1]) || process.exit(5), 20)';
  const { outcome } = here(['--', NODE, '-e', script, running], { isTerminal, interruption: controller.signal });
  await until(() => existsSync(running));
  controller.abort(signal);
  // Whom no signal has reached ends when it is told so.
  if (expected === 5) {
    rmSync(running);
  }
  expect(await outcome()).toMatchObject({ code: expected });
});

test.each([[['--json']], [['--', NODE, '-e', '0']]])('what is interrupted before it has started does nothing: %j', async args => {
  const controller = new AbortController();
  controller.abort('SIGINT');
  expect(await here(args, { interruption: controller.signal, inputEnds: () => new Promise(() => {}) }).outcome()).toEqual({ code: 130, said: '', complained: '' });
});

test.each<[what: string, args: string[], env: NodeJS.ProcessEnv, complaint: RegExp]>([
  ['a command that is not there', ['--', 'no-such-command'], {}, /^no-such-command could not be run: spawn no-such-command ENOENT\.\n$/],
  ['a file that is not there', ['--seed', 'nothing.json'], {}, /^nothing\.json cannot be read: ENOENT.*\n$/],
  ['a seed with a mistake', ['--seed', 'mistake.json'], {}, /^mistake\.json was refused: .*no member colour; there are: account, region, settings,/],
  ['a seed that is no JSON', ['--seed', 'nonsense.json'], {}, /^nonsense\.json was refused: /],
  ['bootstrapping without the CDK CLI', ['--bootstrap'], { PATH: '/nowhere' }, /^--bootstrap needs the CDK CLI, and there is no cdk here: npm install --save-dev aws-cdk\.\n$/],
  ['a CDK CLI that fails', ['--bootstrap'], {}, /^It is not to be\.\nThe CDK CLI could not bootstrap the local AWS: see above\.\n$/],
  ['a log that cannot be written', ['--log-file', 'no/such/folder/log.txt'], {}, /^The local AWS did not start: [^]*No such file or directory/],
])('%s is a problem', async (_, args, env, complaint) => {
  writeFileSync(join(folder, 'mistake.json'), '{"colour": "blue"}');
  writeFileSync(join(folder, 'nonsense.json'), 'colour: blue');
  writeFileSync(join(folder, 'bin', 'cdk'), '#!/bin/sh\necho It is not to be.; exit 1\n', { mode: 0o755 });
  const path = `${join(folder, 'bin')}${delimiter}${process.env.PATH}`;
  expect(await here(args.includes('--') ? args : ['--port', '0', ...args], { env: { PATH: path, ...env } }).outcome()).toEqual({ code: 1, said: '', complained: expect.stringMatching(complaint) });
});

test('on Windows, it says where it runs', async () => {
  expect(await here([], { platform: 'win32' }).outcome()).toEqual({
    code: 1, said: '', complained: 'The local AWS runs on Linux and macOS. On Windows, start it in the Windows Subsystem for Linux.\n',
  });
});
