import { App, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { LaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { describeStacks, ENV } from './stacks';
import {
  GovernedInstances, GuardrailMatch, GuardrailTarget, LicenseConfiguration, LicenseCounting, LicenseGuardrail, LicenseTenancy, LicenseType,
} from '../../src';

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'Guardrails', { env: ENV });
  new LicenseGuardrail(stack, 'Windows', {
    instances: GovernedInstances.matchingAny([
      GuardrailMatch.amiId(['ami-0123456789abcdef0']), GuardrailMatch.marketplaceProductCode(['6cd5fxzrad0cu2j23p692xytz']), GuardrailMatch.tag('product', ['windows']),
    ]),
    licenseConfigurations: [LicenseConfiguration.fromLicenseConfigurationArn(
      stack, 'Shared', `arn:aws:license-manager:us-east-1:444455556666:license-configuration:lic-${'0'.repeat(32)}`)],
    allowedTenancy: [LicenseTenancy.DEDICATED_HOST],
    organization: { excludedAccounts: ['777788889999'] },
    configRuleName: 'windows',
    launchPolicy: {
      launchTemplates: [LaunchTemplate.fromLaunchTemplateAttributes(stack, 'Template', { launchTemplateId: 'lt-0123456789abcdef0', versionNumber: '1' })],
      targets: [GuardrailTarget.organizationalUnit('ou-ab12-cdef3456')],
      exemptPrincipalArns: ['arn:aws:iam::*:role/ImageBuilder'],
      policyName: 'windows',
    },
  });
  return stack;
}

/** The construct with nothing but what it requires. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  new LicenseGuardrail(stack, 'Windows', {
    instances: GovernedInstances.matching(GuardrailMatch.usageOperation([LicenseType.WINDOWS_BYOL.usageOperation])),
    licenseConfigurations: [new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.cores() })],
  });
  return stack;
}

describeStacks({
  'everything of guardrails': {
    define: everything,
    check: (template) => {
      template.hasResourceProperties('AWS::Config::OrganizationConfigRule', { OrganizationConfigRuleName: 'windows' });
      template.hasResourceProperties('AWS::Organizations::Policy', { Content: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'AllowedTenanciesOnly' })]) } });
      template.resourceCountIs('AWS::Lambda::Function', 0);
    },
  },
  'the defaults of guardrails': {
    define: defaults,
    check: (template) => {
      template.resourceCountIs('AWS::Config::ConfigRule', 1);
      template.resourceCountIs('AWS::Organizations::Policy', 0);
    },
  },
});
