// Makes the compiled files load what they import when it is used, as those of aws-cdk-lib do: an app pays for what it uses.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const require = createRequire(import.meta.url);
const lib = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'lib'));
const MARK = '// Loads what it imports when it is used: written by tools/lazify.mjs.';

const files = readdirSync(lib, { recursive: true }).filter((file) => file.endsWith('.js')).map((file) => join(lib, file));
// The files stand alone here: what they import is of no importance to which of their names mean an import.
const program = ts.createProgram(files, { allowJs: true, noLib: true, noResolve: true, types: [] });
const checker = program.getTypeChecker();

const done = { before: 0, barrels: 0, imports: 0 };
const rewritten = files.map((file) => [file, lazy(program.getSourceFile(file))]);
if (done.before === 0 && (done.barrels === 0 || done.imports === 0)) {
  throw new Error(
    `Found ${done.barrels} barrels and ${done.imports} imports to rewrite in ${files.length} files of ${lib}. ` +
    'The compiler\'s output has another form than tools/lazify.mjs knows.');
}
for (const [file, text] of rewritten) {writeFileSync(file, text);}

/** The text of a file, with its imports loaded when they are used. */
function lazy(source) {
  if (source.text.includes(MARK)) {
    done.before++;
    return source.text;
  }
  const forms = source.statements.map(formOf);
  // An import that is overlooked would not be missed by anybody, but loaded in vain.
  const known = forms.filter(({ path }) => path !== undefined).length;
  const all = descendants(source).filter((node) => requiredBy(node) !== undefined).length;
  if (known !== all) {throw unknown(source, `${all - known} of ${all} calls of require() are not those of imports or exports at the top.`);}
  return forms.some(({ kind }) => kind === 'export') ? barrel(source, forms) : withLazyImports(source, forms);
}

/** What a statement does with a file that it loads. */
function formOf(statement) {
  if (ts.isVariableStatement(statement) && statement.declarationList.declarations.length === 1) {
    // const a_1 = require("./a");
    const [{ name, initializer }] = statement.declarationList.declarations;
    const path = ts.isIdentifier(name) ? loadedBy(initializer) : undefined;
    if (path !== undefined) {return { kind: 'import', path, name, initializer, statement };}
  } else if (ts.isExpressionStatement(statement)) {
    const { expression } = statement;
    // require("./a");
    if (requiredBy(expression) !== undefined) {return { kind: 'effect', path: requiredBy(expression) };}
    // __exportStar(require("./a"), exports);
    if (calls(expression, '__exportStar')) {return { kind: 'export', path: requiredBy(expression.arguments[0]) };}
    if (ts.isBinaryExpression(expression) && ts.isPropertyAccessExpression(expression.left) && expression.left.expression.getText() === 'exports') {
      // exports.a = __importStar(require("./a"));
      const path = loadedBy(expression.right);
      if (path !== undefined) {return { kind: 'export', path, name: expression.left.name.text };}
    }
  }
  return { kind: 'other', statement };
}

function calls(node, name) {
  return node !== undefined && ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name;
}

/** The path in `require("./a")`. */
function requiredBy(node) {
  return calls(node, 'require') && node.arguments.length === 1 && ts.isStringLiteral(node.arguments[0]) ? node.arguments[0].text : undefined;
}

/** The same, also for what the compiler puts around it. */
function loadedBy(node) {
  return requiredBy(calls(node, '__importStar') || calls(node, '__importDefault') ? node.arguments[0] : node);
}

/** A file that consists of what others export. */
function barrel(source, forms) {
  for (const { kind, statement } of forms) {
    if (kind === 'import' || kind === 'effect' || (kind === 'other' && !isOfEveryBarrel(statement))) {
      throw unknown(source, 'A file that exports another one should do nothing else.');
    }
  }
  const load = new Map();
  for (const { kind, path, name } of forms) {
    if (kind === 'export' && name !== undefined) {load.set(name, `require(${JSON.stringify(path)})`);}
  }
  for (const { kind, path, name: ofAll } of forms) {
    if (kind !== 'export' || ofAll !== undefined) {continue;}
    // The names have to be known before the first of them is asked for, so the file is loaded here once.
    for (const name of Object.keys(require(join(dirname(source.fileName), path)))) {
      // As __exportStar has it.
      if (name !== 'default' && !load.has(name)) {load.set(name, `require(${JSON.stringify(path)}).${name}`);}
    }
  }
  done.barrels++;
  return [
    '"use strict";',
    MARK,
    'Object.defineProperty(exports, "__esModule", { value: true });',
    // Assigned one by one, so that ECMAScript modules can import by name.
    ...[...load.keys()].map((name) => `exports.${name} = void 0;`),
    'const lazily = (name, load) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get() {',
    '  const value = load();',
    '  Object.defineProperty(exports, name, { enumerable: true, value });',
    '  return value;',
    '} });',
    ...[...load].map(([name, expression]) => `lazily(${JSON.stringify(name)}, () => ${expression});`),
    '',
  ].join('\n');
}

