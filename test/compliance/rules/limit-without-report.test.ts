import { App, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import {
  LicenseAssetGroup, LicenseAssetRule, LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationMatch, LicenseConfigurationReportType,
  LicenseCounting, Provisioning, ReportFrequency, ReportGenerator, UsageDimension, UsageExport, UsageReport,
} from '../../../src';
import { brief, check } from '../report';

const RULE = 'LimitWithoutReport';
const license = (stack: Stack, licenseCount: number | undefined = 9) =>
  new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.cores(), licenseCount });
const report = (stack: Stack, it: LicenseConfiguration, provisioning?: Provisioning) => new ReportGenerator(stack, 'Report', {
  provisioning,
  report: UsageReport.licenseConfigurations({
    licenseConfigurations: [it], types: [LicenseConfigurationReportType.USAGE], frequency: ReportFrequency.MONTHLY,
  }),
});
const group = (stack: Stack, it: LicenseConfiguration) => new LicenseAssetGroup(stack, 'Group', {
  usageDimension: UsageDimension.VCPU,
  ruleSets: [new LicenseAssetRuleSet(stack, 'RuleSet', { rules: [LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([it]))] })],
});

test.each<[string, (stack: Stack) => void]>([
  ['without a report', stack => license(stack)],
  ['in a group without a report', stack => group(stack, license(stack))],
])('a license with a limit %s is found', (_, define) => {
  expect(brief(check(RULE, define))).toEqual(['info Stack/License/Resource']);
});

test.each<[string, (stack: Stack) => void]>([
  ['a license with a report', stack => report(stack, license(stack))],
  ['a license with a report that is provisioned through the API', stack => report(stack, license(stack), Provisioning.CUSTOM_RESOURCE)],
  ['a license in a group with a report', stack => new ReportGenerator(stack, 'Report', {
    report: UsageReport.licenseAssetGroups({
      licenseAssetGroups: [group(stack, license(stack))], start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-06-30T00:00:00Z'),
    }),
  })],
  ['a license that a function keeps the usage of', stack => new CfnFunction(stack, 'Export', {
    code: { zipFile: '' }, role: 'arn:aws:iam::111122223333:role/export', environment: { variables: { LICENSE: license(stack).licenseConfigurationArn } },
  })],
  ['a license that is exported', stack => new UsageExport(stack, 'Export', { licenseConfigurations: [license(stack)] })],
  ['a license that is exported by another stack', stack => new UsageExport(
    new Stack(App.of(stack)!, 'Audit', { env: stack }), 'Export', { licenseConfigurations: [license(stack)] },
  )],
  ['a license without a limit', stack => new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.cores() })],
  ['a license of which there are none', stack => license(stack, 0)],
])('%s is right', (_, define) => {
  expect(check(RULE, define)).toEqual([]);
});
