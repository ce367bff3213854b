/*
 * Generated code, run as a user would run it.
 */
import { createRequire } from 'node:module';
import type { Stack, StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import * as library from '../../src';

/** The class of a stack that was generated in TypeScript. */
export function stackClassIn(source: string): new (scope: Construct, id: string, props?: StackProps) => Stack {
  const { outputText } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  const requireHere = createRequire(__filename);
  const exports: { [name: string]: any } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  new Function('exports', 'require', outputText)(exports, (name: string) => name === 'cdk-license-manager' ? library : requireHere(name));
  const [stackClass] = Object.values(exports);
  return stackClass;
}
