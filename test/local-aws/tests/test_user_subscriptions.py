"""Users of user-based subscriptions: subscribed to products, and associated with instances."""

from __future__ import annotations

import urllib.error
from typing import Any

import pytest

from .conftest import LocalAws, new_account
from .test_iam import allow, user
from .test_identity_providers import DIRECTORY, OFFICE, OTHER, RDS, SERVICE, VISUAL_STUDIO, deregister, directory, registered
from .test_identity_providers import settle as settle_providers
from .test_license_configurations import refusal

INSTANCE, SECOND = "i-0123456789abcdef0", "i-0123456789abcdef1"


def start(aws: LocalAws, username: str = "anna", product: str = VISUAL_STUDIO, **values: Any) -> dict[str, Any]:
    given = {"Username": username, "IdentityProvider": directory(), "Product": product, **values}
    found: dict[str, Any] = aws.client(SERVICE).start_product_subscription(**given)["ProductUserSummary"]
    return found


def stop(aws: LocalAws, username: str = "anna", product: str = VISUAL_STUDIO, **values: Any) -> dict[str, Any]:
    given = values or {"Username": username, "IdentityProvider": directory(), "Product": product}
    found: dict[str, Any] = aws.client(SERVICE).stop_product_subscription(**given)["ProductUserSummary"]
    return found


def subscriptions(aws: LocalAws, product: str | None = VISUAL_STUDIO, **values: Any) -> list[dict[str, Any]]:
    given = {"IdentityProvider": directory(), **({"Product": product} if product else {}), **values}
    found: list[dict[str, Any]] = aws.client(SERVICE).list_product_subscriptions(**given)["ProductUserSummaries"]
    return found


def statuses(aws: LocalAws, product: str | None = VISUAL_STUDIO) -> dict[str, str]:
    return {each["Username"]: each["Status"] for each in subscriptions(aws, product)}


def settle(aws: LocalAws) -> None:
    while any(each["Status"].endswith("ING") for each in subscriptions(aws, None)):
        pass


def subscribe(aws: LocalAws, *usernames: str, product: str = VISUAL_STUDIO) -> None:
    for username in usernames:
        start(aws, username, product)
    settle(aws)


@pytest.fixture
def provider(aws: LocalAws) -> str:
    return registered(aws)


def test_life_of_a_subscription(aws: LocalAws, provider: str) -> None:
    found = start(aws, Domain="corp.example.com", Tags={"team": "it"})
    arn = found["ProductUserArn"]
    assert arn.startswith(f"arn:aws:{SERVICE}:us-east-1:{aws.account}:product-subscription/")
    assert (found["Username"], found["Product"], found["Status"], found["Domain"], found["IdentityProvider"]) == (
        "anna", VISUAL_STUDIO, "SUBSCRIBING", "corp.example.com", directory())
    assert [statuses(aws)["anna"] for _ in range(3)] == ["SUBSCRIBING", "SUBSCRIBED", "SUBSCRIBED"]
    client = aws.client(SERVICE)
    client.tag_resource(ResourceArn=arn, Tags={"cost": "4711"})
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"team": "it", "cost": "4711"}
    assert stop(aws, ProductUserArn=arn)["Status"] == "UNSUBSCRIBING"
    assert refusal(stop, aws, ProductUserArn=arn)[0] == "ConflictException"
    assert [statuses(aws)["anna"] for _ in range(2)] == ["UNSUBSCRIBING", "UNSUBSCRIBED"]
    assert "SubscriptionEndDate" in subscriptions(aws)[0]
    assert refusal(stop, aws, ProductUserArn=arn)[0] == refusal(stop, aws)[0] == "ResourceNotFoundException"
    # Once more, which is another one.
    assert start(aws, Domain="corp.example.com")["ProductUserArn"] != arn
    assert statuses(aws) == {"anna": "SUBSCRIBING"}


def test_starting_twice_is_a_conflict(aws: LocalAws, provider: str) -> None:
    start(aws)
    assert refusal(start, aws)[0] == "ConflictException"
    settle(aws)
    assert refusal(start, aws)[0] == "ConflictException"
    start(aws, Domain="other.example.com")
    assert refusal(stop, aws)[0] == "ValidationException", "which of them?"


