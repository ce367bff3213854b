import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { CfnOutput, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { useDeployment } from './deployment';
import { IdentityProvider, LicenseServerCredentials, LicenseServerEndpoint, RhsmSecret, SubscriptionProvider } from '../../src';
import { callJson } from '../support/requests';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJ0eXAiOiJPZmZsaW5lIn0.offline-token';
const PASSWORD = 'S3cret-Passw0rd';
const PROVIDER = 'AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider';
const ENDPOINT = 'AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint';
const TAG = { Key: 'LicenseManagerLinuxSubscriptions', Value: 'enabled' };

const aws = useDeployment();

const secretsManager = (operation: string, parameters: object) => callJson(aws.localAws, 'secretsmanager', operation, parameters);

const identityProvider = (id = 'idp-1') =>
  `arn:aws:license-manager-user-subscriptions:${aws.localAws.region}:${aws.localAws.account}:identity-provider/${id}`;

const only = <T>(list: T[]): T => {
  expect(list).toHaveLength(1);
  return list[0];
};
const provider = async () => only((await aws.localAws.state()).subscriptionProviders);
const endpoint = async () => only((await aws.localAws.state()).licenseServerEndpoints);
const secretsOf = async (stackName: string) => aws.physicalIds(stackName, 'AWS::SecretsManager::Secret');

/** Whether a secret is found anywhere where CloudFormation and the CLI leave something. */
async function isTold(stackName: string, secret: string, output: string): Promise<boolean> {
  const { TemplateBody } = await aws.cloudFormation.send(new GetTemplateCommand({ StackName: stackName }));
  return [TemplateBody, output, JSON.stringify(await aws.outputs(stackName)), JSON.stringify(await aws.events(stackName))]
    .some((text) => text!.includes(secret));
}

describe('the life of subscriptions', () => {
  interface Variant {
    readonly name?: string;
    readonly tag?: string;
    readonly values?: boolean;
    readonly bad?: boolean;
    readonly identityProvider?: string;
  }

  const deploy = (variant: Variant = {}) => aws.deploy('Subscriptions', (stack: Stack) => {
    const { name = 'one', values } = variant;
    const token = new RhsmSecret(stack, 'Token', {
      secretName: `rhsm-${name}`, offlineToken: values ? SecretValue.secretsManager('vault', { jsonField: 'token' }) : undefined,
    });
    const redHat = new SubscriptionProvider(stack, 'RedHat', { secret: token });
    const server = new LicenseServerEndpoint(stack, 'LicenseServer', {
      identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'Directory', identityProvider(variant.identityProvider)),
      credentials: new LicenseServerCredentials(stack, 'Administrator', {
        secretName: `license-manager-user-${name}`, password: values ? SecretValue.secretsManager('vault', { jsonField: 'password' }) : undefined,
      }),
    });
    if (variant.tag) {
      Tags.of(redHat).add('team', variant.tag);
      Tags.of(server).add('team', variant.tag);
    }
    if (variant.bad) {
      const refused = new CfnLicenseConfiguration(stack, 'Refused', { name: 'refused', licenseCountingType: 'Core', licenseRules: ['#no=1'] });
      refused.node.addDependency(redHat, server);
    }
    new CfnOutput(stack, 'Status', { value: redHat.subscriptionProviderStatus });
    new CfnOutput(stack, 'Server', { value: `${server.licenseServerEndpointArn} ${server.licenseServerEndpointId} ${server.licenseServerEndpointProvisioningStatus}` });
  });

  let old: { provider: any; endpoint: any };

  beforeAll(async () => {
    await aws.localAws.seed({ settings: { identityProviders: [identityProvider(), identityProvider('idp-2')] } });
    await secretsManager('CreateSecret', { Name: 'vault', SecretString: JSON.stringify({ token: TOKEN, password: PASSWORD }) });
  });

  test('a deployment registers the provider with an empty secret, and makes the license server', async () => {
    expect(await deploy()).toMatchObject({ succeeded: true });

    expect(await provider()).toMatchObject({ source: 'RedHat', status: 'PENDING' });
    expect(await endpoint()).toMatchObject({ identity_provider_arn: identityProvider() });
    const { arn, id } = await endpoint();
    expect(await aws.outputs('Subscriptions')).toEqual({ Status: 'PENDING', Server: `${arn} ${id} PROVISIONED` });
    expect(await secretsManager('DescribeSecret', { SecretId: 'rhsm-one' })).toMatchObject({
      ARN: (await provider()).secret_arn, Tags: expect.arrayContaining([TAG]),
    });
    expect(await secretsManager('GetSecretValue', { SecretId: 'rhsm-one' })).toMatchObject({ __type: 'ResourceNotFoundException' });
    const credentials = JSON.parse((await secretsManager('GetSecretValue', { SecretId: 'license-manager-user-one' })).SecretString);
    expect(credentials).toEqual({ username: 'Administrator', password: expect.stringMatching(/^.{32}$/) });
  });

  test('a secret without a token shows as INVALID, and is mended without a deployment', async () => {
    await aws.localAws.seed({ housekeeping: true });
    expect(await provider()).toMatchObject({ status: 'INVALID', message: expect.stringContaining('offline token') });

    await secretsManager('PutSecretValue', { SecretId: 'rhsm-one', SecretString: TOKEN });
    await aws.localAws.seed({ housekeeping: true });

    expect(await provider()).toMatchObject({ status: 'ACTIVE', message: null });
  });

  test('tags are changed in place, and the token that the user has written stays', async () => {
    old = { provider: await provider(), endpoint: await endpoint() };

    expect(await deploy({ tag: 'linux' })).toMatchObject({ succeeded: true });

    expect(await provider()).toMatchObject({ arn: old.provider.arn, tags: expect.objectContaining({ team: 'linux' }) });
    expect(await endpoint()).toMatchObject({ arn: old.endpoint.arn, tags: expect.objectContaining({ team: 'linux' }) });
    expect(await aws.outputs('Subscriptions')).toMatchObject({ Status: 'ACTIVE' });
    expect((await secretsManager('GetSecretValue', { SecretId: 'rhsm-one' })).SecretString).toBe(TOKEN);
  });

  test('a deployment that fails after both were replaced leaves both as they were', async () => {
    old = { provider: await provider(), endpoint: await endpoint() };

    expect(await deploy({ tag: 'linux', name: 'two', bad: true })).toMatchObject({ succeeded: false });

    expect(await aws.stackStatus('Subscriptions')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await provider()).toMatchObject({ arn: old.provider.arn, secret_arn: old.provider.secret_arn });
    expect(await endpoint()).toMatchObject({ arn: old.endpoint.arn });
    expect(await secretsOf('Subscriptions')).toEqual(expect.arrayContaining([old.provider.secret_arn]));
    expect(await secretsManager('DescribeSecret', { SecretId: 'rhsm-two' })).toMatchObject({ __type: 'ResourceNotFoundException' });
  });

  test('an endpoint for a directory that is not registered is refused, and the old one stays', async () => {
    expect(await deploy({ tag: 'linux', identityProvider: 'idp-unknown' })).toMatchObject({ succeeded: false });

    expect((await aws.failures('Subscriptions')).join()).toContain('identity-provider/idp-unknown was not found');
    expect(await endpoint()).toMatchObject({ arn: old.endpoint.arn });
  });

  test('another secret replaces both, deleted first, with values that nobody else is told', async () => {
    await aws.localAws.clearCalls();
    const { succeeded, output } = await deploy({ name: 'three', values: true, identityProvider: 'idp-2' });

    expect(succeeded).toBe(true);
    expect((await provider()).arn).not.toBe(old.provider.arn);
    expect(await endpoint()).toMatchObject({ identity_provider_arn: identityProvider('idp-2') });
    const writes = async (service: string) => (await aws.localAws.calls({ service }))
      .map(({ operation }) => operation).filter((operation) => !/^(Get|List)/.test(operation));
    expect(await writes('license-manager-linux-subscriptions')).toEqual(['DeregisterSubscriptionProvider', 'RegisterSubscriptionProvider']);
    expect(await writes('license-manager-user-subscriptions')).toEqual(['DeleteLicenseServerEndpoint', 'CreateLicenseServerEndpoint']);

    expect((await secretsManager('GetSecretValue', { SecretId: 'rhsm-three' })).SecretString).toBe(TOKEN);
    expect(JSON.parse((await secretsManager('GetSecretValue', { SecretId: 'license-manager-user-three' })).SecretString))
      .toEqual({ username: 'Administrator', password: PASSWORD });
    expect(await isTold('Subscriptions', TOKEN, output)).toBe(false);
    expect(await isTold('Subscriptions', PASSWORD, output)).toBe(false);
    // It would be found: what is in the template, is.
    expect(await isTold('Subscriptions', 'rhsm-three', output)).toBe(true);

    await aws.localAws.seed({ housekeeping: true });
    expect(await provider()).toMatchObject({ status: 'ACTIVE' });
  });

  test('nothing is left when the stack is destroyed', async () => {
    expect(await aws.destroy('Subscriptions')).toMatchObject({ succeeded: true });

    expect(await aws.localAws.state()).toMatchObject({ subscriptionProviders: [], licenseServerEndpoints: [] });
    expect((await secretsManager('ListSecrets', {})).SecretList.map(({ Name }: any) => Name)).toEqual(['vault']);
  });
});

