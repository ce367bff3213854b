package com.myorg;

import io.github.cdklicensemanager.AllowedOperation;
import io.github.cdklicensemanager.AwsManagedRuleSet;
import io.github.cdklicensemanager.ConsumptionConfiguration;
import io.github.cdklicensemanager.ConsumptionOptions;
import io.github.cdklicensemanager.CoreLicenseRules;
import io.github.cdklicensemanager.CountedEntitlementOptions;
import io.github.cdklicensemanager.DirectoryUser;
import io.github.cdklicensemanager.Ec2BillingProduct;
import io.github.cdklicensemanager.Entitlement;
import io.github.cdklicensemanager.Grant;
import io.github.cdklicensemanager.GrantOptions;
import io.github.cdklicensemanager.GrantPrincipal;
import io.github.cdklicensemanager.HeadroomAlarmOptions;
import io.github.cdklicensemanager.HostLicenses;
import io.github.cdklicensemanager.HostResourceGroup;
import io.github.cdklicensemanager.IdentityProvider;
import io.github.cdklicensemanager.InstanceMatch;
import io.github.cdklicensemanager.License;
import io.github.cdklicensemanager.LicenseAlarmsOptions;
import io.github.cdklicensemanager.LicenseAlarms;
import io.github.cdklicensemanager.LicenseAssetGroup;
import io.github.cdklicensemanager.LicenseAssetGroupReportOptions;
import io.github.cdklicensemanager.LicenseAssetRule;
import io.github.cdklicensemanager.LicenseAssetRuleSet;
import io.github.cdklicensemanager.LicenseConfiguration;
import io.github.cdklicensemanager.LicenseConfigurationAssociationOptions;
import io.github.cdklicensemanager.LicenseConfigurationMatch;
import io.github.cdklicensemanager.LicenseConfigurationReportOptions;
import io.github.cdklicensemanager.LicenseConfigurationReportType;
import io.github.cdklicensemanager.LicenseConfigurationStatus;
import io.github.cdklicensemanager.LicenseConsumptionRole;
import io.github.cdklicensemanager.LicenseConversionPath;
import io.github.cdklicensemanager.LicenseConversionWorkflow;
import io.github.cdklicensemanager.LicenseCounting;
import io.github.cdklicensemanager.LicenseDashboard;
import io.github.cdklicensemanager.LicenseManagerFeature;
import io.github.cdklicensemanager.LicenseManagerTopic;
import io.github.cdklicensemanager.LicenseServerCredentials;
import io.github.cdklicensemanager.LicenseServerEndpoint;
import io.github.cdklicensemanager.LicenseServerNetwork;
import io.github.cdklicensemanager.LicenseShare;
import io.github.cdklicensemanager.LicenseToken;
import io.github.cdklicensemanager.LicenseValidity;
import io.github.cdklicensemanager.LicensedResource;
import io.github.cdklicensemanager.ProductSubscription;
import io.github.cdklicensemanager.ReportFrequency;
import io.github.cdklicensemanager.ReportGenerator;
import io.github.cdklicensemanager.ReportGeneratorLocation;
import io.github.cdklicensemanager.RhsmSecret;
import io.github.cdklicensemanager.ServiceLinkedRole;
import io.github.cdklicensemanager.SharePrincipal;
import io.github.cdklicensemanager.SubscriptionProvider;
import io.github.cdklicensemanager.UsageAlarmOptions;
import io.github.cdklicensemanager.UsageDimension;
import io.github.cdklicensemanager.UsageExport;
import io.github.cdklicensemanager.UsageReport;
import io.github.cdklicensemanager.UserAssociation;
import io.github.cdklicensemanager.UserDirectory;
import io.github.cdklicensemanager.UserSubscriptionProduct;
import io.github.cdklicensemanager.mixins.LaunchTemplateHostPlacement;
import java.time.Instant;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.ec2.CfnHost;
import software.amazon.awscdk.services.ec2.CfnInstance;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.LaunchTemplate;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SecurityGroupImportOptions;
import software.amazon.awscdk.services.ec2.Subnet;
import software.amazon.awscdk.services.ec2.SubnetAttributes;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.kms.KeySpec;
import software.amazon.awscdk.services.kms.KeyUsage;
import software.constructs.Construct;