def test_a_subscription_to_remote_desktop_services_comes_along_and_stays(aws: LocalAws, provider: str) -> None:
    subscribe(aws, "anna")
    (rds,) = subscriptions(aws, RDS)
    assert (rds["Status"], "LicenseExpirationDate" in rds, "LicenseExpirationDate" in subscriptions(aws)[0]) == ("SUBSCRIBED", True, False)
    stop(aws)
    settle(aws)
    assert (statuses(aws), statuses(aws, RDS)) == ({"anna": "UNSUBSCRIBED"}, {"anna": "SUBSCRIBED"})
    start(aws)
    assert statuses(aws, RDS) == {"anna": "SUBSCRIBED"}


def test_the_marketplace_comes_first(aws: LocalAws, provider: str) -> None:
    aws.state(settings={"userSubscriptionProducts": [VISUAL_STUDIO]})
    start(aws)
    assert subscriptions(aws, RDS) == []
    aws.state(settings={"userSubscriptionProducts": []})
    assert refusal(start, aws, "bob")[0] == "ValidationException"


def test_refuses_a_subscription(aws: LocalAws, provider: str) -> None:
    assert refusal(start, aws, product=OFFICE)[0] == "ResourceNotFoundException"
    assert refusal(start, aws, IdentityProvider=directory(OTHER))[0] == "ResourceNotFoundException"
    assert refusal(subscriptions, aws, IdentityProvider=directory(OTHER))[0] == "ResourceNotFoundException"
    assert refusal(start, aws, "")[0] == refusal(start, aws, product="EXCEL")[0] == "ValidationException"
    assert refusal(subscriptions, aws, "EXCEL")[0] == refusal(start, aws, Tags={"aws:a": "b"})[0] == "ValidationException"
    for values in ({"Username": "anna"}, {"ProductUserArn": provider, "Username": "anna"}):
        assert refusal(stop, aws, **values)[0] == "ValidationException"
    deregister(aws, provider)
    assert refusal(start, aws)[0] == "ConflictException"
    aws.fault("StartProductSubscription", "throttle", service=SERVICE)
    assert refusal(start, aws)[0] == "ThrottlingException"


def test_some_fail(aws: LocalAws, provider: str) -> None:
    aws.state(settings={"userSubscriptionsFailures": {"StartProductSubscription/bob": "No."}, "directories": {DIRECTORY: {"users": ["anna", "bob"]}}})
    subscribe(aws, "anna", "bob", "carl")
    assert statuses(aws) == {"anna": "SUBSCRIBED", "bob": "SUBSCRIPTION_FAILED", "carl": "SUBSCRIPTION_FAILED"}
    assert [each.get("StatusMessage") for each in subscriptions(aws)] == [None, "No.", "The user carl does not exist."]
    aws.state(settings={"userSubscriptionsFailures": {"StopProductSubscription": "Not now."}})
    subscribe(aws, "bob")
    stop(aws, "bob")
    settle(aws)
    assert statuses(aws)["bob"] == "UNSUBSCRIPTION_FAILED"
    assert refusal(start, aws, "bob")[0] == "ConflictException", "he still is"
    aws.state(settings={"userSubscriptionsFailures": {}})
    stop(aws, "bob")
    settle(aws)
    assert statuses(aws)["bob"] == "UNSUBSCRIBED"


def test_the_words_can_be_others(aws: LocalAws, provider: str) -> None:
    aws.state(settings={"userSubscriptionsWords": {"subscribing": "Pending", "subscribed": "Subscribed"}, "userSubscriptionsReads": 2})
    start(aws)
    assert [statuses(aws)["anna"] for _ in range(3)] == ["Pending", "Pending", "Subscribed"]


def test_filters_and_pages(aws: LocalAws, provider: str) -> None:
    aws.state(settings={"directories": {DIRECTORY: {"domain": "corp.example.com"}}})
    subscribe(aws, "anna", "bob", "carl")
    stop(aws, "bob")
    for attribute, value, count in (("Username", "bob", 1), ("Status", "SUBSCRIBED", 2), ("Domain", "corp.example.com", 3), ("Domain", "x", 0)):
        assert len(subscriptions(aws, Filters=[{"Attribute": attribute, "Operation": "eq", "Value": value}])) == count
    assert refusal(subscriptions, aws, Filters=[{"Attribute": "Product", "Operation": "eq", "Value": "x"}])[0] == "ValidationException"
    first = aws.client(SERVICE).list_product_subscriptions(IdentityProvider=directory(), Product=VISUAL_STUDIO, MaxResults=2)
    assert len(subscriptions(aws, NextToken=first["NextToken"])) == 1
    # Of all products.
    assert len(subscriptions(aws, None)) == 6


