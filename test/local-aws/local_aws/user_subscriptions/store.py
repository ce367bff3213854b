"""License server endpoints, identity providers, subscriptions of users, instances, and who uses them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from ..scope import Scope
from ..state import ScopedState
from .progress import Lasting


@dataclass
class Endpoint:
    id: str
    arn: str
    identity_provider_arn: str
    secret_id: str
    address: str
    tags: dict[str, str] = field(default_factory=dict)
    created: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.timezone.utc))


@dataclass
class Provider(Lasting):
    """A directory that is registered for a product."""

    arn: str
    product: str
    # As it was registered, with its id.
    directory: dict[str, Any]
    subnets: list[str]
    security_group: str
    owner: str
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def directory_id(self) -> str:
        return str(self.directory["DirectoryId"])


@dataclass
class Subscription(Lasting):
    """A user who is subscribed to a product, or was."""

    arn: str
    username: str
    domain: str | None
    product: str
    directory: dict[str, Any]
    started: str
    tags: dict[str, str] = field(default_factory=dict)
    ended: str | None = None

    @property
    def directory_id(self) -> str:
        return str(self.directory["DirectoryId"])

    @property
    def is_live(self) -> bool:
        return self.phase not in ("subscriptionFailed", "unsubscribed")

    @property
    def is_on(self) -> bool:
        return self.phase in ("subscribed", "unsubscriptionFailed")


@dataclass
class Instance(Lasting):
    """An instance that provides products."""

    id: str
    directory_id: str
    products: list[str]


@dataclass
class UserAssociation(Lasting):
    """A user who uses an instance, or has used it."""

    arn: str
    username: str
    domain: str | None
    instance_id: str
    directory: dict[str, Any]
    since: str
    tags: dict[str, str] = field(default_factory=dict)
    until: str | None = None

    @property
    def is_live(self) -> bool:
        return self.phase not in ("associationFailed", "disassociated")


@dataclass
class UserSubscriptions:
    """What an account has in a Region; each by its ARN, an instance by its id."""

    providers: dict[str, Provider] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)
    associations: dict[str, UserAssociation] = field(default_factory=dict)


_endpoints: ScopedState[dict[str, Endpoint]] = ScopedState(dict)
_state: ScopedState[UserSubscriptions] = ScopedState(UserSubscriptions)


def endpoints_of(scope: Scope) -> dict[str, Endpoint]:
    return _endpoints.of(scope)


def all_user_subscriptions() -> list[tuple[Scope, UserSubscriptions]]:
    return list(_state.items())


def user_subscriptions_of(scope: Scope) -> UserSubscriptions:
    return _state.of(scope)
