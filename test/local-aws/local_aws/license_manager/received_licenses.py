"""The seller-issued licenses that an account, or the accounts of an organization, have been granted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from .filters import filtered
from .issued import Grant, License, check_license_arn, find_license, issued_by, license_by_arn
from .organization_view import seen_by
from .received_grants import received_by

Described = dict[str, Any]
_BENEFICIARY: dict[str, Callable[[Described], Any]] = {"Beneficiary": lambda one: one["Beneficiary"], "ProductSKU": lambda one: one["ProductSKU"]}
_OWN: dict[str, Callable[[Described], Any]] = {
    **_BENEFICIARY, "Status": lambda one: one["Status"], "Fingerprint": lambda one: one["Issuer"]["KeyFingerprint"],
    "IssuerName": lambda one: one["Issuer"]["Name"]}


def find_readable(scope: Scope, arn: str) -> License:
    """A license of the account's own, or one that it has been granted."""
    if arn not in issued_by(scope).licenses and any(one.license_arn == arn for one in _seen(scope.account)):
        found = license_by_arn(arn)
        if found is not None:
            return found
    return find_license(scope, arn)


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    asked = p.get("LicenseArns") or None
    for arn in asked or []:
        check_license_arn(arn)
    found = [one for one in _describe(_seen(scope.account)) if asked is None or one["LicenseArn"] in asked]
    return _page("ListReceivedLicenses", found, _OWN, p, scope)


def list_for_organization(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = [one for account in seen_by(scope).accounts for one in _describe(_seen(account))]
    return _page("ListReceivedLicensesForOrganization", found, _BENEFICIARY, p, scope)


def _page(operation: str, found: list[Described], known: dict[str, Callable[[Described], Any]], p: dict[str, Any], scope: Scope) -> dict[str, Any]:
    for entry in p.get("Filters") or []:
        found = [one for one in found if filtered(entry.get("Name"), known)(one) in (entry.get("Values") or [])]
    items, token = page(operation, found, p, settings_of(scope))
    return {"Licenses": items, "NextToken": token}


def _seen(account: str) -> list[Grant]:
    """Looking at licenses does not bring on a grant that is on its way."""
    return [one for one in received_by(account) if one.unseen <= 0]


def _describe(grants: Iterable[Grant]) -> list[Described]:
    """A license that was granted twice has the status of the newer grant: a guess."""
    found: dict[str, Described] = {}
    for grant in grants:
        granted = license_by_arn(grant.license_arn)
        if granted is not None:
            # The model has no status PENDING_DELETE here.
            status = "DELETED" if grant.status == "PENDING_DELETE" else grant.status
            metadata = {
                "ReceivedStatus": status, "ReceivedStatusReason": grant.reason, "AllowedOperations": grant.operations,
                "GrantType": grant.kind}
            found[grant.license_arn] = {**granted.describe(), "ReceivedMetadata": metadata}
    return list(found.values())
