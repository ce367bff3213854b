import { TENANCIES } from '../../../private/license/launch';
import { type Tenancy, UNKNOWN } from '../../private/launch-facts';
import type { SynthesizedLaunch } from '../../synthesized-launch';
import type { SynthesizedLicense } from '../../synthesized-license';

/** The licenses of a launch of which it is known which tenancies they allow. */
export function licensesIn(launch: SynthesizedLaunch): SynthesizedLicense[] {
  return launch.licenses.filter(license => license.allowedTenancies !== undefined);
}

/** On which tenancies that a license does not allow something is launched. */
export interface Excluded {
  /** In words of EC2, in quotation marks. */
  readonly excluded: string[];
  /** Whether all of it is. */
  readonly isAll: boolean;
  /** Whether that follows from none being written. */
  readonly isUnwritten: boolean;
}

/** The tenancies of a launch that a license does not allow, as far as they are known. */
export function tenanciesOf(launch: SynthesizedLaunch, license: SynthesizedLicense): Excluded {
  const allowed = license.allowedTenancies!.map(name => TENANCIES[name]);
  const { tenancies, tenancyElsewhere } = launch._facts;
  const against = tenancies.map(tenancy => ({ tenancy, possible: possibleTenancies(tenancy, tenancyElsewhere) }))
    .filter(({ possible }) => possible?.every(it => !allowed.includes(it)));
  return {
    excluded: [...new Set(against.flatMap(({ tenancy, possible }) =>
      // Whatever the VPC has, it is none of those that are allowed.
      tenancy === undefined || possible!.length === 1 ? possible!.map(it => `'${it}'${typeof tenancy === 'string' && it !== tenancy ? ', as the VPC has it' : ''}`)
        : [`'${String(tenancy)}'`]))],
    isAll: against.length === tenancies.length,
    isUnwritten: against.length > 0 && tenancies.every(tenancy => tenancy === undefined),
  };
}

/**
 * The tenancies that an instance may have, where one is written or none; nothing if it may be any. In a VPC of Dedicated Instances it has no shared hardware,
 * whatever is written: `default` says that it is as the VPC has it.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-instance.html
 */
export function possibleTenancies(tenancy: Tenancy, ofNetwork: string | typeof UNKNOWN): string[] | undefined {
  if (tenancy === UNKNOWN) {
    return undefined;
  }
  return tenancy !== undefined && tenancy !== 'default' ? [tenancy] : ofNetwork === UNKNOWN ? ['default', 'dedicated'] : [ofNetwork];
}
