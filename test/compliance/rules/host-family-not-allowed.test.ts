import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnHost, CfnInstance, CfnLaunchTemplate, CfnEC2Fleet } from 'aws-cdk-lib/aws-ec2';
import { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups';
import { HostLicenses, HostResourceGroup } from '../../../src';
import { brief, check } from '../report';

const RULE = 'HostFamilyNotAllowed';

/** A group as somebody writes it who has no L2. */
const group = (stack: Stack, families: string[] | undefined, hosts: CfnHost[] = []) => new CfnGroup(stack, 'Hosts', {
  name: 'hosts',
  configuration: [{
    type: 'AWS::EC2::HostManagement',
    parameters: [{ name: 'any-host-based-license-configuration', values: ['true'] }, ...families ? [{ name: 'allowed-host-families', values: families }] : []],
  }],
  resources: hosts.map(host => `arn:aws:ec2:us-east-1:111122223333:dedicated-host/${host.attrHostId}`),
});
const host = (stack: Stack, props: object, id = 'Host') => new CfnHost(stack, id, { availabilityZone: 'us-east-1a', ...props });

test.each([{ instanceFamily: 'c5' }, { instanceType: 'c5.large' }])('a host of another family, %j, is found', props => {
  const [finding, ...others] = check(RULE, stack => group(stack, ['m5', 'r5'], [host(stack, props)]));

  expect(others).toEqual([]);
  expect(finding).toMatchObject({ path: 'Stack/Host', severity: 'error' });
  expect(finding.message).toBe("It is of the family 'c5', and host resource group 'Stack/Hosts', which it is in, allows only m5, r5.");
});

test('a host of an allowed family, or in a group that allows all, is right', () => {
  expect(check(RULE, stack => group(stack, ['m5'], [host(stack, { instanceFamily: 'm5' })]))).toEqual([]);
  expect(check(RULE, stack => group(stack, undefined, [host(stack, { instanceFamily: 'c5' })]))).toEqual([]);
});

test('a host whose family is a parameter is not judged', () => {
  const family = (stack: Stack) => new CfnParameter(stack, 'Family', { default: 'c5' }).valueAsString;
  expect(check(RULE, stack => group(stack, ['m5'], [host(stack, { instanceFamily: family(stack) })]))).toEqual([]);
});

test('hosts of the L2 are known', () => {
  expect(brief(check(RULE, stack => {
    const hosts = new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any(), allowedHostFamilies: ['m5'] });
    const it = host(stack, { instanceFamily: 'm5' });
    hosts.addHost(it);
    it.addPropertyOverride('InstanceFamily', 'c5');
  }))).toEqual(['error Stack/Host']);
});

describe('what is launched into a group', () => {
  test('of another family is found', () => {
    expect(brief(check(RULE, stack => new CfnInstance(stack, 'It', {
      imageId: 'ami-0123456789abcdef0', instanceType: 'c5.large', hostResourceGroupArn: group(stack, ['m5']).attrArn,
    })))).toEqual(['error Stack/It']);
  });

  test('in part of another family is found as a warning', () => {
    expect(brief(check(RULE, stack => {
      const { ref: launchTemplateId } = new CfnLaunchTemplate(stack, 'Template', {
        launchTemplateData: { placement: { tenancy: 'host', hostResourceGroupArn: group(stack, ['m5']).attrArn } },
      });
      new CfnEC2Fleet(stack, 'It', {
        targetCapacitySpecification: { totalTargetCapacity: 1 },
        launchTemplateConfigs: [{ launchTemplateSpecification: { launchTemplateId, version: '$Latest' }, overrides: [{ instanceType: 'm5.large' }, { instanceType: 'c5.large' }] }],
      });
    }))).toEqual(['warning Stack/It']);
  });

  test('of an allowed family is right', () => {
    expect(check(RULE, stack => new CfnInstance(stack, 'It', {
      imageId: 'ami-0123456789abcdef0', instanceType: 'm5.large', hostResourceGroupArn: group(stack, ['m5']).attrArn,
    }))).toEqual([]);
  });
});
