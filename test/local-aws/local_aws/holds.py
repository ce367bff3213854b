"""Answers that are held back until the client gives them up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

_ASK = 0.005


@dataclass(eq=False)
class Held:
    """A call whose answer is held back, and the port that its client called from."""

    service: str
    operation: str
    account: str
    port: int


class Holds:
    def __init__(self) -> None:
        self._held: list[Held] = []

    async def hold(self, held: Held, is_given_up: Callable[[], bool], seconds: float) -> bool:
        """Waits until the client closes the connection, which is answered with false, or until the time is up."""
        end = time.monotonic() + seconds
        self._held.append(held)
        try:
            while not is_given_up():
                if time.monotonic() >= end:
                    return True
                await asyncio.sleep(_ASK)
            return False
        finally:
            self._held.remove(held)

    def list(self, account: str | None) -> list[dict[str, Any]]:
        return [asdict(held) for held in self._held if account in (None, held.account)]
