"""What is let in at all, before anything is done for a request."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from roster.core import metrics
from roster.core.errors import (
    HeadersTooLarge,
    Misdirected,
    TooManyRequests,
    UriTooLong,
)
from roster.core.exchange import PACE_BYTES
from roster.core.headers import Headers
from roster.core.rate_limits import POLICY_NAME, Quota, RateLimiter

MOST_URL_BYTES = 16 * 1024
MOST_HEADER_BYTES = 32 * 1024
Given = dict[bytes, bytes]
"""The headers of a request; of several with one name the first."""


@dataclass(frozen=True)
class Rules:
    """What the edge lets in."""

    body_limit: int
    """The most bytes that a request may carry."""
    body_limits: Mapping[str, int]
    """Other limits, by the path; one that ends in a slash counts for all below it,
    and a star stands for one part of it."""
    quiet: frozenset[str]
    """Probes: no name or rate is asked for, and they never wait for others."""
    host_allowed: Callable[[bytes], bool]
    timeout_seconds: float
    """How long a request may neither send anything nor be answered."""
    rate: RateLimiter | None = None
    most_at_once: int | None = None
    """The most requests that are worked at; None: any number."""


def admit(scope: Scope, given: Given, rules: Rules) -> None:
    """Refuse what need not be looked at any further.

    Raises:
        UriTooLong: Its address is.
        HeadersTooLarge: They are.
        Misdirected: It is not meant for us.
    """
    address = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    if address > MOST_URL_BYTES:
        raise UriTooLong(f"Send an address of at most {MOST_URL_BYTES:,} bytes.")
    total = 0
    for key, value in scope["headers"]:
        total += len(key) + len(value)
    if total > MOST_HEADER_BYTES:
        raise HeadersTooLarge(f"Send at most {MOST_HEADER_BYTES:,} bytes of headers.")
    host = given.get(b"host")
    if host is None or scope["path"] in rules.quiet:
        return
    if not rules.host_allowed(host):
        raise Misdirected(
            "This instance does not answer to the name in Host. Its administrator "
            "can add it to ROSTER_ALLOWED_HOSTS."
        )


def count(client: str, rate: RateLimiter) -> Headers:
    """Count a request of a client, and say how much is left.

    The headers are those of draft-ietf-httpapi-ratelimit-headers.

    Raises:
        TooManyRequests: It is one too many.
    """
    quota = rate.take(client)
    said = left_of(quota, rate)
    if quota.wait:
        metrics.RATE_LIMITED.labels("requests").inc()
        raise TooManyRequests(
            f"You send too many requests; go on in {quota.wait} seconds.",
            headers={"Retry-After": str(quota.wait)}
            | {key.decode(): value.decode() for key, value in said},
        )
    return said


def left_of(quota: Quota, rate: RateLimiter) -> Headers:
    left = f"{POLICY_NAME};r={quota.left};t={quota.reset}".encode()
    return [(b"ratelimit-policy", rate.policy), (b"ratelimit", left)]


class BodyLimits:
    """Counts bodies as they arrive: ``Content-Length`` may lie or be absent."""

    def __init__(self, rules: Rules) -> None:
        self._usual = rules.body_limit
        self._limits = [
            (_pattern(place), limit) for place, limit in rules.body_limits.items()
        ]

    def limited(
        self, scope: Scope, given: Given, receive: Receive, heard: Callable[[int], None]
    ) -> Receive:
        """Wrap `receive`, and call `heard` with the size of each part of the body."""
        length = given.get(b"content-length")
        declared = int(length) if length and length.isdigit() else 0
        limit = self._limit_for(scope["path"])
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            if declared > limit:
                raise _too_large(limit)
            message = await receive()
            size = len(message.get("body", b""))
            seen += size
            if message["type"] == "http.request":
                # Its end starts the time in which it is answered.
                heard(size if message.get("more_body") else PACE_BYTES)
            if seen > limit:
                raise _too_large(limit)
            return message

        return limited

    def _limit_for(self, path: str) -> int:
        for place, limit in self._limits:
            if place.fullmatch(path):
                return limit
        return self._usual


def _pattern(place: str) -> re.Pattern[str]:
    below = ".*" if place.endswith("/") else ""
    return re.compile(re.escape(place).replace(r"\*", "[^/]+") + below)


def _too_large(limit: int) -> HTTPException:
    # FastAPI passes on this class alone when it is raised while a body is read.
    detail = f"The body is larger than the {limit:,} bytes that are taken here."
    return HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
