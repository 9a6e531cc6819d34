"""Strong ETags, conditional requests, and POSTs that may be sent again.

Every JSON answer to a GET carries an ETag over its bytes. A mutable resource adds
its version in front (``"v7-…"``), which is what ``If-Match`` compares: two callers
who see different bytes of one resource still agree on its version.
"""

import hashlib
import re
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import Header, Request, Response
from fastapi.routing import APIRoute

from roster.core.answers import Answers, is_whole
from roster.core.errors import PreconditionRequired, Stale
from roster.core.idempotency import TAKES_KEY, WITHOUT_KEY, once

ETAG_BYTES = 12
PRIVATE = "private, no-cache"
IMMUTABLE = "private, max-age=31536000, immutable"
VARY = "Authorization, Accept, Accept-Encoding"
_TAG = re.compile(r'(?:W/)?"([^"]*)"')

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description='The ETag you read, e.g. `"v7-…"`; 412 when it is stale.',
    ),
]


def version_tag(version: int | str) -> str:
    """The version part of an ETag, which every ``If-Match`` understands."""
    return f'"v{version}"'


def tags_in(value: str) -> list[str]:
    return ["*"] if value.strip() == "*" else _TAG.findall(value)


def has_tag(value: str, etag: str) -> bool:
    """Whether an ``If-None-Match`` names this ETag."""
    tags = tags_in(value)
    return "*" in tags or etag.strip('"') in tags


def require_match(if_match: str | None, version: int | str, *also: str) -> None:
    """Let a write pass only if it is based on the present state.

    Args:
        if_match: The request's ``If-Match`` header.
        version: The present version of the resource.
        also: Further tags that name the present state, such as a digest.

    Raises:
        PreconditionRequired: The header is missing.
        Stale: None of its tags names the present state.
    """
    if if_match is None:
        raise PreconditionRequired(
            "Read the resource first and send its ETag as If-Match."
        )
    current = f"v{version}"
    for tag in tags_in(if_match):
        if tag in {"*", current, *also} or tag.startswith(f"{current}-"):
            return
    raise Stale(
        "It was changed after you read it. Read it again, merge your change, and "
        "send it with the new ETag.",
        headers={"ETag": version_tag(version)},
    )


def matches(request: Request, etag: str) -> bool:
    given = request.headers.get("if-none-match")
    return given is not None and has_tag(given, etag)


_SHARED: set[Callable[..., Any]] = set()
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


def made_once(endpoint: _Endpoint) -> _Endpoint:
    """Let the answer of a route be made once for all who ask for it at one time."""
    _SHARED.add(endpoint)
    return endpoint


class ConditionalRoute(APIRoute):
    """Adds ETag, Cache-Control and Vary to every GET, and answers 304.

    Every POST takes an ``Idempotency-Key``, but for those that say why not.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        methods = options.get("methods") or ()
        self.is_shared = endpoint in _SHARED
        self.takes_key = "POST" in methods and endpoint not in WITHOUT_KEY
        if self.takes_key:
            given = options.get("dependencies") or ()
            options["dependencies"] = [*given, TAKES_KEY]
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if self.takes_key:
            return once(handle)
        if "GET" not in (self.methods or ()):
            return handle

        async def handled(request: Request) -> Response:
            return conditional(request, await handle(request))

        async def shared(request: Request) -> Response:
            async def make() -> Response:
                return tagged(request, await handle(request))

            answers: Answers = request.app.state.answers
            return or_unchanged(request, await answers.shared(request, make))

        return shared if self.is_shared else handled


def conditional(request: Request, response: Response) -> Response:
    """Give an answer its ETag, keep it if its route said so, and answer 304.

    Args:
        request: A GET.
        response: Its answer; what it says as ETag is the version of the resource.
    """
    return or_unchanged(request, tagged(request, response))


def tagged(request: Request, response: Response) -> Response:
    """Give an answer its ETag, and keep it if its route said so."""
    if not is_whole(response):
        return response
    body = bytes(response.body)
    digest = hashlib.sha256(body).hexdigest()[: 2 * ETAG_BYTES]
    version = response.headers.get("etag", "").strip('"')
    etag = f'"{version}-{digest}"' if version else f'"{digest}"'
    response.headers["ETag"] = etag
    response.headers.setdefault("Cache-Control", PRIVATE)
    response.headers["Vary"] = VARY
    answers: Answers = request.app.state.answers
    answers.store(request, response)
    return response


def or_unchanged(request: Request, response: Response) -> Response:
    """Answer 304 to whoever has this already."""
    if not is_whole(response) or not matches(request, response.headers["etag"]):
        return response
    kept = ("etag", "cache-control", "vary")
    headers = {key: response.headers[key] for key in kept}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
