"""Seller-issued licenses and grants of them, by the API and by CloudFormation."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from .cloudformation import Stack
from .conftest import LocalAws
from .test_license_configurations import refusal
from .test_organizations import organization as organization_of_three

CUSTOMER = "arn:aws:iam::444455556666:root"
LICENSE: dict[str, Any] = {
    "LicenseName": "example", "ProductName": "Example", "ProductSKU": "example", "Beneficiary": "somebody", "HomeRegion": "us-east-1",
    "Issuer": {"Name": "issuer"}, "Validity": {"Begin": "2026-01-01T00:00:00Z", "End": "2030-01-01T00:00:00Z"},
    "Entitlements": [{"Name": "seats", "Unit": "Count", "MaxCount": 10}, {"Name": "platinum", "Unit": "None", "Value": "yes"}],
    "ConsumptionConfiguration": {"RenewType": "None", "ProvisionalConfiguration": {"MaxTimeToLiveInMinutes": 60}}}
OPERATIONS = ["CheckoutLicense", "CheckInLicense"]


def token() -> str:
    return uuid.uuid4().hex


def issue(aws: LocalAws, **values: Any) -> str:
    arn: str = aws.client("license-manager").create_license(**{**LICENSE, "ClientToken": token(), **values})["LicenseArn"]
    return arn


def grant(aws: LocalAws, license_arn: str, **values: Any) -> str:
    given = {"GrantName": "customer", "LicenseArn": license_arn, "Principals": [CUSTOMER], "HomeRegion": "us-east-1",
             "AllowedOperations": OPERATIONS, "ClientToken": token(), **values}
    arn: str = aws.client("license-manager").create_grant(**given)["GrantArn"]
    return arn


def organization(aws: LocalAws) -> str:
    return f"arn:aws:organizations::{aws.account}:organization/o-abcd123456"


def version_of(arn: str, **values: Any) -> dict[str, Any]:
    of_version = {name: value for name, value in LICENSE.items() if name not in ("ProductSKU", "Beneficiary")}
    return {**of_version, "LicenseArn": arn, "Status": "AVAILABLE", "ClientToken": token(), **values}


def test_life_of_a_license(aws: LocalAws) -> None:
    client = aws.client("license-manager")
    arn = issue(aws, Tags=[{"Key": "a", "Value": "b"}])
    assert arn.startswith(f"arn:aws:license-manager::{aws.account}:license:l-")
    found = client.get_license(LicenseArn=arn)["License"]
    assert (found["Version"], found["Status"], found["Issuer"]["KeyFingerprint"]) == (
        "1", "AVAILABLE", f"aws:{aws.account}:issuer:issuer-fingerprint")
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "b"}]

    answer = client.create_license_version(**version_of(arn, LicenseName="renamed", Status="DEACTIVATED", SourceVersion="1"))
    assert (answer["Version"], answer["Status"]) == ("2", "DEACTIVATED")
    newest = client.get_license(LicenseArn=arn)["License"]
    assert (newest["LicenseName"], newest["ProductSKU"], newest["Beneficiary"]) == ("renamed", "example", "somebody")
    assert client.get_license(LicenseArn=arn, Version="1")["License"]["LicenseName"] == "example"
    assert refusal(client.get_license, LicenseArn=arn, Version="3")[0] == "InvalidParameterValueException"

    assert refusal(client.delete_license, LicenseArn=arn, SourceVersion="1")[0] == "ConflictException"
    assert client.delete_license(LicenseArn=arn, SourceVersion="2")["Status"] == "DELETED"
    assert client.get_license(LicenseArn=arn)["License"]["Status"] == "DELETED"
    assert refusal(client.delete_license, LicenseArn=arn, SourceVersion="2")[0] == "InvalidParameterValueException"


def test_a_token_makes_one_license(aws: LocalAws) -> None:
    one = token()
    assert issue(aws, ClientToken=one) == issue(aws, ClientToken=one)
    assert len(aws.client("license-manager").list_licenses()["Licenses"]) == 1


def test_a_license_is_changed_in_its_home_region_and_read_in_all(aws: LocalAws) -> None:
    arn = issue(aws)
    elsewhere = aws.client("license-manager", region="eu-west-1")
    assert elsewhere.get_license(LicenseArn=arn)["License"]["HomeRegion"] == "us-east-1"
    assert refusal(elsewhere.create_license_version, **version_of(arn))[0] == "RedirectException"
    assert refusal(elsewhere.create_license, **LICENSE, ClientToken=token())[0] == "RedirectException"
    assert refusal(aws.client("license-manager", account="999900001111").get_license, LicenseArn=arn)[0] == "InvalidParameterValueException"


def test_lists_are_filtered_and_paged(aws: LocalAws) -> None:
    client = aws.client("license-manager")
    arns = [issue(aws, ProductSKU=sku) for sku in ("one", "two")]
    for license_arn in arns:
        grant(aws, license_arn)
    for name, value in (("ProductSKU", "two"), ("Status", "AVAILABLE"), ("Beneficiary", "somebody"), ("Fingerprint", "none")):
        found = client.list_licenses(Filters=[{"Name": name, "Values": [value]}])["Licenses"]
        assert len(found) == {"two": 1, "none": 0}.get(value, 2)
    assert refusal(client.list_licenses, Filters=[{"Name": "Color", "Values": ["red"]}])[0] == "InvalidParameterValueException"
    first = client.list_licenses(MaxResults=1)
    assert len(client.list_licenses(MaxResults=1, NextToken=first["NextToken"])["Licenses"]) == 1
    for name, value, count in (
            ("LicenseArn", arns[0], 1), ("GrantStatus", "PENDING_ACCEPT", 2), ("GranteePrincipalARN", CUSTOMER, 2), ("ProductSKU", "two", 1),
            ("LicenseIssuerName", "issuer", 2)):
        assert len(client.list_distributed_grants(Filters=[{"Name": name, "Values": [value]}])["Grants"]) == count


@pytest.mark.parametrize(("values", "code"), [
    ({"Entitlements": []}, "InvalidParameterValueException"),
    ({"Entitlements": [{"Name": "seats", "Unit": "Count"}]}, "InvalidParameterValueException"),
    ({"Entitlements": [{"Name": "seats", "Unit": "None", "MaxCount": 1}]}, "InvalidParameterValueException"),
    ({"Entitlements": [{"Name": "seats", "Unit": "Count", "MaxCount": 1}] * 2}, "InvalidParameterValueException"),
    ({"Entitlements": [{"Name": "seats", "Unit": "Count", "MaxCount": -1}]}, "InvalidParameterValueException"),
    ({"Entitlements": [{"Name": "", "Unit": "Count", "MaxCount": 1}]}, "InvalidParameterValueException"),
    ({"ConsumptionConfiguration": {"RenewType": "None"}}, "InvalidParameterValueException"),
    ({"ConsumptionConfiguration": {"ProvisionalConfiguration": {"MaxTimeToLiveInMinutes": 0}}}, "InvalidParameterValueException"),
    ({"Validity": {"Begin": "2030-01-01T00:00:00Z", "End": "2030-01-01T00:00:00Z"}}, "InvalidParameterValueException"),
    ({"ProductSKU": ""}, "ValidationException"),
    ({"LicenseName": ""}, "InvalidParameterValueException"),
    ({"Issuer": {"Name": "issuer", "SignKey": "arn:aws:kms:us-east-1:111122223333:key/none"}}, "InvalidParameterValueException"),
])
def test_refuses_a_license(aws: LocalAws, values: dict[str, Any], code: str) -> None:
    assert refusal(issue, aws, **values)[0] == code


@pytest.mark.parametrize(("spec", "usage", "accepted"), [
    ("RSA_2048", "SIGN_VERIFY", True), ("RSA_4096", "SIGN_VERIFY", True), ("RSA_2048", "ENCRYPT_DECRYPT", False),
    ("ECC_NIST_P256", "SIGN_VERIFY", False), ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", False)])
def test_signs_with_rsa_keys(aws: LocalAws, spec: str, usage: str, accepted: bool) -> None:
    key = aws.client("kms").create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"]
    issuer = {"Issuer": {"Name": "issuer", "SignKey": key}}
    if accepted:
        assert aws.client("license-manager").get_license(LicenseArn=issue(aws, **issuer))["License"]["Issuer"]["SignKey"] == key
    else:
        assert refusal(issue, aws, **issuer)[0] == "InvalidParameterValueException"


@pytest.mark.parametrize("status", ["SUSPENDED", "DELETED"])
def test_refuses_a_status_that_nobody_sets(aws: LocalAws, status: str) -> None:
    client = aws.client("license-manager")
    assert refusal(client.create_license_version, **version_of(issue(aws), Status=status))[0] == "InvalidParameterValueException"


def test_life_of_a_grant(aws: LocalAws) -> None:
    client = aws.client("license-manager")
    license_arn = issue(aws)
    arn = grant(aws, license_arn, Tags=[{"Key": "a", "Value": "b"}])
    found = client.get_grant(GrantArn=arn)["Grant"]
    assert (found["LicenseArn"], found["GrantStatus"], found["GrantedOperations"]) == (license_arn, "PENDING_ACCEPT", OPERATIONS)
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "c", "Value": "d"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "c", "Value": "d"}]
    assert refusal(client.create_grant_version, GrantArn=arn, ClientToken=token(), Status="ACTIVE")[0] == "InvalidParameterValueException"
    answer = client.create_grant_version(GrantArn=arn, ClientToken=token(), SourceVersion="1", AllowedOperations=["CreateToken"])
    assert (answer["Version"], client.get_grant(GrantArn=arn)["Grant"]["GrantedOperations"]) == ("2", ["CreateToken"])
    assert refusal(client.create_grant_version, GrantArn=arn, ClientToken=token(), SourceVersion="1")[0] == "ValidationException"
    # The version moves on with every change: who deletes has to look it up.
    assert refusal(client.delete_grant, GrantArn=arn, Version="1")[0] == "ValidationException"
    assert client.delete_grant(GrantArn=arn, Version="2")["Status"] == "DELETED"


def test_a_grant_to_the_organization(aws: LocalAws) -> None:
    client = aws.client("license-manager")
    license_arn = issue(aws)
    arn = grant(aws, license_arn, Principals=[organization(aws)])
    assert client.get_grant(GrantArn=arn)["Grant"]["GrantStatus"] == "WORKFLOW_COMPLETED"
    assert client.create_grant_version(GrantArn=arn, ClientToken=token(), Status="ACTIVE")["Status"] == "ACTIVE"


def link(aws: LocalAws) -> None:
    aws.client("license-manager").update_service_settings(OrganizationConfiguration={"EnableIntegration": True})


def status_for(aws: LocalAws, account: str) -> str:
    arn = grant(aws, issue(aws), Principals=[f"arn:aws:iam::{account}:root"])
    status: str = aws.client("license-manager").get_grant(GrantArn=arn)["Grant"]["GrantStatus"]
    return status


def test_the_link_of_the_organization_accepts_grants(aws: LocalAws) -> None:
    member, other = organization_of_three(aws)
    assert status_for(aws, member.account) == "PENDING_ACCEPT"
    link(aws)
    # Accepted, and not active.
    assert status_for(aws, member.account) == "DISABLED"
    arn = grant(aws, issue(aws), Principals=[f"arn:aws:iam::{member.account}:root"])
    assert aws.client("license-manager").create_grant_version(GrantArn=arn, ClientToken=token(), Status="ACTIVE")["Status"] == "ACTIVE"
    # Those to or from somebody else are not accepted, nor what the management account has from itself.
    assert [status_for(aws, "444455556666"), status_for(aws, aws.account), status_for(other, member.account)] == ["PENDING_ACCEPT"] * 3
    aws.client("license-manager").update_service_settings(OrganizationConfiguration={"EnableIntegration": False})
    assert status_for(aws, member.account) == "PENDING_ACCEPT"


def test_a_link_is_of_its_region_and_of_an_organization_with_all_features(aws: LocalAws) -> None:
    member, _ = organization_of_three(aws)
    link(LocalAws(aws.endpoint, aws.account, "eu-west-1"))
    assert status_for(aws, member.account) == "PENDING_ACCEPT"
    link(aws)
    aws.state(settings={"organizationFeatures": "CONSOLIDATED_BILLING"})
    assert status_for(aws, member.account) == "PENDING_ACCEPT"


@pytest.mark.parametrize(("values", "code"), [
    ({"Principals": ["444455556666"]}, "ValidationException"),
    ({"Principals": ["arn:aws:iam::444455556666:role/somebody"]}, "InvalidParameterValueException"),
    ({"Principals": ["arn:aws:organizations::999900001111:organization/o-abcd123456"]}, "InvalidParameterValueException"),
    ({"AllowedOperations": ["CheckInLicense", "CheckInLicense"]}, "InvalidParameterValueException"),
    ({"AllowedOperations": []}, "ValidationException"),
    ({"AllowedOperations": ["ViewGrant"]}, "ValidationException"),
    ({"GrantName": ""}, "InvalidParameterValueException"),
    ({"HomeRegion": "eu-west-1"}, "RedirectException"),
    ({"LicenseArn": "arn:aws:license-manager::111122223333:license:l-1"}, "ValidationException"),
])
def test_refuses_a_grant(aws: LocalAws, values: dict[str, Any], code: str) -> None:
    assert refusal(grant, aws, issue(aws), **values)[0] == code


def test_refuses_an_operation_of_an_organization_and_grants_over_the_quota(aws: LocalAws) -> None:
    license_arn = issue(aws)
    assert refusal(grant, aws, license_arn, Principals=[organization(aws)], AllowedOperations=["CreateGrant"])[0] == "InvalidParameterValueException"
    aws.state(settings={"grantsPerLicense": 1})
    grant(aws, license_arn)
    assert refusal(grant, aws, license_arn)[0] == "ResourceLimitExceededException"


def resources(name: str, **grant_properties: Any) -> dict[str, Any]:
    tags = {"Tags": [{"Key": "name", "Value": name}]}
    properties = {**LICENSE, "LicenseName": name, "Status": "AVAILABLE", **tags}
    granted = {
        "GrantName": name, "LicenseArn": {"Fn::GetAtt": ["License", "LicenseArn"]}, "Principals": [CUSTOMER], "HomeRegion": "us-east-1",
        "AllowedOperations": OPERATIONS, **tags, **grant_properties}
    return {
        "License": {"Type": "AWS::LicenseManager::License", "Properties": properties},
        "Grant": {"Type": "AWS::LicenseManager::Grant", "Properties": granted},
        "Outputs": {"Versions": {"Value": {"Fn::Join": [" ", [
            {"Fn::GetAtt": ["License", "Version"]}, {"Fn::GetAtt": ["Grant", "Version"]}]]}}}}


def test_life_in_a_stack(aws: LocalAws) -> None:
    client = aws.client("license-manager")
    stack = Stack(aws)
    assert stack.create(resources("one")) == "CREATE_COMPLETE"
    license_arn, grant_arn = stack.resource("License"), stack.resource("Grant")
    assert stack.outputs() == {"Versions": "1 1"}

    assert stack.update(resources("two")) == "UPDATE_COMPLETE"
    assert (stack.resource("License"), stack.resource("Grant"), stack.outputs()) == (license_arn, grant_arn, {"Versions": "2 2"})
    assert client.get_license(LicenseArn=license_arn)["License"]["LicenseName"] == "two"
    assert {"Key": "name", "Value": "two"} in client.list_tags_for_resource(ResourceArn=grant_arn)["Tags"]

    # What no version can hold is taken and goes by.
    changed = resources("two", Principals=["arn:aws:iam::777788889999:root"])
    changed["License"]["Properties"]["ProductSKU"] = "another"
    assert stack.update(changed) == "UPDATE_COMPLETE"
    assert client.get_license(LicenseArn=license_arn)["License"]["ProductSKU"] == "example"
    assert client.get_grant(GrantArn=grant_arn)["Grant"]["GranteePrincipalArn"] == CUSTOMER

    assert stack.delete() == "DELETE_COMPLETE"
    assert client.get_license(LicenseArn=license_arn)["License"]["Status"] == "DELETED"
    assert client.get_grant(GrantArn=grant_arn)["Grant"]["GrantStatus"] == "DELETED"


def test_an_update_without_a_status_fails(aws: LocalAws) -> None:
    stack = Stack(aws)
    before, after = resources("one"), resources("two")
    for each in (before, after):
        del each["License"]["Properties"]["Status"]
    assert stack.create(before) == "CREATE_COMPLETE"
    assert stack.update(after) == "UPDATE_ROLLBACK_COMPLETE"


def test_a_grant_that_is_refused_in_a_stack(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create(resources("one", AllowedOperations=["CreateGrant"], Principals=[organization(aws)])) == "ROLLBACK_COMPLETE"
    assert "The operation CreateGrant cannot be granted" in stack.reasons("CREATE_FAILED")[0]
    (left,) = aws.client("license-manager").list_licenses()["Licenses"]
    assert left["Status"] == "DELETED"


def test_cloud_control(aws: LocalAws) -> None:
    client = aws.client("cloudcontrol")
    license_arn = issue(aws, Tags=[{"Key": "a", "Value": "b"}])
    grant_arn = grant(aws, license_arn)
    for type_name, name, arn in (
            ("AWS::LicenseManager::License", "LicenseArn", license_arn), ("AWS::LicenseManager::Grant", "GrantArn", grant_arn)):
        (listed,) = client.list_resources(TypeName=type_name)["ResourceDescriptions"]
        assert (listed["Identifier"], json.loads(listed["Properties"])) == (arn, {name: arn})
        got = json.loads(client.get_resource(TypeName=type_name, Identifier=arn)["ResourceDescription"]["Properties"])
        assert (got["Version"], "Principals" in got) == ("1", False)
