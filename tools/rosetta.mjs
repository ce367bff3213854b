// Compiles the snippets of the README, of the docstrings and of docs/, and translates those of the first two into the other languages.
//
// The translations are in .jsii.tabl.json.gz, which is part of the npm package: jsii-pacmak takes them from there for the packages of all
// languages.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tablet = join(root, '.jsii.tabl.json.gz');
const cache = join(root, '.cache', 'rosetta.tabl.json');

/** A date as snippets have it: in UTC, to the second. */
const DATE = (prefix) => new RegExp(`${prefix}\\("(\\d+)-(\\d+)-(\\d+)T(\\d+):(\\d+):(\\d+)Z"\\)`, 'g');

/** What jsii-rosetta takes over from TypeScript as it is, by language: what it looks like, what it should be, what has to be imported. */
const MENDED = {
  python: [
    { wrong: /\.with\(/g, right: '.with_(' },
    { wrong: /\{this\./g, right: '{self.' },
    { wrong: DATE('Date'), right: (_, ...parts) => `datetime(${date(parts).join(', ')}, tzinfo=timezone.utc)`, needs: 'from datetime import datetime, timezone' },
  ],
  java: [
    { wrong: /(?<!services)\.(grants|metrics|events|node)(?=\.)/g, right: (_, name) => `.get${name[0].toUpperCase()}${name.slice(1)}()` },
    { wrong: /\bthis\.(account|region)\b/g, right: (_, name) => `this.get${name[0].toUpperCase()}${name.slice(1)}()` },
    { wrong: DATE('new Date'), right: (text) => text.replace('new Date', 'Instant.parse'), needs: 'import java.time.Instant;' },
  ],
  csharp: [
    { wrong: /\{this\.(account|region)\}/g, right: (_, name) => `{this.${name[0].toUpperCase()}${name.slice(1)}}` },
    { wrong: DATE('new Date'), right: (_, ...parts) => `new DateTime(${date(parts, 6).join(', ')}, DateTimeKind.Utc)`, needs: 'using System;' },
  ],
};

/** Year, month, day and, unless it is midnight and need not be said, the time. */
function date(parts, atLeast = 3) {
  const numbers = parts.slice(0, 6).map(Number);
  return numbers.slice(0, numbers.slice(3).some(Boolean) ? 6 : atLeast);
}

function extract(cacheFile, assembly, ...options) {
  const { status, error } = spawnSync(join(root, 'node_modules', '.bin', 'jsii-rosetta'), [
    'extract', '--strict', '--compile', '--directory', 'examples/typescript', '--cache', cacheFile, '--trim-cache', ...options, assembly,
  ], { cwd: root, stdio: 'inherit' });
  if (error) {throw error;}
  if (status !== 0) {process.exit(status ?? 1);}
}

extract(cache, '.jsii', '--compress-tablet');

const content = JSON.parse(gunzipSync(readFileSync(tablet)).toString());
for (const { translations } of Object.values(content.snippets)) {
  for (const [language, flaws] of Object.entries(MENDED)) {
    const translation = translations[language];
    for (const { wrong, right, needs } of flaws) {
      const source = translation.source.replace(wrong, right);
      if (source !== translation.source) {
        translation.source = needs ? `${needs}\n${source}` : source;
      }
    }
  }
}
writeFileSync(tablet, gzipSync(JSON.stringify(content), { level: 9 }));

// To jsii-rosetta, the pages of docs/ are the READMEs of submodules of an assembly that is made up for it. They are read on GitHub, in TypeScript:
// nobody needs the translations. What imports nothing of the library is a fragment, or about something else.
const docs = join(root, '.cache', 'docs');
const SNIPPET = /^( *)```ts\b.*\n((?:\1.*\n|\n)*?)\1```$/gm;
const submodules = Object.fromEntries(readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => {
  const page = readFileSync(join(root, 'docs', name), 'utf8');
  const markdown = [...page.matchAll(SNIPPET)].map(([snippet, indent]) => snippet.replaceAll(`\n${indent}`, '\n').trim())
    .filter((snippet) => snippet.includes("from 'cdk-license-manager'")).join('\n\n');
  return [`docs/${name.replaceAll('.', '-')}`, { readme: { markdown } }];
}));
const assembly = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8'));
mkdirSync(docs, { recursive: true });
cpSync(join(root, 'rosetta'), join(docs, 'rosetta'), { recursive: true });
writeFileSync(join(docs, '.jsii'), JSON.stringify({ ...assembly, types: {}, readme: undefined, submodules }));
writeFileSync(join(docs, 'package.json'), JSON.stringify({ name: assembly.name, version: assembly.version }));
extract(join(root, '.cache', 'rosetta-docs.tabl.json'), docs);
