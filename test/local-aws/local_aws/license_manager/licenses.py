"""Operations on seller-issued licenses."""

from __future__ import annotations

import uuid
from copy import deepcopy
from datetime import datetime
from typing import Any

from .. import hooks
from ..errors import ServiceError, invalid_parameter
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from . import tags
from .filters import filtered
from .issued import License, check_home_region, find_license, issued_by, now, once
from .received_licenses import find_readable

# What a version holds. What a license is for, and whom, is the same in all versions.
_VERSIONED = ("LicenseName", "ProductName", "Issuer", "Validity", "Entitlements", "ConsumptionConfiguration", "LicenseMetadata")
_FIXED = ("ProductSKU", "Beneficiary")
_SETTABLE = ("AVAILABLE", "DEACTIVATED")


@once
def create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    state = issued_by(scope)
    check_home_region(scope, p["HomeRegion"])
    _check(p)
    if not 1 <= len(p["ProductSKU"]) <= 1024:
        raise ServiceError("ValidationException", "The product SKU has to have 1 to 1024 characters.")
    given = tags.as_map(p.get("Tags") or [])
    tags.check(given)
    arn = f"arn:{scope.partition}:license-manager::{scope.account}:license:l-{uuid.uuid4().hex}"
    state.licenses[arn] = License(
        arn=arn, tags=given, home_region=scope.region, created=now(), fingerprint=_fingerprint(scope, p),
        properties=deepcopy({name: p[name] for name in (*_VERSIONED, *_FIXED) if name in p}))
    return _answer(state.licenses[arn])


@once
def create_version(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = find_license(scope, p["LicenseArn"], for_change=True)
    check_home_region(scope, p["HomeRegion"])
    _check_version(found, p.get("SourceVersion"))
    if p["Status"] not in _SETTABLE:
        raise invalid_parameter(f"The status {p['Status']} cannot be set. Valid statuses: {', '.join(_SETTABLE)}.")
    _check(p)
    found.versions[found.version] = deepcopy(found.describe())
    found.properties = deepcopy({
        **{name: found.properties[name] for name in _FIXED}, **{name: p[name] for name in _VERSIONED if name in p}})
    found.fingerprint, found.status, found.version = _fingerprint(scope, p), p["Status"], found.version + 1
    return _answer(found)


def get(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = find_readable(scope, p["LicenseArn"])
    version = p.get("Version")
    if version is None or version == str(found.version):
        return {"License": found.describe()}
    older = {str(number): described for number, described in found.versions.items()}
    if version not in older:
        raise invalid_parameter(f"Version {version} of license {found.arn} was not found.")
    return {"License": older[version]}


def delete(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = find_license(scope, p["LicenseArn"], for_change=True)
    _check_version(found, p["SourceVersion"])
    found.status = "DELETED"
    return {"Status": "DELETED", "DeletionDate": now()}


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = list(issued_by(scope).licenses.values())
    if p.get("LicenseArns"):
        found = [find_license(scope, arn) for arn in p["LicenseArns"]]
    for entry in p.get("Filters") or []:
        name, values = entry.get("Name"), entry.get("Values") or []
        actual = {
            "Beneficiary": lambda one: one.properties["Beneficiary"], "ProductSKU": lambda one: one.properties["ProductSKU"],
            "Fingerprint": lambda one: one.fingerprint, "Status": lambda one: one.status}
        found = [one for one in found if filtered(name, actual)(one) in values]
    items, token = page("ListLicenses", found, p, settings_of(scope))
    return {"Licenses": [one.describe() for one in items], "NextToken": token}


def _answer(found: License) -> dict[str, Any]:
    return {"LicenseArn": found.arn, "Status": found.status, "Version": str(found.version)}


def _check_version(found: License, source: str | None) -> None:
    if source is not None and source != str(found.version):
        raise ServiceError("ConflictException", f"Version {source} of license {found.arn} is not the current one, {found.version}.")


def _check(p: dict[str, Any]) -> None:
    begin, end = p["Validity"]["Begin"], p["Validity"].get("End")
    if end is not None and datetime.fromisoformat(begin.replace("Z", "+00:00")) >= datetime.fromisoformat(end.replace("Z", "+00:00")):
        raise invalid_parameter(f"The validity begins at {begin} and ends at {end}.")
    if not p["Entitlements"]:
        raise invalid_parameter("A license needs at least one entitlement.")
    for entitlement in p["Entitlements"]:
        counted = entitlement["Unit"] != "None"
        if not entitlement["Name"]:
            raise invalid_parameter("The name of an entitlement must not be empty.")
        if counted != ("MaxCount" in entitlement) or (counted and "Value" in entitlement):
            raise invalid_parameter(f"Entitlement {entitlement['Name']}: MaxCount goes with a unit, Value with the unit None.")
        if entitlement.get("MaxCount", 0) < 0:
            raise invalid_parameter(f"Entitlement {entitlement['Name']}: MaxCount must not be negative.")
    names = [(entitlement["Name"], entitlement["Unit"]) for entitlement in p["Entitlements"]]
    if len(set(names)) != len(names):
        raise invalid_parameter("An entitlement is given more than once.")
    consumption = p["ConsumptionConfiguration"]
    ways = [consumption[name] for name in ("ProvisionalConfiguration", "BorrowConfiguration") if name in consumption]
    if not ways or any(way["MaxTimeToLiveInMinutes"] < 1 for way in ways):
        raise invalid_parameter("A consumption configuration needs a provisional or a borrow configuration, each with a time to live.")
    for name in ("LicenseName", "ProductName"):
        if not p[name]:
            raise invalid_parameter(f"{name} must not be empty.")


def _fingerprint(scope: Scope, p: dict[str, Any]) -> str:
    issuer = p["Issuer"]
    key_id = issuer.get("SignKey")
    if key_id is not None:
        key = hooks.find_key(key_id)
        if key is None:
            raise invalid_parameter(f"The KMS key {key_id} was not found in account {scope.account}, Region {scope.region}.")
        if key["KeyUsage"] != "SIGN_VERIFY" or not key["KeySpec"].startswith("RSA_"):
            raise invalid_parameter(
                f"The KMS key {key_id} has the usage {key['KeyUsage']} and the spec {key['KeySpec']}: it does not sign by RSASSA_PSS_SHA_256.")
    return f"aws:{scope.account}:{issuer['Name']}:issuer-fingerprint"
