"""Give a component or revision as its file when the client asks for Markdown."""

from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from roster.components.kinds import KINDS, Parsed
from roster.core.lines import NDJSON

MARKDOWN, ZIP = "text/markdown", "application/zip"
AS_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "As JSON, or with `Accept: text/markdown` the very file.",
        "content": {MARKDOWN: {"schema": {"type": "string"}}},
    },
    304: {"description": "Not modified since the ETag in `If-None-Match`."},
}
_CHARSETS = {
    "cp1252": "windows-1252",
    "latin-1": "iso-8859-1",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
}


def _quality(accept: str, media_type: str) -> float:
    """How much a client wants a media type, 0 to 1, by its most specific range."""
    major = media_type.partition("/")[0]
    found: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        found[name] = quality
    for candidate in (media_type, f"{major}/*", "*/*"):
        if candidate in found:
            return found[candidate]
    return 0.0


async def wants_markdown(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return _quality(accept, MARKDOWN) > _quality(accept, "application/json")


async def wants_zip(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return _quality(accept, ZIP) > _quality(accept, "application/json")


@lru_cache(256)
def wants_json(accept: str) -> bool:
    """Whether it is JSON, and nothing else, that is given for this ``Accept``."""
    json = _quality(accept, "application/json")
    others = (MARKDOWN, ZIP, NDJSON)
    return NDJSON not in accept and all(
        _quality(accept, other) <= json for other in others
    )


WantsZip = Annotated[bool, Depends(wants_zip)]
WantsMarkdown = Annotated[bool, Depends(wants_markdown)]


def is_markdown(kind: str) -> bool:
    """Whether its file can be given as Markdown; JSON is asked for by its path."""
    return KINDS[kind].main.endswith(".md")


def as_file(data: bytes, parsed: Parsed, etag: str | None = None) -> Response:
    """The very bytes of a text file."""
    encoding = parsed.encoding.removesuffix("-sig") or "utf-8"
    charset = _CHARSETS.get(encoding, encoding)
    return Response(
        data,
        media_type=f"{MARKDOWN}; charset={charset}",
        headers={"ETag": etag} if etag else None,
    )
