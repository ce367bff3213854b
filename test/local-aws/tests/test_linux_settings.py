"""The settings of Linux subscriptions: what is asked for comes about after a while, or does not."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import LocalAws
from .test_license_configurations import refusal
from .test_linux_subscriptions import SERVICE, make_secret, register
from .test_organizations import CORE, LINUX, organization

MODEL = {"LinuxSubscriptionsDiscovery": "Enabled", "LinuxSubscriptionsDiscoverySettings": {
    "OrganizationIntegration": "Disabled", "SourceRegions": ["us-east-1", "eu-west-1"]}}


def update(
        aws: LocalAws, *regions: str, organization: bool = False, enabled: bool = True, region: str | None = None, **more: Any) -> dict[str, Any]:
    return aws.client(SERVICE, region=region).update_service_settings(
        LinuxSubscriptionsDiscovery="Enabled" if enabled else "Disabled",
        LinuxSubscriptionsDiscoverySettings={
            "OrganizationIntegration": "Enabled" if organization else "Disabled", "SourceRegions": list(regions)}, **more)


def read(aws: LocalAws, region: str | None = None) -> dict[str, Any]:
    found = aws.client(SERVICE, region=region).get_service_settings()
    return {name: value for name, value in found.items() if name != "ResponseMetadata"}


def settle(aws: LocalAws) -> dict[str, Any]:
    while (found := read(aws)).get("Status") == "InProgress":
        pass
    return found


def test_nobody_has_set_anything(aws: LocalAws) -> None:
    assert read(aws) == {"LinuxSubscriptionsDiscovery": "Disabled"}


def test_a_change_is_in_progress_for_one_read(aws: LocalAws) -> None:
    pending = {"us-east-1": "Account-Onboard: Pending", "eu-west-1": "Account-Onboard: Pending"}
    in_progress = {**MODEL, "HomeRegions": ["us-east-1"], "Status": "InProgress", "StatusMessage": pending}
    answer = update(aws, "us-east-1", "eu-west-1")
    assert {name: value for name, value in answer.items() if name != "ResponseMetadata"} == in_progress
    assert read(aws) == in_progress
    done = {**in_progress, "Status": "Completed", "StatusMessage": {name: "Account-Onboard: Successful" for name in pending}}
    assert [read(aws), read(aws)] == [done, done]
    assert aws.control("GET", f"state?account={aws.account}")["linuxSubscriptions"] == done
    # Nothing is to be done.
    assert update(aws, "eu-west-1", "us-east-1")["Status"] == "Completed"


@pytest.mark.parametrize("reads", [0, 3])
def test_or_for_as_many_as_a_test_wants(aws: LocalAws, reads: int) -> None:
    aws.state(settings={"linuxSubscriptionsReads": reads, "linuxSubscriptionsStatus": "Successful"})
    update(aws, "us-east-1")
    assert [read(aws)["Status"] for _ in range(reads + 1)] == ["InProgress"] * reads + ["Successful"]


def test_regions_come_and_go(aws: LocalAws) -> None:
    update(aws, "us-east-1", "eu-west-1")
    settle(aws)
    update(aws, "us-east-1", "eu-central-1")
    assert read(aws)["StatusMessage"] == {
        "us-east-1": "Account-Onboard: Successful", "eu-central-1": "Account-Onboard: Pending", "eu-west-1": "Account-Offboard: Pending"}
    assert settle(aws)["StatusMessage"]["eu-west-1"] == "Account-Offboard: Successful"
    update(aws, "us-east-1", enabled=False)
    assert read(aws)["StatusMessage"] == {"us-east-1": "Account-Offboard: Pending", "eu-central-1": "Account-Offboard: Pending"}
    assert (settle(aws)["LinuxSubscriptionsDiscovery"], settle(aws)["Status"]) == ("Disabled", "Completed")


def test_a_failure_that_a_test_wants(aws: LocalAws) -> None:
    aws.state(settings={"linuxSubscriptionsFailure": "Service-linked role not present"})
    update(aws, "us-east-1")
    failed = settle(aws)
    assert (failed["Status"], failed["StatusMessage"]) == (
        "Failed", {"us-east-1": "Account-Onboard: Failed - Service-linked role not present"})
    # The same again is another try.
    aws.state(settings={"linuxSubscriptionsFailure": ""})
    assert update(aws, "us-east-1")["Status"] == "InProgress"
    assert settle(aws)["Status"] == "Completed"


def test_the_organization(aws: LocalAws) -> None:
    update(aws, "us-east-1", organization=True)
    assert read(aws)["StatusMessage"] == {"us-east-1": "Account-Onboard: Pending, Org-Onboard: Pending"}
    assert settle(aws)["StatusMessage"] == {
        "us-east-1": "Account-Onboard: Successful, Org-Onboard: Failed - Account isn't part of an organization"}
    aws.state(settings={"organizationAccounts": ["222233334444"]})
    update(aws, "us-east-1", organization=True)
    assert settle(aws)["StatusMessage"] == {"us-east-1": "Account-Onboard: Successful, Org-Onboard: Successful"}
    update(aws, "us-east-1")
    assert read(aws)["StatusMessage"] == {"us-east-1": "Account-Onboard: Successful, Org-Offboard: Pending"}


def test_another_change_has_to_wait(aws: LocalAws) -> None:
    update(aws, "us-east-1")
    assert update(aws, "us-east-1")["Status"] == "InProgress"
    assert refusal(update, aws, "eu-west-1")[0] == "ValidationException"
    settle(aws)
    assert update(aws, "eu-west-1")["Status"] == "InProgress"


def test_the_settings_are_those_of_the_account(aws: LocalAws) -> None:
    update(aws, "us-east-1")
    settle(aws)
    assert read(aws, "eu-west-1") == read(aws)
    assert refusal(update, aws, "eu-west-1", region="eu-west-1") == (
        "ValidationException", "The home Region of Linux subscriptions is us-east-1. Allow the update to add another one.")
    assert update(aws, "eu-west-1", region="eu-west-1", AllowUpdate=True)["HomeRegions"] == ["us-east-1", "eu-west-1"]
    other = LocalAws(aws.endpoint, account="999988887777")
    other.control("POST", "reset", {"account": other.account})
    assert read(other) == {"LinuxSubscriptionsDiscovery": "Disabled"}
    aws.control("POST", "reset", {"account": aws.account})
    assert read(aws) == {"LinuxSubscriptionsDiscovery": "Disabled"}


@pytest.mark.parametrize(("parameters", "text"), [
    ({}, "linuxSubscriptionsDiscovery"),
    ({**MODEL, "LinuxSubscriptionsDiscovery": "On"}, "enum value set: [Enabled, Disabled]"),
    ({**MODEL, "LinuxSubscriptionsDiscoverySettings": {"OrganizationIntegration": "Enabled"}}, "sourceRegions"),
    ({**MODEL, "LinuxSubscriptionsDiscoverySettings": {"OrganizationIntegration": "Enabled", "SourceRegions": []}}, "length greater than or equal to 1"),
    ({**MODEL, "LinuxSubscriptionsDiscoverySettings": {"OrganizationIntegration": "Enabled", "SourceRegions": ["Ireland"]}}, "Region Ireland"),
])
def test_what_the_model_refuses(aws: LocalAws, parameters: dict[str, Any], text: str) -> None:
    code, message = refusal(aws.client(SERVICE)._make_api_call, "UpdateServiceSettings", parameters)
    assert code == "ValidationException"
    assert text in message
    assert read(aws) == {"LinuxSubscriptionsDiscovery": "Disabled"}


def test_a_provider_needs_discovery_that_is_done(aws: LocalAws) -> None:
    secret = make_secret(aws)
    update(aws, "us-east-1")
    assert refusal(register, aws, secret)[0] == "ValidationException"
    settle(aws)
    arn = register(aws, secret)["SubscriptionProviderArn"]
    assert refusal(update, aws, "us-east-1", enabled=False)[0] == "ValidationException"
    aws.client(SERVICE).deregister_subscription_provider(SubscriptionProviderArn=arn)
    update(aws, "us-east-1", enabled=False)
    settle(aws)
    assert refusal(register, aws, secret)[0] == "ValidationException"


def outcomes(aws: LocalAws) -> dict[str, Any]:
    update(aws, "us-east-1", organization=True)
    return settle(aws)["StatusMessage"]


def test_an_account_without_the_service_linked_role(aws: LocalAws) -> None:
    aws.state(settings={"serviceLinkedRoles": [CORE], "organizationAccounts": ["222233334444"]})
    assert outcomes(aws) == {
        "us-east-1": "Account-Onboard: Failed - Service-linked role not present, "
                     "Org-Onboard: Failed - Linux subscriptions can't access the organization"}
    assert read(aws)["Status"] == "Failed"
    aws.client("iam").create_service_linked_role(AWSServiceName=LINUX)
    assert outcomes(aws) == {"us-east-1": "Account-Onboard: Successful, Org-Onboard: Successful"}


def test_a_role_that_was_just_made_is_not_seen_yet(aws: LocalAws) -> None:
    aws.state(settings={"serviceLinkedRoles": [], "serviceLinkedRoleDelay": 1})
    aws.client("iam").create_service_linked_role(AWSServiceName=LINUX)
    update(aws, "us-east-1", "eu-west-1")
    assert settle(aws)["StatusMessage"] == {
        name: "Account-Onboard: Failed - Service-linked role not present" for name in ("us-east-1", "eu-west-1")}
    update(aws, "us-east-1", "eu-west-1")
    assert settle(aws)["Status"] == "Completed"


def test_a_role_is_not_needed_to_take_an_account_off(aws: LocalAws) -> None:
    update(aws, "us-east-1")
    settle(aws)
    aws.state(settings={"serviceLinkedRoles": []})
    update(aws, "us-east-1", enabled=False)
    assert settle(aws)["StatusMessage"] == {"us-east-1": "Account-Offboard: Successful"}


def test_who_may_integrate_the_organization(aws: LocalAws) -> None:
    first, second = organization(aws, organizationServiceAccess=[LINUX])
    aws.client("organizations").register_delegated_administrator(AccountId=second.account, ServicePrincipal=LINUX)
    failed = "Org-Onboard: Failed - Account isn't the management account"
    for caller, outcome in ((aws, "Org-Onboard: Successful"), (first, failed), (second, "Org-Onboard: Successful")):
        assert outcomes(caller) == {"us-east-1": f"Account-Onboard: Successful, {outcome}"}


def test_the_organization_has_to_trust_the_service(aws: LocalAws) -> None:
    organization(aws)
    assert outcomes(aws)["us-east-1"].endswith("Org-Onboard: Failed - Linux subscriptions can't access the organization")
    aws.client("organizations").enable_aws_service_access(ServicePrincipal=LINUX)
    assert outcomes(aws)["us-east-1"].endswith("Org-Onboard: Successful")
