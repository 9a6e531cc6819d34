"""Limits on guessing: of passwords, of codes, and on asking for mail.

Each try is counted before it is judged, so that tries at once cannot slip through,
and given back when it turns out right. From the last free try on a gate closes
behind every one of them, for twice as long each time, up to a lock of `longest`
seconds. Whoever comes while it is closed is refused unheard and lengthens nothing.

Failures from elsewhere must not lock a person out: an address that an account was
signed in from lately has a counter of its own for it, and no other counts there.
"""

import hashlib
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated, TypeVar, cast

import structlog
from fastapi import Depends, Request
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.errors import StorageError
from pydantic import SecretStr

from roster.core.errors import TooManyRequests

log = structlog.get_logger("roster.throttle")

Result = TypeVar("Result")

IPV6_NETWORK = 64
"""Bits that one customer of a network shares."""
REDIS_SECONDS = 1


@dataclass(frozen=True)
class Rule:
    """How many tries are free, and how long the waiting grows after them."""

    name: str
    free: int
    longest: int
    """Seconds of the longest wait."""
    window: int
    """Seconds after which the tries are forgotten, from the first one on."""

    def wait(self, tries: int) -> int:
        return int(min(2 ** min(tries - self.free, 30), self.longest))


HOUR = 3600
PASSWORD = Rule("password", free=5, longest=HOUR, window=6 * HOUR)
"""Tries of a password for one name, from addresses that are new to it."""
PASSWORD_KNOWN = Rule("password-known", free=10, longest=300, window=HOUR)
"""The same from one address that the account was signed in from lately."""
ADDRESS = Rule("address", free=60, longest=900, window=HOUR)
"""Wrong passwords from one address, for any name."""
CODE = Rule("code", free=5, longest=HOUR, window=6 * HOUR)
"""Codes of a second factor, after a right password."""
CODE_KNOWN = Rule("code-known", free=5, longest=900, window=6 * HOUR)
REENTRY = Rule("reentry", free=5, longest=900, window=HOUR)
"""A password or code asked for again of who is signed in."""
REGISTER = Rule("register", free=60, longest=HOUR, window=HOUR)
"""Registrations from one address, good ones too."""
DEVICE = Rule("device", free=60, longest=HOUR, window=HOUR)
"""Devices that ask from one address to be signed in."""
DEVICE_CODE = Rule("device-code", free=10, longest=HOUR, window=6 * HOUR)
"""Codes of devices that no device shows, typed by one person."""
DEVICE_CODE_ADDRESS = Rule("device-code-address", free=60, longest=900, window=HOUR)
"""The same from one address, by anybody."""
MAIL_ADDRESS = Rule("mail-address", free=20, longest=HOUR, window=HOUR)
"""Mails that one address asks for."""
MAIL_RECIPIENT = Rule("mail-recipient", free=5, longest=HOUR, window=24 * HOUR)
"""Mails to one recipient."""


@dataclass(frozen=True)
class Counter:
    """The tries of one rule for one name or address, whether or not it exists."""

    rule: Rule
    of: str

    @property
    def key(self) -> str:
        # The name may be a password typed into the wrong field.
        return f"{self.rule.name}:{hashlib.sha256(self.of.encode()).hexdigest()}"

    @property
    def gate(self) -> str:
        return f"{self.key}:gate"


