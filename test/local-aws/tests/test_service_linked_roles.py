"""Service-linked roles, and an account without them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from .cloudformation import Stack, license_configuration
from .conftest import LocalAws
from .test_iam import allow, user
from .test_license_configurations import create, refusal
from .test_organizations import CORE, LINUX

# Those of the user guide.
ROLES = {
    CORE: "AWSServiceRoleForAWSLicenseManagerRole",
    "license-manager.master-account.amazonaws.com": "AWSServiceRoleForAWSLicenseManagerMasterAccountRole",
    "license-manager.member-account.amazonaws.com": "AWSServiceRoleForAWSLicenseManagerMemberAccountRole",
    "license-manager-user-subscriptions.amazonaws.com": "AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService",
    LINUX: "AWSServiceRoleForAWSLicenseManagerLinuxSubscriptionsService",
    "license-management.marketplace.amazonaws.com": "AWSServiceRoleForMarketplaceLicenseManagement",
}
NOT_FOUND = "Service role not found"


def make(aws: LocalAws, service: str, **more: str) -> dict[str, Any]:
    return aws.client("iam").create_service_linked_role(AWSServiceName=service, **more)["Role"]


def present(aws: LocalAws) -> list[str]:
    return aws.control("GET", f"state?account={aws.account}")["settings"]["serviceLinkedRoles"]


@pytest.mark.parametrize(("service", "name"), ROLES.items())
def test_an_account_has_its_roles(aws: LocalAws, service: str, name: str) -> None:
    role = aws.client("iam").get_role(RoleName=name)["Role"]
    assert (role["Path"], role["Arn"]) == (
        f"/aws-service-role/{service}/", f"arn:aws:iam::{aws.account}:role/aws-service-role/{service}/{name}")
    assert refusal(make, aws, service) == (
        "InvalidInput", f"Service role name {name} has been taken in this account, please try a different suffix.")


@pytest.mark.parametrize(("service", "name"), ROLES.items())
def test_a_role_is_made_once(aws: LocalAws, service: str, name: str) -> None:
    aws.state(settings={"serviceLinkedRoles": []})
    iam = aws.client("iam")
    assert refusal(iam.get_role, RoleName=name) == ("NoSuchEntity", f"The role with name {name} cannot be found.")
    made = make(aws, service, Description="of a stack")
    assert (made["RoleName"], made["Description"]) == (name, "of a stack")
    assert made["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": service}
    assert iam.get_role(RoleName=name)["Role"]["Arn"] == made["Arn"]
    assert refusal(make, aws, service)[0] == "InvalidInput"
    assert present(aws) == [service]


def test_the_roles_of_an_account_are_the_same_in_every_region_and_of_no_other_account(aws: LocalAws) -> None:
    aws.control("POST", "state", {"account": aws.account, "region": "eu-west-1", "settings": {"serviceLinkedRoles": []}})
    assert refusal(create, aws)[1] == NOT_FOUND
    other = LocalAws(aws.endpoint, account=str(int(aws.account) + 100_000_000_000))
    create(other)


def test_a_role_that_is_deleted_can_be_made_again(aws: LocalAws) -> None:
    iam = aws.client("iam")
    iam.delete_service_linked_role(RoleName=ROLES[CORE])
    assert refusal(iam.get_role, RoleName=ROLES[CORE])[0] == "NoSuchEntity"
    assert refusal(iam.delete_service_linked_role, RoleName=ROLES[CORE])[0] == "NoSuchEntity"
    assert refusal(create, aws)[1] == NOT_FOUND
    make(aws, CORE, Description="again")
    create(aws)
    # A test takes it away without a call.
    aws.state(settings={"serviceLinkedRoles": []})
    assert make(aws, CORE)["Description"] == ""


@pytest.mark.parametrize(("parameters", "text"), [
    ({"AWSServiceName": "license-manager"}, "not a valid service principal"),
    ({"AWSServiceName": "license-manager.amazonaws.com.cn"}, "not a valid service principal"),
    ({"AWSServiceName": CORE, "CustomSuffix": "x"}, f"Custom suffix is not allowed for {CORE}"),
])
def test_a_role_that_there_is_not(aws: LocalAws, parameters: dict[str, str], text: str) -> None:
    aws.state(settings={"serviceLinkedRoles": []})
    code, message = refusal(aws.client("iam").create_service_linked_role, **parameters)
    assert (code, text in message) == ("InvalidInput", True)


def test_the_roles_of_other_services_are_those_of_ministack(aws: LocalAws) -> None:
    role = make(aws, "ecs.amazonaws.com")
    assert aws.client("iam").get_role(RoleName=role["RoleName"])["Role"]["Path"] == "/aws-service-role/ecs.amazonaws.com/"


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("GetServiceSettings", {}), ("ListLicenseConfigurations", {}), ("ListLicenses", {}), ("UpdateServiceSettings", {}),
    ("CreateLicenseConfiguration", {"Name": "n", "LicenseCountingType": "vCPU"}), ("ListLicenseManagerReportGenerators", {}),
    ("TagResource", {"ResourceArn": "x", "Tags": []}),
]


@pytest.mark.parametrize(("operation", "parameters"), CALLS)
def test_nothing_works_without_the_core_role(aws: LocalAws, operation: str, parameters: dict[str, Any]) -> None:
    aws.state(settings={"serviceLinkedRoles": [service for service in ROLES if service != CORE]})
    call = aws.client("license-manager")._make_api_call
    assert refusal(call, operation, parameters) == ("AuthorizationException", NOT_FOUND)
    aws.state(settings={"serviceRoleNotFound": "AccessDeniedException"})
    assert refusal(call, operation, parameters) == ("AccessDeniedException", NOT_FOUND)
    make(aws, CORE)
    if operation != "TagResource":
        call(operation, parameters)


def test_it_is_seen_after_some_calls(aws: LocalAws) -> None:
    aws.state(settings={"serviceLinkedRoles": [], "serviceLinkedRoleDelay": 2})
    client = aws.client("license-manager")
    make(aws, CORE)
    assert [refusal(client.get_service_settings)[1] for _ in range(2)] == [NOT_FOUND] * 2
    client.get_service_settings()
    client.get_service_settings()
    # What a test sets has been there for long.
    aws.client("iam").delete_service_linked_role(RoleName=ROLES[CORE])
    make(aws, CORE)
    aws.state(settings={"serviceLinkedRoles": [CORE]})
    client.get_service_settings()


def test_looking_at_the_account_from_outside_is_no_call(aws: LocalAws) -> None:
    create(aws)
    aws.state(settings={"serviceLinkedRoles": []})
    assert len(aws.control("GET", f"state?account={aws.account}")["licenseConfigurations"]) == 1


def test_a_stack_in_an_account_without_the_role(aws: LocalAws) -> None:
    aws.state(settings={"serviceLinkedRoles": []})
    stack = Stack(aws)
    assert stack.create({"License": license_configuration()}) == "ROLLBACK_COMPLETE"
    assert NOT_FOUND in stack.reasons("CREATE_FAILED")[0]


def test_other_services_work_without_it(aws: LocalAws) -> None:
    aws.state(settings={"serviceLinkedRoles": []})
    aws.client(LINUX.partition(".")[0]).get_service_settings()
    aws.client("ram").get_resource_shares(resourceOwner="SELF")


def test_a_mistake_in_the_setting_is_told(aws: LocalAws) -> None:
    for wrong in ({"serviceLinkedRoles": ["license-manager"]}, {"serviceLinkedRoles": "none"}, {"serviceRoleNotFound": "Denied"}):
        with pytest.raises(Exception, match="400"):
            aws.state(settings=wrong)
    assert present(aws) == list(ROLES)


@pytest.mark.parametrize("operation", ["GetRole", "CreateServiceLinkedRole"])
def test_faults(aws: LocalAws, operation: str) -> None:
    aws.state(settings={"serviceLinkedRoles": [LINUX]})
    parameters = {"RoleName": ROLES[LINUX]} if operation == "GetRole" else {"AWSServiceName": CORE}
    call = aws.client("iam")._make_api_call
    aws.fault(operation, "throttle", service="iam")
    assert refusal(call, operation, parameters)[0] == "Throttling"
    aws.fault(operation, "server-error", service="iam", done=True)
    assert refusal(call, operation, parameters)[0] == "ServiceFailure"
    assert present(aws) == ([LINUX] if operation == "GetRole" else [LINUX, CORE])


@pytest.fixture
def bare(endpoint_with_iam: str) -> Iterator[LocalAws]:
    aws = LocalAws(endpoint_with_iam)
    aws.state(settings={"serviceLinkedRoles": [LINUX]})
    yield aws
    aws.state(settings={"serviceLinkedRoles": list(ROLES)})


@pytest.mark.parametrize(("resource", "service", "allowed"), [
    (f"arn:aws:iam::*:role/aws-service-role/{CORE}/*", CORE, True),
    (f"arn:aws:iam::*:role/aws-service-role/{CORE}/{ROLES[CORE]}", CORE, True),
    (f"arn:aws:iam::*:role/{ROLES[CORE]}", CORE, False), (f"arn:aws:iam::*:role/aws-service-role/{LINUX}/*", CORE, False),
    ("*", LINUX, False),
])
def test_permission_to_make_one(bare: LocalAws, resource: str, service: str, allowed: bool) -> None:
    condition = {"StringEquals": {"iam:AWSServiceName": service}}
    iam = bare.client("iam", **user(bare, allow("iam:CreateServiceLinkedRole", resource, Condition=condition)))
    if allowed:
        iam.create_service_linked_role(AWSServiceName=CORE)
    else:
        assert refusal(iam.create_service_linked_role, AWSServiceName=CORE)[0] == "AccessDenied"


def test_permission_to_read_one_is_on_its_path_once_it_is_there(bare: LocalAws) -> None:
    with_path = bare.client("iam", **user(bare, allow("iam:GetRole", "arn:aws:iam::*:role/aws-service-role/*")))
    without = bare.client("iam", **user(bare, allow("iam:GetRole", "arn:aws:iam::*:role/AWSServiceRoleFor*")))
    assert LINUX in unquote(with_path.get_role(RoleName=ROLES[LINUX])["Role"]["Arn"])
    assert refusal(without.get_role, RoleName=ROLES[LINUX])[0] == "AccessDenied"
    assert refusal(with_path.get_role, RoleName=ROLES[CORE])[0] == "AccessDenied"
    assert refusal(without.get_role, RoleName=ROLES[CORE])[0] == "NoSuchEntity"
