/*
 * What a language without types hands over for a closed set: each is refused by its value, and says what there is.
 */
import { App, Stack } from 'aws-cdk-lib';
import {
  AmiAssociationScope, GovernedInstances, GuardrailMatch, LicenseConfiguration, LicenseConfigurationReportType, LicenseConfigurationStatus,
  LicenseCounting, LicensedResource, LicenseEventMessage, LicenseGuardrail, LicenseMessageFormat, LicenseRule, LicenseRuleSeverity, LicenseTenancy,
  ProvisionedType, Provisioning, ProvisioningInjector, ReportFrequency, ReportGenerator, SubscriptionProvider, SubscriptionProviderSource,
  UsageReport,
} from '../src';

const LICENSE_ARN = `arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-${'0'.repeat(32)}`;
const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rhsm-AbCdEf';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const report = (more: object) => UsageReport.licenseConfigurations({
  licenseConfigurations: [LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Reported', LICENSE_ARN)],
  types: [LicenseConfigurationReportType.SUMMARY],
  frequency: ReportFrequency.DAILY,
  ...more,
});

test.each<[string, object, (value: any) => void]>([
  ['status', LicenseConfigurationStatus, status => new LicenseConfiguration(stack, 'It', { licenseCounting: LicenseCounting.vcpus(), status })],
  ['provisioning', Provisioning, provisioning => new LicenseConfiguration(stack, 'It', { licenseCounting: LicenseCounting.vcpus(), provisioning })],
  ['provisioning', Provisioning, provisioning => new ReportGenerator(stack, 'It', { report: report({}), provisioning })],
  ['provisioning', Provisioning, provisioning => ProvisioningInjector.addTo(stack, provisioning)],
  ['a member of types', ProvisionedType, type => ProvisioningInjector.addTo(stack, Provisioning.NATIVE, { types: [type] })],
  ['amiAssociationScope', AmiAssociationScope, amiAssociationScope =>
    LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', LICENSE_ARN).addAssociation('It', {
      resource: LicensedResource.fromMachineImageId('ami-0123456789abcdef0'), amiAssociationScope,
    })],
  ['format', LicenseMessageFormat, format => LicenseEventMessage.ofService(format)],
  ['severity', LicenseRuleSeverity, severity => new (class extends LicenseRule {
    public check = () => [];
  })({ ruleId: 'It', description: 'it', source: 'it', fix: 'it', severity })],
  ['a member of types', LicenseConfigurationReportType, type => new ReportGenerator(stack, 'It', { report: report({ types: [type] }) })],
  ['frequency', ReportFrequency, frequency => new ReportGenerator(stack, 'It', { report: report({ frequency }) })],
  ['a member of allowedTenancy', LicenseTenancy, tenancy => new LicenseGuardrail(stack, 'It', {
    instances: GovernedInstances.matching(GuardrailMatch.amiId(['ami-0123456789abcdef0'])),
    licenseConfigurations: [LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', LICENSE_ARN)],
    allowedTenancy: [tenancy],
  })],
  ['subscriptionProviderSource', SubscriptionProviderSource, subscriptionProviderSource => new SubscriptionProvider(stack, 'It', {
    secret: { secretRef: { secretId: SECRET_ARN, secretArn: SECRET_ARN }, env: stack, node: stack.node } as any, subscriptionProviderSource,
  })],
])('%s that there is not is refused, with those that there are', (property, allowed, make) => {
  let message = '';
  try {
    make('NONSENSE');
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain(`${property} is 'NONSENSE'`);
  for (const value of Object.values(allowed)) {
    expect(message).toContain(`'${value}'`);
  }
});
