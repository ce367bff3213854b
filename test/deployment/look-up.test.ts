import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateLicenseConfigurationCommand, LicenseCountingType } from '@aws-sdk/client-license-manager';
import { Deployment } from './deployment';

const IMAGE_ARN = 'arn:aws:ec2:us-east-1::image/ami-0abcdef1234567890';
const ROOT = join(__dirname, '..', '..');
// The CLI runs an app in a process of its own, which has to read TypeScript.
const APP = `node --require ${join(ROOT, 'node_modules', 'ts-node', 'register', 'transpile-only')} ${join(__dirname, 'apps', 'look-up.ts')}`;

/** What the CLI keeps of its look-ups. */
const contextOf = (folder: string) => {
  const file = join(folder, 'cdk.context.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
};

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
    expect(Object.values(contextOf(folder))).toEqual([
      [expect.objectContaining({ LicenseConfigurationArn: arn, LicenseCountingType: 'Core' })],
    ]);
    expect(await aws.associations(arn)).toEqual([IMAGE_ARN]);

    // Once found it is not asked for again.
    await aws.localAws.clearCalls();
    expect(found((await cdk('synth', 'windows-server', folder)).output)).toEqual([`Core ${arn}`]);
    expect(await aws.localAws.calls({ service: 'cloudcontrol' })).toEqual([]);
  });

  test('is an error that tells the way out when there is none', async () => {
    const folder = newFolder();

    const result = await cdk('synth', 'linux', folder);

    expect(result.succeeded).toBe(false);
    expect(result.output).toContain('LookUp: the look-up \'License\' found no self-managed license with the name \'linux\' in 111122223333/us-east-1, ' +
      'exactly 1 is needed. Correct the name, create the self-managed license first, or import the license by its ARN ' +
      '(LicenseConfiguration.fromLicenseConfigurationArn).\n');
    // So that the next run looks again.
    expect(contextOf(folder)).toEqual({});
  });

  test('is an error that tells the way out when there are several', async () => {
    await create('twins');
    await create('twins');

    const result = await cdk('synth', 'twins', newFolder());

    expect(result.succeeded).toBe(false);
    expect(result.output).toContain('LookUp: the look-up \'License\' found more than one self-managed license with the name \'twins\' in ' +
      '111122223333/us-east-1, exactly 1 is needed. Rename the others, or import the license by its ARN ' +
      '(LicenseConfiguration.fromLicenseConfigurationArn).\n');
  });
});
