import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * The library as a user has it, in a folder node_modules: aws-cdk-lib folds what is there in the stack trace of every resource.
 *
 * @returns its folder
 */
export function installed() {
  const folder = join(root, '.cache', 'bench', 'node_modules', 'cdk-license-manager');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ['lib', 'assets', 'package.json']) {cpSync(join(root, part), join(folder, part), { recursive: true });}
  return folder;
}
