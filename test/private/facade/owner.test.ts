import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { HostResourceGroup, LicenseAssetGroup, LicenseAssetRuleSet, LicenseConfiguration, LicenseCounting, LicenseServerEndpoint, ReportGenerator } from '../../../src';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const license = (account = '444455556666') => LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'License', {
  licenseConfigurationArn: `arn:aws:license-manager:us-east-1:${account}:license-configuration:lic-0`, licenseCounting: LicenseCounting.vcpus(),
});
const role = () => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => `${id}: ${String(entry.data)}`);
const place = 'us-east-1:444455556666';

test.each<[string, () => unknown, string]>([
  ['a grant', () => license().grants.launchInstances(role()),
    'A grant is on the license \'Stack/License\', which belongs to account \'444455556666\', and the stack is in account \'111122223333\': it has an effect only as far as ' +
    '\'444455556666\' shares the license with \'111122223333\' (LicenseShare). See to that, or let \'444455556666\' grant to a role of its own that the principal may assume. ' +
    '[ack: cdk-license-manager:grantOnAnotherAccount]'],
  ['a metric', () => license().metrics.usageCount(),
    'The metrics of \'Stack/License\' are in account \'444455556666\', which owns it, and the stack is in account \'111122223333\', which sees them by CloudWatch ' +
    'cross-account observability only: an alarm would stay in INSUFFICIENT_DATA. Link \'444455556666\' as a source account that shares its metrics, or declare what ' +
    'reads them in a stack of \'444455556666\'. [ack: cdk-license-manager:metricOfAnotherAccount]'],
  ['rules', () => license().events.onCloudTrailDelete('Rule', {}),
    'Rules are made for \'Stack/License\', which belongs to account \'444455556666\', and the stack is in account \'111122223333\': AWS CloudTrail tells an account of its ' +
    'own calls, so that nothing is heard of what \'444455556666\' does to it. Make the rules in a stack of \'444455556666\'. ' +
    '[ack: cdk-license-manager:eventsOfAnotherAccount]'],
])('%s of a license of another account causes a warning', (_, make, text) => {
  make();
  expect(warnings()).toEqual([`/Stack/License: ${text}`]);
});

test('an alarm causes that of its metric', () => {
  license().addUsageAlarm('Alarm', { thresholdPercent: 90, actions: [] });
  expect(warnings()).toEqual([expect.stringContaining('metricOfAnotherAccount')]);
});

test.each<[string, () => unknown]>([
  ['license asset group', () => LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'It', `arn:aws:license-manager:${place}:license-asset-group:lag-1`).grants.read(role())],
  ['license asset ruleset', () => LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(stack, 'It', `arn:aws:license-manager:${place}:license-asset-ruleset:lar-1`).grants.read(role())],
  ['report generator', () => ReportGenerator.fromReportGeneratorArn(stack, 'It', `arn:aws:license-manager:${place}:report-generator:r-1`).grants.read(role())],
  ['license server endpoint', () => LicenseServerEndpoint.fromLicenseServerEndpointAttributes(stack, 'It', {
    licenseServerEndpointArn: `arn:aws:license-manager-user-subscriptions:${place}:license-server-endpoint/lse-1`,
    identityProviderArn: `arn:aws:license-manager-user-subscriptions:${place}:identity-provider/idp-1`,
  }).grants.read(role())],
])('a grant on a %s of another account has no effect, which a warning says', (what, make) => {
  make();
  expect(warnings()).toContain(`/Stack/It: A grant is on the ${what} 'Stack/It', which belongs to account '444455556666', and the stack is in account ` +
    `'111122223333': a ${what} cannot be shared, so that it has no effect. Let '444455556666' grant to a role of its own that the principal may assume. ` +
    '[ack: cdk-license-manager:grantOnAnotherAccount]');
});

test('a host resource group can be shared', () => {
  HostResourceGroup.fromHostResourceGroupArn(stack, 'It', `arn:aws:resource-groups:${place}:group/hosts`).grants.launchInstances(role());
  expect(warnings()).toEqual([expect.stringContaining('shares the host resource group with \'111122223333\' (LicenseShare)')]);
});

test('what is of the own account, or of an account that nobody knows, causes none', () => {
  for (const scope of [stack, new Stack(new App(), 'Open')]) {
    stack = scope;
    const own = license('111122223333');
    own.grants.read(role());
    own.metrics.usageCount();
    own.events.onCloudTrailDelete('Rule', {});
    expect(warnings()).toEqual([]);
  }
});
