import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { local } from '../../../src/command/local/command';

/*
 * The bundled command, with the local AWS beside it and an interpreter that has what it stands on.
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

const answers = (endpoint: string) => fetch(`${endpoint}/_local-aws/health`, { headers: { connection: 'close' } }).then(answer => answer.json(), () => undefined);

test.each([['--help'], ['-h']])('%s tells how it is used', async option => {
  expect(await run([option])).toEqual({ code: 0, complained: '', said: expect.stringContaining('npx cdk-license-manager local --bootstrap -- npx cdk deploy') });
});

test('what it does not understand is refused', async () => {
  expect(await run(['--colour'])).toEqual({
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

  const { code, said } = await run(['--env', '--port', port]);
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
  expect(await run(['--env', '--port', String(port)])).toEqual({
    code: 1, said: '', complained: `No local AWS answers at http://127.0.0.1:${port}: start it in another terminal, npx cdk-license-manager local --port ${port}.\n`,
  });
});

test('one for a program says in a line of JSON what the program needs, has what it was given, and ends with its standard input', async () => {
  writeFileSync(join(folder, 'seed.json'), JSON.stringify({ resources: [{ arn: 'arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0' }] }));
  const { child, line, ended } = start(['--json', '--no-auth', '--seed', 'seed.json', '--log-file', 'log.txt'], { env: { AWS_ENDPOINT_URL_S3: 'https://s3.example.com' } });
  const { endpoint, ...ready } = JSON.parse(await line());
  expect(ready).toEqual({
    account: '111122223333',
    region: 'us-east-1',
    env: expect.objectContaining({ AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: '111122223333', CDK_DEFAULT_ACCOUNT: '111122223333' }),
    unset: ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'AWS_ENDPOINT_URL_S3'],
  });
  expect(await answers(endpoint)).toMatchObject({ auth: false });
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
  const { value: line } = await createInterface(shell.stdout)[Symbol.asyncIterator]().next();
  const [endpoint] = /http:\/\/127\.0\.0\.1:\d+/.exec(line)!;
  expect(await answers(endpoint)).toBeDefined();
  shell.kill('SIGTERM');
  while (await answers(endpoint) !== undefined) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
});

test('a command is run with the environment, and its exit code is that of it all', async () => {
  const script = 'console.log(process.env.AWS_ENDPOINT_URL, "AWS_PROFILE" in process.env, process.argv[1]); process.exit(7)';
  const { code, said } = await run(['--', NODE, '-e', script, 'an argument'], { env: { AWS_PROFILE: 'work' } });
  expect(code).toBe(7);
  const [, endpoint] = /^(http:\/\/127\.0\.0\.1:\d+) false an argument\n$/.exec(said)!;
  expect(await answers(endpoint)).toBeUndefined();
});

test.each([
  ['which ends by itself then', 'process.on("SIGTERM", () => process.exit(9));', 9],
  ['which it ends', '', 128 + 15],
])('a signal goes to the command, %s', async (_, handler, expected) => {
  const { child, line, ended } = start(['--', NODE, '-e', `${handler} console.log("running"); setInterval(() => {}, 1000)`]);
  expect(await line()).toBe('running');
  child.kill('SIGTERM');
  expect((await ended()).code).toBe(expected);
});

test.each<[what: string, args: string[], env: NodeJS.ProcessEnv, complaint: RegExp]>([
  ['a command that is not there', ['--', 'no-such-command'], {}, /^no-such-command could not be run: spawn no-such-command ENOENT\.\n$/],
  ['a file that is not there', ['--seed', 'nothing.json'], {}, /^nothing\.json cannot be read: ENOENT.*\n$/],
  ['a seed with a mistake', ['--seed', 'mistake.json'], {}, /^mistake\.json was refused: .*no member colour; there are: account, region, settings,/],
  ['a seed that is no JSON', ['--seed', 'nonsense.json'], {}, /^nonsense\.json was refused: /],
  ['bootstrapping without the CDK CLI', ['--bootstrap'], { PATH: '/nowhere' }, /^--bootstrap needs the CDK CLI, and there is no cdk here: npm install --save-dev aws-cdk\.\n$/],
  ['a log that cannot be written', ['--log-file', 'no/such/folder/log.txt'], {}, /^The local AWS did not start: [^]*No such file or directory/],
])('%s is a problem, and the local AWS is gone', async (_, args, env, complaint) => {
  writeFileSync(join(folder, 'mistake.json'), '{"colour": "blue"}');
  writeFileSync(join(folder, 'nonsense.json'), 'colour: blue');
  expect(await run(args, { env })).toEqual({ code: 1, said: '', complained: expect.stringMatching(complaint) });
});

test('on Windows, it says where it runs', async () => {
  const said: string[] = [];
  const never = () => { throw new Error('not asked for'); };
  const code = await local([], {
    print: never, warn: text => said.push(text), folder, env: {}, platform: 'win32', sources: '', isTerminal: false, interruption: new AbortController().signal, inputEnds: never,
  });
  expect({ code, said }).toEqual({ code: 1, said: ['The local AWS runs on Linux and macOS. On Windows, start it in the Windows Subsystem for Linux.\n'] });
});
