import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonFor } from '../../../src/command/local/python';

/*
 * Interpreters are scripts here: what they do when they are asked for their version, for an environment or for pip is the matter.
 */

const INSTALLED = 'echo "$@" >> "$RECORD"';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'python-'));
  writeFileSync(join(folder, 'requirements.txt'), '# a comment\nministack==1.5.33\nbotocore==1.43.106\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An interpreter by a name. */
function interpreter(name: string, version: string, { base = '"$0"', has = false, venv = 'mkdir -p "$3/bin" && cp "$0" "$3/bin/python"', pip = INSTALLED } = {}): string {
  const path = join(folder, 'bin', name);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(path, `#!/bin/sh
case "$1 $2" in
  "-m venv") ${venv} ;;
  "-m pip") ${pip} ;;
  *) printf '%s\\n' '${version}' "$0" ${base} '${has ? 'True' : 'False'}'; shift 2; echo "$@" >> "$RECORD.asked" ;;
esac
`);
  chmodSync(path, 0o755);
  return path;
}

async function find(env: NodeJS.ProcessEnv = {}, interruption = new AbortController().signal) {
  const said: string[] = [];
  const python = await pythonFor({
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, RECORD: join(folder, 'record'), PYTHON: join(folder, 'bin', 'python3'), ...env },
    requirements: join(folder, 'requirements.txt'),
    cache: join(folder, 'cache'),
    warn: text => said.push(text),
    interruption,
  });
  return { python, said: said.join('') };
}

const kept = () => existsSync(join(folder, 'cache')) ? readdirSync(join(folder, 'cache')) : [];
const installations = () => readFileSync(join(folder, 'record'), 'utf8').trim().split('\n');

test('a Python that has what is required is taken as it is', async () => {
  const own = interpreter('python3', '3.12.1', { has: true });
  expect(await find()).toEqual({ python: own, said: '' });
  expect(readFileSync(join(folder, 'record.asked'), 'utf8')).toBe('ministack==1.5.33 botocore==1.43.106\n');
  expect(kept()).toEqual([]);
});

test('else an environment is made, once', async () => {
  interpreter('python3', '3.10.0');
  const { python, said } = await find();
  expect(said).toContain(`Installing what the local AWS stands on into ${join(folder, 'cache', kept()[0])}, with Python 3.10.0: once`);
  expect(python).toBe(join(folder, 'cache', kept()[0], 'bin', 'python'));
  expect(await find()).toEqual({ python, said: '' });
  expect(kept()).toHaveLength(1);
  expect(installations()).toEqual([`-m pip install --disable-pip-version-check --no-input --quiet -r ${join(folder, 'requirements.txt')}`]);
});

test('another version of Python, and other requirements, have an environment of their own', async () => {
  interpreter('python3', '3.12.1');
  const { python: first } = await find();
  interpreter('python3', '3.12.2');
  const { python: second } = await find();
  writeFileSync(join(folder, 'requirements.txt'), 'ministack==1.5.34\n');
  const { python: third } = await find();
  expect(new Set([first, second, third]).size).toBe(3);
});

test('environments of one Python share what is made', async () => {
  const base = interpreter('base', '3.12.1');
  interpreter('python3', '3.12.1', { base, venv: 'exit 1' });
  const { python } = await find();
  interpreter('other', '3.12.1', { base, venv: 'exit 1' });
  expect(await find({ PYTHON: join(folder, 'bin', 'other') })).toEqual({ python, said: '' });
});

test('of those in the path, the first is taken that is new enough', async () => {
  interpreter('python3', '3.9.18');
  interpreter('python', '2.7.18');
  const newer = interpreter('python3.11', '3.11.0', { has: true });
  interpreter('python3.10', '3.10.0', { has: true });
  expect(await find({ PYTHON: '', PATH: join(folder, 'bin') })).toMatchObject({ python: newer });
});

test.each<[what: string, prepare: () => unknown, env: NodeJS.ProcessEnv, complaint: RegExp]>([
  ['none that is named', () => {}, {}, /^The local AWS needs Python 3\.10 or newer\.\nFound none of: .*\/bin\/python3\.\nInstall one \(.*\), or name one in the environment variable PYTHON\.$/],
  ['none in the path', () => {}, { PYTHON: '', PATH: '/nowhere' }, /Found none of: python3, python, python3\.14,/],
  ['only an old one', () => interpreter('python3', '3.9.18'), {}, /Found: .*\/bin\/python3 is 3\.9\.18\./],
  ['only one without venv', () => interpreter('python3', '3.12.1', { venv: 'echo "ensurepip is not available" >&2; exit 1' }), {},
    /^ensurepip is not available\n'.*\/bin\/python3 -m venv' does not work: .* apt install python3-venv\.$/],
  ['no index', () => interpreter('python3', '3.12.1', { pip: 'echo "No matching distribution found" >&2; exit 1' }), {},
    /^No matching distribution found\npip could not install .*PIP_INDEX_URL\.\nWithout an index: install .*\/requirements\.txt into a Python of yours .* PYTHON\.$/],
])('%s is a problem, and leaves nothing', async (_, prepare, env, complaint) => {
  prepare();
  await expect(find(env)).rejects.toMatchObject({ message: expect.stringMatching(complaint), isOfUsage: false });
  expect(kept()).toEqual([]);
});

test('a folder that cannot be made is a problem', async () => {
  interpreter('python3', '3.12.1');
  writeFileSync(join(folder, 'cache'), 'a file');
  await expect(find()).rejects.toThrow(/^Nothing can be kept in .*\/cache: EEXIST.* XDG_CACHE_HOME\.$/);
});

test('what is interrupted leaves nothing', async () => {
  const controller = new AbortController();
  interpreter('python3', '3.12.1', { pip: 'touch "$RECORD"; exec sleep 600' });
  const found = find({}, controller.signal);
  while (!existsSync(join(folder, 'record'))) {
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  controller.abort('SIGINT');
  await found;
  expect(kept()).toEqual([]);
});

test('who was faster meanwhile has made the environment for both', async () => {
  interpreter('python3', '3.12.1', { pip: 'echo > "$RECORD"; [ -n "$LATE" ] && until [ -e "$RECORD.go" ]; do sleep 0.05; done; true' });
  const late = find({ LATE: 'true' });
  while (!existsSync(join(folder, 'record'))) {
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  const { python } = await find();
  writeFileSync(join(folder, 'record.go'), '');
  expect((await late).python).toBe(python);
  expect(kept()).toHaveLength(1);
});
