from datetime import datetime, timezone

from aws_cdk import (
    Duration,
    Fn,
    RemovalPolicy,
    Stack,
    aws_cloudwatch_actions as actions,
    aws_ec2 as ec2,
    aws_iam as iam,
    aws_kms as kms,
)
from cdk_license_manager import (
    AllowedOperation,
    AwsManagedRuleSet,
    ConsumptionConfiguration,
    DirectoryUser,
    Ec2BillingProduct,
    Entitlement,
    Grant,
    GrantPrincipal,
    HostLicenses,
    HostResourceGroup,
    IdentityProvider,
    InstanceMatch,
    License,
    LicenseAlarms,
    LicenseAssetGroup,
    LicenseAssetRule,
    LicenseAssetRuleSet,
    LicenseConfiguration,
    LicenseConfigurationMatch,
    LicenseConfigurationReportType,
    LicenseConfigurationStatus,
    LicenseConsumptionRole,
    LicenseConversionPath,
    LicenseConversionWorkflow,
    LicenseCounting,
    LicenseDashboard,
    LicensedResource,
    LicenseManagerFeature,
    LicenseManagerTopic,
    LicenseServerCredentials,
    LicenseServerEndpoint,
    LicenseServerNetwork,
    LicenseShare,
    LicenseToken,
    LicenseValidity,
    ProductSubscription,
    ReportFrequency,
    ReportGenerator,
    ReportGeneratorLocation,
    RhsmSecret,
    ServiceLinkedRole,
    SharePrincipal,
    SubscriptionProvider,
    UsageDimension,
    UsageExport,
    UsageReport,
    UserAssociation,
    UserDirectory,
    UserSubscriptionProduct,
    mixins,
)
from constructs import Construct


