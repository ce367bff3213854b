"""Faults, the log of calls, and the answers of custom resources."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from .conftest import LocalAws
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


def test_a_late_answer(aws: LocalAws) -> None:
    aws.fault("CreateLicenseConfiguration", "late", delayMs=300)
    start = time.monotonic()
    create(aws)
    assert time.monotonic() - start >= 0.3


def test_other_services_are_logged_and_fail_in_their_own_protocol(aws: LocalAws) -> None:
    aws.fault("DescribeHosts", "throttle", service="ec2")
    assert refusal(aws.client("ec2").describe_hosts)[0] == "ThrottlingException"
    aws.fault("PutParameter", "server-error", service="ssm")
    assert refusal(aws.client("ssm").put_parameter, Name="/a", Value="b", Type="String")[0] == "InternalFailure"
    aws.client("ssm").put_parameter(Name="/a", Value="b", Type="String")
    assert [(c["operation"], c["status"]) for c in aws.calls("ssm")] == [("PutParameter", 500), ("PutParameter", 200)]
    assert aws.calls("ssm")[1]["parameters"]["Name"] == "/a"


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
