"""One of several processes that serve: see roster/supervisor.py, which starts it.

python -m roster.process SOCKET LIFELINE BEATS ADDRESS
"""

import os
import signal
import socket
import sys
import threading
from contextlib import suppress

import uvicorn

from roster.main import create_app
from roster.serve import Server, configuration, settings_here

TICKS_A_SECOND = 10


class Watched(Server):
    """Tells the supervisor, each second, that its event loop turns."""

    def __init__(
        self, config: uvicorn.Config, *, beats: int, drain_seconds: float
    ) -> None:
        super().__init__(config, drain_seconds=drain_seconds)
        self._beats = beats

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_A_SECOND == 0:
            # Full: it was not listened to for long, and will hear of the rest.
            with suppress(BlockingIOError, BrokenPipeError):
                os.write(self._beats, b".")
        return await super().on_tick(counter)


def end_with(lifeline: int) -> None:
    """End in good order when the supervisor has ended, however it did."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    place, lifeline, beats = (int(number) for number in sys.argv[1:4])
    os.umask(0o077)
    os.set_blocking(beats, False)
    # What this one starts must not keep any of them open.
    for number in (place, lifeline, beats):
        os.set_inheritable(number, False)  # noqa: FBT003 - takes no names
    settings = settings_here().served_at(sys.argv[4])
    server = Watched(
        configuration(create_app(settings), settings),
        beats=beats,
        drain_seconds=settings.drain_seconds,
    )
    threading.Thread(target=end_with, args=[lifeline], daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[socket.socket(fileno=place)])


if __name__ == "__main__":
    main()
