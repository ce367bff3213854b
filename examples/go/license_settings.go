package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	licenses "github.com/cdk-license-manager/cdk-license-manager-go/cdklicensemanager"
)

// LicenseSettingsStackProps is what differs from organization to organization.
type LicenseSettingsStackProps struct {
	awscdk.StackProps
	// AdministratorAccountId is the member account that administers License Manager for the organization.
	AdministratorAccountId string
}

// NewLicenseSettingsStack makes what has to be there before anything of License Manager works, in the management account of
// an organization: roles, settings, sharing, and who administers it.
func NewLicenseSettingsStack(scope constructs.Construct, id string, props *LicenseSettingsStackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, &props.StackProps)

	licenses.NewServiceLinkedRole(stack, jsii.String("Role"), nil)
	licenses.NewServiceSettings(stack, jsii.String("Settings"), &licenses.ServiceSettingsProps{
		ReportBucket:            licenses.NewLicenseManagerBucket(stack, jsii.String("Reports"), nil),
		Topic:                   licenses.NewLicenseManagerTopic(stack, jsii.String("Notices"), nil),
		OrganizationIntegration: jsii.Bool(true),
		DiscoveryRegions:        &[]*string{stack.Region()},
	})

	licenses.NewServiceLinkedRole(stack, jsii.String("LinuxRole"), &licenses.ServiceLinkedRoleProps{
		Feature: licenses.LicenseManagerFeature_LINUX_SUBSCRIPTIONS,
	})
	linux := licenses.NewLinuxSubscriptionsSettings(stack, jsii.String("Linux"), &licenses.LinuxSubscriptionsSettingsProps{
		SourceRegions:           &[]*string{stack.Region()},
		OrganizationIntegration: jsii.Bool(true),
	})
	// Tells the topic of the settings.
	linux.AddAlarm(jsii.String("ManyInstances"), &licenses.LinuxSubscriptionsAlarmOptions{
		Subscription: licenses.LinuxSubscription_RHEL(),
		Threshold:    jsii.Number(100),
	})

	// Takes up to six hours to work.
	licenses.NewOrganizationSharing(stack, jsii.String("Sharing"))
	licenses.NewDelegatedAdministrator(stack, jsii.String("Administrator"), &licenses.DelegatedAdministratorProps{
		AccountId: jsii.String(props.AdministratorAccountId),
	})

	return stack
}
