import { TENANCIES } from '../../../private/license/launch';
import { UNKNOWN } from '../../private/launch-facts';
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
  // That of a VPC is `default` or `dedicated`.
  const unwritten = tenancyElsewhere === UNKNOWN ? ['default', 'dedicated'] : [tenancyElsewhere ?? 'default'];
  const sets = tenancies.map(tenancy => tenancy === UNKNOWN ? undefined : tenancy === undefined ? unwritten : [tenancy]);
  const against = sets.filter(set => set?.every(tenancy => typeof tenancy === 'string' && !allowed.includes(tenancy)));
  return {
    excluded: [...new Set(against.flatMap(set => set!.map(tenancy => `'${String(tenancy)}'`)))],
    isAll: against.length === sets.length,
    isUnwritten: against.length > 0 && tenancies.every(tenancy => tenancy === undefined),
  };
}
