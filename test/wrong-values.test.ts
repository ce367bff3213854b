/*
 * Whatever a language without types, or a value out of a file, hands over: to every constructor, static factory and method that takes something, each
 * argument, each property and each member of a list is once missing, once `null`, and once of each wrong kind. It is taken, or refused by an error that names
 * the construct or the method; never does it end in an error of JavaScript.
 */
import { App, Duration, Errors, Expiration, RemovalPolicy, SecretValue, Size, Stack } from 'aws-cdk-lib';
import { Alarm, Dashboard, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnHost, CfnInstance, InstanceType, LaunchTemplate, MachineImage, Peer, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, ManagedPolicy, Role, User } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import * as library from '../src';

const {
  AllowedOperation, AwsManagedRuleSet, ConsumptionConfiguration, Ec2BillingProduct, Entitlement, EntitlementUnit, Grant, GrantedLicenseStatus,
  GrantPrincipal, HostLicenses, HostResourceGroup, IncludedLicense, InstanceMatch, InstancePlatform, License, LicenseAssetGroup, LicenseAssetRule,
  LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationMatch, LicenseConfigurationReportType, LicenseConfigurationStatus,
  LicenseCounting, LicenseMatch, LicenseServerCredentials, LicenseServerEndpoint, LicenseServerNetwork, LicenseShare, LicenseStatus,
  LicenseTenancy, LicenseValidity, LicensingModel, patterns, ProductInformation, Provisioning, RdsDb2EngineEdition, RdsOracleEngineEdition,
  RdsOracleLicensePack, RenewType, ReportFrequency, ReportGenerator, ReportGeneratorLocation, RhsmSecret, SharePrincipal, SubscriptionProvider,
  SubscriptionProviderSource, UsageDimension, UsageReport,
} = library;

const PLACE = 'us-east-1:111122223333';
const LICENSE_CONFIGURATION = `arn:aws:license-manager:${PLACE}:license-configuration:lic-0123456789abcdef0123456789abcdef`;
const IDENTITY_PROVIDER = `arn:aws:license-manager-user-subscriptions:${PLACE}:identity-provider/idp-1`;
const ENDPOINT = `arn:aws:license-manager-user-subscriptions:${PLACE}:license-server-endpoint/e-1`;
const PROVIDER = `arn:aws:license-manager-linux-subscriptions:${PLACE}:subscription-provider/p-1`;
const GROUP = `arn:aws:license-manager:${PLACE}:license-asset-group:lag-1`;
const RULE_SET = `arn:aws:license-manager:${PLACE}:license-asset-ruleset:lar-1`;
const GENERATOR = `arn:aws:license-manager:${PLACE}:report-generator:r-1`;
const HOSTS = `arn:aws:resource-groups:${PLACE}:group/hosts`;
const SHARE = `arn:aws:ram:${PLACE}:resource-share/1`;
const LICENSE = 'arn:aws:license-manager::111122223333:license:l-1';
const GRANT = 'arn:aws:license-manager::111122223333:grant:g-1';

let stack: Stack;
const renew = () => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
};
beforeEach(renew);

