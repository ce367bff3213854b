"""AWS::Athena::NamedQuery."""

from __future__ import annotations

from typing import Any

from .. import hooks
from ..errors import invalid_parameter
from ..scope import Scope
from .resource_type import ResourceType

_MEMBERS = {"Database": "Database", "QueryString": "QueryString", "Name": "Name", "Description": "Description", "WorkGroup": "WorkGroup"}


class NamedQueryType(ResourceType):
    """Athena keeps queries of databases that are not there; that the workgroup has to be is told by its errors. Both are asked for here: stricter."""

    type_name = "AWS::Athena::NamedQuery"
    service_name = "Athena"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        values = {"Name": default_name, **{name: properties[name] for name in _MEMBERS if name in properties}}
        if not hooks.workgroup_exists(values.get("WorkGroup", "primary")):
            raise invalid_parameter(f"WorkGroup {values['WorkGroup']} is not found.")
        if not hooks.glue_database_exists(values["Database"]):
            raise invalid_parameter(f"Database {values['Database']} is not found.")
        return hooks.create_named_query(values)

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """All of it is replaced."""

    def delete(self, scope: Scope, identifier: str) -> None:
        hooks.delete_named_query(identifier)

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        return hooks.find_named_query(identifier)

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [{"NamedQueryId": each} for each in hooks.named_query_ids()]
