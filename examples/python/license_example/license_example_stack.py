from aws_cdk import (
    CfnOutput,
    RemovalPolicy,
    Stack,
    aws_cloudwatch_actions as cloudwatch_actions,
    aws_iam as iam,
    aws_kms as kms,
    aws_sns as sns,
)
from cdk_license_manager import (
    AmiAssociationScope,
    LicenseConfiguration,
    LicenseCounting,
    LicensedResource,
    LicenseShare,
    LicenseTenancy,
    SharePrincipal,
)
from constructs import Construct


class LicenseExampleStack(Stack):
    """The license of a server operating system, from the vendor's terms to the people who answer for it.

    This is the example "Implementing an operating system license" of the License Manager User Guide.

    :param license_count: how many cores were bought
    :param image_id: the AMI that servers with this operating system are launched from
    :param organization_arn: the organization whose accounts may use the license
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        license_count: int,
        image_id: str,
        organization_arn: str,
        **kwargs,
    ) -> None:
        super().__init__(scope, construct_id, **kwargs)

        # The vendor counts physical cores, wants eight of them at least for a server, and no virtualization below the
        # system. That a server has no more than 16, and that a launch over the number bought is refused, is the
        # customer's own decision.
        os_license = LicenseConfiguration(
            self,
            "ServerOperatingSystem",
            description="Server operating system, licensed by physical core",
            license_counting=LicenseCounting.cores(
                minimum_cores=8,
                maximum_cores=16,
                allowed_tenancy=[LicenseTenancy.DEDICATED_HOST],
            ),
            license_count=license_count,
            license_count_hard_limit=True,
        )

        # Whatever is launched from the image is counted, also in the accounts that the image is shared with.
        os_license.add_association(
            "GoldenImage",
            resource=LicensedResource.from_machine_image_id(image_id),
            ami_association_scope=AmiAssociationScope.CROSS_ACCOUNT,
        )

        # The other accounts of the organization see the license and launch under its rules.
        LicenseShare(
            self,
            "Share",
            license_configurations=[os_license],
            principals=[SharePrincipal.from_organization_arn(organization_arn)],
        )

        # There is time to buy more before a launch is refused.
        os_license.add_usage_alarm(
            "NearlyUsedUp",
            threshold_percent=90,
            actions=[cloudwatch_actions.SnsAction(self._alert_topic())],
        )

        # Whoever may take this role in the account can answer an auditor's questions, and change nothing.
        auditor = iam.Role(self, "Auditor", assumed_by=iam.AccountRootPrincipal())
        os_license.grants.read(auditor)

        CfnOutput(self, "LicenseConfigurationArn", value=os_license.license_configuration_arn)

    def _alert_topic(self) -> sns.Topic:
        """A topic that CloudWatch may publish to.

        It has a key of its own, because the policy of the key that AWS manages for Amazon SNS does not let CloudWatch in.
        """
        topic = sns.Topic(
            self,
            "Alerts",
            enforce_ssl=True,
            master_key=kms.Key(
                self,
                "AlertsKey",
                enable_key_rotation=True,
                # A topic keeps nothing that would have to be decrypted after its end.
                removal_policy=RemovalPolicy.DESTROY,
            ),
        )
        # Also grants the use of the key.
        topic.grants.publish(
            iam.ServicePrincipal(
                "cloudwatch.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        return topic