def test_users_keep_the_identity_provider(aws: LocalAws, provider: str) -> None:
    subscribe(aws, "anna")
    code, text = refusal(deregister, aws, provider)
    assert (code, "user anna" in text) == ("ConflictException", True)
    stop(aws)
    assert refusal(deregister, aws, provider)[0] == "ConflictException", "as long as she is being unsubscribed"
    settle(aws)
    deregister(aws, provider)
    assert settle_providers(aws) == []


def launch(aws: LocalAws, instance_id: str = INSTANCE, **values: Any) -> None:
    aws.state(userSubscriptionInstances=[{"instanceId": instance_id, "directoryId": DIRECTORY, "products": [VISUAL_STUDIO], **values}])


def instances(aws: LocalAws, **values: Any) -> dict[str, str]:
    return {each["InstanceId"]: each["Status"] for each in aws.client(SERVICE).list_instances(**values)["InstanceSummaries"]}


def associate(aws: LocalAws, username: str = "anna", instance_id: str = INSTANCE, **values: Any) -> dict[str, Any]:
    given = {"Username": username, "InstanceId": instance_id, "IdentityProvider": directory(), **values}
    found: dict[str, Any] = aws.client(SERVICE).associate_user(**given)["InstanceUserSummary"]
    return found


def disassociate(aws: LocalAws, username: str = "anna", **values: Any) -> dict[str, Any]:
    given = values or {"Username": username, "InstanceId": INSTANCE, "IdentityProvider": directory()}
    found: dict[str, Any] = aws.client(SERVICE).disassociate_user(**given)["InstanceUserSummary"]
    return found


def associations(aws: LocalAws, **values: Any) -> dict[str, str]:
    given = {"InstanceId": INSTANCE, "IdentityProvider": directory(), **values}
    return {each["Username"]: each["Status"] for each in aws.client(SERVICE).list_user_associations(**given)["InstanceUserSummaries"]}


@pytest.fixture
def instance(aws: LocalAws, provider: str) -> str:
    subscribe(aws, "anna", "bob")
    launch(aws)
    return INSTANCE


def test_life_of_an_association(aws: LocalAws, instance: str) -> None:
    found = associate(aws, Tags={"a": "b"})
    arn = found["InstanceUserArn"]
    assert arn.startswith(f"arn:aws:{SERVICE}:us-east-1:{aws.account}:instance-user/")
    assert (found["Status"], found["InstanceId"], "AssociationDate" in found) == ("ASSOCIATING", instance, True)
    # The model calls it idempotent.
    assert associate(aws)["InstanceUserArn"] == arn
    assert [associations(aws) for _ in range(2)] == [{"anna": "ASSOCIATING"}, {"anna": "ASSOCIATED"}]
    assert aws.client(SERVICE).list_tags_for_resource(ResourceArn=arn)["Tags"] == {"a": "b"}
    code, text = refusal(stop, aws)
    assert (code, INSTANCE in text) == ("ConflictException", True)
    stop(aws, product=RDS)
    assert disassociate(aws, InstanceUserArn=arn)["Status"] == "DISASSOCIATING"
    assert disassociate(aws)["Status"] == "DISASSOCIATING"
    assert [associations(aws) for _ in range(2)] == [{"anna": "DISASSOCIATING"}, {"anna": "DISASSOCIATED"}]
    assert refusal(disassociate, aws)[0] == "ResourceNotFoundException"
    stop(aws)
    held = aws.control("GET", f"state?account={aws.account}")
    assert [len(held[name]) for name in ("userAssociations", "productSubscriptions", "userSubscriptionInstances")] == [1, 4, 1]


