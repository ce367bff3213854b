// Compiles the snippets of the README and of the docstrings, and translates them into the other languages.
//
// The translations are in .jsii.tabl.json.gz, which is part of the npm package: jsii-pacmak takes them from there for the packages of all
// languages.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
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

const { status, error } = spawnSync(join(root, 'node_modules', '.bin', 'jsii-rosetta'), [
  'extract', '--strict', '--compile', '--directory', 'examples/typescript', '--compress-tablet', '--cache', cache, '--trim-cache', '.jsii',
], { cwd: root, stdio: 'inherit' });
if (error) {throw error;}
if (status !== 0) {process.exit(status ?? 1);}

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
