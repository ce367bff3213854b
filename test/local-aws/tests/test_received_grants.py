"""Grants in the account that receives them: accepted, rejected, activated, listed, and those that an organization gives its members."""

from __future__ import annotations

import itertools
import urllib.error
from typing import Any

import pytest

from .conftest import LocalAws
from .test_iam import allow, user
from .test_license_configurations import refusal
from .test_organizations import CORE, member_of, organization
from .test_seller_issued_licenses import OPERATIONS, grant, issue, link, token

_ids = itertools.count(1)
SELLER = "888877776666"


@pytest.fixture
def receiver(aws: LocalAws) -> LocalAws:
    """Somebody who has nothing to do with the account."""
    return LocalAws(aws.endpoint, member_of(aws.account, 7))


def give(aws: LocalAws, to: LocalAws, **values: Any) -> str:
    return grant(aws, values.pop("LicenseArn", None) or issue(aws), Principals=[f"arn:aws:iam::{to.account}:root"], **values)


def received(aws: LocalAws, region: str | None = None, **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.client("license-manager", region=region).list_received_grants(**parameters)["Grants"]
    return found


def statuses(aws: LocalAws, **parameters: Any) -> list[str]:
    return [each["GrantStatus"] for each in received(aws, **parameters)]


def change(aws: LocalAws, arn: str, status: str | None = "ACTIVE", region: str | None = None, **values: Any) -> dict[str, Any]:
    given = {"GrantArn": arn, "ClientToken": token(), **({"Status": status} if status else {}), **values}
    answer: dict[str, Any] = aws.client("license-manager", region=region).create_grant_version(**given)
    return answer


def override(behavior: str = "ALL_GRANTS_PERMITTED_BY_ISSUER") -> dict[str, Any]:
    return {"Options": {"ActivationOverrideBehavior": behavior}}


def seeded(aws: LocalAws, status: str = "PENDING_ACCEPT", **values: Any) -> str:
    arn = f"arn:aws:license-manager::{SELLER}:grant:g-{aws.account}{next(_ids):020x}"
    aws.state(receivedGrants=[{"grantArn": arn, "status": status, **values}])
    return arn


def test_a_grant_is_accepted_and_activated(aws: LocalAws, receiver: LocalAws) -> None:
    client, arn = receiver.client("license-manager"), give(aws, receiver)
    (found,) = received(receiver)
    assert (found["GrantArn"], found["GrantStatus"], found["Version"], found["ParentArn"]) == (arn, "PENDING_ACCEPT", "1", found["LicenseArn"])
    answer = client.accept_grant(GrantArn=arn)
    assert (answer["GrantArn"], answer["Status"], answer["Version"]) == (arn, "DISABLED", "2")
    assert change(receiver, arn, SourceVersion="2", StatusReason="wanted")["Version"] == "3"
    for who in (aws, receiver):
        found = who.client("license-manager").get_grant(GrantArn=arn)["Grant"]
        assert (found["GrantStatus"], found["StatusReason"], found["Version"]) == ("ACTIVE", "wanted", "3")
    assert client.get_grant(GrantArn=arn, Version="1")["Grant"]["GrantStatus"] == "PENDING_ACCEPT"
    assert refusal(client.get_grant, GrantArn=arn, Version="4")[0] == "InvalidParameterValueException"
    assert change(receiver, arn, "DISABLED")["Status"] == "DISABLED"
    assert received(aws) == []


def test_a_grant_is_accepted_once(aws: LocalAws, receiver: LocalAws) -> None:
    client, arn = receiver.client("license-manager"), give(aws, receiver)
    assert refusal(change, receiver, arn)[0] == "ValidationException"
    client.accept_grant(GrantArn=arn)
    code, text = refusal(client.accept_grant, GrantArn=arn)
    assert (code, "is DISABLED and cannot be accepted" in text) == ("ValidationException", True)


@pytest.mark.parametrize("before", ["PENDING_ACCEPT", "DISABLED", "ACTIVE"])
def test_a_rejected_grant_is_not_used_again(aws: LocalAws, before: str) -> None:
    client, arn = aws.client("license-manager"), seeded(aws, before)
    assert client.reject_grant(GrantArn=arn)["Status"] == "REJECTED"
    active = {"Status": "ACTIVE", "ClientToken": "t"}
    for call, values in ((client.accept_grant, {}), (client.reject_grant, {}), (client.create_grant_version, active)):
        assert refusal(call, GrantArn=arn, **values)[0] == "ValidationException"


@pytest.mark.parametrize("status", ["REJECTED", "FAILED_WORKFLOW", "DELETED", "PENDING_DELETE"])
def test_what_ends_stays(aws: LocalAws, status: str) -> None:
    client, arn = aws.client("license-manager"), seeded(aws, status, statusReason="because")
    (found,) = received(aws)
    assert (found["GrantStatus"], found["StatusReason"]) == (status, "because")
    assert refusal(client.accept_grant, GrantArn=arn)[0] == refusal(change, aws, arn)[0] == "ValidationException"


def test_only_the_status_is_the_receivers(aws: LocalAws, receiver: LocalAws) -> None:
    arn = give(aws, receiver)
    receiver.client("license-manager").accept_grant(GrantArn=arn)
    for values in (
            {"GrantName": "mine"}, {"AllowedOperations": ["CheckInLicense"]}, {"status": None}, {"SourceVersion": "1"}, {"status": "REJECTED"}):
        assert refusal(change, receiver, arn, **values)[0] == "ValidationException"
    assert refusal(receiver.client("license-manager").delete_grant, GrantArn=arn, Version="2")[0] == "InvalidParameterValueException"
    # Nor may the granter activate what is another's, but take it away.
    assert refusal(change, aws, arn)[0] == "ValidationException"
    change(receiver, arn)
    assert change(aws, arn, GrantName="other")["Status"] == "ACTIVE"
    assert change(aws, arn, "DISABLED")["Status"] == "DISABLED"


def test_who_has_nothing_to_do_with_it(aws: LocalAws, receiver: LocalAws) -> None:
    arn = give(aws, LocalAws(aws.endpoint, "123456789012"))
    client = receiver.client("license-manager")
    for call, values in (
            (client.accept_grant, {}), (client.reject_grant, {}), (client.get_grant, {}), (client.create_grant_version, {"ClientToken": "t"})):
        assert refusal(call, GrantArn=arn, **values)[0] == "InvalidParameterValueException"
        assert refusal(call, GrantArn="arn:aws:license-manager::1:grant:g-1", **values)[0] == "ValidationException"
    # Who grants does not accept.
    assert refusal(aws.client("license-manager").accept_grant, GrantArn=arn)[0] == "InvalidParameterValueException"


def test_all_regions_show_it_and_the_home_region_changes_it(aws: LocalAws, receiver: LocalAws) -> None:
    arn, elsewhere = give(aws, receiver), receiver.client("license-manager", region="eu-west-1")
    (found,) = received(receiver, "eu-west-1")
    assert (found["GrantArn"], found["HomeRegion"]) == (arn, "us-east-1")
    assert elsewhere.get_grant(GrantArn=arn)["Grant"] == found
    for call in (elsewhere.accept_grant, elsewhere.reject_grant):
        code, text = refusal(call, GrantArn=arn)
        assert (code, "is us-east-1, not eu-west-1" in text) == ("ValidationException", True)
    receiver.client("license-manager").accept_grant(GrantArn=arn)
    assert refusal(change, receiver, arn, region="eu-west-1")[0] == "ValidationException"


def test_a_grant_takes_its_time(aws: LocalAws, receiver: LocalAws) -> None:
    aws.state(settings={"grantDelay": 2, "grantWorkflowReads": 1})
    client, arn = receiver.client("license-manager"), give(aws, receiver)
    assert received(receiver, GrantArns=[arn]) == []
    assert refusal(client.get_grant, GrantArn=arn)[0] == "InvalidParameterValueException"
    assert [statuses(receiver, GrantArns=[arn]) for _ in range(2)] == [["PENDING_WORKFLOW"], ["PENDING_ACCEPT"]]
    client.accept_grant(GrantArn=arn)


def test_nothing_is_done_with_what_is_on_its_way(aws: LocalAws, receiver: LocalAws) -> None:
    aws.state(settings={"grantWorkflowReads": 1})
    arn = give(aws, receiver)
    assert refusal(receiver.client("license-manager").accept_grant, GrantArn=arn)[0] == "ValidationException"
    assert refusal(change, aws, arn, None, GrantName="other")[0] == "ValidationException"
    # The granter's reads bring it on, too.
    assert [aws.client("license-manager").get_grant(GrantArn=arn)["Grant"]["GrantStatus"] for _ in range(2)] == ["PENDING_WORKFLOW", "PENDING_ACCEPT"]


def test_a_distribution_fails(aws: LocalAws, receiver: LocalAws) -> None:
    aws.state(settings={"grantWorkflowReads": 1, "grantFailure": "The account is closed."})
    give(aws, receiver)
    assert [statuses(receiver) for _ in range(2)] == [["PENDING_WORKFLOW"], ["FAILED_WORKFLOW"]]
    assert received(receiver)[0]["StatusReason"] == "The account is closed."


def test_a_deletion_takes_its_time(aws: LocalAws, receiver: LocalAws) -> None:
    aws.state(settings={"grantDeletionReads": 1})
    arn = give(aws, receiver)
    answer = aws.client("license-manager").delete_grant(GrantArn=arn, Version="1", StatusReason="over")
    assert (answer["Status"], answer["Version"]) == ("PENDING_DELETE", "2")
    assert [statuses(receiver) for _ in range(2)] == [["PENDING_DELETE"], ["DELETED"]]
    assert received(receiver)[0]["StatusReason"] == "over"


def test_filters_and_pages(aws: LocalAws, receiver: LocalAws) -> None:
    first, second = (issue(aws, ProductSKU=sku) for sku in ("one", "two"))
    arns = [give(aws, receiver, LicenseArn=license_arn) for license_arn in (first, second)]
    receiver.client("license-manager").accept_grant(GrantArn=arns[1])
    for name, value, count in (
            ("ProductSKU", "two", 1), ("LicenseIssuerName", "issuer", 2), ("LicenseArn", first, 1), ("GrantStatus", "DISABLED", 1),
            ("GranterAccountId", aws.account, 2), ("GranterAccountId", "1", 0)):
        assert len(received(receiver, Filters=[{"Name": name, "Values": [value]}])) == count
    assert refusal(received, receiver, Filters=[{"Name": "GranteePrincipalARN", "Values": []}])[0] == "InvalidParameterValueException"
    assert [each["GrantArn"] for each in received(receiver, GrantArns=[arns[0]])] == [arns[0]]
    client = receiver.client("license-manager")
    page = client.list_received_grants(MaxResults=1)
    assert received(receiver, MaxResults=1, NextToken=page["NextToken"])[0]["GrantArn"] == arns[1]
    assert refusal(client.list_received_grants, GrantArns=["arn:aws:license-manager::1:grant:g-1"])[0] == "ValidationException"
    receiver.fault("AcceptGrant", "throttle")
    assert refusal(client.accept_grant, GrantArn=arns[0])[0] == "RateLimitExceededException"


def test_received_licenses(aws: LocalAws, receiver: LocalAws) -> None:
    license_arn, client = issue(aws), receiver.client("license-manager", region="eu-west-1")
    assert refusal(client.get_license, LicenseArn=license_arn)[0] == "InvalidParameterValueException"
    give(aws, receiver, LicenseArn=license_arn)
    (found,) = client.list_received_licenses(LicenseArns=[license_arn])["Licenses"]
    assert (found["LicenseArn"], found["Status"], found["ReceivedMetadata"]) == (
        license_arn, "AVAILABLE", {"ReceivedStatus": "PENDING_ACCEPT", "AllowedOperations": OPERATIONS})
    assert client.get_license(LicenseArn=license_arn)["License"]["ProductSKU"] == "example"
    for name, value in (
            ("ProductSKU", "example"), ("Status", "AVAILABLE"), ("IssuerName", "issuer"), ("Beneficiary", "somebody"),
            ("Fingerprint", f"aws:{aws.account}:issuer:issuer-fingerprint")):
        for values, count in (([value], 1), (["other"], 0)):
            assert len(client.list_received_licenses(Filters=[{"Name": name, "Values": values}])["Licenses"]) == count
    assert refusal(client.list_received_licenses, Filters=[{"Name": "Name", "Values": []}])[0] == "InvalidParameterValueException"
    assert aws.client("license-manager").list_received_licenses()["Licenses"] == []


def test_each_member_has_a_grant_of_the_organizations(aws: LocalAws) -> None:
    first, second = organization(aws)
    license_arn = issue(aws)
    arn = grant(aws, license_arn, Principals=[f"arn:aws:organizations::{aws.account}:organization/o-{aws.account}"])
    found = [received(member)[0] for member in (first, second)]
    assert [(each["GrantStatus"], each["ParentArn"], each["LicenseArn"]) for each in found] == [("DISABLED", arn, license_arn)] * 2
    assert [each["GranteePrincipalArn"] for each in found] == [f"arn:aws:iam::{member.account}:root" for member in (first, second)]
    client = first.client("license-manager")
    code, text = refusal(client.accept_grant, GrantArn=found[0]["GrantArn"])
    assert (code, text) == ("ValidationException", f"Caller {first.account} is not allowed to accept this grant")
    assert refusal(client.reject_grant, GrantArn=found[0]["GrantArn"])[0] == "ValidationException"
    assert change(first, found[0]["GrantArn"])["Status"] == "ACTIVE"
    # The management account activates another member's.
    assert change(aws, found[1]["GrantArn"], SourceVersion="1")["Status"] == "ACTIVE"
    assert [each["GrantArn"] for each in aws.client("license-manager").list_distributed_grants()["Grants"]] == [arn]
    aws.client("license-manager").delete_grant(GrantArn=arn, Version="1")
    assert [statuses(member) for member in (first, second)] == [["DELETED"]] * 2


def test_the_members_follow_the_organizations_grant(aws: LocalAws) -> None:
    first, second = organization(aws)
    arn = grant(aws, issue(aws), Principals=[f"arn:aws:organizations::{aws.account}:organization/o-{aws.account}"])
    assert change(aws, arn)["Status"] == "ACTIVE"
    assert [statuses(member) for member in (first, second)] == [["ACTIVE"]] * 2
    change(aws, arn, None, AllowedOperations=["CheckoutLicense"])
    assert [received(member)[0]["GrantedOperations"] for member in (first, second)] == [["CheckoutLicense"]] * 2
    assert [received(first)[0]["GrantStatus"], received(first)[0]["Version"]] == ["ACTIVE", "3"]


def test_a_unit_has_the_accounts_that_a_test_says(aws: LocalAws) -> None:
    first, second = organization(aws, organizationalUnits={"ou-abcd-12345678": ["1", member_of(aws.account, 2)]})
    grant(aws, issue(aws), Principals=[f"arn:aws:organizations::{aws.account}:ou/o-{aws.account}/ou-abcd-12345678"])
    assert (statuses(first), statuses(second)) == ([], ["DISABLED"])


def test_an_organization_is_granted_to_by_its_management_account(aws: LocalAws) -> None:
    first, _ = organization(aws)
    for granter, owner, name in ((aws, aws, "o-abcd123456"), (first, first, f"o-{aws.account}")):
        principal = f"arn:aws:organizations::{owner.account}:organization/{name}"
        assert refusal(grant, granter, issue(granter), Principals=[principal])[0] == "InvalidParameterValueException"
    aws.state(settings={"organizationFeatures": "CONSOLIDATED_BILLING"})
    principal = f"arn:aws:organizations::{aws.account}:organization/o-{aws.account}"
    assert refusal(grant, aws, issue(aws), Principals=[principal])[0] == "InvalidParameterValueException"


def test_what_the_link_has_accepted_is_not_accepted_again(aws: LocalAws) -> None:
    member, _ = organization(aws)
    link(aws)
    arn = give(aws, member)
    assert statuses(member) == ["DISABLED"]
    assert refusal(member.client("license-manager").accept_grant, GrantArn=arn)[1] == f"Caller {member.account} is not allowed to accept this grant"
    assert change(member, arn)["Status"] == "ACTIVE"


def test_the_views_of_the_organization(aws: LocalAws) -> None:
    first, second = organization(aws, organizationServiceAccess=[CORE])
    license_arn, client = issue(aws), aws.client("license-manager")
    arn = grant(aws, license_arn, Principals=[f"arn:aws:organizations::{aws.account}:organization/o-{aws.account}"])
    give(aws, LocalAws(aws.endpoint, "123456789012"), LicenseArn=license_arn)
    assert refusal(client.list_received_grants_for_organization, LicenseArn=license_arn)[0] == "ValidationException"
    link(aws)
    found = client.list_received_grants_for_organization(LicenseArn=license_arn)["Grants"]
    assert [each["ParentArn"] for each in found] == [arn] * 2
    one = [{"Name": "GranteePrincipalArn", "Values": [f"arn:aws:iam::{second.account}:root"]}, {"Name": "ParentArn", "Values": [arn]}]
    assert len(client.list_received_grants_for_organization(LicenseArn=license_arn, Filters=one)["Grants"]) == 1
    wrong = [{"Name": "GrantStatus", "Values": []}]
    assert refusal(client.list_received_grants_for_organization, LicenseArn=license_arn, Filters=wrong)[0] == "InvalidParameterValueException"
    assert len(client.list_received_licenses_for_organization()["Licenses"]) == 2
    for name, value, count in (("ProductSKU", "example", 2), ("Beneficiary", "nobody", 0)):
        assert len(client.list_received_licenses_for_organization(Filters=[{"Name": name, "Values": [value]}])["Licenses"]) == count
    for member, code in ((first, "AccessDeniedException"), (LocalAws(aws.endpoint, "123456789012"), "AccessDeniedException")):
        others = member.client("license-manager")
        assert refusal(others.list_received_licenses_for_organization)[0] == code
        assert refusal(others.list_received_grants_for_organization, LicenseArn=license_arn)[0] == code
    aws.client("organizations").register_delegated_administrator(AccountId=first.account, ServicePrincipal=CORE)
    assert len(first.client("license-manager").list_received_licenses_for_organization()["Licenses"]) == 2


def test_what_was_granted_is_granted_on(aws: LocalAws) -> None:
    """A seller, the management account that buys, and a member."""
    member, _ = organization(aws)
    seller = LocalAws(aws.endpoint, SELLER)
    license_arn = issue(seller)
    first = give(seller, aws, LicenseArn=license_arn, AllowedOperations=["CreateGrant", *OPERATIONS])
    assert refusal(give, aws, member, LicenseArn=license_arn)[0] == "InvalidParameterValueException"
    aws.client("license-manager").accept_grant(GrantArn=first)
    change(aws, first)
    second = give(aws, member, LicenseArn=license_arn)
    (found,) = received(member)
    assert (found["GrantArn"], found["ParentArn"], found["LicenseArn"]) == (second, first, license_arn)
    assert refusal(give, aws, member, LicenseArn=license_arn, AllowedOperations=["CreateToken"])[0] == "InvalidParameterValueException"
    version = received(aws, GrantArns=[first])[0]["Version"]
    seller.client("license-manager").delete_grant(GrantArn=first, Version=version)
    assert statuses(member) == ["DELETED"]


def marketplace(aws: LocalAws, status: str, **values: Any) -> str:
    return seeded(aws, status, issuer="AWS/Marketplace", **values)


def test_of_a_product_of_the_marketplace_one_grant_is_active(aws: LocalAws) -> None:
    old, new, other = marketplace(aws, "ACTIVE"), marketplace(aws, "DISABLED"), marketplace(aws, "DISABLED", productSku="another")
    change(aws, other)
    for values in ({}, override("DISTRIBUTED_GRANTS_ONLY")):
        assert refusal(change, aws, new, **values)[0] == "ValidationException"
    assert change(aws, new, **override())["Status"] == "ACTIVE"
    found = {each["GrantArn"]: each for each in received(aws)}
    assert [found[arn]["GrantStatus"] for arn in (old, new, other)] == ["DISABLED", "ACTIVE", "ACTIVE"]
    assert found[new]["Options"] == override()["Options"]
    # Products of sellers have as many as they want.
    change(aws, seeded(aws, "DISABLED"))
    change(aws, seeded(aws, "DISABLED"))


def test_the_override_has_its_conditions(aws: LocalAws) -> None:
    assert refusal(change, aws, seeded(aws, "DISABLED"), **override())[0] == "ValidationException"
    assert refusal(change, aws, marketplace(aws, "DISABLED"), "DISABLED", **override())[0] == "ValidationException"
    # A status that is desired is for the creation.
    given = {"GrantArn": marketplace(aws, "DISABLED"), "Status": "ACTIVE", "ClientToken": "t", "Options": {"DesiredStatus": "ACTIVE"}}
    assert aws.post("CreateGrantVersion", given)[0] == "ValidationException"


def test_the_granter_chooses_before_the_receiver(aws: LocalAws) -> None:
    member, _ = organization(aws)
    link(aws)
    arn = give(aws, member, LicenseArn=issue(aws, Issuer={"Name": "AWS/Marketplace"}))
    assert change(aws, arn, **override("DISTRIBUTED_GRANTS_ONLY"))["Status"] == "ACTIVE"
    change(member, arn, "DISABLED")
    assert refusal(change, member, arn, **override())[0] == "ValidationException"
    assert change(member, arn)["Status"] == "ACTIVE"


def made(aws: LocalAws, **values: Any) -> tuple[str, str]:
    """Past the SDK, whose model is older."""
    return aws.post("CreateGrant", {
        "GrantName": "customer", "LicenseArn": issue(aws), "HomeRegion": "us-east-1", "AllowedOperations": OPERATIONS, "ClientToken": token(), **values})


def test_a_grant_to_the_organization_is_made_and_activated_at_once(aws: LocalAws) -> None:
    first, second = organization(aws, grantWorkflowReads=1)
    principals, desired = [f"arn:aws:organizations::{aws.account}:organization/o-{aws.account}"], {"DesiredStatus": "ACTIVE"}
    assert made(aws, Principals=principals, Options=desired) == ("", "")
    (found,) = aws.control("GET", f"state?account={aws.account}")["grants"][:1]
    assert [statuses(member) for member in (first, second)] == [["PENDING_WORKFLOW"]] * 2
    assert [statuses(member) for member in (first, second)] == [["ACTIVE"]] * 2
    client = aws.client("license-manager")
    assert [client.get_grant(GrantArn=found["GrantArn"])["Grant"]["GrantStatus"] for _ in range(2)] == ["PENDING_WORKFLOW", "ACTIVE"]
    for values in (
            {"Principals": principals, "Options": {"DesiredStatus": "DISABLED"}},
            {"Principals": [f"arn:aws:iam::{first.account}:root"], "Options": desired},
            {"Principals": principals, **override()}, {"Principals": principals, "Options": {**desired, **override()["Options"]}}):
        assert made(aws, **values)[0] == "ValidationException"


def test_a_grant_that_shows_what_was_distributed(aws: LocalAws, receiver: LocalAws) -> None:
    to, delegate = {"Principals": [f"arn:aws:iam::{receiver.account}:root"]}, {"GrantType": "DelegateGrant"}
    assert made(aws, **to, **delegate, AllowedOperations=["ListReceivedLicenses"]) == ("", "")
    (found,) = aws.control("GET", f"state?account={aws.account}")["grants"]
    assert (found["GrantType"], found["GrantedOperations"]) == ("DelegateGrant", ["ListReceivedLicenses"])
    for values in (
            {**delegate}, {**delegate, "AllowedOperations": ["ListReceivedLicenses", "CheckInLicense"]}, {"AllowedOperations": ["ListReceivedLicenses"]},
            {"GrantType": "SellerGrant"}):
        assert made(aws, **to, **values)[0] == "ValidationException"


def test_a_version_is_made_once_for_a_client_token(aws: LocalAws) -> None:
    arn = seeded(aws, "DISABLED")
    assert [change(aws, arn, ClientToken="same")["Version"] for _ in range(2)] == ["2", "2"]


def test_seeds(aws: LocalAws) -> None:
    arn = seeded(aws, "ACTIVE", homeRegion="eu-west-1", delay=1, workflowReads=1, acceptedByOrganization=True, grantName="bought")
    assert [statuses(aws) for _ in range(3)] == [[], ["PENDING_WORKFLOW"], ["ACTIVE"]]
    (found,) = aws.control("GET", f"state?account={aws.account}")["receivedGrants"]
    assert (found["GrantArn"], found["GrantName"], found["HomeRegion"]) == (arn, "bought", "eu-west-1")
    assert refusal(aws.client("license-manager", region="eu-west-1").accept_grant, GrantArn=arn)[1].endswith("is not allowed to accept this grant")
    for wrong in ({"grantArn": arn, "color": "red"}, {"grantArn": arn, "status": "PENDING_WORKFLOW"}, {"grantArn": "arn:aws:x"}, {}):
        with pytest.raises(urllib.error.HTTPError):
            aws.state(receivedGrants=[wrong])


def test_without_the_service_linked_role(aws: LocalAws) -> None:
    arn = seeded(aws)
    aws.state(settings={"serviceLinkedRoles": []})
    client = aws.client("license-manager")
    for call, values in ((client.list_received_grants, {}), (client.accept_grant, {"GrantArn": arn}), (client.list_tokens, {})):
        assert refusal(call, **values) == ("AuthorizationException", "Service role not found")


def test_permissions(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam)
    arn, other = seeded(aws), seeded(aws)
    client = aws.client("license-manager", **user(aws, allow(
        ["license-manager:AcceptGrant", "license-manager:RejectGrant", "license-manager:CreateGrantVersion"], arn)))
    client.accept_grant(GrantArn=arn)
    client.create_grant_version(GrantArn=arn, Status="ACTIVE", ClientToken=token())
    client.reject_grant(GrantArn=arn)
    assert refusal(client.accept_grant, GrantArn=other)[0] == refusal(client.list_received_grants)[0] == "AccessDeniedException"
    lists = ["ListReceivedGrants", "ListReceivedLicenses"]
    reader = aws.client("license-manager", **user(aws, allow([f"license-manager:{each}" for each in lists], "*")))
    assert len(reader.list_received_grants(GrantArns=[arn])["Grants"]) == 1
    reader.list_received_licenses()
