"""What CloudFormation does with custom resources and ministack does not.

- An answer that is too long, or lacks what the contract asks for, fails the resource.
- The function of a resource does not change: its update fails, and no function is called.
- A resource whose Create failed is sent a Delete when the stack rolls back, with the physical id of the failed answer, or with one that
  CloudFormation made up when there was no answer.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from .. import hooks

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
_LONGEST_RESPONSE = 4096
_LONGEST_PHYSICAL_ID = 1024

_answers: dict[tuple[str, str], dict[str, Any]] = {}
_failed_creates: dict[tuple[str, str], dict[str, Any]] = {}


def check_response(response: dict[str, Any]) -> dict[str, Any]:
    """The answer, or the failure that CloudFormation makes of it."""
    _answers[response.get("StackId", ""), response.get("LogicalResourceId", "")] = response
    problem = _problem(response)
    return response if problem is None else {**response, "Status": "FAILED", "Reason": problem}


def _problem(response: dict[str, Any]) -> str | None:
    if len(json.dumps(response, separators=(",", ":")).encode()) > _LONGEST_RESPONSE:
        return "Response object is too long."
    if response.get("Status") not in ("SUCCESS", "FAILED"):
        return "Invalid Status in the response of the custom resource."
    physical_id = response.get("PhysicalResourceId")
    if not isinstance(physical_id, str) or not 1 <= len(physical_id.encode()) <= _LONGEST_PHYSICAL_ID:
        return "Invalid PhysicalResourceId"
    missing = [name for name in ("StackId", "RequestId", "LogicalResourceId") if not response.get(name)]
    if missing:
        return f"The response of the custom resource has no {', '.join(missing)}."
    if response["Status"] == "FAILED" and not response.get("Reason"):
        return "The response of the custom resource has no Reason."
    return None


def problem_of_update(resource_type: str, old: dict[str, Any], new: dict[str, Any]) -> str | None:
    """The text is AWS's (aws-solutions/aws-waf-security-automations#114, cloudcomponents/cdk-constructs#197)."""
    if not (resource_type.startswith("Custom::") or resource_type == "AWS::CloudFormation::CustomResource"):
        return None
    return None if old.get("ServiceToken") == new.get("ServiceToken") else "Modifying service token is not allowed."


def before_create(stack_id: str, logical_id: str) -> None:
    _answers.pop((stack_id, logical_id), None)


def after_failed_create(stack_id: str, logical_id: str, resource_type: str, properties: dict[str, Any]) -> None:
    answered = _answers.get((stack_id, logical_id), {}).get("PhysicalResourceId")
    stack_name = stack_id.split("/")[1] if "/" in stack_id else stack_id
    _failed_creates[stack_id, logical_id] = {
        "PhysicalResourceId": answered or f"{stack_name}-{logical_id}-{uuid.uuid4().hex[:12].upper()}",
        "ResourceType": resource_type,
        "ResourceStatus": "CREATE_FAILED",
        "LogicalResourceId": logical_id,
        "Properties": properties,
        "Attributes": {},
    }


def before_roll_back(stack_id: str, stack: dict[str, Any], operation: dict[str, Any]) -> None:
    """Hands the resource whose Create failed to the engine's own roll-back, as the last one that was created."""
    logical_id = operation.get("failed_logical_id")
    record = _failed_creates.pop((stack_id, logical_id or ""), None)
    if record is not None:
        stack.setdefault("_resources", {})[logical_id] = record
        operation.setdefault("created", []).append(logical_id)


def install() -> None:
    hooks.refuse_updates(problem_of_update)
    hooks.around_custom_resources(check_response, before_create, after_failed_create, before_roll_back)
