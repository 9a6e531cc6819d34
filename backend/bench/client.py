"""A small HTTP/1.1 client: it costs a fraction of what it measures."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any


class Connection:
    """One kept-alive connection; a request at a time."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes = b"",
    ) -> tuple[int, dict[str, str], bytes]:
        lines = [f"{method} {path} HTTP/1.1", "host: bench"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"content-length: {len(body)}", "", ""]
        self._writer.write("\r\n".join(lines).encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *rest = head.rstrip().split("\r\n")
        pairs = (line.split(": ", 1) for line in rest)
        found = {name.lower(): value for name, value in pairs}
        if found.get("transfer-encoding") == "chunked":
            content = await self._chunks()
        else:
            length = int(found.get("content-length", "0"))
            content = await self._reader.readexactly(length)
        return int(first.split()[1]), found, content

    async def _chunks(self) -> bytes:
        content = b""
        while size := int(await self._reader.readline(), 16):
            content += await self._reader.readexactly(size)
            await self._reader.readline()
        await self._reader.readline()
        return content

    async def json(
        self, method: str, path: str, headers: Mapping[str, str], data: object
    ) -> Any:
        body = json.dumps(data).encode()
        typed = {**headers, "content-type": "application/json"}
        status, _, content = await self.request(method, path, typed, body)
        if status >= 400:  # noqa: PLR2004 - where HTTP's errors begin
            message = f"{method} {path}: {status} {content.decode()}"
            raise RuntimeError(message)
        return json.loads(content)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()
