package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawslicensemanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	licenses "github.com/cdk-license-manager/cdk-license-manager-go/cdklicensemanager"
	"github.com/cdk-license-manager/cdk-license-manager-go/cdklicensemanager/patterns"
)

// NewLicensePatternsStack makes whole jobs, a construct each: a fleet with Windows licenses of the team's own and a guard over
// it, and databases that are counted as their contracts do.
func NewLicensePatternsStack(scope constructs.Construct, id string, props *awscdk.StackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, props)

	notices := licenses.NewLicenseManagerTopic(stack, jsii.String("Notices"), nil)

	// Six packs of 16 cores. The pipeline that imports images says by a parameter which one is the newest.
	fleet := patterns.NewWindowsByolFleet(stack, jsii.String("WindowsFleet"), &patterns.WindowsByolFleetProps{
		LicenseCount: licenses.CorePack_SIXTEEN().Licenses(jsii.Number(6)),
		MachineImage: awsec2.MachineImage_FromSsmParameter(jsii.String("/images/windows-server"), &awsec2.SsmParameterImageOptions{
			Os: awsec2.OperatingSystemType_WINDOWS,
		}),
		InstanceType:      awsec2.NewInstanceType(jsii.String("m5.2xlarge")),
		CountAssets:       jsii.Bool(true),
		NotificationTopic: notices,
		ReportFrequency:   licenses.ReportFrequency_MONTHLY,
	})

	// Whoever launches Windows without that license, in whatever way, is found.
	licenses.NewLicenseGuardrail(stack, jsii.String("WindowsGuardrail"), &licenses.LicenseGuardrailProps{
		Instances: licenses.GovernedInstances_Matching(
			licenses.GuardrailMatch_UsageOperation(&[]*string{licenses.LicenseType_WINDOWS_BYOL().UsageOperation()}),
		),
		LicenseConfigurations: &[]interfacesawslicensemanager.ILicenseConfigurationRef{fleet.License()},
		AllowedTenancy:        &[]licenses.LicenseTenancy{licenses.LicenseTenancy_DEDICATED_HOST},
	})

	patterns.NewSqlServerTracking(stack, jsii.String("SqlServer"), &patterns.SqlServerTrackingProps{
		Licenses: &map[string]*patterns.SqlServerLicense{
			"Enterprise": {
				Edition:      patterns.SqlServerEdition_ENTERPRISE(),
				CoreLicenses: licenses.CorePack_TWO().Licenses(jsii.Number(32)),
			},
			"Standard": {
				Edition:      patterns.SqlServerEdition_STANDARD(),
				CoreLicenses: licenses.CorePack_TWO().Licenses(jsii.Number(16)),
			},
		},
		EditionTagKey:     jsii.String("sql-server-edition"),
		NotificationTopic: notices,
		ReportFrequency:   licenses.ReportFrequency_MONTHLY,
	})

	patterns.NewOracleOnRdsTracking(stack, jsii.String("Oracle"), &patterns.OracleOnRdsTrackingProps{
		Licenses: &map[string]*patterns.OracleOnRdsLicense{
			"EnterpriseEdition": {
				EngineEdition:     licenses.RdsOracleEngineEdition_EE(),
				ProcessorLicenses: jsii.Number(16),
			},
			"DiagnosticPack": {
				LicensePacks:      &[]licenses.RdsOracleLicensePack{licenses.RdsOracleLicensePack_DIAGNOSTIC_PACK_SQLT()},
				ProcessorLicenses: jsii.Number(8),
			},
		},
		NotificationTopic: notices,
		ReportFrequency:   licenses.ReportFrequency_MONTHLY,
	})

	return stack
}
