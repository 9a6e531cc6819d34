"""Give the files of a tree: one as it is, or all of them as an archive."""

from collections.abc import AsyncIterator, Iterable, Sequence
from operator import itemgetter
from pathlib import PurePosixPath
from urllib.parse import quote
from uuid import UUID

from fastapi import Request, Response, status
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs import reading as blobs
from roster.blobs.storage import BlobStore
from roster.components.archive import ArchiveWriter
from roster.components.content import TreeFile
from roster.components.negotiation import ZIP, as_file
from roster.components.stored import StoredFile, StoredRevision
from roster.core.caching import PRIVATE, VARY, matches

TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
AT_ONCE = 10
"""How many files are looked up together: so many small ones are in memory."""
ACTIVE = frozenset(
    {".html", ".htm", ".xhtml", ".svg", ".xml", ".js", ".mjs", ".css", ".pdf", ".swf"}
)
"""What a browser might run, or load things for: offered as a download alone."""


def main_file(stored: StoredRevision, etag: str | None = None) -> Response:
    """The very bytes of a main file that is Markdown.

    Raises:
        Gone: It was redacted.
    """
    redaction = stored.main.redaction
    if redaction is not None:
        raise blobs.gone(redaction.at, redaction.reason)
    return as_file(stored.data, stored.parsed, etag)


async def one_file(  # noqa: PLR0913 - what an answer is made of
    session: AsyncSession,
    store: BlobStore,
    request: Request,
    path: str,
    digest: str,
    *,
    team_id: UUID,
) -> Response:
    """Stream the very bytes of a file.

    Raises:
        Gone: The team that holds it redacted it.
    """
    await blobs.require_kept(session, [(team_id, digest)])
    found = await blobs.find(session, digest)
    if matches(request, f'"{digest}"'):
        return Response(
            status_code=status.HTTP_304_NOT_MODIFIED, headers=_headers(digest)
        )
    headers = {**_headers(digest), "Content-Length": str(found.size)}
    name = PurePosixPath(path).name
    if PurePosixPath(path).suffix.lower() in ACTIVE:
        headers["Content-Disposition"] = _attachment(name)
    media_type = TEXT if _is_text(found.content) else BYTES
    return StreamingResponse(
        blobs.stream(store, found), media_type=media_type, headers=headers
    )


def _is_text(content: bytes | None) -> bool:
    """What is too large to look at is none."""
    if content is None or b"\0" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


async def archive(  # noqa: PLR0913 - what an answer is made of
    session: AsyncSession,
    store: BlobStore,
    request: Request,
    files: Iterable[StoredFile | TreeFile],
    *,
    digest: str,
    filename: str,
    team_id: UUID,
) -> Response:
    """All files of a tree in one zip, which is the same for the same tree.

    Raises:
        Gone: The team that holds them redacted one.
    """
    files = list(files)
    await blobs.require_kept(session, ((team_id, file.digest) for file in files))
    if matches(request, f'"{digest}"'):
        return Response(
            status_code=status.HTTP_304_NOT_MODIFIED, headers=_headers(digest)
        )
    writer = ArchiveWriter()
    try:
        placed = sorted(((file.path, file) for file in files), key=itemgetter(0))
        await add_all(writer, session, store, placed)
        size = await writer.finish_in_thread()
    except BaseException:
        writer.close()
        raise
    headers = {
        **_headers(digest),
        "Content-Length": str(size),
        "Content-Disposition": _attachment(filename),
    }
    return StreamingResponse(writer.chunks(), media_type=ZIP, headers=headers)


async def add_all(
    writer: ArchiveWriter,
    session: AsyncSession,
    store: BlobStore,
    placed: Sequence[tuple[str, StoredFile | TreeFile]],
) -> None:
    """Add files under paths, a few at a time, which nobody redacted."""
    for start in range(0, len(placed), AT_ONCE):
        batch = placed[start : start + AT_ONCE]
        found = await blobs.find_many(session, (file.digest for _, file in batch))
        for path, file in batch:
            blob = found[file.digest]
            chunks = blobs.stream(store, blob)
            await writer.add_stream(path, blob.size, file.mode, chunks)


async def add_to(
    writer: ArchiveWriter,
    session: AsyncSession,
    store: BlobStore,
    file: StoredFile | TreeFile,
    path: str,
) -> None:
    found = await blobs.find(session, file.digest)
    chunks: AsyncIterator[bytes] = blobs.stream(store, found)
    await writer.add_stream(path, found.size, file.mode, chunks)


def made_file(request: Request, data: bytes, digest: str) -> Response:
    """The bytes of a text that was made for the answer; never for a browser to run."""
    headers = _headers(digest)
    if matches(request, headers["ETag"]):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(data, media_type=TEXT, headers=headers)


def _headers(digest: str) -> dict[str, str]:
    return {"ETag": f'"{digest}"', "Cache-Control": PRIVATE, "Vary": VARY}


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
