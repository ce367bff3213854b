package com.myorg;

import software.amazon.awscdk.App;
import software.amazon.awscdk.CliCredentialsStackSynthesizer;
import software.amazon.awscdk.StackProps;

public final class LicenseExampleApp {
    public static void main(final String[] args) {
        final App app = new App();

        // A local AWS has no bootstrap roles that assets could be published with.
        final StackProps.Builder stackProps = StackProps.builder();
        if (app.getNode().tryGetContext("localAws") != null) {
            stackProps.synthesizer(new CliCredentialsStackSynthesizer());
        }

        // The defaults are in cdk.json; `cdk deploy --context licenseCount=128` changes one for a deployment.
        new LicenseExampleStack(app, "LicenseExample", new LicenseExampleStack.Settings(
                Integer.valueOf(context(app, "licenseCount")),
                context(app, "imageId"),
                context(app, "organizationArn")), stackProps.build());

        app.synth();
    }

    /** A value that is a number or a string in cdk.json, and always a string when it comes from the command line. */
    private static String context(final App app, final String key) {
        return app.getNode().getContext(key).toString();
    }
}
