// Lets the TypeScript example import `cdk-license-manager` as a user's app does: a link to this checkout, as `npm link` makes one.
// Everything else the example finds in the checkout's own node_modules, so that there is one aws-cdk-lib only.
import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const MODULES = join(ROOT, 'examples', 'typescript', 'node_modules');
const LINK = join(MODULES, 'cdk-license-manager');

if (!isLinked()) {
  rmSync(LINK, { recursive: true, force: true });
  mkdirSync(MODULES, { recursive: true });
  // Windows lets everybody make junctions, which are absolute; elsewhere the checkout may be moved.
  if (process.platform === 'win32') {
    symlinkSync(ROOT, LINK, 'junction');
  } else {
    symlinkSync(join('..', '..', '..'), LINK);
  }
}

function isLinked() {
  try {
    return resolve(MODULES, readlinkSync(LINK)) === resolve(ROOT);
  } catch {
    return false; // nothing there, or not a link
  }
}
