import type { Import, Program, Section, Statement } from './program';
import { Variable } from './program';
import { constant, create, factory, json, method, self, text, then } from '../code/expressions';
import { Inexpressible } from '../code/inexpressible';
import type { Expression, Properties } from '../code/language';
import { distinction, idsOf, logicalIdOf } from '../code/names';
import type { Named } from '../code/names';
import { shown } from '../code/text';
import type { Estate, Tag } from '../estate';
import { hasType } from '../regions';

/** What happens to everything when it is taken out of the stack: a constant of the stack's constructor. */
export const REMOVAL_POLICY = 'removalPolicy';
const removalPolicy: Expression = language => language.member(REMOVAL_POLICY);

/** How code refers to something that it does not make. */
interface Reference {
  readonly type: string;
  readonly method: string;
  readonly kind: string;
}

/** By the part of an ARN that says what it is. */
const REFERENCES: { readonly [resource: string]: Reference } = {
  'license-configuration': { type: 'LicenseConfiguration', method: 'fromLicenseConfigurationArn', kind: 'License' },
  'license-asset-ruleset': { type: 'LicenseAssetRuleSet', method: 'fromLicenseAssetRuleSetArn', kind: 'RuleSet' },
  'license-asset-group': { type: 'LicenseAssetGroup', method: 'fromLicenseAssetGroupArn', kind: 'AssetGroup' },
  'license': { type: 'License', method: 'fromLicenseArn', kind: 'SellerIssuedLicense' },
  'grant': { type: 'Grant', method: 'fromGrantArn', kind: 'Grant' },
  'group': { type: 'HostResourceGroup', method: 'fromHostResourceGroupArn', kind: 'Hosts' },
};

/** Something that CloudFormation has a type for. */
export interface Declaration {
  readonly arn: string;
  /** What it is called in comments: `License 'sql-server'`. */
  readonly what: string;
  /** The type of CloudFormation. */
  readonly resourceType: string;
  /** What CloudFormation knows it by. */
  readonly identifier: { readonly [property: string]: string };
  /** The attribute that is its ARN. */
  readonly arnAttribute: string;
  readonly tags?: readonly Tag[];
  readonly comments?: readonly string[];
  /** The construct of this library. Throws `Inexpressible` if it cannot say what there is. */
  readonly construct: () => { readonly type: string; readonly properties: Properties; readonly after?: (variable: Variable) => Expression[] };
  /** The same as CloudFormation has it: written if the construct cannot say it. Throws `Inexpressible` if CloudFormation cannot either. */
  readonly properties: () => object;
  /** What is known of it, if it is referred to only. */
  readonly attributes?: () => Properties;
  /** The logical id, if it follows not from the path alone. */
  readonly logicalId?: (path: readonly string[]) => string;
}

/** Puts the code of a stack together. */
export class Writer {
  private readonly ids: Map<string, string>;
  private readonly variables = new Map<string, Variable>();
  private readonly sections: { readonly title: string; readonly statements: Statement[] }[] = [];
  private readonly imports: Import[] = [];
  private readonly logicalIds = new Map<string, string>();
  private readonly references: Statement[] = [];
  private left = 0;
  private takenOver = 0;

  /**
   * @param estate       what there is
   * @param things       what gets an id
   * @param known        the ids of an earlier time, by ARN
   * @param hasEveryType whether the Region has all types, whatever is known of it
   */
  constructor(public readonly estate: Estate, things: readonly Named[], known: ReadonlyMap<string, string>, private readonly hasEveryType: boolean) {
    this.ids = idsOf(things, known);
  }

  /** Begins to write things of a kind. */
  public section(title: string): void {
    this.sections.push({ title, statements: [] });
  }

  public idOf(arn: string): string {
    return this.ids.get(arn)!;
  }

  /** The logical id of what is imported, if the ARN is that of such a thing. */
  public logicalIdOf(arn: string): string | undefined {
    return this.logicalIds.get(arn);
  }

