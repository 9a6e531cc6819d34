"""Headers that every answer has, and how those of a request are read."""

from typing import Any

from starlette.types import Message, Scope

Headers = list[tuple[bytes, bytes]]

SECURITY_HEADERS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    # What the API itself answers may load nothing and be framed by nobody; the SPA and
    # the documentation pages bring a policy of their own.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
ENCRYPTED = frozenset({"https", "wss"})


def header(scope: Scope, name: bytes) -> bytes | None:
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found
    return None


def with_missing(headers: Headers, added: Headers) -> Headers:
    """Add the headers that are not there already."""
    present: set[Any] = {key for key, _ in headers}
    return [*headers, *(pair for pair in added if pair[0] not in present)]


def as_lines(headers: Headers) -> bytes:
    """Headers as HTTP/1.1 writes them."""
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])


def add_headers(message: Message, added: Headers) -> None:
    message["headers"] = with_missing(list(message.get("headers", [])), added)
