import type { Writer } from './writer';
import { inexpressible, named } from './writer';
import { factory, flag, list, method, text, texts } from '../code/expressions';
import type { Expression } from '../code/language';
import { shown } from '../code/text';
import type { HostGroupData } from '../estate';

/*
 * Host resource groups.
 *
 * https://docs.aws.amazon.com/ARG/latest/APIReference/about-slg-types.html
 */

/** Writes the host resource groups of the account. */
export function writeHostGroups(writer: Writer): void {
  writer.section('Host resource groups');
  writer.estate.hostGroups.forEach(group => writeHostGroup(writer, group));
}

const MANAGEMENT = 'AWS::EC2::HostManagement';
const GENERIC = 'AWS::ResourceGroups::Generic';

function writeHostGroup(writer: Writer, { arn, name, description = '', configuration, hosts, tags }: HostGroupData): void {
  const what = named('Host resource group', name);
  const hostOf = (host: string) => /^arn:[^:]*:ec2:[^:]*:[^:]*:dedicated-host\/(h-(?:[0-9a-zA-Z]{8}|[0-9a-zA-Z]{17}))$/.exec(host)?.[1];
  const there = (hosts ?? []).filter(host => writer.estate.hosts === undefined || writer.estate.hosts.has(hostOf(host) ?? ''));
  const gone = (hosts ?? []).filter(host => !there.includes(host));
  writer.declare({
    arn,
    what,
    resourceType: 'AWS::ResourceGroups::Group',
    identifier: { Name: name },
    arnAttribute: 'Arn',
    tags,
    comments: [
      ...hosts === undefined ? [`The hosts of ${what} were not read: they stay in it, and are not in this code.`] : [],
      ...gone.length > 0 ? [`${what} has ${gone.map(shown).join(', ')}, which is no longer there.`] : [],
    ],
    construct: () => {
      inexpressible(there.some(host => hostOf(host) === undefined), 'it has something else than Dedicated Hosts');
      inexpressible(!/^[\sa-zA-Z0-9_.-]*$/.test(description), 'it has a description that CloudFormation does not take');
      return {
        type: 'HostResourceGroup',
        properties: { hostResourceGroupName: text(name), description: description === '' ? undefined : text(description), ...settingsOf(writer, configuration) },
        after: variable => there.map(host => method(variable.reference, 'addHostId', [text(hostOf(host)!)])),
      };
    },
    properties: () => {
      inexpressible(!/^[\sa-zA-Z0-9_.-]*$/.test(description), 'it has a description that CloudFormation does not take');
      return {
        Name: name,
        Description: description,
        Configuration: [...configuration].map(([type, parameters]) => ({
          Type: type, Parameters: [...parameters].map(([parameter, values]) => ({ Name: parameter, Values: values })),
        })),
        Resources: there.length > 0 ? there : undefined,
      };
    },
  });
}

function settingsOf(writer: Writer, configuration: HostGroupData['configuration']): { readonly [name: string]: Expression | undefined } {
  const other = 'its configuration is one that HostResourceGroup cannot say';
  const management = new Map(configuration.get(MANAGEMENT));
  const generic = new Map(configuration.get(GENERIC));
  const take = (parameters: Map<string, readonly string[]>, name: string) => {
    const values = parameters.get(name);
    parameters.delete(name);
    return values;
  };
  inexpressible(configuration.size !== 2 || generic.size !== 2, other);
  inexpressible(take(generic, 'allowed-resource-types')?.join() !== 'AWS::EC2::Host' || take(generic, 'deletion-protection')?.join() !== 'UNLESS_EMPTY', other);

  const licenses = take(management, 'allowed-host-based-license-configurations');
  const any = take(management, 'any-host-based-license-configuration');
  const option = take(management, 'instance-launch-option');
  const families = take(management, 'allowed-host-families');
  const said = (name: string) => {
    const value = take(management, name)?.join();
    inexpressible(value !== 'true' && value !== 'false', other);
    return value === 'true' ? flag(true) : undefined;
  };
  const settings = {
    autoAllocateHosts: said('auto-allocate-host'), autoReleaseHosts: said('auto-release-host'), autoRecoverHosts: said('auto-host-recovery'),
  };
  inexpressible(management.size > 0 || [licenses, any, option].filter(it => it !== undefined).length !== 1, other);
  inexpressible(any !== undefined && any.join() !== 'true', other);
  inexpressible(option !== undefined && option.join() !== 'LICENSE_CONFIGURATION_NOT_REQUIRED', other);
  inexpressible([licenses, families].some(it => it !== undefined && (it.length === 0 || new Set(it).size < it.length)), other);
  return {
    licenses: licenses ? factory('HostLicenses', 'only', [list(licenses.map(it => writer.of(it)))])
      : factory('HostLicenses', any ? 'any' : 'notRequired', []),
    allowedHostFamilies: families && texts(families),
    ...settings,
  };
}
