"""Brings the types into ministack's CloudFormation engine, and into Cloud Control."""

from __future__ import annotations

import json
from typing import Any

from .. import hooks
from ..errors import ServiceError
from . import schema
from .delete_first import DeleteFirstType
from .resource_type import ResourceType


def install(types: list[ResourceType]) -> None:
    for resource_type in types:
        _install_type(resource_type)
    hooks.refuse_unrecognized_types(
        lambda type_name: type_name in {t.type_name for t in types} and not schema.is_available(type_name, hooks.current_scope().region))
    hooks.see_changes_of_outputs()
    hooks.see_operations_in_progress()
    hooks.guard_exports()
    hooks.keep_what_failures_need()
    hooks.know_pseudo_parameters_in_conditions()
    hooks.wrap_service("cloudcontrol", _CloudControl({t.type_name: t for t in types}))


def _install_type(resource_type: ResourceType) -> None:
    def create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
        scope = hooks.current_scope()
        try:
            identifier = resource_type.create(scope, resource_type.schema.validate(properties), f"{stack_name}-{logical_id}")
        except ServiceError as error:
            raise resource_type.failure(error) from None
        return identifier, resource_type.attributes(scope, identifier)

    def update(identifier: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        scope = hooks.current_scope()
        try:
            if resource_type.read(scope, identifier) is None:
                raise ServiceError("UnknownResourceException", f"Resource of type '{resource_type.type_name}' with identifier "
                                   f"'{identifier}' was not found.")
            before, after = resource_type.schema.validate(old), resource_type.schema.validate(new)
            if isinstance(resource_type, DeleteFirstType) and any(before.get(n) != after.get(n) for n in resource_type.schema.create_only):
                identifier = resource_type.replace(scope, identifier, after, stack)
            else:
                resource_type.update(scope, identifier, before, after)
        except ServiceError as error:
            raise resource_type.failure(error) from None
        return identifier, resource_type.attributes(scope, identifier)

    def delete(identifier: str, _properties: dict[str, Any]) -> None:
        try:
            resource_type.delete(hooks.current_scope(), identifier)
        except ServiceError as error:
            raise resource_type.failure(error) from None

    def adopt(identifiers: dict[str, str]) -> tuple[str, dict[str, Any]]:
        identifier = resource_type.schema.identify(identifiers)
        return identifier, resource_type.attributes(hooks.current_scope(), identifier)

    def import_problem(*parts: str) -> str | None:
        identifier = "|".join(parts)
        if resource_type.read(hooks.current_scope(), identifier) is not None:
            return None
        return f"Resource of type '{resource_type.type_name}' with identifier '{identifier}' was not found."

    hooks.add_cloudformation_type(
        resource_type.type_name,
        {"create": create, "update": update, "delete": delete, "import": adopt},
        # The engine would make the new resource first.
        create_only=() if resource_type.schema.delete_first else resource_type.schema.create_only,
        identifier=resource_type.schema.identifier,
        import_problem=import_problem,
        has_tags=resource_type.schema.taggable,
    )


class _CloudControl:
    """ListResources and GetResource of the types: what the CDK CLI asks for context lookups. The rest stays ministack's."""

    def __init__(self, types: dict[str, ResourceType]) -> None:
        self._types = types

    async def __call__(self, original: Any, method: str, path: str, headers: dict, body: bytes, query: dict) -> tuple[int, dict, bytes]:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        parameters = json.loads(body or b"{}")
        resource_type = self._types.get(parameters.get("TypeName", ""))
        if resource_type is None or operation not in ("ListResources", "GetResource"):
            answer: tuple[int, dict, bytes] = await original(method, path, headers, body, query)
            return answer
        scope = hooks.current_scope()
        if operation == "ListResources":
            found = [self._description(resource_type, properties) for properties in resource_type.list(scope)]
            return _json(200, {"TypeName": resource_type.type_name, "ResourceDescriptions": found})
        properties = resource_type.read(scope, parameters.get("Identifier", ""))
        if properties is None:
            return _json(400, {
                "__type": "ResourceNotFoundException",
                "Message": f"Resource of type '{resource_type.type_name}' with identifier '{parameters.get('Identifier')}' was not found."})
        return _json(200, {"TypeName": resource_type.type_name, "ResourceDescription": self._description(resource_type, properties)})

    @staticmethod
    def _description(resource_type: ResourceType, properties: dict[str, Any]) -> dict[str, str]:
        return {"Identifier": resource_type.schema.identify(properties), "Properties": json.dumps(properties)}


def _json(status: int, value: Any) -> tuple[int, dict, bytes]:
    return status, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(value).encode()