/**
 * What a platform team keeps in License Manager, one of each: licenses and the hosts that they count, groups of assets and
 * reports on both, a license of the team's own software for customers and one that it has bought, and the subscriptions of
 * Linux and of Windows users.
 */
public class LicenseEstateStack extends Stack {
    /**
     * What differs from customer to customer.
     *
     * @param licenseCount    how many cores were bought
     * @param imageId         the AMI that servers are launched from
     * @param organizationArn the organization whose accounts may use the licenses
     * @param directoryId     the directory of the people who work on the servers, of AWS Managed Microsoft AD
     * @param grantArn        the grant by which the account has got a license of somebody else's software
     */
    public record Settings(
            int licenseCount, String imageId, String organizationArn, String directoryId, String grantArn) {}

    public LicenseEstateStack(
            final Construct scope, final String id, final Settings settings, final StackProps props) {
        super(scope, id, props);

        final LicenseManagerTopic notices = LicenseManagerTopic.Builder.create(this, "Notices")
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        LicenseAlarms.of(this).configure(LicenseAlarmsOptions.builder().actions(List.of(new SnsAction(notices))).build());

        final LicenseConfiguration windows = windowsServer(settings);
        final HostResourceGroup hosts = hosts(windows);
        LicenseShare.Builder.create(this, "Share")
                .licenseConfigurations(List.of(windows))
                .hostResourceGroups(List.of(hosts))
                .principals(List.of(SharePrincipal.fromOrganizationArn(settings.organizationArn())))
                .build();
        final LicenseAssetGroup assets = assets(windows);
        reports(windows, assets);
        softwareForCustomers(notices);
        softwareOfSomebodyElse(settings.grantArn());
        linuxSubscriptions();
        remoteDesktopLicenses(settings.directoryId());
        watch(windows, assets, conversions());
    }

    /** The cores of an operating system, on the image that servers are launched from. */
    private LicenseConfiguration windowsServer(final Settings settings) {
        final LicenseConfiguration license = LicenseConfiguration.Builder.create(this, "WindowsServer")
                .description("Windows Server, licensed by physical core")
                .licenseCounting(LicenseCounting.cores(CoreLicenseRules.builder().minimumCores(8).build()))
                .licenseCount(settings.licenseCount())
                .status(LicenseConfigurationStatus.AVAILABLE)
                .disassociateResourcesOnDelete(true)
                .build();
        license.addAssociation("GoldenImage", LicenseConfigurationAssociationOptions.builder()
                .resource(LicensedResource.fromMachineImageId(settings.imageId()))
                .build());
        license.addUsageAlarm("NearlyUsedUp", UsageAlarmOptions.builder().thresholdPercent(90).build());
        return license;
    }

    /** Dedicated Hosts for the license, and what is launched onto them. */
    private HostResourceGroup hosts(final LicenseConfiguration license) {
        final HostResourceGroup hosts = HostResourceGroup.Builder.create(this, "Hosts")
                .description("Windows Server with our own licenses")
                .licenses(HostLicenses.only(List.of(license)))
                .allowedHostFamilies(List.of("m5"))
                .autoRecoverHosts(true)
                .build();
        hosts.addHost(CfnHost.Builder.create(this, "Host")
                .availabilityZone(Fn.select(0, Fn.getAzs()))
                .instanceFamily("m5")
                .build());

        // With the group come its licenses.
        LaunchTemplate.Builder.create(this, "LaunchTemplate")
                .requireImdsv2(true)
                .build()
                .with(new LaunchTemplateHostPlacement(hosts));
        return hosts;
    }

