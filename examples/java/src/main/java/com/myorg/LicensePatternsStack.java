package com.myorg;

import java.util.List;
import java.util.Map;

import io.github.cdklicensemanager.CorePack;
import io.github.cdklicensemanager.GovernedInstances;
import io.github.cdklicensemanager.GuardrailMatch;
import io.github.cdklicensemanager.LicenseGuardrail;
import io.github.cdklicensemanager.LicenseManagerTopic;
import io.github.cdklicensemanager.LicenseTenancy;
import io.github.cdklicensemanager.LicenseType;
import io.github.cdklicensemanager.RdsOracleEngineEdition;
import io.github.cdklicensemanager.RdsOracleLicensePack;
import io.github.cdklicensemanager.ReportFrequency;
import io.github.cdklicensemanager.patterns.OracleOnRdsLicense;
import io.github.cdklicensemanager.patterns.OracleOnRdsTracking;
import io.github.cdklicensemanager.patterns.SqlServerEdition;
import io.github.cdklicensemanager.patterns.SqlServerLicense;
import io.github.cdklicensemanager.patterns.SqlServerTracking;
import io.github.cdklicensemanager.patterns.WindowsByolFleet;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.ec2.MachineImage;
import software.amazon.awscdk.services.ec2.OperatingSystemType;
import software.amazon.awscdk.services.ec2.SsmParameterImageOptions;
import software.constructs.Construct;

/**
 * Whole jobs, a construct each: a fleet with Windows licenses of the team's own and a guard over it, and databases that are
 * counted as their contracts do.
 */
public final class LicensePatternsStack extends Stack {

    public LicensePatternsStack(final Construct scope, final String id, final StackProps stackProps) {
        super(scope, id, stackProps);

        final LicenseManagerTopic notices = new LicenseManagerTopic(this, "Notices");

        // Six packs of 16 cores. The pipeline that imports images says by a parameter which one is the newest.
        final WindowsByolFleet fleet = WindowsByolFleet.Builder.create(this, "WindowsFleet")
                .licenseCount(CorePack.SIXTEEN.licenses(6))
                .machineImage(MachineImage.fromSsmParameter("/images/windows-server",
                        SsmParameterImageOptions.builder().os(OperatingSystemType.WINDOWS).build()))
                .instanceType(new InstanceType("m5.2xlarge"))
                .countAssets(true)
                .notificationTopic(notices)
                .reportFrequency(ReportFrequency.MONTHLY)
                .build();

        // Whoever launches Windows without that license, in whatever way, is found.
        LicenseGuardrail.Builder.create(this, "WindowsGuardrail")
                .instances(GovernedInstances.matching(
                        GuardrailMatch.usageOperation(List.of(LicenseType.WINDOWS_BYOL.getUsageOperation()))))
                .licenseConfigurations(List.of(fleet.getLicense()))
                .allowedTenancy(List.of(LicenseTenancy.DEDICATED_HOST))
                .build();

        SqlServerTracking.Builder.create(this, "SqlServer")
                .licenses(Map.of(
                        "Enterprise", SqlServerLicense.builder()
                                .edition(SqlServerEdition.ENTERPRISE)
                                .coreLicenses(CorePack.TWO.licenses(32))
                                .build(),
                        "Standard", SqlServerLicense.builder()
                                .edition(SqlServerEdition.STANDARD)
                                .coreLicenses(CorePack.TWO.licenses(16))
                                .build()))
                .editionTagKey("sql-server-edition")
                .notificationTopic(notices)
                .reportFrequency(ReportFrequency.MONTHLY)
                .build();

        OracleOnRdsTracking.Builder.create(this, "Oracle")
                .licenses(Map.of(
                        "EnterpriseEdition", OracleOnRdsLicense.builder()
                                .engineEdition(RdsOracleEngineEdition.EE)
                                .processorLicenses(16)
                                .build(),
                        "DiagnosticPack", OracleOnRdsLicense.builder()
                                .licensePacks(List.of(RdsOracleLicensePack.DIAGNOSTIC_PACK_SQLT))
                                .processorLicenses(8)
                                .build()))
                .notificationTopic(notices)
                .reportFrequency(ReportFrequency.MONTHLY)
                .build();
    }
}
