/*
 * What README and docs/ show and name: that it compiles is the matter of tools/rosetta.mjs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import * as library from '../src';
import { DEFINITIONS } from '../src/custom-resource/contract/definitions';

const ROOT = resolve(__dirname, '..');
const GITHUB = 'https://github.com/cdk-license-manager/cdk-license-manager/blob/main/';

const pagesIn = (folder: string) => readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`);

const GUIDES = ['README.md', ...pagesIn('docs')];
const REFERENCE = pagesIn('docs/api');
const PAGES = [...GUIDES, ...REFERENCE, 'CONTRIBUTING.md', 'examples/README.md', 'test/local-aws/README.md'];

/** What the library exports, by the names that users write. */
const EXPORTED = new Map<string, unknown>([
  ...Object.entries(library),
  ...Object.entries(library.mixins).map(([name, value]) => [`mixins.${name}`, value] as const),
  ...Object.entries(library.patterns).map(([name, value]) => [`patterns.${name}`, value] as const),
]);

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** The snippets of a page that are about the library, with the lines that they begin in. */
const snippetsOf = (page: string) => [...read(page).matchAll(/^( *)```ts\b.*\n((?:\1.*\n|\n)*?)\1```$/gm)]
  .filter(([, , source]) => source.includes("from 'cdk-license-manager'"))
  .map(({ 2: source, index, input }) => [`${page}, line ${input.slice(0, index).split('\n').length}`, source]);

/** A file without its blocks of code, in which a # is no heading and a bracket no link. */
const proseOf = (page: string) => read(page).replace(/^( *)```[^]*?^\1```$/gm, '');

const anchorsOf = (page: string) => new Set([
  ...[...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-')),
  ...[...proseOf(page).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id),
]);

/** Where the links of a page lead to: those to this repository, in Markdown or, as in the API reference, in HTML. */
const linksOf = (page: string) => [...proseOf(page).matchAll(/\]\(([^)\s]+)\)|<a href="([^"]+)"/g)].map(([, link, href]) => link ?? href)
  .filter((link) => link.startsWith(GITHUB) || !/^\w+:/.test(link))
  .map((link) => {
    const [file, anchor] = link.replace(GITHUB, '/').split('#');
    return { link, anchor, target: file.startsWith('/') ? file.slice(1) : relative(ROOT, resolve(ROOT, dirname(page), file || page.split('/').at(-1)!)) };
  });

/** The rows of a table, by the head of its first column. */
const rowsOf = (page: string, head: string) => {
  const [, rows] = new RegExp(`^\\| ${head} \\|.*\\n\\|[- |]+\\|\\n((?:\\|.*\\n)+)`, 'm').exec(read(page))!;
  return rows.trim().split('\n').map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
};

describe('every snippet of the guides', () => {
  const snippets = GUIDES.flatMap(snippetsOf);

  test('is found', () => {
    expect(snippets.length).toBeGreaterThan(30);
  });

  test.each(snippets)('makes what can be synthesized: %s', (_, source) => {
    const { outputText } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });

    new Function('require', 'exports', 'app', outputText).call(stack, (name: string) => jest.requireActual(name), {}, app);

    app.synth();
  });
});

describe('every link', () => {
  const anchors = new Map(PAGES.map((page) => [page, anchorsOf(page)]));

  test.each(PAGES)('of %s leads to what there is', (page) => {
    const astray = linksOf(page).filter(({ target, anchor }) => !existsSync(join(ROOT, target)) || (anchor && !anchors.get(target)?.has(anchor)));

    expect(astray.map(({ link }) => link)).toEqual([]);
  });

  test('of the README leads there from a package registry, too', () => {
    expect(linksOf('README.md').map(({ link }) => link).filter((link) => !link.startsWith(GITHUB))).toEqual([]);
    expect(read('README.md')).toContain('](https://raw.githubusercontent.com/cdk-license-manager/cdk-license-manager/main/docs/images/license-dashboard.svg)');
  });
});

describe('the README', () => {
  test('is no longer than what a newcomer reads', () => {
    expect(Buffer.byteLength(read('README.md'))).toBeLessThanOrEqual(10_000);
  });

  test('names both test commands', () => {
    expect(read('README.md')).toContain('`npm test`');
    expect(read('README.md')).toContain('`npm run test:languages`');
  });

  const jobs = rowsOf('README.md', 'I want to …').map(([job, names, link]): [string, string[], string] => [
    job, [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name), link,
  ]);

  test.each(jobs)('leads from a job to what does it, with an example: %s', (_, names, link) => {
    const [page] = /\]\((\S+)\)/.exec(link)![1].replace(GITHUB, '').split('#');
    const isCommand = (name: string) => name.startsWith('npx cdk-license-manager ');
    const isShown = (name: string) => isCommand(name) ? read(page).includes(name) : snippetsOf(page).some(([, source]) => source.includes(name));

    expect(names).not.toEqual([]);
    expect(names.filter((name) => !isCommand(name) && !EXPORTED.has(name))).toEqual([]);
    expect(names.filter((name) => !isShown(name))).toEqual([]);
  });
});

describe('the index of the guides', () => {
  const targets = linksOf('docs/README.md').map(({ target }) => target);

  test('leads to every guide, and the README to the index', () => {
    expect(targets).toEqual(expect.arrayContaining(GUIDES.filter((page) => page !== 'docs/README.md')));
    expect(linksOf('README.md').map(({ target }) => target)).toContain('docs/README.md');
  });

  test('leads to every page of the API reference', () => {
    expect(targets).toEqual(expect.arrayContaining(REFERENCE));
  });
});

describe('every construct and every mixin', () => {
  const constructs = [...EXPORTED].filter(([name, value]) => name.startsWith('mixins.') || (typeof value === 'function' && value.prototype instanceof Construct))
    .map(([name]) => name.split('.').at(-1)!);

  test.each(constructs)('is in a guide: %s', (name) => {
    expect(GUIDES.filter((page) => page !== 'docs/constructs.md' && new RegExp(`\\b${name}\\b`).test(read(page)))).not.toEqual([]);
  });

  test('is in the table of all constructs', () => {
    const named = rowsOf('docs/constructs.md', 'Capability').flatMap(([, names]) => [...names.matchAll(/(\w+)`/g)].map(([, name]) => name));

    expect(constructs.filter((name) => !named.includes(name))).toEqual([]);
  });
});

test('the guide has the Regions that aws-cdk-lib knows', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'tools', 'regions.mjs'), '--check'], { encoding: 'utf8' });

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the table of stacks without assets names every custom resource', () => {
  const [, table] = /## Stacks without assets\n([^]*)/.exec(read('docs/several-stacks.md'))!;

  expect([...table.matchAll(/`(Custom::\w+)`/g)].map(([, type]) => type).sort()).toEqual(
    Object.values(DEFINITIONS).map(({ type }) => type).sort(),
  );
});
