import { UpdateLicenseSpecificationsForResourceCommand } from '@aws-sdk/client-license-manager';
import { Stack, Validations } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { useDeployment } from './deployment';
import { LicenseConfiguration, LicenseConfigurationProps, LicenseCounting, LicensedResource, mixins, Provisioning } from '../../src';

const IMAGE = 'ami-0abcdef1234567890';
const IMAGE_ARN = `arn:aws:ec2:us-east-1::image/${IMAGE}`;
const DISASSOCIATION = 'Custom::LicenseManagerLicenseConfigurationDisassociation';
const TAG = { Key: 'cdk-license-manager:disassociate-resources-on-delete', Value: 'true' };

const aws = useDeployment();

beforeEach(async () => {
  await aws.localAws.reset();
  await aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }] });
});

describe.each([Provisioning.NATIVE, Provisioning.CUSTOM_RESOURCE])('disassociateResourcesOnDelete of a license provisioned as %s', (provisioning) => {
  const license = (props: Partial<LicenseConfigurationProps> = {}) => (stack: Stack) =>
    new LicenseConfiguration(stack, 'License', { provisioning, licenseCounting: LicenseCounting.vcpus(), ...props });
  const on = { disassociateResourcesOnDelete: true };
  /** A stack that a test leaves behind has licenses of the other type. */
  const nameOf = (test: string) => `${test}-${provisioning}`;

  const deploy = async (stackName: string, props: Partial<LicenseConfigurationProps>) => {
    expect(await aws.deploy(stackName, (stack) => void license(props)(stack))).toMatchObject({ succeeded: true });
    return (await aws.licenseOf(stackName)).LicenseConfigurationArn!;
  };
  /** Makes an association that the stack knows nothing of. */
  const associate = (arn: string) => aws.licenseManager.send(new UpdateLicenseSpecificationsForResourceCommand({
    ResourceArn: IMAGE_ARN, AddLicenseSpecifications: [{ LicenseConfigurationArn: arn }],
  }));
  const releases = async () => (await aws.localAws.calls({ operation: 'UpdateLicenseSpecificationsForResource' }))
    .filter(({ parameters }) => parameters.RemoveLicenseSpecifications).map(({ parameters }) => parameters);

  test('may be turned off and on while the license lives, and releases at its end', async () => {
    const stackName = nameOf('OnAndOff');
    const arn = await deploy(stackName, on);
    await associate(arn);
    expect((await aws.license(arn)).Tags).toContainEqual(TAG);

    // The resource that releases is deleted, and the license is not.
    expect(await deploy(stackName, {})).toBe(arn);

    expect(await aws.stackStatus(stackName)).toBe('UPDATE_COMPLETE');
    expect(await aws.physicalIds(stackName, DISASSOCIATION)).toEqual([]);
    expect((await aws.license(arn)).Tags).not.toContainEqual(TAG);
    expect(await aws.associations(arn)).toEqual([IMAGE_ARN]);
    expect(await releases()).toEqual([]);

    expect(await deploy(stackName, on)).toBe(arn);

    expect(await aws.associations(arn)).toEqual([IMAGE_ARN]);
    expect(await aws.destroy(stackName)).toMatchObject({ succeeded: true });
    expect(await releases()).toEqual([{ ResourceArn: IMAGE_ARN, RemoveLicenseSpecifications: [{ LicenseConfigurationArn: arn }] }]);
    expect(await aws.licenses()).toEqual([]);
    expect(await aws.stackStatus(stackName)).toBeUndefined();
  });

  test('releases nothing when the deployment that turns it on fails', async () => {
    const stackName = nameOf('RolledBack');
    const arn = await deploy(stackName, {});
    await associate(arn);

    const result = await aws.deploy(stackName, (stack) => {
      // The association waits for the resource that releases, which has been created when the association fails.
      license(on)(stack).addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-00000000000000bad') });
    });

    expect(result.succeeded).toBe(false);
    expect(await aws.stackStatus(stackName)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await aws.events(stackName)).toContainEqual(expect.objectContaining({ ResourceType: DISASSOCIATION, ResourceStatus: 'DELETE_COMPLETE' }));
    expect((await aws.license(arn)).Tags).not.toContainEqual(TAG);
    expect(await aws.associations(arn)).toEqual([IMAGE_ARN]);
    expect(await releases()).toEqual([]);
  });

  test('releases an instance of the stack before it is terminated: License Manager takes no license from a terminated one', async () => {
    const stackName = nameOf('Instance');
    const result = await aws.deploy(stackName, (stack) => {
      const instance = new CfnInstance(stack, 'Instance', { imageId: IMAGE, instanceType: 'm5.large' })
        .with(new mixins.InstanceLicenses([license(on)(stack)]));
      Validations.of(instance).acknowledge({ id: 'CloudFormation-Validate::W9010', reason: 'It is an AMI that exists nowhere else.' });
    });
    expect(result).toMatchObject({ succeeded: true });
    const arn = (await aws.licenseOf(stackName)).LicenseConfigurationArn!;
    const launched = await aws.associations(arn);
    expect(launched).toEqual([expect.stringContaining(':instance/i-')]);

    expect(await aws.destroy(stackName)).toMatchObject({ succeeded: true });

    expect(await releases()).toEqual([{ ResourceArn: launched[0], RemoveLicenseSpecifications: [{ LicenseConfigurationArn: arn }] }]);
    expect(await aws.licenses()).toEqual([]);
    expect(await aws.stackStatus(stackName)).toBeUndefined();
  });

  test('releases what is left when an instance was terminated before, and License Manager has noticed it by the end', async () => {
    const stackName = nameOf('Terminated');
    const instance = 'arn:aws:ec2:us-east-1:111122223333:instance/i-0abcdef1234567890';
    await aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }, { arn: instance }] });
    const arn = await deploy(stackName, on);
    await associate(arn);
    await aws.licenseManager.send(new UpdateLicenseSpecificationsForResourceCommand({
      ResourceArn: instance, AddLicenseSpecifications: [{ LicenseConfigurationArn: arn }],
    }));
    await aws.localAws.seed({ resources: [{ arn: instance, state: 'terminated' }] });

    expect(await aws.destroy(stackName)).toMatchObject({ succeeded: false });

    // The resource that releases has done what it can, and has not failed.
    expect(await aws.physicalIds(stackName, DISASSOCIATION)).toEqual([]);
    expect(await aws.associations(arn)).toEqual([instance]);
    await aws.localAws.seed({ housekeeping: true });
    if (provisioning === Provisioning.NATIVE) {
      // The engine of the local AWS has deleted the function of the other one already.
      expect(await aws.destroy(stackName)).toMatchObject({ succeeded: true });
      expect(await aws.licenses()).toEqual([]);
    }
  });

  test('releases the old license when the license is replaced', async () => {
    const stackName = nameOf('Replaced');
    const old = await deploy(stackName, on);
    await associate(old);

    const arn = await deploy(stackName, { ...on, licenseCounting: LicenseCounting.cores() });

    expect(arn).not.toBe(old);
    expect(await aws.licenses()).toEqual([arn]);
    expect((await aws.license(arn)).Tags).toContainEqual(TAG);
    expect(await releases()).toEqual([{ ResourceArn: IMAGE_ARN, RemoveLicenseSpecifications: [{ LicenseConfigurationArn: old }] }]);
  });
});
