"""Answers that are kept as bytes, to be given again before any route is looked for.

A route says with `keep` what its answer depends on; `ConditionalRoute` stores it. It is
kept for all callers who would be answered the same: those of one `view`. Whether it is
still true is for `Changes` to say.

What a caller sees is found out before an answer is read for them, and may change in
between. So at first an answer is only for the person that it was read for, and for
others of the view as soon as it is certain that nothing had changed for that person.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from cachetools import LRUCache
from fastapi import Request, Response

from roster.core import metrics
from roster.core.changes import Kept
from roster.core.flights import Flights
from roster.core.following import Following
from roster.core.headers import SECURITY_HEADERS, Headers, as_lines, with_missing
from roster.core.observing import route_of
from roster.core.parts import Parts

ANONYMOUS = "anonymous"
"""The view of all who are not signed in."""
KEEP = "keep"
SINCE = "since"
"""Notes when a caller was looked at whose answer was made some time after that."""
OVERHEAD_BYTES = 2048
"""What an answer takes beside its body."""
LARGEST_PART = 16
"""No answer may fill more than this part of the cache."""
ALSO_UNCHANGED = frozenset({b"etag", b"cache-control", b"vary"})
"""What a 304 says, too."""
UNCHANGED, WHOLE = (
    f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode()
    for status in (HTTPStatus.NOT_MODIFIED, HTTPStatus.OK)
)
Asked = tuple[str, bytes, bytes]
"""Path, query and Accept of a request."""


class Viewer(Protocol):
    """Somebody who asks."""

    person: str
    """Their topic."""
    view: str | None
    """Alike for all who are answered the same; None: kept answers are not for them."""


@dataclass(slots=True, eq=False)
class Answer(Kept):
    etag: bytes
    headers: Headers
    """Ready to be sent, but for those that differ between requests."""
    unchanged: Headers
    """Those of a 304."""
    body: bytes
    route: str
    owner: str
    """Topic of the only person that it is for as yet; empty: it is for all."""
    since: int
    """The mark before it was read."""
    looks: int
    units: int
    """How many looks at other processes' changes, and units of work of this one, had
    begun when it was stored."""
    heads: tuple[bytes, bytes] | None = None
    """Of a 304 and of the whole, as they are sent."""

    def lines(self) -> tuple[bytes, bytes]:
        """Give its heads, which are made when it is asked for again."""
        if self.heads is None:
            unchanged, whole = as_lines(self.unchanged), as_lines(self.headers)
            self.heads = UNCHANGED + unchanged, WHOLE + whole
        return self.heads


def keep(request: Request, *topics: str) -> None:
    """Let the answer be given again until one of these topics is told."""
    request.scope["state"][KEEP] = topics


def is_whole(response: Response) -> bool:
    """Whether all of it is here, and nothing went wrong."""
    body = getattr(response, "body", None)
    return response.status_code == HTTPStatus.OK and isinstance(body, bytes)


def _size_of(answer: Answer) -> int:
    return len(answer.body) + OVERHEAD_BYTES


class Answers:
    """The cache, bounded by the bytes that it holds; the least recently used go."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.counts = dict.fromkeys(("hit", "miss", "stale", "bypass"), 0)
        """How often an answer was looked for, by what came of it."""
        self._told = dict(self.counts)
        self.parts = Parts()
        self._flights: Flights[Response] = Flights()
        self._following: Following | None = None
        self._kept: LRUCache[tuple[Asked, str], Answer]
        self._kept = LRUCache(max(1, most_bytes), getsizeof=_size_of)

    def follow(self, following: Following) -> None:
        """Begin to keep answers: from now on it is known what changes."""
        self.parts.follow(following)
        if self.most_bytes:
            self._following = following

    @property
    def mark(self) -> int:
        """The present moment; to be noted before anything is read."""
        return 0 if self._following is None else self._following.changes.mark

    def find(self, asked: Asked, viewer: Viewer | None) -> Answer | None:
        """Give an answer that is true now, for a caller who is known, or for nobody."""
        following = self._following
        view = ANONYMOUS if viewer is None else viewer.view
        if following is None or view is None:
            return None
        answer, outcome = self._look_up(following, (asked, view), viewer)
        self.counts[outcome] += 1
        return answer

    def pass_by(self) -> None:
        """Count a request of somebody unknown, if that is because nobody can look."""
        if self._following is not None and not self._following.is_current:
            self.counts["bypass"] += 1

    def _look_up(
        self, following: Following, key: tuple[Asked, str], viewer: Viewer | None
    ) -> tuple[Answer | None, str]:
        if not following.is_current:
            return None, "bypass"
        try:
            answer = self._kept[key]
        except KeyError:
            return None, "miss"
        if not following.changes.unchanged(answer):
            del self._kept[key]
            return None, "stale"
        if answer.owner:
            return self._while_owned(following, key, viewer)
        return answer, "hit"

    def _while_owned(
        self, following: Following, key: tuple[Asked, str], viewer: Viewer | None
    ) -> tuple[Answer | None, str]:
        """Give an answer of which it is not certain that it belongs to its view."""
        answer = self._kept[key]
        if following.changes.touched((answer.owner,), answer.since):
            del self._kept[key]
            return None, "stale"
        if following.has_seen(answer.looks, answer.units):
            answer.owner = ""
        elif viewer is None or viewer.person != answer.owner:
            return None, "miss"
        return answer, "hit"

    def store(self, request: Request, response: Response) -> None:
        """Keep an answer, if its route asked for it."""
        state, following = request.scope["state"], self._following
        topics: tuple[str, ...] | None = state.get(KEEP)
        asked: Asked | None = state.get("asked")
        if following is None or topics is None or asked is None:
            return
        viewer: Viewer | None = state.get("viewer")
        if viewer is None and not state["is_anonymous"]:
            return
        view = ANONYMOUS if viewer is None else viewer.view
        body = bytes(response.body)
        if view is None or len(body) > self.most_bytes // LARGEST_PART:
            return
        headers = list(response.raw_headers)
        mark = state["mark"]
        self._kept[asked, view] = Answer(
            mark=mark,
            topics=topics,
            etag=response.headers["etag"].encode(),
            headers=with_missing(headers, SECURITY_HEADERS),
            unchanged=with_missing(
                [pair for pair in headers if pair[0] in ALSO_UNCHANGED],
                SECURITY_HEADERS,
            ),
            body=body,
            route=route_of(request.scope),
            owner="" if viewer is None else viewer.person,
            since=state.get(SINCE, mark),
            looks=following.looks,
            units=following.changes.units,
        )

    async def shared(
        self, request: Request, make: Callable[[], Awaitable[Response]]
    ) -> Response:
        """Make an answer once for all who ask for the same just now.

        Args:
            request: Of a route whose answers are kept.
            make: Makes the answer, and stores it.
        """
        state, following = request.scope["state"], self._following
        asked: Asked | None = state.get("asked")
        viewer: Viewer | None = state.get("viewer")
        unknown = viewer is None and not state.get("is_anonymous")
        view = ANONYMOUS if viewer is None else viewer.view
        if following is None or not following.is_current or asked is None:
            return await make()
        if unknown or view is None:
            return await make()

        async def made_now() -> Response:
            # What it is made of is read from now on; who asks was known before.
            state[SINCE], state["mark"] = state["mark"], self.mark
            return await make()

        person = "" if viewer is None else viewer.person
        key = (asked, view, person)
        return await self._flights.share(key, lambda: self.mark, made_now, is_whole)

    def tell_metrics(self) -> None:
        """Pass on what was counted: to count there takes longer than to look here."""
        for outcome, count in self.counts.items():
            metrics.CACHE.labels("answers", outcome).inc(count - self._told[outcome])
            self._told[outcome] = count
        metrics.CACHE_BYTES.labels("answers").set(self._kept.currsize)
        metrics.CACHE_ENTRIES.labels("answers").set(len(self._kept))
