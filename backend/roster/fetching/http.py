"""Ask other servers, at the addresses that were checked.

No proxy of the environment is used: it would resolve the name once more. Redirects are
followed a few times, each to an address that was checked anew.
"""

import asyncio
import ssl
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Generator,
    Mapping,
)
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import h11
from pydantic import SecretStr

from roster import __version__
from roster.core import tracing
from roster.fetching.addresses import Allowed, Location, Origin, Pinned, Resolver, pin
from roster.fetching.errors import FetchError, Reason
from roster.settings import Settings
from roster.uploads.spool import Span, Spool

AGENT = f"roster/{__version__}"
MAX_REDIRECTS = 3
CONNECT_SECONDS = 15
SILENT_SECONDS = 30
"""How long the other side may say nothing."""
READ_BYTES = 64 * 1024
WRITTEN_AT_ONCE = 512 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OK = 200


@dataclass
class Answer:
    """What a server says, as far as it was read."""

    status: int
    headers: dict[str, str]
    """By their names in lower-case letters."""
    pinned: Pinned
    """Where it came from in the end."""
    keeps_credentials: bool
    """That is still the origin which was asked at first."""
    body: AsyncIterator[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says beside its address."""

    headers: Mapping[str, str] = field(default_factory=dict)
    authorization: SecretStr | None = None
    """Is sent to the origin of the address only."""


@asynccontextmanager
async def ask(
    url: str, *, settings: Settings, resolver: Resolver, asked: Asked | None = None
) -> AsyncGenerator[Answer]:
    """Send a GET and follow redirects.

    Raises:
        FetchError: Nobody answers, or the address is none that may be asked.
    """
    asked = asked or Asked()
    allowed = Allowed(settings.fetch_allowed)
    try:
        location = Location.parse(url)
    except ValueError as error:
        raise FetchError(str(error), Reason.address) from error
    first = location.origin
    for _ in range(MAX_REDIRECTS + 1):
        pinned = await pin(location, allowed, resolver)
        headers = dict(asked.headers)
        if asked.authorization is not None and location.origin == first:
            headers["Authorization"] = asked.authorization.get_secret_value()
        async with _exchange(pinned, headers) as (response, body):
            found = _headers(response)
            if response.status_code in REDIRECTS and "location" in found:
                location = _next(location, found["location"])
                continue
            kept = location.origin == first
            yield Answer(response.status_code, found, pinned, kept, body)
            return
    raise FetchError(
        f"{first} redirects more than {MAX_REDIRECTS} times.", Reason.address
    )


def _next(location: Location, target: str) -> Location:
    try:
        found = Location.parse(urljoin(str(location), target))
    except ValueError as error:
        raise FetchError(
            f"{location.origin} redirects to an address that may not be asked.",
            Reason.address,
        ) from error
    if location.origin.scheme == "https" and found.origin.scheme != "https":
        raise FetchError(
            f"{location.origin} redirects to {found.origin}, without encryption.",
            Reason.address,
        )
    return found


def _headers(response: h11.Response) -> dict[str, str]:
    return {
        name.decode("ascii"): value.decode("latin-1")
        for name, value in response.headers
    }


@asynccontextmanager
async def _exchange(
    pinned: Pinned, headers: Mapping[str, str]
) -> AsyncGenerator[tuple[h11.Response, AsyncIterator[bytes]]]:
    origin = pinned.origin
    with tracing.span("GET", **{"server.address": origin.host}):
        request = _request(pinned, {**headers, **tracing.headers()})
        reader, writer = await _connect(pinned)
        connection = h11.Connection(h11.CLIENT)
        try:
            with _troubles(origin):
                response = await _answer(connection, request, reader, writer)
        except BaseException:
            await _drop(writer)
            raise
    try:
        yield response, _body(connection, reader, origin)
    finally:
        await _drop(writer)


async def _answer(
    connection: h11.Connection,
    request: h11.Request,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> h11.Response:
    """Send a request and wait for the beginning of its answer.

    Raises:
        h11.RemoteProtocolError: What comes is none.
    """
    writer.write(connection.send(request) or b"")
    writer.write(connection.send(h11.EndOfMessage()) or b"")
    await writer.drain()
    event = await _event(connection, reader)
    while isinstance(event, h11.InformationalResponse):
        event = await _event(connection, reader)
    if not isinstance(event, h11.Response):
        message = "There is no answer."
        raise h11.RemoteProtocolError(message)
    return event


async def _drop(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()  # nothing that is still to come is of use
    with suppress(OSError):
        await writer.wait_closed()


def _request(pinned: Pinned, headers: Mapping[str, str]) -> h11.Request:
    usual = {
        "Host": str(pinned.origin).partition("://")[2],
        "User-Agent": AGENT,
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    try:
        return h11.Request(
            method="GET",
            target=pinned.location.target,
            headers=list((usual | dict(headers)).items()),
        )
    except (h11.LocalProtocolError, UnicodeEncodeError):
        # From None: what was raised shows the header, and the token in it.
        raise FetchError(
            "The token holds characters that none may have, such as a line break.",
            Reason.wrong_token,
        ) from None


async def _connect(
    pinned: Pinned,
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    origin = pinned.origin
    tls: dict[str, Any] = {}
    if origin.scheme == "https":
        context = await asyncio.to_thread(ssl.create_default_context)
        tls = {"ssl": context, "server_hostname": origin.host}
    with _troubles(origin):
        async with asyncio.timeout(CONNECT_SECONDS):
            return await asyncio.open_connection(pinned.address, origin.port, **tls)


async def _event(
    connection: h11.Connection, reader: asyncio.StreamReader
) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
    while (event := connection.next_event()) is h11.NEED_DATA:
        async with asyncio.timeout(SILENT_SECONDS):
            connection.receive_data(await reader.read(READ_BYTES))
    return event


async def _body(
    connection: h11.Connection, reader: asyncio.StreamReader, origin: Origin
) -> AsyncGenerator[bytes]:
    while True:
        with _troubles(origin):
            event = await _event(connection, reader)
        if not isinstance(event, h11.Data):
            return
        yield bytes(event.data)


@contextmanager
def _troubles(origin: Origin) -> Generator[None]:
    """Turn what goes wrong on the line into a sentence."""
    try:
        yield
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or "no TLS"
        raise FetchError(
            f"The encryption of {origin} cannot be trusted: {reason}.", Reason.tls
        ) from error
    except h11.RemoteProtocolError as error:
        raise _broken(origin) from error
    except OSError as error:  # a TimeoutError is one
        raise FetchError(f"{origin} does not answer.", Reason.unreachable) from error


def _broken(origin: Origin) -> FetchError:
    return FetchError(
        f"{origin} answers with something other than HTTP, or stops in the middle.",
        Reason.broken,
    )


async def read_into(
    answer: Answer,
    spool: Spool,
    max_bytes: int,
    on_bytes: Callable[[int], None] | None = None,
) -> Span:
    """Move the body to the spool.

    Args:
        answer: Of `ask`, while it is open.
        spool: Nobody else may append to it meanwhile.
        max_bytes: The most that is taken.
        on_bytes: Is told how many came so far.

    Raises:
        FetchError: It is larger, or stops in the middle.
    """
    start, pending = spool.size, bytearray()
    async for data in answer.body:
        pending += data
        came = spool.size - start + len(pending)
        if came > max_bytes:
            raise FetchError(
                f"{answer.pinned.origin} sends more than the {max_bytes:,} bytes that "
                f"are taken.",
                Reason.too_large,
            )
        if len(pending) >= WRITTEN_AT_ONCE:
            await asyncio.to_thread(spool.append, bytes(pending))
            pending.clear()
            if on_bytes is not None:
                on_bytes(came)
    await asyncio.to_thread(spool.append, bytes(pending))
    return Span(start, spool.size - start)
