/*
 * Each pattern for one account deploys, changes, is taken back when a change fails, and goes.
 */
import { CfnOutput, CfnResource, Duration, type Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { useDeployment } from './deployment';
import {
  DirectoryUser, Entitlement, GrantPrincipal, LicenseManagerTopic, LicenseValidity, LinuxSubscription, patterns, UserDirectory,
} from '../../src';
import { callJson } from '../support/requests';

const DIRECTORY = 'd-0123456789';

const aws = useDeployment();

beforeEach(async () => {
  await aws.localAws.reset();
  await aws.localAws.seed({ settings: { serviceLinkedRoles: [], directories: { [DIRECTORY]: { users: ['jane', 'john'] } } } });
});

/** What License Manager refuses, and no validator: when all else is done. */
function fail(stack: Stack): void {
  const last = new CfnResource(stack, 'Broken', {
    type: 'AWS::LicenseManager::LicenseConfiguration', properties: { Name: 'x', LicenseCountingType: 'vCPU', LicenseRules: ['#minimumCores=2'] },
  });
  stack.node.children.filter(child => child !== last).forEach(child => last.node.addDependency(child));
}

test('Linux subscriptions are tracked, in more Regions after a change, and go on being discovered when the stack is gone', async () => {
  const deploy = (sourceRegions: string[] | undefined, broken = false) => aws.deploy('Linux', stack => {
    new patterns.LinuxSubscriptionTracking(stack, 'Tracking', {
      sourceRegions, redHat: {}, alarms: { Many: { subscription: LinuxSubscription.RHEL, threshold: 100, actions: [] } },
    });
    if (broken) {
      fail(stack);
    }
  });
  const state = async () => {
    const { linuxSubscriptions, subscriptionProviders } = await aws.localAws.state();
    return {
      discovery: linuxSubscriptions.LinuxSubscriptionsDiscovery,
      regions: linuxSubscriptions.LinuxSubscriptionsDiscoverySettings.SourceRegions,
      providers: subscriptionProviders.length,
    };
  };
  expect(await deploy(undefined)).toMatchObject({ succeeded: true });
  expect(await state()).toEqual({ discovery: 'Enabled', regions: ['us-east-1'], providers: 1 });
  const two = ['us-east-1', 'eu-west-1'];
  expect(await deploy(two)).toMatchObject({ succeeded: true });
  expect((await state()).regions).toEqual(expect.arrayContaining(two));
  expect(await deploy(undefined, true)).toMatchObject({ succeeded: false });
  expect((await state()).regions).toEqual(expect.arrayContaining(two));
  expect(await aws.destroy('Linux')).toMatchObject({ succeeded: true });
  expect(await state()).toMatchObject({ discovery: 'Enabled', providers: 0 });
});

test('remote desktops get a directory, a license server and users, in this order, and lose them in the other', async () => {
  const deploy = (names: string[], broken = false) => aws.deploy('RemoteDesktop', stack => {
    const topic = new LicenseManagerTopic(stack, 'Topic', { topicName: 'aws-license-manager-service-remote-desktop' });
    const vpc = new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'], natGateways: 0 });
    new patterns.RemoteDesktopLicensing(stack, 'Licensing', {
      directory: UserDirectory.awsManaged(DIRECTORY),
      users: names.map(name => DirectoryUser.of(name)),
      network: { directory: new SecurityGroup(stack, 'Controllers', { vpc, allowAllOutbound: false }), subnets: vpc.isolatedSubnets },
      notificationTopic: topic,
    });
    if (broken) {
      fail(stack);
    }
  });
  const state = async () => {
    const { identityProviders, licenseServerEndpoints, productSubscriptions } = await aws.localAws.state();
    return {
      registered: identityProviders.filter(({ Status }) => Status === 'REGISTERED').map(({ Product }) => Product),
      endpoints: licenseServerEndpoints.length,
      users: productSubscriptions.filter(({ Status }) => Status === 'SUBSCRIBED').map(({ Username }) => Username).sort(),
    };
  };
  expect(await deploy(['jane'])).toMatchObject({ succeeded: true });
  expect(await state()).toEqual({ registered: ['REMOTE_DESKTOP_SERVICES'], endpoints: 1, users: ['jane'] });
  expect(await deploy(['jane', 'john'])).toMatchObject({ succeeded: true });
  expect((await state()).users).toEqual(['jane', 'john']);
  expect(await deploy(['john'], true)).toMatchObject({ succeeded: false });
  expect(await state()).toEqual({ registered: ['REMOTE_DESKTOP_SERVICES'], endpoints: 1, users: ['jane', 'john'] });
  expect(await aws.destroy('RemoteDesktop')).toMatchObject({ succeeded: true });
  expect(await state()).toEqual({ registered: [], endpoints: 0, users: [] });
});

test('a product is sold to a customer with an account and to one without, and who leaves loses the license and the token', async () => {
  const customer = aws.localAws.as('444455556666');
  const deploy = ({ seats = 10, elsewhere = true, generation = 1, broken = false } = {}) => aws.deploy('Sales', stack => {
    const product = new patterns.SoftwareProduct(stack, 'Analytics', {
      productName: 'Example Analytics',
      productSku: 'example-analytics',
      issuerName: 'Example Software',
      entitlements: [Entitlement.counted('Seats', { maxCount: seats, allowCheckIn: true })],
      validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
      notificationTopic: new LicenseManagerTopic(stack, 'Topic', { topicName: 'aws-license-manager-service-sales' }),
      consumptionEvents: true,
    });
    new CfnOutput(stack, 'Fingerprint', { value: product.keyFingerprint });
    product.addCustomer('OnAws', { beneficiary: 'First Customer', principal: GrantPrincipal.fromAccountId(customer.account) });
    if (elsewhere) {
      const { token } = product.addCustomer('Elsewhere', { beneficiary: 'Second Customer', tokenGeneration: generation, tokenExpiration: Duration.days(90) });
      new CfnOutput(stack, 'Secret', { value: token!.secret.secretArn });
    }
    if (broken) {
      fail(stack);
    }
  });
  const state = async () => {
    const { licenses, grants, tokens } = await aws.localAws.state();
    const available = licenses.filter(({ Status }) => Status === 'AVAILABLE');
    return {
      beneficiaries: available.map(({ Beneficiary }) => Beneficiary).sort(),
      seats: available.map(({ Entitlements }) => Entitlements[0].MaxCount),
      grants: grants.filter(({ GrantStatus }) => !/DELETE/.test(GrantStatus)).length,
      tokens: tokens.filter(({ Status }) => Status === 'AVAILABLE').map(({ TokenId }) => TokenId),
    };
  };
  expect(await deploy()).toMatchObject({ succeeded: true });
  const sold = await state();
  expect(sold).toEqual({ beneficiaries: ['First Customer', 'Second Customer'], seats: [10, 10], grants: 1, tokens: [expect.any(String)] });
  const { Fingerprint, Secret } = await aws.outputs('Sales');
  expect(Fingerprint).toBe(`aws:${aws.localAws.account}:Example Software:issuer-fingerprint`);
  const { SecretString } = await callJson(aws.localAws, 'secretsmanager', 'GetSecretValue', { SecretId: Secret });
  const { AccessToken } = await callJson(aws.localAws, 'license-manager', 'GetAccessToken', { Token: SecretString });
  expect(AccessToken).toEqual(expect.any(String));

  expect(await deploy({ seats: 20, generation: 2, broken: true })).toMatchObject({ succeeded: false });
  expect(await state()).toEqual({ ...sold, seats: [10, 10] });
  expect(await deploy({ seats: 20, generation: 2 })).toMatchObject({ succeeded: true });
  expect(await state()).toMatchObject({ seats: [20, 20], grants: 1, tokens: [expect.not.stringMatching(sold.tokens[0])] });
  expect(await deploy({ seats: 20, elsewhere: false })).toMatchObject({ succeeded: true });
  expect(await state()).toMatchObject({ beneficiaries: ['First Customer'], tokens: [] });
  expect(await aws.destroy('Sales')).toMatchObject({ succeeded: true });
  expect(await state()).toEqual({ beneficiaries: [], seats: [], grants: 0, tokens: [] });
});
