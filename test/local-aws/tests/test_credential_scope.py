"""Every request has to be signed for the service that it calls, and for a Region that this service has."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import LocalAws

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:f"
PROVIDER = "arn:aws:license-manager-linux-subscriptions:us-east-1:111122223333:subscription-provider/p"
ENDPOINT = "arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:license-server-endpoint/lse-1"

# Service, operation, parameters, status and code of a wrong signature.
CALLS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("license-manager", "ListLicenseConfigurations", {}, 400, "InvalidSignatureException"),
    ("license-manager-linux-subscriptions", "ListRegisteredSubscriptionProviders", {}, 403, "InvalidSignatureException"),
    ("license-manager-linux-subscriptions", "ListTagsForResource", {"resourceArn": PROVIDER}, 403, "InvalidSignatureException"),
    ("license-manager-user-subscriptions", "ListLicenseServerEndpoints", {}, 403, "InvalidSignatureException"),
    ("license-manager-user-subscriptions", "ListTagsForResource", {"ResourceArn": ENDPOINT}, 403, "InvalidSignatureException"),
    ("ram", "GetResourceShares", {"resourceOwner": "SELF"}, 403, "InvalidSignatureException"),
    ("resource-groups", "ListGroups", {}, 403, "InvalidSignatureException"),
    ("lambda", "Invoke", {"FunctionName": FUNCTION, "InvocationType": "Event"}, 403, "InvalidSignatureException"),
    ("secretsmanager", "GetSecretValue", {"SecretId": "s"}, 400, "InvalidSignatureException"),
    ("organizations", "DescribeOrganization", {}, 400, "InvalidSignatureException"),
    ("organizations", "RegisterDelegatedAdministrator", {}, 400, "InvalidSignatureException"),
    ("iam", "GetRole", {"RoleName": "r"}, 403, "SignatureDoesNotMatch"),
    ("cloudformation", "DescribeStackResource", {"StackName": "s", "LogicalResourceId": "r"}, 403, "SignatureDoesNotMatch"),
]


def call(aws: LocalAws, service: str, operation: str, parameters: dict[str, Any], **signed: str) -> tuple[int, str, str]:
    """Status, code and text of the error of a call that is signed for something."""
    client = aws.client(service)

    def sign_for(context: dict[str, Any], **_: Any) -> None:
        context["signing"] = {**context.get("signing", {}), **signed}

    client.meta.events.register("before-parameter-build", sign_for)
    try:
        client._make_api_call(operation, parameters)
    except ClientError as error:
        response = error.response
        return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]
    return 200, "", ""


@pytest.mark.parametrize(("service", "operation", "parameters", "status", "code"), CALLS)
@pytest.mark.parametrize("wrong", ["license-manager", "ram", "no-such-service"])
def test_another_service(
        aws: LocalAws, wrong: str, service: str, operation: str, parameters: dict[str, Any], status: int, code: str) -> None:
    if wrong == service:
        wrong = "iam"
    text = f"Credential should be scoped to correct service: '{service}'."
    assert call(aws, service, operation, parameters, signing_name=wrong) == (status, code, text)
    (logged,) = aws.calls(service)
    assert (logged["status"], logged["error"]) == (status, code)


@pytest.mark.parametrize(("service", "operation", "parameters", "status", "code"), CALLS)
def test_the_right_service(
        aws: LocalAws, service: str, operation: str, parameters: dict[str, Any], status: int, code: str) -> None:
    assert call(aws, service, operation, parameters)[1] != code


@pytest.mark.parametrize(("service", "operation", "parameters", "status", "code"), CALLS)
def test_no_region(
        aws: LocalAws, service: str, operation: str, parameters: dict[str, Any], status: int, code: str) -> None:
    text = "Credential should be scoped to a valid region, not 'nowhere-1'."
    assert call(aws, service, operation, parameters, region="nowhere-1") == (status, code, text)


@pytest.mark.parametrize(("service", "right", "wrong"), [
    ("iam", "us-east-1", "eu-west-1"), ("iam", "cn-north-1", "cn-northwest-1"), ("iam", "us-gov-west-1", "us-gov-east-1"),
    ("organizations", "us-east-1", "eu-west-1"), ("organizations", "cn-northwest-1", "cn-north-1"),
    ("organizations", "us-gov-west-1", "us-gov-east-1"),
])
def test_a_global_service_has_one_region_in_a_partition(aws: LocalAws, service: str, right: str, wrong: str) -> None:
    operation, parameters = {"iam": ("GetRole", {"RoleName": "r"}), "organizations": ("DescribeOrganization", {})}[service]
    assert "Credential should be scoped" not in call(aws, service, operation, parameters, region=right)[2]
    assert call(aws, service, operation, parameters, region=wrong)[2] == f"Credential should be scoped to a valid region, not '{wrong}'."


def test_both_are_told(aws: LocalAws) -> None:
    assert call(aws, "ram", "GetResourceShares", {"resourceOwner": "SELF"}, signing_name="iam", region="x")[2] == (
        "Credential should be scoped to a valid region, not 'x'. Credential should be scoped to correct service: 'ram'.")


def test_other_services_and_unsigned_requests_are_not_judged(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=f"b{aws.account}")
    s3.put_object(Bucket=f"b{aws.account}", Key="subscription/GetServiceSettings", Body=b"x")
    aws.client("ssm").put_parameter(Name="/a", Value="b", Type="String")
    request = urllib.request.Request(
        f"{aws.endpoint}/", data=b"{}", headers={"X-Amz-Target": "AWSLicenseManager.ListLicenseConfigurations"}, method="POST")
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["LicenseConfigurations"] is not None
