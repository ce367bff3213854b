import { App, CfnOutput, Duration, Expiration, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnInstance, CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  HostLicenses, HostResourceGroup, LicenseAssetGroup, LicenseAssetRule, LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationMatch,
  LicenseConfigurationReportType, LicenseConfigurationStatus, LicenseCounting, LicensedResource, LicenseShare, ProductInformation,
  ReportFrequency, ReportGenerator, SharePrincipal, UsageDimension, UsageExport, UsageReport,
} from '../../../src';
import { brief, check, ENV, reportOf } from '../report';

const RULE = 'UnusedLicense';
const license = (stack: Stack) => new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.cores(), licenseCount: 9 });
const specified = (it: LicenseConfiguration) => [{ licenseConfigurationArn: it.licenseConfigurationArn }];

test.each<[string, (stack: Stack) => void]>([
  ['nothing refers to', stack => license(stack)],
  ['only an alarm refers to', stack => license(stack).addUsageAlarm('Alarm', { thresholdPercent: 90 })],
  ['only a report refers to', stack => new ReportGenerator(stack, 'Report', {
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [license(stack)], types: [LicenseConfigurationReportType.USAGE], frequency: ReportFrequency.MONTHLY,
    }),
  })],
  ['only an export refers to', stack => new UsageExport(stack, 'Export', { licenseConfigurations: [license(stack)] })],
  ['only a reminder refers to', stack => new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.cores(), licenseExpiry: Expiration.after(Duration.days(365)),
  }).addExpiryReminder('Reminder', { topic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:topic') })],
])('a license that %s is found', (_, define) => {
  expect(brief(check(RULE, define))).toEqual(['warning Stack/License/Resource']);
});

test('a license that somebody may see, and no more, is found', () => {
  expect(brief(check(RULE, stack => license(stack).grants.read(Role.fromRoleName(stack, 'Auditor', 'auditor'))))).toEqual(['warning Stack/License/Resource']);
});

test('a license that is deactivated, and nothing uses, is found', () => {
  expect(check(RULE, stack => new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.cores(), status: LicenseConfigurationStatus.DISABLED,
  }))).toHaveLength(1);
});

test.each<[string, (stack: Stack) => void]>([
  ['an instance', stack => new CfnInstance(stack, 'It', { imageId: 'ami-0123456789abcdef0', licenseSpecifications: specified(license(stack)) })],
  ['a launch template', stack => new CfnLaunchTemplate(stack, 'It', { launchTemplateData: { licenseSpecifications: specified(license(stack)) } })],
  ['an association', stack => license(stack).addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-0123456789abcdef0') })],
  ['a host resource group', stack => new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.only([license(stack)]) })],
  ['a share', stack => new LicenseShare(stack, 'Share', { licenseConfigurations: [license(stack)], principals: [SharePrincipal.fromAccountId('444455556666')] })],
  ['an asset group', stack => new LicenseAssetGroup(stack, 'Group', {
    usageDimension: UsageDimension.VCPU,
    ruleSets: [new LicenseAssetRuleSet(stack, 'RuleSet', { rules: [LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([license(stack)]))] })],
  })],
  ['somebody who may launch with it', stack => license(stack).grants.launchInstances(Role.fromRoleName(stack, 'Role', 'launcher'))],
  ['somebody who is told its ARN', stack => new CfnOutput(stack, 'Arn', { value: license(stack).licenseConfigurationArn })],
  ['what it discovers', stack => new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.vcpus(), productInformation: [ProductInformation.ssmManaged({ applicationName: 'Example' })],
  })],
  ['an instance of a nested stack', stack => new CfnInstance(new NestedStack(stack, 'Nested'), 'It', {
    imageId: 'ami-0123456789abcdef0', licenseSpecifications: specified(license(stack)),
  })],
])('a license that is used by %s is right', (_, define) => {
  expect(check(RULE, define)).toEqual([]);
});

test.each(['strong', 'weak'])('a license that is used by another stack, by a %s reference, is right, and not by an alarm there alone', strength => {
  const build = (define: (stack: Stack, it: LicenseConfiguration) => void) => {
    const app = new App({ analyticsReporting: false, context: { '@aws-cdk/core:defaultCrossStackReferences': strength } });
    const it = license(new Stack(app, 'Licenses', { env: ENV }));
    define(new Stack(app, 'Stack', { env: ENV }), it);
    return brief(reportOf(app).filter(({ rule }) => rule === RULE));
  };

  expect(build((stack, it) => new CfnInstance(stack, 'It', { imageId: 'ami-0123456789abcdef0', licenseSpecifications: specified(it) }))).toEqual([]);
  expect(build((stack, it) => it.metrics.usageCount().createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 }))).toEqual(['warning Licenses/License/Resource']);
});
