/*
 * What languages without types give instead of licenses, hosts and groups: each is refused by who was given it, what it is, and what to give.
 */
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnHost, CfnInstance, MachineImage } from 'aws-cdk-lib/aws-ec2';
import { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups';
import { HostLicenses, HostResourceGroup, LicenseConfigurationAssociation, LicensedResource, mixins } from '../../../src';
import { ImportedLicense, LICENSE_ARN } from '../../license-configuration/licenses';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const license = () => new ImportedLicense(stack, 'License');
const associate = (resource: LicensedResource) => new LicenseConfigurationAssociation(stack, 'It', { licenseConfiguration: license(), resource });
const group = (licenses = HostLicenses.any()) => new HostResourceGroup(stack, 'Hosts', { licenses });

const NO_LICENSE = 'it has to be a self-managed license. Use a construct, or LicenseConfiguration.fromLicenseConfigurationArn().';
const NO_GROUP = 'it has to be a host resource group. Use a construct, or HostResourceGroup.fromHostResourceGroupArn().';
const NO_HOST = 'it has to be a Dedicated Host. Use a construct, or name it by its id, for which there is a method of its own.';

/** Long texts are shortened. */
const SHOWN = `the text '${LICENSE_ARN.slice(0, 60)}…'`;

const OF_LICENSES = [
  'AgentCoreCapacityProviderLicenses', 'DistributionConfigurationLicenses', 'InstanceLicenses', 'LaunchTemplateLicenses', 'WorkspaceInstanceLicenses',
] as const;
const OF_GROUPS = ['InstanceHostPlacement', 'LaunchTemplateHostPlacement'] as const;

test.each<[string, () => unknown, string]>([
  ...OF_LICENSES.flatMap((name): [string, () => unknown, string][] => [
    ['nothing', undefined, 'licenses is missing: there is no default for it. Set it.'],
    ['null', null, 'licenses is missing: there is no default for it. Set it.'],
    ['one ARN', LICENSE_ARN, `licenses is ${SHOWN}: it has to be a list. Write it as a list, even of one.`],
    ['a list with a gap', [null], 'licenses[0] is missing: a list has no gaps. Set it, or take it out of the list.'],
    ['a list of ARNs', [LICENSE_ARN], `licenses[0] is ${SHOWN}: ${NO_LICENSE}`],
    ['a list of lists', [[]], `licenses[0] is a list: ${NO_LICENSE}`],
  ].map(([what, value, message]) => [`${what} for mixins.${name}`, () => new mixins[name](value as any), `mixins.${name}: ${message}`])),
  ...OF_GROUPS.flatMap((name): [string, () => unknown, string][] => [
    ['nothing', undefined, 'group is missing: there is no default for it. Set it.'],
    ['null', null, 'group is missing: there is no default for it. Set it.'],
    ['a name', 'hosts', `group is the text 'hosts': ${NO_GROUP}`],
    ['a number', 1, `group is 1: ${NO_GROUP}`],
  ].map(([what, value, message]) => [`${what} for mixins.${name}`, () => new mixins[name](value as any), `mixins.${name}: ${message}`])),
  ['a second member that is none', () => new mixins.InstanceLicenses([license(), {} as any]),
    `mixins.InstanceLicenses: licenses[1] is an object: ${NO_LICENSE}`],
  ['a parameter for a license', () => new mixins.InstanceLicenses([new CfnParameter(stack, 'Parameter').valueAsString as any]),
    `mixins.InstanceLicenses: licenses[0] is a token: ${NO_LICENSE}`],
  ['an ARN for the license of an association', () => new LicenseConfigurationAssociation(stack, 'It', {
    licenseConfiguration: LICENSE_ARN as any, resource: LicensedResource.fromInstanceId('i-0123456789abcdef0'),
  }), `Stack/It: licenseConfiguration is ${SHOWN}: ${NO_LICENSE}`],
  ['an id for an instance', () => associate(LicensedResource.fromInstance('i-0123456789abcdef0' as any)),
    'Stack/It: the EC2 instance of a LicensedResource is the text \'i-0123456789abcdef0\': it has to be an EC2 instance. Use a construct, or ' +
    'LicensedResource.fromInstanceId().'],
  ['an id for a host', () => associate(LicensedResource.fromHost('h-0123456789abcdef0' as any)),
    `Stack/It: the EC2 Dedicated Host of a LicensedResource is the text 'h-0123456789abcdef0': ${NO_HOST}`],
  ['an id for an image', () => associate(LicensedResource.fromMachineImage('ami-0123456789abcdef0' as any)),
    'Stack/It: the AMI of a LicensedResource is the text \'ami-0123456789abcdef0\': it has to be a machine image. Use what MachineImage has, or ' +
    'LicensedResource.fromMachineImageId().'],
  ...(['fromMachineImageId', 'fromMachineImageArn', 'fromInstanceId', 'fromInstanceArn', 'fromHostId', 'fromHostArn'] as const).map(
    (method): [string, () => unknown, string] => [
      `a number for LicensedResource.${method}()`, () => associate(LicensedResource[method](1 as any)), 'of a LicensedResource is 1: it has to be a text. Write it as a text.',
    ]),
  ['an ARN among those of HostLicenses.only()', () => group(HostLicenses.only([LICENSE_ARN as any])),
    `Stack/Hosts: the list of HostLicenses.only()[0] is ${SHOWN}: ${NO_LICENSE}`],
  ['an id for addHost()', () => group().addHost('h-0123456789abcdef0' as any), `Stack/Hosts: the host of addHost() is the text 'h-0123456789abcdef0': ${NO_HOST}`],
  ['a number for addHostId()', () => group().addHostId(1 as any), 'Stack/Hosts: hostId of addHostId() is 1: it has to be a text. Write it as a text.'],
  ['a number for addHostArn()', () => group().addHostArn(1 as any), 'Stack/Hosts: hostArn of addHostArn() is 1: it has to be a text. Write it as a text.'],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(message);
});

test.each<[string, () => unknown]>([
  ['an object that refers to a license', () => new mixins.InstanceLicenses([{ licenseConfigurationRef: { licenseConfigurationArn: LICENSE_ARN } } as any])],
  ['an L1 of a group', () => new mixins.InstanceHostPlacement(new CfnGroup(stack, 'Group', { name: 'hosts' }))],
  ['an L1 of a host', () => group(HostLicenses.only([license()])).addHost(new CfnHost(stack, 'Host', { availabilityZone: 'us-east-1a' }))],
  ['an L1 of an instance', () => associate(LicensedResource.fromInstance(new CfnInstance(stack, 'Instance')))],
  ['a machine image', () => associate(LicensedResource.fromMachineImage(MachineImage.genericLinux({ 'us-east-1': 'ami-0123456789abcdef0' })))],
])('%s is taken', (_, make) => {
  expect(make).not.toThrow();
});
