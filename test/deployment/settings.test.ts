/*
 * An empty account at the head of an organization becomes one in which everything of License Manager works, by one deployment, and nobody else loses
 * anything by what comes after it.
 */
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { GetServiceSettingsCommand } from '@aws-sdk/client-license-manager';
import { CfnOutput, CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { useDeployment } from './deployment';
import {
  AwsManagedRuleSet, DelegatedAdministrator, LicenseAssetGroup, LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationReportType,
  LicenseCounting, LicenseManagerBucket, LicenseManagerFeature, LicenseManagerTopic, LicenseShare, LinuxSubscription, LinuxSubscriptionsSettings,
  OrganizationSharing, Provisioning, ReportFrequency, ReportGenerator, RhsmSecret, ServiceLinkedRole, ServiceSettings, SharePrincipal,
  SubscriptionProvider, UsageDimension, UsageReport,
} from '../../src';
import { callJson } from '../support/requests';

const MEMBERS = ['444455556666', '777788889999'];
const SERVICES = ['license-manager', 'license-manager-linux-subscriptions', 'iam', 'organizations', 'ram'];
const WRITE = /^(Accept|Create|Delete|Deregister|Enable|Disable|Put|Register|Update)/;

const aws = useDeployment();

beforeEach(async () => {
  await aws.localAws.reset();
  await aws.localAws.seed({
    settings: {
      organizationManagementAccount: aws.localAws.account,
      organizationAccounts: MEMBERS,
      organizationServiceAccess: [],
      serviceLinkedRoles: [],
      serviceLinkedRoleDelay: 2,
      linuxSubscriptionsDiscovery: false,
    },
  });
  await aws.localAws.clearCalls();
});

interface Choice {
  readonly accountId?: string;
  readonly regions?: string[];
  readonly removalPolicy?: RemovalPolicy;
  readonly broken?: boolean;
  readonly keep?: boolean;
}

/** Everything in one stack, in an order in which each comes before what it needs. */
const ready = ({ accountId = MEMBERS[0], regions = ['us-east-1'], removalPolicy, broken, keep }: Choice = {}) => (stack: Stack) => {
  const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), licenseCount: 10, provisioning: Provisioning.NATIVE });
  license.addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90 });
  new ReportGenerator(stack, 'Report', {
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [license], types: [LicenseConfigurationReportType.SUMMARY], frequency: ReportFrequency.MONTHLY,
    }),
  });
  new LicenseShare(stack, 'Share', {
    licenseConfigurations: [license],
    principals: [SharePrincipal.fromOrganizationArn(`arn:aws:organizations::${aws.localAws.account}:organization/o-${aws.localAws.account}`)],
  });
  new SubscriptionProvider(stack, 'RedHat', { secret: new RhsmSecret(stack, 'Token') });
  new DelegatedAdministrator(stack, 'Administrator', { accountId });
  new OrganizationSharing(stack, 'Sharing');
  const linux = new LinuxSubscriptionsSettings(stack, 'Linux', { sourceRegions: regions, organizationIntegration: true, removalPolicy });
  linux.addAlarm('ManyInstances', { subscription: LinuxSubscription.RHEL, threshold: 100 });
  const kept = keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  new ServiceSettings(stack, 'Settings', {
    // One that stays has the name that the next one would have.
    reportBucket: new LicenseManagerBucket(stack, 'Reports', {
      removalPolicy: kept, bucketName: keep ? undefined : `aws-license-manager-service-${stack.stackName.toLowerCase()}`,
    }),
    topic: new LicenseManagerTopic(stack, 'Notices', { removalPolicy: kept }),
    organizationIntegration: true,
    discoveryRegions: regions,
    removalPolicy,
  });
  new ServiceLinkedRole(stack, 'LinuxRole', { feature: LicenseManagerFeature.LINUX_SUBSCRIPTIONS });
  new ServiceLinkedRole(stack, 'Role');
  if (broken) {
    // What License Manager refuses, and no validator.
    const last = new CfnResource(stack, 'Broken', {
      type: 'AWS::LicenseManager::LicenseConfiguration', properties: { Name: 'x', LicenseCountingType: 'vCPU', LicenseRules: ['#minimumCores=2'] },
    });
    stack.node.children.filter(child => child !== last && !['AWS::CDK::Metadata'].includes(child.node.id)).forEach(child => last.node.addDependency(child));
  }
};

