import { App, Fn, Stack } from 'aws-cdk-lib';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnInstance, CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnDistributionConfiguration } from 'aws-cdk-lib/aws-imagebuilder';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnWorkspaceInstance } from 'aws-cdk-lib/aws-workspacesinstances';
import type { IConstruct } from 'constructs';
import * as first from '../../src';
import { loadCopy } from '../support/copies';

type Library = typeof first;

const second = loadCopy();

/** What an app gives: its templates, its warnings, and why it is refused. */
function outcomeOf(define: (stack: Stack, one: Library, other: Library) => void, one: Library, other: Library) {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  let refusal: string | undefined;
  try {
    define(stack, one, other);
    app.synth();
  } catch (error) {
    refusal = String(error);
  }
  const warnings = app.node.findAll().flatMap((construct: IConstruct) =>
    construct.node.metadata.filter(entry => entry.type === 'aws:cdk:warning').map(entry => `${construct.node.path}: ${entry.data}`));
  return { refusal, warnings, template: refusal === undefined ? app.synth().getStackByName('Stack').template : undefined };
}

test('the two copies are two', () => {
  expect(second.mixins.InstanceLicenses).not.toBe(first.mixins.InstanceLicenses);
  expect(second.HostLicenses).not.toBe(first.HostLicenses);
});

const licenseOf = (stack: Stack, { LicenseConfiguration, LicenseCounting }: Library, id = 'License') =>
  new LicenseConfiguration(stack, id, { licenseCounting: LicenseCounting.cores() });
const instanceIn = (stack: Stack, props = {}) => new CfnInstance(stack, 'Instance', { imageId: Fn.importValue('image'), instanceType: 'm6i.large', ...props });
const templateIn = (stack: Stack) => new CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { instanceType: 'm6i.large', placement: { tenancy: 'host' } } });