const made = <T>(id: string, make: (id: string) => T) => (stack.node.tryFindChild(id) ?? make(id)) as T;
const licenseConfiguration = () => made('Licenses', id => new LicenseConfiguration(stack, id, { licenseCounting: LicenseCounting.vcpus(), licenseCount: 9 }));
const license = () => made('Issued', id => License.fromLicenseArn(stack, id, LICENSE));
const grant = () => made('Grant', id => Grant.fromGrantArn(stack, id, GRANT));
const group = () => made('Group', id => LicenseAssetGroup.fromLicenseAssetGroupAttributes(stack, id, { licenseAssetGroupArn: GROUP, usageDimension: UsageDimension.VCPU }));
const ruleSet = () => made('RuleSet', id => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, id, RULE_SET));
const hosts = () => made('Hosts', id => new HostResourceGroup(stack, id, { licenses: HostLicenses.any() }));
const generator = () => made('Generator', id => ReportGenerator.fromReportGeneratorAttributes(stack, id, { reportGeneratorArn: GENERATOR }));
const location = () => made('Location', id => new ReportGeneratorLocation(stack, id, { reportGenerator: generator() }));
const secret = () => made('Secret', id => Secret.fromSecretNameV2(stack, id, 'license-manager-user-a'));
const provider = () => made('Provider', id => SubscriptionProvider.fromSubscriptionProviderArn(stack, id, PROVIDER));
const directory = () => made('Directory', id => library.IdentityProvider.fromIdentityProviderAttributes(stack, id, {
  identityProviderArn: IDENTITY_PROVIDER, directoryId: 'd-0123456789', product: library.UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
}));
const endpoint = () => made('Endpoint', id => LicenseServerEndpoint.fromLicenseServerEndpointAttributes(stack, id, {
  licenseServerEndpointArn: ENDPOINT, identityProviderArn: IDENTITY_PROVIDER,
}));
const share = () => made('Share', id => new LicenseShare(stack, id));
const audit = () => made('Audit', id => new library.UsageExport(stack, id, { licenseConfigurations: [licenseConfiguration()], athena: true }));
const workflow = () => made('Workflow', id => new library.LicenseConversionWorkflow(stack, id, {
  path: library.LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED,
}));
const launchTemplate = () => made('Template', id => LaunchTemplate.fromLaunchTemplateAttributes(stack, id, { launchTemplateId: 'lt-01234567' }));
const key = () => made('Key', id => new Key(stack, id));
const user = () => made('User', id => new User(stack, id));
const securityGroup = (id = 'SecurityGroup') => made(id, () => SecurityGroup.fromSecurityGroupId(stack, id, 'sg-01234567'));
const subnet = () => made('Subnet', id => Subnet.fromSubnetAttributes(stack, id, { subnetId: 'subnet-1', ipv4CidrBlock: '10.0.0.0/24' }));
const instance = () => made('Instance', id => new CfnInstance(stack, id, { imageId: 'ami-01234567' }));
const target = () => ({ bind: () => ({ arn: 'arn:aws:sns:us-east-1:111122223333:topic' }) });
const alarm = () => made('Alarm', id => Alarm.fromAlarmArn(stack, id, 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:a'));
const notices = () => made('Notices', id => Topic.fromTopicArn(stack, id, 'arn:aws:sns:us-east-1:111122223333:topic'));
const vpc = () => made('Vpc', id => Vpc.fromVpcAttributes(stack, id, {
  vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1'],
}));
const macs = { machineImage: MachineImage.genericWindows({ 'us-east-1': 'ami-0123456789abcdef0' }), instanceType: new InstanceType('mac2.metal') };
const shown = (widget: IWidget) => new Dashboard(stack, 'Shown').addWidgets(widget);
const look = { title: 'title', width: 6, height: 6 };
const EXPIRY = Expiration.atDate(new Date('2099-01-01T00:00:00Z'));
const action = () => ({ bind: () => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111122223333:topic' }) });

const NAME = 'name';
const ownRule = () => ({ ruleId: 'It', description: 'it', severity: library.LicenseRuleSeverity.INFO, source: 'it', fix: 'it', check: () => [] });
const keep = { removalPolicy: RemovalPolicy.RETAIN };
const counting = (licenseCounting: any) => new LicenseConfiguration(stack, 'It', { licenseCounting });
const tracking = (product: any) => new LicenseConfiguration(stack, 'It', { licenseCounting: LicenseCounting.vcpus(), productInformation: [product] });
const sharing = (principal: any) => new LicenseShare(stack, 'It', { principals: [principal] });
const granting = (principal: any) => new Grant(stack, 'It', { license: license(), principal });
const ruling = (rule: any) => new LicenseAssetRuleSet(stack, 'It', { rules: [rule] });
const reporting = (report: any) => new ReportGenerator(stack, 'It', { report });
const issuing = (more: object) => new License(stack, 'It', {
  productName: 'a',
  productSku: 'a',
  issuerName: 'a',
  beneficiary: 'a',
  validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
  entitlements: [Entitlement.unlimited('a')],
  consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
  ...more,
});
const registering = (it: any, more: object = {}) => new library.IdentityProvider(stack, 'It', {
  product: library.UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory: it, ...more,
});
const guardingAll = (instances: any, more: object = {}) => new library.LicenseGuardrail(stack, 'It', { instances, licenseConfigurations: [licenseConfiguration()], ...more });
const guarding = (match: any, more: object = {}) => guardingAll(library.GovernedInstances.matching(match), more);
const subscribing = (identityProvider: any) => new library.ProductSubscription(stack, 'It', { identityProvider, users: [] });
const rules = {
  minimumCores: 1,
  maximumCores: 2,
  allowedTenancy: [LicenseTenancy.DEDICATED_HOST],
  licenseAffinityToHost: Duration.days(9),
  withoutTenancyRule: false,
};
const acceptance = {
  activate: true,
  activationOverrideBehavior: library.ActivationOverrideBehavior.DISTRIBUTED_GRANTS_ONLY,
  throughOrganization: true,
  timeout: Duration.hours(1),
  rejectOnDelete: true,
  ...keep,
};
const metric = { period: Duration.hours(2), statistic: 'Average', label: NAME };

const softwareProduct = () => made('Product', id => new patterns.SoftwareProduct(stack, id, {
  productName: NAME,
  productSku: NAME,
  issuerName: NAME,
  entitlements: [Entitlement.unlimited('a')],
  validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
}));
const customer = (): Required<library.patterns.SoftwareCustomerOptions> => ({
  beneficiary: NAME,
  principal: GrantPrincipal.fromAccountId('444455556666'),
  allowedOperations: [AllowedOperation.LIST_PURCHASED_LICENSES],
  token: true,
  tokenGeneration: 2,
  tokenExpiration: Duration.days(9),
  role: made('Customer', id => Role.fromRoleName(stack, id, 'customer')),
  entitlements: [Entitlement.unlimited('a')],
  validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
  licenseMetadata: { key: NAME },
  ...keep,
});

/** Who takes something: what it takes, and how it is called with that. */
type Taker = [name: string, args: () => unknown[], call: (...args: any[]) => unknown];

const all = <P>(props: Required<P>) => [props];

const TAKERS: Taker[] = [
  ['ServiceSettings', () => all<library.ServiceSettingsProps>({
    reportBucket: made('Bucket', id => Bucket.fromBucketName(stack, id, 'aws-license-manager-service-1')),
    topic: made('Topic', id => Topic.fromTopicArn(stack, id, 'arn:aws:sns:us-east-1:111122223333:aws-license-manager-service-1')),
    organizationIntegration: true,
    crossAccountDiscovery: library.CrossAccountDiscovery.enabledForever(),
    discoveryRegions: [NAME],
    overwriteExistingSettings: true,
    ...keep,
  }), props => new library.ServiceSettings(stack, 'It', props)],
  ['GrantAcceptance', () => all<library.GrantAcceptanceProps>({
    grant: grant(),
    ...acceptance,
  }), props => new library.GrantAcceptance(stack, 'It', props)],
  ['Grant.accept', () => all<library.GrantAcceptanceOptions>(acceptance), options => grant().accept(stack, 'It', options)],
  ['LicenseToken', () => all<library.LicenseTokenProps>({
    license: license(),
    roles: [made('Customer', id => Role.fromRoleName(stack, id, 'customer'))],
    expiration: Duration.days(9),
    tokenProperties: [NAME],
    generation: 2,
    secretName: NAME,
    encryptionKey: made('TokenKey', id => Key.fromKeyArn(stack, id, `arn:aws:kms:${PLACE}:key/1`)),
    notificationTopic: made('TokenTopic', id => Topic.fromTopicArn(stack, id, `arn:aws:sns:${PLACE}:topic`)),
    notificationTime: Duration.days(1),
    ...keep,
  }), props => new library.LicenseToken(stack, 'It', props)],
  ['LicenseConversionWorkflow', () => all<library.LicenseConversionWorkflowProps>({
    path: library.LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED,
    stopInstances: true,
    concurrency: 2,
    maximumFailures: 2,
    conversionTimeout: Duration.hours(1),
    notify: made('Told', id => Topic.fromTopicArn(stack, id, `arn:aws:sns:${PLACE}:topic`)),
    requireApproval: true,
    approvalTimeout: Duration.hours(1),
    resultsBucket: made('Results', id => Bucket.fromBucketName(stack, id, 'results')),
    stateMachineName: NAME,
    roleName: NAME,
    memberAccountIds: ['444455556666'],
    memberOrganizationId: 'o-exampleorgid',
    memberRoleName: NAME,
  }), props => new library.LicenseConversionWorkflow(stack, 'It', props)],
  ...([
    ['LicenseConversionRole', props => new library.LicenseConversionRole(stack, 'It', props)],
    ['LicenseConversionRole.stackSetTemplate', props => library.LicenseConversionRole.stackSetTemplate(props)],
  ] as [string, (props: any) => unknown][]).map(([name, make]): Taker => [name, () => all<library.LicenseConversionRoleProps>({
    workflowAccountId: '111122223333',
    workflowRoleName: NAME,
    organizationId: 'o-exampleorgid',
    roleName: NAME,
    regions: ['us-east-1'],
    permissionsBoundary: made('Boundary', id => ManagedPolicy.fromManagedPolicyArn(stack, id, 'arn:aws:iam::111122223333:policy/boundary')),
  }), make]),
  ...(['rhelForSapToMarketplaceForever', 'rhelForSapToMarketplaceEmeaForever', 'rhelForSapToRedHatSubscriptionsForever'] as const).map((name): Taker => [
    `LicenseConversionPath.${name}`, () => ['code'],
    productCodeId => new library.LicenseConversionWorkflow(stack, 'It', { path: library.LicenseConversionPath[name](productCodeId) }),
  ]),
  ['LicenseGuardrail', () => all<library.LicenseGuardrailProps>({
    instances: library.GovernedInstances.matching(library.GuardrailMatch.amiId(['ami-01234567'])),
    licenseConfigurations: [licenseConfiguration()],
    allowedTenancy: [LicenseTenancy.DEFAULT],
    organization: { excludedAccounts: ['111122223333'] },
    withoutConfigRule: false,
    configRuleName: NAME,
    launchPolicy: { launchTemplates: [launchTemplate()] },
  }), props => new library.LicenseGuardrail(stack, 'It', props)],
  ['the organization of LicenseGuardrail', () => all<library.GuardrailOrganizationOptions>({ excludedAccounts: ['111122223333'] }),
    organization => guarding(library.GuardrailMatch.amiId(['ami-01234567']), { organization })],
  ['the launchPolicy of LicenseGuardrail', () => all<library.GuardrailLaunchPolicyOptions>({
    launchTemplates: [launchTemplate()],
    targets: [library.GuardrailTarget.account('111122223333')],
    exemptPrincipalArns: ['arn:aws:iam::*:role/a'],
    policyName: NAME,
  }), launchPolicy => guarding(library.GuardrailMatch.amiId(['ami-01234567']), { launchPolicy })],
  ...([
    ['usageOperation', ['RunInstances']], ['platformDetails', ['Windows']], ['amiId', ['ami-01234567']], ['marketplaceProductCode', ['code']],
    ['instanceType', [new InstanceType('m5.large')]],
  ] as const).map(([method, list]): Taker => [`GuardrailMatch.${method}`, () => [list], values => guarding(library.GuardrailMatch[method](values))]),
  ['GuardrailMatch.tag', () => ['key', ['value']], (tagKey, values) => guarding(library.GuardrailMatch.tag(tagKey, values))],
  ['GovernedInstances.matching', () => [library.GuardrailMatch.amiId(['ami-01234567'])], match => guardingAll(library.GovernedInstances.matching(match))],
  ...(['matchingAll', 'matchingAny'] as const).map((method): Taker => [
    `GovernedInstances.${method}`, () => [[library.GuardrailMatch.amiId(['ami-01234567'])]], matches => guardingAll(library.GovernedInstances[method](matches)),
  ]),
  ...([['account', '111122223333'], ['organizationalUnit', 'ou-ab12-cdef3456'], ['rootOfAllAccounts', 'r-ab12']] as const).map(([method, id]): Taker => [
    `GuardrailTarget.${method}`, () => [id], given => guarding(library.GuardrailMatch.amiId(['ami-01234567']), {
      launchPolicy: { launchTemplates: [launchTemplate()], targets: [library.GuardrailTarget[method](given)] },
    }),
  ]),
  ['LicenseConversionWorkflowGrants.fromStateMachine', () => [workflow().stateMachine],
    stateMachine => library.LicenseConversionWorkflowGrants.fromStateMachine(stateMachine)],
  ...(['start', 'approve'] as const).map((name): Taker => [
    `LicenseConversionWorkflowGrants.${name}`, () => [user()], grantee => workflow().grants[name](grantee),
  ]),
  ['UsageExport', () => all<Omit<library.UsageExportProps, 'bucket'>>({
    licenseConfigurations: [licenseConfiguration()],
    licenseAssetGroups: [group()],
    usage: true,
    associations: true,
    failures: true,
    inventory: true,
    resourceAccounts: ['111122223333'],
    resourceTypes: [library.UsageResourceType.RDS],
    schedule: ScheduleExpression.rate(Duration.days(1)),
    enabled: true,
    objectPrefix: 'licenses/',
    retention: Duration.days(9),
    athena: true,
    maximumScan: Size.gibibytes(1),
    concurrency: 2,
    reservedConcurrency: 2,
    alarmActions: [],
    encryptionKey: made('ExportKey', id => new Key(stack, id)),
    objectLock: ObjectLockRetention.governance(Duration.days(1)),
  }), props => new library.UsageExport(stack, 'It', props)],
  ['the bucket of UsageExport', () => [{ licenseConfigurations: [licenseConfiguration()], bucket: made('Exported', id => Bucket.fromBucketName(stack, id, 'exported')) }],
    props => new library.UsageExport(stack, 'It', props)],
  ['UsageResourceType.of', () => ['RDS'], value => new library.UsageExport(stack, 'It', {
    licenseConfigurations: [licenseConfiguration()], resourceTypes: [library.UsageResourceType.of(value)],
  })],
  ['UsageExportGrants.fromUsageExport', () => [audit()], usageExport => library.UsageExportGrants.fromUsageExport(usageExport)],
  ...(['start', 'read', 'query'] as const).map((name): Taker => [`UsageExportGrants.${name}`, () => [user()], grantee => audit().grants[name](grantee)]),
  ...(['metricFailed', 'metricSucceeded'] as const).map((name): Taker => [
    `UsageExport.${name}`, () => [{ period: Duration.hours(1), statistic: 'Sum', dimensionsMap: { a: 'b' } }], options => audit()[name](options),
  ]),
  ['LicenseConsumptionRole', () => all<library.LicenseConsumptionRoleProps>({
    licenses: [license()],
    tokenIssuerAccountId: '111122223333',
    roleName: NAME,
    permissionsBoundary: made('Boundary', id => ManagedPolicy.fromManagedPolicyArn(stack, id, 'arn:aws:iam::111122223333:policy/boundary')),
  }), props => new library.LicenseConsumptionRole(stack, 'It', props)],
  ['LicenseManagerBucket', () => all<library.LicenseManagerBucketProps>({
    bucketName: 'aws-license-manager-service-1',
    lifecycleRules: [{ prefix: 'Reports/', expiration: Duration.days(9) }],
    serverAccessLogsBucket: made('Logs', id => Bucket.fromBucketName(stack, id, 'logs')),
    versioned: true,
    ...keep,
  }), props => new library.LicenseManagerBucket(stack, 'It', props)],
  ['LicenseManagerTopic', () => all<library.LicenseManagerTopicProps>({
    topicName: 'aws-license-manager-service-1', displayName: NAME, masterKey: key(), ...keep,
  }), props => new library.LicenseManagerTopic(stack, 'It', props)],
  ...[library.LicenseManagerEvents, library.UserSubscriptionEvents].flatMap(events => Object.getOwnPropertyNames(events)
    .filter(method => method.startsWith('on'))
    .map((method): Taker => [`${events.name}.${method}`, () => [{
      target: target(),
      ruleName: NAME,
      description: NAME,
      crossStackScope: made('Scope', id => new Construct(stack, id)),
    }], options => (events as any)[method](stack, 'It', options)])),
  ['ServiceLinkedRole', () => all<library.ServiceLinkedRoleProps>({ feature: library.LicenseManagerFeature.CORE }),
    props => new library.ServiceLinkedRole(stack, 'It', props)],
  ['DelegatedAdministrator', () => all<library.DelegatedAdministratorProps>({
    accountId: '444455556666', features: [library.AdministratorFeature.MANAGED_LICENSES],
  }), props => new library.DelegatedAdministrator(stack, 'It', props)],
  ['LinuxSubscriptionsSettings', () => all<library.LinuxSubscriptionsSettingsProps>({
    sourceRegions: [NAME], discovery: true, organizationIntegration: true, allowUpdate: true, overwriteExistingSettings: true, ...keep,
  }), props => new library.LinuxSubscriptionsSettings(stack, 'It', props)],
  ['LinuxSubscriptionsSettings.addAlarm', () => [{
    subscription: library.LinuxSubscription.RHEL,
    threshold: 1,
    ofOrganization: true,
    actions: [action()],
    okActions: [action()],
    evaluationPeriods: 2,
    treatMissingData: TreatMissingData.IGNORE,
    alarmName: NAME,
    alarmDescription: NAME,
    metricNamespace: NAME,
    usageRegion: NAME,
  }], options => new library.LinuxSubscriptionsSettings(stack, 'It', { sourceRegions: [NAME] }).addAlarm('Alarm', options)],
  ['LinuxSubscription.of', () => [NAME], name => new library.LinuxSubscriptionsSettings(stack, 'It', { sourceRegions: [NAME] })
    .metrics.runningInstances(library.LinuxSubscription.of(name))],
  ['LinuxSubscriptionsMetrics.fromLinuxSubscriptionsSettings', () => [made('Of', id => new library.LinuxSubscriptionsSettings(stack, id, { sourceRegions: [NAME] }))],
    settings => library.LinuxSubscriptionsMetrics.fromLinuxSubscriptionsSettings(settings).runningInstances(library.LinuxSubscription.RHEL)],
  ...(['runningInstances', 'aggregateRunningInstances'] as const).map((method): Taker => [`LinuxSubscriptionsMetrics.${method}`,
    () => [library.LinuxSubscription.RHEL, { ...metric, metricNamespace: NAME, usageRegion: NAME }],
    (subscription, options) => library.LinuxSubscriptionsMetrics.fromLinuxSubscriptionsSettings(stack)[method](subscription, options)]),
  ['LicenseConfigurationAssociation', () => all<library.LicenseConfigurationAssociationProps>({
    licenseConfiguration: licenseConfiguration(),
    resource: library.LicensedResource.fromMachineImageId('ami-01234567'),
    amiAssociationScope: library.AmiAssociationScope.CROSS_ACCOUNT,
  }), props => new library.LicenseConfigurationAssociation(stack, 'It', props)],
  ['LicenseConfiguration', () => all<library.LicenseConfigurationProps>({
    licenseConfigurationName: NAME,
    description: NAME,
    licenseCounting: LicenseCounting.vcpus(),
    licenseCount: 9,
    licenseCountHardLimit: true,
    licenseExpiry: Expiration.atDate(new Date('2099-01-01T00:00:00Z')),
    productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux' })],
    disassociateWhenNotFound: true,
    status: LicenseConfigurationStatus.AVAILABLE,
    disassociateResourcesOnDelete: true,
    protectFromReplacement: true,
    removalPolicy: RemovalPolicy.DESTROY,
    provisioning: Provisioning.NATIVE,
  }), props => new LicenseConfiguration(stack, 'It', props)],
  ['LicenseConfiguration.fromLicenseConfigurationArn', () => [LICENSE_CONFIGURATION], arn => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'It', arn)],
  ['LicenseConfiguration.fromLicenseConfigurationAttributes', () => all<library.LicenseConfigurationAttributes>({
    licenseConfigurationArn: LICENSE_CONFIGURATION, licenseCounting: LicenseCounting.vcpus(),
  }), attrs => LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'It', attrs)],
  ['LicenseConfiguration.fromLookup', () => all<library.LicenseConfigurationLookupOptions>({ licenseConfigurationName: NAME }),
    options => LicenseConfiguration.fromLookup(stack, 'It', options)],
  ['LicenseConfiguration.addUsageAlarm', () => all<library.UsageAlarmOptions>({
    thresholdPercent: 90,
    actions: [action()],
    okActions: [action()],
    evaluationPeriods: 2,
    treatMissingData: TreatMissingData.IGNORE,
    licenseConfigurationType: 'vCPU',
    alarmName: NAME,
    alarmDescription: NAME,
  }), options => licenseConfiguration().addUsageAlarm('It', options)],
  ['LicenseConfiguration.addHeadroomAlarm', () => all<library.HeadroomAlarmOptions>({
    licensesLeft: 1,
    actions: [action()],
    okActions: [action()],
    evaluationPeriods: 2,
    treatMissingData: TreatMissingData.IGNORE,
    licenseConfigurationType: 'vCPU',
    alarmName: NAME,
    alarmDescription: NAME,
  }), options => licenseConfiguration().addHeadroomAlarm('It', options)],
  ['LicenseExpiryReminder', () => all<library.LicenseExpiryReminderProps>({
    licenseConfiguration: licenseConfiguration(), daysBefore: [7], licenseExpiry: EXPIRY, topic: notices(),
  }), props => new library.LicenseExpiryReminder(stack, 'It', props)],
  ['LicenseConfigurationMetrics.headroom', () => [{ ...metric }], props => licenseConfiguration().metrics.headroom(props)],
  ['LicenseConfigurationMetrics.daysUntilExpiry', () => [{ ...metric, licenseExpiry: EXPIRY }], props => licenseConfiguration().metrics.daysUntilExpiry(props)],
  ['LicenseDashboard', () => all<library.LicenseDashboardProps>({
    dashboardName: NAME,
    licenseConfigurations: [licenseConfiguration()],
    showAllLicenses: true,
    licenseAssetGroups: [group()],
    linuxSubscriptions: [library.LinuxSubscription.RHEL],
    linuxMetricNamespace: NAME,
    stateMachines: [workflow().stateMachine],
    alarms: [alarm()],
  }), props => new library.LicenseDashboard(stack, 'It', props)],
  ['LicenseWidgets.usage', () => [licenseConfiguration(), look], (...args) => shown(library.LicenseWidgets.usage(...args as [any, any]))],
  ['LicenseWidgets.usagePercentage', () => [[licenseConfiguration()], look], (...args) => shown(library.LicenseWidgets.usagePercentage(...args as [any, any]))],
  ['LicenseWidgets.headroom', () => [licenseConfiguration(), look], (...args) => shown(library.LicenseWidgets.headroom(...args as [any, any]))],
  ['LicenseWidgets.daysUntilExpiry', () => [licenseConfiguration(), { ...look, licenseExpiry: EXPIRY }],
    (...args) => shown(library.LicenseWidgets.daysUntilExpiry(...args as [any, any]))],
  ['LicenseWidgets.allLicenses', () => [stack, look], (...args) => shown(library.LicenseWidgets.allLicenses(...args as [any, any]))],
  ['LicenseWidgets.licenseAssetGroup', () => [group(), look], (...args) => shown(library.LicenseWidgets.licenseAssetGroup(...args as [any, any]))],
  ['LicenseWidgets.linuxSubscriptions', () => [stack, { ...look, subscriptions: [library.LinuxSubscription.RHEL], metricNamespace: NAME }],
    (...args) => shown(library.LicenseWidgets.linuxSubscriptions(...args as [any, any]))],
  ['LicenseWidgets.failedExecutions', () => [[workflow().stateMachine], look], (...args) => shown(library.LicenseWidgets.failedExecutions(...args as [any, any]))],
  ['LicenseWidgets.alarms', () => [stack, { ...look, alarms: [alarm()] }], (...args) => shown(library.LicenseWidgets.alarms(...args as [any, any]))],
  ['LicenseAlarms.of', () => [stack], scope => library.LicenseAlarms.of(scope)],
  ['LicenseAlarms.configure', () => all<library.LicenseAlarmsOptions>({
    alarmNamePrefix: NAME, alarmDescriptionSuffix: NAME, actions: [action()], okActions: [action()],
  }), options => {
    library.LicenseAlarms.of(stack).configure(options);
    licenseConfiguration().addHeadroomAlarm('It', { licensesLeft: 1 });
  }],
  ['LicenseAlarms.addCompositeAlarm', () => all<library.LicenseCompositeAlarmOptions>({
    actions: [action()], okActions: [action()], compositeAlarmName: NAME, alarmDescription: NAME,
  }), options => library.LicenseAlarms.of(stack).addCompositeAlarm('It', options)],
  ['LicenseEventMessage.ofCloudTrail', () => [licenseConfiguration(), library.LicenseMessageFormat.CHAT],
    (...args) => library.LicenseEventMessage.ofCloudTrail(...args as [any, any])],
  ['LicenseEventMessage.ofService', () => [library.LicenseMessageFormat.CHAT], format => library.LicenseEventMessage.ofService(format)],
  ['LicenseConfiguration.applyRemovalPolicy', () => [RemovalPolicy.RETAIN], policy => licenseConfiguration().applyRemovalPolicy(policy)],
  ['LicenseCounting.vcpus', () => all<library.VcpuLicenseRules>({
    minimumVcpus: 1, maximumVcpus: 2, honorVcpuOptimization: true, allowedTenancy: [LicenseTenancy.DEFAULT],
  }), options => counting(LicenseCounting.vcpus(options))],
  ['LicenseCounting.cores', () => all<library.CoreLicenseRules>(rules), options => counting(LicenseCounting.cores(options))],
  ['LicenseCounting.sockets', () => all<library.SocketLicenseRules>({
    minimumSockets: 1, maximumSockets: 2, allowedTenancy: rules.allowedTenancy, licenseAffinityToHost: Duration.days(9), withoutTenancyRule: false,
  }), options => counting(LicenseCounting.sockets(options))],
  ['LicenseCounting.instances', () => all<library.InstanceLicenseRules>({
    minimumCores: 1,
    maximumCores: 2,
    minimumSockets: 1,
    maximumSockets: 2,
    minimumVcpus: 1,
    maximumVcpus: 2,
    allowedTenancy: [LicenseTenancy.DEFAULT],
  }), options => counting(LicenseCounting.instances(options))],
  ['ProductInformation.ssmManaged', () => all<library.SsmManagedProduct>({
    applicationName: NAME,
    applicationPublisher: NAME,
    applicationVersion: NAME,
    platformName: NAME,
    platformType: NAME,
    licenseIncluded: IncludedLicense.SQL_SERVER_WEB,
    licenseNotIncluded: IncludedLicense.SQL_SERVER_STANDARD,
    licensesNotIncluded: [IncludedLicense.SQL_SERVER_WEB],
    excludedAccounts: ['111122223333'],
    excludedTags: [{ key: NAME, value: NAME }],
  }), product => tracking(ProductInformation.ssmManaged(product))],
  ['the tag of ProductInformation.ssmManaged', () => all<library.ExcludedTag>({ key: NAME, value: NAME }),
    tag => tracking(ProductInformation.ssmManaged({ platformType: 'Linux', excludedTags: [tag] }))],
  ['ProductInformation.rdsOracle', () => all<library.RdsOracleProduct>({
    engineEdition: RdsOracleEngineEdition.EE, licensePacks: [RdsOracleLicensePack.OLAP],
  }), product => tracking(ProductInformation.rdsOracle(product))],
  ['ProductInformation.rdsDb2', () => all<library.RdsDb2Product>({ engineEdition: RdsDb2EngineEdition.SE }), product => tracking(ProductInformation.rdsDb2(product))],
  ['IncludedLicense.of', () => [NAME], value => tracking(ProductInformation.ssmManaged({ licenseIncluded: IncludedLicense.of(value) }))],
  ['RdsOracleEngineEdition.of', () => [NAME], value => tracking(ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.of(value) }))],
  ['RdsOracleLicensePack.of', () => [NAME], value => tracking(ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.of(value)] }))],
  ['RdsDb2EngineEdition.of', () => [NAME], value => tracking(ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.of(value) }))],
  ...(['read', 'associate', 'manage', 'launchInstances', 'startInstances'] as const).map((method): Taker =>
    [`LicenseConfigurationGrants.${method}`, () => [user()], grantee => licenseConfiguration().grants[method](grantee)]),
  ['LicenseConfigurationGrants.fromLicenseConfiguration', () => [licenseConfiguration()], it => library.LicenseConfigurationGrants.fromLicenseConfiguration(it).read(user())],
  ...(['usagePercentage', 'usageCount', 'totalCount'] as const).map((method): Taker =>
    [`LicenseConfigurationMetrics.${method}`, () => [metric], options => licenseConfiguration().metrics[method](options)]),
  ['LicenseConfigurationMetrics.metric', () => [NAME, metric], (name, options) => licenseConfiguration().metrics.metric(name, options)],
  ['LicenseConfigurationMetrics.fromLicenseConfiguration', () => [licenseConfiguration()],
    it => library.LicenseConfigurationMetrics.fromLicenseConfiguration(it).usageCount()],
  ...(['onCloudTrailEvent', 'onCloudTrailUpdate', 'onCloudTrailStatusChange', 'onCloudTrailAssociationChange', 'onCloudTrailDelete'] as const)
    .map((method): Taker => [`LicenseConfigurationEvents.${method}`, () => [{ target: target(), ruleName: NAME }],
      options => licenseConfiguration().events[method]('It', options)]),
  ['LicenseConfigurationEvents.fromLicenseConfiguration', () => [licenseConfiguration()],
    it => library.LicenseConfigurationEvents.fromLicenseConfiguration(it).onCloudTrailUpdate('It')],

  ['LicenseShare', () => all<library.LicenseShareProps>({
    licenseShareName: NAME,
    licenseConfigurations: [licenseConfiguration()],
    hostResourceGroups: [hosts()],
    principals: [SharePrincipal.fromAccountId('444455556666')],
    allowExternalPrincipals: true,
    ...keep,
  }), props => new LicenseShare(stack, 'It', props)],
  ['LicenseShare.fromLicenseShareArn', () => [SHARE], arn => LicenseShare.fromLicenseShareArn(stack, 'It', arn)],
  ['LicenseShare.addLicenseConfiguration', () => [licenseConfiguration()], it => share().addLicenseConfiguration(it)],
  ['LicenseShare.addHostResourceGroup', () => [hosts()], it => share().addHostResourceGroup(it)],
  ['LicenseShare.addPrincipal', () => [SharePrincipal.fromAccountId('444455556666')], it => share().addPrincipal(it)],
  ['SharePrincipal.fromAccountId', () => ['444455556666'], id => sharing(SharePrincipal.fromAccountId(id))],
  ['SharePrincipal.fromOrganizationalUnitArn', () => ['arn:aws:organizations::111122223333:ou/o-1/ou-1'], arn => sharing(SharePrincipal.fromOrganizationalUnitArn(arn))],
  ['SharePrincipal.fromOrganizationArn', () => ['arn:aws:organizations::111122223333:organization/o-1'], arn => sharing(SharePrincipal.fromOrganizationArn(arn))],

  ['LicenseAssetGroup', () => all<library.LicenseAssetGroupProps>({
    licenseAssetGroupName: NAME, description: NAME, usageDimension: UsageDimension.VCPU, ruleSets: [ruleSet()], properties: { key: NAME }, ...keep,
  }), props => new LicenseAssetGroup(stack, 'It', props)],
  ['LicenseAssetGroup.fromLicenseAssetGroupArn', () => [GROUP], arn => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'It', arn)],
  ['LicenseAssetGroup.fromLicenseAssetGroupAttributes', () => all<library.LicenseAssetGroupAttributes>({
    licenseAssetGroupArn: GROUP, usageDimension: UsageDimension.VCPU,
  }), attrs => LicenseAssetGroup.fromLicenseAssetGroupAttributes(stack, 'It', attrs)],
  ['LicenseAssetGroup.fromLookup', () => all<library.LicenseAssetGroupLookupOptions>({ licenseAssetGroupName: NAME, usageDimension: UsageDimension.VCPU }),
    options => LicenseAssetGroup.fromLookup(stack, 'It', options)],
  ...(['read', 'manage'] as const).flatMap((method): Taker[] => [
    [`LicenseAssetGroupGrants.${method}`, () => [user()], grantee => group().grants[method](grantee)],
    [`LicenseAssetRuleSetGrants.${method}`, () => [user()], grantee => ruleSet().grants[method](grantee)],
    [`ReportGeneratorGrants.${method}`, () => [user()], grantee => generator().grants[method](grantee)],
    [`GrantGrants.${method}`, () => [user()], grantee => grant().grants[method](grantee)],
    [`SubscriptionProviderGrants.${method}`, () => [user()], grantee => provider().grants[method](grantee)],
    [`LicenseServerEndpointGrants.${method}`, () => [user()], grantee => endpoint().grants[method](grantee)],
  ]),
  ['LicenseAssetGroupGrants.fromLicenseAssetGroup', () => [group()], it => library.LicenseAssetGroupGrants.fromLicenseAssetGroup(it).read(user())],
  ['LicenseAssetGroupMetrics.fromLicenseAssetGroup', () => [group()], it => library.LicenseAssetGroupMetrics.fromLicenseAssetGroup(it).instanceCount()],
  ...(['instanceCount', 'instanceConsumedLicenseCount'] as const).map((method): Taker =>
    [`LicenseAssetGroupMetrics.${method}`, () => [{ ...metric, licensingModel: LicensingModel.LICENSE_INCLUDED }], options => group().metrics[method](options)]),
  ['LicenseAssetGroupMetrics.metric', () => [NAME, metric], (name, options) => group().metrics.metric(name, options)],
  ['LicensingModel.of', () => [NAME], value => group().metrics.instanceCount({ licensingModel: LicensingModel.of(value) })],
  ['UsageDimension.of', () => [NAME], value => new LicenseAssetGroup(stack, 'It', { ruleSets: [ruleSet()], usageDimension: UsageDimension.of(value) })],
  ['LicenseAssetRuleSet', () => all<library.LicenseAssetRuleSetProps>({
    licenseAssetRuleSetName: NAME, description: NAME, rules: [LicenseAssetRule.licenses(LicenseMatch.issuer([NAME]))], ...keep,
  }), props => new LicenseAssetRuleSet(stack, 'It', props)],
  ['LicenseAssetRuleSet.fromLicenseAssetRuleSetArn', () => [RULE_SET], arn => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'It', arn)],
  ['LicenseAssetRuleSet.fromLookup', () => all<library.LicenseAssetRuleSetLookupOptions>({ licenseAssetRuleSetName: NAME }),
    options => LicenseAssetRuleSet.fromLookup(stack, 'It', options)],
  ['LicenseAssetRuleSet.fromAwsManaged', () => [AwsManagedRuleSet.UBUNTU_PRO], it => LicenseAssetRuleSet.fromAwsManaged(stack, 'It', it)],
  ['AwsManagedRuleSet.of', () => [NAME], name => LicenseAssetRuleSet.fromAwsManaged(stack, 'It', AwsManagedRuleSet.of(name))],
  ['LicenseAssetRuleSetGrants.fromLicenseAssetRuleSet', () => [ruleSet()], it => library.LicenseAssetRuleSetGrants.fromLicenseAssetRuleSet(it).read(user())],
  ...(['licenseConfigurations', 'licenses', 'instances'] as const).flatMap((method): Taker[] => {
    const match = {
      licenseConfigurations: LicenseConfigurationMatch.accountId(['111122223333']), licenses: LicenseMatch.issuer([NAME]), instances: InstanceMatch.amiId(['ami-01234567']),
    }[method];
    return [
      [`LicenseAssetRule.${method}`, () => [match], it => ruling(LicenseAssetRule[method](it))],
      ...(['All', 'Any'] as const).map((logic): Taker =>
        [`LicenseAssetRule.${method}Matching${logic}`, () => [[match]], list => ruling(LicenseAssetRule[`${method}Matching${logic}`](list))]),
    ];
  }),
  ['LicenseConfigurationMatch.licenseConfiguration', () => [[licenseConfiguration()]],
    list => ruling(LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration(list)))],
  ['LicenseConfigurationMatch.accountId', () => [['111122223333']], list => ruling(LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.accountId(list)))],
  ...([
    ['license', () => license()], ['productSku', () => NAME], ['issuer', () => NAME], ['beneficiary', () => NAME],
    ['licenseStatus', () => GrantedLicenseStatus.EXPIRED], ['homeRegion', () => 'us-east-1'],
  ] as const).map(([method, value]): Taker => [`LicenseMatch.${method}`, () => [[value()]], list => ruling(LicenseAssetRule.licenses(LicenseMatch[method](list)))]),
  ...([
    ['platform', InstancePlatform.LINUX], ['ec2BillingProduct', Ec2BillingProduct.RHEL], ['marketplaceProductCode', NAME], ['amiId', 'ami-01234567'],
    ['instanceType', new InstanceType('m5.large')], ['instanceId', 'i-01234567'], ['hostId', 'h-01234567'], ['accountId', '111122223333'],
  ] as const).map(([method, value]): Taker => [`InstanceMatch.${method}`, () => [[value]], list => ruling(LicenseAssetRule.instances(InstanceMatch[method](list)))]),
  ['InstancePlatform.of', () => [NAME], value => ruling(LicenseAssetRule.instances(InstanceMatch.platform([InstancePlatform.of(value)])))],
  ['Ec2BillingProduct.of', () => [NAME], value => ruling(LicenseAssetRule.instances(InstanceMatch.ec2BillingProduct([Ec2BillingProduct.of(value)])))],
  ['GrantedLicenseStatus.of', () => [NAME], value => ruling(LicenseAssetRule.licenses(LicenseMatch.licenseStatus([GrantedLicenseStatus.of(value)])))],

  ['LicenseCompliance', () => all<library.LicenseComplianceProps>({
    packs: [library.LicenseRulePack.oracle()], additionalRules: [ownRule()], additionalProducts: [library.GovernedProduct.DB2],
  }), props => new library.LicenseCompliance(props)],
  ['LicenseRulePack.of', () => [[ownRule()], [library.GovernedProduct.DB2]], (list, products) => library.LicenseRulePack.of(list, products)],
  ['GovernedProduct.of', () => all<library.GovernedProductProps>({
    productName: NAME, imageParameters: [NAME], imageNames: [NAME], imageIds: ['ami-01234567'], applicationNames: [NAME],
  }), product => library.GovernedProduct.of(product)],

  ['HostResourceGroup', () => all<library.HostResourceGroupProps>({
    hostResourceGroupName: NAME,
    description: NAME,
    licenses: HostLicenses.any(),
    autoAllocateHosts: true,
    autoReleaseHosts: true,
    autoRecoverHosts: true,
    allowedHostFamilies: ['m5'],
    ...keep,
  }), props => new HostResourceGroup(stack, 'It', props)],
  ['HostResourceGroup.fromHostResourceGroupArn', () => [HOSTS], arn => HostResourceGroup.fromHostResourceGroupArn(stack, 'It', arn)],
  ['HostResourceGroup.fromHostResourceGroupName', () => [NAME], name => HostResourceGroup.fromHostResourceGroupName(stack, 'It', name)],
  ['HostResourceGroup.fromHostResourceGroupAttributes', () => all<library.HostResourceGroupAttributes>({ hostResourceGroupArn: HOSTS, licenses: HostLicenses.any() }),
    attrs => HostResourceGroup.fromHostResourceGroupAttributes(stack, 'It', attrs)],
  ['HostResourceGroup.fromLookup', () => all<library.HostResourceGroupLookupOptions>({ hostResourceGroupName: NAME }),
    options => HostResourceGroup.fromLookup(stack, 'It', options)],
  ['HostResourceGroup.addHost', () => [new CfnHost(stack, `Host${stack.node.children.length}`, { availabilityZone: 'us-east-1a' })], host => hosts().addHost(host)],
  ['HostResourceGroup.addHostId', () => ['h-01234567'], id => hosts().addHostId(id)],
  ['HostResourceGroup.addHostArn', () => [`arn:aws:ec2:${PLACE}:dedicated-host/h-01234567`], arn => hosts().addHostArn(arn)],
  ['HostLicenses.only', () => [[licenseConfiguration()]], list => new HostResourceGroup(stack, 'It', { licenses: HostLicenses.only(list) })],
  ...(['read', 'manage', 'launchInstances', 'startInstances'] as const).map((method): Taker =>
    [`HostResourceGroupGrants.${method}`, () => [user()], grantee => hosts().grants[method](grantee)]),
  ['HostResourceGroupGrants.fromHostResourceGroup', () => [hosts()], it => library.HostResourceGroupGrants.fromHostResourceGroup(it).read(user())],

  ['ReportGenerator', () => all<library.ReportGeneratorProps>({
    reportGeneratorName: NAME,
    description: NAME,
    report: UsageReport.licenseAssetGroups({ licenseAssetGroups: [group()], start: new Date(0), end: new Date(1e9) }),
    ...keep,
    provisioning: Provisioning.NATIVE,
  }), props => new ReportGenerator(stack, 'It', props)],
  ['ReportGenerator.fromReportGeneratorArn', () => [GENERATOR], arn => ReportGenerator.fromReportGeneratorArn(stack, 'It', arn)],
  ['ReportGenerator.fromReportGeneratorAttributes', () => all<library.ReportGeneratorAttributes>({ reportGeneratorArn: GENERATOR, reportGeneratorName: NAME }),
    attrs => ReportGenerator.fromReportGeneratorAttributes(stack, 'It', attrs)],
  ['ReportGenerator.fromLookup', () => all<library.ReportGeneratorLookupOptions>({ reportGeneratorName: NAME }), options => ReportGenerator.fromLookup(stack, 'It', options)],
  ['UsageReport.licenseConfigurations', () => all<library.LicenseConfigurationReportOptions>({
    licenseConfigurations: [licenseConfiguration()], types: [LicenseConfigurationReportType.USAGE], frequency: ReportFrequency.DAILY,
  }), options => reporting(UsageReport.licenseConfigurations(options))],
  ['UsageReport.licenseAssetGroups', () => all<library.LicenseAssetGroupReportOptions>({ licenseAssetGroups: [group()], start: new Date(0), end: new Date(1e9) }),
    options => reporting(UsageReport.licenseAssetGroups(options))],
  ['ReportGeneratorGrants.fromReportGenerator', () => [generator()], it => library.ReportGeneratorGrants.fromReportGenerator(it).read(user())],
  ['ReportGeneratorLocation', () => all<library.ReportGeneratorLocationProps>({ reportGenerator: generator() }), props => new ReportGeneratorLocation(stack, 'It', props)],
  ['ReportGeneratorLocationGrants.read', () => [user()], grantee => location().grants.read(grantee)],
  ['ReportGeneratorLocationGrants.fromReportGeneratorLocation', () => [location()],
    it => library.ReportGeneratorLocationGrants.fromReportGeneratorLocation(it).read(user())],

  ['License', () => all<library.LicenseProps>({
    licenseName: NAME,
    productName: NAME,
    productSku: NAME,
    issuerName: NAME,
    signKey: made('Alias', id => Alias.fromAliasName(stack, id, 'alias/key')),
    homeRegion: 'us-east-1',
    validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
    beneficiary: NAME,
    entitlements: [Entitlement.unlimited('a')],
    consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
    licenseMetadata: { key: NAME },
    status: LicenseStatus.AVAILABLE,
    ...keep,
  }), props => new License(stack, 'It', props)],
  ['License.fromLicenseArn', () => [LICENSE], arn => License.fromLicenseArn(stack, 'It', arn)],
  ['License.fromLicenseAttributes', () => all<library.LicenseAttributes>({ licenseArn: LICENSE, homeRegion: 'us-east-1' }),
    attrs => License.fromLicenseAttributes(stack, 'It', attrs)],
  ['License.addGrant', () => all<library.GrantOptions>({
    grantName: NAME, principal: GrantPrincipal.fromAccountId('444455556666'), allowedOperations: [AllowedOperation.LIST_PURCHASED_LICENSES], ...keep,
  }), options => license().addGrant('It', options)],
  ...(['read', 'issue', 'checkOut', 'manage'] as const).map((method): Taker => [`LicenseGrants.${method}`, () => [user()], grantee => license().grants[method](grantee)]),
  ['LicenseGrants.fromLicense', () => [license()], it => library.LicenseGrants.fromLicense(it).read(user())],
  ['Entitlement.counted', () => [NAME, ...all<library.CountedEntitlementOptions>({ maxCount: 9, unit: EntitlementUnit.COUNT, overage: true, allowCheckIn: true })],
    (name, options) => issuing({ entitlements: [Entitlement.counted(name, options)] })],
  ['Entitlement.unlimited', () => [NAME, ...all<library.UnlimitedEntitlementOptions>({ value: NAME, allowCheckIn: true })],
    (name, options) => issuing({ entitlements: [Entitlement.unlimited(name, options)] })],
  ['ConsumptionConfiguration.provisional', () => all<library.ConsumptionOptions>({ maxTimeToLive: Duration.hours(1), renewType: RenewType.NONE }),
    options => issuing({ consumptionConfiguration: ConsumptionConfiguration.provisional(options) })],
  ['ConsumptionConfiguration.borrow', () => all<library.BorrowConsumptionOptions>({
    maxTimeToLive: Duration.hours(1), renewType: RenewType.NONE, allowEarlyCheckIn: true,
  }), options => issuing({ consumptionConfiguration: ConsumptionConfiguration.borrow(options) })],
  ['ConsumptionConfiguration.provisionalAndBorrow', () => all<library.ProvisionalAndBorrowConsumptionOptions>({
    provisionalMaxTimeToLive: Duration.hours(1), borrowMaxTimeToLive: Duration.hours(1), renewType: RenewType.NONE, allowEarlyCheckIn: true,
  }), options => issuing({ consumptionConfiguration: ConsumptionConfiguration.provisionalAndBorrow(options) })],
  ['LicenseValidity.between', () => [new Date(0), new Date(1e9)], (begin, end) => issuing({ validity: LicenseValidity.between(begin, end) })],
  ['LicenseValidity.perpetual', () => [new Date(0)], begin => issuing({ validity: LicenseValidity.perpetual(begin) })],
  ['LicenseValidity.iso8601', () => ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'], (begin, end) => issuing({ validity: LicenseValidity.iso8601(begin, end) })],

  ['Grant', () => all<library.GrantProps>({
    license: license(),
    grantName: NAME,
    principal: GrantPrincipal.fromAccountId('444455556666'),
    allowedOperations: [AllowedOperation.LIST_PURCHASED_LICENSES],
    ...keep,
  }), props => new Grant(stack, 'It', props)],
  ['Grant.fromGrantArn', () => [GRANT], arn => Grant.fromGrantArn(stack, 'It', arn)],
  ['GrantGrants.fromGrant', () => [grant()], it => library.GrantGrants.fromGrant(it).read(user())],
  ['GrantPrincipal.fromAccountId', () => ['444455556666'], id => granting(GrantPrincipal.fromAccountId(id))],
  ['GrantPrincipal.fromArn', () => ['arn:aws:iam::444455556666:root'], arn => granting(GrantPrincipal.fromArn(arn))],
  ['GrantPrincipal.fromOrganizationalUnitArn', () => ['arn:aws:organizations::111122223333:ou/o-1/ou-1'], arn => granting(GrantPrincipal.fromOrganizationalUnitArn(arn))],
  ['GrantPrincipal.fromOrganizationArn', () => ['arn:aws:organizations::111122223333:organization/o-1'], arn => granting(GrantPrincipal.fromOrganizationArn(arn))],

  ['RhsmSecret', () => all<library.RhsmSecretProps>({
    secretName: NAME, description: NAME, offlineToken: SecretValue.secretsManager('token'), encryptionKey: key(), ...keep,
  }), props => new RhsmSecret(stack, 'It', props)],
  ['SubscriptionProvider', () => all<library.SubscriptionProviderProps>({
    secret: secret(), subscriptionProviderSource: SubscriptionProviderSource.RED_HAT, ...keep,
  }), props => new SubscriptionProvider(stack, 'It', props)],
  ['SubscriptionProvider.fromSubscriptionProviderArn', () => [PROVIDER], arn => SubscriptionProvider.fromSubscriptionProviderArn(stack, 'It', arn)],
  ['SubscriptionProvider.fromSubscriptionProviderAttributes', () => all<library.SubscriptionProviderAttributes>({ subscriptionProviderArn: PROVIDER }),
    attrs => SubscriptionProvider.fromSubscriptionProviderAttributes(stack, 'It', attrs)],
  ['SubscriptionProviderGrants.fromSubscriptionProvider', () => [provider()], it => library.SubscriptionProviderGrants.fromSubscriptionProvider(it).read(user())],
  ['LicenseServerCredentials', () => all<library.LicenseServerCredentialsProps>({
    secretName: NAME, description: NAME, password: SecretValue.secretsManager('password'), encryptionKey: key(), ...keep,
  }), props => new LicenseServerCredentials(stack, 'It', props)],
  ['LicenseServerEndpoint', () => all<library.LicenseServerEndpointProps>({ identityProvider: directory(), credentials: secret(), ...keep }),
    props => new LicenseServerEndpoint(stack, 'It', props)],
  ['LicenseServerEndpoint.fromLicenseServerEndpointArn', () => [ENDPOINT], arn => LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'It', arn)],
  ['LicenseServerEndpoint.fromLicenseServerEndpointAttributes', () => all<library.LicenseServerEndpointAttributes>({
    licenseServerEndpointArn: ENDPOINT, identityProviderArn: IDENTITY_PROVIDER,
  }), attrs => LicenseServerEndpoint.fromLicenseServerEndpointAttributes(stack, 'It', attrs)],
  ['LicenseServerEndpointGrants.fromLicenseServerEndpoint', () => [endpoint()], it => library.LicenseServerEndpointGrants.fromLicenseServerEndpoint(it).read(user())],
  ['IdentityProvider', () => all<library.IdentityProviderProps>({
    product: library.UserSubscriptionProduct.OFFICE_STANDARD,
    directory: library.UserDirectory.awsManaged('d-0123456789'),
    activationEndpoints: { subnets: [subnet()], securityGroup: securityGroup() },
    timeout: Duration.hours(1),
    ...keep,
  }), props => new library.IdentityProvider(stack, 'It', props)],
  ['the activationEndpoints of IdentityProvider', () => all<library.ActivationEndpoints>({ subnets: [subnet()], securityGroup: securityGroup() }),
    activationEndpoints => registering(library.UserDirectory.awsManaged('d-0123456789'), { activationEndpoints })],
  ['IdentityProvider.applyRemovalPolicy', () => [RemovalPolicy.RETAIN],
    policy => registering(library.UserDirectory.awsManaged('d-0123456789')).applyRemovalPolicy(policy)],
  ['IdentityProvider.fromIdentityProviderArn', () => [IDENTITY_PROVIDER], arn => library.IdentityProvider.fromIdentityProviderArn(stack, 'It', arn)],
  ['IdentityProvider.fromIdentityProviderAttributes', () => all<library.IdentityProviderAttributes>({
    identityProviderArn: IDENTITY_PROVIDER, directoryId: 'd-0123456789', product: library.UserSubscriptionProduct.OFFICE_STANDARD,
  }), attrs => subscribing(library.IdentityProvider.fromIdentityProviderAttributes(stack, 'Imported', attrs))],
  ...(['read', 'subscribeUsers', 'associateUsers'] as const).map((method): Taker =>
    [`IdentityProviderGrants.${method}`, () => [user()], grantee => directory().grants[method](grantee)]),
  ['IdentityProviderGrants.fromIdentityProvider', () => [directory()], it => library.IdentityProviderGrants.fromIdentityProvider(it).read(user())],
  ['UserSubscriptionProduct.of', () => [NAME],
    value => registering(library.UserDirectory.awsManaged('d-0123456789'), { product: library.UserSubscriptionProduct.of(value) })],
  ['UserDirectory.awsManaged', () => ['d-0123456789'], id => registering(library.UserDirectory.awsManaged(id))],
  ['UserDirectory.shared', () => ['d-0123456789'], id => registering(library.UserDirectory.shared(id))],
  ['UserDirectory.selfManaged', () => all<library.SelfManagedDirectoryOptions>({
    domainName: NAME, ipv4Addresses: ['10.0.0.10'], ipv6Addresses: ['2001:db8::10'], credentials: secret(), encryptionKey: key(), subnets: [subnet()],
  }), options => registering(library.UserDirectory.selfManaged(options))],
  ['ProductSubscription', () => all<library.ProductSubscriptionProps>({
    identityProvider: directory(), users: [library.DirectoryUser.of(NAME)], timeout: Duration.hours(1), ...keep,
  }), props => new library.ProductSubscription(stack, 'It', props)],
  ['ProductSubscription.addUser', () => [library.DirectoryUser.of(NAME)], it => subscribing(directory()).addUser(it)],
  ['DirectoryUser.of', () => [NAME, ...all<library.DirectoryUserOptions>({ domain: NAME })],
    (name, options) => subscribing(directory()).addUser(library.DirectoryUser.of(name, options))],
  ['UserAssociation', () => all<library.UserAssociationProps>({
    identityProvider: directory(), instance: instance(), users: [library.DirectoryUser.of(NAME)], timeout: Duration.hours(1), ...keep,
  }), props => new library.UserAssociation(stack, 'It', props)],
  ['UserAssociation.addUser', () => [library.DirectoryUser.of(NAME)],
    it => new library.UserAssociation(stack, 'It', { identityProvider: directory(), instance: instance(), users: [] }).addUser(it)],
  ['LicenseServerNetwork', () => all<library.LicenseServerNetworkProps>({
    directory: securityGroup(),
    subnets: [subnet()],
    instances: securityGroup('Instances'),
    vpcEndpoints: securityGroup('Endpoints'),
    systemsManager: [securityGroup('SystemsManager')],
    remoteDesktopClients: [Peer.ipv4('10.0.0.0/8')],
  }), props => new LicenseServerNetwork(stack, 'It', props)],

  ['LicenseTerms.of', () => all<library.LicenseTermsProps>({
    termsName: NAME,
    vcpusPerLicense: 1,
    vcpusPerLicenseOnOneThread: 1,
    minimumPerVirtualMachine: 1,
    maximumVcpus: 9,
    coresPerLicense: 1,
    minimumPerSocket: 1,
    minimumPerHost: 1,
  }), terms => library.LicenseTerms.of(terms).licenseCount(1)],
  ['LicenseTerms.licensesFor', () => [library.MachineSize.vcpus(4)], machine => library.LicenseTerms.ORACLE_PROCESSOR.licensesFor(machine)],
  ['LicenseTerms.licenseCount', () => [4, ...all<library.LicenseCountOptions>({ threadsPerCore: 1 })],
    (licenses, options) => library.LicenseTerms.ORACLE_PROCESSOR.licenseCount(licenses, options)],
  ['MachineSize.vcpus', () => [4, ...all<library.VirtualMachineOptions>({ threadsPerCore: 1 })],
    (vcpus, options) => library.LicenseTerms.ORACLE_PROCESSOR.licensesFor(library.MachineSize.vcpus(vcpus, options))],
  ['MachineSize.instanceType', () => [new InstanceType('m5.large')],
    type => library.LicenseTerms.ORACLE_PROCESSOR.licensesFor(library.MachineSize.instanceType(type))],
  ['MachineSize.dedicatedHost', () => all<library.DedicatedHostSize>({ sockets: 2, cores: 48 }),
    size => library.LicenseTerms.WINDOWS_SERVER_CORE.licensesFor(library.MachineSize.dedicatedHost(size))],
  ['CorePack.of', () => [2], cores => library.CorePack.of(cores).licenses(1)],
  ...(['licenses', 'packsFor'] as const).map((method): Taker => [`CorePack.${method}`, () => [2], number => library.CorePack.TWO[method](number)]),

  ['patterns.OrganizationMember', () => all<library.patterns.OrganizationMemberProps>({
    inventory: true, inventoryFrequency: Duration.hours(1), conversionRole: { workflowAccountId: '444455556666' },
  }), props => new patterns.OrganizationMember(stack, 'It', props)],
  ['the conversionRole of patterns.OrganizationMember', () => all<library.patterns.OrganizationMemberConversionRole>({
    workflowAccountId: '444455556666',
    workflowRoleName: NAME,
    organizationId: 'o-exampleorgid',
    roleName: NAME,
    regions: ['us-east-1'],
    permissionsBoundary: made('Boundary', id => ManagedPolicy.fromManagedPolicyArn(stack, id, 'arn:aws:iam::111122223333:policy/boundary')),
    homeRegion: 'us-east-1',
  }), conversionRole => new patterns.OrganizationMember(stack, 'It', { conversionRole })],
  ['patterns.OrganizationRegion', () => all<library.patterns.OrganizationRegionProps>({
    reportBucket: made('Bucket', id => Bucket.fromBucketName(stack, id, 'aws-license-manager-service-1')),
    topic: made('Topic', id => Topic.fromTopicArn(stack, id, `arn:aws:sns:${PLACE}:aws-license-manager-service-1`)),
    crossAccountDiscovery: library.CrossAccountDiscovery.enabledForever(),
    discoveryRegions: [NAME],
    overwriteExistingSettings: true,
    member: { inventory: false },
  }), props => new patterns.OrganizationRegion(stack, 'It', props)],
  ['patterns.OrganizationHub', () => all<library.patterns.OrganizationHubProps>({
    organizationalUnitIds: ['r-ab12'],
    organizationId: 'o-abcde12345',
    administratorAccountId: '444455556666',
    crossAccountDiscovery: library.CrossAccountDiscovery.enabledForever(),
    reportBucket: made('Bucket', id => Bucket.fromBucketName(stack, id, 'aws-license-manager-service-1')),
    topic: made('Topic', id => Topic.fromTopicArn(stack, id, `arn:aws:sns:${PLACE}:aws-license-manager-service-1`)),
    overwriteExistingSettings: true,
    member: {},
    retainStacksOnAccountRemoval: true,
    operationPreferences: { maxConcurrentCount: 1 },
  }), props => new patterns.OrganizationHub(stack, 'It', props)],
  ['patterns.OrganizationHub.addShare', () => all<library.patterns.OrganizationShareOptions>({
    licenseConfigurations: [licenseConfiguration()], hostResourceGroups: [hosts()],
  }), options => new patterns.OrganizationHub(stack, 'It', { organizationId: 'o-abcde12345' }).addShare(stack, 'Share', options)],
  ['patterns.OrganizationHub.addRegion', () => all<library.patterns.OrganizationRegionOptions>({
    reportBucket: made('Bucket', id => Bucket.fromBucketName(stack, id, 'aws-license-manager-service-1')),
    topic: made('Topic', id => Topic.fromTopicArn(stack, id, `arn:aws:sns:${PLACE}:aws-license-manager-service-1`)),
  }), options => new patterns.OrganizationHub(stack, 'It')
    .addRegion(new Stack(stack.node.root as App, 'Europe', { env: { account: '111122223333', region: 'eu-west-1' } }), 'Region', options)],
  ['patterns.LinuxSubscriptionTracking', () => all<library.patterns.LinuxSubscriptionTrackingProps>({
    sourceRegions: [NAME],
    organizationIntegration: true,
    redHat: {},
    alarms: { Alarm: { subscription: library.LinuxSubscription.RHEL, threshold: 1 } },
    notificationTopic: made('Told', id => Topic.fromTopicArn(stack, id, `arn:aws:sns:${PLACE}:topic`)),
    allowUpdate: true,
    overwriteExistingSettings: true,
    ...keep,
  }), props => new patterns.LinuxSubscriptionTracking(stack, 'It', props)],
  ['patterns.RemoteDesktopLicensing', () => [{
    directory: library.UserDirectory.awsManaged('d-0123456789'),
    users: [library.DirectoryUser.of(NAME)],
    administrator: {},
    network: { directory: securityGroup(), subnets: [subnet()] },
    notificationTopic: made('Told', id => Topic.fromTopicArn(stack, id, `arn:aws:sns:${PLACE}:topic`)),
  }], props => new patterns.RemoteDesktopLicensing(stack, 'It', props)],
  ['the administratorSecret of patterns.RemoteDesktopLicensing', () => [{ administratorSecret: secret() }],
    props => new patterns.RemoteDesktopLicensing(stack, 'It', { directory: library.UserDirectory.awsManaged('d-0123456789'), ...props })],
  ['patterns.MacFleet', () => all<library.patterns.MacFleetProps>({
    machineImage: MachineImage.genericWindows({ 'us-east-1': 'ami-0123456789abcdef0' }),
    instanceType: new InstanceType('mac2.metal'),
    autoScalingGroupOptions: {},
    launchTemplateOptions: {},
    automaticHosts: true,
    hostFamilies: ['mac2'],
    vpc: vpc(),
    ...keep,
  }), props => new patterns.MacFleet(stack, 'It', props)],
  ['patterns.MacFleet.addHost', () => all<library.patterns.MacHostOptions>({ availabilityZone: 'us-east-1a', instanceType: new InstanceType('mac2.metal') }),
    options => new patterns.MacFleet(stack, 'It', macs).addHost('Host', options)],
  ['patterns.WindowsByolFleet', () => all<Omit<library.patterns.WindowsByolFleetProps, 'licenseConfiguration'>>({
    machineImage: MachineImage.genericWindows({ 'us-east-1': 'ami-0123456789abcdef0' }),
    instanceType: new InstanceType('m5.large'),
    autoScalingGroupOptions: {},
    launchTemplateOptions: {},
    automaticHosts: true,
    hostFamilies: ['m5'],
    alarmThresholdPercent: 80,
    notificationTopic: notices(),
    reportFrequency: ReportFrequency.DAILY,
    vpc: vpc(),
    licenseCount: 9,
    licenseCountHardLimit: true,
    licenseExpiry: EXPIRY,
    licenseAffinityToHost: Duration.days(9),
    disassociateResourcesOnDelete: true,
    associateImage: true,
    countAssets: true,
  }), props => new patterns.WindowsByolFleet(stack, 'It', props)],
  ['the license of patterns.WindowsByolFleet', () => [{ licenseConfiguration: made('Cores', id => new LicenseConfiguration(stack, id, { licenseCounting: LicenseCounting.cores() })) }],
    props => new patterns.WindowsByolFleet(stack, 'It', { ...macs, instanceType: new InstanceType('m5.large'), ...props })],
  ['patterns.SqlServerTracking', () => all<library.patterns.SqlServerTrackingProps>({
    licenses: { Enterprise: { edition: patterns.SqlServerEdition.ENTERPRISE } },
    applicationNames: [NAME],
    editionTagKey: NAME,
    passiveSecondaryTag: { key: NAME },
    excludedAccounts: ['444455556666'],
    inventory: true,
    alarmThresholdPercent: 80,
    notificationTopic: notices(),
    reportFrequency: ReportFrequency.DAILY,
  }), props => new patterns.SqlServerTracking(stack, 'It', props)],
  ['the licenses of patterns.SqlServerTracking', () => all<library.patterns.SqlServerLicense>({
    edition: patterns.SqlServerEdition.ENTERPRISE, coreLicenses: 9, licenseExpiry: EXPIRY, applicationNames: [NAME],
  }), it => new patterns.SqlServerTracking(stack, 'It', { licenses: { It: it } })],
  ['patterns.SqlServerEdition.of', () => [NAME],
    name => new patterns.SqlServerTracking(stack, 'It', { licenses: { It: { edition: patterns.SqlServerEdition.of(name) } } })],
  ['patterns.OracleOnRdsTracking', () => all<library.patterns.OracleOnRdsTrackingProps>({
    licenses: { Enterprise: { engineEdition: RdsOracleEngineEdition.EE } },
    alarmThresholdPercent: 80,
    notificationTopic: notices(),
    reportFrequency: ReportFrequency.DAILY,
  }), props => new patterns.OracleOnRdsTracking(stack, 'It', props)],
  ['the licenses of patterns.OracleOnRdsTracking', () => all<library.patterns.OracleOnRdsLicense>({
    engineEdition: RdsOracleEngineEdition.EE,
    licensePacks: [RdsOracleLicensePack.OLAP],
    processorLicenses: 9,
    threadsPerCore: 1,
    licenseExpiry: EXPIRY,
  }), it => new patterns.OracleOnRdsTracking(stack, 'It', { licenses: { It: it } })],
  ['patterns.SoftwareProduct', () => all<library.patterns.SoftwareProductProps>({
    productName: NAME,
    productSku: NAME,
    issuerName: NAME,
    entitlements: [Entitlement.unlimited('a')],
    consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
    validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
    signKey: made('SignKey', id => Key.fromKeyArn(stack, id, `arn:aws:kms:${PLACE}:key/1`)),
    notificationTopic: made('Told', id => Topic.fromTopicArn(stack, id, `arn:aws:sns:${PLACE}:topic`)),
    consumptionEvents: true,
    ...keep,
  }), props => new patterns.SoftwareProduct(stack, 'It', props)],
  ['patterns.SoftwareProduct.addCustomer', () => all<library.patterns.SoftwareCustomerOptions>(customer()), options => softwareProduct().addCustomer('It', options)],
  ['patterns.SoftwareCustomer', () => all<library.patterns.SoftwareCustomerProps>({ ...customer(), product: softwareProduct() }),
    props => new patterns.SoftwareCustomer(stack, 'It', props)],
];

