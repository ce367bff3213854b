import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { LicenseManagerClient, ListLicenseConfigurationsCommand, CreateLicenseConfigurationCommand } from '@aws-sdk/client-license-manager';
import { LocalAws } from './local-aws';

let localAws: LocalAws;

beforeAll(async () => {
  localAws = await LocalAws.start({ account: '222233334444', region: 'eu-central-1' });
}, 120_000);

afterAll(() => localAws.stop());

beforeEach(() => localAws.reset());

const client = () => new LicenseManagerClient({ ...localAws.clientConfig, maxAttempts: 1 });

const create = () => client().send(new CreateLicenseConfigurationCommand({ Name: 'n', LicenseCountingType: 'Core' }));

test('the SDK finds License Manager, with the account and Region of the server', async () => {
  const { LicenseConfigurationArn } = await create();
  expect(LicenseConfigurationArn).toMatch(/^arn:aws:license-manager:eu-central-1:222233334444:license-configuration:lic-/);
  expect((await localAws.state()).licenseConfigurations).toHaveLength(1);
});

test('calls and faults are those of the account', async () => {
  await localAws.fault({ operation: 'CreateLicenseConfiguration', kind: 'throttle' });
  await expect(create()).rejects.toMatchObject({ name: 'RateLimitExceededException', $metadata: { httpStatusCode: 400 } });
  const other = localAws.as('333344445555');
  await new LicenseManagerClient(other.clientConfig).send(new ListLicenseConfigurationsCommand({}));
  expect((await localAws.calls()).map(({ operation, fault }) => [operation, fault])).toEqual([['CreateLicenseConfiguration', 'throttle']]);
  expect(await other.calls()).toHaveLength(1);
  expect(await localAws.faults()).toMatchObject([{ kind: 'throttle', seen: 1, hits: 1 }]);
  await localAws.clearFaults();
  await localAws.clearCalls();
  expect([...await localAws.faults(), ...await localAws.calls()]).toEqual([]);
});

test('a cut connection is an error of the network', async () => {
  await localAws.fault({ operation: 'CreateLicenseConfiguration', kind: 'cut-after' });
  await expect(create()).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect((await localAws.state()).licenseConfigurations).toHaveLength(1);
});

test('what a custom resource puts to its ResponseURL can be read', async () => {
  expect(await localAws.response('a/b')).toBeUndefined();
  await fetch(localAws.responseUrl('a/b'), { method: 'PUT', body: '{"Status":"SUCCESS"}' });
  expect(await localAws.response('a/b')).toEqual({ Status: 'SUCCESS' });
  expect(await localAws.calls({ service: 'cloudformation-response' })).toMatchObject([{ parameters: { Status: 'SUCCESS' }, status: 200 }]);
});

test('a mistake in a seed is told', async () => {
  await expect(localAws.seed({ resources: [{ arn: 'x' }] })).rejects.toThrow(/Resource ARN 'x' is not valid/);
});

test('the server ends with the process that started it', async () => {
  const script = `
    const { LocalAws } = await import(${JSON.stringify(join(__dirname, 'local-aws.ts'))});
    const localAws = await LocalAws.start();
    console.log(localAws.endpoint);
    process.kill(process.pid, 'SIGKILL');
  `;
  let endpoint = '';
  try {
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: join(__dirname, '..', '..'), encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    endpoint = String((error as { stdout: string }).stdout).trim();
  }
  expect(endpoint).toMatch(/^http:/);
  const deadline = Date.now() + 45_000;
  while (Date.now() < deadline && await fetch(endpoint).then(() => true, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await expect(fetch(endpoint)).rejects.toThrow();
}, 60_000);

test('each test gets an account of its own on the shared server', async () => {
  const one = LocalAws.shared();
  const two = LocalAws.shared('eu-central-1');
  await new LicenseManagerClient(one.clientConfig).send(new CreateLicenseConfigurationCommand({ Name: 'n', LicenseCountingType: 'Core' }));
  expect((await one.state()).licenseConfigurations).toHaveLength(1);
  expect((await two.state()).licenseConfigurations).toEqual([]);
  expect(one.account).toMatch(/^\d{12}$/);
});
