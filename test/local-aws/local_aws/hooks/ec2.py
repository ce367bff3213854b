"""EC2."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..errors import ServiceError
from ..scope import Scope
from .requests import current_scope


def find_instance(instance_id: str) -> dict[str, Any] | None:
    from ministack.services import ec2

    return ec2._instances.get(instance_id)


def security_group_exists(group_id: str) -> bool:
    from ministack.services import ec2

    ec2._ensure_defaults_initialized()
    return group_id in ec2._security_groups


def image_exists(image_id: str, region: str) -> bool:
    """Whether an AMI exists in a Region, whoever owns it: one may be shared or public."""
    from ministack.services import ec2

    if any(key == image_id and image_region == region for (_, image_region, key), _ in ec2._images.all_items()):
        return True
    return any(stub[0] == image_id for stub in ec2._STUB_AMIS)


def image_owner(image_id: str, region: str) -> str | None:
    from ministack.services import ec2

    for (account, image_region, key), _ in ec2._images.all_items():
        if key == image_id and image_region == region:
            return account
    return next((stub[5] for stub in ec2._STUB_AMIS if stub[0] == image_id), None)


def ec2_tags(resource_id: str) -> dict[str, str]:
    from ministack.services import ec2

    return {tag["Key"]: tag.get("Value", "") for tag in ec2._tags.get(resource_id, [])}


def set_ec2_tags(resource_id: str, tags: dict[str, str]) -> None:
    from ministack.services import ec2

    ec2._tags[resource_id] = [{"Key": key, "Value": value} for key, value in tags.items()]


def set_ec2_tags_from_request(parameters: dict[str, Any], resource_type: str, resource_id: str) -> None:
    from ministack.services import ec2

    ec2._parse_tag_specs(parameters, resource_type, resource_id)


def add_ec2_actions(actions: dict[str, Callable[[Scope, dict[str, Any]], tuple[str, str]]]) -> None:
    """Adds operations to EC2; each returns the name of its response and the XML in it."""
    from ministack.services import ec2

    def wrap(action: Callable[[Scope, dict[str, Any]], tuple[str, str]]) -> Callable[[dict], tuple[int, dict, bytes]]:
        def handle(parameters: dict[str, Any]) -> tuple[int, dict, bytes]:
            try:
                root, inner = action(current_scope(), parameters)
                return ec2._xml(200, root, inner)
            except ServiceError as error:
                return ec2._error(error.code, error.message, error.status)

        return handle

    ec2._ACTION_MAP.update({name: wrap(action) for name, action in actions.items()})


def around_run_instances(
    complete: Callable[[dict[str, Any]], dict[str, Any]], before: Callable[[Scope, dict[str, Any]], None],
    after: Callable[[Scope, dict[str, Any], list[dict[str, Any]]], None],
) -> None:
    """Completes the parameters of a launch, calls a function before it, which may refuse it, and another one with the instances that it made."""
    from ministack.services import ec2

    original = ec2._ACTION_MAP["RunInstances"]

    def run_instances(parameters: dict[str, Any]) -> tuple[int, dict, bytes]:
        try:
            parameters = complete(parameters)
            before(current_scope(), parameters)
        except ServiceError as error:
            return ec2._error(error.code, error.message, error.status)
        present = set(ec2._instances.keys())
        answer = original(parameters)
        after(current_scope(), parameters, [ec2._instances[i] for i in ec2._instances.keys() if i not in present])
        return answer

    ec2._ACTION_MAP["RunInstances"] = run_instances


def run_instance(parameters: dict[str, Any]) -> str:
    """Launches one instance and returns its id."""
    from ministack.services import ec2

    ec2._ensure_defaults_initialized()
    present = set(ec2._instances.keys())
    status, _, body = ec2._ACTION_MAP["RunInstances"](parameters)
    if status != 200:
        texts = dict(re.findall(rb"<(Code|Message)>([^<]*)</", body))
        raise ServiceError(texts.get(b"Code", b"").decode(), texts.get(b"Message", b"").decode())
    return next(i for i in ec2._instances.keys() if i not in present)


def terminate_instance(instance_id: str) -> None:
    from ministack.services import ec2

    ec2._ACTION_MAP["TerminateInstances"]({"InstanceId.1": [instance_id]})


def instance_ids() -> list[str]:
    from ministack.services import ec2

    return list(ec2._instances.keys())


def put_instance(instance_id: str, parameters: dict[str, Any], **members: Any) -> None:
    """An instance with an id of a test's choice, in place of one that has it."""
    from ministack.services import ec2

    instance = ec2._instances.pop(run_instance(parameters))
    instance["InstanceId"] = instance_id
    instance.update(members)
    ec2._instances[instance_id] = instance


def add_to_instances(more: Callable[[dict[str, Any]], str]) -> None:
    """Adds XML to what EC2 tells of an instance."""
    from ministack.services import ec2

    original = ec2._instance_xml

    def instance_xml(instance: dict[str, Any]) -> str:
        return f"{original(instance).rpartition('</item>')[0]}{more(instance)}</item>"

    ec2._instance_xml = instance_xml


def wrap_ec2_action(name: str, wrapper: Callable[[Callable[[dict], Any], Scope, dict[str, Any]], Any]) -> None:
    """Puts a function in front of an operation of EC2; it is given the original to go on with."""
    from ministack.services import ec2

    original = ec2._ACTION_MAP[name]

    def handle(parameters: dict[str, Any]) -> Any:
        try:
            return wrapper(original, current_scope(), parameters)
        except ServiceError as error:
            return ec2._error(error.code, error.message, error.status)

    ec2._ACTION_MAP[name] = handle


def launch_template(template_id: str | None, name: str | None) -> dict[str, Any] | None:
    """A launch template, with its versions."""
    from ministack.services import ec2

    return next((found for found in ec2._launch_templates.values() if template_id == found["LaunchTemplateId"]
                 or name is not None and name == found["LaunchTemplateName"]), None)
