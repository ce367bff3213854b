"""The RAM API: resource shares, their resources and principals. Invitations are not modelled: a share takes effect at once."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from .. import hooks, service_linked_roles, sharing
from ..errors import ServiceError
from ..json_service import JsonService
from ..license_manager.store import state_of
from ..organizations.store import is_management_account, organization_of
from ..paging import page
from ..resource_groups import store as resource_groups
from ..scope import Arn, Scope
from ..settings import change_settings, settings_of, settings_of_account
from .store import Share, active_shares, attempts_to_wait, shares_of

_ACCOUNT = re.compile(r"\d{12}")
_ORGANIZATION = re.compile(r"arn:aws[a-z-]*:organizations::\d{12}:organization/(o-[a-z0-9]{10,32})")
_UNIT = re.compile(r"arn:aws[a-z-]*:organizations::\d{12}:ou/(o-[a-z0-9]{10,32})/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}")

# As users report it: https://github.com/hashicorp/terraform-provider-aws/issues/7769
_OUTSIDE = (
    "The resource you are attempting to share can only be shared within your AWS Organization. This error may also occur if you have "
    "not enabled sharing with your AWS organization, or that onboarding process is still in progress.")


def _create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    if not p["name"]:
        raise ServiceError("InvalidParameterException", "The name of a resource share must not be empty.")
    share = Share(
        scope.arn("ram", f"resource-share/{uuid.uuid4()}"), p["name"], scope.account, p.get("allowExternalPrincipals", True),
        {tag.get("key", ""): tag.get("value", "") for tag in p.get("tags") or []}, permissions=list(p.get("permissionArns") or []))
    _check(scope, share, p)
    _add(share, p)
    shares_of(scope)[share.arn] = share
    return {"resourceShare": _describe(share), "clientToken": p.get("clientToken")}


def _find(scope: Scope, arn: str) -> Share:
    parsed = Arn.parse(arn)
    if parsed is None or parsed.service != "ram" or not parsed.resource.startswith("resource-share/"):
        raise ServiceError("MalformedArnException", f"The specified resource share ARN {arn} is not valid.")
    share = shares_of(scope).get(arn)
    if share is None or share.status != "ACTIVE":
        raise ServiceError("UnknownResourceException", f"ResourceShare {arn} could not be found.")
    return share


def _check(scope: Scope, share: Share, p: dict[str, Any]) -> None:
    for arn in p.get("resourceArns") or []:
        parsed = Arn.parse(arn)
        if parsed is None:
            raise ServiceError("MalformedArnException", f"The specified resource ARN {arn} is not valid.")
        missing = (
            (parsed.service == "license-manager" and arn not in state_of(scope).configurations)
            or (parsed.service == "resource-groups" and resource_groups.find(scope, arn) is None))
        if missing or parsed.account != scope.account:
            raise ServiceError("UnknownResourceException", f"Resource {arn} could not be found.")
    principals = p.get("principals") or []
    needs_sharing = any(not _ACCOUNT.fullmatch(principal) or not share.allow_external_principals for principal in principals)
    is_enabled = needs_sharing and _sharing_has_effect(scope)
    for principal in principals:
        _check_principal(scope, share, principal, is_enabled)


def _sharing_has_effect(scope: Scope) -> bool:
    """Whether sharing with the organization was enabled long enough ago; each call counts as an attempt."""
    found = organization_of(scope.account)
    enabled_in = [scope.account, *([found.management] if found else [])]
    account = next((each for each in enabled_in if settings_of_account(each).sharingWithOrganization), None)
    if account is None:
        return False
    waiting = attempts_to_wait(account)
    if waiting.count > 0:
        waiting.count -= 1
        return False
    return True


def _accounts_inside(scope: Scope) -> tuple[str, ...]:
    found = organization_of(scope.account)
    return found.accounts if found else ()


def _check_principal(scope: Scope, share: Share, principal: str, is_enabled: bool) -> None:
    organization = _ORGANIZATION.fullmatch(principal) or _UNIT.fullmatch(principal)
    is_account = _ACCOUNT.fullmatch(principal) is not None
    if organization is None and not is_account and Arn.parse(principal) is None:
        raise ServiceError("InvalidParameterException", f"The principal {principal} is not valid.")
    own = organization_of(scope.account)
    is_foreign = organization is not None and own is not None and own.is_declared and organization.group(1) != own.id
    if organization is not None and (not is_enabled or is_foreign):
        if share.allow_external_principals:
            raise ServiceError("UnknownResourceException", f"Organization {organization.group(1)} could not be found.")
        raise ServiceError("OperationNotPermittedException", _OUTSIDE)
    inside = is_enabled and principal in _accounts_inside(scope)
    if is_account and not share.allow_external_principals and not inside:
        raise ServiceError("OperationNotPermittedException", _OUTSIDE)


def _add(share: Share, p: dict[str, Any]) -> None:
    now = time.time()
    for arn in p.get("resourceArns") or []:
        share.resources.setdefault(arn, now)
    for principal in p.get("principals") or []:
        share.principals.setdefault(principal, now)
    share.updated = now


def _associate(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    share = _find(scope, p["resourceShareArn"])
    _check(scope, share, p)
    _add(share, p)
    return {"resourceShareAssociations": _associations_of_request(scope, share, p, "ASSOCIATING"), "clientToken": p.get("clientToken")}


def _disassociate(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    share = _find(scope, p["resourceShareArn"])
    gone = _associations_of_request(scope, share, p, "DISASSOCIATING")
    for entity in [*(p.get("resourceArns") or []), *(p.get("principals") or [])]:
        if entity not in share.resources and entity not in share.principals:
            raise ServiceError("UnknownResourceException", f"{entity} is not associated with {share.arn}.")
    for entity in [*(p.get("resourceArns") or []), *(p.get("principals") or [])]:
        share.resources.pop(entity, None)
        share.principals.pop(entity, None)
    share.updated = time.time()
    return {"resourceShareAssociations": gone, "clientToken": p.get("clientToken")}


def _associations_of_request(scope: Scope, share: Share, p: dict[str, Any], status: str) -> list[dict[str, Any]]:
    return [
        *(_association(scope, share, "RESOURCE", arn, status) for arn in p.get("resourceArns") or []),
        *(_association(scope, share, "PRINCIPAL", principal, status) for principal in p.get("principals") or []),
    ]


def _association(scope: Scope, share: Share, kind: str, entity: str, status: str = "ASSOCIATED") -> dict[str, Any]:
    created = share.resources.get(entity) or share.principals.get(entity) or share.created
    return {
        "resourceShareArn": share.arn, "resourceShareName": share.name, "associatedEntity": entity, "associationType": kind,
        "status": status, "creationTime": created, "lastUpdatedTime": created,
        "external": kind == "PRINCIPAL" and _is_external(scope, entity),
    }


def _is_external(scope: Scope, principal: str) -> bool:
    return _ACCOUNT.fullmatch(principal) is not None and principal not in _accounts_inside(scope)


def _update(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    share = _find(scope, p["resourceShareArn"])
    share.name = p.get("name", share.name)
    allow = p.get("allowExternalPrincipals", share.allow_external_principals)
    if not allow and any(_is_external(scope, principal) for principal in share.principals):
        raise ServiceError("OperationNotPermittedException", "The resource share has principals outside of your organization.")
    share.allow_external_principals, share.updated = allow, time.time()
    return {"resourceShare": _describe(share), "clientToken": p.get("clientToken")}


def _delete(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    share = _find(scope, p["resourceShareArn"])
    share.status, share.resources, share.principals = "DELETED", {}, {}
    return {"returnValue": True, "clientToken": p.get("clientToken")}


def _describe(share: Share) -> dict[str, Any]:
    return {
        "resourceShareArn": share.arn, "name": share.name, "owningAccountId": share.owner, "status": share.status,
        "allowExternalPrincipals": share.allow_external_principals, "creationTime": share.created, "lastUpdatedTime": share.updated,
        "tags": [{"key": key, "value": value} for key, value in share.tags.items()], "featureSet": "STANDARD",
    }


def _visible(scope: Scope, p: dict[str, Any]) -> list[Share]:
    """The caller's own shares, or those that others share with it."""
    if p.get("resourceOwner", "SELF") == "SELF":
        found: Iterable[Share] = shares_of(scope).values()
    else:
        found = [share for owner, share in active_shares(scope.region) if owner.account != scope.account and _reaches(owner, share, scope)]
    arns = p.get("resourceShareArns")
    return [share for share in found if not arns or share.arn in arns]


