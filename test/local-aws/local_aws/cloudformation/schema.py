"""The published CloudFormation schemas, as cfn-lint carries them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import cfnlint

# What cfn-lint reads the patterns with: those of some types have classes of Unicode.
import regex

from ..errors import ServiceError

_SCHEMAS = Path(cfnlint.__file__).parent / "data" / "schemas"


class Schema:
    """What a type takes and gives."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.type_name: str = document["typeName"]
        self.create_only = self._top_level("createOnlyProperties")
        self.read_only = self._top_level("readOnlyProperties")
        self.identifier = self._top_level("primaryIdentifier")
        self.delete_first = document.get("replacementStrategy") == "delete_then_create"
        self.taggable = bool(document.get("tagging", {}).get("taggable"))

    def _top_level(self, list_name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path.split("/")[2] for path in self.document.get(list_name, [])))

    def identify(self, properties: dict[str, Any]) -> str:
        """The primary identifier; CloudFormation joins the parts of one that has several."""
        return "|".join(properties[name] for name in self.identifier)

    def validate(self, properties: dict[str, Any]) -> dict[str, Any]:
        """The properties with their types, if the schema allows them.

        CloudFormation takes numbers and booleans also as strings, which is what references to attributes give.
        """
        problems: list[str] = []
        for name in self.read_only:
            if name in properties and name not in self.identifier:
                problems.append(f"#: extraneous key [{name}] is not permitted")
        typed = self._walk(self.document, properties, "#", problems)
        if problems:
            intro = f"Properties validation failed for resource of type {self.type_name} with message:\n"
            raise ServiceError("ValidationError", intro + "\n".join(problems))
        return typed

    def _walk(self, rule: dict[str, Any], value: Any, path: str, problems: list[str]) -> Any:
        if "$ref" in rule:
            rule = self.document["definitions"][rule["$ref"].rpartition("/")[2]]
        kind = rule.get("type") or ("object" if "properties" in rule else None)
        typed, fits = _coerce(kind if isinstance(kind, str) else None, value)
        if not fits:
            problems.append(f"{path}: expected type: {str(kind).capitalize()}, found: {type(value).__name__}")
            return value
        if isinstance(typed, dict) and "properties" in rule:
            return self._object(rule, typed, path, problems)
        if isinstance(typed, list):
            if rule.get("uniqueItems") and len({json.dumps(item, sort_keys=True) for item in typed}) != len(typed):
                problems.append(f"{path}: array items are not unique")
            return [self._walk(rule.get("items", {}), item, f"{path}/{index}", problems) for index, item in enumerate(typed)]
        _check_scalar(rule, typed, path, problems)
        return typed

    def _object(self, rule: dict[str, Any], value: dict[str, Any], path: str, problems: list[str]) -> dict[str, Any]:
        for name in rule.get("required", []):
            if name not in value:
                problems.append(f"{path}: required key [{name}] not found")
        known = rule["properties"]
        if rule.get("additionalProperties") is False:
            problems += [f"{path}: extraneous key [{name}] is not permitted" for name in value if name not in known]
        return {name: self._walk(known.get(name, {}), item, f"{path}/{name}", problems) for name, item in value.items()}


def _coerce(kind: str | None, value: Any) -> tuple[Any, bool]:
    if kind in ("integer", "number") and isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return (int(value) if kind == "integer" and "." not in value else float(value)), kind == "number" or "." not in value
    if kind == "boolean" and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true", True
    if kind == "string" and isinstance(value, (bool, int, float)):
        return (str(value).lower() if isinstance(value, bool) else str(value)), True
    types: dict[str, Any] = {
        "integer": int, "number": (int, float), "boolean": bool, "string": str, "array": list, "object": dict}
    if kind not in types:
        return value, True
    return value, isinstance(value, types[kind]) and not (isinstance(value, bool) and kind in ("integer", "number"))


def _check_scalar(rule: dict[str, Any], value: Any, path: str, problems: list[str]) -> None:
    if "enum" in rule and value not in rule["enum"]:
        problems.append(f"{path}: #: {value} is not a valid enum value")
    if isinstance(value, str):
        # CloudFormation adds its own tags after the validation; here they are there already.
        is_system_tag = value.startswith("aws:cloudformation:")
        if "pattern" in rule and not is_system_tag and not regex.search(rule["pattern"], value):
            problems.append(f"{path}: failed validation constraint for keyword [pattern]")
        if len(value) < rule.get("minLength", 0) or len(value) > rule.get("maxLength", len(value)):
            problems.append(f"{path}: failed validation constraint for keyword [minLength/maxLength]")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < rule.get("minimum", value) or value > rule.get("maximum", value):
            problems.append(f"{path}: failed validation constraint for keyword [minimum/maximum]")


@cache
def _types_of_region(region: str) -> dict[str, str]:
    path = _SCHEMAS / "providers" / f"{region}.json"
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return found


def is_available(type_name: str, region: str) -> bool:
    """Whether CloudFormation has the type in the Region: young types reach one Region after another."""
    return type_name in _types_of_region(region)


@cache
def load(type_name: str, region: str = "us-east-1") -> Schema:
    name = _types_of_region(region)[type_name]
    return Schema(json.loads((_SCHEMAS / "resources" / f"{name}.json").read_text()))
