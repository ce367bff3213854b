"""EventBridge Scheduler: schedules in the past, and universal targets."""

from __future__ import annotations

import json
import logging
import re
import time
from datetime import datetime, timezone
from typing import Any

from .step_functions import call_as

_UNIVERSAL = re.compile(r"arn:aws[\w-]*:scheduler:::(aws-sdk:\w+:\w+)")


def install_scheduler() -> None:
    """What EventBridge Scheduler does and ministack does not.

    - CloudFormation's type refuses a one-time schedule whose time has passed, and what the API refuses.
    - Targets are told when a schedule was to begin.
    - A universal target is a request to a service, signed with the role of the schedule, so that its policies are evaluated.
    """
    from ministack.services import eventbridge, scheduler
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::Scheduler::Schedule"]
    create, update, invoke = handlers["create"], handlers["update"], eventbridge._invoke_target

    def check(properties: dict[str, Any]) -> None:
        expression = properties.get("ScheduleExpression", "")
        at = scheduler._at_time_epoch(expression)
        if expression.startswith("at(") and (at is None or at <= time.time()):
            raise ValueError(f"Invalid Schedule Expression {expression}. (Service: Scheduler, Status Code: 400)")
        target = properties.get("Target") or {}
        if _UNIVERSAL.fullmatch(target.get("Arn", "")):
            json.loads(target.get("Input", ""))

    def create_schedule(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:
        check(properties)
        return create(logical_id, properties, stack_name)

    def update_schedule(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> Any:
        check(new)
        return update(physical_id, old, new, stack_name)

    def invoke_target(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], *more: Any) -> None:
        if event.get("Source") == "aws.scheduler" and "Input" in target:
            when = datetime.fromtimestamp(event["Time"], timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            target = {**target, "Input": target["Input"].replace("<aws.scheduler.scheduled-time>", when)}
        universal = _UNIVERSAL.fullmatch(target.get("Arn", ""))
        if universal is None:
            invoke(target, event, rule, *more)
            return
        try:
            call_as(target["RoleArn"], "scheduler.amazonaws.com", universal.group(1), json.loads(target["Input"]))
        except Exception:
            logging.getLogger(__name__).exception("the target of a schedule")

    handlers.update(create=create_schedule, update=update_schedule)
    eventbridge._invoke_target = invoke_target
