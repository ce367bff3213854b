import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import {
  AwsManagedRuleSet, DirectoryUser, Ec2BillingProduct, Grant, GrantedLicenseStatus, GrantPrincipal, HostLicenses, HostResourceGroup,
  IdentityProvider, InstanceMatch, InstancePlatform, License, LicenseAssetGroup, LicenseAssetRule, LicenseAssetRuleSet, LicenseConfiguration,
  LicenseConfigurationMatch, LicenseCounting, LicensedResource, LicenseMatch, LicenseServerCredentials, LicenseServerEndpoint, LicenseShare,
  LicenseValidity, mixins, ProductInformation, ProductSubscription, ReportGenerator, ReportGeneratorLocation, RhsmSecret, SharePrincipal,
  SubscriptionProvider, UsageDimension, UsageReport, UserAssociation, UserDirectory, UserSubscriptionProduct,
} from '../../../src';
import { isLookUpDummy, isWholeLookUpDummy } from '../../../src/private/identity/look-up-dummy';
import { accountOfArn, knownToDiffer, regionOfArn } from '../../../src/private/identity/reference';
import { issue } from '../../license/licenses';
import { acknowledge } from '../../support/validator';

let app: App;
let stack: Stack;
let counter: number;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  counter = 0;
});

/** What a parameter of Systems Manager has, until the CDK CLI has looked it up. */
const parameter = () => ssm.StringParameter.valueFromLookup(stack, `/licenses/${++counter}`);
const image = () => ec2.MachineImage.lookup({ name: `golden-${++counter}` }).getImage(stack).imageId;
const subnet = () => ec2.Subnet.fromSubnetAttributes(stack, `Subnet${counter}`, { subnetId: parameter(), routeTableId: 'rtb-1' });

test('aws-cdk-lib has these values for what has still to be looked up', () => {
  expect([parameter(), image()].map(isLookUpDummy)).toEqual([true, true]);
  expect(['', 'ami-12345678', 'arn:aws:iam::111122223333:root', 'my-ami-1234', 'dummy-value'].map(isLookUpDummy)).toEqual([false, false, false, false, false]);
});

test('they are known as parts of something, too, and by whether they are all of it', () => {
  const arn = `arn:aws:ec2:us-east-1::image/${image()}`;
  const ofParameter = `arn:aws:license-manager::111122223333:license:${parameter()}`;
  expect([arn, ofParameter, parameter()].map(isLookUpDummy)).toEqual([true, true, true]);
  expect([arn, ofParameter, parameter(), image()].map(isWholeLookUpDummy)).toEqual([false, false, true, true]);
});

test('no place is taken from them, though the parameter may be named by an ARN of another account and Region', () => {
  const shared = ssm.StringParameter.valueFromLookup(stack, 'arn:aws:ssm:eu-west-1:999988887777:parameter/shared');
  expect([regionOfArn(shared), accountOfArn(shared)]).toEqual([undefined, undefined]);
  expect(knownToDiffer(shared, '111122223333')).toBe(false);
  expect(knownToDiffer('111122223333', shared)).toBe(false);
});

