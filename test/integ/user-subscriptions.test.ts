import { App, Duration, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { CfnInstance, Peer, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describeStacks, ENV } from './stacks';
import {
  DirectoryUser, IdentityProvider, LicenseManagerFeature, LicenseServerCredentials, LicenseServerEndpoint, LicenseServerNetwork,
  ProductSubscription, ServiceLinkedRole, UserAssociation, UserDirectory, UserSubscriptionProduct,
} from '../../src';

const IDENTITY_PROVIDER = `arn:aws:license-manager-user-subscriptions:us-east-1:${ENV.account}:identity-provider/idp-0123456789abcdef0`;
const SUBSCRIPTION = 'Custom::LicenseManagerProductSubscription';
const ASSOCIATION = 'Custom::LicenseManagerUserAssociation';
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
  const credentials = new LicenseServerCredentials(stack, 'Administrator', {
    secretName: 'license-manager-user-administrator',
    description: 'Administrator of the domain',
    password: SecretValue.secretsManager('domain', { jsonField: 'password' }),
    encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
  });
  new ServiceLinkedRole(stack, 'ServiceLinkedRole', { feature: LicenseManagerFeature.USER_SUBSCRIPTIONS });
  const subnets = ['1', '2'].map(number =>
    Subnet.fromSubnetAttributes(stack, `Directory${number}`, { subnetId: `subnet-1123456789abcdef${number}`, routeTableId: 'rtb-0123456789abcdef0' }));
  const domain = new IdentityProvider(stack, 'Domain', {
    product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
    directory: UserDirectory.selfManaged({ domainName: 'corp.example.com', ipv4Addresses: ['10.0.0.10', '10.0.1.10'], credentials, subnets }),
    timeout: Duration.minutes(50),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Tags.of(domain).add('cost-center', '4711');
  const office = new IdentityProvider(stack, 'Office', {
    product: UserSubscriptionProduct.OFFICE_PROFESSIONAL_PLUS,
    directory: UserDirectory.awsManaged('d-0123456789'),
    activationEndpoints: { subnets, securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'ActivationOfOffice', 'sg-1123456789abcdef0') },
  });
  const users = [DirectoryUser.of('jane'), DirectoryUser.of('john', { domain: 'emea.corp.example.com' })];
  Tags.of(new ProductSubscription(stack, 'Subscribed', { identityProvider: office, users })).add('cost-center', '4711');
  const instance = new CfnInstance(stack, 'Desktop', {
    imageId: 'ami-0123456789abcdef0', instanceType: 'm5.large', disableApiTermination: true, monitoring: true,
  });
  new UserAssociation(stack, 'OnDesktop', { identityProvider: office, instance, users });
  const endpoint = new LicenseServerEndpoint(stack, 'LicenseServer', { identityProvider: domain, credentials });
  endpoint.node.addDependency(network);
  Tags.of(endpoint).add('cost-center', '4711');
  const auditor = Role.fromRoleName(stack, 'Auditor', 'auditor');
  endpoint.grants.read(auditor);
  office.grants.read(auditor);
  return stack;
}

/** The constructs with nothing but what they require. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  new LicenseServerEndpoint(stack, 'LicenseServer', {
    identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'Directory', IDENTITY_PROVIDER), credentials: new LicenseServerCredentials(stack, 'Administrator'),
  });
  const identityProvider = new IdentityProvider(stack, 'VisualStudio', {
    product: UserSubscriptionProduct.VISUAL_STUDIO_PROFESSIONAL, directory: UserDirectory.awsManaged('d-0123456789'),
  });
  new ProductSubscription(stack, 'Developers', { identityProvider, users: [DirectoryUser.of('jane')] });
  const instance = new CfnInstance(stack, 'Desktop', {
    imageId: 'ami-0123456789abcdef0', instanceType: 'm5.large', disableApiTermination: true, monitoring: true,
  });
  new UserAssociation(stack, 'OnDesktop', { identityProvider, instance, users: [DirectoryUser.of('jane')] });
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
      template.resourceCountIs('AWS::Lambda::Function', 2);
      template.hasResource('Custom::LicenseManagerIdentityProvider', {
        Properties: { ServiceTimeout: '3000', Directory: 'corp.example.com', Domain: { CredentialsArn: Match.anyValue() }, KeyArn: Match.anyValue() },
        DeletionPolicy: 'Retain',
      });
      template.hasResource(ASSOCIATION, { DependsOn: Match.arrayWith(Object.keys(template.findResources(SUBSCRIPTION))) });
    },
    // The lists of endpoints, directories and instances have no resource type in IAM; the policy is the user's, and so is the instance.
    ofTheUser: ['UserSubscriptions/Auditor', 'UserSubscriptions/Desktop'],
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
      template.allResourcesProperties('Custom::LicenseManagerIdentityProvider', { ServiceTimeout: '3600', Settings: Match.absent(), Tags: Match.absent() });
      template.allResourcesProperties(SUBSCRIPTION, { Users: [{ Username: 'jane' }], Tags: Match.absent() });
      template.allResourcesProperties(ASSOCIATION, { InstanceId: { Ref: 'Desktop' }, Users: [{ Username: 'jane' }] });
    },
    ofTheUser: ['Defaults/Desktop'],
  },
});
