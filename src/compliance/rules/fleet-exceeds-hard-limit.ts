import { coresOf, vcpusOf } from '../../private/license/instance-types';
import { counted } from '../../private/validation/validation';
import { type ILicenseRule, type LicenseFinding, LicenseRuleSeverity } from '../license-rule';
import type { SynthesizedLaunch } from '../synthesized-launch';
import type { SynthesizedLicense } from '../synthesized-license';
import type { SynthesizedResource } from '../synthesized-resource';

/** Fleets that can grow over what a license has. */
export const FLEET_EXCEEDS_HARD_LIMIT: ILicenseRule = {
  ruleId: 'FleetExceedsHardLimit',
  description: 'The most that fleets launch stays within the hard limit of their license: License Manager refuses the launches over it.',
  severity: LicenseRuleSeverity.ERROR,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/self-managed-licenses.html',
  fix: 'Lower the maximum, use smaller instance types, or raise the licenseCount of the license.',
  check: app => app.licenses.filter(license => license.hasHardLimit && license.licenseCount !== undefined).flatMap((license): LicenseFinding[] => {
    const needs = needsOf(license, app.launches).filter(({ count }) => count > 0);
    const limit = license.licenseCount!;
    const over = needs.filter(({ count }) => count > limit);
    const total = needs.reduce((sum, { count }) => sum + count, 0);
    if (over.length > 0 || total <= limit || !license.resource) {
      return over.map(({ resource, count, text, location }) => ({
        resource,
        location,
        message: `${text}: at least ${count} licenses by ${license.licenseCountingType}, and license '${license.displayName}' has ${limit} as a hard limit.`,
      }));
    }
    return [{
      resource: license.resource,
      location: 'Properties.LicenseCount',
      message: `The hard limit is ${limit}, and what is launched with the license needs at least ${total} by ${license.licenseCountingType} when all has grown to its ` +
        `maximum: ${needs.map(({ resource, count }) => `${count} for '${resource.constructPath}'`).join(', ')}.`,
      severity: LicenseRuleSeverity.WARNING,
    }];
  }),
};

interface Need {
  readonly resource: SynthesizedResource;
  readonly count: number;
  readonly text: string;
  readonly location?: string;
}

/** What each that launches with a license needs at its maximum, for certain. */
function needsOf(license: SynthesizedLicense, all: readonly SynthesizedLaunch[]): Need[] {
  const byResource = new Map<SynthesizedResource, SynthesizedLaunch[]>();
  for (const launch of all.filter(({ _facts: { isOpen } }) => !isOpen)) {
    byResource.set(launch.resource, [...byResource.get(launch.resource) ?? [], launch]);
  }
  return [...byResource].flatMap(([resource, launches]): Need[] => {
    // Of a fleet with several templates nobody knows how many it launches from which.
    if (!launches.every(launch => launch.licenses.includes(license))) {
      return [];
    }
    const { maximumInstances: instances, maximumVcpus: vcpus, locationOfMaximum, raisedBy } = launches[0]._facts;
    const location = raisedBy ? undefined : locationOfMaximum;
    const raised = raisedBy ? `, as '${raisedBy.constructPath}' raises it` : '';
    const each = instances === undefined ? undefined : Math.min(...launches.map(launch => countOf(license, launch)));
    if (each !== undefined && Number.isFinite(each)) {
      const types = [...new Set(launches.flatMap(launch => launch.instanceTypes))].join(', ');
      const isPlain = license.licenseCountingType === 'Instance' || license.licenseCountingType === 'Socket';
      // However many there are, one host has them all, as far as anybody knows.
      const count = license.licenseCountingType === 'Socket' ? Math.min(instances!, each) : instances! * each;
      return [{ resource, location, count, text: `It launches up to ${counted(instances!, 'instance')}${raised}${isPlain ? '' : ` of ${types}, with ${each} each`}` }];
    }
    return vcpus !== undefined && license.licenseCountingType === 'vCPU' ? [{ resource, location, count: vcpus, text: `It launches up to ${vcpus} vCPUs` }] : [];
  });
}

/** How many licenses the smallest instance of a launch needs, for certain; not a number if that is not known. */
function countOf(license: SynthesizedLicense, launch: SynthesizedLaunch): number {
  const { instanceTypes, customizedVcpus } = launch._facts;
  const least = (of: (type: string) => number | undefined) =>
    instanceTypes.length === 0 ? NaN : Math.min(...instanceTypes.map(type => (type === undefined ? undefined : of(type)) ?? NaN));
  switch (license.licenseCountingType) {
    case 'Instance': return 1;
    case 'Socket': return 1;
    case 'vCPU': return license._ruleOf('honorVcpuOptimization') === 'True' ? customizedVcpus ?? least(vcpusOf) : least(vcpusOf);
    // Hosts of burstable types have more on them than they have cores; all others have a core for each.
    case 'Core': return launch.instanceTypes.some(type => type.startsWith('t')) ? NaN : least(coresOf);
    default: return NaN;
  }
}
