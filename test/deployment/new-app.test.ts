import { type App, CfnOutput, Duration, NestedStack, Stack, type StackProps, Stage } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { useDeployment } from './deployment';
import { contextOfNewApp, withApp } from './several-stacks';
import {
  ConsumptionConfiguration, Entitlement, Grant, GrantPrincipal, HostLicenses, HostResourceGroup, License, LicenseAssetGroup, LicenseAssetRule,
  LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationAssociation, LicenseConfigurationMatch, LicenseConfigurationReportType,
  LicenseConfigurationStatus, LicenseCounting, LicensedResource, LicenseShare, LicenseValidity, mixins, Provisioning, ReportFrequency,
  ReportGenerator, ReportGeneratorLocation, SharePrincipal, UsageDimension, UsageReport,
} from '../../src';

/*
 * An app as `cdk init` makes it, with all its feature flags, in which one stack of each stage has what another stack of the stage uses.
 */

const IMAGES = ['ami-0abcdef1234567890', 'ami-1abcdef1234567890'];
const STAGES: [id: string, provisioning: Provisioning][] = [['Beta', Provisioning.NATIVE], ['Production', Provisioning.CUSTOM_RESOURCE]];

const aws = useDeployment();

beforeAll(async () => {
  await aws.localAws.seed({ resources: IMAGES.map((image) => ({ arn: `arn:aws:ec2:us-east-1::image/${image}` })) });
});

function define(app: App, props: StackProps): void {
  for (const [id, provisioning] of STAGES) {
    const stage = new Stage(app, id);
    const licenses = new Stack(stage, 'Licenses', props);
    const vcpus = new LicenseConfiguration(licenses, 'Vcpus', {
      provisioning,
      licenseCounting: LicenseCounting.vcpus(),
      licenseCount: 100,
      status: LicenseConfigurationStatus.AVAILABLE,
      disassociateResourcesOnDelete: true,
    });
    const cores = new LicenseConfiguration(licenses, 'Cores', { provisioning, licenseCounting: LicenseCounting.cores() });
    const product = new License(licenses, 'Product', {
      productName: 'Example',
      productSku: 'example',
      issuerName: 'Example Software',
      beneficiary: 'Example Customer',
      validity: LicenseValidity.between(new Date('2027-01-01T00:00:00Z'), new Date('2029-12-31T23:59:59Z')),
      entitlements: [Entitlement.counted('Seats', { maxCount: 50 })],
      consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
    });

    const users = new Stack(stage, 'Users', props);
    new LicenseConfigurationAssociation(users, 'Image', { licenseConfiguration: vcpus, resource: LicensedResource.fromMachineImageId(IMAGES[0]) });
    new CfnInstance(users, 'Instance', { imageId: IMAGES[0], instanceType: 'm5.large' }).with(new mixins.InstanceLicenses([vcpus]));
    const hosts = new HostResourceGroup(users, 'Hosts', { licenses: HostLicenses.only([cores]) });
    new LicenseShare(users, 'Share', {
      licenseConfigurations: [vcpus, cores],
      hostResourceGroups: [hosts],
      principals: [SharePrincipal.fromAccountId('444455556666')],
      allowExternalPrincipals: true,
    });
    const report = new ReportGenerator(users, 'Report', {
      provisioning,
      report: UsageReport.licenseConfigurations({
        licenseConfigurations: [vcpus], types: [LicenseConfigurationReportType.SUMMARY], frequency: ReportFrequency.DAILY,
      }),
    });
    const ruleSet = new LicenseAssetRuleSet(users, 'RuleSet', {
      rules: [LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([vcpus]))],
    });
    new LicenseAssetGroup(users, 'Group', { usageDimension: UsageDimension.VCPU, ruleSets: [ruleSet] });
    new Grant(users, 'Grant', { license: product, principal: GrantPrincipal.fromAccountId('444455556666') });
    const nested = new NestedStack(users, 'Nested');
    new LicenseConfigurationAssociation(nested, 'Image', { licenseConfiguration: vcpus, resource: LicensedResource.fromMachineImageId(IMAGES[1]) });

    const readers = new Stack(stage, 'Readers', props);
    new ReportGeneratorLocation(readers, 'Location', { reportGenerator: report });
    vcpus.grants.launchInstances(new Role(readers, 'Launcher', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    new CfnOutput(readers, 'Version', { value: product.licenseVersion });
    new CfnOutput(readers, 'Status', { value: vcpus.licenseConfigurationStatus });
  }
}

test('is deployed, deployed again without a change, and destroyed', async () => {
  const context = await contextOfNewApp(aws);
  expect(context).toMatchObject({
    '@aws-cdk/core:defaultCrossStackReferences': 'weak', '@aws-cdk/core:validateAgainstDefaultRules': true,
  });
  const cdk = (...command: string[]) => withApp(aws, command, { context }, define);

  const first = await cdk('deploy', '**', '--require-approval', 'never', '--progress', 'events');
  expect(first.succeeded ? '' : first.output).toBe('');
  expect(await aws.licenses()).toHaveLength(4);
  for (const [id] of STAGES) {
    expect(await aws.outputs(`${id}-Readers`)).toMatchObject({ Version: expect.any(String), Status: 'AVAILABLE' });
  }

  await aws.localAws.clearCalls();
  const second = await cdk('deploy', '**', '--require-approval', 'never', '--progress', 'events');
  expect(second.succeeded ? '' : second.output).toBe('');
  expect(await aws.writes()).toEqual([]);

  for (const name of ['Readers', 'Users', 'Licenses']) {
    const destroyed = await cdk('destroy', ...STAGES.map(([id]) => `${id}/${name}`), '--force');
    expect(destroyed.succeeded ? '' : destroyed.output).toBe('');
    // License Manager lets go of an instance a while after it was terminated.
    await aws.localAws.seed({ housekeeping: true });
  }
  expect(await aws.licenses()).toEqual([]);
});
