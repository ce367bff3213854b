"""The operations on tags of the APIs that have them as a map: restJson1, with the ARN in the path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from .errors import ServiceError
from .json_service import Operation
from .scope import Scope


class Tagged(Protocol):
    tags: dict[str, str]


def tag_operations(find: Callable[[Scope, str], Tagged], arn: str, tags: str, keys: str) -> dict[str, Operation]:
    """The operations, by their names; the names of their members differ from API to API."""

    def tag(scope: Scope, p: dict[str, Any]) -> None:
        _refuse_system_tags(p[tags])
        resource = find(scope, p[arn])
        resource.tags = {**resource.tags, **p[tags]}

    def untag(scope: Scope, p: dict[str, Any]) -> None:
        _refuse_system_tags(p[keys])
        resource = find(scope, p[arn])
        resource.tags = {key: value for key, value in resource.tags.items() if key not in p[keys]}

    def list_tags(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
        return {tags: find(scope, p[arn]).tags}

    return {"TagResource": tag, "UntagResource": untag, "ListTagsForResource": list_tags}


def _refuse_system_tags(names: Any) -> None:
    reserved = [key for key in names if key.lower().startswith("aws:")]
    if reserved:
        raise ServiceError("ValidationException", f"Tag keys must not start with aws: ({', '.join(reserved)}).")
