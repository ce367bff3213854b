"""The ASGI application in front of ministack: the control API, the log of calls, and the faults."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from . import credential_scope, hooks, wire
from .calls import Call
from .control import PREFIX, Control
from .errors import ServiceError
from .faults import Fault, answers_with_an_error, has_errors_of_its_own
from .holds import Held
from .json_service import JsonService
from .license_manager import tokens
from .parameters import parse_parameters
from .scope import Scope

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Where custom resources answer: ministack's path and the one of the control API. They are logged, and can be hit by faults, as an
# operation of a service of their own.
RESPONSE_SERVICE, RESPONSE_OPERATION = "cloudformation-response", "PutResponse"
_RESPONSE_PATHS = ("/_ministack/cfn-response/", f"{PREFIX}responses/")


@dataclass(eq=False)
class _Delayed:
    """A call that takes effect after some further ones of its account."""

    account: str
    calls: int
    do: Callable[[], Awaitable[None]]


class Gateway:
    def __init__(self, ministack: Callable[..., Awaitable[None]], control: Control, services: dict[str, JsonService]) -> None:
        self._ministack = ministack
        self._control = control
        self._services = services
        self._delayed: list[_Delayed] = []

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._ministack(scope, receive, send)
            return
        stalls, answer = self._control.stalls, send

        async def send_some_time(message: Message) -> None:
            stalls.may_happen()
            await answer(message)

        stalls.may_happen()
        send = send_some_time
        method, path = scope["method"], scope["path"]
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = parse_qs(scope.get("query_string", b"").decode(), keep_blank_values=True)
        is_response = method == "PUT" and path.startswith(_RESPONSE_PATHS)
        if path.startswith(PREFIX) and not is_response:
            await _answer_json(send, *self._control.handle(method, path, query, (await _Body.read(receive)).bytes))
            return
        if path.startswith("/_") and not is_response:
            await self._ministack(scope, receive, send)
            return
        await self._call(scope, headers, query, await _Body.read(receive), send, is_response)

    async def _call(
            self, scope: dict[str, Any], headers: dict[str, str], query: dict[str, Any], body: _Body, send: Send,
            is_response: bool) -> None:
        scope = _as_by_tls(scope, headers)
        method, path = scope["method"], scope["path"]
        caller = _response_scope(path, body.bytes) or _bearer_scope(headers, body.bytes) or hooks.scope_of_request(headers, query)
        service, operation = (RESPONSE_SERVICE, RESPONSE_OPERATION) if is_response else hooks.identify(
            method, path, headers, body.bytes, query)
        parameters = {} if service == "s3" else parse_parameters(headers, body.bytes, query)
        called = None if is_response else credential_scope.called(method, path, headers, parameters)
        wrong = credential_scope.problem(called, method, path, headers) if called else None
        if called and wrong:
            service, operation = called.service, called.operation
        call = Call(service, operation, parameters, caller.account, caller.region, userAgent=headers.get("user-agent", ""))
        self._control.calls.add(call)
        if wrong:
            await _answer(_Recorder(send, call).send, *self._signature_error(service, headers, wrong))
            return
        fault = self._control.faults.next_for(service, operation, caller, path)
        call.fault = fault.kind if fault else None
        recorder = _Recorder(send, call, fault, lambda seconds: self._control.holds.hold(
            Held(service, operation, caller.account, scope["client"][1]), hooks.is_given_up(), seconds))
        if fault is not None and fault.kind == "cut":
            hooks.cut_connection()
        elif fault is not None and fault.kind == "cut-before":
            hooks.cut_connection()
            self._delayed.append(_Delayed(caller.account, fault.calls, lambda: self._ministack(scope, body.replay, _ignore)))
            return
        elif fault is not None and answers_with_an_error(fault.kind):
            if fault.done:
                await self._ministack(scope, body.replay, _ignore)
            await _answer(recorder.send, *self._error(service, headers, fault.error(service)))
        elif service == "s3" and _is_of_another_account(path, headers):
            await _answer(recorder.send, *wire.error_response("s3", ServiceError("AccessDenied", "Access Denied", 403)))
        elif path.startswith(PREFIX):
            await _answer_json(recorder.send, *self._control.handle(method, path, query, body.bytes))
        else:
            await self._ministack(scope, body.replay, recorder.send)
        await self._do_delayed(caller.account)

    async def _do_delayed(self, account: str) -> None:
        """What `cut-before` has put off."""
        for delayed in [delayed for delayed in self._delayed if delayed.account == account]:
            delayed.calls -= 1
            if delayed.calls <= 0:
                self._delayed.remove(delayed)
                await delayed.do()

    def _error(self, service: str, headers: dict[str, str], error: ServiceError) -> tuple[int, dict[str, str], bytes]:
        if service == RESPONSE_SERVICE:
            return wire.error_response("s3", error)
        if has_errors_of_its_own(service):
            return wire.error_response(service, error)
        return hooks.error_response(service, headers, error.code, error.message, error.status)

    def _signature_error(self, service: str, headers: dict[str, str], message: str) -> tuple[int, dict[str, str], bytes]:
        if service in self._services:
            return self._services[service].denial(ServiceError("InvalidSignatureException", message))
        return hooks.signature_error(service, headers, message)


def _is_of_another_account(path: str, headers: dict[str, str]) -> bool:
    """Whether a bucket belongs to another account than that which the caller expects."""
    expected, owner = headers.get("x-amz-expected-bucket-owner"), hooks.bucket_owner(path.split("/")[1])
    return expected is not None and owner is not None and owner != expected


def _as_by_tls(scope: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    """What has the credentials of a role, as functions have, calls AWS by TLS, which policies ask for; here there is none."""
    if "Credential=ASIA" not in headers.get("authorization", "") or "x-forwarded-proto" in headers:
        return scope
    return {**scope, "headers": [*scope["headers"], (b"x-forwarded-proto", b"https")]}


class _Body:
    """The body of a request, read once, to be given to ministack again."""

    def __init__(self, content: bytes, receive: Receive) -> None:
        self.bytes = content
        self._receive = receive
        self._replayed = False

    @staticmethod
    async def read(receive: Receive) -> _Body:
        chunks: list[bytes] = []
        while True:
            message = await receive()
            chunks.append(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body"):
                return _Body(b"".join(chunks), receive)

    async def replay(self) -> Message:
        if self._replayed:
            return await self._receive()
        self._replayed = True
        return {"type": "http.request", "body": self.bytes, "more_body": False}


class _Recorder:
    """Sends the answer on, notes its outcome, and does what a fault wants done to the answer."""

    def __init__(
            self, send: Send, call: Call, fault: Fault | None = None,
            hold: Callable[[float], Awaitable[bool]] | None = None) -> None:
        self._send = send
        self._call = call
        self._fault = fault
        self._hold = hold
        self._is_lost = False

    async def send(self, message: Message) -> None:
        kind = self._fault.kind if self._fault else None
        if kind == "cut-after":
            if message["type"] == "http.response.start":
                hooks.cut_connection()
            return
        if message["type"] == "http.response.start":
            self._call.status = message["status"]
            if message["status"] >= 400:
                self._call.error = _error_type(message["headers"])
            if self._fault and self._hold and kind == "late":
                self._is_lost = not await self._hold(self._fault.delayMs / 1000)
        elif message["type"] == "http.response.body" and (self._call.status or 0) >= 400 and self._call.error is None:
            self._call.error = _error_code(message.get("body", b""))
        if message["type"] == "http.response.body" and self._fault and self._hold and kind == "stall" and not self._is_lost:
            body = message.get("body", b"")
            await self._send({**message, "body": body[:len(body) // 2], "more_body": True})
            message = {**message, "body": body[len(body) // 2:]}
            self._is_lost = not await self._hold(self._fault.delayMs / 1000)
        if not self._is_lost:
            await self._send(message)


def _response_scope(path: str, body: bytes) -> Scope | None:
    """Whose custom resource answers: an answer is not signed. The control API has the account in its path, a stack in its ARN."""
    if not path.startswith(_RESPONSE_PATHS):
        return None
    in_path = re.match(rf"{PREFIX}responses/(\d{{12}})/", path)
    in_body = re.search(rb'"StackId"\s*:\s*"arn:[^:"]+:cloudformation:([^:"]+):(\d{12}):', body)
    if in_body:
        return Scope(in_path.group(1) if in_path else in_body.group(2).decode(), in_body.group(1).decode())
    return Scope(in_path.group(1), "us-east-1") if in_path else None


def _bearer_scope(headers: dict[str, str], body: bytes) -> Scope | None:
    """Whose token a call has that needs no credentials: it counts as one of the account that has issued it."""
    if "authorization" in headers or not headers.get("x-amz-target", "").endswith(".GetAccessToken"):
        return None
    return tokens.issuer_of(parse_parameters(headers, body, {}).get("Token"))


def _error_type(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The code of an error of a REST service, which may have a text or an address behind it."""
    return next((value.decode().partition(":")[0] for name, value in headers if name.lower() == b"x-amzn-errortype"), None)


def _error_code(body: bytes) -> str | None:
    """The code of an error answer, in JSON or in XML."""
    if body[:1] == b"{":
        try:
            parsed = json.loads(body)
        except ValueError:
            return None
        return parsed.get("__type") or parsed.get("code")
    found = re.search(rb"<Code>([^<]+)</Code>", body)
    return found.group(1).decode() if found else None


async def _ignore(_: Message) -> None:
    """Who called is gone."""


async def _answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    sent = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    sent += [(b"content-length", str(len(body)).encode()), (b"x-amzn-requestid", wire.REQUEST_ID.encode())]
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body})


async def _answer_json(send: Send, status: int, value: Any) -> None:
    await _answer(send, status, {"Content-Type": "application/json"}, json.dumps(value).encode())
