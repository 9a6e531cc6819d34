"""Who may know how an instance is from within, without an account."""

import hmac
from ipaddress import ip_address

from starlette.requests import Request

from roster.core import hosts
from roster.settings import Settings

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""A request with one of these comes from somewhere else, through a proxy here."""
BEARER = "bearer "


def may_know(request: Request, settings: Settings) -> bool:
    """Tell whether it is a probe of the operator's own.

    Where ROSTER_METRICS_TOKEN is set, whoever sends it as bearer is; otherwise whoever
    asks on this very machine.
    """
    token = settings.metrics_token
    if token is None:
        return _is_local(request) and _is_called_by_name(request, settings)
    given = request.headers.get("authorization", "")
    if not given.lower().startswith(BEARER):
        return False
    return hmac.compare_digest(
        given[len(BEARER) :].strip().encode(), token.get_secret_value().encode()
    )


def _is_local(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _is_called_by_name(request: Request, settings: Settings) -> bool:
    """Refuse a page of any site, which a browser here lets ask by a name of its own."""
    host = request.headers.get("host")
    allowed = hosts.rule_for(settings.allowed_hosts, settings.public_url)
    return host is None or allowed(host.encode("latin-1"))
