/*
 * What the standards that cdk-nag knows say of one of everything, with the defaults of this library: each finding is settled, or has a reason that an
 * auditor reads on the construct.
 */
import { Duration, Expiration, Stack } from 'aws-cdk-lib';
import type { App, IPolicyValidationPlugin } from 'aws-cdk-lib';
import { InstanceType, LaunchTemplate, MachineImage, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IInstanceRef } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import { ENV, newApp } from './stacks';
import { LicenseEstateStack } from '../../examples/typescript/lib/license-estate-stack';
import { LicenseSettingsStack } from '../../examples/typescript/lib/license-settings-stack';
import {
  DirectoryUser, Entitlement, GovernedInstances, GrantPrincipal, GuardrailMatch, IdentityProvider, LicenseAlarms, LicenseConfiguration,
  LicenseConversionPath, LicenseConversionRole, LicenseConversionWorkflow, LicenseCounting, LicenseDashboard, LicenseGuardrail, LicenseManagerTopic,
  LicenseValidity, LinuxSubscription, mixins, patterns, ProductSubscription, Provisioning, ProvisioningInjector, RdsOracleEngineEdition, UsageExport,
  UserAssociation, UserDirectory, UserSubscriptionProduct,
} from '../../src';

function oneOfEverything(provisioning: Provisioning) {
  const app = newApp();
  ProvisioningInjector.addTo(app, provisioning);
  const stack = new LicenseEstateStack(app, 'Estate', {
    env: ENV,
    licenseCount: 96,
    imageId: 'ami-0abcdef1234567890',
    organizationArn: `arn:aws:organizations::${ENV.account}:organization/o-exampleorgid`,
    directoryId: 'd-0123456789',
    grantArn: 'arn:aws:license-manager::777788889999:grant:g-0abcdef1234567890abcdef123456789',
  });
  new LicenseSettingsStack(app, 'Settings', { env: ENV, administratorAccountId: '444455556666' });
  // With the default for everything, and with a topic.
  new LicenseConversionWorkflow(stack, 'ToPro', { path: LicenseConversionPath.ubuntuLtsToProForever() });
  new LicenseConversionWorkflow(stack, 'ToIncludedIfApproved', {
    path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED, maximumFailures: 1, notify: new LicenseManagerTopic(stack, 'Converted'), requireApproval: true,
  });
  // Of several accounts, in whatever organization and in one, and the role in them.
  new LicenseConversionWorkflow(stack, 'ToProOfMembers', {
    path: LicenseConversionPath.ubuntuLtsToProForever(), memberAccountIds: ['444455556666'], maximumFailures: 1,
  });
  new LicenseConversionWorkflow(stack, 'ToProOfOrganization', { path: LicenseConversionPath.ubuntuLtsToProForever(), memberOrganizationId: 'o-exampleorgid' });
  new LicenseConversionRole(stack, 'ConversionRole', { workflowAccountId: '444455556666', regions: ['eu-west-1', ENV.region] });
  // With the default for everything, and with all that there is.
  const licenseConfigurations = [LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Exported',
    `arn:aws:license-manager:${ENV.region}:${ENV.account}:license-configuration:lic-0123456789abcdef0123456789abcdef`)];
  new UsageExport(stack, 'ShortAudit', { licenseConfigurations });
  new UsageExport(stack, 'LongAudit', {
    licenseConfigurations,
    inventory: true,
    athena: true,
    encryptionKey: new Key(stack, 'ExportKey', { enableKeyRotation: true }),
    objectLock: ObjectLockRetention.governance(Duration.days(30)),
    objectPrefix: 'a/',
  }).grants.query(new Role(stack, 'ExportAuditor', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  new CfnBucket(stack, 'Reports', { bucketName: `aws-license-manager-service-${ENV.account}` }).with(new mixins.BucketLicenseManagerReports());
  new LicenseGuardrail(stack, 'Guardrail', {
    instances: GovernedInstances.matching(GuardrailMatch.amiId(['ami-0123456789abcdef0'])),
    licenseConfigurations: [LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Guarded', `arn:aws:license-manager:us-east-1:${ENV.account}:license-configuration:lic-0`)],
    launchPolicy: { launchTemplates: [LaunchTemplate.fromLaunchTemplateAttributes(stack, 'GuardedTemplate', { launchTemplateId: 'lt-0123456789abcdef0' })] },
  });
  addUsersOf(stack);
  addWatchers(stack);
  addPatterns(app);
  return app;
}

/** What watches over licenses. */
function addWatchers(stack: Stack): void {
  const scope = new Construct(stack, 'Watching');
  const license = new LicenseConfiguration(scope, 'Watched', {
    licenseCounting: LicenseCounting.cores(), licenseCount: 96, licenseExpiry: Expiration.atDate(new Date('2099-06-30T00:00:00Z')),
  });
  license.addHeadroomAlarm('FewLeft', { licensesLeft: 8 });
  license.addExpiryReminder('Expiry', { topic: new LicenseManagerTopic(scope, 'Told') });
  // To the topic of the settings, which are in another stack.
  license.addExpiryReminder('OfSettings');
  LicenseAlarms.of(scope).addCompositeAlarm('Any');
  new LicenseDashboard(scope, 'Dashboard', { licenseConfigurations: [license] });
}

/** In another account, whose settings are not those of the example. */
function addPatterns(app: App): void {
  const env = { ...ENV, account: '777788889999' };
  const stack = new Stack(app, 'Patterns', { env });
  const hub = new patterns.OrganizationHub(stack, 'Hub', {
    organizationalUnitIds: ['r-ab12'],
    administratorAccountId: '444455556666',
    member: { conversionRole: { workflowAccountId: '444455556666' } },
  });
  hub.addRegion(new Stack(app, 'PatternsInIreland', { env: { ...env, region: 'eu-west-1' } }), 'Region');
  const notificationTopic = new LicenseManagerTopic(stack, 'Notices');
  new patterns.LinuxSubscriptionTracking(stack, 'Linux', {
    redHat: {}, alarms: { Many: { subscription: LinuxSubscription.RHEL, threshold: 100 } }, notificationTopic,
  });
  new patterns.RemoteDesktopLicensing(stack, 'RemoteDesktop', {
    directory: UserDirectory.awsManaged('d-0123456789'), users: [DirectoryUser.of('jane')], notificationTopic,
  });
  const machineImage = MachineImage.genericWindows({ [ENV.region]: 'ami-0abcdef1234567890' });
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0', availabilityZones: [`${ENV.region}a`], privateSubnetIds: ['subnet-0123456789abcdef0'] });
  new patterns.WindowsByolFleet(stack, 'Windows', {
    licenseCount: 96,
    licenseExpiry: Expiration.atDate(new Date('2099-06-30T00:00:00Z')),
    machineImage,
    instanceType: new InstanceType('m5.large'),
    vpc,
    countAssets: true,
    notificationTopic,
  });
  new patterns.MacFleet(stack, 'Macs', { machineImage, instanceType: new InstanceType('mac2.metal'), vpc })
    .addHost('Host', { availabilityZone: `${ENV.region}a` });
  new patterns.SqlServerTracking(stack, 'SqlServer', {
    licenses: { Enterprise: { edition: patterns.SqlServerEdition.ENTERPRISE, coreLicenses: 96 } }, notificationTopic,
  });
  new patterns.OracleOnRdsTracking(stack, 'Oracle', {
    licenses: { Enterprise: { engineEdition: RdsOracleEngineEdition.EE, processorLicenses: 16 } }, notificationTopic,
  });
  const product = new patterns.SoftwareProduct(stack, 'Product', {
    productName: 'Example Analytics',
    productSku: 'example-analytics',
    issuerName: 'Example Software',
    entitlements: [Entitlement.unlimited('Platinum')],
    validity: LicenseValidity.perpetual(new Date('2027-01-01T00:00:00Z')),
    notificationTopic,
    consumptionEvents: true,
  });
  product.addCustomer('OnAws', { beneficiary: 'First Customer', principal: GrantPrincipal.fromAccountId('444455556666') });
  product.addCustomer('Elsewhere', { beneficiary: 'Second Customer' });
}

/** Directories and their users, which the example has not. */
function addUsersOf(stack: Stack): void {
  const scope = new Construct(stack, 'Users');
  const subnets = [Subnet.fromSubnetAttributes(scope, 'DirectorySubnet', { subnetId: 'subnet-0123456789abcdef0', routeTableId: 'rtb-0123456789abcdef0' })];
  new IdentityProvider(scope, 'SelfManagedDirectory', {
    product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
    directory: UserDirectory.selfManaged({
      domainName: 'corp.example.com',
      ipv4Addresses: ['10.0.0.10'],
      credentials: Secret.fromSecretNameV2(scope, 'DomainAdministrator', 'license-manager-user-domain'),
      encryptionKey: Key.fromKeyArn(scope, 'DomainKey', `arn:aws:kms:us-east-1:${ENV.account}:key/11111111-2222-3333-4444-555555555555`),
      subnets,
    }),
  });
  const identityProvider = new IdentityProvider(scope, 'Office', {
    product: UserSubscriptionProduct.OFFICE_STANDARD,
    directory: UserDirectory.awsManaged('d-0123456789'),
    activationEndpoints: { subnets, securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'OfficeActivation', 'sg-0123456789abcdef0') },
  });
  const users = [DirectoryUser.of('jane')];
  new ProductSubscription(scope, 'OfficeUsers', { identityProvider, users });
  const instance = { instanceRef: { instanceId: 'i-0123456789abcdef0' }, node: stack.node, env: stack.env } as unknown as IInstanceRef;
  new UserAssociation(scope, 'OfficeDesktop', { identityProvider, instance, users });
}

/** What is the user's, in the example as elsewhere: who is told by an alarm, what a role of the user's own looks like, and a bucket but for its mixin. */
const OF_THE_USER = [
  'CloudWatchAlarmAction Estate/WindowsServer/NearlyUsedUp/Resource',
  'IAMNoInlinePolicy Estate/Auditor/DefaultPolicy/Resource',
  'IAMNoInlinePolicy Estate/ExportAuditor/DefaultPolicy/Resource',
  ...['AwsSolutions-S1', 'S3BucketDefaultLockEnabled', 'S3BucketLoggingEnabled', 'S3BucketReplicationEnabled', 'S3BucketVersioningEnabled']
    .map(rule => `${rule} Estate/Reports`),
];

const PACKS: [string, new () => { validateScope: AwsSolutionsChecks['validateScope'] } & IPolicyValidationPlugin][] = [
  ['AwsSolutions', AwsSolutionsChecks], ['HIPAA.Security', HIPAASecurityChecks], ['NIST.800.53.R4', NIST80053R4Checks],
  ['NIST.800.53.R5', NIST80053R5Checks], ['PCI.DSS.321', PCIDSS321Checks], ['Serverless', ServerlessChecks],
];

describe.each(Object.values(Provisioning))('one of everything, provisioned as %s,', (provisioning) => {
  test.each(PACKS)('has nothing of this library left to say for %s', (pack, Checks) => {
    const findings = new Checks().validateScope(oneOfEverything(provisioning)).violations.flatMap(({ ruleName, violatingResources }) =>
      (violatingResources ?? []).map(({ constructPath }) => `${ruleName.replace(`${pack}-`, pack === 'AwsSolutions' ? 'AwsSolutions-' : '')} ${constructPath}`));
    expect(findings.filter(finding => !OF_THE_USER.includes(finding))).toEqual([]);
  });
});

test('what is acknowledged has a reason', () => {
  const reasons = oneOfEverything(Provisioning.NATIVE).node.findAll().flatMap(construct => construct.node.metadata
    .filter(({ type }) => type === 'aws:cdk:acknowledged-rules').flatMap(({ data }) => Object.values<string>(data)));
  expect(reasons.length).toBeGreaterThan(20);
  expect(reasons.filter(reason => reason.length < 40)).toEqual([]);
});
