/**
 * Writes sbom.cdx.json, which is in the npm package: what the bundles contain, as CycloneDX.
 *
 * npm knows what is installed; of that, it is what is in the bundles. Neither the time nor a serial number is in it: the same sources make the same file.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages, ROOT } from './bundled.mjs';

const installed = JSON.parse(execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
  cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'],
}));
const bundled = new Set(bundledPackages().map(({ name, version }) => `${name}@${version}`));
const components = installed.components
  .filter(({ group, name, version }) => bundled.delete(`${group ? `${group}/` : ''}${name}@${version}`))
  .map((component) => ({ ...component, scope: 'required' }));
if (bundled.size > 0) {throw new Error(`The lock file does not have what is bundled: ${[...bundled].join(', ')}.`);}

const { metadata: { component } } = installed;
const names = new Set(components.map((it) => it['bom-ref']));
writeFileSync(join(ROOT, 'sbom.cdx.json'), `${JSON.stringify({
  $schema: installed.$schema,
  bomFormat: installed.bomFormat,
  specVersion: installed.specVersion,
  version: 1,
  metadata: { component: { ...component, name: 'cdk-license-manager' } },
  components,
  dependencies: installed.dependencies.filter(({ ref }) => names.has(ref)).map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((it) => names.has(it)) })),
}, undefined, 2)}\n`);
