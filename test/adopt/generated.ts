/*
 * Generated code, run as a user would run it.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Stack, StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { createProgram, flattenDiagnosticMessageText, getPreEmitDiagnostics, ModuleKind, ScriptTarget, transpileModule } from 'typescript';
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

/** What the compiler says against a file of a user who is strict. */
export function typeErrorsIn(file: string): string[] {
  const root = join(__dirname, '..', '..');
  const program = createProgram([file], {
    strict: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noEmit: true,
    skipLibCheck: true,
    module: ModuleKind.Node16,
    target: ScriptTarget.ES2022,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    // As if the library and what it stands on were installed where the file is.
    paths: { 'cdk-license-manager': [join(root, 'src')], '*': [join(root, 'node_modules', '*')] },
  });
  return getPreEmitDiagnostics(program).filter(it => it.file?.fileName.includes('adopted'))
    .map(({ messageText }) => flattenDiagnosticMessageText(messageText, '\n'));
}
