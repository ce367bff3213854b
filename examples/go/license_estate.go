package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawslicensemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawsresourcegroups"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	licenses "github.com/cdk-license-manager/cdk-license-manager-go/cdklicensemanager"
	"github.com/cdk-license-manager/cdk-license-manager-go/cdklicensemanager/mixins"
)

// LicenseEstateStackProps is what differs from customer to customer.
type LicenseEstateStackProps struct {
	awscdk.StackProps
	// LicenseCount is how many cores were bought.
	LicenseCount float64
	// ImageId is the AMI that servers are launched from.
	ImageId string
	// OrganizationArn is the organization whose accounts may use the licenses.
	OrganizationArn string
	// DirectoryId is the directory of the people who work on the servers, of AWS Managed Microsoft AD.
	DirectoryId string
	// GrantArn is the grant by which the account has got a license of somebody else's software.
	GrantArn string
}

// NewLicenseEstateStack makes what a platform team keeps in License Manager, one of each: licenses and the hosts that they
// count, groups of assets and reports on both, a license of the team's own software for customers and one that it has
// bought, and the subscriptions of Linux and of Windows users.
func NewLicenseEstateStack(scope constructs.Construct, id string, props *LicenseEstateStackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, &props.StackProps)

	notices := licenses.NewLicenseManagerTopic(stack, jsii.String("Notices"), &licenses.LicenseManagerTopicProps{
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	licenses.LicenseAlarms_Of(stack).Configure(&licenses.LicenseAlarmsOptions{
		Actions: &[]awscloudwatch.IAlarmAction{awscloudwatchactions.NewSnsAction(notices)},
	})

	windows := newWindowsServer(stack, props)
	hosts := newHosts(stack, windows)
	licenses.NewLicenseShare(stack, jsii.String("Share"), &licenses.LicenseShareProps{
		LicenseConfigurations: &[]interfacesawslicensemanager.ILicenseConfigurationRef{windows},
		HostResourceGroups:    &[]interfacesawsresourcegroups.IGroupRef{hosts},
		Principals: &[]licenses.SharePrincipal{
			licenses.SharePrincipal_FromOrganizationArn(jsii.String(props.OrganizationArn)),
		},
	})
	assets := newAssets(stack, windows)
	addReports(stack, windows, assets)
	addSoftwareForCustomers(stack, notices)
	addSoftwareOfSomebodyElse(stack, props.GrantArn)
	addLinuxSubscriptions(stack)
	addRemoteDesktopLicenses(stack, props.DirectoryId)
	addWatchers(stack, windows, assets, newConversions(stack))

	return stack
}

// newWindowsServer makes the cores of an operating system, on the image that servers are launched from.
func newWindowsServer(stack awscdk.Stack, props *LicenseEstateStackProps) licenses.LicenseConfiguration {
	license := licenses.NewLicenseConfiguration(stack, jsii.String("WindowsServer"), &licenses.LicenseConfigurationProps{
		Description:                   jsii.String("Windows Server, licensed by physical core"),
		LicenseCounting:               licenses.LicenseCounting_Cores(&licenses.CoreLicenseRules{MinimumCores: jsii.Number(8)}),
		LicenseCount:                  jsii.Number(props.LicenseCount),
		Status:                        licenses.LicenseConfigurationStatus_AVAILABLE,
		DisassociateResourcesOnDelete: jsii.Bool(true),
	})
	license.AddAssociation(jsii.String("GoldenImage"), &licenses.LicenseConfigurationAssociationOptions{
		Resource: licenses.LicensedResource_FromMachineImageId(jsii.String(props.ImageId)),
	})
	license.AddUsageAlarm(jsii.String("NearlyUsedUp"), &licenses.UsageAlarmOptions{ThresholdPercent: jsii.Number(90)})
	return license
}

// newHosts makes Dedicated Hosts for the license, and what is launched onto them.
func newHosts(stack awscdk.Stack, license licenses.LicenseConfiguration) licenses.HostResourceGroup {
	hosts := licenses.NewHostResourceGroup(stack, jsii.String("Hosts"), &licenses.HostResourceGroupProps{
		Description:         jsii.String("Windows Server with our own licenses"),
		Licenses:            licenses.HostLicenses_Only(&[]interfacesawslicensemanager.ILicenseConfigurationRef{license}),
		AllowedHostFamilies: jsii.Strings("m5"),
		AutoRecoverHosts:    jsii.Bool(true),
	})
	hosts.AddHost(awsec2.NewCfnHost(stack, jsii.String("Host"), &awsec2.CfnHostProps{
		AvailabilityZone: awscdk.Fn_Select(jsii.Number(0), awscdk.Fn_GetAzs(nil)),
		InstanceFamily:   jsii.String("m5"),
	}))

	// With the group come its licenses.
	awsec2.NewLaunchTemplate(stack, jsii.String("LaunchTemplate"), &awsec2.LaunchTemplateProps{
		RequireImdsv2: jsii.Bool(true),
	}).With(mixins.NewLaunchTemplateHostPlacement(hosts))
	return hosts
}

// newAssets groups what runs with licenses of the team's own, and says how much of it.
func newAssets(stack awscdk.Stack, license licenses.LicenseConfiguration) licenses.LicenseAssetGroup {
	ownLicenses := licenses.NewLicenseAssetRuleSet(stack, jsii.String("OwnLicenses"), &licenses.LicenseAssetRuleSetProps{
		Rules: &[]licenses.LicenseAssetRule{
			licenses.LicenseAssetRule_LicenseConfigurations(licenses.LicenseConfigurationMatch_LicenseConfiguration(
				&[]interfacesawslicensemanager.ILicenseConfigurationRef{license},
			)),
			licenses.LicenseAssetRule_Instances(licenses.InstanceMatch_Ec2BillingProduct(
				&[]licenses.Ec2BillingProduct{licenses.Ec2BillingProduct_WINDOWS_BYOL()},
			)),
		},
	})
	return licenses.NewLicenseAssetGroup(stack, jsii.String("WindowsAssets"), &licenses.LicenseAssetGroupProps{
		UsageDimension: licenses.UsageDimension_VCPU(),
		RuleSets: &[]interfacesawslicensemanager.ILicenseAssetRuleSetRef{
			ownLicenses,
			licenses.LicenseAssetRuleSet_FromAwsManaged(
				stack, jsii.String("Datacenter"), licenses.AwsManagedRuleSet_MICROSOFT_WINDOWS_SERVER_DATACENTER(),
			),
		},
	})
}

// addReports makes what an auditor asks for. Whoever may take the role in the account reads the reports, and nothing else
// of the bucket.
func addReports(stack awscdk.Stack, license licenses.LicenseConfiguration, assets licenses.LicenseAssetGroup) {
	monthly := licenses.NewReportGenerator(stack, jsii.String("MonthlyReport"), &licenses.ReportGeneratorProps{
		Report: licenses.UsageReport_LicenseConfigurations(&licenses.LicenseConfigurationReportOptions{
			LicenseConfigurations: &[]interfacesawslicensemanager.ILicenseConfigurationRef{license},
			Types: &[]licenses.LicenseConfigurationReportType{
				licenses.LicenseConfigurationReportType_SUMMARY,
				licenses.LicenseConfigurationReportType_USAGE,
			},
			Frequency: licenses.ReportFrequency_MONTHLY,
		}),
	})
	licenses.NewReportGenerator(stack, jsii.String("AuditReport"), &licenses.ReportGeneratorProps{
		Report: licenses.UsageReport_LicenseAssetGroups(&licenses.LicenseAssetGroupReportOptions{
			LicenseAssetGroups: &[]interfacesawslicensemanager.ILicenseAssetGroupRef{assets},
			Start:              jsii.Time(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)),
			End:                jsii.Time(time.Date(2026, time.June, 30, 0, 0, 0, 0, time.UTC)),
		}),
	})
	location := licenses.NewReportGeneratorLocation(stack, jsii.String("MonthlyLocation"), &licenses.ReportGeneratorLocationProps{
		ReportGenerator: monthly,
	})
	location.Grants().Read(awsiam.NewRole(stack, jsii.String("Auditor"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewAccountRootPrincipal(),
	}))
}

