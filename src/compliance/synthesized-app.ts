import type { PolicyValidationStack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { GovernedProduct } from './governed-product';
import { launchesIn } from './private/find-launches';
import { licensesIn, type Licenses } from './private/find-licenses';
import { Templates } from './private/templates';
import type { SynthesizedLaunch } from './synthesized-launch';
import type { SynthesizedLicense } from './synthesized-license';
import { SynthesizedResource } from './synthesized-resource';
import { brand } from '../private/identity/copies';

/**
 * An app as it was synthesized: the templates of all its stacks, also of nested ones and of those in stages, and what they say about licenses.
 *
 * A rule (`ILicenseRule`) looks at it, and changes nothing.
 */
export class SynthesizedApp {
  /**
   * An app.
   *
   * @param root     its root
   * @param stacks   the stacks that are validated
   * @param products the products that are looked for
   * @internal
   */
  public static _of(root: IConstruct, stacks: readonly PolicyValidationStack[], products: readonly GovernedProduct[]): SynthesizedApp {
    return new SynthesizedApp(root, stacks, products);
  }

  /** @internal */
  public readonly _products: readonly GovernedProduct[];

  private readonly templates: Templates;
  private readonly byType = new Map<string, SynthesizedResource[]>();
  private foundLicenses?: Licenses;
  private foundLaunches?: SynthesizedLaunch[];

  private constructor(
    /** @internal */
    public readonly _root: IConstruct,
    stacks: readonly PolicyValidationStack[],
    products: readonly GovernedProduct[],
  ) {
    brand(this, 'SynthesizedApp');
    this._products = GovernedProduct._merged(products);
    this.templates = new Templates(_root, stacks);
    for (const template of this.templates.all) {
      for (const entry of template.entries.values()) {
        const resource = SynthesizedResource._of(this.templates, entry);
        const others = this.byType.get(entry.type);
        if (others) {
          others.push(resource);
        } else {
          this.byType.set(entry.type, [resource]);
        }
      }
    }
  }

  /**
   * All resources.
   */
  public get resources(): SynthesizedResource[] {
    return [...this.byType.values()].flat();
  }

  /**
   * The self-managed licenses that the app makes, by CloudFormation or through the API, or imports.
   */
  public get licenses(): SynthesizedLicense[] {
    return this._licenses.all;
  }

  /**
   * What launches EC2 instances, or builds images on them.
   */
  public get launches(): SynthesizedLaunch[] {
    this.foundLaunches ??= launchesIn(this);
    return [...this.foundLaunches];
  }

  /**
   * The resources of a type.
   *
   * @param resourceType the CloudFormation type: `AWS::EC2::Instance`
   */
  public resourcesOfType(resourceType: string): SynthesizedResource[] {
    return [...this.byType.get(resourceType) ?? []];
  }

  /**
   * The resources of types.
   *
   * @internal
   */
  public _ofTypes(types: readonly string[]): SynthesizedResource[] {
    return types.flatMap(type => this.byType.get(type) ?? []);
  }

  /** @internal */
  public get _licenses(): Licenses {
    this.foundLicenses ??= licensesIn(this, this.templates);
    return this.foundLicenses;
  }
}
