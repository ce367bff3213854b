"""Groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..errors import ServiceError
from ..scope import Arn, Scope
from ..state import ScopedState


@dataclass
class Group:
    arn: str
    name: str
    description: str = ""
    configuration: list[dict[str, Any]] = field(default_factory=list)
    # ARNs, in the order in which they came.
    members: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    def values(self, item_type: str, name: str) -> list[str]:
        """The values of a parameter of the configuration; none if it is not there."""
        for item in self.configuration:
            for parameter in item.get("Parameters") or [] if item["Type"] == item_type else []:
                if parameter["Name"] == name:
                    return list(parameter.get("Values") or [])
        return []


_groups: ScopedState[dict[str, Group]] = ScopedState(dict)


def groups_of(scope: Scope) -> dict[str, Group]:
    """By name."""
    return _groups.of(scope)


def find(scope: Scope, name_or_arn: str) -> Group | None:
    """A group of the account, or, by its ARN, of another one in the Region."""
    arn = Arn.parse(name_or_arn)
    if arn is None:
        return groups_of(scope).get(name_or_arn)
    return groups_of(Scope(arn.account, arn.region)).get(arn.resource.removeprefix("group/"))


def existing(scope: Scope, name_or_arn: str) -> Group:
    group = find(scope, name_or_arn)
    if group is None or groups_of(scope).get(group.name) is not group:
        raise ServiceError("NotFoundException", f"Cannot find group: {name_or_arn}", 404)
    return group
