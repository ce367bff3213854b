// Writes docs/api: the API reference, a page for each capability, and an index. The page of what is no more goes.
//
// jsii-docgen reads the assembly and renders. It has a page for a submodule at least, and most of this library is in none, so that what it has read is cut by the
// folders of src/. What everything has from constructs and aws-cdk-lib is left out: it would be a fifth of it.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Documentation, Language, MarkdownRenderer } from 'jsii-docgen';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const output = join(root, 'docs', 'api');
const language = Language.TYPESCRIPT;
const MEMBERS = ['instanceMethods', 'staticMethods', 'properties', 'constants'];

const { name, types, dependencyClosure } = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8'));

// It looks for assemblies everywhere below a folder, and goes round and round in one with a link to a folder above, as the example has to this one: a minute.
const assemblies = join(root, '.cache', 'assemblies');
for (const folder of ['.', ...Object.keys(dependencyClosure).map((it) => join('node_modules', it))]) {
  for (const file of ['.jsii', '.jsii.gz'].map((it) => join(folder, it)).filter((it) => existsSync(join(root, it)))) {
    cpSync(join(root, file), join(assemblies, file), { dereference: true });
  }
}
const documentation = await Documentation.forAssembly(name, assemblies);
const { content: { metadata, apiReference } } = await documentation.toJson({ language, allSubmodules: true });

/** The folder of src/ that a type, or the type of a member, is in; nothing if it is not of this library. */
function capabilityOf(id) {
  return id && (types[id]?.locationInModule.filename.split('/')[1] ?? capabilityOf(id.slice(0, Math.max(id.lastIndexOf('.'), 0))));
}

/** The names of what a type has of its own, and from types of this library. */
function membersOf(id) {
  const { methods = [], properties = [], base, interfaces = [] } = types[id];
  return [...methods, ...properties].map(({ name }) => name).concat([base, ...interfaces].filter((it) => types[it]).flatMap(membersOf));
}

function withoutInherited(type) {
  const known = new Set(membersOf(type.id));
  return { ...type, ...Object.fromEntries(MEMBERS.map((kind) => [kind, type[kind]?.filter(({ displayName }) => known.has(displayName))])) };
}

/** Links to where the index of the guides says that a capability is explained. */
function guidesOf(capability) {
  const rows = readFileSync(join(root, 'docs', 'README.md'), 'utf8').split('\n').filter((row) => row.includes(`](api/${capability}.md)`));
  if (rows.length === 0) {
    throw new Error(`No row of docs/README.md leads to api/${capability}.md. Name it beside the guide of the capability.`);
  }
  return rows.map((row) => row.split(' | ')[0].replace('| ', '').replace('](', '](../')).join(', ');
}

const pages = {};
for (const [kind, list] of Object.entries(apiReference)) {
  for (const type of list) {
    const page = pages[capabilityOf(type.id)] ??= Object.fromEntries(Object.keys(apiReference).map((it) => [it, []]));
    // What a struct inherits has to be filled in, too.
    page[kind].push(kind === 'structs' ? type : withoutInherited(type));
  }
}

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const rows = [];
for (const [capability, page] of Object.entries(pages).sort(([a], [b]) => a < b ? -1 : 1)) {
  const renderer = new MarkdownRenderer({
    ...metadata,
    language,
    linkFormatter: ({ id, displayName, fqn }) => {
      const target = capabilityOf(id);
      return target ? `<a href="${target === capability ? '' : `${target}.md`}#${id}">${displayName}</a>` : fqn;
    },
  });
  const reference = renderer.visitApiReference(page, { title: '', id: '' }).render(1);
  writeFileSync(join(output, `${capability}.md`), [
    `# API: ${capability}`,
    '',
    `Explained in: ${guidesOf(capability)}. Other capabilities: [index](README.md).`,
    '',
    reference.replace(/\n{3,}/g, '\n\n').trimEnd(),
    '',
  ].join('\n'));
  rows.push(`| [${capability}](${capability}.md) | ${['constructs', ...Object.keys(page)].filter((it, index, all) => all.indexOf(it) === index)
    .flatMap((kind) => page[kind]).map(({ id, displayName }) => `[${displayName}](${capability}.md#${id})`).join(', ')} |`);
}
writeFileSync(join(output, 'README.md'), [
  '# API reference',
  '',
  'Every class, interface, struct and enum, by capability. Names are those of TypeScript: [other languages](../languages.md). What constructs have from ' +
  '`constructs` and `aws-cdk-lib`, such as `node`, is not repeated. The [guides](../README.md) explain what this lists.',
  '',
  '| Capability | Types |',
  '| --- | --- |',
  ...rows,
  '',
].join('\n'));
