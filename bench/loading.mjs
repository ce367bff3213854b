// require('cdk-license-manager') against requiring the aws-cdk-lib modules that it needs.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, inFreshProcess } from './measure.mjs';

const library = join(dirname(fileURLToPath(import.meta.url)), '..', 'lib', 'index.js');

export async function runLoading() {
  console.log('Loading the library');
  const modules = needed();
  const { ours, base, ratio } = compare(
    () => inFreshProcess(`require(${JSON.stringify(library)})`),
    () => inFreshProcess(modules.map((file) => `require(${JSON.stringify(file)})`).join(';')),
    { warmUps: 3, repetitions: 25 },
  );
  return [{ what: `load time (${modules.length} modules of aws-cdk-lib and constructs)`, ours, base, unit: 'ms', value: ratio, limit: 1.05 }];
}

/** The modules of other packages that the library itself requires while it is loaded. */
function needed() {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', `
    const Module = require('node:module');
    const resolve = Module._resolveFilename;
    const own = ${JSON.stringify(dirname(library))};
    const found = new Set();
    Module._resolveFilename = function (request, parent, ...rest) {
      const file = resolve.call(this, request, parent, ...rest);
      if (parent?.filename?.startsWith(own) && !file.startsWith(own) && file.includes('node_modules')) found.add(file);
      return file;
    };
    require(${JSON.stringify(library)});
    process.stdout.write(JSON.stringify([...found]));
  `], { encoding: 'utf8' });
  if (status !== 0) {throw new Error(stderr);}
  return JSON.parse(stdout);
}
