"""Operations on grants of seller-issued licenses: those of the account that grants."""

from __future__ import annotations

import re
import uuid
from typing import Any

from ..errors import ServiceError, invalid_parameter
from ..organizations.store import organization_of
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from . import activation, received_grants, tags
from .filters import filtered
from .issued import Grant, License, check_home_region, find_grant, find_license, issued_by, license_by_arn, once
from .organization_view import is_linked, managed_by

_ACCOUNT = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):root")
_ORGANIZATION = re.compile(
    r"arn:aws[a-z-]*:organizations::(\d{12}):(organization/(?P<organization>o-[a-z0-9]{10,32})"
    r"|ou/o-[a-z0-9]{10,32}/(?P<unit>ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}))")


@once
def create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    state = issued_by(scope)
    found, parent = _license(scope, p["LicenseArn"])
    check_home_region(scope, p["HomeRegion"])
    (principal,) = p["Principals"]
    organization = _ORGANIZATION.fullmatch(principal)
    if organization is None and _ACCOUNT.fullmatch(principal) is None:
        raise invalid_parameter(f"The principal {principal} is not valid.")
    if organization is not None:
        _check_organization(scope, organization)
    _check_operations(principal, p["AllowedOperations"])
    kind, options = _kind(p), p.get("Options") or {}
    if "DesiredStatus" in options and (options["DesiredStatus"] != "ACTIVE" or organization is None):
        raise ServiceError("ValidationException", "DesiredStatus is ACTIVE, and for a grant to an organization or a unit of it.")
    if parent is not None and not set(p["AllowedOperations"]) <= set(parent.operations):
        raise invalid_parameter(f"The grant {parent.arn} has the operations {', '.join(parent.operations)}, and gives no others.")
    quota = settings_of(scope).grantsPerLicense
    if len([one for one in state.grants.values() if one.license_arn == found.arn and one.status != "DELETED"]) >= quota:
        raise ServiceError("ResourceLimitExceededException", f"License {found.arn} has the maximum of {quota} grants.")
    given = tags.as_map(p.get("Tags") or [])
    tags.check(given)
    grant = Grant(
        arn=_new_arn(scope), tags=given, home_region=scope.region, license_arn=found.arn, parent_arn=parent.arn if parent else found.arn,
        name=_name(p["GrantName"]), principal=principal, operations=list(p["AllowedOperations"]), status="PENDING_ACCEPT", kind=kind,
        accepted_by_organization=organization is None and _accepts_by_itself(scope, principal))
    # The model's text: the status that is desired is for an activation what the status of a version is.
    given_override = {name: value for name, value in options.items() if name != "DesiredStatus"}
    override = activation.override_of(grant, {"Status": options.get("DesiredStatus"), "Options": given_override})
    state.grants[grant.arn] = grant
    if organization is not None:
        grant.status = "WORKFLOW_COMPLETED"
        _grant_to_members(scope, grant, organization)
        if "DesiredStatus" in options:
            _activate_at_once(grant, override)
    elif grant.accepted_by_organization:
        grant.status = "DISABLED"
    for each in (grant, *received_grants.children(grant)):
        _distribute(scope, each)
    return _answer(grant)


def _activate_at_once(grant: Grant, override: str | None) -> None:
    """A grant to an organization together with those of its members, as far as no other one of the product is active."""
    for each in (grant, *received_grants.children(grant)):
        if activation.is_free(each, override):
            activation.make_room(each, override)
            each.status, each.override, each.granter_overrides = "ACTIVE", override, override is not None


def _kind(p: dict[str, Any]) -> str:
    """A grant that shows what was distributed allows nothing else, and others do not allow that."""
    kind, operations = str(p.get("GrantType", "BuyerGrant")), p["AllowedOperations"]
    if (kind == "DelegateGrant") != ("ListReceivedLicenses" in operations) or (kind == "DelegateGrant" and len(operations) > 1):
        raise ServiceError("ValidationException", f"A {kind} cannot have the operations {', '.join(operations)}.")
    return kind


