package com.myorg;

import io.github.cdklicensemanager.LicenseCompliance;
import software.amazon.awscdk.Acknowledgment;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CliCredentialsStackSynthesizer;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Validations;

public final class LicenseExampleApp {
    public static void main(final String[] args) {
        final App app = new App();

        // Says at every synthesis what an auditor, or License Manager, would.
        Validations.of(app).addPlugins(new LicenseCompliance());

        // The defaults are in cdk.json; `cdk deploy LicenseExample --context licenseCount=128` changes one for a deployment.
        final int licenseCount = Integer.parseInt(context(app, "licenseCount"));
        final String imageId = context(app, "imageId");
        final String organizationArn = context(app, "organizationArn");

        // A local AWS has no bootstrap roles that assets could be published with.
        final StackProps.Builder stackProps = StackProps.builder();
        if (app.getNode().tryGetContext("localAws") != null) {
            stackProps.synthesizer(new CliCredentialsStackSynthesizer());
        }

        // What comes first, in the management account of an organization.
        new LicenseSettingsStack(app, "LicenseSettings", context(app, "administratorAccountId"), stackProps.build());

        // One license, to its end.
        final LicenseExampleStack example = new LicenseExampleStack(app, "LicenseExample",
                new LicenseExampleStack.Settings(licenseCount, imageId, organizationArn), stackProps.build());
        Validations.of(example).acknowledge(Acknowledgment.builder()
                .id("License-Compliance::LimitWithoutReport")
                .reason("Its auditor reads the usage itself, by the role that the stack makes.")
                .build());

        // One of everything that there is.
        new LicenseEstateStack(app, "LicenseEstate", new LicenseEstateStack.Settings(
                licenseCount, imageId, organizationArn, context(app, "directoryId"), context(app, "grantArn")),
                stackProps.build());

        // Whole jobs, a construct each.
        new LicensePatternsStack(app, "LicensePatterns", stackProps.build());

        app.synth();
    }

    /** A value that is a number or a string in cdk.json, and always a string when it comes from the command line. */
    private static String context(final App app, final String key) {
        return app.getNode().getContext(key).toString();
    }
}
