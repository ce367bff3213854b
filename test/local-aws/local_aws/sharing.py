"""Which resources AWS RAM shares with which accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .scope import Scope

# Set by the module that implements RAM: (resource ARN, caller) and (caller).
_is_shared_with: Callable[[str, Scope], bool] = lambda _arn, _scope: False
_shared_with: Callable[[Scope], Iterable[str]] = lambda _scope: ()


def provide(is_shared_with: Callable[[str, Scope], bool], shared_with: Callable[[Scope], Iterable[str]]) -> None:
    global _is_shared_with, _shared_with
    _is_shared_with, _shared_with = is_shared_with, shared_with


def is_shared_with(resource_arn: str, scope: Scope) -> bool:
    return _is_shared_with(resource_arn, scope)


def shared_with(scope: Scope) -> list[str]:
    return list(_shared_with(scope))
