"""One request on its way through the application, and what is sent for it."""

import asyncio
from collections.abc import Awaitable

from starlette.types import Message, Scope, Send

from roster.core.errors import TooManyRequests, Unavailable
from roster.core.headers import SECURITY_HEADERS, Headers, add_headers

STARTS = frozenset({"http.response.start", "websocket.http.response.start"})
"""Of an answer; a WebSocket gets one where its handshake is refused."""
RETRY_SECONDS = "10"
BUSY_SECONDS = "1"
SHARES = 4
"""One address gets so great a part of what is worked at: a quarter."""
PACE_BYTES = 16 * 1024
"""So much of a body has to arrive to be given more time."""


class Workload:
    """How many requests wait for their answer to begin, and from where."""

    def __init__(self, most: int | None) -> None:
        self.requests = 0
        self.most = most
        """None: any number."""
        self._from: dict[str, int] = {}

    def add(self, client: str | None) -> None:
        """Count one more.

        Args:
            client: Where it comes from; None: of this machine, or from anywhere.

        Raises:
            Unavailable: There is too much of it.
            TooManyRequests: Too much of it is from there.
        """
        if self.most is not None and self.requests >= self.most:
            raise Unavailable(
                "More is asked at once than can be answered; try again in a moment.",
                headers={"Retry-After": BUSY_SECONDS},
            )
        if client is not None and self.most is not None:
            there = self._from.get(client, 0)
            if there >= max(1, self.most // SHARES):
                raise TooManyRequests(
                    "You ask more at once than one address may; wait for some answers.",
                    headers={"Retry-After": BUSY_SECONDS},
                )
            self._from[client] = there + 1
        self.requests += 1

    def take(self, client: str | None) -> None:
        """Count one less, which came from there."""
        self.requests -= 1
        if client is not None and self.most is not None:
            there = self._from[client] - 1
            if there:
                self._from[client] = there
            else:
                del self._from[client]


class Exchange:
    """What is sent for one request, and how long it may still take."""

    def __init__(
        self, scope: Scope, send: Send, seconds: float, extra: Headers
    ) -> None:
        self.status = 0  # nothing was sent yet
        self.sent = 0
        """Bytes of the body."""
        self.headers = [*extra, *SECURITY_HEADERS]
        self._without_body = scope.get("method") == "HEAD"
        self._ended = False
        self._send = send
        self._seconds = seconds
        self._deadline: asyncio.Timeout | None = None
        self._work: Workload | None = None
        self._client: str | None = None
        self._arrived = 0

    async def send(self, message: Message) -> None:
        if message["type"] in STARTS:
            self.status = int(message["status"])
            if self._deadline is not None:
                # A stream may take as long as it likes.
                self._deadline.reschedule(None)
            self.rest()
            add_headers(message, self.headers)
        elif self._without_body:
            if self._ended:
                return
            # A stream need not go on for somebody who wants none of it.
            self._ended = True
            message = {"type": message["type"], "body": b"", "more_body": False}
        else:
            self.sent += len(message.get("body", b""))
        await self._send(message)

    def begin(self, work: Workload, client: str | None) -> None:
        """Count among what is worked at, until the answer begins or `rest`.

        Raises:
            Unavailable: There is too much of it.
            TooManyRequests: Too much of it is from there.
        """
        work.add(client)
        self._work, self._client = work, client

    def rest(self) -> None:
        if self._work is not None:
            self._work.take(self._client)
            self._work = None

    async def in_time(self, work: Awaitable[None]) -> None:
        """Wait for an answer to begin.

        Raises:
            Unavailable: It has not begun in time.
        """
        deadline = self._deadline = asyncio.timeout(self._seconds)
        try:
            async with deadline:
                await work
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise Unavailable(
                f"This took longer than {self._seconds:g} seconds and was given up. "
                "Look whether it was done before you send it again.",
                headers={"Retry-After": RETRY_SECONDS},
            ) from error
        finally:
            self._deadline = None

    def give_time(self, size: int) -> None:
        """Count anew when a part of the request has arrived that is worth it.

        A few bytes now and then would else keep it waiting for as long as they like.
        """
        self._arrived += size
        if (
            self._deadline is not None
            and not self.status
            and self._arrived >= PACE_BYTES
        ):
            self._arrived = 0
            loop = asyncio.get_running_loop()
            self._deadline.reschedule(loop.time() + self._seconds)
