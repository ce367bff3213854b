"""AWS Organizations: trusted access and delegated administrators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import LocalAws
from .test_iam import allow, user
from .test_license_configurations import refusal

CORE, LINUX = "license-manager.amazonaws.com", "license-manager-linux-subscriptions.amazonaws.com"


def member_of(account: str, n: int = 1) -> str:
    """A member account that no other test has."""
    return str(int(account) + n * 100_000_000_000)


def organization(aws: LocalAws, **settings: Any) -> tuple[LocalAws, LocalAws]:
    """Makes the account the management account of an organization with two members, and returns these."""
    members = [member_of(aws.account, n) for n in (1, 2)]
    aws.state(settings={"organizationManagementAccount": aws.account, "organizationAccounts": members, **settings})
    first, second = (LocalAws(aws.endpoint, account=account) for account in members)
    return first, second


def reason(call: Any, **parameters: Any) -> tuple[str, str | None]:
    """Code and reason of an error."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response["Error"]["Code"], caught.value.response.get("Reason")


def trusted(aws: LocalAws) -> list[str]:
    found = aws.client("organizations").list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    return [each["ServicePrincipal"] for each in found]


def administrators(aws: LocalAws, **parameters: str) -> list[str]:
    return [each["Id"] for each in aws.client("organizations").list_delegated_administrators(**parameters)["DelegatedAdministrators"]]


ON_SERVICE, ON_ACCOUNT = {"ServicePrincipal": CORE}, {"ServicePrincipal": CORE, "AccountId": "222233334444"}
# Operation, parameters; and whether members may call it, or else delegated administrators.
OPERATIONS: list[tuple[str, dict[str, str], bool, bool]] = [
    ("DescribeOrganization", {}, True, True),
    ("ListAWSServiceAccessForOrganization", {}, False, True),
    ("ListDelegatedAdministrators", {}, False, True),
    ("EnableAWSServiceAccess", ON_SERVICE, False, False),
    ("RegisterDelegatedAdministrator", ON_ACCOUNT, False, False),
    ("DeregisterDelegatedAdministrator", ON_ACCOUNT, False, False),
]


@pytest.mark.parametrize(("operation", "parameters", "_member", "_administrator"), OPERATIONS)
def test_an_account_that_is_in_no_organization(
        aws: LocalAws, operation: str, parameters: dict[str, str], _member: bool, _administrator: bool) -> None:
    call = aws.client("organizations")._make_api_call
    assert refusal(call, operation, parameters) == ("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")


@pytest.mark.parametrize(("operation", "parameters", "member", "administrator"), OPERATIONS)
def test_who_may_call(
        aws: LocalAws, operation: str, parameters: dict[str, str], member: bool, administrator: bool) -> None:
    first, second = organization(aws, organizationServiceAccess=[CORE])
    aws.client("organizations").register_delegated_administrator(AccountId=second.account, ServicePrincipal=CORE)
    for caller, allowed in ((first, member), (second, administrator)):
        call = caller.client("organizations")._make_api_call
        if allowed:
            call(operation, parameters)
        else:
            assert refusal(call, operation, parameters)[0] == "AccessDeniedException"


def test_describes_the_organization_to_every_account_of_it(aws: LocalAws) -> None:
    first, _ = organization(aws)
    for caller in (aws, first):
        found = caller.client("organizations").describe_organization()["Organization"]
        assert (found["Id"], found["MasterAccountId"], found["FeatureSet"]) == (f"o-{aws.account}", aws.account, "ALL")
        assert found["Arn"] == f"arn:aws:organizations::{aws.account}:organization/o-{aws.account}"
    other = LocalAws(aws.endpoint, account=member_of(aws.account, 3))
    assert refusal(other.client("organizations").describe_organization)[0] == "AWSOrganizationsNotInUseException"
    # An account may name its management account itself.
    other.state(settings={"organizationManagementAccount": aws.account})
    assert other.client("organizations").describe_organization()["Organization"]["MasterAccountId"] == aws.account


def test_the_organization_is_the_same_in_every_region(aws: LocalAws) -> None:
    aws.control("POST", "state", {"account": aws.account, "region": "eu-west-1", "settings": {"organizationManagementAccount": aws.account}})
    assert aws.client("organizations").describe_organization()["Organization"]["MasterAccountId"] == aws.account
    aws.control("POST", "reset", {"account": aws.account})
    assert refusal(aws.client("organizations").describe_organization)[0] == "AWSOrganizationsNotInUseException"


def test_trusted_access_is_given_once(aws: LocalAws) -> None:
    organization(aws)
    client = aws.client("organizations")
    assert trusted(aws) == []
    for _ in range(2):
        client.enable_aws_service_access(ServicePrincipal=CORE)
    client.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    assert trusted(aws) == [CORE, "sso.amazonaws.com"]
    aws.state(settings={"sharingWithOrganization": True})
    assert trusted(aws) == [CORE, "sso.amazonaws.com", "ram.amazonaws.com"]


