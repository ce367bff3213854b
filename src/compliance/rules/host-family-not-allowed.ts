import { familyOfType } from '../../private/license/host-families';
import { type ILicenseRule, type LicenseFinding, LicenseRuleSeverity } from '../license-rule';
import type { SynthesizedResource } from '../synthesized-resource';
import { findingsIn, type Found } from './support/parts';

/** Hosts and instances in a host resource group that does not allow them. */
export const HOST_FAMILY_NOT_ALLOWED: ILicenseRule = {
  ruleId: 'HostFamilyNotAllowed',
  description: 'The hosts of a host resource group, and what is launched into it, are of the families that the group allows.',
  severity: LicenseRuleSeverity.ERROR,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-groups.html',
  fix: 'Add the family to the allowed host families of the group, or use another host or instance type.',
  check: app => {
    const groups = new Map(app.resourcesOfType('AWS::ResourceGroups::Group').flatMap(group => {
      const families = familiesOf(group);
      return families === undefined ? [] : [[group, families] as const];
    }));
    if (groups.size === 0) {
      return [];
    }
    const ofHosts = [...groups].flatMap(([group, families]) => hostsOf(group).flatMap((host): LicenseFinding[] => {
      const family = host.known('InstanceFamily') ?? host.known('InstanceType');
      return typeof family !== 'string' || families.includes(familyOfType(family)) ? [] : [{
        resource: host,
        location: `Properties.${host.has('InstanceFamily') ? 'InstanceFamily' : 'InstanceType'}`,
        message: `It is of the family '${familyOfType(family)}', and host resource group '${nameOf(group)}', which it is in, allows only ${families.join(', ')}.`,
      }];
    }));
    const ofLaunches = findingsIn(app.launches, (launch): Found[] => {
      const { hostResourceGroup: group, instanceTypes, isOpen } = launch._facts;
      const families = group && groups.get(group);
      const others = families ? launch.instanceTypes.filter(type => !families.includes(familyOfType(type))) : [];
      return others.length === 0 ? [] : [{
        resource: launch.resource,
        message: `It launches ${others.map(type => `'${type}'`).join(', ')} into host resource group '${nameOf(group!)}', which allows only ${families!.join(', ')}.`,
        isAll: others.length === instanceTypes.length && !isOpen,
      }];
    });
    return [...ofHosts, ...ofLaunches];
  },
};

/** The families that a group allows; nothing if it allows all, or nobody knows. */
function familiesOf(group: SynthesizedResource): string[] | undefined {
  const configuration = group.known('Configuration');
  const parameters = (Array.isArray(configuration) ? configuration : [])
    .filter(item => item?.Type === 'AWS::EC2::HostManagement' && Array.isArray(item.Parameters))
    .flatMap(item => item.Parameters);
  const values = parameters.find(it => it?.Name === 'allowed-host-families')?.Values;
  return Array.isArray(values) && values.length > 0 && values.every(it => typeof it === 'string') ? values : undefined;
}

/** The hosts of the app that are in a group: named by their ARNs. */
function hostsOf(group: SynthesizedResource): SynthesizedResource[] {
  const names = group.properties.Resources;
  return (Array.isArray(names) ? names : []).flatMap(name => group._resourcesIn(name)).filter(it => it.resourceType === 'AWS::EC2::Host');
}

function nameOf(group: SynthesizedResource): string {
  return group.constructPath.replace(/\/Resource$/, '');
}
