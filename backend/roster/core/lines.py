"""Lists that stream all their rows, one JSON document a line."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import StreamingResponse

NDJSON = "application/x-ndjson"
AS_LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": f"A page; or with `Accept: {NDJSON}` all of them, one a line.",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    },
}


async def wants_lines(request: Request) -> bool:
    return NDJSON in request.headers.get("accept", "")


WantsLines = Annotated[bool, Depends(wants_lines)]


def as_lines(lines: AsyncGenerator[bytes], name: str) -> StreamingResponse:
    """Stream lines, which take a session of their own, as a file of that name."""
    return StreamingResponse(
        lines,
        media_type=NDJSON,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}.ndjson"',
        },
    )
