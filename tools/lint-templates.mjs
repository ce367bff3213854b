// Lints the templates that the tests have left behind, and the example's, with tools made by others.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, '.venv', process.platform === 'win32' ? 'Scripts' : 'bin');
const collected = join(root, 'test-reports', 'templates');
const example = join(root, '.cache', 'example-assembly');

if (!existsSync(collected)) {
  console.error('There are no templates to lint: run the unit tests first (npx jest).');
  process.exit(1);
}

function run(title, command, args, options = {}) {
  console.log(`\n${title}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) {throw error;}
  if (status !== 0) {
    console.error(`${title}: found something (exit code ${status})`);
    process.exit(1);
  }
}

const jsonFiles = (folder, ending) => readdirSync(folder).filter((name) => name.endsWith(ending)).map((name) => join(folder, name));

run('The example, synthesized with aws-cdk-lib\'s own validator', join(root, 'node_modules', '.bin', 'cdk'), [
  'synth', '--quiet', '--strict', '--output', example,
  '--context', '@aws-cdk/core:validateAgainstDefaultRules=true',
], { cwd: join(root, 'examples', 'typescript') });
const exampleTemplates = jsonFiles(example, '.template.json');

const templates = jsonFiles(collected, '.json');
const cfnLint = (title, ...args) => run(title, join(bin, 'cfn-lint'), ['--non-zero-exit-code', 'informational', ...args]);
cfnLint(`cfn-lint on ${templates.length} templates`, '--', ...templates);
// W3005: aws-cdk-lib writes dependencies that a reference has, too. What is ignored here takes the place of what a template says of itself, as those above do.
cfnLint('cfn-lint on the example', '--ignore-checks', 'W3005', '--', ...exampleTemplates);

run('checkov on the example', join(bin, 'checkov'), [
  '--framework', 'cloudformation', '--compact', '--quiet', '--skip-download',
  ...exampleTemplates.flatMap((template) => ['--file', template]),
]);
console.log('\nNo finding.');
