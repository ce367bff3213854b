package com.myorg;

import java.util.List;

import io.github.cdklicensemanager.DelegatedAdministrator;
import io.github.cdklicensemanager.LicenseManagerBucket;
import io.github.cdklicensemanager.LicenseManagerFeature;
import io.github.cdklicensemanager.LicenseManagerTopic;
import io.github.cdklicensemanager.LinuxSubscription;
import io.github.cdklicensemanager.LinuxSubscriptionsAlarmOptions;
import io.github.cdklicensemanager.LinuxSubscriptionsSettings;
import io.github.cdklicensemanager.OrganizationSharing;
import io.github.cdklicensemanager.ServiceLinkedRole;
import io.github.cdklicensemanager.ServiceSettings;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

/**
 * What has to be there before anything of License Manager works, in the management account of an organization: roles,
 * settings, sharing, and who administers it.
 */
public final class LicenseSettingsStack extends Stack {

    /**
     * @param administratorAccountId the member account that administers License Manager for the organization
     */
    public LicenseSettingsStack(final Construct scope, final String id, final String administratorAccountId, final StackProps stackProps) {
        super(scope, id, stackProps);

        new ServiceLinkedRole(this, "Role");
        ServiceSettings.Builder.create(this, "Settings")
                .reportBucket(new LicenseManagerBucket(this, "Reports"))
                .topic(new LicenseManagerTopic(this, "Notices"))
                .organizationIntegration(true)
                .discoveryRegions(List.of(getRegion()))
                .build();

        ServiceLinkedRole.Builder.create(this, "LinuxRole").feature(LicenseManagerFeature.LINUX_SUBSCRIPTIONS).build();
        final LinuxSubscriptionsSettings linux = LinuxSubscriptionsSettings.Builder.create(this, "Linux")
                .sourceRegions(List.of(getRegion()))
                .organizationIntegration(true)
                .build();
        // Tells the topic of the settings.
        linux.addAlarm("ManyInstances", LinuxSubscriptionsAlarmOptions.builder()
                .subscription(LinuxSubscription.RHEL)
                .threshold(100)
                .build());

        // Takes up to six hours to work.
        new OrganizationSharing(this, "Sharing");
        DelegatedAdministrator.Builder.create(this, "Administrator").accountId(administratorAccountId).build();
    }
}