const flags = { app: { context: { '@aws-cdk/core:validateAgainstDefaultRules': false } } };
const deploy = (name: string, choice?: Choice) => aws.deploy(name, ready(choice), flags);

async function state() {
  const found = await aws.licenseManager.send(new GetServiceSettingsCommand({}));
  const { settings } = await aws.localAws.state();
  const { EnabledServicePrincipals } = await callJson(aws.localAws, 'organizations', 'ListAWSServiceAccessForOrganization');
  const { DelegatedAdministrators } = await callJson(aws.localAws, 'organizations', 'ListDelegatedAdministrators');
  return {
    bucket: found.S3BucketArn,
    topic: found.SnsTopicArn,
    linked: found.OrganizationConfiguration?.EnableIntegration,
    regions: found.CrossRegionDiscoverySourceRegions,
    trusted: EnabledServicePrincipals.map(({ ServicePrincipal }: any) => ServicePrincipal).sort(),
    administrators: DelegatedAdministrators.map(({ Id }: any) => Id),
    roles: settings.serviceLinkedRoles,
  };
}

async function writes(): Promise<string[]> {
  const calls = await Promise.all(SERVICES.map(service => aws.localAws.calls({ service })));
  return calls.flat().map(({ operation }) => operation).filter(operation => WRITE.test(operation));
}

test('one deployment makes an empty account ready, the same one again writes nothing, and what is destroyed leaves the settings', async () => {
  expect(await deploy('Ready', { keep: true })).toMatchObject({ succeeded: true });
  const after = await state();
  expect(after).toEqual({
    bucket: `arn:aws:s3:::aws-license-manager-service-${aws.localAws.account}-us-east-1`,
    topic: expect.stringMatching(/^arn:aws:sns:us-east-1:\d+:aws-license-manager-service-Ready-Notices-/),
    linked: true,
    regions: ['us-east-1'],
    trusted: [
      'license-manager-linux-subscriptions.amazonaws.com', 'license-manager.amazonaws.com', 'license-manager.member-account.amazonaws.com', 'ram.amazonaws.com',
    ],
    administrators: [MEMBERS[0]],
    roles: expect.arrayContaining(['license-manager-linux-subscriptions.amazonaws.com', 'license-manager.amazonaws.com']),
  });

  await aws.localAws.clearCalls();
  expect(await deploy('Ready', { keep: true })).toMatchObject({ succeeded: true });
  expect(await writes()).toEqual([]);

  expect(await deploy('Ready', { keep: true, accountId: MEMBERS[1], regions: ['us-east-1', 'eu-west-1'] })).toMatchObject({ succeeded: true });
  expect(await state()).toEqual({ ...after, administrators: [MEMBERS[1]], regions: ['us-east-1', 'eu-west-1'] });

  expect(await aws.destroy('Ready')).toMatchObject({ succeeded: true });
  expect(await state()).toEqual({ ...after, administrators: [], regions: ['us-east-1', 'eu-west-1'] });
});

