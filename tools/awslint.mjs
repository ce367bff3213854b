// Checks the API against the construct guidelines of aws-cdk.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, '.cache', 'awslint');

/** Resources whose CloudFormation type has no class in the aws-cdk-lib that this library is built on: awslint breaks off at the first one. */
const WITHOUT_L1 = ['cdk-license-manager.LicenseServerEndpoint'];

/** What awslint would have otherwise, and why not. */
const EXCLUDED = [
  // It also lints what is inherited from aws-cdk-lib.
  'prefer-ref-interface:aws-cdk-lib.*',
  // Secrets of a kind are secrets, as aws-cdk-lib's own DatabaseSecret is one.
  'attribute-tag:cdk-license-manager.RhsmSecret.*',
  'attribute-tag:cdk-license-manager.LicenseServerCredentials.*',
  'resource-interface:cdk-license-manager.RhsmSecret',
  'resource-interface:cdk-license-manager.LicenseServerCredentials',
  // aws-cdk-lib's Secret takes these.
  'prefer-ref-interface:cdk-license-manager.RhsmSecretProps.encryptionKey',
  'prefer-ref-interface:cdk-license-manager.LicenseServerCredentialsProps.encryptionKey',
  // A reference says nothing of the CIDR block.
  'prefer-ref-interface:cdk-license-manager.LicenseServerNetworkProps.subnets',
  // Group and share are named by what they are for, not by their types, which are those of all resource groups and shares.
  'props-physical-name:cdk-license-manager.HostResourceGroupProps',
  'props-physical-name:cdk-license-manager.LicenseShareProps',
  // It has no name.
  'props-physical-name:cdk-license-manager.SubscriptionProviderProps',
  // There is no reference interface without a class.
  'interface-extends-ref:cdk-license-manager.ILicenseServerEndpoint',
];

const assembly = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8'));
for (const fqn of WITHOUT_L1) {
  if (!assembly.types[fqn]) {throw new Error(`${fqn} is no class of this library.`);}
  delete assembly.types[fqn];
}

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, '.jsii'), JSON.stringify(assembly));
for (const file of ['package.json', 'README.md']) {copyFileSync(join(root, file), join(folder, file));}
const { status, error, stdout, stderr } = spawnSync(join(root, 'node_modules', '.bin', 'awslint'), ['--exclude', ...EXCLUDED], {
  cwd: folder, encoding: 'utf8', maxBuffer: Infinity,
});
if (error) {throw error;}
// What is excluded it lists, too.
console.log(`${stdout}${stderr}`.split('\n').filter((line) => line && !line.includes('skipped: ')).join('\n'));
process.exit(status ?? 1);
