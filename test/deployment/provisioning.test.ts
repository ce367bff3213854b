import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Deployment, useDeployment } from './deployment';
import {
  ILicenseConfiguration, LicenseConfiguration, LicenseConfigurationProps, LicenseCounting, LicensedResource, Provisioning, ProvisioningInjector,
} from '../../src';

const IMAGE = 'ami-0abcdef1234567890';
const IMAGE_ARN = `arn:aws:ec2:us-east-1::image/${IMAGE}`;

const aws = useDeployment();

describe('a Region that the CloudFormation type has not reached', () => {
  let far: Deployment;

  beforeAll(async () => {
    far = await aws.in({ region: 'eu-west-1' });
  });

  const license = (stack: Stack) => void new LicenseConfiguration(stack, 'License', {
    licenseConfigurationName: 'database', licenseCounting: LicenseCounting.vcpus(), licenseCount: 64,
  });

  test('refuses the native type', async () => {
    // aws-cdk-lib says so before anything is deployed; whoever does not believe it is told by CloudFormation.
    expect(() => far.synthesize('Native', license)).toThrow("Resource type 'AWS::LicenseManager::LicenseConfiguration' does not exist in 'eu-west-1'");
    const result = await far.deploy('Native', (stack) => {
      license(stack);
      Validations.of(stack).acknowledge({ id: 'CloudFormation-Validate::F3006', reason: 'CloudFormation is to be asked.' });
    });

    expect(result.succeeded).toBe(false);
    expect(result.output).toContain('Unrecognized resource types: [AWS::LicenseManager::LicenseConfiguration]');
    expect(await far.licenses()).toEqual([]);
  });

  test('takes the licenses of an app that is set to custom resources in one place', async () => {
    const prepare = (app: App) => ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);

    expect(await far.deploy('Injected', license, { prepare })).toMatchObject({ succeeded: true });

    expect(await far.licenseOf('Injected')).toMatchObject({ Name: 'database', LicenseCountingType: 'vCPU', LicenseCount: 64 });
    expect(await aws.licenses()).toEqual([]);

    expect(await far.destroy('Injected')).toMatchObject({ succeeded: true });
    expect(await far.licenses()).toEqual([]);
  });
});

describe('the move from a custom resource to the native type', () => {
  const license = (stack: Stack, props: Partial<LicenseConfigurationProps>) => new LicenseConfiguration(stack, 'Database', {
    licenseConfigurationName: 'database', licenseCounting: LicenseCounting.vcpus(), licenseCount: 64, ...props,
  });
  const use = (it: ILicenseConfiguration) => {
    it.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
    it.addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90 });
  };

  test('goes as documented: the license keeps its ARN and its association, and nobody writes to License Manager', async () => {
    await aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }] });
    const custom = await aws.deploy('Moving', (stack) => use(license(stack, { provisioning: Provisioning.CUSTOM_RESOURCE })));
    expect(custom).toMatchObject({ succeeded: true });
    const before = await aws.onlyLicense();
    const arn = before.LicenseConfigurationArn!;
    await aws.localAws.clearCalls();
    const unchanged = async () => {
      expect(await aws.writes()).toEqual([]);
      expect(await aws.onlyLicense()).toEqual(before);
      expect(await aws.associations(arn)).toEqual([IMAGE_ARN]);
    };

    // Switched at once it is refused.
    const native = (stack: Stack) => use(license(stack, { provisioning: Provisioning.NATIVE }));
    expect(await aws.deploy('Moving', native)).toMatchObject({ succeeded: false });
    await unchanged();

    // 1. Keep it.
    const retained = await aws.deploy('Moving', (stack) => use(license(stack, {
      provisioning: Provisioning.CUSTOM_RESOURCE, removalPolicy: RemovalPolicy.RETAIN,
    })));
    expect(retained).toMatchObject({ succeeded: true });
    await unchanged();

    // 2. Let go of it.
    const released = await aws.deploy('Moving', (stack) => use(LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'Database', {
      licenseConfigurationArn: arn, licenseCounting: LicenseCounting.vcpus(),
    })));
    expect(released).toMatchObject({ succeeded: true });
    expect(await aws.physicalIds('Moving', 'Custom::LicenseManagerLicenseConfiguration')).toEqual([]);
    await unchanged();

    // 3. Take it in.
    const app = aws.synthesize('Moving', native);
    const mapping = join(aws.folder, 'mapping.json');
    writeFileSync(mapping, JSON.stringify({ DatabaseB269D8BB: { LicenseConfigurationArn: arn } }));
    const taken = await aws.cdk(['import', 'Moving', '--app', app, '--force', '--resource-mapping', mapping]);
    expect(taken).toMatchObject({ succeeded: true });
    expect(await aws.physicalIds('Moving', 'AWS::LicenseManager::LicenseConfiguration')).toEqual([arn]);
    await unchanged();

    // 4. Use it.
    const used = await aws.deploy('Moving', native);
    expect(used).toMatchObject({ succeeded: true });
    await unchanged();
    // From now on the stack changes the license, and deletes it.
    const changed = await aws.deploy('Moving', (stack) => use(license(stack, { provisioning: Provisioning.NATIVE, licenseCount: 65 })));
    expect(changed).toMatchObject({ succeeded: true });
    expect(await aws.onlyLicense()).toMatchObject({ LicenseConfigurationArn: arn, LicenseCount: 65 });
    expect(await aws.destroy('Moving')).toMatchObject({ succeeded: true });
    expect(await aws.licenses()).toEqual([]);
  });
});