test('alarms look where the data of Linux subscriptions are, and a group finds what runs in the Regions of discovery', async () => {
  await aws.localAws.seed({
    settings: { linuxInstances: { 'Red Hat Enterprise Linux Server': { 'us-east-1': 120 }, 'Ubuntu Pro': { 'us-east-1': 7 } } },
    resources: [{ arn: `arn:aws:ec2:us-east-1:${aws.localAws.account}:instance/i-00000000000000001`, state: 'running' }],
  });
  const europe = await aws.in({ region: 'eu-west-1' });
  await europe.localAws.seed({ resources: [{ arn: `arn:aws:ec2:eu-west-1:${aws.localAws.account}:instance/i-00000000000000002`, state: 'running' }] });
  const measured = (regions: string[]) => aws.deploy('Measured', (stack) => {
    new ServiceLinkedRole(stack, 'Role');
    new ServiceLinkedRole(stack, 'LinuxRole', { feature: LicenseManagerFeature.LINUX_SUBSCRIPTIONS });
    new ServiceSettings(stack, 'Settings', { organizationIntegration: true, discoveryRegions: regions });
    const linux = new LinuxSubscriptionsSettings(stack, 'Linux', { sourceRegions: ['us-east-1'], organizationIntegration: true });
    linux.addAlarm('Own', { subscription: LinuxSubscription.RHEL, threshold: 100 });
    linux.addAlarm('OfRegion', { subscription: LinuxSubscription.RHEL, threshold: 100, usageRegion: 'us-east-1' });
    linux.addAlarm('OfOrganization', { subscription: LinuxSubscription.UBUNTU_PRO, threshold: 100, ofOrganization: true });
    const group = new LicenseAssetGroup(stack, 'Group', {
      usageDimension: UsageDimension.INSTANCE, ruleSets: [LicenseAssetRuleSet.fromAwsManaged(stack, 'Rules', AwsManagedRuleSet.RED_HAT_ENTERPRISE_LINUX)],
    });
    new CfnOutput(stack, 'GroupArn', { value: group.licenseAssetGroupArn });
  }, flags);
  expect(await measured(['us-east-1'])).toMatchObject({ succeeded: true });

  await aws.localAws.seed({ housekeeping: true });
  const cloudWatch = new CloudWatchClient(aws.localAws.clientConfig);
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'AWS-LM-LS-' }));
  const now = Date.now();
  const sums = await Promise.all(MetricAlarms!.map(async ({ Namespace, MetricName, Dimensions, Period }) => {
    const { Datapoints } = await cloudWatch.send(new GetMetricStatisticsCommand({
      Namespace, MetricName, Dimensions, Period, Statistics: ['Sum'], StartTime: new Date(now - 3_600_000), EndTime: new Date(now + 60_000),
    }));
    return `${MetricName}: ${Datapoints!.map(({ Sum }) => Sum).join(', ')}`;
  }));
  expect(sums.sort()).toEqual(['AggregateRunningInstancesCount: 7', 'RunningInstancesCount: 120', 'RunningInstancesCount: 120']);

  const { Stacks } = await aws.cloudFormation.send(new DescribeStacksCommand({ StackName: 'Measured' }));
  const LicenseAssetGroupArn = Stacks![0].Outputs!.find(({ OutputKey }) => OutputKey === 'GroupArn')!.OutputValue!;
  const assets = async () => {
    const { Assets } = await callJson(aws.localAws, 'license-manager', 'ListAssetsForLicenseAssetGroup', { LicenseAssetGroupArn, AssetType: 'Instance' });
    return Assets.map(({ AssetArn }: any) => AssetArn.split('/')[1]);
  };
  expect(await assets()).toEqual(['i-00000000000000001']);
  expect(await measured(['us-east-1', 'eu-west-1'])).toMatchObject({ succeeded: true });
  expect(await assets()).toEqual(['i-00000000000000001', 'i-00000000000000002']);
  expect(await aws.destroy('Measured')).toMatchObject({ succeeded: true });
});

test('what is spelled out to be turned off is, at the end, and only that', async () => {
  expect(await deploy('Spelled', { removalPolicy: RemovalPolicy.DESTROY })).toMatchObject({ succeeded: true });
  expect(await aws.destroy('Spelled')).toMatchObject({ succeeded: true });
  const { linked, trusted, roles } = await state();
  expect(linked).toBe(false);
  expect(trusted).toContain('ram.amazonaws.com');
  expect(roles).toContain('license-manager.amazonaws.com');
});

test('a deployment that fails half-way leaves what was there before', async () => {
  expect(await deploy('Failing')).toMatchObject({ succeeded: true });
  const before = await state();
  expect(await deploy('Failing', { accountId: MEMBERS[1], regions: ['us-east-1', 'eu-west-1'], broken: true })).toMatchObject({ succeeded: false });
  expect(await aws.stackStatus('Failing')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await state()).toEqual(before);
  expect(await aws.destroy('Failing')).toMatchObject({ succeeded: true });
});

