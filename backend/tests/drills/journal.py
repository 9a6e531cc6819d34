"""What the clients sent and what they were answered, and what they may have been."""

import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

GRACE_SECONDS = 2.0
"""How long after the recovery somebody may still be refused."""
UNAVAILABLE = frozenset({503, 507})
LOOKS = frozenset({"read", "list", "look"})
"""Requests that change nothing."""
SESSIONS = frozenset({"sign in", "sign out"})
AGAIN = ", again"
"""After what was sent once more, because its answer did not come."""


class Outcome(StrEnum):
    waiting = "waiting"
    acknowledged = "acknowledged"
    refused = "refused"
    """Nothing was done, says the answer."""
    unknown = "unknown"
    """It may have been done or not: there was no answer, or that it was given up."""


@dataclass
class Entry:
    """One request."""

    who: str
    what: str
    about: dict[str, Any]
    sent: float = field(default_factory=time.monotonic)
    ended: float | None = None
    status: int | None = None
    outcome: Outcome = Outcome.waiting
    said: str = ""
    """What the answer says that is no success, or why there was none."""
    answer: dict[str, Any] = field(default_factory=dict)
    retry_after: str | None = None

    @property
    def is_there(self) -> bool:
        return self.outcome is Outcome.acknowledged

    @property
    def may_be_there(self) -> bool:
        return self.outcome in {Outcome.waiting, Outcome.unknown}

    @property
    def is_write(self) -> bool:
        """Whether it was to change what the drills compare, and is the first to."""
        return self.what not in LOOKS | SESSIONS and not self.what.endswith(AGAIN)


@dataclass
class Trouble:
    """A time in which something was broken, and what clients may see of it."""

    name: str
    cuts: bool = False
    """The process that serves is dead: connections may be refused or cut."""
    refuses: bool = False
    """Requests may be refused for a while."""
    signs_out: bool = False
    """Tokens may be refused, as if they had expired."""
    began: float = field(default_factory=time.monotonic)
    lifted: float | None = None
    recovered: float | None = None

    def touches(self, entry: Entry) -> bool:
        end = self.recovered
        assert entry.ended is not None
        return entry.ended >= self.began and (
            end is None or entry.sent <= end + GRACE_SECONDS
        )


class Journal:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.troubles: list[Trouble] = []
        self.wrong: list[str] = []
        """What an answer said that cannot be."""

    def begin(self, who: str, what: str, **about: Any) -> Entry:
        entry = Entry(who, what, about)
        self.entries.append(entry)
        return entry

    @contextmanager
    def trouble(self, name: str, **allows: bool) -> Generator[Trouble]:
        found = Trouble(name, **allows)
        self.troubles.append(found)
        try:
            yield found
        finally:
            found.recovered = time.monotonic()

    def faults(self) -> Iterator[str]:
        """Answers, and missing ones, that no trouble explains."""
        yield from self.wrong
        for entry in self.entries:
            if entry.ended is None or entry.is_there:
                continue
            if not any(_explains(one, entry) for one in self.troubles):
                yield (
                    f"{entry.who}: {entry.what} was answered {entry.status} "
                    f"{entry.said} ({self._moment(entry)})"
                )

    def _moment(self, entry: Entry) -> str:
        if not self.troubles:
            return "before any trouble"
        near = min(self.troubles, key=lambda one: abs(one.began - entry.sent))
        return f"sent {entry.sent - near.began:+.1f} s from the begin of {near.name}"

    def counts(self, since: float) -> Counter[str]:
        """How many ended how since then, and of how many writes nothing may be lost."""
        sent = [entry for entry in self.entries if entry.sent >= since]
        found = Counter(entry.outcome.value for entry in sent)
        found["writes"] = sum(entry.is_there and entry.is_write for entry in sent)
        return found

    def forget_reads(self) -> None:
        """Let go of what changed nothing and was in order."""
        self.entries = [
            entry
            for entry in self.entries
            if entry.what not in LOOKS or not entry.is_there
        ]


def _explains(trouble: Trouble, entry: Entry) -> bool:
    if not trouble.touches(entry):
        return False
    if entry.status is None:
        return trouble.cuts
    if entry.status in UNAVAILABLE:
        return trouble.refuses and entry.retry_after is not None
    if entry.status == 429:
        return trouble.refuses and entry.what == "sign in"
    return entry.status == 401 and trouble.signs_out
