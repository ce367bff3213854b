import { vcpusOf } from '../../private/license/instance-types';
import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { findingsIn, type Found } from './support/parts';

/** Instances that are smaller, or larger, than a rule of their license lets them be. */
export const INSTANCE_SIZE_NOT_ALLOWED: ILicenseRule = {
  ruleId: 'InstanceSizeNotAllowed',
  description: 'An instance has as many vCPUs as the rules of its license allow: License Manager refuses the launch of others.',
  severity: LicenseRuleSeverity.ERROR,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html',
  fix: 'Use another instance type, or change the minimum or the maximum of the license.',
  check: app => findingsIn(app.launches, launch => launch.licenses.flatMap((license): Found[] => {
    const [minimum, maximum] = ['minimumVcpus', 'maximumVcpus'].map(name => Number(license._ruleOf(name) ?? NaN));
    const { instanceTypes, customizedVcpus, isOpen } = launch._facts;
    if (license._ruleOf('honorVcpuOptimization') === 'True' && customizedVcpus !== undefined) {
      // The mixins refuse it on what they change.
      return customizedVcpus < minimum || customizedVcpus > maximum ? [{
        resource: launch.resource,
        message: `Its CPU options make ${customizedVcpus} vCPUs, and license '${license.displayName}' ${rangeOf(minimum, maximum)}.`,
        isAll: !isOpen,
      }] : [];
    }
    const others = instanceTypes.filter(type => {
      const vcpus = type === undefined ? undefined : vcpusOf(type);
      return vcpus !== undefined && (vcpus < minimum || vcpus > maximum);
    });
    return others.length === 0 ? [] : [{
      resource: launch.resource,
      message: `It launches ${others.map(type => `'${type}' with ${vcpusOf(type!)} vCPUs`).join(', ')}, and license '${license.displayName}' ${rangeOf(minimum, maximum)}.`,
      isAll: others.length === instanceTypes.length && !isOpen,
    }];
  })),
};

function rangeOf(minimum: number, maximum: number): string {
  return ['has', ...Number.isNaN(minimum) ? [] : [`minimumVcpus ${minimum}`], ...Number.isNaN(minimum) || Number.isNaN(maximum) ? [] : ['and'],
    ...Number.isNaN(maximum) ? [] : [`maximumVcpus ${maximum}`]].join(' ');
}
