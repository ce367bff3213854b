/*
 * An account as people have clicked it together, taken under code without losing anything.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { useDeployment } from './deployment';
import { run } from '../../src/adopt/command';
import { stackClassIn, typeErrorsIn } from '../adopt/generated';
import { clickTogether, type ClickedEstate } from '../support/clicked-estate';

const STACK = 'AdoptedLicenses';
const VENV = join(__dirname, '..', '..', '.venv', process.platform === 'win32' ? 'Scripts' : 'bin');
const READS = /^(Get|List|Describe|BatchGet|Query|Scan|Head|Assume|Decode)/;
/** What a stack is made of beside what it manages: its own function, and what CloudFormation and the CLI do to deploy it. */
const OF_THE_STACK = ['cloudformation', 'cloudformation-response', 'lambda', 'iam', 's3', 'sts', 'logs', 'ssm', 'ecr'];

const aws = useDeployment();
let estate: ClickedEstate;

beforeAll(async () => {
  estate = await clickTogether(aws.localAws);
});

/** Runs the script with the AWS CLI. */
async function sh(script: string): Promise<{ code: number; errors: string }> {
  const file = openSync(join(aws.folder, 'inventory.json'), 'w');
  const child = spawn('sh', [script], {
    stdio: ['ignore', file, 'pipe'], env: { ...process.env, ...aws.localAws.env(), PATH: `${VENV}${delimiter}${process.env.PATH}` },
  });
  let errors = '';
  child.stderr!.on('data', chunk => { errors += chunk; });
  const code: number = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  closeSync(file);
  return { code, errors };
}

/** What was changed, in all services but those that a deployment is made of. */
async function changes(): Promise<string[]> {
  return (await aws.localAws.callsOfAllServices()).filter(({ service, operation }) => !OF_THE_STACK.includes(service) && !READS.test(operation)).map(({ service, operation }) => `${service} ${operation}`);
}

/** All that License Manager, AWS RAM and Resource Groups have, without the tags that CloudFormation puts on what is in a stack. */
async function whatThereIs(): Promise<unknown> {
  const { licenseConfigurations, reportGenerators, licenses, grants, receivedGrants, tokens } = await aws.localAws.state();
  const plain = JSON.stringify({ licenseConfigurations, reportGenerators, licenses, grants, receivedGrants, tokens }, (key, value) =>
    key === 'Tags' && Array.isArray(value) ? value.filter(tag => !tag.Key.startsWith('aws:')) : value);
  return JSON.parse(plain);
}

test('an estate of 30 licenses, and all that hangs on them, is adopted, imported, and nobody writes to it', async () => {
  expect(estate.licenses).toHaveLength(30);
  const script = join(aws.folder, 'inventory.sh');
  let text = '';
  run(['inventory'], { print: it => { text += it; }, warn: it => { throw new Error(it); }, readInput: () => undefined, folder: aws.folder });
  writeFileSync(script, text);
  await aws.localAws.clearCalls();
  expect(await sh(script)).toEqual({ code: 0, errors: '' });
  // The inventory itself has read, and nothing else.
  expect(await changes()).toEqual([]);
  const before = await whatThereIs();

  const output = join(aws.folder, 'adopted');
  mkdirSync(output);
  const said: string[] = [];
  const code = run(['adopt', '--output', 'adopted', 'inventory.json'], {
    print: it => said.push(it), warn: it => said.push(it), readInput: () => undefined, folder: aws.folder,
  });
  expect({ code, said: said.join('') }).toMatchObject({ code: 0, said: expect.stringContaining('43 to import, 9 to take over in place') });
  const mapping = JSON.parse(readFileSync(join(output, 'import-map.json'), 'utf8'));
  const licenseArns = Object.values<any>(mapping).map(({ LicenseConfigurationArn }) => LicenseConfigurationArn).filter(arn => arn !== undefined);
  expect(licenseArns.sort()).toEqual([...estate.licenses].sort());

  expect(typeErrorsIn(join(output, 'app.ts'))).toEqual([]);
  const StackClass = stackClassIn(readFileSync(join(output, 'adopted-licenses-stack.ts'), 'utf8'));
  const app = aws.synthesize(STACK, () => undefined, { make: (scope, id, props) => new StackClass(scope, id, props) });
  await aws.localAws.clearCalls();

  const imported = await aws.cdk(['import', STACK, '--app', app, '--resource-mapping', join(output, 'import-map.json')]);
  expect(imported).toMatchObject({ succeeded: true });
  expect(await aws.physicalIds(STACK, 'AWS::LicenseManager::LicenseConfiguration')).toHaveLength(30);
  expect(await changes()).toEqual([]);
  expect(await whatThereIs()).toEqual(before);

  const deployed = await aws.cdk(['deploy', STACK, '--app', app, '--require-approval', 'never', '--progress', 'events']);
  expect(deployed).toMatchObject({ succeeded: true });
  expect(await changes()).toEqual([]);
  expect(await whatThereIs()).toEqual(before);

  const diff = await aws.cdk(['diff', STACK, '--app', app, '--fail']);
  expect(diff).toMatchObject({ succeeded: true });
  expect(diff.output).toContain('There were no differences');

  // Who changes his mind loses nothing.
  expect(await aws.destroy(STACK)).toMatchObject({ succeeded: true });
  expect(await whatThereIs()).toEqual(before);
});

