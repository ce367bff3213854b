// The Go example against generated bindings: the Go module proxy's aws-cdk-lib is older than the one that this library needs.
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES, generateDependencies, run, step, synth, work } from './shared.mjs';

export async function synthGo(library) {
  const dependencies = await generateDependencies('go');
  // The example's own go.mod stays as a user would write it: a copy says where the modules are, and go takes that one.
  const modfile = join(work, 'go.mod');
  copyFileSync(join(EXAMPLES, 'go', 'go.mod'), modfile);
  await run('go', ['mod', 'edit', ...modules(join(dependencies, 'go'), join(library, 'go')).map((replacement) => `-replace=${replacement}`), modfile]);
  const env = { GOFLAGS: `-modfile=${modfile} -mod=mod`, GOWORK: 'off' };
  await step('Compile the Go example', () => run('go', ['vet', '.'], { cwd: join(EXAMPLES, 'go'), env }));
  return step('Synthesize the Go example', () => synth('go', { env }));
}

/** Every generated module, as `path=folder`. */
function modules(...folders) {
  return folders.flatMap((folder) => readdirSync(folder).map((name) => {
    const [, path] = /^module (\S+)$/m.exec(readFileSync(join(folder, name, 'go.mod'), 'utf8'));
    return `${path}=${join(folder, name)}`;
  }));
}
