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
    const template = fromStack(stack, ...rest);
    keep(stack, template.toJSON());
    return template;
  };
  return assertions;
});

function keep(stack: Stack, json: { Resources?: object }) {
  // Imports alone make nothing that could be deployed.
  if (Object.keys(json.Resources ?? {}).length === 0) {return;}
  const text = JSON.stringify(json);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${stack.stackName.replace(/[^\w-]/g, '_')}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`), text);
}
