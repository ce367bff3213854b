import {
  GetLicenseAssetGroupCommand, GetLicenseAssetRulesetCommand, ListLicenseAssetGroupsCommand, ListLicenseAssetRulesetsCommand,
} from '@aws-sdk/client-license-manager';
import type { Stack } from 'aws-cdk-lib';
import { useDeployment } from './deployment';
import { reportsOf } from './report-generator-cases';
import {
  InstanceMatch, InstancePlatform, LicenseAssetGroup, LicenseAssetRule, LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationReportType,
  LicenseCounting, ProductInformation, Provisioning, ReportFrequency, ReportGenerator, UsageDimension, UsageReport,
} from '../../src';

const aws = useDeployment();

/** The same resources, with all that may be set, or without. */
const define = (provisioning: Provisioning, set: boolean) => (stack: Stack) => {
  const description = set ? 'Set' : undefined;
  const license = new LicenseConfiguration(stack, 'License', {
    provisioning,
    licenseConfigurationName: 'license',
    licenseCounting: LicenseCounting.vcpus(),
    licenseCount: 10,
    ...set ? {
      description,
      licenseCountHardLimit: true,
      disassociateWhenNotFound: true,
      productInformation: [ProductInformation.ssmManaged({ platformType: 'Linux' })],
    } : {},
  });
  new ReportGenerator(stack, 'Report', {
    provisioning,
    description,
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [license], types: [LicenseConfigurationReportType.SUMMARY], frequency: ReportFrequency.DAILY,
    }),
  });
  const ruleSet = new LicenseAssetRuleSet(stack, 'RuleSet', {
    description, rules: [LicenseAssetRule.instances(InstanceMatch.platform([InstancePlatform.LINUX]))],
  });
  new LicenseAssetGroup(stack, 'Group', {
    description, properties: set ? { owner: 'licenses' } : undefined, usageDimension: UsageDimension.VCPU, ruleSets: [ruleSet],
  });
};

const found = async () => {
  const { Description, LicenseCountHardLimit, DisassociateWhenNotFound, ProductInformationList = [] } = await aws.onlyLicense();
  const [report] = await reportsOf(aws);
  const [{ LicenseAssetGroupArn }] = (await aws.licenseManager.send(new ListLicenseAssetGroupsCommand({}))).LicenseAssetGroups!;
  const group = (await aws.licenseManager.send(new GetLicenseAssetGroupCommand({ LicenseAssetGroupArn }))).LicenseAssetGroup!;
  const own = (await aws.licenseManager.send(new ListLicenseAssetRulesetsCommand({}))).LicenseAssetRulesets!
    .map(({ LicenseAssetRulesetArn }) => LicenseAssetRulesetArn).find((arn) => arn?.includes(aws.localAws.account));
  const ruleSet = (await aws.licenseManager.send(new GetLicenseAssetRulesetCommand({ LicenseAssetRulesetArn: own }))).LicenseAssetRuleset!;
  return {
    license: [Description ?? '', LicenseCountHardLimit, DisassociateWhenNotFound, ProductInformationList.length],
    report: report.Description ?? '',
    group: [group.Description ?? '', group.Properties?.length ?? 0],
    ruleSet: ruleSet.Description ?? '',
  };
};

test.each([Provisioning.NATIVE, Provisioning.CUSTOM_RESOURCE])('what is taken out of the app is set back to its default (%s)', async (provisioning) => {
  expect(await aws.deploy('Settings', define(provisioning, true))).toMatchObject({ succeeded: true });
  expect(await found()).toEqual({ license: ['Set', true, true, 1], report: 'Set', group: ['Set', 1], ruleSet: 'Set' });
  const { LicenseConfigurationArn: arn } = await aws.onlyLicense();

  expect(await aws.deploy('Settings', define(provisioning, false))).toMatchObject({ succeeded: true });

  expect(await found()).toEqual({ license: ['', false, false, 0], report: '', group: ['', 0], ruleSet: '' });
  expect((await aws.onlyLicense()).LicenseConfigurationArn).toBe(arn);
  expect(await aws.destroy('Settings')).toMatchObject({ succeeded: true });
});
