/**
 * Bundles the made-up type as tools/bundle.mjs bundles the real ones.
 *
 * Usage: node bundle.mjs <folder>
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { options } from '../../../tools/bundle.mjs';

const { outputFiles } = await build({ ...options, entryPoints: ['test/custom-resource/made-up/index.ts'] });
writeFileSync(join(process.argv[2], 'index.js'), outputFiles[0].contents);
