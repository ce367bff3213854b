"""Lambda."""

from __future__ import annotations

import contextvars
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_asynchronous: contextvars.ContextVar[bool] = contextvars.ContextVar("local_aws_asynchronous", default=False)
_request_id: contextvars.ContextVar[str | None] = contextvars.ContextVar("local_aws_request_id", default=None)


@contextmanager
def invoked_asynchronously() -> Iterator[None]:
    """Functions that ministack itself invokes in this context are not waited for."""
    token = _asynchronous.set(True)
    try:
        yield
    finally:
        _asynchronous.reset(token)


def install_functions() -> None:
    """What Lambda does and ministack does not.

    - An invocation that is not waited for keeps its request id when it is repeated.
    - Every function finds its place in a chain of invocations in the X-Ray header of its environment, which the SDKs send with every
      call, and by which Lambda ends a loop.
    - A function that fails does so by the name of its error, as far as its stack tells it.
    - What a function logs after its log group was deleted, as that of a stack that goes, is lost: its role may not make another one.
    """
    from ministack.services import cloudwatch_logs, lambda_svc

    execute, invoke, dispatch = (
        lambda_svc._execute_function_with_config_scope, lambda_svc.invoke_async_with_retry, lambda_svc._execute_function_dispatch)
    trace_id, inbound_depth = lambda_svc._xray_trace_id_for_invocation, lambda_svc._inbound_invoke_depth
    emit_logs = lambda_svc._emit_lambda_logs

    def execute_function(function: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
        if not _asynchronous.get():
            return _with_error_name(execute(function, event))
        # The first one of a chain.
        lambda_svc._invoke_depth.set(1)
        lambda_svc.invoke_async_with_retry(function, event)
        return {}

    def invoke_async_with_retry(function: dict[str, Any], event: dict[str, Any]) -> None:
        token = _request_id.set(str(uuid.uuid4()))
        try:
            invoke(function, event)
        finally:
            _request_id.reset(token)

    def execute_function_dispatch(function: dict[str, Any], config: dict[str, Any], event: Any, request_id: str, started: float) -> Any:
        return dispatch(function, config, event, _request_id.get() or request_id, started)

    def xray_trace_id_for_invocation(config: dict[str, Any], *more: Any) -> str:
        root = trace_id(config, *more) or f"Root=1-{uuid.uuid4().hex[:8]}-{uuid.uuid4().hex[:24]};Parent={uuid.uuid4().hex[:16]};Sampled=0"
        return f"{root};Lineage=1:{uuid.uuid4().hex[:8]}:{lambda_svc._invoke_depth.get()}"

    def inbound_invoke_depth(headers: dict[str, str]) -> int:
        lineage = re.search(r"Lineage=\d+:[0-9a-f]+:(\d+)", headers.get("x-amzn-trace-id", ""))
        return int(lineage.group(1)) if lineage else int(inbound_depth(headers))

    def emit_lambda_logs(function: dict[str, Any], *more: Any, **named: Any) -> None:
        group = (function.get("config", function).get("LoggingConfig") or {}).get("LogGroup")
        if group is None or group in cloudwatch_logs._log_groups:
            emit_logs(function, *more, **named)

    lambda_svc._execute_function_with_config_scope = execute_function
    lambda_svc.invoke_async_with_retry = invoke_async_with_retry
    lambda_svc._execute_function_dispatch = execute_function_dispatch
    lambda_svc._xray_trace_id_for_invocation = xray_trace_id_for_invocation
    lambda_svc._inbound_invoke_depth = inbound_invoke_depth
    lambda_svc._emit_lambda_logs = emit_lambda_logs


def _with_error_name(answer: dict[str, Any]) -> dict[str, Any]:
    body = answer.get("body")
    if answer.get("error") and isinstance(body, dict) and body.get("errorType") == "Runtime.HandlerError":
        message = str(body.get("errorMessage", "")).partition("\n")[0]
        found = re.search(rf"^(\w+): {re.escape(message)}", answer.get("log") or "", re.MULTILINE)
        if found:
            return {**answer, "body": {**body, "errorType": found.group(1)}}
    return answer
