import { Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { permissionsOf, propertiesOf, stackIn } from './settings';
import {
  AwsManagedRuleSet, HostLicenses, HostResourceGroup, IdentityProvider, LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationAssociation,
  LicenseCounting, LicensedResource, LicenseManagerFeature, LicenseServerCredentials, LicenseServerEndpoint, LinuxSubscriptionsSettings,
  ProductSubscription, ReportGenerator, ReportGeneratorLocation, RhsmSecret, ServiceLinkedRole, ServiceSettings, SubscriptionProvider,
  UserAssociation, UserDirectory, UserSubscriptionProduct,
} from '../../src';

const TYPE = 'Custom::LicenseManagerServiceLinkedRole';

let stack: Stack;
beforeEach(() => {
  stack = stackIn();
});

test.each<[LicenseManagerFeature, service: string, role: string]>([
  [LicenseManagerFeature.CORE, 'license-manager', 'AWSServiceRoleForAWSLicenseManagerRole'],
  [LicenseManagerFeature.MANAGEMENT_ACCOUNT, 'license-manager.master-account', 'AWSServiceRoleForAWSLicenseManagerMasterAccountRole'],
  [LicenseManagerFeature.MEMBER_ACCOUNT, 'license-manager.member-account', 'AWSServiceRoleForAWSLicenseManagerMemberAccountRole'],
  [LicenseManagerFeature.USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions', 'AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService'],
  [LicenseManagerFeature.LINUX_SUBSCRIPTIONS, 'license-manager-linux-subscriptions', 'AWSServiceRoleForAWSLicenseManagerLinuxSubscriptionsService'],
  [LicenseManagerFeature.MARKETPLACE, 'license-management.marketplace', 'AWSServiceRoleForMarketplaceLicenseManagement'],
])('%s has its role made, and the function may make and read that and no other', (feature, service, roleName) => {
  const role = new ServiceLinkedRole(stack, 'Role', { feature });
  expect(propertiesOf(stack, TYPE)).toEqual({ AWSServiceName: `${service}.amazonaws.com` });
  expect([role.feature, role.roleName]).toEqual([feature, roleName]);
  const Resource = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::111122223333:role/aws-service-role/${service}.amazonaws.com/*`]] };
  expect(permissionsOf(stack)).toEqual({
    'iam:CreateServiceLinkedRole': [{ Resource }],
    // Of one that is not there, IAM knows no path.
    'iam:GetRole': [{ Resource }, { Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::111122223333:role/${roleName}`]] } }],
    'license-manager:GetServiceSettings': [{ Resource: '*' }],
    'license-manager-linux-subscriptions:GetServiceSettings': [{ Resource: '*' }],
  });
});

test('the table has all features', () => {
  expect(Object.values(LicenseManagerFeature)).toHaveLength(6);
});

test('is that of License Manager itself unless something else is said', () => {
  new ServiceLinkedRole(stack, 'Role');
  expect(propertiesOf(stack, TYPE)).toEqual({ AWSServiceName: 'license-manager.amazonaws.com' });
});

test('an unknown feature is refused', () => {
  expect(() => new ServiceLinkedRole(stack, 'Role', { feature: 'ec2.amazonaws.com' as LicenseManagerFeature })).toThrow(
    /^Stack\/Role: feature is 'ec2.amazonaws.com': it has to be 'license-manager.amazonaws.com', /);
});

test.each<[any, string]>([
  [5, 'feature is 5: it has to be'], [Token.asString({ Ref: 'Feature' }), 'feature is a token, which is known at the deployment only: it decides which role is made.'],
])('a feature of another kind is refused: %#', (feature, text) => {
  expect(() => new ServiceLinkedRole(stack, 'Role', { feature })).toThrow(`Stack/Role: ${text}`);
});

test('may be declared in several stacks, but once in one', () => {
  const app = stack.node.root as any;
  new ServiceLinkedRole(stack, 'Role');
  new ServiceLinkedRole(stackIn(app, 'Other'), 'Role');
  expect(() => new ServiceLinkedRole(stack, 'Again')).toThrow(/^Stack\/Again: 'Stack\/Role' declares it already/);
});

test('its ARN is what the account has', () => {
  const { roleArn } = new ServiceLinkedRole(stack, 'Role');
  expect(stack.resolve(roleArn)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^ServiceLinkedRole/), 'Arn'] });
});

describe('what needs it', () => {
  const idp = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-0123456789abcdef0';

  const directory = () => IdentityProvider.fromIdentityProviderAttributes(stack, 'Directory', {
    identityProviderArn: idp, directoryId: 'd-0123456789', product: UserSubscriptionProduct.OFFICE_STANDARD,
  });

  test.each<[what: string, feature: LicenseManagerFeature, type: string, make: () => void]>([
    ['a self-managed license', LicenseManagerFeature.CORE, 'AWS::LicenseManager::LicenseConfiguration',
      () => new LicenseConfiguration(stack, 'It', { licenseCounting: LicenseCounting.vcpus() })],
    ['the question for a ruleset of AWS', LicenseManagerFeature.CORE, 'Custom::LicenseManagerAwsManagedLicenseAssetRuleSet',
      () => LicenseAssetRuleSet.fromAwsManaged(stack, 'It', AwsManagedRuleSet.UBUNTU_PRO)],
    ['the question for the place of reports', LicenseManagerFeature.CORE, 'Custom::LicenseManagerReportGeneratorLocation',
      () => new ReportGeneratorLocation(stack, 'It', {
        reportGenerator: ReportGenerator.fromReportGeneratorArn(stack, 'Reports', 'arn:aws:license-manager:us-east-1:111122223333:report-generator:r-1'),
      })],
    ['a host resource group', LicenseManagerFeature.CORE, 'AWS::ResourceGroups::Group', () => new HostResourceGroup(stack, 'It', { licenses: HostLicenses.any() })],
    ['an association of a license of others', LicenseManagerFeature.CORE, 'Custom::LicenseManagerLicenseConfigurationAssociation',
      () => new LicenseConfigurationAssociation(stack, 'It', {
        licenseConfiguration: LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License',
          `arn:aws:license-manager:us-east-1:444455556666:license-configuration:lic-${'0'.repeat(32)}`),
        resource: LicensedResource.fromMachineImageId('ami-01234567'),
      })],
    ['the settings', LicenseManagerFeature.CORE, 'Custom::LicenseManagerServiceSettings',
      () => new ServiceSettings(stack, 'It', { discoveryRegions: ['us-east-1'] })],
    ['the settings of Linux subscriptions', LicenseManagerFeature.LINUX_SUBSCRIPTIONS, 'Custom::LicenseManagerLinuxSubscriptionsSettings',
      () => new LinuxSubscriptionsSettings(stack, 'It', { sourceRegions: ['us-east-1'] })],
    ['a subscription provider', LicenseManagerFeature.LINUX_SUBSCRIPTIONS, 'AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider',
      () => new SubscriptionProvider(stack, 'It', { secret: new RhsmSecret(stack, 'Secret') })],
    ['a license server endpoint', LicenseManagerFeature.USER_SUBSCRIPTIONS, 'AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint',
      () => new LicenseServerEndpoint(stack, 'It', {
        identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'Directory', idp), credentials: new LicenseServerCredentials(stack, 'Credentials'),
      })],
    ['an identity provider', LicenseManagerFeature.USER_SUBSCRIPTIONS, 'Custom::LicenseManagerIdentityProvider',
      () => new IdentityProvider(stack, 'It', { product: UserSubscriptionProduct.OFFICE_STANDARD, directory: UserDirectory.awsManaged('d-0123456789') })],
    ['the subscription of users', LicenseManagerFeature.USER_SUBSCRIPTIONS, 'Custom::LicenseManagerProductSubscription',
      () => new ProductSubscription(stack, 'It', { identityProvider: directory(), users: [] })],
    ['the association of users', LicenseManagerFeature.USER_SUBSCRIPTIONS, 'Custom::LicenseManagerUserAssociation',
      () => new UserAssociation(stack, 'It', { identityProvider: directory(), instance: new CfnInstance(stack, 'Instance', { imageId: 'ami-01234567' }), users: [] })],
  ])('%s waits for it in the same stack, whichever comes first', (_, feature, type, make) => {
    for (const order of [0, 1]) {
      stack = stackIn();
      const role = () => new ServiceLinkedRole(stack, 'Role', { feature });
      (order ? [make, role] : [role, make]).forEach(step => step());
      const template = Template.fromStack(stack);
      const [id] = Object.keys(template.findResources(TYPE));
      const [{ DependsOn }] = Object.values(template.findResources(type)) as any[];
      expect([DependsOn].flat()).toContain(id);
    }
  });

  test('does not wait for another role, nor for one of another stack', () => {
    new ServiceLinkedRole(stack, 'Role', { feature: LicenseManagerFeature.LINUX_SUBSCRIPTIONS });
    new ServiceLinkedRole(stackIn(stack.node.root as any, 'Other'), 'Role');
    new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
    const [license] = Object.values(Template.fromStack(stack).findResources('AWS::LicenseManager::LicenseConfiguration')) as any[];
    expect(license.DependsOn).toBeUndefined();
  });
});
