"""Resource shares."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, field

from ..scope import Scope
from ..state import ScopedState


@dataclass
class Share:
    arn: str
    name: str
    owner: str
    allow_external_principals: bool = True
    tags: dict[str, str] = field(default_factory=dict)
    resources: dict[str, float] = field(default_factory=dict)
    principals: dict[str, float] = field(default_factory=dict)
    permissions: list[str] = field(default_factory=list)
    status: str = "ACTIVE"
    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)


_shares: ScopedState[dict[str, Share]] = ScopedState(dict)


def shares_of(scope: Scope) -> dict[str, Share]:
    return _shares.of(scope)


def active_shares(region: str) -> list[tuple[Scope, Share]]:
    return [(scope, share) for scope, shares in _shares.items() for share in shares.values()
            if scope.region == region and share.status == "ACTIVE"]


def timestamp(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Waiting:
    """How many more attempts to share with the organization are refused."""

    count: int = 0


_waiting: ScopedState[Waiting] = ScopedState(Waiting)


def attempts_to_wait(account: str) -> Waiting:
    return _waiting.of(Scope(account, ""))
