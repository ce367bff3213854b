"""Paging of the list operations."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from .errors import ServiceError
from .settings import Settings


def page(operation: str, items: Sequence[Any], parameters: dict[str, Any], settings: Settings) -> tuple[list[Any], str | None]:
    """One page of the items, and the token of the next one.

    With `Settings.emptyPages` a list starts with an empty page that has a token all the same, as AWS allows every list to do.
    """
    size = settings.pageSize
    if parameters.get("MaxResults") is not None:
        if parameters["MaxResults"] < 1:
            raise ServiceError("InvalidParameterValueException", f"MaxResults must be a positive number, not {parameters['MaxResults']}")
        size = min(size, parameters["MaxResults"])
    token = parameters.get("NextToken")
    if token is None and settings.emptyPages:
        return [], _token(operation, 0)
    start = 0 if token is None else _start(operation, token)
    end = start + size
    return list(items[start:end]), _token(operation, end) if end < len(items) else None


def _token(operation: str, start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([operation, start]).encode()).decode()


def _start(operation: str, token: str) -> int:
    try:
        issued_by, start = json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        issued_by, start = None, 0
    if issued_by != operation or not isinstance(start, int):
        raise ServiceError("InvalidParameterValueException", f"The NextToken {token!r} is not one that {operation} returned")
    return start
