/*
 * What a language without types hands over where there has to be something: it is refused by the path of the construct and the name of the property,
 * and not by an error that names neither.
 */
import { App, Duration, SecretValue, Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  ConsumptionConfiguration, Entitlement, Grant, GrantPrincipal, IncludedLicense, License, LicenseConfiguration, LicenseConfigurationAssociation,
  LicenseCounting, LicensedResource, LicenseServerCredentials, LicenseServerEndpoint, LicenseServerNetwork, LicenseShare, LicenseValidity,
  ProductInformation, RdsOracleEngineEdition, RhsmSecret, SharePrincipal, SubscriptionProvider,
} from '../src';
import { issue, LICENSE_ARN } from './license/licenses';
import { LICENSE_ARN as SELF_MANAGED } from './license-configuration/licenses';

const IDENTITY_PROVIDER = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-1';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const license = () => License.fromLicenseArn(stack, 'Imported', LICENSE_ARN);
const selfManaged = () => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'SelfManaged', SELF_MANAGED);
const secret = () => Secret.fromSecretNameV2(stack, 'Secret', 'license-manager-user-a');
const product = (productInformation: ProductInformation) => new LicenseConfiguration(stack, 'It', {
  licenseCounting: LicenseCounting.vcpus(), productInformation: [productInformation],
});

/** A table of required properties: each is left out once, and once it is `null`, as Python's `None` may come to be. */
function requiredOf<P extends object>(name: string, props: () => P, make: (props: any) => unknown): [string, (value: null | undefined) => unknown][] {
  stack = new Stack(new App(), 'Stack');
  return Object.keys(props()).map(property => [`${property} of ${name}`, value => make({ ...props(), [property]: value })]);
}

describe.each<[string, (value: null | undefined) => unknown]>([
  ...requiredOf('Grant', () => ({ license: license(), principal: GrantPrincipal.fromAccountId('444455556666') }), props => new Grant(stack, 'It', props)),
  ...requiredOf('License', () => ({
    productName: 'a',
    productSku: 'a',
    issuerName: 'a',
    beneficiary: 'a',
    validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
    entitlements: [Entitlement.unlimited('a')],
    consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
  }), props => new License(stack, 'It', props)),
  ...requiredOf('LicenseConfigurationAssociation', () => ({
    licenseConfiguration: selfManaged(), resource: LicensedResource.fromInstanceId('i-01234567'),
  }), props => new LicenseConfigurationAssociation(stack, 'It', props)),
  ...requiredOf('LicenseServerEndpoint', () => ({ identityProviderArn: IDENTITY_PROVIDER, credentials: secret() }), props => new LicenseServerEndpoint(stack, 'It', props)),
  ...requiredOf('LicenseServerNetwork', () => ({
    directory: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-01234567'), subnets: [],
  }), props => new LicenseServerNetwork(stack, 'It', props)),
  ...requiredOf('SubscriptionProvider', () => ({ secret: secret() }), props => new SubscriptionProvider(stack, 'It', props)),
])('%s', (what, make) => {
  test.each([undefined, null])('is refused by its name if it is %p', (value) => {
    expect(() => make(value)).toThrow(`Stack/It: ${what.split(' ')[0]} is missing: there is no default for it. Set it.`);
  });
});

