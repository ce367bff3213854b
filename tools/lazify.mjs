// Makes the compiled barrels load a file when something of it is used, as those of aws-cdk-lib do: an app pays for what it uses.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const lib = join(dirname(fileURLToPath(import.meta.url)), '..', 'lib');
const MARK = '// Loaded when used: written by tools/lazify.mjs.';

// The names have to be known before the first of them is asked for, so the files are loaded here once.
const rewritten = barrels(join(lib, 'index.js')).map((file) => [file, lazy(file)]);
for (const [file, text] of rewritten) {writeFileSync(file, text);}

/** A barrel and those that it is made of. */
function barrels(file) {
  const text = readFileSync(file, 'utf8');
  if (text.includes(MARK)) {return [];}
  const parts = [...text.matchAll(/^(?:__exportStar\(|exports\.\w+ = __importStar\()require\("(.+?)"\)/gm)];
  if (parts.length === 0) {return [];}
  return [file, ...parts.flatMap(([, path]) => barrels(require.resolve(join(dirname(file), path))))];
}

function lazy(file) {
  const text = readFileSync(file, 'utf8');
  const load = [];
  for (const [, path] of text.matchAll(/^__exportStar\(require\("(.+?)"\), exports\);/gm)) {
    for (const name of Object.keys(require(join(dirname(file), path)))) {load.push([name, `require(${JSON.stringify(path)}).${name}`]);}
  }
  for (const [, name, path] of text.matchAll(/^exports\.(\w+) = __importStar\(require\("(.+?)"\)\);/gm)) {
    load.push([name, `require(${JSON.stringify(path)})`]);
  }
  return [
    '"use strict";',
    MARK,
    'Object.defineProperty(exports, "__esModule", { value: true });',
    // Assigned one by one, so that ECMAScript modules can import by name.
    ...load.map(([name]) => `exports.${name} = void 0;`),
    'const lazily = (name, load) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get() {',
    '  const value = load();',
    '  Object.defineProperty(exports, name, { enumerable: true, value });',
    '  return value;',
    '} });',
    ...load.map(([name, expression]) => `lazily(${JSON.stringify(name)}, () => ${expression});`),
    '',
  ].join('\n');
}
