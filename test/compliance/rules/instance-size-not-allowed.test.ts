import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnInstance, CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { brief, check } from '../report';

const RULE = 'InstanceSizeNotAllowed';
const licensed = (stack: Stack, ...licenseRules: string[]) => [{
  licenseConfigurationArn: new CfnLicenseConfiguration(stack, 'License', { name: 'it', licenseCountingType: 'vCPU', licenseRules }).attrLicenseConfigurationArn,
}];
const instance = (stack: Stack, instanceType: string, ...rules: string[]) =>
  new CfnInstance(stack, 'It', { imageId: 'ami-0123456789abcdef0', instanceType, licenseSpecifications: licensed(stack, ...rules) });

test.each([
  ['#minimumVcpus=4', 'm5.large', 'm5.xlarge', 'has minimumVcpus 4'],
  ['#maximumVcpus=8', 'm5.4xlarge', 'm5.2xlarge', 'has maximumVcpus 8'],
])('with %s, %s is found, and %s is right', (rule, other, right, text) => {
  const [finding] = check(RULE, stack => instance(stack, other, rule));

  expect(finding).toMatchObject({ path: 'Stack/It', severity: 'error' });
  expect(finding.message).toContain(text);
  expect(check(RULE, stack => instance(stack, right, rule))).toEqual([]);
});

test('a range is said as a whole', () => {
  expect(check(RULE, stack => instance(stack, 'm5.large', '#minimumVcpus=4', '#maximumVcpus=8'))[0].message)
    .toBe("It launches 'm5.large' with 2 vCPUs, and license 'Stack/License' has minimumVcpus 4 and maximumVcpus 8.");
});

test('customized vCPUs count if the license says so', () => {
  const customized = (stack: Stack, coreCount: number, ...rules: string[]) => new CfnInstance(stack, 'It', {
    imageId: 'ami-0123456789abcdef0', instanceType: 'm5.4xlarge', cpuOptions: { coreCount, threadsPerCore: 1 }, licenseSpecifications: licensed(stack, ...rules),
  });

  expect(check(RULE, stack => customized(stack, 4, '#maximumVcpus=4', '#honorVcpuOptimization=True'))).toEqual([]);
  expect(brief(check(RULE, stack => customized(stack, 5, '#maximumVcpus=4', '#honorVcpuOptimization=True')))).toEqual(['error Stack/It']);
  expect(brief(check(RULE, stack => customized(stack, 4, '#maximumVcpus=4')))).toEqual(['error Stack/It']);
});

test('a part of a fleet is found as a warning', () => {
  expect(brief(check(RULE, stack => {
    const { ref: launchTemplateId } = new CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { licenseSpecifications: licensed(stack, '#minimumVcpus=4') } });
    new CfnAutoScalingGroup(stack, 'It', {
      minSize: '0',
      maxSize: '1',
      mixedInstancesPolicy: {
        launchTemplate: { launchTemplateSpecification: { launchTemplateId, version: '$Latest' }, overrides: [{ instanceType: 'm5.large' }, { instanceType: 'm5.xlarge' }] },
      },
    });
  }))).toEqual(['warning Stack/It']);
});

test('a type that is a parameter, or that nobody knows, is not judged', () => {
  expect(check(RULE, stack => instance(stack, new CfnParameter(stack, 'Type', { default: 'm5.large' }).valueAsString, '#minimumVcpus=4'))).toEqual([]);
  expect(check(RULE, stack => instance(stack, 'new9.medium', '#minimumVcpus=4'))).toEqual([]);
});
