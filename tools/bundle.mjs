/**
 * Bundles the functions into assets/, the handler of the custom resources and that of the usage export, which is another function with another role, and the
 * command of the package into bin/, with the local AWS beside it, which is no bundle.
 *
 * Each result depends on the sources and on the locked versions of what is bundled, and on nothing else: neither on the folder nor on the machine.
 * The hash of a handler is part of every user's template.
 *
 * Usage: node tools/bundle.mjs [--outdir <folder>] [<name> ...]
 */
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Leaves out the SDK's default chain of credential providers: in Lambda the credentials come from the environment, and the handler says so.
 * Of the client's package.json only the version is used.
 */
const slim = {
  name: 'slim',
  setup(context) {
    context.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({ path: 'no-default-credentials', namespace: 'slim' }));
    context.onLoad({ filter: /.*/, namespace: 'slim' }, () => ({
      contents: 'export function defaultProvider() { throw new Error("The client has no default credentials"); }',
    }));
    context.onLoad({ filter: /[\\/]client-[a-z-]+[\\/]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/**
 * Leaves out what the SDK loads when it needs it, and here never does: no operation has streams of events. Bundled, it would be a part of the code that a function
 * reads when it starts, which is most of what its start takes.
 */
const streamless = {
  name: 'streamless',
  setup(context) {
    context.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path }) => ({ path, namespace: 'streamless' }));
    context.onLoad({ filter: /.*/, namespace: 'streamless' }, ({ path }) => ({ contents: `throw new Error("${path} is not in the bundle");` }));
  },
};

/** The functions, by the names of their folders. */
const FUNCTIONS = ['custom-resource', 'usage-export'];

/** How a handler is bundled; the benchmark bundles what it compares with in the same way. */
export const options = {
  absWorkingDir: root,
  outfile: 'index.js',
  write: false,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  // Starts a little faster than an ECMAScript module, which Lambda has to load asynchronously.
  format: 'cjs',
  // The modules of the SDK can be tree-shaken, its CommonJS files cannot.
  mainFields: ['module', 'main'],
  // Licenses are in the file beside it.
  legalComments: 'none',
  // A single character beyond Latin-1 has V8 keep, and read, all of the file at twice the size.
  charset: 'ascii',
  metafile: true,
  plugins: [slim],
  // Settings of a checkout must not find their way into the bundle.
  tsconfigRaw: { compilerOptions: { target: 'es2022', strict: true } },
  logLevel: 'warning',
};

/** How the command is bundled: it stands by itself, on every Node.js that the package supports. */
export const commandOptions = {
  absWorkingDir: root,
  entryPoints: ['src/command/index.ts'],
  outfile: 'bin/cdk-license-manager.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  charset: 'ascii',
  banner: { js: '#!/usr/bin/env node' },
  tsconfigRaw: { compilerOptions: { target: 'es2022', strict: true } },
  logLevel: 'warning',
};

if (import.meta.main) {
  const { values, positionals } = parseArgs({ options: { outdir: { type: 'string' } }, allowPositionals: true });
  for (const name of positionals.length > 0 ? positionals : FUNCTIONS) {
    const outdir = join(resolve(values.outdir ?? join(root, 'assets')), name);
    const { metafile, outputFiles } = await build({ ...options, entryPoints: [`src/${name}/handler/index.ts`], plugins: [slim, streamless] });
    const { inputs } = metafile.outputs['index.js'];
    rmSync(outdir, { recursive: true, force: true });
    mkdirSync(outdir, { recursive: true });
    writeFileSync(join(outdir, 'index.js'), outputFiles[0].contents);
    writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES'), licenses(Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0)));
  }
  if (values.outdir === undefined && positionals.length === 0) {
    await build(commandOptions);
    chmodSync(join(root, commandOptions.outfile), 0o755);
    copyLocalAws(join(root, 'bin', 'local-aws'));
  }
}

/** The local AWS, as the command runs it: what Python has compiled stays here. */
function copyLocalAws(folder) {
  const sources = join(root, 'test', 'local-aws');
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(sources, 'local_aws'), join(folder, 'local_aws'), { recursive: true, filter: (path) => basename(path) !== '__pycache__' });
  cpSync(join(sources, 'requirements.txt'), join(folder, 'requirements.txt'));
}

/** The packages that are in the bundle, and the texts of their licenses, each text once. */
function licenses(inputs) {
  const packages = new Map();
  for (const input of inputs) {
    const folder = /^(?:.*node_modules\/)(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder && !packages.has(folder)) {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      packages.set(folder, { name, version, license, text: licenseText(folder) });
    }
  }
  const sorted = [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const texts = new Map();
  for (const { name, text } of sorted) {
    if (text) {
      texts.set(text, [...texts.get(text) ?? [], name]);
    }
  }
  return [
    'index.js contains these packages:\n',
    ...sorted.map(({ name, version, license }) => `${name} ${version} (${license})`),
    ...[...texts].map(([text, names]) => `\n${'-'.repeat(80)}\n${names.join(', ')}\n\n${text.trim()}`),
  ].join('\n') + '\n';
}

function licenseText(folder) {
  for (const file of ['LICENSE', 'LICENSE.md', 'LICENSE.txt']) {
    try {
      return readFileSync(join(root, folder, file), 'utf8').replaceAll('\r\n', '\n');
    } catch {
      // Not by this name.
    }
  }
  return undefined;
}
