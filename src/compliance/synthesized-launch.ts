import type { Facts } from './private/launch-facts';
import type { SynthesizedLicense } from './synthesized-license';
import type { SynthesizedResource } from './synthesized-resource';
import { brand } from '../private/identity/copies';

/**
 * What launches EC2 instances, or builds images on them, with one launch template or without: an instance, an Auto Scaling group, a fleet, a node group, an
 * image pipeline and the like. What launches from several templates, is there once for each. So is a launch template of which the app does not say who launches
 * from it.
 */
export class SynthesizedLaunch {
  /**
   * A launch, of which something is known.
   *
   * @internal
   */
  public static _of(facts: Facts): SynthesizedLaunch {
    return new SynthesizedLaunch(facts);
  }

  private constructor(
    /** @internal */
    public readonly _facts: Facts,
  ) {
    brand(this, 'SynthesizedLaunch');
  }

  /**
   * What launches.
   */
  public get resource(): SynthesizedResource {
    return this._facts.resource;
  }

  /**
   * The launch template that it launches from.
   *
   * @default - none, or one that is not of the app
   */
  public get launchTemplate(): SynthesizedResource | undefined {
    return this._facts.launchTemplate;
  }

  /**
   * The licenses that it is launched with: those that are written, and those that the app puts on its image.
   */
  public get licenses(): SynthesizedLicense[] {
    return [...this._facts.licenses];
  }

  /**
   * The instance types, as far as they are known.
   */
  public get instanceTypes(): string[] {
    return this._facts.instanceTypes.filter(type => type !== undefined);
  }

  /**
   * The tenancies that are written, as EC2 calls them: `default`, `dedicated`, `host`.
   */
  public get tenancies(): string[] {
    return this._facts.tenancies.filter(tenancy => typeof tenancy === 'string');
  }

  /**
   * Whether it runs on Dedicated Hosts, for all that is known.
   */
  public get isOnDedicatedHosts(): boolean {
    return this._facts.tenancies.length > 0 && this._facts.tenancies.every(tenancy => tenancy === 'host');
  }

  /**
   * The most instances that it launches.
   *
   * @default - nobody knows
   */
  public get maximumInstances(): number | undefined {
    return this._facts.maximumInstances;
  }

  /**
   * The id of the image.
   *
   * @default - nobody knows
   */
  public get imageId(): string | undefined {
    return this._facts.image?.id;
  }

  /**
   * The name of the parameter of AWS Systems Manager that has the id of the image.
   *
   * @default - there is none, or nobody knows
   */
  public get imageParameter(): string | undefined {
    return this._facts.image?.parameter;
  }

  /**
   * The name by which the image was looked up (`MachineImage.lookup`), with its wildcards.
   *
   * @default - it was not, or not yet
   */
  public get imageName(): string | undefined {
    return this._facts.image?.name;
  }

  /**
   * The products that are known to be on the image, by their names.
   */
  public get products(): string[] {
    return this._facts.products.map(product => product.productName);
  }
}