/** The properties that have no default. */
const NEEDED: { readonly [taker: string]: readonly string[] } = {
  'GovernedProduct.of': ['productName'],
  'LicenseTerms.of': ['termsName'],
  'MachineSize.dedicatedHost': ['sockets', 'cores'],
  'DelegatedAdministrator': ['accountId'],
  'LinuxSubscriptionsSettings': ['sourceRegions'],
  'LinuxSubscriptionsSettings.addAlarm': ['subscription', 'threshold'],
  'LicenseConfiguration': ['licenseCounting'],
  'LicenseConfiguration.fromLicenseConfigurationAttributes': ['licenseConfigurationArn'],
  'LicenseConfiguration.fromLookup': ['licenseConfigurationName'],
  'LicenseConfiguration.addUsageAlarm': ['thresholdPercent'],
  'LicenseConfigurationAssociation': ['licenseConfiguration', 'resource'],
  'the tag of ProductInformation.ssmManaged': ['key'],
  'ProductInformation.rdsDb2': ['engineEdition'],
  'LicenseAssetGroup': ['usageDimension', 'ruleSets'],
  'LicenseAssetGroup.fromLicenseAssetGroupAttributes': ['licenseAssetGroupArn'],
  'LicenseAssetGroup.fromLookup': ['licenseAssetGroupName'],
  'LicenseAssetRuleSet': ['rules'],
  'LicenseAssetRuleSet.fromLookup': ['licenseAssetRuleSetName'],
  'HostResourceGroup': ['licenses'],
  'HostResourceGroup.fromHostResourceGroupAttributes': ['hostResourceGroupArn'],
  'HostResourceGroup.fromLookup': ['hostResourceGroupName'],
  'ReportGenerator': ['report'],
  'ReportGenerator.fromReportGeneratorAttributes': ['reportGeneratorArn'],
  'ReportGenerator.fromLookup': ['reportGeneratorName'],
  'UsageReport.licenseConfigurations': ['licenseConfigurations', 'types', 'frequency'],
  'UsageReport.licenseAssetGroups': ['licenseAssetGroups', 'start', 'end'],
  'ReportGeneratorLocation': ['reportGenerator'],
  'License': ['productName', 'productSku', 'issuerName', 'validity', 'beneficiary', 'entitlements', 'consumptionConfiguration'],
  'License.fromLicenseAttributes': ['licenseArn'],
  'License.addGrant': ['principal'],
  'Entitlement.counted': ['maxCount'],
  'ConsumptionConfiguration.provisional': ['maxTimeToLive'],
  'ConsumptionConfiguration.borrow': ['maxTimeToLive'],
  'ConsumptionConfiguration.provisionalAndBorrow': ['provisionalMaxTimeToLive', 'borrowMaxTimeToLive'],
  'Grant': ['license', 'principal'],
  'GrantAcceptance': ['grant'],
  'LicenseToken': ['license'],
  'LicenseConversionWorkflow': ['path'],
  'LicenseConversionRole': ['workflowAccountId'],
  'LicenseConversionRole.stackSetTemplate': ['workflowAccountId'],
  'UsageExport': ['licenseConfigurations'],
  'the bucket of UsageExport': ['licenseConfigurations'],
  'LicenseConfiguration.addHeadroomAlarm': ['licensesLeft'],
  'LicenseExpiryReminder': ['licenseConfiguration'],
  'LicenseGuardrail': ['instances', 'licenseConfigurations'],
  'the launchPolicy of LicenseGuardrail': ['launchTemplates'],
  'SubscriptionProvider': ['secret'],
  'SubscriptionProvider.fromSubscriptionProviderAttributes': ['subscriptionProviderArn'],
  'LicenseServerEndpoint': ['identityProvider', 'credentials'],
  'LicenseServerEndpoint.fromLicenseServerEndpointAttributes': ['licenseServerEndpointArn'],
  'LicenseServerNetwork': ['directory', 'subnets'],
  'IdentityProvider': ['product', 'directory'],
  'the activationEndpoints of IdentityProvider': ['subnets', 'securityGroup'],
  'IdentityProvider.fromIdentityProviderAttributes': ['identityProviderArn'],
  'UserDirectory.selfManaged': ['domainName', 'credentials', 'subnets'],
  'ProductSubscription': ['identityProvider', 'users'],
  'UserAssociation': ['identityProvider', 'instance', 'users'],
  'patterns.MacFleet': ['machineImage', 'instanceType'],
  'patterns.MacFleet.addHost': ['availabilityZone'],
  'patterns.WindowsByolFleet': ['machineImage', 'instanceType'],
  'patterns.SqlServerTracking': ['licenses'],
  'patterns.OracleOnRdsTracking': ['licenses'],
  'patterns.RemoteDesktopLicensing': ['directory'],
  'patterns.SoftwareProduct': ['productName', 'productSku', 'issuerName'],
  'patterns.SoftwareProduct.addCustomer': ['beneficiary'],
  'patterns.SoftwareCustomer': ['beneficiary', 'product'],
};

