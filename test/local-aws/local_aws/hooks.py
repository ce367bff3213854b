"""Everything of ministack's and hypercorn's insides that the local AWS holds on to.

ministack is extended from outside and none of its files are changed. Some of the names below are not part of its documented
interface, so its version is pinned, and `missing()` tells which of them a version does not have.
"""

from __future__ import annotations

import contextvars
import importlib
import json
import re
from typing import Any, Awaitable, Callable

from .errors import ServiceError
from .parameters import parse_parameters
from .scope import Scope

ServiceHandler = Callable[[str, str, dict, bytes, dict], Awaitable[tuple[int, dict, bytes]]]

# Module and attribute, as used in this package.
NAMES: tuple[tuple[str, str], ...] = (
    ("ministack.app", "app"),
    ("ministack.app", "AUTH"),
    ("ministack.app", "SERVICE_HANDLERS"),
    ("ministack.app", "_reset_all_state"),
    ("ministack.app", "_routing_params"),
    ("ministack.app", "_request_account_scope"),
    ("ministack.core.iam_actions", "SERVICE_TO_IAM_NAMESPACE"),
    ("ministack.core.iam_actions", "_BOTOCORE_SERVICE_MAP"),
    ("ministack.core.iam_actions", "access_denied_response"),
    ("ministack.core.iam_actions", "extract_iam_action"),
    ("ministack.core.iam_actions", "extract_resource_arn"),
    ("ministack.core.iam_actions", "identity_denial_message"),
    ("ministack.core.iam_actions", "verified_access_resource_arns"),
    ("ministack.core.iam_evaluator", "enforce"),
    ("ministack.core.responses", "_request_account_id"),
    ("ministack.core.responses", "get_account_id"),
    ("ministack.core.responses", "get_region"),
    ("ministack.core.responses", "request_scope"),
    ("ministack.core.responses", "set_request_account_id"),
    ("ministack.core.router", "SERVICE_PATTERNS"),
    ("ministack.core.router", "detect_service"),
    ("ministack.core.router", "extract_access_key_id"),
    ("ministack.core.router", "extract_region"),
    ("ministack.services.cloudformation.changesets", "_IMPORT_LOOKUPS"),
    ("ministack.services.cloudformation.changesets", "validate_template_support"),
    ("ministack.services.cloudformation.custom_resource", "_HOST"),
    ("ministack.services.cloudformation.custom_resource", "deliver_response"),
    ("ministack.services.cloudformation.custom_resource", "invoke_custom_resource"),
    ("ministack.services.cloudformation.handlers", "_roll_back_operation"),
    ("ministack.services.cloudformation.handlers", "validate_template_support"),
    ("ministack.services.cloudformation.provisioners", "_REPLACING_PROPERTIES"),
    ("ministack.services.cloudformation.provisioners", "_RESOURCE_HANDLERS"),
    ("ministack.services.cloudformation.provisioners", "_STACK_TAG_PROPERTY"),
    ("ministack.services.cloudformation.stacks", "_roll_back_operation"),
    ("ministack.services.ec2", "_ACTION_MAP"),
    ("ministack.services.ec2", "_STUB_AMIS"),
    ("ministack.services.ec2", "_ensure_defaults_initialized"),
    ("ministack.services.ec2", "_error"),
    ("ministack.services.ec2", "_images"),
    ("ministack.services.ec2", "_instances"),
    ("ministack.services.ec2", "_parse_tag_specs"),
    ("ministack.services.ec2", "_tags"),
    ("ministack.services.ec2", "_xml"),
    ("ministack.services.iam", "_delete_role_policy"),
    ("ministack.services.iam", "_put_role_policy"),
    ("ministack.services.tagging", "_RESOURCE_TAG_COLLECTORS"),
    ("hypercorn.asyncio.tcp_server", "TCPServer"),
)


def missing() -> list[str]:
    """The names that this version of ministack or hypercorn does not have."""
    return [f"{module}.{name}" for module, name in NAMES if not hasattr(importlib.import_module(module), name)]


def current_scope() -> Scope:
    """The account and Region of the call that ministack is serving."""
    from ministack.core.responses import get_account_id, get_region

    return Scope(get_account_id(), get_region())


def in_scope(scope: Scope) -> Any:
    """A context manager that makes an account and Region the current ones."""
    from ministack.core.responses import request_scope

    return request_scope(scope.account, scope.region)


