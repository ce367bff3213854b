"""Service control policies: their life, what they are attached to, and whom they limit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .cloudformation import Stack
from .conftest import LocalAws, new_account
from .test_iam import allow, user
from .test_license_configurations import create, refusal
from .test_organizations import organization, reason

IMAGE, OTHER = "ami-0123456789abcdef0", "ami-0123456789abcdef1"
UNIT = "ou-ab12-cdef3456"


@pytest.fixture
def aws(endpoint_with_iam: str) -> LocalAws:
    return LocalAws(endpoint_with_iam, account=new_account())


def deny(resources: Any, **condition: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": resources, "Condition": condition}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


NO_IMAGE = document(deny("arn:aws:ec2:*::image/*", StringEquals={"ec2:ImageID": IMAGE}))


def make(aws: LocalAws, content: str = NO_IMAGE, name: str = "policy") -> str:
    return aws.client("organizations").create_policy(
        Name=name, Description="", Type="SERVICE_CONTROL_POLICY", Content=content)["Policy"]["PolicySummary"]["Id"]


def attach(aws: LocalAws, target: str, content: str = NO_IMAGE) -> str:
    policy = make(aws, content)
    aws.client("organizations").attach_policy(PolicyId=policy, TargetId=target)
    return policy


def launch(client: Any, image: str = IMAGE, **more: Any) -> str:
    """The code of the refusal, or what was launched."""
    try:
        return client.run_instances(ImageId=image, InstanceType="m5.large", MinCount=1, MaxCount=1, **more)["Instances"][0]["ImageId"]
    except client.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


def test_life_of_a_policy(aws: LocalAws) -> None:
    member, _ = organization(aws)
    client = aws.client("organizations")
    policy = make(aws)
    assert client.describe_policy(PolicyId=policy)["Policy"]["Content"] == NO_IMAGE
    client.attach_policy(PolicyId=policy, TargetId=member.account)
    assert [(each["TargetId"], each["Type"]) for each in client.list_targets_for_policy(PolicyId=policy)["Targets"]] == [(member.account, "ACCOUNT")]
    assert refusal(client.delete_policy, PolicyId=policy)[0] == "PolicyInUseException"
    assert refusal(client.attach_policy, PolicyId=policy, TargetId=member.account)[0] == "DuplicatePolicyAttachmentException"
    client.update_policy(PolicyId=policy, Name="other")
    assert [each["Name"] for each in client.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]] == ["other"]
    client.detach_policy(PolicyId=policy, TargetId=member.account)
    assert refusal(client.detach_policy, PolicyId=policy, TargetId=member.account)[0] == "PolicyNotAttachedException"
    client.delete_policy(PolicyId=policy)
    assert refusal(client.describe_policy, PolicyId=policy)[0] == "PolicyNotFoundException"


@pytest.mark.parametrize("content", [
    "no JSON", document(), document({"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": "*"}), document({"Action": "*", "Resource": "*"}),
    document({"Sid": "a b", "Effect": "Deny", "Action": "*", "Resource": "*"}), document(*[{"Sid": "a", "Effect": "Deny", "Action": "*", "Resource": "*"}] * 2),
    '{"Version": "2012-10-17", "Id": "a", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}',
])
def test_what_is_no_policy(aws: LocalAws, content: str) -> None:
    organization(aws)
    assert refusal(make, aws=aws, content=content)[0] == "MalformedPolicyDocumentException"


def test_the_size_of_a_policy(aws: LocalAws) -> None:
    organization(aws)

    def sized(size: int) -> str:
        bare = len(document(deny(""))) - 2
        return document(deny("")).replace('"Resource": ""', f'"Resource": "arn:{"a" * (size - bare - 6)}"')

    assert len(sized(10_240)) == 10_240
    make(aws, sized(10_240))
    assert reason(lambda: make(aws, sized(10_241), "other")) == ("ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED")


def test_who_may_make_policies(aws: LocalAws) -> None:
    assert refusal(make, aws=aws)[0] == "AWSOrganizationsNotInUseException"
    member, _ = organization(aws)
    assert refusal(make, aws=member)[0] == "AccessDeniedException"
    make(aws)
    assert refusal(make, aws=aws)[0] == "DuplicatePolicyException"
    aws.state(settings={"organizationFeatures": "CONSOLIDATED_BILLING"})
    assert refusal(make, aws=aws, name="other")[0] == "PolicyTypeNotAvailableForOrganizationException"


def test_what_is_not_there_is_no_target(aws: LocalAws) -> None:
    organization(aws)
    client, policy = aws.client("organizations"), make(aws)
    for target in ("999999999999", "r-ab12", UNIT):
        assert refusal(client.attach_policy, PolicyId=policy, TargetId=target)[0] == "TargetNotFoundException"


@pytest.mark.parametrize("kind", ["account", "unit", "root"])
def test_it_limits_the_principals_of_its_targets(aws: LocalAws, kind: str) -> None:
    member, other = organization(aws)
    aws.state(settings={"organizationalUnits": {UNIT: [member.account]}})
    full = member.client("ec2", **user(member, allow("*", "*")))
    assert launch(full) == IMAGE
    policy = attach(aws, {"account": member.account, "unit": UNIT, "root": f"r-{aws.account}"}[kind])
    assert launch(full) == "UnauthorizedOperation"
    assert launch(full, OTHER) == OTHER
    # Also the root user, and nobody in the management account.
    assert launch(member.client("ec2")) == "UnauthorizedOperation"
    assert launch(other.client("ec2")) == ("UnauthorizedOperation" if kind == "root" else IMAGE)
    assert launch(aws.client("ec2")) == IMAGE
    # It gives nothing.
    assert launch(member.client("ec2", **user(member, allow("s3:*", "*"))), OTHER) == "UnauthorizedOperation"
    aws.client("organizations").detach_policy(PolicyId=policy, TargetId={"account": member.account, "unit": UNIT, "root": f"r-{aws.account}"}[kind])
    assert launch(full) == IMAGE


def template(aws: LocalAws, **data: Any) -> str:
    resource = {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {"InstanceType": "m5.large", **data}}}
    stack = Stack(aws)
    assert stack.create({"It": resource, "Outputs": {"Id": {"Value": {"Ref": "It"}}}}) == "CREATE_COMPLETE"
    return stack.outputs()["Id"]


@pytest.mark.parametrize(("statement", "launched"), [
    # Each condition key is there for its own resource only.
    (deny("arn:aws:ec2:*:*:instance/*", StringEquals={"ec2:ImageID": IMAGE}), True),
    (deny("arn:aws:ec2:*::image/*", StringEquals={"ec2:Tenancy": "default"}), True),
    (deny("arn:aws:ec2:*:*:instance/*", StringEquals={"ec2:Tenancy": "default"}), False),
    (deny("arn:aws:ec2:*:*:instance/*", StringEquals={"ec2:Tenancy": "host"}), True),
    (deny("arn:aws:ec2:*:*:instance/*", StringEquals={"ec2:InstanceType": "m5.large"}), False),
    (deny("arn:aws:ec2:*::image/*", ArnNotLike={"ec2:LaunchTemplate": "arn:aws:ec2:*:*:launch-template/*"}), False),
    (deny("arn:aws:ec2:*::image/*", ArnLike={"ec2:LaunchTemplate": "arn:aws:ec2:*:*:launch-template/*"}), True),
    (deny("arn:aws:ec2:*:*:instance/*", StringEquals={"aws:RequestTag/product": "windows"}), False),
    (deny("arn:aws:ec2:*:*:instance/*", StringEquals={"aws:RequestTag/product": "linux"}), True),
    (deny("arn:aws:ec2:*:*:instance/*", StringEquals={"aws:RequestTag/disk": "windows"}), True),
    (deny("arn:aws:ec2:*:*:instance/*", Null={"aws:RequestTag/product": "false"}), False),
    (deny("arn:aws:ec2:*:*:instance/*", Null={"aws:RequestTag/product": "true"}), True),
    (deny("arn:aws:ec2:*::image/*", StringEquals={"aws:RequestTag/product": "windows"}), True),
    (deny("arn:aws:license-manager:*", StringEquals={"ec2:Tenancy": "default"}), True),
])
def test_condition_keys_of_a_launch(aws: LocalAws, statement: dict[str, Any], launched: bool) -> None:
    member, _ = organization(aws)
    attach(aws, member.account, document(statement))
    license_arn = create(member, LicenseCountingType="vCPU")
    tags = [{"ResourceType": kind, "Tags": [{"Key": key, "Value": "windows"}]} for kind, key in (("instance", "product"), ("volume", "disk"))]
    assert launch(member.client("ec2"), LicenseSpecifications=[{"LicenseConfigurationArn": license_arn}], TagSpecifications=tags) == (
        IMAGE if launched else "UnauthorizedOperation")


def test_a_launch_from_a_template_takes_what_that_has(aws: LocalAws) -> None:
    license_arn = create(aws, LicenseCountingType="vCPU")
    template_id = template(aws, ImageId=OTHER, LicenseSpecifications=[{"LicenseConfigurationArn": license_arn}])
    ec2 = aws.client("ec2")
    (launched,) = ec2.run_instances(MinCount=1, MaxCount=1, LaunchTemplate={"LaunchTemplateId": template_id})["Instances"]
    assert (launched["ImageId"], launched["InstanceType"]) == (OTHER, "m5.large")
    (usage,) = aws.client("license-manager").list_associations_for_license_configuration(LicenseConfigurationArn=license_arn)[
        "LicenseConfigurationAssociations"]
    assert usage["ResourceArn"].endswith(launched["InstanceId"])
    (overridden,) = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, LaunchTemplate={"LaunchTemplateId": template_id, "Version": "1"})["Instances"]
    assert overridden["ImageId"] == IMAGE
    for which in ({"LaunchTemplateId": "lt-0123456789abcdef0"}, {"LaunchTemplateId": template_id, "Version": "9"}):
        assert refusal(ec2.run_instances, MinCount=1, MaxCount=1, LaunchTemplate=which)[0].startswith("InvalidLaunchTemplateId.")


def test_a_launch_from_a_template_needs_permission_for_what_that_has(aws: LocalAws) -> None:
    mine, other = (create(aws, LicenseCountingType="vCPU") for _ in range(2))
    template_id = template(aws, ImageId=IMAGE, LicenseSpecifications=[{"LicenseConfigurationArn": other}])
    client = aws.client("ec2", **user(aws, allow("ec2:RunInstances", ["arn:aws:ec2:*", mine])))
    assert refusal(client.run_instances, MinCount=1, MaxCount=1, LaunchTemplate={"LaunchTemplateId": template_id})[0] == "UnauthorizedOperation"
    client.run_instances(
        MinCount=1, MaxCount=1, LaunchTemplate={"LaunchTemplateId": template_id}, LicenseSpecifications=[{"LicenseConfigurationArn": mine}])
    without_images = aws.client("ec2", **user(aws, allow("ec2:RunInstances", "arn:aws:ec2:*:*:instance/*")))
    assert launch(without_images) == "UnauthorizedOperation"


def policy(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::Organizations::Policy", "Properties": {
        "Name": "policy", "Type": "SERVICE_CONTROL_POLICY", "Content": json.loads(NO_IMAGE), **properties}}


def test_life_of_a_native_policy(aws: LocalAws) -> None:
    member, other = organization(aws)
    client, stack = aws.client("organizations"), Stack(aws)

    def targets() -> list[str]:
        return [each["TargetId"] for each in client.list_targets_for_policy(PolicyId=stack.outputs()["Ref"])["Targets"]]

    outputs = {"Ref": {"Value": {"Ref": "Policy"}}, "Arn": {"Value": {"Fn::GetAtt": ["Policy", "Arn"]}}}
    assert stack.create({"Policy": policy(), "Outputs": outputs}) == "CREATE_COMPLETE"
    before = stack.outputs()
    assert before["Arn"].endswith(before["Ref"])
    assert targets() == []
    assert stack.update({"Policy": policy(TargetIds=[member.account, other.account], Description="a"), "Outputs": outputs}) == "UPDATE_COMPLETE"
    assert (stack.outputs(), targets()) == (before, [member.account, other.account])
    failing = policy(TargetIds=[member.account, "999999999999"])
    assert stack.update({"Policy": failing, "Outputs": outputs}) == "UPDATE_ROLLBACK_COMPLETE"
    assert sorted(targets()) == [member.account, other.account]
    assert stack.delete() == "DELETE_COMPLETE"
    assert client.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"] == []
    # A policy that cannot be attached is not left.
    assert Stack(aws, "failing").create({"Policy": policy(TargetIds=["999999999999"])}) == "ROLLBACK_COMPLETE"
    assert client.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"] == []
