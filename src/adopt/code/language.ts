import type { Doc, Layout } from './doc';
import { group } from './doc';
import { literal, snakeCase } from './text';

/** Properties by their names in TypeScript; those that are undefined are left out. */
export type Properties = { readonly [name: string]: Expression | undefined };

/** A value of what is written, whatever the language. */
export type Expression = (language: Language) => Doc;

/** The module that a name is imported from. */
export type Module = 'aws-cdk-lib' | 'aws-cdk-lib/aws-ec2' | 'aws-cdk-lib/aws-kms' | 'constructs' | 'cdk-license-manager';

/** A language to write in. */
export interface Language {
  readonly name: 'typescript' | 'python';
  readonly layout: Layout;
  readonly commentMark: string;
  /** The stack, inside of its constructor. */
  readonly self: string;
  /** How a local variable is named after a construct. */
  variable(id: string): string;
  /** The name of a property or a method. */
  member(name: string): string;
  text(value: string): string;
  flag(value: boolean): string;
  list(members: readonly Doc[]): Doc;
  /** A map, whose keys are data. */
  dictionary(entries: readonly (readonly [string, Doc])[]): Doc;
  /** A call whose last argument are properties. */
  call(callee: string, args: readonly Doc[], properties?: readonly (readonly [string, Doc])[]): Doc;
  /** A struct that is no last argument. */
  struct(name: string, properties: readonly (readonly [string, Doc])[]): Doc;
  create(name: string): string;
  date(iso: string): Doc;
  /** What is not part of the declared type. */
  defaultChild(variable: string): string;
  assignment(variable: string, value: Doc): Doc;
  statement(value: Doc): Doc;
  /** Notes that a name is used, so that it is imported. */
  use(module: Module, name: string): string;
}

/** What both languages have in common. */
abstract class Base {
  public abstract readonly commentMark: string;
  private readonly imports = new Map<Module, Set<string>>();

  public use(module: Module, name: string): string {
    this.imports.set(module, (this.imports.get(module) ?? new Set()).add(name));
    return name;
  }

  /** The names that were used, by their modules, in the order in which modules are imported. */
  protected used(): [Module, string[]][] {
    return [...this.imports].map(([module, names]): [Module, string[]] => [module, [...names].sort(compare)])
      .sort(([one], [other]) => compare(one, other));
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** TypeScript. */
export class TypeScript extends Base implements Language {
  public readonly name = 'typescript';
  public readonly layout = { width: 140, step: '  ' };
  public readonly commentMark = '//';
  public readonly self = 'this';

  public variable(id: string): string {
    // An acronym at the beginning is one word: `SQLServer` is `sqlServer`.
    return id.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, head => head.toLowerCase());
  }

  public member(name: string): string {
    return name;
  }

  public text(value: string): string {
    return literal(value, '\'');
  }

  public flag(value: boolean): string {
    return String(value);
  }

  public list(members: readonly Doc[]): Doc {
    return group('[', members, ']');
  }

  public dictionary(entries: readonly (readonly [string, Doc])[]): Doc {
    // As a literal, `__proto__` would be no key.
    return group('{', entries.map(([key, value]) => [key === '__proto__' ? '[\'__proto__\']' : nameOrLiteral(key), ': ', value]), '}', ' ');
  }

  public call(callee: string, args: readonly Doc[], properties?: readonly (readonly [string, Doc])[]): Doc {
    if (properties === undefined || properties.length === 0) {
      return group(`${callee}(`, args, ')');
    }
    const members = properties.map(([name, value]): Doc => value === name ? name : [`${name}: `, value]);
    const lead = args.flatMap((arg): Doc[] => [arg, ', ']);
    return [`${callee}(`, ...lead, group('{', members, '}', ' '), ')'];
  }

  public struct(_name: string, properties: readonly (readonly [string, Doc])[]): Doc {
    return group('{', properties.map(([name, value]) => [`${name}: `, value]), '}', ' ');
  }

  public create(name: string): string {
    return `new ${name}`;
  }

  public date(iso: string): Doc {
    return `new Date(${this.text(iso)})`;
  }

  public defaultChild(variable: string): string {
    return `(${variable}.node.defaultChild as ${this.use('aws-cdk-lib', 'CfnResource')})`;
  }

  public assignment(variable: string, value: Doc): Doc {
    return [`const ${variable} = `, value, ';'];
  }

  public statement(value: Doc): Doc {
    return [value, ';'];
  }

  /** The lines that import what was used. */
  public importLines(): string[] {
    return this.used().map(([module, names]) => {
      const line = `import { ${names.join(', ')} } from '${module}';`;
      return line.length <= this.layout.width ? line : `import {\n${filled(names, this.layout.width - 2).map(it => `  ${it},\n`).join('')}} from '${module}';`;
    });
  }
}

/** Python. */
export class Python extends Base implements Language {
  public readonly name = 'python';
  public readonly layout = { width: 120, step: '    ' };
  public readonly commentMark = '#';
  public readonly self = 'self';
  private usesDates = false;

  public variable(id: string): string {
    return snakeCase(id);
  }

  public member(name: string): string {
    return snakeCase(name);
  }

  public text(value: string): string {
    return literal(value, '"');
  }

  public flag(value: boolean): string {
    return value ? 'True' : 'False';
  }

  public list(members: readonly Doc[]): Doc {
    return group('[', members, ']');
  }

  public dictionary(entries: readonly (readonly [string, Doc])[]): Doc {
    return group('{', entries.map(([key, value]) => [this.text(key), ': ', value]), '}');
  }

  public call(callee: string, args: readonly Doc[], properties: readonly (readonly [string, Doc])[] = []): Doc {
    return group(`${callee}(`, [...args, ...properties.map(([name, value]): Doc => [`${snakeCase(name)}=`, value])], ')');
  }

  public struct(name: string, properties: readonly (readonly [string, Doc])[]): Doc {
    return this.call(this.use('cdk-license-manager', name), [], properties);
  }

  public create(name: string): string {
    return name;
  }

  public date(iso: string): Doc {
    this.usesDates = true;
    return `datetime.fromisoformat(${this.text(iso.replace(/Z$/, '+00:00'))})`;
  }

  public defaultChild(variable: string): string {
    return `${variable}.node.default_child`;
  }

  public assignment(variable: string, value: Doc): Doc {
    return [`${variable} = `, value];
  }

  public statement(value: Doc): Doc {
    return value;
  }

  /** The lines that import what was used. */
  public importLines(): string[] {
    const lines = this.used().map(([module, names]) => {
      const from = module.replace('aws-cdk-lib', 'aws_cdk').replaceAll('/', '.').replaceAll('-', '_');
      const line = `from ${from} import ${names.join(', ')}`;
      return line.length <= this.layout.width ? line : `from ${from} import (\n${filled(names, this.layout.width - 4).map(it => `    ${it},\n`).join('')})`;
    });
    return this.usesDates ? ['from datetime import datetime', '', ...lines] : lines;
  }
}

function nameOrLiteral(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key, '\'');
}

/** Names in lines, as many as there is room for. */
function filled(names: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 2 + name.length < width) {
      lines[lines.length - 1] = `${last}, ${name}`;
    } else {
      lines.push(name);
    }
  }
  return lines;
}
