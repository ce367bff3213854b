from aws_cdk import Stack, aws_ec2 as ec2
from cdk_license_manager import (
    CorePack,
    GovernedInstances,
    GuardrailMatch,
    LicenseGuardrail,
    LicenseManagerTopic,
    LicenseTenancy,
    LicenseType,
    RdsOracleEngineEdition,
    RdsOracleLicensePack,
    ReportFrequency,
    patterns,
)
from constructs import Construct


class LicensePatternsStack(Stack):
    """Whole jobs, a construct each.

    A fleet with Windows licenses of the team's own and a guard over it, and databases that are counted as their contracts do.
    """

    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        notices = LicenseManagerTopic(self, "Notices")

        # Six packs of 16 cores. The pipeline that imports images says by a parameter which one is the newest.
        fleet = patterns.WindowsByolFleet(
            self,
            "WindowsFleet",
            license_count=CorePack.SIXTEEN.licenses(6),
            machine_image=ec2.MachineImage.from_ssm_parameter(
                "/images/windows-server", os=ec2.OperatingSystemType.WINDOWS
            ),
            instance_type=ec2.InstanceType("m5.2xlarge"),
            count_assets=True,
            notification_topic=notices,
            report_frequency=ReportFrequency.MONTHLY,
        )

        # Whoever launches Windows without that license, in whatever way, is found.
        LicenseGuardrail(
            self,
            "WindowsGuardrail",
            instances=GovernedInstances.matching(
                GuardrailMatch.usage_operation([LicenseType.WINDOWS_BYOL.usage_operation])
            ),
            license_configurations=[fleet.license],
            allowed_tenancy=[LicenseTenancy.DEDICATED_HOST],
        )

        patterns.SqlServerTracking(
            self,
            "SqlServer",
            licenses={
                "Enterprise": patterns.SqlServerLicense(
                    edition=patterns.SqlServerEdition.ENTERPRISE, core_licenses=CorePack.TWO.licenses(32)
                ),
                "Standard": patterns.SqlServerLicense(
                    edition=patterns.SqlServerEdition.STANDARD, core_licenses=CorePack.TWO.licenses(16)
                ),
            },
            edition_tag_key="sql-server-edition",
            notification_topic=notices,
            report_frequency=ReportFrequency.MONTHLY,
        )

        patterns.OracleOnRdsTracking(
            self,
            "Oracle",
            licenses={
                "EnterpriseEdition": patterns.OracleOnRdsLicense(
                    engine_edition=RdsOracleEngineEdition.EE, processor_licenses=16
                ),
                "DiagnosticPack": patterns.OracleOnRdsLicense(
                    license_packs=[RdsOracleLicensePack.DIAGNOSTIC_PACK_SQLT], processor_licenses=8
                ),
            },
            notification_topic=notices,
            report_frequency=ReportFrequency.MONTHLY,
        )
