package main

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawslicensemanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	licenses "github.com/cdk-license-manager/cdk-license-manager-go/cdklicensemanager"
)

// LicenseExampleStackProps is what differs from customer to customer.
type LicenseExampleStackProps struct {
	awscdk.StackProps
	// LicenseCount is how many cores were bought.
	LicenseCount float64
	// ImageId is the AMI that servers with this operating system are launched from.
	ImageId string
	// OrganizationArn is the organization whose accounts may use the license.
	OrganizationArn string
}

// NewLicenseExampleStack makes the license of a server operating system, from the vendor's terms to the people who answer
// for it: the example "Implementing an operating system license" of the License Manager User Guide.
func NewLicenseExampleStack(scope constructs.Construct, id string, props *LicenseExampleStackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, &props.StackProps)

	// The vendor counts physical cores, wants eight of them at least for a server, and no virtualization below the system.
	// That a server has no more than 16, and that a launch over the number bought is refused, is the customer's own decision.
	license := licenses.NewLicenseConfiguration(stack, jsii.String("ServerOperatingSystem"), &licenses.LicenseConfigurationProps{
		Description: jsii.String("Server operating system, licensed by physical core"),
		LicenseCounting: licenses.LicenseCounting_Cores(&licenses.CoreLicenseRules{
			MinimumCores:   jsii.Number(8),
			MaximumCores:   jsii.Number(16),
			AllowedTenancy: &[]licenses.LicenseTenancy{licenses.LicenseTenancy_DEDICATED_HOST},
		}),
		LicenseCount:          jsii.Number(props.LicenseCount),
		LicenseCountHardLimit: jsii.Bool(true),
	})

	// Whatever is launched from the image is counted, also in the accounts that the image is shared with.
	license.AddAssociation(jsii.String("GoldenImage"), &licenses.LicenseConfigurationAssociationOptions{
		Resource:            licenses.LicensedResource_FromMachineImageId(jsii.String(props.ImageId)),
		AmiAssociationScope: licenses.AmiAssociationScope_CROSS_ACCOUNT,
	})

	// The other accounts of the organization see the license and launch under its rules.
	licenses.NewLicenseShare(stack, jsii.String("Share"), &licenses.LicenseShareProps{
		LicenseConfigurations: &[]interfacesawslicensemanager.ILicenseConfigurationRef{license},
		Principals: &[]licenses.SharePrincipal{
			licenses.SharePrincipal_FromOrganizationArn(jsii.String(props.OrganizationArn)),
		},
	})

	// There is time to buy more before a launch is refused.
	license.AddUsageAlarm(jsii.String("NearlyUsedUp"), &licenses.UsageAlarmOptions{
		ThresholdPercent: jsii.Number(90),
		Actions: &[]awscloudwatch.IAlarmAction{
			awscloudwatchactions.NewSnsAction(newAlertTopic(stack)),
		},
	})

	// Whoever may take this role in the account can answer an auditor's questions, and change nothing.
	auditor := awsiam.NewRole(stack, jsii.String("Auditor"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewAccountRootPrincipal(),
	})
	license.Grants().Read(auditor)

	awscdk.NewCfnOutput(stack, jsii.String("LicenseConfigurationArn"), &awscdk.CfnOutputProps{
		Value: license.LicenseConfigurationArn(),
	})

	return stack
}

// newAlertTopic makes a topic that CloudWatch may publish to.
//
// It has a key of its own, because the policy of the key that AWS manages for Amazon SNS does not let CloudWatch in.
func newAlertTopic(stack awscdk.Stack) awssns.Topic {
	topic := awssns.NewTopic(stack, jsii.String("Alerts"), &awssns.TopicProps{
		EnforceSSL: jsii.Bool(true),
		MasterKey: awskms.NewKey(stack, jsii.String("AlertsKey"), &awskms.KeyProps{
			EnableKeyRotation: jsii.Bool(true),
			// A topic keeps nothing that would have to be decrypted after its end.
			RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
		}),
	})
	// Also grants the use of the key.
	topic.Grants().Publish(awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), &awsiam.ServicePrincipalOpts{
		Conditions: &map[string]any{
			"StringEquals": map[string]any{"aws:SourceAccount": stack.Account()},
		},
	}))
	return topic
}

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)

	// Says at every synthesis what an auditor, or License Manager, would.
	awscdk.Validations_Of(app).AddPlugins(licenses.NewLicenseCompliance(nil))

	// The defaults are in cdk.json; `cdk deploy LicenseExample --context licenseCount=128` changes one for a deployment.
	licenseCount, err := strconv.ParseFloat(context(app, "licenseCount"), 64)
	if err != nil {
		panic(err)
	}
	imageId := context(app, "imageId")
	organizationArn := context(app, "organizationArn")

	var stackProps awscdk.StackProps
	// A local AWS has no bootstrap roles that assets could be published with.
	if app.Node().TryGetContext(jsii.String("localAws")) != nil {
		stackProps.Synthesizer = awscdk.NewCliCredentialsStackSynthesizer(nil)
	}

	// What comes first, in the management account of an organization.
	NewLicenseSettingsStack(app, "LicenseSettings", &LicenseSettingsStackProps{
		StackProps:             stackProps,
		AdministratorAccountId: context(app, "administratorAccountId"),
	})

	// One license, to its end.
	example := NewLicenseExampleStack(app, "LicenseExample", &LicenseExampleStackProps{
		StackProps:      stackProps,
		LicenseCount:    licenseCount,
		ImageId:         imageId,
		OrganizationArn: organizationArn,
	})
	awscdk.Validations_Of(example).Acknowledge(&awscdk.Acknowledgment{
		Id:     jsii.String("License-Compliance::LimitWithoutReport"),
		Reason: jsii.String("Its auditor reads the usage itself, by the role that the stack makes."),
	})

	// One of everything that there is.
	NewLicenseEstateStack(app, "LicenseEstate", &LicenseEstateStackProps{
		StackProps:      stackProps,
		LicenseCount:    licenseCount,
		ImageId:         imageId,
		OrganizationArn: organizationArn,
		DirectoryId:     context(app, "directoryId"),
		GrantArn:        context(app, "grantArn"),
	})

	// Whole jobs, a construct each.
	NewLicensePatternsStack(app, "LicensePatterns", &stackProps)

	app.Synth(nil)
}

// context reads a value, which is a number or a string in cdk.json and always a string from the command line.
func context(app awscdk.App, key string) string {
	return fmt.Sprint(app.Node().GetContext(jsii.String(key)))
}
