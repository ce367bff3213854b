"""Checking seller-issued licenses out and in."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timezone
from typing import Any

import pytest

from .conftest import LocalAws, new_account
from .test_iam import allow, user
from .test_license_configurations import refusal
from .test_organizations import member_of
from .test_received_grants import change, give
from .test_seller_issued_licenses import issue, token, version_of

SEAT, TIER = {"Name": "seats", "Unit": "Count", "Value": "1"}, {"Name": "platinum", "Unit": "None"}
ENTITLEMENTS = [{"Name": "seats", "Unit": "Count", "MaxCount": 3, "AllowCheckIn": True}, {"Name": "platinum", "Unit": "None", "Value": "yes"}]
BORROW = {"ConsumptionConfiguration": {
    "RenewType": "None", "BorrowConfiguration": {"AllowEarlyCheckIn": False, "MaxTimeToLiveInMinutes": 60}}}


def sell(aws: LocalAws, **values: Any) -> str:
    return issue(aws, **{"Entitlements": ENTITLEMENTS, **values})


def check_out(aws: LocalAws, *entitlements: dict[str, Any], issuer: str | None = None, region: str | None = None, **values: Any) -> dict[str, Any]:
    """Of the account's own license, unless there is another issuer."""
    given = {
        "ProductSKU": "example", "CheckoutType": "PROVISIONAL", "KeyFingerprint": f"aws:{issuer or aws.account}:issuer:issuer-fingerprint",
        "Entitlements": list(entitlements) or [SEAT], "ClientToken": token(), **({} if issuer else {"Beneficiary": "somebody"}), **values}
    answer: dict[str, Any] = aws.client("license-manager", region=region).checkout_license(**given)
    return answer


def usage(aws: LocalAws, license_arn: str) -> dict[str, tuple[str, str | None]]:
    found = aws.client("license-manager").get_license_usage(LicenseArn=license_arn)["LicenseUsage"]["EntitlementUsages"]
    return {each["Name"]: (each["ConsumedValue"], each.get("MaxCount")) for each in found}


def seats(count: int) -> dict[str, Any]:
    return {**SEAT, "Value": str(count)}


@pytest.fixture
def customer(aws: LocalAws) -> LocalAws:
    return LocalAws(aws.endpoint, member_of(aws.account, 7))


def sell_to(aws: LocalAws, customer: LocalAws, *operations: str, **values: Any) -> tuple[str, str]:
    license_arn = sell(aws, **values)
    arn = give(aws, customer, LicenseArn=license_arn, AllowedOperations=list(operations) or ["CheckoutLicense"])
    customer.client("license-manager").accept_grant(GrantArn=arn)
    return license_arn, arn


def test_life_of_a_checkout(aws: LocalAws) -> None:
    license_arn, client = sell(aws), aws.client("license-manager")
    found = check_out(aws, seats(2), NodeId="10.0.21.57")
    assert (found["LicenseArn"], found["NodeId"], found["EntitlementsAllowed"]) == (license_arn, "10.0.21.57", [seats(2)])
    lasts = datetime.fromisoformat(found["Expiration"].replace("Z", "+00:00")) - datetime.fromisoformat(found["IssuedAt"].replace("Z", "+00:00"))
    assert lasts.total_seconds() == 3600
    assert usage(aws, license_arn) == {"seats": ("2", "3"), "platinum": ("0", None)}
    (held,) = aws.control("GET", f"state?account={aws.account}")["checkouts"]
    assert (held["licenseConsumptionToken"], held["nodeId"], held["beneficiary"]) == (found["LicenseConsumptionToken"], "10.0.21.57", "somebody")
    extended = client.extend_license_consumption(LicenseConsumptionToken=found["LicenseConsumptionToken"])
    assert (extended["LicenseConsumptionToken"], extended["Expiration"] >= found["Expiration"]) == (found["LicenseConsumptionToken"], True)
    assert "Expiration" not in client.extend_license_consumption(LicenseConsumptionToken=found["LicenseConsumptionToken"], DryRun=True)
    client.check_in_license(LicenseConsumptionToken=found["LicenseConsumptionToken"], Beneficiary="somebody")
    assert usage(aws, license_arn)["seats"] == ("0", "3")
    for call in (client.check_in_license, client.extend_license_consumption):
        assert refusal(call, LicenseConsumptionToken=found["LicenseConsumptionToken"])[0] == "ResourceNotFoundException"


def test_an_entitlement_comes_to_an_end(aws: LocalAws) -> None:
    license_arn = sell(aws)
    check_out(aws, seats(2))
    assert refusal(check_out, aws, seats(2))[0] == "NoEntitlementsAllowedException"
    # Another one is had all the same.
    found = check_out(aws, seats(2), TIER)
    assert found["EntitlementsAllowed"] == [{"Name": "platinum", "Unit": "None", "Value": "yes"}]
    check_out(aws, seats(1))
    assert usage(aws, license_arn) == {"seats": ("3", "3"), "platinum": ("1", None)}
    assert refusal(check_out, aws, {"Name": "doors", "Unit": "Count", "Value": "1"})[0] == "NoEntitlementsAllowedException"
    assert refusal(check_out, aws, {"Name": "seats", "Unit": "Bytes", "Value": "1"})[0] == "NoEntitlementsAllowedException"


