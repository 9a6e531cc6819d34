"""The built single-page app, served from memory.

It is read once at start: no request touches the disk or joins a path, and a build
that is replaced while the server runs never shows half of itself.
"""

import hashlib
import mimetypes
import re
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from roster.core.caching import tags_in

INDEX = "/index.html"
NONCE_PLACEHOLDER = "__CSP_NONCE__"
# Best first; what the build laid beside a file.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
IMMUTABLE = "public, max-age=31536000, immutable"
CHECK_EACH_TIME = "no-cache"
# Addresses of the API's own: a typing error there is no page of the app.
NOT_PAGES = (
    "/api/",
    "/health/",
    "/problems/",
    "/docs/",
    "/assets/",
    "/git/",
    "/marketplace/",
    "/.well-known/",
)
_DENIED = re.compile(r";\s*q=0(?:\.0+)?$")


def content_security_policy(nonce: str) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        ]
    )


@dataclass
class Asset:
    """A file of the app; its compressed twins by content coding, best first."""

    content: bytes
    media_type: str
    immutable: bool
    encoded: dict[str, bytes] = field(default_factory=dict)


def _assets_in(directory: Path) -> dict[str, Asset]:
    found: dict[str, Asset] = {}
    for path in sorted(directory.rglob("*")):
        inside = path.relative_to(directory)
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or not path.is_file() or path.suffix in ENCODINGS.values():
            continue
        address = f"/{inside.as_posix()}"
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        asset = Asset(
            path.read_bytes(), media_type, immutable=address.startswith("/assets/")
        )
        for coding, suffix in ENCODINGS.items():
            twin = path.with_name(path.name + suffix)
            if twin.is_file():
                asset.encoded[coding] = twin.read_bytes()
        found[address] = asset
    return found


def accepted_codings(header: str) -> set[str]:
    """Read ``Accept-Encoding``: the codings that are not refused by ``q=0``."""
    parts = [part.strip().lower() for part in header.split(",")]
    return {part.split(";")[0].strip() for part in parts if not _DENIED.search(part)}


class Spa:
    """Files by their address; pages of the app's own router get the index."""

    def __init__(self, directory: Path) -> None:
        self._assets = _assets_in(directory)
        index = self._assets.pop(INDEX, None)
        if index is None:
            message = f"There is no built app in {directory}: index.html is missing."
            raise FileNotFoundError(message)
        self._index = index.content.decode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        response = self._respond(scope)
        await response(scope, receive, send)

    def _respond(self, scope: Scope) -> Response:
        path: str = scope["path"]
        headers = Headers(scope=scope)
        asset = self._assets.get(path)
        if asset is None and not self._is_page(path, headers):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if scope["method"] != "GET":  # HEAD comes as GET
            raise HTTPException(
                HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"}
            )
        return self._page() if asset is None else self._file(asset, headers)

    @staticmethod
    def _is_page(path: str, headers: Headers) -> bool:
        if path in {"/", INDEX}:
            return True
        if f"{path}/".startswith(NOT_PAGES):
            return False
        return "text/html" in headers.get("accept", "")

    def _page(self) -> Response:
        nonce = secrets.token_urlsafe(16)
        return Response(
            self._index.replace(NONCE_PLACEHOLDER, nonce),
            media_type="text/html",
            headers={
                "Content-Security-Policy": content_security_policy(nonce),
                "Cache-Control": "no-store",
            },
        )

    @staticmethod
    def _file(asset: Asset, given: Headers) -> Response:
        headers = {
            "Cache-Control": IMMUTABLE if asset.immutable else CHECK_EACH_TIME,
            "Vary": "Accept-Encoding",
        }
        content = asset.content
        accepted = accepted_codings(given.get("accept-encoding", ""))
        for coding, twin in asset.encoded.items():
            if coding in accepted:
                headers["Content-Encoding"] = coding
                content = twin
                break
        digest = hashlib.sha256(content).hexdigest()[:32]
        headers["ETag"] = f'"{digest}"'
        if digest in tags_in(given.get("if-none-match", "")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(content, headers=headers, media_type=asset.media_type)
