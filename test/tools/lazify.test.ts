import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const TOOL = resolve(__dirname, '..', '..', 'tools', 'lazify.mjs');

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** The files as the compiler writes them; each says when it is loaded. */
function compiled(sources: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lazify-'));
  folders.push(folder);
  for (const [name, source] of Object.entries(sources)) {
    const { outputText } = transpileModule(`(globalThis as any).loaded?.push('${name}');\n${source}`, {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true },
    });
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    // A barrel does nothing but export.
    writeFileSync(join(folder, `${name}.js`), name.endsWith('index') ? outputText.replace(/^globalThis.*\n/m, '') : outputText);
  }
  return folder;
}

function lazify(folder: string) {
  const { status, stderr } = spawnSync(process.execPath, [TOOL, folder], { encoding: 'utf8' });
  return { status, error: /^Error: (.*)$/m.exec(stderr)?.[1].replace(folder, '<folder>') };
}

function textsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** What a script prints that has the library as `it`. */
function run(folder: string, script: string): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', `
    globalThis.loaded = [];
    const it = require(${JSON.stringify(join(folder, 'index.js'))});
    (async () => { ${script} })().then((value) => console.log(JSON.stringify(value)));
  `], { encoding: 'utf8' });
  if (stdout === '') {throw new Error(stderr);}
  return JSON.parse(stdout);
}

const LIBRARY = {
  'index': 'export * from \'./license\'; export * as extras from \'./extras\';',
  'license/index': 'export * from \'./license\'; export * from \'./counting\';',
  'license/license': `
    import { Base } from '../base';
    import { Counting } from './counting';
    import * as name from '../names';
    import { prefix } from '../prefix';
    import { Report, write } from '../report';
    import { Unit } from '../units';

    export class License extends Base {
      public static readonly PREFIX = prefix();
      public readonly counting = new Counting('cores');
      public constructor(public readonly unit = Unit.CORE) { super(); }
      public report(name: string) { return new Report(name).text; }
      public longReport() { return write(...[name.of(this)]); }
      public tools() { return { name, write, Report: { name: 1 } }; }
    }
  `,
  'license/counting': 'export class Counting { public constructor(public readonly what: string) {} }',
  'base': 'export class Base {}',
  'names': 'export function of(it: object) { return it.constructor.name; }',
  'prefix': 'export function prefix() { return \'lic\'; }',
  'report': 'export class Report { public readonly text: string; constructor(name: string) { this.text = write(name); } } export const write = (name: string) => `of ${name}`;',
  'units': 'export enum Unit { CORE = \'Core\' }',
  'extras': 'export const extra = 1;',
};

test('nothing is loaded before it is used', () => {
  const folder = compiled(LIBRARY);
  expect(run(folder, 'return loaded')).toHaveLength(8);
  expect(lazify(folder)).toEqual({ status: 0 });
  expect(run(folder, 'return loaded')).toEqual([]);
});

test('what a class needs while it is defined is loaded with it, the rest when it is used', () => {
  const folder = compiled(LIBRARY);
  lazify(folder);
  expect(run(folder, `
    const steps = [];
    const step = () => steps.push(loaded.splice(0));
    const { License } = it; step();
    const license = new License(); step();
    license.report('a'); step();
    license.longReport(); step();
    it.extras.extra; step();
    return steps;
  `)).toEqual([
    ['license/license', 'base', 'prefix'],
    ['units', 'license/counting'],
    ['report'],
    ['names'],
    ['extras'],
  ]);
});

test('the library does what it did', () => {
  const script = `
    const license = new it.License();
    const { name, write, Report } = license.tools();
    return [it.License.PREFIX, license, license.report('a'), license.longReport(), name.of(license), write('b'), Report, it.extras, Object.keys(it).sort()];
  `;
  const folder = compiled(LIBRARY);
  const before = run(folder, script);
  lazify(folder);
  expect(run(folder, script)).toEqual(before);
  expect(before).toEqual([
    'lic', { unit: 'Core', counting: { what: 'cores' } }, 'of a', 'of License', 'License', 'of b', { name: 1 }, { extra: 1 }, ['Counting', 'License', 'extras'],
  ]);
});

test('ECMAScript modules import the same names', () => {
  const folder = compiled(LIBRARY);
  const script = ['index', 'license/index', 'license/license'].map((file) => `Object.keys(await import(${JSON.stringify(join(folder, `${file}.js`))}))`);
  const names = () => run(folder, `return [${script.join()}]`);
  const before = names();
  lazify(folder);
  expect(names()).toEqual((before as string[][]).map((ofFile) => expect.arrayContaining(ofFile)));
  expect(names()).toEqual([expect.arrayContaining(['License', 'Counting', 'extras']), expect.arrayContaining(['License', 'Counting']), expect.arrayContaining(['License'])]);
});

test('code stays in its lines, so that source maps and stack traces lead to it', () => {
  const folder = compiled(LIBRARY);
  const before = textsOf(folder)['license/license.js'].split('\n');
  lazify(folder);
  const after = textsOf(folder)['license/license.js'].split('\n');
  expect(after).toHaveLength(before.length);
  expect(after.findIndex((line) => line.includes('longReport'))).toBe(before.findIndex((line) => line.includes('longReport')));
});

test('a second run succeeds and changes nothing', () => {
  const folder = compiled(LIBRARY);
  lazify(folder);
  const once = textsOf(folder);
  expect(lazify(folder)).toEqual({ status: 0 });
  expect(textsOf(folder)).toEqual(once);
});

test.each<[string, Record<string, string>, string]>([
  ['no barrel', { index: 'export const a = 1;' }, 'Found 0 barrels and 0 imports to rewrite in 1 files of <folder>.'],
  ['no import', { index: 'export * from \'./a\';', a: 'export const a = 1;' }, 'Found 1 barrels and 0 imports to rewrite in 2 files of <folder>.'],
])('fails where it finds %s to rewrite', (_, sources, message) => {
  const folder = compiled(sources);
  const before = textsOf(folder);
  expect(lazify(folder)).toEqual({ status: 1, error: `${message} The compiler's output has another form than tools/lazify.mjs knows.` });
  expect(textsOf(folder)).toEqual(before);
});

test.each<[string, Record<string, string>, string]>([
  ['a call of require() elsewhere', { ...LIBRARY, extras: 'export const extra = [require(\'./names\')];' },
    'extras.js: 1 of 1 calls of require() are not those of imports or exports at the top.'],
  ['a barrel with code of its own', { ...LIBRARY, 'license/index': 'export * from \'./counting\'; console.error(1);' },
    'license/index.js: A file that exports another one should do nothing else.'],
])('fails on %s, and writes nothing', (_, sources, message) => {
  const folder = compiled(sources);
  const before = textsOf(folder);
  expect(lazify(folder)).toEqual({ status: 1, error: `${message} The compiler's output has another form than tools/lazify.mjs knows.` });
  expect(textsOf(folder)).toEqual(before);
});
