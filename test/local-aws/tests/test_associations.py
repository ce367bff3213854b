"""Associations with AMIs, instances and hosts: tenancy, limits, states, scope, discovery, failures that come late."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import LocalAws
from .test_license_configurations import create, refusal

AMI = "arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0"


def instance(aws: LocalAws, number: int = 1) -> str:
    return f"arn:aws:ec2:us-east-1:{aws.account}:instance/i-{number:017x}"


def add(aws: LocalAws, resource: str, *arns: str, **specification: str) -> None:
    aws.client("license-manager").update_license_specifications_for_resource(
        ResourceArn=resource, AddLicenseSpecifications=[{"LicenseConfigurationArn": arn, **specification} for arn in arns])


def remove(aws: LocalAws, resource: str, *arns: str) -> None:
    aws.client("license-manager").update_license_specifications_for_resource(
        ResourceArn=resource, RemoveLicenseSpecifications=[{"LicenseConfigurationArn": arn} for arn in arns])


def associated(aws: LocalAws, arn: str) -> list[str]:
    answer = aws.client("license-manager").list_associations_for_license_configuration(LicenseConfigurationArn=arn)
    return [a["ResourceArn"] for a in answer["LicenseConfigurationAssociations"]]


def consumed(aws: LocalAws, arn: str) -> int:
    return aws.client("license-manager").get_license_configuration(LicenseConfigurationArn=arn)["ConsumedLicenses"]


def test_an_image_is_associated_and_released(aws: LocalAws) -> None:
    client = aws.client("license-manager")
    first, second = create(aws), create(aws, LicenseCountingType="vCPU")
    add(aws, AMI, first, second)
    assert client.list_license_specifications_for_resource(ResourceArn=AMI)["LicenseSpecifications"] == [
        {"LicenseConfigurationArn": first}, {"LicenseConfigurationArn": second}]
    code, text = refusal(client.delete_license_configuration, LicenseConfigurationArn=first)
    assert (code, "it is in use" in text) == ("InvalidParameterValueException", True)
    remove(aws, AMI, first)
    assert (associated(aws, first), associated(aws, second)) == ([], [AMI])
    client.delete_license_configuration(LicenseConfigurationArn=first)
    assert "is not associated" in refusal(remove, aws, AMI, create(aws))[1]


def test_cross_account_is_for_own_images_only(aws: LocalAws) -> None:
    own = "arn:aws:ec2:us-east-1::image/ami-0000000000000000a"
    aws.state(resources=[{"arn": own}, {"arn": instance(aws), "tenancy": "host", "state": "running"}])
    arn = create(aws)
    add(aws, own, arn, AmiAssociationScope="cross-account")
    listed = aws.client("license-manager").list_license_specifications_for_resource(ResourceArn=own)["LicenseSpecifications"]
    assert listed == [{"LicenseConfigurationArn": arn, "AmiAssociationScope": "cross-account"}]
    for resource, scope in ((own, "everywhere"), (AMI, "cross-account"), (instance(aws), "cross-account")):
        assert refusal(add, aws, resource, create(aws), AmiAssociationScope=scope)[0] == "InvalidParameterValueException"


@pytest.mark.parametrize("resource", [
    "arn:aws:ec2:us-east-1::image/ami-00000000000000bad",
    "arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0",
    "arn:aws-cn:ec2:us-east-1::image/ami-0123456789abcdef0",
    "arn:aws:ec2:us-east-1:999999999999:instance/i-0123456789abcdef0",
    "arn:aws:s3:::bucket",
    "ami-0123456789abcdef0",
])
def test_a_resource_that_is_not_there(aws: LocalAws, resource: str) -> None:
    assert refusal(add, aws, resource, create(aws))[0] == "InvalidParameterValueException"


def test_an_instance_of_ec2_consumes_vcpus_until_it_stops(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    launched = ec2.run_instances(ImageId="ami-0123456789abcdef0", InstanceType="m5.2xlarge", MinCount=1, MaxCount=1)
    instance_id = launched["Instances"][0]["InstanceId"]
    resource = f"arn:aws:ec2:us-east-1:{aws.account}:instance/{instance_id}"
    arn = create(aws, LicenseCountingType="vCPU", LicenseCount=10, LicenseCountHardLimit=True)
    add(aws, resource, arn)
    assert consumed(aws, arn) == 8
    client = aws.client("license-manager")
    usage = client.list_usage_for_license_configuration(
        LicenseConfigurationArn=arn, Filters=[{"Name": "resourceType", "Values": ["EC2_INSTANCE"]}])
    assert [(u["ResourceArn"], u["ConsumedLicenses"]) for u in usage["LicenseConfigurationUsageList"]] == [(resource, 8)]
    code, text = refusal(client.update_license_configuration, LicenseConfigurationArn=arn, LicenseCount=7)
    assert (code, "lower than the 8 licenses in use" in text) == ("InvalidParameterValueException", True)
    assert "running instance" in refusal(
        client.update_license_configuration, LicenseConfigurationArn=arn, LicenseConfigurationStatus="DISABLED")[1]
    ec2.stop_instances(InstanceIds=[instance_id])
    assert consumed(aws, arn) == 0
    ec2.terminate_instances(InstanceIds=[instance_id])
    assert refusal(remove, aws, resource, arn)[0] == "InvalidResourceStateException"
    assert associated(aws, arn) == [resource]
    aws.state(housekeeping=True)
    assert associated(aws, arn) == []


def test_a_hard_limit_refuses_what_exceeds_it(aws: LocalAws) -> None:
    aws.state(resources=[{"arn": instance(aws, n), "state": "running", "vcpus": 4} for n in (1, 2)])
    arn = create(aws, LicenseCountingType="vCPU", LicenseCount=6, LicenseCountHardLimit=True)
    add(aws, instance(aws, 1), arn)
    code, text = refusal(add, aws, instance(aws, 2), arn)
    assert (code, "4 needed, 4 of 6 in use" in text) == ("LicenseUsageException", True)
    aws.client("license-manager").update_license_configuration(LicenseConfigurationArn=arn, LicenseCountHardLimit=False)
    add(aws, instance(aws, 2), arn)
    exceeded = aws.client("license-manager").list_license_configurations(Filters=[{"Name": "usagelimitExceeded", "Values": ["true"]}])
    assert len(exceeded["LicenseConfigurations"]) == 1


def test_tenancy_and_sizes(aws: LocalAws) -> None:
    aws.state(resources=[{"arn": instance(aws), "state": "running", "vcpus": 4, "tenancy": "dedicated"}])
    for values, text in (
        ({"LicenseCountingType": "Core"}, "has the tenancy EC2-DedicatedInstance"),
        ({"LicenseCountingType": "vCPU", "LicenseRules": ["#allowedTenancy=EC2-Default,EC2-DedicatedHost"]}, "has the tenancy"),
        ({"LicenseCountingType": "vCPU", "LicenseRules": ["#minimumVcpus=8"]}, "breaks the rule minimumVcpus=8"),
        ({"LicenseCountingType": "vCPU", "LicenseRules": ["#maximumVcpus=2"]}, "breaks the rule maximumVcpus=2"),
    ):
        assert text in refusal(add, aws, instance(aws), create(aws, **values))[1]
    add(aws, instance(aws), create(aws, LicenseCountingType="vCPU", LicenseRules=["#allowedTenancy=EC2-DedicatedInstance"]))


def test_a_dedicated_host(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    host = ec2.allocate_hosts(AvailabilityZone="us-east-1a", InstanceFamily="m5", Quantity=1)["HostIds"][0]
    described = ec2.describe_hosts(HostIds=[host])["Hosts"][0]
    assert (described["HostProperties"]["Cores"], described["HostProperties"]["Sockets"], described["State"]) == (48, 2, "available")
    resource = f"arn:aws:ec2:us-east-1:{aws.account}:dedicated-host/{host}"
    cores, sockets = create(aws), create(aws, LicenseCountingType="Socket")
    add(aws, resource, cores, sockets)
    assert (consumed(aws, cores), consumed(aws, sockets)) == (48, 2)
    ec2.release_hosts(HostIds=[host])
    assert refusal(ec2.describe_hosts, HostIds=[host])[0] == "InvalidHostID.NotFound"
    assert "does not exist" in refusal(remove, aws, resource, cores)[1]


def test_a_deregistered_image_cannot_be_released(aws: LocalAws) -> None:
    image = "arn:aws:ec2:us-east-1::image/ami-0000000000000000b"
    arn = create(aws)
    aws.state(resources=[{"arn": image}])
    add(aws, image, arn)
    aws.state(resources=[{"arn": image, "state": "deregistered"}])
    assert refusal(remove, aws, image, arn) == ("InvalidParameterValueException", f"Resource {image} does not exist.")
    aws.state(housekeeping=True)
    assert associated(aws, arn) == []


def test_discovered_associations_stay(aws: LocalAws) -> None:
    arn = create(aws)
    node = f"arn:aws:ssm:us-east-1:{aws.account}:managed-instance/mi-0123456789abcdef0"
    aws.state(associations=[{"licenseConfigurationArn": arn, "resourceArn": node, "consumedLicenses": 3}])
    assert (associated(aws, arn), consumed(aws, arn)) == ([node], 3)
    assert refusal(remove, aws, node, arn)[0] == "InvalidParameterValueException"
    listed = aws.client("license-manager").get_license_configuration(LicenseConfigurationArn=arn)
    assert listed["ManagedResourceSummaryList"] == [{"ResourceType": "SYSTEMS_MANAGER_MANAGED_INSTANCE", "AssociationCount": 1}]


def test_a_failure_that_comes_late(aws: LocalAws) -> None:
    arn = create(aws)
    aws.state(lateFailures=[{"resourceArn": AMI, "errorMessage": "not shared"}])
    add(aws, AMI, arn)
    failures = aws.client("license-manager").list_failures_for_license_configuration_operations(LicenseConfigurationArn=arn)
    assert [(f["ResourceArn"], f["ErrorMessage"]) for f in failures["LicenseOperationFailureList"]] == [(AMI, "not shared")]
    assert associated(aws, arn) == []
    add(aws, AMI, arn)
    assert associated(aws, arn) == [AMI]


def test_limits_of_a_resource_and_of_a_disabled_license(aws: LocalAws) -> None:
    aws.state(settings={"licenseConfigurationsPerResource": 1})
    first, second = create(aws), create(aws)
    add(aws, AMI, first)
    assert "at most 1 license configurations" in refusal(add, aws, AMI, second)[1]
    aws.client("license-manager").update_license_configuration(LicenseConfigurationArn=second, LicenseConfigurationStatus="DISABLED")
    remove(aws, AMI, first)
    assert "is disabled" in refusal(add, aws, AMI, second)[1]


def test_a_request_is_done_whole_or_not(aws: LocalAws) -> None:
    first, second = create(aws), create(aws)
    add(aws, AMI, first)
    call: Any = aws.client("license-manager").update_license_specifications_for_resource
    assert refusal(call, ResourceArn=AMI)[0] == "InvalidParameterValueException"
    specification = {"LicenseConfigurationArn": first}
    assert "more than once" in refusal(
        call, ResourceArn=AMI, AddLicenseSpecifications=[specification], RemoveLicenseSpecifications=[specification])[1]
    assert refusal(call, ResourceArn=AMI, AddLicenseSpecifications=[{"LicenseConfigurationArn": second[:-1] + "z"}],
                   RemoveLicenseSpecifications=[specification])[0] == "InvalidParameterValueException"
    assert associated(aws, first) == [AMI]
