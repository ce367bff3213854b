/*
 * An empty account at the head of an organization becomes one in which everything of License Manager works, by one deployment, and nobody else loses
 * anything by what comes after it.
 */
import { GetServiceSettingsCommand } from '@aws-sdk/client-license-manager';
import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { useDeployment } from './deployment';
import { callJson } from './requests';
import {
  DelegatedAdministrator, LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, LicenseManagerBucket, LicenseManagerFeature,
  LicenseManagerTopic, LicenseShare, LinuxSubscription, LinuxSubscriptionsSettings, OrganizationSharing, Provisioning, ReportFrequency,
  ReportGenerator, RhsmSecret, ServiceLinkedRole, ServiceSettings, SharePrincipal, SubscriptionProvider, UsageReport,
} from '../../src';

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
    const last = new CfnResource(stack, 'Broken', { type: 'AWS::LicenseManager::LicenseConfiguration', properties: { Name: 'x', LicenseCountingType: 'Nothing' } });
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
