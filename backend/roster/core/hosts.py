"""Which names a request may call this instance by.

A page of any site can make a browser send requests here by a name of its own that
resolves to this machine (DNS rebinding), and links are built from the name.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

ANY = "*"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Reserved: nobody else can have a name below them.
LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".test")
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?")


def rule_for(
    allowed_hosts: Sequence[str], public_url: str | None
) -> Callable[[bytes], bool]:
    """Make the function that decides on the value of a ``Host`` header.

    Args:
        allowed_hosts: Names, ``*.example.org`` for all below one, ``*`` for any.
            Empty: addresses and names that mean this machine or its local network.
        public_url: Where people open the app; its name is allowed as well.
    """
    given = {name.lower() for name in allowed_hosts}
    exact = {name for name in given if not name.startswith(ANY)} | LOOPBACK
    if public_url is not None:
        exact.add(urlsplit(public_url).hostname or "")
    endings = tuple(name.removeprefix(ANY) for name in given if name.startswith("*."))

    @lru_cache(maxsize=1024)
    def allowed(value: bytes) -> bool:
        if ANY in given:
            return True
        match = _HOST.fullmatch(value.decode("latin-1").lower())
        if match is None:
            return False
        host = (match[1] or match[2]).rstrip(".")
        if host in exact or host.endswith(endings):
            return True
        return not given and _is_local(host)

    return allowed


def _is_local(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(LOCAL_ENDINGS)
    return True
