"""How many requests a client may send, counted in memory (see rate_sharing.py)."""

import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

WINDOW_SECONDS = 60.0
MOST_CLIENTS = 20_000
"""More than these are not remembered: the oldest are let go."""
POLICY_NAME = '"default"'
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Quota:
    left: int
    reset: int
    """Seconds until all of it is there again."""
    wait: int = 0
    """Seconds until the next request is taken; 0: this one was."""


class RateLimiter:
    """Lets a client send so many requests a minute, in a burst or evenly.

    Of each client only the time is kept at which its whole quota is there again, so
    whoever has been quiet for a minute needs not be remembered.
    """

    def __init__(
        self, per_minute: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._step = WINDOW_SECONDS / per_minute
        self._whole_at: dict[str, float] = {}
        self.policy = f"{POLICY_NAME};q={per_minute};w={WINDOW_SECONDS:.0f}".encode()

    def take(self, client: str) -> Quota:
        now = self._clock()
        used = max(self._whole_at.get(client, now) - now, 0.0)
        room = WINDOW_SECONDS - used - self._step + _ROUNDING
        if room < 0:
            return Quota(0, math.ceil(used), max(1, math.ceil(-room)))
        if client not in self._whole_at:
            self._make_room(now)
        self._whole_at[client] = now + used + self._step
        return Quota(int(room / self._step), math.ceil(used + self._step - _ROUNDING))

    def spend(self, client: str, count: int) -> None:
        """Count requests that were answered elsewhere."""
        now = self._clock()
        used = max(self._whole_at.get(client, now) - now, 0.0)
        if client not in self._whole_at:
            self._make_room(now)
        self._whole_at[client] = now + min(used + count * self._step, WINDOW_SECONDS)

    def _make_room(self, now: float) -> None:
        if len(self._whole_at) < MOST_CLIENTS:
            return
        self._whole_at = {
            client: whole_at
            for client, whole_at in self._whole_at.items()
            if whole_at > now
        }
        surplus = len(self._whole_at) - MOST_CLIENTS * 9 // 10
        for client in list(self._whole_at)[: max(0, surplus)]:
            del self._whole_at[client]


class Clients:
    """Whom a request counts for: the account of its token, else the address.

    Only a token that was found to be valid counts for its account: nobody can spend
    the quota of another, or get a new one with an invented token.
    """

    def __init__(self) -> None:
        self._accounts: dict[bytes, str] = {}

    def name(
        self, address: str, authorization: bytes | None, known: str | None = None
    ) -> str | None:
        """Name the client; None: this very machine, which is not counted.

        Args:
            address: Where the request comes from.
            authorization: The header that it came with.
            known: The client, if it is known by now who that header is from.
        """
        network = network_of(address)
        if network is None or authorization is None:
            return network
        return known or self._accounts.get(_digest(authorization), network)

    def learn(self, authorization: bytes, account: str) -> None:
        if len(self._accounts) >= MOST_CLIENTS:
            self._accounts.clear()
        self._accounts[_digest(authorization)] = f"account {account}"

    def forget(self, authorization: bytes) -> None:
        self._accounts.pop(_digest(authorization), None)


def _digest(authorization: bytes) -> bytes:
    return hashlib.blake2b(authorization, digest_size=16).digest()


@lru_cache(maxsize=4096)
def network_of(address: str) -> str | None:
    """Name what one client holds: an IPv4 address, or the 2⁶⁴ of an IPv6 network.

    None for this machine: a proxy on it that ROSTER_TRUSTED_PROXIES does not name
    would have all its clients counted as one.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return None  # a Unix socket
    if isinstance(ip, IPv6Address):
        # Where a socket takes both, IPv4 comes as this: else all of it were one client.
        ip = ip.ipv4_mapped or ip
    if ip.is_loopback:
        return None
    if isinstance(ip, IPv6Address):
        return str(ip_network((ip, 64), strict=False))
    return str(ip)
