"""How the CloudFormation engine treats custom resources; the functions are real Node processes."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from .cloudformation import Stack, license_configuration
from .conftest import LocalAws, start, stop

# Answers as its properties say. Its id is property Id; what it was asked is in the log of the server, as the answers are.
FUNCTION = """
const http = require('node:http');
exports.handler = async (event) => {
  const p = event.ResourceProperties;
  if (p.Silent === event.RequestType) return;
  const failed = p.Fail === event.RequestType;
  const answer = {
    Status: failed ? 'FAILED' : 'SUCCESS', Reason: failed ? `${event.RequestType} refused` : undefined,
    PhysicalResourceId: p.NoId ? undefined : `id-${p.Id}`,
    StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId,
    Data: {
      Asked: `${event.RequestType} ${event.PhysicalResourceId ?? '-'}`, Long: 'x'.repeat(Number(p.Long ?? 0)), Type: typeof p.Number,
    },
  };
  const body = JSON.stringify(answer);
  await new Promise((resolve, reject) => {
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const request = http.request(event.ResponseURL, { method: 'PUT', headers }, resolve);
    request.on('error', reject);
    request.end(body);
  });
};
"""


def function(code: str = FUNCTION, name: str | None = None) -> dict[str, Any]:
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {
            "Code": {"ZipFile": code}, "Handler": "index.handler", "Runtime": "nodejs24.x", "Timeout": 300,
            "Role": {"Fn::GetAtt": ["Role", "Arn"]}, **({"FunctionName": name} if name else {})}},
    }


def custom(**properties: Any) -> dict[str, Any]:
    attributes = {name: properties.pop(name) for name in ("DeletionPolicy", "DependsOn") if name in properties}
    given = {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "ServiceTimeout": 300, "Id": "1", **properties}
    return {"Type": "Custom::Thing", "Properties": given, **attributes}


def answers(aws: LocalAws) -> list[str]:
    """What was asked of the resources of the account: the type of the request and the physical id in it."""
    return [c["parameters"]["Data"]["Asked"] for c in aws.calls("cloudformation-response")]


def test_create_update_delete(aws: LocalAws) -> None:
    stack = Stack(aws)
    outputs = {"Outputs": {"Type": {"Value": {"Fn::GetAtt": ["Thing", "Type"]}}, "Ref": {"Value": {"Ref": "Thing"}}}}
    assert stack.create({**function(), "Thing": custom(Number=1), **outputs}) == "CREATE_COMPLETE"
    assert stack.outputs() == {"Type": "string", "Ref": "id-1"}
    assert stack.update({**function(), "Thing": custom(Number=2)}) == "UPDATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert answers(aws) == ["Create -", "Update id-1", "Delete id-1"]


def test_a_new_physical_id_deletes_the_old_one_afterwards(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({**function(), "Thing": custom()})
    other = custom(Id="9", DependsOn="Thing")
    assert stack.update({**function(), "Thing": custom(Id="2"), "Other": other}) == "UPDATE_COMPLETE"
    assert stack.resource("Thing") == "id-2"
    assert answers(aws) == ["Create -", "Update id-1", "Create -", "Delete id-1"]


def test_a_failed_create_is_deleted_with_the_id_that_it_answered(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create({**function(), "Thing": custom(Fail="Create")}) == "ROLLBACK_COMPLETE"
    assert stack.reasons("CREATE_FAILED") == ["Create refused"]
    assert answers(aws) == ["Create -", "Delete id-1"]


def test_a_failed_create_in_an_update_is_deleted(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({**function(), "Thing": custom()})
    assert stack.update({**function(), "Thing": custom(Number=2), "Other": custom(Id="9", Fail="Create", DependsOn="Thing")}) == (
        "UPDATE_ROLLBACK_COMPLETE")
    assert answers(aws) == ["Create -", "Update id-1", "Create -", "Update id-1", "Delete id-9"]


def test_a_replacement_is_taken_back(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({**function(), "Thing": custom()})
    failing = custom(Id="9", Fail="Create", DependsOn="Thing")
    assert stack.update({**function(), "Thing": custom(Id="2"), "Other": failing}) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resource("Thing") == "id-1"
    assert answers(aws) == ["Create -", "Update id-1", "Create -", "Delete id-9", "Delete id-2"]


def test_a_failed_update_is_updated_back(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({**function(), "Thing": custom()})
    assert stack.update({**function(), "Thing": custom(Fail="Update")}) == "UPDATE_ROLLBACK_COMPLETE"
    assert answers(aws) == ["Create -", "Update id-1", "Update id-1"]


@pytest.mark.parametrize("resource_type", ["Custom::Thing", "AWS::CloudFormation::CustomResource"])
def test_the_service_token_does_not_change(aws: LocalAws, resource_type: str) -> None:
    """A function of another name is another function: the resource that it had stays as it is, and neither of the two is called."""
    first, second = (function(name=f"{number}-{aws.account}-{resource_type[:3]}") for number in ("first", "second"))
    thing = {**custom(), "Type": resource_type}
    stack = Stack(aws)
    stack.create({**first, "Thing": thing})
    before = answers(aws)
    assert stack.update({**second, "Thing": thing}) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.reasons("UPDATE_FAILED") == ["Modifying service token is not allowed."]
    assert ("Thing", "UPDATE_COMPLETE", "") in stack.events()[-8:]
    assert answers(aws) == before
    assert stack.resource("Thing") == "id-1"
    assert stack.update({**first, "Thing": {**thing, "Properties": {**thing["Properties"], "Number": 2}}}) == "UPDATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert answers(aws) == ["Create -", "Update id-1", "Delete id-1"]


def test_no_answer_within_the_service_timeout(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create({**function("exports.handler = async () => {};"), "Thing": custom(ServiceTimeout=1)}) == "ROLLBACK_FAILED"
    assert "timed out after 1s" in stack.reasons("CREATE_FAILED")[0]


def test_a_function_that_cannot_start(aws: LocalAws) -> None:
    stack = Stack(aws)
    code = "require('no-such-module');"
    assert stack.create({**function(code), "Thing": custom(ServiceTimeout=1)}) == "ROLLBACK_FAILED"
    assert "timed out" in stack.reasons("CREATE_FAILED")[0]


def test_answers_that_cloudformation_refuses(aws: LocalAws) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"Long": 5000}, "Response object is too long."), ({"NoId": True}, "Invalid PhysicalResourceId")]
    for number, (properties, reason) in enumerate(refused):
        stack = Stack(aws, f"stack{number}")
        assert stack.create({**function(), "Thing": custom(**properties)}).startswith("ROLLBACK_")
        assert stack.reasons("CREATE_FAILED") == [reason]


def test_a_failed_delete_and_a_retained_resource(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({**function(), "Thing": custom(Fail="Delete"), "Kept": custom(Id="2", DeletionPolicy="Retain")})
    assert stack.delete() == "DELETE_FAILED"
    assert stack.reasons("DELETE_FAILED")[0] == "Delete refused"
    assert "Delete id-2" not in answers(aws)
    assert stack.delete(RetainResources=["Thing"]) == "DELETE_COMPLETE"


def test_what_a_failed_delete_needs_stays(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({**function(), "Thing": custom(Fail="Delete"), "Other": license_configuration()})
    for _ in range(2):
        # Another try has the function that answers it.
        assert stack.delete() == "DELETE_FAILED"
        assert stack.reasons("DELETE_FAILED")[-2:] == ["Delete refused", "The following resource(s) failed to delete: [Thing]."]
    assert answers(aws)[-2:] == ["Delete id-1", "Delete id-1"]
    assert aws.client("license-manager").list_license_configurations()["LicenseConfigurations"] == []


def test_the_order_of_a_native_and_a_custom_resource(aws: LocalAws) -> None:
    """An association's resource moves to the new license before the old license goes."""
    stack = Stack(aws)
    stack.create({**function(), "License": license_configuration(), "Thing": custom(Id={"Ref": "License"})})
    old = stack.resource("License")
    changed = {**function(), "License": license_configuration(LicenseCountingType="Socket"), "Thing": custom(Id={"Ref": "License"})}
    assert stack.update(changed) == "UPDATE_COMPLETE"
    new = stack.resource("License")
    assert answers(aws) == ["Create -", f"Update id-{old}", f"Delete id-{old}"]
    deletes = [c["parameters"].get("PhysicalResourceId") or c["parameters"].get("LicenseConfigurationArn")
               for c in aws.calls("cloudformation-response,license-manager") if c["operation"] != "CreateLicenseConfiguration"]
    assert deletes[-3:] == [f"id-{new}", f"id-{old}", old]


