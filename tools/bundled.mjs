import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * The packages that the bundles under assets/ contain, in the versions that are locked, as { name, version }.
 *
 * They are read where the bundles say it to users.
 */
export function bundledPackages() {
  const assets = join(ROOT, 'assets');
  const packages = new Map();
  for (const folder of readdirSync(assets)) {
    const file = join(assets, folder, 'THIRD-PARTY-LICENSES');
    if (existsSync(file)) {
      for (const line of readFileSync(file, 'utf8').split('\n\n')[1].trim().split('\n')) {
        const [name, version] = line.split(' ');
        packages.set(`${name}@${version}`, { name, version });
      }
    }
  }
  if (packages.size === 0) {throw new Error('There are no bundles: run "npm run bundle".');}
  return [...packages.values()];
}
