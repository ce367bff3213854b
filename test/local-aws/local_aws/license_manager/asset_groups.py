"""Operations on license asset groups."""

from __future__ import annotations

import re
import uuid
from typing import Any

from ..errors import invalid_parameter
from ..paging import page
from ..scope import Arn, Scope
from ..settings import settings_of
from . import asset_rulesets, tags
from .store import LicenseAssetGroup, state_of

_RESOURCE = re.compile(r"license-asset-group:[^:]+")
# User guide, «Monitoring License Manager with Amazon CloudWatch»: the counting types of groups.
_DIMENSIONS = ("Instance", "vCPU", "Socket", "Core")


def find(scope: Scope, text: str, *, for_change: bool = False) -> LicenseAssetGroup:
    """The group of an ARN, to read it or to change it: the account's own in either case."""
    del for_change
    arn = Arn.parse(text)
    if arn is None or arn.service != "license-manager" or not _RESOURCE.fullmatch(arn.resource):
        raise invalid_parameter(f"License asset group ARN '{text}' is not valid.")
    group = state_of(scope).asset_groups.get(text)
    if group is None:
        raise invalid_parameter(f"License asset group {text} was not found.")
    return group


def create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    state = state_of(scope)
    for known in state.asset_groups.values():
        if known.client_token == p["ClientToken"]:
            return {"LicenseAssetGroupArn": known.arn, "Status": known.status}
    given = tags.as_map(p.get("Tags") or [])
    tags.check(given)
    group = LicenseAssetGroup(
        arn=scope.arn("license-manager", f"license-asset-group:lag-{uuid.uuid4().hex}"), name=p["Name"],
        configurations=list(p["LicenseAssetGroupConfigurations"]), rulesets=list(p["AssociatedLicenseAssetRulesetARNs"]),
        client_token=p["ClientToken"], description=p.get("Description") or "", properties=list(p.get("Properties") or []), tags=given)
    _check(scope, group)
    state.asset_groups[group.arn] = group
    return {"LicenseAssetGroupArn": group.arn, "Status": group.status}


def update(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    group = find(scope, p["LicenseAssetGroupArn"])
    changed = LicenseAssetGroup(**{
        **vars(group),
        "name": p.get("Name", group.name),
        "description": p.get("Description", group.description),
        "configurations": list(p.get("LicenseAssetGroupConfigurations", group.configurations)),
        "rulesets": list(p["AssociatedLicenseAssetRulesetARNs"]),
        "properties": list(p.get("Properties", group.properties)),
        "status": p.get("Status", group.status),
    })
    _check(scope, changed)
    vars(group).update(vars(changed))
    return {"LicenseAssetGroupArn": group.arn, "Status": group.status}


def delete(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    del state_of(scope).asset_groups[find(scope, p["LicenseAssetGroupArn"]).arn]
    return {"Status": "DELETED"}


def get(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    return {"LicenseAssetGroup": _describe(find(scope, p["LicenseAssetGroupArn"]))}


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = list(state_of(scope).asset_groups.values())
    for entry in p.get("Filters") or []:
        if entry.get("Name") != "LicenseAssetRulesetArn":
            raise invalid_parameter(f"Filter '{entry.get('Name')}' is not valid. Valid filters: LicenseAssetRulesetArn.")
        found = [g for g in found if set(entry.get("Values") or []) & set(g.rulesets)]
    items, token = page("ListLicenseAssetGroups", found, p, settings_of(scope))
    return {"LicenseAssetGroups": [_describe(g) for g in items], "NextToken": token}


def _check(scope: Scope, group: LicenseAssetGroup) -> None:
    if not group.name:
        raise invalid_parameter("The name of a license asset group must not be empty.")
    dimensions = [configuration.get("UsageDimension") for configuration in group.configurations]
    if len(dimensions) != 1 or dimensions[0] not in _DIMENSIONS:
        raise invalid_parameter(f"A license asset group has one usage dimension: {', '.join(_DIMENSIONS)}.")
    if not group.rulesets or len(set(group.rulesets)) != len(group.rulesets):
        raise invalid_parameter("A license asset group has at least one license asset ruleset, and each once.")
    for arn in group.rulesets:
        asset_rulesets.find(scope, arn)
    if group.status not in ("ACTIVE", "DISABLED"):
        raise invalid_parameter(f"The status {group.status} is not valid. Valid statuses: ACTIVE, DISABLED.")


def _describe(group: LicenseAssetGroup) -> dict[str, Any]:
    return {
        "Name": group.name, "LicenseAssetGroupArn": group.arn, "Status": group.status, "LicenseAssetGroupConfigurations": group.configurations,
        "AssociatedLicenseAssetRulesetARNs": group.rulesets, "Properties": group.properties,
        **({"Description": group.description} if group.description else {})}