/** Those that need not be given anything. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'LicenseCompliance',
  'LicenseCounting.vcpus', 'LicenseCounting.cores', 'LicenseCounting.sockets', 'LicenseCounting.instances',
  'LicenseConfigurationMetrics.usagePercentage', 'LicenseConfigurationMetrics.usageCount', 'LicenseConfigurationMetrics.totalCount',
  'LicenseConfigurationEvents.onCloudTrailEvent', 'LicenseConfigurationEvents.onCloudTrailUpdate',
  'LicenseConfigurationEvents.onCloudTrailStatusChange', 'LicenseConfigurationEvents.onCloudTrailAssociationChange',
  'LicenseConfigurationEvents.onCloudTrailDelete', 'LicenseShare', 'LicenseAssetGroupMetrics.instanceCount',
  'LicenseAssetGroupMetrics.instanceConsumedLicenseCount', 'RhsmSecret', 'LicenseServerCredentials',
  'UsageExport.metricFailed', 'UsageExport.metricSucceeded', 'ServiceSettings', 'ServiceLinkedRole', 'LicenseManagerBucket', 'LicenseManagerTopic', 'Grant.accept', 'LicenseConsumptionRole',
  'the activationEndpoints of IdentityProvider',
  'LicenseConfigurationMetrics.headroom', 'LicenseConfigurationMetrics.daysUntilExpiry', 'LicenseDashboard', 'LicenseAlarms.addCompositeAlarm',
  'LicenseEventMessage.ofService',
  'ServiceSettings', 'ServiceLinkedRole', 'LicenseManagerBucket', 'LicenseManagerTopic', 'Grant.accept', 'LicenseConsumptionRole',
  'the activationEndpoints of IdentityProvider', 'patterns.OrganizationMember', 'patterns.OrganizationRegion', 'patterns.OrganizationHub',
  'patterns.OrganizationHub.addShare', 'patterns.OrganizationHub.addRegion', 'patterns.LinuxSubscriptionTracking',
  'the administratorSecret of patterns.RemoteDesktopLicensing', 'the license of patterns.WindowsByolFleet', 'the conversionRole of patterns.OrganizationMember',
  'ServiceSettings', 'ServiceLinkedRole', 'LicenseManagerBucket', 'LicenseManagerTopic', 'Grant.accept', 'LicenseConsumptionRole',
  'the activationEndpoints of IdentityProvider', 'the organization of LicenseGuardrail', 'the launchPolicy of LicenseGuardrail',
  ...TAKERS.map(([name]) => name).filter(name => /^(LicenseManager|UserSubscription)Events\./.test(name)),
]);

/** Those whose values are those of a class with constants, which another message speaks of. */
const WITH_CONSTANTS: ReadonlySet<string> = new Set([
  'IncludedLicense.of', 'LicensingModel.of', 'UsageResourceType.of', 'LinuxSubscription.of', 'RdsDb2EngineEdition.of', 'RdsOracleEngineEdition.of', 'RdsOracleLicensePack.of', 'UsageDimension.of',
  'UserSubscriptionProduct.of', 'patterns.SqlServerEdition.of',
]);