const CASES: [string, (stack: Stack, one: Library, other: Library) => void, RegExp | undefined, RegExp | undefined][] = [
  ['attach one license to an instance', (stack, one, other) => {
    const license = licenseOf(stack, one);
    instanceIn(stack, { tenancy: 'host' }).with(new one.mixins.InstanceLicenses([license]), new other.mixins.InstanceLicenses([license]));
  }, undefined, undefined],
  ['attach two licenses to a launch template', (stack, one, other) => {
    templateIn(stack).with(
      new one.mixins.LaunchTemplateLicenses([licenseOf(stack, one)]), new other.mixins.LaunchTemplateLicenses([licenseOf(stack, other, 'Other')]));
  }, undefined, undefined],
  ['attach a license to a distribution', (stack, one, other) => {
    const license = licenseOf(stack, one);
    new CfnDistributionConfiguration(stack, 'Distribution', { name: 'images', distributions: [{ region: 'us-east-1' }] })
      .with(new one.mixins.DistributionConfigurationLicenses([license]), new other.mixins.DistributionConfigurationLicenses([license]));
  }, undefined, undefined],
  ['warn of the tenancy', (stack, one, other) => {
    const license = licenseOf(stack, other);
    instanceIn(stack).with(new one.mixins.InstanceLicenses([license]), new other.mixins.InstanceLicenses([license]));
  }, undefined, /tenancyNotWritten/],
  ['refuse the tenancy', (stack, one, other) => {
    instanceIn(stack, { tenancy: 'default' }).with(new one.mixins.InstanceLicenses([licenseOf(stack, other)]));
  }, /its tenancy is 'default', and license 'Stack\/License' allows only/, undefined],
  ['warn of a license that an override has taken away, once', (stack, one, other) => {
    const license = licenseOf(stack, one);
    const instance = instanceIn(stack, { tenancy: 'host' });
    instance.with(new one.mixins.InstanceLicenses([license]), new other.mixins.InstanceLicenses([license]));
    instance.addPropertyDeletionOverride('LicenseSpecifications');
  }, undefined, /licenseNotInTemplate/],
  ['place an instance in a group, with its licenses', (stack, one, other) => {
    const group = new one.HostResourceGroup(stack, 'Hosts', { licenses: one.HostLicenses.only([licenseOf(stack, other)]) });
    instanceIn(stack).with(new other.mixins.InstanceHostPlacement(group), new one.mixins.InstanceHostPlacement(group));
  }, undefined, undefined],
  ['place an instance and a launch template, by each of the mixins, with the licenses of an imported group', (stack, one, other) => {
    const group = one.HostResourceGroup.fromHostResourceGroupAttributes(stack, 'Hosts', {
      hostResourceGroupArn: 'arn:aws:resource-groups:us-east-1:111122223333:group/hosts', licenses: other.HostLicenses.only([licenseOf(stack, one)]),
    });
    instanceIn(stack).with(new other.mixins.InstanceHostPlacement(group));
    templateIn(stack).with(new other.mixins.LaunchTemplateHostPlacement(group));
  }, undefined, undefined],
  ['attach a license to a WorkSpaces instance', (stack, one, other) => {
    const license = licenseOf(stack, one);
    new CfnWorkspaceInstance(stack, 'WorkSpace', { managedInstance: { imageId: Fn.importValue('image'), instanceType: 'm6i.large', placement: { tenancy: 'host' } } })
      .with(new one.mixins.WorkspaceInstanceLicenses([license]), new other.mixins.WorkspaceInstanceLicenses([license]));
  }, undefined, undefined],
  ['warn of Spot Instances from a launch template, once', (stack, one, other) => {
    const group = new one.HostResourceGroup(stack, 'Hosts', { licenses: one.HostLicenses.any() });
    const template = templateIn(stack);
    template.with(new other.mixins.LaunchTemplateHostPlacement(group), new one.mixins.LaunchTemplateHostPlacement(group));
    new CfnAutoScalingGroup(stack, 'Fleet', {
      minSize: '0',
      maxSize: '1',
      mixedInstancesPolicy: {
        launchTemplate: { launchTemplateSpecification: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber } },
        instancesDistribution: { onDemandPercentageAboveBaseCapacity: 50 },
      },
    });
  }, undefined, /spotOnDedicatedHosts/],
  ['make a group with licenses, families, rules and a report of the other', (stack, one, other) => {
    const license = licenseOf(stack, one);
    new one.HostResourceGroup(stack, 'Hosts', { licenses: other.HostLicenses.only([license]) });
    new one.LicenseAssetGroup(stack, 'Assets', {
      usageDimension: other.UsageDimension.VCPU,
      ruleSets: [new one.LicenseAssetRuleSet(stack, 'RuleSet', {
        rules: [
          other.LicenseAssetRule.licenseConfigurations(one.LicenseConfigurationMatch.licenseConfiguration([license])),
          one.LicenseAssetRule.instancesMatchingAll([
            other.InstanceMatch.platform([one.InstancePlatform.WINDOWS]), one.InstanceMatch.ec2BillingProduct([other.Ec2BillingProduct.WINDOWS_BYOL]),
          ]),
          other.LicenseAssetRule.licenses(one.LicenseMatch.licenseStatus([other.GrantedLicenseStatus.AVAILABLE])),
        ],
      }), one.LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', other.AwsManagedRuleSet.UBUNTU_PRO)],
    });
    new one.ReportGenerator(stack, 'Report', {
      report: other.UsageReport.licenseConfigurations({
        licenseConfigurations: [license], types: [other.LicenseConfigurationReportType.USAGE], frequency: other.ReportFrequency.DAILY,
      }),
    });
  }, undefined, undefined],
  ['refuse what the group does not allow', (stack, one, other) => {
    const group = new one.HostResourceGroup(stack, 'Hosts', { licenses: one.HostLicenses.any(), allowedHostFamilies: ['r5'] });
    templateIn(stack).with(new other.mixins.LaunchTemplateHostPlacement(group), new one.mixins.LaunchTemplateHostPlacement(group));
  }, /^(?!.*allowedHostFamilies.*allowedHostFamilies).*its instance type is 'm6i.large', and allowedHostFamilies/s, undefined],
  ['warn of another license than those of the group, once', (stack, one, other) => {
    const group = new one.HostResourceGroup(stack, 'Hosts', { licenses: one.HostLicenses.only([licenseOf(stack, one)]) });
    templateIn(stack).with(new one.mixins.LaunchTemplateHostPlacement(group), new other.mixins.LaunchTemplateLicenses([licenseOf(stack, other, 'Other')]));
  }, undefined, /licenseNotOfGroup/],
  ['warn of a license that a group with any is not for, once', (stack, one, other) => {
    const group = new one.HostResourceGroup(stack, 'Hosts', { licenses: one.HostLicenses.any() });
    const license = new other.LicenseConfiguration(stack, 'License', { licenseCounting: other.LicenseCounting.vcpus() });
    templateIn(stack).with(new other.mixins.LaunchTemplateLicenses([license]), new one.mixins.LaunchTemplateHostPlacement(group));
  }, undefined, /licenseNotHostBased/],
  ['warn of what stays without a license, once', (stack, one, other) => {
    const license = licenseOf(stack, one);
    new CfnAutoScalingGroup(stack, 'Fleet', { minSize: '0', maxSize: '1', launchConfigurationName: 'windows' })
      .with(new one.mixins.LaunchTemplateLicenses([license]), new other.mixins.LaunchTemplateLicenses([license]));
  }, undefined, /licenseNotAttached/],
  ['prepare a bucket', (stack, one, other) => {
    new CfnBucket(stack, 'Bucket', { bucketName: 'aws-license-manager-service-reports' })
      .with(new one.mixins.BucketLicenseManagerReports(), new other.mixins.BucketLicenseManagerReports());
  }, undefined, undefined],
];

describe('two copies of the library in an app', () => {
  test.each(['InstanceHostPlacement', 'LaunchTemplateHostPlacement'] as const)('%s attaches the licenses of a group of the other copy', mixin => {
    for (const [one, other] of [[first, second], [second, first]]) {
      const { template } = outcomeOf(stack => {
        const group = new one.HostResourceGroup(stack, 'Hosts', { licenses: one.HostLicenses.only([licenseOf(stack, one)]) });
        (mixin === 'InstanceHostPlacement' ? instanceIn(stack) : templateIn(stack)).with(new other.mixins[mixin](group));
      }, one, other);
      const [{ LicenseSpecifications, LaunchTemplateData }] = Object.values<any>(template.Resources).map(it => it.Properties)
        .filter(it => it.LicenseSpecifications ?? it.LaunchTemplateData);
      expect(LicenseSpecifications ?? LaunchTemplateData.LicenseSpecifications).toHaveLength(1);
    }
  });

  test.each(CASES)('%s as one does', (_, define, refusal, warning) => {
    const expected = outcomeOf(define, first, first);

    expect(expected.refusal).toEqual(refusal ? expect.stringMatching(refusal) : undefined);
    expect(expected.warnings).toEqual(warning ? [expect.stringMatching(warning)] : []);
    expect(outcomeOf(define, first, second)).toEqual(expected);
    expect(outcomeOf(define, second, first)).toEqual(expected);
  });
});
