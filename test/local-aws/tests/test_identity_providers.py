"""Directories that are registered for user-based subscriptions."""

from __future__ import annotations

import json
import urllib.error
from typing import Any

import pytest

from .conftest import LocalAws, new_account
from .test_iam import allow, user
from .test_license_configurations import refusal
from .test_license_server_endpoints import create as create_endpoint
from .test_license_server_endpoints import make_secret

SERVICE = "license-manager-user-subscriptions"
DIRECTORY, OTHER = "d-9067000001", "d-9067000002"
VISUAL_STUDIO, OFFICE, RDS = "VISUAL_STUDIO_PROFESSIONAL", "OFFICE_PROFESSIONAL_PLUS", "REMOTE_DESKTOP_SERVICES"
SETTINGS = {"Subnets": ["subnet-0123456789abcdef0"], "SecurityGroupId": "sg-0123456789abcdef0"}
USER_ROLE = "license-manager-user-subscriptions.amazonaws.com"


def directory(directory_id: str | None = DIRECTORY, **values: Any) -> dict[str, Any]:
    return {"ActiveDirectoryIdentityProvider": {**({"DirectoryId": directory_id} if directory_id else {}), **values}}


def self_managed(secret: str, **values: Any) -> dict[str, Any]:
    settings = {
        "DomainName": "corp.example.com", "DomainIpv4List": ["10.0.0.10"], "DomainNetworkSettings": {"Subnets": SETTINGS["Subnets"]},
        "DomainCredentialsProvider": {"SecretsManagerCredentialsProvider": {"SecretId": secret}}, **values}
    return directory(None, ActiveDirectoryType="SELF_MANAGED", ActiveDirectorySettings=settings)


def register(aws: LocalAws, product: str = VISUAL_STUDIO, identity_provider: Any = None, **values: Any) -> dict[str, Any]:
    given = {"IdentityProvider": identity_provider or directory(), "Product": product, **values}
    if product == OFFICE:
        given = {"Settings": SETTINGS, **given}
    found: dict[str, Any] = aws.client(SERVICE).register_identity_provider(**given)["IdentityProviderSummary"]
    return found


def listed(aws: LocalAws, *filters: tuple[str, str]) -> list[dict[str, Any]]:
    given = [{"Attribute": name, "Operation": "Equals", "Value": value} for name, value in filters]
    found: list[dict[str, Any]] = aws.client(SERVICE).list_identity_providers(Filters=given)["IdentityProviderSummaries"]
    return found


def statuses(aws: LocalAws) -> list[str]:
    return [each["Status"] for each in listed(aws)]


def settle(aws: LocalAws) -> list[str]:
    while "CONFIGURING" in (found := statuses(aws)):
        pass
    return found


def registered(aws: LocalAws, product: str = VISUAL_STUDIO, **values: Any) -> str:
    arn: str = register(aws, product, **values)["IdentityProviderArn"]
    settle(aws)
    return arn


