import { mayBeNone } from './private/conditions';
import { type Entry, type Meaning, partsOf, type Templates } from './private/templates';
import { brand } from '../private/identity/copies';
import { givenAs, TEXT } from '../private/validation/given';

/**
 * A resource as it is in a template: whatever has made it, an L1, an L2, an imported template or an override.
 */
export class SynthesizedResource {
  /**
   * The resource of an entry: one for each.
   *
   * @internal
   */
  public static _of(templates: Templates, entry: Entry): SynthesizedResource {
    const known = KNOWN.get(entry) ?? new SynthesizedResource(templates, entry);
    KNOWN.set(entry, known);
    return known;
  }

  private constructor(
    private readonly templates: Templates,
    /** @internal */
    public readonly _entry: Entry,
  ) {
    brand(this, 'SynthesizedResource');
  }

  /**
   * The logical id.
   */
  public get logicalId(): string {
    return this._entry.logicalId;
  }

  /**
   * The CloudFormation type: `AWS::EC2::Instance`.
   */
  public get resourceType(): string {
    return this._entry.type;
  }

  /**
   * The path of its construct. Of a resource that was written into a template by hand, that of the stack.
   */
  public get constructPath(): string {
    return this._entry.template.pathOf(this.logicalId);
  }

  /**
   * The file of the template.
   */
  public get templatePath(): string {
    return this._entry.template.path;
  }

  /**
   * The account that it is deployed to.
   *
   * @default - the stack leaves it open until the deployment
   */
  public get account(): string | undefined {
    return this._entry.template.account;
  }

  /**
   * The Region that it is deployed to.
   *
   * @default - the stack leaves it open until the deployment
   */
  public get region(): string | undefined {
    return this._entry.template.region;
  }

  /**
   * The properties as they are in the template, with its intrinsic functions. What is `AWS::NoValue` is not there, and of `Fn::If` with a condition that is known
   * before the deployment only the part that applies.
   */
  public get properties(): { [name: string]: any } {
    return this._entry.properties;
  }

  /**
   * Whether a property is in the template, whatever it is.
   *
   * @param path the names that lead to it, with the places in lists: `LaunchTemplateData.Placement.Tenancy`, `Tags.0.Key`
   */
  public has(path: string): boolean {
    return this.rendered(path) !== undefined;
  }

  /**
   * Whether a property is there, whatever the conditions are.
   *
   * @param path the names that lead to it
   * @internal
   */
  public _hasForCertain(path: string): boolean {
    return this.has(path) && !mayBeNone(this.rendered(path));
  }

  /**
   * Whether this resource is there whenever another one is, or, without another one, in any case.
   *
   * @internal
   */
  public _isThereWith(other?: SynthesizedResource): boolean {
    return this._entry.condition === undefined || this._entry.condition === other?._entry.condition;
  }

  /**
   * What is known of a property: a text, a number, true or false, or a list or a map as it is in the template. A value that comes from another stack of the app
   * is followed to where it is written.
   *
   * @param path the names that lead to it, with the places in lists: `LaunchTemplateData.Placement.Tenancy`, `Tags.0.Key`
   * @returns nothing if the property is not there, or if nobody knows before the deployment what it is: a parameter, a condition, an attribute
   */
  public known(path: string): any {
    const meaning = this._meaningOf(this.rendered(path));
    return meaning && 'value' in meaning ? meaning.value : undefined;
  }

  /**
   * The resource that a property refers to, by whichever of its attributes, also in another stack of the app.
   *
   * @param path the names that lead to it, with the places in lists: `SubnetId`, `SecurityGroupIds.0`
   * @returns nothing if it refers to none, or to one that is not of the app
   */
  public referred(path: string): SynthesizedResource | undefined {
    const meaning = this._meaningOf(this.rendered(path));
    return meaning && 'entry' in meaning ? SynthesizedResource._of(this.templates, meaning.entry) : undefined;
  }

  /**
   * What a value in the template of the resource stands for.
   *
   * @internal
   */
  public _meaningOf(value: unknown): Meaning | undefined {
    return this.templates.meaningOf(this._entry.template, value);
  }

  /**
   * The text that a value stands for.
   *
   * @internal
   */
  public _textOf(value: unknown): string | undefined {
    const meaning = this._meaningOf(value);
    return meaning && 'value' in meaning && typeof meaning.value === 'string' ? meaning.value : undefined;
  }

  /**
   * The number that a value stands for: CloudFormation takes it as a text, too.
   *
   * @internal
   */
  public _numberOf(value: unknown): number | undefined {
    const meaning = this._meaningOf(value);
    const known = meaning && 'value' in meaning ? meaning.value : undefined;
    return typeof known === 'number' ? known : typeof known === 'string' && /^\d+$/.test(known) ? Number(known) : undefined;
  }

  /**
   * The resource that a value stands for.
   *
   * @internal
   */
  public _resourceOf(value: unknown): SynthesizedResource | undefined {
    const meaning = this._meaningOf(value);
    return meaning && 'entry' in meaning ? SynthesizedResource._of(this.templates, meaning.entry) : undefined;
  }

  /**
   * The resources that the parts of a text refer to, such as those of an ARN that is put together.
   *
   * @internal
   */
  public _resourcesIn(value: unknown): SynthesizedResource[] {
    return partsOf(value).flatMap(part => this._resourceOf(part) ?? []);
  }

  /**
   * Whether both may be in one account and Region: what is open may be anything.
   *
   * @internal
   */
  public _isNear(other: SynthesizedResource): boolean {
    const differ = (one: string | undefined, two: string | undefined) => one !== undefined && two !== undefined && one !== two;
    return !differ(this.account, other.account) && !differ(this.region, other.region);
  }

  private rendered(path: string): any {
    return givenAs(`resource '${this.constructPath}'`, 'path', path, TEXT).split('.').reduce<any>((value, name) => value?.[name], this._entry.properties);
  }
}

const KNOWN = new WeakMap<Entry, SynthesizedResource>();
