import { App, CfnParameter, Duration, Expiration, Resource, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type Copy, loadCopy } from './support/copies';

const ONE = loadCopy();
const OTHER = loadCopy();

const REPORT_ARN = `arn:aws:license-manager:us-east-1:111122223333:report-generator:r-${'0'.repeat(32)}`;

/** What one copy declares, and what another copy makes of it. */
function build(one: Copy, other: Copy) {
  const app = new App();
  const [stack, second] = ['Stack', 'Second'].map(id => new Stack(app, id, { env: { account: '111122223333', region: 'us-east-1' } }));
  const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/Launcher', { defaultPolicyName: 'Policy' });

  // Licenses and what is declared once.
  const licenses = [one, other].map(({ LicenseConfiguration, LicenseCounting, ProductInformation, RdsDb2EngineEdition }, index) => ({
    host: new LicenseConfiguration(stack, `Cores${index}`, { licenseCounting: LicenseCounting.cores() }),
    database: new LicenseConfiguration(stack, `Db2${index}`, {
      licenseCounting: LicenseCounting.vcpus(), productInformation: [ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.SE })],
    }),
  }));

  // Hosts: the group knows its licenses, and others read them of it.
  const groups = [one, other].map(({ HostLicenses, HostResourceGroup }, index) => {
    const group = new HostResourceGroup([stack, second][index], 'Hosts', {
      hostResourceGroupName: 'hosts', licenses: HostLicenses.only(licenses.map(it => it.host)),
    });
    group.addHostId('h-0123456789abcdef0');
    return group;
  });
  other.HostResourceGroupGrants.fromHostResourceGroup(groups[0]).launchInstances(role);
  new other.LicenseShare(stack, 'Share', {
    hostResourceGroups: [groups[0]], licenseConfigurations: [licenses[0].host], principals: [other.SharePrincipal.fromAccountId('444455556666')],
  });
  const instance = new ec2.CfnInstance(stack, 'Instance', {
    imageId: new CfnParameter(stack, 'Image', { type: 'AWS::EC2::Image::Id' }).valueAsString, instanceType: 'c5.large',
  });
  instance.with(new other.mixins.InstanceHostPlacement(groups[0]));

  // A license that is made anew when its product changes, and grants of it, which follow.
  const issued = new one.License(stack, 'Issued', {
    productName: 'product',
    productSku: new CfnParameter(stack, 'Sku').valueAsString,
    issuerName: 'issuer',
    beneficiary: 'customer',
    validity: one.LicenseValidity.perpetual(new Date('2030-01-01T00:00:00Z')),
    entitlements: [one.Entitlement.unlimited('Tier')],
    consumptionConfiguration: one.ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
  });
  [one, other].forEach(({ Grant, GrantPrincipal }, index) =>
    new Grant(stack, `Grant${index}`, { license: issued, principal: GrantPrincipal.fromAccountId('444455556666') }));

  // Names and registrations that are there once.
  [one, other].forEach(({ LicenseConfigurationReportType, ReportFrequency, ReportGenerator, UsageReport }, index) =>
    new ReportGenerator(stack, `Report${index}`, {
      reportGeneratorName: 'report',
      report: UsageReport.licenseConfigurations({
        licenseConfigurations: [licenses[0].host], types: [LicenseConfigurationReportType.USAGE], frequency: ReportFrequency.DAILY,
      }),
    }));
  [one, other].forEach(({ RhsmSecret, SubscriptionProvider }, index) =>
    new SubscriptionProvider(stack, `Provider${index}`, { secret: new RhsmSecret(stack, `Secret${index}`) }));

  [one, other].forEach(({ LicensedResource, ReportGenerator, ReportGeneratorLocation }, index) => {
    licenses[0].host.addAssociation(`Image${index}`, { resource: LicensedResource.fromMachineImageId(`ami-0123456789abcdef${index}`) });
    new ReportGeneratorLocation(stack, `Location${index}`, {
      reportGenerator: ReportGenerator.fromReportGeneratorArn(stack, `Imported${index}`, REPORT_ARN),
    });
  });
  [one, other].forEach(({ IdentityProvider, LicenseServerCredentials, LicenseServerEndpoint }, index) => new LicenseServerEndpoint(stack, `Endpoint${index}`, {
    identityProvider: IdentityProvider.fromIdentityProviderArn(stack, `Directory${index}`,
      `arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-0123456789abcdef${index}`),
    credentials: new LicenseServerCredentials(stack, `Credentials${index}`),
  }));

  // A directory that one copy registers, and what others make of it.
  const directory = new one.IdentityProvider(stack, 'Directory', {
    product: other.UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory: other.UserDirectory.shared('d-0123456789'),
  });
  new other.ProductSubscription(stack, 'Subscribed', { identityProvider: directory, users: [one.DirectoryUser.of('jane')] });
  new one.UserAssociation(stack, 'Associated', { identityProvider: directory, instance, users: [other.DirectoryUser.of('jane')] });
  other.IdentityProviderGrants.fromIdentityProvider(directory).read(role);

  // What all custom resources of a stack share, and the rulesets that AWS manages.
  [one, other].forEach(({ AwsManagedRuleSet, LicenseAssetGroup, LicenseAssetRuleSet, UsageDimension }, index) =>
    new LicenseAssetGroup(stack, `Assets${index}`, {
      usageDimension: UsageDimension.VCPU, ruleSets: [LicenseAssetRuleSet.fromAwsManaged(stack, `Managed${index}`, AwsManagedRuleSet.UBUNTU_PRO)],
    }));
  // What an account has once.
  new one.ServiceLinkedRole(stack, 'LinkedRole');
  new one.ServiceSettings(stack, 'ServiceSettings', {
    reportBucket: new other.LicenseManagerBucket(stack, 'ReportBucket'), topic: new other.LicenseManagerTopic(stack, 'NoticeTopic'),
  });
  new other.LinuxSubscriptionsSettings(stack, 'LinuxSettings', { sourceRegions: ['us-east-1'] })
    .addAlarm('Alarm', { subscription: one.LinuxSubscription.RHEL, threshold: 1 });
  new one.OrganizationSharing(stack, 'OrganizationSharing');
  new other.DelegatedAdministrator(stack, 'DelegatedAdministrator', { accountId: '444455556666' });
  [one, other].forEach(({ LicenseConversionWorkflow }, index) => new LicenseConversionWorkflow(stack, `Workflow${index}`, {
    path: [other, one][index].LicenseConversionPath.ubuntuLtsToProForever(), notify: new other.LicenseManagerTopic(stack, `Converted${index}`),
  }));
  new one.LicenseConversionRole(stack, 'ConversionRole', { workflowAccountId: '444455556666' });
  [one, other].forEach(({ UsageExport }, index) => {
    const { ScheduleExpression } = jest.requireActual('aws-cdk-lib/aws-scheduler');
    const audit = new UsageExport(stack, `Audit${index}`, {
      licenseConfigurations: [licenses[0].host],
      resourceTypes: [[other, one][index].UsageResourceType.RDS],
      athena: true,
      schedule: ScheduleExpression.rate(Duration.days(1)),
    });
    [other, one][index].UsageExportGrants.fromUsageExport(audit).query(role);
  });
  // What watches over licenses: alarms of both, by what is said with one, and reminders, which wait for the topic of the settings.
  const watched = new Stack(app, 'Watched', { env: { account: '111122223333', region: 'us-east-1' } });
  one.LicenseAlarms.of(watched).configure({ alarmNamePrefix: 'licenses-' });
  [other, one].forEach(({ LicenseConfiguration, LicenseCounting, LicenseExpiryReminder }, index) => {
    const license = new LicenseConfiguration(watched, `License${index}`, { licenseCounting: LicenseCounting.cores(), licenseCount: 9 });
    license.addHeadroomAlarm('Left', { licensesLeft: 1 });
    new LicenseExpiryReminder(watched, `Reminder${index}`, {
      licenseConfiguration: license, licenseExpiry: Expiration.atDate(new Date('2099-01-01T00:00:00Z')), daysBefore: [7],
    });
  });
  one.LicenseAlarms.of(watched).addCompositeAlarm('Any');
  new other.LicenseDashboard(watched, 'Dashboard', {
    licenseConfigurations: [licenses[0].host], linuxSubscriptions: [one.LinuxSubscription.RHEL],
  });
  // What one copy says of instances and targets, another one takes.
  [one, other].forEach(({ LicenseGuardrail }, index) => {
    const { GovernedInstances, GuardrailMatch, GuardrailTarget } = [other, one][index];
    new LicenseGuardrail(stack, `Guardrail${index}`, {
      instances: GovernedInstances.matchingAny([[one, other][index].GuardrailMatch.amiId(['ami-0123456789abcdef0']), GuardrailMatch.tag('product')]),
      licenseConfigurations: licenses.map(it => it.host),
      launchPolicy: {
        launchTemplates: [ec2.LaunchTemplate.fromLaunchTemplateAttributes(stack, `Template${index}`, { launchTemplateId: 'lt-0123456789abcdef0' })],
        targets: [GuardrailTarget.account('444455556666')],
      },
    });
  });
  // The other side of a license.
  [one, other].forEach(({ Grant, License, LicenseToken, LicenseManagerTopic }, index) => {
    Grant.fromGrantArn(stack, `Received${index}`, `arn:aws:license-manager::444455556666:grant:g-0123456789abcdef${index}`).accept(stack, `Acceptance${index}`);
    new LicenseToken(stack, `Token${index}`, {
      license: License.fromLicenseArn(stack, `Issued${index}`, 'arn:aws:license-manager::111122223333:license:l-0123456789abcdef'),
      roles: [new [other, one][index].LicenseConsumptionRole(stack, `ConsumptionRole${index}`)],
      notificationTopic: new LicenseManagerTopic(stack, `Told${index}`),
    });
  });
  // A grant that is looked for, as its ARN is not known in another account, and one to the organization.
  const granter = new Stack(app, 'Granter', { env: { account: '444455556666', region: 'us-east-1' } });
  [one.GrantPrincipal.fromAccountId('111122223333'), one.GrantPrincipal.fromOrganizationArn('arn:aws:organizations::444455556666:organization/o-abcde12345')]
    .forEach((principal, index) => new other.GrantAcceptance(stack, `Other${index}`, {
      grant: new one.Grant(granter, `To${index}`, {
        license: one.License.fromLicenseAttributes(granter, `License${index}`, {
          licenseArn: 'arn:aws:license-manager::444455556666:license:l-0123456789abcdef', homeRegion: 'us-east-1',
        }),
        principal,
      }),
    }));

  // Patterns, which are made of all this: the role of the one is that of the other.
  buildPatterns(app, one, other);

  new one.LicenseAssetRuleSet(stack, 'RuleSet', {
    rules: [other.LicenseAssetRule.licenseConfigurations(other.LicenseConfigurationMatch.licenseConfiguration([licenses[0].host]))],
  });
  return [stack, second, watched, ...app.node.children.filter((child): child is Stack => Stack.isStack(child) && child.node.id.startsWith('Pattern'))];
}

