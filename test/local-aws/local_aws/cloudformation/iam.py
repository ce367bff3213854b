"""AWS::IAM::RolePolicy."""

from __future__ import annotations

from typing import Any

from .. import hooks
from ..scope import Scope
from .resource_type import ResourceType


class RolePolicyType(ResourceType):
    type_name = "AWS::IAM::RolePolicy"
    service_name = "Iam"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        hooks.put_role_policy(properties["RoleName"], properties["PolicyName"], properties["PolicyDocument"])
        return f"{properties['PolicyName']}|{properties['RoleName']}"

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        hooks.put_role_policy(new["RoleName"], new["PolicyName"], new["PolicyDocument"])

    def delete(self, scope: Scope, identifier: str) -> None:
        policy, role = identifier.split("|")
        hooks.delete_role_policy(role, policy)

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        policy, role = identifier.split("|")
        return {"RoleName": role, "PolicyName": policy}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return []