    /** What runs with licenses of the team's own, and how much of it. */
    private LicenseAssetGroup assets(final LicenseConfiguration license) {
        final LicenseAssetRuleSet ownLicenses = LicenseAssetRuleSet.Builder.create(this, "OwnLicenses")
                .rules(List.of(
                        LicenseAssetRule.licenseConfigurations(
                                LicenseConfigurationMatch.licenseConfiguration(List.of(license))),
                        LicenseAssetRule.instances(
                                InstanceMatch.ec2BillingProduct(List.of(Ec2BillingProduct.WINDOWS_BYOL)))))
                .build();
        return LicenseAssetGroup.Builder.create(this, "WindowsAssets")
                .usageDimension(UsageDimension.VCPU)
                .ruleSets(List.of(
                        ownLicenses,
                        LicenseAssetRuleSet.fromAwsManaged(
                                this, "Datacenter", AwsManagedRuleSet.MICROSOFT_WINDOWS_SERVER_DATACENTER)))
                .build();
    }

    /**
     * What an auditor asks for. Whoever may take the role in the account reads the reports, and nothing else of the bucket.
     */
    private void reports(final LicenseConfiguration license, final LicenseAssetGroup assets) {
        final ReportGenerator monthly = ReportGenerator.Builder.create(this, "MonthlyReport")
                .report(UsageReport.licenseConfigurations(LicenseConfigurationReportOptions.builder()
                        .licenseConfigurations(List.of(license))
                        .types(List.of(LicenseConfigurationReportType.SUMMARY, LicenseConfigurationReportType.USAGE))
                        .frequency(ReportFrequency.MONTHLY)
                        .build()))
                .build();
        ReportGenerator.Builder.create(this, "AuditReport")
                .report(UsageReport.licenseAssetGroups(LicenseAssetGroupReportOptions.builder()
                        .licenseAssetGroups(List.of(assets))
                        .start(Instant.parse("2026-01-01T00:00:00Z"))
                        .end(Instant.parse("2026-06-30T00:00:00Z"))
                        .build()))
                .build();
        final ReportGeneratorLocation location = ReportGeneratorLocation.Builder.create(this, "MonthlyLocation")
                .reportGenerator(monthly)
                .build();
        location.getGrants().read(Role.Builder.create(this, "Auditor").assumedBy(new AccountRootPrincipal()).build());
    }