def add_service(
    name: str,
    handler: ServiceHandler,
    *,
    target_prefix: str | None = None,
    resource_arns: Callable[[str, dict[str, Any]], list[str]],
) -> None:
    """Adds an API to ministack: how its requests are known, who answers them, and how IAM sees them.

    `resource_arns` is given the operation and its parameters, and returns the ARNs that policies have to allow the operation on; an
    empty list is «*».
    """
    from ministack import app
    from ministack.core import iam_actions, router

    router.SERVICE_PATTERNS[name] = {
        **({"target_prefixes": [target_prefix]} if target_prefix else {}),
        "credential_scope": name,
    }
    app.SERVICE_HANDLERS[name] = handler
    iam_actions.SERVICE_TO_IAM_NAMESPACE[name] = name
    iam_actions._BOTOCORE_SERVICE_MAP[name] = [name]
    _resource_arns[name] = resource_arns


_resource_arns: dict[str, Callable[[str, dict[str, Any]], list[str]]] = {}

# The ARNs of the request that is being authorized: ministack itself asks for one.
_authorized_arns: contextvars.ContextVar[list[str]] = contextvars.ContextVar("local_aws_authorized_arns", default=[])


def install_iam() -> None:
    """Lets ministack's evaluation of policies know the resources of the services added, and answer as AWS's JSON services do."""
    from ministack.core import iam_actions, iam_evaluator

    original_arn = iam_actions.extract_resource_arn
    original_enforce = iam_evaluator.enforce
    original_denied = iam_actions.access_denied_response
    original_more = iam_actions.verified_access_resource_arns

    def extract_resource_arn(service: str, method: str, path: str, headers: dict, body: bytes, query: dict, *rest: Any) -> str:
        if service == "ec2" and _is_launch(query):
            return "arn:aws:ec2:{}:{}:instance/*".format(*rest)
        if service not in _resource_arns:
            return original_arn(service, method, path, headers, body, query, *rest)
        action = iam_actions.extract_iam_action(service, method, path, headers, body, query) or ""
        arns = _resource_arns[service](action.partition(":")[2], parse_parameters(headers, body, query)) or ["*"]
        _authorized_arns.set(arns)
        return arns[0]

    def enforce(key: str, action: str, service: str, region: str, **options: Any) -> Any:
        if service not in _resource_arns:
            return original_enforce(key, action, service, region, **options)
        denials = (original_enforce(key, action, service, region, **{**options, "resource_arn": arn}) for arn in _authorized_arns.get())
        return next((denied for denied in denials if denied), None)

    def access_denied_response(service: str, action: str, principal: str, request_id: str, **options: Any) -> tuple:
        if service not in _resource_arns or options.get("error_code"):
            return original_denied(service, action, principal, request_id, **options)
        message = iam_actions.identity_denial_message(
            action, principal, options.get("resource_arn", "*"), options.get("explicit_deny", False))
        headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": "AccessDeniedException"}
        return 400, headers, json.dumps({"__type": "AccessDeniedException", "Message": message}).encode()

    def verified_access_resource_arns(query: dict[str, Any], region: str, account: str) -> list[str]:
        """The other resources of an EC2 call; the first of the list is the one that was checked already."""
        arns = original_more(query, region, account)
        if not _is_launch(query):
            return arns
        licenses = [value for name, value in query.items() if re.fullmatch(r"LicenseSpecification\.\d+\.LicenseConfigurationArn", name)]
        return [*(arns or ["*"]), *(value[0] if isinstance(value, list) else value for value in licenses)]

    iam_actions.verified_access_resource_arns = verified_access_resource_arns
    iam_actions.extract_resource_arn = extract_resource_arn
    iam_evaluator.enforce = enforce
    iam_actions.access_denied_response = access_denied_response


def _is_launch(query: dict[str, Any]) -> bool:
    return query.get("Action") in (["RunInstances"], "RunInstances")


def add_resource_tags(service: str, collect: Callable[[], list[tuple[str, list[dict[str, str]]]]]) -> None:
    """Lets policies use aws:ResourceTag on the resources of a service."""
    from ministack.services import tagging

    tagging._RESOURCE_TAG_COLLECTORS[service] = collect