def _reaches(owner: Scope, share: Share, scope: Scope) -> bool:
    in_organization = scope.account in _accounts_inside(owner)
    return any(
        principal == scope.account or (in_organization and ":organizations:" in principal) for principal in share.principals)


def _page(operation: str, items: list[Any], p: dict[str, Any], scope: Scope) -> tuple[list[Any], str | None]:
    return page(operation, items, {"MaxResults": p.get("maxResults"), "NextToken": p.get("nextToken")}, settings_of(scope))


def _get_shares(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = [share for share in _visible(scope, p) if p.get("name") in (None, share.name)]
    found = [share for share in found if p.get("resourceShareStatus") in (None, share.status)]
    for tag in p.get("tagFilters") or []:
        key, values = tag.get("tagKey"), tag.get("tagValues")
        found = [share for share in found if key in share.tags and (not values or share.tags[key] in values)]
    items, token = _page("GetResourceShares", [_describe(share) for share in found], p, scope)
    return {"resourceShares": items, "nextToken": token}


def _get_associations(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    kind = p["associationType"]
    wanted = p.get("resourceArn") if kind == "RESOURCE" else p.get("principal")
    found = [
        _association(scope, share, kind, entity)
        for share in _visible(scope, p) if share.status == "ACTIVE"
        for entity in (share.resources if kind == "RESOURCE" else share.principals)
        if wanted in (None, entity)
    ]
    items, token = _page("GetResourceShareAssociations", found, p, scope)
    return {"resourceShareAssociations": items, "nextToken": token}


def _list_resources(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = [
        {
            "arn": arn, "type": _type_of(arn), "resourceShareArn": share.arn, "status": "AVAILABLE", "creationTime": created,
            "lastUpdatedTime": created, "resourceRegionScope": "REGIONAL",
        }
        for share in _visible(scope, p) if share.status == "ACTIVE"
        for arn, created in share.resources.items()
        if (not p.get("resourceArns") or arn in p["resourceArns"]) and p.get("resourceType") in (None, _type_of(arn))
    ]
    items, token = _page("ListResources", found, p, scope)
    return {"resources": items, "nextToken": token}


def _type_of(arn: str) -> str:
    parsed = Arn.parse(arn)
    assert parsed is not None
    kind = re.split(r"[:/]", parsed.resource)[0]
    return f"{parsed.service}:{''.join(part.capitalize() for part in kind.split('-'))}"


def _list_principals(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = [
        {
            "id": principal, "resourceShareArn": share.arn, "creationTime": created, "lastUpdatedTime": created,
            "external": _is_external(scope, principal),
        }
        for share in _visible(scope, p) if share.status == "ACTIVE"
        for principal, created in share.principals.items()
        if (not p.get("principals") or principal in p["principals"]) and p.get("resourceArn") in (None, *share.resources)
    ]
    items, token = _page("ListPrincipals", found, p, scope)
    return {"principals": items, "nextToken": token}


def _list_permissions(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """The permissions that a share was made with, and the default one of each type of resource for which it has no other."""
    share = _find(scope, p["resourceShareArn"])
    prefix = f"arn:{scope.partition}:ram::aws:permission/AWSRAMDefaultPermission"
    defaults = {kind: f"{prefix}{kind.rpartition(':')[2]}" for kind in map(_type_of, share.resources)}
    managed = [{"arn": arn, "resourceType": kind, "isResourceTypeDefault": True} for kind, arn in sorted(defaults.items())]
    own = [{"arn": arn, "resourceType": next(iter(defaults), ""), "isResourceTypeDefault": False}
           for arn in share.permissions if arn not in defaults.values()]
    found = [{
        **permission, "name": permission["arn"].rpartition("/")[2], "version": "1", "defaultVersion": True, "status": "ASSOCIATED",
        "permissionType": "AWS_MANAGED" if ":aws:permission/" in permission["arn"] else "CUSTOMER_MANAGED", "featureSet": "STANDARD",
        "creationTime": share.created, "lastUpdatedTime": share.updated,
    } for permission in (own or managed)]
    items, token = _page("ListResourceSharePermissions", found, p, scope)
    return {"permissions": items, "nextToken": token}


def _tag(scope: Scope, p: dict[str, Any]) -> None:
    share = _find(scope, p.get("resourceShareArn") or p.get("resourceArn") or "")
    share.tags.update({tag.get("key", ""): tag.get("value", "") for tag in p["tags"]})


def _untag(scope: Scope, p: dict[str, Any]) -> None:
    share = _find(scope, p.get("resourceShareArn") or p.get("resourceArn") or "")
    share.tags = {key: value for key, value in share.tags.items() if key not in p["tagKeys"]}


def _enable(scope: Scope, _p: dict[str, Any]) -> dict[str, Any]:
    found = organization_of(scope.account)
    if found is None or not is_management_account(scope.account) or not found.has_all_features:
        raise ServiceError(
            "OperationNotPermittedException", "Sharing can be enabled by the management account of an organization with all features only.")
    settings = settings_of(scope)
    if not settings.sharingWithOrganization:
        attempts_to_wait(scope.account).count = settings.sharingWithOrganizationDelay
        found.trust(service_linked_roles.SHARING)
        change_settings(scope, {"sharingWithOrganization": True})
    service_linked_roles.create(scope.account, service_linked_roles.SHARING)
    return {"returnValue": True}


_OPERATIONS: dict[str, Callable[[Scope, dict[str, Any]], Any]] = {
    "CreateResourceShare": _create,
    "AssociateResourceShare": _associate,
    "DisassociateResourceShare": _disassociate,
    "UpdateResourceShare": _update,
    "DeleteResourceShare": _delete,
    "GetResourceShares": _get_shares,
    "GetResourceShareAssociations": _get_associations,
    "ListResources": _list_resources,
    "ListPrincipals": _list_principals,
    "ListResourceSharePermissions": _list_permissions,
    "TagResource": _tag,
    "UntagResource": _untag,
    "EnableSharingWithAwsOrganization": _enable,
}

SERVICE = JsonService("ram", _OPERATIONS)


def _shared_with(scope: Scope) -> list[str]:
    found = [share for owner, share in active_shares(scope.region) if owner.account != scope.account and _reaches(owner, share, scope)]
    return list(dict.fromkeys(arn for share in found for arn in share.resources))


def _resource_arns(operation: str, parameters: dict[str, Any]) -> list[str]:
    arn = parameters.get("resourceShareArn") or parameters.get("resourceArn")
    return [str(arn)] if arn and not operation.startswith(("Get", "List")) else []


def _dependent_permissions(operation: str, _parameters: dict[str, Any]) -> list[hooks.Permission]:
    """From the service authorization reference."""
    if operation != "EnableSharingWithAwsOrganization":
        return []
    return [
        hooks.Permission("organizations:DescribeOrganization"),
        hooks.Permission("organizations:EnableAWSServiceAccess", keys={"organizations:ServicePrincipal": service_linked_roles.SHARING}),
        service_linked_roles.permission_to_create(hooks.current_scope(), service_linked_roles.SHARING),
    ]


def install() -> None:
    sharing.provide(lambda arn, scope: arn in _shared_with(scope), _shared_with)
    SERVICE.install(_resource_arns, dependent=_dependent_permissions)
