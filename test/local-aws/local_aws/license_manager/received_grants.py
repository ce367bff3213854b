"""Operations on grants of the account that receives them.

All Regions show them; they are accepted, rejected and changed in their home Region. That another Region refuses it is a guess, and so is the
error: of those that the operations declare, none is a redirection.
"""

from __future__ import annotations

from typing import Any

from ..errors import ServiceError, invalid_parameter
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from . import activation
from .filters import filtered
from .issued import Grant, all_grants, check_grant_arn, check_license_arn, license_by_arn
from .organization_view import seen_by


def received_by(account: str) -> list[Grant]:
    return [one for one in all_grants() if one.grantee == account]


def is_received(scope: Scope, arn: str) -> bool:
    """Whether the account has it from somebody else, and whether it sees it or not."""
    return any(one.arn == arn and one.granter != scope.account for one in received_by(scope.account))


def usable(scope: Scope, license_arn: str, operation: str) -> Grant | None:
    """The active grant of a license that allows an operation."""
    return next((
        one for one in received_by(scope.account)
        if one.license_arn == license_arn and one.status == "ACTIVE" and operation in one.operations), None)


def children(found: Grant) -> list[Grant]:
    return [one for one in all_grants() if one.parent_arn == found.arn]


def find(scope: Scope, arn: str) -> Grant:
    """A grant that the account sees. The model has no error for one that is not there."""
    check_grant_arn(arn)
    found = next((one for one in received_by(scope.account) if one.arn == arn), None)
    if found is None or not _is_seen(found):
        raise invalid_parameter(f"The grant {arn} was not found in account {scope.account}.")
    return found


def _is_seen(found: Grant) -> bool:
    if found.unseen > 0:
        found.unseen -= 1
        return False
    return True


def accept(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = _find_to_change(scope, p["GrantArn"])
    if found.accepted_by_organization:
        raise ServiceError("ValidationException", f"Caller {scope.account} is not allowed to accept this grant")
    if found.status != "PENDING_ACCEPT":
        raise ServiceError("ValidationException", f"Grant {found.arn} is {found.status} and cannot be accepted.")
    found.change("DISABLED")
    return _answer(found)


def reject(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Also of one that was accepted. What the organization has accepted is not rejected: a guess."""
    found = _find_to_change(scope, p["GrantArn"])
    if found.accepted_by_organization:
        raise ServiceError("ValidationException", f"Caller {scope.account} is not allowed to reject this grant")
    if found.status not in ("PENDING_ACCEPT", "DISABLED", "ACTIVE"):
        raise ServiceError("ValidationException", f"Grant {found.arn} is {found.status} and cannot be rejected.")
    found.change("REJECTED")
    return _answer(found)


def change(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """A version that the receiver makes: it activates and deactivates. That it can change nothing else is a guess."""
    found = _find_to_change(scope, p["GrantArn"])
    if "GrantName" in p or "AllowedOperations" in p or "Status" not in p:
        raise ServiceError("ValidationException", f"Caller {scope.account} can change nothing but the status of the grant {found.arn}.")
    source, status = p.get("SourceVersion"), p["Status"]
    if source is not None and source != str(found.version):
        raise ServiceError("ValidationException", f"Version {source} of grant {found.arn} is not the current one, {found.version}.")
    activation.check_settled(found)
    if status not in ("ACTIVE", "DISABLED") or found.status not in ("ACTIVE", "DISABLED"):
        raise ServiceError("ValidationException", f"Grant {found.arn} is {found.status} and cannot be set to {status}.")
    override = activation.override_of(found, p)
    if override is not None and found.granter_overrides:
        raise ServiceError("ValidationException", f"The granter of {found.arn} has chosen an ActivationOverrideBehavior.")
    if status == "ACTIVE":
        activation.make_room(found, override or found.override)
    found.change(status, p.get("StatusReason"))
    found.override = override or found.override
    return _answer(found)


def _find_to_change(scope: Scope, arn: str) -> Grant:
    found = find(scope, arn)
    if found.home_region != scope.region:
        raise ServiceError("ValidationException", f"The home Region of the grant {found.arn} is {found.home_region}, not {scope.region}.")
    return found


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Among the ARNs that are asked for, those that are not there are left out: a guess."""
    for arn in p.get("GrantArns") or []:
        check_grant_arn(arn)
    asked = p.get("GrantArns") or None
    found = [one for one in received_by(scope.account) if (asked is None or one.arn in asked) and _is_seen(one)]
    described = [one.read() for one in found]
    for entry in p.get("Filters") or []:
        actual = {
            "ProductSKU": sku_of, "LicenseIssuerName": issuer_of, "LicenseArn": lambda one: one["LicenseArn"],
            "GrantStatus": lambda one: one["GrantStatus"], "GranterAccountId": lambda one: one["GrantArn"].split(":")[4]}
        described = [one for one in described if filtered(entry.get("Name"), actual)(one) in (entry.get("Values") or [])]
    items, token = page("ListReceivedGrants", described, p, settings_of(scope))
    return {"Grants": items, "NextToken": token}


def list_for_organization(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Those that its accounts have; the grants to the organization itself are not among them."""
    check_license_arn(p["LicenseArn"])
    accounts = seen_by(scope).accounts
    described = [one.read() for one in all_grants() if one.grantee in accounts and one.license_arn == p["LicenseArn"]]
    for entry in p.get("Filters") or []:
        actual = {"ParentArn": lambda one: one["ParentArn"], "GranteePrincipalArn": lambda one: one["GranteePrincipalArn"]}
        described = [one for one in described if filtered(entry.get("Name"), actual)(one) in (entry.get("Values") or [])]
    items, token = page("ListReceivedGrantsForOrganization", described, p, settings_of(scope))
    return {"Grants": items, "NextToken": token}


def sku_of(described: dict[str, Any]) -> str | None:
    found = license_by_arn(described["LicenseArn"])
    return found.properties["ProductSKU"] if found else None


def issuer_of(described: dict[str, Any]) -> str | None:
    found = license_by_arn(described["LicenseArn"])
    return found.properties["Issuer"]["Name"] if found else None


def _answer(found: Grant) -> dict[str, Any]:
    return {"GrantArn": found.arn, "Status": found.status, "Version": str(found.version)}
