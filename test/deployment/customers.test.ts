/*
 * What becomes of a license on the other side: another account accepts and activates what it has been granted, and software that has no account checks out
 * by a token, which nobody sees but its secret.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeStackEventsCommand, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { CheckInLicenseCommand, CheckoutLicenseCommand, LicenseManagerClient } from '@aws-sdk/client-license-manager';
import { App, CfnOutput, CfnResource, CliCredentialsStackSynthesizer, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { type CliResult, type Deployment, useDeployment } from './deployment';
import { withApp } from './several-stacks';
import {
  AllowedOperation, ConsumptionConfiguration, Entitlement, GrantPrincipal, License, LicenseConsumptionRole, LicenseManagerTopic, LicenseToken,
  LicenseValidity,
} from '../../src';
import { callJson } from '../support/requests';

const CUSTOMER = '444455556666';

const aws = useDeployment();
let customer: Deployment;
/** What the CLI has printed. */
const printed: string[] = [];

beforeAll(async () => {
  customer = await aws.in({ account: CUSTOMER });
});

interface Choice {
  readonly productSku?: string;
  readonly generation?: number;
  readonly broken?: boolean;
}

/** One app: the seller's stack in one account, the customer's in another. */
const sold = ({ productSku = 'example', generation, broken }: Choice = {}) => (app: App) => {
  const region = 'us-east-1';
  const synthesizer = () => new CliCredentialsStackSynthesizer();
  const seller = new Stack(app, 'Seller', { env: { account: aws.localAws.account, region }, synthesizer: synthesizer() });
  const license = new License(seller, 'License', {
    productName: 'Example',
    productSku,
    issuerName: 'issuer',
    beneficiary: 'customer',
    signKey: new Key(seller, 'SignKey', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.SIGN_VERIFY, removalPolicy: RemovalPolicy.DESTROY }),
    validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
    entitlements: [Entitlement.counted('Seats', { maxCount: 10, allowCheckIn: true })],
    consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
  });
  const grant = license.addGrant('Customer', {
    principal: GrantPrincipal.fromAccountId(CUSTOMER),
    allowedOperations: [AllowedOperation.LIST_PURCHASED_LICENSES, AllowedOperation.CHECKOUT_LICENSE, AllowedOperation.CHECK_IN_LICENSE],
  });
  const role = new LicenseConsumptionRole(seller, 'Role', { licenses: [license] });
  const token = new LicenseToken(seller, 'Token', {
    license, roles: [role], generation, notificationTopic: new LicenseManagerTopic(seller, 'Notices', { removalPolicy: RemovalPolicy.DESTROY }),
  });
  new CfnOutput(seller, 'RoleArn', { value: role.roleArn });
  new CfnOutput(seller, 'SecretArn', { value: token.secret.secretArn });
  if (broken) {
    // What License Manager refuses, and no validator.
    const last = new CfnResource(seller, 'Broken', {
      type: 'AWS::LicenseManager::LicenseConfiguration', properties: { Name: 'x', LicenseCountingType: 'vCPU', LicenseRules: ['#minimumCores=2'] },
    });
    last.node.addDependency(token);
  }

  const buyer = new Stack(app, 'Customer', { env: { account: CUSTOMER, region }, synthesizer: synthesizer() });
  grant.accept(buyer, 'Acceptance');
};

async function cdk(deployment: Deployment, command: string[], choice?: Choice): Promise<CliResult> {
  const result = await withApp(deployment, command, { context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }, sold(choice));
  printed.push(result.output);
  return result;
}
const deploy = (deployment: Deployment, stack: string, choice?: Choice) =>
  cdk(deployment, ['deploy', stack, '--exclusively', '--require-approval', 'never', '--progress', 'events'], choice);
const destroy = (deployment: Deployment, stack: string) => cdk(deployment, ['destroy', stack, '--exclusively', '--force']);

const grants = async () => (await customer.localAws.state()).receivedGrants.map(({ GrantStatus }) => GrantStatus).filter(status => status !== 'DELETED');
const tokens = async () => (await aws.localAws.state()).tokens.filter(({ Status }) => Status === 'AVAILABLE').map(({ TokenId }) => TokenId);
const secret = async () => (await callJson(aws.localAws, 'secretsmanager', 'GetSecretValue', { SecretId: (await aws.outputs('Seller')).SecretArn })).SecretString as string;

