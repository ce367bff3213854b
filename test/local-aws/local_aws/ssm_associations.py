"""Associations of AWS Systems Manager: which document is applied to which nodes, and when. Nothing is ever applied."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from .errors import ServiceError
from .scope import Scope
from .state import ScopedState

# User guide of Systems Manager, «Reference: Cron and rate expressions»: of associations, a rate is at least 30 minutes and less than 31 days.
_RATE = re.compile(r"rate\((\d+) (minutes?|hours?|days?)\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
_MAXIMUM_MINUTES = 31 * 1440

_associations: ScopedState[dict[str, dict[str, Any]]] = ScopedState(dict)


def associations_of(scope: Scope) -> dict[str, dict[str, Any]]:
    return _associations.of(scope)


def create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    _check(p)
    identifier = str(uuid.uuid4())
    _associations.of(scope)[identifier] = {name: value for name, value in p.items() if name != "Tags"}
    return {"AssociationDescription": _describe(identifier, p)}


def update(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """What is left out is taken away, as the API reference has it."""
    found = _find(scope, p["AssociationId"])
    changed = {name: value for name, value in p.items() if name != "AssociationId"}
    _check({"Name": found["Name"], **changed})
    found.clear()
    found.update(changed)
    return {"AssociationDescription": _describe(p["AssociationId"], found)}


def delete(scope: Scope, p: dict[str, Any]) -> None:
    _find(scope, p.get("AssociationId", ""))
    del _associations.of(scope)[p["AssociationId"]]


def describe(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    return {"AssociationDescription": _describe(p.get("AssociationId", ""), _find(scope, p.get("AssociationId", "")))}


def list_all(scope: Scope, _: dict[str, Any]) -> dict[str, Any]:
    summary = ("Name", "AssociationName", "Targets", "ScheduleExpression")
    return {"Associations": [
        {"AssociationId": identifier, **{name: found[name] for name in summary if name in found}} for identifier, found in associations_of(scope).items()]}


def _find(scope: Scope, identifier: str) -> dict[str, Any]:
    found = associations_of(scope).get(identifier)
    if found is None:
        raise ServiceError("AssociationDoesNotExist", "The specified association does not exist.")
    return found


def _check(p: dict[str, Any]) -> None:
    if "InstanceId" not in p and not p.get("Targets"):
        raise ServiceError("InvalidTarget", "An association needs targets.")
    expression = p.get("ScheduleExpression")
    if expression is not None and not expression.startswith(("cron(", "at(")):
        match = _RATE.fullmatch(expression)
        number = int(match[1]) if match else 0
        minutes = number * _MINUTES[match[2].rstrip("s")] if match else 0
        is_singular = match is not None and not match[2].endswith("s")
        if not 30 <= minutes < _MAXIMUM_MINUTES or is_singular != (number == 1):
            raise ServiceError("InvalidSchedule", f"Schedule expression {expression} is currently not accepted.")


def _describe(identifier: str, found: dict[str, Any]) -> dict[str, Any]:
    return {"AssociationId": identifier, "AssociationVersion": "1", "Date": time.time(), **{name: value for name, value in found.items() if name != "Tags"}}


OPERATIONS = {
    "CreateAssociation": create, "UpdateAssociation": update, "DeleteAssociation": delete, "DescribeAssociation": describe, "ListAssociations": list_all}
