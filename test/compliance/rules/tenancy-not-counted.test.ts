import type { Stack } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { LicenseConfiguration, LicenseCounting } from '../../../src';
import { brief, check } from '../report';

const RULE = 'TenancyNotCounted';
const instance = (stack: Stack, licenseCountingType: string, tenancy?: string, licenseRules?: string[]) => new CfnInstance(stack, 'It', {
  imageId: 'ami-0123456789abcdef0',
  tenancy,
  licenseSpecifications: [{
    licenseConfigurationArn: new CfnLicenseConfiguration(stack, 'License', { name: 'it', licenseCountingType, licenseRules }).attrLicenseConfigurationArn,
  }],
});

test.each(['Core', 'Socket'])('what is counted by %s is found where it is not on a Dedicated Host', type => {
  for (const tenancy of ['default', 'dedicated', undefined]) {
    expect(brief(check(RULE, stack => instance(stack, type, tenancy)))).toEqual(['warning Stack/It']);
  }
  expect(check(RULE, stack => instance(stack, type, 'host'))).toEqual([]);
});

test.each(['vCPU', 'Instance'])('what is counted by %s is counted everywhere', type => {
  expect(check(RULE, stack => instance(stack, type, 'default'))).toEqual([]);
});

test.each([[true], [false]])('what is known of a license that is imported twice is what one import says, the first one: %s', isFirst => {
  const arn = `arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-${'1'.repeat(32)}`;
  const imports = [
    (stack: Stack) => LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'Known', { licenseConfigurationArn: arn, licenseCounting: LicenseCounting.cores() }),
    (stack: Stack) => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'ByArn', arn),
  ];
  expect(brief(check(RULE, stack => {
    (isFirst ? imports : imports.reverse()).forEach(it => it(stack));
    new CfnInstance(stack, 'It', { imageId: 'ami-0123456789abcdef0', tenancy: 'default', licenseSpecifications: [{ licenseConfigurationArn: arn }] });
  }))).toEqual(['warning Stack/It']);
});

test('what a rule of the license excludes is the matter of another rule', () => {
  expect(check(RULE, stack => instance(stack, 'Core', 'default', ['#allowedTenancy=EC2-DedicatedHost']))).toEqual([]);
  expect(brief(check('TenancyNotAllowed', stack => instance(stack, 'Core', 'default', ['#allowedTenancy=EC2-DedicatedHost'])))).toEqual(['error Stack/It']);
});

test('rules that nobody knows may be about the tenancy, and are not judged', () => {
  const unknown = (stack: Stack) => {
    instance(stack, 'Core', 'default');
    (stack.node.findChild('License') as CfnLicenseConfiguration).addPropertyOverride('LicenseRules', [{ Ref: 'AWS::StackName' }]);
  };

  expect(check(RULE, unknown)).toEqual([]);
  expect(check('TenancyNotAllowed', unknown)).toEqual([]);
});
