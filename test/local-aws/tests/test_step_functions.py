"""What state machines do: calls of AWS services, and distributed maps in JSONata."""

from __future__ import annotations

import json
import time
from typing import Any

from .conftest import LocalAws

MACHINES = iter(range(100))


def run(aws: LocalAws, states: dict[str, Any], given: Any = None) -> tuple[str, Any]:
    """How an execution ends, and its output or error."""
    client = aws.client("stepfunctions")
    definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}
    arn = client.create_state_machine(
        name=f"machine-{next(MACHINES)}", definition=json.dumps(definition), roleArn=f"arn:aws:iam::{aws.account}:role/machine")["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=arn, input=json.dumps(given or {}))["executionArn"]
    for _ in range(300):
        found = client.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found["status"], json.loads(found["output"]) if found["status"] == "SUCCEEDED" else (found["error"], found["cause"])
        time.sleep(0.05)
    raise AssertionError("the execution does not end")


def task(resource: str, arguments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments, **({"End": True} if "Next" not in more else {}), **more}


def test_a_call_of_a_state_machine_is_logged_and_answers_by_the_names_of_the_java_sdk(aws: LocalAws) -> None:
    states = {"Create": task("aws-sdk:licensemanager:createLicenseConfiguration", {"Name": "a", "LicenseCountingType": "vCPU"})}
    status, output = run(aws, states)
    assert (status, list(output)) == ("SUCCEEDED", ["LicenseConfigurationArn"])
    (call,) = [each for each in aws.control("GET", f"calls?account={aws.account}") if each["operation"] == "CreateLicenseConfiguration"]
    assert call["userAgent"].startswith("states.amazonaws.com")


def test_errors_have_the_names_of_the_java_sdk(aws: LocalAws) -> None:
    aws.control("POST", "faults", {"account": aws.account, "operation": "ListLicenseConfigurations", "kind": "throttle"})
    status, (error, cause) = run(aws, {"List": task("aws-sdk:licensemanager:listLicenseConfigurations", {})})
    assert (status, error) == ("FAILED", "LicenseManager.RateLimitExceededException")
    assert "(Service: LicenseManager, Status Code: 400)" in cause
    _, (error, cause) = run(aws, {"Describe": task("aws-sdk:ec2:describeInstances", {"InstanceIds": ["i-0123456789abcdef0"]})})
    assert (error, "does not exist" in cause) == ("Ec2.Ec2Exception", True)
    _, (error, _) = run(aws, {"Wrong": task("aws-sdk:licensemanager:listLicenses2", {})})
    assert error == "States.Runtime"


def test_an_object_is_written_as_json(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=f"results-{aws.account}")
    run(aws, {"Put": task("aws-sdk:s3:putObject", {"Bucket": f"results-{aws.account}", "Key": "a/b.json", "Body": {"a": [1]}})})
    assert json.load(s3.get_object(Bucket=f"results-{aws.account}", Key="a/b.json")["Body"]) == {"a": [1]}


def test_a_distributed_map_takes_jsonata_and_its_executions_see_no_variables_of_the_one_around_them(aws: LocalAws) -> None:
    def mapped(item: Any) -> dict[str, Any]:
        return {
            "Assign": {"Type": "Pass", "Assign": {"outer": 5}, "Next": "Map"},
            "Map": {
                "Type": "Map", "Items": "{% $states.input.items %}", "End": True, "Output": {"sum": "{% $sum($states.result) %}"},
                "ItemSelector": {"value": "{% $states.context.Map.Item.Value * 10 %}", "parent": "{% $states.context.Execution.Name %}"},
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "One",
                    "States": {"One": {"Type": "Pass", "Output": item, "End": True}}}},
        }

    assert run(aws, mapped("{% $states.input.value %}"), {"items": [1, 2]}) == ("SUCCEEDED", {"sum": 30})
    assert run(aws, mapped("{% $exists($outer) ? 1 : 0 %}"), {"items": [1, 2]}) == ("SUCCEEDED", {"sum": 0})
    assert run(aws, mapped("{% $states.context.Execution.Name = $states.input.parent ? 1 : 0 %}"), {"items": [1]}) == ("SUCCEEDED", {"sum": 0})


def test_waits_are_as_long_as_a_test_wants_them(aws: LocalAws) -> None:
    aws.state(settings={"stateMachineWaitPercent": 0})
    started = time.time()
    assert run(aws, {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}})[0] == "SUCCEEDED"
    assert time.time() - started < 60
