"""Where may be fetched from: addresses are resolved, checked and pinned.

Who connects uses the address that was checked, never the name: a name may lead
elsewhere the next time that it is asked for.
"""

import asyncio
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Protocol, Self
from urllib.parse import SplitResult, quote, urlsplit

from roster.fetching.errors import FetchError, Reason

SETTING = "ROSTER_FETCH_ALLOWED"
RESOLVE_SECONDS = 10
MAX_URL = 4096
PORTS = {"https": 443, "http": 80}

# Of IPv6 only what is given out to the world, without what stands for something else.
_GLOBAL6 = IPv6Network("2000::/3")
_TUNNELS = tuple(map(IPv6Network, ("2001::/32", "2002::/16", "3fff::/20")))
_NAT64 = IPv6Network("64:ff9b::/96")
# Given to protocols and not to hosts, relays of tunnels, and where clouds answer their
# own machines.
_SPECIAL = tuple(
    map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


class Resolver(Protocol):
    async def __call__(self, host: str, port: int, /) -> Sequence[str]:
        """All addresses of a host.

        Raises:
            OSError: It has none.
        """


async def system(host: str, port: int) -> Sequence[str]:
    """Ask the system, as every other program does."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in found]


@dataclass(frozen=True, slots=True)
class Origin:
    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


@dataclass(frozen=True, slots=True)
class Location:
    """A URL that was taken apart; `str()` is its canonical form."""

    origin: Origin
    target: str
    """Path and query."""

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    @classmethod
    def parse(cls, url: str) -> Self:
        """Take a URL apart.

        Raises:
            ValueError: With a sentence that says what is wrong with it.
        """
        if len(url) > MAX_URL:
            raise ValueError(f"The address is longer than {MAX_URL} characters.")
        if any(not char.isprintable() or char in ' \\"<>' for char in url):
            raise ValueError("The address holds blanks or characters that none may.")
        parts = _split(url)
        if parts.scheme not in PORTS:
            raise ValueError("Give an address that begins with https://.")
        if parts.username is not None or parts.password is not None:
            raise ValueError(
                "Leave user and password out of the address; give a token beside it."
            )
        if parts.fragment:
            raise ValueError("Leave out the part of the address after #.")
        port = _port(parts) or PORTS[parts.scheme]
        origin = Origin(parts.scheme, _host(parts.hostname or ""), port)
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
        return cls(origin, f"{path}?{query}" if query else path)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise ValueError("This is no address of a web server.") from error


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError as error:
        raise ValueError("The port in the address is no port.") from error


def _host(raw: str) -> str:
    """The host in lower-case letters as DNS has it, or the address in short form."""
    try:
        if "%" not in raw:  # the zone of an address says which card it is asked from
            return str(ip_address(raw))
    except ValueError:
        pass
    try:
        host = raw.removesuffix(".").encode("idna").decode().lower()
    except UnicodeError:
        host = ""
    if not host or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise ValueError("The address names no host that can be.")
    return host


@dataclass(frozen=True, slots=True)
class Pinned:
    """A location, and the one address that it may be fetched from."""

    location: Location
    address: str

    @property
    def origin(self) -> Origin:
        return self.location.origin


class Allowed:
    """The private places that an instance may fetch from."""

    def __init__(self, places: Iterable[str]) -> None:
        self._hosts: set[str] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for place in places:
            try:
                self._networks.append(ip_network(place, strict=False))
            except ValueError:
                self._hosts.add(place)

    def names(self, host: str) -> bool:
        """Whether the host itself is listed, by name or as an address."""
        if host in self._hosts:
            return True
        try:
            return self.holds(host)
        except ValueError:
            return False

    def holds(self, address: str) -> bool:
        found = ip_address(address)
        return any(found in network for network in self._networks)


async def pin(location: Location, allowed: Allowed, resolver: Resolver) -> Pinned:
    """Find the address of a host, if each one that it has may be fetched from.

    Raises:
        FetchError: It has none, or one that may not.
    """
    origin = location.origin
    is_named = allowed.names(origin.host)
    if origin.scheme != "https" and not is_named:
        raise FetchError(
            f"{origin} would be asked without encryption: give an address that begins "
            f"with https://, or let the administrator list the host in {SETTING}.",
            Reason.address,
        )
    addresses = await _resolve(origin, resolver)
    if not is_named:
        for address in addresses:
            if not is_public(address) and not allowed.holds(address):
                raise FetchError(
                    f"{origin.host} leads to {address}, which is not in the public "
                    f"internet; the administrator can list it in {SETTING}.",
                    Reason.address,
                )
    # Not every machine can use IPv6.
    return Pinned(location, min(addresses, key=lambda address: ":" in address))


async def _resolve(origin: Origin, resolver: Resolver) -> list[str]:
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await resolver(origin.host, origin.port)
        # What has a zone (fe80::1%eth0) is of this very network.
        addresses = [str(ip_address(address.partition("%")[0])) for address in found]
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME:
            raise FetchError(
                f"There is no host {origin.host}.", Reason.address
            ) from error
        addresses = []
    except (OSError, ValueError, UnicodeError, TimeoutError):
        addresses = []
    if not addresses:
        raise FetchError(
            f"There is no host {origin.host}, or its name cannot be resolved now.",
            Reason.unreachable,
        )
    return addresses


def is_public(raw: str) -> bool:
    """Whether an address is one of the public internet, whatever stands in it."""
    address = ip_address(raw)
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is None:
            is_given = address in _GLOBAL6 and address.is_global
            return is_given and not any(address in net for net in _TUNNELS)
        address = inner
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in net for net in _SPECIAL)
    )
