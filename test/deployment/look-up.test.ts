import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateLicenseConfigurationCommand, LicenseCountingType } from '@aws-sdk/client-license-manager';
import { Deployment } from './deployment';

jest.setTimeout(300_000);

const IMAGE_ARN = 'arn:aws:ec2:us-east-1::image/ami-0abcdef1234567890';
const ROOT = join(__dirname, '..', '..');
// The CLI runs an app in a process of its own, which has to read TypeScript.
const APP = `node --require ${join(ROOT, 'node_modules', 'ts-node', 'register', 'transpile-only')} ${join(__dirname, 'apps', 'look-up.ts')}`;

/** The licenses that the app's runs have seen, in their order. */
const found = (output: string) => [...output.matchAll(/^found (\S+ \S+)$/gm)].map(([, what]) => what);

describe('a license that is looked up by its name', () => {
  let aws: Deployment;

  beforeAll(async () => {
    process.env.TS_NODE_PROJECT = join(ROOT, 'test', 'tsconfig.json');
    aws = await Deployment.start();
    await aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }] });
  });
  afterAll(() => aws?.stop());

  const create = async (name: string, type: LicenseCountingType = 'Core') => (await aws.licenseManager.send(new CreateLicenseConfigurationCommand({
    Name: name, LicenseCountingType: type,
  }))).LicenseConfigurationArn!;
  const cdk = (command: string, name: string, folder: string) => aws.cdk([
    command, 'LookUp', '--app', APP, '--context', `licenseConfigurationName=${name}`, ...command === 'deploy' ? ['--require-approval', 'never'] : [],
  ], folder);
  const newFolder = () => mkdtempSync(join(aws.folder, 'app-'));

  test('is a made-up one in the first run and the real one in the second, is kept in cdk.context.json, and is used', async () => {
    const arn = await create('windows-server');
    await create('windows-server-2025', 'vCPU');
    const folder = newFolder();

    const result = await cdk('deploy', 'windows-server', folder);

    expect(result).toMatchObject({ succeeded: true });
    expect(found(result.output)).toEqual([
      `vCPU arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-${'0'.repeat(32)}`,
      `Core ${arn}`,
    ]);
    const context = JSON.parse(readFileSync(join(folder, 'cdk.context.json'), 'utf8'));
    expect(Object.values(context)).toEqual([
      [expect.objectContaining({ LicenseConfigurationArn: arn, LicenseCountingType: 'Core' })],
    ]);
    expect(await aws.associations(arn)).toEqual([IMAGE_ARN]);

    // Once found it is not asked for again.
    await aws.localAws.clearCalls();
    expect(found((await cdk('synth', 'windows-server', folder)).output)).toEqual([`Core ${arn}`]);
    expect(await aws.localAws.calls({ service: 'cloudcontrol' })).toEqual([]);
  });

  test('is an error that tells the way out when there is none', async () => {
    const result = await cdk('synth', 'linux', newFolder());

    expect(result.succeeded).toBe(false);
    expect(result.output).toBe('x');
  });

  test('is an error that tells the way out when there are several', async () => {
    await create('twins');
    await create('twins');

    const result = await cdk('synth', 'twins', newFolder());

    expect(result.succeeded).toBe(false);
    expect(result.output).toBe('x');
  });
});
