"""The estate of test/compliance/estate.ts in Python, with its faults and without, checked by LicenseCompliance, and by a rule that is written in Python."""

import json
import sys
import tempfile
from pathlib import Path

import jsii
from aws_cdk import App, CfnParameter, Environment, NestedStack, Stack, Stage, Validations, aws_autoscaling as autoscaling, aws_ec2 as ec2, aws_eks as eks
from aws_cdk import aws_imagebuilder as imagebuilder, aws_rds as rds, aws_scheduler as scheduler, cloudformation_include
from cdk_license_manager import (
    GovernedProduct, HostLicenses, HostResourceGroup, ILicenseRule, LicenseCompliance, LicenseConfiguration, LicenseConfigurationReportType,
    LicenseConversionPath, LicenseConversionWorkflow, LicenseCounting, LicensedResource, LicenseFinding, LicenseManagerTopic, LicenseRule, LicenseRulePack,
    LicenseRuleSeverity, LicenseTenancy, ProductInformation, RdsDb2EngineEdition, RdsOracleEngineEdition, ReportFrequency, ReportGenerator, ServiceSettings,
    UsageReport,
)

TESTS = Path(__file__).parents[2] / "test" / "compliance"
ACCOUNT, REGION = "111122223333", "us-east-1"
GOLDEN_IMAGE = "ami-0fedcba9876543210"
IMAGE = "ami-0123456789abcdef0"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/estate"