@pytest.mark.parametrize("principal", [
    "license-manager", "license-manager-user-subscriptions.amazonaws.com", "license-manager.master-account.amazonaws.com", "x.example.com"])
def test_a_service_that_has_no_trusted_access(aws: LocalAws, principal: str) -> None:
    organization(aws)
    client = aws.client("organizations")
    assert reason(client.enable_aws_service_access, ServicePrincipal=principal) == ("InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL")


def test_an_organization_without_all_features(aws: LocalAws) -> None:
    first, _ = organization(aws, organizationFeatures="CONSOLIDATED_BILLING", organizationServiceAccess=[CORE])
    client = aws.client("organizations")
    found = client.describe_organization()["Organization"]
    assert (found["FeatureSet"], found["AvailablePolicyTypes"]) == ("CONSOLIDATED_BILLING", [])
    refused = ("ConstraintViolationException", "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE")
    assert reason(client.enable_aws_service_access, ServicePrincipal=CORE) == refused
    assert reason(client.register_delegated_administrator, ServicePrincipal=CORE, AccountId=first.account) == refused


def test_life_of_a_delegated_administrator(aws: LocalAws) -> None:
    first, second = organization(aws, organizationServiceAccess=[CORE, LINUX])
    client = aws.client("organizations")
    on_first, on_second = ({"AccountId": each.account, "ServicePrincipal": CORE} for each in (first, second))
    assert refusal(client.deregister_delegated_administrator, **on_first)[0] == "AccountNotRegisteredException"
    client.register_delegated_administrator(**on_first)
    assert refusal(client.register_delegated_administrator, **on_first)[0] == "AccountAlreadyRegisteredException"
    assert reason(client.register_delegated_administrator, **on_second) == (
        "ConstraintViolationException", "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE")
    # Each service has its own.
    client.register_delegated_administrator(AccountId=second.account, ServicePrincipal=LINUX)
    assert administrators(aws, ServicePrincipal=CORE) == [first.account]
    assert administrators(first) == [first.account, second.account]
    client.deregister_delegated_administrator(**on_first)
    client.register_delegated_administrator(**on_second)
    assert (administrators(aws, ServicePrincipal=CORE), administrators(aws)) == ([second.account], [second.account])
    (described,) = client.list_delegated_administrators()["DelegatedAdministrators"]
    assert described["Arn"] == f"arn:aws:organizations::{aws.account}:account/o-{aws.account}/{second.account}"
    assert {"Email", "Name", "Status", "JoinedTimestamp", "DelegationEnabledDate"} <= set(described)


def test_more_delegated_administrators_than_a_service_may_have(aws: LocalAws) -> None:
    first, second = organization(aws, organizationServiceAccess=[CORE], delegatedAdministratorsPerService=2)
    client = aws.client("organizations")
    for account in (first, second):
        client.register_delegated_administrator(AccountId=account.account, ServicePrincipal=CORE)
    third = member_of(aws.account, 3)
    aws.state(settings={"organizationAccounts": [first.account, second.account, third]})
    assert reason(client.register_delegated_administrator, AccountId=third, ServicePrincipal=CORE) == (
        "ConstraintViolationException", "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED")
    assert administrators(aws) == [first.account, second.account]


def test_who_cannot_be_registered(aws: LocalAws) -> None:
    first, _ = organization(aws)
    register = aws.client("organizations").register_delegated_administrator
    assert reason(register, AccountId=first.account, ServicePrincipal=CORE) == ("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED")
    aws.client("organizations").enable_aws_service_access(ServicePrincipal=CORE)
    assert reason(register, AccountId=aws.account, ServicePrincipal=CORE) == (
        "ConstraintViolationException", "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR")
    assert reason(register, AccountId=member_of(aws.account, 3), ServicePrincipal=CORE) == ("AccountNotFoundException", None)
    for principal in ("license-manager-user-subscriptions.amazonaws.com", "license-manager.member-account.amazonaws.com"):
        assert reason(register, AccountId=first.account, ServicePrincipal=principal) == (
            "InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL")
    for wrong in ({"AccountId": "1", "ServicePrincipal": CORE}, {"AccountId": first.account, "ServicePrincipal": "s" * 129}, {"AccountId": first.account}):
        assert reason(register, **wrong)[0] == "InvalidInputException"
    assert administrators(aws) == []


