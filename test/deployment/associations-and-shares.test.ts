import { CreateLicenseConfigurationCommand, LicenseManagerClient, ListLicenseConfigurationsCommand } from '@aws-sdk/client-license-manager';
import { GetResourceShareAssociationsCommand, GetResourceSharesCommand, RAMClient } from '@aws-sdk/client-ram';
import { CfnOutput, Fn, Stack, Validations } from 'aws-cdk-lib';
import { CfnHost, CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { useDeployment } from './deployment';
import { LicenseConfiguration, LicenseCounting, LicensedResource, LicenseShare, LicenseShareProps, mixins, SharePrincipal } from '../../src';

const ACCOUNT = '111122223333';
const IMAGE = 'ami-0abcdef1234567890';
const IMAGE_ARN = `arn:aws:ec2:us-east-1::image/${IMAGE}`;
const instanceArn = (id: string) => `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/${id}`;
const hostArn = (id: string) => `arn:aws:ec2:us-east-1:${ACCOUNT}:dedicated-host/${id}`;

const aws = useDeployment();

beforeEach(async () => {
  await aws.localAws.reset();
  await aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }] });
});

describe('associations', () => {
  test('are made with an AMI, an instance and a Dedicated Host of one stack, beside a license that the instance was launched with', async () => {
    const define = (stack: Stack) => {
      const launched = new LicenseConfiguration(stack, 'Launched', { licenseCounting: LicenseCounting.instances() });
      const associated = new LicenseConfiguration(stack, 'Associated', { licenseCounting: LicenseCounting.vcpus() });
      const instance = new CfnInstance(stack, 'Instance', { imageId: IMAGE, instanceType: 'm5.large' }).with(new mixins.InstanceLicenses([launched]));
      Validations.of(instance).acknowledge({ id: 'CloudFormation-Validate::W9010', reason: 'It is an AMI that exists nowhere else.' });
      const host = new CfnHost(stack, 'Host', { availabilityZone: Fn.select(0, Fn.getAzs()), instanceType: 'm5.large' });
      associated.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
      associated.addAssociation('Instance', { resource: LicensedResource.fromInstance(instance as CfnInstance) });
      associated.addAssociation('Host', { resource: LicensedResource.fromHost(host) });
      for (const [name, value] of Object.entries({
        LaunchedArn: launched.licenseConfigurationArn,
        AssociatedArn: associated.licenseConfigurationArn,
        InstanceId: (instance as CfnInstance).ref,
        HostId: host.ref,
      })) {
        new CfnOutput(stack, name, { value });
      }
    };

    const result = await aws.deploy('Kinds', define);

    expect(result).toMatchObject({ succeeded: true });
    const { LaunchedArn, AssociatedArn, InstanceId, HostId } = await aws.outputs('Kinds');
    expect(await aws.associations(LaunchedArn)).toEqual([instanceArn(InstanceId)]);
    expect(await aws.associations(AssociatedArn)).toEqual([IMAGE_ARN, hostArn(HostId), instanceArn(InstanceId)].sort());

    // The image and the instance go before the stack does, and License Manager has noticed.
    await aws.localAws.seed({
      resources: [{ arn: IMAGE_ARN, state: 'deregistered' }, { arn: instanceArn(InstanceId), state: 'terminated' }], housekeeping: true,
    });
    await aws.localAws.clearCalls();

    expect(await aws.destroy('Kinds')).toMatchObject({ succeeded: true });

    expect(await aws.stackStatus('Kinds')).toBeUndefined();
    expect(await aws.licenses()).toEqual([]);
    // Only the host had still something to lose.
    expect((await aws.localAws.calls({ operation: 'UpdateLicenseSpecificationsForResource' })).map(({ parameters }) => parameters)).toEqual([
      { ResourceArn: hostArn(HostId), RemoveLicenseSpecifications: [{ LicenseConfigurationArn: AssociatedArn }] },
    ]);
  });

  test('go with their stack when their resources went before, though License Manager has not noticed yet', async () => {
    const { LicenseConfigurationArn: arn } = await aws.licenseManager.send(new CreateLicenseConfigurationCommand({
      Name: 'of somebody else', LicenseCountingType: 'vCPU',
    }));
    const gone = [
      { arn: IMAGE_ARN, state: 'deregistered' },
      { arn: instanceArn('i-0abcdef1234567890'), state: 'terminated' },
      { arn: hostArn('h-0abcdef1234567890'), state: 'released' },
    ];
    await aws.localAws.seed({ resources: gone.map((resource) => ({ arn: resource.arn })) });
    const result = await aws.deploy('Gone', (stack) => {
      const license = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', arn!);
      license.addAssociation('Image', { resource: LicensedResource.fromMachineImageArn(gone[0].arn) });
      license.addAssociation('Instance', { resource: LicensedResource.fromInstanceArn(gone[1].arn) });
      license.addAssociation('Host', { resource: LicensedResource.fromHostArn(gone[2].arn) });
    });
    expect(result).toMatchObject({ succeeded: true });
    expect(await aws.associations(arn!)).toHaveLength(3);
    await aws.localAws.seed({ resources: gone });

    expect(await aws.destroy('Gone')).toMatchObject({ succeeded: true });

    expect(await aws.stackStatus('Gone')).toBeUndefined();
    expect(await aws.onlyLicense()).toMatchObject({ LicenseConfigurationArn: arn });
  });
});

