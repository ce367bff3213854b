// Checks the API against the construct guidelines of aws-cdk.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

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
  // aws-cdk-lib's Bucket and Topic take these.
  'prefer-ref-interface:cdk-license-manager.LicenseManagerBucketProps.serverAccessLogsBucket',
  'prefer-ref-interface:cdk-license-manager.LicenseManagerTopicProps.masterKey',
  'prefer-ref-interface:cdk-license-manager.UsageExportProps.encryptionKey',
  // aws-cdk-lib's AutoScalingGroup takes it.
  'prefer-ref-interface:cdk-license-manager.patterns.WindowsByolFleetProps.vpc',
  'prefer-ref-interface:cdk-license-manager.patterns.MacFleetProps.vpc',
  // What is given to the fleet is a part of it, with metrics and grants, as the license is that it makes itself.
  'prefer-ref-interface:cdk-license-manager.patterns.WindowsByolFleetProps.licenseConfiguration',
  // A reference says nothing of the CIDR block.
  'prefer-ref-interface:cdk-license-manager.LicenseServerNetworkProps.subnets',
  // Group and share are named by what they are for, not by their types, which are those of all resource groups and shares.
  'props-physical-name:cdk-license-manager.HostResourceGroupProps',
  'props-physical-name:cdk-license-manager.LicenseShareProps',
  // They have no name.
  'props-physical-name:cdk-license-manager.SubscriptionProviderProps',
  'props-physical-name:cdk-license-manager.LicenseServerEndpointProps',
  // CloudFormation has no type for identity providers, so that they have neither a name nor a reference.
  'props-physical-name:cdk-license-manager.IdentityProviderProps',
  'interface-extends-ref:cdk-license-manager.IIdentityProvider',
  'prefer-ref-interface:cdk-license-manager.LicenseServerEndpointProps.identityProvider',
  'prefer-ref-interface:cdk-license-manager.ProductSubscriptionProps.identityProvider',
  'prefer-ref-interface:cdk-license-manager.UserAssociationProps.identityProvider',
];

const { status, error, stdout, stderr } = spawnSync(join(root, 'node_modules', '.bin', 'awslint'), ['--exclude', ...EXCLUDED], {
  cwd: root, encoding: 'utf8', maxBuffer: Infinity,
});
if (error) {throw error;}
// What is excluded it lists, too.
console.log(`${stdout}${stderr}`.split('\n').filter((line) => line && !line.includes('skipped: ')).join('\n'));
process.exit(status ?? 1);
