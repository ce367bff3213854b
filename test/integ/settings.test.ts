import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describeStacks, ENV } from './stacks';
import { LicenseSettingsStack } from '../../examples/typescript/lib/license-settings-stack';

describeStacks({
  'what an account and an organization have once': {
    define: (app: App) => new LicenseSettingsStack(app, 'LicenseSettings', { env: ENV, administratorAccountId: '444455556666' }),
    check: (template: Template) => {
      for (const [type, count] of Object.entries({
        ServiceLinkedRole: 2, ServiceSettings: 1, LinuxSubscriptionsSettings: 1, OrganizationSharing: 1, DelegatedAdministrator: 2,
      })) {
        template.resourceCountIs(`Custom::LicenseManager${type}`, count);
      }
      for (const type of ['S3::Bucket', 'SNS::Topic', 'KMS::Key', 'CloudWatch::Alarm', 'Lambda::Function']) {
        template.resourceCountIs(`AWS::${type}`, 1);
      }
    },
  },
});