test('what Terraform manages is adopted from its state, imported, and nobody writes to it', async () => {
  const { licenseConfigurations } = await aws.localAws.state();
  const [sql, windows] = ['SQL-Server', '2022-datacenter'].map(name => licenseConfigurations.find(it => it.Name === name)!);
  const image = `arn:aws:ec2:${aws.localAws.region}::image/${estate.images.own}`;
  const license = (it: { [name: string]: any }) => ({
    address: `aws_licensemanager_license_configuration.${it.LicenseConfigurationId}`,
    mode: 'managed',
    type: 'aws_licensemanager_license_configuration',
    name: it.LicenseConfigurationId,
    values: {
      arn: it.LicenseConfigurationArn,
      id: it.LicenseConfigurationArn,
      name: it.Name,
      description: it.Description ?? '',
      license_count: it.LicenseCount ?? 0,
      license_count_hard_limit: it.LicenseCountHardLimit,
      license_counting_type: it.LicenseCountingType,
      license_rules: it.LicenseRules,
      owner_account_id: it.OwnerAccountId,
      tags: {},
      tags_all: Object.fromEntries((it.Tags ?? []).filter(({ Key }: { Key: string }) => !Key.startsWith('aws:')).map(({ Key, Value }: any) => [Key, Value])),
    },
  });
  const association = {
    address: 'aws_licensemanager_association.image',
    mode: 'managed',
    type: 'aws_licensemanager_association',
    name: 'image',
    values: { id: `${image},${sql.LicenseConfigurationArn}`, license_configuration_arn: sql.LicenseConfigurationArn, resource_arn: image },
  };
  const state = { format_version: '1.0', terraform_version: '1.9.0', values: { root_module: { resources: [license(sql), license(windows), association] } } };
  writeFileSync(join(aws.folder, 'state.json'), JSON.stringify(state));
  const said: string[] = [];
  const print = (text: string) => said.push(text);
  const code = run(['adopt', '--output', 'terraform', '--stack', 'FromTerraform', 'state.json'], { print, warn: print, readInput: () => undefined, folder: aws.folder });
  expect({ code, said: said.join('') }).toMatchObject({ code: 0, said: expect.stringContaining('2 to import, 1 to take over in place') });

  const before = await whatThereIs();
  const StackClass = stackClassIn(readFileSync(join(aws.folder, 'terraform', 'from-terraform-stack.ts'), 'utf8'));
  const app = aws.synthesize('FromTerraform', () => undefined, { make: (scope, id, props) => new StackClass(scope, id, props) });
  await aws.localAws.clearCalls();
  const mapping = join(aws.folder, 'terraform', 'import-map.json');
  expect(await aws.cdk(['import', 'FromTerraform', '--app', app, '--resource-mapping', mapping])).toMatchObject({ succeeded: true });
  expect(await aws.cdk(['deploy', 'FromTerraform', '--app', app, '--require-approval', 'never'])).toMatchObject({ succeeded: true });
  expect(await aws.cdk(['diff', 'FromTerraform', '--app', app, '--fail'])).toMatchObject({ succeeded: true });
  expect(await changes()).toEqual([]);
  expect(await whatThereIs()).toEqual(before);
});