function buildPatterns(app: App, one: Copy, other: Copy): void {
  const env = { account: '777788889999', region: 'us-east-1' };
  const stack = new Stack(app, 'Patterns', { env });
  const hub = new one.patterns.OrganizationHub(stack, 'Hub', { organizationalUnitIds: ['r-ab12'], organizationId: 'o-abcde12345' });
  hub.addRegion(new Stack(app, 'PatternsInIreland', { env: { ...env, region: 'eu-west-1' } }), 'Region');
  hub.addShare(new Stack(app, 'PatternOfShare', { env }), 'Share', {
    licenseConfigurations: [new other.LicenseConfiguration(stack, 'Shared', { licenseCounting: other.LicenseCounting.vcpus() })],
  });
  new other.patterns.LinuxSubscriptionTracking(stack, 'Linux', { alarms: { Many: { subscription: one.LinuxSubscription.RHEL, threshold: 3 } } });
  new one.patterns.RemoteDesktopLicensing(stack, 'RemoteDesktop', { directory: other.UserDirectory.awsManaged('d-0123456789') });
  const fleet = { machineImage: ec2.MachineImage.genericWindows({ [env.region]: 'ami-0abcdef1234567890' }), instanceType: new ec2.InstanceType('m5.large') };
  const { license } = new one.patterns.WindowsByolFleet(stack, 'Windows', { ...fleet, licenseCount: 96 });
  new other.patterns.WindowsByolFleet(stack, 'MoreWindows', { ...fleet, licenseConfiguration: license, associateImage: false });
  new other.patterns.MacFleet(stack, 'Macs', { ...fleet, instanceType: new ec2.InstanceType('mac2.metal') });
  // With the inventory of the hub.
  new other.patterns.SqlServerTracking(stack, 'SqlServer', { licenses: { Enterprise: { edition: one.patterns.SqlServerEdition.ENTERPRISE } } });
  new one.patterns.OracleOnRdsTracking(stack, 'Oracle', {
    licenses: { Standard: { engineEdition: other.RdsOracleEngineEdition.SE2, processorLicenses: one.CorePack.TWO.licenses(2) } },
  });
  expect(one.LicenseTerms.ORACLE_PROCESSOR.licensesFor(other.MachineSize.vcpus(4))).toBe(2);
  const product = new other.patterns.SoftwareProduct(stack, 'Product', { productName: 'name', productSku: 'sku', issuerName: 'issuer' });
  new one.patterns.SoftwareCustomer(stack, 'Customer', {
    product,
    beneficiary: 'customer',
    entitlements: [one.Entitlement.unlimited('Tier')],
    validity: other.LicenseValidity.perpetual(new Date('2030-01-01T00:00:00Z')),
  });
}

