"""License server endpoints."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from ..scope import Scope
from ..state import ScopedState


@dataclass
class Endpoint:
    id: str
    arn: str
    identity_provider_arn: str
    secret_id: str
    address: str
    tags: dict[str, str] = field(default_factory=dict)
    created: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.timezone.utc))


_endpoints: ScopedState[dict[str, Endpoint]] = ScopedState(dict)


def endpoints_of(scope: Scope) -> dict[str, Endpoint]:
    return _endpoints.of(scope)
