/*
 * The templates of an app, as they were written, and what their values stand for, across stacks.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CfnElement, Stack, Stage, Token } from 'aws-cdk-lib';
import type { PolicyValidationStack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { Conditions } from './conditions';
import { isLookUpDummy } from '../../private/identity/look-up-dummy';

/** Anything in a template. */
export type Value = any;

/** A resource in a template. */
export interface Entry {
  readonly template: Template;
  readonly logicalId: string;
  readonly type: string;
  /** Without what is none (`AWS::NoValue`), for all that is known. */
  readonly properties: { readonly [name: string]: Value };
  /** The conditions under which it is there, the same text for the same ones; nothing if it is there in any case. */
  readonly condition?: string;
}

/** What a value stands for; nothing if nobody knows that before the deployment. */
export type Meaning =
  /** A text, a number or the like, or an object whose members have meanings of their own. */
  | { readonly value: Value }
  /** A resource of the app, or an attribute of it. */
  | { readonly entry: Entry; readonly attribute?: string }
  /** A parameter that is given at the deployment. */
  | { readonly parameter: string; readonly in: Template; readonly type?: string; readonly default?: Value };

/** A template of the app. */
export class Template {
  public readonly entries = new Map<string, Entry>();
  /** Known account and Region; `undefined` where they are open until the deployment. */
  public readonly account?: string;
  public readonly region?: string;
  /** What is in it, by logical id, as far as it was asked for. */
  private paths?: Map<string, string>;

  constructor(
    public readonly stack: Stack, public readonly path: string, public readonly content: Value, public readonly isValidated: boolean,
    parent?: Template,
  ) {
    const { account, region } = stack;
    this.account = Token.isUnresolved(account) ? undefined : account;
    this.region = Token.isUnresolved(region) ? undefined : region;
    const conditions = new Conditions(content.Conditions ?? {}, value => {
      const text = this.pseudoParameter(value?.Ref) ?? value;
      return typeof text === 'object' || text === undefined ? undefined : String(text);
    });
    const own = stack.nestedStackResource && parent && parent.stack.resolve((stack.nestedStackResource as CfnElement).logicalId);
    const nested = own === undefined ? undefined : parent!.entries.get(own);
    // Of a nested stack that is not there, nothing is.
    const resources = own !== undefined && nested === undefined ? {} : content.Resources ?? {};
    for (const [logicalId, { Type: type, Properties = {}, Condition }] of Object.entries<Value>(resources).filter(([, it]) => typeof it?.Type === 'string')) {
      const isThere = Condition === undefined ? true : conditions.isSo(Condition);
      if (isThere !== false) {
        const condition = [nested?.condition, isThere ? undefined : `${path} ${Condition}`].filter(it => it !== undefined).join('\n') || undefined;
        this.entries.set(logicalId, { template: this, logicalId, type, properties: conditions.pruned(Properties), condition });
      }
    }
  }

  /** What a pseudo parameter is, where the stack says it. */
  public pseudoParameter(name: Value): string | undefined {
    return name === 'AWS::Region' ? this.region : name === 'AWS::AccountId' ? this.account : undefined;
  }

  /** The path of the construct of a resource; that of the stack for what was written by hand. */
  public pathOf(logicalId: string): string {
    return this.constructs().get(logicalId) ?? this.stack.node.path;
  }

  /** Whether a construct has made a resource. */
  public hasConstruct(logicalId: string): boolean {
    return this.constructs().has(logicalId);
  }

  private constructs(): ReadonlyMap<string, string> {
    this.paths ??= new Map(elementsOf(this.stack).map(element => [this.stack.resolve(element.logicalId), element.node.path]));
    return this.paths;
  }
}

function elementsOf(stack: Stack): CfnElement[] {
  const found = new Array<CfnElement>();
  const visit = (construct: IConstruct) => {
    if (CfnElement.isCfnElement(construct)) {
      found.push(construct);
    }
    construct.node.children.filter(child => !Stack.isStack(child)).forEach(visit);
  };
  visit(stack);
  return found;
}

const NESTED_STACK = 'AWS::CloudFormation::Stack';
/** What the CDK takes a value to another Region by, and from there. */
const WRITER = 'Custom::CrossRegionExportWriter';
const READER = 'Custom::CrossRegionExportReader';

/** All templates of an app. */
export class Templates {
  public readonly all: readonly Template[];
  private readonly byStack = new Map<Stack, Template>();
  private readonly exports = new Map<string, { readonly template: Template; readonly output: string }[]>();
  private readonly byStackName = new Map<string, Template[]>();
  private elsewhere?: Map<string, { readonly template: Template; readonly value: Value }[]>;
  /** The outputs that other stacks of the app take. */
  private readonly taken = new Set<Value>();

