"""Small pages for people who follow an address of the API in a browser."""

import secrets
from collections.abc import Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse

from roster.ops.models import ProblemType

STYLE = """
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 4rem auto;
       padding: 0 1rem; color: #1c1e21; background: #fff; }
code { font-size: .9em; background: #eef0f3; padding: .1em .35em; border-radius: 4px; }
dt { font-weight: 600; margin-top: 1.2rem; } dd { margin: .2rem 0 0; }
a { color: #1250a8; }
@media (prefers-color-scheme: dark) {
  body { color: #e4e6ea; background: #16181c; } code { background: #2a2e35; }
  a { color: #8cb8ff; }
}
"""


def wants_html(request: Request) -> bool:
    """Tell a browser that follows a link from a client that reads JSON."""
    return "text/html" in request.headers.get("accept", "")


def problems_page(types: Sequence[ProblemType], *, title: str) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    entries = "".join(
        f'<dt id="{escape(kind.code)}">{kind.status} {escape(kind.title)} '
        f'<code><a href="/problems/{escape(kind.code)}">{escape(kind.code)}</a></code>'
        f"</dt><dd>{escape(kind.description)}</dd>"
        for kind in types
    )
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)} · Roster</title>"
        f'<style nonce="{nonce}">{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1><dl>{entries}</dl></main></body></html>",
        headers={
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; "
                "form-action 'none'; frame-ancestors 'none'"
            ),
            "Vary": "Accept",
        },
    )