def test_an_association_fails(aws: LocalAws, instance: str) -> None:
    aws.state(settings={"userSubscriptionsFailures": {"AssociateUser/bob": "The instance did not answer.", "DisassociateUser": "Nor now."}})
    for name in ("anna", "bob"):
        associate(aws, name)
    assert [associations(aws) for _ in range(2)][1] == {"anna": "ASSOCIATED", "bob": "ASSOCIATION_FAILED"}
    disassociate(aws)
    assert [associations(aws)["anna"] for _ in range(2)][1] == "DISASSOCIATION_FAILED"
    aws.state(settings={"userSubscriptionsFailures": {}})
    associate(aws, "bob")
    disassociate(aws)
    assert [associations(aws) for _ in range(2)][1] == {"bob": "ASSOCIATED", "anna": "DISASSOCIATED"}


def test_an_instance_has_to_be_ready(aws: LocalAws, provider: str) -> None:
    subscribe(aws, "anna")
    launch(aws, reads=1)
    assert refusal(associate, aws)[0] == "ConflictException"
    assert [instances(aws) for _ in range(2)] == [{INSTANCE: "PENDING"}, {INSTANCE: "ACTIVE"}]
    associate(aws)
    assert instances(aws, Filters=[{"Attribute": "Status", "Operation": "eq", "Value": "ACTIVE"}]) == {INSTANCE: "ACTIVE"}
    assert instances(aws, Filters=[{"Attribute": "InstanceId", "Operation": "eq", "Value": SECOND}]) == {}
    assert refusal(instances, aws, Filters=[{"Attribute": "Name", "Operation": "eq", "Value": "x"}])[0] == "ValidationException"


def test_an_unhealthy_instance_is_terminated_with_its_associations(aws: LocalAws, instance: str) -> None:
    associate(aws)
    launch(aws, health="unhealthy", statusMessage="There is a local administrator.")
    (found,) = aws.client(SERVICE).list_instances()["InstanceSummaries"]
    assert (found["Status"], found["StatusMessage"], found["OwnerAccountId"]) == ("UNHEALTHY", "There is a local administrator.", aws.account)
    assert refusal(associate, aws, "bob")[0] == "ConflictException"
    aws.state(housekeeping=True)
    assert (instances(aws), associations(aws)) == ({}, {"anna": "DISASSOCIATED"})
    assert refusal(associate, aws)[0] == "ResourceNotFoundException"
    stop(aws)


