"""What License Manager holds in an account and Region."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from ..scope import Scope
from ..state import ScopedState


@dataclass
class Association:
    """A license configuration on a resource."""

    resource_arn: str
    resource_type: str
    resource_owner: str
    time: float = field(default_factory=time.time)
    ami_association_scope: str | None = None
    # Made by automated discovery: cannot be taken off by hand, and consumes what discovery found.
    discovered: bool = False
    consumed_licenses: int | None = None


@dataclass
class Failure:
    """An operation that License Manager reported as failed after it had answered."""

    resource_arn: str
    resource_type: str
    resource_owner: str
    message: str
    operation: str
    time: float = field(default_factory=time.time)


@dataclass
class LicenseConfiguration:
    """A self-managed license."""

    id: str
    arn: str
    owner: str
    name: str
    counting_type: str
    description: str | None = None
    count: int | None = None
    hard_limit: bool = False
    rules: list[str] = field(default_factory=list)
    expiry: int | None = None
    disassociate_when_not_found: bool = False
    products: list[dict[str, Any]] = field(default_factory=list)
    status: str = "AVAILABLE"
    tags: dict[str, str] = field(default_factory=dict)
    associations: list[Association] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def association(self, resource_arn: str) -> Association | None:
        return next((a for a in self.associations if a.resource_arn == resource_arn), None)


@dataclass
class ReportGenerator:
    """A usage report."""

    id: str
    arn: str
    owner: str
    name: str
    types: list[str]
    context: dict[str, Any]
    frequency: dict[str, Any]
    bucket: str
    client_token: str
    description: str = ""
    created: float = field(default_factory=time.time)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class LicenseAssetRuleset:
    """What belongs to a product."""

    arn: str
    name: str
    rules: list[dict[str, Any]]
    client_token: str
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class LicenseAssetGroup:
    """The instances and licenses of a product."""

    arn: str
    name: str
    configurations: list[dict[str, Any]]
    rulesets: list[str]
    client_token: str
    description: str = ""
    properties: list[dict[str, str]] = field(default_factory=list)
    status: str = "ACTIVE"
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class SeededResource:
    """A resource that a test declares, where EC2 itself does not hold it."""

    arn: str
    state: str = "available"
    instance_type: str = "m5.large"
    tenancy: str = "default"
    vcpus: int | None = None
    cores: int | None = None
    sockets: int | None = None
    owner: str | None = None


@dataclass
class LicenseManagerState:
    configurations: dict[str, LicenseConfiguration] = field(default_factory=dict)
    reports: dict[str, ReportGenerator] = field(default_factory=dict)
    # The bucket that License Manager has made for want of another.
    bucket: str | None = None
    asset_rulesets: dict[str, LicenseAssetRuleset] = field(default_factory=dict)
    asset_groups: dict[str, LicenseAssetGroup] = field(default_factory=dict)
    resources: dict[str, SeededResource] = field(default_factory=dict)
    # Resource ARN -> message: the next association of the resource is answered, then fails.
    late_failures: dict[str, str] = field(default_factory=dict)


_state: ScopedState[LicenseManagerState] = ScopedState(LicenseManagerState)


def state_of(scope: Scope) -> LicenseManagerState:
    return _state.of(scope)


def all_configurations() -> list[LicenseConfiguration]:
    return [c for _, state in _state.items() for c in state.configurations.values()]
