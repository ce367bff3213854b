"""Stacks in accounts and Regions other than those of the call, as StackSets has them deployed."""

from __future__ import annotations

import asyncio
import contextvars
import re
from typing import Any

from ..scope import Scope
from .requests import in_scope

_FAILED = re.compile(r"FAILED|ROLLBACK")

# The template of a stack set: its accounts do not see the bucket that it is in.
_ELSEWHERE = "https://s3.amazonaws.com/stack-sets/template"
_template: contextvars.ContextVar[str | None] = contextvars.ContextVar("local_aws_template", default=None)


def run_on_worker_thread(type_name: str) -> None:
    """Has resources of a type made where something can be waited for."""
    from ministack.services.cloudformation import stacks

    original = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda resource_type: resource_type == type_name or original(resource_type)


def install_stack_sets() -> None:
    """Templates of stack sets are read before they go anywhere."""
    from ministack.services.cloudformation import helpers

    original = helpers._resolve_document

    def resolve_document(parameters: dict[str, Any], body_key: str, url_key: str, label: str) -> tuple[str | None, Any]:
        given = _template.get()
        if given is not None and parameters.get(url_key) == [_ELSEWHERE]:
            return given, None
        found: tuple[str | None, Any] = original(parameters, body_key, url_key, label)
        return found

    helpers._resolve_document = resolve_document


def template_of(parameters: dict[str, Any]) -> str:
    """The template that TemplateBody has, or that is where TemplateURL says."""
    from ministack.services.cloudformation import helpers

    body, error = helpers._resolve_template({name: [value] for name, value in parameters.items() if value})
    if error or not body:
        raise ValueError(_message(error) if error else "Either Template URL or Template Body must be specified.")
    return str(body)


def missing_capabilities(body: str, given: list[str]) -> list[str]:
    """What has to be acknowledged of a template, and was not. ministack asks for it only if it is told to."""
    from ministack.services.cloudformation import engine, handlers

    missing: list[str] = handlers._missing_capabilities(given, handlers._required_iam_capabilities(engine._parse_template(body)))
    return missing


def put_stack(scope: Scope, name: str, body: str, capabilities: list[str]) -> str | None:
    """Makes or changes a stack, waits for it, and tells why it failed, if it did."""
    from ministack.services.cloudformation import _stack_events, _stacks, handlers

    parameters: dict[str, Any] = {"StackName": [name], "TemplateURL": [_ELSEWHERE], "Capabilities": capabilities}
    with in_scope(scope):
        stack = _stacks.get(name)
        is_there = stack is not None and stack["StackStatus"] not in ("DELETE_COMPLETE", "ROLLBACK_COMPLETE")
        token = _template.set(body)
        try:
            error = _run(handlers._update_stack if is_there else handlers._create_stack, parameters)
        finally:
            _template.reset(token)
        if error is not None:
            return None if "No updates are to be performed" in error else error
        stack = _stacks[name]
        reasons = [event["ResourceStatusReason"] for event in _stack_events[stack["StackId"]] if event["ResourceStatus"].endswith("_FAILED")]
        return (reasons or [stack["StackStatus"]])[-1] if _FAILED.search(stack["StackStatus"]) else None


def remove_stack(scope: Scope, name: str) -> str | None:
    """Deletes a stack, waits for it, and tells why it failed, if it did."""
    from ministack.services.cloudformation import _stacks, handlers

    with in_scope(scope):
        if name not in _stacks:
            return None
        error = _run(handlers._delete_stack, {"StackName": [name]})
        stack = _stacks.get(name)
        left = stack is not None and stack["StackStatus"] != "DELETE_COMPLETE"
        return error or (f"Stack {name} is {stack['StackStatus']}" if stack is not None and left else None)


def _run(action: Any, parameters: dict[str, Any]) -> str | None:
    """What is only begun by a call of the API, to its end."""
    async def run() -> str | None:
        status, _, body = action(parameters)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others)
        return None if status == 200 else _message((status, {}, body))

    return asyncio.run(run())


def _message(answer: tuple[int, dict[str, str], Any]) -> str:
    body = answer[2] if isinstance(answer[2], str) else answer[2].decode()
    found = re.search(r"<Message>(.*?)</Message>", body, re.DOTALL)
    return found.group(1) if found else body
