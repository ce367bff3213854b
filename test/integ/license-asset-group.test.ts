import { App, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { describeStacks, ENV } from './stacks';
import {
  AwsManagedRuleSet, Ec2BillingProduct, GrantedLicenseStatus, InstanceMatch, InstancePlatform, LicenseAssetGroup, LicenseAssetRule,
  LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationMatch, LicenseMatch, LicensingModel, UsageDimension,
} from '../../src';

const LICENSE_ARN = `arn:aws:license-manager:us-east-1:${ENV.account}:license-configuration:lic-0123456789abcdef0123456789abcdef`;

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'LicenseAssets', { env: ENV });
  const ruleSet = new LicenseAssetRuleSet(stack, 'Windows', {
    licenseAssetRuleSetName: 'windows-byol',
    description: 'Windows Server with licenses of our own',
    rules: [
      LicenseAssetRule.licenseConfigurationsMatchingAny([
        LicenseConfigurationMatch.licenseConfiguration([LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', LICENSE_ARN)]),
        LicenseConfigurationMatch.accountId(['444455556666']),
      ]),
      LicenseAssetRule.licensesMatchingAll([
        LicenseMatch.issuer(['Example Corp.']), LicenseMatch.licenseStatus([GrantedLicenseStatus.EXPIRED]).negated(), LicenseMatch.homeRegion(['us-east-1']),
      ]),
      LicenseAssetRule.licenses(LicenseMatch.productSku(['sku'])),
      LicenseAssetRule.instancesMatchingAll([
        InstanceMatch.platform([InstancePlatform.WINDOWS]),
        InstanceMatch.ec2BillingProduct([Ec2BillingProduct.WINDOWS_BYOL]),
        InstanceMatch.accountId(['444455556666']).negated(),
      ]),
      LicenseAssetRule.instancesMatchingAny([
        InstanceMatch.amiId(['ami-0abcdef1234567890']),
        InstanceMatch.instanceId(['i-0abcdef1234567890']),
        InstanceMatch.hostId(['h-0abcdef1234567890']),
        InstanceMatch.instanceType([new InstanceType('m5.metal')]),
        InstanceMatch.marketplaceProductCode(['0123456789abcdefghijklmno']),
      ]),
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const group = new LicenseAssetGroup(stack, 'Group', {
    licenseAssetGroupName: 'windows',
    description: 'Windows Server',
    usageDimension: UsageDimension.VCPU,
    ruleSets: [ruleSet, LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.MICROSOFT_WINDOWS_SERVER_DATACENTER)],
    properties: { owner: 'licenses' },
  });
  Tags.of(group).add('cost-center', '4711');
  Tags.of(ruleSet).add('cost-center', '4711');
  new Alarm(stack, 'Alarm', {
    metric: group.metrics.instanceConsumedLicenseCount({ licensingModel: LicensingModel.LICENSE_INCLUDED }), threshold: 96, evaluationPeriods: 1,
  });
  return stack;
}

/** The constructs with nothing but what they require. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  const ruleSet = new LicenseAssetRuleSet(stack, 'RuleSet', {
    rules: [LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.accountId([ENV.account]))],
  });
  new LicenseAssetGroup(stack, 'Group', { usageDimension: UsageDimension.INSTANCE, ruleSets: [ruleSet] });
  return stack;
}

describeStacks({
  'license asset groups and rulesets': {
    define: everything,
    check: (template) => {
      template.resourceCountIs('AWS::LicenseManager::LicenseAssetRuleSet', 1);
      template.resourceCountIs('Custom::LicenseManagerAwsManagedLicenseAssetRuleSet', 1);
      template.resourceCountIs('AWS::Lambda::Function', 1);
      template.hasResourceProperties('AWS::LicenseManager::LicenseAssetGroup', {
        AssociatedLicenseAssetRulesetARNs: [
          { 'Fn::GetAtt': [Match.stringLikeRegexp('^Windows'), 'LicenseAssetRulesetArn'] },
          { 'Fn::GetAtt': [Match.stringLikeRegexp('^AwsManagedLicenseAssetRuleSet'), 'LicenseAssetRulesetArn'] },
        ],
      });
    },
  },
  'a license asset group with defaults': {
    define: defaults,
    check: (template) => {
      template.resourceCountIs('AWS::LicenseManager::LicenseAssetGroup', 1);
      template.resourceCountIs('AWS::Lambda::Function', 0);
    },
  },
});
