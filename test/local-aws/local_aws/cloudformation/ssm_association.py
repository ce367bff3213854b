"""AWS::SSM::Association."""

from __future__ import annotations

from typing import Any

from .. import ssm_associations
from ..scope import Scope
from .resource_type import ResourceType, tag_map

_NAMES = (
    "Name", "DocumentVersion", "InstanceId", "Parameters", "ScheduleExpression", "Targets", "OutputLocation", "AutomationTargetParameterName", "MaxErrors",
    "MaxConcurrency", "ComplianceSeverity", "SyncCompliance", "ApplyOnlyAtCronInterval", "CalendarNames", "ScheduleOffset", "AssociationName")


class AssociationType(ResourceType):
    type_name = "AWS::SSM::Association"
    service_name = "Ssm"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        tags = [{"Key": key, "Value": value} for key, value in tag_map(properties.get("Tags")).items()]
        made = self.call("ssm", "CreateAssociation", {**_parameters(properties), **({"Tags": tags} if tags else {})})
        return str(made["AssociationDescription"]["AssociationId"])

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        if _parameters(old) != _parameters(new):
            self.call("ssm", "UpdateAssociation", {"AssociationId": identifier, **_parameters(new)})

    def delete(self, scope: Scope, identifier: str) -> None:
        if identifier in ssm_associations.associations_of(scope):
            self.call("ssm", "DeleteAssociation", {"AssociationId": identifier})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        found = ssm_associations.associations_of(scope).get(identifier)
        return None if found is None else {**found, "AssociationId": identifier}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [found for each in ssm_associations.associations_of(scope) if (found := self.read(scope, each)) is not None]


def _parameters(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: properties[name] for name in _NAMES if name in properties}
