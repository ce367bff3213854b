"""What takes a while: a call is answered at once, and what it has asked for comes about, or fails, some reads later.

The words of the statuses are not documented, but for SUBSCRIBED and for Configuring, Active and Associated of the console. A test can set others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..scope import Scope
from ..settings import USER_SUBSCRIPTION_WORDS, settings_of


@dataclass(kw_only=True)
class Lasting:
    """Something with a status: a phase, whose word is the status, and a message if something has failed."""

    phase: str
    message: str | None = None
    # How many more reads see what is in progress, and what is done then.
    reads: int = 0
    finish: Callable[[], None] | None = field(default=None, repr=False)

    @property
    def is_in_progress(self) -> bool:
        return self.finish is not None


def begin(
        scope: Scope, thing: Lasting, phase: str, done: tuple[str, Callable[[], None]], failed: str, *operations: str, problem: str | None = None,
        ) -> None:
    """Puts a thing into a phase, which comes to its end after some reads.

    The end is a phase and what else is done then, or, if a test has said so of one of the operations or there is a problem, the failed phase.
    """
    settings = settings_of(scope)
    reason = problem or next((settings.userSubscriptionsFailures[each] for each in operations if each in settings.userSubscriptionsFailures), None)

    def finish() -> None:
        thing.phase, thing.message, thing.finish = (failed, reason, None) if reason else (done[0], None, None)
        if not reason:
            done[1]()

    thing.phase, thing.message, thing.reads, thing.finish = phase, None, settings.userSubscriptionsReads, finish


def nothing_else() -> None:
    """Nothing is done but the change of the phase."""


def look_at(thing: Lasting) -> None:
    """A read, which brings on what is in progress."""
    if thing.finish is not None and thing.reads > 0:
        thing.reads -= 1
    elif thing.finish is not None:
        thing.finish()


def word(scope: Scope, thing: Lasting) -> str:
    return settings_of(scope).userSubscriptionsWords.get(thing.phase, USER_SUBSCRIPTION_WORDS[thing.phase])