/** What looks like whatever construct, and is none. */
const REFERENCES = Object.fromEntries([
  'bucket', 'key', 'topic', 'secret', 'license', 'licenseConfiguration', 'licenseAssetGroup', 'licenseAssetRuleSet', 'reportGenerator', 'grant', 'group', 'host',
  'instance', 'launchTemplate', 'subscriptionProvider', 'licenseServerEndpoint', 'role', 'subnet', 'securityGroup',
].map(name => [`${name}Ref`, { [`${name}Arn`]: 'arn', [`${name}Id`]: 'id', [`${name}Name`]: 'name' }]));

const WRONG: readonly [string, () => unknown][] = [
  ['undefined', () => undefined], ['null', () => null], ['a number', () => 5], ['a text', () => 'text'], ['an empty text', () => ''], ['true', () => true],
  ['an object', () => ({})], ['a function', () => () => undefined], ['a date', () => new Date(NaN)], ['a principal', () => new AccountRootPrincipal()],
  ['a token in days', () => Duration.days(1)], ['an empty list', () => []], ['a list of nothing', () => [undefined]], ['a list of null', () => [null]],
  ['a list of a number', () => [5]], ['a list of a text', () => ['text']], ['a list of an object', () => [{}]], ['a map of numbers', () => ({ key: 5 })],
  ['the text false', () => 'false'], ['no number', () => NaN], ['a number without end', () => Infinity], ['references of no construct', () => REFERENCES],
];

