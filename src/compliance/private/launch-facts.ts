import type { Image } from './images';
import type { Spot } from '../../private/license/launches';
import type { GovernedProduct } from '../governed-product';
import type { SynthesizedLicense } from '../synthesized-license';
import type { SynthesizedResource } from '../synthesized-resource';

/** A tenancy: as EC2 calls it, `undefined` where none is written, or one that nobody knows. */
export type Tenancy = string | undefined | typeof UNKNOWN;
export const UNKNOWN = Symbol('unknown');

/** What is known of a launch. */
export interface Facts {
  readonly resource: SynthesizedResource;
  readonly launchTemplate?: SynthesizedResource;
  /** Whether it is a launch template of which the app does not say who launches from it. */
  readonly isOpen: boolean;
  readonly licenses: readonly SynthesizedLicense[];
  /** Whether it may have others. */
  readonly mayHaveMore: boolean;
  /** Nothing for a type that nobody knows. */
  readonly instanceTypes: readonly (string | undefined)[];
  readonly tenancies: readonly Tenancy[];
  /** That of the VPC; unknown where nobody knows from where else one may come. */
  readonly tenancyElsewhere: string | typeof UNKNOWN;
  readonly spot?: Spot;
  readonly image?: Image;
  readonly products: readonly GovernedProduct[];
  readonly host?: SynthesizedResource;
  readonly hostResourceGroup?: SynthesizedResource;
  /** Where the licenses, and where the tenancy is in the template. */
  readonly locations: { readonly licenses: string; readonly tenancy: string };
  readonly maximumInstances?: number;
  /** Where that is counted in vCPUs. */
  readonly maximumVcpus?: number;
  readonly locationOfMaximum?: string;
  /** What raises it later to that: a scheduled action, a scalable target. */
  readonly raisedBy?: SynthesizedResource;
  /** How many vCPUs each instance is customized to. */
  readonly customizedVcpus?: number;
}
