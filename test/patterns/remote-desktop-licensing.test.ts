import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DirectoryUser, LicenseManagerFeature, patterns, ServiceLinkedRole, UserDirectory } from '../../src';

const PROVIDER = 'Custom::LicenseManagerIdentityProvider';
const ENDPOINT = 'AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint';
const SUBSCRIPTION = 'Custom::LicenseManagerProductSubscription';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const licensing = (props: Partial<patterns.RemoteDesktopLicensingProps> = {}) => new patterns.RemoteDesktopLicensing(stack, 'Licensing', {
  directory: UserDirectory.awsManaged('d-0123456789'), ...props,
});
const idOf = (type: string) => Object.keys(Template.fromStack(stack).findResources(type))[0];

test('a directory is registered for Remote Desktop Services, and gets a license server with a password of its own', () => {
  const parts = licensing();
  const template = Template.fromStack(stack);

  template.hasResourceProperties(PROVIDER, { Product: 'REMOTE_DESKTOP_SERVICES', Directory: 'd-0123456789' });
  template.hasResourceProperties('Custom::LicenseManagerServiceLinkedRole', { AWSServiceName: 'license-manager-user-subscriptions.amazonaws.com' });
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"Administrator"}' }),
  });
  template.resourceCountIs(ENDPOINT, 1);
  template.resourceCountIs(SUBSCRIPTION, 0);
  template.resourceCountIs('AWS::Events::Rule', 0);
  expect([parts.network, parts.subscription, parts.rules]).toEqual([undefined, undefined, []]);
});

test('the password, and a secret that exists', () => {
  licensing({ administrator: { password: SecretValue.secretsManager('administrator', { jsonField: 'password' }) } });
  expect(JSON.stringify(Template.fromStack(stack))).toContain('{{resolve:secretsmanager:administrator:SecretString:password::}}');

  const other = new Stack(new App(), 'Other');
  const secret = Secret.fromSecretNameV2(other, 'Secret', 'license-manager-user-administrator');
  const parts = new patterns.RemoteDesktopLicensing(other, 'Licensing', { directory: UserDirectory.awsManaged('d-0123456789'), administratorSecret: secret });
  expect(parts.secret).toBe(secret);
  Template.fromStack(other).resourceCountIs('AWS::SecretsManager::Secret', 0);
});

test('two secrets of the administrator are refused', () => {
  const administratorSecret = Secret.fromSecretNameV2(stack, 'Secret', 'license-manager-user-administrator');

  expect(() => licensing({ administrator: {}, administratorSecret })).toThrow(
    "Stack/Licensing: administrator says how a secret is made, and administratorSecret names 'Stack/Secret': the license server has one. Leave one of the two out.");
});

test('users are subscribed', () => {
  const { subscription } = licensing({ users: [DirectoryUser.of('jane')] });
  subscription!.addUser(DirectoryUser.of('john'));

  Template.fromStack(stack).hasResourceProperties(SUBSCRIPTION, { Users: [Match.objectLike({ Username: 'jane' }), Match.objectLike({ Username: 'john' })] });
});

test('the rules of the network are there before the directory is registered', () => {
  const directory = SecurityGroup.fromSecurityGroupId(stack, 'Controllers', 'sg-0123456789abcdef0', { allowAllOutbound: false });
  licensing({ network: { directory, subnets: [Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-1', ipv4CidrBlock: '10.0.0.0/24' })] } });
  const template = Template.fromStack(stack);

  template.hasResource(PROVIDER, { DependsOn: Match.arrayWith([idOf('AWS::EC2::SecurityGroupIngress')]) });
});

test('a network that lacks something is refused by its name', () => {
  expect(() => licensing({ network: { subnets: [] } as any })).toThrow('Stack/Licensing: network is an object: it has to be an object with directory and subnets.');
});

test('a topic is told of what goes wrong, by rules that may publish', () => {
  const { rules } = licensing({ notificationTopic: new Topic(stack, 'Topic', { enforceSSL: true }) });
  const template = Template.fromStack(stack);
  const types = Object.values<any>(template.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties.EventPattern['detail-type'][0]);

  expect(rules).toHaveLength(5);
  expect(types.sort()).toEqual([
    'Identity Provider Registration Failed', 'Instance Unhealthy', 'License Server Endpoint Provisioning Failed', 'License Server Endpoint Unhealthy',
    'User Subscription Failed',
  ].map(it => expect.stringContaining(it)));
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'events.amazonaws.com' } })]) },
  });
});

test('the role of the stack is taken, if it has one', () => {
  const role = new ServiceLinkedRole(stack, 'Role', { feature: LicenseManagerFeature.USER_SUBSCRIPTIONS });

  expect(licensing().role).toBe(role);
});
