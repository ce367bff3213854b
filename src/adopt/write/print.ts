import type { Program, Statement } from './program';
import { REMOVAL_POLICY } from './writer';
import type { Doc } from '../code/doc';
import { print } from '../code/doc';
import { Inexpressible } from '../code/inexpressible';
import type { Language } from '../code/language';
import { Python, TypeScript } from '../code/language';
import { shown, wrapped } from '../code/text';
import type { Estate } from '../estate';

/*
 * The program as files of a language.
 */

/** A file. */
export interface WrittenFile {
  readonly name: string;
  readonly text: string;
}

/** How the stack is called, and where it is. */
export interface StackName {
  /** The id of the stack in the app, which is its name: `AdoptedLicenses`. */
  readonly id: string;
}

/** Names that are taken, by the language or by the code around. */
const TAKEN = {
  typescript: [
    'abstract', 'any', 'arguments', 'as', 'async', 'await', 'boolean', 'break', 'case', 'catch', 'class', 'const', 'constructor', 'continue', 'debugger', 'declare',
    'default', 'delete', 'do', 'else', 'enum', 'eval', 'export', 'extends', 'false', 'finally', 'for', 'from', 'function', 'get', 'if', 'implements', 'import', 'in',
    'instanceof', 'interface', 'is', 'let', 'module', 'namespace', 'never', 'new', 'null', 'number', 'object', 'of', 'package', 'private', 'protected', 'public',
    'readonly', 'require', 'return', 'set', 'static', 'string', 'super', 'switch', 'symbol', 'this', 'throw', 'true', 'try', 'type', 'typeof', 'undefined', 'unique',
    'unknown', 'using', 'var', 'void', 'while', 'with', 'yield', 'scope', 'id', 'props', REMOVAL_POLICY,
  ],
  python: [
    'and', 'as', 'assert', 'async', 'await', 'break', 'case', 'class', 'continue', 'def', 'del', 'elif', 'else', 'except', 'finally', 'for', 'from', 'global', 'if',
    'import', 'in', 'is', 'lambda', 'match', 'nonlocal', 'not', 'or', 'pass', 'raise', 'return', 'super', 'try', 'type', 'while', 'with', 'yield', 'self', 'scope',
    'construct_id', 'kwargs', 'datetime', 'removal_policy',
  ],
};

/** The lines of the constructor. */
function body(program: Program, language: Language, isIncluded: (statement: Statement) => boolean): string[] {
  const indent = language.layout.step.repeat(2);
  const lines: string[] = [];
  const comment = (text: string) => wrapped(text, language.layout.width - indent.length - 2).forEach(line => lines.push(`${indent}${language.commentMark} ${line}`));
  const code = (doc: Doc) => lines.push(indent + print(doc, indent, language.layout));
  for (const { title, statements } of program.sections) {
    const included = statements.filter(isIncluded);
    if (included.length === 0) {continue;}
    lines.push('', `${indent}${language.commentMark} ${title}`);
    for (const { comments = [], variable, value, after = [] } of included) {
      if (comments.length > 0) {lines.push('');}
      comments.forEach(comment);
      if (value !== undefined) {
        const doc = value(language);
        code(variable?.isUsed ? language.assignment(variable.reference(language) as string, doc) : language.statement(doc));
        after.forEach(it => code(language.statement(it(language))));
      }
    }
  }
  return lines;
}

/** Prints until nothing new is referred to: what is referred to has a variable, and some things are there for that only. */
function printed<L extends Language>(program: Program, make: () => L): { readonly language: L; readonly lines: string[] } {
  const statements = program.sections.flatMap(section => section.statements);
  const language = make();
  const taken = new Set(TAKEN[language.name]);
  statements.forEach(({ variable }) => variable?.declare(language, taken));
  const isIncluded = ({ isOptional, variable }: Statement) => !isOptional || variable!.isUsed;
  for (;;) {
    const count = statements.filter(({ variable }) => variable?.isUsed).length;
    const again = make();
    // What is done with a variable refers to it.
    const lines = body(program, again, isIncluded);
    if (statements.filter(({ variable }) => variable?.isUsed).length === count) {
      return { language: again, lines };
    }
  }
}

