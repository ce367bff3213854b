"""Stacks, for tests."""

from __future__ import annotations

import json
import time
from typing import Any

from .conftest import LocalAws

_IN_PROGRESS = ("_IN_PROGRESS", "_CLEANUP_IN_PROGRESS")


class Stack:
    """A stack that a test creates, updates and deletes."""

    def __init__(self, aws: LocalAws, name: str = "stack", region: str | None = None) -> None:
        self.aws = aws
        self.client = aws.client("cloudformation", region=region)
        self.name = name
        self.id = ""

    def create(self, resources: dict[str, Any], **options: Any) -> str:
        self.id = self.client.create_stack(StackName=self.name, TemplateBody=body(resources), **CAPABILITIES, **options)["StackId"]
        return self.wait()

    def update(self, resources: dict[str, Any], **options: Any) -> str:
        self.client.update_stack(StackName=self.name, TemplateBody=body(resources), **CAPABILITIES, **options)
        return self.wait()

    def delete(self, **options: Any) -> str:
        self.client.delete_stack(StackName=self.name, **options)
        return self.wait()

    def wait(self, seconds: float = 250) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            status: str = self.client.describe_stacks(StackName=self.id)["Stacks"][0]["StackStatus"]
            if not status.endswith(_IN_PROGRESS):
                return status
            time.sleep(0.05)
        raise AssertionError(f"{self.name} is still {status}")

    def resource(self, logical_id: str) -> str:
        found = self.client.describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        physical_id: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return physical_id

    def outputs(self) -> dict[str, str]:
        found = self.client.describe_stacks(StackName=self.id)["Stacks"][0].get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in found}

    def events(self) -> list[tuple[str, str, str]]:
        found = self.client.describe_stack_events(StackName=self.id)["StackEvents"]
        return [(e["LogicalResourceId"], e["ResourceStatus"], e.get("ResourceStatusReason", "")) for e in reversed(found)]

    def reasons(self, status: str) -> list[str]:
        return [reason for _, found, reason in self.events() if found == status and reason]


CAPABILITIES: dict[str, Any] = {"Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]}


def body(resources: dict[str, Any]) -> str:
    sections = ("Parameters", "Conditions", "Outputs")
    return json.dumps({
        "Resources": {name: value for name, value in resources.items() if name not in sections},
        **{name: resources[name] for name in sections if name in resources}})


def license_configuration(**properties: Any) -> dict[str, Any]:
    attributes = {name: properties.pop(name) for name in ("DeletionPolicy", "UpdateReplacePolicy") if name in properties}
    given = {"Name": "example", "LicenseCountingType": "Core", **properties}
    return {"Type": "AWS::LicenseManager::LicenseConfiguration", "Properties": given, **attributes}
