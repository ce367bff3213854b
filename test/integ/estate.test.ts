import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describeStacks, ENV } from './stacks';
import { LicenseEstateStack } from '../../examples/typescript/lib/license-estate-stack';

/** The stack of the example that has one of everything. */
const estate = (app: App) => new LicenseEstateStack(app, 'LicenseEstate', {
  env: ENV,
  licenseCount: 96,
  imageId: 'ami-0abcdef1234567890',
  organizationArn: `arn:aws:organizations::${ENV.account}:organization/o-exampleorgid`,
  directoryId: 'd-0123456789',
  grantArn: 'arn:aws:license-manager::777788889999:grant:g-0abcdef1234567890abcdef123456789',
});

describeStacks({
  'one of everything': {
    define: estate,
    check: (template: Template) => {
      for (const type of [
        'LicenseManager::LicenseConfiguration', 'LicenseManager::LicenseAssetRuleSet', 'LicenseManager::LicenseAssetGroup', 'LicenseManager::License',
        'LicenseManager::Grant', 'ResourceGroups::Group', 'RAM::ResourceShare', 'LicenseManagerLinuxSubscriptions::SubscriptionProvider',
        'LicenseManagerUserSubscriptions::LicenseServerEndpoint', 'CloudWatch::Dashboard',
      ]) {
        template.resourceCountIs(`AWS::${type}`, 1);
      }
      template.resourceCountIs('AWS::LicenseManager::ReportGenerator', 2);
      // One makes a token anew, one exports usage.
      template.resourceCountIs('AWS::Scheduler::Schedule', 2);
      // Registering a directory takes permissions that nothing else has; the export of usage has a function of its own.
      template.resourceCountIs('AWS::Lambda::Function', 3);
      template.resourceCountIs('AWS::SecretsManager::Secret', 3);
      // Of conversions and of the export.
      template.resourceCountIs('AWS::StepFunctions::StateMachine', 2);
      for (const type of ['GrantAcceptance', 'IdentityProvider', 'LicenseToken', 'ProductSubscription', 'ServiceLinkedRole', 'UserAssociation']) {
        template.resourceCountIs(`Custom::LicenseManager${type}`, 1);
      }
    },
  },
});