function resultOf(one: Copy, other: Copy) {
  const stacks = build(one, other);
  return {
    templates: stacks.map(stack => Template.fromStack(stack).toJSON()),
    warnings: stacks.flatMap(stack => Annotations.fromStack(stack).findWarning('*', Match.anyValue())).map(({ id, entry }) => `${id}: ${String(entry.data)}`),
  };
}

test('the copies are two', () => {
  expect(ONE.License).not.toBe(OTHER.License);
  // Of aws-cdk-lib there is one.
  expect([ONE, OTHER].map(copy => copy.License.prototype instanceof Resource)).toEqual([true, true]);
});

test('an app with two copies of the library has the template and the findings of an app with one', () => {
  expect(resultOf(ONE, OTHER)).toEqual(resultOf(ONE, ONE));
});

test.each([
  'rdsProductTrackedTwice', 'hostResourceGroupsOfOneName', 'hostInTwoGroups', 'groupSharedWithoutLicenses', 'licenseGrantedTwice',
  'reportGeneratorsOfOneName', 'subscriptionProviderTwice', 'subscriptionOfSharedDirectory',
])('what is wrong between the two copies is found: %s', (id) => {
  expect(resultOf(ONE, OTHER).warnings.filter(warning => warning.includes(`[ack: cdk-license-manager:${id}]`))).toHaveLength(1);
});

