"""Moments in which the whole server stands still, as it does on a machine that has something else to do."""

from __future__ import annotations

import random
import time
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass
class Stalls:
    """How likely one is wherever one may happen: before a request is read and before its answer is sent."""

    probability: float = 0.005
    milliseconds: float = 500
    # How many are still to come.
    count: int = 0
    # How many there were.
    happened: int = 0

    @staticmethod
    def ordered(values: dict[str, Any]) -> Stalls:
        known = {f.name for f in fields(Stalls)} - {"happened"}
        if set(values) - known:
            raise ValueError(f"stalls have no {', '.join(sorted(set(values) - known))}; they have: {', '.join(sorted(known))}")
        return Stalls(**{"count": 100, **values})

    def describe(self) -> dict[str, Any]:
        return asdict(self)

    def may_happen(self) -> None:
        if self.count > 0 and random.random() < self.probability:
            self.count -= 1
            self.happened += 1
            # Not asyncio's: nobody else is to be served either.
            time.sleep(self.milliseconds / 1000)