  /**
   * @param root   the app
   * @param stacks those that are validated
   */
  constructor(root: IConstruct, stacks: readonly PolicyValidationStack[]) {
    const paths = new Map(stacks.map(({ stackConstructPath, templatePath }) => [stackConstructPath, templatePath]));
    this.all = root.node.findAll().filter(Stack.isStack).flatMap(stack => {
      const outermost = outermostOf(stack);
      const given = paths.get(outermost.node.path);
      const folder = given === undefined ? Stage.of(stack)?.outdir : dirname(given);
      const path = stack === outermost && given !== undefined ? given : join(folder ?? '', stack.templateFile);
      const content = read(path);
      if (content === undefined) {
        return [];
      }
      // Those that a stack is nested in come before it.
      const template = new Template(stack, path, content, given !== undefined, stack.nestedStackParent && this.byStack.get(stack.nestedStackParent));
      this.byStack.set(stack, template);
      return [template];
    });
    for (const template of this.all) {
      add(this.byStackName, String(template.stack.stackName), template);
      for (const [output, { Export }] of Object.entries<Value>(template.content.Outputs ?? {})) {
        if (typeof Export?.Name === 'string') {
          add(this.exports, Export.Name, { template, output });
        }
      }
    }
  }

  /** What a value in a template stands for. */
  public meaningOf(template: Template, value: Value, depth = 0): Meaning | undefined {
    // A template by hand may go in circles.
    if (depth > 20 || value === undefined || value === null) {
      return undefined;
    }
    if (typeof value === 'string') {
      return isLookUpDummy(value) ? undefined : { value };
    }
    const key = intrinsicOf(value);
    if (key === undefined) {
      return { value };
    }
    const argument = value[key];
    switch (key) {
      case 'Ref': return this.meaningOfRef(template, argument, depth);
      case 'Fn::GetAtt': return this.meaningOfAttribute(template, Array.isArray(argument) ? argument : String(argument).split(/\.(.*)/s), depth);
      case 'Fn::ImportValue': return this.meaningOfExport(template, argument, depth);
      case 'Fn::GetStackOutput': return this.meaningOfStackOutput(template, argument, depth);
      case 'Fn::FindInMap': return this.meaningOfMapped(template, argument, depth);
      case 'Fn::Join': return this.meaningOfParts(template, Array.isArray(argument?.[1]) ? between(argument[1], argument[0]) : undefined, depth);
      case 'Fn::Sub': return this.meaningOfParts(template, partsOfSub(argument), depth);
      default: return undefined;
    }
  }

  /** Whether an output is one that another stack of the app takes, as far as meanings were asked for. */
  public isTaken(output: Value): boolean {
    return this.taken.has(output);
  }

  private meaningOfRef(template: Template, name: Value, depth: number): Meaning | undefined {
    const entry = template.entries.get(name);
    if (entry) {
      return { entry };
    }
    if (name === 'AWS::Region' && template.region !== undefined) {
      return { value: template.region };
    }
    const { Type: type, Default } = template.content.Parameters?.[name] ?? {};
    if (type === undefined) {
      return undefined;
    }
    const { nestedStackParent, nestedStackResource } = template.stack;
    const parent = nestedStackParent && this.byStack.get(nestedStackParent);
    const given = parent?.entries.get(parent.stack.resolve((nestedStackResource as CfnElement).logicalId))?.properties.Parameters?.[name];
    return given === undefined ? { parameter: name, in: template, type, default: Default } : this.meaningOf(parent!, given, depth + 1);
  }

  private meaningOfAttribute(template: Template, [name, attribute]: Value[], depth: number): Meaning | undefined {
    const entry = template.entries.get(name);
    if (entry?.type === NESTED_STACK && String(attribute).startsWith('Outputs.')) {
      const nested = this.all.find(({ stack }) => stack.nestedStackParent === template.stack
        && template.stack.resolve((stack.nestedStackResource as CfnElement).logicalId) === name);
      return nested && this.meaningOfOutput(nested, String(attribute).slice('Outputs.'.length), depth);
    }
    if (entry?.type === READER) {
      const found = this.nearest(template, this.writtenElsewhere().get(attribute), it => it.template);
      return found && this.meaningOf(found.template, found.value, depth + 1);
    }
    return entry && { entry, attribute: typeof attribute === 'string' ? attribute : undefined };
  }

