import { App, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnLicenseAssetGroup } from 'aws-cdk-lib/aws-licensemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describeStacks, ENV } from './stacks';
import {
  LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, mixins, Provisioning, ReportFrequency, ReportGenerator,
  ReportGeneratorLocation, UsageReport,
} from '../../src';

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'UsageReports', { env: ENV });
  const bucket = new Bucket(stack, 'Bucket', { bucketName: `aws-license-manager-service-reports-${ENV.account}` });
  bucket.with(new mixins.BucketLicenseManagerReports());
  const windows = new LicenseConfiguration(stack, 'WindowsServer', { licenseCounting: LicenseCounting.cores() });
  const monthly = new ReportGenerator(stack, 'Monthly', {
    reportGeneratorName: 'windows-server-monthly',
    description: 'What the vendor is told',
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [windows],
      types: [LicenseConfigurationReportType.SUMMARY, LicenseConfigurationReportType.USAGE],
      frequency: ReportFrequency.MONTHLY,
    }),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Tags.of(monthly).add('cost-center', '4711');
  const auditor = new Role(stack, 'Auditor', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  monthly.grants.read(auditor);
  new ReportGeneratorLocation(stack, 'MonthlyLocation', { reportGenerator: monthly }).grants.read(auditor);
  const group = new CfnLicenseAssetGroup(stack, 'Group', {
    name: 'windows',
    associatedLicenseAssetRulesetArns: [`arn:aws:license-manager:us-east-1:${ENV.account}:license-asset-ruleset:lars-0123456789abcdef0123456789abcdef`],
    licenseAssetGroupConfigurations: [{ usageDimension: 'Instance' }],
  });
  new ReportGenerator(stack, 'Audit', {
    report: UsageReport.licenseAssetGroups({
      licenseAssetGroups: [group], start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-02-01T00:00:00Z'),
    }),
  });
  return stack;
}

/** The construct with nothing but what it requires. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
  new ReportGenerator(stack, 'Report', {
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [license], types: [LicenseConfigurationReportType.SUMMARY], frequency: ReportFrequency.DAILY,
    }),
  });
  return stack;
}

describeStacks({
  'everything of usage reports': {
    define: everything,
    check: (template, provisioning) => {
      const native = provisioning === Provisioning.NATIVE;
      template.resourceCountIs('AWS::LicenseManager::ReportGenerator', native ? 2 : 0);
      template.resourceCountIs('Custom::LicenseManagerReportGenerator', native ? 0 : 2);
      // Only the native type has to be asked by somebody else.
      template.resourceCountIs('Custom::LicenseManagerReportGeneratorLocation', native ? 1 : 0);
      template.resourceCountIs('AWS::S3::BucketPolicy', 1);
      template.resourceCountIs('AWS::Lambda::Function', 1);
    },
    // The bucket has no access log, and that is up to its owner.
    ofTheUser: ['UsageReports/Bucket', 'UsageReports/Auditor'],
  },
  'a report generator as it comes': {
    define: defaults,
    check: (template, provisioning) => {
      template.resourceCountIs('AWS::Lambda::Function', provisioning === Provisioning.NATIVE ? 0 : 1);
    },
  },
}, [Provisioning.NATIVE, Provisioning.CUSTOM_RESOURCE]);
