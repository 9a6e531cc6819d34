"""Clients that speak ASGI, for answers that do not end."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import httpx
from fastapi import FastAPI
from starlette.types import Message, Scope

SECONDS = 30
"""How long to wait for what has to come."""
ORIGIN = "http://roster.test"


def _scope(kind: str, path: str, headers: Mapping[str, str], query: str) -> Scope:
    given = {name.lower(): value for name, value in headers.items()}
    sent = {"host": "roster.test", **given}
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "path": f"/api/v1{path}",
        "raw_path": f"/api/v1{path}".encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("10.0.0.9", 50000),
        "server": ("roster.test", 80),
        "state": {},
    }


class Wire:
    """One request, or one socket, to an application in this process."""

    def __init__(self, app: FastAPI, scope: Scope) -> None:
        self._app = app
        self._scope = scope
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._asked: asyncio.Queue[Message] = asyncio.Queue()
        self.taking = asyncio.Event()
        """Unset: the client takes nothing of what is sent."""
        self.taking.set()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hang_up()

    async def _run(self) -> None:
        async def send(message: Message) -> None:
            await self.taking.wait()
            self._sent.put_nowait(message)

        await self._app(self._scope, self._asked.get, send)

    def say(self, message: Message) -> None:
        self._asked.put_nowait(message)

    async def heard(self) -> Message:
        return await asyncio.wait_for(self._sent.get(), SECONDS)

    async def ended(self) -> None:
        """Wait until the application is done with this client."""
        assert self._task is not None
        await asyncio.wait_for(asyncio.shield(self._task), SECONDS)

    async def hang_up(self) -> None:
        kind = "http" if self._scope["type"] == "http" else "websocket"
        self.say({"type": f"{kind}.disconnect", "code": 1005})
        self.taking.set()
        await self.ended()


@dataclass
class Told:
    """A message of a stream."""

    said: str
    position: str
    data: dict[str, Any]


class Stream(Wire):
    """A client of GET /events, or of another stream of the same form."""

    def __init__(
        self,
        app: FastAPI,
        client: httpx.AsyncClient,
        position: str | None = None,
        query: str = "",
        path: str = "/events",
    ) -> None:
        headers = {"authorization": client.headers.get("authorization", "")}
        if position is not None:
            headers["last-event-id"] = position
        scope = {**_scope("http", path, headers, query), "method": "GET"}
        super().__init__(app, scope)
        self.say({"type": "http.request", "body": b"", "more_body": False})
        self._text = ""
        self.over = False

    async def begin(self) -> Told:
        """Wait for the head of the answer and the first message."""
        start = await self.heard()
        assert start["status"] == 200, await self.heard()
        headers = dict(start["headers"])
        assert headers[b"content-type"].startswith(b"text/event-stream")
        return await self.told()

    async def told(self) -> Told:
        """Wait for the next message."""
        while "\n\n" not in self._text:
            assert not self.over, "The stream has ended."
            await self._more()
        block, _, self._text = self._text.partition("\n\n")
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        said = fields.get("event", "event" if "data" in fields else "beat")
        return Told(said, fields["id"], json.loads(fields.get("data", "{}")))

    async def until_over(self) -> None:
        while not self.over:
            await self._more()
        await self.ended()

    async def _more(self) -> None:
        message = await self.heard()
        self._text += message["body"].decode()
        self.over = not message["more_body"]

    async def event(self) -> dict[str, Any]:
        """Wait for the next event."""
        while (told := await self.told()).said == "beat":
            pass
        assert told.said == "event", told
        return told.data


class Socket(Wire):
    """A client of the WebSocket."""

    def __init__(self, app: FastAPI, **headers: str) -> None:
        scope = {
            **_scope("websocket", "/ws", headers, ""),
            "subprotocols": [],
            "extensions": {"websocket.http.response": {}},
        }
        super().__init__(app, scope)
        self.say({"type": "websocket.connect"})

    async def accepted(self) -> None:
        assert (await self.heard())["type"] == "websocket.accept"

    async def refused(self) -> int:
        """Give the status that the handshake was answered with."""
        start = await self.heard()
        assert start["type"] == "websocket.http.response.start"
        assert b"x-request-id" in dict(start["headers"])
        status: int = start["status"]
        return status

    def write(self, text: str) -> None:
        self.say({"type": "websocket.receive", "text": text})

    async def sign_in(self, client: httpx.AsyncClient, **more: str) -> dict[str, Any]:
        await self.accepted()
        token = client.headers["authorization"].removeprefix("Bearer ")
        self.write(json.dumps({"token": token, **more}))
        return await self.read()

    async def read(self) -> dict[str, Any]:
        message = await self.heard()
        assert message["type"] == "websocket.send", message
        found: dict[str, Any] = json.loads(message["text"])
        return found

    async def closed(self) -> tuple[int, str]:
        message = await self.heard()
        while message["type"] == "websocket.send":
            message = await self.heard()
        assert message["type"] == "websocket.close", message
        return message["code"], message["reason"]
