import type { SynthesizedResource } from './synthesized-resource';
import { brand } from '../private/identity/copies';
import { tenanciesIn } from '../private/license/license-reference';

/** What is known of a license. */
interface Facts {
  readonly arn?: string;
  readonly resource?: SynthesizedResource;
  readonly countingType?: string;
  readonly tenancies?: readonly string[];
  readonly hasTenancyRule?: boolean;
}

/**
 * A self-managed license that the app makes, by whatever construct or template, or that it imports.
 */
export class SynthesizedLicense {
  /**
   * That of a resource, or of what is imported.
   *
   * @internal
   */
  public static _of(facts: Facts): SynthesizedLicense {
    return new SynthesizedLicense(facts);
  }

  /**
   * What uses it.
   *
   * @internal
   */
  public readonly _users = new Set<SynthesizedResource>();

  /**
   * Whether an output of a stack tells it to somebody outside of the app.
   *
   * @internal
   */
  public _isExported = false;

  private readonly rules: readonly string[];

  private constructor(private readonly facts: Facts) {
    brand(this, 'SynthesizedLicense');
    const rules = facts.resource?.known('LicenseRules');
    this.rules = Array.isArray(rules) ? rules.filter(rule => typeof rule === 'string') : [];
  }

  /**
   * The resource that makes it.
   *
   * @default - it is imported
   */
  public get resource(): SynthesizedResource | undefined {
    return this.facts.resource;
  }

  /**
   * How messages name it: by the path of its construct, or by its ARN.
   */
  public get displayName(): string {
    return this.resource?.constructPath.replace(/\/Resource(\/Default)?$/, '') ?? this.facts.arn ?? '';
  }

  /**
   * The Region that it is in, if it is known.
   *
   * @internal
   */
  public get _region(): string | undefined {
    return this.resource ? this.resource.region : this.facts.arn?.split(':')[3] || undefined;
  }

  /**
   * What it is counted by: `vCPU`, `Core`, `Socket` or `Instance`.
   *
   * @default - nobody knows
   */
  public get licenseCountingType(): string | undefined {
    return this.resource?.known('LicenseCountingType') ?? this.facts.countingType;
  }

  /**
   * The tenancies that it allows, as License Manager calls them: `EC2-Default`, `EC2-DedicatedInstance`, `EC2-DedicatedHost`. What is counted by core or by
   * socket, is counted on Dedicated Hosts.
   *
   * @default - all of them, or nobody knows
   */
  public get allowedTenancies(): string[] | undefined {
    // A rule that is not known may be the one about the tenancy.
    const isOpen = this.resource?.has('LicenseRules') && (this.resource.properties.LicenseRules as unknown[]).length !== this.rules.length;
    const known = this.facts.tenancies ?? (isOpen ? undefined : tenanciesIn(this.rules, this.licenseCountingType));
    return known && [...known];
  }

  /**
   * How many licenses there are.
   *
   * @default - it is not limited, or nobody knows
   */
  public get licenseCount(): number | undefined {
    return this.resource?._numberOf(this.resource.properties.LicenseCount);
  }

  /**
   * Whether License Manager refuses what exceeds the number of licenses.
   */
  public get hasHardLimit(): boolean {
    return String(this.resource?.known('LicenseCountHardLimit')) === 'true';
  }

  /**
   * What is found of a product by automated discovery: the names of the filters, with their values, of each.
   *
   * @internal
   */
  public get _products(): readonly { readonly resourceType?: string; readonly filters: ReadonlyMap<string, readonly string[]> }[] {
    const products = this.resource?.known('ProductInformationList');
    return !Array.isArray(products) ? [] : products.map(product => {
      const filters = Array.isArray(product?.ProductInformationFilterList) ? product.ProductInformationFilterList : [];
      return {
        resourceType: product?.ResourceType,
        filters: new Map(filters.map((it: any) => [
          it?.ProductInformationFilterName, [it?.ProductInformationFilterValue ?? []].flat().filter((value: unknown) => typeof value === 'string'),
        ])),
      };
    });
  }

  /**
   * Whether it finds something by automated discovery, or may do: nobody knows what a parameter is.
   *
   * @internal
   */
  public get _mayDiscover(): boolean {
    const products = this.resource?.properties.ProductInformationList;
    return products !== undefined && !(Array.isArray(products) && products.length === 0);
  }

  /**
   * Whether the tenancies are a rule, and not what follows from how it is counted.
   *
   * @internal
   */
  public get _hasTenancyRule(): boolean {
    return this.facts.hasTenancyRule ?? this.rules.some(rule => rule.startsWith('#allowedTenancy='));
  }

  /**
   * The value of a rule, if it is written: `minimumVcpus`.
   *
   * @internal
   */
  public _ruleOf(name: string): string | undefined {
    return this.rules.find(rule => rule.startsWith(`#${name}=`))?.slice(name.length + 2);
  }
}
