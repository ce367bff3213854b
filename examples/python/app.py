#!/usr/bin/env python3
import aws_cdk as cdk

from license_example.license_estate_stack import LicenseEstateStack
from license_example.license_example_stack import LicenseExampleStack
from license_example.license_settings_stack import LicenseSettingsStack

app = cdk.App()

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
LicenseExampleStack(app, "LicenseExample", **settings)

# One of everything that there is.
LicenseEstateStack(
    app,
    "LicenseEstate",
    directory_id=app.node.get_context("directoryId"),
    grant_arn=app.node.get_context("grantArn"),
    **settings,
)

app.synth()
