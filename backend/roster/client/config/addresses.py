"""How an instance is named: one form, so that it is found again."""

import ipaddress
from urllib.parse import urlsplit

from roster.client.exits import Exit, Trouble

API = "/api/v1"
PORTS = {"http": 80, "https": 443}


def normal(text: str) -> str:
    """Bring an address into the form that it is kept under.

    Raises:
        Trouble: It is none.
    """
    given = text.strip().rstrip("/").removesuffix(API).rstrip("/")
    if "://" not in given:
        scheme = "http" if is_loopback(_host_of(f"//{given}")) else "https"
        given = f"{scheme}://{given}"
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise _no_address(text) from None
    if parts.scheme not in PORTS or not parts.hostname or parts.query or parts.fragment:
        raise _no_address(text)
    if parts.username is not None or parts.password is not None:
        raise Trouble(
            Exit.usage,
            "Leave the user and the password out of the address; use `roster login`.",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = "" if port in {None, PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{shown}{parts.path.rstrip('/')}"


def origin_of(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    port = parts.port or PORTS.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").lower(), port


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_open(address: str) -> bool:
    """Whether what is sent there can be read on the way."""
    return address.startswith("http://") and not is_loopback(_host_of(address))


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _no_address(text: str) -> Trouble:
    return Trouble(
        Exit.usage,
        f"{text!r} is no address of a Roster: write it as https://roster.example.org.",
    )
