import { UpdateLicenseSpecificationsForResourceCommand } from '@aws-sdk/client-license-manager';
import { RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { useDeployment } from './deployment';
import {
  LicenseConfiguration, LicenseConfigurationProps, LicenseConfigurationStatus, LicenseCounting, LicensedResource, LicenseTenancy, Provisioning,
} from '../../src';

const IMAGE = 'ami-0abcdef1234567890';
const IMAGE_ARN = `arn:aws:ec2:us-east-1::image/${IMAGE}`;

const ORIGINAL = LicenseCounting.cores({ minimumCores: 8, maximumCores: 16, allowedTenancy: [LicenseTenancy.DEDICATED_HOST] });
const CHANGED = LicenseCounting.cores({ minimumCores: 4, allowedTenancy: [LicenseTenancy.DEDICATED_HOST] });

/** Both ways of provisioning have to pass the same cases: one file for each, so that they run side by side. */
export function describeLicenseConfiguration(provisioning: Provisioning): void {
  const aws = useDeployment();

  const fresh = async () => {
    await aws.localAws.reset();
    await aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }] });
  };
  const license = (stack: Stack, props: Partial<LicenseConfigurationProps> = {}) => new LicenseConfiguration(stack, 'License', {
    provisioning,
    licenseConfigurationName: 'windows-server',
    description: 'Cores of the enterprise agreement',
    licenseCounting: ORIGINAL,
    licenseCount: 96,
    licenseCountHardLimit: true,
    ...props,
  });
  const withAssociation = (stack: Stack, props: Partial<LicenseConfigurationProps> = {}) => {
    const it = license(stack, props);
    it.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
    return it;
  };

  describe(`the life of a self-managed license, provisioned as ${provisioning}:`, () => {
    beforeAll(fresh);

    test('it is deployed as declared, with its tags and its association', async () => {
      const result = await aws.deploy('LifeCycle', (stack) => {
        Tags.of(withAssociation(stack)).add('cost-center', '4711');
      });

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
      expect(deployed.Tags).toContainEqual({ Key: 'cost-center', Value: '4711' });
      expect(await aws.associations(deployed.LicenseConfigurationArn!)).toEqual([IMAGE_ARN]);
    });

    test('it is changed in place: the name, the description, the count and the tags', async () => {
      const before = await aws.licenseOf('LifeCycle');
      await aws.localAws.clearCalls();

      const result = await aws.deploy('LifeCycle', (stack) => {
        Tags.of(withAssociation(stack, {
          licenseConfigurationName: 'windows-server-2025', description: 'Renewed', licenseCount: 128,
        })).add('owner', 'platform');
      });

      expect(result).toMatchObject({ succeeded: true });
      const after = await aws.licenseOf('LifeCycle');
      expect(after).toMatchObject({
        LicenseConfigurationArn: before.LicenseConfigurationArn, Name: 'windows-server-2025', Description: 'Renewed', LicenseCount: 128,
      });
      expect(after.Tags).toContainEqual({ Key: 'owner', Value: 'platform' });
      expect(after.Tags!.map(({ Key }) => Key)).not.toContain('cost-center');
      // The association has no part in it.
      expect(await aws.writes()).not.toContain('UpdateLicenseSpecificationsForResource');
    });

    test('it is replaced when its rules change, and its association moves before the old license goes', async () => {
      const before = await aws.licenseOf('LifeCycle');
      await aws.localAws.clearCalls();

      const result = await aws.deploy('LifeCycle', (stack) => void withAssociation(stack, { licenseCounting: CHANGED }));

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

    test('it is left as it was by an update that License Manager refuses', async () => {
      await aws.deploy('LifeCycle', (stack) => void withAssociation(stack, { licenseCounting: CHANGED }));
      const before = await aws.licenseOf('LifeCycle');

      const result = await aws.deploy('LifeCycle', (stack) => {
        const it = license(stack, { licenseCounting: CHANGED, licenseCount: 500 });
        it.addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-00000000000000bad') });
      });

      expect(result.succeeded).toBe(false);
      expect(result.output).toContain('ami-00000000000000bad');
      expect(await aws.stackStatus('LifeCycle')).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect((await aws.failures('LifeCycle')).join('\n')).toContain('ami-00000000000000bad');
      expect(await aws.licenseOf('LifeCycle')).toEqual(before);
      expect(await aws.associations(before.LicenseConfigurationArn!)).toEqual([IMAGE_ARN]);
    });

    test('it loses its association, and stays', async () => {
      const result = await aws.deploy('LifeCycle', (stack) => void license(stack, { licenseCounting: CHANGED }));

      expect(result).toMatchObject({ succeeded: true });
      const { LicenseConfigurationArn } = await aws.licenseOf('LifeCycle');
      expect(await aws.associations(LicenseConfigurationArn!)).toEqual([]);
    });

    test('it is deactivated and reactivated, and keeps its status when nobody sets it any longer', async () => {
      const { AVAILABLE, DISABLED } = LicenseConfigurationStatus;
      for (const status of [DISABLED, AVAILABLE, DISABLED, undefined]) {
        const result = await aws.deploy('LifeCycle', (stack) => void license(stack, { licenseCounting: CHANGED, status }));

        expect(result).toMatchObject({ succeeded: true });
        expect(await aws.licenseOf('LifeCycle')).toMatchObject({ Status: status ?? DISABLED });
      }
    });

    test('it goes with its stack', async () => {
      expect(await aws.destroy('LifeCycle')).toMatchObject({ succeeded: true });

      expect(await aws.licenses()).toEqual([]);
      expect(await aws.stackStatus('LifeCycle')).toBeUndefined();
    });
  });

  describe(`the end of a self-managed license, provisioned as ${provisioning}:`, () => {
    beforeEach(fresh);

    const associate = async (arn: string) => aws.licenseManager.send(new UpdateLicenseSpecificationsForResourceCommand({
      ResourceArn: IMAGE_ARN, AddLicenseSpecifications: [{ LicenseConfigurationArn: arn }],
    }));

    test('with an association that the stack knows nothing of it is not deleted, and the failure tells the way out', async () => {
      await aws.deploy('InUse', (stack) => void license(stack, { removalPolicy: RemovalPolicy.DESTROY }));
      const { LicenseConfigurationArn: arn } = await aws.licenseOf('InUse');
      await associate(arn!);

      expect(await aws.destroy('InUse')).toMatchObject({ succeeded: false });

      expect(await aws.stackStatus('InUse')).toBe('DELETE_FAILED');
      expect(await aws.associations(arn!)).toEqual([IMAGE_ARN]);
      if (provisioning === Provisioning.CUSTOM_RESOURCE) {
        expect((await aws.failures('InUse')).join('\n')).toContain(`remove the associations with ${IMAGE_ARN}, or set disassociateResourcesOnDelete: true`);
      }
    });

    test('with disassociateResourcesOnDelete it is released and deleted, also when that was set afterwards', async () => {
      const settings = { removalPolicy: RemovalPolicy.DESTROY, disassociateResourcesOnDelete: true };
      await aws.deploy('Released', (stack) => void license(stack));
      const { LicenseConfigurationArn: arn } = await aws.licenseOf('Released');
      await associate(arn!);

      expect(await aws.deploy('Released', (stack) => void license(stack, settings))).toMatchObject({ succeeded: true });
      // Nothing is released before the license goes.
      expect(await aws.associations(arn!)).toEqual([IMAGE_ARN]);
      expect(await aws.destroy('Released')).toMatchObject({ succeeded: true });

      expect(await aws.licenses()).toEqual([]);
      expect(await aws.stackStatus('Released')).toBeUndefined();
    });

    test('it is kept when its removal policy says so', async () => {
      await aws.deploy('Kept', (stack) => void license(stack, { removalPolicy: RemovalPolicy.RETAIN }));
      await aws.localAws.clearCalls();

      expect(await aws.destroy('Kept')).toMatchObject({ succeeded: true });

      expect(await aws.stackStatus('Kept')).toBeUndefined();
      expect(await aws.onlyLicense()).toMatchObject({ Name: 'windows-server' });
      expect(await aws.writes()).toEqual([]);
    });
  });
}
