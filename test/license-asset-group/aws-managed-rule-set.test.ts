import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsManagedRuleSet, LicenseAssetGroup, LicenseAssetRuleSet, UsageDimension } from '../../src';

const TYPE = 'Custom::LicenseManagerAwsManagedLicenseAssetRuleSet';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

test('the names of the user guide', () => {
  expect([
    AwsManagedRuleSet.MICROSOFT_WINDOWS_SERVER_DATACENTER, AwsManagedRuleSet.MICROSOFT_SQL_SERVER_ENTERPRISE,
    AwsManagedRuleSet.MICROSOFT_SQL_SERVER_STANDARD, AwsManagedRuleSet.RED_HAT_ENTERPRISE_LINUX, AwsManagedRuleSet.UBUNTU_PRO,
    AwsManagedRuleSet.SUSE_ENTERPRISE_LINUX, AwsManagedRuleSet.of('Oracle Database'),
  ].map(({ name }) => name)).toEqual([
    'Microsoft Windows Server Datacenter', 'Microsoft SQL Server Enterprise Edition', 'Microsoft SQL Server Standard Edition',
    'Red Hat Enterprise Linux', 'Ubuntu Pro', 'SUSE Enterprise Linux', 'Oracle Database',
  ]);
});

test('the ruleset is looked for by a custom resource that may list rulesets, and do nothing else', () => {
  const ruleSet = LicenseAssetRuleSet.fromAwsManaged(stack, 'Ubuntu', AwsManagedRuleSet.UBUNTU_PRO);

  const template = Template.fromStack(stack);
  template.hasResource(TYPE, {
    Properties: { Name: 'Ubuntu Pro', ServiceTimeout: '300' },
    DependsOn: [Match.stringLikeRegexp('^CdkLicenseManagerAwsManagedLicenseAssetRuleSet')],
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [{
        Effect: 'Allow',
        Action: 'license-manager:ListLicenseAssetRulesets',
        // The request names no ruleset.
        Resource: '*',
      }],
    },
  });
  const [logicalId] = Object.keys(template.findResources(TYPE));
  expect(logicalId).toMatch(/^AwsManagedLicenseAssetRuleSet[0-9A-F]{16}$/);
  expect(stack.resolve(ruleSet.licenseAssetRuleSetArn)).toEqual({ 'Fn::GetAtt': [logicalId, 'LicenseAssetRulesetArn'] });
});

test('one custom resource stands for a ruleset in a stack, however often and wherever it is asked for', () => {
  LicenseAssetRuleSet.fromAwsManaged(stack, 'One', AwsManagedRuleSet.UBUNTU_PRO);
  const group = new LicenseAssetGroup(stack, 'Group', {
    usageDimension: UsageDimension.VCPU, ruleSets: [LicenseAssetRuleSet.fromAwsManaged(stack, 'Two', AwsManagedRuleSet.of('ubuntu pro'))],
  });
  LicenseAssetRuleSet.fromAwsManaged(group, 'Three', AwsManagedRuleSet.UBUNTU_PRO);
  LicenseAssetRuleSet.fromAwsManaged(stack, 'Other', AwsManagedRuleSet.SUSE_ENTERPRISE_LINUX);

  const template = Template.fromStack(stack);
  template.resourceCountIs(TYPE, 2);
  template.resourceCountIs('AWS::IAM::Policy', 1);
  template.resourceCountIs('AWS::Lambda::Function', 1);
});

test('a name may be a token', () => {
  const name = new CfnParameter(stack, 'Name').valueAsString;
  LicenseAssetRuleSet.fromAwsManaged(stack, 'One', AwsManagedRuleSet.of(name));
  LicenseAssetRuleSet.fromAwsManaged(stack, 'Two', AwsManagedRuleSet.of(name));

  const template = Template.fromStack(stack);
  template.resourceCountIs(TYPE, 1);
  template.hasResourceProperties(TYPE, { Name: { Ref: 'Name' } });
});

test.each(['', ' ', '-'])('the name \'%s\' is refused', (name) => {
  expect(() => LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.of(name))).toThrow(
    `Stack: AwsManagedRuleSet.of() of 'Managed' has the name '${name}': at least 1 letter or digit is needed. Take the name from ` +
    '\'aws license-manager list-license-asset-rulesets --show-aws-managed-license-asset-rulesets\'.');
});
