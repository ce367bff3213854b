package com.myorg;

import software.amazon.awscdk.App;
import software.amazon.awscdk.CliCredentialsStackSynthesizer;
import software.amazon.awscdk.StackProps;

public final class LicenseExampleApp {
    public static void main(final String[] args) {
        final App app = new App();

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
        new LicenseExampleStack(app, "LicenseExample",
                new LicenseExampleStack.Settings(licenseCount, imageId, organizationArn), stackProps.build());

        // One of everything that there is.
        new LicenseEstateStack(app, "LicenseEstate", new LicenseEstateStack.Settings(
                licenseCount, imageId, organizationArn, context(app, "directoryId"), context(app, "grantArn")),
                stackProps.build());

        app.synth();
    }

    /** A value that is a number or a string in cdk.json, and always a string when it comes from the command line. */
    private static String context(final App app, final String key) {
        return app.getNode().getContext(key).toString();
    }
}
