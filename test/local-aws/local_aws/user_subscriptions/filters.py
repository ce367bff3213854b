"""Filters of the lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..errors import ServiceError

T = TypeVar("T")
# The model's text has eq, geq and leq as examples, samples have Equals.
_EQUAL = ("eq", "equal", "equals")


def select(found: list[T], p: dict[str, Any], known: dict[str, Callable[[T], Any]]) -> list[T]:
    """What all filters let pass. That nothing but equality is taken is a guess."""
    for entry in p.get("Filters") or []:
        attribute, operation = entry.get("Attribute"), str(entry.get("Operation", ""))
        if attribute not in known:
            raise ServiceError("ValidationException", f"There is no filter {attribute}. Valid filters: {', '.join(known)}.")
        if operation.lower() not in _EQUAL:
            raise ServiceError("ValidationException", f"The filter {attribute} has no operation '{operation}'.")
        found = [one for one in found if known[attribute](one) == entry.get("Value")]
    return found
