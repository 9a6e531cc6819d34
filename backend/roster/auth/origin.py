"""Requests that a browser authenticates by itself must come from our own pages."""

from urllib.parse import urlsplit

from fastapi import Request
from starlette.requests import HTTPConnection

from roster.core.errors import Forbidden
from roster.settings import Settings

FROM_OWN_PAGE = frozenset({"same-origin", "none"})


def require_own_origin(request: Request, settings: Settings) -> None:
    """Refuse what another site's page made a browser send.

    ``Sec-Fetch-Site`` cannot be set by a page and is right behind any proxy, so it
    decides where a browser sends it; otherwise ``Origin`` must be ours. Clients that
    are no browser send neither.

    Raises:
        Forbidden: The request comes from elsewhere.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if site in FROM_OWN_PAGE or (site is None and origin is None):
        return
    own = f"{request.url.scheme}://{request.url.netloc}"
    if origin in settings.cors_origins or (site is None and origin == own):
        return
    raise Forbidden(
        "This request came from a page of another site. If the app is hosted apart, "
        "add its origin to ROSTER_CORS_ORIGINS."
    )


def require_own_page(socket: HTTPConnection, settings: Settings) -> None:
    """Refuse a WebSocket that another site's page opens: browsers let them all.

    Only the name counts, and not http or https, which behind a proxy may be another
    than the browser knows.

    Raises:
        Forbidden: It comes from elsewhere.
    """
    origin = socket.headers.get("origin")
    if origin is None or origin in settings.cors_origins:
        return
    own = {socket.headers.get("host", ""), urlsplit(settings.app_url).netloc}
    if urlsplit(origin).netloc.lower() in {name.lower() for name in own if name}:
        return
    raise Forbidden(
        "This socket was opened by a page of another site. If the app is hosted apart, "
        "add its origin to ROSTER_CORS_ORIGINS."
    )