def _license(scope: Scope, arn: str) -> tuple[License, Grant | None]:
    """What is granted: a license of the account's own, or one that it has been granted, together with the right to grant it on."""
    received = None if arn in issued_by(scope).licenses else received_grants.usable(scope, arn, "CreateGrant")
    found = license_by_arn(arn) if received else None
    if received is None or found is None or found.status == "DELETED":
        return find_license(scope, arn, for_change=True), None
    check_home_region(scope, found.home_region)
    return found, received


def _new_arn(scope: Scope) -> str:
    return f"arn:{scope.partition}:license-manager::{scope.account}:grant:g-{uuid.uuid4().hex}"


def _check_organization(scope: Scope, principal: re.Match[str]) -> None:
    """A grant to an organization or a unit of it is for its management account. An organization that no test has named is not looked at."""
    if principal.group(1) != scope.account:
        raise invalid_parameter(f"Account {scope.account} is not the management account of the organization of {principal.group()}.")
    found = organization_of(scope.account)
    if found is None or not found.is_declared:
        return
    # The guide says who distributes, not what others are answered.
    if found.management != scope.account or found.id not in principal.group():
        raise invalid_parameter(f"Account {scope.account} is not the management account of the organization of {principal.group()}.")
    if not found.has_all_features:
        raise invalid_parameter("All features of the organization have to be enabled.")


def _grant_to_members(scope: Scope, grant: Grant, principal: re.Match[str]) -> None:
    """Each member has a grant of its own, which the organization has accepted. A unit has the accounts that a test says it has."""
    found = organization_of(scope.account)
    accounts = [] if found is None else [account for account in found.accounts if account != scope.account]
    if principal.group("unit"):
        accounts = [account for account in accounts if account in settings_of(scope).organizationalUnits.get(principal.group("unit"), [])]
    for account in accounts:
        arn = _new_arn(scope)
        member = Grant(
            arn=arn, tags={}, home_region=grant.home_region, license_arn=grant.license_arn, parent_arn=grant.arn, name=grant.name,
            principal=f"arn:{scope.partition}:iam::{account}:root", operations=list(grant.operations), status="DISABLED",
            kind=grant.kind, accepted_by_organization=True)
        issued_by(scope).member_grants[arn] = member


def _distribute(scope: Scope, grant: Grant) -> None:
    """It takes a while until a grant is there, and with whoever has it, as long as the settings of the granter say."""
    settings = settings_of(scope)
    grant.unseen = settings.grantDelay
    if settings.grantFailure:
        grant.outcome = ("FAILED_WORKFLOW", settings.grantFailure)
    elif settings.grantWorkflowReads:
        grant.outcome = (grant.status, None)
    if grant.outcome is not None:
        grant.status, grant.reads = "PENDING_WORKFLOW", settings.grantWorkflowReads


def _accepts_by_itself(scope: Scope, principal: str) -> bool:
    """Whether an account has a grant accepted by the organization, and so not activated: the management account has linked it.

    The link that counts is the one of the Region in which the grant is made, which is a guess: each Region is linked for itself.
    """
    found, match = managed_by(scope.account), _ACCOUNT.fullmatch(principal)
    if found is None or match is None or not found.has_all_features or match.group(1) == scope.account:
        return False
    return match.group(1) in found.accounts and is_linked(found, scope.region)


