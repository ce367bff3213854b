"""What the usage export needs of the local AWS."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import datetime, timedelta, timezone
from typing import Any

from .cloudformation import Stack
from .conftest import LocalAws
from .test_license_configurations import refusal
from .test_step_functions import run, task


def license_of(aws: LocalAws) -> str:
    return str(aws.client("license-manager").create_license_configuration(Name="windows", LicenseCountingType="vCPU")["LicenseConfigurationArn"])


def test_usage_is_filtered_before_it_is_paged(aws: LocalAws) -> None:
    arn = license_of(aws)
    aws.state(settings={"pageSize": 2}, associations=[
        {"licenseConfigurationArn": arn, "resourceArn": f"arn:aws:ssm:us-east-1:{owner}:managed-instance/mi-{index:017x}", "resourceOwnerId": owner,
         "consumedLicenses": index, "associationTime": 1_700_000_000}
        for index, owner in enumerate(["222233334444", "333344445555", "222233334444", "222233334444"])])
    filters = [{"Name": "resourceAccount", "Values": ["222233334444"]}]
    client = aws.client("license-manager")
    first = client.list_usage_for_license_configuration(LicenseConfigurationArn=arn, Filters=filters)
    assert [it["ConsumedLicenses"] for it in first["LicenseConfigurationUsageList"]] == [0, 2]
    assert first["LicenseConfigurationUsageList"][0]["AssociationTime"].timestamp() == 1_700_000_000
    second = client.list_usage_for_license_configuration(LicenseConfigurationArn=arn, Filters=filters, NextToken=first["NextToken"])
    assert [it["ConsumedLicenses"] for it in second["LicenseConfigurationUsageList"]] == [3]
    assert "NextToken" not in second
    two = [{"Name": "resourceAccount", "Values": ["222233334444", "333344445555"]}]
    assert refusal(client.list_usage_for_license_configuration, LicenseConfigurationArn=arn, Filters=two)[0] == "FilterLimitExceededException"


def test_the_inventory_has_the_instances(aws: LocalAws) -> None:
    aws.state(instances=[
        {"instanceId": "i-0123456789abcdef0", "usageOperation": "RunInstances:0102", "tags": {"team": "a"}},
        {"instanceId": "i-0123456789abcdef1"}, {"instanceId": "i-0123456789abcdef2", "inventory": False}])
    client = aws.client("license-manager")

    def ids(*filters: tuple[str, str, str]) -> list[str]:
        found = client.list_resource_inventory(Filters=[{"Name": name, "Condition": condition, "Value": value} for name, condition, value in filters])
        return [it["ResourceId"] for it in found["ResourceInventoryList"]]

    assert ids() == ["i-0123456789abcdef0", "i-0123456789abcdef1"]
    assert ids(("license_included", "EQUALS", "sql-server-enterprise")) == ["i-0123456789abcdef0"]
    assert ids(("platform", "NOT_EQUALS", "Windows")) == ["i-0123456789abcdef1"]
    assert ids(("tag:team", "BEGINS_WITH", "a")) == ["i-0123456789abcdef0"]
    assert ids(("account_id", "CONTAINS", aws.account[:5])) == ["i-0123456789abcdef0", "i-0123456789abcdef1"]
    assert refusal(client.list_resource_inventory, Filters=[{"Name": "color", "Condition": "EQUALS", "Value": "red"}])[0] == "InvalidParameterValueException"
    aws.state(settings={"resourceInventory": False})
    assert refusal(client.list_resource_inventory)[0] == "FailedDependencyException"


def make_function(aws: LocalAws, name: str, code: str) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("index.js", code)
    return str(aws.client("lambda").create_function(
        FunctionName=name, Runtime="nodejs24.x", Handler="index.handler", Role=f"arn:aws:iam::{aws.account}:role/function",
        Code={"ZipFile": archive.getvalue()})["FunctionArn"])


def invoke(arn: str, payload: Any, **more: Any) -> dict[str, Any]:
    return {"Invoke": task("lambda:invoke", {"FunctionName": arn, "Payload": payload}, Output="{% $states.result.Payload %}", **more)}


def test_a_state_machine_invokes_a_function_and_fails_by_the_name_of_its_error(aws: LocalAws) -> None:
    arn = make_function(aws, "echo", """
        class Mine extends Error { get name() { return 'Mine'; } }
        exports.handler = async (event) => { if (event.fail) throw new Mine('no'); return { got: event }; };""")
    assert run(aws, invoke(arn, {"a": 1})) == ("SUCCEEDED", {"got": {"a": 1}})
    status, (error, cause) = run(aws, invoke(arn, {"fail": True}))
    assert (status, error, '"errorMessage"' in cause) == ("FAILED", "Mine", True)
    assert [each["operation"] for each in aws.calls("lambda") if each["userAgent"].startswith("states.amazonaws.com")] == ["InvokeFunction"] * 2
    aws.fault("InvokeFunction", "throttle", service="lambda")
    assert run(aws, invoke(arn, {}))[1][0] == "Lambda.TooManyRequestsException"


def test_executions_that_end_are_counted(aws: LocalAws) -> None:
    run(aws, {"Fail": {"Type": "Fail", "Error": "A", "Cause": "B"}})
    run(aws, {"Pass": {"Type": "Pass", "End": True}})
    cloudwatch, now = aws.client("cloudwatch"), datetime.now(timezone.utc)
    for name in ("ExecutionsFailed", "ExecutionsSucceeded"):
        metrics = cloudwatch.list_metrics(Namespace="AWS/States", MetricName=name)["Metrics"]
        (found,) = [cloudwatch.get_metric_statistics(
            Namespace="AWS/States", MetricName=name, Dimensions=each["Dimensions"], StartTime=now - timedelta(hours=1), EndTime=now + timedelta(hours=1),
            Period=7200, Statistics=["Sum"])["Datapoints"] for each in metrics]
        assert sum(each["Sum"] for each in found) == 1


def test_a_schedule_tells_when_it_was_to_begin(aws: LocalAws) -> None:
    client = aws.client("stepfunctions")
    machine = client.create_state_machine(
        name="scheduled", roleArn=f"arn:aws:iam::{aws.account}:role/machine",
        definition='{"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": true}}}')["stateMachineArn"]
    aws.client("scheduler").create_schedule(
        Name="once", ScheduleExpression=f"at({datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%S})", FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": machine, "RoleArn": f"arn:aws:iam::{aws.account}:role/schedule", "Input": '{"scheduledTime":"<aws.scheduler.scheduled-time>"}'})
    for _ in range(600):
        executions = client.list_executions(stateMachineArn=machine)["executions"]
        if executions:
            break
        time.sleep(0.1)
    found = client.describe_execution(executionArn=executions[0]["executionArn"])["input"]
    assert found.startswith(f'{{"scheduledTime":"{datetime.now(timezone.utc):%Y-%m}') and found.endswith('Z"}')


def test_a_named_query_needs_its_database_and_its_workgroup(aws: LocalAws) -> None:
    def resources(database: str, workgroup: str) -> dict[str, Any]:
        return {
            "Database": {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": aws.account, "DatabaseInput": {"Name": "usage"}}},
            "WorkGroup": {"Type": "AWS::Athena::WorkGroup", "Properties": {"Name": "audit"}},
            "Query": {"Type": "AWS::Athena::NamedQuery", "DependsOn": ["Database", "WorkGroup"], "Properties": {
                "Database": database, "WorkGroup": workgroup, "QueryString": "SELECT 1", "Name": "one"}},
        }

    stack = Stack(aws, "queries")
    assert stack.create(resources("usage", "audit")) == "CREATE_COMPLETE"
    athena = aws.client("athena")
    assert athena.get_named_query(NamedQueryId=stack.resource("Query"))["NamedQuery"]["QueryString"] == "SELECT 1"
    stack.delete()
    assert athena.list_named_queries(WorkGroup="audit")["NamedQueryIds"] == []
    for index, (database, workgroup) in enumerate([("other", "audit"), ("usage", "other")]):
        other = Stack(aws, f"wrong-{index}")
        assert other.create(resources(database, workgroup)) == "ROLLBACK_COMPLETE"
        assert any("is not found" in reason for reason in other.reasons("CREATE_FAILED"))


def test_a_bucket_of_another_account_than_expected_is_refused_and_the_operations_of_an_upload_are_told_apart(aws: LocalAws) -> None:
    s3, bucket = aws.client("s3"), f"bucket-{aws.account}"
    s3.create_bucket(Bucket=bucket)
    assert refusal(s3.put_object, Bucket=bucket, Key="a", Body=b"a", ExpectedBucketOwner="999988887777") == ("AccessDenied", "Access Denied")
    s3.put_object(Bucket=bucket, Key="a", Body=b"a", ExpectedBucketOwner=aws.account)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="b")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="b", UploadId=upload, PartNumber=1, Body=b"b")
    s3.complete_multipart_upload(Bucket=bucket, Key="b", UploadId=upload, MultipartUpload={"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]})
    other = s3.create_multipart_upload(Bucket=bucket, Key="c")["UploadId"]
    s3.abort_multipart_upload(Bucket=bucket, Key="c", UploadId=other)
    assert [each["operation"] for each in aws.calls("s3")] == [
        "CreateBucket", "PutObject", "PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "CreateMultipartUpload",
        "AbortMultipartUpload"]
