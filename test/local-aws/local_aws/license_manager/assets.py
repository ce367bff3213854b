"""What License Manager has discovered for license asset groups: the instances and licenses of the source Regions of discovery.

It is there at once, where License Manager takes up to 24 hours. The rules of the group's rulesets are not evaluated: all that is in the Regions
is listed, which is a guess on the side of whoever has to page.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from .. import hooks
from ..errors import invalid_parameter
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from . import asset_groups, resources
from .issued import issued_by
from .store import state_of

_INSTANCE = re.compile(r"arn:[^:]+:ec2:[^:]+:\d{12}:instance/[^/]+")


def list_assets(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    asset_groups.find(scope, p["LicenseAssetGroupArn"])
    if p["AssetType"] not in _FINDERS:
        raise invalid_parameter(f"Asset type '{p['AssetType']}' is not valid. Valid asset types: {', '.join(_FINDERS)}.")
    # Those of the Region of the group: settings belong to a Region. Other accounts of the organization are not looked into.
    regions = settings_of(scope).serviceSettings.get("CrossRegionDiscoverySourceRegions") or []
    found = [arn for region in regions for arn in _FINDERS[p["AssetType"]](Scope(scope.account, region))]
    items, token = page("ListAssetsForLicenseAssetGroup", found, p, settings_of(scope))
    return {"Assets": [{"AssetArn": arn, "LatestAssetDiscoveryTime": time.time()} for arn in items], "NextToken": token}


def _instances(scope: Scope) -> Iterator[str]:
    seeded = [arn for arn in state_of(scope).resources if _INSTANCE.fullmatch(arn)]
    with hooks.in_scope(scope):
        held = [scope.arn("ec2", f"instance/{each}") for each in hooks.instance_ids()]
    for arn in dict.fromkeys([*seeded, *held]):
        resource = resources.find(scope, arn)
        if resource is not None and not resource.gone:
            yield arn


def _licenses(scope: Scope) -> Iterator[str]:
    """The account's own, each in its home Region although all Regions know it: a guess. Granted ones are not among them."""
    return (one.arn for one in issued_by(scope).licenses.values() if one.home_region == scope.region and one.status != "DELETED")


def _configurations(scope: Scope) -> Iterator[str]:
    return iter(list(state_of(scope).configurations))


_FINDERS: dict[str, Callable[[Scope], Iterator[str]]] = {
    "Instance": _instances, "License": _licenses, "LicenseConfiguration": _configurations}
