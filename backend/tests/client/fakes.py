"""Servers that answer as a test says, on the loopback."""

import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    """Their names are in small letters."""
    body: bytes = b""


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    """That it claims to have."""


Answer = Callable[[Asked], Reply]
INSTANCE = b'{"name": "Roster", "version": "0.1.0"}'


@dataclass
class Fake:
    address: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def answering(answer: Answer, *, certificate: Path | None = None) -> Generator[Fake]:
    """Serve; with a certificate by TLS."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            asked = Asked(self.command, self.path, headers, body)
            fake.asked.append(asked)
            reply = answer(asked)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            size = len(reply.body) if reply.length is None else reply.length
            self.send_header("Content-Length", str(size))
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = size != len(reply.body)

        do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - as it wants

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    fake = Fake(f"{scheme}://localhost:{server.server_address[1]}")
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}
    )
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


HOP = frozenset({"host", "content-length", "connection", "accept-encoding"})
OWN = frozenset({"content-length", "transfer-encoding", "connection", "date", "server"})


def passing_on(address: str, change: Callable[[Asked, Reply], None]) -> Answer:
    """Answer as an instance does, but for what is changed on the way."""

    def answer(asked: Asked) -> Reply:
        headers = {name: one for name, one in asked.headers.items() if name not in HOP}
        with httpx.Client(timeout=60) as client:
            found = client.request(
                asked.method,
                f"{address}{asked.path}",
                headers=headers,
                content=asked.body,
            )
        kept = {k: v for k, v in found.headers.items() if k.lower() not in OWN}
        reply = Reply(found.status_code, found.content, kept)
        change(asked, reply)
        return reply

    return answer
