/*
 * User-based subscriptions as a platform team has them: a directory is registered, ten users get Microsoft Office and sit on an instance, in the account that owns the
 * directory and in one that it is shared with; all of it is changed, fails half-way, is rolled back, and goes without what belongs to others.
 */
import { App, CfnResource, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { CfnInstance, SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { type Deployment, useDeployment } from './deployment';
import { withApp } from './several-stacks';
import {
  DirectoryUser, IdentityProvider, LicenseManagerFeature, LicenseServerCredentials, LicenseServerEndpoint, ProductSubscription, ServiceLinkedRole,
  UserAssociation, UserDirectory, UserSubscriptionProduct,
} from '../../src';
import { associate, call, DIRECTORY, OFFICE, RDS, settle, subscribe } from '../custom-resource/support/directories';

const CONSUMER = '444455556666';
const SHARED = 'd-9067000009';
const DESKTOP = 'i-0123456789abcdef0';
const OTHER_DESKTOP = 'i-0123456789abcdef1';
const SHARED_DESKTOP = 'i-0123456789abcdef2';

const aws = useDeployment();
let consumer: Deployment;

const ten = Array.from({ length: 10 }, (_, index) => `user${index}`);

interface Choice {
  readonly users?: readonly string[];
  readonly subnet?: string;
  readonly desktop?: string;
  readonly broken?: boolean;
  /** How constructs are named. */
  readonly name?: string;
}

/** One app: the stack of the account that owns the directory, and that of the account that it is shared with. */
const desktops = ({ users = ten, subnet = 'subnet-00000001', desktop = DESKTOP, broken, name = '' }: Choice = {}) => (app: App) => {
  const region = 'us-east-1';
  const synthesizer = () => new CliCredentialsStackSynthesizer();
  const owner = new Stack(app, 'Owner', { env: { account: aws.localAws.account, region }, synthesizer: synthesizer() });
  new ServiceLinkedRole(owner, 'Role', { feature: LicenseManagerFeature.USER_SUBSCRIPTIONS });
  const office = new IdentityProvider(owner, `Office${name}`, {
    product: UserSubscriptionProduct.OFFICE_PROFESSIONAL_PLUS,
    directory: UserDirectory.awsManaged(DIRECTORY),
    activationEndpoints: {
      subnets: [Subnet.fromSubnetId(owner, 'Subnet', subnet)], securityGroup: SecurityGroup.fromSecurityGroupId(owner, 'SecurityGroup', 'sg-00000001'),
    },
  });
  const remoteDesktop = new IdentityProvider(owner, `RemoteDesktop${name}`, {
    product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory: UserDirectory.awsManaged(DIRECTORY),
  });
  new LicenseServerEndpoint(owner, 'LicenseServer', {
    identityProvider: remoteDesktop, credentials: new LicenseServerCredentials(owner, 'Administrator', { secretName: 'license-manager-user-desktops' }),
  });
  const named = users.map(user => DirectoryUser.of(user));
  // The association before what it waits for: the order of the constructs is none of the resources.
  const association = new UserAssociation(owner, `OnDesktop${name}`, {
    identityProvider: office, instance: CfnInstance.fromInstanceId(owner, 'Desktop', desktop), users: named.slice(0, 5),
  });
  new ProductSubscription(owner, `Subscribed${name}`, { identityProvider: office, users: named });
  new ProductSubscription(owner, `RemoteDesktopUsers${name}`, { identityProvider: remoteDesktop, users: named });
  if (broken) {
    // What License Manager refuses, and no validator.
    const last = new CfnResource(owner, 'Broken', {
      type: 'AWS::LicenseManager::LicenseConfiguration', properties: { Name: 'x', LicenseCountingType: 'vCPU', LicenseRules: ['#minimumCores=2'] },
    });
    last.node.addDependency(association);
  }

  const shared = new Stack(app, 'Consumer', { env: { account: CONSUMER, region }, synthesizer: synthesizer() });
  shared.addStackDependency(owner);
  new ServiceLinkedRole(shared, 'Role', { feature: LicenseManagerFeature.USER_SUBSCRIPTIONS });
  const registered = new IdentityProvider(shared, 'Office', {
    product: UserSubscriptionProduct.OFFICE_PROFESSIONAL_PLUS,
    directory: UserDirectory.shared(SHARED),
    activationEndpoints: {
      subnets: [Subnet.fromSubnetId(shared, 'Subnet', 'subnet-00000009')],
      securityGroup: SecurityGroup.fromSecurityGroupId(shared, 'SecurityGroup', 'sg-00000009'),
    },
  });
  new UserAssociation(shared, 'OnDesktop', {
    identityProvider: registered, instance: CfnInstance.fromInstanceId(shared, 'Desktop', SHARED_DESKTOP), users: [DirectoryUser.of('user0')],
  });
};

const cdk = (deployment: Deployment, command: string[], choice?: Choice) =>
  withApp(deployment, command, { context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }, desktops(choice));
const deploy = (deployment: Deployment, stack: string, choice?: Choice) =>
  cdk(deployment, ['deploy', stack, '--exclusively', '--require-approval', 'never', '--progress', 'events'], choice);
const destroy = (deployment: Deployment, stack: string, choice?: Choice) => cdk(deployment, ['destroy', stack, '--exclusively', '--force'], choice);

const state = (deployment: Deployment = aws) => deployment.localAws.state();
const subscribed = async (product = OFFICE) => (await state()).productSubscriptions
  .filter(({ Status, Product }) => Status === 'SUBSCRIBED' && Product === product).map(({ Username }) => Username).sort();
const associated = async (deployment: Deployment = aws) => (await state(deployment)).userAssociations
  .filter(({ Status }) => Status === 'ASSOCIATED').map(({ Username, InstanceId }) => `${Username} ${InstanceId}`).sort();
const providers = async (deployment: Deployment = aws) => (await state(deployment)).identityProviders
  .filter(({ Status }) => Status !== 'DEREGISTERED').map(({ Product, Status }) => `${Product} ${Status}`).sort();
const on = (desktop: string, names: readonly string[]) => names.map(name => `${name} ${desktop}`);
const writes = async () => (await aws.localAws.calls({ service: 'license-manager-user-subscriptions' }))
  .map(({ operation }) => operation).filter(operation => !/^List/.test(operation));

beforeAll(async () => {
  consumer = await aws.in({ account: CONSUMER });
  await aws.localAws.seed({
    settings: { directories: { [DIRECTORY]: { domain: 'corp.example.com', users: [...ten, 'guest', 'clicked'] } }, userSubscriptionsReads: 1 },
    userSubscriptionInstances: [DESKTOP, OTHER_DESKTOP].map(instanceId => ({ instanceId, directoryId: DIRECTORY, products: [OFFICE], reads: 1 })),
  });
  await consumer.localAws.seed({
    settings: { directories: { [SHARED]: { owner: aws.localAws.account, ownerDirectoryId: DIRECTORY } } },
    userSubscriptionInstances: [{ instanceId: SHARED_DESKTOP, directoryId: SHARED, products: [OFFICE] }],
  });
});

test('a directory is registered, ten users get Microsoft Office, and five sit on an instance', async () => {
  expect(await deploy(aws, 'Owner')).toMatchObject({ succeeded: true });
  expect(await providers()).toEqual([`${OFFICE} REGISTERED`, `${RDS} REGISTERED`]);
  expect(await subscribed()).toEqual(ten);
  expect(await associated()).toEqual(on(DESKTOP, ten.slice(0, 5)));
});

test('the account that the directory is shared with registers it, too, and its users work there', async () => {
  expect(await deploy(consumer, 'Consumer')).toMatchObject({ succeeded: true });
  expect(await providers(consumer)).toEqual([`${OFFICE} REGISTERED`]);
  expect(await associated(consumer)).toEqual(on(SHARED_DESKTOP, ['user0']));
});

test('the same again writes nothing, whatever the constructs are called', async () => {
  await aws.localAws.clearCalls();
  expect(await deploy(aws, 'Owner', { name: 'Renamed' })).toMatchObject({ succeeded: true });
  expect(await writes()).toEqual([]);
  expect(await subscribed()).toEqual(ten);
});

test('who is taken out goes, who comes is added, and endpoints and instance are others', async () => {
  const users = [...ten.slice(1), 'guest'];
  // Who sits in the other account is not unsubscribed, and is told.
  expect(await deploy(aws, 'Owner', { users })).toMatchObject({ succeeded: false });
  expect((await aws.failures('Owner')).join()).toContain('1 of 1 user could not be unsubscribed: user0');
  expect(await aws.stackStatus('Owner')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await subscribed()).toEqual(ten);
  expect(await associated()).toEqual(on(DESKTOP, ten.slice(0, 5)));

  const change = { users: [...ten.slice(0, 9), 'guest'], subnet: 'subnet-00000002', desktop: OTHER_DESKTOP };
  expect(await deploy(aws, 'Owner', change)).toMatchObject({ succeeded: true });
  expect(await subscribed()).toEqual(['guest', ...ten.slice(0, 9)]);
  expect(await associated()).toEqual(on(OTHER_DESKTOP, ten.slice(0, 5)));
  expect((await state()).identityProviders.find(({ Product }) => Product === OFFICE)!.Settings.Subnets).toEqual(['subnet-00000002']);
  expect(await deploy(aws, 'Owner')).toMatchObject({ succeeded: true });
});

test('a deployment that fails half-way leaves everything as it was', async () => {
  const change = { users: [...ten.slice(0, 9), 'guest'], subnet: 'subnet-00000003', desktop: OTHER_DESKTOP, broken: true };
  expect(await deploy(aws, 'Owner', change)).toMatchObject({ succeeded: false });
  expect(await aws.stackStatus('Owner')).toBe('UPDATE_ROLLBACK_COMPLETE');
  await settle(aws.localAws);
  expect(await subscribed()).toEqual(ten);
  expect(await associated()).toEqual(on(DESKTOP, ten.slice(0, 5)));
  expect((await state()).identityProviders.find(({ Product }) => Product === OFFICE)!.Settings.Subnets).toEqual(['subnet-00000001']);
});

test('users who cannot be subscribed are all told of, and nobody is lost', async () => {
  expect(await deploy(aws, 'Owner', { users: [...ten, 'nobody', 'noone'] })).toMatchObject({ succeeded: false });
  expect((await aws.failures('Owner')).join()).toContain('2 users of 12 could not be subscribed: nobody, noone (SUBSCRIPTION_FAILED: The user … does not exist)');
  expect(await aws.stackStatus('Owner')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await subscribed()).toEqual(ten);
});

test('nothing is left but what belongs to others, for which the directory stays registered', async () => {
  // Somebody has clicked.
  await subscribe(aws.localAws, 'clicked', OFFICE);
  await associate(aws.localAws, 'clicked', DESKTOP);
  await consumer.localAws.seed({ userSubscriptionInstances: [{ instanceId: SHARED_DESKTOP, directoryId: SHARED, products: [OFFICE], health: 'terminated' }] });
  expect(await destroy(consumer, 'Consumer')).toMatchObject({ succeeded: true });
  expect(await providers(consumer)).toEqual([]);

  expect(await destroy(aws, 'Owner')).toMatchObject({ succeeded: false });
  expect((await aws.failures('Owner')).join()).toContain('cannot be deregistered');
  expect(await subscribed()).toEqual(['clicked']);
  expect(await associated()).toEqual(on(DESKTOP, ['clicked']));

  // Who was clicked is gone, and so are the instances.
  for (const { InstanceUserArn } of (await state()).userAssociations.filter(({ Status }) => Status === 'ASSOCIATED')) {
    await call(aws.localAws, '/user/DisassociateUser', { InstanceUserArn });
  }
  await settle(aws.localAws);
  for (const { ProductUserArn } of (await state()).productSubscriptions.filter(({ Status }) => Status === 'SUBSCRIBED')) {
    await call(aws.localAws, '/user/StopProductSubscription', { ProductUserArn });
  }
  await settle(aws.localAws);
  await aws.localAws.seed({
    userSubscriptionInstances: [DESKTOP, OTHER_DESKTOP].map(instanceId => ({ instanceId, directoryId: DIRECTORY, products: [OFFICE], health: 'terminated' })),
  });
  expect(await destroy(aws, 'Owner')).toMatchObject({ succeeded: true });
  expect(await providers()).toEqual([]);
  expect((await state()).licenseServerEndpoints).toEqual([]);
});
