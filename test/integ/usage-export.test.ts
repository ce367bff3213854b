import { App, Duration, Size, Stack, TimeZone } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { describeStacks, ENV } from './stacks';
import { LicenseAssetGroup, LicenseConfiguration, LicenseCounting, UsageDimension, UsageExport, UsageResourceType } from '../../src';

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'Export', { env: ENV });
  const audit = new UsageExport(stack, 'Audit', {
    licenseConfigurations: [
      new LicenseConfiguration(stack, 'WindowsServer', { licenseConfigurationName: 'windows-server', licenseCounting: LicenseCounting.cores(), licenseCount: 96 }),
    ],
    licenseAssetGroups: [LicenseAssetGroup.fromLicenseAssetGroupAttributes(stack, 'Group', {
      licenseAssetGroupArn: `arn:aws:license-manager:${ENV.region}:${ENV.account}:license-asset-group:lag-0123456789abcdef`, usageDimension: UsageDimension.CORE,
    })],
    inventory: true,
    resourceAccounts: [ENV.account, '444455556666'],
    resourceTypes: [UsageResourceType.EC2_INSTANCE, UsageResourceType.EC2_HOST],
    schedule: ScheduleExpression.cron({ minute: '30', hour: '23', timeZone: TimeZone.EUROPE_BERLIN }),
    objectPrefix: 'licenses/',
    retention: Duration.days(3650),
    objectLock: ObjectLockRetention.compliance(Duration.days(365)),
    encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
    athena: true,
    maximumScan: Size.gibibytes(1),
    concurrency: 2,
    reservedConcurrency: 2,
  });
  audit.grants.query(Role.fromRoleName(stack, 'Auditor', 'auditor'));
  audit.grants.start(Role.fromRoleName(stack, 'Operator', 'operator'));
  return stack;
}

/** The construct with nothing but what it requires. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  new UsageExport(stack, 'Audit', {
    licenseConfigurations: [LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License',
      `arn:aws:license-manager:${ENV.region}:${ENV.account}:license-configuration:lic-0123456789abcdef0123456789abcdef`)],
  });
  return stack;
}

describeStacks({
  'everything of the usage export': {
    define: everything,
    check: (template) => {
      template.resourceCountIs('AWS::Glue::Table', 6);
      template.resourceCountIs('AWS::Athena::NamedQuery', 8);
      template.hasResource('AWS::S3::Bucket', { Properties: Match.objectLike({ ObjectLockEnabled: true }), DeletionPolicy: 'Retain' });
    },
  },
  'the defaults of the usage export': {
    define: defaults,
    check: (template) => {
      template.resourceCountIs('AWS::Athena::WorkGroup', 0);
      template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(0 23 * * ? *)' });
    },
  },
});
