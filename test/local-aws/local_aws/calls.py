"""The log of all calls, for assertions."""

from __future__ import annotations

import itertools
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

_LONGEST_TEXT = 4096
_MOST_CALLS = 20000


@dataclass
class Call:
    service: str
    operation: str
    parameters: dict[str, Any]
    account: str
    region: str
    # HTTP status of the answer; none when the connection was cut.
    status: int | None = None
    # The code of the error that was answered.
    error: str | None = None
    # The kind of the fault that hit the call.
    fault: str | None = None
    userAgent: str = ""
    time: float = field(default_factory=time.time)
    id: int = 0


class Calls:
    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=_MOST_CALLS)
        self._ids = itertools.count(1)

    def add(self, call: Call) -> None:
        call.id = next(self._ids)
        call.parameters = _shortened(call.parameters)
        self._calls.append(call)

    def list(self, filters: dict[str, str]) -> list[dict[str, Any]]:
        return [asdict(call) for call in list(self._calls) if _matches(call, filters)]

    def clear(self, filters: dict[str, str]) -> None:
        kept = [call for call in self._calls if not _matches(call, filters)] if filters else []
        self._calls = deque(kept, maxlen=_MOST_CALLS)


def _matches(call: Call, filters: dict[str, str]) -> bool:
    return all(str(getattr(call, name, None)) in value.split(",") for name, value in filters.items())


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _shortened(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shortened(v) for v in value]
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return f"<{len(value)} characters>"
    return value