def test_overage(aws: LocalAws) -> None:
    license_arn = sell(aws, Entitlements=[{**ENTITLEMENTS[0], "Overage": True}])
    check_out(aws, seats(5))
    assert usage(aws, license_arn) == {"seats": ("5", "3")}


def test_a_client_token_checks_out_once(aws: LocalAws) -> None:
    license_arn = sell(aws)
    first, again = (check_out(aws, ClientToken="same") for _ in range(2))
    assert first["LicenseConsumptionToken"] == again["LicenseConsumptionToken"]
    assert usage(aws, license_arn)["seats"] == ("1", "3")


def test_a_perpetual_checkout_has_no_end(aws: LocalAws) -> None:
    sell(aws)
    found = check_out(aws, CheckoutType="PERPETUAL")
    assert (found["CheckoutType"], "Expiration" in found) == ("PERPETUAL", False)
    assert refusal(aws.client("license-manager").extend_license_consumption, LicenseConsumptionToken=found["LicenseConsumptionToken"])[0] == (
        "ValidationException")


@pytest.mark.parametrize(("entitlement", "code"), [
    (seats(0), "InvalidParameterValueException"), ({**SEAT, "Value": "many"}, "InvalidParameterValueException"),
    ({"Name": "seats", "Unit": "Count"}, "InvalidParameterValueException"), ({**TIER, "Value": "2"}, "InvalidParameterValueException"),
    ({"Name": "seats", "Unit": "Seats", "Value": "1"}, "ValidationException"),
])
def test_refuses_a_count(aws: LocalAws, entitlement: dict[str, Any], code: str) -> None:
    sell(aws)
    assert refusal(check_out, aws, entitlement)[0] == code


def test_refuses_a_checkout(aws: LocalAws) -> None:
    license_arn = sell(aws)
    for values in (
            {"ProductSKU": "other"}, {"KeyFingerprint": "aws:1:issuer:issuer-fingerprint"}, {"Beneficiary": "nobody"}, {"Beneficiary": None}):
        assert refusal(check_out, aws, **values)[0] == "ResourceNotFoundException"
    assert refusal(check_out, aws, SEAT, SEAT)[0] == refusal(check_out, aws, Entitlements=[])[0] == "InvalidParameterValueException"
    assert refusal(check_out, aws, CheckoutType="FLOATING")[0] == "ValidationException"
    aws.client("license-manager").create_license_version(**version_of(license_arn, Status="DEACTIVATED"))
    assert refusal(check_out, aws)[0] == "ResourceNotFoundException"
    aws.fault("CheckoutLicense", "server-error")
    assert refusal(check_out, aws)[0] == "ServerInternalException"


@pytest.mark.parametrize("validity", [
    {"Begin": "2000-01-01T00:00:00Z", "End": "2001-01-01T00:00:00Z"}, {"Begin": "2100-01-01T00:00:00Z"}])
def test_a_license_has_its_time(aws: LocalAws, validity: dict[str, str]) -> None:
    sell(aws, Validity=validity)
    assert refusal(check_out, aws)[0] == "ResourceNotFoundException"