/** What software does that has the token and nothing else. */
async function checkOut(token: string): Promise<string> {
  const { endpoint } = aws.localAws;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSLicenseManager.GetAccessToken', 'connection': 'close' },
    body: JSON.stringify({ Token: token }),
  });
  const { AccessToken } = await answer.json() as { AccessToken?: string };
  if (AccessToken === undefined) {
    return 'no access';
  }
  const { RoleArn } = await aws.outputs('Seller');
  const assumed = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'connection': 'close' },
    body: new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn, RoleSessionName: 'software', WebIdentityToken: AccessToken,
    }).toString(),
  });
  const text = await assumed.text();
  const of = (element: string) => new RegExp(`<${element}>([^<]*)</${element}>`).exec(text)?.[1] ?? '';
  const client = new LicenseManagerClient({
    ...aws.localAws.clientConfig,
    credentials: { accessKeyId: of('AccessKeyId'), secretAccessKey: of('SecretAccessKey'), sessionToken: of('SessionToken') },
  });
  const { LicenseConsumptionToken } = await client.send(new CheckoutLicenseCommand({
    ProductSKU: 'example',
    CheckoutType: 'PROVISIONAL',
    KeyFingerprint: `aws:${aws.localAws.account}:issuer:issuer-fingerprint`,
    Beneficiary: 'customer',
    Entitlements: [{ Name: 'Seats', Unit: 'Count', Value: '2' }],
    ClientToken: `${Math.random()}`,
  }));
  await client.send(new CheckInLicenseCommand({ LicenseConsumptionToken, Beneficiary: 'customer' }));
  return 'checked out and in';
}

/** Runs the Python of the guide, and what uses it, with what software has: no credentials, no configuration. */
async function runGuide(program: string): Promise<string> {
  const guide = readFileSync(join(__dirname, '..', '..', 'docs', 'seller-issued-licenses.md'), 'utf8');
  const code = [...guide.matchAll(/```python\n([^]*?)```/g)].map(([, block]) => block).join('\n');
  const { stdout } = await promisify(execFile)(join(__dirname, '..', '..', '.venv', 'bin', 'python'), ['-c', `${code}\n${program}`], {
    env: { PATH: process.env.PATH, HOME: aws.folder, AWS_ENDPOINT_URL: aws.localAws.endpoint, AWS_EC2_METADATA_DISABLED: 'true' },
  });
  return stdout.trim();
}

/** Everything that a deployment writes: files, what the CLI prints, what CloudFormation keeps, logs of the functions, state. */
async function everything(): Promise<string> {
  const files = (folder: string): string[] => readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [readFileSync(path, 'utf8')];
  });
  // All but the calls of the software, which sends its token.
  const calls = (await aws.localAws.calls({ service: 'license-manager' })).filter(({ operation }) => operation !== 'GetAccessToken');
  const found = [
    ...files(aws.folder), ...printed, JSON.stringify(await aws.localAws.state()), JSON.stringify(calls),
    JSON.stringify(await aws.cloudFormation.send(new DescribeStacksCommand({}))),
    JSON.stringify(await aws.cloudFormation.send(new DescribeStackEventsCommand({ StackName: 'Seller' }))),
    JSON.stringify(await aws.cloudFormation.send(new GetTemplateCommand({ StackName: 'Seller' }))),
  ];
  const { logGroups } = await callJson(aws.localAws, 'logs', 'DescribeLogGroups');
  for (const { logGroupName } of logGroups) {
    found.push(JSON.stringify(await callJson(aws.localAws, 'logs', 'FilterLogEvents', { logGroupName })));
  }
  return found.join('\n');
}

