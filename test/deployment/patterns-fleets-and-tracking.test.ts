/*
 * Fleets on Dedicated Hosts, and the tracking of what runs: each deploys, changes, is taken back when a change fails, and goes.
 */
import { CfnOutput, CfnResource, type Stack, Validations } from 'aws-cdk-lib';
import { CfnInstance, InstanceType, MachineImage, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { useDeployment } from './deployment';
import { LicenseManagerTopic, mixins, patterns, RdsOracleEngineEdition, RdsOracleLicensePack } from '../../src';
import { callJson, callQuery, callRest } from '../support/requests';

const IMAGE = 'ami-0abcdef1234567890';
const machineImage = MachineImage.genericWindows({ 'us-east-1': IMAGE });

const aws = useDeployment();

beforeEach(async () => {
  await aws.localAws.reset();
  await aws.localAws.seed({ settings: { serviceLinkedRoles: [] } });
});

/** What License Manager refuses, and no validator: when all else is done. */
function fail(stack: Stack): void {
  const last = new CfnResource(stack, 'Broken', {
    type: 'AWS::LicenseManager::LicenseConfiguration', properties: { Name: 'x', LicenseCountingType: 'vCPU', LicenseRules: ['#minimumCores=2'] },
  });
  stack.node.children.filter(child => child !== last).forEach(child => last.node.addDependency(child));
}

const network = (stack: Stack) => new Vpc(stack, 'Vpc', {
  availabilityZones: ['us-east-1a', 'us-east-1b'],
  natGateways: 0,
  subnetConfiguration: [
    { name: 'Private', subnetType: SubnetType.PRIVATE_ISOLATED },
  ],
});
const ec2 = (operation: string, element: string) => callQuery(aws.localAws, 'ec2', '2016-11-15', operation, element);
const groups = () => callQuery(aws.localAws, 'autoscaling', '2011-01-01', 'DescribeAutoScalingGroups', 'MaxSize');
const membersOf = async (Group: string) => (await callRest(aws.localAws, 'resource-groups', 'POST', '/list-group-resources', { Group })).Resources;
const licenses = async () => (await aws.localAws.state()).licenseConfigurations as any[];

test('a fleet of Windows launches with its license onto its hosts, grows, and goes', async () => {
  const deploy = ({ licenseCount = 96, maxCapacity = 2, broken = false } = {}) => aws.deploy('Windows', stack => {
    const fleet = new patterns.WindowsByolFleet(stack, 'Fleet', {
      licenseCount,
      machineImage,
      instanceType: new InstanceType('m5.large'),
      vpc: network(stack),
      autoScalingGroupOptions: { minCapacity: 0, maxCapacity, vpcSubnets: { subnetGroupName: 'Private' } },
      notificationTopic: new LicenseManagerTopic(stack, 'Topic', { topicName: 'aws-license-manager-service-windows' }),
      countAssets: true,
    });
    // Beside the Auto Scaling group, which launches nothing here.
    const instance = new CfnInstance(stack, 'Instance', { imageId: IMAGE, instanceType: 'm5.large' });
    instance.with(new mixins.InstanceHostPlacement(fleet.hosts));
    Validations.of(instance).acknowledge({ id: 'CloudFormation-Validate::W9010', reason: 'It is an AMI that exists nowhere else.' });
    new CfnOutput(stack, 'License', { value: fleet.license.licenseConfigurationArn });
    if (broken) {
      fail(stack);
    }
  });
  expect(await deploy()).toMatchObject({ succeeded: true });
  const { License } = await aws.outputs('Windows');
  expect(await licenses()).toEqual([expect.objectContaining({ LicenseCount: 96, LicenseCountHardLimit: true, LicenseCountingType: 'Core' })]);
  expect((await aws.associations(License)).map(arn => arn.split(':')[5].split('/')[0]).sort()).toEqual(['image', 'instance']);
  // A host has come with the instance.
  expect(await ec2('DescribeHosts', 'instanceFamily')).toEqual(['m5']);
  expect(await groups()).toEqual(['2']);

  expect(await deploy({ licenseCount: 144, maxCapacity: 4, broken: true })).toMatchObject({ succeeded: false });
  expect([(await licenses()).map(it => it.LicenseCount), await groups()]).toEqual([[96], ['2']]);
  expect(await deploy({ licenseCount: 144, maxCapacity: 4 })).toMatchObject({ succeeded: true });
  expect([(await licenses()).map(it => it.LicenseCount), await groups()]).toEqual([[144], ['4']]);

  // The license lets go of the instance while that runs, and the group releases its host: otherwise neither could be deleted.
  expect(await aws.destroy('Windows')).toMatchObject({ succeeded: true });
  expect([await licenses(), await ec2('DescribeHosts', 'hostId'), await groups()]).toEqual([[], [], []]);
});

test('a fleet of Macs goes, and its hosts and their group stay', async () => {
  const deploy = ({ maxCapacity = 1, hosts = ['First'], broken = false } = {}) => aws.deploy('Macs', stack => {
    const fleet = new patterns.MacFleet(stack, 'Fleet', {
      machineImage,
      instanceType: new InstanceType('mac2.metal'),
      vpc: network(stack),
      autoScalingGroupOptions: { minCapacity: 0, maxCapacity, vpcSubnets: { subnetGroupName: 'Private' } },
    });
    hosts.forEach(id => fleet.addHost(id, { availabilityZone: 'us-east-1a' }));
    new CfnOutput(stack, 'Group', { value: fleet.hosts.hostResourceGroupName });
    if (broken) {
      fail(stack);
    }
  });
  const families = () => ec2('DescribeHosts', 'instanceType');

  expect(await deploy()).toMatchObject({ succeeded: true });
  expect([await families(), await groups()]).toEqual([['mac2.metal'], ['1']]);
  const { Group } = await aws.outputs('Macs');
  expect(await deploy({ maxCapacity: 2, hosts: ['First', 'Second'] })).toMatchObject({ succeeded: true });
  expect([await families(), await groups()]).toEqual([['mac2.metal', 'mac2.metal'], ['2']]);
  expect(await deploy({ maxCapacity: 3, hosts: ['First', 'Second'], broken: true })).toMatchObject({ succeeded: false });
  expect(await groups()).toEqual(['2']);

  expect(await aws.destroy('Macs')).toMatchObject({ succeeded: true });
  expect([await families(), await groups()]).toEqual([['mac2.metal', 'mac2.metal'], []]);
  // Where they cannot be released, they are where they were.
  expect(await membersOf(Group)).toHaveLength(2);
});

test('SQL Server is tracked by edition, of which one goes and one comes', async () => {
  const { ENTERPRISE, STANDARD } = patterns.SqlServerEdition;
  const deploy = (of: { [id: string]: patterns.SqlServerLicense }, broken = false) => aws.deploy('SqlServer', stack => {
    new patterns.SqlServerTracking(stack, 'Tracking', {
      licenses: of,
      editionTagKey: 'edition',
      passiveSecondaryTag: { key: 'role', value: 'passive' },
      notificationTopic: new LicenseManagerTopic(stack, 'Topic', { topicName: 'aws-license-manager-service-sql' }),
    });
    if (broken) {
      fail(stack);
    }
  });
  const state = async () => ({
    counts: (await licenses()).map(it => it.LicenseCount).sort((a, b) => a - b),
    inventories: (await callJson(aws.localAws, 'ssm', 'ListAssociations')).Associations.length,
  });
  const enterprise = { edition: ENTERPRISE, coreLicenses: 96 };
  expect(await deploy({ Enterprise: enterprise })).toMatchObject({ succeeded: true });
  expect(await state()).toEqual({ counts: [96], inventories: 1 });
  expect(await deploy({ Enterprise: enterprise, Standard: { edition: STANDARD, coreLicenses: 40 } })).toMatchObject({ succeeded: true });
  expect(await state()).toEqual({ counts: [40, 96], inventories: 1 });
  expect(await deploy({ Standard: { edition: STANDARD, coreLicenses: 64 } }, true)).toMatchObject({ succeeded: false });
  expect(await state()).toEqual({ counts: [40, 96], inventories: 1 });
  expect(await deploy({ Standard: { edition: STANDARD, coreLicenses: 64 } })).toMatchObject({ succeeded: true });
  expect(await state()).toEqual({ counts: [64], inventories: 1 });
  expect(await aws.destroy('SqlServer')).toMatchObject({ succeeded: true });
  expect(await state()).toEqual({ counts: [], inventories: 0 });
});

test('Oracle on Amazon RDS is tracked by product, in the vCPUs that the licenses cover', async () => {
  const deploy = (of: { [id: string]: patterns.OracleOnRdsLicense }, broken = false) => aws.deploy('Oracle', stack => {
    new patterns.OracleOnRdsTracking(stack, 'Tracking', {
      licenses: of, notificationTopic: new LicenseManagerTopic(stack, 'Topic', { topicName: 'aws-license-manager-service-oracle' }),
    });
    if (broken) {
      fail(stack);
    }
  });
  const counts = async () => (await licenses()).map(it => it.LicenseCount).sort((a, b) => a - b);
  const enterprise = { engineEdition: RdsOracleEngineEdition.EE, processorLicenses: 16 };
  const pack = { licensePacks: [RdsOracleLicensePack.OLAP], processorLicenses: 8 };
  const standard = { engineEdition: RdsOracleEngineEdition.SE2, processorLicenses: 10 };
  expect(await deploy({ Enterprise: enterprise, Standard: standard })).toMatchObject({ succeeded: true });
  expect(await counts()).toEqual([32, 40]);
  expect(await deploy({ Enterprise: { ...enterprise, processorLicenses: 20 }, Olap: pack }, true)).toMatchObject({ succeeded: false });
  expect(await counts()).toEqual([32, 40]);
  expect(await deploy({ Enterprise: { ...enterprise, processorLicenses: 20 }, Olap: pack })).toMatchObject({ succeeded: true });
  expect(await counts()).toEqual([16, 40]);
  expect(await aws.destroy('Oracle')).toMatchObject({ succeeded: true });
  expect(await counts()).toEqual([]);
});
