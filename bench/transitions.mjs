// What Step Functions bills for a license type conversion. The guide has these figures, too, and a test compares the two.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { installed } from './installed.mjs';

const require = createRequire(import.meta.url);
const file = fileURLToPath(import.meta.url);

const ROWS = [['checked', 'looked at only', 10], ['stopped', 'of a stopped instance', 17], ['running', 'of a running instance', 22]];

/** Changes of state of an instance, by the definition of the workflow. */
export function runTransitions() {
  console.log('Counting changes of state');
  // In a process of its own: what counts is TypeScript, of which Node would warn here.
  const counted = JSON.parse(execFileSync(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', file], { encoding: 'utf8' }));
  return ROWS.map(([way, what, limit]) => ({ what: `changes of state, ${what}`, value: counted[way], limit }));
}

if (process.argv[1] === file) {
  const { transitionsOf } = await import('../test/support/transitions.ts');
  process.stdout.write(JSON.stringify(transitionsOf(definition())));
}

/** The definition of a workflow with the default for everything, with its references as texts. */
function definition() {
  const { App, Stack } = require('aws-cdk-lib');
  const { Template } = require('aws-cdk-lib/assertions');
  const { LicenseConversionPath, LicenseConversionWorkflow } = require(installed());
  const stack = new Stack(new App(), 'Stack');
  new LicenseConversionWorkflow(stack, 'Workflow', { path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  return JSON.parse(Properties.DefinitionString['Fn::Join'][1].map((part) => typeof part === 'string' ? part : 'reference').join(''));
}
