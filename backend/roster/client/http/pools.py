"""Connections: checked certificates, proxies by environment, bounded waiting."""

import platform
import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3 import exceptions

from roster import __version__
from roster.client.exits import Exit, Trouble

CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
AGENT = (
    f"roster/{__version__} ({platform.system()}; Python {platform.python_version()})"
)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose certificates count: those of the system, or of this file.

    Attributes:
        bundle: PEM file, beside what SSL_CERT_FILE says; None: none.
    """

    bundle: str | None = None

    def context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.bundle)
        except (OSError, ssl.SSLError):
            raise Trouble(
                Exit.usage, f"{self.bundle} holds no certificates: it must be PEM."
            ) from None


def pool_for(address: str, trust: Trust) -> urllib3.PoolManager:
    parts = urlsplit(address)
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    is_safe = parts.scheme == "https"
    context = trust.context() if is_safe else None
    proxy = getproxies().get(parts.scheme)
    if proxy and not proxy_bypass(parts.hostname or ""):
        return _through(proxy, timeout, context)
    return urllib3.PoolManager(timeout=timeout, ssl_context=context, retries=False)


def _through(
    proxy: str, timeout: urllib3.Timeout, context: ssl.SSLContext | None
) -> urllib3.PoolManager:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    headers = None
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = urllib3.make_headers(proxy_basic_auth=pair)
    try:
        port = f":{parts.port}" if parts.port else ""
        host = (
            f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        )
        return urllib3.ProxyManager(
            f"{parts.scheme}://{host}{port}",
            proxy_headers=headers,
            timeout=timeout,
            ssl_context=context,
            retries=False,
        )
    except (ValueError, exceptions.HTTPError):
        raise Trouble(
            Exit.usage, "The proxy in the environment (HTTPS_PROXY) is no address."
        ) from None


def away(address: str, error: Exception) -> Trouble:
    """Say why nothing came back, and what can be done."""
    return Trouble(Exit.network, _why(address, error))


def _why(address: str, error: Exception) -> str:
    host = urlsplit(address).hostname
    if isinstance(error, exceptions.ProxyError):
        return "The proxy in the environment (HTTPS_PROXY, NO_PROXY) does not answer."
    if isinstance(error, exceptions.SSLError):
        return (
            f"The certificate of {host} is not trusted: name who issued it with "
            "--ca-bundle or SSL_CERT_FILE."
        )
    if isinstance(error, exceptions.NameResolutionError):
        return f"There is no {host}: check the address, and whether you are online."
    # That is one of those below, as urllib3 has it.
    if isinstance(error, exceptions.NewConnectionError):
        return f"Nothing answers at {address}: check the address, and whether it runs."
    if isinstance(error, exceptions.ConnectTimeoutError | exceptions.ReadTimeoutError):
        return f"{address} takes too long to answer: try again later."
    return f"The connection to {address} broke: try again."
