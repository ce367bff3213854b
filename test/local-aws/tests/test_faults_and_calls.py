"""Faults, the log of calls, and the answers of custom resources."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from .conftest import LocalAws, start, stop
from .test_license_configurations import create, refusal


def names(aws: LocalAws) -> list[str]:
    return [c["Name"] for c in aws.client("license-manager").list_license_configurations()["LicenseConfigurations"]]


@pytest.mark.parametrize(("kind", "code", "status"), [
    ("throttle", "RateLimitExceededException", 400),
    ("server-error", "ServerInternalException", 500),
    ("access-denied", "AccessDeniedException", 400),
    ("conflict", "ConflictException", 400),
    ("not-found", "InvalidParameterValueException", 400),
])
def test_error(aws: LocalAws, kind: str, code: str, status: int) -> None:
    aws.fault("CreateLicenseConfiguration", kind)
    with pytest.raises(ClientError) as caught:
        create(aws)
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert names(aws) == []
    create(aws)
    assert [(c["operation"], c["status"], c["error"], c["fault"]) for c in aws.calls()] == [
        ("CreateLicenseConfiguration", status, code, kind), ("ListLicenseConfigurations", 200, None, None),
        ("CreateLicenseConfiguration", 200, None, None)]


def test_the_nth_call_a_number_of_times(aws: LocalAws) -> None:
    aws.fault("CreateLicenseConfiguration", "error", nth=2, times=2, code="LicenseUsageException", message="none left")
    create(aws, Name="first")
    for _ in range(2):
        assert refusal(create, aws) == ("LicenseUsageException", "none left")
    create(aws, Name="fourth")
    assert names(aws) == ["first", "fourth"]
    faults = [f for f in aws.control("GET", "faults") if f["account"] == aws.account]
    assert [(f["seen"], f["hits"]) for f in faults] == [(4, 2)]
    aws.fault("*", "throttle", times=None)
    for _ in range(3):
        assert refusal(names, aws)[0] == "RateLimitExceededException"
    aws.control("DELETE", f"faults?account={aws.account}")
    assert names(aws) == ["first", "fourth"]


def test_a_cut_connection_before_and_after(aws: LocalAws) -> None:
    aws.fault("CreateLicenseConfiguration", "cut")
    with pytest.raises(ConnectionClosedError):
        create(aws)
    assert names(aws) == []
    aws.fault("CreateLicenseConfiguration", "cut-after")
    with pytest.raises(ConnectionClosedError):
        create(aws)
    assert names(aws) == ["example"]
    assert [c["status"] for c in aws.calls() if c["fault"]] == [None, None]


def test_a_late_answer_is_held_back_until_the_client_gives_it_up(aws: LocalAws) -> None:
    aws.fault("CreateLicenseConfiguration", "late")
    client = http.client.HTTPConnection(aws.endpoint.removeprefix("http://"))
    credential = f"{aws.account}/20260101/us-east-1/license-manager/aws4_request"
    client.request("POST", "/", json.dumps({"Name": "n", "LicenseCountingType": "Core"}), {
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSLicenseManager.CreateLicenseConfiguration",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"})
    while not (held := aws.control("GET", f"held?account={aws.account}")):
        time.sleep(0.01)
    assert held == [{"service": "license-manager", "operation": "CreateLicenseConfiguration", "account": aws.account,
                     "port": client.sock.getsockname()[1]}]
    # It is done, and others are served.
    assert names(aws) == ["n"]
    client.close()
    while aws.control("GET", f"held?account={aws.account}"):
        time.sleep(0.01)
    assert [(c["status"], c["fault"]) for c in aws.calls()] == [(200, "late"), (200, None)]


def test_a_late_answer_comes_at_last(aws: LocalAws) -> None:
    aws.fault("CreateLicenseConfiguration", "late", delayMs=300)
    start = time.monotonic()
    create(aws)
    assert time.monotonic() - start >= 0.3
    assert aws.control("GET", f"held?account={aws.account}") == []


# Service, operation, parameters, and code and status of throttling, of a fault of the server, and of what is denied, in conflict and not found.
FAULTS: list[tuple[str, str, dict[str, Any], list[tuple[str, int]]]] = [
    ("license-manager", "ListLicenseConfigurations", {}, [
        ("RateLimitExceededException", 400), ("ServerInternalException", 500), ("AccessDeniedException", 400), ("ConflictException", 400),
        ("InvalidParameterValueException", 400)]),
    ("license-manager", "UpdateServiceSettings", {"EnabledDiscoverySourceRegions": ["us-east-1"]}, [
        ("RateLimitExceededException", 400), ("ServerInternalException", 500), ("AccessDeniedException", 400), ("ConflictException", 400),
        ("InvalidParameterValueException", 400)]),
    ("license-manager-linux-subscriptions", "GetServiceSettings", {}, [
        ("ThrottlingException", 400), ("InternalServerException", 500), ("AccessDeniedException", 403), ("ConflictException", 400),
        ("ResourceNotFoundException", 400)]),
    ("license-manager-user-subscriptions", "ListLicenseServerEndpoints", {}, [
        ("ThrottlingException", 400), ("InternalServerException", 500), ("AccessDeniedException", 403), ("ConflictException", 400),
        ("ResourceNotFoundException", 404)]),
    ("ram", "GetResourceShares", {"resourceOwner": "SELF"}, [
        ("ThrottlingException", 429), ("ServerInternalException", 500), ("AccessDeniedException", 403), ("ConflictException", 400),
        ("UnknownResourceException", 400)]),
    ("ram", "EnableSharingWithAwsOrganization", {}, [
        ("ThrottlingException", 429), ("ServerInternalException", 500), ("AccessDeniedException", 403), ("ConflictException", 400),
        ("UnknownResourceException", 400)]),
    ("resource-groups", "ListGroups", {}, [
        ("TooManyRequestsException", 429), ("InternalServerErrorException", 500), ("ForbiddenException", 403), ("ConflictException", 400),
        ("NotFoundException", 404)]),
    ("organizations", "DescribeOrganization", {}, [
        ("TooManyRequestsException", 400), ("ServiceException", 400), ("AccessDeniedException", 400), ("ConcurrentModificationException", 400),
        ("AccountNotFoundException", 400)]),
    *(("organizations", operation, parameters, [
        ("TooManyRequestsException", 400), ("ServiceException", 400), ("AccessDeniedException", 400), ("ConcurrentModificationException", 400),
        ("AccountNotFoundException", 400)]) for operation, parameters in (
            ("ListAWSServiceAccessForOrganization", {}), ("ListDelegatedAdministrators", {}),
            ("EnableAWSServiceAccess", {"ServicePrincipal": "license-manager.amazonaws.com"}),
            ("RegisterDelegatedAdministrator", {"ServicePrincipal": "license-manager.amazonaws.com", "AccountId": "222233334444"}),
            ("DeregisterDelegatedAdministrator", {"ServicePrincipal": "license-manager.amazonaws.com", "AccountId": "222233334444"}))),
    ("lambda", "Invoke", {"FunctionName": "f"}, [
        ("TooManyRequestsException", 429), ("ServiceException", 500), ("AccessDeniedException", 403), ("ResourceConflictException", 409),
        ("ResourceNotFoundException", 404)]),
    ("secretsmanager", "GetSecretValue", {"SecretId": "s"}, [
        ("ThrottlingException", 400), ("InternalServiceError", 500), ("AccessDeniedException", 400), ("ConflictException", 400),
        ("ResourceNotFoundException", 400)]),
    ("iam", "CreateServiceLinkedRole", {"AWSServiceName": "license-manager.amazonaws.com"}, [
        ("Throttling", 400), ("ServiceFailure", 500), ("AccessDenied", 403), ("ConcurrentModification", 409), ("NoSuchEntity", 404)]),
    ("iam", "GetRole", {"RoleName": "r"}, [
        ("Throttling", 400), ("ServiceFailure", 500), ("AccessDenied", 403), ("ConcurrentModification", 409), ("NoSuchEntity", 404)]),
    ("cloudformation", "DescribeStackResource", {"StackName": "s", "LogicalResourceId": "r"}, [
        ("Throttling", 400), ("InternalFailure", 500), ("AccessDenied", 403), ("OperationInProgressException", 409), ("ValidationError", 400)]),
    ("ec2", "DescribeHosts", {}, [
        ("RequestLimitExceeded", 503), ("InternalError", 500), ("UnauthorizedOperation", 403), ("ConflictException", 400),
        ("ResourceNotFoundException", 400)]),
    ("s3", "ListBuckets", {}, [
        ("SlowDown", 503), ("InternalError", 500), ("AccessDenied", 403), ("OperationAborted", 409), ("NoSuchKey", 404)]),
]


@pytest.mark.parametrize(("service", "operation", "parameters", "errors"), FAULTS)
def test_a_fault_is_told_in_the_words_and_the_protocol_of_the_service(
        aws: LocalAws, service: str, operation: str, parameters: dict[str, Any], errors: list[tuple[str, int]]) -> None:
    client = aws.client(service)
    # The call has an operation of its own name but for Invoke, which IAM knows by another one.
    logged = "InvokeFunction" if operation == "Invoke" else "ListAllMyBuckets" if operation == "ListBuckets" else operation
    for kind, (code, status) in zip(("throttle", "server-error", "access-denied", "conflict", "not-found"), errors):
        aws.fault(logged, kind, service=service, message="so <it> is")
        with pytest.raises(ClientError) as caught:
            client._make_api_call(operation, parameters)
        response = caught.value.response
        assert (response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]) == (
            code, "so <it> is", status)
    assert [(c["operation"], c["error"], c["status"]) for c in aws.calls(service)] == [(logged, *error) for error in errors]


def test_a_rest_service_has_the_code_in_a_header_and_an_address_behind_it(aws: LocalAws) -> None:
    aws.fault("GetServiceSettings", "throttle", service="license-manager-linux-subscriptions")
    with pytest.raises(ClientError) as caught:
        aws.client("license-manager-linux-subscriptions").get_service_settings()
    headers = caught.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amzn-errortype"] == "ThrottlingException:http://internal.amazon.com/coral/"


def test_other_services_are_logged_and_fail_in_their_own_protocol(aws: LocalAws) -> None:
    aws.fault("PutParameter", "server-error", service="ssm")
    assert refusal(aws.client("ssm").put_parameter, Name="/a", Value="b", Type="String")[0] == "InternalServerError"
    aws.client("ssm").put_parameter(Name="/a", Value="b", Type="String")
    assert [(c["operation"], c["status"]) for c in aws.calls("ssm")] == [("PutParameter", 500), ("PutParameter", 200)]
    assert aws.calls("ssm")[1]["parameters"]["Name"] == "/a"
    aws.fault("DescribeKey", "throttle", service="kms")
    assert refusal(aws.client("kms").describe_key, KeyId="k")[0] == "ThrottlingException"


def test_a_fault_of_another_account_does_not_hit(aws: LocalAws) -> None:
    aws.control("POST", "faults", {"account": "777777777777", "operation": "*", "kind": "throttle", "times": None})
    assert names(aws) == []


def test_control_refuses_nonsense(aws: LocalAws) -> None:
    for path, body in (
        ("faults", {"operation": "x", "kind": "explode"}), ("faults", {"kind": "cut"}),
        ("faults", {"operation": "x", "kind": "cut", "n": 1}),
        ("state", {"settings": {"pages": 1}}), ("state", {"settings": {"pageSize": "1"}}), ("state", {"resource": []}),
        ("state", {"resources": [{"arn": "x"}]}), ("state", {"associations": [{"licenseConfigurationArn": "x", "resourceArn": "y"}]}),
    ):
        with pytest.raises(urllib.error.HTTPError) as caught:
            aws.control("POST", path, body)
        assert caught.value.code == 400


def test_answers_of_custom_resources(aws: LocalAws) -> None:
    path = f"responses/{aws.account}/one"

    def put(data: bytes) -> int:
        request = urllib.request.Request(f"{aws.endpoint}/_local-aws/{path}", data=data, method="PUT")
        request.add_header("Content-Type", "")
        with urllib.request.urlopen(request) as answer:
            return answer.status

    aws.fault("PutResponse", "server-error", service="cloudformation-response")
    with pytest.raises(urllib.error.HTTPError):
        put(b"{}")
    aws.fault("PutResponse", "cut", service="cloudformation-response")
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        put(b"{}")
    assert put(b'{"Status": "SUCCESS"}') == 200
    assert aws.control("GET", path) == {"Status": "SUCCESS"}
    assert [c["status"] for c in aws.calls("cloudformation-response")] == [500, None, 200]


def test_reset_forgets_one_account(aws: LocalAws) -> None:
    other = LocalAws(aws.endpoint, account="888888888888")
    create(aws)
    create(other)
    aws.control("POST", "reset", {"account": aws.account})
    assert (names(aws), names(other)) == ([], ["example"])
    assert [c["operation"] for c in aws.calls()] == ["ListLicenseConfigurations"]


def test_the_server_stands_still_as_often_as_it_is_told_to() -> None:
    process, url = start()
    try:
        aws = LocalAws(url)
        aws.control("POST", "stalls", {"count": 3, "milliseconds": 50, "probability": 1})
        began = time.monotonic()
        names(aws)
        assert time.monotonic() - began >= 0.15
        assert aws.control("GET", "stalls") == {"probability": 1, "milliseconds": 50, "count": 0, "happened": 3}
        aws.control("POST", "stalls", {"probability": 0})
        names(aws)
        assert aws.control("GET", "stalls")["happened"] == 0
        aws.control("DELETE", "stalls")
        assert aws.control("GET", "stalls")["count"] == 0
        with pytest.raises(urllib.error.HTTPError):
            aws.control("POST", "stalls", {"seconds": 1})
    finally:
        assert stop(process) == 0


def test_two_of_three_calls(aws: LocalAws) -> None:
    aws.fault("ListLicenseConfigurations", "throttle", times=2, every=3)
    for _ in range(2):
        for _ in range(2):
            assert refusal(names, aws)[0] == "RateLimitExceededException"
        assert names(aws) == []


def test_an_error_of_what_is_done_all_the_same(aws: LocalAws) -> None:
    arn = create(aws)
    aws.fault("DeleteLicenseConfiguration", "not-found", done=True)
    client = aws.client("license-manager")
    assert refusal(client.delete_license_configuration, LicenseConfigurationArn=arn)[0] == "InvalidParameterValueException"
    assert names(aws) == []


def test_what_takes_effect_after_the_client_has_given_it_up(aws: LocalAws) -> None:
    aws.fault("CreateLicenseConfiguration", "cut-before", calls=2)
    with pytest.raises(ConnectionClosedError):
        create(aws)
    assert names(aws) == []
    assert names(aws) == []
    while names(aws) == []:
        time.sleep(0.01)
    assert names(aws) == ["example"]


def test_an_answer_that_stalls_in_its_middle_comes_at_last(aws: LocalAws) -> None:
    aws.fault("ListLicenseConfigurations", "stall", delayMs=200)
    create(aws)
    began = time.monotonic()
    assert names(aws) == ["example"]
    assert time.monotonic() - began >= 0.2
