"""The Resource Groups API."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .. import hooks
from ..errors import ServiceError
from ..json_service import JsonService
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from . import hosts
from .store import Group, existing, groups_of


def _create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    name = p["Name"]
    # The model has the pattern without anchors.
    if not re.fullmatch(r"[a-zA-Z0-9_.-]+", name) or not re.fullmatch(r"[\sa-zA-Z0-9_.-]*", p.get("Description", "")):
        raise ServiceError("BadRequestException", f"The name or the description of the group {name} has characters that are not allowed.")
    if name.lower().startswith("aws"):
        raise ServiceError("BadRequestException", f"The group name {name} begins with AWS, which is reserved.")
    if name in groups_of(scope):
        raise ServiceError("BadRequestException", f"A group named {name} already exists.")
    if "ResourceQuery" in p:
        raise ServiceError("BadRequestException", "The local AWS has no groups with a resource query.")
    configuration = p.get("Configuration") or []
    if configuration:
        hosts.check_configuration(scope, configuration)
    if len(groups_of(scope)) >= settings_of(scope).resourceGroupsPerRegion:
        raise ServiceError("BadRequestException", "The account has as many resource groups in the Region as it can have.")
    group = Group(
        scope.arn("resource-groups", f"group/{name}"), name, p.get("Description", ""), configuration, tags=dict(p.get("Tags") or {}))
    groups_of(scope)[name] = group
    return {"Group": _describe(group), "Tags": group.tags, "GroupConfiguration": _describe_configuration(group)}


def _named(scope: Scope, p: dict[str, Any]) -> Group:
    name = p.get("Group") or p.get("GroupName")
    if not name:
        raise ServiceError("BadRequestException", "Group is required.")
    return existing(scope, name)


def _describe(group: Group) -> dict[str, Any]:
    return {"GroupArn": group.arn, "Name": group.name, "Description": group.description}


def _describe_configuration(group: Group) -> dict[str, Any]:
    return {"Configuration": group.configuration, "Status": "UPDATE_COMPLETE"}


def _get(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    return {"Group": _describe(_named(scope, p))}


def _update(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    group = _named(scope, p)
    group.description = p.get("Description", group.description)
    return {"Group": _describe(group)}


def _delete(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    group = _named(scope, p)
    if hosts.members(scope, group):
        raise ServiceError(
            "BadRequestException", f"The group {group.name} cannot be deleted: it has deletion protection UNLESS_EMPTY and is not empty.")
    del groups_of(scope)[group.name]
    return {"Group": _describe(group)}


def _list(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    items, token = page("ListGroups", list(groups_of(scope).values()), p, settings_of(scope))
    return {"GroupIdentifiers": [{"GroupName": group.name, "GroupArn": group.arn, "Description": group.description} for group in items],
            "NextToken": token}


def _get_configuration(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    return {"GroupConfiguration": _describe_configuration(_named(scope, p))}


def _put_configuration(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    group = _named(scope, p)
    configuration = p.get("Configuration") or []
    hosts.check_configuration(scope, configuration)
    hosts.check_families(scope, group, configuration)
    group.configuration = configuration
    return {}


def _group_resources(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    group = _named(scope, p)
    if not hosts.is_host_group(group):
        raise ServiceError("BadRequestException", f"The group {group.name} takes no resources.")
    problems = {arn: hosts.add_host(scope, group, arn) for arn in p["ResourceArns"]}
    return {
        "Succeeded": [arn for arn, problem in problems.items() if problem is None],
        "Failed": [{"ResourceArn": arn, "ErrorCode": "InvalidResource", "ErrorMessage": problem}
                   for arn, problem in problems.items() if problem is not None],
        "Pending": [],
    }


def _ungroup_resources(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    group = _named(scope, p)
    present = [arn for arn in p["ResourceArns"] if arn in group.members]
    group.members = [arn for arn in group.members if arn not in present]
    return {
        "Succeeded": present,
        "Failed": [{"ResourceArn": arn, "ErrorCode": "ResourceNotFound", "ErrorMessage": f"{arn} is not in the group."}
                   for arn in p["ResourceArns"] if arn not in present],
        "Pending": [],
    }


def _list_resources(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    items, token = page("ListGroupResources", hosts.members(scope, _named(scope, p)), p, settings_of(scope))
    return {"Resources": [{"Identifier": {"ResourceArn": arn, "ResourceType": "AWS::EC2::Host"}} for arn in items], "NextToken": token}


def _tag(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    group = existing(scope, p["Arn"])
    group.tags.update(p["Tags"])
    return {"Arn": group.arn, "Tags": p["Tags"]}


def _untag(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    group = existing(scope, p["Arn"])
    group.tags = {key: value for key, value in group.tags.items() if key not in p["Keys"]}
    return {"Arn": group.arn, "Keys": p["Keys"]}


def _get_tags(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    group = existing(scope, p["Arn"])
    return {"Arn": group.arn, "Tags": {key: value for key, value in group.tags.items() if not key.startswith("aws:")}}


_OPERATIONS: dict[str, Callable[[Scope, dict[str, Any]], Any]] = {
    "CreateGroup": _create,
    "GetGroup": _get,
    "UpdateGroup": _update,
    "DeleteGroup": _delete,
    "ListGroups": _list,
    "GetGroupConfiguration": _get_configuration,
    "PutGroupConfiguration": _put_configuration,
    "GroupResources": _group_resources,
    "UngroupResources": _ungroup_resources,
    "ListGroupResources": _list_resources,
    "Tag": _tag,
    "Untag": _untag,
    "GetTags": _get_tags,
}

SERVICE = JsonService("resource-groups", _OPERATIONS)


def _resource_arns(operation: str, parameters: dict[str, Any]) -> list[str]:
    """All operations on a group are allowed or denied on its ARN."""
    name = parameters.get("Group") or parameters.get("GroupName")
    if not name or operation in ("CreateGroup", "ListGroups"):
        return []
    return [name if name.startswith("arn:") else hooks.current_scope().arn("resource-groups", f"group/{name}")]


def install() -> None:
    SERVICE.install(_resource_arns)
