"""License type conversions."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from .. import ec2_billing, hooks
from ..errors import ServiceError, invalid_parameter
from ..paging import page
from ..scope import Arn, Scope
from ..settings import settings_of
from ..state import ScopedState

# User guide, «Conversion paths» and «Convert a license type for Linux»: from, to, which of the two has to have a product code.
_WINDOWS = ("0202", "0006", "0102")
_PATHS = {
    ("RunInstances:0800", "RunInstances:0002"): (False, False), ("RunInstances:0002", "RunInstances:0800"): (False, False),
    **{(f"RunInstances:{a}", f"RunInstances:{b}"): (False, False)
       for sql in _WINDOWS for a, b in (("0800", sql), ("0002", sql), (sql, "0002"), (sql, "0800"))},
    ("RunInstances", "RunInstances:0g00"): (False, False), ("RunInstances", "RunInstances:0010"): (True, False),
}


@dataclass
class Task:
    id: str
    arn: str
    source: dict[str, Any]
    destination: dict[str, Any]
    reads: int
    failure: str = ""
    status: str = "IN_PROGRESS"
    start: float = field(default_factory=time.time)
    converted: float | None = None
    end: float | None = None


_tasks: ScopedState[dict[str, Task]] = ScopedState(dict)


def create(scope: Scope, parameters: dict[str, Any]) -> dict[str, Any]:
    arn, source, destination = (parameters[name] for name in ("ResourceArn", "SourceLicenseContext", "DestinationLicenseContext"))
    instance_id, instance = _instance(scope, arn)
    if instance["State"]["Name"] != "stopped" or any(it.arn == arn and it.status == "IN_PROGRESS" for it in _tasks.of(scope).values()):
        raise invalid_parameter(f"ResourceId - {instance_id} is in an invalid state for changing license type.")
    # The codes and texts of the following are guesses, but for those that the guide shows: that they are checked, it says.
    if source.get("UsageOperation") != ec2_billing.usage_operation(instance) or _codes(source) != set(ec2_billing.product_codes(instance)):
        raise ServiceError("ValidationException", f"The source license context does not match the billing products of {instance_id}.")
    if not _is_path(source, destination):
        raise ServiceError("ValidationException", "The conversion between the license contexts is not supported.")
    if not instance.get("Inventory"):
        raise ServiceError("ValidationException", (
            f"Failed to validate that instance {instance_id} was launched from a BYOL AMI. Ensure that the SSM Agent is running on your instance."))
    settings = settings_of(scope)
    task = Task(
        f"lct-{secrets.token_hex(16)}", arn, source, destination, settings.conversionReads, settings.conversionFailures.get(instance_id, ""))
    if instance.get("StopProtection"):
        task.failure = f"EC2 instance {instance_id} failed to stop. Ensure that you have permissions for EC2 StopInstances."
    _tasks.of(scope)[task.id] = task
    # License Manager runs the instance for what it does in it.
    ec2_billing.set_state(instance, "running")
    return {"LicenseConversionTaskId": task.id}


def get(scope: Scope, parameters: dict[str, Any]) -> dict[str, Any]:
    task = _tasks.of(scope).get(parameters["LicenseConversionTaskId"])
    if task is None:
        raise invalid_parameter(f"License conversion task {parameters['LicenseConversionTaskId']} was not found.")
    _go_on(task)
    return _describe(task)


def list_all(scope: Scope, parameters: dict[str, Any]) -> dict[str, Any]:
    found = [_describe(task) for task in _tasks.of(scope).values()]
    for each in parameters.get("Filters", []):
        member = {"ResourceArns": "ResourceArn", "Status": "Status"}.get(each.get("Name"))
        if member is None:
            raise invalid_parameter(f"Filter '{each.get('Name')}' is not valid. Valid filters: ResourceArns, Status.")
        found = [it for it in found if it[member] in each.get("Values", [])]
    items, token = page("ListLicenseConversionTasks", found, parameters, settings_of(scope))
    return {"LicenseConversionTasks": items, **({"NextToken": token} if token else {})}


def forget(scope: Scope, instance_id: str) -> None:
    """What was converted of an instance in whose place a test has put another one."""
    tasks = _tasks.of(scope)
    for task in [it for it in tasks.values() if it.arn == scope.arn("ec2", f"instance/{instance_id}")]:
        del tasks[task.id]


def _go_on(task: Task) -> None:
    if task.status != "IN_PROGRESS":
        return
    instance = hooks.find_instance(task.arn.rpartition("/")[2])
    if instance is None or instance["State"]["Name"] in ("shutting-down", "terminated"):
        task.status, task.failure, task.end = "FAILED", "The instance was terminated.", time.time()
        return
    task.reads -= 1
    if task.reads >= 0:
        return
    task.end = time.time()
    ec2_billing.set_state(instance, "stopped")
    if task.failure:
        task.status = "FAILED"
        return
    task.status, task.converted = "SUCCEEDED", task.end
    instance["UsageOperation"] = task.destination["UsageOperation"]
    instance["ProductCodeIds"] = sorted(_codes(task.destination))


def _instance(scope: Scope, text: str) -> tuple[str, dict[str, Any]]:
    arn = Arn.parse(text)
    kind, _, instance_id = arn.resource.partition("/") if arn else ("", "", "")
    instance = hooks.find_instance(instance_id)
    if arn is None or arn.service != "ec2" or kind != "instance" or (arn.account, arn.region) != (scope.account, scope.region) or instance is None:
        raise invalid_parameter(f"Resource ARN '{text}' is not valid.")
    return instance_id, instance


def _codes(context: dict[str, Any]) -> set[str]:
    return {it["ProductCodeId"] for it in context.get("ProductCodes", [])}


def _is_path(source: dict[str, Any], destination: dict[str, Any]) -> bool:
    pair = (source.get("UsageOperation", ""), destination.get("UsageOperation", ""))
    if pair in (("RunInstances:0010", "RunInstances:00g0"), ("RunInstances:00g0", "RunInstances:0010")):
        return True
    return _PATHS.get(pair) == (bool(_codes(source)), bool(_codes(destination)))


def _describe(task: Task) -> dict[str, Any]:
    described = {
        "LicenseConversionTaskId": task.id, "ResourceArn": task.arn, "SourceLicenseContext": task.source,
        "DestinationLicenseContext": task.destination, "Status": task.status, "StartTime": task.start,
        "StatusMessage": task.failure if task.status == "FAILED" else None, "LicenseConversionTime": task.converted, "EndTime": task.end,
    }
    return {name: value for name, value in described.items() if value is not None}


# User guide, «Conversion prerequisites»: License Manager does all of this with the permissions of who converts. On which resources is not documented: on the
# instance in what stops and starts it.
_NEEDED = (
    "ssm:GetInventory", "ssm:StartAutomationExecution", "ssm:GetAutomationExecution", "ssm:SendCommand", "ssm:GetCommandInvocation",
    "ssm:DescribeInstanceInformation", "ec2:DescribeImages", "ec2:DescribeInstances", "license-manager:GetLicenseConversionTask",
    "license-manager:ListLicenseConversionTasks", "license-manager:GetLicenseConfiguration", "license-manager:ListUsageForLicenseConfiguration",
    "license-manager:ListLicenseSpecificationsForResource", "license-manager:ListAssociationsForLicenseConfiguration",
    "license-manager:ListLicenseConfigurations")


def dependent_permissions(operation: str, parameters: dict[str, Any]) -> list[hooks.Permission]:
    if operation != "CreateLicenseConversionTaskForResource":
        return []
    arn = str(parameters.get("ResourceArn"))
    return [*(hooks.Permission(action) for action in _NEEDED), *(hooks.Permission(f"ec2:{it}", arn) for it in ("StartInstances", "StopInstances"))]