# Says what CloudFormation says of the resource while it is being worked on.
ASKING = FUNCTION.replace("  const answer = {", """  const { AWS_ENDPOINT_URL, AWS_REGION } = process.env;
  const account = event.StackId.split(':')[4];
  const query = new URLSearchParams({
    Action: 'DescribeStackResource', Version: '2010-05-15', StackName: event.StackId, LogicalResourceId: event.LogicalResourceId,
  });
  const described = await fetch(`${AWS_ENDPOINT_URL}/`, { method: 'POST', body: query, headers: {
    authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${AWS_REGION}/cloudformation/aws4_request, SignedHeaders=host, Signature=0`,
  } }).then((response) => response.text());
  const member = (name) => new RegExp(`<${name}>(.*)</${name}>`).exec(described)?.[1];
  const answer = {""").replace("Type: typeof p.Number,", """Type: typeof p.Number,
      Status: `${member('ResourceStatus')} ${member('ResourceType')} ${member('PhysicalResourceId')}`, Updated: member('LastUpdatedTimestamp'),""")


def test_a_resource_is_described_as_it_is_being_worked_on(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({**function(ASKING), "Thing": custom()})
    stack.update({**function(ASKING), "Thing": custom(Number=1)})
    # A replacement, whose old resource is deleted when the new one is what the logical id stands for.
    stack.update({**function(ASKING), "Thing": custom(Id="2")})
    stack.update({**function(ASKING), "Thing": custom(Id="2", Fail="Update")})
    stack.delete()
    data = [c["parameters"]["Data"] for c in aws.calls("cloudformation-response")]
    assert [f"{each['Asked']}: {each['Status']}" for each in data] == [
        "Create -: CREATE_IN_PROGRESS Custom::Thing ",
        "Update id-1: UPDATE_IN_PROGRESS Custom::Thing id-1",
        "Update id-1: UPDATE_IN_PROGRESS Custom::Thing id-1",
        "Delete id-1: UPDATE_COMPLETE Custom::Thing id-2",
        "Update id-2: UPDATE_IN_PROGRESS Custom::Thing id-2",
        "Update id-2: UPDATE_IN_PROGRESS Custom::Thing id-2",
        "Delete id-2: DELETE_IN_PROGRESS Custom::Thing id-2",
    ]
    updated = [each["Updated"] for each in data]
    # Each has a time of its own, but for the old resource, which is not the one that is described.
    assert updated == sorted(updated)
    assert len({*updated[:3], *updated[4:]}) == 6


def test_a_resource_that_failed_is_described_as_such(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({**function(), "Thing": custom(Fail="Create")}, DisableRollback=True)
    detail = stack.client.describe_stack_resource(StackName=stack.name, LogicalResourceId="Thing")["StackResourceDetail"]
    assert (detail["ResourceStatus"], detail["ResourceStatusReason"]) == ("CREATE_FAILED", "Create refused")
    summaries = stack.client.list_stack_resources(StackName=stack.name)["StackResourceSummaries"]
    assert {s["LogicalResourceId"]: s["ResourceStatus"] for s in summaries} == {
        "Role": "CREATE_COMPLETE", "Function": "CREATE_COMPLETE", "Thing": "CREATE_FAILED"}
    all_of_them = stack.client.describe_stack_resources(StackName=stack.name)["StackResources"]
    assert [r["ResourceStatus"] for r in all_of_them if r["LogicalResourceId"] == "Thing"] == ["CREATE_FAILED"]


def test_no_process_is_left(aws: LocalAws) -> None:
    process, endpoint = start()
    mine = LocalAws(endpoint)
    Stack(mine).create({**function(), "Thing": custom()})
    functions = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False).stdout.split()
    assert functions
    assert stop(process) == 0
    for pid in functions:
        assert subprocess.run(["kill", "-0", pid], capture_output=True, check=False).returncode != 0


def test_the_function_runs_on_the_first_node_of_the_path_and_finds_the_server(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam)
    code = """
    exports.handler = async (event) => {
      const data = { Version: process.version, Endpoint: process.env.AWS_ENDPOINT_URL, Region: process.env.AWS_REGION };
      const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'x', StackId: event.StackId, RequestId: event.RequestId,
        LogicalResourceId: event.LogicalResourceId, Data: data });
      await fetch(event.ResponseURL, { method: 'PUT', body });
    };
    """
    stack = Stack(aws)
    outputs = {name: {"Value": {"Fn::GetAtt": ["Thing", name]}} for name in ("Version", "Endpoint", "Region")}
    assert stack.create({**function(code), "Thing": custom(), "Outputs": outputs}) == "CREATE_COMPLETE"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    assert stack.outputs() == {"Version": version, "Endpoint": endpoint_with_iam, "Region": "us-east-1"}