/** All that is wrong with one argument, or with one property of it. */
function wrongArguments(args: unknown[], wrong: () => unknown): [string, unknown[]][] {
  return args.flatMap((arg, index): [string, unknown[]][] => {
    const replaced = (value: unknown) => args.map((it, at) => at === index ? value : it);
    const isStruct = typeof arg === 'object' && arg !== null && Object.getPrototypeOf(arg) === Object.prototype;
    return [
      [`argument ${index}`, replaced(wrong())],
      ...isStruct ? Object.keys(arg).map((name): [string, unknown[]] => [name, replaced({ ...arg, [name]: wrong() })]) : [],
    ];
  });
}

/** What comes of it, for each place at which something may be wrong: an error, or nothing. */
function* endsOf([, args, call]: Taker, wrong: () => unknown): Generator<[string, Error | undefined]> {
  for (const [at, [place]] of wrongArguments(args(), wrong).entries()) {
    renew();
    try {
      call(...wrongArguments(args(), wrong)[at][1]);
      synthesized();
      yield [place, undefined];
    } catch (error) {
      yield [place, error as Error];
    }
  }
}

describe.each(TAKERS)('%s', (...taker) => {
  test('takes what it needs', () => {
    const [, args, call] = taker;
    call(...args());
    synthesized();
  });

  test('ends in no error of JavaScript, and names the property, whatever it is given', () => {
    const unnamed: string[] = [];
    for (const [kind, wrong] of WRONG) {
      for (const [place, error] of endsOf(taker, wrong)) {
        // Those of aws-cdk-lib have the path elsewhere.
        if (error !== undefined && !(Errors.isValidationError(error) && (place.startsWith('argument') || error.message.includes(place) || error.message.includes('is not the ARN of')))) {
          unnamed.push(`${kind} for ${place}: ${error.name}: ${error.message}`);
        }
      }
    }
    expect(unnamed).toEqual([]);
  });

  test('says what is missing', () => {
    const [name] = taker;
    const missing = [...endsOf(taker, () => undefined)].filter(([, error]) => error?.message.includes('is missing: ')).map(([place]) => place);
    expect(missing.filter(place => !place.startsWith('argument'))).toEqual(NEEDED[name] ?? []);
    expect(missing.includes('argument 0') || WITH_CONSTANTS.has(name)).toBe(!OPTIONAL.has(name));
  });

  test('takes null as what is not there', () => {
    const [absent, isNull] = [() => undefined, () => null].map(value => [...endsOf(taker, value)].map(([place, error]) => [place, error?.message]));
    expect(isNull).toEqual(absent);
  });

  test('takes a gap in a list for a gap, whichever it is', () => {
    const [absent, isNull] = [undefined, null].map(gap => [...endsOf(taker, () => [gap])].map(([place, error]) => [place, error?.message]));
    expect(isNull).toEqual(absent);
  });
});