@once
def create_version(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    if received_grants.is_received(scope, p["GrantArn"]):
        return received_grants.change(scope, p)
    found = find_grant(scope, p["GrantArn"], for_change=True)
    _check_version(found, p.get("SourceVersion"))
    activation.check_settled(found)
    status, override = p.get("Status"), activation.override_of(found, p)
    if status is not None and (status not in ("ACTIVE", "DISABLED") or found.status not in ("ACTIVE", "DISABLED", "WORKFLOW_COMPLETED")):
        raise invalid_parameter(f"Grant {found.arn} is {found.status} and cannot be set to {status}.")
    if status == "ACTIVE" and found.status != "ACTIVE" and not _may_activate(scope, found):
        # The guide: the recipient activates, and in an organization the management account, too.
        raise ServiceError("ValidationException", f"Caller {scope.account} is not allowed to activate the grant {found.arn}.")
    operations = list(p.get("AllowedOperations") or found.operations)
    _check_operations(found.principal, operations)
    _kind({"GrantType": found.kind, "AllowedOperations": operations})
    name = _name(p.get("GrantName", found.name))
    if status == "ACTIVE":
        activation.make_room(found, override)
    found.keep_version()
    found.name, found.operations = name, operations
    if status is not None:
        found.status, found.reason = status, p.get("StatusReason")
        found.override, found.granter_overrides = override, override is not None
    _change_members(scope, found, status, p.get("StatusReason"), override)
    return _answer(found)


def _may_activate(scope: Scope, found: Grant) -> bool:
    organization = managed_by(scope.account)
    return found.grantee in (None, scope.account) or (organization is not None and found.grantee in organization.accounts)


def _change_members(scope: Scope, found: Grant, status: str | None, reason: str | None, override: str | None) -> None:
    """That the members' grants follow the one to the organization is a guess. Where another one of the product is active, they stay."""
    for member in issued_by(scope).member_grants.values():
        if member.parent_arn != found.arn or member.status not in ("ACTIVE", "DISABLED"):
            continue
        follows = status is not None and (status != "ACTIVE" or activation.is_free(member, override))
        if status == "ACTIVE" and follows:
            activation.make_room(member, override)
        member.keep_version()
        member.name, member.operations = found.name, list(found.operations)
        if follows:
            member.status, member.reason = str(status), reason
            member.override, member.granter_overrides = override, override is not None


def get(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = received_grants.find(scope, p["GrantArn"]) if received_grants.is_received(scope, p["GrantArn"]) else find_grant(scope, p["GrantArn"])
    described, version = found.read(), p.get("Version")
    if version is None or version == described["Version"]:
        return {"Grant": described}
    older = {str(number): each for number, each in found.versions.items()}
    if version not in older:
        raise invalid_parameter(f"Version {version} of grant {found.arn} was not found.")
    return {"Grant": older[version]}


def delete(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = find_grant(scope, p["GrantArn"], for_change=True)
    _check_version(found, p["Version"])
    _delete(scope, found, p.get("StatusReason"))
    return _answer(found)


def _delete(scope: Scope, found: Grant, reason: str | None) -> None:
    """With it goes what was granted on: by those that had it, and to the members."""
    found.keep_version()
    found.status, found.reason, found.outcome = "DELETED", reason, None
    reads = settings_of(scope).grantDeletionReads
    if reads:
        found.status, found.outcome, found.reads = "PENDING_DELETE", ("DELETED", reason), reads
    for child in received_grants.children(found):
        if child.status not in ("DELETED", "PENDING_DELETE"):
            _delete(scope, child, reason)


def list_distributed(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Those of the members are not among them: a guess."""
    found = list(issued_by(scope).grants.values())
    if p.get("GrantArns"):
        found = [find_grant(scope, arn) for arn in p["GrantArns"]]
    described = [one.read() for one in found]
    for entry in p.get("Filters") or []:
        actual = {
            "LicenseArn": lambda one: one["LicenseArn"], "GrantStatus": lambda one: one["GrantStatus"],
            "GranteePrincipalARN": lambda one: one["GranteePrincipalArn"], "ProductSKU": received_grants.sku_of,
            "LicenseIssuerName": received_grants.issuer_of}
        described = [one for one in described if filtered(entry.get("Name"), actual)(one) in (entry.get("Values") or [])]
    items, token = page("ListDistributedGrants", described, p, settings_of(scope))
    return {"Grants": items, "NextToken": token}


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