def deregister(aws: LocalAws, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client(SERVICE).deregister_identity_provider(IdentityProviderArn=arn)["IdentityProviderSummary"]
    return found


def test_life_of_an_identity_provider(aws: LocalAws) -> None:
    found = register(aws, OFFICE, Tags={"team": "windows"})
    arn = found["IdentityProviderArn"]
    assert arn.startswith(f"arn:aws:{SERVICE}:us-east-1:{aws.account}:identity-provider/")
    assert found == {
        "IdentityProvider": directory(), "Settings": SETTINGS, "Product": OFFICE, "Status": "CONFIGURING", "IdentityProviderArn": arn,
        "OwnerAccountId": aws.account}
    assert [statuses(aws) for _ in range(3)] == [["CONFIGURING"], ["REGISTERED"], ["REGISTERED"]]
    client = aws.client(SERVICE)
    client.tag_resource(ResourceArn=arn, Tags={"cost": "4711"})
    client.untag_resource(ResourceArn=arn, TagKeys=["team"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"cost": "4711"}
    (held,) = aws.control("GET", f"state?account={aws.account}")["identityProviders"]
    assert (held["IdentityProviderArn"], held["Status"]) == (arn, "REGISTERED")
    assert deregister(aws, arn)["Status"] == "CONFIGURING"
    # Again, while it is on its way.
    assert client.deregister_identity_provider(IdentityProvider=directory(), Product=OFFICE)["IdentityProviderSummary"]["Status"] == "CONFIGURING"
    assert [statuses(aws) for _ in range(2)] == [["CONFIGURING"], []]
    assert refusal(deregister, aws, arn)[0] == "ResourceNotFoundException"
    assert refusal(client.list_tags_for_resource, ResourceArn=arn)[0] == "ResourceNotFoundException"


@pytest.mark.parametrize("reads", [0, 2])
def test_it_takes_as_long_as_a_test_wants(aws: LocalAws, reads: int) -> None:
    aws.state(settings={"userSubscriptionsReads": reads, "userSubscriptionsWords": {"registering": "InProgress", "registered": "Whatever"}})
    assert register(aws)["Status"] == "InProgress"
    assert [statuses(aws)[0] for _ in range(reads + 1)] == ["InProgress"] * reads + ["Whatever"]


def test_a_registration_fails_and_stays(aws: LocalAws) -> None:
    aws.state(settings={"userSubscriptionsFailures": {"RegisterIdentityProvider": "The domain controllers cannot be reached."}})
    arn = registered(aws)
    (found,) = listed(aws)
    assert (found["Status"], found["FailureMessage"]) == ("REGISTRATION_FAILED", "The domain controllers cannot be reached.")
    assert refusal(register, aws)[0] == "ConflictException"
    aws.state(settings={"userSubscriptionsFailures": {"DeregisterIdentityProvider": "No."}})
    deregister(aws, arn)
    assert settle(aws) == ["DEREGISTRATION_FAILED"]
    aws.state(settings={"userSubscriptionsFailures": {}})
    deregister(aws, arn)
    assert settle(aws) == []


def test_the_service_linked_role_is_needed(aws: LocalAws) -> None:
    aws.state(settings={"serviceLinkedRoles": []})
    registered(aws)
    (found,) = listed(aws)
    assert (found["Status"], "AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService" in found["FailureMessage"]) == ("REGISTRATION_FAILED", True)


def test_a_pair_of_directory_and_product_is_registered_once(aws: LocalAws) -> None:
    arn = register(aws)["IdentityProviderArn"]
    code, text = refusal(register, aws)
    assert (code, arn in text) == ("ConflictException", True)
    register(aws, OFFICE)
    register(aws, identity_provider=directory(OTHER))
    of_office, of_directory, of_other = ("Product", OFFICE), ("DirectoryId", DIRECTORY), ("DirectoryId", OTHER)
    assert [len(listed(aws, *each)) for each in ((of_office,), (of_directory,), (of_office, of_other))] == [1, 2, 0]
    assert refusal(listed, aws, ("Status", "REGISTERED"))[0] == "ValidationException"
    assert refusal(aws.client(SERVICE).list_identity_providers, Filters=[
        {"Attribute": "Product", "Operation": "geq", "Value": "A"}])[0] == "ValidationException"
    first = aws.client(SERVICE).list_identity_providers(MaxResults=2)
    assert len(aws.client(SERVICE).list_identity_providers(NextToken=first["NextToken"])["IdentityProviderSummaries"]) == 1


def test_a_registration_comes_to_its_end_first(aws: LocalAws) -> None:
    assert refusal(deregister, aws, register(aws)["IdentityProviderArn"])[0] == "ConflictException"
    deregister(aws, registered(aws, OFFICE))


@pytest.mark.parametrize(("product", "values"), [
    ("EXCEL", {}), (VISUAL_STUDIO, {"Settings": SETTINGS}), (OFFICE, {"Settings": None}),
    (OFFICE, {"Settings": {**SETTINGS, "Subnets": SETTINGS["Subnets"] * 2}}), (OFFICE, {"Settings": {**SETTINGS, "Subnets": []}}),
    (OFFICE, {"Settings": {**SETTINGS, "SecurityGroupId": "group"}}), (VISUAL_STUDIO, {"Tags": {"aws:x": "y"}}),
    (VISUAL_STUDIO, {"identity_provider": {"ActiveDirectoryIdentityProvider": {}}}),
    (VISUAL_STUDIO, {"identity_provider": directory("sd-9067000001")}),
    (VISUAL_STUDIO, {"identity_provider": directory("d-1")}), (VISUAL_STUDIO, {"identity_provider": directory(IsSharedActiveDirectory=True)}),
    (VISUAL_STUDIO, {"identity_provider": directory("sd-9067000001", ActiveDirectoryType="SELF_MANAGED")}),
    (RDS, {"identity_provider": directory("d-9067000001", ActiveDirectoryType="SELF_MANAGED")}),
    (RDS, {"identity_provider": directory(None, ActiveDirectoryType="SELF_MANAGED")}),
])
def test_refuses_a_registration(aws: LocalAws, product: str, values: dict[str, Any]) -> None:
    given = {name: value for name, value in values.items() if value is not None}
    if values.get("Settings", 0) is None:
        assert refusal(aws.client(SERVICE).register_identity_provider, IdentityProvider=directory(), Product=product)[0] == "ValidationException"
    else:
        assert refusal(register, aws, product, **given)[0] == "ValidationException"
    assert listed(aws) == []


def test_a_self_managed_directory(aws: LocalAws) -> None:
    secret = make_secret(aws, value=json.dumps({"username": "somebody", "password": "Passw0rd"}))
    found = register(aws, RDS, self_managed(secret))
    directory_id = found["IdentityProvider"]["ActiveDirectoryIdentityProvider"]["DirectoryId"]
    assert directory_id.startswith("sd-")
    assert refusal(register, aws, RDS, self_managed(secret))[0] == "ConflictException"
    settle(aws)
    aws.client(SERVICE).deregister_identity_provider(IdentityProvider=directory(directory_id), Product=RDS)
    assert settle(aws) == []
    for values in (
            {"DomainName": ""}, {"DomainIpv4List": None}, {"DomainCredentialsProvider": {}}, {"DomainNetworkSettings": None}):
        given = {name: value for name, value in self_managed(secret, **values)["ActiveDirectoryIdentityProvider"]["ActiveDirectorySettings"].items()
                 if value is not None}
        wrong = directory(None, ActiveDirectoryType="SELF_MANAGED", ActiveDirectorySettings=given)
        assert refusal(register, aws, RDS, wrong)[0] == "ValidationException"
    for name, value in (("admin", json.dumps({"username": "a", "password": "b"})), ("license-manager-user-2", "{}"), ("license-manager-user-3", "x")):
        assert refusal(register, aws, RDS, self_managed(make_secret(aws, name, value)))[0] == "ValidationException"


def test_directories_that_a_test_declares(aws: LocalAws) -> None:
    aws.state(settings={"directories": {DIRECTORY: {}}})
    register(aws)
    assert refusal(register, aws, identity_provider=directory(OTHER))[0] == "ResourceNotFoundException"
    for wrong in (
            {"directories": {DIRECTORY: {"color": "red"}}}, {"userSubscriptionsWords": {"x": "y"}},
            {"userSubscriptionsFailures": {"ListInstances": "x"}}):
        with pytest.raises(urllib.error.HTTPError):
            aws.state(settings=wrong)


def test_a_directory_that_is_shared(aws: LocalAws) -> None:
    consumer = LocalAws(aws.endpoint, str(int(aws.account) + 7 * 10 ** 11))
    consumer.state(settings={"directories": {OTHER: {"owner": aws.account, "ownerDirectoryId": DIRECTORY}}})
    shared = directory(OTHER, IsSharedActiveDirectory=True)
    assert refusal(register, consumer, identity_provider=shared)[0] == "ValidationException", "its owner comes first"
    registered(aws)
    assert refusal(register, consumer, identity_provider=directory(OTHER))[0] == "ValidationException"
    assert register(consumer, identity_provider=shared)["OwnerAccountId"] == consumer.account


def update(aws: LocalAws, arn: str, add: tuple[str, ...] = (), remove: tuple[str, ...] = (), **values: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client(SERVICE).update_identity_provider_settings(
        IdentityProviderArn=arn, UpdateSettings={"AddSubnets": list(add), "RemoveSubnets": list(remove), **values})["IdentityProviderSummary"]
    return found


def test_an_update_of_the_settings(aws: LocalAws) -> None:
    arn, (old,), new = registered(aws, OFFICE), SETTINGS["Subnets"], "subnet-11111111"
    found = update(aws, arn, (new,), (str(old),), SecurityGroupId="sg-11111111")
    assert (found["Status"], found["Settings"]) == ("CONFIGURING", SETTINGS)
    assert refusal(update, aws, arn)[0] == "ValidationException", "one at a time"
    settle(aws)
    assert listed(aws)[0]["Settings"] == {"Subnets": [new], "SecurityGroupId": "sg-11111111"}
    for add, remove in (((new,), ()), ((), (str(old),)), ((), (new,)), ((str(old), str(old)), ())):
        assert refusal(update, aws, arn, add, remove)[0] == "ValidationException"
    aws.state(settings={"userSubscriptionsFailures": {"UpdateIdentityProviderSettings": "No address is left."}})
    update(aws, arn, (str(old),))
    assert settle(aws) == ["UPDATE_FAILED"]
    assert (listed(aws)[0]["Settings"]["Subnets"], listed(aws)[0]["FailureMessage"]) == ([new], "No address is left.")
    aws.state(settings={"userSubscriptionsFailures": {}})
    update(aws, arn, (str(old),))
    assert settle(aws) == ["REGISTERED"]


def test_refuses_an_update(aws: LocalAws) -> None:
    arn, client = registered(aws), aws.client(SERVICE)
    assert refusal(update, aws, arn)[0] == refusal(update, aws, f"{arn}0")[0] == "ValidationException"
    nothing: dict[str, Any] = {"UpdateSettings": {"AddSubnets": [], "RemoveSubnets": []}}
    for values in (
            {}, {"Product": OFFICE}, {"IdentityProvider": directory()}, {"IdentityProviderArn": arn, "Product": OFFICE},
            {"IdentityProvider": directory(), "Product": OFFICE}):
        assert refusal(client.update_identity_provider_settings, **values, **nothing)[0] == "ValidationException"
    assert refusal(client.update_identity_provider_settings, IdentityProviderArn=arn, UpdateSettings={})[0] == "ValidationException"


def test_a_license_server_endpoint_keeps_it(aws: LocalAws) -> None:
    register(aws, RDS)
    arn = listed(aws)[0]["IdentityProviderArn"]
    secret = make_secret(aws)
    assert refusal(create_endpoint, aws, arn, secret)[0] == "ConflictException"
    settle(aws)
    endpoint = create_endpoint(aws, arn, secret)
    code, text = refusal(deregister, aws, arn)
    assert (code, endpoint in text) == ("ConflictException", True)
    aws.client(SERVICE).delete_license_server_endpoint(LicenseServerEndpointArn=endpoint, ServerType="RDS_SAL")
    deregister(aws, arn)
    assert refusal(create_endpoint, aws, registered(aws), secret)[0] == "ValidationException", "of another product"


def test_faults(aws: LocalAws) -> None:
    for kind, code in (("throttle", "ThrottlingException"), ("server-error", "InternalServerException"), ("conflict", "ConflictException")):
        aws.fault("RegisterIdentityProvider", kind, service=SERVICE)
        assert refusal(register, aws)[0] == code
    assert listed(aws) == []


NETWORK = ["CreateNetworkInterface", "CreateNetworkInterfacePermission", "DeleteNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets"]
NEEDED = ["ds:DescribeDirectories", "ds:AuthorizeApplication", "ds:UnauthorizeApplication", "ds:GetAuthorizedApplicationDetails",
          "ds:DescribeDomainControllers", *(f"ec2:{each}" for each in NETWORK), *(f"route53:{each}" for each in (
              "DeleteHealthCheck", "ChangeResourceRecordSets", "GetHostedZone", "ListHostedZonesByName", "ListHostedZones", "ListHostedZonesByVPC",
              "CreateHostedZone", "DeleteHostedZone", "ListResourceRecordSets", "GetHealthCheckCount", "AssociateVPCWithHostedZone"))]
OF_OFFICE = [f"ec2:{each}" for each in (
    "CreateVpcEndpoint", "DeleteVpcEndpoints", "DescribeVpcEndpoints", "ModifyVpcEndpoint", "DescribeSecurityGroups")]


def test_a_registration_takes_the_permissions_of_the_caller(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam, new_account())
    everything = [f"{SERVICE}:RegisterIdentityProvider", *NEEDED, *OF_OFFICE]

    def ask(actions: list[str], product: str) -> tuple[str, str]:
        client = aws.client(SERVICE, **user(aws, allow(actions, "*")))
        given = {"IdentityProvider": directory(), "Product": product, **({"Settings": SETTINGS} if product == OFFICE else {})}
        return refusal(client.register_identity_provider, **given)

    for action in everything:
        code, text = ask([each for each in everything if each != action], OFFICE)
        is_on_directory = action.startswith("ds:") and action != "ds:DescribeDirectories"
        resource = f"arn:aws:ds:us-east-1:{aws.account}:directory/{DIRECTORY}" if is_on_directory else "*"
        assert (code, f"is not authorized to perform: {action} on resource: {resource}" in text) == ("AccessDeniedException", True), action
    client = aws.client(SERVICE, **user(aws, allow([f"{SERVICE}:RegisterIdentityProvider", *NEEDED], "*")))
    client.register_identity_provider(IdentityProvider=directory(), Product=VISUAL_STUDIO)
    assert ask([f"{SERVICE}:RegisterIdentityProvider", *NEEDED], OFFICE)[0] == "AccessDeniedException"


def test_permissions_on_identity_providers(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam, new_account())
    mine, other = registered(aws, OFFICE), registered(aws, OFFICE, identity_provider=directory(OTHER))
    operations = [f"{SERVICE}:UpdateIdentityProviderSettings", f"{SERVICE}:DeregisterIdentityProvider"]
    client = aws.client(SERVICE, **user(aws, allow(operations, mine), allow([*NEEDED, *OF_OFFICE], "*")))
    settings = {"AddSubnets": [], "RemoveSubnets": []}
    client.update_identity_provider_settings(IdentityProviderArn=mine, UpdateSettings=settings)
    assert refusal(client.update_identity_provider_settings, IdentityProvider=directory(OTHER), Product=OFFICE, UpdateSettings=settings)[0] == (
        "AccessDeniedException")
    assert refusal(client.deregister_identity_provider, IdentityProviderArn=other)[0] == "AccessDeniedException"
    settle(aws)
    client.deregister_identity_provider(IdentityProvider=directory(), Product=OFFICE)
    assert refusal(client.list_identity_providers)[0] == "AccessDeniedException"
    # Tags at the creation take the permission to tag.
    actions = [f"{SERVICE}:RegisterIdentityProvider", *NEEDED]
    tagged = {"IdentityProvider": directory(), "Product": VISUAL_STUDIO, "Tags": {"a": "b"}}
    assert refusal(aws.client(SERVICE, **user(aws, allow(actions, "*"))).register_identity_provider, **tagged)[0] == "AccessDeniedException"
    on_providers = f"arn:aws:{SERVICE}:us-east-1:{aws.account}:identity-provider/*"
    aws.client(SERVICE, **user(aws, allow(actions, "*"), allow(f"{SERVICE}:TagResource", on_providers))).register_identity_provider(**tagged)