/** What stands at the beginning of the stack's file. */
function introduction(estate: Estate, program: Program): string[] {
  return [
    `License Manager in account ${shown(estate.account)}, ${shown(estate.region)}, as it was found by cdk-license-manager adopt.`,
    ...program.left === 0 ? [] : [`${program.left} of the things that were found are not managed here: look for the comments.`],
    ...estate.unread.map(it => `Not read: ${it}`),
  ];
}

const KEEP = 'What is taken out of the stack, or the stack itself when it is deleted, leaves everything where it is. To have the stack delete what it no longer has: ' +
  'RemovalPolicy.DESTROY.';

/** The files of an app in TypeScript. */
export function printTypeScript(program: Program, estate: Estate, stack: StackName): WrittenFile[] {
  const { language, lines } = printed(program, () => {
    const it = new TypeScript();
    ['RemovalPolicy', 'Stack', 'StackProps'].forEach(name => it.use('aws-cdk-lib', name));
    it.use('constructs', 'Construct');
    return it;
  });
  const { width } = language.layout;
  const file = kebabCase(stack.id);
  return [
    {
      name: `${file}-stack.ts`,
      text: [
        ...introduction(estate, program).flatMap(it => wrapped(it, width - 3)).map(it => `// ${it}`),
        ...language.importLines(),
        '',
        `export class ${stack.id}Stack extends Stack {`,
        '  constructor(scope: Construct, id: string, props?: StackProps) {',
        '    super(scope, id, props);',
        '',
        ...wrapped(KEEP, width - 7).map(it => `    // ${it}`),
        `    const ${REMOVAL_POLICY} = RemovalPolicy.RETAIN;`,
        ...program.imports.length + program.takenOver === 0 ? [`    void ${REMOVAL_POLICY};`] : [],
        ...lines,
        '  }',
        '}',
        '',
      ].join('\n'),
    },
    {
      name: 'app.ts',
      text: [
        'import { App } from \'aws-cdk-lib\';',
        `import { ${stack.id}Stack } from './${file}-stack';`,
        '',
        'const app = new App();',
        `new ${stack.id}Stack(app, ${language.text(stack.id)}, { env: { account: ${language.text(estate.account)}, region: ${language.text(estate.region)} } });`,
        'app.synth();',
        '',
      ].join('\n'),
    },
  ];
}

/** The files of an app in Python. */
export function printPython(program: Program, estate: Estate, stack: StackName): WrittenFile[] {
  const { language, lines } = printed(program, () => {
    const it = new Python();
    ['RemovalPolicy', 'Stack'].forEach(name => it.use('aws-cdk-lib', name));
    it.use('constructs', 'Construct');
    return it;
  });
  const { width } = language.layout;
  const file = kebabCase(stack.id).replaceAll('-', '_');
  return [
    {
      name: `${file}_stack.py`,
      text: [
        ...introduction(estate, program).flatMap(it => wrapped(it, width - 2)).map(it => `# ${it}`),
        ...language.importLines(),
        '',
        '',
        `class ${stack.id}Stack(Stack):`,
        '    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:',
        '        super().__init__(scope, construct_id, **kwargs)',
        '',
        ...wrapped(KEEP, width - 10).map(it => `        # ${it}`),
        '        removal_policy = RemovalPolicy.RETAIN',
        ...lines,
        '',
      ].join('\n'),
    },
    {
      name: 'app.py',
      text: [
        'from aws_cdk import App, Environment',
        `from ${file}_stack import ${stack.id}Stack`,
        '',
        'app = App()',
        `${stack.id}Stack(`,
        '    app,',
        `    ${language.text(stack.id)},`,
        `    env=Environment(account=${language.text(estate.account)}, region=${language.text(estate.region)}),`,
        ')',
        'app.synth()',
        '',
      ].join('\n'),
    },
  ];
}

function kebabCase(id: string): string {
  return id.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

/** The mapping that `cdk import --resource-mapping` reads. */
export function printMapping(program: Program): string {
  const logicalIds = new Set(program.imports.map(({ logicalId }) => logicalId));
  if (logicalIds.size < program.imports.length) {
    throw new Inexpressible('two resources have one logical id');
  }
  return `${JSON.stringify(Object.fromEntries(program.imports.map(({ logicalId, identifier }) => [logicalId, identifier])), undefined, 2)}\n`;
}
