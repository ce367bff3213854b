// require('cdk-license-manager') against requiring the aws-cdk-lib modules that it needs.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, inFreshProcess } from './measure.mjs';

const library = join(dirname(fileURLToPath(import.meta.url)), '..', 'lib', 'index.js');

export async function runLoading() {
  console.log('Loading the library');
  const files = needed();
  const base = () => inFreshProcess(files.map((file) => `require(${JSON.stringify(file)})`).join(';'));
  const load = `require(${JSON.stringify(library)})`;
  const rows = [];
  for (const [what, script, limit] of [
    ['load time', load, 1.05],
    ['load time with the first LicenseConfiguration', `${load}.LicenseConfiguration`, Infinity],
  ]) {
    const { ours, base: modules, ratio } = compare(() => inFreshProcess(script), base, { warmUps: 3, repetitions: 25 });
    rows.push({ what, ours, base: modules, unit: 'ms', value: ratio, limit });
  }
  return rows;
}

/** The files of aws-cdk-lib and constructs that a LicenseConfiguration needs, in the order in which they are loaded. */
function needed() {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', `
    require(${JSON.stringify(library)}).LicenseConfiguration;
    process.stdout.write(JSON.stringify(Object.keys(require.cache).filter((file) => !file.startsWith(${JSON.stringify(dirname(library))}))));
  `], { encoding: 'utf8' });
  if (status !== 0) {throw new Error(stderr);}
  return JSON.parse(stdout);
}
