import { App, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Peer, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describeStacks, ENV } from './stacks';
import { IdentityProvider, LicenseServerCredentials, LicenseServerEndpoint, LicenseServerNetwork } from '../../src';

const IDENTITY_PROVIDER = `arn:aws:license-manager-user-subscriptions:us-east-1:${ENV.account}:identity-provider/idp-0123456789abcdef0`;
const ENDPOINT = 'AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint';

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'UserSubscriptions', { env: ENV });
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a', 'us-east-1b'] });
  const network = new LicenseServerNetwork(stack, 'Network', {
    directory: SecurityGroup.fromSecurityGroupId(stack, 'Controllers', 'sg-0123456789abcdef0', { allowAllOutbound: false }),
    subnets: ['10.0.0.0/24', '10.0.1.0/24'].map((ipv4CidrBlock, index) =>
      Subnet.fromSubnetAttributes(stack, `Subnet${index}`, { subnetId: `subnet-0123456789abcdef${index}`, ipv4CidrBlock })),
    instances: new SecurityGroup(stack, 'Instances', { vpc, allowAllOutbound: false, description: 'Instances of the users' }),
    vpcEndpoints: new SecurityGroup(stack, 'Activation', { vpc, allowAllOutbound: false, description: 'Endpoints for activation' }),
    remoteDesktopClients: [Peer.ipv4('192.0.2.0/24')],
  });
  const endpoint = new LicenseServerEndpoint(stack, 'LicenseServer', {
    identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'Directory', IDENTITY_PROVIDER),
    credentials: new LicenseServerCredentials(stack, 'Administrator', {
      secretName: 'license-manager-user-administrator',
      description: 'Administrator of the domain',
      password: SecretValue.secretsManager('domain', { jsonField: 'password' }),
      encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
    }),
  });
  endpoint.node.addDependency(network);
  Tags.of(endpoint).add('cost-center', '4711');
  endpoint.grants.read(Role.fromRoleName(stack, 'Auditor', 'auditor'));
  return stack;
}

/** The constructs with nothing but what they require. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  new LicenseServerEndpoint(stack, 'LicenseServer', {
    identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'Directory', IDENTITY_PROVIDER), credentials: new LicenseServerCredentials(stack, 'Administrator'),
  });
  return stack;
}

describeStacks({
  'everything of user-based subscriptions': {
    define: everything,
    check: (template) => {
      template.hasResourceProperties('AWS::SecretsManager::Secret', {
        SecretString: '{"username":"Administrator","password":"{{resolve:secretsmanager:domain:SecretString:password::}}"}',
      });
      template.hasResource(ENDPOINT, { DependsOn: Match.anyValue(), Properties: { Tags: [{ Key: 'cost-center', Value: '4711' }] } });
      template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 3 * 12 + 1);
    },
    // The list of endpoints has no resource type in IAM; the policy is the user's.
    ofTheUser: ['UserSubscriptions/Auditor'],
  },
  'the defaults of user-based subscriptions': {
    define: defaults,
    check: (template) => {
      template.hasResourceProperties('AWS::SecretsManager::Secret', {
        Name: Match.stringLikeRegexp('^license-manager-user-Defaults-Administrator-'),
        SecretString: Match.absent(),
        GenerateSecretString: { GenerateStringKey: 'password' },
      });
      template.resourceCountIs(ENDPOINT, 1);
    },
  },
});
