"""Who does not come to the point is not listened to for ever."""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial

import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from uvicorn.server import ServerState
from websockets.asyncio.client import connect

from roster.core.connection import MOST_HEAD_BYTES, Connection

SECONDS = 0.3
LONG = 60
ASK = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
IN_PARTS = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
Client = tuple[StreamReader, StreamWriter]


class Quick(Connection):
    head_seconds = SECONDS


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.send_text(await socket.receive_text())
        await socket.close()
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(3 * SECONDS)
    elif scope["path"] == "/":
        await Request(scope, receive).body()
    await PlainTextResponse("answered")(scope, receive, send)


@asynccontextmanager
async def listening(idle: float = LONG) -> AsyncGenerator[int]:
    config = uvicorn.Config(app, http=Quick, log_config=None)
    config.load()
    config.timeout_keep_alive = idle  # type: ignore[assignment]  # seconds
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: Quick(config, state, {}), "127.0.0.1", 0
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for connection in list(state.connections):
            connection.shutdown()


@asynccontextmanager
async def client_of(port: int) -> AsyncGenerator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(LONG):
        yield reader, writer
    writer.transport.abort()


async def answer(reader: StreamReader) -> bytes:
    return await reader.readuntil(b"answered")


async def until_closed(client: Client, *, more: Callable[[], bytes]) -> bytes:
    """Send a bit again and again; give what was said when the other side closes."""
    reader, writer = client
    ending = asyncio.create_task(reader.read())
    while not ending.done():
        writer.write(more())
        await asyncio.wait({ending}, timeout=SECONDS / 20)
    try:
        return await ending
    except ConnectionResetError:  # what was sent last is not read there
        return b""


async def test_who_says_nothing_is_idle() -> None:
    async with listening(idle=SECONDS) as port, client_of(port) as (reader, _):
        assert await reader.read() == b""


async def test_headers_that_drip_in_end() -> None:
    async with listening() as port, client_of(port) as client:
        client[1].write(b"GET / HTTP/1.1\r\nX-Long: ")
        assert await until_closed(client, more=lambda: b"x") == b""


async def test_they_end_on_a_connection_that_was_good_before_as_well() -> None:
    async with listening() as port, client_of(port) as client:
        client[1].write(ASK)
        await answer(client[0])
        client[1].write(b"GET / HTTP/1.1\r\n")
        assert await until_closed(client, more=lambda: b"X: y\r\n") == b""


async def test_empty_lines_are_no_beginning() -> None:
    async with listening() as port, client_of(port) as client:
        assert await until_closed(client, more=lambda: b"\r\n") == b""
    async with listening() as port, client_of(port) as client:
        client[1].write(ASK)
        await answer(client[0])
        assert await until_closed(client, more=lambda: b"\r\n") == b""


async def test_headers_without_end_are_too_large() -> None:
    async with listening() as port, client_of(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nX-Long: ")
        sent = 0
        while not reader._buffer and sent < 100 * MOST_HEAD_BYTES:  # type: ignore[attr-defined]
            writer.write(b"x" * 10_000)
            sent += 10_000
            await asyncio.sleep(0)
        head, _, body = (await reader.readuntil(b"}")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert b"application/problem+json" in head
    assert json.loads(body)["type"] == "/problems/headers-too-large"


async def test_what_stands_beside_a_body_has_an_end() -> None:
    for begun, more in ((b"0\r\n", b"X: y\r\n"), (b"1;", b"x"), (b"", b"0")):
        async with listening() as port, client_of(port) as client:
            client[1].write(IN_PARTS + begun)
            many = partial(bytes, more * (20_000 // len(more)))
            assert await until_closed(client, more=many) == b""


async def test_a_body_in_many_parts_is_no_more_than_that() -> None:
    async with listening() as port, client_of(port) as (reader, writer):
        writer.write(IN_PARTS)
        for _ in range(50):
            writer.write(b"1;some=thing\r\nx\r\n" * 1_000)
            await writer.drain()
        writer.write(b"0\r\nX-Checked: yes\r\n\r\n")
        await answer(reader)


async def test_a_body_that_drips_in_after_its_answer_ends() -> None:
    async with listening() as port, client_of(port) as client:
        client[1].write(POST)
        await answer(client[0])
        assert await until_closed(client, more=lambda: b"x") == b""


async def test_who_sends_the_rest_of_it_may_go_on() -> None:
    async with listening() as port, client_of(port) as (reader, writer):
        writer.write(POST)
        await answer(reader)
        for _ in range(10):
            writer.write(b"x" * 10_000)
        await asyncio.sleep(2 * SECONDS)
        writer.write(ASK)
        await answer(reader)


async def test_and_is_idle_after_it() -> None:
    async with listening(idle=SECONDS) as port, client_of(port) as (reader, writer):
        writer.write(POST + b"x" * 100_000)
        await answer(reader)
        assert await reader.read() == b""


async def test_headers_in_pieces_are_headers() -> None:
    async with listening() as port, client_of(port) as (reader, writer):
        for _ in range(2):
            for piece in (ASK[:9], ASK[9:30], ASK[30:]):
                writer.write(piece)
                await asyncio.sleep(SECONDS / 20)
            await answer(reader)
            # It is idle now, for as long as that may be.
            await asyncio.sleep(2 * SECONDS)


async def test_who_asks_ahead_still_gets_the_answer_before() -> None:
    async with listening() as port, client_of(port) as (reader, writer):
        writer.write(ASK.replace(b"/ ", b"/slow "))
        writer.write(ASK[:9])
        await answer(reader)
        writer.write(ASK[9:])
        await answer(reader)


async def test_a_websocket_stays_open() -> None:
    async with (
        listening(idle=SECONDS) as port,
        connect(f"ws://127.0.0.1:{port}", proxy=None) as socket,
    ):
        await asyncio.sleep(2 * SECONDS)
        await socket.send("still there")
        assert await socket.recv() == "still there"
