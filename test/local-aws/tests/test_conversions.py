"""License type conversions."""

from __future__ import annotations

from typing import Any

from .conftest import LocalAws
from .test_license_configurations import refusal

ID = "i-0123456789abcdef0"
BYOL, INCLUDED = "RunInstances:0800", "RunInstances:0002"
CODE = "6cd5fxzrad0cu2j23p692xytz"


def context(usage_operation: str, *codes: str) -> dict[str, Any]:
    listed = [{"ProductCodeId": code, "ProductCodeType": "marketplace"} for code in codes]
    return {"UsageOperation": usage_operation, **({"ProductCodes": listed} if listed else {})}


def parameters(aws: LocalAws, source: dict[str, Any], destination: dict[str, Any]) -> dict[str, Any]:
    return {
        "ResourceArn": f"arn:aws:ec2:us-east-1:{aws.account}:instance/{ID}", "SourceLicenseContext": source, "DestinationLicenseContext": destination}


def convert(aws: LocalAws, source: dict[str, Any] = context(BYOL), destination: dict[str, Any] = context(INCLUDED)) -> str:
    return str(aws.client("license-manager").create_license_conversion_task_for_resource(
        **parameters(aws, source, destination))["LicenseConversionTaskId"])


def refused(aws: LocalAws, source: dict[str, Any] = context(BYOL), destination: dict[str, Any] = context(INCLUDED)) -> tuple[str, str]:
    return refusal(aws.client("license-manager").create_license_conversion_task_for_resource, **parameters(aws, source, destination))


def status(aws: LocalAws, task: str) -> tuple[str, str | None]:
    found = aws.client("license-manager").get_license_conversion_task(LicenseConversionTaskId=task)
    return found["Status"], found.get("StatusMessage")


def instance(aws: LocalAws) -> tuple[str, str, list[str]]:
    found = aws.client("ec2").describe_instances(InstanceIds=[ID])["Reservations"][0]["Instances"][0]
    return found["State"]["Name"], found["UsageOperation"], [code["ProductCodeId"] for code in found.get("ProductCodes", [])]


def test_a_conversion_changes_the_usage_operation_after_some_reads(aws: LocalAws) -> None:
    aws.state(settings={"conversionReads": 2}, instances=[{"instanceId": ID, "usageOperation": BYOL}])
    task = convert(aws)
    assert [status(aws, task)[0] for _ in range(3)] == ["IN_PROGRESS", "IN_PROGRESS", "SUCCEEDED"]
    assert instance(aws) == ("stopped", INCLUDED, [])


def test_product_codes_come_and_go(aws: LocalAws) -> None:
    aws.state(settings={"conversionReads": 0}, instances=[{"instanceId": ID, "usageOperation": "RunInstances:0010"}])
    status(aws, convert(aws, context("RunInstances:0010"), context("RunInstances:00g0", CODE)))
    assert instance(aws) == ("stopped", "RunInstances:00g0", [CODE])
    status(aws, convert(aws, context("RunInstances:00g0", CODE), context("RunInstances:0010")))
    assert instance(aws) == ("stopped", "RunInstances:0010", [])


def test_what_is_refused(aws: LocalAws) -> None:
    aws.state(instances=[{"instanceId": ID, "usageOperation": BYOL, "state": "running"}])
    assert refused(aws) == ("InvalidParameterValueException", f"ResourceId - {ID} is in an invalid state for changing license type.")
    aws.state(instances=[{"instanceId": ID, "usageOperation": BYOL}])
    assert "does not match" in refused(aws, context(INCLUDED), context(BYOL))[1]
    assert "does not match" in refused(aws, context(BYOL, CODE))[1]
    assert "is not supported" in refused(aws, context(BYOL), context("RunInstances:0010"))[1]
    convert(aws)
    assert "invalid state" in refused(aws)[1]
    aws.state(instances=[{"instanceId": ID, "usageOperation": BYOL, "inventory": False}])
    assert "SSM Agent" in refused(aws)[1]


def test_a_conversion_fails(aws: LocalAws) -> None:
    aws.state(settings={"conversionReads": 0, "conversionFailures": {ID: "It failed."}}, instances=[{"instanceId": ID, "usageOperation": BYOL}])
    assert status(aws, convert(aws)) == ("FAILED", "It failed.")
    assert instance(aws) == ("stopped", BYOL, [])
    aws.state(settings={"conversionFailures": {}}, instances=[{"instanceId": ID, "usageOperation": BYOL, "stopProtection": True}])
    assert "failed to stop" in str(status(aws, convert(aws))[1])
    aws.state(settings={"conversionReads": 9}, instances=[{"instanceId": ID, "usageOperation": BYOL}])
    task = convert(aws)
    aws.client("ec2").terminate_instances(InstanceIds=[ID])
    assert status(aws, task)[0] == "FAILED"


def test_tasks_are_listed_by_resource_and_status(aws: LocalAws) -> None:
    aws.state(instances=[{"instanceId": ID, "usageOperation": BYOL}])
    client, task = aws.client("license-manager"), convert(aws)

    def listed(name: str, value: str) -> list[str]:
        found = client.list_license_conversion_tasks(Filters=[{"Name": name, "Values": [value]}])["LicenseConversionTasks"]
        return [each["LicenseConversionTaskId"] for each in found]

    arn = f"arn:aws:ec2:us-east-1:{aws.account}:instance/{ID}"
    assert listed("ResourceArns", arn) == listed("Status", "IN_PROGRESS") == [task]
    assert listed("ResourceArns", f"{arn}1") == listed("Status", "FAILED") == []
    assert "Valid filters" in refusal(client.list_license_conversion_tasks, Filters=[{"Name": "Nome", "Values": ["x"]}])[1]


def test_stop_protection_and_the_time_that_a_stop_takes(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    aws.state(settings={"instanceStopReads": 1}, instances=[{"instanceId": ID, "state": "running", "stopProtection": True}])
    assert ec2.describe_instance_attribute(InstanceId=ID, Attribute="disableApiStop")["DisableApiStop"] == {"Value": True}
    assert refusal(ec2.stop_instances, InstanceIds=[ID])[0] == "OperationNotPermitted"
    aws.state(instances=[{"instanceId": ID, "state": "running"}])
    assert ec2.describe_instance_attribute(InstanceId=ID, Attribute="disableApiStop")["DisableApiStop"] == {"Value": False}
    ec2.stop_instances(InstanceIds=[ID])
    assert [instance(aws)[0] for _ in range(2)] == ["stopping", "stopped"]


def test_instances_come_page_by_page(aws: LocalAws) -> None:
    aws.state(settings={"instancesPerPage": 2}, instances=[{"instanceId": f"{ID[:-1]}{number}"} for number in range(5)])
    pages = list(aws.client("ec2").get_paginator("describe_instances").paginate())
    assert [len(page["Reservations"]) for page in pages] == [2, 2, 1]


def test_inventory(aws: LocalAws) -> None:
    aws.state(instances=[{"instanceId": ID, "inventory": False}, {"instanceId": f"{ID[:-1]}1"}])
    found = aws.client("ssm").get_inventory(
        Filters=[{"Key": "AWS:InstanceInformation.InstanceId", "Values": [ID, f"{ID[:-1]}1"], "Type": "Equal"}])
    assert [each["Id"] for each in found["Entities"]] == [f"{ID[:-1]}1"]