  /** Writes something that CloudFormation has a type for: it is imported. */
  public declare(declaration: Declaration): void {
    const { what, comments = [], tags } = declaration;
    const foreign = this.whyNot(declaration);
    if (foreign !== undefined) {
      this.refer(declaration, `${what} ${foreign}`);
      return;
    }
    const untold = tags === undefined ? [`The tags of ${what} were not read: those that it has stay as they are.`] : [];
    try {
      this.declareConstruct(declaration, [...comments, ...untold]);
    } catch (error) {
      const reason = reasonOf(error);
      try {
        this.declareResource(declaration, [`${what} is written as CloudFormation has it: ${reason}.`, ...comments, ...untold]);
      } catch (again) {
        this.refer(declaration, `${what} is not managed by this stack, and stays as it is: ${reasonOf(again)}.`);
      }
    }
  }

  /** Writes what a function of this library brings about: it finds it as it is. If that cannot be written, the comment that says so. */
  public takeOver(what: string, statement: () => Statement): void {
    try {
      this.add(statement());
      this.takenOver++;
    } catch (error) {
      this.leave(`${what} is not managed by this stack, and stays as it is: ${reasonOf(error)}.`);
    }
  }

  /** Says of something why there is no code for it. */
  public leave(...comments: string[]): void {
    this.left++;
    this.add({ comments });
  }

  public add(statement: Statement): void {
    this.sections.at(-1)!.statements.push(statement);
  }

  /** What stands for an ARN: a variable of what is declared, or a reference. */
  public of(arn: string): Expression {
    const known = this.variables.get(arn);
    if (known !== undefined) {
      return known.reference;
    }
    const by = referenceOf(arn);
    if (by === undefined) {
      throw new Inexpressible(`'${arn}' is an ARN of something else than this library has`);
    }
    const id = this.ids.get(arn) ?? `${by.kind}${distinction(arn)}`;
    const variable = new Variable(id);
    this.references.push({ variable, value: factory(by.type, by.method, [self, text(id), text(arn)]), isOptional: true });
    this.variables.set(arn, variable);
    return variable.reference;
  }

  /** All that was written. */
  public program(): Program {
    const sections: Section[] = [{ title: 'What others manage', statements: this.references }, ...this.sections];
    const { imports, left, takenOver } = this;
    return { sections: sections.filter(({ statements }) => statements.length > 0), imports, left, takenOver };
  }

  /** Why something is not taken in. */
  private whyNot({ resourceType, tags = [] }: Declaration): string | undefined {
    const tagged = (name: string) => tags.find(({ key }) => key === name)?.value;
    const stack = tagged('aws:cloudformation:stack-name');
    if (stack !== undefined) {
      return `belongs to the CloudFormation stack '${shown(stack)}', and a resource is in one stack only. It is referred to, and stays as it is.`;
    }
    const custom = tagged('cdk-license-manager:stack-id');
    if (custom !== undefined) {
      return `belongs to a custom resource of the stack '${shown(custom)}': "Where the CloudFormation type has not arrived" in the guides has the way to ` +
        'the native type. It is referred to, and stays as it is.';
    }
    if (!this.hasEveryType && !hasType(this.estate.region, resourceType)) {
      return `cannot be imported: CloudFormation has no ${resourceType} in ${this.estate.region} yet. It is referred to, and stays as it is. When the type ` +
        `has arrived (aws cloudformation describe-type --type RESOURCE --type-name ${resourceType}), run this command with --every-type.`;
    }
    return undefined;
  }