def network_of(address: str) -> str:
    """Give the part of a client's address that it cannot choose at will."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found.packed, IPV6_NETWORK), strict=False))


def normalised(name: str) -> str:
    """Give a user name or e-mail address as it is looked up."""
    return name.strip().lower()


def password_counters(name: str, address: str, *, known: bool) -> list[Counter]:
    """Choose what counts a try to sign in.

    Args:
        name: The user name or e-mail address that was given.
        address: Where the request comes from.
        known: Whether the account was signed in from there lately.
    """
    network = network_of(address)
    if known:
        return [Counter(PASSWORD_KNOWN, f"{normalised(name)}\n{network}")]
    return [Counter(ADDRESS, network), Counter(PASSWORD, normalised(name))]


def code_counters(user: str, address: str, *, known: bool) -> list[Counter]:
    if known:
        return [Counter(CODE_KNOWN, f"{user}\n{network_of(address)}")]
    return [Counter(CODE, user)]


@dataclass
class Try:
    """One that was let in and counted."""

    _throttle: "Throttle"
    _counted: list[Counter] = field(default_factory=list)

    async def right(self) -> None:
        """Forget the wrong ones before it; for an address only this one."""
        for counter in self._counted:
            if counter.rule is ADDRESS:
                await self._throttle.give_back(counter)
            else:
                await self._throttle.forget(counter)

    async def undecided(self) -> None:
        """Take it back: it was neither right nor wrong."""
        for counter in self._counted:
            await self._throttle.give_back(counter)


class Throttle:
    """Counts in memory, or in Redis for several processes together.

    While Redis cannot be reached each process counts for itself: neither is everyone
    locked out, nor is anyone let in unlimited.
    """

    def __init__(self, redis_url: SecretStr | None, *, processes: int = 1) -> None:
        """Count tries.

        Args:
            redis_url: Where several processes count together.
            processes: How many share one port: without Redis each of them lets in
                its part of the free tries.
        """
        self._own = MemoryStorage()
        self._processes = processes
        self._shared = None
        if redis_url is not None:
            self._shared = RedisStorage(
                redis_url.get_secret_value(),
                wrap_exceptions=True,
                implementation="redispy",
                key_prefix="roster",
                socket_timeout=REDIS_SECONDS,
                socket_connect_timeout=REDIS_SECONDS,
            )

    async def enter(self, counters: Sequence[Counter]) -> Try:
        """Count a try.

        Raises:
            TooManyRequests: It comes too early; the words and the status are the
                same whether or not the name exists.
        """
        admitted = Try(self)
        for counter in counters:
            wait = await self._with_storage(self._entering(counter))
            if wait is not None:
                await admitted.undecided()
                raise TooManyRequests(
                    f"Too many tries; wait {wait} seconds and try again.",
                    headers={"Retry-After": str(wait)},
                )
            admitted._counted.append(counter)  # noqa: SLF001 - its own helper
        return admitted

    def _entering(self, counter: Counter) -> Callable[[Storage], Awaitable[int | None]]:
        async def enter(storage: Storage) -> int | None:
            """Count it, or give the seconds to wait."""
            rule = counter.rule
            if storage is self._own and self._processes > 1:
                rule = replace(rule, free=max(1, rule.free // self._processes))
            if not await storage.get(counter.gate):
                tries = await storage.incr(counter.key, rule.window)
                if tries < rule.free:
                    return None
                # Of several at once one gets through the gate.
                if await storage.incr(counter.gate, rule.wait(tries)) == 1:
                    return None
                await storage.incr(counter.key, rule.window, -1)
            left = await storage.get_expiry(counter.gate) - time.time()
            return max(1, math.ceil(left))

        return enter

    async def forget(self, counter: Counter) -> None:
        async def forget(storage: Storage) -> None:
            await storage.clear(counter.key)
            await storage.clear(counter.gate)

        await self._with_storage(forget)

    async def give_back(self, counter: Counter) -> None:
        async def give_back(storage: Storage) -> None:
            await storage.incr(counter.key, counter.rule.window, -1)
            await storage.clear(counter.gate)

        await self._with_storage(give_back)

    async def _with_storage(
        self, work: Callable[[Storage], Awaitable[Result]]
    ) -> Result:
        if self._shared is not None:
            try:
                return await work(self._shared)
            except StorageError as error:
                log.warning("redis_unreachable", error=type(error.__cause__).__name__)
        return await work(self._own)

    async def close(self) -> None:
        if self._shared is not None:
            bridge = cast("RedispyBridge", self._shared.bridge)
            await bridge.storage.aclose()


async def get_throttle(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.throttle
    return throttle


ThrottleDep = Annotated[Throttle, Depends(get_throttle)]
