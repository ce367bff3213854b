/*
 * What the guides tell people to do step by step.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateLicenseConfigurationCommand, UpdateLicenseSpecificationsForResourceCommand } from '@aws-sdk/client-license-manager';
import { CfnWaitConditionHandle, CliCredentialsStackSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { useDeployment } from './deployment';
import { LicenseConfiguration, LicenseConfigurationAssociation, LicenseCounting, LicensedResource } from '../../src';

const IMAGE = 'ami-0abcdef1234567890';
const IMAGE_ARN = `arn:aws:ec2:us-east-1::image/${IMAGE}`;

const aws = useDeployment();
beforeAll(() => aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }] }));

test('a license that somebody has made by hand is taken in, and with it the association that it has, without a call that writes', async () => {
  const { LicenseConfigurationArn: arn } = await aws.licenseManager.send(new CreateLicenseConfigurationCommand({
    Name: 'database', LicenseCountingType: 'vCPU', LicenseCount: 64,
  }));
  await aws.licenseManager.send(new UpdateLicenseSpecificationsForResourceCommand({
    ResourceArn: IMAGE_ARN, AddLicenseSpecifications: [{ LicenseConfigurationArn: arn! }],
  }));
  const before = await aws.license(arn!);
  await aws.localAws.clearCalls();
  const license = (stack: Stack) => new LicenseConfiguration(stack, 'Database', {
    licenseConfigurationName: 'database', licenseCounting: LicenseCounting.vcpus(), licenseCount: 64,
  });

  const mapping = join(aws.folder, 'license.json');
  writeFileSync(mapping, JSON.stringify({ DatabaseB269D8BB: { LicenseConfigurationArn: arn } }));
  const app = aws.synthesize('Adopting', license);
  expect(await aws.cdk(['import', 'Adopting', '--app', app, '--force', '--resource-mapping', mapping])).toMatchObject({ succeeded: true });

  const more = (stack: Stack) => {
    const it = license(stack);
    it.addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90 });
    it.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
  };
  expect(await aws.deploy('Adopting', more)).toMatchObject({ succeeded: true });

  expect(await aws.licenseOf('Adopting')).toEqual(before);
  expect(await aws.associations(arn!)).toEqual([IMAGE_ARN]);
  expect(await aws.writes()).toEqual([]);

  expect(await aws.destroy('Adopting')).toMatchObject({ succeeded: true });
  expect(await aws.licenses()).toEqual([]);
});

describe('a license that another stack uses', () => {
  const FIRST = LicenseCounting.vcpus();
  const SECOND = LicenseCounting.vcpus({ minimumVcpus: 2 });

  /** A stack with licenses beside the stack with an association. */
  const withLicenses = (define: (licenses: Stack) => LicenseConfiguration) => (images: Stack) => {
    const licenses = new Stack(images.node.root as any, 'Licenses', {
      env: { account: images.account, region: images.region }, synthesizer: new CliCredentialsStackSynthesizer(),
    });
    new LicenseConfigurationAssociation(images, 'Image', {
      licenseConfiguration: define(licenses), resource: LicensedResource.fromMachineImageId(IMAGE),
    });
  };
  const make = (licenses: Stack, id: string, licenseCounting: LicenseCounting) =>
    new LicenseConfiguration(licenses, id, { licenseConfigurationName: id, licenseCounting });
  const deploy = (define: (licenses: Stack) => LicenseConfiguration) => aws.deploy('Images', withLicenses(define));

  test('is not replaced, and makes room for a second license in two steps', async () => {
    expect(await deploy((licenses) => make(licenses, 'First', FIRST))).toMatchObject({ succeeded: true });
    const { LicenseConfigurationArn: first } = await aws.onlyLicense();
    const unchanged = async () => {
      expect(await aws.licenses()).toEqual([first]);
      expect(await aws.associations(first!)).toEqual([IMAGE_ARN]);
    };
    await unchanged();

    const replaced = await deploy((licenses) => make(licenses, 'First', SECOND));
    expect(replaced.succeeded).toBe(false);
    expect(replaced.output).toMatch(/in use by Images/);
    await unchanged();

    // Without its export, the first license goes before the other stack has let go of it.
    const dropped = await deploy((licenses) => {
      make(licenses, 'First', FIRST);
      return make(licenses, 'Second', SECOND);
    });
    expect(dropped.succeeded).toBe(false);
    expect(dropped.output).toMatch(/in use by Images/);
    await unchanged();

    // 1. A second license beside the first.
    expect(await deploy((licenses) => {
      licenses.exportValue(make(licenses, 'First', FIRST).licenseConfigurationArn);
      return make(licenses, 'Second', SECOND);
    })).toMatchObject({ succeeded: true });
    const second = (await aws.licenses()).find((arn) => arn !== first)!;
    expect(await aws.associations(first!)).toEqual([]);
    expect(await aws.associations(second)).toEqual([IMAGE_ARN]);

    // 2. The first one goes.
    expect(await deploy((licenses) => make(licenses, 'Second', SECOND))).toMatchObject({ succeeded: true });
    expect(await aws.licenses()).toEqual([second]);
    expect(await aws.associations(second)).toEqual([IMAGE_ARN]);
  });
});

test('an association that is kept moves to another stack, and the resource has its license all the time', async () => {
  const { LicenseConfigurationArn: arn } = await aws.licenseManager.send(new CreateLicenseConfigurationCommand({
    Name: 'moving', LicenseCountingType: 'vCPU',
  }));
  const associate = (stack: Stack) => new LicenseConfigurationAssociation(stack, 'Image', {
    licenseConfiguration: LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', arn!),
    resource: LicensedResource.fromMachineImageId(IMAGE),
  });
  const nothingOfOurs = (stack: Stack) => void new CfnWaitConditionHandle(stack, 'Rest');
  expect(await aws.deploy('From', (stack) => void associate(stack))).toMatchObject({ succeeded: true });
  await aws.localAws.clearCalls();

  expect(await aws.deploy('From', (stack) => associate(stack).applyRemovalPolicy(RemovalPolicy.RETAIN))).toMatchObject({ succeeded: true });
  expect(await aws.deploy('To', (stack) => void associate(stack))).toMatchObject({ succeeded: true });
  expect(await aws.deploy('From', nothingOfOurs)).toMatchObject({ succeeded: true });

  expect(await aws.associations(arn!)).toEqual([IMAGE_ARN]);
  expect(await aws.writes()).toEqual([]);
  // It is the other stack's now.
  expect(await aws.destroy('To')).toMatchObject({ succeeded: true });
  expect(await aws.associations(arn!)).toEqual([]);
});
