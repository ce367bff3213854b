"""Launches: License Manager tracks the instances of an image or of license specifications, and refuses them at a hard limit."""

from __future__ import annotations

from .conftest import LocalAws
from .test_associations import associated, consumed
from .test_license_configurations import create, refusal

IMAGE = "ami-0123456789abcdef0"
LAUNCH = {"ImageId": IMAGE, "InstanceType": "m5.xlarge", "MinCount": 1, "MaxCount": 1}


def test_instances_of_an_associated_image_are_tracked(aws: LocalAws) -> None:
    arn = create(aws, LicenseCountingType="vCPU", LicenseCount=8, LicenseCountHardLimit=True)
    image = f"arn:aws:ec2:us-east-1::image/{IMAGE}"
    aws.client("license-manager").update_license_specifications_for_resource(
        ResourceArn=image, AddLicenseSpecifications=[{"LicenseConfigurationArn": arn}])
    ec2 = aws.client("ec2")
    ec2.run_instances(**LAUNCH)
    assert (len(associated(aws, arn)), consumed(aws, arn)) == (2, 4)
    code, text = refusal(ec2.run_instances, **{**LAUNCH, "MaxCount": 2})
    assert (code, "8 needed, 4 of 8 in use" in text) == ("LicenseUsageException", True)
    assert len(ec2.describe_instances()["Reservations"]) == 1


def test_tenancy_and_cpu_options_of_a_launch(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    host = ec2.allocate_hosts(AvailabilityZone="us-east-1a", InstanceType="m5.xlarge", Quantity=1)["HostIds"][0]
    cores = create(aws)
    assert "has the tenancy EC2-Default" in refusal(
        ec2.run_instances, **LAUNCH, LicenseSpecifications=[{"LicenseConfigurationArn": cores}])[1]
    honored = create(aws, LicenseCountingType="vCPU", LicenseRules=["#honorVcpuOptimization=True"])
    plain = create(aws, LicenseCountingType="vCPU")
    specifications = [{"LicenseConfigurationArn": arn} for arn in (cores, honored, plain)]
    ec2.run_instances(
        **LAUNCH, Placement={"HostId": host}, CpuOptions={"CoreCount": 1, "ThreadsPerCore": 1}, LicenseSpecifications=specifications)
    assert (consumed(aws, honored), consumed(aws, plain)) == (1, 4)


def test_a_disabled_license_stops_launches(aws: LocalAws) -> None:
    arn = create(aws, LicenseCountingType="Instance")
    aws.client("license-manager").update_license_configuration(LicenseConfigurationArn=arn, LicenseConfigurationStatus="DISABLED")
    found = refusal(aws.client("ec2").run_instances, **LAUNCH, LicenseSpecifications=[{"LicenseConfigurationArn": arn}])
    assert "is disabled" in found[1]