test('a delegated administrator does all but linking the organization, in a stack of its own account', async () => {
  const administrator = await aws.in({ account: MEMBERS[0] });
  const settings = () => administrator.deploy('Administrator', (stack) => {
    new ServiceLinkedRole(stack, 'Role');
    new ServiceLinkedRole(stack, 'LinuxRole', { feature: LicenseManagerFeature.LINUX_SUBSCRIPTIONS });
    new LinuxSubscriptionsSettings(stack, 'Linux', { sourceRegions: ['us-east-1'], organizationIntegration: true });
    new ServiceSettings(stack, 'Settings', {
      reportBucket: new LicenseManagerBucket(stack, 'Reports', { removalPolicy: RemovalPolicy.DESTROY }),
      topic: new LicenseManagerTopic(stack, 'Notices', { removalPolicy: RemovalPolicy.DESTROY }),
      discoveryRegions: ['us-east-1'],
    });
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), provisioning: Provisioning.NATIVE });
    new LicenseShare(stack, 'Share', { licenseConfigurations: [license], principals: [SharePrincipal.fromAccountId(MEMBERS[1])] });
  }, flags);
  const refused = await settings();
  expect(refused).toMatchObject({ succeeded: false });
  expect(refused.output).toContain('Deploy the stack to the management account of the organization, or to its delegated administrator');
  expect(await administrator.destroy('Administrator')).toMatchObject({ succeeded: true });

  const organization = (stack: Stack) => {
    new ServiceLinkedRole(stack, 'Role');
    new ServiceSettings(stack, 'Settings', { organizationIntegration: true });
    new OrganizationSharing(stack, 'Sharing');
    new DelegatedAdministrator(stack, 'Administrator', { accountId: MEMBERS[0] });
  };
  expect(await aws.deploy('Organization', organization)).toMatchObject({ succeeded: true });
  expect(await settings()).toMatchObject({ succeeded: true });
  expect((await administrator.localAws.state()).linuxSubscriptions).toMatchObject({
    LinuxSubscriptionsDiscovery: 'Enabled',
    LinuxSubscriptionsDiscoverySettings: { OrganizationIntegration: 'Enabled', SourceRegions: ['us-east-1'] },
    Status: 'Completed',
  });
  // The management account has none of it.
  expect((await aws.localAws.state()).linuxSubscriptions).toEqual({ LinuxSubscriptionsDiscovery: 'Disabled' });
  expect(await state()).toMatchObject({ bucket: undefined, topic: undefined, regions: undefined, administrators: [MEMBERS[0]] });

  expect(await administrator.destroy('Administrator')).toMatchObject({ succeeded: true });
  expect(await aws.destroy('Organization')).toMatchObject({ succeeded: true });
  expect((await administrator.localAws.state()).linuxSubscriptions).toMatchObject({ LinuxSubscriptionsDiscovery: 'Enabled' });
});

test('two stacks share the settings, and neither undoes what the other has declared', async () => {
  const roles = (stack: Stack) => new ServiceLinkedRole(stack, 'Role');
  expect(await aws.deploy('Link', (stack) => {
    roles(stack);
    new ServiceSettings(stack, 'Settings', { organizationIntegration: true });
  })).toMatchObject({ succeeded: true });
  expect(await aws.deploy('Regions', (stack) => {
    roles(stack);
    new ServiceSettings(stack, 'Settings', { discoveryRegions: ['us-east-1'], removalPolicy: RemovalPolicy.DESTROY });
  })).toMatchObject({ succeeded: true });
  expect(await state()).toMatchObject({ linked: true, regions: ['us-east-1'] });
  expect(await aws.destroy('Regions')).toMatchObject({ succeeded: true });
  expect(await state()).toMatchObject({ linked: true, regions: ['us-east-1'] });

  const there = await aws.in({ region: 'eu-west-1' });
  expect(await there.deploy('There', stack => new ServiceSettings(stack, 'Settings', { discoveryRegions: ['eu-west-1'] }))).toMatchObject({ succeeded: true });
  expect((await there.licenseManager.send(new GetServiceSettingsCommand({}))).CrossRegionDiscoverySourceRegions).toEqual(['eu-west-1']);
  expect(await state()).toMatchObject({ regions: ['us-east-1'] });
  expect(await there.destroy('There')).toMatchObject({ succeeded: true });
  expect(await aws.destroy('Link')).toMatchObject({ succeeded: true });
  expect(await state()).toMatchObject({ linked: true });
});
