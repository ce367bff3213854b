"""IAM: the actions and resources of License Manager and RAM are evaluated when the server is started with --auth."""

from __future__ import annotations

import itertools
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .cloudformation import Stack, license_configuration
from .conftest import LocalAws
from .test_license_configurations import create, refusal

_names = itertools.count(1)


@pytest.fixture
def aws(endpoint_with_iam: str) -> LocalAws:
    found = LocalAws(endpoint_with_iam)
    found.state(settings={"licenseConfigurationsPerRegion": 1000})
    return found


def user(aws: LocalAws, *statements: dict[str, Any]) -> dict[str, str]:
    """The credentials of a new user with these permissions."""
    iam, name = aws.client("iam"), f"user{next(_names)}"
    iam.create_user(UserName=name)
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def allow(actions: Any, resources: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def test_a_license_configuration_is_the_resource(aws: LocalAws) -> None:
    mine, other = create(aws), create(aws)
    client = aws.client("license-manager", **user(aws, allow("license-manager:GetLicenseConfiguration", mine)))
    assert client.get_license_configuration(LicenseConfigurationArn=mine)["OwnerAccountId"] == aws.account
    code, text = refusal(client.get_license_configuration, LicenseConfigurationArn=other)
    assert code == "AccessDeniedException"
    assert f"is not authorized to perform: license-manager:GetLicenseConfiguration on resource: {other}" in text
    assert refusal(client.list_license_configurations)[0] == "AccessDeniedException"


@pytest.mark.parametrize(("operation", "member"), [
    ("GetLicenseConfiguration", "LicenseConfigurationArn"), ("UpdateLicenseConfiguration", "LicenseConfigurationArn"),
    ("DeleteLicenseConfiguration", "LicenseConfigurationArn"), ("ListAssociationsForLicenseConfiguration", "LicenseConfigurationArn"),
    ("ListFailuresForLicenseConfigurationOperations", "LicenseConfigurationArn"),
    ("ListUsageForLicenseConfiguration", "LicenseConfigurationArn"), ("TagResource", "ResourceArn"), ("UntagResource", "ResourceArn"),
    ("ListTagsForResource", "ResourceArn"),
])
def test_operations_with_a_resource_type(aws: LocalAws, operation: str, member: str) -> None:
    arn = create(aws)
    more = {"TagResource": {"Tags": []}, "UntagResource": {"TagKeys": []}}.get(operation, {})
    for resource, allowed in ((arn, True), (create(aws), False)):
        client = aws.client("license-manager", **user(aws, allow(f"license-manager:{operation}", resource)))
        call = client._make_api_call
        if allowed:
            call(operation, {member: arn, **more})
            continue
        assert refusal(call, operation, {member: arn, **more})[0] == "AccessDeniedException"


@pytest.mark.parametrize(("operation", "parameters"), [
    ("CreateLicenseConfiguration", {"Name": "n", "LicenseCountingType": "Core"}), ("ListLicenseConfigurations", {}),
    ("GetServiceSettings", {}),
    ("ListLicenseSpecificationsForResource", {"ResourceArn": "arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0"}),
])
def test_operations_without_one_need_a_star(aws: LocalAws, operation: str, parameters: dict[str, Any]) -> None:
    on_all = aws.client("license-manager", **user(aws, allow(f"license-manager:{operation}", "*")))
    on_all._make_api_call(operation, parameters)
    on_arns = aws.client("license-manager", **user(aws, allow(f"license-manager:{operation}", "arn:aws:license-manager:*:*:*")))
    assert refusal(on_arns._make_api_call, operation, parameters)[0] == "AccessDeniedException"


def test_every_license_of_an_association_is_checked(aws: LocalAws) -> None:
    first, second = create(aws), create(aws)
    client = aws.client("license-manager", **user(aws, allow("license-manager:UpdateLicenseSpecificationsForResource", first)))
    image = "arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0"
    one, both = ([{"LicenseConfigurationArn": arn} for arn in arns] for arns in ((first,), (first, second)))
    assert refusal(client.update_license_specifications_for_resource, ResourceArn=image, AddLicenseSpecifications=both)[0] == (
        "AccessDeniedException")
    client.update_license_specifications_for_resource(ResourceArn=image, AddLicenseSpecifications=one)


def test_tags_in_conditions(aws: LocalAws) -> None:
    tagged, plain = create(aws, Tags=[{"Key": "team", "Value": "it"}]), create(aws)
    condition = {"StringEquals": {"aws:ResourceTag/team": "it"}}
    client = aws.client("license-manager", **user(aws, allow("license-manager:Get*", "*", Condition=condition)))
    client.get_license_configuration(LicenseConfigurationArn=tagged)
    assert refusal(client.get_license_configuration, LicenseConfigurationArn=plain)[0] == "AccessDeniedException"


def test_a_launch_needs_permission_on_its_licenses(aws: LocalAws) -> None:
    allowed, other = create(aws, LicenseCountingType="Instance"), create(aws, LicenseCountingType="Instance")
    client = aws.client("ec2", **user(aws, allow("ec2:RunInstances", [allowed, "arn:aws:ec2:*"])))
    launch = {"ImageId": "ami-0c2023a1b2c3d4e5f", "InstanceType": "m5.large", "MinCount": 1, "MaxCount": 1}
    client.run_instances(**launch, LicenseSpecifications=[{"LicenseConfigurationArn": allowed}])
    refused = refusal(client.run_instances, **launch, LicenseSpecifications=[{"LicenseConfigurationArn": other}])
    assert refused[0] == "UnauthorizedOperation"


def test_ram(aws: LocalAws) -> None:
    client = aws.client("ram", **user(aws, allow("ram:GetResourceShares", "*")))
    assert client.get_resource_shares(resourceOwner="SELF")["resourceShares"] == []
    assert refusal(client.create_resource_share, name="s")[0] == "AccessDeniedException"


def test_the_resource_of_a_rest_call_may_be_in_its_path(aws: LocalAws) -> None:
    service = "license-manager-linux-subscriptions"
    secret = aws.client("secretsmanager").create_secret(Name="rhsm", SecretString="a.b.c")["ARN"]
    arn = aws.client(service).register_subscription_provider(SecretArn=secret, SubscriptionProviderSource="RedHat")["SubscriptionProviderArn"]
    try:
        client = aws.client(service, **user(aws, allow(f"{service}:TagResource", arn)))
        client.tag_resource(resourceArn=arn, tags={"a": "b"})
        with pytest.raises(ClientError) as denied:
            aws.client(service, **user(aws, allow(f"{service}:TagResource", f"{arn}0"))).tag_resource(resourceArn=arn, tags={"a": "c"})
        error, metadata = denied.value.response["Error"], denied.value.response["ResponseMetadata"]
        assert (error["Code"], metadata["HTTPStatusCode"]) == ("AccessDeniedException", 403)
        assert f"is not authorized to perform: {service}:TagResource on resource: {arn} because" in error["Message"]
    finally:
        aws.client(service).deregister_subscription_provider(SubscriptionProviderArn=arn)


@pytest.mark.parametrize(("operation", "parameters"), [
    ("PutSecretValue", {"SecretString": "new"}), ("DescribeSecret", {}), ("GetSecretValue", {}),
])
def test_a_secret_is_allowed_by_its_arn(aws: LocalAws, operation: str, parameters: dict[str, str]) -> None:
    secrets, name = aws.client("secretsmanager"), f"secret{next(_names)}"
    arn, other = (secrets.create_secret(Name=f"{name}{suffix}", SecretString="old")["ARN"] for suffix in ("", "-other"))
    client = aws.client("secretsmanager", **user(aws, allow(f"secretsmanager:{operation}", arn)))
    for secret_id in (arn, name):
        assert client._make_api_call(operation, {"SecretId": secret_id, **parameters})["ARN"] == arn
    code, text = refusal(client._make_api_call, operation, {"SecretId": other, **parameters})
    assert code == "AccessDeniedException"
    assert f"is not authorized to perform: secretsmanager:{operation} on resource: {other} because" in text
    written = "new" if operation == "PutSecretValue" else "old"
    assert [secrets.get_secret_value(SecretId=each)["SecretString"] for each in (arn, other)] == [written, "old"]


def test_the_resources_of_a_stack_are_allowed_by_its_arn(aws: LocalAws) -> None:
    ids = []
    for name in ("mine", "theirs"):
        stack = Stack(aws, f"{name}{next(_names)}")
        stack.create({"License": license_configuration()})
        ids.append(stack.id)
    client = aws.client("cloudformation", **user(aws, allow("cloudformation:DescribeStackResource", ids[0])))
    detail = client.describe_stack_resource(StackName=ids[0], LogicalResourceId="License")["StackResourceDetail"]
    assert (detail["ResourceStatus"], detail["StackId"]) == ("CREATE_COMPLETE", ids[0])
    assert refusal(client.describe_stack_resource, StackName=ids[1], LogicalResourceId="License") == (
        "AccessDenied", f"User: {_arn_of(client)} is not authorized to perform: cloudformation:DescribeStackResource on resource: {ids[1]} "
        "because no identity-based policy allows the cloudformation:DescribeStackResource action")


def _arn_of(client: Any) -> str:
    credentials = client._request_signer._credentials
    sts = boto3.client("sts", endpoint_url=client.meta.endpoint_url, region_name="us-east-1",
                       aws_access_key_id=credentials.access_key, aws_secret_access_key=credentials.secret_key)
    return str(sts.get_caller_identity()["Arn"])


@pytest.mark.parametrize(("resource", "allowed"), [
    ("license-configuration:*", True), ("*", True), ("license-configuration:lic-*", False), (None, False),
])
def test_creating_with_tags_takes_the_permission_to_tag_what_has_no_id_yet(aws: LocalAws, resource: str | None, allowed: bool) -> None:
    statements = [allow("license-manager:CreateLicenseConfiguration", "*")]
    if resource is not None:
        arn = resource if resource == "*" else f"arn:aws:license-manager:{aws.region}:{aws.account}:{resource}"
        statements.append(allow("license-manager:TagResource", arn, Condition={"StringEquals": {"aws:RequestTag/team": "a"}}))
    client = aws.client("license-manager", **user(aws, *statements))
    request = {"Name": "tagged", "LicenseCountingType": "vCPU"}
    client.create_license_configuration(**request)
    tagged = {**request, "Tags": [{"Key": "team", "Value": "a"}]}
    if allowed:
        client.create_license_configuration(**tagged)
        tagged["Tags"] = [{"Key": "team", "Value": "b"}]
    assert refusal(client.create_license_configuration, **tagged)[0] == "AccessDeniedException"


def test_a_condition_on_the_tags_of_a_resource_keeps_from_tagging_what_has_them(aws: LocalAws) -> None:
    mine, other = create(aws), create(aws, Tags=[{"Key": "stack", "Value": "other"}])
    client = aws.client("license-manager", **user(aws, allow(
        "license-manager:TagResource", "*", Condition={"Null": {"aws:ResourceTag/stack": "true"}, "StringEquals": {"aws:RequestTag/stack": "own"}})))
    tags = [{"Key": "stack", "Value": "own"}]
    assert refusal(client.tag_resource, ResourceArn=other, Tags=tags)[0] == "AccessDeniedException"
    client.tag_resource(ResourceArn=mine, Tags=tags)
    assert refusal(client.tag_resource, ResourceArn=mine, Tags=tags)[0] == "AccessDeniedException"
