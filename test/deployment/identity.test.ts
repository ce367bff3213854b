/*
 * What is known by what it is stays, however constructs are moved about: CloudFormation deletes an old logical id after it has made a new one. The
 * logical ids are made of what is named, and where that is named in other words, a delete looks for another resource that is the same.
 */
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { Aws, CfnParameter, CfnResource, Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { useDeployment } from './deployment';
import { LicenseConfiguration, LicenseConfigurationStatus, LicenseCounting, LicensedResource } from '../../src';

const [A, B, C] = ['a', 'b', 'c'].map(letter => `ami-0000000000000000${letter}`);
const arnOf = (image: string) => `arn:aws:ec2:us-east-1::image/${image}`;

const aws = useDeployment();

beforeEach(async () => {
  await aws.localAws.reset();
  await aws.localAws.seed({ resources: [A, B, C].map(image => ({ arn: arnOf(image) })) });
});

/** A license whose name does not follow from where it is. */
function license(scope: Construct, name = 'windows'): LicenseConfiguration {
  return new LicenseConfiguration(scope, name, {
    licenseConfigurationName: name,
    licenseCounting: LicenseCounting.vcpus(),
    status: LicenseConfigurationStatus.AVAILABLE,
    disassociateResourcesOnDelete: true,
  });
}

interface Declaration {
  readonly images: string[];
  /** The ids of the associations. */
  readonly id?: (index: number) => string;
  /** What names an image. */
  readonly resource?: (image: string, stack: Stack) => LicensedResource;
  /** Where the license is. */
  readonly scope?: (stack: Stack) => Construct;
  /** The environment of the stack; nothing leaves it to the deployment. */
  readonly env?: StackProps['env'];
}

/** Adds an association for each image of a list, as users do it. */
function deploy({ images, id = index => `Image${index}`, resource = LicensedResource.fromMachineImageId, scope = stack => stack, ...more }: Declaration) {
  return aws.deploy('Identity', (stack) => {
    const it = license(scope(stack));
    (it.node.defaultChild as CfnResource).overrideLogicalId('License');
    images.forEach((image, index) => it.addAssociation(id(index), { resource: resource(image, stack) }));
  }, { make: (app, stackName, props) => new Stack(app, stackName, { ...props, ...more }) });
}

/** The logical ids of the associations. */
async function associationIds(): Promise<string[]> {
  const { StackResources = [] } = await aws.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: 'Identity' }));
  return StackResources.filter(({ ResourceType }) => ResourceType === 'Custom::LicenseManagerLicenseConfigurationAssociation')
    .map(({ LogicalResourceId }) => LogicalResourceId!).sort();
}

/** What was changed since it was asked last: what an image got, and what it lost. */
async function changes(): Promise<string[]> {
  const writes = await aws.writes();
  const calls = await aws.localAws.calls({ operation: 'UpdateLicenseSpecificationsForResource' });
  await aws.localAws.clearCalls();
  expect(writes.filter(write => write !== 'UpdateLicenseSpecificationsForResource')).toEqual([]);
  return calls.map(({ parameters: { ResourceArn, RemoveLicenseSpecifications } }) =>
    `${RemoveLicenseSpecifications === undefined ? '+' : '-'}${ResourceArn.split('/')[1]}`);
}

test('the associations of a list are those that are declared, however the list, the ids, the license and the stack change', async () => {
  expect(await deploy({ images: [A, B] })).toMatchObject({ succeeded: true });
  const { LicenseConfigurationArn: arn } = await aws.onlyLicense();
  expect(await aws.associations(arn!)).toEqual([A, B].map(arnOf));
  await aws.localAws.clearCalls();
  const associationsAfter = async (declaration: Declaration) => {
    expect(await deploy(declaration)).toMatchObject({ succeeded: true });
    expect(await aws.stackStatus('Identity')).toBe('UPDATE_COMPLETE');
    return aws.associations(arn!);
  };

  // One more at the beginning: those behind it have other ids.
  expect(await associationsAfter({ images: [C, A, B] })).toEqual([A, B, C].map(arnOf));
  expect(await changes()).toEqual([`+${C}`]);
  // One less, and the others the other way round.
  expect(await associationsAfter({ images: [B, A] })).toEqual([A, B].map(arnOf));
  expect(await changes()).toEqual([`-${C}`]);
  const ids = await associationIds();
  // Renamed.
  const declared: Declaration = { images: [B, A], id: index => `Golden${index}` };
  expect(await associationsAfter(declared)).toEqual([A, B].map(arnOf));
  expect(await changes()).toEqual([]);
  // Moved, with the license.
  const moved: Declaration = { ...declared, scope: stack => new Construct(new Construct(stack, 'Team'), 'Licenses') };
  expect(await associationsAfter(moved)).toEqual([A, B].map(arnOf));
  expect(await changes()).toEqual([]);
  // In a stack that does not say where it is, with the images named by their ARNs, and back.
  const agnostic: Declaration = { ...moved, env: undefined };
  expect(await associationsAfter(agnostic)).toEqual([A, B].map(arnOf));
  const byArn = (image: string) => LicensedResource.fromMachineImageArn(`arn:${Aws.PARTITION}:ec2:${Aws.REGION}::image/${image}`);
  expect(await associationsAfter({ ...agnostic, resource: byArn })).toEqual([A, B].map(arnOf));
  expect(await associationsAfter(moved)).toEqual([A, B].map(arnOf));
  expect(await changes()).toEqual([]);
  expect(await associationIds()).toEqual(ids);
  // With an image that a template is told at deployment, and written out again: other logical ids for the same.
  const byParameter = (image: string, stack: Stack) =>
    LicensedResource.fromMachineImageId(new CfnParameter(stack, `Parameter${image.slice(-1)}`, { default: image }).valueAsString);
  expect(await associationsAfter({ ...moved, resource: byParameter })).toEqual([A, B].map(arnOf));
  expect(await associationIds()).not.toEqual(ids);
  expect(await associationsAfter(moved)).toEqual([A, B].map(arnOf));
  expect(await associationIds()).toEqual(ids);
  expect(await changes()).toEqual([]);

  expect(await aws.destroy('Identity')).toMatchObject({ succeeded: true });
  expect(await aws.licenses()).toEqual([]);
});

test('two licenses that change their images in one deployment have them changed', async () => {
  const swap = (...images: string[]) => aws.deploy('Swapped', (stack) => ['first', 'second'].forEach((name, index) =>
    license(stack, name).addAssociation('Image', { resource: LicensedResource.fromMachineImageId(images[index]) })));
  const images = async () => {
    const licenses = await Promise.all((await aws.licenses()).map(arn => aws.license(arn)));
    return Object.fromEntries(await Promise.all(licenses.map(async ({ Name, LicenseConfigurationArn }) =>
      [Name, await aws.associations(LicenseConfigurationArn!)])));
  };

  expect(await swap(A, B)).toMatchObject({ succeeded: true });
  expect(await images()).toEqual({ first: [arnOf(A)], second: [arnOf(B)] });

  expect(await swap(B, A)).toMatchObject({ succeeded: true });
  expect(await images()).toEqual({ first: [arnOf(B)], second: [arnOf(A)] });
});
