import type { Stack } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { useDeployment } from './deployment';
import { LicenseConfiguration, LicenseCounting, LicensedResource, mixins, Provisioning } from '../../src';

const IMAGE = 'ami-0abcdef1234567890';
const IMAGE_ARN = `arn:aws:ec2:us-east-1::image/${IMAGE}`;
const CHANGES = /^(CreateLicenseConfiguration|DeleteLicenseConfiguration|UpdateLicenseSpecificationsForResource|RunInstances|TerminateInstances)$/;

const aws = useDeployment();

beforeAll(() => aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }] }));

const define = (provisioning: Provisioning, minimumVcpus: number, protectFromReplacement: boolean, licenseCount = 10) => (stack: Stack) => {
  const license = new LicenseConfiguration(stack, 'License', {
    provisioning, protectFromReplacement, licenseCount, licenseCounting: LicenseCounting.vcpus({ minimumVcpus }),
  });
  license.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
  new CfnInstance(stack, 'Instance', { imageId: 'ami-1abcdef1234567890', instanceType: 'm5.large' }).with(new mixins.InstanceLicenses([license]));
};

test.each([Provisioning.NATIVE, Provisioning.CUSTOM_RESOURCE])('a protected license is not replaced, and nothing that uses it is touched (%s)', async (provisioning) => {
  expect(await aws.deploy('Protected', define(provisioning, 1, true))).toMatchObject({ succeeded: true });
  const { LicenseConfigurationArn: arn } = await aws.licenseOf('Protected');
  const instances = await aws.physicalIds('Protected', 'AWS::EC2::Instance');
  await aws.localAws.clearCalls();

  const refused = await aws.deploy('Protected', define(provisioning, 2, true, 20));

  expect(refused.succeeded).toBe(false);
  expect((await aws.failures('Protected')).join()).toContain('the license is protected from replacement');
  expect(await aws.stackStatus('Protected')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await aws.licenseOf('Protected')).toMatchObject({ LicenseConfigurationArn: arn, LicenseCount: 10 });
  expect(await aws.physicalIds('Protected', 'AWS::EC2::Instance')).toEqual(instances);
  expect((await aws.localAws.calls()).map(({ operation }) => operation).filter((operation) => CHANGES.test(operation))).toEqual([]);

  // What changes in place is let through, and a replacement when the protection is turned off with it.
  expect(await aws.deploy('Protected', define(provisioning, 1, true, 20))).toMatchObject({ succeeded: true });
  expect(await aws.licenseOf('Protected')).toMatchObject({ LicenseConfigurationArn: arn, LicenseCount: 20 });
  expect(await aws.deploy('Protected', define(provisioning, 2, false, 20))).toMatchObject({ succeeded: true });
  expect((await aws.licenseOf('Protected')).LicenseConfigurationArn).not.toBe(arn);

  // License Manager lets go of an instance a while after it was terminated, and deletes no license before.
  await aws.localAws.seed({ housekeeping: true });
  await aws.destroy('Protected');
  await aws.localAws.seed({ housekeeping: true });
  await aws.destroy('Protected');
});
