import { App, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describeStacks, ENV } from './stacks';
import { RhsmSecret, SubscriptionProvider } from '../../src';

const TAG = { Key: 'LicenseManagerLinuxSubscriptions', Value: 'enabled' };

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'LinuxSubscriptions', { env: ENV });
  const secret = new RhsmSecret(stack, 'OfflineToken', {
    secretName: 'red-hat-offline-token',
    description: 'Token of the service account for subscriptions',
    offlineToken: SecretValue.secretsManager('vault', { jsonField: 'rhsm' }),
    encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
  });
  const provider = new SubscriptionProvider(stack, 'RedHat', { secret });
  Tags.of(provider).add('cost-center', '4711');
  provider.grants.read(Role.fromRoleName(stack, 'Auditor', 'auditor'));
  return stack;
}

/** The constructs with nothing but what they require. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  new SubscriptionProvider(stack, 'RedHat', { secret: new RhsmSecret(stack, 'OfflineToken') });
  return stack;
}

describeStacks({
  'everything of Linux subscriptions': {
    define: everything,
    check: (template) => {
      template.hasResourceProperties('AWS::SecretsManager::Secret', {
        SecretString: '{{resolve:secretsmanager:vault:SecretString:rhsm::}}', Tags: [TAG],
      });
      template.hasResourceProperties('AWS::KMS::Key', { Tags: [TAG] });
      template.resourceCountIs('AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider', 1);
    },
    // The list of providers has no resource type in IAM; the policy is the user's.
    ofTheUser: ['LinuxSubscriptions/Auditor'],
  },
  'the defaults of Linux subscriptions': {
    define: defaults,
    check: (template) => {
      template.hasResourceProperties('AWS::SecretsManager::Secret', {
        SecretString: Match.absent(), GenerateSecretString: Match.absent(), Tags: [TAG],
      });
      template.resourceCountIs('AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider', 1);
    },
  },
});
