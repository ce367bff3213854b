"""AWS::Organizations::Policy."""

from __future__ import annotations

import json
from typing import Any

from ..errors import ServiceError
from ..organizations.policies import policies_of
from ..organizations.store import organization_of
from ..scope import Scope
from .resource_type import ResourceType, tag_map

_SERVICE = "organizations"


class PolicyType(ResourceType):
    type_name = "AWS::Organizations::Policy"
    service_name = "Organizations"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        answer = self.call(_SERVICE, "CreatePolicy", {
            "Name": properties["Name"], "Description": properties.get("Description", ""), "Type": properties["Type"], "Content": _content(properties),
            "Tags": properties.get("Tags", [])})
        identifier = str(answer["Policy"]["PolicySummary"]["Id"])
        try:
            self._attach(identifier, [], properties.get("TargetIds", []))
        except ServiceError:
            self.delete(scope, identifier)
            raise
        return identifier

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.call(_SERVICE, "UpdatePolicy", {
            "PolicyId": identifier, "Name": new["Name"], "Description": new.get("Description", ""), "Content": _content(new)})
        self._attach(identifier, old.get("TargetIds", []), new.get("TargetIds", []))
        policy, old_tags = policies_of(_organization(scope))[identifier], tag_map(old.get("Tags"))
        policy.tags = {**{key: value for key, value in policy.tags.items() if key not in old_tags}, **tag_map(new.get("Tags"))}

    def _attach(self, identifier: str, old: list[str], new: list[str]) -> None:
        for target in (each for each in new if each not in old):
            self.call(_SERVICE, "AttachPolicy", {"PolicyId": identifier, "TargetId": target})
        for target in (each for each in old if each not in new):
            self.call(_SERVICE, "DetachPolicy", {"PolicyId": identifier, "TargetId": target})

    def delete(self, scope: Scope, identifier: str) -> None:
        organization = organization_of(scope.account)
        policy = policies_of(organization).get(identifier) if organization else None
        if policy is None:
            return
        for target in list(policy.targets):
            self.call(_SERVICE, "DetachPolicy", {"PolicyId": identifier, "TargetId": target})
        self.call(_SERVICE, "DeletePolicy", {"PolicyId": identifier})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        organization = organization_of(scope.account)
        policy = policies_of(organization).get(identifier) if organization else None
        if policy is None:
            return None
        return {
            **policy.summary, "Content": policy.content, "TargetIds": policy.targets,
            "Tags": [{"Key": key, "Value": value} for key, value in policy.tags.items() if not key.startswith("aws:")]}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        organization = organization_of(scope.account)
        return [{"Id": identifier} for identifier in policies_of(organization)] if organization else []


def _organization(scope: Scope) -> Any:
    return organization_of(scope.account)


def _content(properties: dict[str, Any]) -> str:
    """CloudFormation takes an object or a text."""
    content = properties["Content"]
    return content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))