test.each<[string, () => unknown, string]>([
  ['Grant without properties', () => new Grant(stack, 'It', undefined as any), 'Stack/It: license is missing'],
  ['License without properties', () => new License(stack, 'It', undefined as any), 'Stack/It: productName is missing'],
  ['an association without properties', () => new LicenseConfigurationAssociation(stack, 'It', undefined as any), 'Stack/It: licenseConfiguration is missing'],
  ['an endpoint without properties', () => new LicenseServerEndpoint(stack, 'It', undefined as any), 'Stack/It: identityProviderArn is missing'],
  ['a network without properties', () => new LicenseServerNetwork(stack, 'It', undefined as any), 'Stack/It: directory is missing'],
  ['a provider without properties', () => new SubscriptionProvider(stack, 'It', undefined as any), 'Stack/It: secret is missing'],

  ['License.fromLicenseArn()', () => License.fromLicenseArn(stack, 'It', undefined as any), 'Stack: the ARN of a seller-issued license, for \'It\', is missing'],
  ['License.fromLicenseAttributes()', () => License.fromLicenseAttributes(stack, 'It', undefined as any), 'Stack: the ARN of a seller-issued license, for \'It\', is'],
  ['License.fromLicenseAttributes({})', () => License.fromLicenseAttributes(stack, 'It', {} as any), 'Stack: the ARN of a seller-issued license, for \'It\', is missing'],
  ['Grant.fromGrantArn()', () => Grant.fromGrantArn(stack, 'It', undefined as any), 'Stack: the ARN of a grant, for \'It\', is missing'],
  ['LicenseShare.fromLicenseShareArn()', () => LicenseShare.fromLicenseShareArn(stack, 'It', undefined as any), 'Stack: the ARN of a resource share, for \'It\', is'],
  ['LicenseServerEndpoint.fromLicenseServerEndpointArn()', () => LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'It', undefined as any),
    'Stack: the ARN of a license server endpoint, for \'It\', is missing'],
  ['LicenseServerEndpoint.fromLicenseServerEndpointAttributes()', () => LicenseServerEndpoint.fromLicenseServerEndpointAttributes(stack, 'It', undefined as any),
    'Stack: the ARN of a license server endpoint, for \'It\', is missing'],
  ['SubscriptionProvider.fromSubscriptionProviderArn()', () => SubscriptionProvider.fromSubscriptionProviderArn(stack, 'It', undefined as any),
    'Stack: the ARN of a subscription provider, for \'It\', is missing'],
  ['SubscriptionProvider.fromSubscriptionProviderAttributes()', () => SubscriptionProvider.fromSubscriptionProviderAttributes(stack, 'It', undefined as any),
    'Stack: the ARN of a subscription provider, for \'It\', is missing'],

  ...(['fromAccountId', 'fromArn', 'fromOrganizationArn', 'fromOrganizationalUnitArn'] as const).map((factory): [string, () => unknown, string] => [
    `GrantPrincipal.${factory}()`, () => new Grant(stack, 'It', { license: license(), principal: GrantPrincipal[factory](undefined as any) }), 'is missing',
  ]),
  ...(['fromAccountId', 'fromOrganizationArn', 'fromOrganizationalUnitArn'] as const).map((factory): [string, () => unknown, string] => [
    `SharePrincipal.${factory}()`, () => new LicenseShare(stack, 'It', { principals: [SharePrincipal[factory](undefined as any)] }), 'is missing',
  ]),
  ...([
    ['fromMachineImage', 'AMI'], ['fromMachineImageId', 'AMI'], ['fromMachineImageArn', 'AMI'],
    ['fromInstance', 'EC2 instance'], ['fromInstanceId', 'EC2 instance'], ['fromInstanceArn', 'EC2 instance'],
    ['fromHost', 'EC2 Dedicated Host'], ['fromHostId', 'EC2 Dedicated Host'], ['fromHostArn', 'EC2 Dedicated Host'],
  ] as const).map(([factory, name]): [string, () => unknown, string] => [
    `LicensedResource.${factory}()`, () => new LicenseConfigurationAssociation(stack, 'It', {
      licenseConfiguration: selfManaged(), resource: LicensedResource[factory](undefined as any),
    }), `Stack/It: the ${name} of a LicensedResource is missing`,
  ]),

  ['LicenseValidity.between() without an end', () => issue(stack, { validity: LicenseValidity.between(new Date(0), undefined as any) }, 'It'),
    'Stack/It: the end of the validity is missing'],
  ['LicenseValidity.perpetual()', () => issue(stack, { validity: LicenseValidity.perpetual(undefined as any) }, 'It'), 'Stack/It: the begin of the validity is missing'],
  ['LicenseValidity.iso8601()', () => issue(stack, { validity: LicenseValidity.iso8601(undefined as any, undefined as any) }, 'It'),
    'Stack/It: the begin of the validity is missing'],
  ['Entitlement.counted() without a name', () => issue(stack, { entitlements: [Entitlement.counted(undefined as any, { maxCount: 1 })] }, 'It'),
    'Stack/It: the name of an entitlement is missing'],
  ['Entitlement.counted() without options', () => issue(stack, { entitlements: [Entitlement.counted('Seats', undefined as any)] }, 'It'),
    'Stack/It: maxCount of entitlement \'Seats\' is missing'],
  ['Entitlement.counted() without a maximum', () => issue(stack, { entitlements: [Entitlement.counted('Seats', {} as any)] }, 'It'),
    'Stack/It: maxCount of entitlement \'Seats\' is missing'],
  ['Entitlement.unlimited()', () => issue(stack, { entitlements: [Entitlement.unlimited(undefined as any)] }, 'It'), 'Stack/It: the name of an entitlement is missing'],
  ['ConsumptionConfiguration.provisional()', () => issue(stack, { consumptionConfiguration: ConsumptionConfiguration.provisional(undefined as any) }, 'It'),
    'Stack/It: maxTimeToLive is missing'],
  ['ConsumptionConfiguration.borrow({})', () => issue(stack, { consumptionConfiguration: ConsumptionConfiguration.borrow({} as any) }, 'It'),
    'Stack/It: maxTimeToLive is missing'],
  ['ConsumptionConfiguration.provisionalAndBorrow({})', () => issue(stack, { consumptionConfiguration: ConsumptionConfiguration.provisionalAndBorrow({} as any) }, 'It'),
    'Stack/It: provisionalMaxTimeToLive is missing'],
  ['metadata without a value', () => issue(stack, { licenseMetadata: { order: undefined as any } }, 'It'), 'Stack/It: \'order\' of licenseMetadata is missing'],

  ['ProductInformation.ssmManaged()', () => product(ProductInformation.ssmManaged(undefined as any)), 'Stack/It: the product of ProductInformation.ssmManaged() is missing'],
  ['ProductInformation.rdsOracle()', () => product(ProductInformation.rdsOracle(undefined as any)), 'Stack/It: the product of ProductInformation.rdsOracle() is missing'],
  ['ProductInformation.rdsDb2()', () => product(ProductInformation.rdsDb2(undefined as any)), 'Stack/It: the product of ProductInformation.rdsDb2() is missing'],
  ['ProductInformation.rdsDb2({})', () => product(ProductInformation.rdsDb2({} as any)), 'Stack/It: engineEdition is missing'],
  ['IncludedLicense.of()', () => product(ProductInformation.ssmManaged({ licenseIncluded: IncludedLicense.of(undefined as any) })),
    'Stack/It: licenseIncluded is \'[object Object]\': it has to be of the class IncludedLicense'],
  ['RdsOracleEngineEdition.of()', () => product(ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.of(undefined as any) })),
    'Stack/It: engineEdition is \'[object Object]\': it has to be of the class RdsOracleEngineEdition'],
  ['an excluded tag without a key', () => product(ProductInformation.ssmManaged({ platformType: 'Linux', excludedTags: [{} as any] })),
    'Stack/It: the key of a tag in excludedTags is missing'],

  ['addLicenseConfiguration()', () => new LicenseShare(stack, 'It').addLicenseConfiguration(undefined as any), 'Stack/It: licenseConfiguration is missing'],
  ['addHostResourceGroup()', () => new LicenseShare(stack, 'It').addHostResourceGroup(undefined as any), 'Stack/It: hostResourceGroup is missing'],
  ['addPrincipal()', () => new LicenseShare(stack, 'It').addPrincipal(undefined as any), 'Stack/It: principal is missing'],
  ['addGrant()', () => license().addGrant('It', undefined as any), 'Stack/Imported/It: principal is missing'],
  ['addAssociation()', () => selfManaged().addAssociation('It', undefined as any), 'Stack/SelfManaged/It: resource is missing'],
])('%s is refused by what is missing', (_, make, message) => {
  let refusal = '';
  try {
    make();
  } catch (error) {
    refusal = (error as Error).message;
  }
  expect(refusal).toContain(message);
  expect(refusal).toMatch(/^Stack/);
});

