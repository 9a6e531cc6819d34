"""Who listens in this process, to whatever, and whether they still may."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from roster.auth import api_tokens, sessions
from roster.auth.api_tokens import Use
from roster.auth.tokens import (
    API_TOKEN_PREFIX,
    AccessClaims,
    ApiTokenClaims,
    Tokens,
)
from roster.core.actor import Actor
from roster.core.db import Database
from roster.core.errors import NotSignedIn, TooManyRequests, Unavailable
from roster.core.model import utc_now

Claims = AccessClaims | ApiTokenClaims
MOST_PER_USER = 20
RETRY_SECONDS = "10"


class End(StrEnum):
    """Why a stream ended."""

    gone = "gone"
    """The client went."""
    expired = "expired"
    """Its access token is past its time; it can come back with another one."""
    ended = "ended"
    """Its session or API token is over."""
    closing = "closing"
    """This process stops."""
    spoke = "spoke"
    """The client said more than it should."""
    failed = "failed"
    """The database cannot be read."""
    told = "told"
    """There is nothing more to say."""


class Listener:
    """One connection; `actor` is who it is at this moment."""

    def __init__(self, claims: Claims, use: Use) -> None:
        self.claims = claims
        self.actor: Actor = use.actor
        self.first_in_a_while = use.first_in_a_while
        self.end: End | None = None
        self.news = asyncio.Event()

    def leave(self, why: End) -> None:
        self.end = self.end or why
        self.news.set()


Some = TypeVar("Some", bound=Listener)


class Listeners:
    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens
        self._by_user: dict[UUID, set[Listener]] = defaultdict(set)
        self._closed = False

    def __bool__(self) -> bool:
        return bool(self._by_user)

    def all(self) -> list[Listener]:
        return [one for own in self._by_user.values() for one in own]

    def close(self) -> None:
        """End all streams, and let none begin."""
        self._closed = True
        for listener in self.all():
            listener.leave(End.closing)

    @asynccontextmanager
    async def admitted(
        self, token: str, make: Callable[[Claims, Use], Some]
    ) -> AsyncGenerator[Some]:
        """Let a client listen, as long as the block lasts.

        Raises:
            NotSignedIn: The token is not good.
            TooManyRequests: The person has too many of these open.
            Unavailable: This process stops.
        """
        claims, use = await self._identify(token)
        if self._closed:
            raise Unavailable(
                "Roster is stopping; come back in a moment.",
                headers={"Retry-After": RETRY_SECONDS},
            )
        own = self._by_user[use.actor.id]
        if len(own) >= MOST_PER_USER:
            raise TooManyRequests(
                f"You have {MOST_PER_USER} streams of events open; close one of them.",
                headers={"Retry-After": RETRY_SECONDS},
            )
        listener = make(claims, use)
        own.add(listener)
        try:
            yield listener
        finally:
            own.discard(listener)
            if not own:
                self._by_user.pop(use.actor.id, None)

    async def look(self) -> None:
        """End those whose token is over, and note what became of the others."""
        listeners = self.all()
        uses = await self._uses({one.claims for one in listeners})
        now = utc_now()
        for listener in listeners:
            claims = listener.claims
            use = uses.get(claims)
            if use is None:
                listener.leave(End.ended)
            elif isinstance(claims, AccessClaims) and claims.expires <= now:
                listener.leave(End.expired)
            else:
                listener.actor = use.actor

    async def _identify(self, token: str) -> tuple[Claims, Use]:
        claims: Claims
        if token.startswith(API_TOKEN_PREFIX):
            claims = self._tokens.read_api_token(token)
        else:
            claims = self._tokens.read_access(token)
        use = (await self._uses([claims])).get(claims)
        if use is None:
            raise NotSignedIn("Sign in again: this token is not valid.")
        return claims, use

    async def _uses(self, claims: Collection[Claims]) -> dict[Claims, Use]:
        """Find who is behind each of these now; none for what is over."""
        accesses = {one for one in claims if isinstance(one, AccessClaims)}
        made = {one for one in claims if isinstance(one, ApiTokenClaims)}
        found: dict[Claims, Use] = {}
        async with self._database.read() as session:
            if accesses:
                actors = await sessions.actors_of(session, accesses)
                found.update((one, Use(actor)) for one, actor in actors.items())
            if made:
                uses = await api_tokens.uses_of(session, made)
                found.update(uses.items())
        return found


async def within(seconds: float | None, event: asyncio.Event) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
