package com.myorg;

import io.github.cdklicensemanager.AmiAssociationScope;
import io.github.cdklicensemanager.CoreLicenseRules;
import io.github.cdklicensemanager.LicenseConfiguration;
import io.github.cdklicensemanager.LicenseConfigurationAssociationOptions;
import io.github.cdklicensemanager.LicenseCounting;
import io.github.cdklicensemanager.LicenseShare;
import io.github.cdklicensemanager.LicenseTenancy;
import io.github.cdklicensemanager.LicensedResource;
import io.github.cdklicensemanager.SharePrincipal;
import io.github.cdklicensemanager.UsageAlarmOptions;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

/**
 * The license of a server operating system, from the vendor's terms to the people who answer for it:
 * the example "Implementing an operating system license" of the License Manager User Guide.
 */
public class LicenseExampleStack extends Stack {
    /**
     * What differs from customer to customer.
     *
     * @param licenseCount    how many cores were bought
     * @param imageId         the AMI that servers with this operating system are launched from
     * @param organizationArn the organization whose accounts may use the license
     */
    public record Settings(int licenseCount, String imageId, String organizationArn) {}

    public LicenseExampleStack(
            final Construct scope, final String id, final Settings settings, final StackProps props) {
        super(scope, id, props);

        // The vendor counts physical cores, wants eight of them at least for a server, and no virtualization below the
        // system. That a server has no more than 16, and that a launch over the number bought is refused, is the
        // customer's own decision.
        final LicenseConfiguration license = LicenseConfiguration.Builder.create(this, "ServerOperatingSystem")
                .description("Server operating system, licensed by physical core")
                .licenseCounting(LicenseCounting.cores(CoreLicenseRules.builder()
                        .minimumCores(8)
                        .maximumCores(16)
                        .allowedTenancy(List.of(LicenseTenancy.DEDICATED_HOST))
                        .build()))
                .licenseCount(settings.licenseCount())
                .licenseCountHardLimit(true)
                .build();

        // Whatever is launched from the image is counted, also in the accounts that the image is shared with.
        license.addAssociation("GoldenImage", LicenseConfigurationAssociationOptions.builder()
                .resource(LicensedResource.fromMachineImageId(settings.imageId()))
                .amiAssociationScope(AmiAssociationScope.CROSS_ACCOUNT)
                .build());

        // The other accounts of the organization see the license and launch under its rules.
        LicenseShare.Builder.create(this, "Share")
                .licenseConfigurations(List.of(license))
                .principals(List.of(SharePrincipal.fromOrganizationArn(settings.organizationArn())))
                .build();

        // There is time to buy more before a launch is refused.
        license.addUsageAlarm("NearlyUsedUp", UsageAlarmOptions.builder()
                .thresholdPercent(90)
                .actions(List.of(new SnsAction(alertTopic())))
                .build());

        // Whoever may take this role in the account can answer an auditor's questions, and change nothing.
        final Role auditor = Role.Builder.create(this, "Auditor")
                .assumedBy(new AccountRootPrincipal())
                .build();
        license.getGrants().read(auditor);

        CfnOutput.Builder.create(this, "LicenseConfigurationArn")
                .value(license.getLicenseConfigurationArn())
                .build();
    }

    /**
     * A topic that CloudWatch may publish to.
     *
     * <p>It has a key of its own, because the policy of the key that AWS manages for Amazon SNS does not let CloudWatch in.
     */
    private Topic alertTopic() {
        final Topic topic = Topic.Builder.create(this, "Alerts")
                .enforceSsl(true)
                .masterKey(Key.Builder.create(this, "AlertsKey")
                        .enableKeyRotation(true)
                        // A topic keeps nothing that would have to be decrypted after its end.
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .build())
                .build();
        // Also grants the use of the key.
        topic.getGrants().publish(ServicePrincipal.Builder.create("cloudwatch.amazonaws.com")
                .conditions(Map.of("StringEquals", Map.of("aws:SourceAccount", getAccount())))
                .build());
        return topic;
    }
}
