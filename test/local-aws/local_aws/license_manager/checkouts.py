"""Consumption of seller-issued licenses: checking entitlements out and in.

Licenses are consumed in every Region; that the calls of the token's role belong in the home Region is not asked for.
"""

from __future__ import annotations

import base64
import json
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

from .. import hooks
from ..errors import ServiceError, invalid_parameter
from ..scope import Scope
from . import received_grants
from .issued import Checkout, License, checkouts_of, iso, issued_by, license_by_arn, once
from .received_licenses import find_readable

Entitlements = list[dict[str, Any]]


@once
def check_out(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = _license(scope, p)
    way = found.properties["ConsumptionConfiguration"].get("ProvisionalConfiguration")
    provisional = p["CheckoutType"] == "PROVISIONAL"
    if provisional and way is None:
        raise invalid_parameter(f"The license {found.arn} has no provisional consumption.")
    allowed = [entitlement for entitlement in _checked(found, p["Entitlements"]) if _is_left(found, entitlement)]
    if not allowed:
        raise _none(found)
    # That a perpetual one has no end is a guess.
    checkout = _check_out(scope, found, allowed, p["CheckoutType"], way["MaxTimeToLiveInMinutes"] if provisional else None, p)
    return {
        "CheckoutType": p["CheckoutType"], "LicenseConsumptionToken": checkout.token, "EntitlementsAllowed": _answered(found, allowed),
        "NodeId": checkout.node_id, "IssuedAt": iso(checkout.issued), "Expiration": iso(checkout.expires) if checkout.expires else None,
        "LicenseArn": found.arn}


def _license(scope: Scope, p: dict[str, Any]) -> License:
    """The license that a checkout is of: one of the account's own for a beneficiary, and else one that it has been granted."""
    beneficiary = p.get("Beneficiary")
    own = [one for one in issued_by(scope).licenses.values() if beneficiary == one.properties["Beneficiary"]]
    granted = [] if beneficiary is not None else [
        license_by_arn(one.license_arn) for one in received_grants.received_by(scope.account)
        if one.status == "ACTIVE" and "CheckoutLicense" in one.operations]
    for found in (*own, *granted):
        if found is not None and (found.properties["ProductSKU"], found.fingerprint) == (p["ProductSKU"], p["KeyFingerprint"]) and _is_valid(found):
            return found
    raise ServiceError("ResourceNotFoundException", f"There is no license of the product {p['ProductSKU']} and the issuer {p['KeyFingerprint']}.")


def _is_valid(found: License) -> bool:
    validity, now = found.properties["Validity"], datetime.now(timezone.utc)
    return found.status == "AVAILABLE" and _time(validity["Begin"]) <= now and ("End" not in validity or now < _time(validity["End"]))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _checked(found: License, asked: Entitlements) -> Entitlements:
    """Those that the license has. An entitlement without a unit has no count, the others have one."""
    if not asked:
        raise invalid_parameter("A checkout needs at least one entitlement.")
    names = [(each["Name"], each["Unit"]) for each in asked]
    if len(set(names)) != len(names):
        raise invalid_parameter("An entitlement is given more than once.")
    for each in asked:
        counted, value = each["Unit"] != "None", each.get("Value")
        if counted and not (value or "").isdigit() or counted and int(value or 0) < 1:
            raise invalid_parameter(f"Entitlement {each['Name']}: the value is a positive number, not '{value}'.")
        # The guide: «if you specify an unlimited capability, the quantity is zero».
        if not counted and value not in (None, "", "0"):
            raise invalid_parameter(f"Entitlement {each['Name']}: without a unit there is no count.")
    return [each for each in asked if _entitlement(found, each) is not None]


def _entitlement(found: License, asked: dict[str, Any]) -> dict[str, Any] | None:
    return next((
        each for each in found.properties["Entitlements"] if (each["Name"], each["Unit"]) == (asked["Name"], asked["Unit"])), None)


def _is_left(found: License, asked: dict[str, Any]) -> bool:
    """Whether all that is asked for is left. That less is not given is a guess; of several entitlements some may be."""
    entitlement = _entitlement(found, asked)
    if entitlement is None or asked["Unit"] == "None" or entitlement.get("Overage"):
        return entitlement is not None
    return _consumed(found, asked) + int(asked["Value"]) <= int(entitlement["MaxCount"])


def _consumed(found: License, wanted: dict[str, Any]) -> int:
    """How much is in use; without a unit, by how many."""
    return sum(
        1 if each["Unit"] == "None" else int(each["Value"])
        for checkout in checkouts_of(found.arn) for each in checkout.entitlements if (each["Name"], each["Unit"]) == (wanted["Name"], wanted["Unit"]))


def _none(found: License) -> ServiceError:
    return ServiceError("NoEntitlementsAllowedException", f"The license {found.arn} has none of the entitlements left.")


def _check_out(
        scope: Scope, found: License, allowed: Entitlements, kind: str, minutes: int | None, p: dict[str, Any]) -> Checkout:
    now = datetime.now(timezone.utc)
    expires = None if minutes is None else now + timedelta(minutes=minutes)
    end = found.properties["Validity"].get("End")
    if expires is not None and end is not None:
        expires = min(expires, _time(end))
    checkout = Checkout(uuid.uuid4().hex, found.arn, allowed, kind, now, expires, p.get("Beneficiary"), p.get("NodeId"))
    issued_by(scope).checkouts[checkout.token] = checkout
    return checkout


def _answered(found: License, allowed: Entitlements) -> Entitlements:
    """Without a unit it is the value of the license."""
    return [{**each, "Value": (_entitlement(found, each) or {}).get("Value") if each["Unit"] == "None" else each["Value"]} for each in allowed]


@once
def borrow(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """All of it, or nothing. What is signed is a guess: the model has the algorithm."""
    found = find_readable(scope, p["LicenseArn"])
    granted = received_grants.usable(scope, found.arn, "CheckoutBorrowLicense")
    if (found.arn not in issued_by(scope).licenses and granted is None) or not _is_valid(found):
        raise ServiceError("ResourceNotFoundException", f"The license {found.arn} is not available to account {scope.account}.")
    way = found.properties["ConsumptionConfiguration"].get("BorrowConfiguration")
    if way is None:
        raise invalid_parameter(f"The license {found.arn} cannot be borrowed.")
    key = found.properties["Issuer"].get("SignKey")
    if key is None:
        raise ServiceError("UnsupportedDigitalSignatureMethodException", f"The license {found.arn} has no key to sign with.")
    allowed = _checked(found, p["Entitlements"])
    if len(allowed) < len(p["Entitlements"]):
        raise ServiceError("EntitlementNotAllowedException", f"The license {found.arn} does not have all of these entitlements.")
    if not all(_is_left(found, each) for each in allowed):
        raise _none(found)
    checkout = _check_out(scope, found, allowed, "BORROW", way["MaxTimeToLiveInMinutes"], p)
    assert checkout.expires is not None
    answer = {
        "LicenseArn": found.arn, "LicenseConsumptionToken": checkout.token, "EntitlementsAllowed": _answered(found, allowed),
        "NodeId": checkout.node_id, "IssuedAt": iso(checkout.issued), "Expiration": iso(checkout.expires),
        "CheckoutMetadata": p.get("CheckoutMetadata")}
    return {**answer, "SignedToken": _signed(found, key, answer)}


def _signed(found: License, key: str, answer: dict[str, Any]) -> str:
    text = ".".join(_encode(json.dumps(part).encode()) for part in ({"alg": "PS384", "typ": "JWT"}, answer))
    issuer = Scope(found.arn.split(":")[4], found.home_region)
    with hooks.in_scope(issuer):
        return f"{text}.{_encode(hooks.sign(key, text.encode(), 'RSASSA_PSS_SHA_384'))}"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _find(scope: Scope, token: str) -> Checkout:
    found = issued_by(scope).checkouts.get(token)
    if found is None or found.is_over:
        raise ServiceError("ResourceNotFoundException", "The license consumption token was not found.")
    return found


def extend(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Of a provisional checkout, from now on. That its token stays the same is a guess, and that others are refused is, too."""
    checkout = _find(scope, p["LicenseConsumptionToken"])
    if p.get("DryRun"):
        return {}
    found = license_by_arn(checkout.license_arn)
    if checkout.kind != "PROVISIONAL" or found is None or not _is_valid(found):
        raise ServiceError("ValidationException", "The consumption of this license cannot be extended.")
    way = found.properties["ConsumptionConfiguration"].get("ProvisionalConfiguration")
    if way is None:
        raise ServiceError("ValidationException", "The consumption of this license cannot be extended.")
    checkout.expires = datetime.now(timezone.utc) + timedelta(minutes=way["MaxTimeToLiveInMinutes"])
    return {"LicenseConsumptionToken": checkout.token, "Expiration": iso(checkout.expires)}


def check_in(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """What the license lets be checked in. The errors are guesses."""
    checkout = _find(scope, p["LicenseConsumptionToken"])
    found = license_by_arn(checkout.license_arn)
    if p.get("Beneficiary") != checkout.beneficiary:
        raise invalid_parameter(f"The license was not checked out for the beneficiary {p.get('Beneficiary')}.")
    if found is not None and checkout.kind == "BORROW":
        way = found.properties["ConsumptionConfiguration"].get("BorrowConfiguration") or {}
        if not way.get("AllowEarlyCheckIn"):
            raise ServiceError("ValidationException", f"The license {found.arn} cannot be checked in before its time.")
    elif found is not None:
        kept = [each["Name"] for each in checkout.entitlements if not (_entitlement(found, each) or {}).get("AllowCheckIn")]
        if kept:
            raise ServiceError("ValidationException", f"The entitlements cannot be checked in: {', '.join(kept)}.")
    del issued_by(scope).checkouts[checkout.token]
    return {}


def usage(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """What is in use in all accounts, for the issuer and for whoever has been granted the license."""
    found = find_readable(scope, p["LicenseArn"])
    return {"LicenseUsage": {"EntitlementUsages": [
        {
            "Name": each["Name"], "ConsumedValue": str(_consumed(found, each)), "Unit": each["Unit"],
            "MaxCount": str(each["MaxCount"]) if "MaxCount" in each else None,
        } for each in found.properties["Entitlements"]]}}


def describe(checkout: Checkout) -> dict[str, Any]:
    """For the control API."""
    return {
        "licenseConsumptionToken": checkout.token, "licenseArn": checkout.license_arn, "entitlements": checkout.entitlements,
        "checkoutType": checkout.kind, "beneficiary": checkout.beneficiary, "nodeId": checkout.node_id, "issuedAt": iso(checkout.issued),
        "expiration": iso(checkout.expires) if checkout.expires else None}
