"""Servers on loopback that answer as a test says, and the settings to reach them."""

import asyncio
import re
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from roster.settings import Settings
from roster.uploads.spool import Spool
from tests.mail.conftest import certificate

__all__ = ["certificate"]

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Names:
    """A resolver that knows what a test told it, and who asked it."""

    def __init__(self, **answers: Sequence[str]) -> None:
        self._answers = {
            name.replace("_", "."): list(given) for name, given in answers.items()
        }
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._answers:
            return [host]
        given = self._answers[host]
        # The next time another one, until the last.
        return [given.pop(0) if len(given) > 1 else given[0]]


@dataclass
class Scripted:
    """A server that answers each path with what a test wrote."""

    port: int = 0
    scheme: str = "http"
    replies: dict[str, Reply | list[Reply]] = field(default_factory=dict)
    """By path; several are given one after the other, the last for ever."""
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [request.split()[1].decode() for request in self.requests]

    async def answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            if length := re.search(rb"(?i)content-length: (\d+)", request):
                request += await reader.readexactly(int(length[1]))
            self.requests.append(request)
            path = request.split()[1].decode().partition("?")[0]
            reply = self.replies.get(path, said(b"", status="404 Not Found"))
            if isinstance(reply, list):
                reply = reply.pop(0) if len(reply) > 1 else reply[0]
            await reply(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # who asked has heard enough
        finally:
            writer.close()


def said(
    body: bytes, *, status: str = "200 OK", more: str = "", kind: str = "text/plain"
) -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n"
        )
        writer.write(head.encode() + body)

    return reply


def redirects(target: str, status: str = "302 Found") -> Reply:
    return said(b"", status=status, more=f"Location: {target}\r\n")


def endless(kind: str = "text/plain", start: bytes = b"", piece: bytes = b"x") -> Reply:
    """Never stops sending, as fast as it can."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + start)
        while True:
            writer.write(piece * (1 + 65536 // len(piece)))
            await writer.drain()

    return reply


def dripping(
    kind: str = "text/plain",
    start: bytes = b"",
    ended: asyncio.Event | None = None,
) -> Reply:
    """Sends a byte now and then, until who listens has gone."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + start)
        try:
            while True:
                await writer.drain()
                await asyncio.sleep(0.02)
                writer.write(b"1")
        finally:
            if ended is not None:
                ended.set()

    return reply


Scripts = Callable[..., Awaitable[Scripted]]


@pytest.fixture
async def script() -> AsyncGenerator[Scripts]:
    """Start servers that answer as they are told."""
    async with AsyncExitStack() as running:

        async def start(
            tls: ssl.SSLContext | None = None, **replies: Reply
        ) -> Scripted:
            server = Scripted(scheme="https" if tls else "http")
            server.replies |= {f"/{name}": reply for name, reply in replies.items()}
            listening = await asyncio.start_server(
                server.answer, "127.0.0.1", 0, ssl=tls
            )
            server.port = listening.sockets[0].getsockname()[1]
            running.callback(listening.close)
            return server

        yield start


@pytest.fixture
def limits(tmp_path: Path) -> Settings:
    """Settings that know of no private place, with small limits."""
    return Settings(
        environment="test",
        data_dir=tmp_path / "data",
        fetch_seconds=30,
        fetch_bytes=4 * 1024 * 1024,
        unpacked_bytes=4 * 1024 * 1024,
        import_files=2000,
    )


@pytest.fixture
def loopback(limits: Settings) -> Settings:
    """The same, where loopback may be fetched from."""
    return limits.model_copy(update={"fetch_allowed": ["127.0.0.0/8"]})


@pytest.fixture
def spool() -> Generator[Spool]:
    with Spool() as spool:
        yield spool


@pytest.fixture
def hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a child would put files, if it put any."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())
