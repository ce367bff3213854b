"""Requests and responses as botocore's service models describe them.

With the few members that the installed version does not have yet, the models are the ones that AWS publishes with its SDKs: shapes, required members, enums, ranges, patterns and errors.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StringShape, StructureShape

from . import newer
from .errors import ServiceError

_loader = Loader()


class ModelMismatch(AssertionError):
    """The local AWS itself made an answer that the service's model does not know: a fault of the local AWS."""


def load(service: str) -> ServiceModel:
    return ServiceModel(newer.completed(service, _loader.load_service_model(service, "service-2")), service)


def declared_errors(operation: OperationModel) -> list[str]:
    return [shape.name for shape in operation.error_shapes]


def constraint_error_code(operation: OperationModel) -> str:
    """What the operation answers when a member breaks a constraint of the model: the code that its model declares for it."""
    declared = declared_errors(operation)
    for code in ("ValidationException", "InvalidParameterValueException", "InvalidParameterException", "BadRequestException", "InvalidInputException"):
        if code in declared:
            return code
    return "ValidationException"


class _Violations:
    def __init__(self) -> None:
        self.constraints: list[str] = []
        self.unknown: list[str] = []
        self.types: list[str] = []


def validate_request(operation: OperationModel, parameters: Any) -> dict[str, Any]:
    """The parameters, if the model allows them.

    AWS ignores a member that it does not know; here it is an error, so that a misspelt parameter is found by a test.
    """
    if not isinstance(parameters, dict):
        raise ServiceError("SerializationException", "The request is not a JSON object")
    found = _Violations()
    if operation.input_shape is not None:
        _walk(operation.input_shape, parameters, "", found)
    if found.types:
        raise ServiceError("SerializationException", found.types[0])
    if found.unknown:
        raise ServiceError(constraint_error_code(operation), f"Unknown parameter(s) in {operation.name}: {', '.join(found.unknown)}")
    if found.constraints:
        count = len(found.constraints)
        text = f"{count} validation error{'s' if count > 1 else ''} detected: " + "; ".join(found.constraints)
        raise ServiceError(constraint_error_code(operation), text)
    return parameters


def _member(path: str, name: str) -> str:
    name = name[:1].lower() + name[1:]
    return f"{path}.{name}" if path else name


def _walk(shape: Shape, value: Any, path: str, found: _Violations) -> None:
    wrong_type = _type_violation(shape, value)
    if wrong_type:
        found.types.append(wrong_type)
    elif isinstance(shape, StructureShape):
        for name in value:
            if name not in shape.members:
                found.unknown.append(f"{path}.{name}" if path else name)
        for name in shape.required_members:
            if value.get(name) is None:
                found.constraints.append(
                    f"Value null at '{_member(path, name)}' failed to satisfy constraint: Member must not be null")
        for name, member in shape.members.items():
            if value.get(name) is not None:
                _walk(member, value[name], _member(path, name), found)
    elif isinstance(shape, ListShape):
        _check_size(shape, len(value), value, path, "length", found)
        for index, item in enumerate(value):
            _walk(shape.member, item, f"{path}.{index + 1}.member", found)
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            _walk(shape.key, key, f"{path}.key", found)
            _walk(shape.value, item, f"{path}.{key}", found)
    elif isinstance(shape, StringShape):
        _check_string(shape, value, path, found)
    elif shape.type_name in ("integer", "long", "float", "double"):
        _check_size(shape, value, value, path, "value", found)


def _type_violation(shape: Shape, value: Any) -> str | None:
    known: dict[str, tuple[Any, str]] = {
        "structure": (dict, "start of structure"), "list": (list, "list"), "map": (dict, "map"), "string": (str, "STRING_VALUE"),
        "boolean": (bool, "TRUE_VALUE or FALSE_VALUE"), "integer": (int, "NUMBER_VALUE"), "long": (int, "NUMBER_VALUE"),
        "float": ((int, float), "NUMBER_VALUE"), "double": ((int, float), "NUMBER_VALUE"),
        "timestamp": ((int, float, str), "timestamp"),
    }
    if shape.type_name not in known:
        return None
    types, text = known[shape.type_name]
    is_boolean_number = isinstance(value, bool) and shape.type_name != "boolean"
    if isinstance(value, types) and not is_boolean_number:
        return None
    if isinstance(value, str) and shape.type_name != "structure":
        return f"STRING_VALUE cannot be converted to {shape.type_name.capitalize()}"
    return f"Unexpected value {value!r}: expected {text}"


def _check_size(shape: Shape, size: float, value: Any, path: str, what: str, found: _Violations) -> None:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        found.constraints.append(_constraint(value, path, f"Member must have {what} greater than or equal to {low}"))
    if high is not None and size > high:
        found.constraints.append(_constraint(value, path, f"Member must have {what} less than or equal to {high}"))


def _check_string(shape: StringShape, value: str, path: str, found: _Violations) -> None:
    _check_size(shape, len(value), value, path, "length", found)
    if shape.enum and value not in shape.enum:
        found.constraints.append(_constraint(value, path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"))
    pattern = shape.metadata.get("pattern")
    # Python has no Unicode properties in patterns: what takes letters of all languages is not checked.
    if pattern and "\\p{" not in pattern and not re.search(pattern, value):
        found.constraints.append(_constraint(value, path, f"Member must satisfy regular expression pattern: {pattern}"))


def _constraint(value: Any, path: str, text: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: {text}"


def shape_response(operation: OperationModel, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as the wire carries it: members without a value left out, times in seconds since 1970."""
    if operation.output_shape is None:
        return {}
    return _serialize(operation.output_shape, answer, operation.name)


def _serialize(shape: Shape, value: Any, path: str) -> Any:
    if isinstance(shape, StructureShape):
        unknown = set(value) - set(shape.members)
        if unknown:
            raise ModelMismatch(f"{path} has no member {', '.join(sorted(unknown))}")
        return {k: _serialize(shape.members[k], v, f"{path}.{k}") for k, v in value.items() if v is not None}
    if isinstance(shape, ListShape):
        return [_serialize(shape.member, item, path) for item in value]
    if isinstance(shape, MapShape):
        return {k: _serialize(shape.value, v, path) for k, v in value.items()}
    if shape.type_name == "timestamp":
        return value.timestamp() if isinstance(value, datetime.datetime) else value
    wrong_type = _type_violation(shape, value)
    if wrong_type:
        raise ModelMismatch(f"{path}: {wrong_type}")
    return value