describe.each([undefined, null])('a list with %p in it', (gap: any) => {
  test.each<[string, () => unknown, string]>([
    ['allowedOperations', () => license().addGrant('It', { principal: GrantPrincipal.fromAccountId('444455556666'), allowedOperations: [gap] }), 'allowedOperations[0]'],
    ['entitlements', () => issue(stack, { entitlements: [Entitlement.unlimited('a'), gap] }, 'It'), 'entitlements[1]'],
    ['licenseConfigurations', () => new LicenseShare(stack, 'It', { licenseConfigurations: [gap] }), 'licenseConfigurations[0]'],
    ['hostResourceGroups', () => new LicenseShare(stack, 'It', { hostResourceGroups: [gap] }), 'hostResourceGroups[0]'],
    ['principals', () => new LicenseShare(stack, 'It', { principals: [gap] }), 'principals[0]'],
    ['licensePacks', () => product(ProductInformation.rdsOracle({ licensePacks: [gap] })), 'licensePacks[0]'],
    ['excludedAccounts', () => product(ProductInformation.ssmManaged({ platformType: 'Linux', excludedAccounts: ['111122223333', gap] })), 'excludedAccounts[1]'],
    ['excludedTags', () => product(ProductInformation.ssmManaged({ platformType: 'Linux', excludedTags: [gap] })), 'excludedTags[0]'],
    ['subnets', () => new LicenseServerNetwork(stack, 'It', { directory: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-01234567'), subnets: [gap] }), 'subnets[0]'],
    ['systemsManager', () => new LicenseServerNetwork(stack, 'It', {
      directory: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-01234567'), subnets: [], systemsManager: [gap],
    }), 'systemsManager[0]'],
    ['remoteDesktopClients', () => new LicenseServerNetwork(stack, 'It', {
      directory: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-01234567'), subnets: [], remoteDesktopClients: [gap],
    }), 'remoteDesktopClients[0]'],
  ])('is refused by its place: %s', (_, make, place) => {
    expect(make).toThrow(`It: ${place} is missing: a list has no gaps. Set it, or take it out of the list.`);
  });
});

test.each([undefined, null])('what may be left out may be %p, too', (gap: any) => {
  expect(() => {
    license().addGrant('Grant', { principal: GrantPrincipal.fromAccountId('444455556666'), grantName: undefined, allowedOperations: undefined });
    new RhsmSecret(stack, 'Rhsm', { offlineToken: gap });
    new LicenseServerCredentials(stack, 'Credentials', { password: gap });
    new RhsmSecret(stack, 'Other', { offlineToken: SecretValue.secretsManager('a') });
    new LicenseShare(stack, 'Share', { licenseConfigurations: undefined, principals: undefined });
  }).not.toThrow();
});