def estate(app: App, has_faults: bool) -> None:
    def in_stack(name, scope=app, region=REGION):
        return Stack(scope, name, env=Environment(account=ACCOUNT, region=region))

    def fault(wrong, right):
        return wrong if has_faults else right

    def with_license(license):
        return [{"licenseConfigurationArn": license.license_configuration_arn}]

    licenses = in_stack("Licenses")
    windows = LicenseConfiguration(
        licenses, "Windows", license_counting=LicenseCounting.cores(allowed_tenancy=[LicenseTenancy.DEDICATED_HOST]), license_count=96,
        license_count_hard_limit=True,
    )
    sql_server = LicenseConfiguration(
        licenses, "SqlServer", license_counting=LicenseCounting.vcpus(minimum_vcpus=4), license_count=164, license_count_hard_limit=True,
    )
    sql_server.add_usage_alarm("NearlyUsedUp", threshold_percent=90)
    if has_faults:
        LicenseConfiguration(licenses, "Unused", license_counting=LicenseCounting.instances())
    else:
        ServiceSettings(licenses, "Settings", topic=LicenseManagerTopic(licenses, "Topic"))
        ReportGenerator(licenses, "Report", report=UsageReport.license_configurations(
            license_configurations=[windows, sql_server], types=[LicenseConfigurationReportType.USAGE], frequency=ReportFrequency.MONTHLY,
        ))

    instances = in_stack("Instances")
    for scope in [instances, NestedStack(instances, "Nested")]:
        ec2.CfnInstance(scope, "Windows", image_id=IMAGE, instance_type="m5.xlarge", tenancy=fault("default", "host"), license_specifications=with_license(windows))

    fleets = in_stack("Fleets")

    def template(name, scope=fleets, **data):
        made = ec2.CfnLaunchTemplate(scope, name, launch_template_data=data)
        return {"launchTemplateId": made.ref, "version": made.attr_latest_version_number}

    autoscaling.CfnAutoScalingGroup(
        fleets, "SqlServers", min_size="1", max_size=fault("11", "10"), availability_zones=["us-east-1a"],
        launch_template=template("SqlServer", imageId=IMAGE, instanceType="m5.4xlarge", licenseSpecifications=with_license(sql_server)),
    )
    ec2.CfnEC2Fleet(
        fleets, "WindowsFleet", target_capacity_specification={"totalTargetCapacity": 2, "defaultTargetCapacityType": fault("spot", "on-demand")},
        launch_template_configs=[{"launchTemplateSpecification": template(
            "Windows", imageId=IMAGE, instanceType="m5.xlarge", placement={"tenancy": "host"}, licenseSpecifications=with_license(windows),
        )}],
    )

    nodes = in_stack("Nodes")
    node = template("Node", nodes, imageId=IMAGE, instanceType=fault("m5.large", "m5.xlarge"), licenseSpecifications=with_license(sql_server))
    eks.CfnNodegroup(
        nodes, "Group", cluster_name="estate", node_role=ROLE, subnets=["subnet-0123456789abcdef0"], launch_template={"id": node["launchTemplateId"]},
        scaling_config={"minSize": 0, "desiredSize": 0, "maxSize": 0},
    )

    images = in_stack("Images")
    windows.add_association("GoldenImage", resource=LicensedResource.from_machine_image_id(GOLDEN_IMAGE))
    foreign = f"arn:aws:license-manager:{fault('eu-west-1', REGION)}:444455556666:license-configuration:lic-{'1' * 32}"
    ec2.CfnLaunchTemplate(images, "Foreign", launch_template_data={"licenseSpecifications": [{"licenseConfigurationArn": foreign}]})
    imagebuilder.CfnImagePipeline(
        images, "Pipeline", name="windows",
        image_recipe_arn=imagebuilder.CfnImageRecipe(images, "Recipe", name="windows", version="1.0.0", parent_image=GOLDEN_IMAGE).ref,
        infrastructure_configuration_arn=imagebuilder.CfnInfrastructureConfiguration(
            images, "Infrastructure", name="windows", instance_profile_name="windows", placement={"tenancy": fault("default", "host")},
        ).ref,
        distribution_configuration_arn=imagebuilder.CfnDistributionConfiguration(
            images, "Distribution", name="windows", distributions=[{"region": REGION, "licenseConfigurationArns": [windows.license_configuration_arn]}],
        ).ref,
    )

    products = in_stack("Products")

    def of_parameter(name):
        return ec2.MachineImage.from_ssm_parameter(name).get_image(products).image_id

    latest_windows = "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full"
    ec2.CfnInstance(
        products, "WindowsOnHost", image_id=of_parameter(f"{latest_windows}-Base"), instance_type="m5.xlarge", tenancy="host",
        license_specifications=fault(None, with_license(windows)),
    )
    ec2.CfnInstance(
        products, "SqlServer", image_id=of_parameter("/images/sql-server-2022"), instance_type="m5.xlarge",
        license_specifications=fault(None, with_license(sql_server)),
    )
    ec2.CfnInstance(
        products, "IncludedOnHost", image_id=of_parameter(f"{latest_windows}-SQL_2022_Standard"), instance_type="m5.xlarge",
        tenancy=fault("host", "dedicated"), license_specifications=fault(with_license(windows), None),
    )

    databases = in_stack("Databases")
    for name, engine in [("Oracle", "oracle-ee"), ("Db2", "db2-se")]:
        rds.CfnDBInstance(
            databases, name, engine=engine, license_model="bring-your-own-license", db_instance_class="db.m5.large", allocated_storage="100",
        )
    if not has_faults:
        LicenseConfiguration(databases, "OracleLicense", license_counting=LicenseCounting.vcpus(), product_information=[
            ProductInformation.rds_oracle(engine_edition=RdsOracleEngineEdition.EE),
        ])
        LicenseConfiguration(databases, "Db2License", license_counting=LicenseCounting.vcpus(), product_information=[
            ProductInformation.rds_db2(engine_edition=RdsDb2EngineEdition.SE),
        ])

    hosts = in_stack("Hosts")
    group = HostResourceGroup(hosts, "Group", licenses=HostLicenses.any(), allowed_host_families=["m5"])
    host = ec2.CfnHost(hosts, "Host", availability_zone="us-east-1a", instance_family="m5")
    group.add_host(host)
    host.add_property_override("InstanceFamily", fault("c5", "m5"))

    conversions = in_stack("Conversions")
    converted = ec2.CfnInstance(conversions, "Converted", image_id=IMAGE, instance_type="m5.xlarge", tenancy=fault("default", "dedicated"))
    workflow = LicenseConversionWorkflow(conversions, "Workflow", path=LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL)
    scheduler.CfnSchedule(
        conversions, "Once", flexible_time_window={"mode": "OFF"}, schedule_expression="at(2030-01-01T00:00:00)",
        target={"arn": workflow.state_machine_arn, "roleArn": ROLE, "input": conversions.to_json_string({"instanceIds": [converted.ref]})},
    )

    abroad = in_stack("Imported", Stage(app, "Abroad"), fault("eu-west-1", "eu-central-1"))
    imported = cloudformation_include.CfnInclude(abroad, "Template", template_file=str(TESTS / "imported.template.json"))
    imported.get_resource("Server").add_property_override("Tenancy", fault("dedicated", "host"))
    if has_faults:
        imported.get_resource("Sockets").add_property_override("LicenseExpiry", 1893456000)