class LicenseEstateStack(Stack):
    """What a platform team keeps in License Manager, one of each.

    Licenses and the hosts that they count, groups of assets and reports on both, a license of the team's own software for
    customers and one that it has bought, and the subscriptions of Linux and of Windows users.

    :param license_count: how many cores were bought
    :param image_id: the AMI that servers are launched from
    :param organization_arn: the organization whose accounts may use the licenses
    :param directory_id: the directory of the people who work on the servers, of AWS Managed Microsoft AD
    :param grant_arn: the grant by which the account has got a license of somebody else's software
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        license_count: int,
        image_id: str,
        organization_arn: str,
        directory_id: str,
        grant_arn: str,
        **kwargs,
    ) -> None:
        super().__init__(scope, construct_id, **kwargs)

        notices = LicenseManagerTopic(self, "Notices", removal_policy=RemovalPolicy.DESTROY)
        LicenseAlarms.of(self).configure(actions=[actions.SnsAction(notices)])

        windows = self._windows_server(license_count, image_id)
        hosts = self._hosts(windows)
        LicenseShare(
            self,
            "Share",
            license_configurations=[windows],
            host_resource_groups=[hosts],
            principals=[SharePrincipal.from_organization_arn(organization_arn)],
        )
        assets = self._assets(windows)
        self._reports(windows, assets)
        self._software_for_customers(notices)
        self._software_of_somebody_else(grant_arn)
        self._linux_subscriptions()
        self._remote_desktop_licenses(directory_id)
        self._watch(windows, assets, self._conversions())

    def _windows_server(self, license_count: int, image_id: str) -> LicenseConfiguration:
        """The cores of an operating system, on the image that servers are launched from."""
        windows = LicenseConfiguration(
            self,
            "WindowsServer",
            description="Windows Server, licensed by physical core",
            license_counting=LicenseCounting.cores(minimum_cores=8),
            license_count=license_count,
            status=LicenseConfigurationStatus.AVAILABLE,
            disassociate_resources_on_delete=True,
        )
        windows.add_association("GoldenImage", resource=LicensedResource.from_machine_image_id(image_id))
        windows.add_usage_alarm("NearlyUsedUp", threshold_percent=90)
        return windows

    def _hosts(self, windows: LicenseConfiguration) -> HostResourceGroup:
        """Dedicated Hosts for the license, and what is launched onto them."""
        hosts = HostResourceGroup(
            self,
            "Hosts",
            description="Windows Server with our own licenses",
            licenses=HostLicenses.only([windows]),
            allowed_host_families=["m5"],
            auto_recover_hosts=True,
        )
        hosts.add_host(
            ec2.CfnHost(self, "Host", availability_zone=Fn.select(0, Fn.get_azs()), instance_family="m5")
        )

        # With the group come its licenses.
        ec2.LaunchTemplate(self, "LaunchTemplate", require_imdsv2=True).with_(
            mixins.LaunchTemplateHostPlacement(hosts)
        )
        return hosts

    def _assets(self, windows: LicenseConfiguration) -> LicenseAssetGroup:
        """What runs with licenses of the team's own, and how much of it."""
        own_licenses = LicenseAssetRuleSet(
            self,
            "OwnLicenses",
            rules=[
                LicenseAssetRule.license_configurations(LicenseConfigurationMatch.license_configuration([windows])),
                LicenseAssetRule.instances(InstanceMatch.ec2_billing_product([Ec2BillingProduct.WINDOWS_BYOL])),
            ],
        )
        return LicenseAssetGroup(
            self,
            "WindowsAssets",
            usage_dimension=UsageDimension.VCPU,
            rule_sets=[
                own_licenses,
                LicenseAssetRuleSet.from_aws_managed(
                    self, "Datacenter", AwsManagedRuleSet.MICROSOFT_WINDOWS_SERVER_DATACENTER
                ),
            ],
        )

    def _reports(self, windows: LicenseConfiguration, assets: LicenseAssetGroup) -> None:
        """What an auditor asks for.

        Whoever may take the role in the account reads the reports, and nothing else of the bucket.
        """
        monthly = ReportGenerator(
            self,
            "MonthlyReport",
            report=UsageReport.license_configurations(
                license_configurations=[windows],
                types=[LicenseConfigurationReportType.SUMMARY, LicenseConfigurationReportType.USAGE],
                frequency=ReportFrequency.MONTHLY,
            ),
        )
        ReportGenerator(
            self,
            "AuditReport",
            report=UsageReport.license_asset_groups(
                license_asset_groups=[assets],
                start=datetime(2026, 1, 1, tzinfo=timezone.utc),
                end=datetime(2026, 6, 30, tzinfo=timezone.utc),
            ),
        )
        location = ReportGeneratorLocation(self, "MonthlyLocation", report_generator=monthly)
        location.grants.read(iam.Role(self, "Auditor", assumed_by=iam.AccountRootPrincipal()))

    def _software_for_customers(self, notices: LicenseManagerTopic) -> None:
        """A license of the team's own software, which the software checks out.

        In the account of a customer, to which the license is granted, and where there is no account, by a token.
        """
        sign_key = kms.Key(
            self,
            "SignKey",
            key_spec=kms.KeySpec.RSA_2048,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            # Nothing is borrowed any more when the license is gone.
            removal_policy=RemovalPolicy.DESTROY,
        )
        software = License(
            self,
            "Software",
            product_name="Example Analytics",
            product_sku="example-analytics",
            issuer_name="Example Software",
            sign_key=sign_key,
            beneficiary="Example Customer",
            validity=LicenseValidity.between(
                datetime(2026, 1, 1, tzinfo=timezone.utc), datetime(2029, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
            ),
            entitlements=[
                Entitlement.counted("Seats", max_count=50, allow_check_in=True),
                Entitlement.unlimited("Platinum"),
            ],
            consumption_configuration=ConsumptionConfiguration.provisional(max_time_to_live=Duration.hours(1)),
        )
        software.add_grant(
            "Customer",
            principal=GrantPrincipal.from_account_id("444455556666"),
            allowed_operations=[
                AllowedOperation.LIST_PURCHASED_LICENSES, AllowedOperation.CHECKOUT_LICENSE, AllowedOperation.CHECK_IN_LICENSE,
            ],
        )

        # Somebody gives the token to the customer out of its secret, and another one when the topic tells that it ends.
        LicenseToken(
            self,
            "Token",
            license=software,
            roles=[LicenseConsumptionRole(self, "SoftwareRole", licenses=[software])],
            notification_topic=notices,
        )

    def _software_of_somebody_else(self, grant_arn: str) -> None:
        """A license of somebody else's software: it can be used when its grant is accepted and activated."""
        Grant.from_grant_arn(self, "Bought", grant_arn).accept(self, "Acceptance")

    def _linux_subscriptions(self) -> None:
        """Red Hat subscriptions: somebody puts the offline token into the secret when the stack is deployed."""
        SubscriptionProvider(self, "RedHat", secret=RhsmSecret(self, "OfflineToken"))

    def _remote_desktop_licenses(self, directory_id: str) -> None:
        """Remote Desktop licenses for the users of a directory.

        Who is subscribed, who works where, and the server that issues them.
        """
        ServiceLinkedRole(self, "UserSubscriptionsRole", feature=LicenseManagerFeature.USER_SUBSCRIPTIONS)
        identity_provider = IdentityProvider(
            self,
            "Directory",
            product=UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
            directory=UserDirectory.aws_managed(directory_id),
        )
        jane = DirectoryUser.of("jane")
        ProductSubscription(self, "RemoteDesktopUsers", identity_provider=identity_provider, users=[jane])
        UserAssociation(
            self,
            "OnDesktop",
            identity_provider=identity_provider,
            instance=ec2.CfnInstance.from_instance_id(self, "Desktop", "i-0abcdef1234567890"),
            users=[jane],
        )

        subnet = ec2.Subnet.from_subnet_attributes(
            self,
            "DirectorySubnet",
            subnet_id="subnet-0abcdef1234567890",
            ipv4_cidr_block="10.0.0.0/24",
            route_table_id="rtb-0abcdef1234567890",
        )
        network = LicenseServerNetwork(
            self,
            "Network",
            directory=ec2.SecurityGroup.from_security_group_id(
                self, "DomainControllers", "sg-0abcdef1234567890", allow_all_outbound=False
            ),
            subnets=[subnet],
        )
        endpoint = LicenseServerEndpoint(
            self,
            "LicenseServer",
            identity_provider=identity_provider,
            credentials=LicenseServerCredentials(self, "Administrator"),
        )
        endpoint.node.add_dependency(network)

    def _conversions(self) -> LicenseConversionWorkflow:
        """Servers change from licenses of the team's own to those of AWS: which ones, says who starts the workflow."""
        return LicenseConversionWorkflow(
            self,
            "ToIncluded",
            path=LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED,
            stop_instances=True,
            maximum_failures=3,
        )

    def _watch(
        self, windows: LicenseConfiguration, assets: LicenseAssetGroup, conversions: LicenseConversionWorkflow
    ) -> None:
        """What an auditor asks for in years to come, and what the team looks at every day."""
        audit = UsageExport(
            self, "Audit", license_configurations=[windows], license_asset_groups=[assets], athena=True
        )
        windows.add_headroom_alarm("FewLeft", licenses_left=8)
        LicenseDashboard(
            self,
            "Dashboard",
            license_configurations=[windows],
            license_asset_groups=[assets],
            state_machines=[audit.state_machine, conversions.state_machine],
        )
