"""What state machines do: calls of AWS services, and distributed maps in JSONata."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from .conftest import LocalAws, new_account

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


class Members:
    """A machine with a role, and another account with a role that a test makes."""

    def __init__(self, endpoint: str) -> None:
        self.own, self.other = (LocalAws(endpoint, account=new_account()) for _ in range(2))
        self.arn = f"arn:aws:iam::{self.other.account}:role/member"

    def role(self, aws: LocalAws, name: str, principal: Any, permission: dict[str, Any] | None = None, condition: Any = None) -> None:
        iam = aws.client("iam")
        trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **({"Condition": condition} if condition else {})}
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
        if permission:
            document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **permission}]}
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(document))

    def machine(self, resource: str | None = None, condition: Any = None) -> None:
        permission = {"Action": "sts:AssumeRole", "Resource": resource or self.arn, **({"Condition": condition} if condition else {})}
        self.role(self.own, "machine", {"Service": "states.amazonaws.com"}, permission)

    def member(self, principal: Any = None, action: str = "ec2:DescribeInstances", condition: Any = None) -> None:
        self.role(self.other, "member", principal or {"AWS": f"arn:aws:iam::{self.own.account}:root"}, {"Action": action, "Resource": "*"}, condition)

    def run(self, arn: Any = None) -> tuple[str, Any]:
        return run(self.own, {"List": task("aws-sdk:ec2:describeInstances", {}, Credentials={"RoleArn": arn or "{% $states.input.role %}"})}, {"role": self.arn})

    def accounts(self) -> list[tuple[str, str]]:
        """Who has called what, as a state machine."""
        return [(each["operation"], each["account"]) for aws in (self.own, self.other)
                for each in aws.control("GET", f"calls?account={aws.account}&service=sts,ec2") if each["userAgent"].startswith("states.amazonaws.com")]


@pytest.fixture
def members(endpoint_with_iam: str) -> Members:
    return Members(endpoint_with_iam)


def test_a_task_with_credentials_is_done_in_the_account_of_their_role(members: Members) -> None:
    members.machine()
    members.member()
    assert members.run()[0] == "SUCCEEDED"
    assert members.accounts() == [("AssumeRole", members.own.account), ("DescribeInstances", members.other.account)]


def test_the_permissions_are_those_of_the_role_of_the_credentials(members: Members) -> None:
    members.machine()
    members.member(action="ec2:DescribeImages")
    status, (error, cause) = members.run()
    assert (status, error) == ("FAILED", "Ec2.Ec2Exception")
    assert "not authorized" in cause or "UnauthorizedOperation" in cause


@pytest.mark.parametrize("missing", ["role", "trust", "permission"])
def test_a_role_that_may_not_be_taken_fails_the_task(members: Members, missing: str) -> None:
    members.machine(resource="arn:aws:iam::999999999999:role/member" if missing == "permission" else None)
    if missing != "role":
        members.member({"AWS": "arn:aws:iam::999999999999:root"} if missing == "trust" else None)
    status, (error, cause) = members.run()
    assert (status, error) == ("FAILED", "States.TaskFailed")
    assert "is not authorized to perform: sts:AssumeRole" in cause
    assert [operation for operation, _ in members.accounts()] == ["AssumeRole"]


@pytest.mark.parametrize(("role", "status"), [("machine", "SUCCEEDED"), ("machine2", "FAILED")])
def test_a_trust_policy_sees_the_role_of_the_machine(members: Members, role: str, status: str) -> None:
    members.machine()
    members.member(condition={"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{members.own.account}:role/{role}"}})
    assert members.run()[0] == status


@pytest.mark.parametrize("organized", [True, False])
@pytest.mark.parametrize("side", ["principal", "resource"])
def test_both_sides_may_ask_for_an_organization(members: Members, side: str, organized: bool) -> None:
    if organized:
        members.own.state(settings={"organizationManagementAccount": members.own.account, "organizationAccounts": [members.other.account]})
    key = {"principal": "aws:PrincipalOrgID", "resource": "aws:ResourceOrgID"}[side]
    condition = {"StringEquals": {key: f"o-{members.own.account}"}}
    members.machine(resource="arn:aws:iam::*:role/member", condition=condition if side == "resource" else None)
    members.member(condition=condition if side == "principal" else None)
    assert members.run()[0] == ("SUCCEEDED" if organized else "FAILED")


def test_credentials_are_the_arn_of_a_role(members: Members) -> None:
    members.machine()
    for wrong in ("{% 1 %}", "{% {'a': 'b'} %}"):
        status, (error, cause) = members.run(wrong)
        assert (status, error, "Credentials" in cause) == ("FAILED", "States.Runtime", True)
