import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { CfnOutput, Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnHost, CfnInstance, CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { useDeployment } from './deployment';
import {
  HostLicenses, HostResourceGroup, HostResourceGroupProps, LicenseConfiguration, LicenseCounting, LicenseShare, mixins, SharePrincipal,
} from '../../src';

const ACCOUNT = '111122223333';
const MEMBER = '444455556666';
const ROOT = join(__dirname, '..', '..');
const IMAGE = 'ami-0abcdef1234567890';
const GROUP = 'AWS::ResourceGroups::Group';
const hostArn = (id: string) => `arn:aws:ec2:us-east-1:${ACCOUNT}:dedicated-host/${id}`;
const groupArn = (name: string) => `arn:aws:resource-groups:us-east-1:${ACCOUNT}:group/${name}`;

const aws = useDeployment();

/** A call that no client is there for. */
async function call(service: string, path: string, body: string, contentType: string, account = ACCOUNT): Promise<string> {
  const response = await fetch(`${aws.localAws.endpoint}${path}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': contentType,
      'authorization': `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
  });
  return response.text();
}
const resourceGroups = async (path: string, body: object) => JSON.parse(await call('resource-groups', path, JSON.stringify(body), 'application/json'));
const ec2 = (parameters: Record<string, string>, account?: string) =>
  call('ec2', '/', new URLSearchParams(parameters).toString(), 'application/x-www-form-urlencoded', account);

const groups = async () => (await resourceGroups('/groups-list', {})).GroupIdentifiers.map(({ GroupName }: any) => GroupName);
const membersOf = async (name: string) =>
  (await resourceGroups('/list-group-resources', { Group: name })).Resources.map(({ Identifier }: any) => Identifier.ResourceArn);
const settingsOf = async (name: string) => {
  const { GroupConfiguration: { Configuration: [management, generic] } } = await resourceGroups('/get-group-configuration', { Group: name });
  expect(generic).toEqual({
    Type: 'AWS::ResourceGroups::Generic',
    Parameters: [{ Name: 'allowed-resource-types', Values: ['AWS::EC2::Host'] }, { Name: 'deletion-protection', Values: ['UNLESS_EMPTY'] }],
  });
  return Object.fromEntries(management.Parameters.map(({ Name, Values }: any) => [Name, Values.join()]));
};
const hosts = async () => [...(await ec2({ Action: 'DescribeHosts', Version: '2016-11-15' })).matchAll(/<hostId>([^<]+)</g)].map(([, id]) => id).sort();
const launchInto = async (arn: string, account?: string) => ec2({
  'Action': 'RunInstances',
  'Version': '2016-11-15',
  'ImageId': IMAGE,
  'InstanceType': 'm5.large',
  'MinCount': '1',
  'MaxCount': '1',
  'Placement.HostResourceGroupArn': arn,
}, account);

const host = (stack: Stack, id = 'Host', instanceType = 'm5.large') => new CfnHost(stack, id, { availabilityZone: Fn.select(0, Fn.getAzs()), instanceType });
const groupIn = (stack: Stack, props: Partial<HostResourceGroupProps> = {}) =>
  new HostResourceGroup(stack, 'Hosts', { hostResourceGroupName: 'hosts', licenses: HostLicenses.notRequired(), ...props });

beforeEach(() => aws.localAws.reset());

