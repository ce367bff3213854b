/**
 * Asks npm for known vulnerabilities of the packages that the bundles contain, and fails if there are any.
 *
 * They are development dependencies, so that `npm audit --omit=dev` never sees them, and `npm audit` tells of what only builds and tests as well.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledPackages } from './bundled.mjs';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
try {
  // Two versions of one package have two names there.
  const dependencies = Object.fromEntries(bundledPackages().map(({ name, version }, index) => [`bundled-${index}`, `npm:${name}@${version}`]));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bundled', version: '0.0.0', private: true, dependencies }));
  for (const args of [['install', '--package-lock-only', '--ignore-scripts', '--no-fund', '--no-audit', '--silent'], ['audit']]) {
    const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' });
    if (status !== 0) {
      process.exitCode = status ?? 1;
      break;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