test('software does what the guide has it do, in each way of consumption', async () => {
  expect(await aws.deploy('Guide', (stack) => {
    const license = new License(stack, 'License', {
      productName: 'Example',
      productSku: 'guide',
      issuerName: 'issuer',
      beneficiary: 'customer',
      signKey: new Key(stack, 'SignKey', { keySpec: KeySpec.RSA_2048, keyUsage: KeyUsage.SIGN_VERIFY, removalPolicy: RemovalPolicy.DESTROY }),
      validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
      entitlements: [Entitlement.counted('Seats', { maxCount: 10, allowCheckIn: true }), Entitlement.unlimited('Platinum', { allowCheckIn: true })],
      consumptionConfiguration: ConsumptionConfiguration.provisionalAndBorrow({
        provisionalMaxTimeToLive: Duration.hours(1), borrowMaxTimeToLive: Duration.days(1),
      }),
    });
    const role = new LicenseConsumptionRole(stack, 'Role', { licenses: [license] });
    const token = new LicenseToken(stack, 'Token', { license, roles: [role] });
    new CfnOutput(stack, 'RoleArn', { value: role.roleArn });
    new CfnOutput(stack, 'LicenseArn', { value: license.licenseArn });
    new CfnOutput(stack, 'SecretArn', { value: token.secret.secretArn });
  })).toMatchObject({ succeeded: true });
  const { RoleArn, LicenseArn, SecretArn } = await aws.outputs('Guide');
  const { SecretString: token } = await callJson(aws.localAws, 'secretsmanager', 'GetSecretValue', { SecretId: SecretArn });
  const product = `"guide", "aws:${aws.localAws.account}:issuer:issuer-fingerprint", "customer"`;
  const done = await runGuide(`
license_manager = session_by_token("${token}", "${RoleArn}", "us-east-1").client("license-manager")
work_with_connection(license_manager, ${product})
print("kept", len(keep(license_manager, ${product})) > 0)
everything = [{"Name": "Seats", "Unit": "Count", "Value": "9"}, {"Name": "Platinum", "Unit": "None", "Value": "0"}]
print("signed in", borrow(license_manager, "${LicenseArn}", everything).count("."), "points")
`);
  expect(done).toBe('kept True\nsigned in 2 points');
  expect(await aws.destroy('Guide')).toMatchObject({ succeeded: true });
});

test('a license is sold, granted, accepted and checked out by a token, changed, and taken back', async () => {
  expect(await deploy(aws, 'Seller')).toMatchObject({ succeeded: true });
  expect(await grants()).toEqual(['PENDING_ACCEPT']);
  expect(await deploy(customer, 'Customer')).toMatchObject({ succeeded: true });
  expect(await grants()).toEqual(['ACTIVE']);
  const first = await secret();
  expect(await checkOut(first)).toBe('checked out and in');

  // Nothing has changed, and nothing is written.
  await customer.localAws.clearCalls();
  expect(await deploy(customer, 'Customer')).toMatchObject({ succeeded: true });
  expect((await customer.localAws.calls({ service: 'license-manager' })).map(({ operation }) => operation)).toEqual([]);

  // Another token, and the former one is good for nothing.
  expect(await deploy(aws, 'Seller', { generation: 2 })).toMatchObject({ succeeded: true });
  const second = await secret();
  expect(await checkOut(second)).toBe('checked out and in');
  expect(await checkOut(first)).toBe('no access');

  // A deployment that fails half-way: the token of before is valid, and the secret has it.
  expect(await deploy(aws, 'Seller', { generation: 3, broken: true })).toMatchObject({ succeeded: false });
  expect(await aws.stackStatus('Seller')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await secret()).toBe(second);
  expect(await checkOut(second)).toBe('checked out and in');
  expect(await tokens()).toHaveLength(1);

  // Another license is another grant: the customer's stack accepts that, too.
  expect(await deploy(aws, 'Seller', { generation: 2, productSku: 'other' })).toMatchObject({ succeeded: true });
  expect(await grants()).toEqual(['PENDING_ACCEPT']);
  expect(await deploy(customer, 'Customer', { generation: 2, productSku: 'other' })).toMatchObject({ succeeded: true });
  expect(await grants()).toEqual(['ACTIVE']);

  const written = await everything();
  for (const token of [first, second, await secret()]) {
    for (const part of token.split('.').filter(each => each.length > 20)) {
      expect(written.includes(part)).toBe(false);
    }
  }

  expect(await destroy(customer, 'Customer')).toMatchObject({ succeeded: true });
  expect(await grants()).toEqual(['DISABLED']);
  const last = await secret();
  expect(await destroy(aws, 'Seller')).toMatchObject({ succeeded: true });
  expect(await tokens()).toEqual([]);
  expect(await grants()).toEqual([]);
  expect(last).not.toBe(second);
});