// addSoftwareForCustomers makes a license of the team's own software, which the software checks out: in the account of a
// customer, to which the license is granted, and where there is no account, by a token.
func addSoftwareForCustomers(stack awscdk.Stack, notices licenses.LicenseManagerTopic) {
	signKey := awskms.NewKey(stack, jsii.String("SignKey"), &awskms.KeyProps{
		KeySpec:  awskms.KeySpec_RSA_2048,
		KeyUsage: awskms.KeyUsage_SIGN_VERIFY,
		// Nothing is borrowed any more when the license is gone.
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	license := licenses.NewLicense(stack, jsii.String("Software"), &licenses.LicenseProps{
		ProductName: jsii.String("Example Analytics"),
		ProductSku:  jsii.String("example-analytics"),
		IssuerName:  jsii.String("Example Software"),
		SignKey:     signKey,
		Beneficiary: jsii.String("Example Customer"),
		Validity: licenses.LicenseValidity_Between(
			jsii.Time(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)),
			jsii.Time(time.Date(2029, time.December, 31, 23, 59, 59, 0, time.UTC)),
		),
		Entitlements: &[]licenses.Entitlement{
			licenses.Entitlement_Counted(jsii.String("Seats"), &licenses.CountedEntitlementOptions{
				MaxCount:     jsii.Number(50),
				AllowCheckIn: jsii.Bool(true),
			}),
			licenses.Entitlement_Unlimited(jsii.String("Platinum"), nil),
		},
		ConsumptionConfiguration: licenses.ConsumptionConfiguration_Provisional(&licenses.ConsumptionOptions{
			MaxTimeToLive: awscdk.Duration_Hours(jsii.Number(1)),
		}),
	})
	license.AddGrant(jsii.String("Customer"), &licenses.GrantOptions{
		Principal: licenses.GrantPrincipal_FromAccountId(jsii.String("444455556666")),
		AllowedOperations: &[]licenses.AllowedOperation{
			licenses.AllowedOperation_LIST_PURCHASED_LICENSES,
			licenses.AllowedOperation_CHECKOUT_LICENSE,
			licenses.AllowedOperation_CHECK_IN_LICENSE,
		},
	})

	// Somebody gives the token to the customer out of its secret, and another one when the topic tells that it ends.
	licenses.NewLicenseToken(stack, jsii.String("Token"), &licenses.LicenseTokenProps{
		License: license,
		Roles: &[]interfacesawsiam.IRoleRef{
			licenses.NewLicenseConsumptionRole(stack, jsii.String("SoftwareRole"), &licenses.LicenseConsumptionRoleProps{
				Licenses: &[]interfacesawslicensemanager.ILicenseRef{license},
			}),
		},
		NotificationTopic: notices,
	})
}

// addSoftwareOfSomebodyElse makes a license of somebody else's software usable: its grant is accepted and activated.
func addSoftwareOfSomebodyElse(stack awscdk.Stack, grantArn string) {
	licenses.Grant_FromGrantArn(stack, jsii.String("Bought"), jsii.String(grantArn)).Accept(stack, jsii.String("Acceptance"), nil)
}

// addLinuxSubscriptions makes Red Hat subscriptions: somebody puts the offline token into the secret when the stack is
// deployed.
func addLinuxSubscriptions(stack awscdk.Stack) {
	licenses.NewSubscriptionProvider(stack, jsii.String("RedHat"), &licenses.SubscriptionProviderProps{
		Secret: licenses.NewRhsmSecret(stack, jsii.String("OfflineToken"), nil),
	})
}

// addRemoteDesktopLicenses makes Remote Desktop licenses for the users of a directory: who is subscribed, who works where,
// and the server that issues them.
func addRemoteDesktopLicenses(stack awscdk.Stack, directoryId string) {
	licenses.NewServiceLinkedRole(stack, jsii.String("UserSubscriptionsRole"), &licenses.ServiceLinkedRoleProps{
		Feature: licenses.LicenseManagerFeature_USER_SUBSCRIPTIONS,
	})
	identityProvider := licenses.NewIdentityProvider(stack, jsii.String("Directory"), &licenses.IdentityProviderProps{
		Product:   licenses.UserSubscriptionProduct_REMOTE_DESKTOP_SERVICES(),
		Directory: licenses.UserDirectory_AwsManaged(jsii.String(directoryId)),
	})
	jane := licenses.DirectoryUser_Of(jsii.String("jane"), nil)
	licenses.NewProductSubscription(stack, jsii.String("RemoteDesktopUsers"), &licenses.ProductSubscriptionProps{
		IdentityProvider: identityProvider,
		Users:            &[]licenses.DirectoryUser{jane},
	})
	licenses.NewUserAssociation(stack, jsii.String("OnDesktop"), &licenses.UserAssociationProps{
		IdentityProvider: identityProvider,
		Instance:         awsec2.CfnInstance_FromInstanceId(stack, jsii.String("Desktop"), jsii.String("i-0abcdef1234567890")),
		Users:            &[]licenses.DirectoryUser{jane},
	})

	subnet := awsec2.Subnet_FromSubnetAttributes(stack, jsii.String("DirectorySubnet"), &awsec2.SubnetAttributes{
		SubnetId:      jsii.String("subnet-0abcdef1234567890"),
		Ipv4CidrBlock: jsii.String("10.0.0.0/24"),
		RouteTableId:  jsii.String("rtb-0abcdef1234567890"),
	})
	network := licenses.NewLicenseServerNetwork(stack, jsii.String("Network"), &licenses.LicenseServerNetworkProps{
		Directory: awsec2.SecurityGroup_FromSecurityGroupId(
			stack, jsii.String("DomainControllers"), jsii.String("sg-0abcdef1234567890"),
			&awsec2.SecurityGroupImportOptions{AllowAllOutbound: jsii.Bool(false)},
		),
		Subnets: &[]awsec2.ISubnet{subnet},
	})
	endpoint := licenses.NewLicenseServerEndpoint(stack, jsii.String("LicenseServer"), &licenses.LicenseServerEndpointProps{
		IdentityProvider: identityProvider,
		Credentials:      licenses.NewLicenseServerCredentials(stack, jsii.String("Administrator"), nil),
	})
	endpoint.Node().AddDependency(network)
}

// newConversions has servers change from licenses of the team's own to those of AWS: which ones, says who starts the
// workflow.
func newConversions(stack awscdk.Stack) licenses.LicenseConversionWorkflow {
	return licenses.NewLicenseConversionWorkflow(stack, jsii.String("ToIncluded"), &licenses.LicenseConversionWorkflowProps{
		Path:            licenses.LicenseConversionPath_WINDOWS_BYOL_TO_INCLUDED(),
		StopInstances:   jsii.Bool(true),
		MaximumFailures: jsii.Number(3),
	})
}

// addWatchers makes what an auditor asks for in years to come, and what the team looks at every day.
func addWatchers(
	stack awscdk.Stack, license licenses.LicenseConfiguration, assets licenses.LicenseAssetGroup,
	conversions licenses.LicenseConversionWorkflow,
) {
	audit := licenses.NewUsageExport(stack, jsii.String("Audit"), &licenses.UsageExportProps{
		LicenseConfigurations: &[]interfacesawslicensemanager.ILicenseConfigurationRef{license},
		LicenseAssetGroups:    &[]interfacesawslicensemanager.ILicenseAssetGroupRef{assets},
		Athena:                jsii.Bool(true),
	})
	license.AddHeadroomAlarm(jsii.String("FewLeft"), &licenses.HeadroomAlarmOptions{LicensesLeft: jsii.Number(8)})
	licenses.NewLicenseDashboard(stack, jsii.String("Dashboard"), &licenses.LicenseDashboardProps{
		LicenseConfigurations: &[]interfacesawslicensemanager.ILicenseConfigurationRef{license},
		LicenseAssetGroups:    &[]interfacesawslicensemanager.ILicenseAssetGroupRef{assets},
		StateMachines:         &[]interfacesawsstepfunctions.IStateMachineRef{audit.StateMachine(), conversions.StateMachine()},
	})
}
