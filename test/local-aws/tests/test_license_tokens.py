"""Tokens for whoever has no account, and the role that their access tokens are for."""

from __future__ import annotations

import base64
import json
import urllib.request
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from .conftest import LocalAws, new_account
from .test_iam import allow, user
from .test_license_configurations import refusal
from .test_organizations import member_of
from .test_received_grants import change, give
from .test_seller_issued_licenses import LICENSE, issue, token, version_of

ROLE = "arn:aws:iam::{}:role/AWSLicenseManagerConsumptionRole"


def make(aws: LocalAws, license_arn: str, region: str | None = None, **values: Any) -> dict[str, Any]:
    given = {"LicenseArn": license_arn, "ClientToken": token(), **values}
    answer: dict[str, Any] = aws.client("license-manager", region=region).create_token(**given)
    return answer


def listed(aws: LocalAws, **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.client("license-manager").list_tokens(**parameters)["Tokens"]
    return found


def claims(jwt: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(jwt.split(".")[1] + "=="))
    return found


def anonymous(aws: LocalAws, service: str) -> Any:
    return boto3.client(service, endpoint_url=aws.endpoint, region_name="us-east-1", config=Config(
        signature_version=UNSIGNED, retries={"total_max_attempts": 1}, parameter_validation=False))


def access(aws: LocalAws, refresh: str, **values: Any) -> str:
    value: str = anonymous(aws, "license-manager").get_access_token(Token=refresh, **values)["AccessToken"]
    return value


def test_life_of_a_token(aws: LocalAws) -> None:
    license_arn, role = issue(aws), ROLE.format(aws.account)
    made = make(aws, license_arn, RoleArns=[role], TokenProperties=["a", "b"], ExpirationInDays=7)
    assert (made["TokenType"], claims(made["Token"])["aud"], claims(made["Token"])["amr"][1:]) == ("REFRESH_TOKEN", license_arn, ["a", "b"])
    (found,) = listed(aws)
    days = datetime.fromisoformat(found.pop("ExpirationTime").replace("Z", "+00:00")) - datetime.now(timezone.utc)
    assert timedelta(days=6, hours=23) < days <= timedelta(days=7)
    assert found == {
        "TokenId": made["TokenId"], "TokenType": "REFRESH_TOKEN", "LicenseArn": license_arn, "TokenProperties": ["a", "b"], "RoleArns": [role],
        "Status": "AVAILABLE"}
    state = aws.control("GET", f"state?account={aws.account}")
    assert [each["TokenId"] for each in state["tokens"]] == [made["TokenId"]]
    assert made["Token"] not in json.dumps(state)
    client = aws.client("license-manager")
    client.delete_token(TokenId=made["TokenId"])
    assert [each["Status"] for each in listed(aws)] == ["DELETED"]
    assert refusal(client.delete_token, TokenId=made["TokenId"])[0] == refusal(client.delete_token, TokenId="no")[0] == "ResourceNotFoundException"


def test_the_secret_is_shown_once(aws: LocalAws) -> None:
    license_arn = issue(aws)
    first, again = (make(aws, license_arn, ClientToken="same") for _ in range(2))
    assert (first["TokenId"] == again["TokenId"], "Token" in first, "Token" in again) == (True, True, False)
    assert len(listed(aws)) == 1


def test_a_token_is_valid_for_a_year_unless_said(aws: LocalAws) -> None:
    made = make(aws, issue(aws))
    assert 364 <= (datetime.fromtimestamp(claims(made["Token"])["exp"], timezone.utc) - datetime.now(timezone.utc)).days <= 365


@pytest.mark.parametrize(("values", "code"), [
    ({"ExpirationInDays": 0}, "ValidationException"), ({"ExpirationInDays": -1}, "ValidationException"),
    ({"ExpirationInDays": 10 ** 9}, "ValidationException"), ({"ExpirationInDays": 1.5}, "SerializationException"),
    ({"TokenProperties": ["a", "b", "c", "d"]}, "ValidationException"), ({"TokenProperties": ["x" * 5000]}, "ValidationException"),
    ({"RoleArns": ["nobody"]}, "ValidationException"), ({"ClientToken": " "}, "ValidationException"),
    ({"LicenseArn": "arn:aws:license-manager::111122223333:license:l-" + "0" * 32}, "ResourceNotFoundException"),
    ({"LicenseArn": "arn:aws:license-manager::111122223333:license:l-1"}, "ValidationException"),
    ({"region": "eu-west-1"}, "RedirectException"),
])
def test_refuses_a_token(aws: LocalAws, values: dict[str, Any], code: str) -> None:
    values = dict(values)
    assert refusal(make, aws, values.pop("LicenseArn", None) or issue(aws), **values)[0] == code
    assert listed(aws) == []


def test_a_license_has_so_many_tokens(aws: LocalAws) -> None:
    aws.state(settings={"tokensPerLicense": 1})
    license_arn = issue(aws)
    made = make(aws, license_arn)
    assert refusal(make, aws, license_arn)[0] == "ResourceLimitExceededException"
    make(aws, issue(aws))
    aws.client("license-manager").delete_token(TokenId=made["TokenId"])
    make(aws, license_arn)


def test_a_license_has_to_be_available(aws: LocalAws) -> None:
    license_arn = issue(aws)
    made = make(aws, license_arn)
    aws.client("license-manager").create_license_version(**version_of(license_arn, Status="DEACTIVATED"))
    assert refusal(make, aws, license_arn)[0] == "ValidationException"
    assert refusal(access, aws, made["Token"])[0] == "AuthorizationException"
    aws.client("license-manager").delete_license(LicenseArn=license_arn, SourceVersion="2")
    assert refusal(make, aws, license_arn)[0] == "ResourceNotFoundException"


def test_filters_pages_and_regions(aws: LocalAws) -> None:
    first, second = issue(aws), issue(aws)
    ids = [make(aws, each)["TokenId"] for each in (first, second)]
    assert [each["TokenId"] for each in listed(aws, Filters=[{"Name": "LicenseArns", "Values": [second]}])] == [ids[1]]
    assert [each["TokenId"] for each in listed(aws, TokenIds=[ids[0], "no"])] == [ids[0]]
    assert refusal(listed, aws, Filters=[{"Name": "LicenseArn", "Values": []}])[0] == "InvalidParameterValueException"
    page = aws.client("license-manager").list_tokens(MaxResults=1)
    assert [each["TokenId"] for each in listed(aws, NextToken=page["NextToken"])] == [ids[1]]
    elsewhere = aws.client("license-manager", region="eu-west-1")
    assert len(elsewhere.list_tokens()["Tokens"]) == 2
    assert refusal(elsewhere.delete_token, TokenId=ids[0])[0] == "RedirectException"


def test_who_has_been_granted_it_makes_tokens(aws: LocalAws) -> None:
    customer, license_arn = LocalAws(aws.endpoint, member_of(aws.account, 7)), issue(aws)
    arn = give(aws, customer, LicenseArn=license_arn, AllowedOperations=["CreateToken"])
    assert refusal(make, customer, license_arn)[0] == "ResourceNotFoundException"
    customer.client("license-manager").accept_grant(GrantArn=arn)
    change(customer, arn)
    assert claims(make(customer, license_arn)["Token"])["amr"] == [f"aws:license-manager:token-issuer-account-id:{customer.account}"]


def test_an_access_token_takes_no_credentials(aws: LocalAws) -> None:
    license_arn = issue(aws)
    made = make(aws, license_arn, TokenProperties=["a"])
    found = claims(access(aws, made["Token"], TokenProperties=["a"]))
    assert (found["iss"], found["aud"], found["amr"]) == (
        "https://openid-license-manager.amazonaws.com", license_arn, [f"aws:license-manager:token-issuer-account-id:{aws.account}", "a"])
    assert 3500 < found["exp"] - datetime.now(timezone.utc).timestamp() <= 3600
    # It counts as a call of the account that has issued the token, for the log and for faults.
    assert [each["operation"] for each in aws.calls() if each["operation"] == "GetAccessToken"] == ["GetAccessToken"]
    aws.fault("GetAccessToken", "throttle")
    assert refusal(access, aws, made["Token"])[0] == "RateLimitExceededException"
    assert refusal(access, aws, made["Token"], TokenProperties=["b"])[0] == "ValidationException"
    assert refusal(access, aws, made["Token"][:-1])[0] == "ValidationException"
    assert refusal(access, aws, found["aud"])[0] == "ValidationException"
    aws.client("license-manager").delete_token(TokenId=made["TokenId"])
    assert refusal(access, aws, made["Token"])[0] == "AuthorizationException"


def consumption_role(aws: LocalAws, issuer: str) -> str:
    iam, name = aws.client("iam"), "AWSLicenseManagerConsumptionRole"
    statement = {
        "Effect": "Allow", "Principal": {"Federated": "openid-license-manager.amazonaws.com"}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"ForAnyValue:StringLike": {
            "openid-license-manager.amazonaws.com:amr": f"aws:license-manager:token-issuer-account-id:{issuer}"}}}
    role: str = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))["Role"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLicenseManagerConsumptionPolicy")
    return role


def assume(aws: LocalAws, role: str, jwt: str) -> dict[str, str]:
    found = anonymous(aws, "sts").assume_role_with_web_identity(RoleArn=role, RoleSessionName="software", WebIdentityToken=jwt)["Credentials"]
    return {"aws_access_key_id": found["AccessKeyId"], "aws_secret_access_key": found["SecretAccessKey"], "aws_session_token": found["SessionToken"]}


def test_the_way_of_a_customer_without_an_account(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam, new_account())
    license_arn, role = issue(aws), consumption_role(aws, aws.account)
    jwt = access(aws, make(aws, license_arn, RoleArns=[role])["Token"])
    software = aws.client("license-manager", **assume(aws, role, jwt))
    found = software.checkout_license(
        ProductSKU=LICENSE["ProductSKU"], CheckoutType="PROVISIONAL", KeyFingerprint=f"aws:{aws.account}:issuer:issuer-fingerprint",
        Entitlements=[{"Name": "seats", "Unit": "Count", "Value": "1"}], ClientToken=token(), Beneficiary=LICENSE["Beneficiary"])
    assert found["LicenseArn"] == license_arn
    software.get_license(LicenseArn=license_arn)
    # The managed policy has no more than consumption.
    assert refusal(software.list_tokens)[0] == "AccessDeniedException"


def test_who_does_not_get_the_role(endpoint_with_iam: str) -> None:
    aws, other = LocalAws(endpoint_with_iam, new_account()), LocalAws(endpoint_with_iam, new_account())
    role = consumption_role(aws, aws.account)
    jwt = access(aws, make(aws, issue(aws))["Token"])
    assume(aws, role, jwt)
    # Of another issuer, for another role, forged, and the refresh token itself.
    made = make(aws, issue(aws), RoleArns=[ROLE.format(other.account)])
    assert refusal(assume, aws, role, access(aws, make(other, issue(other))["Token"]))[0] == "AccessDenied"
    assert refusal(assume, aws, role, access(aws, made["Token"]))[0] == "AccessDenied"
    assert refusal(assume, aws, role, f"{jwt}x")[0] == refusal(assume, aws, role, made["Token"])[0] == "InvalidIdentityToken"


def test_permissions(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam)
    license_arn, other = issue(aws), issue(aws)
    client = aws.client("license-manager", **user(
        aws, allow("license-manager:CreateToken", license_arn), allow(["license-manager:DeleteToken", "license-manager:ListTokens"], "*")))
    made = client.create_token(LicenseArn=license_arn, ClientToken=token())
    assert refusal(client.create_token, LicenseArn=other, ClientToken=token())[0] == "AccessDeniedException"
    # Whoever signs it, is asked for the permission; whoever does not, is not.
    assert refusal(client.get_access_token, Token=made["Token"])[0] == "AccessDeniedException"
    access(aws, made["Token"])
    client.list_tokens()
    client.delete_token(TokenId=made["TokenId"])
    # Nothing else goes without credentials.
    assert refusal(anonymous(aws, "license-manager").list_tokens)[0] == "MissingAuthenticationTokenException"


def test_the_log_has_the_token_as_it_was_sent(aws: LocalAws) -> None:
    """Somebody who looks for a secret in logs looks elsewhere: this one has what was sent."""
    made = make(aws, issue(aws))
    request = urllib.request.Request(aws.endpoint, data=json.dumps({"Token": made["Token"]}).encode(), headers={
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSLicenseManager.GetAccessToken"})
    with urllib.request.urlopen(request) as answer:
        assert claims(json.load(answer)["AccessToken"])["token_use"] == "access"
    assert aws.calls()[-1]["parameters"] == {"Token": made["Token"]}
