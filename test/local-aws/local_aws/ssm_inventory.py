"""What the local AWS adds to AWS Systems Manager: associations, and GetInventory as far as license type conversion asks for it."""

from __future__ import annotations

from typing import Any

from . import hooks, ssm_associations
from .json_service import JsonService
from .scope import Scope
from .wire import Response


def get_inventory(_scope: Scope, parameters: dict[str, Any]) -> dict[str, Any]:
    wanted = [value for entry in parameters.get("Filters", []) if entry["Key"] == "AWS:InstanceInformation.InstanceId" for value in entry["Values"]]
    found = [it for it in wanted if (hooks.find_instance(it) or {}).get("Inventory")]
    return {"Entities": [{"Id": it, "Data": {}} for it in found]}


SERVICE = JsonService("ssm", {"GetInventory": get_inventory, **ssm_associations.OPERATIONS})


def install() -> None:
    async def handle(original: hooks.ServiceHandler, method: str, path: str, headers: dict, body: bytes, query: dict) -> Response:
        is_ours = headers.get("x-amz-target", "").rpartition(".")[2] in SERVICE.operations
        return await (SERVICE.handle if is_ours else original)(method, path, headers, body, query)

    hooks.wrap_service(SERVICE.name, handle)
