from aws_cdk import Stack
from cdk_license_manager import (
    DelegatedAdministrator,
    LicenseManagerBucket,
    LicenseManagerFeature,
    LicenseManagerTopic,
    LinuxSubscription,
    LinuxSubscriptionsSettings,
    OrganizationSharing,
    ServiceLinkedRole,
    ServiceSettings,
)
from constructs import Construct


class LicenseSettingsStack(Stack):
    """What has to be there before anything of License Manager works, in the management account of an organization.

    Roles, settings, sharing, and who administers it.
    """

    def __init__(self, scope: Construct, construct_id: str, *, administrator_account_id: str, **kwargs) -> None:
        """administrator_account_id is the member account that administers License Manager for the organization."""
        super().__init__(scope, construct_id, **kwargs)

        ServiceLinkedRole(self, "Role")
        ServiceSettings(
            self,
            "Settings",
            report_bucket=LicenseManagerBucket(self, "Reports"),
            topic=LicenseManagerTopic(self, "Notices"),
            organization_integration=True,
            discovery_regions=[self.region],
        )

        ServiceLinkedRole(self, "LinuxRole", feature=LicenseManagerFeature.LINUX_SUBSCRIPTIONS)
        linux = LinuxSubscriptionsSettings(self, "Linux", source_regions=[self.region], organization_integration=True)
        # Tells the topic of the settings.
        linux.add_alarm("ManyInstances", subscription=LinuxSubscription.RHEL, threshold=100)

        # Takes up to six hours to work.
        OrganizationSharing(self, "Sharing")
        DelegatedAdministrator(self, "Administrator", account_id=administrator_account_id)
