/*
 * What README and docs/ show and name: that it compiles is the matter of tools/rosetta.mjs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { DEFINITIONS } from '../src/custom-resource/contract/definitions';

const ROOT = resolve(__dirname, '..');
const GITHUB = 'https://github.com/cdk-license-manager/cdk-license-manager/blob/main/';

const GUIDES = ['README.md', ...readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
const PAGES = [...GUIDES, 'CONTRIBUTING.md', 'examples/README.md'];

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** The snippets of a page that are about the library, with the lines that they begin in. */
const snippetsOf = (page: string) => [...read(page).matchAll(/^( *)```ts\b.*\n((?:\1.*\n|\n)*?)\1```$/gm)]
  .filter(([, , source]) => source.includes("from 'cdk-license-manager'"))
  .map(({ 2: source, index, input }) => [`${page}, line ${input.slice(0, index).split('\n').length}`, source]);

/** A file without its blocks of code, in which a # is no heading and a bracket no link. */
const proseOf = (page: string) => read(page).replace(/^( *)```[^]*?^\1```$/gm, '');

const anchorsOf = (page: string) => [...proseOf(page).matchAll(/^#+ (.*)$/gm)]
  .map(([, heading]) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'));

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
  const links = PAGES.flatMap((page) => [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]): [string, string] => [page, link]))
    .filter(([, link]) => link.startsWith(GITHUB) || !/^\w+:/.test(link));

  test.each(links)('of %s leads to what there is: %s', (page, link) => {
    const [file, anchor] = link.replace(GITHUB, '/').split('#');
    const target = relative(ROOT, file.startsWith('/') ? join(ROOT, file) : resolve(ROOT, dirname(page), file || page.split('/').at(-1)!));

    expect(existsSync(join(ROOT, target))).toBe(true);
    if (anchor) {
      expect(anchorsOf(target)).toContain(anchor);
    }
  });

  test('of the README leads there from a package registry, too', () => {
    expect(links.filter(([page, link]) => page === 'README.md' && !link.startsWith(GITHUB))).toEqual([]);
  });
});

test('the README leads to every guide', () => {
  for (const page of GUIDES.filter((it) => it !== 'README.md' && it !== 'docs/custom-resources.md')) {
    expect(read('README.md')).toContain(`](${GITHUB}${page})`);
  }
});

test('the README has the Regions that aws-cdk-lib knows', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'tools', 'regions.mjs'), '--check'], { encoding: 'utf8' });

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the table of stacks without assets names every custom resource', () => {
  const [, table] = /## Stacks without assets\n([^]*)/.exec(read('docs/several-stacks.md'))!;

  expect([...table.matchAll(/`(Custom::\w+)`/g)].map(([, type]) => type).sort()).toEqual(
    Object.values(DEFINITIONS).map(({ type }) => type).sort(),
  );
});