test.each<[string, () => unknown]>([
  ['the ARN of a license', () => License.fromLicenseArn(stack, 'Imported', parameter()).licenseId],
  ['the ARN of a grant', () => Grant.fromGrantArn(stack, 'Imported', parameter()).env],
  ['the ARN of a host resource group', () => HostResourceGroup.fromHostResourceGroupArn(stack, 'Imported', parameter()).groupRef],
  ['the name of a host resource group', () => HostResourceGroup.fromHostResourceGroupName(stack, 'Imported', parameter()).groupRef],
  ['the ARN of a license asset group', () => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'Imported', parameter()).env],
  ['the ARN of a ruleset', () => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'Imported', parameter()).env],
  ['the ARN of a share', () => LicenseShare.fromLicenseShareArn(stack, 'Imported', parameter()).env],
  ['whom a license is shared with', () => {
    const share = new LicenseShare(stack, 'Share', {
      licenseConfigurations: [new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() })],
    });
    share.addPrincipal(SharePrincipal.fromAccountId(parameter()));
    share.addPrincipal(SharePrincipal.fromOrganizationArn(parameter()));
  }],
  ['whom a license is granted to', () => new Grant(stack, 'Grant', {
    license: License.fromLicenseArn(stack, 'Imported', parameter()), principal: GrantPrincipal.fromAccountId(parameter()), grantName: parameter(),
  })],
  ['hosts of a group', () => {
    const group = new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any(), hostResourceGroupName: parameter(), description: parameter() });
    group.addHostId(parameter());
    group.addHostId(parameter());
    group.addHostArn(parameter());
  }],
  ['images that have one id until then', () => {
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
    license.addAssociation('One', { resource: LicensedResource.fromMachineImageId(image()) });
    license.addAssociation('Other', { resource: LicensedResource.fromMachineImageId(image()) });
    license.addAssociation('Third', { resource: LicensedResource.fromInstanceArn(parameter()) });
  }],
  ['an image itself, and one in an ARN', () => {
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
    const machineImage = () => ec2.MachineImage.lookup({ name: `golden-${++counter}` });
    license.addAssociation('One', { resource: LicensedResource.fromMachineImage(machineImage()) });
    license.addAssociation('Other', { resource: LicensedResource.fromMachineImage(machineImage()) });
    license.addAssociation('Third', { resource: LicensedResource.fromMachineImageArn(`arn:aws:ec2:us-east-1::image/${image()}`) });
    license.addAssociation('Fourth', { resource: LicensedResource.fromMachineImageArn(`arn:aws:ec2:us-east-1::image/${image()}`) });
  }],
  ['instances and hosts by their ids and ARNs, or by parts of these', () => {
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
    [
      LicensedResource.fromMachineImageId(parameter()), LicensedResource.fromMachineImageArn(parameter()),
      LicensedResource.fromInstanceId(parameter()), LicensedResource.fromHostId(parameter()), LicensedResource.fromHostArn(parameter()),
      LicensedResource.fromInstanceArn(`arn:aws:ec2:us-east-1:${parameter()}:instance/${parameter()}`),
      LicensedResource.fromHostArn(`arn:aws:ec2:${parameter()}:111122223333:dedicated-host/${parameter()}`),
    ].forEach((resource, index) => license.addAssociation(`It${index}`, { resource }));
  }],
  ['a license and a grant by parts of their ARNs, and where the license is at home', () => {
    const license = License.fromLicenseAttributes(stack, 'License', {
      licenseArn: `arn:aws:license-manager::${parameter()}:license:${parameter()}`, homeRegion: parameter(),
    });
    license.addGrant('Grant', { principal: GrantPrincipal.fromOrganizationalUnitArn(`arn:aws:organizations::${parameter()}:ou/${parameter()}/${parameter()}`) });
    license.addGrant('Other', { principal: GrantPrincipal.fromArn(`arn:aws:iam::${parameter()}:root`) });
    Grant.fromGrantArn(stack, 'Imported', `arn:aws:license-manager::${parameter()}:grant:${parameter()}`);
    return license.licenseId;
  }],
  ['all that a license has', () => issue(stack, {
    licenseName: parameter(),
    productName: parameter(),
    productSku: parameter(),
    issuerName: parameter(),
    beneficiary: parameter(),
    homeRegion: parameter(),
    validity: LicenseValidity.iso8601(parameter(), parameter()),
    licenseMetadata: { [parameter()]: parameter() },
  })],
  ['a share by parts of its ARN, and its principals', () => {
    LicenseShare.fromLicenseShareArn(stack, 'Imported', `arn:aws:ram:${parameter()}:${parameter()}:resource-share/${parameter()}`);
    const share = new LicenseShare(stack, 'Share', { licenseShareName: parameter() });
    share.addPrincipal(SharePrincipal.fromOrganizationArn(`arn:aws:organizations::${parameter()}:organization/${parameter()}`));
    share.addPrincipal(SharePrincipal.fromOrganizationalUnitArn(parameter()));
    share.addLicenseConfiguration(LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License',
      `arn:aws:license-manager:${parameter()}:${parameter()}:license-configuration:lic-${parameter()}`));
  }],
  ['what a product is, and what is excluded', () => new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.vcpus(),
    productInformation: [ProductInformation.ssmManaged({
      applicationName: parameter(), excludedAccounts: [parameter(), parameter()], excludedTags: [{ key: parameter(), value: parameter() }],
    })],
  })],
  ['a license server endpoint and its identity provider', () => {
    const imported = LicenseServerEndpoint.fromLicenseServerEndpointAttributes(stack, 'Imported', {
      licenseServerEndpointArn: parameter(), identityProviderArn: parameter(),
    });
    LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'Parts',
      `arn:aws:license-manager-user-subscriptions:${parameter()}:${parameter()}:license-server-endpoint/${parameter()}`);
    new LicenseServerEndpoint(stack, 'Endpoint', {
      identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'Directory',
        `arn:aws:license-manager-user-subscriptions:${parameter()}:${parameter()}:identity-provider/${parameter()}`),
      credentials: Secret.fromSecretNameV2(stack, 'ByName', parameter()),
    });
    new LicenseServerEndpoint(stack, 'Other', {
      identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'OtherDirectory', parameter()), credentials: new CfnSecret(stack, 'L1', { name: parameter() }),
    });
    return imported.licenseServerEndpointId;
  }],
  ['directories, how they are reached, and their users', () => {
    const product = UserSubscriptionProduct.of(parameter());
    const activationEndpoints = { subnets: [subnet(), subnet()], securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Activation', parameter()) };
    const managed = new IdentityProvider(stack, 'Managed', { product, directory: UserDirectory.awsManaged(parameter()), activationEndpoints });
    new IdentityProvider(stack, 'Shared', { product, directory: UserDirectory.shared(parameter()) });
    new IdentityProvider(stack, 'SelfManaged', {
      product,
      directory: UserDirectory.selfManaged({
        domainName: parameter(),
        ipv4Addresses: [parameter(), parameter()],
        ipv6Addresses: [parameter()],
        credentials: Secret.fromSecretNameV2(stack, 'ByName', parameter()),
        subnets: [subnet(), subnet()],
      }),
    });
    const imported = IdentityProvider.fromIdentityProviderAttributes(stack, 'Imported', {
      identityProviderArn: parameter(), directoryId: parameter(), product,
    });
    for (const identityProvider of [managed, imported]) {
      const users = [DirectoryUser.of(parameter()), DirectoryUser.of(parameter(), { domain: parameter() })];
      new ProductSubscription(stack, `${identityProvider.node.id}Users`, { identityProvider, users });
      new UserAssociation(stack, `${identityProvider.node.id}OnDesktop`, {
        identityProvider,
        instance: { instanceRef: { instanceId: parameter() }, node: stack.node, env: stack.env } as unknown as ec2.IInstanceRef,
        users,
      });
    }
    return imported.env;
  }],
  ['a subscription provider and its secret', () => {
    const imported = SubscriptionProvider.fromSubscriptionProviderArn(stack, 'Imported', parameter());
    SubscriptionProvider.fromSubscriptionProviderArn(stack, 'Parts',
      `arn:aws:license-manager-linux-subscriptions:${parameter()}:${parameter()}:subscription-provider/${parameter()}`);
    new SubscriptionProvider(stack, 'Provider', { secret: Secret.fromSecretNameV2(stack, 'ByName', parameter()) });
    return imported.subscriptionProviderId;
  }],
  ['a subscription provider and the L1 of its secret', () => new SubscriptionProvider(stack, 'Provider', {
    secret: new CfnSecret(stack, 'L1', { name: parameter(), tags: [{ key: 'LicenseManagerLinuxSubscriptions', value: 'enabled' }] }),
  })],
  ['the names of secrets', () => {
    new RhsmSecret(stack, 'Rhsm', { secretName: parameter(), description: parameter() });
    new LicenseServerCredentials(stack, 'Credentials', { secretName: parameter(), description: parameter() });
  }],
  ['images that a rule asks for and excludes', () => new LicenseAssetRuleSet(stack, 'RuleSet', {
    rules: [LicenseAssetRule.instancesMatchingAll([InstanceMatch.amiId([image(), image()]), InstanceMatch.amiId([image()]).negated()])],
  })],
  ['a ruleset and its group', () => new LicenseAssetGroup(stack, 'Group', {
    licenseAssetGroupName: parameter(),
    description: parameter(),
    usageDimension: UsageDimension.of(parameter()),
    ruleSets: [
      new LicenseAssetRuleSet(stack, 'RuleSet', {
        licenseAssetRuleSetName: parameter(), description: `x ${parameter()}`, rules: [LicenseAssetRule.instances(InstanceMatch.hostId([parameter()]))],
      }),
      LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'Imported', `arn:aws:license-manager:us-east-1:111122223333:license-asset-ruleset:${parameter()}`),
      LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.of(parameter())),
    ],
    properties: { [parameter()]: parameter() },
  })],
  ['all that instances are matched by', () => new LicenseAssetRuleSet(stack, 'RuleSet', {
    rules: [LicenseAssetRule.instancesMatchingAll([
      InstanceMatch.accountId([parameter(), parameter()]), InstanceMatch.accountId([parameter()]), InstanceMatch.accountId([parameter()]).negated(),
      InstanceMatch.amiId([parameter(), image()]), InstanceMatch.hostId([parameter()]), InstanceMatch.instanceId([parameter()]),
      InstanceMatch.instanceType([new ec2.InstanceType(parameter())]), InstanceMatch.marketplaceProductCode([parameter()]),
      InstanceMatch.platform([InstancePlatform.of(parameter())]), InstanceMatch.ec2BillingProduct([Ec2BillingProduct.of(parameter())]),
    ])],
  })],
  ['all that licenses are matched by', () => new LicenseAssetRuleSet(stack, 'RuleSet', {
    rules: [
      LicenseAssetRule.licensesMatchingAll([
        LicenseMatch.homeRegion([parameter()]), LicenseMatch.issuer([parameter()]), LicenseMatch.beneficiary([parameter()]),
        LicenseMatch.productSku([parameter()]), LicenseMatch.licenseStatus([GrantedLicenseStatus.of(parameter())]),
        LicenseMatch.license([License.fromLicenseArn(stack, 'Granted', parameter())]),
      ]),
      LicenseAssetRule.licenseConfigurationsMatchingAny([
        LicenseConfigurationMatch.accountId([parameter()]).negated(), LicenseConfigurationMatch.accountId([parameter()]).negated(),
      ]),
    ],
  })],
  ['a host resource group, and an ARN that is made of an id', () => {
    const group = new HostResourceGroup(stack, 'Hosts', {
      licenses: HostLicenses.any(), hostResourceGroupName: `${parameter()}-hosts`, allowedHostFamilies: [parameter(), parameter()],
    });
    group.addHostArn(`arn:aws:ec2:us-east-1:111122223333:dedicated-host/${parameter()}`);
    group.addHost(Object.assign(new Construct(stack, 'Imported'), { hostRef: { hostId: parameter() }, env: group.env }) as unknown as ec2.IHostRef);
    HostResourceGroup.fromHostResourceGroupArn(stack, 'Other', `arn:aws:resource-groups:us-east-1:111122223333:group/${parameter()}`);
  }],
  ['a report, and its place', () => {
    const report = new ReportGenerator(stack, 'Report', {
      reportGeneratorName: parameter(),
      description: parameter(),
      report: UsageReport.licenseAssetGroups({
        licenseAssetGroups: [LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'One', parameter()), LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'Two', parameter())],
        start: new Date('2026-01-01T00:00:00Z'),
        end: new Date('2026-02-01T00:00:00Z'),
      }),
    });
    new ReportGeneratorLocation(stack, 'Location', { reportGenerator: report });
    new ReportGeneratorLocation(stack, 'Other', { reportGenerator: ReportGenerator.fromReportGeneratorArn(stack, 'Imported', parameter()) });
  }],
  ['an instance and a launch template', () => {
    const group = HostResourceGroup.fromHostResourceGroupArn(stack, 'Hosts', parameter());
    new ec2.CfnInstance(stack, 'Instance', { imageId: image(), instanceType: parameter() })
      .with(new mixins.InstanceHostPlacement(group));
    new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { imageId: image(), instanceType: parameter() } })
      .with(new mixins.LaunchTemplateHostPlacement(new HostResourceGroup(stack, 'Own', { licenses: HostLicenses.any(), allowedHostFamilies: ['m5'] })));
  }],
])('nothing that has still to be looked up is refused or warned of, or it never would be: %s', (_, make) => {
  ['F3031', 'E1152', 'E3510', 'E3628'].forEach(rule => acknowledge(app, rule, 'What aws-cdk-lib has for what is still to be looked up.'));
  expect(make).not.toThrow();
  // Nothing is judged by a warning either, which names it.
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('dummy-value-for-|ami-1234')).map(({ entry }) => entry.data)).toEqual([]);
  expect(app.synth().manifest.missing).toHaveLength(counter);
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cdk-license-manager')).map(({ entry }) => entry.data)).toEqual([]);
});

test('a host that is looked up twice by one name is one host', () => {
  const group = new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any() });
  const host = parameter();
  group.addHostId(host);
  group.addHostId(host);
  acknowledge(app, 'F3031', 'What aws-cdk-lib has for what is still to be looked up.');
  expect(Object.values(Template.fromStack(stack).findResources('AWS::ResourceGroups::Group'))[0].Properties.Resources).toHaveLength(1);
});
