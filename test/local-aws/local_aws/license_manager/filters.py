"""Filters of the lists of seller-issued licenses and grants."""

from __future__ import annotations

from typing import Any

from ..errors import invalid_parameter


def filtered(name: str | None, known: dict[str, Any]) -> Any:
    """What a filter looks at."""
    if name not in known:
        raise invalid_parameter(f"Filter '{name}' is not valid. Valid filters: {', '.join(known)}.")
    return known[name]
