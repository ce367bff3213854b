import { App, Duration, Expiration, Stack, Tags } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnDistributionConfiguration } from 'aws-cdk-lib/aws-imagebuilder';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describeStacks, ENV, findingsOfCdkNag, newApp } from './stacks';
import {
  AmiAssociationScope, LicenseConfiguration, LicenseConfigurationStatus, LicenseCounting, LicensedResource, LicenseShare, LicenseTenancy,
  mixins, ProductInformation, Provisioning, SharePrincipal,
} from '../../src';

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'SelfManagedLicenses', { env: ENV });
  const windows = new LicenseConfiguration(stack, 'WindowsServer', {
    licenseConfigurationName: 'windows-server-datacenter',
    description: 'Cores of the enterprise agreement',
    licenseCounting: LicenseCounting.cores({
      minimumCores: 8, maximumCores: 16, allowedTenancy: [LicenseTenancy.DEDICATED_HOST], licenseAffinityToHost: Duration.days(90),
    }),
    licenseCount: 96,
    licenseCountHardLimit: true,
    licenseExpiry: Expiration.atDate(new Date('2099-06-30T00:00:00Z')),
    productInformation: [ProductInformation.ssmManaged({ applicationName: 'SQL Server', platformName: 'Windows Server 2022' })],
    disassociateWhenNotFound: true,
    disassociateResourcesOnDelete: true,
    status: LicenseConfigurationStatus.AVAILABLE,
  });
  Tags.of(windows).add('cost-center', '4711');
  windows.addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90 })
    .addAlarmAction(new SnsAction(Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:us-east-1:${ENV.account}:licenses`)));
  windows.addAssociation('GoldenImage', {
    resource: LicensedResource.fromMachineImageId('ami-0abcdef1234567890'), amiAssociationScope: AmiAssociationScope.CROSS_ACCOUNT,
  });
  windows.addAssociation('Host', { resource: LicensedResource.fromHostId('h-0abcdef1234567890') });
  new LicenseShare(stack, 'Share', {
    licenseConfigurations: [windows],
    principals: [SharePrincipal.fromOrganizationArn(`arn:aws:organizations::${ENV.account}:organization/o-exampleorgid`)],
  });

  const database = new LicenseConfiguration(stack, 'Database', { licenseCounting: LicenseCounting.vcpus() });
  new ec2.CfnInstance(stack, 'Instance', { imageId: 'ami-0abcdef1234567890', instanceType: 'm5.large' }).with(new mixins.InstanceLicenses([database]));
  new ec2.CfnLaunchTemplate(stack, 'LaunchTemplate', { launchTemplateData: { placement: { tenancy: 'host' } } })
    .with(new mixins.LaunchTemplateLicenses([windows, database]));
  new CfnDistributionConfiguration(stack, 'Distribution', { name: 'golden-images', distributions: [{ region: 'us-east-1' }] })
    .with(new mixins.DistributionConfigurationLicenses([windows]));
  return stack;
}

/** The constructs with nothing but what they require. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), licenseCount: 10 });
  license.addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-0abcdef1234567890') });
  license.addUsageAlarm('Alarm', { thresholdPercent: 80 });
  new LicenseShare(stack, 'Share', { licenseConfigurations: [license], principals: [SharePrincipal.fromAccountId('444455556666')] });
  return stack;
}

describeStacks({
  'everything of this capability': {
    define: everything,
    check: (template, provisioning) => {
      const native = provisioning === Provisioning.NATIVE;
      template.resourceCountIs('AWS::LicenseManager::LicenseConfiguration', native ? 2 : 0);
      template.resourceCountIs('Custom::LicenseManagerLicenseConfiguration', native ? 0 : 2);
      template.resourceCountIs('Custom::LicenseManagerLicenseConfigurationAssociation', 2);
      template.resourceCountIs('AWS::Lambda::Function', 1);
      template.resourceCountIs('AWS::IAM::Role', 1);
    },
    ofTheUser: ['SelfManagedLicenses/Instance'],
  },
  'defaults': {
    define: defaults,
    check: (template) => {
      template.resourceCountIs('AWS::Lambda::Function', 1);
      template.resourceCountIs('AWS::RAM::ResourceShare', 1);
    },
  },
}, [Provisioning.NATIVE, Provisioning.CUSTOM_RESOURCE]);

test('cdk-nag does look: what it is told to find, it finds', () => {
  const app = newApp();
  new Topic(new Stack(app, 'Stack'), 'Topic');

  expect(findingsOfCdkNag(app).join()).toContain('SNS');
});
