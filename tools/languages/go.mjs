// The Go example, with aws-cdk-lib from the Go module proxy if that has the version of this library, else with generated bindings.
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES, generateDependencies, run, step, synth, versionOf, work } from './shared.mjs';

export async function synthGo(library) {
  // The example's own go.mod stays as a user would write it: a copy says where the modules are, and go takes that one.
  const modfile = join(work, 'go.mod');
  copyFileSync(join(EXAMPLES, 'go', 'go.mod'), modfile);
  const replace = (folder) => run('go', ['mod', 'edit', ...modules(folder).map((replacement) => `-replace=${replacement}`), modfile]);
  const options = { cwd: join(EXAMPLES, 'go'), env: { GOFLAGS: `-modfile=${modfile} -mod=mod`, GOWORK: 'off' } };

  await replace(join(library, 'go'));
  try {
    await step('Ask the Go module proxy for all modules', () => run('go', ['list', '-m', 'all'], options));
  } catch {
    console.log(`   The Go module proxy does not have aws-cdk-lib ${versionOf('aws-cdk-lib')}, or not all that it needs`);
    await replace(join(await generateDependencies('go'), 'go'));
  }
  await step('Compile the Go example', () => run('go', ['vet', '.'], options));
  return step('Synthesize the Go example', () => synth('go', { env: options.env }));
}

/** Every generated module of a folder, as `path=folder`. */
function modules(folder) {
  return readdirSync(folder).map((name) => {
    const [, path] = /^module (\S+)$/m.exec(readFileSync(join(folder, name, 'go.mod'), 'utf8'));
    return `${path}=${join(folder, name)}`;
  });
}
