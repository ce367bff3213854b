import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack, Stage } from 'aws-cdk-lib';

/*
 * Keeps every template that a test looks at, so that linters made by others see them all (tools/lint-templates.mjs), and
 * keeps aws-cdk-lib's validator quiet about what the stacks of tests are like; what it says otherwise is printed.
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

jest.mock('aws-cdk-lib', () => {
  const library = jest.requireActual('aws-cdk-lib');
  const synth = library.Stage.prototype.synth;
  library.Stage.prototype.synth = function (this: Stage, ...rest: unknown[]) {
    for (const [id, reason] of WHAT_TESTS_DO) {
      library.Validations.of(this).acknowledge({ id: `CloudFormation-Validate::${id}`, reason });
    }
    return synth.apply(this, rest);
  };
  return library;
});

const WHAT_TESTS_DO = [
  ['F0001', 'A test of what makes no resource.'],
  ['W2001', 'A parameter for what is refused.'],
  ['W9010', 'An AMI that a test names.'],
];

function keep(stack: Stack, json: { Resources?: object; Metadata?: object }) {
  // Imports alone make nothing that could be deployed.
  if (Object.keys(json.Resources ?? {}).length === 0) {return;}
  const text = JSON.stringify({ ...json, Metadata: { ...json.Metadata, ...forCfnLint(json) } });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${stack.stackName.replace(/[^\w-]/g, '_')}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`), text);
}

/**
 * W3005: aws-cdk-lib writes dependencies that a reference has, too. E1022: cfn-lint does not know that `Fn::GetStackOutput` may stand in a `Fn::Join`,
 * where aws-cdk-lib writes it. E3024: nor does it take a line break in the key of a tag, which is there to see that code stays code whatever a text has in it.
 */
function forCfnLint(json: object): object {
  const text = JSON.stringify(json);
  const unknown = [
    ...text.includes('Fn::GetStackOutput') ? ['E1022'] : [],
    ...LINE_BREAK_IN_KEY.test(text) ? ['E3024'] : [],
  ];
  return { 'cfn-lint': { config: { ignore_checks: ['W3005', ...unknown] } } };
}

const LINE_BREAK_IN_KEY = /"Key":"(?:[^"\\]|\\.)*\\n/;