    /**
     * A license of the team's own software, which the software checks out: in the account of a customer, to which the license
     * is granted, and where there is no account, by a token.
     */
    private void softwareForCustomers(final LicenseManagerTopic notices) {
        final Key signKey = Key.Builder.create(this, "SignKey")
                .keySpec(KeySpec.RSA_2048)
                .keyUsage(KeyUsage.SIGN_VERIFY)
                // Nothing is borrowed any more when the license is gone.
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        final License license = License.Builder.create(this, "Software")
                .productName("Example Analytics")
                .productSku("example-analytics")
                .issuerName("Example Software")
                .signKey(signKey)
                .beneficiary("Example Customer")
                .validity(LicenseValidity.between(
                        Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2029-12-31T23:59:59Z")))
                .entitlements(List.of(
                        Entitlement.counted("Seats", CountedEntitlementOptions.builder()
                                .maxCount(50)
                                .allowCheckIn(true)
                                .build()),
                        Entitlement.unlimited("Platinum")))
                .consumptionConfiguration(ConsumptionConfiguration.provisional(ConsumptionOptions.builder()
                        .maxTimeToLive(Duration.hours(1))
                        .build()))
                .build();
        license.addGrant("Customer", GrantOptions.builder()
                .principal(GrantPrincipal.fromAccountId("444455556666"))
                .allowedOperations(List.of(
                        AllowedOperation.LIST_PURCHASED_LICENSES, AllowedOperation.CHECKOUT_LICENSE, AllowedOperation.CHECK_IN_LICENSE))
                .build());

        // Somebody gives the token to the customer out of its secret, and another one when the topic tells that it ends.
        LicenseToken.Builder.create(this, "Token")
                .license(license)
                .roles(List.of(LicenseConsumptionRole.Builder.create(this, "SoftwareRole")
                        .licenses(List.of(license))
                        .build()))
                .notificationTopic(notices)
                .build();
    }

    /** A license of somebody else's software: it can be used when its grant is accepted and activated. */
    private void softwareOfSomebodyElse(final String grantArn) {
        Grant.fromGrantArn(this, "Bought", grantArn).accept(this, "Acceptance");
    }

    /** Red Hat subscriptions: somebody puts the offline token into the secret when the stack is deployed. */
    private void linuxSubscriptions() {
        SubscriptionProvider.Builder.create(this, "RedHat")
                .secret(new RhsmSecret(this, "OfflineToken"))
                .build();
    }

    /** Remote Desktop licenses for the users of a directory: who is subscribed, who works where, and the server that issues them. */
    private void remoteDesktopLicenses(final String directoryId) {
        ServiceLinkedRole.Builder.create(this, "UserSubscriptionsRole")
                .feature(LicenseManagerFeature.USER_SUBSCRIPTIONS)
                .build();
        final IdentityProvider identityProvider = IdentityProvider.Builder.create(this, "Directory")
                .product(UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES)
                .directory(UserDirectory.awsManaged(directoryId))
                .build();
        final DirectoryUser jane = DirectoryUser.of("jane");
        ProductSubscription.Builder.create(this, "RemoteDesktopUsers")
                .identityProvider(identityProvider)
                .users(List.of(jane))
                .build();
        UserAssociation.Builder.create(this, "OnDesktop")
                .identityProvider(identityProvider)
                .instance(CfnInstance.fromInstanceId(this, "Desktop", "i-0abcdef1234567890"))
                .users(List.of(jane))
                .build();

        final ISubnet subnet = Subnet.fromSubnetAttributes(this, "DirectorySubnet", SubnetAttributes.builder()
                .subnetId("subnet-0abcdef1234567890")
                .ipv4CidrBlock("10.0.0.0/24")
                .routeTableId("rtb-0abcdef1234567890")
                .build());
        final LicenseServerNetwork network = LicenseServerNetwork.Builder.create(this, "Network")
                .directory(SecurityGroup.fromSecurityGroupId(this, "DomainControllers", "sg-0abcdef1234567890",
                        SecurityGroupImportOptions.builder().allowAllOutbound(false).build()))
                .subnets(List.of(subnet))
                .build();
        final LicenseServerEndpoint endpoint = LicenseServerEndpoint.Builder.create(this, "LicenseServer")
                .identityProvider(identityProvider)
                .credentials(new LicenseServerCredentials(this, "Administrator"))
                .build();
        endpoint.getNode().addDependency(network);
    }

    /** Servers change from licenses of the team's own to those of AWS: which ones, says who starts the workflow. */
    private LicenseConversionWorkflow conversions() {
        return LicenseConversionWorkflow.Builder.create(this, "ToIncluded")
                .path(LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED)
                .stopInstances(true)
                .maximumFailures(3)
                .build();
    }

    /** What an auditor asks for in years to come, and what the team looks at every day. */
    private void watch(final LicenseConfiguration license, final LicenseAssetGroup assets,
            final LicenseConversionWorkflow conversions) {
        final UsageExport audit = UsageExport.Builder.create(this, "Audit")
                .licenseConfigurations(List.of(license))
                .licenseAssetGroups(List.of(assets))
                .athena(true)
                .build();
        license.addHeadroomAlarm("FewLeft", HeadroomAlarmOptions.builder().licensesLeft(8).build());
        LicenseDashboard.Builder.create(this, "Dashboard")
                .licenseConfigurations(List.of(license))
                .licenseAssetGroups(List.of(assets))
                .stateMachines(List.of(audit.getStateMachine(), conversions.getStateMachine()))
                .build();
    }
}
