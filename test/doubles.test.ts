/*
 * One rule for all lists: what is in one twice is written once, and a finding says so.
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnInstance, Peer, SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AdministratorFeature, AllowedOperation, ConsumptionConfiguration, DelegatedAdministrator, DirectoryUser, Ec2BillingProduct, Entitlement, Grant,
  GrantPrincipal, HostLicenses, HostResourceGroup, IdentityProvider, InstanceMatch, License, LicenseAssetGroup, LicenseAssetRule,
  LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, LicenseServerNetwork, LicenseShare, LicenseTenancy,
  LicenseValidity, LinuxSubscriptionsSettings, ProductInformation, ProductSubscription, RdsOracleLicensePack, ReportFrequency, ReportGenerator,
  ServiceSettings, SharePrincipal, UsageDimension, UsageReport, UserAssociation, UserDirectory, UserSubscriptionProduct,
} from '../src';

const PLACE = 'us-east-1:111122223333';
let stack: Stack;
const renew = () => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
};

const license = () => LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'License', {
  licenseConfigurationArn: `arn:aws:license-manager:${PLACE}:license-configuration:lic-${'0'.repeat(32)}`, licenseCounting: LicenseCounting.cores(),
});
const hosts = () => HostResourceGroup.fromHostResourceGroupName(stack, 'Hosts', 'hosts');
const assets = () => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'Assets', `arn:aws:license-manager:${PLACE}:license-asset-group:lag-1`);
const ruleSet = () => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'RuleSet', `arn:aws:license-manager:${PLACE}:license-asset-ruleset:lar-1`);
const counted = (licenseCounting: LicenseCounting) => new LicenseConfiguration(stack, 'It', { licenseCounting });
const tracking = (productInformation: ProductInformation[]) =>
  new LicenseConfiguration(stack, 'It', { licenseCounting: LicenseCounting.vcpus(), productInformation });
const action = () => ({ bind: () => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111122223333:topic' }) });
const topic = () => (stack.node.tryFindChild('Topic') ?? new Topic(stack, 'Topic')) as Topic;
const alarm = (options: object) => new LicenseConfiguration(stack, 'It', { licenseCounting: LicenseCounting.vcpus(), licenseCount: 9 })
  .addUsageAlarm('Alarm', { thresholdPercent: 90, ...options });
const group = (id: string) => SecurityGroup.fromSecurityGroupId(stack, id, `sg-${Buffer.from(id.padEnd(9, '0')).toString('hex').slice(0, 17)}`);
const network = (more: object) => new LicenseServerNetwork(stack, 'It', {
  directory: group('Directory'), instances: group('Instances'), subnets: [subnet()], ...more,
});
const subnet = (id = 'Subnet') => Subnet.fromSubnetAttributes(stack, id, { subnetId: 'subnet-1', ipv4CidrBlock: '10.0.0.0/24' });
const directory = () => IdentityProvider.fromIdentityProviderAttributes(stack, 'Directory', {
  identityProviderArn: `arn:aws:license-manager-user-subscriptions:${PLACE}:identity-provider/idp-1`,
  directoryId: 'd-0123456789',
  product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
});
const start = new Date('2026-01-01T00:00:00Z');
const end = new Date('2026-02-01T00:00:00Z');

/** A list: how messages name it and its member, how a member is made, and who takes the list. */
type List = [list: string, name: string, member: () => unknown, take: (members: any[]) => unknown];

