"""Services and requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ..scope import Scope
from .iam import ErrorResponse, ResourceArns, declare_resources

ServiceHandler = Callable[[str, str, dict, bytes, dict], Awaitable[tuple[int, dict, bytes]]]


def ministack_app() -> Callable[..., Awaitable[None]]:
    from ministack import app

    return app.app


def current_scope() -> Scope:
    """The account and Region of the call that ministack is serving."""
    from ministack.core.responses import get_account_id, get_region

    return Scope(get_account_id(), get_region())


def in_scope(scope: Scope) -> Any:
    """A context manager that makes an account and Region the current ones."""
    from ministack.core.responses import request_scope

    return request_scope(scope.account, scope.region)


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


def identify(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> tuple[str, str]:
    """The service and the operation of a request; the operation is empty when it is not an AWS API call."""
    from ministack import app
    from ministack.core import iam_actions, router

    parameters = app._routing_params(method, path, headers, body, query)
    service = router.detect_service(method, path, headers, parameters)
    action = iam_actions.extract_iam_action(service, method, path, headers, body, parameters) or ""
    operation = action.partition(":")[2]
    return service, _of_multipart_upload(method, query) or operation if service == "s3" else operation


def _of_multipart_upload(method: str, query: dict[str, Any]) -> str | None:
    """The operations of S3 for which IAM has one action."""
    if method == "POST" and "uploads" in query:
        return "CreateMultipartUpload"
    return {"PUT": "UploadPart", "POST": "CompleteMultipartUpload", "DELETE": "AbortMultipartUpload"}.get(method) if "uploadId" in query else None


def add_service(
    name: str,
    handler: ServiceHandler,
    *,
    target_prefix: str | None,
    resource_arns: ResourceArns,
    error: ErrorResponse,
) -> None:
    """Adds an API to ministack: how its requests are known, who answers them, and how IAM sees them."""
    from ministack import app
    from ministack.core import router

    router.SERVICE_PATTERNS[name] = {
        **({"target_prefixes": [target_prefix]} if target_prefix else {}),
        "credential_scope": name,
    }
    app.SERVICE_HANDLERS[name] = handler
    declare_resources(name, resource_arns, error)


def wrap_service(name: str, handler: Callable[..., Awaitable[tuple[int, dict, bytes]]]) -> None:
    """Puts a handler in front of one of ministack's services; it is given the original to go on with."""
    from ministack import app

    original = app.SERVICE_HANDLERS[name]

    async def handle(*request: Any) -> tuple[int, dict, bytes]:
        return await handler(original, *request)

    app.SERVICE_HANDLERS[name] = handle


def error_response(service: str, headers: dict[str, str], code: str, message: str, status: int) -> tuple[int, dict, bytes]:
    """An error in the protocol of one of ministack's own services."""
    from ministack.core import iam_actions

    _, response_headers, body = iam_actions.access_denied_response(
        service, "", "", "local-aws-fault", error_code=code, message=message, headers=headers)
    return status, response_headers, body


def signature_error(service: str, headers: dict[str, str], message: str) -> tuple[int, dict, bytes]:
    """What a service of ministack's answers to a request that is not signed as it should be."""
    from ministack.core import iam_actions

    answer: tuple[int, dict, bytes] = iam_actions.access_denied_response(
        service, "", "", "local-aws-signature", error_code="SignatureDoesNotMatch", message=message, headers=headers)
    return answer


def reset_ministack() -> None:
    from ministack import app

    app._reset_all_state()
