"""Stands between the application and PostgreSQL, to be cut and mended by tests."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from sqlalchemy import make_url


class Proxy:
    """Passes bytes on between whoever connects and a server."""

    def __init__(self, host: str, port: int) -> None:
        self._upstream = (host, port)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Refuse connections from now on, and reset those that are there."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        there, back = await asyncio.open_connection(*self._upstream)
        both = {writer, back}
        self._open |= both
        with contextlib.suppress(OSError):
            await asyncio.gather(_pass(reader, back), _pass(there, writer))
        self._open -= both
        for one in both:
            one.transport.abort()


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        target.write(data)
        await target.drain()
    target.write_eof()


@contextlib.asynccontextmanager
async def proxied(url: str) -> AsyncGenerator[tuple[Proxy, str]]:
    """Give a proxy before the database of this address, and its address there."""
    parts = make_url(url)
    proxy = Proxy(parts.host or "", parts.port or 0)
    await proxy.mend()
    there = parts.set(host="127.0.0.1", port=proxy.port)
    yield proxy, there.render_as_string(hide_password=False)
    await proxy.cut()
