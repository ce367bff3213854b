#!/usr/bin/env python3
import aws_cdk as cdk
from cdk_license_manager import LicenseCompliance

from license_example.license_estate_stack import LicenseEstateStack
from license_example.license_example_stack import LicenseExampleStack
from license_example.license_patterns_stack import LicensePatternsStack
from license_example.license_settings_stack import LicenseSettingsStack

app = cdk.App()

# Says at every synthesis what an auditor, or License Manager, would.
cdk.Validations.of(app).add_plugins(LicenseCompliance())

# The defaults are in cdk.json; `cdk deploy LicenseExample --context licenseCount=128` changes one for a deployment.
settings = {
    "license_count": int(app.node.get_context("licenseCount")),
    "image_id": app.node.get_context("imageId"),
    "organization_arn": app.node.get_context("organizationArn"),
    # A local AWS has no bootstrap roles that assets could be published with.
    "synthesizer": cdk.CliCredentialsStackSynthesizer() if app.node.try_get_context("localAws") else None,
}

# What comes first, in the management account of an organization.
LicenseSettingsStack(
    app,
    "LicenseSettings",
    administrator_account_id=app.node.get_context("administratorAccountId"),
    synthesizer=settings["synthesizer"],
)

# One license, to its end.
example = LicenseExampleStack(app, "LicenseExample", **settings)
cdk.Validations.of(example).acknowledge(
    cdk.Acknowledgment(
        id="License-Compliance::LimitWithoutReport",
        reason="Its auditor reads the usage itself, by the role that the stack makes.",
    )
)

# One of everything that there is.
LicenseEstateStack(
    app,
    "LicenseEstate",
    directory_id=app.node.get_context("directoryId"),
    grant_arn=app.node.get_context("grantArn"),
    **settings,
)

# Whole jobs, a construct each.
LicensePatternsStack(app, "LicensePatterns", synthesizer=settings["synthesizer"])

app.synth()
