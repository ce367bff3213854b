"""Resource shares, by the API and by CloudFormation, and what the accounts that are shared with see. Look-ups by Cloud Control."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .cloudformation import Stack, license_configuration
from .conftest import LocalAws
from .test_associations import AMI
from .test_iam import allow, user
from .test_license_configurations import create, refusal
from .test_organizations import organization, trusted

ORGANIZATION = "arn:aws:organizations::111122223333:organization/o-abcd123456"
UNIT = "arn:aws:organizations::111122223333:ou/o-abcd123456/ou-abcd-12345678"


def share(aws: LocalAws, arn: str, **values: Any) -> str:
    given = {"name": "licenses", "resourceArns": [arn], **values}
    return aws.client("ram").create_resource_share(**given)["resourceShare"]["resourceShareArn"]



def test_a_share_has_the_default_permission_of_what_it_shares_or_those_that_it_was_made_with(aws: LocalAws) -> None:
    ram = aws.client("ram")

    def permissions(share_arn: str) -> list[tuple[str, bool]]:
        return [(p["arn"], p["isResourceTypeDefault"]) for p in ram.list_resource_share_permissions(resourceShareArn=share_arn)["permissions"]]

    default = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionLicenseConfiguration"
    own = f"arn:aws:ram:us-east-1:{aws.account}:permission/ours"
    assert permissions(share(aws, create(aws))) == [(default, True)]
    assert permissions(share(aws, create(aws), permissionArns=[default])) == [(default, True)]
    assert permissions(share(aws, create(aws), permissionArns=[own])) == [(own, False)]
    assert refusal(ram.list_resource_share_permissions, resourceShareArn="arn:aws:ram:us-east-1:1:resource-share/x")[0] == "UnknownResourceException"


def test_an_account_uses_a_shared_license(aws: LocalAws) -> None:
    other = LocalAws(aws.endpoint, account=str(int(aws.account) + 500000000000))
    arn = create(aws)
    theirs = other.client("license-manager")
    assert refusal(theirs.get_license_configuration, LicenseConfigurationArn=arn)[0] == "InvalidParameterValueException"
    share_arn = share(aws, arn, principals=[other.account])
    assert theirs.get_license_configuration(LicenseConfigurationArn=arn)["OwnerAccountId"] == aws.account
    assert [c["LicenseConfigurationArn"] for c in theirs.list_license_configurations()["LicenseConfigurations"]] == [arn]
    theirs.update_license_specifications_for_resource(ResourceArn=AMI, AddLicenseSpecifications=[{"LicenseConfigurationArn": arn}])
    assert refusal(theirs.delete_license_configuration, LicenseConfigurationArn=arn)[0] == "InvalidParameterValueException"
    (principal,) = aws.client("ram").list_principals(resourceOwner="SELF", resourceShareArns=[share_arn])["principals"]
    assert (principal["id"], principal["external"]) == (other.account, True)
    (resource,) = other.client("ram").list_resources(resourceOwner="OTHER-ACCOUNTS")["resources"]
    assert (resource["arn"], resource["type"]) == (arn, "license-manager:LicenseConfiguration")
    aws.client("ram").delete_resource_share(resourceShareArn=share_arn)
    assert theirs.list_license_configurations()["LicenseConfigurations"] == []


def test_the_organization_needs_sharing_to_be_enabled(aws: LocalAws) -> None:
    arn = create(aws)
    for principal in (ORGANIZATION, UNIT, "999900001111"):
        code, text = refusal(share, aws, arn, principals=[principal], allowExternalPrincipals=False)
        assert (code, "not enabled sharing with your AWS organization" in text) == ("OperationNotPermittedException", True)
    assert refusal(share, aws, arn, principals=[ORGANIZATION]) == (
        "UnknownResourceException", "Organization o-abcd123456 could not be found.")
    aws.state(settings={"sharingWithOrganization": True, "organizationAccounts": ["999900001111"]})
    share(aws, arn, principals=[ORGANIZATION, UNIT, "999900001111"], allowExternalPrincipals=False)
    member = aws.client("license-manager", account="999900001111")
    assert len(member.list_license_configurations()["LicenseConfigurations"]) == 1


@pytest.mark.parametrize(("values", "code"), [
    ({"resourceArns": ["license"]}, "MalformedArnException"),
    ({"principals": ["somebody"]}, "InvalidParameterException"),
    ({"resourceArns": ["arn:aws:license-manager:us-east-1:1:license-configuration:lic-1"]}, "UnknownResourceException"),
    ({"name": ""}, "InvalidParameterException"),
])
def test_refuses(aws: LocalAws, values: dict[str, Any], code: str) -> None:
    assert refusal(share, aws, create(aws), **values)[0] == code


def test_life_of_a_share_in_a_stack(aws: LocalAws) -> None:
    def resources(name: str, *principals: str) -> dict[str, Any]:
        properties = {
            "Name": name, "ResourceArns": [{"Ref": "License"}], "Principals": list(principals), "AllowExternalPrincipals": True,
            "Tags": [{"Key": "name", "Value": name}]}
        return {"License": license_configuration(), "Share": {"Type": "AWS::RAM::ResourceShare", "Properties": properties}}

    stack = Stack(aws)
    assert stack.create(resources("one", "222233334444")) == "CREATE_COMPLETE"
    arn = stack.resource("Share")
    assert stack.update(resources("two", "333344445555")) == "UPDATE_COMPLETE"
    assert stack.resource("Share") == arn
    ram = aws.client("ram")
    (found,) = ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert (found["name"], {"key": "name", "value": "two"} in found["tags"]) == ("two", True)
    principals = ram.get_resource_share_associations(associationType="PRINCIPAL")["resourceShareAssociations"]
    assert [(p["associatedEntity"], p["status"]) for p in principals] == [("333344445555", "ASSOCIATED")]
    assert stack.delete() == "DELETE_COMPLETE"
    assert [s["status"] for s in ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]] == ["DELETED"]


def test_a_share_that_is_refused_in_a_stack(aws: LocalAws) -> None:
    stack = Stack(aws)
    properties = {"Name": "s", "Principals": [ORGANIZATION], "AllowExternalPrincipals": False}
    assert stack.create({"Share": {"Type": "AWS::RAM::ResourceShare", "Properties": properties}}) == "ROLLBACK_COMPLETE"
    assert "can only be shared within your AWS Organization" in stack.reasons("CREATE_FAILED")[0]


def test_cloud_control(aws: LocalAws) -> None:
    client = aws.client("cloudcontrol")
    type_name = "AWS::LicenseManager::LicenseConfiguration"
    arn = create(aws, Name="sql-server", Tags=[{"Key": "a", "Value": "b"}])
    (listed,) = client.list_resources(TypeName=type_name)["ResourceDescriptions"]
    assert (listed["Identifier"], json.loads(listed["Properties"])["Name"]) == (arn, "sql-server")
    got = json.loads(client.get_resource(TypeName=type_name, Identifier=arn)["ResourceDescription"]["Properties"])
    assert got["Tags"] == [{"Key": "a", "Value": "b"}]
    assert refusal(client.get_resource, TypeName=type_name, Identifier="x")[0] == "ResourceNotFoundException"


def enable(aws: LocalAws) -> None:
    assert aws.client("ram").enable_sharing_with_aws_organization()["returnValue"] is True


def test_the_management_account_enables_sharing(aws: LocalAws) -> None:
    first, second = organization(aws)
    ours = f"arn:aws:organizations::{aws.account}:organization/o-{aws.account}"
    arn = create(aws)
    assert refusal(share, aws, arn, principals=[ours])[0] == "UnknownResourceException"
    for _ in range(2):
        enable(aws)
    assert trusted(aws) == ["ram.amazonaws.com"]
    role = aws.client("iam").get_role(RoleName="AWSServiceRoleForResourceAccessManager")["Role"]
    assert role["Path"] == "/aws-service-role/ram.amazonaws.com/"
    share(aws, arn, principals=[ours], allowExternalPrincipals=False)
    # It is enabled for all of them.
    theirs = create(first)
    share(first, theirs, principals=[aws.account, second.account], allowExternalPrincipals=False)
    found = second.client("license-manager").list_license_configurations()["LicenseConfigurations"]
    assert {each["LicenseConfigurationArn"] for each in found} == {arn, theirs}
    outside = str(int(aws.account) + 300_000_000_000)
    assert refusal(share, first, theirs, principals=[outside], allowExternalPrincipals=False)[0] == "OperationNotPermittedException"
    # Another organization's.
    assert refusal(share, aws, arn, principals=[ORGANIZATION]) == (
        "UnknownResourceException", "Organization o-abcd123456 could not be found.")


@pytest.mark.parametrize("features", ["ALL", "CONSOLIDATED_BILLING"])
def test_nobody_else_enables_sharing(aws: LocalAws, features: str) -> None:
    call = aws.client("ram").enable_sharing_with_aws_organization
    assert refusal(call)[0] == "OperationNotPermittedException"
    first, _ = organization(aws, organizationFeatures=features)
    assert refusal(first.client("ram").enable_sharing_with_aws_organization)[0] == "OperationNotPermittedException"
    assert trusted(aws) == []
    if features == "ALL":
        enable(aws)
    else:
        assert refusal(call)[0] == "OperationNotPermittedException"


def test_sharing_has_effect_after_some_attempts(aws: LocalAws) -> None:
    first, _ = organization(aws, sharingWithOrganizationDelay=3)
    ours, arn = f"arn:aws:organizations::{aws.account}:organization/o-{aws.account}", create(aws)
    enable(aws)
    assert trusted(aws) == ["ram.amazonaws.com"]
    assert refusal(share, aws, arn, principals=[ours, UNIT], allowExternalPrincipals=False)[0] == "OperationNotPermittedException"
    assert refusal(share, first, create(first), principals=[aws.account], allowExternalPrincipals=False)[0] == "OperationNotPermittedException"
    # Neither another call nor a share with an account is an attempt.
    enable(aws)
    share(aws, arn, principals=["222233334444"])
    assert refusal(share, aws, arn, principals=[ours])[0] == "UnknownResourceException"
    share(aws, arn, principals=[ours])
    # What a test sets has been so for long.
    aws.state(settings={"sharingWithOrganization": False})
    enable(aws)
    aws.state(settings={"sharingWithOrganization": True})
    share(aws, arn, principals=[ours])


def test_permissions_to_enable_sharing(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam)
    aws.state(settings={"organizationManagementAccount": aws.account, "sharingWithOrganization": False})
    ram = "ram.amazonaws.com"
    needed = [
        allow("ram:EnableSharingWithAwsOrganization", "*"), allow("organizations:DescribeOrganization", "*"),
        allow("organizations:EnableAWSServiceAccess", "*", Condition={"StringEquals": {"organizations:ServicePrincipal": ram}}),
        allow("iam:CreateServiceLinkedRole", f"arn:aws:iam::*:role/aws-service-role/{ram}/*", Condition={"StringEquals": {"iam:AWSServiceName": ram}}),
    ]
    try:
        for index, statement in enumerate(needed):
            client = aws.client("ram", **user(aws, *(each for n, each in enumerate(needed) if n != index)))
            code, text = refusal(client.enable_sharing_with_aws_organization)
            assert (code, f"not authorized to perform: {statement['Action']} on" in text) == ("AccessDeniedException", True)
        aws.client("ram", **user(aws, *needed)).enable_sharing_with_aws_organization()
    finally:
        aws.state(settings={"organizationManagementAccount": "", "sharingWithOrganization": False, "organizationServiceAccess": []})
