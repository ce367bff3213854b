import { type LicenseFinding, LicenseRuleSeverity } from '../../license-rule';
import type { SynthesizedLaunch } from '../../synthesized-launch';
import type { SynthesizedResource } from '../../synthesized-resource';

/** A finding in a launch. */
export interface Found extends Omit<LicenseFinding, 'severity'> {
  /** Whether it is about all that is launched, and nobody may say anything else at the launch. */
  readonly isAll: boolean;
}

/**
 * What is found in launches. What concerns a part of what a resource launches is a warning: the others may be launched. A part is also all of one of several
 * launch templates.
 */
export function findingsIn(launches: readonly SynthesizedLaunch[], find: (launch: SynthesizedLaunch) => Found[]): LicenseFinding[] {
  const all = launches.map(launch => ({ launch, found: find(launch) }));
  const partly = new Set<SynthesizedResource>(all.filter(({ found }) => !found.some(({ isAll }) => isAll)).map(({ launch }) => launch.resource));
  return all.flatMap(({ found }) => found.map(({ isAll, ...finding }) => ({
    ...finding, severity: isAll && !partly.has(finding.resource) ? undefined : LicenseRuleSeverity.WARNING,
  })));
}