def test_what_was_there_before(aws: LocalAws) -> None:
    first, _ = organization(aws)
    aws.state(settings={"organizationServiceAccess": [LINUX], "organizationDelegatedAdministrators": {LINUX: [member_of(aws.account)]}})
    assert (trusted(aws), administrators(aws, ServicePrincipal=LINUX)) == ([LINUX], [first.account])
    aws.client("organizations").deregister_delegated_administrator(AccountId=first.account, ServicePrincipal=LINUX)
    settings = aws.control("GET", f"state?account={aws.account}")["settings"]
    assert (settings["organizationServiceAccess"], settings["organizationDelegatedAdministrators"]) == ([LINUX], {})


def test_lists_have_pages(aws: LocalAws) -> None:
    services = [f"s{n}.amazonaws.com" for n in range(3)]
    organization(aws, organizationServiceAccess=services)
    client = aws.client("organizations")
    first = client.list_aws_service_access_for_organization(MaxResults=2)
    rest = client.list_aws_service_access_for_organization(NextToken=first["NextToken"])
    assert [each["ServicePrincipal"] for each in (*first["EnabledServicePrincipals"], *rest["EnabledServicePrincipals"])] == services
    aws.state(settings={"pageSize": 1, "emptyPages": True})
    empty = client.list_aws_service_access_for_organization()
    assert (empty["EnabledServicePrincipals"], "NextToken" in empty) == ([], True)
    assert reason(client.list_aws_service_access_for_organization, NextToken="x") == ("InvalidInputException", "INVALID_NEXT_TOKEN")
    for wrong in (0, 21):
        assert reason(client.list_delegated_administrators, MaxResults=wrong)[0] == "InvalidInputException"


def test_a_fault_with_a_reason(aws: LocalAws) -> None:
    organization(aws)
    aws.fault(
        "EnableAWSServiceAccess", "error", service="organizations", code="ConstraintViolationException", message="Wait.", reason="WAIT_PERIOD_ACTIVE")
    assert reason(aws.client("organizations").enable_aws_service_access, ServicePrincipal=CORE) == (
        "ConstraintViolationException", "WAIT_PERIOD_ACTIVE")
    assert trusted(aws) == []


def test_the_other_operations_are_those_of_ministack(aws: LocalAws) -> None:
    assert len(aws.client("organizations").list_roots()["Roots"]) == 1


def test_a_mistake_in_a_setting_is_told(aws: LocalAws) -> None:
    with pytest.raises(Exception, match="400"):
        aws.state(settings={"organizationFeatures": "SOME"})
    with pytest.raises(Exception, match="400"):
        aws.state(settings={"organizationAccounts": "222233334444"})


@pytest.fixture
def managed(endpoint_with_iam: str) -> Iterator[LocalAws]:
    aws = LocalAws(endpoint_with_iam)
    aws.state(settings={
        "organizationManagementAccount": aws.account, "organizationAccounts": ["222233334444"], "organizationServiceAccess": [CORE],
        "organizationDelegatedAdministrators": {}})
    yield aws
    aws.state(settings={"organizationManagementAccount": "", "organizationAccounts": []})


@pytest.mark.parametrize(("resource", "principal", "allowed"), [
    ("arn:aws:organizations::111122223333:account/*/222233334444", CORE, True), ("*", CORE, True), ("*", LINUX, False),
    ("arn:aws:organizations::111122223333:account/*/333344445555", CORE, False), ("arn:aws:organizations::111122223333:organization/*", CORE, False),
])
def test_permission_to_register_is_one_on_the_account(managed: LocalAws, resource: str, principal: str, allowed: bool) -> None:
    condition = {"StringEquals": {"organizations:ServicePrincipal": principal}}
    client = managed.client("organizations", **user(managed, allow("organizations:RegisterDelegatedAdministrator", resource, Condition=condition)))
    if allowed:
        client.register_delegated_administrator(AccountId="222233334444", ServicePrincipal=CORE)
        return
    code, text = refusal(client.register_delegated_administrator, AccountId="222233334444", ServicePrincipal=CORE)
    assert (code, "organizations:RegisterDelegatedAdministrator on resource: arn:aws:organizations::" in text) == ("AccessDeniedException", True)


@pytest.mark.parametrize(("operation", "parameters"), [
    ("DescribeOrganization", {}), ("ListAWSServiceAccessForOrganization", {}), ("ListDelegatedAdministrators", ON_SERVICE),
    ("EnableAWSServiceAccess", ON_SERVICE),
])
def test_the_others_need_a_star(managed: LocalAws, operation: str, parameters: dict[str, str]) -> None:
    on_all = managed.client("organizations", **user(managed, allow(f"organizations:{operation}", "*")))
    on_all._make_api_call(operation, parameters)
    on_arns = managed.client("organizations", **user(managed, allow(f"organizations:{operation}", "arn:aws:organizations::*:*")))
    assert refusal(on_arns._make_api_call, operation, parameters)[0] == "AccessDeniedException"
