import { type App, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { useDeployment } from './deployment';
import { contextOfNewApp, withApp } from './several-stacks';
import { LicenseConfiguration, LicenseConfigurationAssociation, LicenseCounting, LicensedResource, mixins, Provisioning } from '../../src';

const IMAGE = 'ami-0abcdef1234567890';
const IMAGE_ARN = `arn:aws:ec2:us-east-1::image/${IMAGE}`;

const aws = useDeployment();
let context: Record<string, unknown>;

beforeAll(async () => {
  context = await contextOfNewApp(aws);
  await aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }] });
});

/** An app in which one stack has the licenses, and another one what uses the last of them. */
type Make = (stack: Stack, license: (id: string, minimumVcpus: number) => LicenseConfiguration) => LicenseConfiguration;
const app = (provisioning: Provisioning, make: Make) =>
  (scope: App, props: StackProps) => {
    const licenses = new Stack(scope, 'Licenses', props);
    const license = make(licenses, (id, minimumVcpus) => new LicenseConfiguration(licenses, id, {
      licenseConfigurationName: id, licenseCounting: LicenseCounting.vcpus({ minimumVcpus }), provisioning,
    }));
    const users = new Stack(scope, 'Users', props);
    new LicenseConfigurationAssociation(users, 'Image', {
      licenseConfiguration: license, resource: LicensedResource.fromMachineImageId(IMAGE),
    });
    new CfnInstance(users, 'Instance', { imageId: 'ami-1abcdef1234567890', instanceType: 'm5.large' }).with(new mixins.InstanceLicenses([license]));
  };

const instances = () => aws.physicalIds('Users', 'AWS::EC2::Instance');

const deploy = (define: (scope: App, props: StackProps) => void) =>
  withApp(aws, ['deploy', '--all', '--require-approval', 'never', '--progress', 'events'], { context }, define);

const licensesByName = async () => Object.fromEntries(await Promise.all((await aws.licenses()).map(async (arn) =>
  [(await aws.license(arn)).Name, arn])));

describe.each([Provisioning.NATIVE, Provisioning.CUSTOM_RESOURCE])('a license that another stack uses, with all that cdk init writes (%s)', (provisioning) => {
  test('is not replaced behind the back of that stack; a second license beside it takes its place', async () => {
    expect(await deploy(app(provisioning, (_, license) => license('First', 1)))).toMatchObject({ succeeded: true });
    const { First: first } = await licensesByName();
    const running = await instances();
    expect(running).toHaveLength(1);
    const users = [expect.stringContaining(running[0]), IMAGE_ARN].sort();
    expect(await aws.associations(first)).toHaveLength(2);

    // A rule changes, which replaces the license.
    const refused = await deploy(app(provisioning, (_, license) => license('First', 2)));

    expect(refused.succeeded).toBe(false);
    expect(refused.output).toMatch(/Export .* as it is in use by Users/);
    expect(await licensesByName()).toEqual({ First: first });
    expect(await aws.associations(first)).toEqual(expect.arrayContaining(users));
    expect(await instances()).toEqual(running);

    // The documented way: first a license beside it, which everybody moves to, while the old one is still exported.
    const moved = await deploy(app(provisioning, (stack, license) => {
      stack.exportValue(license('First', 1).licenseConfigurationArn);
      return license('Second', 2);
    }));

    expect(moved).toMatchObject({ succeeded: true });
    const { First, Second: second } = await licensesByName();
    expect(First).toBe(first);
    expect(await aws.associations(second)).toContain(IMAGE_ARN);
    expect(await aws.associations(second)).toHaveLength(2);
    expect(await aws.associations(first)).not.toContain(IMAGE_ARN);

    // Then the old one goes, when nothing of it is left: License Manager lets go of an instance a while after it was terminated.
    await aws.localAws.seed({ housekeeping: true });
    const done = await deploy(app(provisioning, (_, license) => license('Second', 2)));

    expect(done).toMatchObject({ succeeded: true });
    expect(await licensesByName()).toEqual({ Second: second });
    expect(await aws.associations(second)).toHaveLength(2);

    for (const name of ['Users', 'Licenses']) {
      expect(await withApp(aws, ['destroy', name, '--force'], { context }, app(provisioning, (_, license) => license('Second', 2))))
        .toMatchObject({ succeeded: true });
      await aws.localAws.seed({ housekeeping: true });
    }
  });
});
