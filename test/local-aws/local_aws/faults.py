"""Failures that a test orders: the n-th call of an operation is throttled, fails, is cut, answers late, and so on."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .errors import ServiceError
from .scope import Scope

# What the error kinds answer: code, text, HTTP status. License Manager's throttling error has the status 400 (API reference), which
# the SDKs' default retry does not take for throttling unless it is told so.
_ERRORS: dict[str, tuple[str, str, int]] = {
    "throttle": ("ThrottlingException", "Rate exceeded", 400),
    "server-error": ("InternalFailure", "The server experienced an internal error. Try again.", 500),
    "access-denied": ("AccessDeniedException", "Access to resource denied.", 400),
    "conflict": ("ConflictException", "There was a conflict processing the request. Try your request again.", 400),
    "not-found": ("ResourceNotFoundException", "The resource cannot be found.", 400),
}
_LICENSE_MANAGER_ERRORS: dict[str, tuple[str, str, int]] = {
    "throttle": ("RateLimitExceededException", "Too many requests have been submitted. Try again after a brief wait.", 400),
    "server-error": ("ServerInternalException", "The server experienced an internal error. Try again.", 500),
    # The service has no error of its own for a license configuration that does not exist.
    "not-found": ("InvalidParameterValueException", "The license configuration was not found.", 400),
}
KINDS = (*_ERRORS, "error", "cut", "cut-after", "late")

_ids = itertools.count(1)


@dataclass
class Fault:
    """`nth` counts the calls that match since the fault was set; `times` calls in a row are hit, None is all from then on."""

    operation: str
    kind: str
    service: str = "license-manager"
    nth: int = 1
    times: int | None = 1
    account: str | None = None
    region: str | None = None
    # A text that the path of the request has to contain.
    path: str | None = None
    # For `late`: how long the answer takes, in milliseconds.
    delayMs: int = 1000
    # For `error`.
    code: str | None = None
    message: str | None = None
    status: int | None = None
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
        hit = self.seen >= self.nth and (self.times is None or self.seen < self.nth + self.times)
        self.hits += hit
        return hit

    def error(self, service: str) -> ServiceError:
        defaults = {**_ERRORS, **(_LICENSE_MANAGER_ERRORS if service == "license-manager" else {})}
        code, message, status = defaults.get(self.kind, ("InternalFailure", "A fault", 400))
        return ServiceError(self.code or code, self.message or message, self.status or status)


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