def identify(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> tuple[str, str]:
    """The service and the operation of a request; the operation is empty when it is not an AWS API call."""
    from ministack import app
    from ministack.core import iam_actions, router

    parameters = app._routing_params(method, path, headers, body, query)
    service = router.detect_service(method, path, headers, parameters)
    action = iam_actions.extract_iam_action(service, method, path, headers, body, parameters) or ""
    return service, action.partition(":")[2]


def scope_of_request(headers: dict[str, str], query: dict[str, Any]) -> Scope:
    """The account and Region that a request's credentials name."""
    from ministack import app
    from ministack.core import responses, router

    key = router.extract_access_key_id(headers, query)
    token = responses._request_account_id.set(responses._request_account_id.get())
    try:
        try:
            responses.set_request_account_id(app._request_account_scope(key) if app.AUTH and key else key)
        except ValueError:
            pass  # A key that two accounts have: ministack refuses the request.
        account = responses.get_account_id()
    finally:
        responses._request_account_id.reset(token)
    return Scope(account, router.extract_region(headers, query))


def error_response(service: str, headers: dict[str, str], code: str, message: str, status: int) -> tuple[int, dict, bytes]:
    """An error in the protocol of one of ministack's own services."""
    from ministack.core import iam_actions

    _, response_headers, body = iam_actions.access_denied_response(
        service, "", "", "local-aws-fault", error_code=code, message=message, headers=headers)
    return status, response_headers, body


def reset_ministack() -> None:
    from ministack import app

    app._reset_all_state()


# --- Connections -----------------------------------------------------------------------------------------------------------------

_connection: contextvars.ContextVar[Any] = contextvars.ContextVar("local_aws_connection", default=None)


def install_connections() -> None:
    """Remembers the connection that a request came over, so that a fault can cut it."""
    from hypercorn.asyncio.tcp_server import TCPServer

    original = TCPServer.run

    async def run(self: Any) -> None:
        _connection.set(self.writer)
        await original(self)

    TCPServer.run = run


def cut_connection() -> None:
    """Closes the connection of the current request without an answer, as a network failure does."""
    writer = _connection.get()
    if writer is not None:
        writer.transport.abort()


# --- EC2 -------------------------------------------------------------------------------------------------------------------------

def find_instance(instance_id: str) -> dict[str, Any] | None:
    from ministack.services import ec2

    return ec2._instances.get(instance_id)


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
    before: Callable[[Scope, dict[str, Any]], None], after: Callable[[Scope, dict[str, Any], list[dict[str, Any]]], None],
) -> None:
    """Calls a function before a launch, which may refuse it, and another one with the instances that it made."""
    from ministack.services import ec2

    original = ec2._ACTION_MAP["RunInstances"]

    def run_instances(parameters: dict[str, Any]) -> tuple[int, dict, bytes]:
        try:
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


# --- The application -------------------------------------------------------------------------------------------------------------

def ministack_app() -> Callable[..., Awaitable[None]]:
    from ministack import app

    return app.app


def install_response_host() -> None:
    """Custom resources answer at the address that the server listens on: «localhost» may be another one."""
    from ministack.services.cloudformation import custom_resource

    custom_resource._HOST = "127.0.0.1"


# --- CloudFormation and Cloud Control --------------------------------------------------------------------------------------------

def add_cloudformation_type(
    type_name: str,
    handlers: dict[str, Callable[..., Any]],
    *,
    create_only: tuple[str, ...],
    identifier: str,
    import_problem: Callable[[str], str | None],
    has_tags: bool,
) -> None:
    """Adds a type to CloudFormation: its handlers, what replaces it, its tags, and how one is imported into a stack."""
    from ministack.services.cloudformation import changesets, provisioners

    provisioners._RESOURCE_HANDLERS[type_name] = handlers
    provisioners._REPLACING_PROPERTIES[type_name] = create_only
    if has_tags:
        provisioners._STACK_TAG_PROPERTY[type_name] = ("Tags", "list")
    changesets._IMPORT_LOOKUPS[type_name] = ((identifier,), import_problem)


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


def wrap_service(name: str, handler: Callable[..., Awaitable[tuple[int, dict, bytes]]]) -> None:
    """Puts a handler in front of one of ministack's services; it is given the original to go on with."""
    from ministack import app

    original = app.SERVICE_HANDLERS[name]

    async def handle(*request: Any) -> tuple[int, dict, bytes]:
        return await handler(original, *request)

    app.SERVICE_HANDLERS[name] = handle


def put_role_policy(role: str, policy: str, document: dict[str, Any]) -> None:
    from ministack.services import iam

    status, _, body = iam._put_role_policy({"RoleName": role, "PolicyName": policy, "PolicyDocument": json.dumps(document)})
    if status != 200:
        texts = dict(re.findall(rb"<(Code|Message)>([^<]*)</", body))
        raise ServiceError(texts.get(b"Code", b"").decode(), texts.get(b"Message", b"").decode(), status)


def delete_role_policy(role: str, policy: str) -> None:
    from ministack.services import iam

    # Nothing happens when the role or the policy is gone.
    iam._delete_role_policy({"RoleName": role, "PolicyName": policy})


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
