import { Duration, Fn, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnHost, CfnInstance, LaunchTemplate, SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import {
  AllowedOperation, AwsManagedRuleSet, ConsumptionConfiguration, DirectoryUser, Ec2BillingProduct, Entitlement, Grant, GrantPrincipal, HostLicenses,
  HostResourceGroup, IdentityProvider, InstanceMatch, License, LicenseAlarms, LicenseAssetGroup, LicenseAssetRule, LicenseAssetRuleSet, LicenseConfiguration,
  LicenseConfigurationMatch, LicenseConfigurationReportType, LicenseConfigurationStatus, LicenseConsumptionRole, LicenseConversionPath,
  LicenseConversionWorkflow, LicenseCounting, LicenseDashboard, LicensedResource, LicenseManagerFeature, LicenseManagerTopic,
  LicenseServerCredentials, LicenseServerEndpoint, LicenseServerNetwork, LicenseShare, LicenseToken, LicenseValidity, mixins, ProductSubscription,
  ReportFrequency, ReportGenerator, ReportGeneratorLocation, RhsmSecret, ServiceLinkedRole, SharePrincipal, SubscriptionProvider, UsageDimension,
  UsageExport, UsageReport, UserAssociation, UserDirectory, UserSubscriptionProduct,
} from 'cdk-license-manager';
import type { Construct } from 'constructs';

export interface LicenseEstateStackProps extends StackProps {
  /** How many cores were bought. */
  readonly licenseCount: number;
  /** The AMI that servers are launched from. */
  readonly imageId: string;
  /** The organization whose accounts may use the licenses. */
  readonly organizationArn: string;
  /** The directory of the people who work on the servers, of AWS Managed Microsoft AD. */
  readonly directoryId: string;
  /** The grant by which the account has got a license of somebody else's software. */
  readonly grantArn: string;
}

/**
 * What a platform team keeps in License Manager, one of each: licenses and the hosts that they count, groups of assets and reports on both,
 * a license of the team's own software for customers and one that it has bought, and the subscriptions of Linux and of Windows users.
 */
export class LicenseEstateStack extends Stack {
  constructor(scope: Construct, id: string, props: LicenseEstateStackProps) {
    super(scope, id, props);

    const notices = new LicenseManagerTopic(this, 'Notices', { removalPolicy: RemovalPolicy.DESTROY });
    LicenseAlarms.of(this).configure({ actions: [new SnsAction(notices)] });

    const windows = this.windowsServer(props);
    const hosts = this.hosts(windows);
    new LicenseShare(this, 'Share', {
      licenseConfigurations: [windows],
      hostResourceGroups: [hosts],
      principals: [SharePrincipal.fromOrganizationArn(props.organizationArn)],
    });
    const assets = this.assets(windows);
    this.reports(windows, assets);
    this.softwareForCustomers(notices);
    this.softwareOfSomebodyElse(props.grantArn);
    this.linuxSubscriptions();
    this.remoteDesktopLicenses(props.directoryId);
    this.watch(windows, assets, this.conversions());
  }

  /** The cores of an operating system, on the image that servers are launched from. */
  private windowsServer({ licenseCount, imageId }: LicenseEstateStackProps): LicenseConfiguration {
    const license = new LicenseConfiguration(this, 'WindowsServer', {
      description: 'Windows Server, licensed by physical core',
      licenseCounting: LicenseCounting.cores({ minimumCores: 8 }),
      licenseCount,
      status: LicenseConfigurationStatus.AVAILABLE,
      disassociateResourcesOnDelete: true,
    });
    license.addAssociation('GoldenImage', { resource: LicensedResource.fromMachineImageId(imageId) });
    license.addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90 });
    return license;
  }

  /** Dedicated Hosts for the license, and what is launched onto them. */
  private hosts(license: LicenseConfiguration): HostResourceGroup {
    const hosts = new HostResourceGroup(this, 'Hosts', {
      description: 'Windows Server with our own licenses',
      licenses: HostLicenses.only([license]),
      allowedHostFamilies: ['m5'],
      autoRecoverHosts: true,
    });
    hosts.addHost(new CfnHost(this, 'Host', { availabilityZone: Fn.select(0, Fn.getAzs()), instanceFamily: 'm5' }));

    // With the group come its licenses.
    new LaunchTemplate(this, 'LaunchTemplate', { requireImdsv2: true })
      .with(new mixins.LaunchTemplateHostPlacement(hosts));
    return hosts;
  }

  /** What runs with licenses of the team's own, and how much of it. */
  private assets(license: LicenseConfiguration): LicenseAssetGroup {
    const ownLicenses = new LicenseAssetRuleSet(this, 'OwnLicenses', {
      rules: [
        LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([license])),
        LicenseAssetRule.instances(InstanceMatch.ec2BillingProduct([Ec2BillingProduct.WINDOWS_BYOL])),
      ],
    });
    return new LicenseAssetGroup(this, 'WindowsAssets', {
      usageDimension: UsageDimension.VCPU,
      ruleSets: [
        ownLicenses,
        LicenseAssetRuleSet.fromAwsManaged(this, 'Datacenter', AwsManagedRuleSet.MICROSOFT_WINDOWS_SERVER_DATACENTER),
      ],
    });
  }

  /** What an auditor asks for. Whoever may take the role in the account reads the reports, and nothing else of the bucket. */
  private reports(license: LicenseConfiguration, assets: LicenseAssetGroup): void {
    const monthly = new ReportGenerator(this, 'MonthlyReport', {
      report: UsageReport.licenseConfigurations({
        licenseConfigurations: [license],
        types: [LicenseConfigurationReportType.SUMMARY, LicenseConfigurationReportType.USAGE],
        frequency: ReportFrequency.MONTHLY,
      }),
    });
    new ReportGenerator(this, 'AuditReport', {
      report: UsageReport.licenseAssetGroups({
        licenseAssetGroups: [assets],
        start: new Date('2026-01-01T00:00:00Z'),
        end: new Date('2026-06-30T00:00:00Z'),
      }),
    });
    const location = new ReportGeneratorLocation(this, 'MonthlyLocation', { reportGenerator: monthly });
    location.grants.read(new Role(this, 'Auditor', { assumedBy: new AccountRootPrincipal() }));
  }

  /**
   * A license of the team's own software, which the software checks out: in the account of a customer, to which the license is granted, and
   * where there is no account, by a token.
   */
  private softwareForCustomers(notificationTopic: LicenseManagerTopic): void {
    const signKey = new Key(this, 'SignKey', {
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.DESTROY, // nothing is borrowed any more when the license is gone
    });
    const license = new License(this, 'Software', {
      productName: 'Example Analytics',
      productSku: 'example-analytics',
      issuerName: 'Example Software',
      signKey,
      beneficiary: 'Example Customer',
      validity: LicenseValidity.between(new Date('2026-01-01T00:00:00Z'), new Date('2029-12-31T23:59:59Z')),
      entitlements: [Entitlement.counted('Seats', { maxCount: 50, allowCheckIn: true }), Entitlement.unlimited('Platinum')],
      consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
    });
    license.addGrant('Customer', {
      principal: GrantPrincipal.fromAccountId('444455556666'),
      allowedOperations: [AllowedOperation.LIST_PURCHASED_LICENSES, AllowedOperation.CHECKOUT_LICENSE, AllowedOperation.CHECK_IN_LICENSE],
    });

    // Somebody gives the token to the customer out of its secret, and another one when the topic tells that it ends.
    new LicenseToken(this, 'Token', {
      license,
      roles: [new LicenseConsumptionRole(this, 'SoftwareRole', { licenses: [license] })],
      notificationTopic,
    });
  }

  /** A license of somebody else's software: it can be used when its grant is accepted and activated. */
  private softwareOfSomebodyElse(grantArn: string): void {
    Grant.fromGrantArn(this, 'Bought', grantArn).accept(this, 'Acceptance');
  }

  /** Red Hat subscriptions: somebody puts the offline token into the secret when the stack is deployed. */
  private linuxSubscriptions(): void {
    new SubscriptionProvider(this, 'RedHat', { secret: new RhsmSecret(this, 'OfflineToken') });
  }

  /** Remote Desktop licenses for the users of a directory: who is subscribed, who works where, and the server that issues them. */
  private remoteDesktopLicenses(directoryId: string): void {
    new ServiceLinkedRole(this, 'UserSubscriptionsRole', { feature: LicenseManagerFeature.USER_SUBSCRIPTIONS });
    const identityProvider = new IdentityProvider(this, 'Directory', {
      product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
      directory: UserDirectory.awsManaged(directoryId),
    });
    const jane = DirectoryUser.of('jane');
    new ProductSubscription(this, 'RemoteDesktopUsers', { identityProvider, users: [jane] });
    new UserAssociation(this, 'OnDesktop', {
      identityProvider, instance: CfnInstance.fromInstanceId(this, 'Desktop', 'i-0abcdef1234567890'), users: [jane],
    });

    const subnet = Subnet.fromSubnetAttributes(this, 'DirectorySubnet', {
      subnetId: 'subnet-0abcdef1234567890', ipv4CidrBlock: '10.0.0.0/24', routeTableId: 'rtb-0abcdef1234567890',
    });
    const network = new LicenseServerNetwork(this, 'Network', {
      directory: SecurityGroup.fromSecurityGroupId(this, 'DomainControllers', 'sg-0abcdef1234567890', { allowAllOutbound: false }),
      subnets: [subnet],
    });
    const endpoint = new LicenseServerEndpoint(this, 'LicenseServer', {
      identityProvider,
      credentials: new LicenseServerCredentials(this, 'Administrator'),
    });
    endpoint.node.addDependency(network);
  }

  /** Servers change from licenses of the team's own to those of AWS: which ones, says who starts the workflow. */
  private conversions(): LicenseConversionWorkflow {
    return new LicenseConversionWorkflow(this, 'ToIncluded', {
      path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED,
      stopInstances: true,
      maximumFailures: 3,
    });
  }

  /** What an auditor asks for in years to come, and what the team looks at every day. */
  private watch(license: LicenseConfiguration, assets: LicenseAssetGroup, conversions: LicenseConversionWorkflow): void {
    const audit = new UsageExport(this, 'Audit', { licenseConfigurations: [license], licenseAssetGroups: [assets], athena: true });
    license.addHeadroomAlarm('FewLeft', { licensesLeft: 8 });
    new LicenseDashboard(this, 'Dashboard', {
      licenseConfigurations: [license],
      licenseAssetGroups: [assets],
      stateMachines: [audit.stateMachine, conversions.stateMachine],
    });
  }
}
