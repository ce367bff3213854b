import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';

/*
 * Keeps every template that a test looks at, so that linters made by others see them all (tools/lint-templates.mjs).
 */
const FOLDER = join(__dirname, '..', '..', 'test-reports', 'templates');

jest.mock('aws-cdk-lib/assertions', () => {
  const assertions = jest.requireActual('aws-cdk-lib/assertions');
  const fromStack = assertions.Template.fromStack.bind(assertions.Template);
  assertions.Template.fromStack = (stack: Stack, ...rest: unknown[]) => {
    acknowledgeWhatTestsDo(stack);
    const template = fromStack(stack, ...rest);
    keep(stack, template.toJSON());
    return template;
  };
  return assertions;
});

/** What aws-cdk-lib's validator says of the stacks of tests, because they are small or name a resource that there is not. */
function acknowledgeWhatTestsDo(stack: Stack): void {
  const { Validations } = jest.requireActual('aws-cdk-lib');
  for (const [id, reason] of [
    ['F0001', 'A test of what makes no resource.'], ['W2001', 'A parameter for what is refused.'], ['W9010', 'An AMI that a test names.'],
  ]) {
    Validations.of(stack.node.root).acknowledge({ id: `CloudFormation-Validate::${id}`, reason });
  }
}

function keep(stack: Stack, json: { Resources?: object }) {
  // Imports alone make nothing that could be deployed.
  if (Object.keys(json.Resources ?? {}).length === 0) {return;}
  const text = JSON.stringify(json);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${stack.stackName.replace(/[^\w-]/g, '_')}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`), text);
}
