// require('cdk-license-manager') against requiring the aws-cdk-lib modules that it needs, and a first license against a first L1.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, inFreshProcess } from './measure.mjs';

const library = join(dirname(fileURLToPath(import.meta.url)), '..', 'lib', 'index.js');

export async function runLoading() {
  console.log('Loading the library');
  const load = `require(${JSON.stringify(library)})`;
  const needed = requestsOf(`${load}.LicenseConfiguration`).map((request) => `require(${JSON.stringify(request)})`).join(';');
  return [
    ['load time', load, needed, 1.05],
    ['load time with the first LicenseConfiguration', `${load}.LicenseConfiguration`, needed, 1.30],
    // What is not loaded with the class may have to be loaded as soon as it is used.
    ['first LicenseConfiguration of an app', first(load, licenseOfOurs), first('require("aws-cdk-lib/aws-licensemanager")', rawLicense), 1.30],
  ].map(([what, script, baseline, limit]) => {
    const { ours, base, ratio } = compare(() => inFreshProcess(script), () => inFreshProcess(baseline), { warmUps: 3, repetitions: 25 });
    return { what, ours, base, unit: 'ms', value: ratio, limit };
  });
}

/**
 * What is loaded of aws-cdk-lib and constructs, in the order in which it is loaded.
 *
 * What the library itself asks for is asked for by the same name, because finding a module is part of loading it. The rest follows by path.
 */
function requestsOf(script) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', `
    const { Module } = require('node:module');
    const own = (file) => file.startsWith(${JSON.stringify(dirname(library))});
    const names = new Map();
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (request, parent, ...rest) => {
      const file = resolve(request, parent, ...rest);
      if (parent && own(parent.filename ?? '') && !names.has(file)) {names.set(file, request);}
      return file;
    };
    ${script};
    const others = Object.keys(require.cache).filter((file) => !own(file));
    process.stdout.write(JSON.stringify(others.map((file) => names.get(file) ?? file)));
  `], { encoding: 'utf8' });
  if (status !== 0) {throw new Error(stderr);}
  return JSON.parse(stdout);
}

/** An app with a stack, which both have, and what one makes in it. */
function first(load, make) {
  return `
    const { App, Stack } = require('aws-cdk-lib');
    const stack = new Stack(new App(), 'Stack');
    (${make})(${load}, stack);
  `;
}

const licenseOfOurs = ({ LicenseConfiguration, LicenseCounting }, stack) => new LicenseConfiguration(stack, 'License', {
  licenseConfigurationName: 'windows-server',
  licenseCounting: LicenseCounting.cores({ minimumCores: 8 }),
  licenseCount: 96,
});

const rawLicense = ({ CfnLicenseConfiguration }, stack) => new CfnLicenseConfiguration(stack, 'License', {
  name: 'windows-server',
  licenseCountingType: 'Core',
  licenseRules: ['#minimumCores=8', '#allowedTenancy=EC2-DedicatedHost'],
  licenseCount: 96,
});