test('an association that the other copy has made already is refused', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  const license = new ONE.LicenseConfiguration(stack, 'License', { licenseCounting: ONE.LicenseCounting.vcpus() });
  const associate = ({ LicenseConfigurationAssociation, LicensedResource }: Copy, id: string) => new LicenseConfigurationAssociation(stack, id, {
    licenseConfiguration: license, resource: LicensedResource.fromMachineImageId('ami-0123456789abcdef0'),
  });
  associate(ONE, 'One');

  expect(() => associate(OTHER, 'Other')).toThrow(
    "Stack/Other: 'ami-0123456789abcdef0' is already associated with this license, by 'Stack/One'.");
});

test('a grant that the other copy has accepted already is refused', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  const accept = ({ Grant, GrantAcceptance }: Copy, id: string) => new GrantAcceptance(stack, id, {
    grant: Grant.fromGrantArn(stack, `Grant${id}`, 'arn:aws:license-manager::444455556666:grant:g-0123456789abcdef'),
  });
  accept(ONE, 'One');

  expect(() => accept(OTHER, 'Other')).toThrow(/^Stack\/Other\S*: .*'Stack\/One\S*' declares it already/);
});

test('a user whom the other copy has subscribed already is refused, and so is a directory that it has registered', () => {
  const app = new App();
  const [stack, second] = ['Stack', 'Second'].map(id => new Stack(app, id, { env: { account: '111122223333', region: 'us-east-1' } }));
  const subscribe = ({ DirectoryUser, IdentityProvider, ProductSubscription, UserSubscriptionProduct }: Copy, scope: Stack) => new ProductSubscription(scope, 'It', {
    identityProvider: IdentityProvider.fromIdentityProviderAttributes(scope, 'Imported', {
      identityProviderArn: 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-1',
      directoryId: 'd-0123456789',
      product: UserSubscriptionProduct.OFFICE_STANDARD,
    }),
    users: [DirectoryUser.of('jane')],
  });
  const register = ({ IdentityProvider, UserDirectory, UserSubscriptionProduct }: Copy, scope: Stack) => new IdentityProvider(scope, 'Directory', {
    product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory: UserDirectory.awsManaged('d-0123456789'),
  });
  subscribe(ONE, stack);
  register(ONE, stack);

  expect(() => subscribe(OTHER, second)).toThrow("Second/It: user 'jane' is in the list of 'Stack/It', too, in 111122223333/us-east-1: ");
  expect(() => register(OTHER, second)).toThrow("Second/Directory: 'Stack/Directory' declares it already, and there is one of it in 111122223333/us-east-1: ");
});

/** The classes that tell their own, by `isLicense()` and the like. */
const TELLING = [...Object.entries(OTHER), ...Object.entries(OTHER.patterns)].flatMap(([name, type]) => {
  const tell: unknown = typeof type === 'function' ? Reflect.get(type, `is${name}`) : undefined;
  return typeof tell === 'function' ? [[name, tell] as const] : [];
});

test.each(TELLING)('%s tells its own, of both copies, and nothing else', (name, tell) => {
  const constructs = build(ONE, OTHER).flatMap(stack => stack.node.findAll());
  const told = constructs.filter(construct => tell(construct));

  expect(told.length).toBeGreaterThan(0);
  expect(told).toEqual(constructs.filter(construct => construct.constructor.name === name));
  expect([undefined, null, 'text', {}].map(it => tell(it))).toEqual([false, false, false, false]);
});