/** "use strict", the compiler's helpers, the mark of a module, and names that get their value later. */
function isOfEveryBarrel(statement) {
  return ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.every(({ name }) => name.getText().startsWith('__'))
    : ts.isExpressionStatement(statement)
      && (ts.isStringLiteral(statement.expression) || /^Object\.defineProperty\(exports, "__esModule"|^(exports\.\w+ = )+void 0/.test(statement.getText()));
}

/** A file with code of its own. Lines stay where they are, so that source maps still lead to them. */
function withLazyImports(source, forms) {
  const edits = [];
  const imports = new Map(forms.filter(({ kind }) => kind === 'import').map((form) => [checker.getSymbolAtLocation(form.name), { ...form, uses: [] }]));
  for (const node of descendants(source)) {
    const it = ts.isIdentifier(node) && imports.get(symbolOf(node));
    if (it && it.name !== node) {it.uses.push(node);}
  }
  for (const { name, initializer, statement, uses } of imports.values()) {
    // What is used while the file is loaded is loaded with it, and then without a detour.
    if (uses.some(isUsedAtLoad)) {continue;}
    const text = name.text;
    edits.push([statement.getStart(), statement.end, `let ${text} = () => { const it = ${initializer.getText()}; ${text} = () => it; return it; };`]);
    for (const use of uses) {edits.push(...called(use));}
    done.imports++;
  }
  if (edits.length === 0) {return source.text;}
  const [first] = source.text.split('\n', 1);
  if (first !== '"use strict";') {throw unknown(source, `The first line is '${first}', after which there is no place for a comment.`);}
  edits.push([first.length, first.length, ` ${MARK}`]);
  return edited(source.text, edits);
}

/** What a name means. In `{ a }` it is a property and a value: the value is meant. */
function symbolOf(identifier) {
  return ts.isShorthandPropertyAssignment(identifier.parent)
    ? checker.getShorthandAssignmentValueSymbol(identifier.parent)
    : checker.getSymbolAtLocation(identifier);
}

/** Whether a node is reached while the file is loaded. What is in a function is not, unless the function is called where it stands. */
function isUsedAtLoad(node) {
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    const isName = child === parent.name;
    if (ts.isFunctionLike(parent) && !isName && !isCalledWhereItStands(parent)) {return false;}
    if (ts.isPropertyDeclaration(parent) && !isName && !parent.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)) {return false;}
  }
  return true;
}

function isCalledWhereItStands(node) {
  let it = node;
  while (ts.isParenthesizedExpression(it.parent)) {it = it.parent;}
  return ts.isCallExpression(it.parent) && it.parent.expression === it;
}

/** The edits that make a call of a name. */
function called(use) {
  if (ts.isShorthandPropertyAssignment(use.parent)) {return [[use.end, use.end, `: ${use.text}()`]];}
  let callee = use;
  while ((ts.isPropertyAccessExpression(callee.parent) || ts.isElementAccessExpression(callee.parent)) && callee.parent.expression === callee) {callee = callee.parent;}
  // `new a().B()` would make an `a`.
  const isNew = ts.isNewExpression(callee.parent) && callee.parent.expression === callee;
  return [
    ...isNew ? [[callee.getStart(), callee.getStart(), '(']] : [],
    [use.end, use.end, '()'],
    ...isNew ? [[callee.end, callee.end, ')']] : [],
  ];
}

function edited(text, edits) {
  let end = text.length;
  const parts = [];
  // Those at the same place stay in their order.
  for (const [from, to, replacement] of edits.map((edit, index) => [...edit, index]).sort((a, b) => b[0] - a[0] || b[3] - a[3])) {
    parts.unshift(replacement, text.slice(to, end));
    end = from;
  }
  return text.slice(0, end) + parts.join('');
}

function descendants(node) {
  const all = [];
  const visit = (child) => {
    all.push(child);
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return all;
}

function unknown(source, what) {
  return new Error(`${relative(lib, source.fileName)}: ${what} The compiler's output has another form than tools/lazify.mjs knows.`);
}