function synthesized(): void {
  stack.node.findAll().forEach(construct => construct.node.validate());
  stack.resolve((stack as any)._toCloudFormation());
}

test('all classes are among them, with all of their static factories', () => {
  const named = new Set(TAKERS.map(([name]) => name));
  const ofPatterns = Object.entries(library.patterns).map(([name, type]) => [`patterns.${name}`, type] as const);
  const missing = [...Object.entries(library), ...ofPatterns].flatMap(([name, type]) => {
    if (typeof type !== 'function' || ELSEWHERE.has(name)) {
      return [];
    }
    const factories = Object.getOwnPropertyNames(type).filter(it => typeof (type as any)[it] === 'function' && (type as any)[it].length > 0 && !/^(_|is[A-Z]|prototype)/.test(it));
    return [...type.prototype instanceof Construct ? [name] : [], ...factories.map(factory => `${name}.${factory}`)].filter(it => !named.has(it) && it !== 'HostLicenses.of');
  });
  expect(missing).toEqual([]);
});

/** Those that have such a table of their own. */
const ELSEWHERE = new Set<string>([
  // Those of aws-cdk-lib, with less of their properties.
  'LicenseManagerBucket', 'LicenseManagerTopic', 'LicenseManagerEvents', 'UserSubscriptionEvents', 'OrganizationSharing',
  'CustomResources', 'LicensedResource', 'ProvisioningInjector',
]);
