"""The git client of the child process: it reaches one address, and nothing else.

Imported by the child alone, so that no other process loads a parser of packs.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from dulwich.client import AbstractHttpGitClient
from dulwich.errors import GitProtocolError
from urllib3 import (
    BaseHTTPResponse,
    HTTPConnectionPool,
    HTTPSConnectionPool,
    Timeout,
)
from urllib3.exceptions import HTTPError, SSLError

from roster.fetching.addresses import Pinned
from roster.fetching.errors import FetchError, Reason
from roster.fetching.messages import media_type

CONNECT_SECONDS = 15
SILENT_SECONDS = 30
OK = 200
DENIED = frozenset({401, 403})
ADVERTISEMENT = "application/x-git-upload-pack-advertisement"

Count = Callable[[int], None]


class PinnedGit(AbstractHttpGitClient):
    """Speaks the smart protocol with a repository at an address that was checked.

    Args:
        pinned: The repository's location.
        headers: Of every request.
        count: Is told of every piece that came, and raises when it is too much.
    """

    def __init__(self, pinned: Pinned, headers: dict[str, str], count: Count) -> None:
        # What a server sends must stand alone: there is nothing else to build on.
        super().__init__(str(pinned.location), thin_packs=False, quiet=True)
        self._pinned = pinned
        self._headers = headers
        self._count = count
        self._pool = _pool(pinned)

    def close(self) -> None:
        self._pool.close()

    def _http_request(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,  # noqa: ARG002 - of use to dumb servers only
    ) -> tuple[Any, Callable[[int], bytes]]:
        parts = urlsplit(url)
        origin = self._pinned.origin
        if f"{parts.scheme}://{parts.netloc}" != str(origin):
            raise FetchError(f"{origin} leads elsewhere.", Reason.address)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        sent = {
            "Host": parts.netloc,
            "Accept-Encoding": "identity",
            **self._headers,
            **(headers or {}),
        }
        try:
            response = self._pool.urlopen(
                "GET" if data is None else "POST",
                target,
                body=data,
                headers=sent,
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except SSLError as error:
            raise FetchError(
                f"The encryption of {origin} cannot be trusted.", Reason.tls
            ) from error
        except HTTPError as error:
            raise FetchError(
                f"{origin} does not answer.", Reason.unreachable
            ) from error
        self._check(response, is_first=data is None)
        answer: Any = response  # as the class above wants it, with two more fields
        answer.content_type = response.headers.get("Content-Type")
        answer.redirect_location = ""
        return answer, self._reader(response)

    def _check(self, response: BaseHTTPResponse, *, is_first: bool) -> None:
        if response.status in DENIED:
            raise FetchError(
                "The repository may not be read with this token.", Reason.wrong_token
            )
        kind = media_type(response.headers.get("Content-Type", ""))
        if response.status != OK or (is_first and kind != ADVERTISEMENT):
            raise GitProtocolError(f"an answer of {response.status} with {kind!r}")

    def _reader(self, response: BaseHTTPResponse) -> Callable[[int], bytes]:
        def read(size: int) -> bytes:
            try:
                data = response.read(size, decode_content=False)
            except HTTPError as error:
                raise FetchError(
                    f"{self._pinned.origin} stops in the middle.", Reason.unreachable
                ) from error
            self._count(len(data))
            return data

        return read


def _pool(pinned: Pinned) -> HTTPConnectionPool:
    """Connections to the address, which prove to be the host that was named."""
    host, port = pinned.origin.host, pinned.origin.port
    timeout = Timeout(connect=CONNECT_SECONDS, read=SILENT_SECONDS)
    if pinned.origin.scheme == "http":
        return HTTPConnectionPool(pinned.address, port, timeout=timeout)
    return HTTPSConnectionPool(
        pinned.address,
        port,
        timeout=timeout,
        cert_reqs="CERT_REQUIRED",
        server_hostname=host,
        assert_hostname=host,
    )