class NoBareMetal(LicenseRule):
    """A rule by the class."""

    def __init__(self) -> None:
        super().__init__(
            rule_id="NoBareMetal", description="No bare metal.", source="https://example.com/policy", fix="Use another size.", severity=LicenseRuleSeverity.ERROR,
        )

    def check(self, app):
        return [
            LicenseFinding(resource=launch.resource, message=f"It is {launch.instance_types[0]}.", location="Properties.InstanceType")
            for launch in app.launches if any(it.endswith(".metal") for it in launch.instance_types)
        ]


@jsii.implements(ILicenseRule)
class Named:
    """A rule by the interface."""

    @property
    def rule_id(self):
        return "Named"

    @property
    def description(self):
        return "Licenses are named."

    @property
    def severity(self):
        return LicenseRuleSeverity.WARNING

    @property
    def source(self):
        return "https://example.com/names"

    @property
    def fix(self):
        return "Name it."

    def check(self, app):
        return [
            LicenseFinding(resource=it.resource, message=f"It is called {it.resource.known('Name')}, and has {it.license_count or 'no'} limit.")
            for it in app.licenses if it.resource and not str(it.resource.known("Name")).startswith("company-")
        ]


def findings(build, **props) -> list:
    """What is in the report of an app."""
    folder = tempfile.mkdtemp()
    app = App(outdir=folder, analytics_reporting=False, context={"@aws-cdk/core:failSynthOnValidationErrors": False})
    build(app)
    Validations.of(app).add_plugins(LicenseCompliance(**props))
    try:
        app.synth()
    except RuntimeError as error:
        if "alidation failed" not in str(error) and "copy of this report" not in str(error):
            raise
    report = Path(folder, "validation-report.json")
    plugins = json.loads(report.read_text())["pluginReports"] if report.exists() else []
    return sorted(
        f"{violation['severity']} {violation['ruleName']} {construct['constructPath']}"
        for plugin in plugins if plugin["pluginName"] == "License Compliance"
        for violation in plugin["violations"] for construct in violation["violatingConstructs"]
    )


def own(app: App) -> None:
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))
    ec2.CfnInstance(stack, "Metal", image_id=CfnParameter(stack, "Image", type="AWS::EC2::Image::Id").value_as_string, instance_type="m5.metal")
    LicenseConfiguration(stack, "License", license_configuration_name="windows", license_counting=LicenseCounting.cores())


def main() -> None:
    problems = []
    for name, actual, expected in [
        ("with its faults", findings(lambda app: estate(app, True)), json.loads((TESTS / "estate.json").read_text())),
        ("without faults", findings(lambda app: estate(app, False)), []),
        (
            "with rules in Python",
            findings(own, packs=[LicenseRulePack.of([], [])], additional_rules=[NoBareMetal(), Named()], additional_products=[GovernedProduct.of(product_name="It")]),
            ["error NoBareMetal Stack/Metal", "warning Named Stack/License/Resource"],
        ),
    ]:
        if actual != expected:
            problems.append(f"The estate {name} has the findings\n  {actual}\ninstead of\n  {expected}")
    if problems:
        sys.exit("\n".join(problems))
    print("An estate of 10 stacks has the findings that it has in TypeScript, without faults none, and rules in Python find what they look for")


main()
