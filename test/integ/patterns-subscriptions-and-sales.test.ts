import { SecretValue, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { describeStacks, ENV } from './stacks';
import {
  DirectoryUser, Entitlement, GrantPrincipal, LicenseManagerTopic, LicenseValidity, LinuxSubscription, patterns, UserDirectory,
} from '../../src';

describeStacks({
  'the tracking of Linux subscriptions': {
    define: (app) => {
      const stack = new Stack(app, 'Linux', { env: ENV });
      new patterns.LinuxSubscriptionTracking(stack, 'Tracking', {
        redHat: {},
        alarms: { ManyServers: { subscription: LinuxSubscription.RHEL_BYOS, threshold: 100 } },
        notificationTopic: new LicenseManagerTopic(stack, 'Notices'),
      });
      return stack;
    },
    check: (template: Template) => {
      template.resourceCountIs('AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider', 1);
      template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
    },
  },
  'remote desktops, licensed by the user': {
    define: (app) => {
      const stack = new Stack(app, 'RemoteDesktop', { env: ENV });
      new patterns.RemoteDesktopLicensing(stack, 'Licensing', {
        directory: UserDirectory.awsManaged('d-0123456789'),
        users: [DirectoryUser.of('jane')],
        administrator: { password: SecretValue.secretsManager('domain-administrator', { jsonField: 'password' }) },
        network: {
          directory: SecurityGroup.fromSecurityGroupId(stack, 'Controllers', 'sg-0123456789abcdef0', { allowAllOutbound: false }),
          subnets: [Subnet.fromSubnetAttributes(stack, 'Subnet', {
            subnetId: 'subnet-0123456789abcdef0', ipv4CidrBlock: '10.0.0.0/24', routeTableId: 'rtb-0123456789abcdef0',
          })],
        },
        notificationTopic: new LicenseManagerTopic(stack, 'Notices'),
      });
      return stack;
    },
    check: (template: Template) => {
      template.resourceCountIs('AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint', 1);
      template.resourceCountIs('AWS::Events::Rule', 5);
    },
  },
  'a product that is sold': {
    define: (app) => {
      const stack = new Stack(app, 'Sales', { env: ENV });
      const product = new patterns.SoftwareProduct(stack, 'Analytics', {
        productName: 'Example Analytics',
        productSku: 'example-analytics',
        issuerName: 'Example Software',
        entitlements: [Entitlement.counted('Seats', { maxCount: 50, allowCheckIn: true })],
        validity: LicenseValidity.between(new Date('2027-01-01T00:00:00Z'), new Date('2029-12-31T23:59:59Z')),
        notificationTopic: new LicenseManagerTopic(stack, 'Notices'),
      });
      product.addCustomer('OnAws', { beneficiary: 'First Customer', principal: GrantPrincipal.fromAccountId('444455556666') });
      product.addCustomer('Elsewhere', { beneficiary: 'Second Customer' });
      return stack;
    },
    check: (template: Template) => {
      template.resourceCountIs('AWS::LicenseManager::License', 2);
      template.resourceCountIs('AWS::LicenseManager::Grant', 1);
      template.resourceCountIs('Custom::LicenseManagerLicenseToken', 1);
    },
  },
});
