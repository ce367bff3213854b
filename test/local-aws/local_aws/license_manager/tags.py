"""Tags of what License Manager holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ..errors import ServiceError, invalid_parameter
from ..scope import Arn, Scope
from . import asset_groups, asset_rulesets, configurations, issued, reports

_MOST = 50


class Tagged(Protocol):
    """What has an ARN and tags."""

    arn: str
    tags: dict[str, str]


def _finders() -> dict[str, Callable[..., Tagged]]:
    """The type of a resource in its ARN -> what finds it, if the account may read it, or change it. Those modules import this one."""
    return {
        "grant": issued.find_grant,
        "license": issued.find_license,
        "license-asset-group": asset_groups.find,
        "license-asset-ruleset": asset_rulesets.find,
        "license-configuration": configurations.find,
        "report-generator": reports.find,
    }


def _find(scope: Scope, text: str, *, for_change: bool = False) -> Tagged:
    arn = Arn.parse(text)
    kind = arn.resource.partition(":")[0] if arn is not None and arn.service == "license-manager" else ""
    finder = _finders().get(kind)
    if finder is None:
        raise invalid_parameter(f"Resource ARN '{text}' is not valid.")
    return finder(scope, text, for_change=for_change)


def as_map(tags: list[dict[str, Any]]) -> dict[str, str]:
    keys = [tag.get("Key") for tag in tags]
    if len(set(keys)) != len(keys):
        raise invalid_parameter("A tag key is given more than once.")
    return {tag.get("Key") or "": tag.get("Value") or "" for tag in tags}


def as_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def check(tags: dict[str, str]) -> None:
    for key, value in tags.items():
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise ServiceError("ValidationException", f"The tag '{key}' is not valid: a key has 1 to 128 characters, a value at most 256.")
    if len([key for key in tags if not key.startswith("aws:")]) > _MOST:
        raise ServiceError("ValidationException", f"A resource has at most {_MOST} tags.")


def _refuse_system_tags(keys: Any) -> None:
    reserved = [key for key in keys if key.lower().startswith("aws:")]
    if reserved:
        raise ServiceError("ValidationException", f"Tag keys must not start with aws: ({', '.join(reserved)}).")


def tag_resource(scope: Scope, p: dict[str, Any]) -> None:
    resource = _find(scope, p["ResourceArn"], for_change=True)
    new = as_map(p["Tags"])
    _refuse_system_tags(new)
    merged = {**resource.tags, **new}
    check(merged)
    resource.tags = merged


def untag_resource(scope: Scope, p: dict[str, Any]) -> None:
    resource = _find(scope, p["ResourceArn"], for_change=True)
    _refuse_system_tags(p["TagKeys"])
    resource.tags = {k: v for k, v in resource.tags.items() if k not in p["TagKeys"]}


def list_tags(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    return {"Tags": as_list(_find(scope, p["ResourceArn"]).tags)}
