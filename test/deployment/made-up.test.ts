/*
 * The made-up type, deployed: another service, a singleton, a wait that outlives the function, and a secret.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { useDeployment } from './deployment';
import { ManagedResource } from '../../src/custom-resource/construct/managed-resource';
import { madeUp } from '../custom-resource/made-up/definition';

const SERVICE = 'license-manager-linux-subscriptions';
const TOKEN = 'a "quoted" token';

const folder = mkdtempSync(join(tmpdir(), 'made-up-'));
execFileSync(process.execPath, [join(__dirname, '..', 'custom-resource', 'made-up', 'bundle.mjs'), folder]);
afterAll(() => rmSync(folder, { recursive: true }));

const aws = useDeployment();

beforeEach(() => aws.localAws.reset());

/** The settings; the function has the made-up type and, if it is told so, less time than they take. */
function settings(regions: string[], { hurried = false, serviceTimeout = 120, TurnOffOnDelete = true } = {}) {
  return (stack: Stack) => {
    const token = new CfnParameter(stack, 'Token', { noEcho: true });
    const secret = new Secret(stack, 'Kept', { removalPolicy: RemovalPolicy.DESTROY });
    const resource = new ManagedResource(stack, 'Settings', {
      definition: madeUp,
      properties: {
        LinuxSubscriptionsDiscovery: 'Enabled', SourceRegions: regions, SecretArn: secret.secretArn, Token: token.valueAsString, TurnOffOnDelete,
      },
    });
    (resource.node.defaultChild as any).addPropertyOverride('ServiceTimeout', String(serviceTimeout));
    const [fn] = stack.node.findAll().filter((it): it is CfnFunction => CfnFunction.isCfnFunction(it));
    const code = new Asset(stack, 'Code', { path: folder });
    fn.code = { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey };
    fn.timeout = hurried ? 37 : 900;
  };
}

const flags = ['--parameters', `Token=${TOKEN}`];

async function state(): Promise<any> {
  const { endpoint, account, region } = aws.localAws;
  const response = await fetch(`${endpoint}/subscription/GetServiceSettings`, {
    method: 'POST',
    headers: { ...credentials(account, region), 'content-type': 'application/json' },
    body: '{}',
  });
  return response.json();
}

function credentials(account: string, region: string) {
  return { authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/${SERVICE}/aws4_request, SignedHeaders=host, Signature=x` };
}

test('deploys, changes, fails, rolls back, and goes', async () => {
  expect(await aws.deploy('MadeUp', settings(['us-east-1']), { flags })).toMatchObject({ succeeded: true });
  expect(await state()).toMatchObject({ LinuxSubscriptionsDiscovery: 'Enabled', LinuxSubscriptionsDiscoverySettings: { SourceRegions: ['us-east-1'] } });

  expect(await aws.deploy('MadeUp', settings(['us-east-1', 'eu-west-1']), { flags })).toMatchObject({ succeeded: true });
  expect((await state()).LinuxSubscriptionsDiscoverySettings.SourceRegions).toEqual(['us-east-1', 'eu-west-1']);

  await aws.localAws.seed({ settings: { linuxSubscriptionsFailure: `Denied for ${TOKEN}` } });
  const failed = await aws.deploy('MadeUp', settings(['us-east-1', 'us-west-2']), { flags });
  expect(failed.succeeded).toBe(false);
  expect((await aws.failures('MadeUp')).join()).toContain('the settings could not be changed');
  expect(`${failed.output} ${(await aws.failures('MadeUp')).join()}`).not.toContain('quoted');
  await aws.localAws.seed({ settings: { linuxSubscriptionsFailure: '' } });

  expect(await aws.destroy('MadeUp')).toMatchObject({ succeeded: true });
  expect((await state()).LinuxSubscriptionsDiscovery).toBe('Disabled');
});

test('is waited for by one invocation after the other, none of which has the secret', async () => {
  // Each invocation looks for two seconds.
  await aws.localAws.seed({ settings: { linuxSubscriptionsReads: 80 } });
  expect(await aws.deploy('Patient', settings(['us-east-1'], { hurried: true }), { flags })).toMatchObject({ succeeded: true });
  expect((await state()).Status).toBe('Completed');
  const handedOn = (await aws.localAws.calls({ service: 'lambda' })).filter(({ operation }) => /^Invoke/.test(operation));
  expect(handedOn.length).toBeGreaterThan(1);
  expect(JSON.stringify(handedOn)).not.toContain('quoted');
  expect(await aws.destroy('Patient')).toMatchObject({ succeeded: true });
  expect((await state()).LinuxSubscriptionsDiscovery).toBe('Disabled');
});

test('that does not settle fails within its time, and is rolled back', async () => {
  await aws.localAws.seed({ settings: { linuxSubscriptionsReads: 1_000 } });
  const result = await aws.deploy('Hanging', settings(['us-east-1'], { serviceTimeout: 45, TurnOffOnDelete: false }), { flags });
  expect(result.succeeded).toBe(false);
  expect((await aws.failures('Hanging')).join()).toContain('the settings are being changed, and has not finished within');
});
