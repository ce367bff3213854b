"""Failures that a test orders: the n-th call of an operation is throttled, fails, is cut, answers late, and so on."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .errors import ServiceError
from .scope import Scope

_Errors = dict[str, tuple[str, str, int]]

# What the error kinds answer: code, text, HTTP status; the services say it in their own words. Where the API reference gives another status
# than the models, it is the one that the SDKs' default retry does not understand: a handler has to go by the code.
_ERRORS: _Errors = {
    "throttle": ("ThrottlingException", "Rate exceeded", 400),
    "server-error": ("InternalFailure", "The server experienced an internal error. Try again.", 500),
    "access-denied": ("AccessDeniedException", "Access to resource denied.", 400),
    "conflict": ("ConflictException", "There was a conflict processing the request. Try your request again.", 400),
    "not-found": ("ResourceNotFoundException", "The resource cannot be found.", 400),
}
_QUERY: _Errors = {
    "throttle": ("Throttling", "Rate exceeded", 400),
    "access-denied": ("AccessDenied", "Access to resource denied.", 403),
}
_S3: _Errors = {
    "throttle": ("SlowDown", "Please reduce your request rate.", 503),
    "server-error": ("InternalError", "We encountered an internal error. Please try again.", 500),
    "access-denied": ("AccessDenied", "Access Denied", 403),
    "conflict": ("OperationAborted", "A conflicting conditional operation is currently in progress against this resource.", 409),
    "not-found": ("NoSuchKey", "The specified key does not exist.", 404),
}
_SERVICE_ERRORS: dict[str, _Errors] = {
    "license-manager": {
        "throttle": ("RateLimitExceededException", "Too many requests have been submitted. Try again after a brief wait.", 400),
        "server-error": ("ServerInternalException", "The server experienced an internal error. Try again.", 500),
        # The service has no error of its own for a license configuration that does not exist.
        "not-found": ("InvalidParameterValueException", "The license configuration was not found.", 400),
    },
    "license-manager-linux-subscriptions": {
        "server-error": ("InternalServerException", "An exception occurred with the service.", 500),
        "access-denied": ("AccessDeniedException", "Access to resource denied.", 403),
    },
    "license-manager-user-subscriptions": {
        "server-error": ("InternalServerException", "An exception occurred with the service.", 500),
        "access-denied": ("AccessDeniedException", "You don't have sufficient access to perform this action.", 403),
        "not-found": ("ResourceNotFoundException", "The resource couldn't be found.", 404),
    },
    "ram": {
        "throttle": ("ThrottlingException", "You exceeded the rate at which you are allowed to perform this operation.", 429),
        "server-error": ("ServerInternalException", "The service could not respond to the request due to an internal problem.", 500),
        "access-denied": ("AccessDeniedException", "Access to resource denied.", 403),
        "not-found": ("UnknownResourceException", "The specified resource was not found.", 400),
    },
    "resource-groups": {
        "throttle": ("TooManyRequestsException", "Too many requests.", 429),
        "server-error": ("InternalServerErrorException", "An internal error occurred while processing the request.", 500),
        "access-denied": ("ForbiddenException", "The caller isn't authorized to make the request.", 403),
        "not-found": ("NotFoundException", "One or more of the specified resources don't exist.", 404),
    },
    "organizations": {
        "throttle": ("TooManyRequestsException", "You have sent too many requests in too short a period of time.", 400),
        "server-error": ("ServiceException", "AWS Organizations can't complete your request because of an internal service error.", 400),
        "conflict": ("ConcurrentModificationException", "The target of the operation is currently being modified by a different request.", 400),
        "not-found": ("AccountNotFoundException", "You specified an account that doesn't exist.", 400),
    },
    "lambda": {
        "throttle": ("TooManyRequestsException", "Rate exceeded", 429),
        "server-error": ("ServiceException", "The Lambda service encountered an internal error.", 500),
        "access-denied": ("AccessDeniedException", "Access to resource denied.", 403),
        "conflict": ("ResourceConflictException", "The operation cannot be performed at this time.", 409),
        "not-found": ("ResourceNotFoundException", "The function was not found.", 404),
    },
    "secretsmanager": {
        "server-error": ("InternalServiceError", "An error occurred on the server side.", 500),
        "not-found": ("ResourceNotFoundException", "Secrets Manager can't find the specified secret.", 400),
    },
    "ssm": {"server-error": ("InternalServerError", "An error occurred on the server side.", 500)},
    "iam": {
        **_QUERY,
        "server-error": ("ServiceFailure", "The request processing has failed because of an unknown error.", 500),
        "conflict": ("ConcurrentModification", "Multiple requests to change this object were submitted simultaneously.", 409),
        "not-found": ("NoSuchEntity", "The entity cannot be found.", 404),
    },
    "cloudformation": {
        **_QUERY,
        "conflict": ("OperationInProgressException", "Another operation is in progress.", 409),
        "not-found": ("ValidationError", "The stack does not exist", 400),
    },
    "sts": _QUERY,
    "ec2": {
        "throttle": ("RequestLimitExceeded", "Request limit exceeded.", 503),
        "server-error": ("InternalError", "An internal error has occurred", 500),
        "access-denied": ("UnauthorizedOperation", "You are not authorized to perform this operation.", 403),
    },
    "s3": _S3,
    # The address that a custom resource answers at is one of Amazon S3.
    "cloudformation-response": _S3,
}
KINDS = (*_ERRORS, "error", "cut", "cut-after", "cut-before", "late", "stall")

_ids = itertools.count(1)


@dataclass
class Fault:
    """`nth` counts the calls that match since the fault was set; `times` calls in a row are hit, None is all from then on.

    With `every` that begins anew after so many calls.
    """

    operation: str
    kind: str
    service: str = "license-manager"
    nth: int = 1
    times: int | None = 1
    every: int | None = None
    account: str | None = None
    region: str | None = None
    # A text that the path of the request has to contain.
    path: str | None = None
    # For `late` and `stall`: when the answer, or the rest of it, comes at last if the client still waits, in milliseconds.
    delayMs: int = 60_000
    # For `cut-before`: after how many further calls of the account it is done.
    calls: int = 1
    # For those that answer with an error: it was done all the same, as if somebody else had done it a moment before.
    done: bool = False
    # For `error`.
    code: str | None = None
    message: str | None = None
    status: int | None = None
    # The reason that an error of AWS Organizations has beside its code.
    reason: str | None = None
    id: int = field(default_factory=lambda: next(_ids))
    # How many calls matched, and how many were hit.
    seen: int = 0
    hits: int = 0

    def matches(self, service: str, operation: str, scope: Scope, path: str) -> bool:
        return (
            self.service in ("*", service) and self.operation in ("*", operation)
            and self.account in (None, scope.account) and self.region in (None, scope.region)
            and (self.path is None or self.path in path))

    def takes(self) -> bool:
        """Counts a call that matches; whether it is to be hit."""
        self.seen += 1
        since = self.seen - self.nth
        hit = since >= 0 and (self.times is None or (since if self.every is None else since % self.every) < self.times)
        self.hits += hit
        return hit

    def error(self, service: str) -> ServiceError:
        defaults = {**_ERRORS, **_SERVICE_ERRORS.get(service, {})}
        code, message, status = defaults.get(self.kind, ("InternalFailure", "A fault", 400))
        more = {} if self.reason is None else {"Reason": self.reason}
        return ServiceError(self.code or code, self.message or message, self.status or status, **more)


def answers_with_an_error(kind: str) -> bool:
    return kind == "error" or kind in _ERRORS


def has_errors_of_its_own(service: str) -> bool:
    return service in _SERVICE_ERRORS


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, values: dict[str, Any]) -> Fault:
        known = {f.name for f in fields(Fault)} - {"id", "seen", "hits"}
        if set(values) - known:
            raise ValueError(f"a fault has no {', '.join(sorted(set(values) - known))}; it has: {', '.join(sorted(known))}")
        if "operation" not in values or values.get("kind") not in KINDS:
            raise ValueError(f"a fault needs an operation and a kind: {', '.join(KINDS)}")
        fault = Fault(**values)
        self._faults.append(fault)
        return fault

    def clear(self, account: str | None = None) -> None:
        self._faults = [fault for fault in self._faults if account is not None and fault.account != account]

    def list(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults]

    def next_for(self, service: str, operation: str, scope: Scope, path: str) -> Fault | None:
        """The fault that hits this call, if any; every fault that matches counts the call."""
        hit = [fault for fault in self._faults if fault.matches(service, operation, scope, path) and fault.takes()]
        return hit[0] if hit else None