  /** What the CDK takes to other Regions, by its name there. */
  private writtenElsewhere(): Map<string, { readonly template: Template; readonly value: Value }[]> {
    if (this.elsewhere === undefined) {
      this.elsewhere = new Map();
      for (const { template, properties } of this.all.flatMap(it => [...it.entries.values()]).filter(({ type }) => type === WRITER)) {
        for (const [name, value] of Object.entries<Value>(properties.WriterProps?.exports ?? {})) {
          add(this.elsewhere, name, { template, value });
        }
      }
    }
    return this.elsewhere;
  }

  private meaningOfMapped(template: Template, names: Value, depth: number): Meaning | undefined {
    const known = (Array.isArray(names) ? names : []).slice(0, 3).map(name => this.meaningOf(template, name, depth + 1));
    const texts = known.map(it => it && 'value' in it && typeof it.value !== 'object' ? String(it.value) : undefined);
    return texts.length < 3 || texts.includes(undefined) ? undefined
      : this.meaningOf(template, texts.reduce<Value>((map, name) => map?.[name!], template.content.Mappings), depth + 1);
  }

  private meaningOfExport(template: Template, name: Value, depth: number): Meaning | undefined {
    const found = this.nearest(template, typeof name === 'string' ? this.exports.get(name) : undefined, it => it.template);
    return found && this.meaningOfOutput(found.template, found.output, depth);
  }

  private meaningOfStackOutput(template: Template, { StackName, OutputName, Region }: Value, depth: number): Meaning | undefined {
    const named = this.byStackName.get(StackName)?.filter(it => typeof Region !== 'string' || it.region === undefined || it.region === Region);
    const found = typeof Region === 'string' && named?.length === 1 ? named[0] : this.nearest(template, named, it => it);
    return found && this.meaningOfOutput(found, OutputName, depth);
  }

  /** Of one name in several environments, that of the template's own. */
  private nearest<T>(template: Template, found: readonly T[] = [], of: (it: T) => Template): T | undefined {
    const here = found.filter(it => of(it).account === template.account && of(it).region === template.region);
    return here.length === 1 ? here[0] : found.length === 1 ? found[0] : undefined;
  }

  private meaningOfOutput(template: Template, name: string, depth: number): Meaning | undefined {
    const output = template.content.Outputs?.[name];
    this.taken.add(output);
    return output && this.meaningOf(template, output.Value, depth + 1);
  }

  /** A text that is known in all its parts. */
  private meaningOfParts(template: Template, parts: readonly Value[] | undefined, depth: number): Meaning | undefined {
    const known = parts?.filter(part => part !== '').map(part => this.meaningOf(template, part, depth + 1));
    if (known?.length === 1) {
      return known[0];
    }
    const texts = known?.map(it => it && 'value' in it && typeof it.value !== 'object' ? String(it.value) : undefined);
    return texts === undefined || texts.includes(undefined) ? undefined : { value: texts.join('') };
  }
}

function outermostOf(stack: Stack): Stack {
  return stack.nestedStackParent ? outermostOf(stack.nestedStackParent) : stack;
}

/** Of a stack that writes no template, or another thing than JSON, nothing is known. */
function read(path: string): Value {
  try {
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.get(key)?.push(value) ?? map.set(key, [value]);
}

/** The intrinsic function that a value is. */
export function intrinsicOf(value: Value): string | undefined {
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::')) ? keys[0] : undefined;
}

function between(parts: Value[], delimiter: Value): Value[] {
  return parts.flatMap((part, index) => index === 0 || delimiter === '' ? [part] : [delimiter, part]);
}

/** `Fn::Sub`: what is written, and references in between. */
export function partsOfSub(argument: Value): Value[] | undefined {
  const [text, variables = {}] = Array.isArray(argument) ? argument : [argument];
  return typeof text !== 'string' ? undefined : text.split(/(\$\{[^}]*\})/).filter(part => part !== '').map(part => {
    const name = /^\$\{([^!][^}]*)\}$/.exec(part)?.[1].trim();
    return name === undefined ? part.replace('${!', '${') : name in variables ? variables[name]
      : name.includes('.') ? { 'Fn::GetAtt': name.split(/\.(.*)/s).slice(0, 2) } : { Ref: name };
  });
}

/** The parts that a text in a template is made of, in the order in which they are in it. */
export function partsOf(value: Value): readonly Value[] {
  const key = intrinsicOf(value);
  const parts = key === 'Fn::Join' && Array.isArray(value[key]?.[1]) ? between(value[key][1], value[key][0])
    : key === 'Fn::Sub' ? partsOfSub(value[key]) : undefined;
  return parts?.flatMap(partsOf) ?? [value];
}