  private declareConstruct({ arn, identifier, tags = [], construct, logicalId = logicalIdOf }: Declaration, comments: readonly string[]): void {
    const id = this.idOf(arn);
    const variable = new Variable(id);
    const { type, properties, after = () => [] } = construct();
    const target = [variable.reference];
    const tagging = writable(tags).map(({ key, value }) => then(factory('Tags', 'of', target, {}, 'aws-cdk-lib'), 'add', [text(key), text(value)]));
    this.add({
      comments, variable, value: create(type, [self, text(id)], { ...properties, removalPolicy }), after: [...after(variable), ...tagging],
    });
    this.variables.set(arn, variable);
    this.import(arn, logicalId([id, 'Resource']), identifier);
  }

  private declareResource({ arn, resourceType, arnAttribute, identifier, tags, properties }: Declaration, comments: readonly string[]): void {
    const id = this.idOf(arn);
    const variable = new Variable(id);
    const own = writable(tags ?? []).map(({ key, value }) => ({ Key: key, Value: value }));
    const withTags = { ...properties(), ...own.length > 0 ? { Tags: own } : {} };
    this.add({
      comments,
      variable,
      value: create('CfnResource', [self, text(id)], { type: text(resourceType), properties: json(withTags) }, 'aws-cdk-lib'),
      after: [method(variable.reference, 'applyRemovalPolicy', [removalPolicy])],
    });
    this.import(arn, id, identifier);
    const by = referenceOf(arn);
    if (by !== undefined) {
      const referenceId = `${id}Reference`;
      const reference = new Variable(referenceId);
      const attribute = then(method(variable.reference, 'getAtt', [text(arnAttribute)]), 'toString', []);
      this.add({ variable: reference, value: factory(by.type, by.method, [self, text(referenceId), attribute]), isOptional: true });
      this.variables.set(arn, reference);
    }
  }

  private import(arn: string, logicalId: string, identifier: Import['identifier']): void {
    this.imports.push({ logicalId, identifier });
    this.logicalIds.set(arn, logicalId);
  }

  /** Writes a reference to something that the stack does not manage, and why. */
  public refer({ arn, attributes }: Pick<Declaration, 'arn' | 'attributes'>, comment: string): void {
    this.left++;
    const by = referenceOf(arn);
    if (by === undefined) {
      this.add({ comments: [comment] });
      return;
    }
    const id = this.idOf(arn);
    const variable = new Variable(id);
    const byArn = factory(by.type, by.method, [self, text(id), text(arn)]);
    this.variables.set(arn, variable);
    this.add({ comments: [comment], variable, value: this.byAttributes(by, id, attributes) ?? byArn });
  }

  private byAttributes(by: Reference, id: string, attributes: Declaration['attributes']): Expression | undefined {
    try {
      return attributes && factory(by.type, by.method.replace(/Arn$/, 'Attributes'), [self, text(id)], attributes());
    } catch (error) {
      reasonOf(error);
      return undefined;
    }
  }
}

function referenceOf(arn: string): Reference | undefined {
  const [, , service, , , resource = ''] = arn.split(':');
  const kind = service === 'license-manager' ? resource : service === 'resource-groups' ? resource.split('/')[0] : '';
  return Object.hasOwn(REFERENCES, kind) ? REFERENCES[kind] : undefined;
}

/** Why something cannot be written; whatever else went wrong is passed on. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Inexpressible)) {
    throw error;
  }
  return error.message;
}

/** Those of AWS are nobody's to write. */
function writable(tags: readonly Tag[]): Tag[] {
  return tags.filter(({ key }) => !/^aws:/i.test(key));
}

/** A constant of a class where there is one for the value, else whatever the value is. */
export function constantOrOf(type: string, constants: { readonly [value: string]: string }, value: string): Expression {
  return Object.hasOwn(constants, value) ? constant(type, constants[value]) : factory(type, 'of', [text(value)]);
}

/** Refuses to write a construct that would say something else than there is. */
export function inexpressible(condition: boolean, reason: string): void {
  if (condition) {
    throw new Inexpressible(reason);
  }
}

/** The name of something in a comment. */
export function named(kind: string, name: string): string {
  return `${kind} '${shown(name)}'`;
}