const LISTS: List[] = [
  ['allowedTenancy', 'EC2-Default', () => LicenseTenancy.DEFAULT, allowedTenancy => counted(LicenseCounting.vcpus({ allowedTenancy }))],
  ['productInformation', 'productInformation[1]', () => ProductInformation.ssmManaged({ platformType: 'Linux' }), tracking],
  ['productInformation', 'productInformation[1]', () => ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.OLAP] }), tracking],
  ['licensePacks', 'olap', () => RdsOracleLicensePack.OLAP, licensePacks => tracking([ProductInformation.rdsOracle({ licensePacks })])],
  ['excludedAccounts', '111122223333', () => '111122223333',
    excludedAccounts => tracking([ProductInformation.ssmManaged({ platformType: 'Linux', excludedAccounts })])],
  ['excludedTags', 'key=value', () => ({ key: 'key', value: 'value' }), excludedTags => tracking([ProductInformation.ssmManaged({ platformType: 'Linux', excludedTags })])],
  ['the licenses of the share', 'Stack/License', license, licenseConfigurations => new LicenseShare(stack, 'It', { licenseConfigurations })],
  ['the host resource groups of the share', 'Stack/Hosts', hosts, hostResourceGroups => new LicenseShare(stack, 'It', { hostResourceGroups })],
  ['principals', '444455556666', () => SharePrincipal.fromAccountId('444455556666'), principals => new LicenseShare(stack, 'It', { principals })],
  ['allowedOperations', 'ListPurchasedLicenses', () => AllowedOperation.LIST_PURCHASED_LICENSES, allowedOperations => new Grant(stack, 'It', {
    license: License.fromLicenseArn(stack, 'Issued', 'arn:aws:license-manager::111122223333:license:l-1'),
    principal: GrantPrincipal.fromAccountId('444455556666'),
    allowedOperations,
  })],
  ['entitlements', 'Seats', () => Entitlement.counted('Seats', { maxCount: 1 }), entitlements => new License(stack, 'It', {
    productName: 'a',
    productSku: 'a',
    issuerName: 'a',
    beneficiary: 'a',
    validity: LicenseValidity.perpetual(start),
    entitlements,
    consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
  })],
  ['ruleSets', 'Stack/RuleSet', ruleSet, ruleSets => new LicenseAssetGroup(stack, 'It', { ruleSets, usageDimension: UsageDimension.VCPU })],
  ['rules', 'rules[1]', () => LicenseAssetRule.instances(InstanceMatch.amiId(['ami-01234567'])), rules => new LicenseAssetRuleSet(stack, 'It', { rules })],
  ['rules[0]', 'AMIId EQUALS ami-01234567', () => InstanceMatch.amiId(['ami-01234567']),
    matches => new LicenseAssetRuleSet(stack, 'It', { rules: [LicenseAssetRule.instancesMatchingAll(matches)] })],
  ['InstanceMatch.ec2BillingProduct() of rules[0]', 'rhel', () => Ec2BillingProduct.RHEL,
    products => new LicenseAssetRuleSet(stack, 'It', { rules: [LicenseAssetRule.instances(InstanceMatch.ec2BillingProduct(products))] })],
  ['allowedHostFamilies', 'm5', () => 'm5', allowedHostFamilies => new HostResourceGroup(stack, 'It', { licenses: HostLicenses.any(), allowedHostFamilies })],
  ['HostLicenses.only()', 'Stack/License', license, licenses => new HostResourceGroup(stack, 'It', { licenses: HostLicenses.only(licenses) })],
  ['the hosts of the group', 'h-01234567', () => 'h-01234567', ids => {
    const made = new HostResourceGroup(stack, 'It', { licenses: HostLicenses.any() });
    ids.forEach(id => made.addHostId(id));
  }],
  ['licenseConfigurations of the report', 'Stack/License', license, licenseConfigurations => new ReportGenerator(stack, 'It', {
    report: UsageReport.licenseConfigurations({
      licenseConfigurations, types: [LicenseConfigurationReportType.USAGE], frequency: ReportFrequency.DAILY,
    }),
  })],
  ['types of the report', 'LicenseConfigurationUsageReport', () => LicenseConfigurationReportType.USAGE, types => new ReportGenerator(stack, 'It', {
    report: UsageReport.licenseConfigurations({ licenseConfigurations: [license()], types, frequency: ReportFrequency.DAILY }),
  })],
  ['licenseAssetGroups of the report', 'Stack/Assets', assets, licenseAssetGroups => new ReportGenerator(stack, 'It', {
    report: UsageReport.licenseAssetGroups({ licenseAssetGroups, start, end }),
  })],
  ['actions of alarm \'Alarm\'', 'actions[1]', action, actions => alarm({ actions })],
  ['okActions of alarm \'Alarm\'', 'okActions[1]', action, okActions => alarm({ okActions })],
  ['actions of alarm \'Alarm\'', 'actions[1]', () => new SnsAction(topic()), actions => alarm({ actions })],
  ['features', 'license-manager.amazonaws.com', () => AdministratorFeature.MANAGED_LICENSES,
    features => new DelegatedAdministrator(stack, 'It', { accountId: '444455556666', features })],
  ['discoveryRegions', 'eu-west-1', () => 'eu-west-1', discoveryRegions => new ServiceSettings(stack, 'It', { discoveryRegions })],
  ['sourceRegions', 'eu-west-1', () => 'eu-west-1', sourceRegions => new LinuxSubscriptionsSettings(stack, 'It', { sourceRegions })],
  ['subnets', 'Stack/Given', () => subnet('Given'), subnets => network({ subnets })],
  ['systemsManager', 'systemsManager[0]', () => group('SystemsManager'), systemsManager => network({ systemsManager })],
  ['subnets of activationEndpoints', 'subnet-1', () => subnet('Given'), subnets => new IdentityProvider(stack, 'It', {
    product: UserSubscriptionProduct.OFFICE_STANDARD,
    directory: UserDirectory.awsManaged('d-0123456789'),
    activationEndpoints: { subnets, securityGroup: group('Activation') },
  })],
  ['subnets of the directory', 'subnet-1', () => subnet('Given'), subnets => new IdentityProvider(stack, 'It', {
    product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
    directory: UserDirectory.selfManaged({
      domainName: 'corp.example.com', credentials: Secret.fromSecretNameV2(stack, 'Credentials', 'license-manager-user-domain'), subnets,
    }),
  })],
  ['users', 'jane', () => DirectoryUser.of('jane'), users => new ProductSubscription(stack, 'It', { identityProvider: directory(), users })],
  ['users', 'jane', () => DirectoryUser.of('jane'), users => new UserAssociation(stack, 'It', {
    identityProvider: directory(), instance: new CfnInstance(stack, 'Instance', { imageId: 'ami-01234567', instanceType: 'm5.large' }), users,
  })],
  ['remoteDesktopClients', '10.0.0.0/8', () => Peer.ipv4('10.0.0.0/8'), remoteDesktopClients => network({ remoteDesktopClients })],
];

/** What is told apart by what it is, and not by which object it is. */
const MADE_TWICE = new Set(['actions of alarm \'Alarm\'', 'okActions of alarm \'Alarm\'', 'productInformation', 'excludedTags', 'principals', 'entitlements', 'rules', 'rules[0]', 'remoteDesktopClients', 'users']);

const twice = () => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('twice')).map(({ entry }) => entry.data);

test.each(LISTS)('%s has a member once: %s', (list, name, make, take) => {
  renew();
  take([make()]);
  const once = Template.fromStack(stack).toJSON();
  expect(twice()).toEqual([]);

  renew();
  const member = make();
  take([member, MADE_TWICE.has(list) ? make() : member]);
  expect(Template.fromStack(stack).toJSON()).toEqual(once);
  expect(twice()).toEqual([
    `'${name}' is in ${list} twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]`,
  ]);
});

test('actions that are one object are bound once, and named by the first', () => {
  renew();
  const bind = jest.fn(() => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111122223333:topic' }));
  const one = { bind };
  alarm({ actions: [one, one] });
  expect(bind).toHaveBeenCalledTimes(1);
  expect(twice()).toEqual([expect.stringMatching(/^'actions\[0\]' is in actions of alarm 'Alarm' twice/)]);
});
