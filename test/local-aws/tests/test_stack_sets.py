"""Stack sets with service-managed permissions, and the associations of Systems Manager that they bring."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from .cloudformation import Stack
from .conftest import LocalAws
from .test_organizations import member_of

TRUSTED = "member.org.stacksets.cloudformation.amazonaws.com"
ROOT = "r-ab12"


def association(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Association", "Properties": {
        "Name": "AWS-GatherSoftwareInventory", "Targets": [{"Key": "InstanceIds", "Values": ["*"]}], "ScheduleExpression": "rate(30 minutes)", **properties}}


def template(**resources: Any) -> str:
    return json.dumps({"Resources": resources or {"Inventory": association()}})


def stack_set(body: str | None = None, **properties: Any) -> dict[str, Any]:
    given = {
        "StackSetName": "members", "PermissionModel": "SERVICE_MANAGED", "AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": False},
        "TemplateBody": body or template(),
        "StackInstancesGroup": [{"DeploymentTargets": {"OrganizationalUnitIds": [ROOT]}, "Regions": ["us-east-1"]}], **properties}
    return {"Set": {"Type": "AWS::CloudFormation::StackSet", "Properties": {name: value for name, value in given.items() if value is not None}}}


def group(*units: str, regions: tuple[str, ...] = ("us-east-1",)) -> dict[str, Any]:
    return {"StackInstancesGroup": [{"DeploymentTargets": {"OrganizationalUnitIds": list(units)}, "Regions": list(regions)}]}


def organization(aws: LocalAws, **settings: Any) -> list[LocalAws]:
    members = [member_of(aws.account, n) for n in (1, 2)]
    aws.state(settings={
        "organizationManagementAccount": aws.account, "organizationAccounts": members, "organizationServiceAccess": [TRUSTED], **settings})
    return [LocalAws(aws.endpoint, account=account) for account in members]


def stacks_of(aws: LocalAws, region: str = "us-east-1") -> list[str]:
    found = aws.client("cloudformation", region=region).describe_stacks()["Stacks"]
    return [each["StackName"] for each in found if each["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")]


def rates(aws: LocalAws, region: str = "us-east-1") -> list[str]:
    return [each["ScheduleExpression"] for each in aws.client("ssm", region=region).list_associations()["Associations"]]


def eventually(condition: Any) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_every_member_has_a_stack_and_the_management_account_none(aws: LocalAws) -> None:
    members = organization(aws)
    stack = Stack(aws)
    assert stack.create(stack_set(**group(ROOT, regions=("us-east-1", "eu-west-1")))) == "CREATE_COMPLETE"
    for member in members:
        for region in ("us-east-1", "eu-west-1"):
            assert [name.startswith("StackSet-members-") for name in stacks_of(member, region)] == [True]
            assert rates(member, region) == ["rate(30 minutes)"]
    assert stacks_of(aws) == ["stack"]
    assert rates(aws) == []
    assert stack.resource("Set").startswith("members:")


def test_who_joins_gets_a_stack_and_who_leaves_loses_it(aws: LocalAws) -> None:
    first, second = organization(aws)
    Stack(aws).create(stack_set())
    third = LocalAws(aws.endpoint, account=member_of(aws.account, 3))
    aws.state(settings={"organizationAccounts": [first.account, third.account]})
    eventually(lambda: rates(third) == ["rate(30 minutes)"] and rates(second) == [])
    assert len(rates(first)) == 1
    [described] = aws.control("GET", f"state?account={aws.account}&region=us-east-1")["stackSets"]
    assert [each["account"] for each in described["instances"]] == sorted([first.account, third.account])


def test_without_auto_deployment_nobody_gets_anything_by_joining(aws: LocalAws) -> None:
    first, _ = organization(aws)
    Stack(aws).create(stack_set(AutoDeployment={"Enabled": False}))
    third = LocalAws(aws.endpoint, account=member_of(aws.account, 3))
    aws.state(settings={"organizationAccounts": [first.account, third.account]})
    time.sleep(0.5)
    assert rates(third) == []


def test_who_leaves_may_keep_its_stack(aws: LocalAws) -> None:
    first, second = organization(aws)
    Stack(aws).create(stack_set(AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": True}))
    aws.state(settings={"organizationAccounts": [first.account]})
    eventually(lambda: len(aws.control("GET", f"state?account={aws.account}&region=us-east-1")["stackSets"][0]["instances"]) == 1)
    assert len(rates(second)) == 1


def test_a_unit_has_its_own_accounts_only(aws: LocalAws) -> None:
    first, second = organization(aws, organizationalUnits={"ou-ab12-servers1": [member_of(aws.account, 2), aws.account]})
    Stack(aws).create(stack_set(**group("ou-ab12-servers1")))
    assert (rates(first), len(rates(second)), rates(aws)) == ([], 1, [])


def test_a_change_goes_to_every_account_and_a_delete_takes_all_away(aws: LocalAws) -> None:
    members = organization(aws)
    stack = Stack(aws)
    stack.create(stack_set())
    names = [stacks_of(member) for member in members]
    changed = template(Inventory=association(ScheduleExpression="rate(1 hour)"))
    assert stack.update(stack_set(changed, **group(ROOT, regions=("us-east-1", "eu-west-1")))) == "UPDATE_COMPLETE"
    assert [rates(member) for member in members] == [["rate(1 hour)"]] * 2
    assert [stacks_of(member) for member in members] == names
    assert stack.update(stack_set(changed, **group(ROOT, regions=("eu-west-1",)))) == "UPDATE_COMPLETE"
    assert [(rates(member), rates(member, "eu-west-1")) for member in members] == [([], ["rate(1 hour)"])] * 2
    stack.delete()
    assert [rates(member, "eu-west-1") for member in members] == [[], []]


def test_what_fails_in_too_many_accounts_fails_and_leaves_nothing(aws: LocalAws) -> None:
    members = organization(aws)
    wrong = template(Inventory=association(ScheduleExpression="rate(29 minutes)"))
    stack = Stack(aws)
    assert stack.create(stack_set(wrong)) == "ROLLBACK_COMPLETE"
    [reason] = [reason for reason in stack.reasons("CREATE_FAILED") if "Operation failed" in reason]
    assert f"account {members[0].account}, Region us-east-1" in reason
    assert "rate(29 minutes) is currently not accepted" in reason
    assert [stacks_of(member) for member in members] == [[], []]


def test_failures_that_are_tolerated(aws: LocalAws) -> None:
    organization(aws)
    wrong = template(Inventory=association(ScheduleExpression="rate(29 minutes)"))
    assert Stack(aws).create(stack_set(wrong, OperationPreferences={"FailureTolerancePercentage": 100})) == "CREATE_COMPLETE"


@pytest.mark.parametrize(("properties", "text"), [
    ({"PermissionModel": "SELF_MANAGED"}, "service-managed permissions only"),
    ({"CallAs": "DELEGATED_ADMIN"}, "Account used is not a delegated administrator"),
    ({"AutoDeployment": None}, "AutoDeployment has to be specified"),
    ({"AutoDeployment": {"Enabled": False, "RetainStacksOnAccountRemoval": True}}, "only if auto deployment is enabled"),
    ({"TemplateURL": "https://example.com/template"}, "Either Template URL or Template Body"),
    ({"ExecutionRoleName": "role"}, "takes no roles"),
    (group("ou-ab12-nowhere1"), "OrganizationalUnit ou-ab12-nowhere1 does not exist"),
    ({"StackInstancesGroup": [{"DeploymentTargets": {"Accounts": ["444455556666"]}, "Regions": ["us-east-1"]}]}, "OrganizationalUnitIds are required"),
    ({"TemplateBody": template(Role={"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}})}, "CAPABILITY_IAM"),
])
def test_what_stack_sets_refuses(aws: LocalAws, properties: dict[str, Any], text: str) -> None:
    organization(aws)
    stack = Stack(aws)
    assert stack.create(stack_set(**properties)) == "ROLLBACK_COMPLETE"
    assert any(text in reason for reason in stack.reasons("CREATE_FAILED"))


@pytest.mark.parametrize(("bytes_", "status"), [(51_200, "CREATE_COMPLETE"), (51_201, "ROLLBACK_COMPLETE")])
def test_how_large_a_template_may_be_inside_another_one(aws: LocalAws, bytes_: int, status: str) -> None:
    organization(aws)
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=f"templates-{aws.account}")
    body = template()
    s3.put_object(Bucket=f"templates-{aws.account}", Key="it.json", Body=json.dumps({"Resources": stack_set(body + " " * (bytes_ - len(body)))}))
    stack = Stack(aws)
    stack.id = stack.client.create_stack(StackName=stack.name, TemplateURL=f"https://s3.amazonaws.com/templates-{aws.account}/it.json")["StackId"]
    assert stack.wait() == status
    assert any("keyword [minLength/maxLength]" in reason for reason in stack.reasons("CREATE_FAILED")) == (bytes_ > 51_200)


@pytest.mark.parametrize("settings", [{"organizationServiceAccess": []}, {"organizationFeatures": "CONSOLIDATED_BILLING"}, {"organizationManagementAccount": ""}])
def test_the_organization_has_to_trust_stack_sets(aws: LocalAws, settings: dict[str, Any]) -> None:
    organization(aws, **settings)
    stack = Stack(aws)
    assert stack.create(stack_set()) == "ROLLBACK_COMPLETE"
    assert any("You must enable organizations access to operate a service managed stack set" in reason for reason in stack.reasons("CREATE_FAILED"))


def test_a_member_has_no_stack_set_unless_it_administers_them(aws: LocalAws) -> None:
    member, _ = organization(aws)
    stack = Stack(member)
    assert stack.create(stack_set(CallAs="DELEGATED_ADMIN")) == "ROLLBACK_COMPLETE"
    aws.state(settings={"organizationDelegatedAdministrators": {TRUSTED: [member.account]}})
    assert Stack(member, "administered").create(stack_set(CallAs="DELEGATED_ADMIN")) == "CREATE_COMPLETE"


def test_a_template_in_a_bucket(aws: LocalAws) -> None:
    members = organization(aws)
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=f"templates-{aws.account}")
    s3.put_object(Bucket=f"templates-{aws.account}", Key="members.json", Body=template())
    url = f"https://s3.us-east-1.amazonaws.com/templates-{aws.account}/members.json"
    assert Stack(aws).create(stack_set(TemplateBody=None, TemplateURL=url)) == "CREATE_COMPLETE"
    assert [len(rates(member)) for member in members] == [1, 1]


@pytest.mark.parametrize(("expression", "taken"), [
    ("rate(30 minutes)", True), ("rate(29 minutes)", False), ("rate(1 hour)", True), ("rate(1 hours)", False), ("rate(2 hour)", False), ("rate(30 days)", True),
    ("rate(31 days)", False), ("hourly", False), ("cron(0 2 ? * SUN *)", True)])
def test_when_an_association_is_applied(aws: LocalAws, expression: str, taken: bool) -> None:
    stack = Stack(aws)
    assert stack.create({"It": association(ScheduleExpression=expression)}) == ("CREATE_COMPLETE" if taken else "ROLLBACK_COMPLETE")


def test_an_association_is_changed_in_place_and_deleted(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({"It": association()})
    identifier = stack.resource("It")
    stack.update({"It": association(ScheduleExpression="rate(1 day)", MaxErrors="5")})
    assert stack.resource("It") == identifier
    found = aws.client("ssm").describe_association(AssociationId=identifier)["AssociationDescription"]
    assert (found["ScheduleExpression"], found["MaxErrors"]) == ("rate(1 day)", "5")
    stack.delete()
    assert rates(aws) == []
