"""Why something could not be fetched."""

from enum import StrEnum


class Reason(StrEnum):
    address = "address"
    """The address is no such thing, or may not be fetched from."""
    unreachable = "unreachable"
    """Nobody answered, or the other side is in trouble: later it may work."""
    tls = "tls"
    not_found = "not-found"
    needs_token = "needs-token"  # noqa: S105 - a word of the interface
    wrong_token = "wrong-token"  # noqa: S105 - the same
    no_such_ref = "no-such-ref"
    not_git = "not-git"
    too_large = "too-large"
    too_slow = "too-slow"
    broken = "broken"
    """What came cannot be read."""


PASSING = frozenset({Reason.unreachable, Reason.too_slow})


class FetchError(Exception):
    """It could not be fetched; the message is one sentence for a person.

    No message holds a token.
    """

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason

    @property
    def may_pass(self) -> bool:
        """Whether trying again later may help."""
        return self.reason in PASSING
