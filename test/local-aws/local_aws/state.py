"""State that is kept for each account and Region."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from .scope import Scope

T = TypeVar("T")

_all: list[ScopedState] = []


class ScopedState(Generic[T]):
    """One object for each account and Region, made when it is first asked for."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._objects: dict[Scope, T] = {}
        _all.append(self)

    def of(self, scope: Scope) -> T:
        if scope not in self._objects:
            self._objects[scope] = self._make()
        return self._objects[scope]

    def items(self) -> Iterator[tuple[Scope, T]]:
        return iter(list(self._objects.items()))

    def reset(self, account: str | None = None) -> None:
        self._objects = {s: o for s, o in self._objects.items() if account is not None and s.account != account}


def reset_all(account: str | None = None) -> None:
    """Forgets everything, or what one account has."""
    for state in _all:
        state.reset(account)