test('a group is deployed with a host and an instance on it, changes its license mode in place, is replaced, rolled back and deleted', async () => {
  interface Changes extends Partial<HostResourceGroupProps> { readonly extraHost?: string; readonly hosted?: boolean; readonly placed?: boolean }
  const define = (props: Changes) => (stack: Stack) => {
    const windows = new LicenseConfiguration(stack, 'WindowsServer', { licenseCounting: LicenseCounting.cores() });
    const { extraHost, hosted = true, placed = true, ...others } = props;
    const group = new HostResourceGroup(stack, 'Hosts', { hostResourceGroupName: 'hosts', licenses: HostLicenses.only([windows]), ...others });
    const member = host(stack);
    if (hosted) {
      group.addHost(member);
    }
    if (extraHost) {
      group.addHostId(extraHost);
    }
    if (placed) {
      const instance = new CfnInstance(stack, 'Instance', { imageId: IMAGE, instanceType: 'm5.large' });
      instance.with(new mixins.InstanceHostPlacement(group));
      Validations.of(instance).acknowledge({ id: 'CloudFormation-Validate::W9010', reason: 'It is an AMI that exists nowhere else.' });
    }
    new CfnLaunchTemplate(stack, 'LaunchTemplate', { launchTemplateData: { instanceType: 'm5.large' } }).with(new mixins.LaunchTemplateHostPlacement(group));
    for (const [name, value] of Object.entries({ Arn: group.hostResourceGroupArn, Name: group.hostResourceGroupName, HostId: member.ref })) {
      new CfnOutput(stack, name, { value });
    }
  };

  expect(await aws.deploy('Hosts', define({ allowedHostFamilies: ['m5'] }))).toMatchObject({ succeeded: true });

  const { Arn, Name, HostId } = await aws.outputs('Hosts');
  const license = await aws.onlyLicense();
  expect([Arn, Name]).toEqual([groupArn('hosts'), 'hosts']);
  expect(await settingsOf('hosts')).toEqual({
    'allowed-host-based-license-configurations': license.LicenseConfigurationArn,
    'allowed-host-families': 'm5',
    'auto-allocate-host': 'false',
    'auto-release-host': 'false',
    'auto-host-recovery': 'false',
  });
  expect(await membersOf('hosts')).toEqual([hostArn(HostId)]);
  // The instance was launched into the group, with its license: License Manager has seen that.
  expect(await aws.associations(license.LicenseConfigurationArn!)).toEqual([expect.stringContaining(':instance/i-')]);

  await aws.localAws.clearCalls();
  expect(await aws.deploy('Hosts', define({ licenses: HostLicenses.notRequired(), autoRecoverHosts: true, placed: false }))).toMatchObject({ succeeded: true });

  expect(await settingsOf('hosts')).toEqual({
    'instance-launch-option': 'LICENSE_CONFIGURATION_NOT_REQUIRED',
    'auto-allocate-host': 'false',
    'auto-release-host': 'false',
    'auto-host-recovery': 'true',
  });
  expect(await membersOf('hosts')).toEqual([hostArn(HostId)]);
  const written = async () => (await aws.localAws.calls({ service: 'resource-groups' })).map(({ operation }) => operation).filter(it => !/^(Get|List)/.test(it));
  expect(await written()).toEqual(['PutGroupConfiguration']);

  // A host that is not there: CloudFormation takes everything back.
  const failed = await aws.deploy('Hosts', define({
    licenses: HostLicenses.any(), description: 'other', extraHost: 'h-0123456789abcdef0', placed: false,
  }));
  expect(failed.succeeded).toBe(false);
  expect((await aws.failures('Hosts')).join()).toContain('There is no Dedicated Host');
  expect(await aws.stackStatus('Hosts')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await settingsOf('hosts')).toMatchObject({ 'instance-launch-option': 'LICENSE_CONFIGURATION_NOT_REQUIRED' });
  expect(await membersOf('hosts')).toEqual([hostArn(HostId)]);

  // The new group comes before the old one goes, and the host would be in both: it has to leave in a deployment of its own.
  expect((await aws.deploy('Hosts', define({ hostResourceGroupName: 'renamed', placed: false }))).succeeded).toBe(false);
  expect((await aws.failures('Hosts')).join()).toContain('a host is in one group');
  expect(await aws.stackStatus('Hosts')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect([await groups(), await membersOf('hosts')]).toEqual([['hosts'], [hostArn(HostId)]]);

  expect(await aws.deploy('Hosts', define({ placed: false, hosted: false }))).toMatchObject({ succeeded: true });
  expect([await groups(), await membersOf('hosts')]).toEqual([['hosts'], []]);
  expect(await aws.deploy('Hosts', define({ hostResourceGroupName: 'renamed', placed: false }))).toMatchObject({ succeeded: true });

  expect(await groups()).toEqual(['renamed']);
  expect(await aws.physicalIds('Hosts', GROUP)).toEqual(['renamed']);
  expect(await membersOf('renamed')).toEqual([hostArn(HostId)]);

  // License Manager has noticed that the instance is gone.
  await aws.localAws.seed({ housekeeping: true });
  expect(await aws.destroy('Hosts')).toMatchObject({ succeeded: true });
  expect([await groups(), await hosts(), await aws.licenses()]).toEqual([[], [], []]);
});

test('a group with hosts that EC2 has allocated is deleted when they are released, and not before', async () => {
  expect(await aws.deploy('Allocated', stack => void groupIn(stack, { autoAllocateHosts: true, autoReleaseHosts: true }))).toMatchObject({ succeeded: true });
  const [, instanceId] = /<instanceId>([^<]+)</.exec(await launchInto(groupArn('hosts')))!;
  expect(await hosts()).toHaveLength(1);

  expect((await aws.destroy('Allocated')).succeeded).toBe(false);

  expect(await aws.stackStatus('Allocated')).toBe('DELETE_FAILED');
  expect((await aws.failures('Allocated')).join()).toContain('deletion protection UNLESS_EMPTY');

  // The last instance ends, and EC2 releases the host.
  await ec2({ 'Action': 'TerminateInstances', 'Version': '2016-11-15', 'InstanceId.1': instanceId });
  expect(await membersOf('hosts')).toEqual([]);
  expect(await aws.destroy('Allocated')).toMatchObject({ succeeded: true });
  expect([await groups(), await hosts()]).toEqual([[], []]);
});

test('a Mac keeps its stack for 24 hours, unless it is retained', async () => {
  const define = (policy?: RemovalPolicy) => (stack: Stack) => {
    const mac = host(stack, 'Mac', 'mac2.metal');
    if (policy) {
      mac.applyRemovalPolicy(policy);
    }
    groupIn(stack).addHost(mac);
    new CfnOutput(stack, 'MacId', { value: mac.ref });
  };
  const deployed = await aws.deploy('Mac', define());
  expect(deployed).toMatchObject({ succeeded: true });
  expect(deployed.output).toContain('Apply RemovalPolicy.RETAIN to the host');
  const { MacId: first } = await aws.outputs('Mac');

  expect((await aws.destroy('Mac')).succeeded).toBe(false);

  expect((await aws.failures('Mac')).join()).toContain('within 24 hours of allocation');
  expect(await hosts()).toEqual([first]);
  await aws.localAws.seed({ hosts: [{ id: first, hoursSinceAllocation: 24.5 }] });
  expect(await aws.destroy('Mac')).toMatchObject({ succeeded: true });
  expect([await groups(), await hosts()]).toEqual([[], []]);

  const retained = await aws.deploy('Mac', define(RemovalPolicy.RETAIN));
  expect(retained).toMatchObject({ succeeded: true });
  expect(retained.output).not.toContain('RemovalPolicy.RETAIN');
  const { MacId: second } = await aws.outputs('Mac');

  expect(await aws.destroy('Mac')).toMatchObject({ succeeded: true });

  // It costs money until somebody releases it.
  expect([await groups(), await hosts()]).toEqual([[], [second]]);
});

test('a member of the organization launches into a group that is shared with it, onto a host of the owner', async () => {
  await aws.localAws.seed({ settings: { sharingWithOrganization: true, organizationAccounts: [ACCOUNT, MEMBER] } });
  const define = (shared: boolean) => (stack: Stack) => {
    const group = groupIn(stack, { autoAllocateHosts: true, autoReleaseHosts: true });
    if (shared) {
      new LicenseShare(stack, 'Share', { hostResourceGroups: [group], principals: [SharePrincipal.fromAccountId(MEMBER)] });
    }
  };
  expect(await aws.deploy('Shared', define(false))).toMatchObject({ succeeded: true });
  expect(await launchInto(groupArn('hosts'), MEMBER)).toContain('was not found');

  expect(await aws.deploy('Shared', define(true))).toMatchObject({ succeeded: true });

  const [, instanceId] = /<instanceId>([^<]+)</.exec(await launchInto(groupArn('hosts'), MEMBER))!;
  expect(await hosts()).toHaveLength(1);
  await ec2({ 'Action': 'TerminateInstances', 'Version': '2016-11-15', 'InstanceId.1': instanceId }, MEMBER);
  expect(await aws.destroy('Shared')).toMatchObject({ succeeded: true });
  expect([await groups(), await hosts()]).toEqual([[], []]);
});

test('a group is looked up by its name, and its absence is an error that tells the way out', async () => {
  process.env.TS_NODE_PROJECT = join(ROOT, 'test', 'tsconfig.json');
  const app = `node --require ${join(ROOT, 'node_modules', 'ts-node', 'register', 'transpile-only')} ` +
    join(__dirname, 'apps', 'look-up-host-resource-group.ts');
  const synthesize = () => aws.cdk(['synth', 'LookUp', '--app', app, '--context', 'hostResourceGroupName=hosts'], mkdtempSync(join(aws.folder, 'app-')));

  const failed = await synthesize();

  expect(failed.succeeded).toBe(false);
  expect(failed.output).toContain('found no host resource group with the name \'hosts\' in 111122223333/us-east-1, exactly 1 is needed. Correct the name, ' +
    'create the host resource group first, or import the group by its name (HostResourceGroup.fromHostResourceGroupName).');

  await resourceGroups('/groups', { Name: 'hosts' });
  const found = await synthesize();

  expect(found).toMatchObject({ succeeded: true });
  expect(found.output.match(/^found hosts$/gm)).toHaveLength(2);
  expect(found.output).toContain(':resource-groups:us-east-1:111122223333:group/hosts');
});
