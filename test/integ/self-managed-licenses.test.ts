import { App, Duration, Expiration, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnDistributionConfiguration } from 'aws-cdk-lib/aws-imagebuilder';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  AmiAssociationScope, LicenseConfiguration, LicenseConfigurationStatus, LicenseCounting, LicensedResource, LicenseShare, LicenseTenancy,
  mixins, ProductInformation, Provisioning, ProvisioningInjector, SharePrincipal,
} from '../../src';

/*
 * Whole stacks, as users have them deployed: logical ids, physical names and properties are an API.
 * A change of a snapshot is a change of somebody's stack, and is explained in the commit.
 */

/** Strict: what aws-cdk-lib's own validator finds is an error. */
const newApp = () => new App({
  analyticsReporting: false,
  context: { '@aws-cdk/core:validateAgainstDefaultRules': true },
});

const env = { account: '111122223333', region: 'us-east-1' };

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'SelfManagedLicenses', { env });
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
    .addAlarmAction(new SnsAction(Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:us-east-1:${env.account}:licenses`)));
  windows.addAssociation('GoldenImage', {
    resource: LicensedResource.machineImage('ami-0abcdef1234567890'), amiAssociationScope: AmiAssociationScope.CROSS_ACCOUNT,
  });
  windows.addAssociation('Host', { resource: LicensedResource.hostId('h-0abcdef1234567890') });
  new LicenseShare(stack, 'Share', {
    licenseConfigurations: [windows],
    principals: [SharePrincipal.organization(`arn:aws:organizations::${env.account}:organization/o-exampleorgid`)],
  });

  const database = new LicenseConfiguration(stack, 'Database', { licenseCounting: LicenseCounting.vcpus() });
  new ec2.CfnInstance(stack, 'Instance', { imageId: 'ami-0abcdef1234567890', instanceType: 'm5.large' }).with(new mixins.InstanceLicenses([database]));
  new ec2.CfnLaunchTemplate(stack, 'LaunchTemplate', { launchTemplateData: { placement: { tenancy: 'host' } } })
    .with(new mixins.LaunchTemplateLicenses([windows, database]));
  new CfnDistributionConfiguration(stack, 'Distribution', { name: 'golden-images', distributions: [{ region: 'us-east-1' }] })
    .with(new mixins.ImageBuilderDistributionLicenses([windows]));
  return stack;
}

/** The constructs with nothing but what they require. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env });
  const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), licenseCount: 10 });
  license.addAssociation('Image', { resource: LicensedResource.machineImage('ami-0abcdef1234567890') });
  license.addUsageAlarm('Alarm', { thresholdPercent: 80 });
  new LicenseShare(stack, 'Share', { licenseConfigurations: [license], principals: [SharePrincipal.account('444455556666')] });
  return stack;
}

describe.each([Provisioning.NATIVE, Provisioning.CUSTOM_RESOURCE])('provisioned as %s', (provisioning) => {
  const synthesize = (define: (app: App) => Stack) => {
    const app = newApp();
    ProvisioningInjector.addTo(app, provisioning);
    const stack = define(app);
    return { app, stack, template: Template.fromStack(stack) };
  };

  test('a stack with everything of this capability stays what it was', () => {
    const { template } = synthesize(everything);

    const native = provisioning === Provisioning.NATIVE;
    template.resourceCountIs('AWS::LicenseManager::LicenseConfiguration', native ? 2 : 0);
    template.resourceCountIs('Custom::LicenseManagerLicenseConfiguration', native ? 0 : 2);
    template.resourceCountIs('Custom::LicenseManagerLicenseConfigurationAssociation', 2);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::IAM::Role', 1);
    expect(withoutAssetHashes(template.toJSON())).toMatchSnapshot();
  });

  test('a stack with defaults stays what it was', () => {
    const { template } = synthesize(defaults);

    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::RAM::ResourceShare', 1);
    expect(withoutAssetHashes(template.toJSON())).toMatchSnapshot();
  });

  test.each([['everything', everything], ['defaults', defaults]])('cdk-nag has nothing to say about a stack with %s', (_, define) => {
    const { app } = synthesize(define);

    const findings = new AwsSolutionsChecks(app).validateScope(app).violations
      .flatMap(({ ruleName, violatingResources }) => (violatingResources ?? []).map((resource: any) => `${ruleName} ${resource.constructPath ?? resource.resourceLogicalId}`))
      // The instance is the user's, as plain as can be: not what this library makes.
      .filter((finding) => !finding.endsWith('/Instance'));

    expect(findings).toEqual([]);
  });
});

test('cdk-nag does look: what it is told to find, it finds', () => {
  const app = newApp();
  new Topic(new Stack(app, 'Stack'), 'Topic');

  expect(new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName).join()).toContain('SNS');
});

/** The hash of the function's code changes with every release, and says nothing. */
function withoutAssetHashes(template: object): object {
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}/g, '<asset hash>'));
}