describe('a share', () => {
  const ram = () => new RAMClient(aws.localAws.clientConfig);
  const ORGANIZATION = `arn:aws:organizations::${ACCOUNT}:organization/o-exampleorgid`;
  const MEMBER = '444455556666';
  const STRANGER = '777788889999';

  const share = (props: Pick<LicenseShareProps, 'principals'>) => (stack: Stack) => {
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
    new LicenseShare(stack, 'Share', { licenseConfigurations: [license], licenseShareName: 'licenses', ...props });
  };
  const shares = async () => (await ram().send(new GetResourceSharesCommand({ resourceOwner: 'SELF', resourceShareStatus: 'ACTIVE' }))).resourceShares!;
  const associated = async (associationType: 'PRINCIPAL' | 'RESOURCE') => {
    const { resourceShareAssociations } = await ram().send(new GetResourceShareAssociationsCommand({ associationType }));
    return resourceShareAssociations!.map(({ associatedEntity }) => associatedEntity).sort();
  };
  const seenBy = async (account: string) => {
    const client = new LicenseManagerClient(aws.localAws.as(account).clientConfig);
    return (await client.send(new ListLicenseConfigurationsCommand({}))).LicenseConfigurations!.map((it) => it.LicenseConfigurationArn);
  };

  test('is visible in AWS RAM, reaches a member, changes its principals in place, and ends with its stack', async () => {
    await aws.localAws.seed({ settings: { sharingWithOrganization: true, organizationAccounts: [ACCOUNT, MEMBER] } });

    expect(await aws.deploy('Shared', share({ principals: [SharePrincipal.fromOrganizationArn(ORGANIZATION)] }))).toMatchObject({ succeeded: true });

    const license = await aws.licenseOf('Shared');
    const [{ resourceShareArn }, ...others] = await shares();
    expect(others).toEqual([]);
    expect((await shares())[0]).toMatchObject({ name: 'licenses', allowExternalPrincipals: false, status: 'ACTIVE' });
    expect(await associated('PRINCIPAL')).toEqual([ORGANIZATION]);
    expect(await associated('RESOURCE')).toEqual([license.LicenseConfigurationArn]);
    expect(await seenBy(MEMBER)).toEqual([license.LicenseConfigurationArn]);
    expect(await seenBy(STRANGER)).toEqual([]);

    expect(await aws.deploy('Shared', share({ principals: [SharePrincipal.fromAccountId(MEMBER)] }))).toMatchObject({ succeeded: true });

    expect(await associated('PRINCIPAL')).toEqual([MEMBER]);
    expect(await seenBy(MEMBER)).toEqual([license.LicenseConfigurationArn]);
    expect((await shares()).map((it) => it.resourceShareArn)).toEqual([resourceShareArn]);

    expect(await aws.destroy('Shared')).toMatchObject({ succeeded: true });
    expect(await shares()).toEqual([]);
    expect(await aws.licenses()).toEqual([]);
  });

  test('fails with AWS RAM\'s own text when sharing with the organization is not enabled, and leaves nothing', async () => {
    const result = await aws.deploy('NotEnabled', share({ principals: [SharePrincipal.fromOrganizationArn(ORGANIZATION)] }));

    expect(result.succeeded).toBe(false);
    // What the documentation of LicenseShare quotes.
    const reason = 'The resource you are attempting to share can only be shared within your AWS Organization. This error may also occur if you have ' +
      'not enabled sharing with your AWS organization, or that onboarding process is still in progress.';
    expect(result.output).toContain(reason);
    expect((await aws.failures('NotEnabled'))[0]).toContain(reason);
    expect(await aws.stackStatus('NotEnabled')).toBe('ROLLBACK_COMPLETE');
    expect(await shares()).toEqual([]);
    expect(await aws.licenses()).toEqual([]);
  });
});
