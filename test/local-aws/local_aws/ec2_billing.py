"""What ministack's instances lack for license type conversion: what they are billed by, CPU options, stop protection, stops that take time, and pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from . import hooks
from .ec2_hosts import request_value, request_values
from .errors import ServiceError
from .instance_types import instance_type
from .scope import Scope
from .settings import settings_of

Answer = tuple[int, dict[str, str], bytes]
Original = Callable[[dict], Answer]
_STATES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}


def set_state(instance: dict[str, Any], name: str) -> None:
    instance["State"] = {"Code": _STATES[name], "Name": name}


def usage_operation(instance: dict[str, Any]) -> str:
    return str(instance.get("UsageOperation", "RunInstances"))


def product_codes(instance: dict[str, Any]) -> list[str]:
    return list(instance.get("ProductCodeIds", []))


def seed_instance(entry: dict[str, Any]) -> None:
    """An instance that a test declares; see docs/local-aws.md for the members."""
    known = {"instanceId", "state", "instanceType", "usageOperation", "productCodes", "tenancy", "imageId", "stopProtection", "inventory", "tags"}
    unknown = set(entry) - known
    if unknown:
        raise ValueError(f"an instance has no {', '.join(sorted(unknown))}; it has: {', '.join(sorted(known))}")
    size = entry.get("instanceType", "m5.xlarge")
    hooks.put_instance(
        entry["instanceId"], {"ImageId": [entry.get("imageId", "ami-00000000")], "InstanceType": [size], "MinCount": ["1"], "MaxCount": ["1"]},
        UsageOperation=entry.get("usageOperation", "RunInstances"), ProductCodeIds=entry.get("productCodes", []),
        StopProtection=entry.get("stopProtection", False), Inventory=entry.get("inventory", True))
    instance = hooks.find_instance(entry["instanceId"]) or {}
    instance["Placement"]["Tenancy"] = entry.get("tenancy", "default")
    set_state(instance, entry.get("state", "stopped"))
    hooks.set_ec2_tags(entry["instanceId"], entry.get("tags", {}))


def _xml(instance: dict[str, Any]) -> str:
    vcpus = instance_type(instance["InstanceType"]).vcpus
    options = instance.get("CpuOptions") or {"CoreCount": max(1, vcpus // 2), "ThreadsPerCore": min(vcpus, 2)}
    codes = "".join(f"<item><productCode>{escape(code)}</productCode><type>marketplace</type></item>" for code in product_codes(instance))
    return (
        f"<usageOperation>{escape(usage_operation(instance))}</usageOperation><productCodes>{codes}</productCodes>"
        f"<cpuOptions><coreCount>{options['CoreCount']}</coreCount><threadsPerCore>{options['ThreadsPerCore']}</threadsPerCore></cpuOptions>")


def _describe(original: Original, scope: Scope, parameters: dict[str, Any]) -> Answer:
    named = request_values(parameters, "InstanceId")
    for instance_id in named:
        instance = hooks.find_instance(instance_id)
        if instance and instance["State"]["Name"] == "stopping":
            instance["StopReads"] = instance.get("StopReads", 0) - 1
            if instance["StopReads"] < 0:
                set_state(instance, "stopped")
    status, headers, body = original(parameters)
    size = settings_of(scope).instancesPerPage
    reservations = re.findall(rb"<item>\s*<reservationId>.*?</instancesSet>\s*</item>", body, re.DOTALL)
    start = int(request_value(parameters, "NextToken") or 0)
    if status != 200 or named or len(reservations) <= size:
        return status, headers, body
    token = b"<nextToken>%d</nextToken>" % (start + size) if start + size < len(reservations) else b""
    content = b"<reservationSet>" + b"".join(reservations[start:start + size]) + b"</reservationSet>" + token
    return status, headers, re.sub(rb"<reservationSet>.*</reservationSet>", lambda _: content, body, flags=re.DOTALL)


def _describe_attribute(original: Original, _scope: Scope, parameters: dict[str, Any]) -> Answer:
    status, headers, body = original(parameters)
    instance = hooks.find_instance(request_value(parameters, "InstanceId") or "")
    if status == 200 and instance and request_value(parameters, "Attribute") == "disableApiStop":
        value = b"true" if instance.get("StopProtection") else b"false"
        body = body.replace(b"<disableApiStop/>", b"<disableApiStop><value>" + value + b"</value></disableApiStop>")
    return status, headers, body


def _stop(original: Original, scope: Scope, parameters: dict[str, Any]) -> Answer:
    instances = {it: hooks.find_instance(it) for it in request_values(parameters, "InstanceId")}
    for instance_id, instance in instances.items():
        if instance and instance.get("StopProtection"):
            raise ServiceError("OperationNotPermitted", (
                f"The instance '{instance_id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again."))
        _check_alive(instance_id, instance, "stopped")
    running = [it for it in instances.values() if it and it["State"]["Name"] == "running"]
    answer = original(parameters)
    reads = settings_of(scope).instanceStopReads
    if answer[0] == 200 and reads > 0:
        for instance in running:
            set_state(instance, "stopping")
            instance["StopReads"] = reads
    return answer


def _start(original: Original, _scope: Scope, parameters: dict[str, Any]) -> Answer:
    for instance_id in request_values(parameters, "InstanceId"):
        _check_alive(instance_id, hooks.find_instance(instance_id), "started")
    return original(parameters)


def _check_alive(instance_id: str, instance: dict[str, Any] | None, what: str) -> None:
    if instance and instance["State"]["Name"] in ("shutting-down", "terminated"):
        raise ServiceError("IncorrectInstanceState", f"The instance '{instance_id}' is not in a state from which it can be {what}.")


def install() -> None:
    hooks.add_to_instances(_xml)
    hooks.wrap_ec2_action("DescribeInstances", _describe)
    hooks.wrap_ec2_action("DescribeInstanceAttribute", _describe_attribute)
    hooks.wrap_ec2_action("StopInstances", _stop)
    hooks.wrap_ec2_action("StartInstances", _start)
