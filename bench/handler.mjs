// The function: the size of its bundle, and its start against that of a function that loads the same SDK client and does nothing.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { options } from '../tools/bundle.mjs';
import { compare, inFreshProcess } from './measure.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bundle = join(root, 'assets', 'custom-resource', 'index.js');

export async function runHandler() {
  console.log('Starting the function');
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const baseline = join(folder, 'index.js');
    await build({ ...options, outfile: baseline, write: true, stdin: { contents: sdkOnly(), resolveDir: root, loader: 'js' } });
    const load = (file) => `process.env.AWS_REGION = 'us-east-1'; require(${JSON.stringify(file)})`;
    const { ours, base, ratio } = compare(
      () => inFreshProcess(load(bundle)),
      () => inFreshProcess(load(baseline)),
      { warmUps: 3, repetitions: 25 },
    );
    // Deflate at its default level, as the CDK CLI packs the asset.
    const zipped = gzipSync(readFileSync(bundle)).length / 1024;
    return [
      { what: 'bundle of the function, KB zipped', value: zipped, limit: 250 },
      { what: 'start of the function', ours, base, unit: 'ms', value: ratio, limit: 1.10 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A handler with the same client, the same operations and the same protocols for other services, and nothing else. */
function sdkOnly() {
  const commands = namesIn('operations/license-manager.ts', /\b\w+Command\b/g);
  const protocols = namesIn('clients/service.ts', /\bAws\w+Protocol\b/g);
  return `
    import { ${commands.join(', ')}, LicenseManagerClient } from '@aws-sdk/client-license-manager';
    import { ${protocols.join(', ')} } from '@aws-sdk/core/protocols';
    export const client = new LicenseManagerClient({ credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    export const handler = () => [${[...commands, ...protocols].join(', ')}];
  `;
}

function namesIn(file, pattern) {
  return [...new Set(readFileSync(join(root, 'src', 'custom-resource', 'handler', file), 'utf8').match(pattern))];
}
