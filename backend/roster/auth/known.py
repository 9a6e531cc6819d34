"""Who the tokens speak for that came lately.

To verify a token and to look up its session takes longer than most answers do. So who
was found is kept for a minute at most, and only while nothing is told about the person,
the session or the token.
"""

import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth import api_tokens, sessions
from roster.auth.api_tokens import LAST_USE_EXACT_TO, Use
from roster.auth.tokens import API_TOKEN_PREFIX, Tokens
from roster.core.actor import Actor, Scope
from roster.core.changes import Kept
from roster.core.db import Database
from roster.core.following import Following
from roster.core.topics import PERSON, SESSION, TOKEN, topic

MOST_KNOWN = 20_000
"""More than these are not remembered: those that came first are let go."""
LONGEST_SECONDS = 60.0
ViewOf = Callable[[AsyncSession, Actor], Awaitable[str]]
"""Names what a caller sees and may do: alike for all who are answered the same."""


@dataclass(slots=True, eq=False)
class Known(Kept):
    """A caller with their token."""

    use: Use
    person: str
    """Their topic."""
    client: str
    """Whom the limit on requests counts."""
    account: str
    view: str | None
    """None: not asked for as yet, or the token is not for reading."""
    until: float
    """By the clock that only goes forward."""
    expires: float
    """By the clock on the wall: when the session or the token ends."""
    note_at: float
    """From when on a use of the token has to be noted again."""

    @property
    def actor(self) -> Actor:
        return self.use.actor


class Callers:
    def __init__(self, tokens: Tokens, view_of: ViewOf | None) -> None:
        """Keep nobody as yet.

        Args:
            tokens: Verifies them.
            view_of: Says what a caller sees; None: no answers are kept for callers.
        """
        self._tokens = tokens
        self._view_of = view_of
        self._following: Following | None = None
        self._known: dict[bytes, Known] = {}

    def follow(self, following: Following) -> None:
        """Begin to keep callers: from now on it is known what changes."""
        self._following = following

    def find(self, authorization: bytes) -> Known | None:
        """Give who a request with this header is from, if that is known for sure."""
        following = self._following
        if following is None or not following.is_current:
            return None
        digest = _digest(authorization)
        known = self._known.get(digest)
        if known is None:
            return None
        if (
            time.monotonic() < known.until
            and time.time() < known.expires
            and following.changes.unchanged(known)
        ):
            return known
        del self._known[digest]
        return None

    def reader(self, authorization: bytes) -> Known | None:
        """Give them if it is known what they see, and no use is to be noted."""
        known = self.find(authorization)
        if known is None or (known.view is None and self._view_of is not None):
            return None
        return known if time.time() < known.note_at else None

    async def identify(
        self, authorization: bytes, token: str, database: Database, *, reads: bool
    ) -> Known:
        """Find who a request is from.

        Args:
            authorization: The whole header.
            token: What stands in it.
            database: Where sessions, API tokens and accounts are.
            reads: Whether the request may be answered by what was kept.

        Raises:
            NotSignedIn: The token is not good, or is over.
        """
        known = self.find(authorization)
        view_of = self._view_of if reads else None
        if known is not None and (known.view is not None or view_of is None):
            return known
        mark = 0 if self._following is None else self._following.changes.mark
        # A unit of its own, closed at once: a request that kept this connection while
        # it waits for a second one could starve the pool.
        async with database.read() as session:
            if known is None:
                known = _known(await self._use(session, token), mark)
            if view_of is not None and Scope.read in known.use.actor.scopes:
                known.view = await view_of(session, known.use.actor)
        if self._following is not None:
            if len(self._known) >= MOST_KNOWN:
                del self._known[next(iter(self._known))]
            self._known[_digest(authorization)] = known
        return known

    async def _use(self, session: AsyncSession, token: str) -> Use:
        if token.startswith(API_TOKEN_PREFIX):
            return await api_tokens.use(session, self._tokens.read_api_token(token))
        access = self._tokens.read_access(token)
        return Use(await sessions.actor_of(session, access))


def _digest(authorization: bytes) -> bytes:
    return hashlib.blake2b(authorization, digest_size=16).digest()


def _known(use: Use, mark: int) -> Known:
    actor = use.actor
    person = topic(PERSON, actor.id)
    own = topic(SESSION, actor.session_id)
    if actor.token_id is not None:
        own = topic(TOKEN, actor.token_id)
    expires = actor.expires_at
    return Known(
        mark=mark,
        topics=(person, own),
        use=use,
        person=person,
        client=f"account {actor.id}",
        account=str(actor.id),
        view=None,
        until=time.monotonic() + LONGEST_SECONDS,
        expires=float("inf") if expires is None else expires.timestamp(),
        note_at=_note_at(use),
    )


def noted(known: Known, use: Use) -> None:
    """Take down that the use of an API token was noted."""
    known.use = use
    known.note_at = _note_at(use)


def _note_at(use: Use) -> float:
    if use.actor.token_id is None:
        return float("inf")
    if use.noted_at is None:
        return 0.0
    return (use.noted_at + LAST_USE_EXACT_TO).timestamp()
