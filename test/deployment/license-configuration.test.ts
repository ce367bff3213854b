import { UpdateLicenseConfigurationCommand, UpdateLicenseSpecificationsForResourceCommand } from '@aws-sdk/client-license-manager';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Deployment } from './deployment';
import {
  LicenseConfiguration, LicenseConfigurationProps, LicenseConfigurationStatus, LicenseCounting, LicensedResource, LicenseTenancy, Provisioning,
} from '../../src';

jest.setTimeout(300_000);

const IMAGE = 'ami-0abcdef1234567890';
const IMAGE_ARN = `arn:aws:ec2:us-east-1::image/${IMAGE}`;

/** Both ways of provisioning have to pass the same cases. */
describe.each([Provisioning.NATIVE, Provisioning.CUSTOM_RESOURCE])('a self-managed license, provisioned as %s,', (provisioning) => {
  let aws: Deployment;

  beforeAll(async () => {
    aws = await Deployment.start();
    await aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }] });
  });
  afterAll(() => aws?.stop());

  const license = (stack: Stack, props: Partial<LicenseConfigurationProps> = {}) => new LicenseConfiguration(stack, 'License', {
    provisioning,
    licenseConfigurationName: 'windows-server',
    description: 'Cores of the enterprise agreement',
    licenseCounting: LicenseCounting.cores({ minimumCores: 8, maximumCores: 16, allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }),
    licenseCount: 96,
    licenseCountHardLimit: true,
    ...props,
  });
  const withAssociation = (stack: Stack, props: Partial<LicenseConfigurationProps> = {}) => {
    const it = license(stack, props);
    it.addAssociation('Image', { resource: LicensedResource.machineImage(IMAGE) });
    return it;
  };

  test('is deployed as declared, with its association', async () => {
    const result = await aws.deploy('LifeCycle', (stack) => void withAssociation(stack));

    expect(result).toMatchObject({ succeeded: true });
    const deployed = await aws.onlyLicense();
    expect(deployed).toMatchObject({
      Name: 'windows-server',
      Description: 'Cores of the enterprise agreement',
      LicenseCountingType: 'Core',
      LicenseCount: 96,
      LicenseCountHardLimit: true,
      Status: 'AVAILABLE',
    });
    expect([...deployed.LicenseRules!].sort()).toEqual(['#allowedTenancy=EC2-DedicatedHost', '#maximumCores=16', '#minimumCores=8']);
    expect(await aws.associations(deployed.LicenseConfigurationArn!)).toEqual([IMAGE_ARN]);
  });

  test('is changed in place: the name, the description and the count', async () => {
    const before = await aws.onlyLicense();

    const result = await aws.deploy('LifeCycle', (stack) => void withAssociation(stack, {
      licenseConfigurationName: 'windows-server-2025', description: 'Renewed', licenseCount: 128,
    }));

    expect(result).toMatchObject({ succeeded: true });
    expect(await aws.onlyLicense()).toMatchObject({
      LicenseConfigurationArn: before.LicenseConfigurationArn, Name: 'windows-server-2025', Description: 'Renewed', LicenseCount: 128,
    });
  });

  test('is replaced when its rules change, and its association moves before the old license goes', async () => {
    const before = await aws.onlyLicense();
    await aws.localAws.clearCalls();

    const result = await aws.deploy('LifeCycle', (stack) => void withAssociation(stack, {
      licenseCounting: LicenseCounting.cores({ minimumCores: 4, allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }),
    }));

    expect(result).toMatchObject({ succeeded: true });
    const after = await aws.onlyLicense();
    expect(after.LicenseConfigurationArn).not.toEqual(before.LicenseConfigurationArn);
    expect(await aws.associations(after.LicenseConfigurationArn!)).toEqual([IMAGE_ARN]);
    const writes = (await aws.localAws.calls())
      .filter(({ operation }) => ['CreateLicenseConfiguration', 'UpdateLicenseSpecificationsForResource', 'DeleteLicenseConfiguration'].includes(operation))
      .map(({ operation, parameters }) => {
        if (parameters.AddLicenseSpecifications?.length) {return 'the image gets the new license';}
        if (parameters.RemoveLicenseSpecifications?.length) {return 'the image loses the old license';}
        return operation;
      });
    expect(writes.filter((write) => write !== 'CreateLicenseConfiguration')).toEqual([
      'the image gets the new license', 'the image loses the old license', 'DeleteLicenseConfiguration',
    ]);
  });

  test('is left as it was by an update that License Manager refuses', async () => {
    const before = await aws.onlyLicense();
    const result = await aws.deploy('LifeCycle', (stack) => {
      const it = license(stack, {
        licenseCounting: LicenseCounting.cores({ minimumCores: 4, allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }),
        licenseCount: 500,
      });
      it.addAssociation('Image', { resource: LicensedResource.machineImage('ami-00000000000000bad') });
    });

    expect(result.succeeded).toBe(false);
    expect(await aws.stackStatus('LifeCycle')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await aws.failures('LifeCycle')).join('\n')).toContain('ami-00000000000000bad');
    const after = await aws.onlyLicense();
    expect(after).toMatchObject({ LicenseConfigurationArn: before.LicenseConfigurationArn, LicenseCount: 96 });
    expect(await aws.associations(after.LicenseConfigurationArn!)).toEqual([IMAGE_ARN]);
  });

  test('is deactivated and reactivated', async () => {
    await aws.deploy('LifeCycle', (stack) => void license(stack, { status: LicenseConfigurationStatus.DISABLED }));
    expect(await aws.onlyLicense()).toMatchObject({ Status: 'DISABLED' });

    await aws.deploy('LifeCycle', (stack) => void license(stack, { status: LicenseConfigurationStatus.AVAILABLE }));
    expect(await aws.onlyLicense()).toMatchObject({ Status: 'AVAILABLE' });
  });

  test('goes with its stack', async () => {
    expect(await aws.destroy('LifeCycle')).toMatchObject({ succeeded: true });

    expect(await aws.licenseCount()).toBe(0);
    expect(await aws.stackStatus('LifeCycle')).toBeUndefined();
  });

  describe('with an association that the stack knows nothing of,', () => {
    const associate = async () => aws.licenseManager.send(new UpdateLicenseSpecificationsForResourceCommand({
      ResourceArn: IMAGE_ARN,
      AddLicenseSpecifications: [{ LicenseConfigurationArn: (await aws.onlyLicense()).LicenseConfigurationArn }],
    }));

    test('is not deleted, and the failure tells the way out', async () => {
      await aws.deploy('InUse', (stack) => void license(stack, { removalPolicy: RemovalPolicy.DESTROY }));
      await associate();

      expect(await aws.destroy('InUse')).toMatchObject({ succeeded: false });

      expect(await aws.stackStatus('InUse')).toBe('DELETE_FAILED');
      if (provisioning === Provisioning.CUSTOM_RESOURCE) {
        expect((await aws.failures('InUse')).join('\n')).toContain('disassociateResourcesOnDelete');
      }
    });

    test('is released and deleted when disassociateResourcesOnDelete is set', async () => {
      const settings = { removalPolicy: RemovalPolicy.DESTROY, disassociateResourcesOnDelete: true };
      await aws.deploy('Released', (stack) => void license(stack, { ...settings, licenseConfigurationName: 'released' }));
      await aws.deploy('InUse', (stack) => void license(stack, settings));

      expect(await aws.destroy('InUse')).toMatchObject({ succeeded: true });
      expect(await aws.onlyLicense()).toMatchObject({ Name: 'released' });
      await associate();
      expect(await aws.destroy('Released')).toMatchObject({ succeeded: true });
      expect(await aws.licenseCount()).toBe(0);
    });
  });

  test('is kept when its removal policy says so', async () => {
    await aws.deploy('Kept', (stack) => void license(stack, { removalPolicy: RemovalPolicy.RETAIN }));

    expect(await aws.destroy('Kept')).toMatchObject({ succeeded: true });

    const kept = await aws.onlyLicense();
    expect(kept).toMatchObject({ Name: 'windows-server' });
    await aws.licenseManager.send(new UpdateLicenseConfigurationCommand({ LicenseConfigurationArn: kept.LicenseConfigurationArn, Name: 'kept' }));
  });
});
