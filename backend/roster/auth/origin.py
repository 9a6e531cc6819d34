"""Requests that a browser authenticates by itself must come from our own pages."""

from fastapi import Request

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