def test_an_instance_of_ec2_is_terminated(aws: LocalAws, provider: str) -> None:
    subscribe(aws, "anna")
    ec2 = aws.client("ec2")
    instance_id = ec2.run_instances(ImageId="ami-0abcdef1234567890", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    launch(aws, instance_id)
    associate(aws, instance_id=instance_id)
    assert instance_id in refusal(deregister, aws, provider)[1]
    ec2.terminate_instances(InstanceIds=[instance_id])
    assert (instances(aws), associations(aws, InstanceId=instance_id)) == ({}, {"anna": "DISASSOCIATED"})


def test_refuses_an_association(aws: LocalAws, instance: str) -> None:
    assert refusal(associate, aws, "carl") == ("ValidationException", f"The user carl is not subscribed to {VISUAL_STUDIO}, {RDS}.")
    assert refusal(associate, aws, instance_id=SECOND)[0] == "ResourceNotFoundException"
    assert refusal(associate, aws, IdentityProvider=directory(OTHER))[0] == "ResourceNotFoundException"
    assert refusal(associations, aws, IdentityProvider=directory(OTHER))[0] == "ResourceNotFoundException"
    registered(aws, identity_provider=directory(OTHER))
    assert refusal(associate, aws, IdentityProvider=directory(OTHER))[0] == "ValidationException"
    arn = f"arn:aws:{SERVICE}:us-east-1:1:instance-user/x"
    for values in ({"Username": "anna", "InstanceId": INSTANCE}, {"InstanceUserArn": arn, "Username": "anna"}):
        assert refusal(disassociate, aws, **values)[0] == "ValidationException"
    aws.state(settings={"instancesPerUser": 1})
    launch(aws, SECOND)
    associate(aws)
    assert refusal(associate, aws, instance_id=SECOND)[0] == "ServiceQuotaExceededException"
    aws.fault("AssociateUser", "server-error", service=SERVICE)
    assert refusal(associate, aws, "bob")[0] == "InternalServerException"


def test_filters_and_pages_of_associations(aws: LocalAws, instance: str) -> None:
    for name in ("anna", "bob"):
        associate(aws, name)
    assert associations(aws, Filters=[{"Attribute": "Username", "Operation": "Equals", "Value": "bob"}]).keys() == {"bob"}
    assert associations(aws, Filters=[{"Attribute": "Status", "Operation": "Equals", "Value": "ASSOCIATED"}]).keys() == {"anna", "bob"}
    assert associations(aws, Filters=[{"Attribute": "Domain", "Operation": "Equals", "Value": "x"}]) == {}
    first = aws.client(SERVICE).list_user_associations(InstanceId=INSTANCE, IdentityProvider=directory(), MaxResults=1)
    assert associations(aws, NextToken=first["NextToken"]).keys() == {"bob"}


def test_instances_keep_the_identity_provider(aws: LocalAws, provider: str) -> None:
    launch(aws)
    assert INSTANCE in refusal(deregister, aws, provider)[1]
    launch(aws, health="terminated")
    deregister(aws, provider)


def test_accounts_that_share_a_directory(aws: LocalAws, provider: str) -> None:
    consumer = LocalAws(aws.endpoint, str(int(aws.account) + 7 * 10 ** 11))
    consumer.state(settings={"directories": {OTHER: {"owner": aws.account, "ownerDirectoryId": DIRECTORY}}})
    shared = directory(OTHER, IsSharedActiveDirectory=True)
    registered(consumer, identity_provider=shared)
    assert refusal(start, consumer, IdentityProvider=directory(OTHER))[0] == "AccessDeniedException"
    launch(consumer, directoryId=OTHER)
    assert refusal(associate, consumer, IdentityProvider=directory(OTHER))[0] == "ValidationException"
    subscribe(aws, "anna")
    associate(consumer, IdentityProvider=directory(OTHER))
    assert [associations(consumer, IdentityProvider=directory(OTHER)) for _ in range(2)][1] == {"anna": "ASSOCIATED"}
    assert instances(aws) == {}
    assert refusal(stop, aws)[0] == "ConflictException"


@pytest.mark.parametrize("wrong", [
    {"color": "red"}, {"health": "sick"}, {"products": ["EXCEL"]}])
def test_refuses_an_instance_that_is_none(aws: LocalAws, wrong: dict[str, Any]) -> None:
    with pytest.raises(urllib.error.HTTPError):
        launch(aws, **wrong)


def test_permissions(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam, new_account())
    provider = registered(aws)
    on_provider = [f"{SERVICE}:{each}" for each in (
        "StartProductSubscription", "AssociateUser", "ListProductSubscriptions", "ListUserAssociations")]
    client = aws.client(SERVICE, **user(aws, allow(on_provider, provider)))
    arn = client.start_product_subscription(Username="anna", IdentityProvider=directory(), Product=VISUAL_STUDIO)["ProductUserSummary"]["ProductUserArn"]
    settle(aws)
    launch(aws)
    found = client.associate_user(Username="anna", InstanceId=INSTANCE, IdentityProvider=directory())["InstanceUserSummary"]["InstanceUserArn"]
    client.list_product_subscriptions(IdentityProvider=directory())
    for _ in range(2):
        client.list_user_associations(InstanceId=INSTANCE, IdentityProvider=directory())
    assert refusal(client.list_instances)[0] == "AccessDeniedException"
    other = {"Username": "x", "IdentityProvider": directory(OTHER), "Product": VISUAL_STUDIO}
    assert refusal(client.start_product_subscription, **other)[0] == "AccessDeniedException"
    # What ends has to be allowed on itself and on the identity provider.
    for operation, resource, call in (
            ("DisassociateUser", found, lambda one: one.disassociate_user(InstanceUserArn=found)),
            ("StopProductSubscription", arn, lambda one: one.stop_product_subscription(ProductUserArn=arn))):
        for resources in ([resource], [provider]):
            assert refusal(call, aws.client(SERVICE, **user(aws, allow(f"{SERVICE}:{operation}", resources))))[0] == "AccessDeniedException"
        call(aws.client(SERVICE, **user(aws, allow(f"{SERVICE}:{operation}", [resource, provider]))))
        for _ in range(2):
            associations(aws)
