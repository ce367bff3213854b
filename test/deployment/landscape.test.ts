/*
 * A landscape of several stages, Regions and accounts, with the flags that `cdk init` writes, a license that was there before, and a second copy of
 * the library. It is deployed, refactored in ten ways and destroyed. After each it is asked what License Manager has, and what was written to it.
 */
import { CreateLicenseConfigurationCommand, UpdateLicenseSpecificationsForResourceCommand } from '@aws-sdk/client-license-manager';
import { type App, Aspects, CfnParameter, CfnResource, RemovalPolicy, Stack, type StackProps, Stage, Tags } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Deployment, useDeployment } from './deployment';
import { contextOfNewApp, withApp } from './several-stacks';
import * as own from '../../src';
import { type Copy, loadCopy } from '../support/copies';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map(letter => `ami-0000000000000000${letter}`);
const MEMBER = '444455556666';

const aws = useDeployment();
let europe: Deployment;
let member: Deployment;
let context: Record<string, unknown>;
/** The license that somebody has made by hand. */
let existing: string;

beforeAll(async () => {
  context = await contextOfNewApp(aws);
  europe = await aws.in({ region: 'eu-west-1' });
  member = await aws.in({ account: MEMBER });
  const images = (region: string) => ({ resources: [A, B, C, D].map(image => ({ arn: `arn:aws:ec2:${region}::image/${image}` })) });
  await aws.localAws.seed(images('us-east-1'));
  await europe.localAws.seed(images('eu-west-1'));
  await member.localAws.seed(images('us-east-1'));
  existing = (await aws.licenseManager.send(new CreateLicenseConfigurationCommand({ Name: 'existing', LicenseCountingType: 'vCPU' }))).LicenseConfigurationArn!;
  await aws.licenseManager.send(new UpdateLicenseSpecificationsForResourceCommand({
    ResourceArn: `arn:aws:ec2:us-east-1::image/${D}`, AddLicenseSpecifications: [{ LicenseConfigurationArn: existing }],
  }));
});

interface Landscape {
  /** The images of the license of each stage, in their order. */
  readonly images: string[];
  /** The ids of the associations. */
  readonly id: (index: number) => string;
  /** How an image is named. */
  readonly resource: (library: Copy, stack: Stack, image: string) => own.LicensedResource;
  /** Where in its stack the license is. */
  readonly scope: (stack: Stack) => Construct;
  /** The copy of the library that the associations are of. */
  readonly library: Copy;
  readonly configure: (stack: Stack) => void;
  readonly description?: string;
  /** What happens to the whole app. */
  readonly app: (app: App) => void;
  /** Which stack has the association of the license that was there before, and whether the stack is about to lose it. */
  readonly existingIn: 'Licenses' | 'Images';
  readonly kept: boolean;
}

const FIRST: Landscape = {
  images: [A, B],
  id: index => `Image${index}`,
  resource: (library, _, image) => library.LicensedResource.fromMachineImageId(image),
  scope: stack => stack,
  library: own,
  configure: () => undefined,
  description: 'Bought in 2026',
  app: () => undefined,
  existingIn: 'Licenses',
  kept: false,
};

/** A stage: a stack of licenses, one of what they are on, and one of another Region. */
function stage(app: App, id: string, props: StackProps, it: Landscape): void {
  const { LicenseConfiguration, LicenseConfigurationStatus, LicenseCounting, Provisioning, ProvisioningInjector } = own;
  const made = new Stage(app, id);
  const licenses = new Stack(made, 'Licenses', props);
  const license = new LicenseConfiguration(it.scope(licenses), 'Windows', {
    licenseConfigurationName: `${id}-windows`,
    description: it.description,
    licenseCounting: LicenseCounting.vcpus({ minimumVcpus: 2 }),
    licenseCount: 100,
    status: LicenseConfigurationStatus.AVAILABLE,
    disassociateResourcesOnDelete: true,
    protectFromReplacement: true,
  });
  (license.node.defaultChild as CfnResource).overrideLogicalId('Windows');

  const images = new Stack(made, 'Images', props);
  it.configure(images);
  it.images.forEach((image, index) => new it.library.LicenseConfigurationAssociation(images, it.id(index), {
    licenseConfiguration: license, resource: it.resource(it.library, images, image),
  }));
  if (id === 'Production') {
    const association = new own.LicenseConfigurationAssociation(it.existingIn === 'Licenses' ? licenses : images, 'Existing', {
      licenseConfiguration: LicenseConfiguration.fromLicenseConfigurationArn(it.existingIn === 'Licenses' ? licenses : images, 'ByHand', existing),
      resource: own.LicensedResource.fromMachineImageId(D),
    });
    if (it.kept) {association.applyRemovalPolicy(RemovalPolicy.RETAIN);}
  }

  const abroad = new Stack(made, 'Europe', { ...props, env: { account: aws.localAws.account, region: 'eu-west-1' } });
  ProvisioningInjector.addTo(abroad, Provisioning.CUSTOM_RESOURCE);
  const there = new LicenseConfiguration(abroad, 'Windows', { licenseConfigurationName: `${id}-europe`, licenseCounting: LicenseCounting.vcpus() });
  it.images.forEach((image, index) => there.addAssociation(it.id(index), { resource: it.resource(own, abroad, image) }));
}

