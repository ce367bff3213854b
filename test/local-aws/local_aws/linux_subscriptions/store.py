"""Registered subscription providers."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..scope import Scope
from ..state import ScopedState


@dataclass
class Provider:
    arn: str
    source: str
    secret_arn: str
    tags: dict[str, str] = field(default_factory=dict)
    status: str = "PENDING"
    message: str | None = None
    last_retrieval: str | None = None


_providers: ScopedState[dict[str, Provider]] = ScopedState(dict)


def providers_of(scope: Scope) -> dict[str, Provider]:
    return _providers.of(scope)