def test_a_checkout_does_not_outlive_the_license(aws: LocalAws) -> None:
    end = datetime.fromtimestamp(datetime.now(timezone.utc).timestamp() + 1800, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    sell(aws, Validity={"Begin": "2000-01-01T00:00:00Z", "End": end})
    assert check_out(aws)["Expiration"] == end


def test_what_cannot_be_checked_in(aws: LocalAws) -> None:
    sell(aws)
    client, held = aws.client("license-manager"), check_out(aws, TIER)["LicenseConsumptionToken"]
    assert refusal(client.check_in_license, LicenseConsumptionToken=held, Beneficiary="somebody")[0] == "ValidationException"
    seat = check_out(aws)["LicenseConsumptionToken"]
    assert refusal(client.check_in_license, LicenseConsumptionToken=seat)[0] == "InvalidParameterValueException"
    other = LocalAws(aws.endpoint, member_of(aws.account, 7)).client("license-manager")
    assert refusal(other.check_in_license, LicenseConsumptionToken=seat, Beneficiary="somebody")[0] == "ResourceNotFoundException"


def test_a_customer_checks_out_what_is_active(aws: LocalAws, customer: LocalAws) -> None:
    license_arn, arn = sell_to(aws, customer)
    assert refusal(check_out, customer, issuer=aws.account)[0] == "ResourceNotFoundException"
    change(customer, arn)
    # In any Region: licenses are consumed globally.
    held = check_out(customer, issuer=aws.account, region="eu-west-1")
    assert held["LicenseArn"] == license_arn
    # For a beneficiary, an account looks into its own licenses only.
    assert refusal(check_out, customer, issuer=aws.account, Beneficiary="somebody")[0] == "ResourceNotFoundException"
    assert [usage(who, license_arn)["seats"] for who in (aws, customer)] == [("1", "3")] * 2
    customer.client("license-manager").check_in_license(LicenseConsumptionToken=held["LicenseConsumptionToken"])
    change(customer, arn, "DISABLED")
    assert refusal(check_out, customer, issuer=aws.account)[0] == "ResourceNotFoundException"


def test_a_grant_has_to_allow_it(aws: LocalAws, customer: LocalAws) -> None:
    _, arn = sell_to(aws, customer, "CheckInLicense")
    change(customer, arn)
    assert refusal(check_out, customer, issuer=aws.account)[0] == "ResourceNotFoundException"


def borrow(aws: LocalAws, license_arn: str, *entitlements: dict[str, Any], **values: Any) -> dict[str, Any]:
    given = {
        "LicenseArn": license_arn, "Entitlements": list(entitlements) or [SEAT], "DigitalSignatureMethod": "JWT_PS384", "ClientToken": token(),
        **values}
    answer: dict[str, Any] = aws.client("license-manager").checkout_borrow_license(**given)
    return answer


def signing_key(aws: LocalAws) -> str:
    arn: str = aws.client("kms").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    return arn


def test_a_license_is_borrowed_for_use_without_a_network(aws: LocalAws, customer: LocalAws) -> None:
    key = signing_key(aws)
    license_arn, arn = sell_to(aws, customer, "CheckoutBorrowLicense", Issuer={"Name": "issuer", "SignKey": key}, **BORROW)
    assert refusal(borrow, customer, license_arn)[0] == "ResourceNotFoundException"
    change(customer, arn)
    metadata = [{"Name": "machine", "Value": "one"}]
    found = borrow(customer, license_arn, SEAT, TIER, NodeId="node", CheckoutMetadata=metadata)
    assert (found["NodeId"], found["CheckoutMetadata"], len(found["EntitlementsAllowed"])) == ("node", metadata, 2)
    header, body, signature = found["SignedToken"].split(".")
    decoded = {name: base64.urlsafe_b64decode(part + "==") for name, part in (("header", header), ("body", body), ("signature", signature))}
    assert (json.loads(decoded["header"])["alg"], json.loads(decoded["body"])["LicenseArn"]) == ("PS384", license_arn)
    assert aws.client("kms").verify(
        KeyId=key, Message=f"{header}.{body}".encode(), Signature=decoded["signature"], SigningAlgorithm="RSASSA_PSS_SHA_384")["SignatureValid"]
    client = customer.client("license-manager")
    for call in (client.check_in_license, client.extend_license_consumption):
        assert refusal(call, LicenseConsumptionToken=found["LicenseConsumptionToken"])[0] == "ValidationException"
    assert refusal(check_out, aws)[0] == "InvalidParameterValueException", "it has no provisional consumption"


def test_what_is_lent_may_be_given_back_early(aws: LocalAws) -> None:
    early = {"ConsumptionConfiguration": {"RenewType": "None", "BorrowConfiguration": {"AllowEarlyCheckIn": True, "MaxTimeToLiveInMinutes": 60}}}
    license_arn = sell(aws, Issuer={"Name": "issuer", "SignKey": signing_key(aws)}, **early)
    aws.client("license-manager").check_in_license(LicenseConsumptionToken=borrow(aws, license_arn)["LicenseConsumptionToken"])
    assert usage(aws, license_arn)["seats"] == ("0", "3")


def test_refuses_to_lend(aws: LocalAws) -> None:
    issuer = {"Issuer": {"Name": "issuer", "SignKey": signing_key(aws)}}
    license_arn = sell(aws, **issuer, **BORROW)
    # All or nothing.
    assert refusal(borrow, aws, license_arn, SEAT, {"Name": "doors", "Unit": "None"})[0] == "EntitlementNotAllowedException"
    assert refusal(borrow, aws, license_arn, seats(4), TIER)[0] == "NoEntitlementsAllowedException"
    assert refusal(borrow, aws, license_arn, DigitalSignatureMethod="JWT_RS256")[0] == "ValidationException"
    assert refusal(borrow, aws, sell(aws, **issuer))[0] == "InvalidParameterValueException"
    assert refusal(borrow, aws, sell(aws, **BORROW))[0] == "UnsupportedDigitalSignatureMethodException"
    assert refusal(borrow, aws, license_arn.replace(":l-", ":l-x"))[0] == "ValidationException"


def test_permissions(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam, new_account())
    license_arn, other = sell(aws), sell(aws, ProductSKU="another")
    client = aws.client("license-manager", **user(aws, allow("license-manager:GetLicenseUsage", license_arn)))
    client.get_license_usage(LicenseArn=license_arn)
    assert refusal(client.get_license_usage, LicenseArn=other)[0] == "AccessDeniedException"
    on_arn = aws.client("license-manager", **user(aws, allow("license-manager:CheckInLicense", license_arn)))
    assert refusal(on_arn.check_in_license, LicenseConsumptionToken="x")[0] == "AccessDeniedException"
    on_all = aws.client("license-manager", **user(aws, allow("license-manager:CheckInLicense", "*")))
    assert refusal(on_all.check_in_license, LicenseConsumptionToken="x")[0] == "ResourceNotFoundException"