/** What License Manager has, by the name of a license: its images. */
async function found(of: Deployment): Promise<{ [name: string]: string[] }> {
  const entries = await Promise.all((await of.licenses()).map(async arn =>
    [(await of.license(arn)).Name!, (await of.associations(arn)).map(image => image.split('/')[1])] as const));
  return Object.fromEntries(entries.sort());
}

const STAGES = ['Beta', 'Production'];

const run = (command: string[], it: Landscape) => withApp(aws, command, { context }, (app, props) => {
  STAGES.forEach(id => stage(app, id, props, it));
  it.app(app);
});

async function deploy(it: Landscape, ...stacks: string[]): Promise<void> {
  const { succeeded, output } = await run(['deploy', ...stacks.length ? stacks : ['**'], '--require-approval', 'never', '--progress', 'events'], it);
  expect(succeeded ? '' : output).toBe('');
  const images = [...it.images].sort();
  expect(await found(aws)).toEqual({ 'Beta-windows': images, 'existing': [D], 'Production-windows': images });
  expect(await found(europe)).toEqual({ 'Beta-europe': images, 'Production-europe': images });
}

/** What was written to License Manager in any Region since it was asked last. */
async function writes(): Promise<string[]> {
  const calls = await aws.writes();
  await aws.localAws.clearCalls();
  return calls;
}

test('is deployed, refactored in ten ways and destroyed, and nothing is lost', async () => {
  let it = FIRST;
  await deploy(it);
  const arns = [await aws.licenses(), await europe.licenses()];
  await writes();
  const refactor = async (change: Partial<Landscape>, expected: string[] = [], ...stacks: string[]) => {
    it = { ...it, ...change };
    await deploy(it, ...stacks);
    expect(await writes()).toEqual(expected);
    expect([await aws.licenses(), await europe.licenses()]).toEqual(arns);
  };

  // 1. One more at the beginning of a list, in each stage and Region.
  await refactor({ images: [C, A, B] }, Array(4).fill('UpdateLicenseSpecificationsForResource'));
  // 2. The order of the list.
  await refactor({ images: [B, C, A] });
  // 3. The names of the constructs.
  await refactor({ id: index => `Golden${index}` });
  // 4. The place of the license in its stack, whose logical id is kept.
  await refactor({ scope: stack => new Construct(new Construct(stack, 'Team'), 'Licenses') });
  // 5. ARNs instead of ids.
  await refactor({ resource: (library, stack, image) => library.LicensedResource.fromMachineImageArn(`arn:aws:ec2:${stack.region}::image/${image}`) });
  // 6. Parameters, whose values are the same.
  await refactor({
    resource: (library, stack, image) => library.LicensedResource.fromMachineImageId(
      new CfnParameter(stack, `Parameter${image.slice(-1)}`, { default: image }).valueAsString),
  });
  // 7. A construct library with a copy of its own takes the associations over.
  await refactor({ resource: FIRST.resource, library: loadCopy() });
  // 8. The function runs otherwise.
  await refactor({ configure: stack => own.CustomResources.of(stack).configure({ logRetention: RetentionDays.ONE_YEAR }) });
  // 9. An association moves to another stack: first it is kept, then moved.
  await refactor({ kept: true }, [], 'Production/*');
  await refactor({ existingIn: 'Images' }, [], 'Production/*');
  // 10. Everything is tagged, and an Aspect looks at it all; a description goes.
  await refactor({
    description: undefined,
    app: (app) => {
      Tags.of(app).add('team', 'licenses');
      Aspects.of(app).add({ visit: () => undefined });
    },
  }, expect.not.arrayContaining([expect.stringMatching(/^(Create|Delete)|LicenseSpecifications/)]) as any);

  for (const name of ['Images', 'Licenses', 'Europe']) {
    const destroyed = await run(['destroy', ...STAGES.map(id => `${id}/${name}`), '--force'], { ...it, kept: false });
    expect(destroyed.succeeded ? '' : destroyed.output).toBe('');
  }
  // What was there before is there, and the association that was kept.
  expect(await found(aws)).toEqual({ existing: [D] });
  expect(await found(europe)).toEqual({});
});

test('a license of another account is put on an image of the member, which keeps its own', async () => {
  const shared = (await member.licenseManager.send(new CreateLicenseConfigurationCommand({ Name: 'own', LicenseCountingType: 'vCPU' }))).LicenseConfigurationArn!;
  const associate = (stack: Stack) => void new own.LicenseConfigurationAssociation(stack, 'Image', {
    licenseConfiguration: own.LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', shared),
    resource: own.LicensedResource.fromMachineImageId(A),
  });
  expect(await member.deploy('Member', associate)).toMatchObject({ succeeded: true });
  expect(await found(member)).toEqual({ own: [A] });
  expect(await member.destroy('Member')).toMatchObject({ succeeded: true });
  expect(await found(member)).toEqual({ own: [] });
});
