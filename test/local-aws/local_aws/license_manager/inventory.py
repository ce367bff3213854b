"""The inventory of resources: the instances of the account and Region that AWS Systems Manager has an inventory of.

Which of the documented filters takes which condition is in a sentence of the API reference; values are compared as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import ec2_billing, hooks
from ..errors import ServiceError, invalid_parameter
from ..paging import page
from ..scope import Scope
from ..settings import settings_of

_LICENSES_INCLUDED = {
    "sql-server-enterprise": "RunInstances:0102", "sql-server-standard": "RunInstances:0006", "sql-server-web": "RunInstances:0202",
    "windows-server-datacenter": "RunInstances:0002"}
_CONDITIONS: dict[str, Callable[[str, str], bool]] = {
    "EQUALS": lambda found, value: found == value, "NOT_EQUALS": lambda found, value: found != value,
    "BEGINS_WITH": lambda found, value: found.startswith(value), "CONTAINS": lambda found, value: value in found}


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    if not settings_of(scope).resourceInventory:
        raise ServiceError("FailedDependencyException", "Resource inventory is not set up in this account.")
    with hooks.in_scope(scope):
        found = [it for it in map(lambda each: _describe(scope, each), sorted(hooks.instance_ids())) if it is not None]
        for entry in p.get("Filters") or []:
            found = [it for it in found if _fits(it, entry)]
    items, token = page("ListResourceInventory", found, p, settings_of(scope))
    return {"ResourceInventoryList": items, "NextToken": token}


def _describe(scope: Scope, instance_id: str) -> dict[str, Any] | None:
    instance = hooks.find_instance(instance_id)
    if instance is None or not instance.get("Inventory", True) or instance["State"]["Name"] in ("shutting-down", "terminated"):
        return None
    operation = ec2_billing.usage_operation(instance)
    windows = operation not in ("RunInstances", "RunInstances:0010", "RunInstances:00g0", "RunInstances:0g00")
    return {
        "ResourceId": instance_id, "ResourceType": "EC2_INSTANCE", "ResourceArn": scope.arn("ec2", f"instance/{instance_id}"),
        "Platform": "Windows" if windows else "Linux", "PlatformVersion": "10.0.20348" if windows else "2023", "ResourceOwningAccountId": scope.account,
        "MarketplaceProductCodes": ec2_billing.product_codes(instance), "UsageOperation": operation, "AmiId": instance["ImageId"],
        "HostId": (instance.get("Placement") or {}).get("HostId"), "Region": scope.region, "InstanceType": instance["InstanceType"]}


def _fits(described: dict[str, Any], entry: dict[str, Any]) -> bool:
    name, condition, value = entry["Name"], entry["Condition"], entry.get("Value") or ""
    if name.startswith("tag:"):
        found = hooks.ec2_tags(described["ResourceId"]).get(name[4:], "")
    elif name in ("account_id", "platform", "resource_id"):
        found = described[{"account_id": "ResourceOwningAccountId", "platform": "Platform", "resource_id": "ResourceId"}[name]]
    elif name == "license_included":
        value, found = _LICENSES_INCLUDED.get(value, value), described["UsageOperation"]
    elif name == "application_name":
        # What is installed is not modelled.
        found = ""
    else:
        raise invalid_parameter(f"Filter '{name}' is not valid.")
    return _CONDITIONS[condition](found, value)
