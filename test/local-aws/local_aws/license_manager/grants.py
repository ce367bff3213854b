"""Operations on grants of seller-issued licenses, as far as their issuer uses them."""

from __future__ import annotations

import re
import uuid
from typing import Any

from ..errors import ServiceError, invalid_parameter
from ..organizations.store import organization_of
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from . import tags
from .issued import Grant, check_home_region, find_grant, find_license, issued_by, once
from .licenses import filtered

_ACCOUNT = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):root")
_ORGANIZATION = re.compile(
    r"arn:aws[a-z-]*:organizations::(\d{12}):(organization/o-[a-z0-9]{10,32}|ou/o-[a-z0-9]{10,32}/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})")


@once
def create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    state = issued_by(scope)
    found = find_license(scope, p["LicenseArn"], for_change=True)
    check_home_region(scope, p["HomeRegion"])
    (principal,) = p["Principals"]
    organization = _ORGANIZATION.fullmatch(principal)
    if organization is None and _ACCOUNT.fullmatch(principal) is None:
        raise invalid_parameter(f"The principal {principal} is not valid.")
    if organization is not None and organization.group(1) != scope.account:
        raise invalid_parameter(f"Account {scope.account} is not the management account of the organization of {principal}.")
    _check_operations(principal, p["AllowedOperations"])
    quota = settings_of(scope).grantsPerLicense
    if len([one for one in state.grants.values() if one.license_arn == found.arn and one.status != "DELETED"]) >= quota:
        raise ServiceError("ResourceLimitExceededException", f"License {found.arn} has the maximum of {quota} grants.")
    given = tags.as_map(p.get("Tags") or [])
    tags.check(given)
    arn = f"arn:{scope.partition}:license-manager::{scope.account}:grant:g-{uuid.uuid4().hex}"
    # To an organization the grant is distributed.
    status = "WORKFLOW_COMPLETED" if organization else "DISABLED" if _accepts_by_itself(scope, principal) else "PENDING_ACCEPT"
    state.grants[arn] = Grant(
        arn=arn, tags=given, home_region=scope.region, license_arn=found.arn, name=_name(p["GrantName"]), principal=principal,
        operations=list(p["AllowedOperations"]), status=status)
    return _answer(state.grants[arn])


@once
def create_version(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = find_grant(scope, p["GrantArn"], for_change=True)
    _check_version(found, p.get("SourceVersion"))
    status = p.get("Status")
    if status is not None and (status not in ("ACTIVE", "DISABLED") or found.status == "PENDING_ACCEPT"):
        raise invalid_parameter(f"Grant {found.arn} is {found.status} and cannot be set to {status}.")
    operations = list(p.get("AllowedOperations") or found.operations)
    _check_operations(found.principal, operations)
    found.name, found.operations, found.status = _name(p.get("GrantName", found.name)), operations, status or found.status
    found.version += 1
    return _answer(found)


def get(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    return {"Grant": find_grant(scope, p["GrantArn"]).describe()}


def delete(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = find_grant(scope, p["GrantArn"], for_change=True)
    _check_version(found, p["Version"])
    found.status, found.version = "DELETED", found.version + 1
    return _answer(found)


def list_distributed(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    state = issued_by(scope)
    found = list(state.grants.values())
    if p.get("GrantArns"):
        found = [find_grant(scope, arn) for arn in p["GrantArns"]]
    for entry in p.get("Filters") or []:
        actual = {
            "LicenseArn": lambda one: one.license_arn, "GrantStatus": lambda one: one.status,
            "GranteePrincipalARN": lambda one: one.principal,
            "ProductSKU": lambda one: state.licenses[one.license_arn].properties["ProductSKU"],
            "LicenseIssuerName": lambda one: state.licenses[one.license_arn].properties["Issuer"]["Name"]}
        found = [one for one in found if filtered(entry.get("Name"), actual)(one) in (entry.get("Values") or [])]
    items, token = page("ListDistributedGrants", found, p, settings_of(scope))
    return {"Grants": [one.describe() for one in items], "NextToken": token}


def _accepts_by_itself(scope: Scope, principal: str) -> bool:
    """Whether an account has a grant accepted by the organization, and so not activated: the management account has linked it.

    The link that counts is the one of the Region in which the grant is made, which is a guess: each Region is linked for itself.
    """
    found = organization_of(scope.account)
    if found is None or found.management != scope.account or not found.has_all_features:
        return False
    linked = settings_of(scope).serviceSettings.get("OrganizationConfiguration", {}).get("EnableIntegration", False)
    return bool(linked) and _account(principal) in found.accounts and _account(principal) != scope.account


def _account(principal: str) -> str | None:
    match = _ACCOUNT.fullmatch(principal)
    return match.group(1) if match else None


def _name(name: str) -> str:
    if not name:
        raise invalid_parameter("The name of a grant must not be empty.")
    return name


def _check_operations(principal: str, operations: list[str]) -> None:
    if len(set(operations)) != len(operations):
        raise invalid_parameter("An operation is given more than once.")
    if "CreateGrant" in operations and _ORGANIZATION.fullmatch(principal) is not None:
        raise invalid_parameter(f"The operation CreateGrant cannot be granted to {principal}.")


def _check_version(found: Grant, source: str | None) -> None:
    if source is not None and source != str(found.version):
        raise ServiceError("ValidationException", f"Version {source} of grant {found.arn} is not the current one, {found.version}.")


def _answer(found: Grant) -> dict[str, Any]:
    return {"GrantArn": found.arn, "Status": found.status, "Version": str(found.version)}
