"""AWS::EC2::SecurityGroupIngress and AWS::EC2::SecurityGroupEgress: the rules of security groups that a stack does not have itself."""

from __future__ import annotations

import secrets
from typing import Any

from .. import hooks
from ..errors import ServiceError
from ..scope import Scope
from ..settings import settings_of
from ..state import ScopedState
from .resource_type import ResourceType


# Direction and rule, by id.
_rules: ScopedState[dict[str, tuple[str, dict[str, Any]]]] = ScopedState(dict)


class _SecurityGroupRuleType(ResourceType):
    service_name = "Ec2"
    direction: str

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        rules = _rules.of(scope)
        group = properties.get("GroupId")
        if group not in settings_of(scope).securityGroups and not hooks.security_group_exists(str(group)):
            raise ServiceError("InvalidGroup.NotFound", f"The security group '{group}' does not exist")
        meaning = {name: value for name, value in properties.items() if name != "Description"}
        if any(direction == self.direction and {k: v for k, v in rule.items() if k != "Description"} == meaning
               for direction, rule in rules.values()):
            raise ServiceError("InvalidPermission.Duplicate", "the specified rule already exists")
        identifier = f"sgr-{secrets.token_hex(9)[:17]}"
        rules[identifier] = (self.direction, properties)
        return identifier

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        _rules.of(scope)[identifier] = (self.direction, new)

    def delete(self, scope: Scope, identifier: str) -> None:
        _rules.of(scope).pop(identifier, None)

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        found = _rules.of(scope).get(identifier)
        return None if found is None else {**found[1], "Id": identifier}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [{"Id": identifier} for identifier, (direction, _) in _rules.of(scope).items() if direction == self.direction]


class SecurityGroupIngressType(_SecurityGroupRuleType):
    type_name = "AWS::EC2::SecurityGroupIngress"
    direction = "ingress"


class SecurityGroupEgressType(_SecurityGroupRuleType):
    type_name = "AWS::EC2::SecurityGroupEgress"
    direction = "egress"