test('without discovery of Linux subscriptions nothing is registered, and nothing is left', async () => {
  await aws.localAws.seed({ settings: { linuxSubscriptionsDiscovery: false } });

  const result = await aws.deploy('Undiscovered', (stack) => {
    new SubscriptionProvider(stack, 'RedHat', { secret: new RhsmSecret(stack, 'Token') });
  });

  expect(result.succeeded).toBe(false);
  expect(result.output).toContain('discovery is not enabled');
  expect(await aws.localAws.state()).toMatchObject({ subscriptionProviders: [] });
  expect((await secretsManager('ListSecrets', {})).SecretList.filter(({ Tags: tags }: any) => JSON.stringify(tags).includes('Undiscovered'))).toEqual([]);
  await aws.localAws.seed({ settings: { linuxSubscriptionsDiscovery: true } });
});

test('an existing secret is used as it is, and a retained registration stays', async () => {
  const { ARN } = await secretsManager('CreateSecret', { Name: 'existing', SecretString: TOKEN, Tags: [TAG] });
  expect(await aws.deploy('Existing', (stack) => {
    new SubscriptionProvider(stack, 'RedHat', { secret: Secret.fromSecretCompleteArn(stack, 'Token', ARN), removalPolicy: RemovalPolicy.RETAIN });
  })).toMatchObject({ succeeded: true });
  expect(await aws.physicalIds('Existing', PROVIDER, ENDPOINT)).toEqual([(await provider()).arn]);

  expect(await aws.destroy('Existing')).toMatchObject({ succeeded: true });

  await aws.localAws.seed({ housekeeping: true });
  expect(await provider()).toMatchObject({ secret_arn: ARN, status: 'ACTIVE' });
});
