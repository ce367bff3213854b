"""AWS::CloudWatch::CompositeAlarm."""

from __future__ import annotations

import re
import uuid
from typing import Any

from .. import hooks
from ..errors import ServiceError
from ..scope import Scope
from .resource_type import ResourceType


class CompositeAlarmType(ResourceType):
    type_name = "AWS::CloudWatch::CompositeAlarm"
    service_name = "CloudWatch"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        name = str(properties.get("AlarmName") or f"{default_name[:240]}-{uuid.uuid4().hex[:12].upper()}")
        self._put({**properties, "AlarmName": name})
        return name

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put({**new, "AlarmName": identifier})

    def delete(self, scope: Scope, identifier: str) -> None:
        try:
            hooks.delete_composite_alarm(identifier)
        except ValueError as error:
            raise ServiceError("ValidationException", str(error)) from None

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        alarm = hooks.composite_alarm(identifier)
        return None if alarm is None else {
            "AlarmName": alarm["AlarmName"], "Arn": alarm["AlarmArn"], "AlarmRule": alarm["AlarmRule"], "AlarmDescription": alarm["AlarmDescription"],
            "ActionsEnabled": alarm["ActionsEnabled"], "AlarmActions": alarm["AlarmActions"], "OKActions": alarm["OKActions"]}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [found for name in hooks.composite_alarm_names() if (found := self.read(scope, name)) is not None]

    def _put(self, parameters: dict[str, Any]) -> None:
        """As PutCompositeAlarm does it: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html."""
        try:
            self._check(parameters)
            hooks.put_composite_alarm(parameters)
        except ValueError as error:
            raise ServiceError("ValidationException", str(error)) from None

    @staticmethod
    def _check(parameters: dict[str, Any]) -> None:
        rule = parameters["AlarmRule"]
        references = hooks.references_of_rule(rule)
        if len(set(references)) > 100:
            raise ValueError(f"AlarmRule has {len(set(references))} children: at most 100 are allowed")
        parentheses = re.sub(r'"[^"]*"', "", rule).count("(") - len(references)
        if len(references) + 2 * parentheses > 500:
            raise ValueError("AlarmRule has more than 500 elements")
        name = parameters["AlarmName"]
        if name in references:
            raise ValueError(f"The alarm {name} refers to itself")
        suppressed = [key for key in ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod") if key in parameters]
        if suppressed and "ActionsSuppressor" not in parameters:
            raise ValueError(f"{', '.join(suppressed)} needs ActionsSuppressor")
