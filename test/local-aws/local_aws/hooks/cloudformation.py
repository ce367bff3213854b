"""CloudFormation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .functions import invoked_asynchronously


def install_response_host() -> None:
    """Custom resources answer at the address that the server listens on: «localhost» may be another one."""
    from ministack.services.cloudformation import custom_resource

    custom_resource._HOST = "127.0.0.1"


def add_cloudformation_type(
    type_name: str,
    handlers: dict[str, Callable[..., Any]],
    *,
    create_only: tuple[str, ...],
    identifier: tuple[str, ...],
    import_problem: Callable[..., str | None],
    has_tags: bool,
) -> None:
    """Adds a type to CloudFormation: its handlers, what replaces it, its tags, and how one is imported into a stack."""
    from ministack.services.cloudformation import changesets, provisioners

    provisioners._RESOURCE_HANDLERS[type_name] = handlers
    provisioners._REPLACING_PROPERTIES[type_name] = create_only
    if has_tags:
        provisioners._STACK_TAG_PROPERTY[type_name] = ("Tags", "list")
    changesets._IMPORT_LOOKUPS[type_name] = (identifier, import_problem)


def refuse_unrecognized_types(is_unrecognized: Callable[[str], bool]) -> None:
    """Refuses templates with types that a Region does not have, before anything is deployed, as CloudFormation does."""
    from ministack.services.cloudformation import changesets, handlers

    original = changesets.validate_template_support

    def validate_template_support(template: dict[str, Any], *args: Any, **options: Any) -> None:
        original(template, *args, **options)
        types = {r.get("Type", "") for r in (template.get("Resources") or {}).values() if isinstance(r, dict)}
        unrecognized = sorted(filter(is_unrecognized, types))
        if unrecognized:
            raise ValueError(f"Template format error: Unrecognized resource types: [{', '.join(unrecognized)}]")

    changesets.validate_template_support = validate_template_support
    handlers.validate_template_support = validate_template_support


def around_custom_resources(
    check_response: Callable[[dict[str, Any]], dict[str, Any]],
    before_create: Callable[[str, str], None],
    after_failed_create: Callable[[str, str, str, dict[str, Any]], None],
    before_roll_back: Callable[[str, dict[str, Any], dict[str, Any]], None],
) -> None:
    from ministack.services.cloudformation import custom_resource, handlers, stacks

    deliver, invoke, roll_back = custom_resource.deliver_response, custom_resource.invoke_custom_resource, stacks._roll_back_operation

    def deliver_response(token: str, response: dict[str, Any]) -> bool:
        return deliver(token, check_response(response))

    def invoke_custom_resource(
            request_type: str, logical_id: str, props: dict[str, Any], stack_name: str, stack_id: str, resource_type: str,
            **more: Any) -> tuple[str, dict[str, Any]]:
        if request_type == "Create":
            before_create(stack_id, logical_id)
        try:
            # The time that CloudFormation waits begins now, not when the function has returned; and Lambda repeats what fails.
            with invoked_asynchronously():
                return invoke(request_type, logical_id, props, stack_name, stack_id, resource_type, **more)
        except (RuntimeError, TimeoutError):
            if request_type == "Create":
                after_failed_create(stack_id, logical_id, resource_type, props)
            raise

    async def roll_back_operation(stack_name: str, stack_id: str, stack: dict[str, Any], operation: dict[str, Any], *more: Any,
                                  **named: Any) -> None:
        before_roll_back(stack_id, stack, operation)
        await roll_back(stack_name, stack_id, stack, operation, *more, **named)

    custom_resource.deliver_response = deliver_response
    custom_resource.invoke_custom_resource = invoke_custom_resource
    stacks._roll_back_operation = roll_back_operation
    handlers._roll_back_operation = roll_back_operation


def refuse_updates(problem: Callable[[str, dict[str, Any], dict[str, Any]], str | None]) -> None:
    """Fails the update of a resource before anything is done: `problem` is given its type, the old and the new properties."""
    from ministack.services.cloudformation import provisioners, stacks

    original = provisioners._custom_named_replacement_error

    def error(resource_type: str, old: dict[str, Any], new: dict[str, Any], physical_id: str | None = None) -> str | None:
        found: str | None = problem(resource_type, old, new) or original(resource_type, old, new, physical_id)
        return found

    provisioners._custom_named_replacement_error = error
    stacks._custom_named_replacement_error = error


def see_operations_in_progress() -> None:
    """A resource that is being worked on, or that failed, is described as such, also one that is only about to exist.

    ministack keeps what a resource was before, and only tells in the events what is being done.
    """
    from ministack.services import cloudformation
    from ministack.services.cloudformation import handlers

    def described(operation: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        def describe(parameters: dict[str, Any]) -> Any:
            name = parameters.get("StackName")
            stack = handlers._resolve_stack(name[0] if isinstance(name, list) else name)
            if not stack:
                return operation(parameters)
            resources = stack.get("_resources", {})
            stack["_resources"] = _as_in_events(resources, cloudformation._stack_events.get(stack["StackId"], []), stack["StackName"])
            try:
                return operation(parameters)
            finally:
                stack["_resources"] = resources

        return describe

    for name in ("DescribeStackResource", "DescribeStackResources", "ListStackResources"):
        handlers._ACTION_HANDLERS[name] = described(handlers._ACTION_HANDLERS[name])


def keep_what_failures_need() -> None:
    """What a resource needs that could not be deleted, stays: the function of a custom resource, the role of the function.

    ministack deletes it, so that another try has nothing that answers it.
    """
    from ministack.services import cloudformation
    from ministack.services.cloudformation import handlers, stacks

    delete_stack, delete_resource = stacks._delete_stack_async, stacks._delete_resource
    kept: dict[str, dict[str, Any]] = {}

    def delete(resource_type: str, physical_id: str, props: dict[str, Any], stack_name: str | None = None, logical_id: str | None = None) -> None:
        try:
            delete_resource(resource_type, physical_id, props, stack_name, logical_id)
        except Exception:
            stack = cloudformation._stacks.get(stack_name)
            if stack and stack_name in kept and logical_id:
                resources = stack["_resources"]
                for needed in stacks._with_dependencies([logical_id], stack.get("_template", {}).get("Resources", {}), set(resources)):
                    if needed != logical_id:
                        # What the engine does not find any more, it passes over.
                        kept[stack_name][needed] = resources.pop(needed)
            raise

    async def delete_all(stack_name: str, *more: Any, **options: Any) -> None:
        stack = cloudformation._stacks.get(stack_name)
        kept[stack_name] = {}
        try:
            await delete_stack(stack_name, *more, **options)
        finally:
            found = kept.pop(stack_name)
            if stack:
                stack["_resources"].update(found)

    stacks._delete_resource = delete
    stacks._delete_stack_async = delete_all
    handlers._delete_stack_async = delete_all


def know_pseudo_parameters_in_conditions() -> None:
    """Conditions may ask for the account, the Region and the like; ministack takes the name of a pseudo parameter for its value."""
    from ministack.core.responses import get_account_id, get_region
    from ministack.services.cloudformation import changesets, engine, handlers, provisioners, stacks

    evaluate = engine._evaluate_conditions

    def evaluate_conditions(template: dict[str, Any], params: dict[str, Any]) -> dict[str, bool]:
        values = {"AccountId": get_account_id(), "Partition": "aws", "Region": get_region(), "URLSuffix": "amazonaws.com"}
        found: dict[str, bool] = evaluate(template, {**{f"AWS::{name}": {"Value": value} for name, value in values.items()}, **params})
        return found

    for module in (changesets, engine, handlers, provisioners, stacks):
        module._evaluate_conditions = evaluate_conditions


def _as_in_events(resources: dict[str, Any], events: list[dict[str, Any]], stack_name: str) -> dict[str, Any]:
    newest = {event["LogicalResourceId"]: event for event in events if event["LogicalResourceId"] != stack_name}
    found = dict(resources)
    for logical_id, event in newest.items():
        known, physical_id = resources.get(logical_id, {}), event["PhysicalResourceId"]
        # What was replaced is deleted under the same logical id: that is not what the id stands for by then.
        is_another = physical_id and known and physical_id != known.get("PhysicalResourceId")
        if is_another or not event["ResourceStatus"].endswith(("_IN_PROGRESS", "_FAILED")):
            continue
        found[logical_id] = {
            "PhysicalResourceId": physical_id, "LogicalResourceId": logical_id, "ResourceType": event["ResourceType"], **known,
            "ResourceStatus": event["ResourceStatus"], "ResourceStatusReason": event["ResourceStatusReason"], "Timestamp": event["Timestamp"]}
    return found
